/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl vlun create, list, resize, clone: virtual LUNs in held contexts. vlun release is in release.c.
 */
#include "command.h"
#include "fields/context.h"
#include "fields/outcome.h"
#include "holder/held.h"
#include "lun/verify.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define ASK_MS 2000
#define CAPACITY_MS 10000
#define FORCE_DRIVER_WIPE (CXLF_CHECKS_DISK + 1) /* the bit behind those of the checks */

/* ---- what is shown ---- */

static const struct cxlf_context_handle *handle_of(const struct cxlf_outcome *outcome)
{
	return cxlf_holder_handle(&outcome->info, outcome->handle);
}

static void find_space(const struct ctl *ctl, struct cxlf_outcome *outcome)
{
	const struct cxlf_context_handle *handle = handle_of(outcome);

	if (ctl->want & CXLF_WANT_FREE && handle && handle->lun < outcome->info.n_luns)
		outcome->knows_free = cxlf_held_free(outcome->info.lun + handle->lun, &outcome->free_bytes);
}

/* The driver allocates whole chunks: warn if the size is not the one requested. */
static void warn_of_size(struct ctl *ctl, const struct cxlf_outcome *outcome)
{
	const struct cxlf_context_handle *handle = handle_of(outcome);

	if (!handle || handle->size_bytes == handle->requested_bytes)
		return;

	const char *id = CXLF_HELD_STRING(outcome->info.name, handle->number);
	const char *requested = CXLF_SIZE_STRING(handle->requested_bytes), *got = CXLF_SIZE_STRING(handle->size_bytes);

	if (handle->size_bytes < handle->requested_bytes)
		cxlf_out_warn(&ctl->out, id, "%s requested, but only %s were free", requested, got);
	else
		cxlf_out_warn(&ctl->out, id, "%s rounded up to whole chunks: %s", requested, got);
}

/* Paths that are enabled later do not serve virtual LUNs until all have been legacy once (contract 4.6). */
static void warn_of_mode(struct ctl *ctl, const struct cxlf_lun *lun)
{
	if (lun->mode == CXLF_MODE_MIXED)
		cxlf_out_warn(&ctl->out, CXLF_WWID_STRING(&lun->wwid),
			      "not all paths are in superpipe mode; paths that are switched while virtual LUNs are "
			      "open do not serve them");
}

/* ---- create ---- */

struct create_args {
	struct cli_object lun;
	struct cli_size size;
	struct cxlf_held context;
	bool allow_smaller, wipe;
	unsigned force, timeout_ms;
};

static int check_create(const void *args, struct cxlf_err *err)
{
	const struct create_args *a = args;

	if (!a->wipe || a->force & FORCE_DRIVER_WIPE)
		return 0;
	cxlf_fail(err, CXLF_E_UNSAFE, "--wipe is refused: the driver zeroes the wrong blocks");
	cxlf_cause(err, "when the virtual LUN shrinks or is released, the driver uses the number of each chunk as the "
			"address of a block: it zeroes blocks near the beginning of the LUN, which can be those of "
			"other virtual LUNs, and does not zero the released chunks");
	return cxlf_fix(err,
			"overwrite it from the program that uses it; --force=driver-wipe if nothing else uses the LUN");
}

static int bytes_of(const struct cli_size *size, uint32_t block_bytes, uint64_t *bytes, struct cxlf_err *err)
{
	if (cxlf_size_bytes(size->size, block_bytes, bytes))
		return 0;
	return cxlf_fail(err, CXLF_E_BAD_VALUE, "the size is too large for any LUN");
}

static uint64_t whole_chunks(uint64_t bytes, uint32_t block_bytes)
{
	return cxlf_size_chunks(bytes, block_bytes) * cxlf_chunk_bytes(block_bytes);
}

