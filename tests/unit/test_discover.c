/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Discovery in generated trees: those of real machines, and malicious ones.
 */
#include "discover/topology.h"
#include "tree.h"
#include "unit.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LUN1 "60050768010818000000000000000001"
#define LUN2 "60050768010818000000000000000002"

static struct cxlf_topology topology;
static struct cxlf_err err;

static int scan(const char *root, unsigned want)
{
	return cxlf_discover(root, want, &topology, &err);
}

static void bare_metal(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);

	tree_path(function, 2, 1, 0, 1, LUN1, "superpipe");
	tree_path(function, 2, 0, 0, 0, LUN1, "superpipe");
	tree_text("disk: 0\nhost: 0", "%s/host2/scsi_host/host2/ioctl_version", function);
	tree_text("4", "%s/host2/scsi_host/host2/num_hwqs", function);
	tree_text("ahci", "sys/class/scsi_host/host0/proc_name");
	tree_interrupts(1);
	is(scan(root, CXLF_WANT_ALL), 0, "bare metal: the scan works");
	is(topology.n_adapters, 1, "one adapter; the AHCI host is not an adapter");

	const struct cxlf_adapter *a = topology.adapter;

	is_text(a->pci, "0006:00:00.0", "its function");
	is_text(a->card_pci, "0020:01:00.0", "its card");
	is_text(a->card, "card0", "its name of the cxl driver");
	is_text(a->afu, "afu0.0", "its AFU");
	is_text(a->location, "U78CB.001.WZS-P1-C3", "its location code");
	is(a->kind, CXLF_KIND_CORSA, "its kind");
	is(a->platform, CXLF_PLATFORM_BARE_METAL, "its topology");
	is(a->card_device, 0x04cf, "its card's device id");
	is_text(a->ioctl_version, "disk: 0 host: 0", "both lines of ioctl_version");
	is(a->num_hwqs, 4, "num_hwqs");
	is(a->irqpoll_weight, -1, "an attribute that is missing");
	is_text(a->image_loaded, "user", "the image loaded");
	is(a->afu_state, CXLF_AFU_READY, "it is ready");
	is(a->n_ports, 2, "two ports");
	is(a->port[0].state, CXLF_PORT_ONLINE, "one online");
	is(a->port[1].state, CXLF_PORT_OFFLINE, "one offline");
	is(topology.n_paths, 2, "two paths");
	is_text(topology.path[0].hctl, "2:0:0:0", "paths are sorted by address");
	is_text(topology.path[0].sd, "sda", "the disk");
	is_text(topology.path[0].sg, "sg0", "the sg device");
	ok(topology.path[0].sd_dev == 0x800 && topology.path[1].sg_dev == 0x1501, "their device numbers");
	is(topology.n_luns, 1, "one LUN");
	is(topology.lun[0].n_paths, 2, "the LUN has both paths");
	is(topology.lun[0].mode, CXLF_MODE_SUPERPIPE, "in superpipe mode");
	is(topology.lun[0].size_bytes, 1 << 30, "of 1 GiB");
	is(topology.lun[0].block_bytes, 4096, "in blocks of 4 KiB");
	is(topology.path[1].lun_index, 0, "the path has the index of its LUN");
	cxlf_topology_free(&topology);
	tree_end();
}

static void power_vm(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_POWERVM, 0, 0x0600, 1);

	tree_path(function, 1, 0, 0, 0, LUN1, "legacy");
	tree_interrupts(1);
	tree_text("cxlflash", "sys/devices/virtual/cxlflash/cxlflash3/uevent");
	tree_link("../../devices/virtual/cxlflash/cxlflash3", "sys/class/cxlflash/cxlflash3");
	is(scan(root, CXLF_WANT_ALL), 0, "PowerVM: the scan works");
	is(topology.adapter[0].platform, CXLF_PLATFORM_POWERVM, "the card is a platform device");
	is_text(topology.adapter[0].card_pci, "", "a platform device has no PCI address");
	is_text(topology.adapter[0].card, "card0", "a platform device has a name");
	is(topology.adapter[0].kind, CXLF_KIND_FLASHGT, "its kind");
	is_text(topology.adapter[0].chardev, "cxlflash3", "the only character device belongs to the only adapter");
	is(topology.adapter[0].afu_state, CXLF_AFU_READY, "ready without any EEH file");
	cxlf_topology_free(&topology);
	tree_text("none", "sys/devices/platform/0.ibm,coherent-platform-facility/cxl/card0/afu0.0/mode");
	scan(root, CXLF_WANT_PATHS | CXLF_WANT_PORTS);
	is(topology.adapter[0].afu_state, CXLF_AFU_FROZEN, "AFU mode none means frozen");
	cxlf_topology_free(&topology);
	tree_end();
}

