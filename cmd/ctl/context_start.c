/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl context start, context stop, context run.
 */
#include "command.h"
#include "context/exec.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define STOP_MS 60000
#define LOCK_MS 10000

/* ---- start ---- */

struct start_args {
	struct cli_objects luns;
	struct cli_object adapter;
	struct cxlf_held name;
	unsigned interrupts, check_ms, force;
	bool read_only, no_recover;
};

static int choose_paths(const struct ctl *ctl, const struct start_args *args, unsigned *index, unsigned *path,
			struct cxlf_err *err)
{
	unsigned adapter = args->adapter.text ? args->adapter.index : UINT_MAX;

	for (unsigned i = 0; i < args->luns.n; i++) {
		const struct cli_object *lun = args->luns.item + i;

		if (cxlf_context_choose_path(&ctl->topology, lun->index, lun->path, adapter, path + i, err))
			return -1;
		index[i] = lun->index;
		adapter = ctl->topology.path[path[i]].adapter;
	}
	return 0;
}

static int check_start(const void *args, struct cxlf_err *err)
{
	const struct start_args *a = args;

	if (a->luns.n > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context can have at most %d LUNs", CXLF_CONTEXT_LUNS);
	if (a->check_ms >= 100)
		return 0;
	cxlf_fail(err, CXLF_E_BAD_VALUE, "--check must be at least 100ms");
	return cxlf_fix(err, "omit --check for the default, 1s");
}

static int plan_start(struct ctl *ctl, const struct start_args *args, unsigned path, struct cxlf_err *err)
{
	CXLF_OUTCOME(outcome) = {.dry_run = true};
	struct cxlf_holder_info *info = &outcome.info;
	struct cxlf_err ignored;

	if (*args->name.name && !cxlf_holder_info(args->name.name, STOP_MS, info, &ignored)) {
		cxlf_fail(err, CXLF_E_NAME_TAKEN, "context %s already exists", args->name.name);
		return cxlf_fix(err, "choose another name; see those in use: cxlflashctl context list");
	}
	memcpy(info->name, args->name.name, sizeof(info->name));
	snprintf(info->adapter_name, sizeof(info->adapter_name), "%s",
		 ctl->topology.adapter[ctl->topology.path[path].adapter].name);
	return cxlf_outcome_show(&ctl->out, &outcome, err, "a context%s%s with %u LUN%s would be started on %s",
				 *info->name ? " " : "", info->name, args->luns.n, args->luns.n == 1 ? "" : "s",
				 info->adapter_name);
}

static int context_start(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct start_args *a = args;
	unsigned index[CXLF_CONTEXT_LUNS], path[CXLF_CONTEXT_LUNS] = {0};
	CXLF_OUTCOME(outcome) = {.changed = true};
	const struct cxlf_holder_options options = {
		.name = *a->name.name ? a->name.name : NULL,
		.interrupts = a->interrupts,
		.check_ms = a->check_ms,
		.read_only = a->read_only,
		.no_recover = a->no_recover,
	};
	struct cxlf_admission admission = {0};
	int rc;

	if (choose_paths(ctl, a, index, path, err))
		return -1;
	if (ctl_admit(ctl, index, a->luns.n, a->force, LOCK_MS, &admission, err))
		return -1;
	rc = ctl->common->dry_run ? plan_start(ctl, a, path[0], err)
				  : cxlf_holder_start(&options, &ctl->topology, path, a->luns.n, &outcome.info, err);
	cxlf_lun_admit_end(&admission);
	if (rc || ctl->common->dry_run)
		return rc;
	ctl_warn_of_life(ctl, &outcome.info);
	return cxlf_outcome_show(&ctl->out, &outcome, err, "%s", outcome.info.name);
}

#define HOW_TO_ATTACH(type)                                                                                            \
	CLI_ADAPTER(type, adapter, .name = "--adapter", .value = "ADAPTER",                                            \
		    .help = "attach on this adapter (default: the first one that has the LUN in superpipe mode)"),     \
		CLI_CHOICE(type, interrupts, .name = "--interrupts", .value = "N", .choices = "1|2|3|4",               \
			   .fallback = 4, .help = "interrupts of the context, 1 to 4 (4)"),                            \
		CLI_FLAG(type, read_only, .name = "--read-only", .help = "open handles read-only"),                    \
		CTL_FORCE_USE(type)

static const struct cli_arg start_table[] = {
	CLI_LUNS(struct start_args, luns, .name = "LUN", .help = CTL_THIS_PATH_HELP),
	CLI_CONTEXT(struct start_args, name, .name = "--name", .value = "NAME",
		    .help = "name of the context: lower-case letters, digits and _.-, at most 32 (default: ctx0, ctx1, "
			    "... the first that is free)"),
	HOW_TO_ATTACH(struct start_args),
	CLI_FLAG(struct start_args, no_recover, .name = "--no-recover",
		 .help = "do not recover automatically after an adapter reset; wait for the recover command"),
	CLI_SECONDS(struct start_args, check_ms, .name = "--check", .value = "TIME", .fallback = 1000,
		    .help = "interval at which to check for an adapter reset (1s)"),
	CLI_END,
};

const struct command cmd_context_start = {
	.name = "context start",
	.summary = "attach LUNs to a held context, and print its name",
	.about = "A context belongs to the process that attached it, so this command starts a process that keeps it: a "
		 "holder, cxlflash-holder(8). Virtual LUNs and physical handles are then created in it by name. When "
		 "the holder ends, for any reason, the kernel frees everything it held.\n\n"
		 "After an adapter reset the holder recovers the context automatically. All LUNs of a context must be "
		 "in superpipe mode and on one adapter.",
	.example = "context start 60050768018b0a2e0000000000000001 --name db # one LUN\n"
		   "context start /dev/sg3 /dev/sg7 # two LUNs, through these paths",
	CLI_ARGS(start_table, struct start_args),
	CTL_OUTCOME("context,adapter,pid,state,changed"),
	.check = check_start,
	CTL_TAKES_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED),
	.run = context_start,
};

