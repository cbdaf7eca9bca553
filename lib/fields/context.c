/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of held contexts.
 */
#include "context.h"

#include "size.h"

#include <inttypes.h>
#include <time.h>

#define KEY(k, h, t) .key = k, .heading = h, .type = t

static const struct cxlf_holder_info *info_of(struct cxlf_row row)
{
	return row.of;
}

/* ---- values ---- */

void cxlf_value_context_state(struct cxlf_value *v, enum cxlf_context_state state)
{
	cxlf_value_text(v, cxlf_context_state_name(state));
	v->tone = state == CXLF_CONTEXT_READY ? CXLF_GOOD : state == CXLF_CONTEXT_RECOVERING ? CXLF_WARN : CXLF_BAD;
}

void cxlf_value_time(struct cxlf_value *v, int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (seconds && gmtime_r(&when, &tm) && strftime(v->buf, sizeof(v->buf), "%Y-%m-%dT%H:%M:%SZ", &tm))
		cxlf_value_text(v, v->buf);
}

void cxlf_value_hex(struct cxlf_value *v, uint64_t number)
{
	cxlf_value_print(v, "%016" PRIx64, number);
}

uint64_t cxlf_holder_size(const struct cxlf_holder_info *info)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < info->n_handles; i++)
		sum += info->handle[i].size_bytes;
	return sum;
}

static void value_wwid(struct cxlf_value *v, const struct cxlf_wwid *wwid)
{
	cxlf_wwid_text(wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

/* ---- LUNs ---- */

static const struct cxlf_context_lun *lun_of(struct cxlf_row row)
{
	return &info_of(row)->lun[row.i];
}

static void lun_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_wwid(v, &lun_of(row)->wwid);
}

static void lun_hctl(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, lun_of(row)->hctl);
}

static void lun_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, lun_of(row)->size_bytes);
}

static void lun_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, lun_of(row)->block_bytes);
}

const struct cxlf_field cxlf_context_lun_fields[] = {
	{KEY("wwid", "WWID", CXLF_TEXT), .shown = true, .get = lun_wwid, .help = "the LUN"},
	{KEY("hctl", "H:C:T:L", CXLF_TEXT), .shown = true, .get = lun_hctl, .help = "the path it was attached through"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES), .shown = true, .get = lun_size, .help = "capacity"},
	{KEY("block_bytes", "BLOCK", CXLF_BYTES), .shown = true, .get = lun_block, .help = "logical block"},
	{.type = CXLF_END},
};

/* ---- handles ---- */

static const struct cxlf_context_handle *handle_of(struct cxlf_row row)
{
	return &info_of(row)->handle[row.i];
}

/* NULL when a holder says nonsense. */
static const struct cxlf_context_lun *handle_lun_of(struct cxlf_row row)
{
	const struct cxlf_holder_info *info = info_of(row);

	return handle_of(row)->lun < info->n_luns ? &info->lun[handle_of(row)->lun] : NULL;
}

static void handle_id(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_print(v, "%s/%" PRIu64, info_of(row)->name, handle_of(row)->number);
}

static void handle_number(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, handle_of(row)->number);
}

static void handle_type(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, handle_of(row)->is_virtual ? "virtual" : "physical");
}

static void handle_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (handle_lun_of(row))
		value_wwid(v, &handle_lun_of(row)->wwid);
}

static void handle_requested(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (handle_of(row)->is_virtual)
		cxlf_value_number(v, handle_of(row)->requested_bytes);
}

static void handle_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, handle_of(row)->size_bytes);
}

static void handle_chunks(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_context_lun *lun = handle_lun_of(row);

	(void)field;
	if (handle_of(row)->is_virtual && lun && lun->block_bytes)
		cxlf_value_number(v, handle_of(row)->size_bytes / cxlf_chunk_bytes(lun->block_bytes));
}

static void handle_last_lba(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_hex(v, handle_of(row)->last_lba);
}

static void handle_all_ports(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (handle_of(row)->is_virtual)
		cxlf_value_flag(v, handle_of(row)->all_ports);
}

const struct cxlf_field cxlf_context_handle_fields[] = {
	{KEY("id", "ID", CXLF_TEXT), .shown = true, .get = handle_id, .help = "NAME/HANDLE, as commands take it"},
	{KEY("handle", "HANDLE", CXLF_COUNT), .get = handle_number, .help = "the driver's number within the context"},
	{KEY("type", "TYPE", CXLF_TEXT), .shown = true, .get = handle_type, .help = "virtual or physical"},
	{KEY("wwid", "WWID", CXLF_TEXT), .shown = true, .get = handle_wwid, .help = "the LUN it is on"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES), .shown = true, .get = handle_size,
	 .help = "of a virtual LUN whole chunks, of a physical handle the LUN"},
	{KEY("requested_bytes", "REQUESTED", CXLF_BYTES), .shown = true, .get = handle_requested,
	 .help = "what was asked for last (virtual)"},
	{KEY("chunk_count", "CHUNKS", CXLF_COUNT), .shown = true, .get = handle_chunks,
	 .help = "allocation units of 65536 blocks of the device (virtual)"},
	{KEY("last_lba", "LAST-LBA", CXLF_TEXT), .get = handle_last_lba,
	 .help = "as the driver says it: virtual in blocks of 4 KiB (all ones: size 0), physical in the device's"},
	{KEY("all_ports", "ALL-PORTS", CXLF_FLAG), .shown = true, .get = handle_all_ports,
	 .help = "whether two or more ports of the adapter serve it (virtual)"},
	{.type = CXLF_END},
};

/* ---- events ---- */

static void event_time(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_time(v, info_of(row)->event[row.i].time);
}

static void event_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, info_of(row)->event[row.i].text);
}

const struct cxlf_field cxlf_context_event_fields[] = {
	{KEY("time", "TIME", CXLF_TEXT), .shown = true, .get = event_time, .help = "when (UTC)"},
	{KEY("text", "EVENT", CXLF_TEXT), .shown = true, .get = event_text, .help = "what happened"},
	{.type = CXLF_END},
};
