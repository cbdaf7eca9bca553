/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-verify's only command: check LUNs against their recorded state, or decode sense data.
 */
#include "check.h"

#include "fields/verify.h"
#include "lun/baseline.h"
#include "scsi/sense_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check_args {
	struct cli_objects luns;
	bool all;
	const char *baseline, *write_baseline, *sense, *decode;
	unsigned timeout_ms;
};

struct batch {
	const struct check_args *args;
	struct cxlf_topology *topology;
	struct cxlf_baseline baseline;
	struct cxlf_sense_input sense;
	struct cxlf_checked_lun *check;
	unsigned n, n_bad;
	unsigned *shown, n_shown; /* lines: with --quiet only LUNs that are not unchanged; the document has all */
	bool has_baseline, has_sense, written;
};

/* ---- fields ---- */

static const struct batch *batch_of(struct cxlf_row row)
{
	return row.of;
}

static const void *args_of(struct cxlf_row row)
{
	return batch_of(row)->args;
}

static struct cxlf_row batch_to_sense(struct cxlf_row row)
{
	return (struct cxlf_row){.of = batch_of(row)->has_sense ? &batch_of(row)->sense.sense : NULL};
}

static void batch_luns(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_rows(v, batch_of(row)->check, batch_of(row)->n);
}

/* Their LUNs are not known, so they count only where all LUNs are checked. */
static unsigned n_without_identity(const struct batch *batch)
{
	return batch->args->all ? batch->topology->n_without_identity : 0;
}

static void without_identity(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, n_without_identity(batch_of(row)));
}

static const struct cxlf_field check_document[] = {
	CXLF_KEY("sense", CXLF_RECORD, .of = cxlf_sense_fields, .via = batch_to_sense),
	CXLF_KEY("baseline", CXLF_TEXT, CXLF_AT(args_of, struct check_args, baseline)),
	CXLF_KEY("baseline_written", CXLF_FLAG, CXLF_AT(NULL, struct batch, written)),
	CXLF_KEY("changed_count", CXLF_COUNT, CXLF_AT(NULL, struct batch, n_bad)),
	CXLF_KEY("paths_without_identity_count", CXLF_COUNT, .get = without_identity),
	CXLF_KEY("luns", CXLF_RECORDS, .of = cxlf_check_fields, .get = batch_luns),
	CXLF_FIELDS_END,
};

/* ---- the run's parts ---- */

static int check_usage(const void *a, struct cxlf_err *err)
{
	const struct check_args *args = a;

	if (args->decode)
		return args->luns.n || args->all || args->baseline || args->write_baseline || args->sense
			       ? cxlf_fail(err, CXLF_E_USAGE, "--decode takes no LUN, and no other option for LUNs")
			       : 0;
	if (args->luns.n && args->all)
		return cxlf_fail(err, CXLF_E_USAGE, "--all takes no LUN");
	if (!args->luns.n && !args->all)
		return cxlf_fail(err, CXLF_E_USAGE, "missing operand LUN, or --all");
	if ((args->baseline && !*args->baseline) || (args->write_baseline && !*args->write_baseline))
		return cxlf_fail(err, CXLF_E_USAGE, "--baseline and --write-baseline need the name of a file");
	return 0;
}

static int read_inputs(struct batch *batch, struct cxlf_err *err)
{
	const struct check_args *args = batch->args;

	if (args->sense && cxlf_sense_input(args->sense, &batch->sense, err))
		return -1;
	batch->has_sense = args->sense;
	if (args->baseline && cxlf_baseline_read(args->baseline, &batch->baseline, err))
		return -1;
	batch->has_baseline = args->baseline;
	return 0;
}

/* A LUN that is named by several paths is checked once. */
static bool named_before(const struct cli_objects *luns, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (luns->item[k].index == luns->item[i].index)
			return true;
	return false;
}

static int check_one(struct ctl *ctl, struct batch *batch, unsigned lun, struct cxlf_err *err)
{
	struct cxlf_checked_lun *check = &batch->check[batch->n];
	const struct cxlf_verify_options options = {
		.timeout_ms = batch->args->timeout_ms,
		.sense = batch->has_sense ? &batch->sense.sense : NULL,
		.ask_driver = true,
		.baseline = batch->has_baseline ? &batch->baseline : NULL,
		.baseline_file = batch->args->baseline,
	};
	char object[8 + CXLF_WWID_TEXT] = "LUN ";

	check->topology = batch->topology;
	if (cxlf_verify_lun(batch->topology, lun, &options, &check->verify, err))
		return -1;
	batch->n++;
	cxlf_wwid_text(&check->verify.wwid, object + 4);
	if (*check->verify.warning)
		cxlf_out_warn(&ctl->out, object, "%s", check->verify.warning);
	return 0;
}

