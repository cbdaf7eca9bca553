/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rack: the adapters and their LUNs. Each line of text is a statement:
 *
 *   adapter KIND [ports=2|4] [shape=powernv|powervm] [loc=CODE]
 *   lun WWID size=64G bs=4096 on=A.P[:L][,A.P[:L]...] [vendor=V] [product=P] [rev=R]
 *
 * Adapters are numbered from 0 in order. Without :L a LUN gets the lowest free number of the port. `loc` is
 * for lab/guest/devicetree and is ignored here.
 */
#include "standin.h"

#include <linux/slab.h>

static const struct lab_kind kinds[] = {
	{ "flashgt", 0x0601, 0x0600, "171009N1", INTF_SQ | INTF_PROVISION | INTF_DEBUG | 0x10001, false },
	{ "corsa", 0x04cf, 0x04f0, "160910D1", INTF_SQ | 0x10001, true },
};

static unsigned int n_adapters, n_built;

struct cxl_afu *lab_afu_by_index(unsigned int index)
{
	struct cxl_afu *afu;

	list_for_each_entry(afu, &lab_afus, node)
		if (afu->index == index)
			return afu;
	return NULL;
}

/* A size with an optional binary suffix K, M, G or T. */
int lab_parse_size(const char *text, u64 *bytes)
{
	char *end;

	*bytes = memparse(text, &end);
	return *end || !*bytes ? -EINVAL : 0;
}

static int adapter_line(char *args)
{
	struct cxl_afu *afu;
	const char *name = strsep(&args, " ");
	const struct lab_kind *kind = NULL;
	unsigned int i;
	char *word;
	int rc;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (name && !strcmp(name, kinds[i].name))
			kind = &kinds[i];
	if (!kind || n_adapters >= LAB_MAX_ADAPTERS)
		return -EINVAL;
	afu = kzalloc(sizeof(*afu), GFP_KERNEL);
	if (!afu)
		return -ENOMEM;
	afu->kind = kind;
	afu->index = n_adapters;
	afu->n_ports = 2;
	afu->pe_limit = LAB_CONTEXTS;
	afu->irq_limit = LAB_IRQS_MAX;
	idr_init(&afu->pes);
	while ((word = strsep(&args, " "))) {
		if (!strcmp(word, "ports=4"))
			afu->n_ports = 4;
		else if (!strcmp(word, "shape=powervm"))
			afu->powervm = true;
		else if (*word && strcmp(word, "ports=2") && strcmp(word, "shape=powernv") && strncmp(word, "loc=", 4)) {
			kfree(afu);
			return -EINVAL;
		}
	}
	for (i = 0; i < LAB_MAX_PORTS; i++) {
		struct lab_port *port = &afu->port[i];

		xa_init(&port->paths);
		port->cable = port->online = i < afu->n_ports;
		port->wwpn = 0x1000000000000000ull | (u64)afu->index << 8 | i;
	}
	rc = lab_afu_init(afu);
	if (rc) {
		kfree(afu);
		return rc;
	}
	n_adapters++;
	list_add_tail(&afu->node, &lab_afus);
	return 0;
}

/* A.P or A.P:L */
static int connect(struct lab_lun *lun, const char *where)
{
	unsigned int a, p, l = 0;
	int n = sscanf(where, "%u.%u:%u", &a, &p, &l);
	struct cxl_afu *afu;

	if (n < 2)
		return -EINVAL;
	afu = lab_afu_by_index(a);
	if (!afu)
		return -ENODEV;
	while (n == 2 && lab_path_get(afu, p, l))
		l++;
	return lab_path_add(afu, p, l, lun);
}

static int lun_line(char *args)
{
	const char *wwid_text = strsep(&args, " ");
	u64 bytes = 0, bs = 4096;
	struct lab_lun *lun;
	char *word, *on = NULL, *where, *vendor = NULL, *product = NULL, *rev = NULL;
	u8 wwid[16];
	int rc = 0;

	if (!wwid_text || strlen(wwid_text) != 32 || hex2bin(wwid, wwid_text, 16))
		return -EINVAL;
	while ((word = strsep(&args, " "))) {
		char *value = strchr(word, '=');

		if (!*word)
			continue;
		if (!value)
			return -EINVAL;
		*value++ = 0;
		if (!strcmp(word, "size"))
			rc = lab_parse_size(value, &bytes);
		else if (!strcmp(word, "bs"))
			rc = lab_parse_size(value, &bs);
		else if (!strcmp(word, "on"))
			on = value;
		else if (!strcmp(word, "vendor"))
			vendor = value;
		else if (!strcmp(word, "product"))
			product = value;
		else if (!strcmp(word, "rev"))
			rev = value;
		else
			rc = -EINVAL;
		if (rc)
			return rc;
	}
	lun = lab_lun_find(wwid);
	if (!lun) {
		if (!bytes || (bs != 512 && bs != 4096))
			return -EINVAL;
		lun = lab_lun_new(wwid, bytes, bs);
		if (!lun)
			return -ENOMEM;
	}
	if (vendor)
		strscpy(lun->vendor, vendor, sizeof(lun->vendor));
	if (product)
		strscpy(lun->product, product, sizeof(lun->product));
	if (rev)
		strscpy(lun->rev, rev, sizeof(lun->rev));
	while (!rc && on && (where = strsep(&on, ",")))
		rc = connect(lun, where);
	return rc;
}

int lab_rack_line(char *line)
{
	char *word;
	int rc;

	line = strim(line);
	if (!*line || *line == '#')
		return 0;
	mutex_lock(&lab_lock);
	word = strsep(&line, " ");
	if (!strcmp(word, "adapter") && line)
		rc = adapter_line(strim(line));
	else if (!strcmp(word, "lun") && line)
		rc = lun_line(strim(line));
	else
		rc = -EINVAL;
	mutex_unlock(&lab_lock);
	return rc;
}

/* Adds the adapters that were described since the last call to their buses. */
int lab_rack_build(void)
{
	int rc = 0;

	for (; !rc && n_built < n_adapters; n_built++)
		rc = lab_pci_add(lab_afu_by_index(n_built));
	return rc;
}
