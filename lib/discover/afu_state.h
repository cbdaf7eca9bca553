/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether an adapter's ports can be read safely now.
 *
 * Reading portN or portN_lun_table makes the driver read AFU registers without a check of its state. While they are
 * unmapped, from the start of a PCI recovery (EEH) or of an AFU reset until the AFU is set up again, the kernel
 * dereferences a NULL pointer. A child process or a timeout does not help. The state is therefore determined first,
 * from files that are always safe to read.
 */
#ifndef CXLF_DISCOVER_AFU_STATE_H
#define CXLF_DISCOVER_AFU_STATE_H

#include "topology.h"

#include <stdbool.h>
#include <stdint.h>

/* From one adapter's own files. */
struct cxlf_afu_evidence {
	bool has_eeh;	     /* some eeh_pe_state of the card, or of a bridge above it, was readable */
	bool eeh_unreadable; /* one exists and could not be read or parsed */
	bool eeh_stopped;    /* the firmware has stopped I/O, whether or not the kernel knows yet */
	uint32_t eeh_flags;  /* the kernel's flags of all of them, or-ed */
	bool mode_off;	     /* the cxl driver has deactivated the AFU: `mode` is none */
	bool mode_other;     /* `mode` is neither none nor afu_directed */
	char host_state[24]; /* SCSI host `state`, "" if unreadable */
};

/* From the interrupts of all adapters. */
struct cxlf_afu_interrupts {
	bool known;
	unsigned n_alive; /* adapters that have their asynchronous error interrupt */
	unsigned n_adapters;
	unsigned n_off; /* adapters with mode_off before and after the count */
};

/*
 * `host` is the SCSI host's class directory, `top` the card's device directory, or the adapter function's
 * when there is no card; `afus` is the directory of the card's AFUs (cxl/cardN), or negative.
 */
void cxlf_afu_evidence(int host, int top, int afus, struct cxlf_afu_evidence *evidence);

/* Add one line of eeh_pe_state to the evidence; false if it cannot be parsed. */
bool cxlf_afu_eeh(const char *text, struct cxlf_afu_evidence *evidence);

/* *reason becomes a constant, "" for READY. `saved`: the files are from a saved tree. */
enum cxlf_afu_state cxlf_afu_judge(const struct cxlf_afu_evidence *evidence,
				   const struct cxlf_afu_interrupts *interrupts, bool saved, const char **reason);

#endif
