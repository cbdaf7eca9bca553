/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON: one document a run, or one line a row. A record at a time is built with json-c and written, so
 * a large topology is never in memory twice.
 */
#include "output.h"
#include "scope.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static json_object *text_json(const char *text)
{
	scoped_free char *room = NULL;

	/* json-c copies bytes unchanged, and text from a device may not be valid UTF-8. */
	return json_object_new_string(cxlf_text_utf8(text, &room));
}

static json_object *text_or_null(const char *text)
{
	return *text ? text_json(text) : NULL;
}

static json_object *record_json(const struct cxlf_field *fields, struct cxlf_row row);

static json_object *list_json(const struct cxlf_value *v)
{
	json_object *list = json_object_new_array();

	for (size_t i = 0; i < v->n_texts; i++)
		json_object_array_add(list, text_json(v->texts[i]));
	return list;
}

static json_object *rows_json(const struct cxlf_rows *rows)
{
	json_object *list = json_object_new_array();

	for (size_t k = 0; k < rows->n; k++)
		json_object_array_add(list, record_json(rows->fields, cxlf_rows_at(rows, k)));
	return list;
}

/* json_object_new_uint64 is younger than json-c 0.13. */
static json_object *number_json(uint64_t number)
{
	char text[24];

	if (number <= INT64_MAX)
		return json_object_new_int64((int64_t)number);
	snprintf(text, sizeof(text), "%" PRIu64, number);
	return json_object_new_double_s((double)number, text);
}

static json_object *value_json(const struct cxlf_field *field, const struct cxlf_value *v)
{
	if (!v->known)
		return NULL;
	switch (field->type) {
	case CXLF_TEXT:
	case CXLF_HEX:
	case CXLF_TIME:
		return text_json(v->text);
	case CXLF_COUNT:
	case CXLF_BYTES:
		return number_json(v->number);
	case CXLF_FLAG:
		return json_object_new_boolean(v->flag);
	case CXLF_TEXTS:
		return list_json(v);
	case CXLF_RECORD:
		return record_json(v->rows.fields, cxlf_rows_at(&v->rows, 0));
	case CXLF_RECORDS:
		return rows_json(&v->rows);
	default:
		return NULL;
	}
}

static void add_fields(json_object *object, const struct cxlf_field *fields, struct cxlf_row row)
{
	CXLF_VALUE(v);

	for (const struct cxlf_field *field = fields; field->type != CXLF_END; field++) {
		if (field->type == CXLF_INCLUDE) {
			add_fields(object, field->of, field->via ? field->via(row) : row);
			continue;
		}
		if (field->lines_only)
			continue;
		cxlf_field_get(field, row, &v);
		/* Keys are constants, and unique in their table. */
		json_object_object_add_ex(object, field->key, value_json(field, &v),
					  JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT);
	}
}

static json_object *record_json(const struct cxlf_field *fields, struct cxlf_row row)
{
	json_object *object = json_object_new_object();

	add_fields(object, fields, row);
	return object;
}

/* json-c escapes controls up to 1Fh only: DEL and 80h to 9Fh (C2 80 to C2 9F) occur only in strings. */
static void put_text(FILE *stream, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i], next = i + 1 < len ? (unsigned char)text[i + 1] : 0;

		if (c == 0xc2 && next >= 0x80 && next < 0xa0)
			fprintf(stream, "\\u%04x", (unsigned char)text[++i]);
		else if (c == 0x7f)
			fputs("\\u007f", stream);
		else
			putc_unlocked(c, stream);
	}
}

/* Writes and frees. json-c indents from column 0 and hands back the whole text: shift it line by line. */
static void put(FILE *stream, json_object *object, const char *indent)
{
	const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
									  JSON_C_TO_STRING_NOSLASHESCAPE);

	for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
		put_text(stream, text, (size_t)(end - text + 1));
		fputs(indent, stream);
	}
	put_text(stream, text, strlen(text));
	json_object_put(object);
}

/* A member of the document; a comma follows it. */
static void put_member(FILE *stream, const char *key, json_object *object)
{
	fprintf(stream, "  \"%s\": ", key);
	put(stream, object, "  ");
	fputs(",\n", stream);
}