static bool has_handle(const struct cxlf_holder_info *info, const struct cxlf_wwid *wwid)
{
	for (unsigned i = 0; i < info->n_handles && info->state != CXLF_CONTEXT_FAILED; i++)
		if (cxlf_wwid_equal(wwid, &info->lun[info->handle[i].lun].wwid))
			return true;
	return false;
}

/* Whether a held context has a handle on the LUN: then its use was checked when that was created. */
static bool is_used(const struct cxlf_wwid *wwid)
{
	struct cxlf_holder_entry *holder;
	struct cxlf_err ignored;
	bool used = false;
	unsigned n;

	if (cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &holder, &n, &ignored))
		return false;
	for (unsigned i = 0; i < n; i++)
		used |= has_handle(&holder[i].info, wwid);
	cxlf_holder_list_free(holder, n);
	return used;
}

/* The context of --context; if it has a handle, the other holders need not be asked. */
static int look_at_context(const struct create_args *args, const struct cxlf_wwid *wwid, bool *no_check,
			   struct cxlf_err *err)
{
	struct cxlf_holder_info info;

	if (cxlf_holder_info(args->context.name, args->timeout_ms, &info, err))
		return -1;
	/* the holder refuses with the reason */
	*no_check = info.state == CXLF_CONTEXT_FAILED || has_handle(&info, wwid);
	cxlf_holder_info_free(&info);
	return 0;
}

/* The driver allocates by its own record of the capacity. */
static int check_capacity(const struct ctl *ctl, const struct create_args *args, const char *name, struct cxlf_err *err)
{
	const struct cxlf_lun *lun = ctl->topology.lun + args->lun.index;
	struct cxlf_holder_info info;
	uint64_t recorded = 0;

	if (cxlf_holder_info(name, args->timeout_ms, &info, err))
		return -1;
	for (unsigned i = 0; i < info.n_luns; i++)
		if (cxlf_wwid_equal(&info.lun[i].wwid, &lun->wwid))
			recorded = info.lun[i].size_bytes;
	/* a context that is not ready, or does not have the LUN, refuses the request itself */
	bool applies = recorded && info.state == CXLF_CONTEXT_READY;

	cxlf_holder_info_free(&info);
	return applies ? cxlf_verify_not_smaller(&ctl->topology, args->lun.index, recorded, CAPACITY_MS, err) : 0;
}

static int create_in(const struct ctl *ctl, const struct create_args *args, const char *name,
		     struct cxlf_outcome *outcome, struct cxlf_err *err)
{
	const struct cxlf_lun *lun = ctl->topology.lun + args->lun.index;
	struct cxlf_vlun_size size = {.allow_smaller = args->allow_smaller, .driver_wipe = args->wipe};

	if (bytes_of(&args->size, lun->block_bytes, &size.bytes, err))
		return -1;
	if (check_capacity(ctl, args, name, err))
		return -1;
	outcome->has_handle = true;
	if (!cxlf_holder_vlun_create(name, args->timeout_ms, &lun->wwid, &size, &outcome->handle, &outcome->info, err))
		return 0;
	if (err->code == CXLF_E_LUN_OTHER_USE)
		cxlf_held_release_fix(&lun->wwid, CXLF_HELD_PHYSICAL, err);
	return -1;
}

/* In the context named, or in a new one through `path`. */
static int create(const struct ctl *ctl, const struct create_args *args, unsigned path, struct cxlf_outcome *outcome,
		  struct cxlf_err *err)
{
	struct cxlf_held held;

	if (*args->context.name)
		return create_in(ctl, args, args->context.name, outcome, err);
	if (cxlf_held_start(&ctl->topology, path, &held, err))
		return -1;
	if (!create_in(ctl, args, held.name, outcome, err))
		return 0;
	cxlf_held_abandon(&held);
	return -1;
}

static int plan_create(struct ctl *ctl, const struct create_args *args, unsigned path, struct cxlf_outcome *outcome,
		       struct cxlf_err *err)
{
	const struct cxlf_lun *lun = ctl->topology.lun + args->lun.index;
	const struct cxlf_adapter *on = ctl->topology.adapter + ctl->topology.path[path].adapter;
	const char *size;

