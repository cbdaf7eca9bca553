/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl list: everything at a glance. Adapters carry ports, ports carry paths; on a terminal the
 * lines are drawn as a tree, elsewhere they are the same lines without branches.
 */
#include "command.h"
#include "fields/fields.h"

#include <stdio.h>
#include <stdlib.h>

enum node_type { NODE_ADAPTER, NODE_PORT, NODE_PATH };

struct node {
	enum node_type type;
	unsigned adapter, port, path;
};

struct nodes {
	const struct cxlf_topology *topology;
	struct node *node;
	size_t n;
};

static const struct node *node_of(struct cxlf_row row)
{
	return &((const struct nodes *)row.of)->node[row.i];
}

static const struct cxlf_topology *topology_of(struct cxlf_row row)
{
	return ((const struct nodes *)row.of)->topology;
}

static unsigned depth(struct cxlf_row row)
{
	return (unsigned)node_of(row)->type;
}

/* Fields that only a path has are the path's own fields. */
static const struct cxlf_path *path_of(struct cxlf_row row)
{
	return node_of(row)->type == NODE_PATH ? &topology_of(row)->path[node_of(row)->path] : NULL;
}

static const struct cxlf_adapter *adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[node_of(row)->adapter];
}

static void node_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (node_of(row)->type == NODE_ADAPTER)
		cxlf_value_text(v, cxlf_adapter_name(adapter_of(row), v->buf, sizeof(v->buf)));
	else if (node_of(row)->type == NODE_PORT)
		cxlf_value_print(v, "port %u", node_of(row)->port);
	else
		cxlf_value_text(v, path_of(row)->hctl);
}

static void node_type(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	static const char *const name[] = {[NODE_ADAPTER] = "adapter", [NODE_PORT] = "port", [NODE_PATH] = "path"};

	(void)field;
	cxlf_value_text(v, name[node_of(row)->type]);
}

static void node_state(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (node_of(row)->type == NODE_ADAPTER)
		cxlf_value_afu_state(v, adapter_of(row)->afu_state);
	else if (path_of(row))
		cxlf_value_path_state(v, path_of(row)->state);
	else if (node_of(row)->port < CXLF_MAX_PORTS)
		cxlf_value_port_state(v, adapter_of(row)->port[node_of(row)->port].state);
}

static void node_mode(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (path_of(row))
		cxlf_value_mode(v, path_of(row)->mode);
}

static void node_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (path_of(row) && path_of(row)->size_bytes)
		cxlf_value_number(v, path_of(row)->size_bytes);
}

static void node_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (!path_of(row) || !path_of(row)->has_wwid)
		return;
	cxlf_wwid_text(&path_of(row)->wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

static void node_path_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	if (path_of(row))
		cxlf_value_text(v, (const char *)path_of(row) + field->at);
}

static void node_adapter(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, cxlf_adapter_name(adapter_of(row), v->buf, sizeof(v->buf)));
}

static void node_adapter_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, (const char *)adapter_of(row) + field->at);
}

static void node_port(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (node_of(row)->type != NODE_ADAPTER)
		cxlf_value_number(v, node_of(row)->port);
}

static void node_kind(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (node_of(row)->type == NODE_ADAPTER && adapter_of(row)->kind != CXLF_KIND_UNKNOWN)
		cxlf_value_text(v, cxlf_kind_name(adapter_of(row)->kind));
}

static const struct cxlf_field list_columns[] = {
	{.key = "name",
	 .heading = "NAME",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = node_name,
	 .help = "adapter, port number, or H:C:T:L of a path"},
	{.key = "type", .heading = "TYPE", .type = CXLF_TEXT, .get = node_type, .help = "adapter, port or path"},
	{.key = "sd",
	 .heading = "SD",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .want = CXLF_WANT_NODES,
	 .get = node_path_text,
	 .at = offsetof(struct cxlf_path, sd),
	 .help = "a path's block device below /dev"},
	{.key = "sg",
	 .heading = "SG",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .want = CXLF_WANT_NODES,
	 .get = node_path_text,
	 .at = offsetof(struct cxlf_path, sg),
	 .help = "a path's generic SCSI device below /dev"},
	{.key = "mode",
	 .heading = "MODE",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .want = CXLF_WANT_MODE,
	 .get = node_mode,
	 .help = "a path's mode, legacy or superpipe"},
	{.key = "size_bytes",
	 .heading = "SIZE",
	 .type = CXLF_BYTES,
	 .shown = true,
	 .want = CXLF_WANT_SIZE,
	 .get = node_size,
	 .help = "capacity"},
	{.key = "wwid",
	 .heading = "WWID",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .want = CXLF_WANT_WWID,
	 .get = node_wwid,
	 .help = "identity of the LUN a path leads to"},
	{.key = "state",
	 .heading = "STATE",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .want = CXLF_WANT_STATE | CXLF_WANT_PORTS,
	 .get = node_state,
	 .help = "ready, frozen, resetting or failed (adapter); online or offline (port); the SCSI device's state "
		 "(path)"},
	{.key = "adapter",
	 .heading = "ADAPTER",
	 .type = CXLF_TEXT,
	 .get = node_adapter,
	 .help = "the adapter it belongs to"},
	{.key = "pci",
	 .heading = "PCI",
	 .type = CXLF_TEXT,
	 .get = node_adapter_text,
	 .at = offsetof(struct cxlf_adapter, pci),
	 .help = "PCI address of the adapter"},
	{.key = "kind", .heading = "KIND", .type = CXLF_TEXT, .get = node_kind, .help = "an adapter's model family"},
	{.key = "location",
	 .heading = "LOCATION",
	 .type = CXLF_TEXT,
	 .want = CXLF_WANT_LOCATION,
	 .get = node_adapter_text,
	 .at = offsetof(struct cxlf_adapter, location),
	 .help = "location code of the slot"},
	{.key = "port", .heading = "PORT", .type = CXLF_COUNT, .get = node_port, .help = "port number"},
	{.type = CXLF_END},
};

