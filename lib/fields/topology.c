/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of fields of adapters, ports, LUNs and paths.
 *
 * `want` says what the scan has to read for a field. A getter leaves the value unknown where the scan
 * could not read it, so a missing attribute is null and never a wrong word.
 */
#include "fields.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define KEY(k, h, t, w) .key = k, .heading = h, .type = t, .want = w

static const struct cxlf_topology *topology_of(struct cxlf_row row)
{
	return row.of;
}

/* ---- values shared by nouns ---- */

static void value_adapter(struct cxlf_value *v, const struct cxlf_adapter *adapter)
{
	cxlf_value_text(v, cxlf_adapter_name(adapter, v->buf, sizeof(v->buf)));
}

void cxlf_value_mode(struct cxlf_value *v, enum cxlf_mode mode)
{
	if (mode == CXLF_MODE_UNKNOWN)
		return;
	cxlf_value_text(v, cxlf_mode_name(mode));
	if (mode == CXLF_MODE_MIXED)
		v->tone = CXLF_WARN;
}

void cxlf_value_afu_state(struct cxlf_value *v, enum cxlf_afu_state state)
{
	if (state == CXLF_AFU_UNKNOWN)
		return;
	cxlf_value_text(v, cxlf_afu_state_name(state));
	v->tone = state == CXLF_AFU_READY ? CXLF_GOOD : state == CXLF_AFU_FAILED ? CXLF_BAD : CXLF_WARN;
}

void cxlf_value_port_state(struct cxlf_value *v, enum cxlf_port_state state)
{
	if (state == CXLF_PORT_UNKNOWN)
		return;
	cxlf_value_text(v, cxlf_port_state_name(state));
	v->tone = state == CXLF_PORT_ONLINE ? CXLF_GOOD : CXLF_BAD;
}

void cxlf_value_path_state(struct cxlf_value *v, const char *state)
{
	cxlf_value_text(v, state);
	if (strcmp(state, "running"))
		v->tone = CXLF_BAD;
}

static void value_size(struct cxlf_value *v, uint64_t bytes)
{
	if (bytes)
		cxlf_value_number(v, bytes);
}

static void value_wwid(struct cxlf_value *v, const struct cxlf_wwid *wwid)
{
	cxlf_wwid_text(wwid, v->buf);
	cxlf_value_text(v, v->buf);
}

static void value_id(struct cxlf_value *v, unsigned id)
{
	if (id)
		cxlf_value_print(v, "%04x", id);
}

/* ---- adapters ---- */

static const struct cxlf_adapter *adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[row.i];
}

/* Any member that is a string: `at` is its offset. */
static void adapter_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, (const char *)adapter_of(row) + field->at);
}

static void adapter_unsigned(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, *(const unsigned *)((const char *)adapter_of(row) + field->at));
}

/* An int that is -1 when it could not be read. */
static void adapter_int(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	int number = *(const int *)((const char *)adapter_of(row) + field->at);

	if (number >= 0)
		cxlf_value_number(v, (uint64_t)number);
}

static void adapter_pci_id(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	value_id(v, *(const uint16_t *)((const char *)adapter_of(row) + field->at));
}

static void adapter_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_adapter(v, adapter_of(row));
}

static void adapter_kind(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (adapter_of(row)->kind != CXLF_KIND_UNKNOWN)
		cxlf_value_text(v, cxlf_kind_name(adapter_of(row)->kind));
}

static void adapter_platform(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (adapter_of(row)->platform != CXLF_PLATFORM_UNKNOWN)
		cxlf_value_text(v, cxlf_platform_name(adapter_of(row)->platform));
}

static void adapter_state(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_afu_state(v, adapter_of(row)->afu_state);
}

static void adapter_reason(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, adapter_of(row)->afu_reason);
}

static void adapter_port_count(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (adapter_of(row)->n_ports)
		cxlf_value_number(v, adapter_of(row)->n_ports);
}

static void adapter_ports_online(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_adapter *adapter = adapter_of(row);
	unsigned online = 0;

	(void)field;
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

static void adapter_ports(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = row.of, .first = row.i * CXLF_MAX_PORTS, .n = adapter_of(row)->n_ports};
	v->known = true;
}

