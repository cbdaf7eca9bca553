/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl lun list, lun info.
 */
#include "command.h"
#include "discover/links.h"
#include "fields/fields.h"
#include "inuse/signatures.h"
#include "lun/admit.h"
#include "scope.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- lun list: rows are the LUNs chosen, in a tree each with its paths behind it ---- */

#define NO_PATH UINT_MAX

struct line {
	unsigned lun, path; /* NO_PATH: the LUN itself */
};

struct listing {
	const struct cxlf_topology *topology;
	struct line *line;
	size_t n;
};

static const struct line *line_of(struct cxlf_row row)
{
	return &((const struct listing *)row.of)->line[row.i];
}

static struct cxlf_row to_lun(struct cxlf_row row)
{
	return (struct cxlf_row){((const struct listing *)row.of)->topology, line_of(row)->lun};
}

static struct cxlf_row to_path(struct cxlf_row row)
{
	return (struct cxlf_row){((const struct listing *)row.of)->topology, line_of(row)->path};
}

static const void *path_of(struct cxlf_row row)
{
	const struct cxlf_topology *topology = to_path(row).of;

	return &topology->path[line_of(row)->path];
}

/* Each adapter once: paths are sorted by adapter. */
static void lun_adapters(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_topology *topology = to_lun(row).of;
	const struct cxlf_lun *lun = &topology->lun[to_lun(row).i];

	for (unsigned i = 0; i < lun->n_paths; i++) {
		unsigned adapter = topology->path[lun->path[i]].adapter;

		if (!i || adapter != topology->path[lun->path[i - 1]].adapter)
			cxlf_value_append(v, topology->adapter[adapter].name);
	}
}

/* Each state once, in the order of the paths. */
static void lun_states(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_topology *topology = to_lun(row).of;
	const struct cxlf_lun *lun = &topology->lun[to_lun(row).i];

	for (unsigned i = 0, k; i < lun->n_paths; i++) {
		const char *state = topology->path[lun->path[i]].state;

		for (k = 0; k < i && strcmp(topology->path[lun->path[k]].state, state); k++)
			;
		if (k == i && *state)
			cxlf_value_append(v, state);
	}
}

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields, .via = to_lun),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, CXLF_WANT_WWID, "adapters that reach it", .get = lun_adapters,
		   .lines_only = true, .cut = true),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, CXLF_WANT_WWID | CXLF_WANT_STATE, "SCSI device states of its paths",
		   .get = lun_states, .lines_only = true),
	CXLF_ALL_OF(cxlf_lun_use_fields, .via = to_lun),
	CXLF_ALL_OF(cxlf_lun_paths_fields, .via = to_lun),
	CXLF_FIELDS_END,
};

/* The same columns in a path's line of the tree. */
static const struct cxlf_field leaf_fields[] = {
	CXLF_KEY("wwid", CXLF_TEXT, CXLF_AT(path_of, struct cxlf_path, hctl)),
	CXLF_ALL_OF(cxlf_path_fields, .via = to_path),
	CXLF_ALL_OF(cxlf_path_use_fields, .via = to_path),
	CXLF_FIELDS_END,
};

static unsigned depth(struct cxlf_row row)
{
	return line_of(row)->path != NO_PATH;
}

#define STATES "running|offline|transport-offline|blocked|quiesce"

struct list_args {
	struct cli_objects luns;
	struct cli_object adapter;
	unsigned mode, state;
	const char *sort;
	bool tree;
};

static bool is_named(const struct cli_objects *luns, unsigned lun)
{
	for (unsigned i = 0; i < luns->n; i++)
		if (luns->item[i].index == lun)
			return true;
	return !luns->n;
}

static bool is_chosen(const struct list_args *args, const struct cxlf_topology *topology, unsigned index)
{
	const struct cxlf_lun *lun = &topology->lun[index];
	bool reached = !args->adapter.text, in_state = !args->state;
	const char *state = NULL;
	size_t len = args->state ? cxlf_cli_choice(STATES, args->state - 1, &state) : 0;

	for (unsigned i = 0; i < lun->n_paths; i++) {
		const struct cxlf_path *path = &topology->path[lun->path[i]];

		reached |= path->adapter == args->adapter.index;
		in_state |= state && !strncmp(path->state, state, len) && !path->state[len];
	}
	return is_named(&args->luns, index) && reached && in_state && (!args->mode || lun->mode == args->mode);
}

struct order {
	const struct listing *listing;
	struct cxlf_column column;
};

