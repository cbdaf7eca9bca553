/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields, columns and values: select columns, get values, and format values as text.
 */
#include "output.h"

#include "scope.h"
#include "suggest.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

void cxlf_value_text(struct cxlf_value *v, const char *text)
{
	v->text = text;
	v->known = text && *text;
}

void cxlf_value_number(struct cxlf_value *v, uint64_t number)
{
	v->number = number;
	v->known = true;
}

static void value_wwid(struct cxlf_value *v, const struct cxlf_wwid *wwid)
{
	if (cxlf_wwid_is_zero(wwid))
		return;
	cxlf_wwid_text(wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

void cxlf_value_flag(struct cxlf_value *v, bool flag)
{
	v->flag = flag;
	v->known = true;
}

void cxlf_value_pick(struct cxlf_value *v, const struct cxlf_word *words, size_t n, size_t i)
{
	cxlf_value_text(v, i < n ? words[i].text : NULL);
	v->tone = v->known ? words[i].tone : CXLF_PLAIN;
}

const char *cxlf_word_text(const struct cxlf_word *words, size_t n, size_t i)
{
	return i < n && words[i].text ? words[i].text : "unknown";
}

void cxlf_value_rows(struct cxlf_value *v, const void *of, size_t n)
{
	v->rows = (struct cxlf_rows){.of = of, .n = n};
	v->known = true;
}

void cxlf_value_print(struct cxlf_value *v, const char *fmt, ...)
{
	va_list ap, again;
	int len;

	va_start(ap, fmt);
	va_copy(again, ap);
	len = vsnprintf(v->buf, sizeof(v->buf), fmt, ap);
	va_end(ap);
	cxlf_value_text(v, v->buf);
	if (len >= (int)sizeof(v->buf)) {
		free(v->room);
		cxlf_value_text(v, vasprintf(&v->room, fmt, again) < 0 ? (v->room = NULL) : v->room);
	}
	va_end(again);
}

void cxlf_value_append(struct cxlf_value *v, const char *word)
{
	size_t len = v->known ? strlen(v->room) : 0;
	char *more = v->lost ? NULL : realloc(v->room, len + strlen(word) + 2);

	if (!more) { /* an incomplete list would be wrong */
		v->lost = true;
		v->known = false;
		return;
	}
	v->room = more;
	sprintf(more + len, "%s%s", len ? "," : "", word);
	cxlf_value_text(v, more);
}

void cxlf_value_free(struct cxlf_value *v)
{
	free(v->room);
	free(v->clean);
}

/* All but buf, which is large: a getter that uses it fills it. */
static void clear(struct cxlf_value *v)
{
	v->known = v->flag = v->lost = false;
	v->tone = CXLF_PLAIN;
	v->number = 0;
	v->text = NULL;
	v->texts = NULL;
	v->n_texts = 0;
	v->rows = (struct cxlf_rows){0};
}

static void value_time(struct cxlf_value *v, uint64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&when, &tm) && strftime(v->buf, sizeof(v->buf), "%Y-%m-%dT%H:%M:%SZ", &tm))
		cxlf_value_text(v, v->buf);
}

static void set_number(const struct cxlf_field *field, struct cxlf_value *v, const void *item, uint64_t number,
		       int bytes)
{
	bool zero = field->zero == CXLF_ZERO_BY_TYPE ? field->type != CXLF_BYTES && field->type != CXLF_TIME
						     : field->zero == CXLF_ZERO_KNOWN;

	if (field->words)
		return cxlf_value_pick(v, field->words, field->n_words, number);
	if (!number && !zero)
		return;
	if (field->type == CXLF_RECORDS)
		cxlf_value_rows(v, item, number);
	else if (field->type == CXLF_HEX)
		cxlf_value_print(v, "%0*" PRIx64, 2 * bytes, number);
	else if (field->type == CXLF_TIME)
		value_time(v, number);
	else
		cxlf_value_number(v, number);
}

