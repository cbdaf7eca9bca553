/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields: keys are unique, fields of a card are columns, and no field has both a member and a getter.
 */
#include "fields/context.h"
#include "fields/fields.h"
#include "fields/outcome.h"
#include "fields/verify.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static bool has_one_source(const struct cxlf_field *field)
{
	if (field->type == CXLF_RECORD)
		return field->of && !field->member && (field->via != NULL) != (field->get != NULL);
	return (field->member != CXLF_NO_MEMBER) != (field->get != NULL) && !field->via &&
	       (field->of != NULL) == (field->type == CXLF_RECORDS);
}

static void check(const char *name, const struct cxlf_field *fields)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS], shown[CXLF_MAX_COLUMNS];
	struct cxlf_err err = {.code = CXLF_OK};
	int n = cxlf_columns_all(fields, column, &err), bad = 0;

	for (int i = 0; i < n; i++) {
		const struct cxlf_field *field = column[i].field;

		bad += !has_one_source(field) || (cxlf_field_is_column(field) && !field->help);
		for (int k = 0; k < i; k++)
			bad += !strcmp(column[k].field->key, field->key);
		if (field->type == CXLF_RECORDS && field->heading)
			bad += cxlf_columns_choose(field->of, field->shown, NULL, shown, &err) < 1;
		if (bad) {
			printf("# %s: %s: %s\n", name, field->key, err.code ? err.message : "");
			break;
		}
	}
	ok(n > 0 && !bad, name);
}

#define CHECK(table) check(#table, table)

int main(void)
{
	CHECK(cxlf_adapter_fields);
	CHECK(cxlf_adapter_ports_fields);
	CHECK(cxlf_adapter_detail_fields);
	CHECK(cxlf_port_fields);
	CHECK(cxlf_path_fields);
	CHECK(cxlf_lun_fields);
	CHECK(cxlf_lun_paths_fields);
	CHECK(cxlf_naa_fields);
	CHECK(cxlf_product_fields);
	CHECK(cxlf_lun_use_fields);
	CHECK(cxlf_path_use_fields);
	CHECK(cxlf_context_lun_fields);
	CHECK(cxlf_context_handle_fields);
	CHECK(cxlf_context_event_fields);
	CHECK(cxlf_outcome_fields);
	CHECK(cxlf_sense_fields);
	CHECK(cxlf_check_fields);
	return done();
}
