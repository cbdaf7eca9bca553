/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --trace: one JSON line for each request made to the driver.
 */
#include "output_trace.h"
#include "error.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_BYTES 64 /* shown of a byte array */

static json_object *bytes_json(const struct cxlf_trace_field *field)
{
	const unsigned char *bytes = field->bytes;
	unsigned n = field->size < MAX_BYTES ? field->size : MAX_BYTES;
	char text[2 * MAX_BYTES + 1] = "";

	for (unsigned i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_object_new_string(text);
}

/* 64-bit values are strings: JSON readers with doubles would lose digits. */
static json_object *field_json(const struct cxlf_trace_field *field)
{
	char text[24];

	if (field->bytes)
		return bytes_json(field);
	snprintf(text, sizeof(text), "0x%" PRIx64, field->value);
	return json_object_new_string(text);
}

static json_object *fields_json(const struct cxlf_trace *trace, bool out)
{
	json_object *object = json_object_new_object();

	for (unsigned i = 0; i < trace->n_fields; i++)
		if (trace->field[i].out == out)
			json_object_object_add(object, trace->field[i].name, field_json(&trace->field[i]));
	return object;
}

/* The path of the open node. */
static json_object *node_json(int fd)
{
	char link[32], node[256];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, node, sizeof(node) - 1);
	if (len < 0)
		return NULL;
	node[len] = '\0';
	return json_object_new_string(node);
}

void cxlf_trace_line(void *stream, const struct cxlf_trace *trace)
{
	const char *name = cxlf_errno_name(-trace->rc);
	json_object *line = json_object_new_object();

	json_object_object_add(line, "request", json_object_new_string(trace->request));
	json_object_object_add(line, "node", node_json(trace->fd));
	json_object_object_add(line, "in", fields_json(trace, false));
	json_object_object_add(line, "out", fields_json(trace, true));
	json_object_object_add(line, "result", json_object_new_int(trace->rc));
	json_object_object_add(line, "errno", *name ? json_object_new_string(name) : NULL);
	json_object_object_add(line, "microseconds", json_object_new_int64((int64_t)trace->microseconds));
	fprintf(stream, "%s\n",
		json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(stream);
	json_object_put(line);
}