	outcome->dry_run = outcome->has_sizes = true;
	if (bytes_of(&args->size, lun->block_bytes, &outcome->wanted_bytes, err))
		return -1;
	outcome->wanted_bytes = whole_chunks(outcome->wanted_bytes, lun->block_bytes);
	size = CXLF_SIZE_STRING(outcome->wanted_bytes);
	if (*args->context.name) {
		if (cxlf_holder_info(args->context.name, args->timeout_ms, &outcome->info, err))
			return -1;
		return cxlf_outcome_show(&ctl->out, outcome, err, "%s would be created in context %s", size,
					 args->context.name);
	}
	snprintf(outcome->info.adapter_name, sizeof(outcome->info.adapter_name), "%s", on->name);
	return cxlf_outcome_show(&ctl->out, outcome, err, "%s would be created in a new context on %s", size,
				 outcome->info.adapter_name);
}

static int vlun_create(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct create_args *a = args;
	CXLF_OUTCOME(outcome) = {.changed = !ctl->common->dry_run};
	const struct cxlf_wwid *wwid = &ctl->topology.lun[a->lun.index].wwid;
	struct cxlf_admission admission = {0};
	bool no_check = false;
	unsigned path = 0;
	int rc;

	if (*a->context.name
		    ? look_at_context(a, wwid, &no_check, err)
		    : cxlf_context_choose_path(&ctl->topology, a->lun.index, a->lun.path, UINT_MAX, &path, err))
		return -1;
	if (!no_check && !is_used(wwid) && ctl_admit(ctl, &a->lun.index, 1, a->force, a->timeout_ms, &admission, err))
		return -1;
	rc = ctl->common->dry_run ? plan_create(ctl, a, path, &outcome, err) : create(ctl, a, path, &outcome, err);
	cxlf_lun_admit_end(&admission);
	if (rc || ctl->common->dry_run)
		return rc;
	find_space(ctl, &outcome);
	if (!*a->context.name)
		ctl_warn_of_life(ctl, &outcome.info);
	warn_of_size(ctl, &outcome);
	warn_of_mode(ctl, ctl->topology.lun + a->lun.index);
	return cxlf_outcome_show(&ctl->out, &outcome, err, "%s", CXLF_HELD_STRING(outcome.info.name, outcome.handle));
}

static const struct cli_arg create_table[] = {
	CLI_LUN(struct create_args, lun, .name = "LUN", .help = CTL_ANY_PATH_HELP),
	CLI_SIZE(struct create_args, size, .name = "SIZE",
		 .help = "4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN); 0 is allowed"),
	CTL_CONTEXT(struct create_args),
	CLI_FLAG(struct create_args, allow_smaller, .name = "--allow-smaller",
		 .help = "if less than SIZE is free, use what is free"),
	CLI_FLAG(struct create_args, wipe, .name = "--wipe",
		 .help = "have the driver zero released chunks; refused, because it zeroes the wrong blocks"),
	CLI_SET(struct create_args, force, .name = "--force", .value = "CHECK[,CHECK]",
		.choices = CTL_FORCE_CHOICES "|driver-wipe",
		.help = CTL_FORCE_HELP "; driver-wipe (lets --wipe destroy data near the LUN's beginning)"),
	CTL_HOLDER_TIMEOUT(struct create_args),
	CLI_END,
};

