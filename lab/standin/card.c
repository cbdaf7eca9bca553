/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cxl class: card and AFU devices with the attributes of the real ones
 * (Documentation/ABI/testing/sysfs-class-cxl). Character nodes of the AFU are not made.
 */
#include "standin.h"

#include <linux/device.h>

static struct class *cxl_class;

int lab_class_init(void)
{
	cxl_class = class_create(THIS_MODULE, "cxl");
	return PTR_ERR_OR_ZERO(cxl_class);
}

#define SHOW(attr_name, fmt, ...)                                                                                      \
	static ssize_t attr_name##_show(struct device *dev, struct device_attribute *attr, char *buf)                  \
	{                                                                                                              \
		struct cxl_afu *afu = dev_get_drvdata(dev);                                                            \
                                                                                                                       \
		(void)afu;                                                                                             \
		return sysfs_emit(buf, fmt "\n", ##__VA_ARGS__);                                                       \
	}

/* ---- card -------------------------------------------------------------------------------------------- */

SHOW(caia_version, "1.0")
static DEVICE_ATTR_RO(caia_version);
SHOW(psl_revision, "1")
static DEVICE_ATTR_RO(psl_revision);
SHOW(base_image, "1")
static DEVICE_ATTR_RO(base_image);
SHOW(image_loaded, "user")
static DEVICE_ATTR_RO(image_loaded);
SHOW(load_image_on_perst, "user")
static DEVICE_ATTR_RO(load_image_on_perst);
SHOW(psl_timebase_synced, "1")
static DEVICE_ATTR_RO(psl_timebase_synced);
SHOW(tunneled_ops_supported, "0")
static DEVICE_ATTR_RO(tunneled_ops_supported);
SHOW(perst_reloads_same_image, "%u", afu->perst_same_image)

static ssize_t perst_reloads_same_image_store(struct device *dev, struct device_attribute *attr, const char *buf,
					      size_t count)
{
	struct cxl_afu *afu = dev_get_drvdata(dev);
	int value;

	if (kstrtoint(buf, 0, &value) || value < 0 || value > 1)
		return -EINVAL;
	afu->perst_same_image = value;
	return count;
}
static DEVICE_ATTR_RW(perst_reloads_same_image);

/* 1: only without contexts, including that of the driver. -1: only if PERST may load another image. */
static ssize_t reset_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct cxl_afu *afu = dev_get_drvdata(dev);
	int value;

	if (kstrtoint(buf, 0, &value) || (value != 1 && value != -1))
		return -EINVAL;
	if (value == -1 && afu->perst_same_image)
		return -EINVAL;
	return lab_contexts_started(afu) ? -EBUSY : count;
}
static DEVICE_ATTR_WO(reset);

static struct attribute *card_attrs[] = {
	&dev_attr_caia_version.attr,
	&dev_attr_psl_revision.attr,
	&dev_attr_psl_timebase_synced.attr,
	&dev_attr_tunneled_ops_supported.attr,
	&dev_attr_reset.attr,
	NULL
};

static struct attribute *card_image_attrs[] = { /* not in guests */
	&dev_attr_base_image.attr,
	&dev_attr_image_loaded.attr,
	&dev_attr_load_image_on_perst.attr,
	&dev_attr_perst_reloads_same_image.attr,
	NULL
};

static const struct attribute_group card_group = { .attrs = card_attrs };
static const struct attribute_group card_image_group = { .attrs = card_image_attrs };
static const struct attribute_group *bare_metal_card_groups[] = { &card_group, &card_image_group, NULL };
static const struct attribute_group *guest_card_groups[] = { &card_group, NULL };

/* ---- AFU --------------------------------------------------------------------------------------------- */

SHOW(mmio_size, "%u", AFU_HOST_SIZE)
static DEVICE_ATTR_RO(mmio_size);
SHOW(irqs_min, "%u", LAB_IRQS_MIN)
static DEVICE_ATTR_RO(irqs_min);
SHOW(irqs_max, "%u", afu->irq_limit)
static DEVICE_ATTR_RO(irqs_max);
SHOW(modes_supported, "afu_directed")
static DEVICE_ATTR_RO(modes_supported);
SHOW(mode, "%s", afu->directed ? "afu_directed" : "none")
static DEVICE_ATTR_RO(mode);
SHOW(prefault_mode, "none")
static DEVICE_ATTR_RO(prefault_mode);
SHOW(api_version, "3")
static DEVICE_ATTR_RO(api_version);
SHOW(api_version_compatible, "1")
static DEVICE_ATTR_RO(api_version_compatible);

