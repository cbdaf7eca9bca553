/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses the disks of all LUNs, from mountinfo, swaps and sysfs: for listings.
 *
 * The work grows with the number of mounts and stacked devices, not of paths: each is followed down its `slaves` to the
 * SCSI devices below it. No device is opened and no process is examined, so openers are not found. inuse.h has the
 * checks before a change.
 */
#ifndef CXLF_INUSE_USERS_H
#define CXLF_INUSE_USERS_H

#include "discover/topology.h"

#include <stdbool.h>
#include <stddef.h>

struct cxlf_user {
	unsigned path;	/* index into topology->path */
	char text[160]; /* "/srv/db", "swap", "mpatha", "md0"; sanitised, without blanks */
};

/* Begin with a zeroed struct; free with cxlf_users_free(). */
struct cxlf_users {
	bool known; /* false: the mounts cannot be read (a saved tree without them) */
	struct cxlf_user *user;
	size_t n, room;
	/* after cxlf_users_index(): the texts of path i are text[of_path[i]] to text[of_path[i + 1] - 1]; also of_lun
	 */
	const char **text;
	unsigned *of_path, *of_lun;
};

/* Fill in the users of every path. `sysroot` is "" for the running system. 0 or -errno. */
int cxlf_users_find(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_users *users);
/* Add a user that was found elsewhere. `text` is copied; 0 or -ENOMEM. */
int cxlf_users_add(struct cxlf_users *users, unsigned path, const char *text);
/* Sort the users; each text occurs once per path and once per LUN. 0 or -ENOMEM. */
int cxlf_users_index(struct cxlf_users *users, const struct cxlf_topology *topology);
void cxlf_users_free(struct cxlf_users *users);

#endif
