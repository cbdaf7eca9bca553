/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields, columns and values: which there are, which were chosen, and how one reads as text.
 */
#include "output.h"

#include "suggest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

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

void cxlf_value_flag(struct cxlf_value *v, bool flag)
{
	v->flag = flag;
	v->known = true;
}

void cxlf_value_print(struct cxlf_value *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->buf, sizeof(v->buf), fmt, ap);
	va_end(ap);
	cxlf_value_text(v, v->buf);
}

/* The large buf is left as it is: a getter that uses it fills it. */
static void clear(struct cxlf_value *v)
{
	v->known = v->flag = false;
	v->tone = CXLF_PLAIN;
	v->number = 0;
	v->text = NULL;
	v->texts = NULL;
	v->n_texts = 0;
	v->rows = (struct cxlf_rows){0};
}

void cxlf_field_get(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	clear(v);
	field->get(field, row, v);
}

void cxlf_column_get(const struct cxlf_column *column, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_field_get(column->field, column->via ? column->via(row) : row, v);
}

struct cxlf_row cxlf_rows_at(const struct cxlf_rows *rows, size_t k)
{
	return (struct cxlf_row){.of = rows->of, .i = rows->index ? rows->index[k] : rows->first + k};
}

size_t cxlf_columns_all(const struct cxlf_field *fields, struct cxlf_column column[CXLF_MAX_COLUMNS])
{
	size_t n = 0;

	for (const struct cxlf_field *field = fields; field->type != CXLF_END; field++) {
		if (field->type != CXLF_INCLUDE) {
			if (n < CXLF_MAX_COLUMNS)
				column[n++] = (struct cxlf_column){.field = field};
			continue;
		}
		/* One step only: a table that is included includes no other through a `via` of its own. */
		for (const struct cxlf_field *inner = field->of; inner->type != CXLF_END; inner++)
			if (n < CXLF_MAX_COLUMNS)
				column[n++] = (struct cxlf_column){.field = inner, .via = field->via};
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

static int no_such_column(const struct cxlf_column *all, size_t n_all, const char *name, size_t len,
			  struct cxlf_err *err)
{
	char word[64];
	struct cxlf_suggest near;

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	cxlf_fail(err, CXLF_E_BAD_VALUE, "there is no column \"%s\"", word);
	cxlf_suggest_begin(&near, word);
	for (size_t i = 0; i < n_all; i++)
		if (cxlf_field_is_column(all[i].field))
			cxlf_suggest_offer(&near, all[i].field->key);
	if (*near.best)
		cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "--list-columns shows which there are");
}

static size_t default_columns(const struct cxlf_column *all, size_t n_all, struct cxlf_column *column)
{
	size_t n = 0;

	for (size_t i = 0; i < n_all; i++)
		if (all[i].field->shown && cxlf_field_is_column(all[i].field))
			column[n++] = all[i];
	return n;
}

int cxlf_columns_choose(const struct cxlf_field *fields, const char *list, struct cxlf_column column[CXLF_MAX_COLUMNS],
			struct cxlf_err *err)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	size_t n_all = cxlf_columns_all(fields, all), n = 0;

	if (!list || *list == '+')
		n = default_columns(all, n_all, column);
	if (!list)
		return (int)n;
	for (const char *name = list + (*list == '+'), *end;; name = end + 1) {
		size_t i, len;

		end = strchrnul(name, ',');
		len = (size_t)(end - name);
		for (i = 0; i < n_all; i++)
			if (cxlf_field_is_column(all[i].field) && is_called(all[i].field, name, len))
				break;
		if (i == n_all)
			return no_such_column(all, n_all, name, len, err);
		if (n == CXLF_MAX_COLUMNS)
			return cxlf_fail(err, CXLF_E_BAD_VALUE, "more than %d columns", CXLF_MAX_COLUMNS);
		column[n++] = all[i];
		if (!*end)
			return (int)n;
	}
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

/* ---- one value as text ---- */

static const char *joined(const struct cxlf_value *v, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (size_t i = 0; i < v->n_texts && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s", i ? " " : "", v->texts[i]);
	return text;
}

const char *cxlf_value_word(const struct cxlf_field *field, const struct cxlf_value *v, enum cxlf_units units,
			    char *text, size_t size)
{
	if (!v->known)
		return "";
	switch (field->type) {
	case CXLF_TEXT:
		return v->text;
	case CXLF_FLAG:
		return v->flag ? "yes" : "no";
	case CXLF_BYTES:
		cxlf_size_text(v->number, units, text, size);
		return text;
	case CXLF_COUNT:
		snprintf(text, size, "%" PRIu64, v->number);
		return text;
	case CXLF_TEXTS:
		return joined(v, text, size);
	default:
		return "";
	}
}

/* Length of the well-formed UTF-8 sequence at s, 0 if there is none (RFC 3629: no overlongs, no surrogates). */
static size_t utf8_len(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (*s < 0x80)
		return 1;
	if (*s >= 0xc2 && *s <= 0xdf)
		n = 2;
	else if (*s >= 0xe0 && *s <= 0xef)
		n = 3;
	else if (*s >= 0xf0 && *s <= 0xf4)
		n = 4;
	else
		return 0;
	if (*s == 0xe0)
		low = 0xa0;
	else if (*s == 0xed)
		high = 0x9f;
	else if (*s == 0xf0)
		low = 0x90;
	else if (*s == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

const char *cxlf_utf8_clean(const char *text, char *buf, size_t size)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = 0;

	while (*s && utf8_len(s))
		s += utf8_len(s);
	if (!*s)
		return text;
	for (s = (const unsigned char *)text; *s;) {
		size_t n = utf8_len(s);

		if (len + 4 >= size)
			break;
		memcpy(buf + len, n ? (const char *)s : "\xef\xbf\xbd", n ? n : 3);
		len += n ? n : 3;
		s += n ? n : 1;
	}
	buf[len] = '\0';
	return buf;
}
