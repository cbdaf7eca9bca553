/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search for the uses of one LUN: what its finders share.
 */
#ifndef CXLF_INUSE_SEARCH_INSIDE_H
#define CXLF_INUSE_SEARCH_INSIDE_H

#include "inuse.h"

#include <limits.h>

#define CXLF_NO_DEVICE UINT_MAX

enum cxlf_layer { CXLF_LAYER_DISK, CXLF_LAYER_PARTITION, CXLF_LAYER_STACKED, CXLF_LAYER_LOOP };

/* A block device of the LUN. */
struct cxlf_device {
	enum cxlf_layer layer;
	dev_t dev;
	unsigned path;	 /* index into topology->path; of the first path it was found through */
	unsigned base;	 /* the disk or partition it stands on (itself for those), an index into the stack */
	char name[40];	 /* "sda1", "dm-3" */
	char title[160]; /* what to call it below /dev: "sda1", "mapper/vg-db" */
	bool explained;	 /* a use was found that claims it exclusively */
};

/* `upper` is built on `lower`. */
struct cxlf_edge {
	unsigned lower, upper;
};

struct cxlf_search {
	const struct cxlf_inuse_query *query;
	const struct cxlf_lun *lun;
	struct cxlf_uses *uses;
	int root, proc; /* directories */
	struct cxlf_device *device;
	size_t n_devices, device_room;
	struct cxlf_edge *edge;
	size_t n_edges, edge_room;
	int stack_rc;	/* why not all devices are known, or 0 */
	bool no_memory; /* an entry could not be made */
};

static inline bool cxlf_is_asked(const struct cxlf_search *search, enum cxlf_check check)
{
	return search->query->checks & 1u << check;
}

/* ---- search.c: entries ---- */

/* One more entry; `device` is an index into the stack or CXLF_NO_DEVICE. Valid until the next; NULL: no memory. */
struct cxlf_use *cxlf_search_add(struct cxlf_search *search, enum cxlf_check check, enum cxlf_answer answer,
				 unsigned device);
void cxlf_search_cause(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void cxlf_search_fix(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What could not be asked, with `rc` as the reason and words that say what. */
struct cxlf_use *cxlf_search_blind(struct cxlf_search *search, enum cxlf_check check, int rc, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * Say so if not all processes can be seen, and with them not all of `what` ("mounts of other mount namespaces").
 * `complete`: those in /proc could be looked at.
 */
void cxlf_search_hidden(struct cxlf_search *search, enum cxlf_check check, bool complete, const char *what);
bool cxlf_is_ours(const struct cxlf_search *search, pid_t pid);
/* "/dev/sda1", or "/dev/mapper/vg-db (on /dev/sda)"; `text` may be used for it. */
const char *cxlf_device_text(const struct cxlf_search *search, unsigned device, char *text, size_t size);

/* ---- stack.c: devices ---- */

/* Fill in the disks, their partitions, and all that is built on them. */
void cxlf_stack_build(struct cxlf_search *search);
/* Index of the device with this number or name, CXLF_NO_DEVICE. */
unsigned cxlf_stack_find(const struct cxlf_search *search, dev_t dev);
unsigned cxlf_stack_find_name(const struct cxlf_search *search, const char *name);
/*
 * The same of a node by its path. In a tree, which has no nodes, by the last word of the path. *rc is why the node
 * could not be looked at, or 0.
 */
unsigned cxlf_stack_find_node(const struct cxlf_search *search, const char *node, int *rc);
/* The path's SCSI state now; whether it is "running". */
bool cxlf_path_runs(const struct cxlf_search *search, unsigned path, char *state, size_t size);

/* ---- the finders, a file each ---- */

void cxlf_find_mounts(struct cxlf_search *search);
void cxlf_find_swaps(struct cxlf_search *search);
void cxlf_find_holders(struct cxlf_search *search);
void cxlf_find_exports(struct cxlf_search *search);
void cxlf_find_writers(struct cxlf_search *search);
void cxlf_find_claims(struct cxlf_search *search);
void cxlf_find_reservations(struct cxlf_search *search);
void cxlf_find_contexts(struct cxlf_search *search);
void cxlf_find_offline_paths(struct cxlf_search *search);

#endif