#define ADAPTER(member) .at = offsetof(struct cxlf_adapter, member)

const struct cxlf_field cxlf_adapter_fields[] = {
	{KEY("name", "ADAPTER", CXLF_TEXT, 0), .shown = true, .get = adapter_name,
	 .help = "cxlflashN, or hostN where the character device cannot be told"},
	{KEY("pci", "PCI", CXLF_TEXT, 0), .shown = true, .get = adapter_text, ADAPTER(pci),
	 .help = "PCI address of the function the driver is bound to"},
	{KEY("kind", "KIND", CXLF_TEXT, 0), .shown = true, .get = adapter_kind, .help = "the model's family"},
	{KEY("topology", "TOPOLOGY", CXLF_TEXT, 0), .get = adapter_platform,
	 .help = "how the adapter is attached to the machine"},
	{KEY("state", "STATE", CXLF_TEXT, CXLF_WANT_PORTS), .shown = true, .get = adapter_state,
	 .help = "whether the AFU can be used: ready, frozen (PCI recovery), resetting, failed"},
	{KEY("state_reason", "REASON", CXLF_TEXT, CXLF_WANT_PORTS), .get = adapter_reason,
	 .help = "why it is not ready"},
	{KEY("port_count", "PORTS", CXLF_COUNT, CXLF_WANT_PORTS), .shown = true, .get = adapter_port_count,
	 .help = "how many ports it has"},
	{KEY("ports_online", "ONLINE", CXLF_COUNT, CXLF_WANT_PORTS), .shown = true, .get = adapter_ports_online,
	 .help = "how many of the ports are online"},
	{KEY("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_PATHS), .shown = true, .get = adapter_unsigned,
	 ADAPTER(n_paths), .help = "paths to LUNs"},
	{KEY("host", "HOST", CXLF_COUNT, 0), .get = adapter_unsigned, ADAPTER(host), .help = "SCSI host number"},
	{KEY("chardev", "CHARDEV", CXLF_TEXT, 0), .get = adapter_text, ADAPTER(chardev),
	 .help = "character device below /dev/cxlflash"},
	{KEY("location", "LOCATION", CXLF_TEXT, CXLF_WANT_LOCATION), .shown = true, .get = adapter_text,
	 ADAPTER(location), .help = "location code of the slot"},
	{KEY("vendor_id", "VENDOR-ID", CXLF_TEXT, 0), .get = adapter_pci_id, ADAPTER(vendor), .help = "PCI vendor"},
	{KEY("device_id", "DEVICE-ID", CXLF_TEXT, 0), .get = adapter_pci_id, ADAPTER(device),
	 .help = "PCI device of the function"},
	{KEY("card_device_id", "CARD-ID", CXLF_TEXT, 0), .get = adapter_pci_id, ADAPTER(card_device),
	 .help = "PCI device of the card's own function"},
	{KEY("card_pci", "CARD-PCI", CXLF_TEXT, 0), .get = adapter_text, ADAPTER(card_pci),
	 .help = "PCI address of the card's own function"},
	{KEY("card", "CARD", CXLF_TEXT, 0), .get = adapter_text, ADAPTER(card), .help = "card in /sys/class/cxl"},
	{KEY("afu", "AFU", CXLF_TEXT, 0), .get = adapter_text, ADAPTER(afu), .help = "AFU in /sys/class/cxl"},
	{.type = CXLF_END},
};

const struct cxlf_field cxlf_adapter_ports_fields[] = {
	{KEY("ports", "Ports", CXLF_RECORDS, CXLF_WANT_PORTS), .shown = true, .of = cxlf_port_fields,
	 .get = adapter_ports, .help = "each port"},
	{.type = CXLF_END},
};

#define DETAIL(k, h, t, g, member, text)                                                                               \
	{                                                                                                              \
		KEY(k, h, t, CXLF_WANT_ADAPTER_DETAIL), .shown = true, .get = g, ADAPTER(member), .help = text         \
	}

const struct cxlf_field cxlf_adapter_detail_fields[] = {
	DETAIL("host_state", "HOST-STATE", CXLF_TEXT, adapter_text, host_state, "state of the SCSI host"),
	DETAIL("lun_mode", "LUN-MODE", CXLF_COUNT, adapter_int, lun_mode, "0 external LUNs, 1 to 4 internal test LUNs"),
	DETAIL("num_hwqs", "HWQS", CXLF_COUNT, adapter_int, num_hwqs, "hardware queues of the driver"),
	DETAIL("hwq_mode", "HWQ-MODE", CXLF_TEXT, adapter_text, hwq_mode, "how commands are spread: rr, tag or cpu"),
	DETAIL("irqpoll_weight", "IRQPOLL", CXLF_COUNT, adapter_int, irqpoll_weight,
	       "budget of interrupt polling, 0 is off"),
	DETAIL("ioctl_version", "IOCTL", CXLF_TEXT, adapter_text, ioctl_version, "versions of the driver's requests"),
	DETAIL("caia_version", "CAIA", CXLF_TEXT, adapter_text, caia_version, "1.x is POWER8, 2.x POWER9"),
	DETAIL("psl_revision", "PSL", CXLF_TEXT, adapter_text, psl_revision, "revision of the PSL"),
	DETAIL("image_loaded", "IMAGE", CXLF_TEXT, adapter_text, image_loaded, "user or factory image"),
	{.type = CXLF_END},
};

/* ---- ports ---- */

static struct cxlf_row port_to_adapter(struct cxlf_row row)
{
	return (struct cxlf_row){.of = row.of, .i = row.i / CXLF_MAX_PORTS};
}

static const struct cxlf_port *port_of(struct cxlf_row row)
{
	return &adapter_of(port_to_adapter(row))->port[row.i % CXLF_MAX_PORTS];
}

static void port_adapter(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_adapter(v, adapter_of(port_to_adapter(row)));
}

static void port_pci(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, adapter_of(port_to_adapter(row))->pci);
}