/* Unknown values come last; equal values are in the order of WWIDs. */
static int compare(const void *a, const void *b, void *order)
{
	const struct order *by = order;
	const struct line *line[] = {a, b};
	struct listing one[] = {*by->listing, *by->listing};
	CXLF_VALUE(v);
	CXLF_VALUE(w);
	int sign;

	/* qsort_r() may pass elements outside the array: compare two listings of one line. */
	one[0].line = &(struct line){line[0]->lun, line[0]->path};
	one[1].line = &(struct line){line[1]->lun, line[1]->path};
	cxlf_column_get(&by->column, (struct cxlf_row){one, 0}, &v);
	cxlf_column_get(&by->column, (struct cxlf_row){one + 1, 0}, &w);
	if (v.known != w.known)
		return v.known ? -1 : 1;
	if (by->column.field->type == CXLF_COUNT || by->column.field->type == CXLF_BYTES)
		sign = (v.number > w.number) - (v.number < w.number);
	else
		sign = strverscmp(cxlf_value_word(by->column.field, &v, CXLF_UNITS_DEFAULT),
				  cxlf_value_word(by->column.field, &w, CXLF_UNITS_DEFAULT));
	return sign ? sign : (line[0]->lun > line[1]->lun) - (line[0]->lun < line[1]->lun);
}

static int sort(struct listing *listing, const char *by, struct cxlf_err *err)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];

	if (!by)
		return 0;
	if (cxlf_columns_choose(list_fields, NULL, by, column, err) < 0)
		return -1;
	qsort_r(listing->line, listing->n, sizeof(*listing->line), compare, &(struct order){listing, column[0]});
	return 0;
}

static int make_lines(struct listing *listing, const struct list_args *args, bool tree, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = listing->topology;
	scoped_free struct line *lun = calloc(topology->n_luns + 1, sizeof(*lun));
	struct listing luns = {.topology = topology, .line = lun};

	listing->line = calloc(topology->n_luns + topology->n_paths + 1, sizeof(*listing->line));
	if (!lun || !listing->line)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < topology->n_luns; i++)
		if (is_chosen(args, topology, i))
			lun[luns.n++] = (struct line){i, NO_PATH};
	if (sort(&luns, args->sort, err))
		return -1;
	for (size_t i = 0; i < luns.n; i++) {
		const struct cxlf_lun *of = &topology->lun[lun[i].lun];

		listing->line[listing->n++] = lun[i];
		for (unsigned k = 0; tree && k < of->n_paths; k++)
			listing->line[listing->n++] = (struct line){lun[i].lun, of->path[k]};
	}
	return 0;
}

static int show_list(struct ctl *ctl, struct listing *listing, const struct list_args *args, struct cxlf_err *err)
{
	bool tree = args->tree && ctl->out.format == CXLF_FORMAT_TABLE;

	if (make_lines(listing, args, tree, err))
		return -1;
	return CXLF_SHOW(&ctl->out, err, .rows = {.fields = list_fields, .of = listing, .n = listing->n},
			 .shown = tree ? "wwid,mode,size_bytes,adapter,sd,sg,state,use" : NULL,
			 .depth = tree ? depth : NULL, .tree_key = "wwid", .leaf = leaf_fields);
}

static int lun_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = &ctl->topology;
	struct listing listing = {.topology = topology};
	CTL_USERS(users);
	int rc;

	if (topology->n_without_identity)
		cxlf_out_warn(&ctl->out, NULL, "%u path%s left out: no readable identity (VPD page 0x83)",
			      topology->n_without_identity, topology->n_without_identity == 1 ? " is" : "s are");
	else if (topology->n_adapters && !topology->n_luns)
		cxlf_out_warn(&ctl->out, NULL, "no adapter has a path to a LUN");
	ctl_find_users(ctl, &users);
	rc = show_list(ctl, &listing, args, err);
	free(listing.line);
	return rc;
}

static const struct cli_arg list_table[] = {
	CLI_LUNS(struct list_args, luns, .name = "LUN", .optional = true,
		 .help = "only these, by WWID, /dev/sdX, /dev/sgN, a link below /dev/disk, or H:C:T:L"),
	CLI_ADAPTER(struct list_args, adapter, .name = "--adapter", .value = "ADAPTER",
		    .help = "only LUNs with a path through this adapter"),
	CLI_CHOICE(struct list_args, mode, .name = "--mode", .value = "MODE", .choices = "legacy|superpipe|mixed",
		   .want = CXLF_WANT_MODE, .help = "only LUNs in this mode; mixed: the paths are in different modes"),
	CLI_CHOICE(struct list_args, state, .name = "--state", .value = "STATE", .choices = STATES,
		   .want = CXLF_WANT_STATE, .help = "only LUNs with at least one path in this SCSI device state"),
	CLI_TEXT(struct list_args, sort, .name = "--sort", .value = "COLUMN", .words = CLI_WORDS_COLUMNS,
		 .help = "sort by this column, smallest first; unknown values come last"),
	CLI_FLAG(struct list_args, tree, .name = "--tree", .want = CXLF_WANT_LUN | CXLF_WANT_STATE | CXLF_WANT_USE,
		 .help = "show the paths below each LUN"),
	CLI_END,
};

