/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of health of each adapter, with the reasons. Nothing is opened but /proc and the kernel's log.
 *
 * A verdict is derived from the present state of adapter, PCI slot, AFU, ports and paths. If one of these cannot be
 * read, an adapter is not OK. Past events are listed, and do not affect a verdict.
 */
#ifndef CXLF_HEALTH_HEALTH_H
#define CXLF_HEALTH_HEALTH_H

#include "klog.h"

/* The verdict on an adapter is that of its worst reason. */
enum cxlf_soundness { CXLF_HEALTH_OK, CXLF_HEALTH_UNKNOWN, CXLF_HEALTH_DEGRADED, CXLF_HEALTH_FAILED };
const char *cxlf_soundness_name(enum cxlf_soundness verdict);

struct cxlf_reason {
	unsigned adapter;	     /* index into topology->adapter */
	enum cxlf_soundness verdict; /* OK: to be known, without an effect */
	enum cxlf_code code;
	char text[200];
	char source[96]; /* the file or interface it was read from */
	char fix[160];	 /* or "" */
};

struct cxlf_health {
	const struct cxlf_topology *topology;
	enum cxlf_soundness verdict[CXLF_MAX_ADAPTERS];
	unsigned n_contexts[CXLF_MAX_ADAPTERS]; /* of all processes that can be seen */
	bool contexts_known;			/* every process could be examined */
	struct cxlf_reason *reason;		/* by adapter, the worst first */
	size_t n, room;
	struct cxlf_klog log;
	int log_error; /* positive errno: the kernel's log could not be read */
	bool no_memory;
};

/* The topology needs CXLF_WANT_ALL and at most CXLF_MAX_ADAPTERS adapters. 0, or -1 with NO_MEMORY in err. */
int cxlf_health_check(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_health *health,
		      struct cxlf_err *err);
void cxlf_health_free(struct cxlf_health *health);

#endif