/* ---- stop ---- */

struct stop_args {
	struct cxlf_held name;
	unsigned timeout_ms;
};

static int context_stop(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct stop_args *a = args;
	const char *name = a->name.name;
	bool dry = ctl->common->dry_run;
	CXLF_OUTCOME(outcome) = {.changed = !dry, .dry_run = dry, .ended = true};
	struct cxlf_holder_entry holder;
	char what[64], handles[48] = "";
	unsigned n;

	if (cxlf_holder_look(name, a->timeout_ms, &holder, err))
		return -1;
	outcome.info = holder.info;
	snprintf(what, sizeof(what), "stop context %s", name);
	if (!dry && outcome.info.state != CXLF_CONTEXT_FAILED && holder.n_virtual &&
	    ctl_confirm(ctl, what, "the data in its virtual LUNs will be lost", err))
		return -1;
	if (!dry && cxlf_holder_stop(name, a->timeout_ms, err))
		return -1;
	n = holder.n_handles;
	if (n)
		snprintf(handles, sizeof(handles), ", %u handle%s %s", n, n == 1 ? "" : "s",
			 outcome.info.state == CXLF_CONTEXT_FAILED ? "lost" : "released");
	return cxlf_outcome_show(&ctl->out, &outcome, err, "%s %s%s", name, dry ? "would be stopped" : "stopped",
				 handles);
}

static const struct cli_arg stop_table[] = {
	CLI_CONTEXT(struct stop_args, name, .name = "NAME", .words = CLI_WORDS_CONTEXTS, .help = "the context's name"),
	CLI_SECONDS(struct stop_args, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = STOP_MS,
		    .help = "how long to wait until the holder has ended (60s)"),
	CLI_END,
};

const struct command cmd_context_stop = {
	.name = "context stop",
	.summary = "stop a held context and release its handles",
	.about = "The data in virtual LUNs of the context is lost: the driver knows where their chunks are only "
		 "while they are open. If the context has virtual LUNs, the command asks for confirmation on a "
		 "terminal, and "
		 "needs --yes without one. It returns when the holder's process has ended.",
	.example = "context stop db # stop it and release its handles\n"
		   "context stop db --dry-run # what would be released",
	CLI_ARGS(stop_table, struct stop_args),
	CTL_OUTCOME("context,adapter,changed"),
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY,
			   CXLF_EXIT_ABORTED),
	.run = context_stop,
};

/* ---- run ---- */

struct run_args {
	struct cli_object lun, adapter;
	unsigned interrupts, force;
	bool read_only, physical, allow_smaller;
	struct cli_size size;
	struct cli_rest program;
};

