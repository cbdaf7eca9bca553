/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl adapter list, adapter info.
 */
#include "command.h"
#include "fields/fields.h"
#include "scope.h"

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

static int adapter_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	(void)args;
	return CXLF_SHOW(&ctl->out, err,
			 .rows = {.fields = list_fields, .of = &ctl->topology, .n = ctl->topology.n_adapters});
}

struct info_args {
	struct cli_objects adapters;
};

static int adapter_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	unsigned n = a->adapters.n;
	scoped_free unsigned *index = calloc(n + 1, sizeof(*index));

	if (!index)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < n; i++)
		index[i] = a->adapters.item[i].index;
	return CXLF_SHOW(&ctl->out, err, .layout = CXLF_CARDS,
			 .rows = {.fields = info_fields,
				  .of = &ctl->topology,
				  .index = n ? index : NULL,
				  .n = n ? n : ctl->topology.n_adapters});
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
	.list = "adapters",
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
	.list = "adapters",
	.scans = true,
	.want = CXLF_WANT_ALL_PORTS,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = adapter_info,
};
