/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --list-columns: the columns of a command as records.
 */
#include "cli.h"

struct columns {
	const char *shown;
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	unsigned n;
};

static const void *field_of(struct cxlf_row row)
{
	return ((const struct columns *)row.of)->column[row.i].field;
}

static void column_default(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_flag(v, cxlf_column_is_in(field_of(row), ((const struct columns *)row.of)->shown));
}

static const struct cxlf_field column_fields[] = {
	CXLF_FIELD("column", "COLUMN", CXLF_TEXT, 0, "name of the column", CXLF_AT(field_of, struct cxlf_field, key)),
	CXLF_FIELD("heading", "HEADING", CXLF_TEXT, 0, "heading in a table",
		   CXLF_AT(field_of, struct cxlf_field, heading)),
	CXLF_FIELD("default", "DEFAULT", CXLF_FLAG, 0, "shown unless columns are chosen", .get = column_default),
	CXLF_FIELD("help", "MEANING", CXLF_TEXT, 0, "description", CXLF_AT(field_of, struct cxlf_field, help)),
	CXLF_FIELDS_END,
};

int cxlf_cli_show_columns(struct cxlf_out *out, const struct command *command, struct cxlf_err *err)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	struct columns columns = {.shown = command->shown};
	/* select the default columns to check that they exist */
	int n = cxlf_columns_choose(command->columns, command->shown, NULL, all, err) < 0
			? -1
			: cxlf_columns_all(command->columns, all, err);

	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++)
		if (cxlf_field_is_column(all[i].field))
			columns.column[columns.n++] = all[i];
	out->columns = NULL;
	snprintf(out->schema, sizeof(out->schema), "cxlflash.columns/1");
	out->list = "columns";
	return CXLF_SHOW(out, err, .rows = {.fields = column_fields, .of = &columns, .n = columns.n});
}
