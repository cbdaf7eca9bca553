/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --list-columns: a command's columns as records themselves.
 */
#include "cli.h"

static void column_key(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->key);
}

static void column_heading(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->heading);
}

static void column_default(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, ((const struct cxlf_column *)row.of)[row.i].field->shown);
}

static void column_help(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->help);
}

static const struct cxlf_field column_fields[] = {
	{.key = "column", .heading = "COLUMN", .type = CXLF_TEXT, .shown = true, .get = column_key, .help = "its name"},
	{.key = "heading",
	 .heading = "HEADING",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = column_heading,
	 .help = "above it"},
	{.key = "default",
	 .heading = "DEFAULT",
	 .type = CXLF_FLAG,
	 .shown = true,
	 .get = column_default,
	 .help = "shown unless columns are chosen"},
	{.key = "help",
	 .heading = "MEANING",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = column_help,
	 .help = "what it says"},
	{.type = CXLF_END},
};

struct columns {
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	size_t n;
};

static void all_columns(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct columns *columns = row.of;

	v->rows = (struct cxlf_rows){.fields = field->of, .of = columns->column, .n = columns->n};
	v->known = true;
}

static const struct cxlf_field columns_document[] = {
	{.key = "columns", .type = CXLF_RECORDS, .of = column_fields, .get = all_columns},
	{.type = CXLF_END},
};

int cxlf_cli_show_columns(struct cxlf_out *out, const struct command *command, struct cxlf_err *err)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	struct columns columns = {.n = 0};
	size_t n = cxlf_columns_all(command->columns, all);

	for (size_t i = 0; i < n; i++)
		if (cxlf_field_is_column(all[i].field))
			columns.column[columns.n++] = all[i];
	out->columns = NULL;
	snprintf(out->schema, sizeof(out->schema), "cxlflash.columns/1");
	return cxlf_out_show(out,
			     &(struct cxlf_view){
				     .document = columns_document,
				     .document_of = &columns,
				     .rows = {.fields = column_fields, .of = columns.column, .n = columns.n},
			     },
			     err);
}
