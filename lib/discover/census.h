/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All adapter contexts on the machine, of all processes, from /proc alone: no request, no device opened.
 *
 * The kernel keeps no list of contexts; they show as files that processes have open. Such a file tells its process
 * element and no more. The adapter follows from the names of the context's interrupts, or from the LUN nodes
 * that the process has open; where neither is unambiguous it stays unknown.
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

/* A context that a process has open; descriptors that are copies of one another are one. */
struct cxlf_census_context {
	pid_t pid;
	char comm[24];		    /* sanitised, or "" */
	int64_t uid;		    /* the effective one, -1 if unknown */
	char user[40];		    /* its name, or "" */
	unsigned process_element;   /* CXLF_NO_ELEMENT if unknown */
	uint64_t inode;		    /* of the context's file, 0 if unknown */
	unsigned adapter;	    /* index into topology->adapter, or CXLF_NO_ADAPTER */
	uint64_t nodes_on;	    /* bit i: it has a node open of a path through topology->adapter[i] */
	unsigned first_lun, n_luns; /* census->lun: LUNs of which the process has a node open, only a hint */
};

/* Owns its arrays: cxlf_census_free(). */
struct cxlf_census {
	struct cxlf_census_context *context; /* by process, then element */
	unsigned n;
	unsigned *lun; /* indices into topology->lun */
	unsigned n_luns;
	bool complete; /* every process could be looked at */
};

/*
 * Count. `proc` is a directory fd of /proc; the topology needs CXLF_WANT_LUN (without adapters or LUNs these
 * stay unknown). Processes that end meanwhile are left out. 0 or -errno.
 */
int cxlf_census_take(int proc, const struct cxlf_topology *topology, struct cxlf_census *census);
/* Look up the users' names, which belong to the running system. */
void cxlf_census_name_users(struct cxlf_census *census);
/*
 * Both, of the running system if `sysroot` is "", else the count alone of a saved tree, which need not have
 * processes. Fails with FAILED or NO_MEMORY.
 */
int cxlf_census(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_census *census,
		struct cxlf_err *err);
void cxlf_census_free(struct cxlf_census *census);

#endif
