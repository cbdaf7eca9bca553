/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command did to a context or to one of its handles, as output fields.
 */
#include "outcome.h"
#include "context.h"

void cxlf_outcome_free(struct cxlf_outcome *outcome)
{
	cxlf_holder_info_free(&outcome->info);
}

static const struct cxlf_outcome *outcome_of(struct cxlf_row row)
{
	return row.of;
}

static void flag_at(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_flag(v, *(const bool *)((const char *)row.of + field->at));
}

static void context_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, outcome_of(row)->info.name);
}

static void pid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (!outcome_of(row)->ended)
		cxlf_value_number(v, (uint64_t)outcome_of(row)->info.pid);
}

static void state(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (!outcome_of(row)->ended)
		cxlf_value_context_state(v, outcome_of(row)->info.state);
}

static void context_id(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_hex(v, outcome_of(row)->info.context);
}

static void adapter(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, outcome_of(row)->info.adapter_name);
}

static void parent(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, outcome_of(row)->info.parent);
}

static void luns(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = &outcome_of(row)->info, .n = outcome_of(row)->info.n_luns};
	v->known = true;
}

static void handle(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_info *info = &outcome_of(row)->info;
	const struct cxlf_context_handle *found =
		outcome_of(row)->has_handle ? cxlf_holder_handle(info, outcome_of(row)->handle) : NULL;

	v->rows = (struct cxlf_rows){.fields = field->of,
				     .of = info,
				     .first = found ? (size_t)(found - info->handle) : 0,
				     .n = found != NULL};
	v->known = found != NULL;
}

static void handles(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = &outcome_of(row)->info, .n = outcome_of(row)->info.n_handles};
	v->known = true;
}

static void id(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (outcome_of(row)->has_handle)
		cxlf_value_print(v, "%s/%llu", outcome_of(row)->info.name, (unsigned long long)outcome_of(row)->handle);
}

static void free_bytes(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (outcome_of(row)->knows_free)
		cxlf_value_number(v, outcome_of(row)->free_bytes);
}

#define LINE(k, h, t, g, text) .key = k, .heading = h, .type = t, .shown = true, .get = g, .help = text

const struct cxlf_field cxlf_outcome_fields[] = {
	{LINE("changed", "CHANGED", CXLF_FLAG, flag_at, "whether anything was changed"),
	 .at = offsetof(struct cxlf_outcome, changed)},
	{LINE("ended", "ENDED", CXLF_FLAG, flag_at, "whether the context ended with it"),
	 .at = offsetof(struct cxlf_outcome, ended)},
	{LINE("id", "ID", CXLF_TEXT, id, "NAME/HANDLE, as commands take it")},
	{LINE("context", "CONTEXT", CXLF_TEXT, context_name, "the context's name")},
	{LINE("context_id", "CONTEXT-ID", CXLF_TEXT, context_id, "the driver's id of the context")},
	{LINE("pid", "PID", CXLF_COUNT, pid, "the holder's process")},
	{LINE("state", "STATE", CXLF_TEXT, state, "of the context: ready, lost, recovering or failed")},
	{LINE("adapter", "ADAPTER", CXLF_TEXT, adapter, "the adapter it is on")},
	{LINE("parent", "PARENT", CXLF_TEXT, parent, "of a clone: the context it was made from")},
	{.key = "luns", .type = CXLF_RECORDS, .of = cxlf_context_lun_fields, .get = luns},
	{.key = "handle", .type = CXLF_RECORD, .of = cxlf_context_handle_fields, .get = handle},
	{.key = "handles", .type = CXLF_RECORDS, .of = cxlf_context_handle_fields, .get = handles},
	{LINE("free_at_most_bytes", "FREE-AT-MOST", CXLF_BYTES, free_bytes, "what may be left on the LUN")},
	{.type = CXLF_END},
};

int cxlf_outcome_show(struct cxlf_out *out, const struct cxlf_outcome *outcome, struct cxlf_err *err, const char *line)
{
	if (out->format == CXLF_FORMAT_TABLE && !out->columns) {
		cxlf_out_line(out, "%s", line);
		return 0;
	}
	return cxlf_out_show(out,
			     &(struct cxlf_view){
				     .document = cxlf_outcome_fields,
				     .rows = {.fields = cxlf_outcome_fields, .of = outcome, .n = 1},
			     },
			     err);
}
