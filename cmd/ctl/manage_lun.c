/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl manage-lun: switch LUNs between legacy and superpipe mode, on all their paths.
 *
 * LUNs are independent of each other: if one cannot be switched, the others still are. Each failure has its own error,
 * and the exit status distinguishes all failed from some failed.
 */
#include "command.h"
#include "fields/fields.h"
#include "inuse/inuse.h"
#include "lun/switch.h"

#include <limits.h>
#include <stdlib.h>

struct manage_lun_args {
	struct cli_objects luns;
	unsigned mode; /* CLI_CHOICE counts from 1, as enum cxlf_mode does */
	unsigned force, timeout_ms;
	bool path_only;
};

/* The result for one LUN. */
struct result {
	unsigned lun;
	struct cxlf_switch sw;
	struct cxlf_err err; /* if it failed */
	unsigned first_step; /* where its steps begin in the batch's */
};

struct batch {
	struct cxlf_topology *topology;
	const struct manage_lun_args *args;
	bool dry_run;
	struct result *result;
	unsigned n, n_steps;
	const struct cxlf_switch_step **step; /* of all results, one behind the other */
	bool changed;
};

/* ---- fields ---- */

static const void *result_of(struct cxlf_row row)
{
	return &((const struct batch *)row.of)->result[row.i];
}

static struct cxlf_row result_to_lun(struct cxlf_row row)
{
	const struct batch *batch = row.of;

	return (struct cxlf_row){.of = batch->topology, .i = batch->result[row.i].lun};
}

static const void *args_of(struct cxlf_row row)
{
	return ((const struct batch *)row.of)->args;
}

static const void *step_of(struct cxlf_row row)
{
	return ((const struct batch *)row.of)->step[row.i];
}

static struct cxlf_row step_to_path(struct cxlf_row row)
{
	const struct batch *batch = row.of;

	return (struct cxlf_row){.of = batch->topology, .i = batch->step[row.i]->path};
}

static const void *path_of(struct cxlf_row row)
{
	return ((const struct batch *)row.of)->topology->path + step_to_path(row).i;
}

static const void *adapter_of(struct cxlf_row row)
{
	const struct cxlf_path *path = path_of(row);

	return ((const struct batch *)row.of)->topology->adapter + path->adapter;
}

static void step_result(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_switch_step *step = step_of(row);
	const struct batch *batch = row.of;

	if (step->rolled_back)
		cxlf_value_text(v, "rolled-back");
	else if (step->done)
		cxlf_value_text(v, "switched");
	else if (step->left_out)
		cxlf_value_text(v, "left-out");
	else if (!step->needed)
		cxlf_value_text(v, "already");
	else
		cxlf_value_text(v, batch->dry_run ? "planned" : "not-switched");
	if (step->rolled_back || step->left_out || (step->needed && !step->done && !batch->dry_run))
		v->tone = CXLF_BAD;
}

#define STEP(member) CXLF_AT(step_of, struct cxlf_switch_step, member), CXLF_WORDS(cxlf_mode_words)
#define WANTED CXLF_AT(args_of, struct manage_lun_args, mode), CXLF_WORDS(cxlf_mode_words)

/* One line for each path. */
static const struct cxlf_field step_columns[] = {
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID, "the LUN", CXLF_AT(path_of, struct cxlf_path, wwid)),
	CXLF_FIELD("hctl", "H:C:T:L", CXLF_TEXT, 0, "the path's SCSI address",
		   CXLF_AT(path_of, struct cxlf_path, hctl)),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the path's adapter",
		   CXLF_AT(adapter_of, struct cxlf_adapter, name)),
	CXLF_FIELD("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES, "the path's block device",
		   CXLF_AT(path_of, struct cxlf_path, sd)),
	CXLF_FIELD("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES, "the path's generic SCSI device",
		   CXLF_AT(path_of, struct cxlf_path, sg)),
	CXLF_FIELD("mode_before", "BEFORE", CXLF_TEXT, CXLF_WANT_MODE, "the path's mode before", STEP(before)),
	CXLF_FIELD("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE, "the path's mode now, as reported by the driver",
		   STEP(after)),
	CXLF_FIELD("mode_wanted", "WANTED", CXLF_TEXT, 0, "the mode asked for", WANTED),
	CXLF_FIELD("result", "RESULT", CXLF_TEXT, 0,
		   "already, planned, switched, rolled-back, not-switched or left-out", .get = step_result),
	CXLF_FIELDS_END,
};

static const struct cxlf_field step_fields[] = {
	CXLF_ALL_OF(cxlf_path_fields, .via = step_to_path),
	CXLF_KEY("mode_before", CXLF_TEXT, STEP(before)),
	CXLF_KEY("mode_wanted", CXLF_TEXT, WANTED),
	CXLF_KEY("result", CXLF_TEXT, .get = step_result),
	CXLF_FIELDS_END,
};

static void result_word(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);
	bool planned = false;

	for (unsigned i = 0; i < result->sw.n_steps; i++)
		planned |= result->sw.step[i].needed;
	if (result->err.code)
		cxlf_value_text(v, "failed");
	else if (((const struct batch *)row.of)->dry_run)
		cxlf_value_text(v, planned ? "planned" : "already");
	else
		cxlf_value_text(v, result->sw.changed ? "switched" : "already");
}

