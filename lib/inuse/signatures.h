/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands on a LUN that nothing uses: a file system, a partition table, a member of a RAID, LVM or ZFS.
 */
#ifndef CXLF_INUSE_SIGNATURES_H
#define CXLF_INUSE_SIGNATURES_H

#include "discover/topology.h"

#include <stddef.h>

struct cxlf_signature {
	char type[40];	/* "ext4", "LVM2_member", "gpt" */
	char label[80]; /* or "" */
	char uuid[48];	/* or "" */
	bool is_table;	/* a partition table */
};

/* Begin with a zeroed struct; owns its array: cxlf_signatures_free(). */
struct cxlf_signatures {
	struct cxlf_signature *signature;
	size_t n, room;
};

/*
 * Read them through the first path that is running (the topology needs CXLF_WANT_LUN | CXLF_WANT_DEVNO). 0, or -1: what
 * cannot be read is not taken for empty.
 */
int cxlf_inuse_signatures(const struct cxlf_topology *topology, unsigned lun, struct cxlf_signatures *found,
			  struct cxlf_err *err);
/* The same of an open disk, or of an image of one; 0 or -errno. */
int cxlf_signatures_read(int fd, struct cxlf_signatures *found);
void cxlf_signatures_free(struct cxlf_signatures *found);

#endif
