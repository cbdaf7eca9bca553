/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of held contexts and of their handles, for completion.
 */
#include "clock.h"
#include "holder/holder.h"
#include "program.h"

#define ALL_MS 500 /* for all holders together: completion must be fast */
#define ONE_MS 100 /* for each holder */

static void offer_handles(struct cli_offers *offers, const char *name, unsigned timeout_ms)
{
	struct cxlf_holder_info info;
	struct cxlf_err err;
	char what[64];

	if (cxlf_holder_info(name, timeout_ms, &info, &err))
		return;
	for (unsigned i = 0; i < info.n_handles; i++) {
		const struct cxlf_context_handle *handle = info.handle + i;

		snprintf(what, sizeof(what), "%s, %s", handle->is_virtual ? "virtual" : "physical",
			 CXLF_SIZE_STRING(handle->size_bytes));
		cxlf_cli_offer(offers, CXLF_HELD_STRING(name, handle->number), what);
	}
	cxlf_holder_info_free(&info);
}

void ctl_offer_held(struct cli_offers *offers, bool handles)
{
	int64_t until = cxlf_now_ms() + ALL_MS, left;
	struct cxlf_holder_entry *entry;
	struct cxlf_err err;
	unsigned n;

	if (cxlf_holder_list(CXLF_RUN_DIR, 0, &entry, &n, &err))
		return;
	for (unsigned i = 0; i < n; i++) {
		if (!handles)
			cxlf_cli_offer(offers, entry[i].name, "held context");
		else if ((left = until - cxlf_now_ms()) > 0)
			offer_handles(offers, entry[i].name, left < ONE_MS ? (unsigned)left : ONE_MS);
	}
	cxlf_holder_list_free(entry, n);
}
