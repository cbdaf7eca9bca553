/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One walk over all processes and the files they have open: the kernel keeps no list of adapter contexts, and
 * /proc/PID/fd is where they show.
 */
#ifndef CXLF_DISCOVER_PROCESSES_H
#define CXLF_DISCOVER_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A process while it is being looked at; `dir` stays its own even when the number is given to another. */
struct cxlf_process_at {
	pid_t pid;
	int dir; /* of /proc/PID */
};

struct cxlf_visitor {
	/* For each open file: its descriptor's number as text, and what its link says (cut at 63 characters). */
	void (*file)(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target);
	/* After a process's last file. */
	void (*end)(void *arg, const struct cxlf_process_at *process);
};

/*
 * All processes but this one. `proc` is a directory fd of /proc. Links are read and never followed: what is
 * behind them may be a dead network file system. *complete becomes false if there are processes that could not be
 * looked at, for want of a right or because there are too many. Returns 0 or -errno.
 */
int cxlf_processes_walk(int proc, const struct cxlf_visitor *visitor, void *arg, bool *complete);
/* Its name, sanitised; false if the process is gone meanwhile. */
bool cxlf_process_comm(const struct cxlf_process_at *process, char *comm, size_t size);
/* Its effective user, -1 if that is not known. */
int64_t cxlf_process_uid(const struct cxlf_process_at *process);

#define CXLF_NO_ELEMENT (~0u)
/*
 * Does what a link says mean an adapter context? It is a file of the cxl or ocxl driver's own file system,
 * "/cxl:7 (deleted)", and the number is its process element; on old kernels "anon_inode:cxl", which tells none
 * (CXLF_NO_ELEMENT). `element` may be NULL.
 */
bool cxlf_process_context_link(const char *target, unsigned *element);

#endif