static void get_member(const struct cxlf_field *field, const void *item, struct cxlf_value *v)
{
	const void *at = (const char *)item + field->at;

	switch (field->member) {
	case CXLF_NO_MEMBER:
		return;
	case CXLF_CHARS:
		return cxlf_value_text(v, at);
	case CXLF_POINTER:
		return cxlf_value_text(v, *(const char *const *)at);
	case CXLF_BOOL:
		if (field->words)
			return set_number(field, v, item, *(const bool *)at, sizeof(bool));
		return cxlf_value_flag(v, *(const bool *)at);
	case CXLF_U8:
		return set_number(field, v, item, *(const uint8_t *)at, sizeof(uint8_t));
	case CXLF_U16:
		return set_number(field, v, item, *(const uint16_t *)at, sizeof(uint16_t));
	case CXLF_U32:
		return set_number(field, v, item, *(const uint32_t *)at, sizeof(uint32_t));
	case CXLF_U64:
		return set_number(field, v, item, *(const uint64_t *)at, sizeof(uint64_t));
	case CXLF_INT:
		if (*(const int *)at >= 0)
			set_number(field, v, item, (uint64_t) * (const int *)at, sizeof(int));
		return;
	case CXLF_S64:
		if (*(const int64_t *)at >= 0)
			set_number(field, v, item, (uint64_t) * (const int64_t *)at, sizeof(int64_t));
		return;
	case CXLF_WWID:
		return value_wwid(v, at);
	case CXLF_ERR:
		if (((const struct cxlf_err *)at)->code)
			cxlf_value_text(v, cxlf_code_info(((const struct cxlf_err *)at)->code)->name);
		return;
	}
}

static bool is_known(const struct cxlf_field *field, const void *item)
{
	return !field->known_if || *(const bool *)((const char *)item + field->known_if - 1);
}

void cxlf_field_get(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	clear(v);
	if (field->get)
		field->get(row, v);
	else if (field->type == CXLF_RECORD) {
		struct cxlf_row to = field->via(row);

		v->rows = (struct cxlf_rows){.of = to.of, .first = to.i, .n = 1};
		v->known = to.of;
	} else {
		const void *item = field->item ? field->item(row) : row.of;

		if (item && is_known(field, item))
			get_member(field, item, v);
	}
	v->rows.fields = field->of;
}

void cxlf_column_get(const struct cxlf_column *column, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_field_get(column->field, column->via ? column->via(row) : row, v);
}

struct cxlf_row cxlf_rows_at(const struct cxlf_rows *rows, size_t k)
{
	return (struct cxlf_row){.of = rows->of, .i = rows->index ? rows->index[k] : rows->first + k};
}

int cxlf_columns_all(const struct cxlf_field *fields, struct cxlf_column column[CXLF_MAX_COLUMNS], struct cxlf_err *err)
{
	int n = 0;

	for (const struct cxlf_field *field = fields; field->type != CXLF_END; field++) {
		/* one level only: an included table does not include another */
		const struct cxlf_field *inner = field->type == CXLF_INCLUDE ? field->of : field;

		for (; inner->type != CXLF_END; inner++) {
			if (n == CXLF_MAX_COLUMNS)
				return cxlf_fail(err, CXLF_E_BUG, "a table has more than %d fields", CXLF_MAX_COLUMNS);
			column[n++] = (struct cxlf_column){.field = inner, .via = field->via};
			if (inner == field)
				break;
		}
	}
	return n;
}

bool cxlf_field_is_column(const struct cxlf_field *field)
{
	return field->heading && field->type != CXLF_RECORD && field->type != CXLF_RECORDS;
}

static bool is_called(const struct cxlf_field *field, const char *name, size_t len)
{
	return (!strncasecmp(field->key, name, len) && !field->key[len]) ||
	       (!strncasecmp(field->heading, name, len) && !field->heading[len]);
}

/* The next of "a,b,c" and its length; NULL when there are no more. `list` moves on. */
static const char *next_name(const char **list, size_t *len)
{
	const char *name = *list;

	if (name) {
		*len = strcspn(name, ",");
		*list = name[*len] ? name + *len + 1 : NULL;
	}
	return name;
}

bool cxlf_column_is_in(const struct cxlf_field *field, const char *list)
{
	size_t len;

	if (!cxlf_field_is_column(field))
		return false;
	for (const char *name, *rest = list; (name = next_name(&rest, &len));)
		if (is_called(field, name, len))
			return true;
	return !list;
}

/* By key, and by heading in lower case: "siez" is nearer to SIZE than to size_bytes. */
static void offer_column(struct cxlf_suggest *near, const struct cxlf_field *field)
{
	char heading[40];
	size_t len = 0;

	cxlf_suggest_offer(near, field->key);
	for (; len < sizeof(heading) - 1 && field->heading[len]; len++)
		heading[len] = (char)tolower((unsigned char)field->heading[len]);
	heading[len] = '\0';
	cxlf_suggest_offer(near, heading);
}

