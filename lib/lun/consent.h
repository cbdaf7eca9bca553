/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The question before an unused LUN that may contain data is given to programs.
 */
#ifndef CXLF_LUN_CONSENT_H
#define CXLF_LUN_CONSENT_H

#include "discover/topology.h"

/*
 * Called under the locks, when nothing uses the LUN. `what` is the action, "switch LUN 6005... to superpipe". 0, or -1:
 * the LUN contains data, or this cannot be determined, and the action was not confirmed. NULL as `ask`: no question.
 */
struct cxlf_consent {
	int (*ask)(void *arg, const struct cxlf_topology *topology, unsigned lun, const char *what,
		   struct cxlf_err *err);
	void *arg;
};

static inline int cxlf_consent_ask(const struct cxlf_consent *consent, const struct cxlf_topology *topology,
				   unsigned lun, const char *what, struct cxlf_err *err)
{
	return consent->ask ? consent->ask(consent->arg, topology, lun, what, err) : 0;
}

#endif
