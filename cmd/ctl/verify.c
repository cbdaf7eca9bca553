/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl verify: report whether a LUN, or the LUN of a handle, has changed.
 *
 * The holder of a handle verifies it, because the driver accepts the request only in the handle's context. The driver
 * does not ask the device, so the LUN's paths are then checked as by cxlflash-verify.
 */
#include "fields/verify.h"
#include "command.h"
#include "holder/held.h"
#include "lun/admit.h"
#include "scsi/sense_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verify_args {
	const char *target, *sense, *decode;
	unsigned timeout_ms;
};

/* One handle, or the LUN. */
struct result {
	char name[CXLF_HELD_TEXT]; /* "ctx0/3", or the WWID */
	struct cxlf_wwid wwid;
	const char *verdict;
	char words[80]; /* the verdict in words */
	uint64_t old_bytes, new_bytes, handle_bytes;
	uint32_t block_bytes;
	bool is_handle;
	struct cxlf_verdict held;	      /* of a handle: the holder's answer */
	const struct cxlf_checked_lun *check; /* of the device; NULL: not asked */
	enum cxlf_tone tone;
	struct cxlf_err err; /* unless unchanged */
};

struct results {
	const struct verify_args *args;
	bool has_sense, is_lun;
	struct cxlf_sense_input sense;
	struct cxlf_checked_lun *check; /* of each LUN */
	unsigned n_checks;
	struct result *result;
	unsigned n;
};

/* ---- fields ---- */

static const void *result_of(struct cxlf_row row)
{
	return ((const struct results *)row.of)->result + row.i;
}

static void result_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);

	cxlf_value_text(v, result->verdict);
	v->tone = result->tone;
}

static void result_words(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);

	cxlf_value_text(v, result->words);
	v->tone = result->tone;
}

static void result_device(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);

	cxlf_value_text(v, result->check ? cxlf_lun_verdict_name(result->check->verify.verdict) : "not-asked");
	v->tone = result->check && !result->check->verify.verdict ? CXLF_GOOD : CXLF_BAD;
}

static struct cxlf_row result_to_check(struct cxlf_row row)
{
	const struct result *result = result_of(row);

	return (struct cxlf_row){.of = result->check};
}

#define RESULT(member) CXLF_AT(result_of, struct result, member)

static const struct cxlf_field result_fields[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 0, "the handle, NAME/HANDLE, or the LUN", RESULT(name)),
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, 0, "the LUN, or the LUN of the handle", RESULT(wwid)),
	CXLF_FIELD("verdict", "VERDICT", CXLF_TEXT, 0,
		   "unchanged, capacity-changed, identity-changed, luns-changed, missing, not-answering, unknown, "
		   "needs-recovery, not-verifiable or failed",
		   .get = result_verdict),
	CXLF_FIELD("result", "RESULT", CXLF_TEXT, 0, "the verdict in words", .get = result_words, .lines_only = true),
	CXLF_FIELD("device", "DEVICE", CXLF_TEXT, 0, "what the LUN's device reports: one of the verdicts, or not-asked",
		   .get = result_device),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0, "capacity of the LUN now", RESULT(new_bytes)),
	CXLF_FIELD("old_size_bytes", "WAS", CXLF_BYTES, 0, "capacity of the LUN before", RESULT(old_bytes)),
	CXLF_FIELD("block_bytes", "BLOCK", CXLF_BYTES, 0, "logical block size of the LUN", RESULT(block_bytes)),
	CXLF_FIELD("handle_bytes", "HANDLE-SIZE", CXLF_BYTES, 0,
		   "size of the handle; that of a virtual LUN does not change with the LUN", RESULT(handle_bytes),
		   CXLF_IF(struct result, is_handle), .zero = CXLF_ZERO_KNOWN),
	CXLF_ALL_OF(cxlf_check_count_fields, .via = result_to_check),
	CXLF_FIELD("error_code", "ERROR", CXLF_TEXT, 0, "error code, unless unchanged", RESULT(err)),
	CXLF_FIELDS_END,
};

static const struct results *results_of(struct cxlf_row row)
{
	return row.of;
}

static void target(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, results_of(row)->args->target);
}

static struct cxlf_row to_sense(struct cxlf_row row)
{
	return (struct cxlf_row){.of = results_of(row)->has_sense ? &results_of(row)->sense.sense : NULL};
}

