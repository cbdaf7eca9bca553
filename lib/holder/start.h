/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start a holder's process: detached, and with only one inherited fd, a pipe for the result of the start.
 */
#ifndef CXLF_HOLDER_START_H
#define CXLF_HOLDER_START_H

#include "wire.h"

#define CXLF_HOLDER_READY_FD 3 /* the pipe in the new process: --ready-fd=3 */

/*
 * Run the holder program for these LUNs (their WWIDs and paths are used) and wait at most `timeout_ms` for its answer.
 * `child`: it stays a child of this process, as the driver requires of a clone, and the caller handles SIGCHLD. Safe in
 * a process with threads.
 */
int cxlf_holder_spawn(const struct cxlf_holder_options *options, const struct cxlf_context_lun *lun, unsigned n_luns,
		      bool child, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err);

#endif
