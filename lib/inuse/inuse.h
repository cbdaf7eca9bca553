/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses a LUN: every use, on all of its paths and partitions and on everything built on them.
 *
 * The driver does not check for users: it switches mounted disks, and takes LUNs away from attached contexts. So every
 * check here has three answers, and a check that could not be made counts like a use, never like no use. What cannot be
 * seen from this machine is a user on another host that holds no reservation.
 */
#ifndef CXLF_INUSE_INUSE_H
#define CXLF_INUSE_INUSE_H

#include "discover/topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* X(symbol): in lower case and with - for _ it is the name that --force takes. The order is the order of the fixes. */
#define CXLF_CHECKS(X)                                                                                                 \
	X(MOUNT, "mount")                                                                                              \
	X(SWAP, "swap")                                                                                                \
	X(HOLDER, "holder")                                                                                            \
	X(EXPORT, "export")                                                                                            \
	X(OPENER, "opener")                                                                                            \
	X(RESERVATION, "reservation")                                                                                  \
	X(CONTEXT, "context")                                                                                          \
	X(OFFLINE_PATH, "offline-path")

/* The same as choices of an option, of which the first bit is the first: all of them, and those by disk. */
#define CXLF_CHECK_CHOICES_DISK "mount|swap|holder|export|opener|reservation"
#define CXLF_CHECK_CHOICES CXLF_CHECK_CHOICES_DISK "|context|offline-path"

enum cxlf_check {
#define X(symbol, name) CXLF_CHECK_##symbol,
	CXLF_CHECKS(X)
#undef X
		CXLF_N_CHECKS
};

#define CXLF_CHECK_BIT(symbol) (1u << CXLF_CHECK_##symbol)
#define CXLF_CHECKS_ALL ((1u << CXLF_N_CHECKS) - 1)
#define CXLF_CHECKS_DISK (CXLF_CHECK_BIT(CONTEXT) - 1)

enum cxlf_answer {
	CXLF_ANSWER_FREE,      /* no use; a cxlf_use with it is for information only (registered keys) */
	CXLF_ANSWER_USED,      /* a use */
	CXLF_ANSWER_NOT_ASKED, /* could not be found out: `sys` says why */
};

struct cxlf_use {
	enum cxlf_check check;
	enum cxlf_answer answer;
	unsigned path;	 /* index into topology->path, UINT_MAX: the LUN as a whole */
	char device[40]; /* "sda1", "dm-3", "sg1": the device that is used, or "" */
	pid_t pid;	 /* of the process, or 0 */
	int sys;	 /* NOT_ASKED: the errno; 0: it was not allowed to open nodes (`probe`) */
	char *cause;	 /* "/dev/sda is mounted on /srv/db" */
	char *fix;	 /* a command, quoted for the shell, or NULL */
};

/* Begin with a zeroed struct; owns its array, texts and claims: cxlf_uses_free(). */
struct cxlf_uses {
	struct cxlf_use *use; /* in the order of the checks */
	size_t n, room;
	int *claim; /* open nodes of the disks, see `claim` below */
	size_t n_claims, claim_room;
};

struct cxlf_inuse_query {
	const char *root; /* "" for the running system, else a tree with sys/, proc/ and dev/ below it */
	const struct cxlf_topology *topology; /* with CXLF_WANT_LUN | CXLF_WANT_DEVNO */
	unsigned lun;			      /* index into topology->lun */
	unsigned checks;		      /* 1 << enum cxlf_check */
	bool probe;			      /* nodes may be opened: exclusive openers and reservations */
	bool claim; /* keep the exclusive opens, so that no mount, swap or stacked device comes until they are released
		     */
	const pid_t *ours; /* processes whose use does not count: our own holders */
	unsigned n_ours;
	unsigned timeout_ms; /* for a command to the device; 0: ten seconds */
};

/* Make the checks. 0, or -1 with NO_MEMORY or BUG; everything else is an entry. */
int cxlf_inuse_find(const struct cxlf_inuse_query *query, struct cxlf_uses *uses, struct cxlf_err *err);

/* The first entry that refuses, unless its check is in the mask `forced`; NULL: nothing refuses. */
const struct cxlf_use *cxlf_uses_refusal(const struct cxlf_uses *uses, unsigned forced);
/*
 * All entries that refuse, as an error's code, cause and fix; the caller has begun it with its message. A use is
 * LUN_IN_USE, or if there is nothing else LUN_HAS_HANDLES (contexts) or DEVICE_ERROR (paths); when there is none, what
 * could not be asked is PERMISSION, TIMEOUT or USE_UNKNOWN.
 */
int cxlf_uses_error(const struct cxlf_uses *uses, unsigned forced, struct cxlf_err *err);
/* The causes of the entries whose checks are in the mask, as far as they fit as wholes; false: there is none. */
bool cxlf_uses_text(const struct cxlf_uses *uses, unsigned checks, char *text, size_t size);
/* Replace the fix of an entry; `text` is copied. */
void cxlf_use_refix(struct cxlf_use *use, const char *text);

/* Close the claims; what was found stays. */
void cxlf_uses_release(struct cxlf_uses *uses);
void cxlf_uses_free(struct cxlf_uses *uses);

const char *cxlf_check_name(enum cxlf_check check);

#endif
