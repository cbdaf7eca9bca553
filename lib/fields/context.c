/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of held contexts.
 */
#include "context.h"

#include "held_name.h"
#include "size.h"

static const struct cxlf_holder_info *info_of(struct cxlf_row row)
{
	return row.of;
}

/* ---- values ---- */

uint64_t cxlf_holder_size(const struct cxlf_holder_info *info)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < info->n_handles; i++)
		sum += info->handle[i].size_bytes;
	return sum;
}

/* ---- LUNs ---- */

static const void *lun_of(struct cxlf_row row)
{
	return &info_of(row)->lun[row.i];
}

#define LUN(member) CXLF_AT(lun_of, struct cxlf_context_lun, member)

const struct cxlf_field cxlf_context_lun_fields[] = {
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, 0, "the LUN", LUN(wwid)),
	CXLF_FIELD("hctl", "H:C:T:L", CXLF_TEXT, 0, "the path it was attached through", LUN(hctl)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0, "capacity", LUN(size_bytes)),
	CXLF_FIELD("block_bytes", "BLOCK", CXLF_BYTES, 0, "logical block size", LUN(block_bytes)),
	CXLF_FIELDS_END,
};

/* ---- handles ---- */

static const void *handle_of(struct cxlf_row row)
{
	return &info_of(row)->handle[row.i];
}

/* NULL if the holder sent an index that is not valid. */
static const void *handle_lun_of(struct cxlf_row row)
{
	const struct cxlf_holder_info *info = info_of(row);
	const struct cxlf_context_handle *handle = handle_of(row);

	return handle->lun < info->n_luns ? &info->lun[handle->lun] : NULL;
}

static void handle_id(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, cxlf_held_text(info_of(row)->name, info_of(row)->handle[row.i].number, v->buf));
}

static void handle_chunks(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_context_handle *handle = handle_of(row);
	const struct cxlf_context_lun *lun = handle_lun_of(row);

	if (handle->is_virtual && lun && lun->block_bytes)
		cxlf_value_number(v, handle->size_bytes / cxlf_chunk_bytes(lun->block_bytes));
}

static const struct cxlf_word type_words[] = {{"physical", CXLF_PLAIN}, {"virtual", CXLF_PLAIN}};

#define HANDLE(member) CXLF_AT(handle_of, struct cxlf_context_handle, member)
#define VIRTUAL(member) HANDLE(member), CXLF_IF(struct cxlf_context_handle, is_virtual)

const struct cxlf_field cxlf_context_handle_fields[] = {
	CXLF_FIELD("id", "ID", CXLF_TEXT, 0, "NAME/HANDLE, as commands take it", .get = handle_id),
	CXLF_FIELD("handle", "HANDLE", CXLF_COUNT, 0, "number of the handle in its context", HANDLE(number)),
	CXLF_FIELD("type", "TYPE", CXLF_TEXT, 0, "virtual or physical", HANDLE(is_virtual), CXLF_WORDS(type_words)),
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, 0, "the handle's LUN",
		   CXLF_AT(handle_lun_of, struct cxlf_context_lun, wwid)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0,
		   "size: of a virtual LUN in whole chunks, of a physical handle that of the LUN", HANDLE(size_bytes),
		   .zero = CXLF_ZERO_KNOWN),
	CXLF_FIELD("requested_bytes", "REQUESTED", CXLF_BYTES, 0, "size requested last (virtual)",
		   VIRTUAL(requested_bytes), .zero = CXLF_ZERO_KNOWN),
	CXLF_FIELD("chunk_count", "CHUNKS", CXLF_COUNT, 0, "number of chunks of 65536 blocks of the LUN (virtual)",
		   .get = handle_chunks),
	CXLF_FIELD("last_lba", "LAST-LBA", CXLF_HEX, 0,
		   "last block, as the driver returns it: virtual in blocks of 4 KiB (all ones: size 0), physical in "
		   "blocks "
		   "of the LUN",
		   HANDLE(last_lba)),
	CXLF_FIELD("all_ports", "ALL-PORTS", CXLF_FLAG, 0,
		   "whether two or more ports of the adapter serve it (virtual)", VIRTUAL(all_ports)),
	CXLF_FIELDS_END,
};

/* ---- events ---- */

static const void *event_of(struct cxlf_row row)
{
	return &info_of(row)->event[row.i];
}

const struct cxlf_field cxlf_context_event_fields[] = {
	CXLF_FIELD("time", "TIME", CXLF_TIME, 0, "time (UTC)", CXLF_AT(event_of, struct cxlf_holder_event, time)),
	CXLF_FIELD("text", "EVENT", CXLF_TEXT, 0, "what happened", CXLF_AT(event_of, struct cxlf_holder_event, text)),
	CXLF_FIELDS_END,
};
