/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command at a time changes an adapter: advisory locks that end with the process.
 */
#ifndef CXLF_LUN_LOCK_H
#define CXLF_LUN_LOCK_H

#include "discover/topology.h"

#define CXLF_LOCK_DIR "/run/cxlflash/lock"

struct cxlf_lock {
	int fd[CXLF_MAX_ADAPTERS];
	unsigned n;
};

/*
 * Lock the adapters at these indices, waiting at most `timeout_ms`. The indices must be in ascending order, such that
 * two commands cannot wait for each other. On failure nothing is locked. `dir` is CXLF_LOCK_DIR except in tests.
 */
int cxlf_lock_take(const char *dir, const struct cxlf_topology *topology, const unsigned *adapter, unsigned n,
		   unsigned timeout_ms, struct cxlf_lock *lock, struct cxlf_err *err);
void cxlf_lock_release(struct cxlf_lock *lock);

#endif
