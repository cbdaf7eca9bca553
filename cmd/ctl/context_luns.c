/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl context attach, context detach: the LUNs of a held context, after its start.
 */
#include "command.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <stdio.h>
#include <string.h>

#define UNDO_MS 2000

struct luns_args {
	struct cxlf_held name;
	struct cli_objects luns;
	unsigned force, timeout_ms;
};

/* The operands that the context has, or does not have: the work to do. */
struct luns {
	unsigned n, index[CXLF_CONTEXT_LUNS], path[CXLF_CONTEXT_LUNS];
};

static int check(const void *args, struct cxlf_err *err)
{
	const struct luns_args *a = args;

	return a->luns.n <= CXLF_CONTEXT_LUNS
		       ? 0
		       : cxlf_fail(err, CXLF_E_USAGE, "a context can have at most %d LUNs", CXLF_CONTEXT_LUNS);
}

static const struct cxlf_wwid *wwid_of(const struct ctl *ctl, unsigned lun)
{
	return &ctl->topology.lun[lun].wwid;
}

static bool is_attached(const struct cxlf_holder_info *info, const struct cxlf_wwid *wwid)
{
	for (unsigned i = 0; i < info->n_luns; i++)
		if (cxlf_wwid_equal(&info->lun[i].wwid, wwid))
			return true;
	return false;
}

/* The operands whose state is not the wanted one, each once. */
static void choose(const struct ctl *ctl, const struct luns_args *args, const struct cxlf_holder_info *info,
		   bool attached, struct luns *luns)
{
	*luns = (struct luns){0};
	for (unsigned i = 0; i < args->luns.n; i++) {
		unsigned lun = args->luns.item[i].index;
		bool again = is_attached(info, wwid_of(ctl, lun)) != attached;

		for (unsigned k = 0; k < luns->n; k++)
			again |= luns->index[k] == lun;
		if (again)
			continue;
		luns->index[luns->n] = lun;
		luns->path[luns->n++] = args->luns.item[i].path;
	}
}

static int show(struct ctl *ctl, const struct cxlf_outcome *outcome, unsigned n, const char *what, struct cxlf_err *err)
{
	return cxlf_outcome_show(&ctl->out, outcome, err, "%u LUN%s %s%s", n, n == 1 ? "" : "s",
				 outcome->dry_run ? "would be " : "", what);
}

/* ---- attach ---- */

static int choose_paths(const struct ctl *ctl, const struct cxlf_holder_info *info, struct luns *luns,
			struct cxlf_err *err)
{
	unsigned adapter = 0;

	while (adapter < ctl->topology.n_adapters && strcmp(ctl->topology.adapter[adapter].pci, info->adapter_pci))
		adapter++;
	if (adapter == ctl->topology.n_adapters)
		return cxlf_fail(err, CXLF_E_ADAPTER_NOT_FOUND, "the adapter %s of context %s is gone",
				 info->adapter_pci, info->name);
	for (unsigned i = 0; i < luns->n; i++)
		if (cxlf_context_choose_path(&ctl->topology, luns->index[i], luns->path[i], adapter, luns->path + i,
					     err))
			return -1;
	return 0;
}

/* All of them, or none; except if the holder does not answer any more. */
static int attach_all(const struct ctl *ctl, const struct luns_args *args, const struct luns *luns,
		      struct cxlf_outcome *outcome, struct cxlf_err *err)
{
	struct cxlf_err ignored;
	bool changed[CXLF_CONTEXT_LUNS];
	unsigned i = 0;
	int rc = 0;

	for (; !rc && i < luns->n; i++) {
		cxlf_holder_info_free(&outcome->info);
		rc = cxlf_holder_attach(args->name.name, args->timeout_ms, wwid_of(ctl, luns->index[i]),
					ctl->topology.path[luns->path[i]].hctl, changed + i, &outcome->info, err);
	}
	for (i -= rc != 0; rc && i-- > 0;) {
		cxlf_holder_info_free(&outcome->info);
		if (changed[i])
			cxlf_holder_detach(args->name.name, UNDO_MS, wwid_of(ctl, luns->index[i]), &outcome->info,
					   &ignored);
	}
	return rc;
}

