/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of adapters, ports, LUNs and paths.
 *
 * `want` is what the scan has to read for a field. A getter leaves the value unknown if the scan
 * could not read it, so a missing attribute is null and never a wrong word.
 */
#include "fields.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const struct cxlf_topology *topology_of(struct cxlf_row row)
{
	return row.of;
}

/* ---- values shared by nouns ---- */

void cxlf_value_path_state(struct cxlf_value *v, const char *state)
{
	cxlf_value_text(v, state);
	if (strcmp(state, "running"))
		v->tone = CXLF_BAD;
}

/* ---- adapters ---- */

static const void *adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[row.i];
}

static void adapter_ports_online(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_adapter *adapter = adapter_of(row);
	unsigned online = 0;

	if (!adapter->n_ports)
		return;
	for (unsigned i = 0; i < adapter->n_ports; i++) {
		if (adapter->port[i].state == CXLF_PORT_UNKNOWN)
			return;
		online += adapter->port[i].state == CXLF_PORT_ONLINE;
	}
	cxlf_value_number(v, online);
	if (online < adapter->n_ports)
		v->tone = CXLF_BAD;
}

static void adapter_ports(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_rows(v, row.of, topology_of(row)->adapter[row.i].n_ports);
	v->rows.first = row.i * CXLF_MAX_PORTS;
}

#define DETAIL CXLF_WANT_ADAPTER_DETAIL
#define ADAPTER(member) CXLF_AT(adapter_of, struct cxlf_adapter, member)