static void add_missing(struct batch *batch)
{
	for (unsigned i = 0, lun; i < batch->baseline.n; i++) {
		if (cxlf_find_wwid(batch->topology, &batch->baseline.lun[i].wwid, &lun))
			continue;
		batch->check[batch->n].topology = batch->topology;
		cxlf_verify_missing(&batch->baseline.lun[i], "the baseline", &batch->check[batch->n++].verify);
	}
}

static int check_luns(struct ctl *ctl, struct batch *batch, struct cxlf_err *err)
{
	const struct cli_objects *luns = &batch->args->luns;
	unsigned n = batch->args->all ? batch->topology->n_luns : luns->n;

	batch->check = calloc(n + batch->baseline.n + 1, sizeof(*batch->check));
	batch->shown = calloc(n + batch->baseline.n + 1, sizeof(*batch->shown));
	if (!batch->check || !batch->shown)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < n; i++)
		if ((batch->args->all || !named_before(luns, i)) &&
		    check_one(ctl, batch, batch->args->all ? i : luns->item[i].index, err))
			return -1;
	if (batch->args->all)
		add_missing(batch);
	for (unsigned i = 0; i < batch->n; i++) {
		bool bad = batch->check[i].verify.verdict != CXLF_LUN_UNCHANGED;

		batch->n_bad += bad;
		if (bad || !ctl->common->quiet)
			batch->shown[batch->n_shown++] = i;
	}
	return 0;
}

/* ---- the new baseline ---- */

static bool all_answered(const struct cxlf_verify *verify)
{
	for (unsigned i = 0; i < verify->n_paths; i++)
		if (verify->path[i].err.code)
			return false;
	return verify->size_bytes;
}

/* A baseline is written only if every device has answered. */
static bool is_certain(struct ctl *ctl, const struct batch *batch)
{
	for (unsigned i = 0; i < batch->n; i++) {
		const struct cxlf_verify *verify = &batch->check[i].verify;
		char wwid[CXLF_WWID_TEXT];

		if (verify->verdict == CXLF_LUN_MISSING ||
		    (verify->verdict != CXLF_LUN_IDENTITY && all_answered(verify)))
			continue;
		cxlf_wwid_text(&verify->wwid, wwid);
		cxlf_out_warn(&ctl->out, batch->args->write_baseline, "the baseline was not written: LUN %s is %s",
			      wwid, cxlf_lun_verdict_name(verify->verdict));
		return false;
	}
	return true;
}

/* 0, or -1 when out of memory. */
static int record(const struct cxlf_topology *topology, const struct cxlf_verify *verify, struct cxlf_baseline_lun *lun)
{
	*lun = (struct cxlf_baseline_lun){
		.wwid = verify->wwid,
		.size_bytes = verify->size_bytes,
		.block_bytes = verify->block_bytes,
		.path = calloc(verify->n_paths + 1, sizeof(*lun->path)),
	};
	for (; lun->path && lun->n_paths < verify->n_paths; lun->n_paths++) {
		const struct cxlf_path *path = topology->path + verify->path[lun->n_paths].path;
		struct cxlf_baseline_path *to = lun->path + lun->n_paths;

		*to = (struct cxlf_baseline_path){.port = path->port, .lun = path->lun};
		memcpy(to->adapter, topology->adapter[path->adapter].pci, sizeof(to->adapter));
	}
	return lun->path ? 0 : -1;
}

static int write_baseline(struct ctl *ctl, struct batch *batch, struct cxlf_err *err)
{
	struct cxlf_baseline baseline = {.lun = calloc(batch->n + 1, sizeof(*baseline.lun))};
	int rc = baseline.lun ? 0 : -1;

	for (unsigned i = 0; !rc && i < batch->n; i++)
		if (batch->check[i].verify.verdict != CXLF_LUN_MISSING)
			rc = record(batch->topology, &batch->check[i].verify, &baseline.lun[baseline.n++]);
	if (rc)
		cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory, %s was not written", batch->args->write_baseline);
	else if (is_certain(ctl, batch)) {
		rc = cxlf_baseline_write(batch->args->write_baseline, &baseline, err);
		batch->written = !rc;
	}
	cxlf_baseline_free(&baseline);
	return rc;
}

