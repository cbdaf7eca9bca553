/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl plun create, plun release: physical handles in held contexts.
 */
#include "command.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <limits.h>
#include <stdio.h>

/* ---- create ---- */

struct create_args {
	struct cli_object lun;
	const char *context;
	unsigned timeout_ms;
};

/* Through the path that was named; else through that of the context. */
static int create(const struct ctl *ctl, const struct create_args *args, struct cxlf_outcome *outcome,
		  struct cxlf_err *err)
{
	const struct cxlf_wwid *wwid = &ctl->topology.lun[args->lun.index].wwid;
	const char *hctl = args->lun.path == UINT_MAX ? "" : ctl->topology.path[args->lun.path].hctl;
	struct cxlf_held held;
	unsigned path;

	if (cxlf_context_choose_path(&ctl->topology, args->lun.index, args->lun.path, UINT_MAX, &path, err) ||
	    (args->context ? cxlf_held_want(args->context, false, &held, err)
			   : cxlf_held_start(&ctl->topology, path, &held, err)))
		return -1;
	outcome->has_handle = true;
	if (!cxlf_holder_plun_create(held.name, args->timeout_ms, wwid, hctl, &outcome->handle, &outcome->info, err))
		return 0;
	if (!args->context)
		cxlf_held_abandon(&held);
	return -1;
}

static int plun_create(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct cxlf_outcome outcome = {.changed = true};
	char line[64];
	int rc = create(ctl, args, &outcome, err);

	if (!rc) {
		snprintf(line, sizeof(line), "%s/%llu", outcome.info.name, (unsigned long long)outcome.handle);
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	}
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg create_table[] = {
	CLI_LUN(struct create_args, lun, .name = "LUN",
		.help = "a whole WWID in any spelling, or the path to use: /dev/sdX, /dev/sgN, a link below /dev/disk, "
			"H:C:T:L"),
	CLI_TEXT(struct create_args, context, .name = "--context", .value = "NAME", .words = CLI_WORDS_CONTEXTS,
		 .help = "in this held context (default: one of its own, which ends when it is released)"),
	CTL_HOLDER_TIMEOUT(struct create_args),
	CLI_END,
};

const struct command cmd_plun_create = {
	.name = "plun create",
	.summary = "open a physical handle, the whole of a LUN, and print its name",
	.about = "A physical handle reaches the LUN through one port: that of the path named, or of the path its "
		 "context "
		 "was attached through. While any is open, on whatever adapter, the LUN takes no virtual LUNs, and the "
		 "other way round.",
	.example = "plun create 60050768018b0a2e0000000000000001 # prints ctx0/0\n"
		   "plun create 2:1:0:3 --context db # through this port",
	.args = create_table,
	.args_size = sizeof(struct create_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = plun_create,
};

/* ---- release ---- */

struct release_args {
	const char *handle;
	unsigned timeout_ms;
};

static int plun_release(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct release_args *a = args;
	struct cxlf_outcome outcome = {.changed = true};
	struct cxlf_held held;
	char line[128];
	int rc = cxlf_held_want(a->handle, true, &held, err);

	if (!rc)
		rc = cxlf_held_release(&held, false, a->timeout_ms, &outcome.ended, &outcome.info, err);
	if (!rc) {
		snprintf(line, sizeof(line), "%.60s released%s", a->handle,
			 outcome.ended ? ", and its context ended" : "");
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	}
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg release_table[] = {
	CLI_TEXT(struct release_args, handle, .name = "CONTEXT/HANDLE", .words = CLI_WORDS_HANDLES,
		 .help = "the physical handle, as vlun list shows it: ctx0/3"),
	CTL_HOLDER_TIMEOUT(struct release_args),
	CLI_END,
};

const struct command cmd_plun_release = {
	.name = "plun release",
	.summary = "close a physical handle",
	.about = "The LUN's contents stay as they are. A context that was made for it alone (plun create without "
		 "--context) ends with its last handle.",
	.example = "plun release ctx0/0 # and the context, if it was made for it",
	.args = release_table,
	.args_size = sizeof(struct release_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = plun_release,
};