static struct cxlf_row to_check(struct cxlf_row row)
{
	return (struct cxlf_row){.of = results_of(row)->is_lun ? results_of(row)->check : NULL};
}

static void all_checks(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_rows(v, results_of(row)->check, results_of(row)->n_checks);
}

static const struct cxlf_field verify_document[] = {
	CXLF_KEY("target", CXLF_TEXT, .get = target),
	CXLF_KEY("sense", CXLF_RECORD, .of = cxlf_sense_fields, .via = to_sense),
	CXLF_KEY("results", CXLF_RECORDS, .of = result_fields, CXLF_AT(NULL, struct results, n)),
	CXLF_KEY("lun", CXLF_RECORD, .of = cxlf_check_fields, .via = to_check),
	CXLF_KEY("luns", CXLF_RECORDS, .of = cxlf_check_fields, .get = all_checks),
	CXLF_FIELDS_END,
};

/* ---- verdicts ---- */

static void report_capacity(struct result *result)
{
	const char *was = CXLF_SIZE_STRING(result->old_bytes), *is = CXLF_SIZE_STRING(result->new_bytes);

	snprintf(result->words, sizeof(result->words), "capacity %s -> %s", was, is);
	cxlf_fail(&result->err, CXLF_E_LUN_CHANGED, "the capacity of the LUN of %s changed from %s to %s", result->name,
		  was, is);
	cxlf_fix(&result->err, "cxlflashctl verify %s", CXLF_WWID_STRING(&result->wwid));
}

static void judge(struct result *result, const struct cxlf_verdict *verdict, const char *context)
{
	static const char *const words[] = {
		[CXLF_VERDICT_UNCHANGED] = "unchanged",
		[CXLF_VERDICT_CAPACITY] = "",
		[CXLF_VERDICT_LUNS] = "LUNs changed",
		[CXLF_VERDICT_RECOVERY] = "needs recovery",
		[CXLF_VERDICT_NOT_VERIFIABLE] = "not verifiable",
		[CXLF_VERDICT_UNKNOWN] = "unknown",
	};
	struct cxlf_err *err = &result->err;

	result->verdict = cxlf_context_verdict_name(verdict->kind);
	result->tone = verdict->kind == CXLF_VERDICT_UNCHANGED ? CXLF_GOOD : CXLF_BAD;
	snprintf(result->words, sizeof(result->words), "%s", words[verdict->kind]);
	if (verdict->kind == CXLF_VERDICT_CAPACITY) {
		report_capacity(result);
	} else if (verdict->kind == CXLF_VERDICT_LUNS) {
		cxlf_fail(err, CXLF_E_LUN_CHANGED, "the LUNs of the storage of %s have changed", result->name);
		cxlf_cause(err, "the sense data reports it, and the driver has scanned for LUNs");
		cxlf_fix(err, "cxlflashctl list");
	} else if (verdict->kind == CXLF_VERDICT_RECOVERY) {
		cxlf_fail(err, CXLF_E_CONTEXT_LOST, "%s cannot be verified: its context was lost", result->name);
		cxlf_fix(err, "cxlflashctl recover %s", context);
	} else if (verdict->kind == CXLF_VERDICT_NOT_VERIFIABLE) {
		cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "%s cannot be verified with this sense data", result->name);
		cxlf_cause(err, "the driver accepts only unit attentions 29h, 2Ah and 3Fh");
		cxlf_fix(err, "cxlflashctl verify %s", result->name);
	} else if (verdict->kind == CXLF_VERDICT_UNKNOWN) {
		cxlf_fail(err, CXLF_E_NOT_VERIFIED, "it is not known whether the LUN of %s has changed", result->name);
		cxlf_cause(err, "the driver reports its record of the capacity only to a new context, which could not "
				"be attached");
		cxlf_fix(err, "list the contexts: cxlflashctl context list");
	}
}

/* ---- held handles ---- */

