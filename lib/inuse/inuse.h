/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses a LUN: every use of its paths, their partitions, and all devices built on them.
 *
 * The driver does not check for users: it switches mounted disks, and takes LUNs away from attached contexts. Every
 * check here has three answers. A check that could not be made refuses like a use. A host that uses the LUN without a
 * reservation cannot be detected.
 */
#ifndef CXLF_INUSE_INUSE_H
#define CXLF_INUSE_INUSE_H

#include "discover/topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* X(symbol, name as in --force). Entries and fixes have this order. */
#define CXLF_CHECKS(X)                                                                                                 \
	X(MOUNT, "mount")                                                                                              \
	X(SWAP, "swap")                                                                                                \
	X(HOLDER, "holder")                                                                                            \
	X(EXPORT, "export")                                                                                            \
	X(OPENER, "opener")                                                                                            \
	X(RESERVATION, "reservation")                                                                                  \
	X(CONTEXT, "context")                                                                                          \
	X(OFFLINE_PATH, "offline-path")

/* The names as choices of an option, in the same order: the checks of the disk, and all checks. */
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
	CXLF_ANSWER_FREE,      /* no use; the entry is information only (registered keys) */
	CXLF_ANSWER_USED,      /* a use */
	CXLF_ANSWER_NOT_ASKED, /* the check could not be made; `sys` is the reason */
};

struct cxlf_use {
	enum cxlf_check check;
	enum cxlf_answer answer;
	unsigned path;	     /* index into topology->path; UINT_MAX: the whole LUN */
	char device[40];     /* the device in use: "sda1", "dm-3", "sg1", or "" */
	pid_t pid;	     /* or 0 */
	int sys;	     /* NOT_ASKED: the errno; 0: the query did not allow opening nodes (`probe`) */
	enum cxlf_code code; /* USED: of the error, if it is not that of the check */
	char *cause;	     /* "/dev/sda is mounted on /srv/db" */
	char *fix;	     /* a command, quoted for the shell, or NULL */
};

/* Begin with a zeroed struct; free with cxlf_uses_free(). */
struct cxlf_uses {
	struct cxlf_use *use; /* in the order of the checks */
	size_t n, room;
	int *claim; /* file descriptors of the disks, see `claim` below */
	size_t n_claims, claim_room;
};

struct cxlf_inuse_query {
	const char *root;		      /* "" for the running system, else a tree with sys/, proc/ and dev/ */
	const struct cxlf_topology *topology; /* with CXLF_WANT_LUN | CXLF_WANT_DEVNO */
	unsigned lun;			      /* index into topology->lun */
	unsigned checks;		      /* 1 << enum cxlf_check */
	bool probe;			      /* nodes may be opened: needed for exclusive openers and reservations */
	bool claim;	   /* keep the disks open exclusively, which prevents mounts, swap and stacked devices */
	const pid_t *ours; /* processes to be ignored: holders of this suite */
	unsigned n_ours;
	const pid_t *holders; /* all of them: their exclusive claims are no use */
	unsigned n_holders;
	unsigned timeout_ms; /* of a SCSI command; 0: ten seconds */
};

/* Make the checks. 0, or -1 with NO_MEMORY, or USE_UNKNOWN without /proc; every other failure is an entry. */
int cxlf_inuse_find(const struct cxlf_inuse_query *query, struct cxlf_uses *uses, struct cxlf_err *err);

/* The first entry that refuses and whose check is not in the mask `forced`, or NULL. */
const struct cxlf_use *cxlf_uses_refusal(const struct cxlf_uses *uses, unsigned forced);
/*
 * Set code, cause and fix of an error, which the caller has begun, from all entries that refuse. The first use
 * determines the code: LUN_IN_USE, LUN_HAS_HANDLES (contexts), PATH_OFFLINE or PORT_OFFLINE. Without a use, the first
 * check that could not be made does: PERMISSION, TIMEOUT, DEVICE_GONE or USE_UNKNOWN. 0: nothing refuses.
 */
int cxlf_uses_error(const struct cxlf_uses *uses, unsigned forced, struct cxlf_err *err);
/* Join the causes of the entries whose checks are in the mask, as far as they fit; false: there is none. */
bool cxlf_uses_text(const struct cxlf_uses *uses, unsigned checks, char *text, size_t size);
/* Replace the fix of an entry; `text` is copied. */
void cxlf_use_refix(struct cxlf_use *use, const char *text);

/* Close the claims; the entries remain. */
void cxlf_uses_release(struct cxlf_uses *uses);
void cxlf_uses_free(struct cxlf_uses *uses);

const char *cxlf_check_name(enum cxlf_check check);

#endif