const struct command cmd_vlun_create = {
	.name = "vlun create",
	.summary = "create a virtual LUN on a LUN in superpipe mode, and print its name",
	.about = "Virtual LUNs consist of chunks of 65,536 blocks: 256 MiB with blocks of 4,096 bytes, 32 MiB with "
		 "512. Sizes are rounded up to whole chunks. If less is free than requested, the driver silently "
		 "allocates what is free; this command then fails and releases it, unless --allow-smaller is given. "
		 "A LUN that is smaller than the driver has recorded is refused.\n\n"
		 "A virtual LUN exists as long as its context, because only the driver knows where its chunks are. It "
		 "is "
		 "space that the process of the context has reserved: other programs cannot do I/O to it. Only a "
		 "program started by context run, a clone of the context, or a server that runs in the process of the "
		 "context can.",
	.example = "vlun create 60050768018b0a2e0000000000000001 4G # prints ctx0/0\n"
		   "vlun create /dev/sg3 100G --context db # in a context that exists",
	CLI_ARGS(create_table, struct create_args),
	CTL_OUTCOME("id,wwid,requested_bytes,size_bytes,changed"),
	.check = check_create,
	CTL_TAKES_LUN,
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_CHECK, CXLF_EXIT_ABORTED),
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
	bool complete;
	unsigned *unanswered; /* indices into holder */
	size_t n_unanswered;
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

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_context_handle_fields, .via = to_handle),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter its context is on",
		   CXLF_AT(info_of, struct cxlf_holder_info, adapter_name)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, 0,
		   "of its context: ready, lost, recovering or failed (the handle is gone)",
		   CXLF_AT(info_of, struct cxlf_holder_info, state), CXLF_WORDS(cxlf_context_state_words)),
	CXLF_FIELD("cloned_from", "CLONED-FROM", CXLF_TEXT, 0, "the context with which it shares chunks",
		   CXLF_AT(info_of, struct cxlf_holder_info, parent)),
	CXLF_FIELDS_END,
};

static const void *unanswered_of(struct cxlf_row row)
{
	const struct list *list = row.of;

	return list->holder + list->unanswered[row.i];
}

static void unanswered_why(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_entry *holder = unanswered_of(row);

	cxlf_value_text(v, cxlf_holder_found_name(holder->found));
}

static const struct cxlf_field unanswered_fields[] = {
	CXLF_KEY("name", CXLF_TEXT, CXLF_AT(unanswered_of, struct cxlf_holder_entry, name)),
	CXLF_KEY("answer", CXLF_TEXT, .get = unanswered_why),
	CXLF_FIELDS_END,
};

static const struct cxlf_field list_document[] = {
	CXLF_KEY("complete", CXLF_FLAG, CXLF_AT(NULL, struct list, complete)),
	CXLF_KEY("unanswered", CXLF_RECORDS, .of = unanswered_fields, CXLF_AT(NULL, struct list, n_unanswered)),
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
	for (unsigned i = 0; i < list->n_holders; i++) {
		const struct cxlf_holder_entry *holder = list->holder + i;

		if (holder->found != CXLF_HOLDER_ANSWERS)
			cxlf_out_warn(&ctl->out, holder->name, "%s", cxlf_holder_found_text(holder->found));
		if (!cxlf_held_answers(holder))
			list->unanswered[list->n_unanswered++] = i;
		for (unsigned k = 0; k < holder->info.n_handles; k++)
			list->handle[list->n++] = (struct held_handle){.info = &holder->info, .handle = k};
	}
}

static int vlun_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct list list = {0};
	int rc;

	(void)args;
	if (cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &list.holder, &list.n_holders, err))
		return -1;
	list.handle = calloc(count(&list) + 1, sizeof(*list.handle));
	list.unanswered = calloc(list.n_holders + 1, sizeof(*list.unanswered));
	if (!list.handle || !list.unanswered)
		rc = cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	else {
		fill(ctl, &list);
		list.complete = !list.n_unanswered;
		rc = CXLF_SHOW(&ctl->out, err, .document = list_document,
			       .rows = {.fields = list_fields, .of = &list, .n = list.n});
		rc = rc ? rc : cxlf_held_complete(list.holder, list.n_holders, false, err);
	}
	free(list.handle);
	free(list.unanswered);
	cxlf_holder_list_free(list.holder, list.n_holders);
	return rc;
}

