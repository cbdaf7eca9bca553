/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCI as on a real machine. On bare metal there is a root bus with a bridge, behind it the physical function of the
 * card, and below that a virtual root bus with the function of the AFU, to which cxlflash binds. In a PowerVM guest a
 * platform device replaces the physical function. And EEH: the sequence of calls to the driver when the card is frozen.
 */
#include "standin.h"

#include <asm/pci-bridge.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#define PCI_VENDOR_IBM 0x1014
#define BRIDGE_DEVICE 0x03dc
#define CLASS_ACCELERATOR 0x120000
#define CLASS_RAID 0x010400

/* ---- configuration space ------------------------------------------------------------------------ */

static void config_init(u8 *config, u16 device, u32 class, u8 header)
{
	*(__le16 *)(config + PCI_VENDOR_ID) = cpu_to_le16(PCI_VENDOR_IBM);
	*(__le16 *)(config + PCI_DEVICE_ID) = cpu_to_le16(device);
	*(__le32 *)(config + PCI_CLASS_REVISION) = cpu_to_le32(class << 8 | 0x02);
	config[PCI_HEADER_TYPE] = header;
	if (header != PCI_HEADER_TYPE_BRIDGE)
		return;
	config[PCI_SECONDARY_BUS] = 1;
	config[PCI_SUBORDINATE_BUS] = 1;
	config[PCI_IO_BASE] = 0xf0; /* base above limit: the windows are closed */
	*(__le16 *)(config + PCI_MEMORY_BASE) = cpu_to_le16(0xfff0);
	*(__le16 *)(config + PCI_PREF_MEMORY_BASE) = cpu_to_le16(0xfff0);
}

static u8 *config_of(struct pci_bus *bus, unsigned int devfn)
{
	struct lab_bus *lab = pci_bus_to_host(bus)->private_data;

	if (devfn)
		return NULL;
	if (bus->number == 0)
		return lab->bridged ? lab->bridge : lab->fn;
	return lab->bridged && bus->number == 1 ? lab->fn : NULL;
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 *value)
{
	u8 *config = config_of(bus, devfn);

	*value = ~0u >> (32 - 8 * size);
	if (!config)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (where + size > 256)
		return PCIBIOS_SUCCESSFUL;
	*value = 0;
	memcpy(value, config + where, size); /* little-endian machine, little-endian space */
	return PCIBIOS_SUCCESSFUL;
}

