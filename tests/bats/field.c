/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * field PATH...: values of the JSON document on standard input, on one line with a blank between them. It supports
 * the part of jq's language that most tests need, and starts ten times as fast in the emulated machine:
 *
 *   .data.luns[0].wwid        members and elements; [-1] is the last element
 *   .data.luns[].wwid         of every element
 *   .data.luns[wwid=60a].mode of the elements whose member has this value
 *   .warnings|length          number of elements; |unique gives the distinct values
 *
 * Strings are printed without quotes, missing values as null. Status 2: not a JSON document, or not a valid path.
 */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text(struct json_object *value)
{
	return json_object_is_type(value, json_type_string)
		       ? json_object_get_string(value)
		       : json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

static void fail(const char *what, const char *about)
{
	fprintf(stderr, "field: %s %s\n", what, about);
	exit(2);
}

/* Removes the text before the first of `ends` from *path. */
static void word(const char **path, const char *ends, char *into, size_t size)
{
	size_t len = strcspn(*path, ends);

	if (len >= size)
		fail("too long:", *path);
	memcpy(into, *path, len);
	into[len] = '\0';
	*path += len;
}

static struct json_object *member(struct json_object *value, const char *name)
{
	struct json_object *found = NULL;

	if (json_object_is_type(value, json_type_object))
		json_object_object_get_ex(value, name, &found);
	return found;
}

static struct json_object *element(struct json_object *value, long i)
{
	long n = json_object_is_type(value, json_type_array) ? (long)json_object_array_length(value) : 0;

	if (i < 0)
		i += n;
	return i >= 0 && i < n ? json_object_array_get_idx(value, (size_t)i) : NULL;
}

static void walk(struct json_object *value, const char *path, struct json_object *found);

/* path is what follows "[" */
static void walk_elements(struct json_object *value, const char *path, struct json_object *found)
{
	char inside[128], *equals, *end;
	const char *rest = path;

	word(&rest, "]", inside, sizeof(inside));
	if (*rest++ != ']')
		fail("no ] in", path);
	equals = strchr(inside, '=');
	if (*inside && !equals) {
		long i = strtol(inside, &end, 10);

		if (*end)
			fail("not a number:", inside);
		walk(element(value, i), rest, found);
		return;
	}
	if (equals)
		*equals++ = '\0';
	for (long i = 0; json_object_is_type(value, json_type_array) && i < (long)json_object_array_length(value);
	     i++) {
		struct json_object *item = element(value, i);

		if (!equals || !strcmp(text(member(item, inside)), equals))
			walk(item, rest, found);
	}
}

/* Adds the values to which path leads from value to found. */
static void walk(struct json_object *value, const char *path, struct json_object *found)
{
	char name[128];

	if (!*path || *path == '|') {
		json_object_array_add(found, json_object_get(value));
	} else if (*path == '[') {
		walk_elements(value, path + 1, found);
	} else if (*path == '.') {
		path++;
		word(&path, ".[|", name, sizeof(name));
		walk(*name ? member(value, name) : value, path, found);
	} else {
		fail("not a path:", path);
	}
}

static bool known(struct json_object *values, size_t n, const char *value)
{
	while (n--)
		if (!strcmp(text(json_object_array_get_idx(values, n)), value))
			return true;
	return false;
}

static void print(const char *value)
{
	static bool any;

	printf("%s%s", any ? " " : "", value);
	any = true;
}

static void print_found(struct json_object *found, const char *filter)
{
	char number[32];

	for (size_t i = 0; i < json_object_array_length(found); i++) {
		struct json_object *value = json_object_array_get_idx(found, i);

		if (!filter) {
			print(text(value));
		} else if (!strcmp(filter, "|unique")) {
			if (!known(found, i, text(value)))
				print(text(value));
		} else if (!strcmp(filter, "|length") && json_object_is_type(value, json_type_array)) {
			snprintf(number, sizeof(number), "%zu", json_object_array_length(value));
			print(number);
		} else {
			fail("cannot tell", filter);
		}
	}
}

int main(int argc, char **argv)
{
	struct json_object *document = json_object_from_fd(0);

	if (!document)
		fail("standard input is not a", "JSON document");
	for (int i = 1; i < argc; i++) {
		struct json_object *found = json_object_new_array();

		walk(document, argv[i], found);
		print_found(found, strchr(argv[i], '|'));
		json_object_put(found);
	}
	puts("");
	json_object_put(document);
	return 0;
}