static void verify_handle(struct results *results, const struct cxlf_holder_info *info,
			  const struct cxlf_context_handle *handle)
{
	struct result *result = results->result + results->n++;
	struct cxlf_verdict *verdict = &result->held;
	const uint8_t *bytes = results->has_sense ? results->sense.byte : NULL;
	struct cxlf_holder_info after = {0};

	*result = (struct result){.wwid = info->lun[handle->lun].wwid, .is_handle = true};
	cxlf_held_text(info->name, handle->number, result->name);
	if (!cxlf_holder_verify(info->name, results->args->timeout_ms, handle->number, bytes, results->sense.len,
				verdict, &after, &result->err)) {
		result->err.code = CXLF_OK;
		result->old_bytes = verdict->old_bytes;
		result->new_bytes = verdict->new_bytes;
		result->handle_bytes = verdict->handle_bytes;
		result->block_bytes = verdict->block_bytes;
		judge(result, verdict, info->name);
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
	return cxlf_fix(err, "cxlflashctl context info %s", held->name);
}

/* ---- the devices of held handles ---- */

/* A context that is lost, or sense data that is refused, comes first. */
static bool wants_device(const struct result *result)
{
	return result->held.kind != CXLF_VERDICT_RECOVERY && result->held.kind != CXLF_VERDICT_NOT_VERIFIABLE;
}

static enum cxlf_lun_verdict verdict_of(const struct result *result)
{
	return result->held.kind == CXLF_VERDICT_CAPACITY  ? CXLF_LUN_CAPACITY
	       : result->held.kind == CXLF_VERDICT_LUNS	   ? CXLF_LUN_LUNS
	       : result->held.kind == CXLF_VERDICT_UNKNOWN ? CXLF_LUN_UNKNOWN
							   : CXLF_LUN_UNCHANGED;
}

static void set_verdict(struct result *result, enum cxlf_lun_verdict verdict)
{
	result->verdict = cxlf_lun_verdict_name(verdict);
	snprintf(result->words, sizeof(result->words), "%s", result->verdict);
	result->tone = verdict == CXLF_LUN_UNCHANGED ? CXLF_GOOD : CXLF_BAD;
}

/* The worse verdict counts, and the device's if they are the same. */
static void add_device(struct result *result, const struct cxlf_checked_lun *check)
{
	const struct cxlf_verify *verify = &check->verify;

	result->check = check;
	result->old_bytes = result->old_bytes ? result->old_bytes : verify->old_bytes;
	if (verify->size_bytes) {
		result->new_bytes = verify->size_bytes;
		result->block_bytes = verify->block_bytes;
	}
	if (!verify->verdict || verify->verdict < verdict_of(result))
		return;
	set_verdict(result, verify->verdict);
	if (verify->verdict == CXLF_LUN_CAPACITY)
		report_capacity(result);
	result->err = verify->err;
	cxlf_object(&result->err, "%s", result->name);
}

/* The device was not asked, so its LUN may have changed. */
static void no_device(struct result *result, const struct cxlf_err *err)
{
	if (result->err.code)
		return;
	set_verdict(result, CXLF_LUN_UNKNOWN);
	result->err = *err;
}

static int ask_device(struct ctl *ctl, struct results *results, struct result *of, struct cxlf_err *err)
{
	struct cxlf_checked_lun *check = results->check + results->n_checks;
	const struct cxlf_verify_options options = {
		.timeout_ms = results->args->timeout_ms, .held = &of->held, .held_name = of->name};
	const struct cxlf_baseline_lun lost = {
		.wwid = of->wwid, .size_bytes = of->held.new_bytes, .block_bytes = of->held.block_bytes};
	char what[24 + CXLF_WWID_TEXT] = "cannot verify LUN ";
	unsigned lun;

	check->topology = &ctl->topology;
	cxlf_wwid_text(&of->wwid, what + strlen(what));
	if (!cxlf_find_wwid(&ctl->topology, &of->wwid, &lun))
		cxlf_verify_missing(&lost, "a held context", &check->verify);
	else if (cxlf_lun_reachable(&ctl->topology, lun, what, err) ||
		 cxlf_verify_lun(&ctl->topology, lun, &options, &check->verify, err))
		return -1;
	results->n_checks++;
	return 0;
}

/* Each LUN once, against the answer for its last handle: an earlier one may be older. */
static void ask_devices(struct ctl *ctl, struct results *results)
{
	struct cxlf_err err = {.code = CXLF_OK};
	bool scanned = !ctl_scan(ctl, &err);

	for (unsigned i = results->n; i--;) {
		struct result *of = results->result + i;
		bool asked = false;

		if (of->check || !wants_device(of))
			continue;
		asked = scanned && !ask_device(ctl, results, of, &err);
		if (asked && *results->check[results->n_checks - 1].verify.warning)
			cxlf_out_warn(&ctl->out, of->name, "%s", results->check[results->n_checks - 1].verify.warning);
		for (unsigned k = 0; k <= i; k++) {
			struct result *result = results->result + k;

			if (!cxlf_wwid_equal(&result->wwid, &of->wwid) || !wants_device(result))
				continue;
			if (asked)
				add_device(result, results->check + results->n_checks - 1);
			else
				no_device(result, &err);
		}
	}
}

/* 0, or -1; CONTEXT_NOT_FOUND if there is no context of this name. */
static int verify_held(struct ctl *ctl, struct results *results, const struct cxlf_held *held, struct cxlf_err *err)
{
	__attribute__((cleanup(cxlf_holder_info_free))) struct cxlf_holder_info info = {0};

	if (cxlf_holder_info(held->name, results->args->timeout_ms, &info, err))
		return -1;
	results->result = calloc(info.n_handles + 1, sizeof(*results->result));
	results->check = calloc(info.n_luns + 1, sizeof(*results->check));
	if (!results->result || !results->check)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < info.n_handles; i++)
		if (!held->has_handle || info.handle[i].number == held->handle)
			verify_handle(results, &info, &info.handle[i]);
	if (!results->n)
		return no_handle(held, err);
	ask_devices(ctl, results);
	return 0;
}