/* Only the writable registers are changed: the command register and the bus numbers of a bridge. */
static int config_write(struct pci_bus *bus, unsigned int devfn, int where, int size, u32 value)
{
	u8 *config = config_of(bus, devfn);
	bool bridge = config && config[PCI_HEADER_TYPE] == PCI_HEADER_TYPE_BRIDGE;

	if (!config)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (where == PCI_COMMAND || (bridge && where >= PCI_PRIMARY_BUS && where + size <= PCI_SEC_LATENCY_TIMER))
		memcpy(config + where, &value, min(size, 3));
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = { .read = config_read, .write = config_write };

/* ---- the virtual root bus and the AFU's function -------------------------------------------------- */

struct cxl_afu *lab_bus_afu(struct pci_bus *bus)
{
	return container_of(pci_bus_to_host(bus)->private_data, struct cxl_afu, afu_bus);
}

static bool afu_enable(struct pci_dev *dev)
{
	struct cxl_context *ctx = lab_context_new(lab_bus_afu(dev->bus), true);

	if (IS_ERR(ctx))
		return false;
	dev->dev.archdata.cxl_ctx = ctx;
	return true;
}

static void afu_disable(struct pci_dev *dev)
{
	struct cxl_context *ctx = dev->dev.archdata.cxl_ctx;

	if (ctx && !cxl_release_context(ctx))
		dev->dev.archdata.cxl_ctx = NULL;
}

static const struct pci_controller_ops afu_controller_ops = {
	.enable_device_hook = afu_enable,
	.disable_device = afu_disable,
	.release_device = afu_disable,
};

static int add_bus(struct lab_bus *lab, struct device *parent, struct device_node *node,
		   const struct pci_controller_ops *ops)
{
	struct pci_controller *phb = pcibios_alloc_controller(node);

	if (!phb)
		return -ENOMEM;
	phb->parent = parent;
	phb->ops = &config_ops;
	phb->private_data = lab;
	if (ops)
		phb->controller_ops = *ops;
	lab->phb = phb;
	pcibios_scan_phb(phb);
	if (!phb->bus)
		return -ENXIO;
	pcibios_claim_one_bus(phb->bus);
	pci_bus_add_devices(phb->bus);
	return 0;
}

static int add_afu(struct cxl_afu *afu, struct device *parent)
{
	int rc = lab_card_add(afu, parent);

	if (rc)
		return rc;
	config_init(afu->afu_bus.fn, afu->kind->afu_device, CLASS_RAID, PCI_HEADER_TYPE_NORMAL);
	rc = add_bus(&afu->afu_bus, parent, parent->of_node, &afu_controller_ops);
	if (!rc)
		afu->afu_pci = pci_get_domain_bus_and_slot(afu->afu_bus.phb->global_number, 0, 0);
	return rc;
}

/* ---- the card: a PCI function, or a platform device ------------------------------------------------ */

/* The attributes of a partitionable endpoint, as by the EEH core; states of arch/powerpc/include/asm/eeh.h. */
static ssize_t eeh_pe_state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct cxl_afu *afu = dev_get_drvdata(dev);

	switch (afu->link) {
	case LINK_FROZEN: /* isolated, recovering, configuration blocked */
		return sysfs_emit(buf, "0x%08x 0x%08x\n", 0x0, 0x7);
	case LINK_FAILED: /* unavailable; isolated, removed */
		return sysfs_emit(buf, "0x%08x 0x%08x\n", 0x1, 0x401);
	default: /* active and enabled; recovering or nothing */
		return sysfs_emit(buf, "0x%08x 0x%08x\n", 0x78, afu->recovering ? 0x2 : 0x0);
	}
}
static DEVICE_ATTR_RO(eeh_pe_state);

static struct attribute *card_attrs[] = { &dev_attr_eeh_pe_state.attr, NULL };
ATTRIBUTE_GROUPS(card);

static int card_probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	struct cxl_afu *afu = container_of(pci_bus_to_host(dev->bus)->private_data, struct cxl_afu, card_bus);

	pci_set_drvdata(dev, afu);
	afu->card_pci = dev;
	return add_afu(afu, &dev->dev);
}

static const struct pci_device_id card_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_IBM, 0x04cf) },
	{ PCI_DEVICE(PCI_VENDOR_IBM, 0x0601) },
	{ PCI_DEVICE(PCI_VENDOR_IBM, 0x0628) },
	{}
};

static struct pci_driver card_driver = {
	.name = "cxl-pci",
	.id_table = card_ids,
	.probe = card_probe,
	.driver.suppress_bind_attrs = true,
	.dev_groups = card_groups,
};

static int facility_probe(struct platform_device *pdev)
{
	struct cxl_afu *afu = *(struct cxl_afu **)dev_get_platdata(&pdev->dev);

	afu->facility = pdev;
	return add_afu(afu, &pdev->dev);
}

static struct platform_driver facility_driver = {
	.driver = { .name = "cxl_of", .suppress_bind_attrs = true },
	.probe = facility_probe,
};

int lab_pci_init(void)
{
	int rc = platform_driver_register(&facility_driver);

	return rc ?: pci_register_driver(&card_driver);
}

/* The guest creates the device-tree nodes with location codes; without them there are no codes. */
static int add_card(struct cxl_afu *afu)
{
	struct device_node *node;
	char path[64];

	snprintf(path, sizeof(path), "/pciex@3fffe4%u00000", afu->index);
	node = of_find_node_by_path(path);
	config_init(afu->card_bus.bridge, BRIDGE_DEVICE, 0x060400, PCI_HEADER_TYPE_BRIDGE);
	config_init(afu->card_bus.fn, afu->kind->pf_device, CLASS_ACCELERATOR, PCI_HEADER_TYPE_NORMAL);
	afu->card_bus.bridged = true;
	return add_bus(&afu->card_bus, NULL, node, NULL);
}

