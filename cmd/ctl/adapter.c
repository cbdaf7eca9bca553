/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl adapter list, adapter info.
 */
#include "command.h"
#include "fields/fields.h"

#include <stdlib.h>

/* Rows: all adapters of the topology, or the ones chosen. */
struct adapters {
	const struct cxlf_topology *topology;
	const unsigned *index;
	size_t n;
};

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_adapter_fields),
	CXLF_ALL_OF(cxlf_adapter_ports_fields),
	CXLF_FIELDS_END,
};

static const struct cxlf_field info_fields[] = {
	CXLF_ALL_OF(cxlf_adapter_fields),
	CXLF_ALL_OF(cxlf_adapter_detail_fields),
	CXLF_ALL_OF(cxlf_adapter_ports_fields),
	CXLF_FIELDS_END,
};

static void chosen(struct cxlf_row row, struct cxlf_value *v)
{
	const struct adapters *adapters = row.of;

	cxlf_value_rows(v, adapters->topology, adapters->n);
	v->rows.index = adapters->index;
}

static const struct cxlf_field list_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = list_fields, .get = chosen),
	CXLF_FIELDS_END,
};

static const struct cxlf_field info_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = info_fields, .get = chosen),
	CXLF_FIELDS_END,
};

static int show(struct ctl *ctl, const struct adapters *adapters, const struct cxlf_field *document,
		const struct cxlf_field *fields, enum cxlf_layout layout, struct cxlf_err *err)
{
	return CXLF_SHOW(
		&ctl->out, err, .document = document, .document_of = adapters,
		.rows = {.fields = fields, .of = adapters->topology, .index = adapters->index, .n = adapters->n},
		.layout = layout);
}

static int adapter_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct adapters all = {.topology = &ctl->topology, .n = ctl->topology.n_adapters};

	(void)args;
	return show(ctl, &all, list_document, list_fields, CXLF_LINES, err);
}

struct info_args {
	struct cli_objects adapters;
};

static int adapter_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	struct adapters adapters = {.topology = &ctl->topology, .n = a->adapters.n};
	unsigned *index = calloc(a->adapters.n + 1, sizeof(*index));
	int rc;

	if (!index)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < a->adapters.n; i++)
		index[i] = a->adapters.item[i].index;
	if (a->adapters.n)
		adapters.index = index;
	else
		adapters.n = ctl->topology.n_adapters;
	rc = show(ctl, &adapters, info_document, info_fields, CXLF_CARDS, err);
	free(index);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_ADAPTERS(
		struct info_args, adapters, .name = "ADAPTER", .optional = true,
		.help = "cxlflashN, hostN, a PCI address, cardN or a location code; all adapters if none is given"),
	CLI_END,
};

const struct command cmd_adapter_list = {
	.name = "adapter list",
	.summary = "list the adapters",
	.example = "adapter list # one line for each\n"
		   "adapter list -o name,pci,state # chosen columns",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = list_fields,
	.shown = CXLF_ADAPTER_SHOWN,
	.document = list_document,
	.scans = true,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = adapter_list,
};

const struct command cmd_adapter_info = {
	.name = "adapter info",
	.summary = "show adapters in detail",
	.about = "Shows what sysfs has of the adapter, its card and the driver's settings. Ports are read only while "
		 "the AFU is ready, because reading them during a PCI recovery makes the driver oops.",
	.example = "adapter info # all adapters\n"
		   "adapter info cxlflash0 # one of them",
	CLI_ARGS(info_table, struct info_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = info_fields,
	.shown = CXLF_ADAPTER_SHOWN
	",host_state,lun_mode,num_hwqs,hwq_mode,irqpoll_weight,ioctl_version,caia_version,psl_revision,image_loaded",
	.cards = true,
	.document = info_document,
	.scans = true,
	.want = CXLF_WANT_ALL_PORTS,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = adapter_info,
};