static void result_steps(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);

	cxlf_value_rows(v, row.of, result->sw.n_steps);
	v->rows.first = result->first_step;
}

static const struct cxlf_field result_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields, .via = result_to_lun),
	CXLF_KEY("result", CXLF_TEXT, .get = result_word),
	CXLF_KEY("changed", CXLF_FLAG, CXLF_AT(result_of, struct result, sw.changed)),
	CXLF_KEY("error_code", CXLF_TEXT, CXLF_AT(result_of, struct result, err)),
	CXLF_KEY("paths", CXLF_RECORDS, .of = step_fields, .get = result_steps),
	CXLF_FIELDS_END,
};

static const struct cxlf_field manage_lun_document[] = {
	CXLF_KEY("mode", CXLF_TEXT, WANTED), /* the same as mode_wanted; kept for compatibility */
	CXLF_KEY("mode_wanted", CXLF_TEXT, WANTED),
	CXLF_KEY("dry_run", CXLF_FLAG, CXLF_AT(NULL, struct batch, dry_run)),
	CXLF_KEY("changed", CXLF_FLAG, CXLF_AT(NULL, struct batch, changed)),
	CXLF_KEY("luns", CXLF_RECORDS, .of = result_fields, CXLF_AT(NULL, struct batch, n)),
	CXLF_FIELDS_END,
};

/* ---- the command ---- */

/* Whether the LUN was named before, by any path; with --path-only, whether the path was. */
static bool named_before(const struct cli_objects *luns, unsigned i, bool path_only)
{
	for (unsigned k = 0; k < i; k++)
		if (luns->item[k].index == luns->item[i].index &&
		    (!path_only || luns->item[k].path == luns->item[i].path))
			return true;
	return false;
}

static int not_a_path(const char *text, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_USAGE, "--path-only needs a path, but \"%.120s\" names a LUN with all its paths", text);
	return cxlf_fix(err, "name the path as /dev/sdX, /dev/sgN or H:C:T:L");
}

static int check(const void *args, struct cxlf_err *err)
{
	const struct manage_lun_args *a = args;

	for (unsigned i = 0; a->path_only && i < a->luns.n; i++)
		if (!cxlf_lun_text_is_path(a->luns.item[i].text))
			return not_a_path(a->luns.item[i].text, err);
	return 0;
}

/* In a saved tree a link below /dev/disk gives only a WWID. */
static int check_paths(const struct manage_lun_args *args, struct cxlf_err *err)
{
	for (unsigned i = 0; args->path_only && i < args->luns.n; i++)
		if (args->luns.item[i].path == UINT_MAX)
			return not_a_path(args->luns.item[i].text, err);
	return 0;
}

/* So that the LUN's record shows its new mode. */
static void update_topology(struct cxlf_topology *topology, const struct result *result)
{
	for (unsigned i = 0; i < result->sw.n_steps; i++)
		topology->path[result->sw.step[i].path].mode = result->sw.step[i].after;
	cxlf_lun_join_modes(topology, &topology->lun[result->lun]);
}

static void switch_one(struct ctl *ctl, struct batch *batch, const struct cli_object *object)
{
	struct result *result = &batch->result[batch->n++];

	*result = (struct result){
		.lun = object->index,
		.err.code = CXLF_E_BUG, /* replaced: a failure without an error is not a success */
		.first_step = batch->n_steps,
		.sw =
			{
				.mode = (enum cxlf_mode)batch->args->mode,
				.dry_run = batch->dry_run,
				.only_path = batch->args->path_only ? object->path : UINT_MAX,
				.forced = batch->args->force,
				.timeout_ms = batch->args->timeout_ms,
				.consent = ctl_consent(ctl),
			},
	};
	if (!cxlf_lun_switch(ctl->sysroot, batch->topology, result->lun, &result->sw, &result->err))
		result->err.code = CXLF_OK;
	batch->changed |= result->sw.changed;
	batch->n_steps += result->sw.n_steps;
	update_topology(batch->topology, result);
}

static void warn(struct ctl *ctl, const struct batch *batch, const struct result *result)
{
	const struct cxlf_lun *lun = &batch->topology->lun[result->lun];
	char text[8 + CXLF_WWID_TEXT] = "LUN ";

	cxlf_wwid_text(&lun->wwid, text + 4);
	if (*result->sw.warning)
		cxlf_out_warn(&ctl->out, text, "%s", result->sw.warning);
	if (batch->args->path_only && !result->err.code && batch->dry_run && lun->n_paths > 1)
		cxlf_out_warn(&ctl->out, text, "only 1 of its %u paths would be switched", lun->n_paths);
	else if (batch->args->path_only && !result->err.code && lun->mode == CXLF_MODE_MIXED)
		cxlf_out_warn(&ctl->out, text,
			      "its %u paths are now in different modes: programs in superpipe mode use only the paths "
			      "in that mode",
			      lun->n_paths);
}

