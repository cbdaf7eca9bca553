/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that hold adapter contexts and may be attached to a LUN.
 *
 * At most the adapter of a context is known, not its LUNs. A context may use the LUN unless its adapter is known and
 * has no path of the LUN.
 */
#include "discover/census.h"
#include "search_inside.h"

#include <errno.h>
#include <stdio.h>

static bool may_use(const struct cxlf_search *search, const struct cxlf_census_context *context)
{
	for (unsigned i = 0; i < search->lun->n_paths; i++)
		if (search->query->topology->path[search->lun->path[i]].adapter == context->adapter)
			return true;
	return context->adapter == CXLF_NO_ADAPTER;
}

static bool has_node(const struct cxlf_search *search, const struct cxlf_census *census,
		     const struct cxlf_census_context *context)
{
	for (unsigned i = 0; i < context->n_luns; i++)
		if (census->lun[context->first_lun + i] == search->query->lun)
			return true;
	return false;
}

static void add(struct cxlf_search *search, const struct cxlf_census *census, const struct cxlf_census_context *context)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_CONTEXT, CXLF_ANSWER_USED, CXLF_NO_DEVICE);
	char where[80] = "", user[48];

	use->pid = context->pid;
	if (context->adapter != CXLF_NO_ADAPTER)
		snprintf(where, sizeof(where), " on %s", search->query->topology->adapter[context->adapter].name);
	cxlf_user_text(search, context->uid, user, sizeof(user));
	cxlf_search_cause(search, use, "process %d (%s, user %s) holds an adapter context%s%s", (int)context->pid,
			  context->comm, user, where,
			  has_node(search, census, context) ? " and has the LUN open"
							    : ", which may be attached to the LUN");
	cxlf_search_fix(search, use, "kill %d", (int)context->pid);
}

void cxlf_find_contexts(struct cxlf_search *search)
{
	struct cxlf_census census;
	int rc = cxlf_census_take(search->proc, search->query->topology, &census);
	pid_t last = 0;

	if (rc) {
		cxlf_search_blind(search, CXLF_CHECK_CONTEXT, rc, "the adapter contexts cannot be listed");
		return;
	}
	for (unsigned i = 0; i < census.n; i++) { /* sorted by process; one entry each */
		const struct cxlf_census_context *context = census.context + i;

		if (context->pid == last || cxlf_is_ours(search, context->pid) || !may_use(search, context))
			continue;
		add(search, &census, context);
		last = context->pid;
	}
	cxlf_search_hidden(search, CXLF_CHECK_CONTEXT, census.gap, "programs that hold adapter contexts");
	cxlf_census_free(&census);
}