/* ---- LUNs ---- */

static void take_check(struct results *results)
{
	const struct cxlf_verify *verify = &results->check->verify;
	struct result *result = results->result + results->n++;

	*result = (struct result){.wwid = verify->wwid,
				  .check = results->check,
				  .old_bytes = verify->old_bytes,
				  .new_bytes = verify->size_bytes,
				  .block_bytes = verify->block_bytes};
	cxlf_wwid_text(&verify->wwid, result->name);
	set_verdict(result, verify->verdict);
	if (verify->verdict == CXLF_LUN_CAPACITY)
		report_capacity(result);
	result->err = verify->err;
}

static int find_lun(struct ctl *ctl, const char *text, unsigned *index, struct cxlf_err *err)
{
	unsigned path;

	if (ctl_scan(ctl, err))
		return -1;
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
	char what[24 + CXLF_WWID_TEXT];

	snprintf(what, sizeof(what), "cannot verify LUN %s", CXLF_WWID_STRING(&ctl->topology.lun[index].wwid));
	if (cxlf_lun_reachable(&ctl->topology, index, what, err))
		return -1;
	results->result = calloc(1, sizeof(*results->result));
	results->check = calloc(1, sizeof(*results->check));
	if (!results->result || !results->check)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	results->check->topology = &ctl->topology;
	if (cxlf_verify_lun(&ctl->topology, index, &options, &results->check->verify, err))
		return -1;
	results->n_checks = 1;
	results->is_lun = true;
	take_check(results);
	if (*results->check->verify.warning)
		cxlf_out_warn(&ctl->out, results->result->name, "%s", results->check->verify.warning);
	return 0;
}

/* ---- the command ---- */

/* A name that is not a context may be a LUN. If it does not have the form of one, the error is about the context. */
static int verify_target(struct ctl *ctl, struct results *results, struct cxlf_err *err)
{
	struct cxlf_err no_context = {.code = CXLF_OK};
	struct cxlf_held held;
	unsigned index = 0;

	if (cxlf_held_parse(results->args->target, &held)) {
		if (!verify_held(ctl, results, &held, err))
			return 0;
		if (held.has_handle || err->code != CXLF_E_CONTEXT_NOT_FOUND)
			return -1;
		no_context = *err;
	}
	if (no_context.code &&
	    cxlf_lun_text_check(results->args->target, (struct cxlf_lun_query){.allow_suffix = true}, err)) {
		*err = no_context;
		return -1;
	}
	return find_lun(ctl, results->args->target, &index, err) ? -1 : verify_lun(ctl, results, index, err);
}

static void print_sense(struct ctl *ctl, const struct results *results)
{
	const struct cxlf_sense *sense = &results->sense.sense;
	char more[80] = "";

	if (!results->has_sense)
		return;
	if (sense->has_information)
		snprintf(more, sizeof(more), ", information %016llxh", (unsigned long long)sense->information);
	else if (sense->has_progress)
		snprintf(more, sizeof(more), ", %u%% done", sense->progress * 100u / 65536u);
	cxlf_out_line(&ctl->out, "Sense: %s%s%s (%x/%02x/%02x)%s", sense->key_text, *sense->asc_text ? ", " : "",
		      sense->asc_text, sense->key, sense->asc, sense->ascq, more);
}

