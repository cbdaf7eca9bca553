/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of enums, as printed and in JSON.
 */
#include "topology.h"

#include <stddef.h>

#define NAME_OF(value, ...)                                                                                            \
	static const char *const name[] = {"unknown", __VA_ARGS__};                                                    \
	return (size_t)(value) < sizeof(name) / sizeof(*name) ? name[value] : *name

const char *cxlf_mode_name(enum cxlf_mode mode)
{
	NAME_OF(mode, "legacy", "superpipe", "mixed");
}

const char *cxlf_kind_name(enum cxlf_kind kind)
{
	NAME_OF(kind, "corsa", "flashgt", "briard");
}

const char *cxlf_platform_name(enum cxlf_platform platform)
{
	NAME_OF(platform, "bare-metal", "powervm", "opencapi");
}

const char *cxlf_port_state_name(enum cxlf_port_state state)
{
	NAME_OF(state, "online", "offline");
}

const char *cxlf_afu_state_name(enum cxlf_afu_state state)
{
	NAME_OF(state, "ready", "frozen", "resetting", "failed");
}
