/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl lun list, lun info.
 */
#include "command.h"
#include "discover/links.h"
#include "fields/fields.h"
#include "lun/admit.h"

#include <stdlib.h>

/* ---- lun list ---- */

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields),
	CXLF_ALL_OF(cxlf_lun_paths_fields),
	CXLF_FIELDS_END,
};

static const struct cxlf_field list_document[] = {
	CXLF_KEY("luns", CXLF_RECORDS, .of = list_fields, CXLF_AT(NULL, struct cxlf_topology, n_luns)),
	CXLF_FIELDS_END,
};

static int lun_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = &ctl->topology;

	(void)args;
	if (topology->n_without_identity)
		cxlf_out_warn(&ctl->out, NULL, "%u paths do not tell their LUN's identity (page 0x83) and are left out",
			      topology->n_without_identity);
	else if (topology->n_adapters && !topology->n_luns)
		cxlf_out_warn(&ctl->out, NULL, "none of the %u adapters has a path to a LUN", topology->n_adapters);
	return cxlf_out_show(&ctl->out,
			     &(struct cxlf_view){
				     .document = list_document,
				     .document_of = topology,
				     .rows = {.fields = list_fields, .of = topology, .n = topology->n_luns},
			     },
			     err);
}

const struct command cmd_lun_list = {
	.name = "lun list",
	.summary = "list the LUNs with mode, size and paths",
	.example = "lun list # one line each\n"
		   "lun list -o wwid,mode --no-headings # for a script\n"
		   "lun list -j | jq -r '.data.luns[].wwid' # the same by JSON",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = list_fields,
	.shown = CXLF_LUN_SHOWN,
	.document = list_document,
	.scans = true,
	.want = CXLF_WANT_PATHS | CXLF_WANT_WWID,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, 0},
	.run = lun_list,
};

/* ---- lun info ---- */

struct info_args {
	struct cli_objects luns;
	bool probe;
};

/* Rows of lun info: the LUNs named, each with the links udev made to it, and its uses. */
struct info {
	const struct cxlf_topology *topology;
	const struct cli_objects *luns;
	struct cxlf_links *links; /* one a row; NULL: not looked up (a saved tree) */
	struct cxlf_uses *uses;	  /* likewise */
};

static struct cxlf_row info_to_lun(struct cxlf_row row)
{
	const struct info *info = row.of;

	return (struct cxlf_row){.of = info->topology, .i = info->luns->item[row.i].index};
}

static void info_by_id(struct cxlf_row row, struct cxlf_value *v)
{
	const struct info *info = row.of;

	if (!info->links)
		return;
	v->texts = (const char *const *)info->links[row.i].path;
	v->n_texts = info->links[row.i].n;
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

static void use_answer(struct cxlf_row row, struct cxlf_value *v)
{
	static const char *const name[] = {
		[CXLF_ANSWER_FREE] = "free", [CXLF_ANSWER_USED] = "used", [CXLF_ANSWER_NOT_ASKED] = "not-asked"};

	cxlf_value_text(v, name[((const struct cxlf_use *)use_of(row))->answer]);
}

static void use_pid(struct cxlf_row row, struct cxlf_value *v)
{
	if (((const struct cxlf_use *)use_of(row))->pid)
		cxlf_value_number(v, (uint64_t)((const struct cxlf_use *)use_of(row))->pid);
}

static const struct cxlf_field use_fields[] = {
	CXLF_FIELD("check", "CHECK", CXLF_TEXT, 0, "the check, by the name that --force takes", .get = use_check),
	CXLF_FIELD("answer", "ANSWER", CXLF_TEXT, 0,
		   "used, not-asked (could not be found out), or free (for information)", .get = use_answer),
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

	if (info->uses)
		cxlf_value_rows(v, info->uses + row.i, (unsigned)info->uses[row.i].n);
}

static const struct cxlf_field info_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields, .via = info_to_lun),
	CXLF_ALL_OF(cxlf_product_fields, .via = info_to_lun),
	CXLF_FIELD("naa", "NAA", CXLF_RECORD, 0, NULL, .of = cxlf_naa_fields, .via = info_to_lun),
	CXLF_FIELD("by_id", "BY-ID", CXLF_TEXTS, CXLF_WANT_DEVNO | CXLF_WANT_NODES, "links below /dev/disk/by-id",
		   .get = info_by_id),
	CXLF_FIELD("uses", "Uses", CXLF_RECORDS, CXLF_WANT_DEVNO | CXLF_WANT_NODES,
		   "what uses it, on all paths, and what could not be found out", .of = use_fields,
		   .shown = "check,answer,cause", .get = info_uses),
	CXLF_ALL_OF(cxlf_lun_paths_fields, .via = info_to_lun),
	CXLF_FIELDS_END,
};

