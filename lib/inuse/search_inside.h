/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of a search for the uses of one LUN share.
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
	unsigned path;	 /* index into topology->path: the first path it was found through */
	unsigned base;	 /* the disk or partition below it, or itself: an index into the stack */
	char name[40];	 /* "sda1", "dm-3" */
	char title[160]; /* its name below /dev: "sda1", "mapper/vg-db" */
	bool explained;	 /* a known use claims it exclusively */
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
	int stack_rc;	       /* the -errno why not all devices are known, or 0 */
	struct cxlf_use spare; /* see cxlf_search_add() */
	bool no_memory;
};

/* ---- search.c: entries ---- */

/*
 * Add an entry; `device` is an index into the stack or CXLF_NO_DEVICE. The result is valid until the next call. If the
 * check is not in the query or memory is out, the result is `spare`, which is not part of the answer.
 */
struct cxlf_use *cxlf_search_add(struct cxlf_search *search, enum cxlf_check check, enum cxlf_answer answer,
				 unsigned device);
/* The same for a use of a path that has no block device. */
struct cxlf_use *cxlf_search_add_path(struct cxlf_search *search, enum cxlf_check check, enum cxlf_answer answer,
				      unsigned path);
void cxlf_search_cause(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void cxlf_search_fix(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Add an entry for a check that could not be made, with the -errno and the cause. */
struct cxlf_use *cxlf_search_blind(struct cxlf_search *search, enum cxlf_check check, int rc, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * Add such an entry if some processes are hidden and with them some of `what` ("mounts of other mount namespaces").
 * `gap`: the -errno why not all processes in /proc could be examined, or 0.
 */
void cxlf_search_hidden(struct cxlf_search *search, enum cxlf_check check, int gap, const char *what);
/* Add an element to an array. The element, or NULL when out of memory: the search then fails. */
void *cxlf_search_grow(struct cxlf_search *search, void *array, size_t *n, size_t *room, size_t size);
bool cxlf_is_ours(const struct cxlf_search *search, pid_t pid);
/* Write "/dev/sda1" or "/dev/mapper/vg-db (on /dev/sda)"; returns `text`. */
const char *cxlf_device_text(const struct cxlf_search *search, unsigned device, char *text, size_t size);
/* The name of a user, or the number if it has none or in a saved tree; "unknown" for -1. */
void cxlf_user_text(const struct cxlf_search *search, int64_t uid, char *text, size_t size);

/* ---- stack.c: devices ---- */

/* Fill in the disks, their partitions, and all devices that are built on them. */
void cxlf_stack_build(struct cxlf_search *search);
/* The index of the device with this number or name, or CXLF_NO_DEVICE. */
unsigned cxlf_stack_find(const struct cxlf_search *search, dev_t dev);
unsigned cxlf_stack_find_name(const struct cxlf_search *search, const char *name);
/*
 * The same for the path of a device node. A saved tree has no nodes, so there the last component of the path is the
 * name. *rc is 0, or the -errno why the node could not be examined.
 */
unsigned cxlf_stack_find_node(const struct cxlf_search *search, const char *node, int *rc);
/* Read the path's current SCSI state ("": cannot be read); true if it is "running". */
bool cxlf_path_runs(const struct cxlf_search *search, unsigned path, char *state, size_t size);

/* ---- the checks, each in a file of its own ---- */

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
