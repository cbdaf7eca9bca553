/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl vlun create, list, resize, release, clone: virtual LUNs in held contexts.
 */
#include "command.h"
#include "fields/context.h"
#include "fields/outcome.h"
#include "holder/held.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum force { FORCE_DRIVER_WIPE = 1 << 0 };

#define HANDLE(type)                                                                                                   \
	CLI_TEXT(type, handle, .name = "CONTEXT/HANDLE", .words = CLI_WORDS_HANDLES,                                   \
		 .help = "the virtual LUN, as vlun list shows it: ctx0/3")
/* ---- what is shown ---- */

static const struct cxlf_context_handle *handle_of(const struct cxlf_outcome *outcome)
{
	return cxlf_holder_handle(&outcome->info, outcome->handle);
}

static void look_at_space(struct cxlf_outcome *outcome)
{
	const struct cxlf_context_handle *handle = handle_of(outcome);

	if (handle && handle->lun < outcome->info.n_luns)
		outcome->knows_free = cxlf_held_free(outcome->info.lun + handle->lun, &outcome->free_bytes);
}

/* Whole chunks are given: more than was asked for is worth a word, and less even more. */
static void say_difference(struct ctl *ctl, const struct cxlf_outcome *outcome)
{
	const struct cxlf_context_handle *handle = handle_of(outcome);
	char id[64], asked[32], got[32];

	if (!handle || handle->size_bytes == handle->requested_bytes)
		return;
	snprintf(id, sizeof(id), "%s/%llu", outcome->info.name, (unsigned long long)handle->number);
	cxlf_size_text(handle->requested_bytes, CXLF_UNITS_IEC, asked, sizeof(asked));
	cxlf_size_text(handle->size_bytes, CXLF_UNITS_IEC, got, sizeof(got));
	if (handle->size_bytes < handle->requested_bytes)
		cxlf_out_warn(&ctl->out, id, "%s were asked for, %s were left", asked, got);
	else
		cxlf_out_warn(&ctl->out, id, "%s rounded up to whole chunks: %s", asked, got);
}

/* Paths that are enabled later do not serve virtual LUNs until all have been legacy once (contract 4.6). */
static void say_mixed(struct ctl *ctl, const struct cxlf_lun *lun)
{
	char wwid[CXLF_WWID_TEXT];

	if (lun->mode != CXLF_MODE_MIXED)
		return;
	cxlf_wwid_text(&lun->wwid, wwid);
	cxlf_out_warn(
		&ctl->out, wwid,
		"not all of its paths are in superpipe mode; those that are switched while virtual LUNs are open do "
		"not serve them");
}

/* ---- create ---- */

struct create_args {
	struct cli_object lun;
	struct cli_size size;
	const char *context;
	bool allow_smaller, wipe;
	unsigned force, timeout_ms;
};

static int check_wipe(bool wipe, unsigned force, struct cxlf_err *err)
{
	if (!wipe || force & FORCE_DRIVER_WIPE)
		return 0;
	cxlf_fail(err, CXLF_E_UNSAFE, "the driver's wipe is refused: it zeroes the wrong blocks");
	cxlf_cause(err, "when such a virtual LUN shrinks or is released, the driver takes the number of each chunk for "
			"the address of its first block: blocks near the beginning of the LUN are zeroed, other "
			"virtual LUNs' among them, and its own keep their contents");
	return cxlf_fix(err, "wipe through the program that uses it; --force=driver-wipe if nobody else uses the LUN");
}

static int bytes_of(const struct cli_size *size, uint32_t block_bytes, uint64_t *bytes, struct cxlf_err *err)
{
	if (cxlf_size_bytes(size->size, block_bytes, bytes))
		return 0;
	return cxlf_fail(err, CXLF_E_BAD_VALUE, "the size is too large for any LUN");
}

static int create_in(const struct ctl *ctl, const struct create_args *args, const char *name,
		     struct cxlf_outcome *outcome, struct cxlf_err *err)
{
	const struct cxlf_lun *lun = ctl->topology.lun + args->lun.index;
	struct cxlf_vlun_size size = {.allow_smaller = args->allow_smaller, .driver_wipe = args->wipe};

	if (bytes_of(&args->size, lun->block_bytes, &size.bytes, err))
		return -1;
	outcome->has_handle = true;
	return cxlf_holder_vlun_create(name, args->timeout_ms, &lun->wwid, &size, &outcome->handle, &outcome->info,
				       err);
}

static int create(const struct ctl *ctl, const struct create_args *args, struct cxlf_outcome *outcome,
		  struct cxlf_err *err)
{
	struct cxlf_held held;
	unsigned path;

