/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of sense data and of checked LUNs.
 */
#include "verify.h"

#include "context.h"
#include "fields.h"

#include <limits.h>

#define KEY(k, h, t, g) .key = k, .heading = h, .type = t, .get = g

/* ---- sense data ---- */

static const struct cxlf_sense *sense_of(struct cxlf_row row)
{
	return (const struct cxlf_sense *)row.of + row.i;
}

static void sense_format(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, sense_of(row)->descriptor ? "descriptor" : "fixed");
}

static void sense_deferred(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, sense_of(row)->deferred);
}

static void sense_key(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_print(v, "%x", sense_of(row)->key);
}

static void sense_key_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, sense_of(row)->key_text);
}

static void sense_asc(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (sense_of(row)->has_asc)
		cxlf_value_print(v, "%02x", sense_of(row)->asc);
}

static void sense_ascq(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (sense_of(row)->has_asc)
		cxlf_value_print(v, "%02x", sense_of(row)->ascq);
}

static void sense_asc_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, sense_of(row)->asc_text);
}

static void sense_information(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (sense_of(row)->has_information)
		cxlf_value_hex(v, sense_of(row)->information);
}

static void sense_progress(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (sense_of(row)->has_progress)
		cxlf_value_number(v, sense_of(row)->progress * 100u / 65536u);
}

/* What VERIFY does about such sense data. */
static const char *meaning_name(enum cxlf_sense_meaning meaning)
{
	static const char *const name[] = {
		[CXLF_SENSE_BENIGN] = "none",
		[CXLF_SENSE_CAPACITY] = "capacity",
		[CXLF_SENSE_LUNS] = "luns",
		[CXLF_SENSE_ERROR] = "refused",
	};

	return name[meaning];
}

static void sense_meaning(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, meaning_name(sense_of(row)->meaning));
}

const struct cxlf_field cxlf_sense_fields[] = {
	{KEY("format", "Format", CXLF_TEXT, sense_format), .shown = true, .help = "fixed or descriptor"},
	{KEY("deferred", "Deferred", CXLF_FLAG, sense_deferred), .shown = true,
	 .help = "it is about an earlier command"},
	{KEY("key", "Key", CXLF_TEXT, sense_key), .shown = true, .help = "sense key, hex"},
	{KEY("key_text", "Key text", CXLF_TEXT, sense_key_text), .shown = true, .help = "its name"},
	{KEY("asc", "ASC", CXLF_TEXT, sense_asc), .shown = true, .help = "additional sense code, hex"},
	{KEY("ascq", "ASCQ", CXLF_TEXT, sense_ascq), .shown = true, .help = "its qualifier, hex"},
	{KEY("asc_text", "ASC text", CXLF_TEXT, sense_asc_text), .shown = true, .help = "what the two mean"},
	{KEY("information", "Information", CXLF_TEXT, sense_information), .shown = true,
	 .help = "the information field, hex: usually a block"},
	{KEY("progress_percent", "Progress", CXLF_COUNT, sense_progress), .shown = true,
	 .help = "how much of what it is busy with is done"},
	{KEY("driver_action", "Driver action", CXLF_TEXT, sense_meaning), .shown = true,
	 .help = "what the driver does when it is told: none, capacity (it reads it again), luns (it scans the host) "
		 "or "
		 "refused"},
	{.type = CXLF_END},
};

/* ---- paths of a checked LUN: `of` is the check, `i` the path ---- */

static const struct cxlf_check *check_at(struct cxlf_row row)
{
	return (const struct cxlf_check *)row.of + row.i;
}

static const struct cxlf_path_check *path_of(struct cxlf_row row)
{
	return ((const struct cxlf_check *)row.of)->verify.path + row.i;
}

static struct cxlf_row path_to_path(struct cxlf_row row)
{
	return (struct cxlf_row){.of = ((const struct cxlf_check *)row.of)->topology, .i = path_of(row)->path};
}

static void value_verdict(struct cxlf_value *v, enum cxlf_lun_verdict verdict)
{
	cxlf_value_text(v, cxlf_lun_verdict_name(verdict));
	v->tone = verdict == CXLF_LUN_UNCHANGED ? CXLF_GOOD : CXLF_BAD;
}

static void value_size(struct cxlf_value *v, uint64_t bytes)
{
	if (bytes)
		cxlf_value_number(v, bytes);
}

static void value_code(struct cxlf_value *v, const struct cxlf_err *err)
{
	if (err->code)
		cxlf_value_text(v, cxlf_code_info(err->code)->name);
}

static void path_verdict(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_verdict(v, path_of(row)->verdict);
}

static void path_ready(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, path_of(row)->scsi.ready);
}

static void path_device_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (!path_of(row)->has_wwid)
		return;
	cxlf_wwid_text(&path_of(row)->wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

static void path_device_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, path_of(row)->scsi.size_bytes);
}

static void path_device_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, path_of(row)->scsi.block_bytes);
}

static void path_attentions(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = path_of(row)->scsi.attention, .n = path_of(row)->scsi.n_attentions};
	v->known = true;
}

static void path_sense(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = &path_of(row)->scsi.sense, .n = 1};
	v->known = path_of(row)->scsi.has_sense;
}

static void path_code(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_code(v, &path_of(row)->err);
}

