// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What commands on held contexts have in common.
 */
#include "held.h"
#include "fields_context.h"
#include "sysfs.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 2000
#define STOP_MS 60000
#define CHECK_MS 1000

bool cxlf_held_parse(const char *text, struct cxlf_held *held)
{
	const char *slash = strchrnul(text, '/');

	*held = (struct cxlf_held){.has_handle = *slash};
	if (slash - text >= CXLF_HOLDER_NAME)
		return false;
	memcpy(held->name, text, (size_t)(slash - text));
	return cxlf_holder_name_ok(held->name) && (!*slash || cxlf_text_u64(slash + 1, 10, &held->handle));
}

int cxlf_held_want(const char *text, bool handle, struct cxlf_held *held, struct cxlf_err *err)
{
	if (cxlf_held_parse(text, held) && held->has_handle == handle)
		return 0;
	cxlf_fail(err, CXLF_E_BAD_VALUE, "\"%.80s\" does not name a %s", text, handle ? "handle" : "context");
	cxlf_cause(err, handle ? "a handle is written CONTEXT/NUMBER, for instance ctx0/3"
			       : "a context is written as its name alone, for instance ctx0");
	return cxlf_fix(err, "cxlflashctl %s", handle ? "vlun list" : "context list");
}

int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_context_handle *handle,
		   uint32_t *block_bytes, struct cxlf_err *err)
{
	struct cxlf_holder_info info;

	if (cxlf_holder_info(held->name, timeout_ms, &info, err))
		return -1;

	const struct cxlf_context_handle *found = cxlf_holder_handle(&info, held->handle);

	if (found) {
		*handle = *found;
		*block_bytes = info.lun[found->lun].block_bytes;
	}
	cxlf_holder_info_free(&info);
	if (found)
		return 0;
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "context %s has no handle %llu", held->name,
		  (unsigned long long)held->handle);
	return cxlf_fix(err, "cxlflashctl vlun list");
}

int cxlf_held_start(const struct cxlf_rack *rack, unsigned path, struct cxlf_held *held, struct cxlf_err *err)
{
	struct cxlf_holder_info info;
	struct cxlf_holder_start start = {.rack = rack,
					  .path = &path,
					  .n_paths = 1,
					  .interrupts = CXLF_CONTEXT_INTERRUPTS,
					  .check_ms = CHECK_MS,
					  .recovers = true,
					  .implicit = true};

	if (cxlf_holder_start(&start, &info, err))
		return -1;
	*held = (struct cxlf_held){0};
	memcpy(held->name, info.name, sizeof(held->name));
	cxlf_holder_info_free(&info);
	return 0;
}

/* The error that led here is the one to show. */
void cxlf_held_abandon(const struct cxlf_held *held)
{
	struct cxlf_err ignored;

	cxlf_holder_stop(held->name, STOP_MS, &ignored);
}

bool cxlf_held_free(const struct cxlf_context_lun *lun, uint64_t *bytes)
{
	struct cxlf_holder_entry *entry;
	struct cxlf_err ignored;
	uint64_t taken = 0, whole;
	bool all = true;
	unsigned n;

	if (!lun->block_bytes || cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &entry, &n, &ignored))
		return false;
	for (unsigned i = 0; i < n; i++) {
		const struct cxlf_holder_info *info = &entry[i].info;

		all &= entry[i].found == CXLF_HOLDER_ANSWERS || entry[i].found == CXLF_HOLDER_STALE;
		for (unsigned k = 0; k < info->n_handles && !*info->parent; k++)
			if (info->handle[k].is_virtual &&
			    cxlf_wwid_equal(&info->lun[info->handle[k].lun].wwid, &lun->wwid))
				taken += info->handle[k].size_bytes;
	}
	cxlf_holder_list_free(entry, n);
	whole = cxlf_lun_chunks(lun->size_bytes, lun->block_bytes) * cxlf_chunk_bytes(lun->block_bytes);
	*bytes = taken < whole ? whole - taken : 0;
	return all;
}

void cxlf_outcome_free(struct cxlf_outcome *outcome)
{
	cxlf_holder_info_free(&outcome->info);
}

/* ---- fields ---- */

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
