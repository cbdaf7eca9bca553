/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generated sysfs in a temporary directory, for tests of discovery.
 */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[PATH_MAX / 4];
static char function[PATH_MAX / 4];

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

const char *tree_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(root, sizeof(root), "%s/cxlf-tree-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(root))
		die("mkdtemp");
	tree_dir("sys/class/scsi_host");
	return root;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void tree_end(void)
{
	nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void full(char *path, size_t size, const char *fmt, va_list args)
{
	int len = snprintf(path, size, "%s/", root);

	vsnprintf(path + len, size - (size_t)len, fmt, args);
}

static void make_parents(char *path)
{
	for (char *slash = path + strlen(root); (slash = strchr(slash + 1, '/')); *slash = '/') {
		*slash = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			die(path);
	}
}

#define PATH(fmt)                                                                                                      \
	char path[PATH_MAX];                                                                                           \
	va_list args;                                                                                                  \
	va_start(args, fmt);                                                                                           \
	full(path, sizeof(path), fmt, args);                                                                           \
	va_end(args);                                                                                                  \
	make_parents(path)

void tree_dir(const char *fmt, ...)
{
	PATH(fmt);
	if (mkdir(path, 0755) && errno != EEXIST)
		die(path);
}

static void write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		die(path);
	close(fd);
}

void tree_bytes(const void *data, size_t len, const char *fmt, ...)
{
	PATH(fmt);
	write_file(path, data, len);
}

void tree_text(const char *text, const char *fmt, ...)
{
	char line[4096];

	PATH(fmt);
	snprintf(line, sizeof(line), "%s\n", text);
	write_file(path, line, strlen(line));
}

void tree_link(const char *target, const char *fmt, ...)
{
	PATH(fmt);
	if (symlink(target, path))
		die(path);
}

void tree_remove(const char *fmt, ...)
{
	PATH(fmt);
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_card(const char *top, unsigned number)
{
	tree_text("1.0", "%s/cxl/card%u/caia_version", top, number);
	tree_text("user", "%s/cxl/card%u/image_loaded", top, number);
	tree_text("afu_directed", "%s/cxl/card%u/afu%u.0/mode", top, number, number);
}

static void make_function(enum tree_kind kind, unsigned number)
{
	char top[128];

	snprintf(top, sizeof(top), "sys/devices/pci%04x:00/%04x:00:00.0", 0x20 + number, 0x20 + number);
	switch (kind) {
	case TREE_BARE_METAL:
		tree_text("0x00000078 0x00000000", "%s/eeh_pe_state", top);
		snprintf(top + strlen(top), sizeof(top) - strlen(top), "/%04x:01:00.0", 0x20 + number);
		tree_text("0x1014", "%s/vendor", top);
		tree_text("0x04cf", "%s/device", top);
		tree_text("/pciex@1/card@0", "%s/devspec", top);
		tree_bytes("U78CB.001.WZS-P1-C3", 20, "proc/device-tree/pciex@1/card@0/ibm,loc-code");
		tree_text("0x00000078 0x00000000", "%s/eeh_pe_state", top);
		break;
	case TREE_POWERVM:
		snprintf(top, sizeof(top), "sys/devices/platform/%x.ibm,coherent-platform-facility", number);
		break;
	case TREE_OPENCAPI:
		snprintf(function, sizeof(function), "sys/devices/pci%04x:00/%04x:00:00.0", 6 + number, 6 + number);
		tree_text("0x00000078 0x00000000", "%s/eeh_pe_state", function);
		return;
	}
	make_card(top, number);
	snprintf(function, sizeof(function), "%s/pci%04x:00/%04x:00:00.0", top, 6 + number, 6 + number);
}

const char *tree_adapter(enum tree_kind kind, unsigned number, unsigned device, unsigned host)
{
	char id[8], link[PATH_MAX / 2];

	make_function(kind, number);
	snprintf(id, sizeof(id), "0x%04x", device);
	tree_text("0x1014", "%s/vendor", function);
	tree_text(id, "%s/device", function);
	tree_text("cxlflash", "%s/host%u/scsi_host/host%u/proc_name", function, host, host);
	tree_text("running", "%s/host%u/scsi_host/host%u/state", function, host, host);
	tree_text("online", "%s/host%u/scsi_host/host%u/port0", function, host, host);
	tree_text("offline", "%s/host%u/scsi_host/host%u/port1", function, host, host);
	snprintf(link, sizeof(link), "../../%s/host%u/scsi_host/host%u", function + strlen("sys/"), host, host);
	tree_link(link, "sys/class/scsi_host/host%u", host);
	return function;
}

static void put_page(const char *dir, const char *wwid)
{
	uint8_t page[24] = {0, 0x83, 0, 20, 1, 3, 0, 16};

	for (unsigned i = 0; i < 16; i++)
		sscanf(wwid + 2 * i, "%2hhx", page + 8 + i);
	tree_bytes(page, sizeof(page), "%s/vpd_pg83", dir);
}

void tree_path(const char *below, unsigned host, unsigned port, unsigned lun, unsigned disk, const char *wwid,
	       const char *mode)
{
	char dir[PATH_MAX / 2], dev[16];

	snprintf(dir, sizeof(dir), "%s/host%u/target%u:%u:0/%u:%u:0:%u", below, host, host, port, host, port, lun);
	tree_text(mode, "%s/mode", dir);
	tree_text("running", "%s/state", dir);
	if (wwid)
		put_page(dir, wwid);
	tree_text("2097152", "%s/block/sd%c/size", dir, 'a' + disk);
	tree_text("4096", "%s/block/sd%c/queue/logical_block_size", dir, 'a' + disk);
	snprintf(dev, sizeof(dev), "8:%u", 16 * disk);
	tree_text(dev, "%s/block/sd%c/dev", dir, 'a' + disk);
	snprintf(dev, sizeof(dev), "21:%u", disk);
	tree_text(dev, "%s/scsi_generic/sg%u/dev", dir, disk);
}

void tree_interrupts(unsigned alive)
{
	char text[2048] = "           CPU0\n";

	for (unsigned i = 0; i < alive; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len,
			 "%u: 0 XICS SISL_MSI_SYNC_ERROR\n%u: 0 XICS SISL_MSI_ASYNC_ERROR\n", 2 * i, 2 * i + 1);
	}
	tree_text(text, "proc/interrupts");
}
