/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl port list.
 */
#include "command.h"
#include "fields/fields.h"
#include "scope.h"

static void warn_of_adapter(struct ctl *ctl, const struct cxlf_adapter *adapter)
{
	if (adapter->afu_state == CXLF_AFU_READY)
		return;
	cxlf_out_warn(&ctl->out, adapter->label, "the adapter is %s: %s; %s", cxlf_afu_state_name(adapter->afu_state),
		      adapter->afu_reason,
		      *ctl->sysroot ? "its ports are shown as they were saved" : "the state of its ports is not known");
}

static int port_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = &ctl->topology;
	/* as the fields of ports have it */
	scoped_free unsigned *index = calloc(topology->n_adapters * CXLF_MAX_PORTS + 1, sizeof(*index));
	unsigned n = 0;

	(void)args;
	if (!index)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < topology->n_adapters; i++) {
		warn_of_adapter(ctl, &topology->adapter[i]);
		for (unsigned port = 0; port < topology->adapter[i].n_ports; port++)
			index[n++] = i * CXLF_MAX_PORTS + port;
	}
	return CXLF_SHOW(&ctl->out, err, .rows = {.fields = cxlf_port_fields, .of = topology, .index = index, .n = n});
}

const struct command cmd_port_list = {
	.name = "port list",
	.summary = "list the adapters' ports and whether they are online",
	.about = "The state of a port is read only while the adapter is ready. While it is frozen, resetting or "
		 "failed, the ports that have paths are listed with an unknown state, and a warning names the reason.",
	.example = "port list # one line for each\n"
		   "port list -f pairs -o adapter,port,state # for a shell script",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = cxlf_port_fields,
	.list = "ports",
	.scans = true,
	.want = CXLF_WANT_PORTS | CXLF_WANT_ALL_PORTS,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = port_list,
};