static int show(struct ctl *ctl, struct batch *batch, struct cxlf_err *err)
{
	unsigned n = 0;

	batch->step = calloc(batch->n_steps + 1, sizeof(*batch->step));
	if (!batch->step)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory, the result cannot be shown");
	if (*ctl->sysroot)
		cxlf_out_warn(&ctl->out, NULL,
			      "in a saved tree the identity of the paths and the use of the LUN are not checked");
	for (unsigned i = 0; i < batch->n; i++) {
		warn(ctl, batch, &batch->result[i]);
		for (unsigned k = 0; k < batch->result[i].sw.n_steps; k++)
			batch->step[n++] = batch->result[i].sw.step + k;
	}
	return CXLF_SHOW(&ctl->out, err, .document = manage_lun_document, .document_of = batch,
			 .rows = {.fields = step_columns, .of = batch, .n = batch->n_steps},
			 .shown = batch->dry_run ? "wwid,hctl,sd,sg,mode,mode_wanted,result" : NULL);
}

static void free_batch(struct batch *batch)
{
	for (unsigned i = 0; i < batch->n; i++)
		cxlf_switch_free(&batch->result[i].sw);
	free(batch->result);
	free(batch->step);
}

static int manage_lun(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct manage_lun_args *a = args;
	struct batch batch = {.topology = &ctl->topology, .args = a, .dry_run = ctl->common->dry_run};
	int rc;

	if (check_paths(a, err))
		return -1;
	batch.result = calloc(a->luns.n, sizeof(*batch.result));
	if (!batch.result)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory, nothing was changed");
	for (unsigned i = 0; i < a->luns.n; i++)
		if (!named_before(&a->luns, i, a->path_only))
			switch_one(ctl, &batch, &a->luns.item[i]);
	rc = show(ctl, &batch, err);
	if (!rc)
		rc = ctl_verdict(ctl, &batch.result->err, sizeof(*batch.result), batch.n, CXLF_E_PARTIAL,
				 a->mode == CXLF_MODE_LEGACY ? "LUNs could not be switched to legacy"
							     : "LUNs could not be switched to superpipe",
				 err);
	free_batch(&batch);
	return rc;
}

static const struct cli_arg manage_lun_table[] = {
	CLI_LUNS(struct manage_lun_args, luns, .name = "LUN", .help = CTL_ANY_PATH_HELP),
	CLI_CHOICE(struct manage_lun_args, mode, .name = "MODE", .choices = "legacy|superpipe",
		   .help = "legacy: the kernel uses the LUN as a disk; superpipe: programs in user space use it"),
	CLI_FLAG(struct manage_lun_args, path_only, .name = "--path-only",
		 .help = "switch only the path named, not all paths of the LUN"),
	CLI_SET(struct manage_lun_args, force, .name = "--force", .value = "CHECK[,CHECK]",
		.choices = CXLF_CHECK_CHOICES,
		.help = "override safety checks that found a use of the LUN, or could not be made: mount, swap, holder "
			"(a device built on the LUN), export (loop, nvmet, LIO), opener (a program), reservation, "
			"context (to legacy), offline-path (leaves such paths as they are)"),
	CLI_SECONDS(struct manage_lun_args, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = 10000,
		    .help = "how long to wait while another command changes the same adapter (10s)"),
	CLI_END,
};

const struct command cmd_manage_lun = {
	.name = "manage-lun",
	.summary = "switch LUNs between legacy and superpipe mode",
	.about = "In legacy mode the kernel uses a LUN as a disk. In superpipe mode programs access it through the "
		 "adapter. All paths of the LUN are switched, on all adapters, or none: if a path cannot be switched, "
		 "the others are switched back. Before anything is changed the identity of every path is read, and a "
		 "LUN that is in use through any path is refused: mounted in any mount namespace, swap space, below a "
		 "device-mapper, md or bcache device, exported, opened by a program for writing or exclusively, or "
		 "reserved. If a check cannot be made, the LUN is refused too. Use by another host without a "
		 "reservation cannot be detected. For a switch to superpipe, a LUN that contains a file system, RAID, "
		 "LVM, ZFS or a partition table needs a confirmation. Changing a mode needs root. A LUN that is "
		 "already in the mode is not changed, "
		 "and the command succeeds.",
	.example = "manage-lun 60050768018b0a2e0000000000000001 superpipe # by WWID\n"
		   "manage-lun /dev/sdb /dev/sdc legacy # two LUNs, each by any of its paths\n"
		   "manage-lun -n -j /dev/sg4 superpipe # the plan, as JSON",
	CLI_ARGS(manage_lun_table, struct manage_lun_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN | CLI_GROUP_CHANGE | CLI_GROUP_TRACE,
	.columns = step_columns,
	.shown = "wwid,hctl,sd,sg,mode_before,mode,result",
	.document = manage_lun_document,
	.scans = true,
	.must_exist = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_STATE | CXLF_WANT_AFU_STATE,
	.changes = true,
	.check = check,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_BUSY, CXLF_EXIT_UNSUPPORTED,
			   CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY, CXLF_EXIT_PARTIAL, CXLF_EXIT_ABORTED),
	.run = manage_lun,
};