static int open_handle(struct cxlf_context *context, const struct cxlf_topology *topology, const struct run_args *args,
		       unsigned path, const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	struct cxlf_vlun_size size = {.allow_smaller = args->allow_smaller};

	if (args->physical)
		return cxlf_context_plun_create(context, 0, "", handle, err);
	if (!args->size.given)
		return 0;
	if (!cxlf_size_bytes(args->size.size, topology->path[path].block_bytes, &size.bytes))
		return cxlf_fail(err, CXLF_E_BAD_VALUE, "the size is too large for any LUN");
	return cxlf_context_vlun_create(context, 0, &size, handle, err);
}

static int check_run(const void *args, struct cxlf_err *err)
{
	const struct run_args *a = args;

	if (a->physical && a->size.given)
		return cxlf_fail(err, CXLF_E_USAGE, "--virtual and --physical exclude each other");
	return a->allow_smaller && !a->size.given ? cxlf_fail(err, CXLF_E_USAGE, "--allow-smaller needs --virtual") : 0;
}

static int context_run(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct run_args *a = args;
	struct cxlf_context_options options = {.access = a->read_only ? O_RDONLY : O_RDWR, .interrupts = a->interrupts};
	const struct cxlf_context_handle *handle = NULL;
	struct cxlf_admission admission = {0}; /* ends with the exec */
	struct cxlf_context *context;
	unsigned path;

	if (cxlf_context_choose_path(&ctl->topology, a->lun.index, a->lun.path,
				     a->adapter.text ? a->adapter.index : UINT_MAX, &path, err))
		return -1;
	if (ctl_admit(ctl, &a->lun.index, 1, a->force, LOCK_MS, &admission, err))
		return -1;
	if (ctl->common->dry_run) {
		cxlf_lun_admit_end(&admission);
		cxlf_out_line(&ctl->out, "%s would be run with a context on %s", a->program.word[0],
			      ctl->topology.adapter[ctl->topology.path[path].adapter].name);
		return 0;
	}
	if (!cxlf_context_open(&ctl->topology, path, &options, &context, err)) {
		if (!open_handle(context, &ctl->topology, a, path, &handle, err))
			cxlf_context_exec(context, handle, a->program.word, err);
		cxlf_context_close(context);
	}
	cxlf_lun_admit_end(&admission);
	return -1;
}

static const struct cli_arg run_table[] = {
	CLI_LUN(struct run_args, lun, .name = "LUN", .help = CTL_THIS_PATH_HELP),
	CLI_REST(struct run_args, program, .name = "PROGRAM", .help = "the program to run, and its arguments"),
	CLI_SIZE(struct run_args, size, .name = "--virtual", .value = "SIZE",
		 .help = "open a virtual LUN of this size for the program (4G, 4GiB, 4GB, 1048576b, 65536lba)"),
	CLI_FLAG(struct run_args, physical, .name = "--physical",
		 .help = "open a physical handle, the whole LUN, for the program"),
	CLI_FLAG(struct run_args, allow_smaller, .name = "--allow-smaller",
		 .help = "with --virtual: accept a smaller size if less is free"),
	HOW_TO_ATTACH(struct run_args),
	CLI_END,
};

const struct command cmd_context_run = {
	.name = "context run",
	.summary = "run a program with a context attached",
	.about = "The context, and a handle if one is requested, are created in this process, which then executes the "
		 "program: process id, file descriptors and context id stay valid. The program finds them in its "
		 "environment, as CXLFLASH_CONTEXT_ID, CXLFLASH_ADAPTER_FD, CXLFLASH_DISK_FD, CXLFLASH_HANDLE and "
		 "others. When it ends, the kernel frees everything. The exit status is that of the program, 127 if "
		 "the program does not exist, or 126 if it cannot be run.",
	.example = "context run /dev/sg3 --virtual 4G -- ./bench # with a virtual LUN of 4 GiB\n"
		   "context run /dev/sg3 --physical -- env # see what a program gets",
	CLI_ARGS(run_table, struct run_args),
	.accepts = CLI_GROUP_CHANGE | CLI_GROUP_TRACE,
	.check = check_run,
	CTL_TAKES_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED, CXLF_EXIT_NOT_RUN, CXLF_EXIT_NO_PROGRAM),
	.run = context_run,
};
