/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl context start, context stop, context run.
 */
#include "command.h"
#include "context/exec.h"
#include "fields/outcome.h"
#include "holder/held.h"
#include "lun/admit.h"

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

static int choose_paths(const struct ctl *ctl, const struct start_args *args, unsigned *path, struct cxlf_err *err)
{
	unsigned adapter = args->adapter.text ? args->adapter.index : UINT_MAX;

	for (unsigned i = 0; i < args->luns.n; i++) {
		const struct cli_object *lun = args->luns.item + i;

		if (cxlf_context_choose_path(&ctl->topology, lun->index, lun->path, adapter, path + i, err))
			return -1;
		adapter = ctl->topology.path[path[i]].adapter;
	}
	return 0;
}

static int check_start(const void *args, struct cxlf_err *err)
{
	const struct start_args *a = args;

	if (a->luns.n > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context takes %d LUNs at most", CXLF_CONTEXT_LUNS);
	if (a->check_ms >= 100)
		return 0;
	cxlf_fail(err, CXLF_E_BAD_VALUE, "--check must be 100ms at least");
	return cxlf_fix(err, "leave it out for 1 s");
}

static int plan_start(struct ctl *ctl, const struct start_args *args, unsigned path, struct cxlf_err *err)
{
	__attribute__((cleanup(cxlf_outcome_free))) struct cxlf_outcome outcome = {.dry_run = true};
	struct cxlf_holder_info *info = &outcome.info;
	struct cxlf_err ignored;
	char adapter[32], line[160];

	if (*args->name.name && !cxlf_holder_info(args->name.name, STOP_MS, info, &ignored)) {
		cxlf_fail(err, CXLF_E_NAME_TAKEN, "there is a context %s already", args->name.name);
		return cxlf_fix(err, "choose another name; see those in use: cxlflashctl context list");
	}
	memcpy(info->name, args->name.name, sizeof(info->name));
	snprintf(info->adapter_name, sizeof(info->adapter_name), "%s",
		 cxlf_adapter_name(ctl->topology.adapter + ctl->topology.path[path].adapter, adapter, sizeof(adapter)));
	snprintf(line, sizeof(line), "a context%s%s with %u LUN%s would be started on %s", *info->name ? " " : "",
		 info->name, args->luns.n, args->luns.n == 1 ? "" : "s", info->adapter_name);
	return cxlf_outcome_show(&ctl->out, &outcome, err, line);
}

/* What uses the LUNs as disks is asked for, and kept away until cxlf_lun_admit_end(). */
static int admit(struct ctl *ctl, const struct cli_object *lun, unsigned n, unsigned force,
		 struct cxlf_admission *admission, struct cxlf_err *err)
{
	unsigned index[CXLF_CONTEXT_LUNS];

	for (unsigned i = 0; i < n; i++)
		index[i] = lun[i].index;
	if (cxlf_lun_admit(&ctl->topology, index, n, force, LOCK_MS, admission, err))
		return -1;
	if (*admission->warning)
		cxlf_out_warn(&ctl->out, NULL, "%s", admission->warning);
	return 0;
}

static int context_start(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct start_args *a = args;
	unsigned path[CXLF_CONTEXT_LUNS];
	__attribute__((cleanup(cxlf_outcome_free))) struct cxlf_outcome outcome = {.changed = true};
	const struct cxlf_holder_options options = {
		.name = *a->name.name ? a->name.name : NULL,
		.interrupts = a->interrupts,
		.check_ms = a->check_ms,
		.read_only = a->read_only,
		.no_recover = a->no_recover,
	};
	struct cxlf_admission admission = {0};
	int rc;

	if (choose_paths(ctl, a, path, err))
		return -1;
	if (ctl->common->dry_run)
		return plan_start(ctl, a, path[0], err);
	if (admit(ctl, a->luns.item, a->luns.n, a->force, &admission, err))
		return -1;
	rc = cxlf_holder_start(&options, &ctl->topology, path, a->luns.n, &outcome.info, err);
	cxlf_lun_admit_end(&admission);
	return rc ? rc : cxlf_outcome_show(&ctl->out, &outcome, err, outcome.info.name);
}

#define LUN_HELP                                                                                                       \
	"a whole WWID in any spelling, or a path of the LUN (which is then used): /dev/sdX, /dev/sgN, a link below "   \
	"/dev/disk, H:C:T:L"
#define HOW_TO_ATTACH(type)                                                                                            \
	CLI_ADAPTER(type, adapter, .name = "--adapter", .value = "ADAPTER",                                            \
		    .help = "attach on this adapter (default: the first one that has the LUN in superpipe mode)"),     \
		CLI_CHOICE(type, interrupts, .name = "--interrupts", .value = "N", .choices = "1|2|3|4",               \
			   .fallback = 4, .help = "interrupts of the context, 1 to 4 (4)"),                            \
		CLI_FLAG(type, read_only, .name = "--read-only", .help = "its handles cannot write"),                  \
		CTL_FORCE_USE(type)

static const struct cli_arg start_table[] = {
	CLI_LUNS(struct start_args, luns, .name = "LUN", .help = LUN_HELP),
	CLI_CONTEXT(struct start_args, name, .name = "--name", .value = "NAME",
		    .help = "name of the context: lower-case letters, digits and _.-, at most 32 (default: ctx0, "
			    "ctx1, ... the first that is free)"),
	HOW_TO_ATTACH(struct start_args),
	CLI_FLAG(struct start_args, no_recover, .name = "--no-recover",
		 .help = "do not recover by itself after an adapter reset; wait for the recover command"),
	CLI_SECONDS(struct start_args, check_ms, .name = "--check", .value = "SECONDS", .fallback = 1000,
		    .help = "how often to look whether the adapter was reset (1)"),
	CLI_END,
};

const struct command cmd_context_start = {
	.name = "context start",
	.summary = "attach LUNs to a context that stays, and print its name",
	.about = "A context belongs to the process that attached it, so a process is started that keeps it: a holder, "
		 "cxlflash-holder(8). Virtual LUNs and physical handles are then made in it by name. When the holder "
		 "ends, in whatever way, the kernel frees all it held.\n\n"
		 "After an adapter reset the holder recovers the context by itself. All LUNs of a context must be in "
		 "superpipe mode and on one adapter.",
	.example = "context start 60050768018b0a2e0000000000000001 --name db # one LUN\n"
		   "context start /dev/sg3 /dev/sg7 # two LUNs, through these paths",
	.args = start_table,
	.args_size = sizeof(struct start_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_CHANGE,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.check = check_start,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = context_start,
};

/* ---- stop ---- */

struct stop_args {
	struct cxlf_held name;
	unsigned timeout_ms;
};

static unsigned n_virtual(const struct cxlf_holder_info *info)
{
	unsigned n = 0;

	for (unsigned i = 0; i < info->n_handles; i++)
		n += info->handle[i].is_virtual;
	return n;
}

static int context_stop(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct stop_args *a = args;
	const char *name = a->name.name;
	bool dry = ctl->common->dry_run;
	__attribute__((cleanup(cxlf_outcome_free))) struct cxlf_outcome outcome = {
		.changed = !dry, .dry_run = dry, .ended = true};
	char what[64], line[128];

	if (cxlf_holder_info(name, a->timeout_ms, &outcome.info, err))
		return -1;
	snprintf(what, sizeof(what), "stop context %s", name);
	if (!dry && n_virtual(&outcome.info) &&
	    ctl_confirm(ctl, what, "what is stored in its virtual LUNs cannot be found again", err))
		return -1;
	if (!dry && cxlf_holder_stop(name, a->timeout_ms, err))
		return -1;
	int len = snprintf(line, sizeof(line), "%s %s", name, dry ? "would be stopped" : "stopped");

	if (outcome.info.n_handles)
		snprintf(line + len, sizeof(line) - (size_t)len, ", %u handle%s released", outcome.info.n_handles,
			 outcome.info.n_handles == 1 ? "" : "s");
	return cxlf_outcome_show(&ctl->out, &outcome, err, line);
}

static const struct cli_arg stop_table[] = {
	CLI_CONTEXT(struct stop_args, name, .name = "NAME", .words = CLI_WORDS_CONTEXTS, .help = "the context's name"),
	CLI_SECONDS(struct stop_args, timeout_ms, .name = "--timeout", .value = "SECONDS", .fallback = STOP_MS,
		    .help = "how long to wait for its end (60)"),
	CLI_END,
};

const struct command cmd_context_stop = {
	.name = "context stop",
	.summary = "end a held context: its handles and virtual LUNs go with it",
	.about = "What was stored in its virtual LUNs can no longer be found afterwards: where their chunks were is "
		 "known to the driver only while they are open. So with virtual LUNs in it a confirmation is asked for "
		 "on "
		 "a terminal, and --yes is needed without one. Returns when the holder's process is gone.",
	.example = "context stop db # and all handles in it\n"
		   "context stop db --dry-run # what would be released",
	.args = stop_table,
	.args_size = sizeof(struct stop_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_CHANGE,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY,
					  CXLF_EXIT_ABORTED, 0},
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
				     a->adapter.text ? a->adapter.index : UINT_MAX, &path, err) ||
	    admit(ctl, &a->lun, 1, a->force, &admission, err))
		return -1;
	if (!cxlf_context_open(&ctl->topology, path, &options, &context, err)) {
		if (!open_handle(context, &ctl->topology, a, path, &handle, err))
			cxlf_context_exec(context, handle, a->program.word, err);
		cxlf_context_close(context);
	}
	cxlf_lun_admit_end(&admission);
	return -1;
}