static void open_capi(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_OPENCAPI, 0, 0x0624, 1);

	tree_interrupts(1);
	is(scan(root, CXLF_WANT_ALL), 0, "OpenCAPI: the scan works");
	is(topology.adapter[0].platform, CXLF_PLATFORM_OPENCAPI, "no card above the function");
	is(topology.adapter[0].kind, CXLF_KIND_BRIARD, "its kind");
	is(topology.adapter[0].afu_state, CXLF_AFU_READY, "ready");
	cxlf_topology_free(&topology);
	tree_text("0x00000078 0x00000002", "%s/eeh_pe_state", function);
	scan(root, CXLF_WANT_PORTS);
	is(topology.adapter[0].afu_state, CXLF_AFU_FROZEN, "the EEH state of the function is used");
	cxlf_topology_free(&topology);
	tree_end();
}

static void many(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 9, 0x04f0, 2);

	tree_path(function, 2, 0, 0, 0, LUN2, "legacy");
	tree_path(function, 2, 0, 1, 1, LUN1, "legacy");
	tree_path(function, 2, 0, 2, 2, NULL, "legacy");
	function = tree_adapter(TREE_BARE_METAL, 1, 0x04f0, 10);
	tree_path(function, 10, 0, 0, 3, LUN1, "superpipe");
	tree_interrupts(1);
	is(scan(root, CXLF_WANT_ALL), 0, "two adapters: the scan works");
	is(topology.adapter[0].host, 10, "adapters are sorted by PCI address, not by host");
	is(topology.n_luns, 2, "two LUNs");
	is(topology.lun[0].mode, CXLF_MODE_MIXED, "a LUN with paths in different modes is mixed");
	is(topology.lun[0].n_adapters, 2, "over both adapters");
	is(topology.lun[1].n_paths, 1, "one with one path");
	is(topology.n_without_identity, 1, "one path has no identity");
	is(topology.path[topology.n_paths - 1].lun_index, UINT_MAX, "a path without identity belongs to no LUN");
	is(topology.adapter[0].afu_state, CXLF_AFU_UNKNOWN, "with missing interrupts the state of both is unknown");
	is_text(topology.adapter[0].chardev, "", "an ambiguous character device is omitted");
	cxlf_topology_free(&topology);
	tree_end();
}

static void identity(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);

	tree_path(function, 2, 0, 0, 0, NULL, "legacy");
	tree_text("naa." LUN1, "%s/host2/target2:0:0/2:0:0:0/wwid", function);
	tree_path(function, 2, 0, 1, 1, NULL, "legacy");
	tree_text("t10.IBM     2145", "%s/host2/target2:0:0/2:0:0:1/wwid", function);
	tree_path(function, 2, 0, 2, 2, NULL, "legacy");
	tree_bytes("\0\203\0\4\1\2", 6, "%s/host2/target2:0:0/2:0:0:2/vpd_pg83", function);
	tree_text("naa." LUN2, "%s/host2/target2:0:0/2:0:0:2/wwid", function);
	scan(root, CXLF_WANT_LUN);
	is(topology.n_luns, 1, "without the page the kernel's naa.6 text is used");
	is(topology.n_without_identity, 2, "no other text is used, and none if the page is malformed");
	cxlf_topology_free(&topology);
	tree_end();
}

