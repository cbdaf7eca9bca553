/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl vlun release, plun release: one function for both kinds of handles.
 */
#include "command.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <stdio.h>

struct release_args {
	struct cxlf_held handle;
	unsigned timeout_ms;
};

static int other_kind(const char *id, bool is_virtual, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "%s is a %s", id, is_virtual ? "virtual LUN" : "physical handle");
	return cxlf_fix(err, "cxlflashctl %s release %s", is_virtual ? "vlun" : "plun", id);
}

static int release_it(struct ctl *ctl, const struct release_args *args, const struct cxlf_context_handle *handle,
		      const char *id, struct cxlf_outcome *outcome, struct cxlf_err *err)
{
	char what[80];

	snprintf(what, sizeof(what), "release %s", id);
	if (handle->is_virtual && ctl_confirm(ctl, what, "the data in it will be lost", err))
		return -1;
	cxlf_holder_info_free(&outcome->info);
	outcome->changed = true;
	return cxlf_holder_release(args->handle.name, args->timeout_ms, args->handle.handle, &outcome->ended,
				   &outcome->info, err);
}

static int release(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct release_args *a = args;
	CXLF_OUTCOME(outcome) = {.dry_run = ctl->common->dry_run};
	const struct cxlf_context_handle *handle;
	const char *id = CXLF_HELD_STRING(a->handle.name, a->handle.handle);

	if (cxlf_held_look(&a->handle, a->timeout_ms, &outcome.info, &handle, err))
		return -1;
	if (handle->is_virtual != (ctl->command == &cmd_vlun_release))
		return other_kind(id, handle->is_virtual, err);
	if (outcome.dry_run) {
		outcome.has_handle = true;
		outcome.handle = a->handle.handle;
		outcome.ended = outcome.info.implicit && outcome.info.n_handles == 1;
		return cxlf_outcome_show(&ctl->out, &outcome, err, "%s would be released%s", id,
					 outcome.ended ? ", and its context would end" : "");
	}
	if (release_it(ctl, a, handle, id, &outcome, err))
		return -1;
	return cxlf_outcome_show(&ctl->out, &outcome, err, "%s released%s", id,
				 outcome.ended ? ", and its context ended" : "");
}

static const struct cli_arg vlun_table[] = {
	CLI_HANDLE(struct release_args, handle, .name = "CONTEXT/HANDLE", .words = CLI_WORDS_HANDLES,
		   .help = "the virtual LUN, as vlun list shows it: ctx0/3"),
	CTL_HOLDER_TIMEOUT(struct release_args),
	CLI_END,
};

const struct command cmd_vlun_release = {
	.name = "vlun release",
	.summary = "release a virtual LUN and free its space",
	.about = "The data in the virtual LUN is lost: no record remains of where its chunks are. So the command "
		 "asks for confirmation on a terminal, and needs --yes without one. A context that was created with "
		 "the virtual LUN (vlun create without --context) ends with its last handle.",
	.example = "vlun release ctx0/0 # release it, and end the context if it was created with it\n"
		   "vlun release ctx0/0 --yes # in a script",
	CLI_ARGS(vlun_table, struct release_args),
	CTL_OUTCOME("id,context,ended,changed"),
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED),
	.run = release,
};

static const struct cli_arg plun_table[] = {
	CLI_HANDLE(struct release_args, handle, .name = "CONTEXT/HANDLE", .words = CLI_WORDS_HANDLES,
		   .help = "the physical handle, as vlun list shows it: ctx0/3"),
	CTL_HOLDER_TIMEOUT(struct release_args),
	CLI_END,
};

const struct command cmd_plun_release = {
	.name = "plun release",
	.summary = "close a physical handle",
	.about = "The data on the LUN does not change. A context that was created with the handle (plun create without "
		 "--context) ends with its last handle.",
	.example = "plun release ctx0/0 # close it, and end the context if it was created with it",
	CLI_ARGS(plun_table, struct release_args),
	CTL_OUTCOME("id,context,ended,changed"),
	.exits = CLI_EXITS(CTL_HOLDER_EXITS),
	.run = release,
};