/* ---- the JSON document ---- */

static void all_adapters(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = row.of, .n = ((const struct cxlf_topology *)row.of)->n_adapters};
	v->known = true;
}

static void all_luns(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = row.of, .n = ((const struct cxlf_topology *)row.of)->n_luns};
	v->known = true;
}

static void without_identity(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, ((const struct cxlf_topology *)row.of)->n_without_identity);
}

static const struct cxlf_field lun_with_paths[] = {
	{.type = CXLF_INCLUDE, .of = cxlf_lun_fields},
	{.type = CXLF_INCLUDE, .of = cxlf_lun_paths_fields},
	{.type = CXLF_END},
};

static const struct cxlf_field adapter_with_ports[] = {
	{.type = CXLF_INCLUDE, .of = cxlf_adapter_fields},
	{.type = CXLF_INCLUDE, .of = cxlf_adapter_ports_fields},
	{.type = CXLF_END},
};

static const struct cxlf_field list_document[] = {
	{.key = "adapters", .type = CXLF_RECORDS, .of = adapter_with_ports, .get = all_adapters},
	{.key = "luns", .type = CXLF_RECORDS, .of = lun_with_paths, .get = all_luns},
	{.key = "paths_without_identity_count", .type = CXLF_COUNT, .want = CXLF_WANT_WWID, .get = without_identity},
	{.type = CXLF_END},
};

/* ---- the command ---- */

static void add(struct nodes *nodes, struct node node)
{
	nodes->node[nodes->n++] = node;
}

static bool goes_through(const struct cxlf_topology *topology, unsigned path, unsigned adapter, unsigned port)
{
	return path < topology->n_paths && topology->path[path].adapter == adapter && topology->path[path].port == port;
}

/*
 * Paths come sorted by adapter and port. A port is there if the driver says so, or if a path uses it.
 * Returns the first path that is not this port's.
 */
static unsigned add_port(struct nodes *nodes, unsigned adapter, unsigned port, unsigned path)
{
	const struct cxlf_topology *topology = nodes->topology;

	if (port >= topology->adapter[adapter].n_ports && !goes_through(topology, path, adapter, port))
		return path;
	add(nodes, (struct node){.type = NODE_PORT, .adapter = adapter, .port = port});
	for (; goes_through(topology, path, adapter, port); path++)
		add(nodes, (struct node){.type = NODE_PATH, .adapter = adapter, .port = port, .path = path});
	return path;
}

static int make_nodes(struct nodes *nodes, const struct cxlf_topology *topology, struct cxlf_err *err)
{
	unsigned path = 0;

	*nodes = (struct nodes){.topology = topology};
	nodes->node =
		calloc(topology->n_adapters * (1 + CXLF_MAX_PORTS) + 2 * topology->n_paths + 1, sizeof(*nodes->node));
	if (!nodes->node)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to list %u paths", topology->n_paths);
	for (unsigned i = 0; i < topology->n_adapters; i++) {
		add(nodes, (struct node){.type = NODE_ADAPTER, .adapter = i});
		for (unsigned port = 0; port < CXLF_MAX_PORTS; port++)
			path = add_port(nodes, i, port, path);
		while (path < topology->n_paths && topology->path[path].adapter == i) /* beyond what any card has */
			path = add_port(nodes, i, topology->path[path].port, path);
	}
	return 0;
}

struct list_args {
	unsigned tree; /* 0 or 1 auto, 2 always, 3 never */
};

static bool draw_tree(const struct ctl *ctl, const struct list_args *args)
{
	return args->tree == 2 || (args->tree != 3 && ctl->out.width && !ctl->common->columns);
}

static int list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct nodes nodes;
	int rc;

	if (make_nodes(&nodes, &ctl->topology, err))
		return -1;
	if (ctl->topology.n_without_identity)
		cxlf_out_warn(&ctl->out, NULL, "%u paths do not tell their LUN's identity (page 0x83)",
			      ctl->topology.n_without_identity);
	rc = cxlf_out_show(&ctl->out,
			   &(struct cxlf_view){
				   .document = list_document,
				   .document_of = &ctl->topology,
				   .rows = {.fields = list_columns, .of = &nodes, .n = nodes.n},
				   .depth = draw_tree(ctl, args) ? depth : NULL,
				   .tree_key = "name",
			   },
			   err);
	free(nodes.node);
	return rc;
}

static const struct cli_arg list_table[] = {
	CLI_CHOICE(struct list_args, tree, .name = "--tree", .value = "WHEN", .choices = "auto|always|never",
		   .help = "draw a tree: auto is on a terminal, unless columns are chosen"),
	CLI_END,
};

const struct command cmd_list = {
	.name = "list",
	.summary = "show adapters, ports and paths with their modes",
	.about = "One line for each adapter, each of its ports and each path to a LUN, from sysfs only: no device is "
		 "opened and no command is sent to any, so sick hardware cannot make it hang.",
	.example = "list # the overview\n"
		   "list -o +pci,location # with the adapters' places\n"
		   "list -j | jq -r '.data.luns[] | select(.mode==\"superpipe\") | .wwid' # LUNs in superpipe mode",
	.args = list_table,
	.args_size = sizeof(struct list_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = list_columns,
	.document = list_document,
	.scans = true,
	.want = CXLF_WANT_PATHS,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, 0},
	.run = list,
};
