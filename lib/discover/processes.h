/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk over all processes and their open files: the kernel has no list of adapter contexts, but they appear in
 * /proc/PID/fd.
 */
#ifndef CXLF_DISCOVER_PROCESSES_H
#define CXLF_DISCOVER_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The current process; `dir` stays valid even when the number is reused. */
struct cxlf_process_at {
	pid_t pid;
	int dir; /* of /proc/PID, or for files of a thread that has its own of /proc/PID/task/TID */
};

struct cxlf_visitor {
	/* For each open file: its descriptor as text, and the target of its link (cut at 63 characters). */
	void (*file)(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target);
	/* After a process's last file. */
	void (*end)(void *arg, const struct cxlf_process_at *process);
};

/*
 * All processes but this one. `proc` is a directory fd of /proc. Links are read but not followed: the target may be on
 * a network file system that does not answer. *gap becomes the first -errno why a process could not be examined, or 0:
 * -EACCES (also with hidepid), -EOVERFLOW (too many processes or files), or another. Returns 0 or -errno.
 */
int cxlf_processes_walk(int proc, const struct cxlf_visitor *visitor, void *arg, int *gap);
/* Its name, sanitised; false if the process has ended. */
bool cxlf_process_comm(const struct cxlf_process_at *process, char *comm, size_t size);
/* Its effective user, -1 if unknown. */
int64_t cxlf_process_uid(const struct cxlf_process_at *process);

/*
 * The state of process `pid` as in /proc/PID/stat: 'S' sleeping, 'D' waiting in the kernel, 'T' stopped, 'Z' ended but
 * not reaped; 0: there is no such process.
 */
char cxlf_process_state(pid_t pid);
/* Its threads that have not ended; of a zombie also the main thread. 0: there is no such process. */
unsigned cxlf_process_threads(pid_t pid);

/*
 * The unit of systemd in whose control group a process runs: "cron.service". False: it is unknown, or there is none.
 * cxlf_process_unit_in() finds it in the text of /proc/PID/cgroup.
 */
bool cxlf_process_unit(pid_t pid, char *unit, size_t size);
bool cxlf_process_unit_in(const char *cgroup, char *unit, size_t size);

#define CXLF_NO_ELEMENT (~0u)
/*
 * Whether a link's target is an adapter context: a file of the cxl or ocxl driver's file system ("/cxl:7 (deleted)",
 * with its process element), or on old kernels "anon_inode:cxl" (CXLF_NO_ELEMENT). `element` may be NULL.
 */
bool cxlf_process_context_link(const char *target, unsigned *element);

#endif
