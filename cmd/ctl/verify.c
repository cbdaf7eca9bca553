/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl verify: after a check condition, has the LUN behind a handle changed, or any LUN.
 *
 * Held handles are verified by their holder, in the context that the driver knows them by. A LUN is checked as
 * cxlflash-verify does.
 */
#include "fields/verify.h"
#include "command.h"
#include "holder/held.h"
#include "scsi/sense_input.h"

#include <stdio.h>
#include <stdlib.h>

struct verify_args {
	const char *target, *sense;
	unsigned timeout_ms;
};

/* One handle, or the LUN. */
struct result {
	char name[CXLF_HOLDER_NAME + 24]; /* "ctx0/3", or the WWID */
	struct cxlf_wwid wwid;
	const char *verdict;
	char words[80]; /* the same for people */
	uint64_t old_bytes, new_bytes, handle_bytes;
	uint32_t block_bytes;
	bool is_handle;
	enum cxlf_tone tone;
	struct cxlf_err err; /* unless unchanged */
};

struct results {
	const struct verify_args *args;
	bool has_sense, is_lun;
	struct cxlf_sense_input sense;
	struct cxlf_check check; /* if it is a LUN */
	struct result *result;
	unsigned n, n_bad;
};

/* ---- fields ---- */

static const struct result *result_of(struct cxlf_row row)
{
	return ((const struct results *)row.of)->result + row.i;
}

static void result_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, result_of(row)->name);
}

static void result_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_wwid_text(&result_of(row)->wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

static void result_verdict(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, result_of(row)->verdict);
	v->tone = result_of(row)->tone;
}

static void result_words(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, result_of(row)->words);
	v->tone = result_of(row)->tone;
}

/* Any size: `at` is its offset; 0 is unknown. */
static void result_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	uint64_t bytes = *(const uint64_t *)((const char *)result_of(row) + field->at);

	if (bytes)
		cxlf_value_number(v, bytes);
}

static void result_handle_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (result_of(row)->is_handle)
		cxlf_value_number(v, result_of(row)->handle_bytes);
}

static void result_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (result_of(row)->block_bytes)
		cxlf_value_number(v, result_of(row)->block_bytes);
}

static void result_code(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (result_of(row)->err.code)
		cxlf_value_text(v, cxlf_code_info(result_of(row)->err.code)->name);
}

#define KEY(k, h, t, g) .key = k, .heading = h, .type = t, .get = g

static const struct cxlf_field result_fields[] = {
	{KEY("name", "NAME", CXLF_TEXT, result_name), .shown = true, .help = "the handle, NAME/HANDLE, or the LUN"},
	{KEY("wwid", "LUN", CXLF_TEXT, result_wwid), .help = "the LUN behind it"},
	{KEY("verdict", "VERDICT", CXLF_TEXT, result_verdict),
	 .help = "unchanged, capacity-changed, luns-changed, needs-recovery, not-verifiable, failed; of LUNs also "
		 "identity-changed and not-answering"},
	{KEY("result", "RESULT", CXLF_TEXT, result_words), .shown = true, .lines_only = true,
	 .help = "the verdict in words"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES, result_size), .shown = true, .at = offsetof(struct result, new_bytes),
	 .help = "the LUN's capacity now"},
	{KEY("old_size_bytes", "WAS", CXLF_BYTES, result_size), .at = offsetof(struct result, old_bytes),
	 .help = "the LUN's capacity before"},
	{KEY("block_bytes", "BLOCK", CXLF_BYTES, result_block), .help = "the LUN's logical block"},
	{KEY("handle_bytes", "HANDLE-SIZE", CXLF_BYTES, result_handle_size),
	 .help = "the handle's own size: a virtual one does not change with its LUN"},
	{KEY("error_code", "ERROR", CXLF_TEXT, result_code), .help = "of the error, unless unchanged"},
	{.type = CXLF_END},
};

static const struct results *results_of(struct cxlf_row row)
{
	return row.of;
}

static void target(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, results_of(row)->args->target);
}

static void sense(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = &results_of(row)->sense.sense, .n = 1};
	v->known = results_of(row)->has_sense;
}

static void all_results(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = row.of, .n = results_of(row)->n};
	v->known = true;
}