const struct cxlf_field cxlf_adapter_fields[] = {
	CXLF_FIELD("name", "ADAPTER", CXLF_TEXT, 0, "cxlflashN, or hostN if the character device is unknown",
		   ADAPTER(name)),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the function the driver is bound to", ADAPTER(pci)),
	CXLF_FIELD("kind", "KIND", CXLF_TEXT, 0, "model family", ADAPTER(kind), CXLF_WORDS(cxlf_kind_words)),
	CXLF_FIELD("topology", "TOPOLOGY", CXLF_TEXT, 0, "how the adapter is attached to the machine",
		   ADAPTER(platform), CXLF_WORDS(cxlf_platform_words)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, CXLF_WANT_AFU_STATE,
		   "whether the AFU can be used: ready, frozen (PCI recovery), resetting, failed", ADAPTER(afu_state),
		   CXLF_WORDS(cxlf_afu_state_words)),
	CXLF_FIELD("state_reason", "REASON", CXLF_TEXT, CXLF_WANT_AFU_STATE, "why it is not ready",
		   ADAPTER(afu_reason)),
	CXLF_FIELD("port_count", "PORTS", CXLF_COUNT, CXLF_WANT_PORTS,
		   "number of ports; list and adapter list count ports 2 and 3 only if a path uses them",
		   ADAPTER(n_ports), .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("ports_online", "ONLINE", CXLF_COUNT, CXLF_WANT_PORTS, "number of ports that are online",
		   .get = adapter_ports_online),
	CXLF_FIELD("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_PATHS, "number of paths to LUNs", ADAPTER(n_paths)),
	CXLF_FIELD("host", "HOST", CXLF_COUNT, 0, "SCSI host number", ADAPTER(host)),
	CXLF_FIELD("chardev", "CHARDEV", CXLF_TEXT, 0, "character device below /dev/cxlflash", ADAPTER(chardev)),
	CXLF_FIELD("location", "LOCATION", CXLF_TEXT, CXLF_WANT_LOCATION, "location code of the slot",
		   ADAPTER(location), .cut = true, .spare = 1),
	CXLF_FIELD("vendor_id", "VENDOR-ID", CXLF_HEX, 0, "PCI vendor", ADAPTER(vendor), .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("device_id", "DEVICE-ID", CXLF_HEX, 0, "PCI device of the function", ADAPTER(device),
		   .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("card_device_id", "CARD-ID", CXLF_HEX, 0, "PCI device of the card's own function",
		   ADAPTER(card_device), .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("card_pci", "CARD-PCI", CXLF_TEXT, 0, "PCI address of the card's own function", ADAPTER(card_pci)),
	CXLF_FIELD("card", "CARD", CXLF_TEXT, 0, "card in /sys/class/cxl", ADAPTER(card)),
	CXLF_FIELD("afu", "AFU", CXLF_TEXT, 0, "AFU in /sys/class/cxl", ADAPTER(afu)),
	CXLF_FIELDS_END,
};

const struct cxlf_field cxlf_adapter_ports_fields[] = {
	CXLF_FIELD("ports", "Ports", CXLF_RECORDS, CXLF_WANT_PORTS, "each port", .of = cxlf_port_fields,
		   .get = adapter_ports),
	CXLF_FIELDS_END,
};

const struct cxlf_field cxlf_adapter_detail_fields[] = {
	CXLF_FIELD("host_state", "HOST-STATE", CXLF_TEXT, DETAIL, "state of the SCSI host", ADAPTER(host_state)),
	CXLF_FIELD("lun_mode", "LUN-MODE", CXLF_COUNT, DETAIL, "0: external LUNs; 1 to 4: internal test LUNs",
		   ADAPTER(lun_mode)),
	CXLF_FIELD("num_hwqs", "HWQS", CXLF_COUNT, DETAIL, "hardware queues of the driver", ADAPTER(num_hwqs)),
	CXLF_FIELD("hwq_mode", "HWQ-MODE", CXLF_TEXT, DETAIL,
		   "how commands are distributed to the queues: rr, tag or cpu", ADAPTER(hwq_mode)),
	CXLF_FIELD("irqpoll_weight", "IRQPOLL", CXLF_COUNT, DETAIL, "weight of interrupt polling; 0: off",
		   ADAPTER(irqpoll_weight)),
	CXLF_FIELD("ioctl_version", "IOCTL", CXLF_TEXT, DETAIL, "version of the driver's ioctl interface",
		   ADAPTER(ioctl_version)),
	CXLF_FIELD("caia_version", "CAIA", CXLF_TEXT, DETAIL, "CAIA version: 1.x on POWER8, 2.x on POWER9",
		   ADAPTER(caia_version)),
	CXLF_FIELD("psl_revision", "PSL", CXLF_TEXT, DETAIL, "revision of the PSL", ADAPTER(psl_revision)),
	CXLF_FIELD("image_loaded", "IMAGE", CXLF_TEXT, DETAIL, "loaded image: user or factory", ADAPTER(image_loaded)),
	CXLF_FIELDS_END,
};

/* ---- ports ---- */

static struct cxlf_row port_to_adapter(struct cxlf_row row)
{
	return (struct cxlf_row){.of = row.of, .i = row.i / CXLF_MAX_PORTS};
}

static const void *port_adapter_of(struct cxlf_row row)
{
	return adapter_of(port_to_adapter(row));
}

static const void *port_of(struct cxlf_row row)
{
	const struct cxlf_adapter *adapter = port_adapter_of(row);

	return &adapter->port[row.i % CXLF_MAX_PORTS];
}

#define PORT(member) CXLF_AT(port_of, struct cxlf_port, member)

const struct cxlf_field cxlf_port_fields[] = {
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the port's adapter",
		   CXLF_AT(port_adapter_of, struct cxlf_adapter, name)),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the adapter",
		   CXLF_AT(port_adapter_of, struct cxlf_adapter, pci)),
	CXLF_FIELD("port", "PORT", CXLF_COUNT, 0, "port number, equal to the SCSI channel of its paths", PORT(number)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, CXLF_WANT_PORTS,
		   "state of the link, as read from the AFU: online or offline", PORT(state),
		   CXLF_WORDS(cxlf_port_state_words)),
	CXLF_FIELD("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_PATHS, "number of paths to LUNs", PORT(n_paths)),
	CXLF_FIELDS_END,
};

/* ---- paths ---- */

static const void *path_of(struct cxlf_row row)
{
	return &topology_of(row)->path[row.i];
}

static const void *path_adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[topology_of(row)->path[row.i].adapter];
}

static void path_state(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_path_state(v, topology_of(row)->path[row.i].state);
}

#define PATH(member) CXLF_AT(path_of, struct cxlf_path, member)

const struct cxlf_field cxlf_path_fields[] = {
	CXLF_FIELD("hctl", "H:C:T:L", CXLF_TEXT, 0, "SCSI address: host, port, target, LUN number", PATH(hctl)),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the path's adapter",
		   CXLF_AT(path_adapter_of, struct cxlf_adapter, name)),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the adapter",
		   CXLF_AT(path_adapter_of, struct cxlf_adapter, pci)),
	CXLF_FIELD("host", "HOST", CXLF_COUNT, 0, "SCSI host number", PATH(host)),
	CXLF_FIELD("port", "PORT", CXLF_COUNT, 0, "port of the adapter, equal to the SCSI channel", PATH(port)),
	CXLF_FIELD("target", "TARGET", CXLF_COUNT, 0, "SCSI target", PATH(target)),
	CXLF_FIELD("lun", "LUN", CXLF_COUNT, 0, "SCSI LUN number", PATH(lun)),
	CXLF_FIELD("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES, "block device below /dev", PATH(sd)),
	CXLF_FIELD("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES, "generic SCSI device below /dev", PATH(sg)),
	CXLF_FIELD("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE, "legacy or superpipe, of this path", PATH(mode),
		   CXLF_WORDS(cxlf_mode_words)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, CXLF_WANT_STATE, "state of the SCSI device", .get = path_state),
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID, "identity of its LUN", PATH(wwid)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, CXLF_WANT_SIZE, "capacity", PATH(size_bytes)),
	CXLF_FIELD("block_bytes", "BLOCK", CXLF_BYTES, CXLF_WANT_SIZE, "logical block", PATH(block_bytes)),
	CXLF_FIELDS_END,
};

/* ---- LUNs ---- */

static const void *lun_of(struct cxlf_row row)
{
	return &topology_of(row)->lun[row.i];
}

/* The nodes of all paths, separated by blanks. */
static void value_nodes(struct cxlf_row row, struct cxlf_value *v, size_t at)
{
	const struct cxlf_lun *lun = lun_of(row);

	for (unsigned i = 0; i < lun->n_paths; i++) {
		const char *node = (const char *)&topology_of(row)->path[lun->path[i]] + at;

		if (*node)
			cxlf_value_append(v, node);
	}
}

static void lun_sd(struct cxlf_row row, struct cxlf_value *v)
{
	value_nodes(row, v, offsetof(struct cxlf_path, sd));
}

static void lun_sg(struct cxlf_row row, struct cxlf_value *v)
{
	value_nodes(row, v, offsetof(struct cxlf_path, sg));
}

static void lun_paths(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_lun *lun = lun_of(row);

	cxlf_value_rows(v, row.of, lun->n_paths);
	v->rows.index = lun->path;
}

#define LUN(member) CXLF_AT(lun_of, struct cxlf_lun, member)

const struct cxlf_field cxlf_lun_fields[] = {
	CXLF_FIELD("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID,
		   "identity: NAA designator of VPD page 0x83, 32 hex digits", LUN(wwid)),
	CXLF_FIELD("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE, "legacy, superpipe, or mixed if the paths differ",
		   LUN(mode), CXLF_WORDS(cxlf_mode_words)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, CXLF_WANT_SIZE, "capacity", LUN(size_bytes)),
	CXLF_FIELD("block_bytes", "BLOCK", CXLF_BYTES, CXLF_WANT_SIZE, "logical block", LUN(block_bytes)),
	CXLF_FIELD("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_WWID, "number of paths", LUN(n_paths), .spare = 3),
	CXLF_FIELD("adapter_count", "ADAPTERS", CXLF_COUNT, CXLF_WANT_WWID, "number of adapters with a path to it",
		   LUN(n_adapters), .spare = 3),
	CXLF_FIELD("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES | CXLF_WANT_WWID, "block devices of all paths", .get = lun_sd,
		   .lines_only = true, .cut = true, .spare = 2),
	CXLF_FIELD("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES | CXLF_WANT_WWID, "generic SCSI devices of all paths",
		   .get = lun_sg, .lines_only = true, .cut = true, .spare = 4),
	CXLF_FIELDS_END,
};

const struct cxlf_field cxlf_lun_paths_fields[] = {
	CXLF_FIELD("paths", "Paths", CXLF_RECORDS, CXLF_WANT_WWID, "each path", .of = cxlf_path_fields,
		   .shown = CXLF_PATH_SHOWN, .get = lun_paths),
	CXLF_FIELDS_END,
};

/* ---- the parts of a WWID: NAA type, OUI, vendor's id and extension (SPC-4 7.8.6.6.5) ---- */

static void value_digits(struct cxlf_row row, struct cxlf_value *v, unsigned first, int n)
{
	cxlf_value_print(v, "%.*s", n, CXLF_WWID_STRING(&topology_of(row)->lun[row.i].wwid) + first);
}

static void naa_type(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, topology_of(row)->lun[row.i].wwid.byte[0] >> 4);
}

static void naa_oui(struct cxlf_row row, struct cxlf_value *v)
{
	value_digits(row, v, 1, 6);
}

static void naa_company(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, cxlf_wwid_company(&topology_of(row)->lun[row.i].wwid));
}

static void naa_vendor_id(struct cxlf_row row, struct cxlf_value *v)
{
	value_digits(row, v, 7, 9);
}

static void naa_vendor_ext(struct cxlf_row row, struct cxlf_value *v)
{
	value_digits(row, v, 16, 16);
}

const struct cxlf_field cxlf_naa_fields[] = {
	CXLF_FIELD("type", "NAA-TYPE", CXLF_COUNT, 0, "NAA type; 6: IEEE registered extended", .get = naa_type),
	CXLF_FIELD("oui", "NAA-OUI", CXLF_TEXT, 0, "IEEE company identifier (OUI)", .get = naa_oui),
	CXLF_FIELD("oui_name", "NAA-COMPANY", CXLF_TEXT, 0, "the company, if the id is known", .get = naa_company),
	CXLF_FIELD("vendor_id", "NAA-VENDOR-ID", CXLF_TEXT, 0, "36 bits assigned by the company", .get = naa_vendor_id),
	CXLF_FIELD("vendor_extension", "NAA-EXTENSION", CXLF_TEXT, 0, "64 more bits assigned by the company",
		   .get = naa_vendor_ext),
	CXLF_FIELDS_END,
};

/* INQUIRY data of the first path that has them. */
static const void *product_of(struct cxlf_row row)
{
	const struct cxlf_lun *lun = lun_of(row);

	for (unsigned i = 0; i < lun->n_paths; i++)
		if (*topology_of(row)->path[lun->path[i]].vendor)
			return &topology_of(row)->path[lun->path[i]];
	return NULL;
}

#define PRODUCT(member) CXLF_AT(product_of, struct cxlf_path, member)

const struct cxlf_field cxlf_product_fields[] = {
	CXLF_FIELD("vendor", "VENDOR", CXLF_TEXT, CXLF_WANT_INQUIRY, "vendor by INQUIRY", PRODUCT(vendor)),
	CXLF_FIELD("product", "PRODUCT", CXLF_TEXT, CXLF_WANT_INQUIRY, "product by INQUIRY", PRODUCT(model)),
	CXLF_FIELD("revision", "REVISION", CXLF_TEXT, CXLF_WANT_INQUIRY, "firmware level by INQUIRY", PRODUCT(rev)),
	CXLF_FIELDS_END,
};

/* ---- use ---- */

#define USE (CXLF_WANT_USE | CXLF_WANT_PATHS | CXLF_WANT_WWID)

/* The users of row i: those from of[i] on, before of[i + 1]. */
static void value_users(struct cxlf_row row, struct cxlf_value *v, const unsigned *of)
{
	if (!of)
		return;
	v->texts = topology_of(row)->users->text + of[row.i];
	v->n_texts = of[row.i + 1] - of[row.i];
	v->known = true;
}

static void lun_use(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_users *users = topology_of(row)->users;

	value_users(row, v, users && users->known ? users->of_lun : NULL);
}

static void path_use(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_users *users = topology_of(row)->users;

	value_users(row, v, users && users->known ? users->of_path : NULL);
}

#define USE_HELP "what uses it: mount points, swap, devices stacked on it, held contexts; other openers are not shown"

const struct cxlf_field cxlf_lun_use_fields[] = {
	CXLF_FIELD("use", "USE", CXLF_TEXTS, USE, USE_HELP, .get = lun_use, .cut = true, .spare = 1),
	CXLF_FIELDS_END,
};

const struct cxlf_field cxlf_path_use_fields[] = {
	CXLF_FIELD("use", "USE", CXLF_TEXTS, USE, USE_HELP, .get = path_use, .cut = true, .spare = 1),
	CXLF_FIELDS_END,
};
