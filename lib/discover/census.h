/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All adapter contexts of all processes, from /proc alone: no device is opened and no request sent.
 *
 * The kernel has no list of contexts. They appear as open files of processes, and such a file shows only its process
 * element. The adapter is derived from the names of the context's interrupts, or from the LUN nodes that the process
 * has open; if neither is unambiguous it is unknown.
 */
#ifndef CXLF_DISCOVER_CENSUS_H
#define CXLF_DISCOVER_CENSUS_H

#include "processes.h"
#include "topology.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CXLF_NO_ADAPTER UINT_MAX

/* A context that a process has open; duplicated descriptors count once. */
struct cxlf_census_context {
	pid_t pid;
	char comm[24];		    /* sanitised, or "" */
	int64_t uid;		    /* the effective one, -1 if unknown */
	char user[40];		    /* its name, or "" */
	unsigned process_element;   /* CXLF_NO_ELEMENT if unknown */
	uint64_t inode;		    /* of the context's file, 0 if unknown */
	unsigned adapter;	    /* index into topology->adapter, or CXLF_NO_ADAPTER */
	uint64_t nodes_on;	    /* bit i: the process has a node open of a path through topology->adapter[i] */
	unsigned first_lun, n_luns; /* census->lun: LUNs of which the process has a node open (a hint) */
};

/* Owns its arrays: cxlf_census_free(). */
struct cxlf_census {
	struct cxlf_census_context *context; /* by process, then element */
	unsigned n;
	unsigned *lun; /* indices into topology->lun */
	unsigned n_luns;
	bool complete; /* every process could be examined */
	int gap;       /* the -errno why not, or 0 */
};

/*
 * `proc` is a directory fd of /proc; the topology needs CXLF_WANT_LUN (adapters and LUNs that it does not have stay
 * unknown). Processes that end during the walk are left out. 0 or -errno.
 */
int cxlf_census_take(int proc, const struct cxlf_topology *topology, struct cxlf_census *census);
/* Look up the users' names, in the running system. */
void cxlf_census_name_users(struct cxlf_census *census);
/*
 * Both for the running system if `sysroot` is "", else the first for a saved tree, with or without processes. Fails
 * with FAILED or NO_MEMORY.
 */
int cxlf_census(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_census *census,
		struct cxlf_err *err);
void cxlf_census_free(struct cxlf_census *census);

#endif
