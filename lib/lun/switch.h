/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switching a LUN between legacy and superpipe mode, on all its paths or not at all.
 */
#ifndef CXLF_LUN_SWITCH_H
#define CXLF_LUN_SWITCH_H

#include "consent.h"

/* A step of the plan, and its result. */
struct cxlf_switch_step {
	unsigned path;	       /* index into topology->path */
	enum cxlf_mode before; /* as discovered */
	enum cxlf_mode after;  /* as read back from the driver after the run; before = after in a dry run */
	bool needed;	       /* false: already in the mode asked for */
	bool done, rolled_back;
	bool left_out; /* the path does not work, and --force=offline-path excludes it */
};

struct cxlf_switch {
	/* in */
	enum cxlf_mode mode; /* CXLF_MODE_LEGACY or CXLF_MODE_SUPERPIPE */
	bool dry_run;
	unsigned only_path;	     /* UINT_MAX: all paths; else this path only (--path-only) */
	unsigned forced;	     /* 1 << enum cxlf_check: --force */
	unsigned timeout_ms;	     /* for the adapters' locks */
	struct cxlf_consent consent; /* for a switch to superpipe */
	/* out */
	struct cxlf_switch_step *step; /* one for each path, in path order; free with cxlf_switch_free */
	unsigned n_steps;
	bool changed;
	char warning[2048]; /* of a switch that succeeded, or "" */
};

/*
 * Lock the adapters; compare every path's identity (page 0x83 by INQUIRY and in sysfs); check the LUN for users
 * (inuse/inuse.h), and claim it until the end; switch the paths that are in the other mode, in path order; read every
 * mode back. On a failure switch the changed paths back. `step` has the state of every path, also when -1 is returned.
 * Needs root, and a scan with CXLF_WANT_LUN | CXLF_WANT_DEVNO.
 *
 * A dry run makes the same checks and opens the devices, but takes no lock and changes nothing. With a saved tree
 * (`sysroot` not empty) only a dry run is possible, without checks.
 */
int cxlf_lun_switch(const char *sysroot, const struct cxlf_topology *topology, unsigned lun, struct cxlf_switch *sw,
		    struct cxlf_err *err);
void cxlf_switch_free(struct cxlf_switch *sw);

#endif