/* ---- the end ---- */

static int show(struct ctl *ctl, const struct batch *batch, struct cxlf_err *err)
{
	if (batch->args->decode)
		return CXLF_SHOW(&ctl->out, err, .document = check_document, .document_of = batch,
				 .rows = {.fields = cxlf_sense_fields, .of = &batch->sense.sense, .n = 1},
				 .shown = CXLF_SENSE_SHOWN, .layout = CXLF_CARDS);
	/* cron would mail a heading */
	if (ctl->common->quiet && !batch->n_shown && ctl->out.format == CXLF_FORMAT_TABLE)
		return 0;
	return CXLF_SHOW(
		&ctl->out, err, .document = check_document, .document_of = batch,
		.rows = {.fields = cxlf_check_fields, .of = batch->check, .index = batch->shown, .n = batch->n_shown});
}

/* A change takes precedence over a failure; failures with different exit statuses are FAILED. */
static enum cxlf_code code_of_all(const struct batch *batch)
{
	enum cxlf_code code = CXLF_OK;

	for (unsigned i = 0; i < batch->n; i++) {
		const struct cxlf_err *each = &batch->check[i].verify.err;

		if (each->code == CXLF_E_LUN_CHANGED)
			return each->code;
		if (!each->code)
			continue;
		if (code && cxlf_code_info(code)->exit != cxlf_code_info(each->code)->exit)
			code = CXLF_E_FAILED;
		code = code ? code : each->code;
	}
	return code;
}

/* The LUNs of such paths were not checked. */
static int nameless(const struct batch *batch, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = batch->topology;
	unsigned n = n_without_identity(batch);
	char text[64];

	if (!n)
		return 0;
	cxlf_fail(err, CXLF_E_NO_IDENTITY, "%u path%s no readable identity (VPD page 0x83) and %s not checked", n,
		  n == 1 ? " has" : "s have", n == 1 ? "was" : "were");
	for (unsigned i = 0; i < topology->n_paths; i++) {
		if (topology->path[i].has_wwid)
			continue;
		snprintf(text, sizeof(text), "%s%s", *err->cause ? ", " : "no identity: ", topology->path[i].hctl);
		if (strlen(err->cause) + strlen(text) < sizeof(err->cause))
			strcat(err->cause, text);
	}
	return cxlf_fix(err, "read it again: echo 1 > /sys/class/scsi_device/H:C:T:L/device/rescan");
}

static int verdict(struct ctl *ctl, const struct batch *batch, struct cxlf_err *err)
{
	if (!batch->n_bad)
		return nameless(batch, err);
	if (nameless(batch, err))
		cxlf_out_warn(&ctl->out, NULL, "%s", err->message);
	for (unsigned i = 0; i < batch->n; i++) {
		const struct cxlf_verify *verify = &batch->check[i].verify;

		if (verify->verdict == CXLF_LUN_UNCHANGED)
			continue;
		*err = verify->err;
		if (batch->n_bad > 1)
			cxlf_out_fail(&ctl->out, err);
	}
	if (batch->n_bad == 1)
		return -1;
	enum cxlf_code code = code_of_all(batch);

	cxlf_fail(err, code,
		  code == CXLF_E_LUN_CHANGED ? "%u of %u LUNs have changed or could not be checked"
					     : "%u of %u LUNs could not be checked",
		  batch->n_bad, batch->n);
	return cxlf_fix(err, "see the errors above");
}

static int nothing(struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "no LUN to check");
	cxlf_cause(err, "no adapter has a path to one");
	return cxlf_fix(err, "cxlflashctl port list");
}

static int find_luns(struct ctl *ctl, struct cxlf_err *err)
{
	if (!ctl_scan(ctl, err))
		return 0;
	if (!*err->fix)
		cxlf_fix(err, "to decode sense data without an adapter: cxlflash-verify --decode=HEX");
	return -1;
}

