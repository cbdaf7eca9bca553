/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of contexts' enums, as printed and in JSON.
 */
#include "context.h"

const struct cxlf_word cxlf_context_state_words[] = {
	[CXLF_CONTEXT_READY] = {"ready", CXLF_GOOD},
	[CXLF_CONTEXT_LOST] = {"lost", CXLF_BAD},
	[CXLF_CONTEXT_RECOVERING] = {"recovering", CXLF_WARN},
	[CXLF_CONTEXT_FAILED] = {"failed", CXLF_BAD},
};

const char *cxlf_context_state_name(enum cxlf_context_state state)
{
	return CXLF_WORD_TEXT(cxlf_context_state_words, state);
}

const char *cxlf_context_verdict_name(enum cxlf_verdict_kind kind)
{
	static const char *const name[] = {"unchanged",	     "capacity-changed", "luns-changed",
					   "needs-recovery", "not-verifiable",	 "unknown"};

	return (unsigned)kind < sizeof(name) / sizeof(*name) ? name[kind] : "unknown";
}
