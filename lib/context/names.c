/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of contexts' enums, as printed and in JSON.
 */
#include "context.h"

const char *cxlf_context_state_name(enum cxlf_context_state state)
{
	static const char *const name[] = {"ready", "lost", "recovering", "failed"};

	return (unsigned)state < sizeof(name) / sizeof(*name) ? name[state] : "unknown";
}

const char *cxlf_context_verdict_name(enum cxlf_verdict_kind kind)
{
	static const char *const name[] = {"unchanged",	     "capacity-changed", "luns-changed",
					   "needs-recovery", "not-verifiable",	 "unknown"};

	return (unsigned)kind < sizeof(name) / sizeof(*name) ? name[kind] : "unknown";
}
