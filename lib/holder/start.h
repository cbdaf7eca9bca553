/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting a holder's process: detached, with nothing inherited but one pipe on which it says how it went.
 */
#ifndef CXLF_HOLDER_START_H
#define CXLF_HOLDER_START_H

#include "wire.h"

#define CXLF_HOLDER_READY_FD 3 /* where the new process finds the pipe: --ready-fd=3 */

/*
 * Run the holder program for these LUNs (their WWIDs and paths count) and wait at most `timeout_ms` for its answer.
 * `child`: it stays a child of this process, as a clone must; SIGCHLD is then the caller's. Safe in a process with
 * threads.
 */
int cxlf_holder_spawn(const struct cxlf_holder_options *options, const struct cxlf_context_lun *lun, unsigned n_luns,
		      bool child, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err);

#endif
