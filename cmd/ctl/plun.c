/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl plun create: physical handles in held contexts. plun release is in release.c.
 */
#include "command.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <limits.h>
#include <stdio.h>

struct create_args {
	struct cli_object lun;
	struct cxlf_held context;
	unsigned force, timeout_ms;
};

/* Through the path that was named, else through the path of the context. */
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
	if (err->code == CXLF_E_LUN_OTHER_USE)
		cxlf_held_release_fix(wwid, CXLF_HELD_VIRTUAL, err);
	if (!*args->context.name)
		cxlf_held_abandon(&held);
	return -1;
}

static int plan(struct ctl *ctl, const struct create_args *args, unsigned path, struct cxlf_outcome *outcome,
		struct cxlf_err *err)
{
	const struct cxlf_path *through = ctl->topology.path + path;

	outcome->dry_run = true;
	if (*args->context.name && cxlf_holder_info(args->context.name, args->timeout_ms, &outcome->info, err))
		return -1;
	return cxlf_outcome_show(&ctl->out, outcome, err, "a physical handle would be opened in %s%s on %s",
				 *args->context.name ? "context " : "a new context", args->context.name,
				 ctl->topology.adapter[through->adapter].name);
}

static int plun_create(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct create_args *a = args;
	CXLF_OUTCOME(outcome) = {0};
	struct cxlf_admission admission = {0};
	bool failed = false;
	unsigned path;
	int rc;

	if ((*a->context.name && cxlf_held_failed(&a->context, a->timeout_ms, &failed, err)) ||
	    cxlf_context_choose_path(&ctl->topology, a->lun.index, a->lun.path, UINT_MAX, &path, err))
		return -1;
	if (!failed && ctl_admit(ctl, &a->lun.index, 1, a->force, a->timeout_ms, &admission, err))
		return -1;
	rc = ctl->common->dry_run ? plan(ctl, a, path, &outcome, err) : create(ctl, a, path, &outcome, err);
	cxlf_lun_admit_end(&admission);
	if (rc || ctl->common->dry_run)
		return rc;
	if (!*a->context.name)
		ctl_warn_of_life(ctl, &outcome.info);
	return cxlf_outcome_show(&ctl->out, &outcome, err, "%s", CXLF_HELD_STRING(outcome.info.name, outcome.handle));
}

static const struct cli_arg create_table[] = {
	CLI_LUN(struct create_args, lun, .name = "LUN", .help = CTL_THIS_PATH_HELP),
	CTL_CONTEXT(struct create_args),
	CTL_FORCE_USE(struct create_args),
	CTL_HOLDER_TIMEOUT(struct create_args),
	CLI_END,
};

const struct command cmd_plun_create = {
	.name = "plun create",
	.summary = "open a physical handle to a whole LUN, and print its name",
	.about = "A physical handle reaches the LUN through one port: that of the path named, or of the path through "
		 "which its context was attached. While a physical handle is open on any adapter, virtual LUNs cannot "
		 "be created on the LUN, and vice versa.",
	.example = "plun create 60050768018b0a2e0000000000000001 # prints ctx0/0\n"
		   "plun create 2:1:0:3 --context db # through this port",
	CLI_ARGS(create_table, struct create_args),
	CTL_OUTCOME("id,wwid,size_bytes,changed"),
	CTL_TAKES_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED),
	.run = plun_create,
};