	if (args->context)
		return cxlf_held_want(args->context, false, &held, err) ? -1
									: create_in(ctl, args, held.name, outcome, err);
	if (cxlf_context_choose_path(&ctl->topology, args->lun.index, args->lun.path, UINT_MAX, &path, err) ||
	    cxlf_held_start(&ctl->topology, path, &held, err))
		return -1;
	if (!create_in(ctl, args, held.name, outcome, err))
		return 0;
	cxlf_held_abandon(&held);
	return -1;
}

static int vlun_create(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct create_args *a = args;
	struct cxlf_outcome outcome = {.changed = true};
	char line[64];
	int rc = -1;

	if (!a->size.given) {
		cxlf_fail(err, CXLF_E_USAGE, "vlun create needs --size=SIZE");
		cxlf_fix(err, "cxlflashctl vlun create --help");
	} else if (!check_wipe(a->wipe, a->force, err)) {
		rc = create(ctl, a, &outcome, err);
	}
	if (!rc) {
		look_at_space(&outcome);
		say_difference(ctl, &outcome);
		say_mixed(ctl, ctl->topology.lun + a->lun.index);
		snprintf(line, sizeof(line), "%s/%llu", outcome.info.name, (unsigned long long)outcome.handle);
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	}
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg create_table[] = {
	CLI_LUN(struct create_args, lun, .name = "LUN",
		.help = "a whole WWID in any spelling, or any path to the LUN: /dev/sdX, /dev/sgN, a link below "
			"/dev/disk, H:C:T:L"),
	CLI_SIZE(struct create_args, size, .name = "--size", .value = "SIZE",
		 .help = "4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN); 0 is allowed"),
	CLI_TEXT(struct create_args, context, .name = "--context", .value = "NAME", .words = CLI_WORDS_CONTEXTS,
		 .help = "in this held context (default: one of its own, which ends when it is released)"),
	CLI_FLAG(struct create_args, allow_smaller, .name = "--allow-smaller",
		 .help = "take what is free when it is less than SIZE, instead of an error"),
	CLI_FLAG(struct create_args, wipe, .name = "--wipe",
		 .help = "ask the driver to zero what is given back; refused, because it zeroes the wrong blocks"),
	CLI_SET(struct create_args, force, .name = "--force", .value = "CHECK", .choices = "driver-wipe",
		.help = "override a safety check: driver-wipe (lets --wipe destroy data near the LUN's beginning)"),
	CTL_HOLDER_TIMEOUT(struct create_args),
	CLI_END,
};

const struct command cmd_vlun_create = {
	.name = "vlun create",
	.summary = "make a virtual LUN on a LUN in superpipe mode, and print its name",
	.about = "Virtual LUNs are made of chunks of 65,536 blocks: 256 MiB at 4,096 bytes a block, 32 MiB at 512. "
		 "Sizes are rounded up to whole chunks. Where less is free than was asked for, the driver silently "
		 "gives "
		 "what there is; here that is an error, and nothing is kept, unless --allow-smaller says otherwise.\n\n"
		 "A virtual LUN lives as long as its context: where its chunks are is recorded nowhere else.",
	.example = "vlun create 60050768018b0a2e0000000000000001 --size 4G # prints ctx0/0\n"
		   "vlun create /dev/sg3 --size 100G --context db # in a context that exists",
	.args = create_table,
	.args_size = sizeof(struct create_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.scans = true,
	.must_exist = true,
	.changes = true,
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED, 0},
	.run = vlun_create,
};

/* ---- list ---- */

struct held_handle {
	const struct cxlf_holder_info *info;
	unsigned handle;
};

struct list {
	struct cxlf_holder_entry *holder;
	unsigned n_holders;
	struct held_handle *handle;
	size_t n;
};

static const void *info_of(struct cxlf_row row)
{
	return ((const struct list *)row.of)->handle[row.i].info;
}

static struct cxlf_row to_handle(struct cxlf_row row)
{
	const struct held_handle *handle = ((const struct list *)row.of)->handle + row.i;

	return (struct cxlf_row){.of = handle->info, .i = handle->handle};
}

static void list_state(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_info *info = info_of(row);

	cxlf_value_context_state(v, info->state);
}

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_context_handle_fields, .via = to_handle),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter its context is on",
		   CXLF_AT(info_of, struct cxlf_holder_info, adapter_name)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, 0, "of its context: ready, lost, recovering or failed",
		   .get = list_state),
	CXLF_FIELD("cloned_from", "CLONED-FROM", CXLF_TEXT, 0, "the context whose chunks it shares",
		   CXLF_AT(info_of, struct cxlf_holder_info, parent)),
	CXLF_FIELDS_END,
};