static const struct cli_arg run_table[] = {
	CLI_LUN(struct run_args, lun, .name = "LUN", .help = LUN_HELP),
	CLI_REST(struct run_args, program, .name = "PROGRAM",
		 .help = "the program that gets the context, and its arguments"),
	CLI_SIZE(struct run_args, size, .name = "--virtual", .value = "SIZE",
		 .help = "open a virtual LUN of this size for the program (4G, 4GiB, 4GB, 1048576b, 65536lba)"),
	CLI_FLAG(struct run_args, physical, .name = "--physical",
		 .help = "open a physical handle, the whole LUN, for the program"),
	CLI_FLAG(struct run_args, allow_smaller, .name = "--allow-smaller",
		 .help = "with --virtual: take what is free when it is less"),
	HOW_TO_ATTACH(struct run_args),
	CLI_END,
};

const struct command cmd_context_run = {
	.name = "context run",
	.summary = "attach a context and become a program that uses it",
	.about = "The context, and a handle if one is asked for, are made in this process, which then becomes the "
		 "program: process id, file descriptors and ids stay valid. The program finds them in its environment, "
		 "as CXLFLASH_CONTEXT_ID, CXLFLASH_ADAPTER_FD, CXLFLASH_DISK_FD, CXLFLASH_HANDLE and others. When it "
		 "ends the kernel frees everything. The exit status is the program's, or 127 if there is no such "
		 "program and 126 if it cannot be run.",
	.example = "context run /dev/sg3 --virtual 4G -- ./bench # with a virtual LUN of 4 GiB\n"
		   "context run /dev/sg3 --physical -- env # see what a program gets",
	.args = run_table,
	.args_size = sizeof(struct run_args),
	.accepts = CLI_GROUP_TRACE,
	.check = check_run,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, CXLF_EXIT_NOT_RUN, CXLF_EXIT_NO_PROGRAM, 0},
	.run = context_run,
};