const struct command cmd_lun_list = {
	.name = "lun list",
	.summary = "list the LUNs with mode, size, paths and use",
	.about = "One line for each LUN. Operands and filters choose which; a filter that matches no LUN shows an "
		 "empty list, an operand that matches none is an error (exit status 3).",
	.example = "lun list # one line for each\n"
		   "lun list --tree # each LUN with its paths below\n"
		   "lun list --mode=superpipe --sort=size # LUNs in superpipe mode, the smallest first\n"
		   "lun list --state=offline # LUNs with a path that is offline\n"
		   "lun list -o wwid,mode --no-headings # WWIDs and modes for a script\n"
		   "lun list -j | jq -r '.data.luns[].wwid' # WWIDs from JSON",
	CLI_ARGS(list_table, struct list_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = list_fields,
	.shown = CXLF_LUN_SHOWN ",use",
	.list = "luns",
	.scans = true,
	.want = CXLF_WANT_PATHS | CXLF_WANT_WWID,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = lun_list,
};

/* ---- lun info ---- */

struct info_args {
	struct cli_objects luns;
	bool probe;
};

/* What is looked up for one LUN. */
struct found {
	struct cxlf_links links;
	struct cxlf_uses uses;
	struct cxlf_signatures signatures; /* with --probe */
};

/* Rows of lun info: the LUNs named. */
struct info {
	const struct cxlf_topology *topology;
	const struct cli_objects *luns;
	struct found *found; /* one for each row; NULL: not looked up (a saved tree) */
	bool probe;
};

static struct cxlf_row info_to_lun(struct cxlf_row row)
{
	const struct info *info = row.of;

	return (struct cxlf_row){.of = info->topology, .i = info->luns->item[row.i].index};
}

static void info_by_id(struct cxlf_row row, struct cxlf_value *v)
{
	const struct info *info = row.of;

	if (!info->found)
		return;
	v->texts = (const char *const *)info->found[row.i].links.path;
	v->n_texts = info->found[row.i].links.n;
	v->known = true;
}

static const void *use_of(struct cxlf_row row)
{
	return ((const struct cxlf_uses *)row.of)->use + row.i;
}

static void use_check(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, cxlf_check_name(((const struct cxlf_use *)use_of(row))->check));
}

static void use_pid(struct cxlf_row row, struct cxlf_value *v)
{
	if (((const struct cxlf_use *)use_of(row))->pid)
		cxlf_value_number(v, (uint64_t)((const struct cxlf_use *)use_of(row))->pid);
}

static const struct cxlf_word answer_words[] = {
	[CXLF_ANSWER_FREE] = {"free", CXLF_PLAIN},
	[CXLF_ANSWER_USED] = {"used", CXLF_PLAIN},
	[CXLF_ANSWER_NOT_ASKED] = {"not-asked", CXLF_PLAIN},
};

static const struct cxlf_field use_fields[] = {
	CXLF_FIELD("check", "CHECK", CXLF_TEXT, 0, "the check, by the name that --force takes", .get = use_check),
	CXLF_FIELD("answer", "ANSWER", CXLF_TEXT, 0,
		   "used, not-asked (could not be checked), or free (for information)",
		   CXLF_AT(use_of, struct cxlf_use, answer), CXLF_WORDS(answer_words)),
	CXLF_FIELD("device", "DEVICE", CXLF_TEXT, 0, "the device that is used",
		   CXLF_AT(use_of, struct cxlf_use, device)),
	CXLF_FIELD("pid", "PID", CXLF_COUNT, 0, "the process that uses it", .get = use_pid),
	CXLF_FIELD("cause", "CAUSE", CXLF_TEXT, 0, "what was found", CXLF_AT(use_of, struct cxlf_use, cause)),
	CXLF_FIELD("fix", "FIX", CXLF_TEXT, 0, "a command that ends the use", CXLF_AT(use_of, struct cxlf_use, fix)),
	CXLF_FIELDS_END,
};

static void info_uses(struct cxlf_row row, struct cxlf_value *v)
{
	const struct info *info = row.of;

	if (info->found)
		cxlf_value_rows(v, &info->found[row.i].uses, info->found[row.i].uses.n);
}

static const void *signature_of(struct cxlf_row row)
{
	return ((const struct cxlf_signatures *)row.of)->signature + row.i;
}

