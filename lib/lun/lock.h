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
 * Lock the adapters at these indices, which must be in ascending order (that is by PCI address: two commands
 * with several adapters cannot wait for each other), waiting `timeout_ms` in all. On failure nothing is
 * locked. `dir` is CXLF_LOCK_DIR but in tests.
 */
int cxlf_lock_take(const char *dir, const struct cxlf_topology *topology, const unsigned *adapter, unsigned n,
		   unsigned timeout_ms, struct cxlf_lock *lock, struct cxlf_err *err);
void cxlf_lock_release(struct cxlf_lock *lock);

#endif
