/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl plun create: physical handles in held contexts. plun release is in release.c.
 */
#include "command.h"
#include "fields/outcome.h"
#include "holder/held.h"
#include "lun/admit.h"

#include <limits.h>
#include <stdio.h>

struct create_args {
	struct cli_object lun;
	struct cxlf_held context;
	unsigned force, timeout_ms;
};

/* Through the path that was named; else through that of the context. */
static int create(const struct ctl *ctl, const struct create_args *args, unsigned path, struct cxlf_outcome *outcome,
		  struct cxlf_err *err)
{
	const struct cxlf_wwid *wwid = &ctl->topology.lun[args->lun.index].wwid;
	const char *hctl = args->lun.path == UINT_MAX ? "" : ctl->topology.path[args->lun.path].hctl;
	struct cxlf_held held = args->context;

	if (!*args->context.name && cxlf_held_start(&ctl->topology, path, &held, err))
		return -1;
	outcome->has_handle = outcome->changed = true;
	if (!cxlf_holder_plun_create(held.name, args->timeout_ms, wwid, hctl, &outcome->handle, &outcome->info, err))
		return 0;
	if (!*args->context.name)
		cxlf_held_abandon(&held);
	return -1;
}

static int plan(struct ctl *ctl, const struct create_args *args, unsigned path, struct cxlf_outcome *outcome,
		struct cxlf_err *err)
{
	const struct cxlf_path *through = ctl->topology.path + path;
	char adapter[32], line[160];

	outcome->dry_run = true;
	if (*args->context.name && cxlf_holder_info(args->context.name, args->timeout_ms, &outcome->info, err))
		return -1;
	snprintf(line, sizeof(line), "a physical handle would be opened in %s%s on %s",
		 *args->context.name ? "context " : "a new context", args->context.name,
		 cxlf_adapter_name(ctl->topology.adapter + through->adapter, adapter, sizeof(adapter)));
	return cxlf_outcome_show(&ctl->out, outcome, err, line);
}

static int plun_create(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct create_args *a = args;
	__attribute__((cleanup(cxlf_outcome_free))) struct cxlf_outcome outcome = {0};
	struct cxlf_admission admission = {0};
	unsigned path;
	char line[64];
	int rc;

	if (cxlf_context_choose_path(&ctl->topology, a->lun.index, a->lun.path, UINT_MAX, &path, err))
		return -1;
	if (ctl->common->dry_run)
		return plan(ctl, a, path, &outcome, err);
	if (cxlf_lun_admit(&ctl->topology, &a->lun.index, 1, a->force, a->timeout_ms, &admission, err))
		return -1;
	if (*admission.warning)
		cxlf_out_warn(&ctl->out, NULL, "%s", admission.warning);
	rc = create(ctl, a, path, &outcome, err);
	cxlf_lun_admit_end(&admission);
	if (rc)
		return -1;
	snprintf(line, sizeof(line), "%s/%llu", outcome.info.name, (unsigned long long)outcome.handle);
	return cxlf_outcome_show(&ctl->out, &outcome, err, line);
}

static const struct cli_arg create_table[] = {
	CLI_LUN(struct create_args, lun, .name = "LUN",
		.help = "a whole WWID in any spelling, or the path to use: /dev/sdX, /dev/sgN, a link below /dev/disk, "
			"H:C:T:L"),
	CLI_CONTEXT(struct create_args, context, .name = "--context", .value = "NAME", .words = CLI_WORDS_CONTEXTS,
		    .help = "in this held context (default: one of its own, which ends when it is released)"),
	CTL_FORCE_USE(struct create_args),
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
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_CHANGE,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = plun_create,
};