static void free_results(struct results *results)
{
	for (unsigned i = 0; i < results->n_checks; i++)
		cxlf_verify_free(&results->check[i].verify);
	free(results->check);
	free(results->result);
}

static int check(const void *args, struct cxlf_err *err)
{
	const struct verify_args *a = args;
	struct cxlf_held held;

	if (a->decode)
		return a->target || a->sense ? cxlf_fail(err, CXLF_E_USAGE, "--decode takes no TARGET and no --sense")
					     : 0;
	if (!a->target)
		return cxlf_fail(err, CXLF_E_USAGE, "verify: missing operand TARGET");
	if (cxlf_held_parse(a->target, &held))
		return 0;
	return cxlf_lun_text_check(a->target, (struct cxlf_lun_query){.allow_suffix = true}, err);
}

static int decode(struct ctl *ctl, struct results *results, struct cxlf_err *err)
{
	if (cxlf_sense_input(results->args->decode, &results->sense, err))
		return -1;
	results->has_sense = true;
	return CXLF_SHOW(&ctl->out, err, .document = verify_document, .document_of = results,
			 .rows = {.fields = cxlf_sense_fields, .of = &results->sense.sense, .n = 1},
			 .shown = CXLF_SENSE_SHOWN, .layout = CXLF_CARDS);
}

static int verify(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct verify_args *a = args;
	__attribute__((cleanup(free_results))) struct results results = {.args = a, .has_sense = a->sense};

	if (a->decode)
		return decode(ctl, &results, err);
	if (a->sense && cxlf_sense_input(a->sense, &results.sense, err))
		return -1;
	if (verify_target(ctl, &results, err))
		return -1;
	print_sense(ctl, &results);
	if (CXLF_SHOW(&ctl->out, err, .document = verify_document, .document_of = &results,
		      .rows = {.fields = result_fields, .of = &results, .n = results.n},
		      .shown = results.is_lun ? CXLF_CHECK_SHOWN : NULL))
		return -1;
	return ctl_verdict(ctl, &results.result->err, sizeof(*results.result), results.n, CXLF_OK,
			   "LUNs have changed or could not be verified", err);
}

static const struct cli_arg verify_table[] = {
	CLI_TEXT(struct verify_args, target, .name = "TARGET", .optional = true, .words = CLI_WORDS_TARGETS,
		 .help = "a handle of a held context (NAME/HANDLE), a held context with all its handles (NAME), or a "
			 "LUN by WWID or any of its paths"),
	CLI_TEXT(struct verify_args, sense, .name = "--sense", .value = "HEX|FILE|-",
		 .help = "pass this sense data of a check condition to the driver: in hex, as printed by sg_raw or in "
			 "the kernel's log, or as key, ASC and ASCQ (6/2A/09)"),
	CLI_TEXT(struct verify_args, decode, .name = "--decode", .value = "HEX|FILE|-",
		 .help = "decode sense data and do nothing else; works without an adapter and without privileges"),
	CLI_SECONDS(struct verify_args, timeout_ms, .name = "--timeout", .letter = 't', .value = "TIME",
		    .fallback = 30000, .help = "how long the holder, or each SCSI command to a LUN, may take (30s)"),
	CLI_END,
};

const struct command cmd_verify = {
	.name = "verify",
	.summary = "report whether a LUN's capacity or identity has changed",
	.about = "A program that uses a LUN in superpipe mode gets check conditions that the kernel does not get. This "
		 "command passes the sense data to the driver, which reads the LUN's capacity again or scans for LUNs, "
		 "and reports the result. Without --sense the capacity known to the driver is compared with the "
		 "current one. A LUN that is named by WWID or path is checked on every path, as by cxlflash-verify(8). "
		 "The exit status is 0 if nothing has changed and 9 if something has.",
	.example = "verify db/0 --sense=6/2A/09 # a handle, after \"capacity data has changed\"\n"
		   "verify db # all handles of a context\n"
		   "verify /dev/sdb # a LUN by any path\n"
		   "verify --decode 6/29 # what sense data means",
	CLI_ARGS(verify_table, struct verify_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_TRACE,
	.columns = result_fields,
	.shown = "name,result,device,size_bytes,handle_bytes",
	.document = verify_document,
	.check = check,
	.must_exist = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_STATE | CXLF_WANT_AFU_STATE,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_DEVICE,
			   CXLF_EXIT_RETRY, CXLF_EXIT_CHECK),
	.run = verify,
};