static const struct cxlf_field list_document[] = {
	CXLF_KEY("handles", CXLF_RECORDS, .of = list_fields, CXLF_AT(NULL, struct list, n)),
	CXLF_FIELDS_END,
};

static size_t count(const struct list *list)
{
	size_t n = 0;

	for (unsigned i = 0; i < list->n_holders; i++)
		n += list->holder[i].info.n_handles;
	return n;
}

static void fill(struct ctl *ctl, struct list *list)
{
	static const char *const why[] = {
		[CXLF_HOLDER_DENIED] = "its holder may be asked by root only",
		[CXLF_HOLDER_STALE] = "its holder ended without a word, killed perhaps; the kernel freed what it held",
		[CXLF_HOLDER_SILENT] = "its holder does not answer",
	};

	for (unsigned i = 0; i < list->n_holders; i++) {
		const struct cxlf_holder_entry *holder = list->holder + i;

		if (holder->found != CXLF_HOLDER_ANSWERS)
			cxlf_out_warn(&ctl->out, holder->name, "%s", why[holder->found]);
		for (unsigned k = 0; k < holder->info.n_handles; k++)
			list->handle[list->n++] = (struct held_handle){.info = &holder->info, .handle = k};
	}
}

static int vlun_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct list list = {0};
	int rc;

	(void)args;
	if (cxlf_holder_list(CXLF_RUN_DIR, 2000, &list.holder, &list.n_holders, err))
		return -1;
	list.handle = calloc(count(&list) + 1, sizeof(*list.handle));
	if (!list.handle)
		rc = cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to list the handles");
	else {
		fill(ctl, &list);
		rc = cxlf_out_show(&ctl->out,
				   &(struct cxlf_view){
					   .document = list_document,
					   .rows = {.fields = list_fields, .of = &list, .n = list.n},
				   },
				   err);
	}
	free(list.handle);
	cxlf_holder_list_free(list.holder, list.n_holders);
	return rc;
}

const struct command cmd_vlun_list = {
	.name = "vlun list",
	.summary = "list the virtual LUNs and physical handles of held contexts",
	.about = "Those of other programs cannot be seen: the driver tells nobody. No device is touched.",
	.example = "vlun list # one line each\n"
		   "vlun list -f pairs -o id,size_bytes # for a shell script",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = list_fields,
	.shown = CXLF_CONTEXT_HANDLE_SHOWN ",adapter,state",
	.document = list_document,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_PERMISSION, 0},
	.run = vlun_list,
};

/* ---- resize ---- */

struct resize_args {
	const char *handle;
	const char *size;
	bool allow_smaller;
	unsigned timeout_ms;
};

static int read_size(const char *text, uint32_t block_bytes, uint64_t *bytes, struct cxlf_err *err)
{
	struct cli_size size = {.given = true};
	enum cxlf_size_parse why = cxlf_size_parse(text, &size.size);

	if (!why)
		return bytes_of(&size, block_bytes, bytes, err);
	cxlf_fail(err, CXLF_E_BAD_VALUE, "\"%.40s\" is no size", text);
	cxlf_cause(err, "%s", cxlf_size_problem(why));
	return cxlf_fix(err, "write it as 4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN)");
}