static int context_attach(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct luns_args *a = args;
	CXLF_OUTCOME(outcome) = {.dry_run = ctl->common->dry_run};
	struct cxlf_admission admission = {0};
	struct luns luns;
	int rc;

	if (cxlf_holder_info(a->name.name, a->timeout_ms, &outcome.info, err))
		return -1;
	choose(ctl, a, &outcome.info, false, &luns);
	if (choose_paths(ctl, &outcome.info, &luns, err))
		return -1;
	if (outcome.dry_run || !luns.n)
		return show(ctl, &outcome, luns.n, "attached", err);
	if (ctl_admit(ctl, luns.index, luns.n, a->force, a->timeout_ms, &admission, err))
		return -1;
	rc = attach_all(ctl, a, &luns, &outcome, err);
	cxlf_lun_admit_end(&admission);
	outcome.changed = true;
	return rc ? rc : show(ctl, &outcome, luns.n, "attached", err);
}

#define NAME_AND_LUNS(lun_help)                                                                                        \
	CLI_CONTEXT(struct luns_args, name, .name = "NAME", .words = CLI_WORDS_CONTEXTS, .help = "the held context"),  \
		CLI_LUNS(struct luns_args, luns, .name = "LUN", .help = lun_help)

static const struct cli_arg attach_table[] = {
	NAME_AND_LUNS(CTL_THIS_PATH_HELP),
	CTL_FORCE_USE(struct luns_args),
	CTL_HOLDER_TIMEOUT(struct luns_args),
	CLI_END,
};

const struct command cmd_context_attach = {
	.name = "context attach",
	.summary = "attach more LUNs to a held context",
	.about =
		"The LUNs must be in superpipe mode and on the adapter of the context, and are checked for users as by "
		"context start. All are attached, or none. A LUN that the context has already is left as it is.",
	.example = "context attach db 60050768018b0a2e0000000000000002 # one more LUN",
	CLI_ARGS(attach_table, struct luns_args),
	CTL_OUTCOME("context,adapter,state,changed"),
	.check = check,
	CTL_TAKES_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS),
	.run = context_attach,
};

/* ---- detach ---- */

static int refuse_handle(const struct cxlf_holder_info *info, const struct cxlf_context_handle *handle,
			 struct cxlf_err *err)
{
	char id[CXLF_HELD_TEXT];

	cxlf_held_text(info->name, handle->number, id);
	cxlf_fail(err, CXLF_E_LUN_HAS_HANDLES, "cannot detach LUN %s from context %s: %s is open on it",
		  CXLF_WWID_STRING(&info->lun[handle->lun].wwid), info->name, id);
	return cxlf_fix(err, "cxlflashctl %s release %s", handle->is_virtual ? "vlun" : "plun", id);
}

/* Before anything is changed; the holder checks it again. */
static int check_detach(const struct ctl *ctl, const struct cxlf_holder_info *info, const struct luns *luns,
			struct cxlf_err *err)
{
	for (unsigned i = 0; i < luns->n; i++)
		for (unsigned k = 0; k < info->n_handles; k++)
			if (cxlf_wwid_equal(&info->lun[info->handle[k].lun].wwid, wwid_of(ctl, luns->index[i])))
				return refuse_handle(info, info->handle + k, err);
	if (!luns->n || luns->n < info->n_luns)
		return 0;
	cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "cannot detach all LUNs of context %s", info->name);
	cxlf_cause(err, "a context ends with its last LUN");
	return cxlf_fix(err, "cxlflashctl context stop %s", info->name);
}

static int context_detach(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct luns_args *a = args;
	CXLF_OUTCOME(outcome) = {.dry_run = ctl->common->dry_run};
	struct luns luns;

	if (cxlf_holder_info(a->name.name, a->timeout_ms, &outcome.info, err))
		return -1;
	choose(ctl, a, &outcome.info, true, &luns);
	if (check_detach(ctl, &outcome.info, &luns, err))
		return -1;
	for (unsigned i = 0; !outcome.dry_run && i < luns.n; i++) {
		cxlf_holder_info_free(&outcome.info);
		if (cxlf_holder_detach(a->name.name, a->timeout_ms, wwid_of(ctl, luns.index[i]), &outcome.info, err))
			return -1;
		outcome.changed = true;
	}
	return show(ctl, &outcome, luns.n, "detached", err);
}

static const struct cli_arg detach_table[] = {
	NAME_AND_LUNS(CTL_ANY_PATH_HELP),
	CTL_HOLDER_TIMEOUT(struct luns_args),
	CLI_END,
};

const struct command cmd_context_detach = {
	.name = "context detach",
	.summary = "detach LUNs from a held context",
	.about = "A LUN with open handles in the context is refused: release them first. So is the context's last LUN, "
		 "because the context would end with it: context stop does that. A LUN that the context does not have "
		 "is left as it is.",
	.example = "context detach db 60050768018b0a2e0000000000000002",
	CLI_ARGS(detach_table, struct luns_args),
	CTL_OUTCOME("context,adapter,state,changed"),
	.check = check,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS),
	.run = context_detach,
};
