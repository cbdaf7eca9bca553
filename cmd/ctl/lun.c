/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl lun list, lun info.
 */
#include "command.h"
#include "discover/links.h"
#include "fields/fields.h"

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
};

/* Rows of lun info: the LUNs named, each with the links udev made to it. */
struct info {
	const struct cxlf_topology *topology;
	const struct cli_objects *luns;
	struct cxlf_links *links; /* one a row; NULL: not looked up (a saved tree) */
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

static const struct cxlf_field info_fields[] = {
	CXLF_ALL_OF(cxlf_lun_fields, .via = info_to_lun),
	CXLF_ALL_OF(cxlf_product_fields, .via = info_to_lun),
	CXLF_FIELD("naa", "NAA", CXLF_RECORD, 0, NULL, .of = cxlf_naa_fields, .via = info_to_lun),
	CXLF_FIELD("by_id", "BY-ID", CXLF_TEXTS, CXLF_WANT_DEVNO | CXLF_WANT_NODES, "links below /dev/disk/by-id",
		   .get = info_by_id),
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

static int lun_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	struct info info = {.topology = &ctl->topology, .luns = &a->luns};
	int rc;

	if (!*ctl->sysroot) {
		info.links = calloc(a->luns.n + 1, sizeof(*info.links));
		if (!info.links)
			return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to show %u LUNs", a->luns.n);
		find_links(&info);
	}
	rc = cxlf_out_show(&ctl->out,
			   &(struct cxlf_view){
				   .document = info_document,
				   .document_of = &info,
				   .rows = {.fields = info_fields, .of = &info, .n = a->luns.n},
				   .layout = CXLF_CARDS,
			   },
			   err);
	for (unsigned i = 0; info.links && i < a->luns.n; i++)
		cxlf_links_free(&info.links[i]);
	free(info.links);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_LUNS(struct info_args, luns, .name = "LUN",
		 .help = "a WWID in any spelling or its last 8 or more digits, /dev/sdX, /dev/sgN, a link below "
			 "/dev/disk, or H:C:T:L"),
	CLI_END,
};

const struct command cmd_lun_info = {
	.name = "lun info",
	.summary = "show all about LUNs: identity, every path, product, links",
	.example = "lun info 60050768018b0a2e0000000000000001 # by WWID\n"
		   "lun info /dev/sdb 2:0:0:1 # by any path",
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