static void chosen_luns(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_rows(v, row.of, ((const struct info *)row.of)->luns->n);
}

static const struct cxlf_field info_document[] = {
	CXLF_KEY("luns", CXLF_RECORDS, .of = info_fields, .get = chosen_luns),
	CXLF_FIELDS_END,
};

/* A path without a node, or unknown to udev, has no links; that is no error. */
static void find_links(const struct info *info)
{
	for (unsigned i = 0; i < info->luns->n; i++) {
		const struct cxlf_lun *lun = &info->topology->lun[info->luns->item[i].index];

		for (unsigned k = 0; k < lun->n_paths; k++)
			if (info->topology->path[lun->path[k]].sd_dev)
				cxlf_links_add(&info->links[i], info->topology->path[lun->path[k]].sd_dev);
	}
}

static int find_uses(const struct info *info, bool probe, struct cxlf_err *err)
{
	for (unsigned i = 0; i < info->luns->n; i++)
		if (cxlf_lun_uses(info->topology, info->luns->item[i].index, probe, info->uses + i, err))
			return -1;
	return 0;
}

static int show_info(struct ctl *ctl, const struct info *info, struct cxlf_err *err)
{
	return cxlf_out_show(&ctl->out,
			     &(struct cxlf_view){
				     .document = info_document,
				     .document_of = info,
				     .rows = {.fields = info_fields, .of = info, .n = info->luns->n},
				     .layout = CXLF_CARDS,
			     },
			     err);
}

static int lun_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	struct info info = {.topology = &ctl->topology, .luns = &a->luns};
	int rc;

	if (*ctl->sysroot)
		return show_info(ctl, &info, err);
	info.links = calloc(a->luns.n + 1, sizeof(*info.links));
	info.uses = calloc(a->luns.n + 1, sizeof(*info.uses));
	if (!info.links || !info.uses) {
		rc = cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to show %u LUNs", a->luns.n);
	} else {
		find_links(&info);
		rc = find_uses(&info, a->probe, err);
		if (!rc)
			rc = show_info(ctl, &info, err);
		for (unsigned i = 0; i < a->luns.n; i++) {
			cxlf_links_free(&info.links[i]);
			cxlf_uses_free(&info.uses[i]);
		}
	}
	free(info.links);
	free(info.uses);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_LUNS(struct info_args, luns, .name = "LUN",
		 .help = "a WWID in any spelling or its last 8 or more digits, /dev/sdX, /dev/sgN, a link below "
			 "/dev/disk, or H:C:T:L"),
	CLI_FLAG(struct info_args, probe, .name = "--probe",
		 .help = "open the nodes and ask the device as well, for exclusive openers and reservations"),
	CLI_END,
};

const struct command cmd_lun_info = {
	.name = "lun info",
	.summary = "show all about LUNs: identity, every path, product, links, uses",
	.example = "lun info 60050768018b0a2e0000000000000001 # by WWID\n"
		   "lun info /dev/sdb 2:0:0:1 # by any path\n"
		   "lun info /dev/sdb --probe # with every use that can be found",
	.args = info_table,
	.args_size = sizeof(struct info_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = info_fields,
	.shown = CXLF_LUN_SHOWN ",vendor,product,revision",
	.cards = true,
	.document = info_document,
	.scans = true,
	.must_exist = true,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, 0},
	.run = lun_info,
};
