/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For people: tables and trees by libsmartcols, and cards ("Heading: value") for one thing at a time.
 */
#include "output.h"

#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <string.h>
#include <strings.h>

#define MAX_DEPTH 4

/*
 * The characters of the terminal count for widths and branches, nothing else of the locale: numbers stay in
 * C. Loading a locale costs as much as reading some hundred attributes, so pure ASCII does without.
 */
static void use_terminal_charset(void)
{
	setlocale(LC_CTYPE, "");
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static const char *tone_color(enum cxlf_tone tone)
{
	switch (tone) {
	case CXLF_GOOD:
		return "green";
	case CXLF_WARN:
		return "yellow";
	case CXLF_BAD:
		return "red";
	default:
		return NULL;
	}
}

static int fill_cell(const struct cxlf_out *out, struct libscols_line *line, size_t i, const struct cxlf_column *column,
		     struct cxlf_row row, bool *wide)
{
	CXLF_VALUE(v);
	const char *word;
	int rc;

	cxlf_column_get(column, row, &v);
	word = cxlf_value_word(column->field, &v, out->units);
	*wide |= !is_ascii(word);
	rc = scols_line_set_data(line, i, *word ? word : "-");
	if (!rc && out->color && tone_color(v.tone))
		rc = scols_cell_set_color(scols_line_get_cell(line, i), tone_color(v.tone));
	return rc;
}

static int add_columns(struct libscols_table *table, const struct cxlf_column *column, size_t n, const char *tree_key)
{
	for (size_t i = 0; i < n; i++) {
		const struct cxlf_field *field = column[i].field;
		int flags = 0;

		if (field->type == CXLF_COUNT || field->type == CXLF_BYTES)
			flags |= SCOLS_FL_RIGHT;
		if (tree_key && !strcmp(field->key, tree_key))
			flags |= SCOLS_FL_TREE;
		if (!scols_table_new_column(table, field->heading, 0, flags))
			return -1;
	}
	return 0;
}

static int fill_table(struct cxlf_out *out, struct libscols_table *table, const struct cxlf_rows *rows,
		      const struct cxlf_column *column, size_t n, const struct cxlf_view *tree, bool *wide)
{
	struct libscols_line *last[MAX_DEPTH] = {NULL};

	for (size_t k = 0; k < rows->n; k++) {
		struct cxlf_row row = cxlf_rows_at(rows, k);
		unsigned depth = tree ? tree->depth(row) : 0;
		struct libscols_line *line = scols_table_new_line(table, depth ? last[depth - 1] : NULL);

		if (!line)
			return -1;
		if (depth < MAX_DEPTH)
			last[depth] = line;
		for (size_t i = 0; i < n; i++)
			if (fill_cell(out, line, i, &column[i], row, wide))
				return -1;
	}
	return 0;
}

/* A table inside a card stands indented: libsmartcols has no margin, so it is printed line by line. */
static int print_indented(struct cxlf_out *out, struct libscols_table *table, const char *indent)
{
	char *text = NULL;

	if (scols_print_table_to_string(table, &text))
		return -1;
	for (char *line = text, *end; *line; line = end) {
		end = strchrnul(line, '\n');
		fprintf(out->stream, "%s%.*s\n", indent, (int)(end - line), line);
		end += *end == '\n';
	}
	free(text);
	return 0;
}

int cxlf_table_show(struct cxlf_out *out, const struct cxlf_rows *rows, const struct cxlf_column *column, size_t n,
		    const struct cxlf_view *tree, const char *indent)
{
	struct libscols_table *table;
	bool wide = tree;
	int rc = -1;

	if (!rows->n)
		return 0;
	table = scols_new_table();
	if (!table)
		return -1;
	scols_table_set_stream(table, out->stream);
	scols_table_enable_noheadings(table, out->no_headings);
	scols_table_enable_colors(table, out->color);
	scols_table_set_termforce(table, out->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (out->width)
		scols_table_set_termwidth(table, out->width);
	if (!add_columns(table, column, n, tree ? tree->tree_key : NULL) &&
	    !fill_table(out, table, rows, column, n, tree, &wide)) {
		if (wide)
			use_terminal_charset();
		rc = indent ? print_indented(out, table, indent) : scols_print_table(table);
	}
	scols_unref_table(table);
	return rc ? -1 : 0;
}

/* ---- cards ---- */

static size_t widest(const struct cxlf_field *fields)
{
	size_t widest_yet = 0, len;

	for (; fields->type != CXLF_END; fields++) {
		if (fields->type == CXLF_INCLUDE || (fields->type == CXLF_RECORD && fields->heading))
			len = widest(fields->of);
		else
			len = fields->heading && fields->type != CXLF_RECORDS ? strlen(fields->heading) : 0;
		if (len > widest_yet)
			widest_yet = len;
	}
	return widest_yet;
}

/* "LUN TABLE" -> "Lun table:" would spoil acronyms; headings are printed as they are. */
static void put_heading(struct cxlf_out *out, const char *heading, size_t width)
{
	fprintf(out->stream, "%-*s  ", (int)width + 1, heading);
}

static void put_texts(struct cxlf_out *out, const struct cxlf_field *field, const struct cxlf_value *v, size_t width)
{
	for (size_t i = 0; i < v->n_texts; i++) {
		put_heading(out, i ? "" : field->heading, width);
		cxlf_text_put(out->stream, v->texts[i]);
		fputc('\n', out->stream);
	}
	if (!v->n_texts) {
		put_heading(out, field->heading, width);
		fputs("-\n", out->stream);
	}
}

/* Sizes on a card are exact too: "4TiB (4398046511104 bytes)". */
static void put_word(struct cxlf_out *out, const struct cxlf_field *field, struct cxlf_value *v, size_t width)
{
	const char *word = cxlf_value_word(field, v, out->units);

	put_heading(out, field->heading, width);
	fputs(*word ? word : "-", out->stream);
	if (v->known && field->type == CXLF_BYTES && out->units != CXLF_UNITS_BYTES && v->number >= 1024)
		fprintf(out->stream, " (%ju bytes)", (uintmax_t)v->number);
	fputc('\n', out->stream);
}

static int put_card_table(struct cxlf_out *out, const struct cxlf_field *field, const struct cxlf_rows *rows)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;
	int n = cxlf_columns_choose(rows->fields, field->shown, NULL, column, &err);

	if (n < 0)
		return -1;
	fprintf(out->stream, "%s\n", field->heading);
	if (!rows->n)
		fputs("  -\n", out->stream);
	return cxlf_table_show(out, rows, column, (size_t)n, NULL, "  ");
}

static int put_fields(struct cxlf_out *out, const struct cxlf_field *fields, struct cxlf_row row, size_t width);

static int put_field(struct cxlf_out *out, const struct cxlf_field *field, struct cxlf_row row, size_t width)
{
	CXLF_VALUE(v);

	if (field->type == CXLF_INCLUDE)
		return put_fields(out, field->of, field->via ? field->via(row) : row, width);
	if (!field->heading)
		return 0;
	cxlf_field_get(field, row, &v);
	if (field->type == CXLF_RECORD)
		return v.known ? put_fields(out, v.rows.fields, cxlf_rows_at(&v.rows, 0), width) : 0;
	if (field->type == CXLF_RECORDS)
		return put_card_table(out, field, &v.rows);
	if (field->type == CXLF_TEXTS)
		put_texts(out, field, &v, width);
	else
		put_word(out, field, &v, width);
	return 0;
}

static int put_fields(struct cxlf_out *out, const struct cxlf_field *fields, struct cxlf_row row, size_t width)
{
	for (; fields->type != CXLF_END; fields++)
		if (put_field(out, fields, row, width))
			return -1;
	return 0;
}

int cxlf_cards_show(struct cxlf_out *out, const struct cxlf_rows *rows)
{
	for (size_t k = 0; k < rows->n; k++) {
		if (k)
			fputc('\n', out->stream);
		if (put_fields(out, rows->fields, cxlf_rows_at(rows, k), widest(rows->fields)))
			return -1;
	}
	return 0;
}
