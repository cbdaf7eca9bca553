/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who uses a LUN as a disk: mounts and swap by device number, holders from sysfs, others by an exclusive open.
 */
#include "inuse.h"
#include "quote.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define MAX_DEVICES 512 /* disks and partitions of one LUN: 128 paths at most, few partitions */

struct device {
	dev_t dev;
	unsigned path;
	char name[40];
};

struct devices {
	struct device device[MAX_DEVICES];
	unsigned n;
	struct cxlf_uses *uses;
};

static void add_use(struct cxlf_uses *uses, enum cxlf_use_kind kind, const struct device *device, const char *by)
{
	if (uses->n < CXLF_USES) {
		struct cxlf_use *use = uses->use + uses->n;

		*use = (struct cxlf_use){.kind = kind, .path = device->path};
		snprintf(use->device, sizeof(use->device), "%s", device->name);
		snprintf(use->by, sizeof(use->by), "%s", by);
		cxlf_text_sanitise(use->by);
	}
	uses->n++;
}

/* ---- which devices ---- */

struct partitions {
	struct devices *devices;
	unsigned path;
	const char *disk;
};

static void add_device(struct devices *devices, unsigned path, const char *name, dev_t dev)
{
	if (!dev || devices->n >= MAX_DEVICES)
		return;

	struct device *device = devices->device + devices->n++;

	*device = (struct device){.dev = dev, .path = path};
	snprintf(device->name, sizeof(device->name), "%s", name);
}

static int each_partition(void *arg, int dir, const char *name)
{
	struct partitions *of = arg;
	char attribute[80], text[24];

	if (strncmp(name, of->disk, strlen(of->disk)) || strlen(name) >= 40)
		return 0;
	snprintf(attribute, sizeof(attribute), "%s/dev", name);
	if (cxlf_sysfs_read(dir, attribute, text, sizeof(text)) > 0)
		add_device(of->devices, of->path, name, cxlf_text_devno(text));
	return 0;
}

static void collect(const struct cxlf_topology *topology, unsigned index, struct devices *devices)
{
	const struct cxlf_path *path = topology->path + index;
	char dir[64];
	struct partitions of = {devices, index, path->sd};

	if (!*path->sd)
		return;
	add_device(devices, index, path->sd, path->sd_dev);
	snprintf(dir, sizeof(dir), "/sys/block/%s", path->sd);
	cxlf_sysfs_for_each(AT_FDCWD, dir, each_partition, &of);
}

static const struct device *device_of(const struct devices *devices, dev_t dev)
{
	for (unsigned i = 0; i < devices->n; i++)
		if (devices->device[i].dev == dev)
			return devices->device + i;
	return NULL;
}

/* ---- mounts and swap ---- */

/* mountinfo(5) and swaps write blanks and the like as \040. */
static void unescape(const char *from, size_t len, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n + 1 < size; i++) {
		const char *c = from + i;

		if (*c == '\\' && len - i >= 4 && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' &&
		    c[3] >= '0' && c[3] <= '7') {
			to[n++] = (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
			i += 3;
		} else {
			to[n++] = *c;
		}
	}
	to[n] = '\0';
}

static size_t word(const char *at)
{
	return strcspn(at, " \t\n");
}

static const char *next_word(const char *at)
{
	at += word(at);
	return at + strspn(at, " \t\n");
}

bool cxlf_mountinfo_line(const char *line, dev_t *dev, char *point, size_t point_size, char *source, size_t source_size)
{
	const char *at = next_word(next_word(line)); /* behind the mount's and its parent's number */
	char number[24];

	if (word(at) >= sizeof(number))
		return false;
	memcpy(number, at, word(at));
	number[word(at)] = '\0';
	if (!strchr(number, ':'))
		return false;
	*dev = cxlf_text_devno(number);
	at = next_word(next_word(at));
	if (!*at)
		return false;
	unescape(at, word(at), point, point_size);
	while (*at && strncmp(at, "- ", 2)) /* options of unknown number end with a dash */
		at = next_word(at);
	*source = '\0';
	if (*at) {
		at = next_word(next_word(at));
		unescape(at, word(at), source, source_size);
	}
	return true;
}

static dev_t node_dev(const char *path)
{
	struct stat st;

	return !strncmp(path, "/dev/", 5) && !stat(path, &st) && S_ISBLK(st.st_mode) ? st.st_rdev : 0;
}

static int find_mounts(struct devices *devices)
{
	scoped_file FILE *file = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	size_t room = 0;

	if (!file)
		return -errno;
	while (getline(&line, &room, file) > 0) {
		char point[160], source[256];
		dev_t dev;

		if (!cxlf_mountinfo_line(line, &dev, point, sizeof(point), source, sizeof(source)))
			continue;

		const struct device *device = device_of(devices, dev);

		/* btrfs and the like have numbers of their own: there the source says it */
		if (!device && major(dev) == 0)
			device = device_of(devices, node_dev(source));
		if (device)
			add_use(devices->uses, CXLF_USE_MOUNT, device, point);
	}
	return 0;
}

static void find_swap(struct devices *devices)
{
	scoped_file FILE *file = fopen("/proc/swaps", "re");
	scoped_free char *line = NULL;
	size_t room = 0;

	while (file && getline(&line, &room, file) > 0) {
		char name[256];

		unescape(line, word(line), name, sizeof(name));

		const struct device *device = device_of(devices, node_dev(name));

		if (device)
			add_use(devices->uses, CXLF_USE_SWAP, device, "");
	}
}

/* ---- holders ---- */

