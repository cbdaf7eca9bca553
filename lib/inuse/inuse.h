/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses a LUN: as a disk (before it goes to superpipe), or in superpipe mode (before it goes back).
 *
 * The driver does not check: it switches mounted disks, and takes LUNs away from attached contexts.
 */
#ifndef CXLF_INUSE_INUSE_H
#define CXLF_INUSE_INUSE_H

#include "discover/topology.h"

#include <stdbool.h>
#include <sys/types.h>

#define CXLF_USES 16 /* kept of each list; more are only counted */
#define CXLF_PROCESSES 16

/* ---- as a disk ---- */

enum cxlf_use_kind { CXLF_USE_MOUNT, CXLF_USE_SWAP, CXLF_USE_HOLDER, CXLF_USE_EXCLUSIVE };

struct cxlf_use {
	enum cxlf_use_kind kind;
	unsigned path;	 /* index into topology->path */
	char device[40]; /* "sda", or its partition "sda1" */
	char by[160];	 /* mount point; "dm-0 (mpatha)", "md0"; "" */
	bool multipath;	 /* the holder is a multipath map */
};

struct cxlf_uses {
	unsigned n; /* of all found */
	struct cxlf_use use[CXLF_USES];
	bool unprobed; /* a node could not be opened, so an exclusive user would have stayed unseen */
};

/* All paths of the LUN, or the one path unless it is UINT_MAX. `probe` opens the nodes (O_EXCL, read-only). */
int cxlf_inuse_disk(const struct cxlf_topology *topology, unsigned lun, unsigned only_path, bool probe,
		    struct cxlf_uses *uses);
/* "/dev/sda1 is mounted on /srv/db", and what to type to end it. */
void cxlf_use_cause(const struct cxlf_use *use, char *text, size_t size);
void cxlf_use_fix(const struct cxlf_use *use, char *text, size_t size);

/* ---- by processes ---- */

struct cxlf_process {
	pid_t pid;
	char comm[24];
	bool has_context; /* holds an adapter context; nothing tells of which adapter or LUN */
	bool has_node;	  /* has a node of the LUN open */
};

struct cxlf_processes {
	unsigned n; /* of all found */
	struct cxlf_process process[CXLF_PROCESSES];
	unsigned n_suspects; /* with a context and a node: these very likely use the LUN in superpipe mode */
	unsigned n_contexts; /* with a context */
	bool complete;	     /* every process could be looked at */
};

/* `proc` is a directory fd of /proc. Processes that vanish meanwhile are left out. */
int cxlf_inuse_processes(int proc, const struct cxlf_topology *topology, unsigned lun, struct cxlf_processes *found);
/* "4711 (capidb), 4712 (capidb) and 3 more": those with a context, or those with a node as well. */
void cxlf_inuse_processes_text(const struct cxlf_processes *found, bool suspects_only, char *text, size_t size);

/* ---- parsers, exposed for tests ---- */

/* One line of mountinfo(5): device number, mount point and source, octal escapes undone. */
bool cxlf_mountinfo_line(const char *line, dev_t *dev, char *point, size_t point_size, char *source,
			 size_t source_size);

#endif
