/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text: tables and trees by libsmartcols, and cards ("Heading: value") for single objects.
 */
#include "output.h"

#include <libsmartcols/libsmartcols.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#define MAX_DEPTH 4
#define CUT_CELLS 12 /* the least width of a column that is cut */

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static int fill_cell(const struct cxlf_out *out, struct libscols_line *line, size_t i, const struct cxlf_column *column,
		     struct cxlf_row row, bool *wide)
{
	static const char *const color[] = {[CXLF_GOOD] = "green", [CXLF_WARN] = "yellow", [CXLF_BAD] = "red"};
	CXLF_VALUE(v);
	const char *word;
	int rc;

	cxlf_column_get(column, row, &v);
	word = cxlf_value_word(column->field, &v, out->units);
	*wide |= !is_ascii(word);
	rc = scols_line_set_data(line, i, *word ? word : "-");
	if (!rc && out->color && v.tone != CXLF_PLAIN)
		rc = scols_cell_set_color(scols_line_get_cell(line, i), color[v.tone]);
	return rc;
}

static int add_columns(const struct cxlf_out *out, struct libscols_table *table, const struct cxlf_column *column,
		       size_t n, const char *tree_key)
{
	struct libscols_column *added;

	for (size_t i = 0; i < n; i++) {
		const struct cxlf_field *field = column[i].field;
		int flags = 0;

		if (field->type == CXLF_COUNT || field->type == CXLF_BYTES)
			flags |= SCOLS_FL_RIGHT;
		if (tree_key && !strcmp(field->key, tree_key))
			flags |= SCOLS_FL_TREE;
		added = scols_table_new_column(table, field->heading, 0, flags);
		if (!added || (out->color && scols_cell_set_color(scols_column_get_header(added), "bold")))
			return -1;
	}
	return 0;
}

/* The column of the same key in a row below a root; NULL if such a row has none. */
static const struct cxlf_column *leaf_column(const struct cxlf_field *leaf, const struct cxlf_column *column,
					     struct cxlf_column *found)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	struct cxlf_err ignored;
	int n = cxlf_columns_all(leaf, all, &ignored);

	for (int i = 0; i < n; i++)
		if (!strcmp(all[i].field->key, column->field->key)) {
			*found = all[i];
			return found;
		}
	return NULL;
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
		for (size_t i = 0; i < n; i++) {
			struct cxlf_column found;
			const struct cxlf_column *shown =
				depth && tree->leaf ? leaf_column(tree->leaf, &column[i], &found) : &column[i];

			if (shown ? fill_cell(out, line, i, shown, row, wide) : scols_line_set_data(line, i, ""))
				return -1;
		}
	}
	return 0;
}

/* ---- on a terminal ---- */

/* How many cells of the terminal a text takes; *fits is how many of its bytes do in `room` cells. */
static size_t cells(const char *text, size_t room, size_t *fits)
{
	size_t sum = 0, left = strlen(text), at = 0;
	mbstate_t state = {0};

	*fits = 0;
	while (at < left) {
		wchar_t c;
		size_t n = mbrtowc(&c, text + at, left - at, &state);
		/* libsmartcols prints each byte of a character that the terminal does not have as \xHH. */
		int width = (ssize_t)n > 0 ? wcwidth(c) : -1;

		if ((ssize_t)n <= 0) {
			state = (mbstate_t){0};
			n = 1;
		}
		sum += width < 0 ? 4 * n : (size_t)width;
		at += n;
		if (sum <= room)
			*fits = at;
	}
	return sum;
}

static const char *cell_text(struct libscols_table *table, size_t line, size_t column)
{
	const char *text = scols_cell_get_data(scols_line_get_cell(scols_table_get_line(table, line), column));

	return text ? text : "";
}

/* Cut the cells, with an ellipsis behind a whole name if possible. */
static int cut_column(struct libscols_table *table, size_t column, size_t width)
{
	const char *dots = MB_CUR_MAX > 1 ? "\u2026" : "...";
	const char *comma;
	size_t fits, ignored;

	for (size_t k = 0; k < scols_table_get_nlines(table); k++) {
		const char *text = cell_text(table, k, column);
		char *shorter;

		if (cells(text, width - cells(dots, 0, &ignored) - 1, &fits) <= width)
			continue;
		comma = "";
		for (size_t at = fits; at; at--)
			if (text[at] == ',') {
				comma = ",";
				fits = at;
				break;
			}
		if (asprintf(&shorter, "%.*s%s%s", (int)fits, text, comma, dots) < 0 ||
		    scols_line_refer_data(scols_table_get_line(table, k), column, shorter))
			return -1;
	}
	return 0;
}