static ssize_t afu_reset_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	return lab_contexts_started(dev_get_drvdata(dev)) ? -EBUSY : count;
}
static struct device_attribute dev_attr_afu_reset = __ATTR(reset, 0200, NULL, afu_reset_store);

static struct attribute *afu_attrs[] = {
	&dev_attr_mmio_size.attr,
	&dev_attr_irqs_min.attr,
	&dev_attr_irqs_max.attr,
	&dev_attr_modes_supported.attr,
	&dev_attr_mode.attr,
	&dev_attr_prefault_mode.attr,
	&dev_attr_api_version.attr,
	&dev_attr_api_version_compatible.attr,
	&dev_attr_afu_reset.attr,
	NULL
};

static ssize_t err_buff_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr, char *buf,
			     loff_t off, size_t count)
{
	struct cxl_afu *afu = dev_get_drvdata(kobj_to_dev(kobj));

	if (afu->powervm) /* as the real module in guests */
		return 0;
	memset(buf, 0, count);
	return count;
}
static struct bin_attribute err_buff = {
	.attr = { .name = "afu_err_buff", .mode = 0444 },
	.size = 4096,
	.read = err_buff_read,
};
static struct bin_attribute *afu_bin_attrs[] = { &err_buff, NULL };

SHOW(vendor, "0x%.4x", 0x1014)
static DEVICE_ATTR_RO(vendor);
SHOW(device, "0x%.4x", afu->kind->afu_device)
static DEVICE_ATTR_RO(device);
SHOW(class, "0x%.6x", 0x010400)
static DEVICE_ATTR_RO(class);
static struct attribute *cr_attrs[] = {
	&dev_attr_vendor.attr,
	&dev_attr_device.attr,
	&dev_attr_class.attr,
	NULL
};

static const struct attribute_group afu_group = { .attrs = afu_attrs, .bin_attrs = afu_bin_attrs };
static const struct attribute_group cr_group = { .name = "cr0", .attrs = cr_attrs };
static const struct attribute_group *afu_groups[] = { &afu_group, &cr_group, NULL };

/* ---- the AFU's master and shared nodes: they exist while the AFU is in directed mode ------------------- */

static ssize_t master_mmio_size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", AFU_PSA_SIZE);
}
static struct device_attribute dev_attr_master_mmio_size = __ATTR(mmio_size, 0444, master_mmio_size_show, NULL);
SHOW(pp_mmio_len, "%u", AFU_HOST_SIZE)
static DEVICE_ATTR_RO(pp_mmio_len);
SHOW(pp_mmio_off, "0")
static DEVICE_ATTR_RO(pp_mmio_off);

static struct attribute *master_attrs[] = {
	&dev_attr_master_mmio_size.attr,
	&dev_attr_pp_mmio_len.attr,
	&dev_attr_pp_mmio_off.attr,
	NULL
};

static umode_t master_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct cxl_afu *afu = dev_get_drvdata(kobj_to_dev(kobj));

	return afu->powervm && attr == &dev_attr_pp_mmio_off.attr ? 0 : attr->mode;
}
static const struct attribute_group master_group = { .attrs = master_attrs, .is_visible = master_visible };
static const struct attribute_group *master_groups[] = { &master_group, NULL };

int lab_afu_activate(struct cxl_afu *afu)
{
	afu->master = device_create_with_groups(cxl_class, afu->dev, 0, afu, master_groups, "afu%u.0m", afu->index);
	if (IS_ERR(afu->master))
		return PTR_ERR(afu->master);
	afu->shared = device_create(cxl_class, afu->dev, 0, afu, "afu%u.0s", afu->index);
	if (IS_ERR(afu->shared)) {
		device_unregister(afu->master);
		return PTR_ERR(afu->shared);
	}
	afu->directed = true;
	return 0;
}

void lab_afu_deactivate(struct cxl_afu *afu)
{
	if (!afu->directed)
		return;
	afu->directed = false;
	device_unregister(afu->shared);
	device_unregister(afu->master);
}

int lab_card_add(struct cxl_afu *afu, struct device *parent)
{
	const struct attribute_group **groups = afu->powervm ? guest_card_groups : bare_metal_card_groups;

	afu->card = device_create_with_groups(cxl_class, parent, 0, afu, groups, "card%u", afu->index);
	if (IS_ERR(afu->card))
		return PTR_ERR(afu->card);
	afu->dev = device_create_with_groups(cxl_class, afu->card, 0, afu, afu_groups, "afu%u.0", afu->index);
	if (IS_ERR(afu->dev))
		return PTR_ERR(afu->dev);
	return lab_afu_activate(afu);
}
