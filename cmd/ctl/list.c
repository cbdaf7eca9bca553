/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl list: adapters, their ports and the paths of these, as a tree.
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

/* The path of a row, or NULL: of fields that only paths have. */
static const void *path_of(struct cxlf_row row)
{
	return node_of(row)->type == NODE_PATH ? &topology_of(row)->path[node_of(row)->path] : NULL;
}

static const void *adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[node_of(row)->adapter];
}

static const void *only_adapter_of(struct cxlf_row row)
{
	return node_of(row)->type == NODE_ADAPTER ? adapter_of(row) : NULL;
}

static void node_name(struct cxlf_row row, struct cxlf_value *v)
{
	if (node_of(row)->type == NODE_ADAPTER)
		cxlf_value_text(v, topology_of(row)->adapter[node_of(row)->adapter].name);
	else if (node_of(row)->type == NODE_PORT)
		cxlf_value_print(v, "port%u", node_of(row)->port);
	else
		cxlf_value_text(v, topology_of(row)->path[node_of(row)->path].hctl);
}

static void node_type(struct cxlf_row row, struct cxlf_value *v)
{
	static const char *const name[] = {[NODE_ADAPTER] = "adapter", [NODE_PORT] = "port", [NODE_PATH] = "path"};

	cxlf_value_text(v, name[node_of(row)->type]);
}

static void node_state(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_adapter *adapter = adapter_of(row);
	const struct node *node = node_of(row);

	if (node->type == NODE_ADAPTER)
		CXLF_VALUE_PICK(v, cxlf_afu_state_words, adapter->afu_state);
	else if (node->type == NODE_PATH)
		cxlf_value_path_state(v, topology_of(row)->path[node->path].state);
	else if (node->port < CXLF_MAX_PORTS)
		CXLF_VALUE_PICK(v, cxlf_port_state_words, adapter->port[node->port].state);
}

static void node_use(struct cxlf_row row, struct cxlf_value *v)
{
	if (path_of(row))
		cxlf_field_get(cxlf_path_use_fields, (struct cxlf_row){topology_of(row), node_of(row)->path}, v);
}

static void node_port(struct cxlf_row row, struct cxlf_value *v)
{
	if (node_of(row)->type != NODE_ADAPTER)
		cxlf_value_number(v, node_of(row)->port);
}

#define PATH(member) CXLF_AT(path_of, struct cxlf_path, member)

static const struct cxlf_field list_columns[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 0, "name of the adapter, number of the port, or H:C:T:L of the path",
		   .get = node_name),
	CXLF_FIELD("type", "TYPE", CXLF_TEXT, 0, "adapter, port or path", .get = node_type),
	CXLF_FIELD("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES, "a path's block device below /dev", PATH(sd)),
	CXLF_FIELD("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES, "a path's generic SCSI device below /dev", PATH(sg),
		   .spare = 3),
	CXLF_FIELD("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE, "a path's mode, legacy or superpipe", PATH(mode),
		   CXLF_WORDS(cxlf_mode_words)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, CXLF_WANT_SIZE, "capacity", PATH(size_bytes)),
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID, "identity of the LUN a path leads to", PATH(wwid),
		   .spare = 2),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, CXLF_WANT_STATE | CXLF_WANT_PORTS,
		   "ready, frozen, resetting or failed (adapter); online or offline (port); the SCSI device's state "
		   "(path)",
		   .get = node_state),
	CXLF_FIELD("use", "USE", CXLF_TEXTS, CXLF_WANT_USE | CXLF_WANT_WWID, "what uses a path's disk", .get = node_use,
		   .cut = true, .spare = 1),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter it belongs to",
		   CXLF_AT(adapter_of, struct cxlf_adapter, name)),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the adapter",
		   CXLF_AT(adapter_of, struct cxlf_adapter, pci)),
	CXLF_FIELD("kind", "KIND", CXLF_TEXT, 0, "an adapter's model family",
		   CXLF_AT(only_adapter_of, struct cxlf_adapter, kind), CXLF_WORDS(cxlf_kind_words)),
	CXLF_FIELD("location", "LOCATION", CXLF_TEXT, CXLF_WANT_LOCATION, "location code of the slot",
		   CXLF_AT(adapter_of, struct cxlf_adapter, location)),
	CXLF_FIELD("port", "PORT", CXLF_COUNT, 0, "port number", .get = node_port),
	CXLF_FIELDS_END,
};