static void lun(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){.fields = field->of, .of = &results_of(row)->check, .n = 1};
	v->known = results_of(row)->is_lun;
}

static const struct cxlf_field verify_document[] = {
	{.key = "target", .type = CXLF_TEXT, .get = target},
	{.key = "sense", .type = CXLF_RECORD, .of = cxlf_sense_fields, .get = sense},
	{.key = "results", .type = CXLF_RECORDS, .of = result_fields, .get = all_results},
	{.key = "lun", .type = CXLF_RECORD, .of = cxlf_check_fields, .get = lun},
	{.type = CXLF_END},
};

/* ---- verdicts ---- */

static void say_capacity(struct result *result)
{
	char was[32], is[32], wwid[CXLF_WWID_TEXT];

	cxlf_size_text(result->old_bytes, CXLF_UNITS_IEC, was, sizeof(was));
	cxlf_size_text(result->new_bytes, CXLF_UNITS_IEC, is, sizeof(is));
	snprintf(result->words, sizeof(result->words), "capacity %s -> %s", was, is);
	cxlf_fail(&result->err, CXLF_E_LUN_CHANGED, "the LUN behind %s has %s, and had %s", result->name, is, was);
	cxlf_wwid_text(&result->wwid, wwid);
	cxlf_fix(&result->err, "see its paths, and how to let the kernel know: cxlflashctl verify %s", wwid);
}

static void judge(struct result *result, const struct cxlf_verdict *verdict, const char *context)
{
	result->verdict = cxlf_context_verdict_name(verdict->kind);
	result->tone = verdict->kind == CXLF_VERDICT_UNCHANGED ? CXLF_GOOD : CXLF_BAD;
	switch (verdict->kind) {
	case CXLF_VERDICT_UNCHANGED:
		snprintf(result->words, sizeof(result->words), "unchanged");
		break;
	case CXLF_VERDICT_CAPACITY:
		say_capacity(result);
		break;
	case CXLF_VERDICT_LUNS:
		snprintf(result->words, sizeof(result->words), "LUNs changed");
		cxlf_fail(&result->err, CXLF_E_LUN_CHANGED, "the storage of %s has other LUNs than before",
			  result->name);
		cxlf_cause(&result->err, "the sense data says so, and the driver has scanned for LUNs");
		cxlf_fix(&result->err, "see them: cxlflashctl list");
		break;
	case CXLF_VERDICT_RECOVERY:
		snprintf(result->words, sizeof(result->words), "needs recovery");
		cxlf_fail(&result->err, CXLF_E_CONTEXT_LOST, "%s cannot be verified: its context was lost",
			  result->name);
		cxlf_fix(&result->err, "cxlflashctl recover %s", context);
		break;
	case CXLF_VERDICT_NOT_VERIFIABLE:
		snprintf(result->words, sizeof(result->words), "not verifiable");
		cxlf_fail(&result->err, CXLF_E_NOT_SUPPORTED, "%s cannot be verified with this sense data",
			  result->name);
		cxlf_cause(&result->err, "the driver acts on unit attentions 29h, 2Ah and 3Fh, and refuses this");
		cxlf_fix(&result->err, "verify without it: cxlflashctl verify %s", result->name);
		break;
	}
}

/* ---- held handles ---- */

static void verify_handle(struct results *results, const struct cxlf_holder_info *info,
			  const struct cxlf_context_handle *handle)
{
	struct result *result = results->result + results->n++;
	const uint8_t *bytes = results->has_sense ? results->sense.byte : NULL;
	struct cxlf_holder_info after = {0};
	struct cxlf_verdict verdict;

	*result = (struct result){.wwid = info->lun[handle->lun].wwid, .is_handle = true};
	snprintf(result->name, sizeof(result->name), "%s/%llu", info->name, (unsigned long long)handle->number);
	if (!cxlf_holder_verify(info->name, results->args->timeout_ms, handle->number, bytes, results->sense.len,
				&verdict, &after, &result->err)) {
		result->err.code = CXLF_OK;
		result->old_bytes = verdict.old_bytes;
		result->new_bytes = verdict.new_bytes;
		result->handle_bytes = verdict.handle_bytes;
		result->block_bytes = verdict.block_bytes;
		judge(result, &verdict, info->name);
	} else {
		result->handle_bytes = handle->size_bytes;
		result->verdict = "failed";
		result->tone = CXLF_BAD;
		snprintf(result->words, sizeof(result->words), "failed");
	}
	cxlf_holder_info_free(&after);
}

