/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of held contexts and of handles in them: NAME, and NAME/HANDLE.
 */
#ifndef CXLF_HELD_NAME_H
#define CXLF_HELD_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define CXLF_HELD_NAME 33 /* a name and its NUL: [a-z0-9][a-z0-9_.-]{0,31} */

/* A name as typed: "ctx0" or "ctx0/3"; no name: `name` is "". */
struct cxlf_held {
	char name[CXLF_HELD_NAME];
	bool has_handle;
	uint64_t handle;
};

bool cxlf_held_name_ok(const char *name);
/* Whether `text` has the form of a name; whether the context exists is not checked. */
bool cxlf_held_parse(const char *text, struct cxlf_held *held);
#define CXLF_HELD_TEXT (CXLF_HELD_NAME + 24)
/* "ctx0/3" */
const char *cxlf_held_text(const char *name, uint64_t handle, char text[CXLF_HELD_TEXT]);
/* The same in a buffer that lives as long as the block. */
#define CXLF_HELD_STRING(name, handle) cxlf_held_text(name, handle, (char[CXLF_HELD_TEXT]){""})

#endif
