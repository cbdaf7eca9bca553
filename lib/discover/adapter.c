/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One adapter from sysfs: its PCI function, the card above it, its names and its location.
 *
 * The tree on bare metal (a PowerVM guest has a platform device in place of the card's function; OpenCAPI has no card,
 * and hostN is directly below the adapter's own PCI function):
 *
 *   .../0002:01:00.0                            the card, driver cxl-pci
 *   .../0002:01:00.0/cxl/card0/afu0.0           the AFU of the cxl driver
 *   .../0002:01:00.0/pci0006:00/0006:00:00.0    the adapter's function, on a virtual bus of the cxl driver
 *   .../0006:00:00.0/host2/scsi_host/host2      the SCSI host
 */
#include "scan.h"
#include "scope.h"
#include "sysfs.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_LEVELS 12

/* The components of a sysfs link, last one first. */
struct lineage {
	char text[1024];
	char *name[64];
	unsigned n;
};

static int read_lineage(int dir, const char *link, struct lineage *line)
{
	ssize_t len = readlinkat(dir, link, line->text, sizeof(line->text) - 1);

	if (len < 0)
		return -errno;
	line->text[len] = '\0';
	line->n = 0;
	for (char *slash; (slash = strrchr(line->text, '/')) && line->n < 63; *slash = '\0')
		line->name[line->n++] = slash + 1;
	return 0;
}

static bool is_pci_address(const char *name)
{
	unsigned domain, bus, device, function;
	int end = 0;

	return sscanf(name, "%x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &end) == 4 && end && !name[end] &&
	       isxdigit((unsigned char)*name);
}

static void set_name(char *to, size_t size, const char *name)
{
	snprintf(to, size, "%s", name);
	cxlf_text_sanitise(to);
}

static uint16_t read_id(int dir, const char *name)
{
	uint64_t value;

	return cxlf_sysfs_read_u64(dir, name, &value) || value > 0xffff ? 0 : (uint16_t)value;
}

static enum cxlf_kind kind_of(uint16_t device)
{
	return device == 0x04f0	  ? CXLF_KIND_CORSA
	       : device == 0x0600 ? CXLF_KIND_FLASHGT
	       : device == 0x0624 ? CXLF_KIND_BRIARD
				  : CXLF_KIND_UNKNOWN;
}

struct afus {
	char first[16];
	unsigned n;
};

static int count_afu(void *arg, int dir, const char *name)
{
	struct afus *afus = arg;

	(void)dir;
	if (!strncmp(name, "afu", 3) && !afus->n++)
		set_name(afus->first, sizeof(afus->first), name);
	return 0;
}

/* With several AFUs on a card it is unknown which one the function belongs to, so none is named. */
static void read_card(struct cxlf_adapter *adapter, struct cxlf_place *place)
{
	struct afus afus = {.n = 0};
	char path[32];

	snprintf(path, sizeof(path), "cxl/%s", adapter->card);
	place->afus = cxlf_sysfs_opendir(place->top, path);
	if (place->afus >= 0 && !cxlf_sysfs_for_each(place->afus, ".", count_afu, &afus) && afus.n == 1)
		memcpy(adapter->afu, afus.first, sizeof(adapter->afu));
	else if (place->afus < 0)
		place->afus = -1;
}

/* The card is the first ancestor of the function with a cxl/cardN. */
static void find_card(const struct lineage *line, unsigned function, struct cxlf_adapter *adapter,
		      struct cxlf_place *place)
{
	char up[3 * MAX_LEVELS + 8] = "";

	for (size_t level = 1; level <= MAX_LEVELS && function + level < line->n; level++) {
		const char *name = line->name[function + level];

		if (!strcmp(name, "devices"))
			break;
		strcpy(up + 3 * (level - 1), "../cxl");
		if (cxlf_sysfs_first_entry(place->function, up, "card", adapter->card, sizeof(adapter->card))) {
			up[3 * level] = '\0';
			place->top = cxlf_sysfs_opendir(place->function, up);
			if (is_pci_address(name))
				set_name(adapter->card_pci, sizeof(adapter->card_pci), name);
			return;
		}
	}
}

static void set_platform(struct cxlf_adapter *adapter, struct cxlf_place *place)
{
	if (place->top >= 0) {
		adapter->platform = *adapter->card_pci ? CXLF_PLATFORM_BARE_METAL : CXLF_PLATFORM_POWERVM;
		if (*adapter->card_pci)
			adapter->card_device = read_id(place->top, "device");
		read_card(adapter, place);
		return;
	}
	place->top = dup(place->function);
	if (adapter->kind == CXLF_KIND_BRIARD)
		adapter->platform = CXLF_PLATFORM_OPENCAPI;
}

/* A path of the device tree must not lead out of it. */
static bool read_location_at(int root, const char *node, char *text, size_t size)
{
	static const char *const trees[] = {"sys/firmware/devicetree/base", "proc/device-tree"};

	if (node[0] != '/' || strstr(node, "/.."))
		return false;
	for (size_t i = 0; i < sizeof(trees) / sizeof(*trees); i++) {
		char path[512];

		if ((size_t)snprintf(path, sizeof(path), "%s%s/ibm,loc-code", trees[i], node) >= sizeof(path))
			return false;
		if (cxlf_sysfs_read(root, path, text, size) > 0)
			return true;
	}
	return false;
}

/* The location code of the card, or of the nearest bridge above it that has one (the slot). */
static void read_location(int root, int top, char *text, size_t size)
{
	char name[3 * MAX_LEVELS + 32] = "";

	*text = '\0';
	for (size_t level = 0; level < MAX_LEVELS; level++) {
		char node[256];

		strcpy(name + 3 * level, "devspec");

		int rc = cxlf_sysfs_read(top, name, node, sizeof(node));

		if (rc > 0 && read_location_at(root, node, text, size))
			return;
		strcpy(name + 3 * level, "of_node/ibm,loc-code");
		if (cxlf_sysfs_read(top, name, text, size) > 0)
			return;
		strcpy(name + 3 * level, "uevent"); /* every device has one; without it there are no more parents */
		if (faccessat(top, name, F_OK, 0) && rc < 0)
			return;
		strcpy(name + 3 * level, "../");
	}
}

void cxlf_place_close(struct cxlf_place *place)
{
	int *const fd[] = {&place->host, &place->device, &place->function, &place->top, &place->afus};

	for (size_t i = 0; i < sizeof(fd) / sizeof(*fd); i++) {
		if (*fd[i] >= 0)
			close(*fd[i]);
		*fd[i] = -1;
	}
}

/*
 * A link of a saved tree may lead into the running kernel's sysfs, where it can be harmful to read a port.
 */
static bool is_escape(const struct cxlf_scan *scan, int dir)
{
	struct statfs fs;

	return scan->saved && (fstatfs(dir, &fs) || fs.f_type == CXLF_SYSFS_SUPER);
}

static int open_place(const struct cxlf_scan *scan, int class_dir, const char *name, struct cxlf_place *place)
{
	place->host = cxlf_sysfs_opendir(class_dir, name);
	if (place->host < 0)
		return place->host;
	if (is_escape(scan, place->host))
		return -EXDEV;
	place->device = cxlf_sysfs_opendir(place->host, "../..");
	place->function = cxlf_sysfs_opendir(place->host, "../../..");
	return place->device < 0 ? place->device : place->function < 0 ? place->function : 0;
}

int cxlf_scan_adapter(const struct cxlf_scan *scan, int class_dir, const char *name, struct cxlf_adapter *adapter,
		      struct cxlf_place *place)
{
	const unsigned function = 3; /* hostN, scsi_host, hostN, then the function */
	struct lineage line;
	uint64_t host;

	*place = (struct cxlf_place){-1, -1, -1, -1, -1};
	*adapter = (struct cxlf_adapter){.afu_reason = "", .lun_mode = -1, .num_hwqs = -1, .irqpoll_weight = -1};
	if (!cxlf_text_u64(name + strlen("host"), 10, &host) || host > 0xffffffff)
		return -EINVAL;
	adapter->host = (unsigned)host;

	int rc = read_lineage(class_dir, name, &line);

	if (!rc && line.n <= function)
		rc = -EINVAL;
	if (!rc)
		rc = open_place(scan, class_dir, name, place);
	if (rc) {
		cxlf_place_close(place);
		return rc;
	}
	set_name(adapter->pci, sizeof(adapter->pci), line.name[function]);
	adapter->vendor = read_id(place->function, "vendor");
	adapter->device = read_id(place->function, "device");
	adapter->kind = kind_of(adapter->device);
	adapter->afu_reason = "the state was not read";
	for (unsigned i = 0; i < CXLF_MAX_PORTS; i++)
		adapter->port[i].number = i;
	find_card(&line, function, adapter, place);
	set_platform(adapter, place);
	if (scan->want & CXLF_WANT_LOCATION)
		read_location(scan->root, place->top, adapter->location, sizeof(adapter->location));
	return 0;
}

/* Two lines, "disk: 0" and "host: 0", or one number before Linux 4.13: joined in one line. */
static void read_ioctl_version(int host, char *text, size_t size)
{
	cxlf_sysfs_read_lines(host, "ioctl_version", text, size);
	cxlf_text_sanitise(text); /* replaces the newlines inside with '?' */
	for (char *at = text; (at = strchr(at, '?')); at++)
		*at = ' ';
}

void cxlf_scan_detail(const struct cxlf_place *place, struct cxlf_adapter *adapter)
{
	adapter->lun_mode = cxlf_sysfs_read_int(place->host, "lun_mode", -1);
	adapter->num_hwqs = cxlf_sysfs_read_int(place->host, "num_hwqs", -1);
	adapter->irqpoll_weight = cxlf_sysfs_read_int(place->host, "irqpoll_weight", -1);
	cxlf_sysfs_read(place->host, "hwq_mode", adapter->hwq_mode, sizeof(adapter->hwq_mode));
	read_ioctl_version(place->host, adapter->ioctl_version, sizeof(adapter->ioctl_version));
	cxlf_sysfs_read(place->host, "state", adapter->host_state, sizeof(adapter->host_state));
	if (place->afus < 0)
		return;
	cxlf_sysfs_read(place->afus, "caia_version", adapter->caia_version, sizeof(adapter->caia_version));
	cxlf_sysfs_read(place->afus, "psl_revision", adapter->psl_revision, sizeof(adapter->psl_revision));
	cxlf_sysfs_read(place->afus, "image_loaded", adapter->image_loaded, sizeof(adapter->image_loaded));
}
