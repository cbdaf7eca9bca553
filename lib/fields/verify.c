/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of sense data and of checked LUNs.
 */
#include "verify.h"

#include "context.h"
#include "fields.h"

#include <limits.h>

/* ---- sense data ---- */

static const void *sense_of(struct cxlf_row row)
{
	return (const struct cxlf_sense *)row.of + row.i;
}

static void sense_key(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_sense *sense = sense_of(row);

	cxlf_value_print(v, "%x", sense->key);
}

static void sense_progress(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_sense *sense = sense_of(row);

	if (sense->has_progress)
		cxlf_value_number(v, sense->progress * 100u / 65536u);
}

static const struct cxlf_word format_words[] = {{"fixed", CXLF_PLAIN}, {"descriptor", CXLF_PLAIN}};
/* What the driver's VERIFY request does with such sense data. */
static const struct cxlf_word action_words[] = {
	[CXLF_SENSE_BENIGN] = {"none", CXLF_PLAIN},
	[CXLF_SENSE_CAPACITY] = {"capacity", CXLF_PLAIN},
	[CXLF_SENSE_LUNS] = {"luns", CXLF_PLAIN},
	[CXLF_SENSE_ERROR] = {"refused", CXLF_PLAIN},
};

#define SENSE(member) CXLF_AT(sense_of, struct cxlf_sense, member)

const struct cxlf_field cxlf_sense_fields[] = {
	CXLF_FIELD("format", "Format", CXLF_TEXT, 0, "fixed or descriptor", SENSE(descriptor),
		   CXLF_WORDS(format_words)),
	CXLF_FIELD("deferred", "Deferred", CXLF_FLAG, 0, "whether the error is of an earlier command", SENSE(deferred)),
	CXLF_FIELD("key", "Key", CXLF_TEXT, 0, "sense key, hex", .get = sense_key),
	CXLF_FIELD("key_text", "Key text", CXLF_TEXT, 0, "name of the sense key", SENSE(key_text)),
	CXLF_FIELD("asc", "ASC", CXLF_HEX, 0, "additional sense code, hex", SENSE(asc),
		   CXLF_IF(struct cxlf_sense, has_asc)),
	CXLF_FIELD("ascq", "ASCQ", CXLF_HEX, 0, "additional sense code qualifier, hex", SENSE(ascq),
		   CXLF_IF(struct cxlf_sense, has_asc)),
	CXLF_FIELD("asc_text", "ASC text", CXLF_TEXT, 0, "meaning of ASC and ASCQ", SENSE(asc_text)),
	CXLF_FIELD("information", "Information", CXLF_HEX, 0, "INFORMATION field, hex: usually a block address",
		   SENSE(information), CXLF_IF(struct cxlf_sense, has_information)),
	CXLF_FIELD("progress_percent", "Progress", CXLF_COUNT, 0, "progress of the operation in progress, in percent",
		   .get = sense_progress),
	CXLF_FIELD("driver_action", "Driver action", CXLF_TEXT, 0,
		   "what the driver does with it: none, capacity (reads the capacity again), luns (scans the host for "
		   "LUNs) "
		   "or refused",
		   SENSE(meaning), CXLF_WORDS(action_words)),
	CXLF_FIELDS_END,
};

/* ---- paths of a checked LUN: `of` is the check, `i` the path ---- */

static const void *check_of(struct cxlf_row row)
{
	return (const struct cxlf_checked_lun *)row.of + row.i;
}

static const void *path_of(struct cxlf_row row)
{
	return ((const struct cxlf_checked_lun *)row.of)->verify.path + row.i;
}

static struct cxlf_row path_to_path(struct cxlf_row row)
{
	const struct cxlf_checked_lun *check = row.of;

	return (struct cxlf_row){.of = check->topology, .i = check->verify.path[row.i].path};
}

static void value_verdict(struct cxlf_value *v, enum cxlf_lun_verdict verdict)
{
	cxlf_value_text(v, cxlf_lun_verdict_name(verdict));
	v->tone = verdict == CXLF_LUN_UNCHANGED ? CXLF_GOOD : CXLF_BAD;
}

static void path_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	value_verdict(v, ((const struct cxlf_checked_lun *)row.of)->verify.path[row.i].verdict);
}

static void path_attentions(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_path_check *path = path_of(row);

	cxlf_value_rows(v, path->scsi.attention, path->scsi.n_attentions);
}

static struct cxlf_row path_to_sense(struct cxlf_row row)
{
	const struct cxlf_path_check *path = path_of(row);

	return (struct cxlf_row){.of = path->scsi.has_sense ? &path->scsi.sense : NULL};
}

#define PATH(member) CXLF_AT(path_of, struct cxlf_path_check, member)