static int vlun_resize(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct resize_args *a = args;
	struct cxlf_vlun_size size = {.allow_smaller = a->allow_smaller};
	struct cxlf_outcome outcome = {.has_handle = true};
	struct cxlf_context_handle before = {0};
	struct cxlf_held held;
	uint32_t block_bytes = 0;
	char text[32], line[128];
	int rc;

	if (cxlf_held_want(a->handle, true, &held, err) || read_size(a->size, 4096, &size.bytes, err) ||
	    cxlf_held_look(&held, a->timeout_ms, &before, &block_bytes, err) ||
	    read_size(a->size, block_bytes, &size.bytes, err))
		return -1;
	outcome.handle = held.handle;
	rc = cxlf_holder_vlun_resize(held.name, a->timeout_ms, held.handle, &size, &outcome.info, err);
	if (!rc && handle_of(&outcome)) {
		outcome.changed = handle_of(&outcome)->size_bytes != before.size_bytes;
		look_at_space(&outcome);
		say_difference(ctl, &outcome);
		cxlf_size_text(handle_of(&outcome)->size_bytes, CXLF_UNITS_IEC, text, sizeof(text));
		snprintf(line, sizeof(line), "%.60s %s", a->handle, text);
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	}
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg resize_table[] = {
	HANDLE(struct resize_args),
	CLI_TEXT(struct resize_args, size, .name = "SIZE",
		 .help = "the new size: 4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN)"),
	CLI_FLAG(struct resize_args, allow_smaller, .name = "--allow-smaller",
		 .help = "when growing, take what is free when it is less than SIZE"),
	CTL_HOLDER_TIMEOUT(struct resize_args),
	CLI_END,
};

const struct command cmd_vlun_resize = {
	.name = "vlun resize",
	.summary = "make a virtual LUN larger or smaller",
	.about = "It grows and shrinks at its end, by whole chunks. What was stored in chunks that are given back is "
		 "lost to it and stays readable for whoever gets them next. Where there is too little free space "
		 "nothing is changed, unless --allow-smaller says otherwise.",
	.example = "vlun resize ctx0/0 8G # the data in the first 8 GiB stays",
	.args = resize_table,
	.args_size = sizeof(struct resize_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = vlun_resize,
};

/* ---- release ---- */

struct release_args {
	const char *handle;
	unsigned timeout_ms;
};

static int vlun_release(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct release_args *a = args;
	struct cxlf_outcome outcome = {.changed = true};
	struct cxlf_context_handle before = {0};
	struct cxlf_held held;
	uint32_t block_bytes = 0;
	char line[128];
	int rc;

	if (cxlf_held_want(a->handle, true, &held, err) ||
	    cxlf_held_look(&held, a->timeout_ms, &before, &block_bytes, err))
		return -1;
	if (!before.is_virtual) {
		cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "%s is a physical handle", a->handle);
		return cxlf_fix(err, "cxlflashctl plun release %s", a->handle);
	}
	rc = cxlf_holder_release(held.name, a->timeout_ms, held.handle, &outcome.ended, &outcome.info, err);
	if (!rc) {
		snprintf(line, sizeof(line), outcome.ended ? "%.60s released, and its context ended" : "%.60s released",
			 a->handle);
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, line);
	}
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg release_table[] = {
	HANDLE(struct release_args),
	CTL_HOLDER_TIMEOUT(struct release_args),
	CLI_END,
};

const struct command cmd_vlun_release = {
	.name = "vlun release",
	.summary = "give a virtual LUN's space back",
	.about = "Where its chunks were is forgotten: its contents cannot be found again. A context that was made for "
		 "it alone (vlun create without --context) ends with its last handle.",
	.example = "vlun release ctx0/0 # and the context, if it was made for it",
	.args = release_table,
	.args_size = sizeof(struct release_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = vlun_release,
};

/* ---- clone ---- */

struct clone_args {
	const char *context, *name;
	unsigned timeout_ms;
};

static int vlun_clone(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct clone_args *a = args;
	struct cxlf_outcome outcome = {.changed = true};
	struct cxlf_held held, clone;
	int rc;

	if (cxlf_held_want(a->context, false, &held, err) || (a->name && cxlf_held_want(a->name, false, &clone, err)))
		return -1;
	rc = cxlf_holder_clone(held.name, a->timeout_ms, a->name, &outcome.info, err);
	if (!rc)
		rc = cxlf_outcome_show(&ctl->out, &outcome, err, outcome.info.name);
	cxlf_outcome_free(&outcome);
	return rc;
}

static const struct cli_arg clone_table[] = {
	CLI_TEXT(struct clone_args, context, .name = "CONTEXT", .words = CLI_WORDS_CONTEXTS,
		 .help = "the context whose virtual LUNs are cloned"),
	CLI_TEXT(struct clone_args, name, .name = "--name", .value = "NAME",
		 .help = "name of the new context (default: ctx0, ctx1, ... the first that is free)"),
	CTL_HOLDER_TIMEOUT(struct clone_args),
	CLI_END,
};

const struct command cmd_vlun_clone = {
	.name = "vlun clone",
	.summary = "make a second context with the same virtual LUNs",
	.about = "As a program does that forks: a child process of the holder attaches a context of its own and takes "
		 "over all handles of the parent's, with the same numbers and on the same chunks. Both then see the "
		 "same data; each gives its share back by itself. If the parent ends with its last handle, so does the "
		 "clone. The context must have one LUN and only virtual handles. Useful to try how a program's fork "
		 "handling behaves.",
	.example = "vlun clone ctx0 # prints the new context's name",
	.args = clone_table,
	.args_size = sizeof(struct clone_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = cxlf_outcome_fields,
	.document = cxlf_outcome_fields,
	.exits = (const enum cxlf_exit[]){CTL_HOLDER_EXITS, 0},
	.run = vlun_clone,
};
