/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of enums, as printed and in JSON.
 */
#include "topology.h"

const struct cxlf_word cxlf_mode_words[] = {
	[CXLF_MODE_LEGACY] = {"legacy", CXLF_PLAIN},
	[CXLF_MODE_SUPERPIPE] = {"superpipe", CXLF_PLAIN},
	[CXLF_MODE_MIXED] = {"mixed", CXLF_WARN},
};

const struct cxlf_word cxlf_kind_words[] = {
	[CXLF_KIND_CORSA] = {"corsa", CXLF_PLAIN},
	[CXLF_KIND_FLASHGT] = {"flashgt", CXLF_PLAIN},
	[CXLF_KIND_BRIARD] = {"briard", CXLF_PLAIN},
};

const struct cxlf_word cxlf_platform_words[] = {
	[CXLF_PLATFORM_BARE_METAL] = {"bare-metal", CXLF_PLAIN},
	[CXLF_PLATFORM_POWERVM] = {"powervm", CXLF_PLAIN},
	[CXLF_PLATFORM_OPENCAPI] = {"opencapi", CXLF_PLAIN},
};

const struct cxlf_word cxlf_port_state_words[] = {
	[CXLF_PORT_ONLINE] = {"online", CXLF_GOOD},
	[CXLF_PORT_OFFLINE] = {"offline", CXLF_BAD},
};

const struct cxlf_word cxlf_afu_state_words[] = {
	[CXLF_AFU_READY] = {"ready", CXLF_GOOD},
	[CXLF_AFU_FROZEN] = {"frozen", CXLF_WARN},
	[CXLF_AFU_RESETTING] = {"resetting", CXLF_WARN},
	[CXLF_AFU_FAILED] = {"failed", CXLF_BAD},
};

const char *cxlf_mode_name(enum cxlf_mode mode)
{
	return CXLF_WORD_TEXT(cxlf_mode_words, mode);
}

const char *cxlf_kind_name(enum cxlf_kind kind)
{
	return CXLF_WORD_TEXT(cxlf_kind_words, kind);
}

const char *cxlf_afu_state_name(enum cxlf_afu_state state)
{
	return CXLF_WORD_TEXT(cxlf_afu_state_words, state);
}