static void port_number(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, port_of(row)->number);
}

static void port_state(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_port_state(v, port_of(row)->state);
}

static void port_path_count(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, port_of(row)->n_paths);
}

const struct cxlf_field cxlf_port_fields[] = {
	{KEY("adapter", "ADAPTER", CXLF_TEXT, 0), .shown = true, .get = port_adapter, .help = "the adapter it is on"},
	{KEY("pci", "PCI", CXLF_TEXT, 0), .shown = true, .get = port_pci, .help = "PCI address of the adapter"},
	{KEY("port", "PORT", CXLF_COUNT, 0), .shown = true, .get = port_number,
	 .help = "its number, which is the SCSI channel of its paths"},
	{KEY("state", "STATE", CXLF_TEXT, CXLF_WANT_PORTS), .shown = true, .get = port_state,
	 .help = "online or offline, as the AFU sees the link"},
	{KEY("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_PATHS), .shown = true, .get = port_path_count,
	 .help = "paths to LUNs"},
	{.type = CXLF_END},
};

/* ---- paths ---- */

static const struct cxlf_path *path_of(struct cxlf_row row)
{
	return &topology_of(row)->path[row.i];
}

static const struct cxlf_adapter *path_adapter_of(struct cxlf_row row)
{
	return &topology_of(row)->adapter[path_of(row)->adapter];
}

static void path_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, (const char *)path_of(row) + field->at);
}

static void path_unsigned(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, *(const unsigned *)((const char *)path_of(row) + field->at));
}

static void path_lun(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, path_of(row)->lun);
}

static void path_adapter(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_adapter(v, path_adapter_of(row));
}

static void path_pci(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, path_adapter_of(row)->pci);
}

static void path_mode(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_mode(v, path_of(row)->mode);
}

static void path_state(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_path_state(v, path_of(row)->state);
}

static void path_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (path_of(row)->has_wwid)
		value_wwid(v, &path_of(row)->wwid);
}

static void path_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, path_of(row)->size_bytes);
}