struct fit {
	size_t width[CXLF_MAX_COLUMNS], sum, spare; /* spare: what cutting can save */
};

static void measure(struct libscols_table *table, const struct cxlf_rows *rows, const struct cxlf_column *column,
		    size_t n, const struct cxlf_view *tree, struct fit *fit)
{
	size_t ignored;

	for (size_t i = 0; i < n; i++) {
		bool branches = tree && !strcmp(column[i].field->key, tree->tree_key);

		/* libsmartcols reserves the width of headings even if it does not print them. */
		fit->width[i] = strlen(column[i].field->heading);
		for (size_t k = 0; k < rows->n; k++) {
			size_t width = cells(cell_text(table, k, i), 0, &ignored) +
				       (branches ? 2 * tree->depth(cxlf_rows_at(rows, k)) : 0);

			if (width > fit->width[i])
				fit->width[i] = width;
		}
		fit->sum += fit->width[i] + (i > 0);
		if (column[i].field->cut && fit->width[i] > CUT_CELLS)
			fit->spare += fit->width[i] - CUT_CELLS;
	}
}

/* Drops and cuts columns until the lines are as wide as the terminal; columns chosen with --columns stay. */
static int fit_terminal(struct cxlf_out *out, struct libscols_table *table, const struct cxlf_rows *rows,
			const struct cxlf_column *column, size_t n, const struct cxlf_view *tree)
{
	struct fit fit = {.sum = 0};
	bool gone[CXLF_MAX_COLUMNS] = {false};

	measure(table, rows, column, n, tree, &fit);
	while (fit.sum > out->width + fit.spare && !out->columns) {
		size_t worst = n;

		for (size_t i = 0; i < n; i++)
			if (!gone[i] && column[i].field->spare &&
			    (worst == n || column[i].field->spare > column[worst].field->spare))
				worst = i;
		if (worst == n)
			break;
		gone[worst] = true;
		fit.sum -= fit.width[worst] + 1;
		if (column[worst].field->cut && fit.width[worst] > CUT_CELLS)
			fit.spare -= fit.width[worst] - CUT_CELLS;
		scols_column_set_flags(scols_table_get_column(table, worst), SCOLS_FL_HIDDEN);
	}
	for (size_t i = n; i-- && fit.sum > out->width;) {
		size_t most = fit.width[i] > CUT_CELLS ? fit.width[i] - CUT_CELLS : 0;
		size_t less = fit.sum - out->width < most ? fit.sum - out->width : most;

		if (gone[i] || !column[i].field->cut || !less)
			continue;
		if (cut_column(table, i, fit.width[i] - less))
			return -1;
		fit.sum -= less;
	}
	return 0;
}

/* For a table on a card: libsmartcols has no margin. */
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

/* Of an empty list on a terminal: libsmartcols prints nothing for it. */
static void print_headings(struct cxlf_out *out, const struct cxlf_column *column, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n && used + strlen(column[i].field->heading) < out->width; i++)
		used += (size_t)fprintf(out->stream, "%s%s", i ? " " : "", column[i].field->heading);
	fputc('\n', out->stream);
}

int cxlf_table_show(struct cxlf_out *out, const struct cxlf_rows *rows, const struct cxlf_column *column, size_t n,
		    const struct cxlf_view *tree, const char *indent)
{
	struct libscols_table *table;
	bool wide = tree;
	int rc = -1;

	if (!rows->n && out->width && !out->no_headings && !indent)
		print_headings(out, column, n);
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
	if (!add_columns(out, table, column, n, tree ? tree->tree_key : NULL) &&
	    !fill_table(out, table, rows, column, n, tree, &wide)) {
		/* Widths and branches need the terminal's character set. Loading a locale is slow, so not for ASCII. */
		if (wide || out->width)
			setlocale(LC_CTYPE, "");
		if (out->width && fit_terminal(out, table, rows, column, n, tree))
			rc = -1;
		else
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

static void put_heading(struct cxlf_out *out, const char *heading, size_t width)
{
	fprintf(out->stream, "%s%-*s%s  ", out->color ? "\033[1m" : "", (int)width + 1, heading,
		out->color ? "\033[0m" : "");
}

static void put_texts(struct cxlf_out *out, const struct cxlf_field *field, const struct cxlf_value *v, size_t width)
{
	for (size_t i = 0; i == 0 || i < v->n_texts; i++) {
		put_heading(out, i ? "" : field->heading, width);
		cxlf_text_put(out->stream, v->n_texts ? v->texts[i] : "-");
		fputc('\n', out->stream);
	}
}

/* Sizes on a card have the bytes too: "4TiB (4398046511104 bytes)". */
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
