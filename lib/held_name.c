/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of held contexts and of handles in them.
 */
#include "held_name.h"
#include "sysfs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool cxlf_held_name_ok(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	return len && len < CXLF_HELD_NAME && !name[len] && !strchr("_.-", *name);
}

bool cxlf_held_parse(const char *text, struct cxlf_held *held)
{
	const char *slash = strchrnul(text, '/');

	*held = (struct cxlf_held){.has_handle = *slash};
	if (slash - text >= CXLF_HELD_NAME)
		return false;
	memcpy(held->name, text, (size_t)(slash - text));
	return cxlf_held_name_ok(held->name) && (!*slash || cxlf_text_u64(slash + 1, 10, &held->handle));
}

const char *cxlf_held_text(const char *name, uint64_t handle, char text[CXLF_HELD_TEXT])
{
	snprintf(text, CXLF_HELD_TEXT, "%s/%" PRIu64, name, handle);
	return text;
}