static void path_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, path_of(row)->block_bytes);
}

#define PATH(member) .at = offsetof(struct cxlf_path, member)

const struct cxlf_field cxlf_path_fields[] = {
	{KEY("hctl", "H:C:T:L", CXLF_TEXT, 0), .shown = true, .get = path_text, PATH(hctl),
	 .help = "SCSI address: host, port, target, LUN number"},
	{KEY("adapter", "ADAPTER", CXLF_TEXT, 0), .shown = true, .get = path_adapter,
	 .help = "the adapter it goes through"},
	{KEY("pci", "PCI", CXLF_TEXT, 0), .get = path_pci, .help = "PCI address of the adapter"},
	{KEY("host", "HOST", CXLF_COUNT, 0), .get = path_unsigned, PATH(host), .help = "SCSI host number"},
	{KEY("port", "PORT", CXLF_COUNT, 0), .shown = true, .get = path_unsigned, PATH(port),
	 .help = "port of the adapter, which is the SCSI channel"},
	{KEY("target", "TARGET", CXLF_COUNT, 0), .get = path_unsigned, PATH(target), .help = "SCSI target"},
	{KEY("lun", "LUN", CXLF_COUNT, 0), .get = path_lun, .help = "SCSI LUN number"},
	{KEY("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES), .shown = true, .get = path_text, PATH(sd),
	 .help = "block device below /dev"},
	{KEY("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES), .shown = true, .get = path_text, PATH(sg),
	 .help = "generic SCSI device below /dev"},
	{KEY("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE), .shown = true, .get = path_mode,
	 .help = "legacy or superpipe, of this path"},
	{KEY("state", "STATE", CXLF_TEXT, CXLF_WANT_STATE), .shown = true, .get = path_state,
	 .help = "state of the SCSI device"},
	{KEY("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID), .get = path_wwid, .help = "identity of the LUN behind it"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES, CXLF_WANT_SIZE), .get = path_size, .help = "capacity"},
	{KEY("block_bytes", "BLOCK", CXLF_BYTES, CXLF_WANT_SIZE), .get = path_block, .help = "logical block"},
	{.type = CXLF_END},
};

/* ---- LUNs ---- */

static const struct cxlf_lun *lun_of(struct cxlf_row row)
{
	return &topology_of(row)->lun[row.i];
}

static void lun_wwid(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_wwid(v, &lun_of(row)->wwid);
}

static void lun_mode(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_mode(v, lun_of(row)->mode);
}

static void lun_size(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, lun_of(row)->size_bytes);
}

static void lun_block(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	value_size(v, lun_of(row)->block_bytes);
}

static void lun_count(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, *(const unsigned *)((const char *)lun_of(row) + field->at));
}

/* The nodes of all paths, with blanks between: what the eye looks for in a line of a LUN. */
static void lun_nodes(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_lun *lun = lun_of(row);
	size_t len = 0;

	for (unsigned i = 0; i < lun->n_paths && len < sizeof(v->buf); i++) {
		const char *node = (const char *)&topology_of(row)->path[lun->path[i]] + field->at;

		if (*node)
			len += (size_t)snprintf(v->buf + len, sizeof(v->buf) - len, "%s%s", len ? " " : "", node);
	}
	if (len)
		cxlf_value_text(v, v->buf);
}

static void lun_paths(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	v->rows = (struct cxlf_rows){
		.fields = field->of, .of = row.of, .index = lun_of(row)->path, .n = lun_of(row)->n_paths};
	v->known = true;
}

#define LUN(member) .at = offsetof(struct cxlf_lun, member)

const struct cxlf_field cxlf_lun_fields[] = {
	{KEY("wwid", "WWID", CXLF_TEXT, CXLF_WANT_WWID), .shown = true, .get = lun_wwid,
	 .help = "identity: NAA designator of VPD page 0x83, 32 hex digits"},
	{KEY("mode", "MODE", CXLF_TEXT, CXLF_WANT_MODE), .shown = true, .get = lun_mode,
	 .help = "legacy, superpipe, or mixed where the paths differ"},
	{KEY("size_bytes", "SIZE", CXLF_BYTES, CXLF_WANT_SIZE), .shown = true, .get = lun_size, .help = "capacity"},
	{KEY("block_bytes", "BLOCK", CXLF_BYTES, CXLF_WANT_SIZE), .get = lun_block, .help = "logical block"},
	{KEY("path_count", "PATHS", CXLF_COUNT, CXLF_WANT_WWID), .shown = true, .get = lun_count, LUN(n_paths),
	 .help = "paths to it"},
	{KEY("adapter_count", "ADAPTERS", CXLF_COUNT, CXLF_WANT_WWID), .get = lun_count, LUN(n_adapters),
	 .help = "adapters that reach it"},
	{KEY("sd", "SD", CXLF_TEXT, CXLF_WANT_NODES | CXLF_WANT_WWID), .shown = true, .lines_only = true,
	 .get = lun_nodes, PATH(sd), .help = "block devices of all paths"},
	{KEY("sg", "SG", CXLF_TEXT, CXLF_WANT_NODES | CXLF_WANT_WWID), .lines_only = true, .get = lun_nodes, PATH(sg),
	 .help = "generic SCSI devices of all paths"},
	{.type = CXLF_END},
};

const struct cxlf_field cxlf_lun_paths_fields[] = {
	{KEY("paths", "Paths", CXLF_RECORDS, CXLF_WANT_WWID), .shown = true, .of = cxlf_path_fields, .get = lun_paths,
	 .help = "each path"},
	{.type = CXLF_END},
};

static struct cxlf_naa naa_of(struct cxlf_row row)
{
	struct cxlf_naa naa;

	cxlf_wwid_decode(&lun_of(row)->wwid, &naa);
	return naa;
}

static void naa_type(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, naa_of(row).type);
}

static void naa_oui(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_print(v, "%06x", naa_of(row).oui);
}

static void naa_vendor(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, naa_of(row).vendor_name);
}

static void naa_vendor_id(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_print(v, "%09jx", (uintmax_t)naa_of(row).vendor_id);
}

static void naa_vendor_ext(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_print(v, "%016jx", (uintmax_t)naa_of(row).vendor_ext);
}

const struct cxlf_field cxlf_naa_fields[] = {
	{KEY("type", "NAA-TYPE", CXLF_COUNT, 0), .get = naa_type, .help = "6, IEEE registered extended"},
	{KEY("oui", "NAA-OUI", CXLF_TEXT, 0), .get = naa_oui, .help = "IEEE company id"},
	{KEY("oui_name", "NAA-COMPANY", CXLF_TEXT, 0), .get = naa_vendor, .help = "the company, if we know the id"},
	{KEY("vendor_id", "NAA-VENDOR-ID", CXLF_TEXT, 0), .get = naa_vendor_id, .help = "36 bits given by the company"},
	{KEY("vendor_extension", "NAA-EXTENSION", CXLF_TEXT, 0), .get = naa_vendor_ext,
	 .help = "64 more bits given by the company"},
	{.type = CXLF_END},
};

/* All paths lead to the same thing: the first that answered speaks for it. */
static void product_text(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_lun *lun = lun_of(row);

	for (unsigned i = 0; i < lun->n_paths && !v->known; i++)
		cxlf_value_text(v, (const char *)&topology_of(row)->path[lun->path[i]] + field->at);
}

const struct cxlf_field cxlf_product_fields[] = {
	{KEY("vendor", "VENDOR", CXLF_TEXT, CXLF_WANT_INQUIRY), .shown = true, .get = product_text, PATH(vendor),
	 .help = "vendor by INQUIRY"},
	{KEY("product", "PRODUCT", CXLF_TEXT, CXLF_WANT_INQUIRY), .shown = true, .get = product_text, PATH(model),
	 .help = "product by INQUIRY"},
	{KEY("revision", "REVISION", CXLF_TEXT, CXLF_WANT_INQUIRY), .shown = true, .get = product_text, PATH(rev),
	 .help = "firmware level by INQUIRY"},
	{.type = CXLF_END},
};