static int check_batch(struct ctl *ctl, struct batch *batch, struct cxlf_err *err)
{
	if (read_inputs(batch, err) || find_luns(ctl, err) || check_luns(ctl, batch, err))
		return -1;
	if (!batch->n)
		return nothing(err);
	if (batch->args->write_baseline && write_baseline(ctl, batch, err))
		return -1;
	return show(ctl, batch, err) ? -1 : verdict(ctl, batch, err);
}

static void free_batch(struct batch *batch)
{
	for (unsigned i = 0; i < batch->n; i++)
		cxlf_verify_free(&batch->check[i].verify);
	free(batch->check);
	free(batch->shown);
	cxlf_baseline_free(&batch->baseline);
}

static int check(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct check_args *a = args;
	__attribute__((cleanup(free_batch))) struct batch batch = {.args = a, .topology = &ctl->topology};

	if (!a->decode)
		return check_batch(ctl, &batch, err);
	if (cxlf_sense_input(a->decode, &batch.sense, err))
		return -1;
	batch.has_sense = true;
	return show(ctl, &batch, err);
}

static const struct cli_arg check_table[] = {
	CLI_LUNS(struct check_args, luns, .name = "LUN", .optional = true,
		 .help = "a WWID in any notation or its last 8 or more digits, /dev/sdX, /dev/sgN, a link below "
			 "/dev/disk, or H:C:T:L"),
	CLI_FLAG(struct check_args, all, .name = "--all", .letter = 'a', .help = "check all LUNs of all adapters"),
	CLI_TEXT(struct check_args, baseline, .name = "--baseline", .value = "FILE",
		 .help = "also compare with this baseline; paths that are missing are differences, and with --all LUNs "
			 "missing from either"),
	CLI_TEXT(
		struct check_args, write_baseline, .name = "--write-baseline", .value = "FILE",
		.help = "write identity, capacity and paths of the checked LUNs to FILE, for --baseline of later runs; "
			"nothing is written if a LUN does not answer on every path"),
	CLI_TEXT(struct check_args, sense, .name = "--sense", .value = "HEX|FILE|-",
		 .help = "pass this sense data of a check condition to the driver, for LUNs in superpipe mode: in hex, "
			 "as printed by sg_raw or in the kernel's log, or as key, ASC and ASCQ (6/2A/09)"),
	CLI_TEXT(struct check_args, decode, .name = "--decode", .value = "HEX|FILE|-",
		 .help = "decode sense data and do nothing else; works without an adapter and without privileges"),
	CLI_SECONDS(struct check_args, timeout_ms, .name = "--timeout", .letter = 't', .value = "TIME",
		    .fallback = 30000,
		    .help = "how long each SCSI command may take (30s); the kernel resets a LUN that takes longer, so "
			    "do not set a short time"),
	CLI_END,
};

static const struct command cmd_check = {
	.name = "check",
	.summary = "report whether LUNs' capacity or identity has changed",
	.about = "The identity (VPD page 0x83), readiness and capacity of each LUN are read on every path, and "
		 "compared with what the kernel has recorded for the path, the driver for a LUN in superpipe mode, and "
		 "a baseline file. No mode is changed and nothing is written to a LUN. The exit status is 0 if nothing "
		 "has changed and 9 if anything has; if it is not known, it is neither. With --quiet, unchanged LUNs "
		 "are not shown.",
	.example = "/dev/sdb # one LUN, by any of its paths\n"
		   "--all --write-baseline=/var/lib/cxlflash.json # record the current state\n"
		   "-q --all --baseline=/var/lib/cxlflash.json # for cron: no output if nothing has changed\n"
		   "--sense=6/2A/09 /dev/sdb # pass a check condition of a program to the driver\n"
		   "--decode '70 00 06 00 00 00 00 0a 00 00 00 00 2a 09' # decode sense data",
	CLI_ARGS(check_table, struct check_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_TRACE,
	.columns = cxlf_check_fields,
	.shown = CXLF_CHECK_SHOWN,
	.document = check_document,
	.check = check_usage,
	.must_exist = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_STATE | CXLF_WANT_AFU_STATE,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_DEVICE,
			   CXLF_EXIT_RETRY, CXLF_EXIT_CHECK, CXLF_EXIT_CONFIG),
	.run = check,
};

static const struct command *const commands[] = {&cmd_check, NULL};

const struct cli_program verify_program = {
	.name = "cxlflash-verify",
	.summary = "report whether LUNs' capacity or identity has changed",
	.about = "",
	.commands = commands,
	.version = &cmd_version,
	.single = true,
};