struct holders {
	struct cxlf_uses *uses;
	const struct device *device;
};

static int each_holder(void *arg, int dir, const char *name)
{
	struct holders *of = arg;
	char attribute[320], text[100], by[160];
	struct cxlf_uses *uses = of->uses;
	unsigned before = uses->n;

	snprintf(attribute, sizeof(attribute), "%s/dm/name", name);
	if (cxlf_sysfs_read(dir, attribute, text, sizeof(text)) > 0)
		snprintf(by, sizeof(by), "%.40s (%s)", name, text);
	else
		snprintf(by, sizeof(by), "%.40s", name);
	add_use(uses, CXLF_USE_HOLDER, of->device, by);
	snprintf(attribute, sizeof(attribute), "%s/dm/uuid", name);
	if (before < CXLF_USES && cxlf_sysfs_read(dir, attribute, text, sizeof(text)) > 0)
		uses->use[before].multipath = !strncmp(text, "mpath-", 6);
	return 0;
}

static void find_holders(struct devices *devices)
{
	for (unsigned i = 0; i < devices->n; i++) {
		struct holders of = {devices->uses, devices->device + i};
		char dir[80];

		snprintf(dir, sizeof(dir), "/sys/class/block/%s/holders", of.device->name);
		cxlf_sysfs_for_each(AT_FDCWD, dir, each_holder, &of);
	}
}

/* ---- exclusive users ---- */

static bool has_use(const struct cxlf_uses *uses, unsigned path)
{
	for (unsigned i = 0; i < uses->n && i < CXLF_USES; i++)
		if (uses->use[i].path == path)
			return true;
	return false;
}

/* The whole disk cannot be had exclusively while one of its partitions is, so the disks will do. */
static void probe_disk(const struct cxlf_path *path, const struct device *device, struct cxlf_uses *uses)
{
	char node[48];

	snprintf(node, sizeof(node), "/dev/%s", path->sd);

	scoped_fd int fd = open(node, O_RDONLY | O_EXCL | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return;
	if (errno == EBUSY)
		add_use(uses, CXLF_USE_EXCLUSIVE, device, "");
	else if (errno == EACCES || errno == EPERM || errno == ENOENT)
		uses->unprobed = true;
}

static void find_exclusive(const struct cxlf_topology *topology, struct devices *devices)
{
	for (unsigned i = 0; i < devices->n; i++) {
		const struct device *device = devices->device + i;
		const struct cxlf_path *path = topology->path + device->path;

		if (!strcmp(device->name, path->sd) && !has_use(devices->uses, device->path))
			probe_disk(path, device, devices->uses);
	}
}

int cxlf_inuse_disk(const struct cxlf_topology *topology, unsigned lun, unsigned only_path, bool probe,
		    struct cxlf_uses *uses)
{
	scoped_free struct devices *devices = calloc(1, sizeof(*devices));

	*uses = (struct cxlf_uses){0};
	if (!devices)
		return -ENOMEM;
	devices->uses = uses;
	for (unsigned i = 0; i < topology->lun[lun].n_paths; i++)
		if (only_path == UINT_MAX || only_path == topology->lun[lun].path[i])
			collect(topology, topology->lun[lun].path[i], devices);

	int rc = find_mounts(devices);

	if (rc)
		return rc;
	find_swap(devices);
	find_holders(devices);
	if (probe)
		find_exclusive(topology, devices);
	return 0;
}

void cxlf_use_cause(const struct cxlf_use *use, char *text, size_t size)
{
	switch (use->kind) {
	case CXLF_USE_MOUNT:
		snprintf(text, size, "/dev/%s is mounted on %s", use->device, use->by);
		return;
	case CXLF_USE_SWAP:
		snprintf(text, size, "/dev/%s is swap space", use->device);
		return;
	case CXLF_USE_HOLDER:
		snprintf(text, size, "%s %s is built on /dev/%s", use->multipath ? "the multipath map" : "the device",
			 use->by, use->device);
		return;
	case CXLF_USE_EXCLUSIVE:
		snprintf(text, size, "a program has /dev/%s open exclusively", use->device);
		return;
	}
}

/* "dm-0 (mpatha)" into "mpatha", else the whole. */
static void holder_name(const char *by, char *name, size_t size)
{
	const char *open = strchr(by, '('), *close = open ? strrchr(by, ')') : NULL;

	if (close)
		snprintf(name, size, "%.*s", (int)(close - open - 1), open + 1);
	else
		snprintf(name, size, "%s", by);
}

void cxlf_use_fix(const struct cxlf_use *use, char *text, size_t size)
{
	char name[160], word[280];

	holder_name(use->by, name, sizeof(name));
	switch (use->kind) {
	case CXLF_USE_MOUNT:
		snprintf(text, size, "umount %s, then retry", cxlf_quote(use->by, word, sizeof(word)));
		return;
	case CXLF_USE_SWAP:
		snprintf(text, size, "swapoff /dev/%s, then retry", use->device);
		return;
	case CXLF_USE_HOLDER:
		if (use->multipath)
			snprintf(text, size, "multipath -f %s, and blacklist the LUN for multipath, then retry", name);
		else if (!strncmp(use->by, "md", 2))
			snprintf(text, size, "mdadm --stop /dev/%s, then retry", name);
		else
			snprintf(text, size, "dmsetup remove %s (a logical volume: vgchange -an), then retry", name);
		return;
	case CXLF_USE_EXCLUSIVE:
		snprintf(text, size, "fuser -v /dev/%s, stop that program, then retry", use->device);
		return;
	}
}