static const struct cxlf_field signature_fields[] = {
	CXLF_FIELD("type", "TYPE", CXLF_TEXT, 0, "type of file system, member or partition table",
		   CXLF_AT(signature_of, struct cxlf_signature, type)),
	CXLF_FIELD("label", "LABEL", CXLF_TEXT, 0, "its label", CXLF_AT(signature_of, struct cxlf_signature, label)),
	CXLF_FIELD("uuid", "UUID", CXLF_TEXT, 0, "its UUID", CXLF_AT(signature_of, struct cxlf_signature, uuid)),
	CXLF_FIELDS_END,
};

static void info_signatures(struct cxlf_row row, struct cxlf_value *v)
{
	const struct info *info = row.of;

	if (info->found && info->probe)
		cxlf_value_rows(v, &info->found[row.i].signatures, info->found[row.i].signatures.n);
}

static const struct cxlf_field info_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields, .via = info_to_lun),
	CXLF_ALL_OF(cxlf_product_fields, .via = info_to_lun),
	CXLF_ALL_OF(cxlf_lun_use_fields, .via = info_to_lun),
	CXLF_FIELD("naa", "NAA", CXLF_RECORD, 0, NULL, .of = cxlf_naa_fields, .via = info_to_lun),
	CXLF_FIELD("by_id", "BY-ID", CXLF_TEXTS, CXLF_WANT_DEVNO | CXLF_WANT_NODES, "links below /dev/disk/by-id",
		   .get = info_by_id),
	CXLF_FIELD("uses", "Uses", CXLF_RECORDS, CXLF_WANT_DEVNO | CXLF_WANT_NODES,
		   "uses on all paths, and checks that could not be made", .of = use_fields,
		   .shown = "check,answer,cause", .get = info_uses),
	CXLF_FIELD("signatures", "Signatures", CXLF_RECORDS, CXLF_WANT_DEVNO | CXLF_WANT_NODES,
		   "file systems, members of RAID, LVM and ZFS, and partition tables on it (--probe)",
		   .of = signature_fields, .get = info_signatures),
	CXLF_ALL_OF(cxlf_lun_paths_fields, .via = info_to_lun),
	CXLF_FIELDS_END,
};

static int look_up(const struct info *info, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = info->topology;

	for (unsigned i = 0; i < info->luns->n; i++) {
		unsigned index = info->luns->item[i].index;
		const struct cxlf_lun *lun = &topology->lun[index];
		struct found *found = &info->found[i];

		/* a path without a node, or unknown to udev, has no links */
		for (unsigned k = 0; k < lun->n_paths; k++)
			if (topology->path[lun->path[k]].sd_dev)
				cxlf_links_add(&found->links, topology->path[lun->path[k]].sd_dev);
		if (cxlf_lun_uses(topology, index, info->probe, &found->uses, err) ||
		    (info->probe && cxlf_inuse_signatures(topology, index, &found->signatures, err)))
			return -1;
	}
	return 0;
}

static int lun_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	CTL_USERS(users);
	struct info info = {.topology = &ctl->topology, .luns = &a->luns, .probe = a->probe};
	int rc = 0;

	ctl_find_users(ctl, &users);
	if (*ctl->sysroot && a->probe)
		cxlf_out_warn(&ctl->out, NULL, "--probe has no effect with --sysroot: a saved tree has no devices");
	if (!*ctl->sysroot) {
		info.found = calloc(a->luns.n + 1, sizeof(*info.found));
		rc = info.found ? look_up(&info, err) : cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	}
	if (!rc)
		rc = CXLF_SHOW(&ctl->out, err, .rows = {.fields = info_fields, .of = &info, .n = a->luns.n},
			       .layout = CXLF_CARDS);
	for (unsigned i = 0; info.found && i < a->luns.n; i++) {
		cxlf_links_free(&info.found[i].links);
		cxlf_uses_free(&info.found[i].uses);
		cxlf_signatures_free(&info.found[i].signatures);
	}
	free(info.found);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_LUNS(struct info_args, luns, .name = "LUN",
		 .help = "a WWID in any notation or its last 8 or more digits, /dev/sdX, /dev/sgN, a link below "
			 "/dev/disk, or H:C:T:L"),
	CLI_FLAG(struct info_args, probe, .name = "--probe",
		 .help = "also open the nodes and query the device, to find exclusive openers, reservations and "
			 "signatures"),
	CLI_END,
};

const struct command cmd_lun_info = {
	.name = "lun info",
	.summary = "show LUNs in detail: identity, paths, product, links, uses",
	.example = "lun info 60050768018b0a2e0000000000000001 # by WWID\n"
		   "lun info /dev/sdb 2:0:0:1 # by any path\n"
		   "lun info /dev/sdb --probe # with every check",
	CLI_ARGS(info_table, struct info_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = info_fields,
	.shown = CXLF_LUN_SHOWN ",vendor,product,revision,use",
	.cards = true,
	.list = "luns",
	.scans = true,
	.must_exist = true,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = lun_info,
};