const struct command cmd_vlun_list = {
	.name = "vlun list",
	.summary = "list the virtual LUNs and physical handles of held contexts",
	.about = "Handles of other programs are not shown: the driver does not list them. No device is opened.",
	.example = "vlun list # one line for each\n"
		   "vlun list -f pairs -o id,size_bytes # for a shell script",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = list_fields,
	.shown = CXLF_CONTEXT_HANDLE_SHOWN ",adapter,state",
	.document = list_document,
	.exits = CLI_EXITS(CXLF_EXIT_PERMISSION, CXLF_EXIT_PARTIAL),
	.run = vlun_list,
};

/* ---- resize ---- */

struct resize_args {
	struct cxlf_held handle;
	struct cli_size size;
	bool allow_smaller;
	unsigned timeout_ms;
};

static int confirm_shrink(const struct ctl *ctl, const struct cxlf_outcome *outcome, const char *id,
			  struct cxlf_err *err)
{
	char what[120];

	snprintf(what, sizeof(what), "shrink %s to %s", id, CXLF_SIZE_STRING(outcome->wanted_bytes));
	return outcome->has_sizes && outcome->wanted_bytes < outcome->before_bytes
		       ? ctl_confirm(ctl, what, "the data behind its new end will be lost", err)
		       : 0;
}

static int show_resized(struct ctl *ctl, const struct cxlf_outcome *outcome, const char *id, struct cxlf_err *err)
{
	if (outcome->dry_run)
		return cxlf_outcome_show(&ctl->out, outcome, err, "%s has %s and would have %s", id,
					 CXLF_SIZE_STRING(outcome->before_bytes),
					 CXLF_SIZE_STRING(outcome->wanted_bytes));
	return cxlf_outcome_show(&ctl->out, outcome, err, "%s %s", id,
				 CXLF_SIZE_STRING(handle_of(outcome)->size_bytes));
}

/* Get the context, and the sizes before and after. */
static int look_before(const struct resize_args *args, struct cxlf_outcome *outcome, struct cxlf_vlun_size *size,
		       struct cxlf_err *err)
{
	const struct cxlf_context_handle *handle;
	uint32_t block_bytes;

	if (cxlf_held_look(&args->handle, args->timeout_ms, &outcome->info, &handle, err))
		return -1;
	block_bytes = outcome->info.lun[handle->lun].block_bytes;
	if (bytes_of(&args->size, block_bytes, &size->bytes, err))
		return -1;
	outcome->has_sizes = handle->is_virtual;
	outcome->before_bytes = handle->size_bytes;
	outcome->wanted_bytes = whole_chunks(size->bytes, block_bytes);
	return 0;
}

static int vlun_resize(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct resize_args *a = args;
	const struct cxlf_held *held = &a->handle;
	struct cxlf_vlun_size size = {.allow_smaller = a->allow_smaller};
	CXLF_OUTCOME(outcome) = {.has_handle = true, .handle = held->handle, .dry_run = ctl->common->dry_run};
	const char *id = CXLF_HELD_STRING(held->name, held->handle);

	if (look_before(a, &outcome, &size, err))
		return -1;
	if (!outcome.dry_run) {
		if (confirm_shrink(ctl, &outcome, id, err))
			return -1;
		cxlf_holder_info_free(&outcome.info);
		if (cxlf_holder_vlun_resize(held->name, a->timeout_ms, held->handle, &size, &outcome.info, err))
			return -1;
		if (!handle_of(&outcome))
			return cxlf_fail(err, CXLF_E_BUG, "%s was resized and does not exist", id);
		outcome.changed = handle_of(&outcome)->size_bytes != outcome.before_bytes;
		warn_of_size(ctl, &outcome);
	}
	find_space(ctl, &outcome);
	return show_resized(ctl, &outcome, id, err);
}

