/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl port list.
 */
#include "command.h"
#include "fields/fields.h"

#include <stdlib.h>

struct ports {
	const struct cxlf_topology *topology;
	unsigned *index; /* adapter * CXLF_MAX_PORTS + port, as the fields of ports have it */
	size_t n;
};

static void all_ports(struct cxlf_row row, struct cxlf_value *v)
{
	const struct ports *ports = row.of;

	cxlf_value_rows(v, ports->topology, ports->n);
	v->rows.index = ports->index;
}

static const struct cxlf_field port_document[] = {
	CXLF_KEY("ports", CXLF_RECORDS, .of = cxlf_port_fields, .get = all_ports),
	CXLF_FIELDS_END,
};

static int port_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = &ctl->topology;
	struct ports ports = {.topology = topology,
			      .index = calloc(topology->n_adapters * CXLF_MAX_PORTS + 1, sizeof(unsigned))};
	int rc;

	(void)args;
	if (!ports.index)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to list the ports");
	for (unsigned i = 0; i < topology->n_adapters; i++)
		for (unsigned port = 0; port < topology->adapter[i].n_ports; port++)
			ports.index[ports.n++] = i * CXLF_MAX_PORTS + port;
	rc = cxlf_out_show(
		&ctl->out,
		&(struct cxlf_view){
			.document = port_document,
			.document_of = &ports,
			.rows = {.fields = cxlf_port_fields, .of = topology, .index = ports.index, .n = ports.n},
		},
		err);
	free(ports.index);
	return rc;
}

const struct command cmd_port_list = {
	.name = "port list",
	.summary = "list the adapters' ports and whether they are online",
	.about = "Ports are looked at only while the adapter's AFU is ready; those of another adapter are not listed, "
		 "and "
		 "a warning says why.",
	.example = "port list # one line each\n"
		   "port list -f pairs -o adapter,port,state # for a shell script",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = cxlf_port_fields,
	.document = port_document,
	.scans = true,
	.want = CXLF_WANT_PORTS,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, 0},
	.run = port_list,
};
