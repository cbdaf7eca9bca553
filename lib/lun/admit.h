/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a LUN's users allow what is about to be done to it: asked under the adapters' locks, and kept true until it
 * is done.
 */
#ifndef CXLF_LUN_ADMIT_H
#define CXLF_LUN_ADMIT_H

#include "inuse/inuse.h"
#include "lock.h"

struct cxlf_lun_question {
	const struct cxlf_topology *topology; /* with CXLF_WANT_LUN | CXLF_WANT_DEVNO */
	unsigned lun;
	const char *what; /* "cannot switch LUN 6005... to superpipe": begins the error's message */
	unsigned checks, forced;
	bool claim; /* as in struct cxlf_inuse_query */
};

/*
 * Ask; `uses` is filled in whatever the answer is, and must be freed. Holders of ours are no users but for the context
 * check, and are ruled out there when they say that the LUN is not theirs. What was forced is written to syslog. 0, or
 * -1: a use that is not forced, or a question that could not be asked.
 */
int cxlf_lun_ask(const struct cxlf_lun_question *question, struct cxlf_uses *uses, struct cxlf_err *err);

/* All uses of a LUN, for a list: nothing refuses and nothing is claimed. */
int cxlf_lun_uses(const struct cxlf_topology *topology, unsigned lun, bool probe, struct cxlf_uses *uses,
		  struct cxlf_err *err);

/* Lock every adapter that has a path of one of the LUNs (indices into topology->lun). */
int cxlf_lun_lock(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned timeout_ms,
		  struct cxlf_lock *lock, struct cxlf_err *err);

#define CXLF_ADMITTED 64

/* LUNs to whose blocks a program is about to get access. Ends with cxlf_lun_admit_end(). */
struct cxlf_admission {
	struct cxlf_lock lock;
	struct cxlf_uses uses[CXLF_ADMITTED];
	unsigned n;
	char warning[2048]; /* what was overridden, or "" */
};

/*
 * Lock the adapters and ask for uses of each LUN as a disk, before contexts and handles are made on it: a LUN in
 * superpipe mode may be mounted all the same. Other programs with contexts are no obstacle. Until cxlf_lun_admit_end()
 * no mount, swap or stacked device can come.
 */
int cxlf_lun_admit(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned forced,
		   unsigned timeout_ms, struct cxlf_admission *admission, struct cxlf_err *err);
void cxlf_lun_admit_end(struct cxlf_admission *admission);

#endif