static const struct cli_arg resize_table[] = {
	CLI_HANDLE(struct resize_args, handle, .name = "CONTEXT/HANDLE", .words = CLI_WORDS_HANDLES,
		   .help = "the virtual LUN, as vlun list shows it: ctx0/3"),
	CLI_SIZE(struct resize_args, size, .name = "SIZE",
		 .help = "the new size: 4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN)"),
	CLI_FLAG(struct resize_args, allow_smaller, .name = "--allow-smaller",
		 .help = "when growing, use what is free if it is less than SIZE"),
	CTL_HOLDER_TIMEOUT(struct resize_args),
	CLI_END,
};

const struct command cmd_vlun_resize = {
	.name = "vlun resize",
	.summary = "make a virtual LUN larger or smaller",
	.about = "A virtual LUN grows and shrinks at its end, by whole chunks. The data in released chunks is lost, "
		 "and can be "
		 "read through the next virtual LUN that they are allocated to. So shrinking asks for confirmation on "
		 "a terminal, and needs --yes without one. If there is too little free space, nothing is changed, "
		 "unless --allow-smaller is given.",
	.example = "vlun resize ctx0/0 8G # the data in the first 8 GiB stays\n"
		   "vlun resize ctx0/0 8G --dry-run # the size now, and the size it would have",
	CLI_ARGS(resize_table, struct resize_args),
	CTL_OUTCOME("id,wwid,size_before_bytes,requested_bytes,size_bytes,changed"),
	.exits = CLI_EXITS(CTL_HOLDER_EXITS, CXLF_EXIT_ABORTED),
	.run = vlun_resize,
};

/* ---- clone ---- */

struct clone_args {
	struct cxlf_held context, name;
	unsigned timeout_ms;
};

static int vlun_clone(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct clone_args *a = args;
	const char *name = *a->name.name ? a->name.name : NULL;
	CXLF_OUTCOME(outcome) = {.changed = !ctl->common->dry_run, .dry_run = ctl->common->dry_run};

	if (!outcome.dry_run) {
		if (cxlf_holder_clone(a->context.name, a->timeout_ms, name, &outcome.info, err))
			return -1;
		return cxlf_outcome_show(&ctl->out, &outcome, err, "%s", outcome.info.name);
	}
	if (cxlf_holder_info(a->context.name, a->timeout_ms, &outcome.info, err))
		return -1;
	return cxlf_outcome_show(&ctl->out, &outcome, err, "context %s with %u handle%s would be cloned%s%s",
				 a->context.name, outcome.info.n_handles, outcome.info.n_handles == 1 ? "" : "s",
				 name ? " as " : "", name ? name : "");
}

static const struct cli_arg clone_table[] = {
	CLI_CONTEXT(struct clone_args, context, .name = "CONTEXT", .words = CLI_WORDS_CONTEXTS,
		    .help = "the context whose virtual LUNs are cloned"),
	CLI_CONTEXT(struct clone_args, name, .name = "--name", .value = "NAME",
		    .help = "name of the new context (default: ctx0, ctx1, ... the first that is free)"),
	CTL_HOLDER_TIMEOUT(struct clone_args),
	CLI_END,
};

const struct command cmd_vlun_clone = {
	.name = "vlun clone",
	.summary = "create a second context with the same virtual LUNs",
	.about = "A child process of the holder attaches a new context and clones all handles of the parent, with the "
		 "same numbers and on the same chunks, as a program that forks does. Both then access the same data; "
		 "each releases its share separately. If the parent ends with its last handle, so does the clone. The "
		 "context must have one LUN and only virtual handles. This is useful to test how a program handles "
		 "fork.",
	.example = "vlun clone ctx0 # prints the new context's name",
	CLI_ARGS(clone_table, struct clone_args),
	CTL_OUTCOME("context,parent,adapter,pid,state,changed"),
	.exits = CLI_EXITS(CTL_HOLDER_EXITS),
	.run = vlun_clone,
};
