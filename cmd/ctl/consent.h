/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The question before a LUN that contains data is switched to superpipe mode or given to a program.
 */
#ifndef CTL_CONSENT_H
#define CTL_CONSENT_H

#include "../common/program.h"
#include "inuse/signatures.h"
#include "lun/consent.h"

#include <stdio.h>

static inline int ctl_ask_consent(void *arg, const struct cxlf_topology *topology, unsigned lun, const char *what,
				  struct cxlf_err *err)
{
	struct ctl *ctl = arg;
	struct cxlf_signatures found = {0};
	struct cxlf_err unreadable = {0};
	char loss[sizeof(err->message) + sizeof(err->cause) + 32] = "", list[1024];

	if (cxlf_inuse_signatures(topology, lun, &found, &unreadable))
		snprintf(loss, sizeof(loss), "%s: %s (%s)", unreadable.message, unreadable.cause,
			 cxlf_errno_name(unreadable.sys));
	else if (found.n)
		snprintf(loss, sizeof(loss), "/dev/%s contains data that programs may overwrite: %s", found.disk,
			 cxlf_signatures_text(&found, list, sizeof(list)));
	cxlf_signatures_free(&found);
	if (!*loss || !ctl->common->dry_run)
		return *loss ? ctl_confirm(ctl, what, loss, err) : 0;
	cxlf_out_warn(&ctl->out, NULL, "to %s needs a confirmation: %s", what, loss);
	return 0;
}

/* It asks, or warns in a dry run. */
static inline struct cxlf_consent ctl_consent(struct ctl *ctl)
{
	return (struct cxlf_consent){.ask = ctl_ask_consent, .arg = ctl};
}

#endif