static const struct cxlf_field path_fields[] = {
	{.type = CXLF_INCLUDE, .of = cxlf_path_fields, .via = path_to_path},
	{KEY("verdict", NULL, CXLF_TEXT, path_verdict)},
	{KEY("ready", NULL, CXLF_FLAG, path_ready)},
	{KEY("device_wwid", NULL, CXLF_TEXT, path_device_wwid)},
	{KEY("device_size_bytes", NULL, CXLF_BYTES, path_device_size)},
	{KEY("device_block_bytes", NULL, CXLF_BYTES, path_device_block)},
	{KEY("attentions", NULL, CXLF_RECORDS, path_attentions), .of = cxlf_sense_fields},
	{KEY("sense", NULL, CXLF_RECORD, path_sense), .of = cxlf_sense_fields},
	{KEY("error_code", NULL, CXLF_TEXT, path_code)},
	{.type = CXLF_END},
};

/* ---- what the driver says of it ---- */

static void driver_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, check_at(row)->verify.driver_bytes);
}

static void driver_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, check_at(row)->verify.driver_block_bytes);
}

static void driver_verdict(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (check_at(row)->verify.has_driver_verdict)
		cxlf_value_text(v, cxlf_context_verdict_name(check_at(row)->verify.driver.kind));
}

static void driver_new_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (check_at(row)->verify.has_driver_verdict)
		value_size(v, check_at(row)->verify.driver.new_bytes);
}

static const struct cxlf_field driver_fields[] = {
	{KEY("size_bytes", NULL, CXLF_BYTES, driver_size)},
	{KEY("block_bytes", NULL, CXLF_BYTES, driver_block)},
	{KEY("verdict", NULL, CXLF_TEXT, driver_verdict)},
	{KEY("new_size_bytes", NULL, CXLF_BYTES, driver_new_size)},
	{.type = CXLF_END},
};

/* ---- checked LUNs ---- */

static const struct cxlf_verify *verify_of(struct cxlf_row row)
{
	return &check_at(row)->verify;
}

static void check_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_wwid_text(&verify_of(row)->wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

static void check_verdict(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_verdict(v, verify_of(row)->verdict);
}

static void check_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, verify_of(row)->size_bytes);
}

static void check_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, verify_of(row)->block_bytes);
}

static void check_old_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (verify_of(row)->memory)
		value_size(v, verify_of(row)->old_bytes);
}

static void check_old_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (verify_of(row)->memory)
		value_size(v, verify_of(row)->old_block_bytes);
}

static void check_memory(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, verify_of(row)->memory);
}

static void check_paths(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, verify_of(row)->n_paths);
}

static void check_answering(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	unsigned n = 0;

	(void)field;
	for (unsigned i = 0; i < verify_of(row)->n_paths; i++)
		n += !verify_of(row)->path[i].err.code;
	cxlf_value_number(v, n);
	if (n < verify_of(row)->n_paths)
		v->tone = CXLF_BAD;
}

static void check_mode(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (verify_of(row)->lun != UINT_MAX)
		cxlf_value_mode(v, check_at(row)->topology->lun[verify_of(row)->lun].mode);
}

static void check_code(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_code(v, &verify_of(row)->err);
}

static void check_driver(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = check_at(row), .n = 1};
	v->known = verify_of(row)->has_driver;
}

static void check_all_paths(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = check_at(row), .n = verify_of(row)->n_paths};
	v->known = true;
}

const struct cxlf_field cxlf_check_fields[] = {
	{KEY("wwid", "WWID", CXLF_TEXT, check_wwid), .shown = true, .help = "the LUN"},
	{KEY("verdict", "VERDICT", CXLF_TEXT, check_verdict), .shown = true,
	 .help = "unchanged, capacity-changed, identity-changed, luns-changed, not-in-baseline, missing or "
		 "not-answering"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES, check_size), .shown = true, .help = "capacity, as the device says"},
	{KEY("old_size_bytes", "WAS", CXLF_BYTES, check_old_size), .shown = true,
	 .help = "capacity that was remembered, if it is another"},
	{KEY("block_bytes", "BLOCK", CXLF_BYTES, check_block), .help = "logical block, as the device says"},
	{KEY("old_block_bytes", "BLOCK-WAS", CXLF_BYTES, check_old_block), .help = "block that was remembered"},
	{KEY("remembered_by", "REMEMBERED-BY", CXLF_TEXT, check_memory),
	 .help = "who remembered another capacity: the kernel, the driver, the baseline or another path"},
	{KEY("path_count", "PATHS", CXLF_COUNT, check_paths), .shown = true, .help = "paths to it"},
	{KEY("answering_count", "ANSWERING", CXLF_COUNT, check_answering), .shown = true,
	 .help = "paths whose device answered everything"},
	{KEY("mode", "MODE", CXLF_TEXT, check_mode), .help = "legacy, superpipe or mixed; never changed by the check"},
	{KEY("error_code", "ERROR", CXLF_TEXT, check_code), .help = "of the error, unless unchanged"},
	{KEY("driver", NULL, CXLF_RECORD, check_driver), .of = driver_fields},
	{KEY("paths", NULL, CXLF_RECORDS, check_all_paths), .of = path_fields},
	{.type = CXLF_END},
};