static int add_facility(struct cxl_afu *afu)
{
	struct platform_device *pdev;
	char name[64];
	int rc;

	snprintf(name, sizeof(name), "2000000%u.ibm,coherent-platform-facility", afu->index);
	pdev = platform_device_alloc(name, PLATFORM_DEVID_NONE);
	if (!pdev)
		return -ENOMEM;
	snprintf(name, sizeof(name), "/ibm,coherent-platform-facility@2000000%u", afu->index);
	pdev->dev.of_node = of_find_node_by_path(name);
	pdev->driver_override = kstrdup("cxl_of", GFP_KERNEL);
	rc = platform_device_add_data(pdev, &afu, sizeof(afu));
	if (!rc)
		rc = platform_device_add(pdev);
	if (rc)
		platform_device_put(pdev);
	return rc;
}

int lab_pci_add(struct cxl_afu *afu)
{
	return afu->powervm ? add_facility(afu) : add_card(afu);
}

/* ---- EEH ------------------------------------------------------------------------------------------- */

static void set_link(struct cxl_afu *afu, enum lab_link link, pci_channel_state_t state)
{
	mutex_lock(&lab_lock);
	afu->link = link;
	mutex_unlock(&lab_lock);
	afu->afu_pci->error_state = state;
}

static const struct pci_error_handlers *handlers(struct cxl_afu *afu)
{
	struct device_driver *driver = afu->afu_pci->dev.driver;

	return driver ? to_pci_driver(driver)->err_handler : NULL;
}

/* The driver is notified first, then all contexts are closed and the AFU is stopped. */
static int freeze(struct cxl_afu *afu)
{
	if (afu->link != LINK_OK)
		return -EBUSY;
	set_link(afu, LINK_FROZEN, pci_channel_io_frozen);
	if (handlers(afu))
		handlers(afu)->error_detected(afu->afu_pci, pci_channel_io_frozen);
	lab_context_close_all(afu);
	if (!afu->powervm)
		lab_afu_deactivate(afu);
	return 0;
}

static int thaw(struct cxl_afu *afu)
{
	pci_ers_result_t result = PCI_ERS_RESULT_RECOVERED;
	int rc;

	if (afu->link != LINK_FROZEN)
		return -EINVAL;
	afu->recovering = true;
	set_link(afu, LINK_OK, pci_channel_io_normal);
	if (!afu->powervm) {
		rc = lab_afu_activate(afu);
		if (rc)
			return rc;
	}
	afu_disable(afu->afu_pci);
	if (!afu_enable(afu->afu_pci))
		return -EIO;
	if (handlers(afu))
		result = handlers(afu)->slot_reset(afu->afu_pci);
	if (result != PCI_ERS_RESULT_RECOVERED)
		return -EIO;
	if (handlers(afu))
		handlers(afu)->resume(afu->afu_pci);
	afu->recovering = false;
	return 0;
}

static int fail(struct cxl_afu *afu)
{
	set_link(afu, LINK_FAILED, pci_channel_io_perm_failure);
	if (handlers(afu))
		handlers(afu)->error_detected(afu->afu_pci, pci_channel_io_perm_failure);
	return 0;
}

/* A new card in the same slot: the driver is not notified and must be bound again. */
static int repair(struct cxl_afu *afu)
{
	if (afu->link != LINK_FAILED)
		return -EINVAL;
	afu->recovering = false;
	set_link(afu, LINK_OK, pci_channel_io_normal);
	return 0;
}

int lab_eeh(struct cxl_afu *afu, const char *what)
{
	if (!afu->afu_pci)
		return -ENODEV;
	if (!strcmp(what, "freeze"))
		return freeze(afu);
	if (!strcmp(what, "thaw"))
		return thaw(afu);
	if (!strcmp(what, "fail"))
		return fail(afu);
	if (!strcmp(what, "repair"))
		return repair(afu);
	return -EINVAL;
}