static void begin(struct cxlf_out *out)
{
	json_object *tool = json_object_new_object();
	char host[256] = "", text[32];
	time_t now = time(NULL);
	struct tm utc;

	json_object_object_add(tool, "name", json_object_new_string(out->tool));
	json_object_object_add(tool, "version", json_object_new_string(CXLF_VERSION));
	gethostname(host, sizeof(host) - 1);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	fputs("{\n", out->stream);
	put_member(out->stream, "schema", json_object_new_string(out->schema));
	put_member(out->stream, "tool", tool);
	put_member(out->stream, "host", text_or_null(host));
	put_member(out->stream, "time", json_object_new_string(text));
	out->begun = true;
}

static void put_rows(FILE *stream, const struct cxlf_rows *rows)
{
	fputs("[", stream);
	for (size_t k = 0; k < rows->n; k++) {
		fputs(k ? ",\n      " : "\n      ", stream);
		put(stream, record_json(rows->fields, cxlf_rows_at(rows, k)), "      ");
	}
	fputs(rows->n ? "\n    ]" : "]", stream);
}

int cxlf_json_show(struct cxlf_out *out, const struct cxlf_view *view)
{
	struct cxlf_row row = {.of = view->document_of ? view->document_of : view->rows.of};
	const char *separator = "\n";
	CXLF_VALUE(v);

	begin(out);
	fputs("  \"data\": {", out->stream);
	if (!view->document) {
		fprintf(out->stream, "\n    \"%s\": ", out->list);
		put_rows(out->stream, &view->rows);
	}
	for (const struct cxlf_field *field = view->document; field && field->type != CXLF_END; field++) {
		if (field->lines_only)
			continue;
		cxlf_field_get(field, row, &v);
		fprintf(out->stream, "%s    \"%s\": ", separator, field->key);
		if (field->type == CXLF_RECORDS)
			put_rows(out->stream, &v.rows);
		else
			put(out->stream, value_json(field, &v), "    ");
		separator = ",\n";
	}
	fputs("\n  },\n", out->stream);
	return 0;
}

static json_object *error_json(const struct cxlf_err *err)
{
	const struct cxlf_code_info *info = cxlf_code_info(err->code);
	json_object *object = json_object_new_object();

	json_object_object_add(object, "code", json_object_new_string(info->name));
	json_object_object_add(object, "exit_status", json_object_new_int(info->exit));
	json_object_object_add(object, "object", text_or_null(err->object));
	json_object_object_add(object, "message", text_json(err->message));
	json_object_object_add(object, "errno", text_or_null(cxlf_errno_name(err->sys)));
	json_object_object_add(object, "cause", text_or_null(err->cause));
	json_object_object_add(object, "fix", text_or_null(err->fix));
	return object;
}

static json_object *warning_json(const struct cxlf_err *warning)
{
	json_object *object = json_object_new_object();

	json_object_object_add(object, "object", text_or_null(warning->object));
	json_object_object_add(object, "message", text_json(warning->message));
	return object;
}

static json_object *notes_json(const struct cxlf_out *out, bool errors)
{
	json_object *list = json_object_new_array();

	for (size_t i = 0; i < out->n_notes; i++)
		if (out->note[i].is_error == errors)
			json_object_array_add(list,
					      errors ? error_json(&out->note[i].err) : warning_json(&out->note[i].err));
	return list;
}

int cxlf_json_finish(struct cxlf_out *out, int status)
{
	if (!out->begun) {
		begin(out);
		put_member(out->stream, "data", NULL);
	}
	put_member(out->stream, "warnings", notes_json(out, false));
	put_member(out->stream, "errors", notes_json(out, true));
	fprintf(out->stream, "  \"exit_status\": %d\n}\n", status);
	return 0;
}

int cxlf_jsonl_show(struct cxlf_out *out, const struct cxlf_view *view)
{
	for (size_t k = 0; k < view->rows.n; k++) {
		json_object *record = record_json(view->rows.fields, cxlf_rows_at(&view->rows, k));
		const char *text =
			json_object_to_json_string_ext(record, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

		put_text(out->stream, text, strlen(text));
		fputc('\n', out->stream);
		json_object_put(record);
	}
	return 0;
}
