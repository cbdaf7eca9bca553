/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reasons why there is no adapter are told apart.
 */
#include "discover/topology.h"
#include "tree.h"
#include "unit.h"

static const char *root;
static struct cxlf_err err;

static void says(enum cxlf_code code, const char *about)
{
	is(cxlf_absence_explain(root, &err), -1, about);
	is(err.code, code, "the error has its own code");
	ok(*err.message && *err.cause, "the error has message and cause");
	is(!*err.fix, code == CXLF_E_NOT_SUPPORTED, "it has a fix, except on another architecture");
}

static void release(const char *kernel, const char *machine)
{
	tree_text(kernel, "proc/sys/kernel/osrelease");
	tree_text(machine, "proc/sys/kernel/arch");
}

static void function(const char *pci, const char *device)
{
	tree_text("0x1014", "sys/bus/pci/devices/%s/vendor", pci);
	tree_text(device, "sys/bus/pci/devices/%s/device", pci);
}

int main(void)
{
	root = tree_begin();
	says(CXLF_E_DRIVER_NOT_LOADED, "a tree without the kernel version");
	is_text(err.cause, "the module cxlflash is not loaded, and there is no card on the PCI bus",
		"the version is left out");
	release("6.1.0-50-powerpc64le", "ppc64le");
	says(CXLF_E_DRIVER_NOT_LOADED, "the driver is not loaded");
	release("6.14.11", "ppc64");
	says(CXLF_E_DRIVER_NOT_LOADED, "Linux 6.14 can have the driver");
	release("6.15.0-rc1", "ppc64le");
	says(CXLF_E_DRIVER_REMOVED, "6.15 cannot");
	release("7.0", "ppc64le");
	says(CXLF_E_DRIVER_REMOVED, "Linux 7.0 cannot have the driver");
	release("6.1.0", "x86_64");
	says(CXLF_E_NOT_SUPPORTED, "other architectures cannot have the driver");
	release("6.1.0", "ppc64le");
	tree_dir("sys/module/cxlflash");
	says(CXLF_E_NO_ADAPTER, "the driver is loaded, without a card");
	function("0020:01:00.0", "0x04cf");
	says(CXLF_E_NO_ADAPTER, "a card without its function");
	ok(strstr(err.cause, "0020:01:00.0"), "the card is named");
	function("0006:00:00.0", "0x04f0");
	says(CXLF_E_NO_ADAPTER, "a function without its driver");
	is_text(err.fix, "echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/bind && dmesg | tail",
		"the fix binds the driver");
	tree_end();
	return done();
}