static int no_handle(const struct cxlf_held *held, struct cxlf_err *err)
{
	if (held->has_handle)
		cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "context %s has no handle %llu", held->name,
			  (unsigned long long)held->handle);
	else
		cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "context %s has no handle to verify", held->name);
	return cxlf_fix(err, "see them: cxlflashctl context info %s", held->name);
}

/* 0, or -1; CONTEXT_NOT_FOUND if there is no context of this name. */
static int verify_held(struct results *results, const struct cxlf_held *held, struct cxlf_err *err)
{
	__attribute__((cleanup(cxlf_holder_info_free))) struct cxlf_holder_info info = {0};

	if (cxlf_holder_info(held->name, results->args->timeout_ms, &info, err))
		return -1;
	results->result = calloc(info.n_handles + 1, sizeof(*results->result));
	if (!results->result)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to verify %u handles", info.n_handles);
	for (unsigned i = 0; i < info.n_handles; i++)
		if (!held->has_handle || info.handle[i].number == held->handle)
			verify_handle(results, &info, &info.handle[i]);
	return results->n ? 0 : no_handle(held, err);
}

/* ---- LUNs ---- */

static void take_check(struct results *results)
{
	const struct cxlf_verify *verify = &results->check.verify;
	struct result *result = results->result + results->n++;

	*result = (struct result){.wwid = verify->wwid,
				  .verdict = cxlf_lun_verdict_name(verify->verdict),
				  .tone = verify->verdict == CXLF_LUN_UNCHANGED ? CXLF_GOOD : CXLF_BAD,
				  .old_bytes = verify->old_bytes,
				  .new_bytes = verify->size_bytes,
				  .block_bytes = verify->block_bytes};
	cxlf_wwid_text(&verify->wwid, result->name);
	snprintf(result->words, sizeof(result->words), "%s", result->verdict);
	if (verify->verdict == CXLF_LUN_CAPACITY)
		say_capacity(result);
	result->err = verify->err;
}

static int find_lun(struct ctl *ctl, const char *text, unsigned *index, struct cxlf_err *err)
{
	unsigned path;

	if (ctl_scan(ctl, err))
		return -1;
	if (!ctl->topology.n_adapters)
		return cxlf_absence_explain(ctl->sysroot, err);
	return cxlf_find_lun(ctl->sysroot, &ctl->topology, text, (struct cxlf_lun_query){.allow_suffix = true}, index,
			     &path, err);
}

static int verify_lun(struct ctl *ctl, struct results *results, unsigned index, struct cxlf_err *err)
{
	const struct cxlf_verify_options options = {
		.timeout_ms = results->args->timeout_ms,
		.sense = results->has_sense ? &results->sense.sense : NULL,
		.ask_driver = true,
	};

	results->check.topology = &ctl->topology;
	results->result = calloc(1, sizeof(*results->result));
	if (!results->result)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to verify a LUN");
	if (cxlf_verify_lun(&ctl->topology, index, &options, &results->check.verify, err))
		return -1;
	results->is_lun = true;
	take_check(results);
	if (*results->check.verify.warning)
		cxlf_out_warn(&ctl->out, results->result->name, "%s", results->check.verify.warning);
	return 0;
}

/* ---- the command ---- */

/* A name that is no context may be a LUN; if it does not even look like one, it is the context that is missing. */
static int verify_target(struct ctl *ctl, struct results *results, struct cxlf_err *err)
{
	struct cxlf_err no_context = {.code = CXLF_OK};
	struct cxlf_held held;
	unsigned index = 0;

	if (cxlf_held_parse(results->args->target, &held)) {
		if (!verify_held(results, &held, err))
			return 0;
		if (held.has_handle || err->code != CXLF_E_CONTEXT_NOT_FOUND)
			return -1;
		no_context = *err;
	}
	if (!find_lun(ctl, results->args->target, &index, err))
		return verify_lun(ctl, results, index, err);
	if (no_context.code && cxlf_err_exit(err) == CXLF_EXIT_USAGE)
		*err = no_context;
	return -1;
}