static const struct cxlf_field path_fields[] = {
	CXLF_ALL_OF(cxlf_path_fields, .via = path_to_path),
	CXLF_KEY("verdict", CXLF_TEXT, .get = path_verdict),
	CXLF_KEY("ready", CXLF_FLAG, PATH(scsi.ready)),
	CXLF_KEY("device_wwid", CXLF_TEXT, PATH(wwid)),
	CXLF_KEY("device_size_bytes", CXLF_BYTES, PATH(scsi.size_bytes)),
	CXLF_KEY("device_block_bytes", CXLF_BYTES, PATH(scsi.block_bytes)),
	CXLF_KEY("attentions", CXLF_RECORDS, .of = cxlf_sense_fields, .get = path_attentions),
	CXLF_KEY("sense", CXLF_RECORD, .of = cxlf_sense_fields, .via = path_to_sense),
	CXLF_KEY("error_code", CXLF_TEXT, PATH(err)),
	CXLF_FIELDS_END,
};

/* ---- the driver's answer ---- */

static const void *verify_of(struct cxlf_row row)
{
	const struct cxlf_checked_lun *check = check_of(row);

	return &check->verify;
}

static const void *driver_answer_of(struct cxlf_row row)
{
	const struct cxlf_verify *verify = verify_of(row);

	return verify->has_driver_verdict ? verify : NULL;
}

static void driver_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_verify *verify = driver_answer_of(row);

	if (verify)
		cxlf_value_text(v, cxlf_context_verdict_name(verify->driver.kind));
}

#define VERIFY(member) CXLF_AT(verify_of, struct cxlf_verify, member)

static const struct cxlf_field driver_fields[] = {
	CXLF_KEY("size_bytes", CXLF_BYTES, VERIFY(driver_bytes)),
	CXLF_KEY("block_bytes", CXLF_BYTES, VERIFY(driver_block_bytes)),
	CXLF_KEY("verdict", CXLF_TEXT, .get = driver_verdict),
	CXLF_KEY("new_size_bytes", CXLF_BYTES, CXLF_AT(driver_answer_of, struct cxlf_verify, driver.new_bytes)),
	CXLF_FIELDS_END,
};

/* ---- checked LUNs ---- */

static const void *remembered_of(struct cxlf_row row)
{
	const struct cxlf_verify *verify = verify_of(row);

	return verify->memory ? verify : NULL;
}

static struct cxlf_row check_to_driver(struct cxlf_row row)
{
	const struct cxlf_verify *verify = verify_of(row);

	return (struct cxlf_row){.of = verify->has_driver ? row.of : NULL, .i = row.i};
}

static void check_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_verify *verify = verify_of(row);

	value_verdict(v, verify->verdict);
}

static void check_answering(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_verify *verify = verify_of(row);
	unsigned n = 0;

	for (unsigned i = 0; i < verify->n_paths; i++)
		n += !verify->path[i].err.code;
	cxlf_value_number(v, n);
	if (n < verify->n_paths)
		v->tone = CXLF_BAD;
}

static void check_mode(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_checked_lun *check = check_of(row);

	if (check->verify.lun != UINT_MAX)
		CXLF_VALUE_PICK(v, cxlf_mode_words, check->topology->lun[check->verify.lun].mode);
}

const struct cxlf_field cxlf_check_count_fields[] = {
	CXLF_FIELD("path_count", "PATHS", CXLF_COUNT, 0, "number of paths", VERIFY(n_paths)),
	CXLF_FIELD("answering_count", "ANSWERING", CXLF_COUNT, 0, "number of paths on which every command was answered",
		   .get = check_answering),
	CXLF_FIELDS_END,
};

const struct cxlf_field cxlf_check_fields[] = {
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, 0, "the LUN", VERIFY(wwid)),
	CXLF_FIELD("verdict", "VERDICT", CXLF_TEXT, 0,
		   "unchanged, capacity-changed, identity-changed, luns-changed, paths-missing, not-in-baseline, "
		   "missing, not-answering or unknown",
		   .get = check_verdict),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0, "capacity reported by the device", VERIFY(size_bytes)),
	CXLF_FIELD("old_size_bytes", "WAS", CXLF_BYTES, 0, "recorded capacity, if it differs",
		   CXLF_AT(remembered_of, struct cxlf_verify, old_bytes)),
	CXLF_FIELD("block_bytes", "BLOCK", CXLF_BYTES, 0, "logical block size reported by the device",
		   VERIFY(block_bytes)),
	CXLF_FIELD("old_block_bytes", "BLOCK-WAS", CXLF_BYTES, 0, "recorded block size, if it differs",
		   CXLF_AT(remembered_of, struct cxlf_verify, old_block_bytes)),
	CXLF_FIELD("remembered_by", "REMEMBERED-BY", CXLF_TEXT, 0,
		   "where the other capacity is recorded: the kernel, the driver, the baseline, a held context or "
		   "another path",
		   VERIFY(memory)),
	CXLF_ALL_OF(cxlf_check_count_fields),
	CXLF_FIELD("mode", "MODE", CXLF_TEXT, 0, "legacy, superpipe or mixed", .get = check_mode),
	CXLF_FIELD("error_code", "ERROR", CXLF_TEXT, 0, "error code, unless unchanged", VERIFY(err)),
	CXLF_KEY("driver", CXLF_RECORD, .of = driver_fields, .via = check_to_driver),
	CXLF_KEY("paths", CXLF_RECORDS, .of = path_fields, CXLF_AT(check_of, struct cxlf_checked_lun, verify.n_paths)),
	CXLF_FIELDS_END,
};
