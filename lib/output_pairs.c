/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * KEY="value" lines that a POSIX shell may eval: one row a line, every chosen column on every line.
 */
#include "output.h"

#include <ctype.h>
#include <stdio.h>

static void put_key(FILE *stream, const char *key)
{
	for (; *key; key++)
		fputc(toupper((unsigned char)*key), stream);
}

static void put_quoted(FILE *stream, const char *text)
{
	fputc('"', stream);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\' || *text == '$' || *text == '`')
			fputc('\\', stream);
		fputc(*text, stream);
	}
	fputc('"', stream);
}

int cxlf_pairs_show(struct cxlf_out *out, const struct cxlf_rows *rows, const struct cxlf_column *column, size_t n)
{
	enum cxlf_units units = out->units == CXLF_UNITS_DEFAULT ? CXLF_UNITS_BYTES : out->units;
	CXLF_VALUE(v);

	for (size_t k = 0; k < rows->n; k++) {
		for (size_t i = 0; i < n; i++) {
			cxlf_column_get(&column[i], cxlf_rows_at(rows, k), &v);
			if (i)
				fputc(' ', out->stream);
			put_key(out->stream, column[i].field->key);
			fputc('=', out->stream);
			put_quoted(out->stream, cxlf_value_word(column[i].field, &v, units));
		}
		fputc('\n', out->stream);
	}
	return 0;
}