static void say_sense(struct ctl *ctl, const struct results *results)
{
	const struct cxlf_sense *told = &results->sense.sense;
	char more[80] = "";

	if (!results->has_sense)
		return;
	if (told->has_information)
		snprintf(more, sizeof(more), ", information %016llxh", (unsigned long long)told->information);
	else if (told->has_progress)
		snprintf(more, sizeof(more), ", %u%% done", told->progress * 100u / 65536u);
	cxlf_out_line(&ctl->out, "Sense: %s%s%s (%x/%02x/%02x)%s", told->key_text, *told->asc_text ? ", " : "",
		      told->asc_text, told->key, told->asc, told->ascq, more);
}

/* A change counts more than a failure. */
static int verdict_of_all(struct ctl *ctl, const struct results *results, struct cxlf_err *err)
{
	enum cxlf_code code = CXLF_OK;

	for (unsigned i = 0; i < results->n; i++) {
		const struct cxlf_err *each = &results->result[i].err;

		if (!each->code)
			continue;
		*err = *each;
		if (results->n > 1)
			cxlf_out_fail(&ctl->out, each);
		if (!code || each->code == CXLF_E_LUN_CHANGED)
			code = each->code;
	}
	if (!code)
		return 0;
	if (results->n == 1)
		return -1;
	cxlf_fail(err, code, "not all of %s is as it was", results->args->target);
	return cxlf_fix(err, "see each of them above");
}

static void free_results(struct results *results)
{
	cxlf_verify_free(&results->check.verify);
	free(results->result);
}

static int verify(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct verify_args *a = args;
	__attribute__((cleanup(free_results))) struct results results = {.args = a, .has_sense = a->sense};

	if (a->sense && cxlf_sense_input(a->sense, &results.sense, err))
		return -1;
	if (verify_target(ctl, &results, err))
		return -1;
	say_sense(ctl, &results);
	if (cxlf_out_show(&ctl->out,
			  &(struct cxlf_view){
				  .document = verify_document,
				  .document_of = &results,
				  .rows = {.fields = result_fields, .of = &results, .n = results.n},
			  },
			  err))
		return -1;
	return verdict_of_all(ctl, &results, err);
}

static const struct cli_arg verify_table[] = {
	CLI_TEXT(struct verify_args, target, .name = "TARGET", .words = CLI_WORDS_HANDLES,
		 .help = "a handle of a held context (NAME/HANDLE), a held context with all its handles (NAME), or a "
			 "LUN "
			 "by WWID or any of its paths"),
	CLI_TEXT(struct verify_args, sense, .name = "--sense", .value = "HEX|FILE|-",
		 .help = "sense data of the check condition, which the driver is told: in hex, as the lines of sg_raw "
			 "or "
			 "of the kernel's log, or as key, ASC and ASCQ (6/2A/09)"),
	CLI_SECONDS(struct verify_args, timeout_ms, .name = "--timeout", .value = "SECONDS", .fallback = 60000,
		    .help = "how long to wait for the holder, or for each SCSI command to a LUN (60)"),
	CLI_END,
};

const struct command cmd_verify = {
	.name = "verify",
	.summary = "after a check condition: has the LUN changed?",
	.about = "A program that drives a LUN in superpipe mode sees check conditions that the kernel does not see. "
		 "This "
		 "hands the sense data to the driver, which reads the LUN's capacity again or scans for LUNs, and says "
		 "what came of it. Without --sense what the driver remembers is compared with what it says now. A LUN "
		 "that is named by itself is asked on every path, as cxlflash-verify(8) does. The exit status is 0 if "
		 "it "
		 "is unchanged and 9 if it changed.",
	.example = "verify db/0 --sense=6/2A/09 # a handle, after \"capacity data has changed\"\n"
		   "verify db # all handles of a context\n"
		   "verify /dev/sdb # a LUN by any path",
	.args = verify_table,
	.args_size = sizeof(struct verify_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_TRACE,
	.columns = result_fields,
	.document = verify_document,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_STATE,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_UNSUPPORTED,
					  CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY, CXLF_EXIT_CHECK, 0},
	.run = verify,
};
