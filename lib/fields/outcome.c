/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result of a command on a context or on one of its handles, as output fields.
 */
#include "outcome.h"
#include "context.h"
#include "discover/topology.h"
#include "held_name.h"

#include <stdarg.h>

void cxlf_outcome_free(struct cxlf_outcome *outcome)
{
	cxlf_holder_info_free(&outcome->info);
}

static const struct cxlf_outcome *outcome_of(struct cxlf_row row)
{
	return row.of;
}

static const void *info_of(struct cxlf_row row)
{
	return &outcome_of(row)->info;
}

static const void *running_of(struct cxlf_row row)
{
	return outcome_of(row)->ended || !outcome_of(row)->info.pid ? NULL : row.of;
}

static struct cxlf_row to_handle(struct cxlf_row row)
{
	const struct cxlf_outcome *outcome = row.of;
	const struct cxlf_context_handle *found =
		outcome->has_handle ? cxlf_holder_handle(&outcome->info, outcome->handle) : NULL;

	return found ? (struct cxlf_row){&outcome->info, (size_t)(found - outcome->info.handle)} : (struct cxlf_row){0};
}

/* The handle, or NULL: a command on a context, a dry run, or the handle was released. */
static const void *handle_of(struct cxlf_row row)
{
	const struct cxlf_holder_info *info = to_handle(row).of;

	return info ? &info->handle[to_handle(row).i] : NULL;
}

static const void *lun_of(struct cxlf_row row)
{
	const struct cxlf_context_handle *handle = handle_of(row);

	return handle && handle->lun < outcome_of(row)->info.n_luns ? &outcome_of(row)->info.lun[handle->lun] : NULL;
}

/* A dry run has only the size in whole chunks. */
static void requested(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_context_handle *handle = handle_of(row);

	if (outcome_of(row)->dry_run && outcome_of(row)->has_sizes)
		cxlf_value_number(v, outcome_of(row)->wanted_bytes);
	else if (handle && handle->is_virtual)
		cxlf_value_number(v, handle->requested_bytes);
}

static void id(struct cxlf_row row, struct cxlf_value *v)
{
	if (outcome_of(row)->has_handle)
		cxlf_value_text(v, cxlf_held_text(outcome_of(row)->info.name, outcome_of(row)->handle, v->buf));
}

#define OUTCOME(member) CXLF_AT(NULL, struct cxlf_outcome, member)

const struct cxlf_field cxlf_outcome_fields[] = {
	CXLF_FIELD("changed", "CHANGED", CXLF_FLAG, 0, "whether anything was changed", OUTCOME(changed)),
	CXLF_FIELD("dry_run", "DRY-RUN", CXLF_FLAG, 0, "whether this is only the plan", OUTCOME(dry_run)),
	CXLF_FIELD("ended", "ENDED", CXLF_FLAG, 0, "whether the context ended", OUTCOME(ended)),
	CXLF_FIELD("id", "ID", CXLF_TEXT, 0, "NAME/HANDLE, as commands take it", .get = id),
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, 0, "the handle's LUN", CXLF_AT(lun_of, struct cxlf_context_lun, wwid),
		   .lines_only = true),
	CXLF_FIELD("requested_bytes", "REQUESTED", CXLF_BYTES, 0, "size requested (virtual)", .get = requested,
		   .lines_only = true),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0, "size of the handle now",
		   CXLF_AT(handle_of, struct cxlf_context_handle, size_bytes), .zero = CXLF_ZERO_KNOWN,
		   .lines_only = true),
	CXLF_FIELD("context", "CONTEXT", CXLF_TEXT, 0, "the context's name", OUTCOME(info.name)),
	CXLF_FIELD("context_id", "CONTEXT-ID", CXLF_HEX, 0, "the driver's id of the context", OUTCOME(info.context),
		   .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("pid", "PID", CXLF_COUNT, 0, "the holder's process",
		   CXLF_AT(running_of, struct cxlf_outcome, info.pid)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, 0, "of the context: ready, lost, recovering or failed",
		   CXLF_AT(running_of, struct cxlf_outcome, info.state), CXLF_WORDS(cxlf_context_state_words)),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter it is on", OUTCOME(info.adapter_name)),
	CXLF_FIELD("parent", "PARENT", CXLF_TEXT, 0, "of a clone: the context it was made from", OUTCOME(info.parent)),
	CXLF_KEY("luns", CXLF_RECORDS, .of = cxlf_context_lun_fields,
		 CXLF_AT(info_of, struct cxlf_holder_info, n_luns)),
	CXLF_KEY("handle", CXLF_RECORD, .of = cxlf_context_handle_fields, .via = to_handle),
	CXLF_KEY("handles", CXLF_RECORDS, .of = cxlf_context_handle_fields,
		 CXLF_AT(info_of, struct cxlf_holder_info, n_handles)),
	CXLF_FIELD("size_before_bytes", "SIZE-BEFORE", CXLF_BYTES, 0, "size of the virtual LUN before",
		   OUTCOME(before_bytes), CXLF_IF(struct cxlf_outcome, has_sizes), .zero = CXLF_ZERO_KNOWN),
	CXLF_FIELD("size_wanted_bytes", "SIZE-WANTED", CXLF_BYTES, 0, "size requested, in whole chunks",
		   OUTCOME(wanted_bytes), CXLF_IF(struct cxlf_outcome, has_sizes), .zero = CXLF_ZERO_KNOWN),
	CXLF_FIELD("free_at_most_bytes", "FREE-AT-MOST", CXLF_BYTES, CXLF_WANT_FREE,
		   "largest size that may still be free on the LUN", OUTCOME(free_bytes),
		   CXLF_IF(struct cxlf_outcome, knows_free), .zero = CXLF_ZERO_KNOWN),
	CXLF_FIELDS_END,
};

int cxlf_outcome_show(struct cxlf_out *out, const struct cxlf_outcome *outcome, struct cxlf_err *err, const char *fmt,
		      ...)
{
	char line[200];
	va_list ap;

	if (out->format != CXLF_FORMAT_TABLE || out->columns)
		return CXLF_SHOW(out, err, .document = cxlf_outcome_fields,
				 .rows = {.fields = cxlf_outcome_fields, .of = outcome, .n = 1});
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	cxlf_out_line(out, "%s", line);
	return 0;
}
