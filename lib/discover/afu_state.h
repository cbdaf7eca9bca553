/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May an adapter's ports be read now? The one place that knows.
 *
 * Reading portN or portN_lun_table makes the driver read AFU registers without a look at its state. While it
 * has them unmapped, from the start of a PCI recovery (EEH) or of any AFU reset until it has set the AFU up
 * again, that is a NULL pointer in the kernel. A child process or a time-out does not help. So the state is
 * judged first, from files that are safe to read always.
 */
#ifndef CXLF_DISCOVER_AFU_STATE_H
#define CXLF_DISCOVER_AFU_STATE_H

#include "topology.h"

#include <stdbool.h>
#include <stdint.h>

/* What one adapter's own files say. */
struct cxlf_afu_evidence {
	bool has_eeh;	     /* some eeh_pe_state of the card, or of a bridge above it, was readable */
	bool eeh_unreadable; /* one is there and could not be read or understood */
	bool eeh_stopped;    /* the firmware has stopped I/O, whether or not the kernel knows yet */
	uint32_t eeh_flags;  /* the kernel's flags of all of them, or-ed */
	bool mode_off;	     /* the cxl driver has deactivated the AFU: `mode` is none */
	bool mode_other;     /* `mode` is neither none nor afu_directed */
	char host_state[24]; /* SCSI host `state`, "" if unreadable */
};

/* What all adapters' interrupts say together. */
struct cxlf_afu_interrupts {
	bool known;
	unsigned n_alive; /* adapters that have their asynchronous error interrupt */
	unsigned n_adapters;
	unsigned n_off; /* adapters with mode_off, before and after the counting */
};

/*
 * `host` is the SCSI host's class directory, `top` the card's device directory, or the adapter function's
 * when there is no card; `afus` is the directory of the card's AFUs (cxl/cardN), or negative.
 */
void cxlf_afu_evidence(int host, int top, int afus, struct cxlf_afu_evidence *evidence);

/* One line of eeh_pe_state into the evidence; false if it cannot be understood. */
bool cxlf_afu_eeh(const char *text, struct cxlf_afu_evidence *evidence);

/*
 * The verdict; *reason becomes a constant, "" for READY. `saved` words it for a tree that was saved.
 */
enum cxlf_afu_state cxlf_afu_judge(const struct cxlf_afu_evidence *evidence,
				   const struct cxlf_afu_interrupts *interrupts, bool saved, const char **reason);

#endif
