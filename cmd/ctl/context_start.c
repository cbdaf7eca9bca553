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

#define STOP_MS 60000

/* ---- start ---- */

struct start_args {
	struct cli_objects luns;
	struct cli_object adapter;
	const char *name;
	unsigned interrupts, check_ms;
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

static int check_start(const struct start_args *args, struct cxlf_err *err)
{
	struct cxlf_held held;

	if (args->name && cxlf_held_want(args->name, false, &held, err))
		return -1;
	if (args->luns.n > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context takes %d LUNs at most", CXLF_CONTEXT_LUNS);
	if (args->check_ms < 100) {
		cxlf_fail(err, CXLF_E_BAD_VALUE, "--check must be 100ms at least");
		return cxlf_fix(err, "leave it out for 1 s");
	}
	return 0;
}

static int context_start(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct start_args *a = args;
	unsigned path[CXLF_CONTEXT_LUNS];
	struct cxlf_outcome outcome = {.changed = true};
	const struct cxlf_holder_options options = {
		.name = a->name,
		.interrupts = a->interrupts,
		.check_ms = a->check_ms,
		.read_only = a->read_only,
		.no_recover = a->no_recover,
	};

	if (check_start(a, err) || choose_paths(ctl, a, path, err) ||
	    cxlf_holder_start(&options, &ctl->topology, path, a->luns.n, &outcome.info, err))
		return -1;

	int rc = cxlf_outcome_show(&ctl->out, &outcome, err, outcome.info.name);

	cxlf_outcome_free(&outcome);
	return rc;
}

#define LUN_HELP                                                                                                       \
	"a whole WWID in any spelling, or a path of the LUN (which is then used): /dev/sdX, /dev/sgN, a link below "   \
	"/dev/disk, H:C:T:L"
#define HOW_TO_ATTACH(type)                                                                                            \
	CLI_ADAPTER(type, adapter, .name = "--adapter", .value = "ADAPTER",                                            \
		    .help = "attach on this adapter (default: the first one that has the LUN in superpipe mode)"),     \
		CLI_CHOICE(type, interrupts, .name = "--interrupts", .value = "N", .choices = "1|2|3|4",               \
			   .fallback = 4, .help = "interrupts of the context, 1 to 4 (4)"),                            \
		CLI_FLAG(type, read_only, .name = "--read-only", .help = "its handles cannot write")

static const struct cli_arg start_table[] = {
	CLI_LUNS(struct start_args, luns, .name = "LUN", .help = LUN_HELP),
	CLI_TEXT(struct start_args, name, .name = "--name", .value = "NAME",
		 .help = "name of the context: lower-case letters, digits and _.-, at most 32 (default: ctx0, ctx1, "
			 "... the first that is free)"),
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
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = context_start,
};

/* ---- stop ---- */

struct stop_args {
	const char *name;
	unsigned timeout_ms;
};

static int context_stop(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct stop_args *a = args;
	struct cxlf_outcome outcome = {.changed = true, .ended = true};
	struct cxlf_held held;
	char line[128];

	if (cxlf_held_want(a->name, false, &held, err) ||
	    cxlf_holder_info(held.name, a->timeout_ms, &outcome.info, err))
		return -1;

	int rc = cxlf_holder_stop(held.name, a->timeout_ms, err);

	snprintf(line, sizeof(line), outcome.info.n_handles ? "%s stopped, %u handles released" : "%s stopped",
		 held.name, outcome.info.n_handles);
	if (!rc)
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg stop_table[] = {
	CLI_TEXT(struct stop_args, name, .name = "NAME", .words = CLI_WORDS_CONTEXTS, .help = "the context's name"),
	CLI_SECONDS(struct stop_args, timeout_ms, .name = "--timeout", .value = "SECONDS", .fallback = STOP_MS,
		    .help = "how long to wait for its end (60)"),
	CLI_END,
};

const struct command cmd_context_stop = {
	.name = "context stop",
	.summary = "end a held context: its handles and virtual LUNs go with it",
	.about = "What was stored in its virtual LUNs can no longer be found afterwards: where their chunks were is "
		 "known to the driver only while they are open. Returns when the holder's process is gone.",
	.example = "context stop db # and all handles in it",
	.args = stop_table,
	.args_size = sizeof(struct stop_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY,
					  0},
	.run = context_stop,
};

/* ---- run ---- */

struct run_args {
	struct cli_object lun, adapter;
	unsigned interrupts;
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

static int context_run(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct run_args *a = args;
	struct cxlf_context_options options = {.access = a->read_only ? O_RDONLY : O_RDWR, .interrupts = a->interrupts};
	const struct cxlf_context_handle *handle = NULL;
	struct cxlf_context *context;
	unsigned path;

	if (a->physical && a->size.given)
		return cxlf_fail(err, CXLF_E_USAGE, "--virtual and --physical exclude each other");
	if (cxlf_context_choose_path(&ctl->topology, a->lun.index, a->lun.path,
				     a->adapter.text ? a->adapter.index : UINT_MAX, &path, err) ||
	    cxlf_context_open(&ctl->topology, path, &options, &context, err))
		return -1;
	if (!open_handle(context, &ctl->topology, a, path, &handle, err))
		cxlf_context_exec(context, handle, a->program.word, err);
	cxlf_context_close(context);
	return -1;
}

static const struct cli_arg run_table[] = {
	CLI_LUN(struct run_args, lun, .name = "LUN", .help = LUN_HELP),
	CLI_SIZE(struct run_args, size, .name = "--virtual", .value = "SIZE",
		 .help = "open a virtual LUN of this size for the program (4G, 4GiB, 4GB, 1048576b, 65536lba)"),
	CLI_FLAG(struct run_args, physical, .name = "--physical",
		 .help = "open a physical handle, the whole LUN, for the program"),
	CLI_FLAG(struct run_args, allow_smaller, .name = "--allow-smaller",
		 .help = "with --virtual: take what is free when it is less"),
	HOW_TO_ATTACH(struct run_args),
	CLI_REST(struct run_args, program, .name = "PROGRAM",
		 .help = "the program that gets the context, and its arguments"),
	CLI_END,
};

const struct command cmd_context_run = {
	.name = "context run",
	.summary = "attach a context and become a program that uses it",
	.about = "The context, and a handle if one is asked for, are made in this process, which then becomes the "
		 "program: process id, file descriptors and ids stay valid. The program finds them in its environment, "
		 "as CXLFLASH_CONTEXT_ID, CXLFLASH_ADAPTER_FD, CXLFLASH_DISK_FD, CXLFLASH_HANDLE and others. When it "
		 "ends the kernel frees everything. The exit status is the program's.",
	.example = "context run /dev/sg3 --virtual 4G -- ./bench # with a virtual LUN of 4 GiB\n"
		   "context run /dev/sg3 --physical -- env # see what a program gets",
	.args = run_table,
	.args_size = sizeof(struct run_args),
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = context_run,
};
