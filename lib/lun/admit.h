/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check a LUN for users before a change, under the adapters' locks, and claim it until the change is complete.
 */
#ifndef CXLF_LUN_ADMIT_H
#define CXLF_LUN_ADMIT_H

#include "consent.h"
#include "inuse/inuse.h"
#include "lock.h"

struct cxlf_lun_question {
	const struct cxlf_topology *topology; /* with CXLF_WANT_LUN | CXLF_WANT_DEVNO */
	unsigned lun;
	const char *what; /* begins the message of an error: "cannot switch LUN 6005... to superpipe" */
	unsigned checks, forced;
	bool claim; /* as in struct cxlf_inuse_query */
};

/*
 * Make the checks. `uses` is always filled in, and must be freed. Holders of this suite count for the context check
 * only, and only if they have the LUN or do not answer. A use that is overridden by `forced` is logged to syslog. 0, or
 * -1: a use or a check that could not be made, and is not forced.
 */
int cxlf_lun_ask(const struct cxlf_lun_question *question, struct cxlf_uses *uses, struct cxlf_err *err);

/*
 * Whether requests to the LUN's devices would be answered: ADAPTER_FROZEN while one of its adapters is frozen or
 * resetting, because such requests wait in the kernel, ADAPTER_FAILED if all of its adapters have failed. `what` begins
 * the message, as above. The topology needs CXLF_WANT_AFU_STATE; an unknown state is not refused here.
 */
int cxlf_lun_reachable(const struct cxlf_topology *topology, unsigned lun, const char *what, struct cxlf_err *err);

/* List all uses of a LUN; claims nothing. */
int cxlf_lun_uses(const struct cxlf_topology *topology, unsigned lun, bool probe, struct cxlf_uses *uses,
		  struct cxlf_err *err);

/* Lock every adapter that has a path of one of the LUNs (indices into topology->lun). */
int cxlf_lun_lock(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned timeout_ms,
		  struct cxlf_lock *lock, struct cxlf_err *err);

#define CXLF_ADMITTED 64

/* The LUNs to which a program gets access. End it with cxlf_lun_admit_end(). */
struct cxlf_admission {
	/* in */
	struct cxlf_consent consent;
	bool dry_run; /* make the checks only: no lock, no claims */
	/* out */
	struct cxlf_lock lock;
	struct cxlf_uses uses[CXLF_ADMITTED];
	unsigned n;
	char warning[2048]; /* the uses that were overridden, or "" */
};

/*
 * Lock the adapters and check each LUN for uses as a disk, before contexts and handles are created: the driver allows
 * mounts in superpipe mode as well. Contexts of other programs do not refuse. The consent is asked for last. Until
 * cxlf_lun_admit_end() mounts, swap and stacked devices are prevented.
 */
int cxlf_lun_admit(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned forced,
		   unsigned timeout_ms, struct cxlf_admission *admission, struct cxlf_err *err);
void cxlf_lun_admit_end(struct cxlf_admission *admission);

#endif