/* ---- the JSON document ---- */

static const struct cxlf_field lun_with_paths[] = {
	CXLF_ALL_OF(cxlf_lun_fields),
	CXLF_ALL_OF(cxlf_lun_use_fields),
	CXLF_ALL_OF(cxlf_lun_paths_fields),
	CXLF_FIELDS_END,
};

static const struct cxlf_field adapter_with_ports[] = {
	CXLF_ALL_OF(cxlf_adapter_fields),
	CXLF_ALL_OF(cxlf_adapter_ports_fields),
	CXLF_FIELDS_END,
};

static const struct cxlf_field list_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = adapter_with_ports, CXLF_AT(NULL, struct cxlf_topology, n_adapters)),
	CXLF_KEY("luns", CXLF_RECORDS, .of = lun_with_paths, CXLF_AT(NULL, struct cxlf_topology, n_luns)),
	CXLF_FIELD("paths_without_identity_count", NULL, CXLF_COUNT, CXLF_WANT_WWID, NULL,
		   CXLF_AT(NULL, struct cxlf_topology, n_without_identity)),
	CXLF_FIELDS_END,
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
 * Paths are sorted by adapter and port. A port is listed if the driver has it, or if a path uses it.
 * Returns the first path of another port.
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
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < topology->n_adapters; i++) {
		add(nodes, (struct node){.type = NODE_ADAPTER, .adapter = i});
		for (unsigned port = 0; port < CXLF_MAX_PORTS; port++)
			path = add_port(nodes, i, port, path);
		while (path < topology->n_paths &&
		       topology->path[path].adapter == i) /* port numbers beyond CXLF_MAX_PORTS */
			path = add_port(nodes, i, topology->path[path].port, path);
	}
	return 0;
}

struct list_args {
	unsigned tree; /* 0 or 1 auto, 2 always, 3 never */
};

static bool draw_tree(const struct ctl *ctl, const struct list_args *args)
{
	return args->tree == 2 || (args->tree != 3 && (!ctl->common->columns || *ctl->common->columns == '+'));
}

static int list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	CTL_USERS(users);
	struct nodes nodes;
	int rc;

	if (make_nodes(&nodes, &ctl->topology, err))
		return -1;
	if (ctl->topology.n_without_identity)
		cxlf_out_warn(&ctl->out, NULL, "%u path%s no readable identity (VPD page 0x83)",
			      ctl->topology.n_without_identity,
			      ctl->topology.n_without_identity == 1 ? " has" : "s have");
	ctl_find_users(ctl, &users);
	rc = CXLF_SHOW(&ctl->out, err, .document = list_document, .document_of = &ctl->topology,
		       .rows = {.fields = list_columns, .of = &nodes, .n = nodes.n},
		       .depth = draw_tree(ctl, args) ? depth : NULL, .tree_key = "name");
	free(nodes.node);
	return rc;
}

static const struct cli_arg list_table[] = {
	CLI_CHOICE(struct list_args, tree, .name = "--tree", .value = "WHEN", .choices = "auto|always|never",
		   .help = "draw a tree; auto: unless columns are chosen with -o LIST"),
	CLI_END,
};

const struct command cmd_list = {
	.name = "list",
	.summary = "show adapters, ports and paths with their modes",
	.about = "One line for each adapter, each of its ports and each path to a LUN, from sysfs only: no device is "
		 "opened and no command is sent to one, so failed hardware cannot make it hang.",
	.example = "list # the overview\n"
		   "list -o +pci,location # with the adapters' addresses and locations\n"
		   "list -j | jq -r '.data.luns[] | select(.mode==\"superpipe\")' # LUNs in superpipe mode",
	CLI_ARGS(list_table, struct list_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = list_columns,
	.shown = "name,sd,sg,mode,size_bytes,wwid,state,use",
	.document = list_document,
	.scans = true,
	.want = CXLF_WANT_PATHS,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = list,
};