static int no_such_column(const struct cxlf_column *all, int n_all, const char *name, size_t len, struct cxlf_err *err)
{
	char word[64];
	struct cxlf_suggest near;

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	if (!len) {
		cxlf_fail(err, CXLF_E_BAD_VALUE, "the list of columns has an empty name");
		return cxlf_fix(err, "omit the comma, or list the columns with --list-columns");
	}
	cxlf_fail(err, CXLF_E_BAD_VALUE, "there is no column \"%s\"", word);
	cxlf_suggest_begin(&near, word);
	for (int i = 0; i < n_all; i++)
		if (cxlf_field_is_column(all[i].field))
			offer_column(&near, all[i].field);
	if (!strcasecmp(word, "all"))
		cxlf_cause(err, "\"all\" cannot be combined with names of columns");
	else if (*near.best)
		cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "list the columns with --list-columns");
}

static bool has_column(const struct cxlf_column *column, int n, const struct cxlf_field *field)
{
	for (int i = 0; i < n; i++)
		if (column[i].field == field)
			return true;
	return false;
}

/* Add the columns of a list to the first n; NULL: all others. With `more` no column is added twice. */
static int add_columns(const struct cxlf_column *all, int n_all, const char *list, bool more,
		       struct cxlf_column *column, int n, struct cxlf_err *err)
{
	size_t len;

	for (int i = 0; !list && i < n_all; i++)
		if (cxlf_field_is_column(all[i].field) && !has_column(column, n, all[i].field))
			column[n++] = all[i];
	for (const char *name; (name = next_name(&list, &len));) {
		int i = 0;

		while (i < n_all && !(cxlf_field_is_column(all[i].field) && is_called(all[i].field, name, len)))
			i++;
		if (i == n_all)
			return no_such_column(all, n_all, name, len, err);
		if (n == CXLF_MAX_COLUMNS)
			return cxlf_fail(err, CXLF_E_BAD_VALUE, "more than %d columns", CXLF_MAX_COLUMNS);
		if (!more || !has_column(column, n, all[i].field))
			column[n++] = all[i];
	}
	return n;
}

int cxlf_columns_choose(const struct cxlf_field *fields, const char *shown, const char *list,
			struct cxlf_column column[CXLF_MAX_COLUMNS], struct cxlf_err *err)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	int n_all = cxlf_columns_all(fields, all, err), n = 0;

	if (n_all < 0)
		return -1;
	if (!list || *list == '+') {
		n = add_columns(all, n_all, shown, false, column, 0, err);
		if (n < 0)
			return cxlf_fail(err, CXLF_E_BUG, "the default columns \"%s\" are not all in the table", shown);
	}
	if (!list)
		return n;
	bool more = *list == '+';

	list += more;
	return add_columns(all, n_all, strcasecmp(list, "all") ? list : NULL, more, column, n, err);
}

unsigned cxlf_columns_want(const struct cxlf_column *column, size_t n)
{
	unsigned want = 0;

	for (size_t i = 0; i < n; i++)
		want |= column[i].field->want;
	return want;
}

unsigned cxlf_fields_want(const struct cxlf_field *fields)
{
	unsigned want = 0;

	for (; fields->type != CXLF_END; fields++) {
		want |= fields->want;
		if (fields->of)
			want |= cxlf_fields_want(fields->of);
	}
	return want;
}

/* ---- as text ---- */

const char *cxlf_value_word(const struct cxlf_field *field, struct cxlf_value *v, enum cxlf_units units)
{
	if (!v->known)
		return "";
	switch (field->type) {
	case CXLF_TEXT:
	case CXLF_HEX:
	case CXLF_TIME:
		return cxlf_text_clean(v->text, &v->clean);
	case CXLF_FLAG:
		return v->flag ? "yes" : "no";
	case CXLF_BYTES:
		cxlf_size_text(v->number, units, v->buf, sizeof(v->buf));
		return v->buf;
	case CXLF_COUNT:
		snprintf(v->buf, sizeof(v->buf), "%" PRIu64, v->number);
		return v->buf;
	case CXLF_TEXTS:
		v->known = false;
		for (size_t i = 0; i < v->n_texts; i++)
			cxlf_value_append(v, v->texts[i]);
		return v->known ? cxlf_text_clean(v->text, &v->clean) : "";
	default:
		return "";
	}
}