static void hostile(void)
{
	static char big[1 << 20];
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);

	memset(big, 'A', sizeof(big));
	tree_path(function, 2, 0, 0, 0, LUN1, "legacy");
	tree_bytes("I\0BM", 4, "%s/host2/target2:0:0/2:0:0:0/vendor", function);
	tree_bytes("\xc3\x28\x1b[31m  ", 9, "%s/host2/target2:0:0/2:0:0:0/model", function);
	tree_bytes(big, sizeof(big), "%s/host2/target2:0:0/2:0:0:0/state", function);
	tree_bytes(big, sizeof(big), "%s/host2/target2:0:0/2:0:0:0/mode", function);
	tree_text("99999999999999999999999", "%s/host2/target2:0:0/2:0:0:0/block/sda/size", function);
	tree_dir("%s/host2/target2:0:0/2:0:0:0/rev", function);
	tree_dir("%s/host2/target2:0:0/2:0:0", function);
	tree_dir("%s/host2/target2:0:0/2:0:0:-1", function);
	tree_dir("%s/host2/target2:0:0/3:0:0:1", function);
	tree_text("", "%s/host2/target2:0:0/2:0:0:7", function);
	tree_link("2:0:0:8", "%s/host2/target2:0:0/2:0:0:8", function);
	tree_link("../host9", "sys/class/scsi_host/host9");
	tree_link("hostx", "sys/class/scsi_host/hostx");
	tree_link("/etc/passwd", "%s/host2/scsi_host/host2/hwq_mode", function);
	is(scan(root, CXLF_WANT_ALL), 0, "a hostile tree: the scan works");
	is(topology.n_paths, 1, "directories that are not paths are omitted");
	is_text(topology.path[0].vendor, "I", "text ends at a NUL");
	is_text(topology.path[0].model, "?(?[31m", "control characters and invalid UTF-8 are replaced");
	is(strlen(topology.path[0].state), sizeof(topology.path[0].state) - 1, "a huge file is truncated");
	is(topology.path[0].mode, CXLF_MODE_UNKNOWN, "an invalid mode is unknown");
	is(topology.path[0].size_bytes, 0, "a size beyond 64 bits is unknown");
	is_text(topology.path[0].rev, "", "a directory as attribute is empty");
	is_text(topology.adapter[0].hwq_mode, "", "a link as attribute is not followed");
	is(topology.adapter[0].afu_state, CXLF_AFU_UNKNOWN, "without saved interrupts the state is unknown");
	is(topology.adapter[0].n_ports, 2, "ports of a saved tree are always read");
	cxlf_topology_free(&topology);
	tree_end();
}

static void blocking(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);
	char path[400];

	tree_path(function, 2, 0, 0, 0, LUN1, "legacy");
	tree_remove("%s/host2/target2:0:0/2:0:0:0/state", function);
	snprintf(path, sizeof(path), "%s/%s/host2/target2:0:0/2:0:0:0/state", root, function);
	mkfifo(path, 0644);
	is(scan(root, CXLF_WANT_ALL), 0, "a FIFO as attribute does not block the scan");
	is_text(topology.path[0].state, "", "a FIFO as attribute is empty");
	cxlf_topology_free(&topology);
	tree_end();
}

static void nothing(void)
{
	const char *root = tree_begin();

	is(scan(root, CXLF_WANT_ALL), 0, "a scan without adapters succeeds");
	is(topology.n_adapters, 0, "there are no adapters");
	cxlf_topology_free(&topology);
	tree_remove("sys");
	is(scan(root, CXLF_WANT_ALL), -1, "a root without sys is an error");
	is(err.code, CXLF_E_BAD_VALUE, "its code is BAD_VALUE");
	is(scan("/no/such/place", CXLF_WANT_ALL), -1, "a missing root is an error");
	tree_end();
}

static void selective_scan(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);

	tree_path(function, 2, 0, 0, 0, LUN1, "legacy");
	scan(root, 0);
	is(topology.n_adapters, 1, "adapters are always read");
	is(topology.n_paths, 0, "paths are read only if wanted");
	is(topology.adapter[0].afu_state, CXLF_AFU_UNKNOWN, "states are read only if wanted");
	ok(*topology.adapter[0].afu_reason, "the reason says that the state was not read");
	cxlf_topology_free(&topology);
	scan(root, CXLF_WANT_PATHS);
	is(topology.n_paths, 1, "paths are read without modes");
	is(topology.path[0].mode, CXLF_MODE_UNKNOWN, "the mode is read only if wanted");
	is(topology.n_without_identity, 0, "identities that are not wanted are not counted as missing");
	cxlf_topology_free(&topology);
	tree_end();
}

int main(void)
{
	bare_metal();
	power_vm();
	open_capi();
	many();
	identity();
	hostile();
	blocking();
	nothing();
	selective_scan();
	return done();
}
