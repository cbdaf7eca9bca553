/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reason why there is no adapter: the driver, the kernel, the machine or the card.
 */
#include "scope.h"
#include "sysfs.h"
#include "topology.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define IBM 0x1014

/* On the PCI bus. */
struct cards {
	char function[24]; /* an adapter's function, or "" */
	char card[24];	   /* a card's function, or "" */
};

static bool is_function(uint64_t device)
{
	return device == 0x04f0 || device == 0x0600 || device == 0x0624;
}

static bool is_card(uint64_t device)
{
	return device == 0x04cf || device == 0x0601 || device == 0x0628;
}

static int each_pci(void *arg, int dir, const char *name)
{
	struct cards *cards = arg;
	char path[64];
	uint64_t vendor, device;

	if (strlen(name) >= sizeof(cards->card))
		return 0;
	snprintf(path, sizeof(path), "%s/vendor", name);
	if (cxlf_sysfs_read_u64(dir, path, &vendor) || vendor != IBM)
		return 0;
	snprintf(path, sizeof(path), "%s/device", name);
	if (cxlf_sysfs_read_u64(dir, path, &device))
		return 0;
	if (is_function(device))
		strcpy(cards->function, name);
	if (is_card(device))
		strcpy(cards->card, name);
	return 0;
}

/* Release and machine of the running kernel, or of the saved tree's; "" if unknown. */
static void read_kernel(const char *sysroot, int root, struct utsname *kernel)
{
	*kernel = (struct utsname){.release = ""};
	if (!*sysroot && !uname(kernel))
		return;
	cxlf_sysfs_read(root, "proc/sys/kernel/osrelease", kernel->release, sizeof(kernel->release));
	cxlf_sysfs_read(root, "proc/sys/kernel/arch", kernel->machine, sizeof(kernel->machine));
}

static bool is_removed_in(const char *release)
{
	unsigned major, minor;

	return sscanf(release, "%u.%u", &major, &minor) == 2 && (major > 6 || (major == 6 && minor >= 15));
}

static int no_card(const struct cards *cards, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_NO_ADAPTER, "there is no cxlflash adapter");
	if (*cards->function) {
		cxlf_cause(err, "the driver is loaded, but not bound to the adapter's function %s", cards->function);
		return cxlf_fix(err, "echo %s > /sys/bus/pci/drivers/cxlflash/bind && dmesg | tail", cards->function);
	}
	if (*cards->card) {
		cxlf_cause(err, "the cxl driver has not initialized the function of the card %s", cards->card);
		return cxlf_fix(err, "dmesg | grep -i cxl");
	}
	cxlf_cause(err, "the driver is loaded, but it is not bound to any card");
	return cxlf_fix(err, "list the PCI devices: lspci -d 1014:");
}

static int not_loaded(const struct cards *cards, const char *release, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_DRIVER_NOT_LOADED, "the cxlflash driver is not loaded");
	cxlf_cause(err, "the module cxlflash is not loaded%s%s, and %s", *release ? " in kernel " : "", release,
		   *cards->function || *cards->card ? "there is a card" : "there is no card on the PCI bus");
	return cxlf_fix(err, "modprobe cxlflash");
}

int cxlf_absence_explain(const char *sysroot, struct cxlf_err *err)
{
	scoped_fd int root = cxlf_sysfs_opendir(AT_FDCWD, *sysroot ? sysroot : "/");
	struct utsname kernel;
	struct cards cards = {"", ""};

	if (root < 0)
		return cxlf_fail_sys(err, CXLF_E_BAD_VALUE, root, "cannot open the system root %s", sysroot);
	read_kernel(sysroot, root, &kernel);
	cxlf_sysfs_for_each(root, "sys/bus/pci/devices", each_pci, &cards);
	if (!faccessat(root, "sys/module/cxlflash", F_OK, 0) ||
	    !faccessat(root, "sys/bus/pci/drivers/cxlflash", F_OK, 0))
		return no_card(&cards, err);
	if (*kernel.machine && strncmp(kernel.machine, "ppc64", 5)) {
		cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "this machine cannot have cxlflash adapters");
		return cxlf_cause(err, "it is %s; the adapters and their driver exist on 64-bit POWER only",
				  kernel.machine);
	}
	if (is_removed_in(kernel.release)) {
		cxlf_fail(err, CXLF_E_DRIVER_REMOVED, "this kernel has no cxlflash driver");
		cxlf_cause(err, "it is %s; the driver was removed in Linux 6.15", kernel.release);
		return cxlf_fix(err, "boot a kernel up to 6.14, or a distribution kernel that still has the driver");
	}
	return not_loaded(&cards, kernel.release, err);
}
