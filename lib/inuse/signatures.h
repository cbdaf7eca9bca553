/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of data on a LUN: file systems, partition tables, members of a RAID, LVM or ZFS.
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

/* Begin with a zeroed struct; free with cxlf_signatures_free(). */
struct cxlf_signatures {
	struct cxlf_signature *signature;
	size_t n, room;
	char disk[32]; /* that was read: "sda" */
};

/*
 * Read them through the first running path that can be read. The topology needs CXLF_WANT_LUN | CXLF_WANT_DEVNO. 0, or
 * -1 if no path can be read.
 */
int cxlf_inuse_signatures(const struct cxlf_topology *topology, unsigned lun, struct cxlf_signatures *found,
			  struct cxlf_err *err);
/* The same for an open disk or disk image; 0 or -errno. */
int cxlf_signatures_read(int fd, struct cxlf_signatures *found);
/* Write 'ext4 "data", gpt partition table', as far as it fits; returns `text`. */
const char *cxlf_signatures_text(const struct cxlf_signatures *found, char *text, size_t size);
void cxlf_signatures_free(struct cxlf_signatures *found);

#endif
