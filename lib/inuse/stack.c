/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block devices of a LUN: the disks of all paths, their partitions, and everything that is built on them.
 *
 * Stacked devices are `holders` in sysfs (device mapper, md, bcache); a loop device has only its backing file. If
 * something cannot be read, every check by device gets an entry that it could not be made.
 */
#include "mountinfo.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define MAX_DEVICES 4096 /* 128 paths at most, with partitions and stacked devices */
#define MAX_EDGES 65536

unsigned cxlf_stack_find(const struct cxlf_search *search, dev_t dev)
{
	for (unsigned i = 0; dev && i < search->n_devices; i++)
		if (search->device[i].dev == dev)
			return i;
	return CXLF_NO_DEVICE;
}

unsigned cxlf_stack_find_name(const struct cxlf_search *search, const char *name)
{
	for (unsigned i = 0; i < search->n_devices; i++)
		if (!strcmp(search->device[i].name, name))
			return i;
	return CXLF_NO_DEVICE;
}

unsigned cxlf_stack_find_node(const struct cxlf_search *search, const char *node, int *rc)
{
	const char *slash = strrchr(node, '/');
	struct statx st;

	*rc = 0;
	if (!*search->query->root) {
		if (!statx(AT_FDCWD, node, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &st))
			return S_ISBLK(st.stx_mode)
				       ? cxlf_stack_find(search, makedev(st.stx_rdev_major, st.stx_rdev_minor))
				       : CXLF_NO_DEVICE;
		*rc = -errno;
	}

	unsigned found = slash ? cxlf_stack_find_name(search, slash + 1) : CXLF_NO_DEVICE;

	if (found != CXLF_NO_DEVICE)
		*rc = 0;
	return found;
}

bool cxlf_path_runs(const struct cxlf_search *search, unsigned path, char *state, size_t size)
{
	char file[96];

	snprintf(file, sizeof(file), "sys/class/scsi_device/%s/device/state", search->query->topology->path[path].hctl);
	cxlf_sysfs_read(search->root, file, state, size);
	return !strcmp(state, "running");
}

/* ---- adding ---- */

/* Keep the first error. */
static void note(struct cxlf_search *search, int rc)
{
	if (!search->stack_rc)
		search->stack_rc = rc;
}

static void add_edge(struct cxlf_search *search, unsigned lower, unsigned upper)
{
	struct cxlf_edge *edge;

	for (size_t i = 0; i < search->n_edges; i++)
		if (search->edge[i].lower == lower && search->edge[i].upper == upper)
			return;
	if (search->n_edges >= MAX_EDGES) {
		note(search, -EOVERFLOW);
		return;
	}
	edge = cxlf_search_grow(search, &search->edge, &search->n_edges, &search->edge_room, sizeof(*edge));
	if (edge)
		*edge = (struct cxlf_edge){lower, upper};
}

static void set_title(const struct cxlf_search *search, struct cxlf_device *device)
{
	char file[96], name[130];

	snprintf(file, sizeof(file), "sys/class/block/%s/dm/name", device->name);
	if (cxlf_sysfs_read(search->root, file, name, sizeof(name)) > 0)
		snprintf(device->title, sizeof(device->title), "mapper/%s", name);
	else
		snprintf(device->title, sizeof(device->title), "%s", device->name);
}

/* Add a device unless it is known. Its index, or CXLF_NO_DEVICE. */
static unsigned add(struct cxlf_search *search, const char *name, enum cxlf_layer layer, unsigned path, unsigned lower)
{
	unsigned index = cxlf_stack_find_name(search, name);
	struct cxlf_device *device;
	char file[96], number[24];

	if (index == CXLF_NO_DEVICE) {
		if (strlen(name) >= sizeof(device->name) || search->n_devices >= MAX_DEVICES) {
			note(search, -EOVERFLOW);
			return CXLF_NO_DEVICE;
		}
		device = cxlf_search_grow(search, &search->device, &search->n_devices, &search->device_room,
					  sizeof(*device));
		if (!device)
			return CXLF_NO_DEVICE;
		index = (unsigned)search->n_devices - 1;
		*device = (struct cxlf_device){.layer = layer, .path = path};
		device->base = layer <= CXLF_LAYER_PARTITION ? index : search->device[lower].base;
		snprintf(device->name, sizeof(device->name), "%s", name);
		set_title(search, device);
		snprintf(file, sizeof(file), "sys/class/block/%s/dev", device->name);
		cxlf_sysfs_read(search->root, file, number, sizeof(number));
		device->dev = cxlf_text_devno(number);
		if (!device->dev)
			note(search, -ENODEV);
	}
	if (lower != CXLF_NO_DEVICE)
		add_edge(search, lower, index);
	return index;
}

/* ---- partitions and holders ---- */

struct level {
	struct cxlf_search *search;
	unsigned at; /* index of the device that is examined */
};

/* A partition of a stacked device is a stacked device. */
static int each_partition(void *arg, int dir, const char *name)
{
	const struct level *level = arg;
	struct cxlf_device of = level->search->device[level->at];
	char file[320], ignored[8];
	int rc;

	if (strncmp(name, of.name, strlen(of.name)) != 0)
		return 0;
	snprintf(file, sizeof(file), "%.255s/partition", name);
	rc = cxlf_sysfs_read(dir, file, ignored, sizeof(ignored));
	if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
		note(level->search, rc);
	else if (rc >= 0)
		add(level->search, name, of.layer == CXLF_LAYER_DISK ? CXLF_LAYER_PARTITION : of.layer, of.path,
		    level->at);
	return 0;
}

static int each_holder(void *arg, int dir, const char *name)
{
	const struct level *level = arg;

	(void)dir;
	add(level->search, name, CXLF_LAYER_STACKED, level->search->device[level->at].path, level->at);
	return 0;
}

static void examine(struct cxlf_search *search, unsigned index)
{
	struct level level = {search, index};
	char dir[96];

	snprintf(dir, sizeof(dir), "sys/class/block/%s", search->device[index].name);
	note(search, cxlf_sysfs_for_each(search->root, dir, each_partition, &level));
	snprintf(dir, sizeof(dir), "sys/class/block/%s/holders", search->device[index].name);
	note(search, cxlf_sysfs_for_each(search->root, dir, each_holder, &level));
}

/* ---- loop devices ---- */

/*
 * A backing file that is not a node is covered by the mount. A node can be in another /dev, or elsewhere in a local
 * file system; a query elsewhere could block on a dead server.
 */
static bool may_be_node(const struct cxlf_search *search, const char *backing)
{
	struct statx st;

	if (*search->query->root || strstr(backing, "/dev/"))
		return strstr(backing, "/dev/");
	return cxlf_mountinfo_is_local(search->proc, backing) &&
	       !statx(AT_FDCWD, backing, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &st) && S_ISBLK(st.stx_mode);
}

static int each_loop(void *arg, int dir, const char *name)
{
	struct cxlf_search *search = arg;
	char file[300], backing[PATH_MAX];
	unsigned lower;
	int rc;

	if (strncmp(name, "loop", 4) != 0)
		return 0;
	snprintf(file, sizeof(file), "%.255s/loop/backing_file", name);
	rc = cxlf_sysfs_read(dir, file, backing, sizeof(backing));
	if (rc < 0 || !may_be_node(search, backing)) {
		if (rc < 0 && rc != -ENOENT)
			note(search, rc);
		return 0;
	}
	lower = cxlf_stack_find_node(search, backing, &rc);
	if (lower != CXLF_NO_DEVICE)
		add(search, name, CXLF_LAYER_LOOP, search->device[lower].path, lower);
	else if (rc && !*search->query->root)
		cxlf_search_blind(search, CXLF_CHECK_EXPORT, rc, "the device %s behind /dev/%s cannot be determined",
				  backing, name);
	return 0;
}

/* ---- the whole stack ---- */

static void blind(struct cxlf_search *search)
{
	for (enum cxlf_check check = CXLF_CHECK_MOUNT; check <= CXLF_CHECK_OPENER; check++)
		cxlf_search_blind(search, check, search->stack_rc,
				  search->stack_rc == -EOVERFLOW
					  ? "the LUN has too many partitions or stacked devices"
					  : "the partitions and stacked devices of the LUN cannot be listed");
}

void cxlf_stack_build(struct cxlf_search *search)
{
	const struct cxlf_lun *lun = search->lun;
	unsigned n_examined = 0;

	for (unsigned i = 0; i < lun->n_paths; i++) {
		const struct cxlf_path *path = search->query->topology->path + lun->path[i];

		if (*path->sd)
			add(search, path->sd, CXLF_LAYER_DISK, lun->path[i], CXLF_NO_DEVICE);
	}
	do {
		while (n_examined < search->n_devices)
			examine(search, n_examined++);
		note(search, cxlf_sysfs_for_each(search->root, "sys/block", each_loop, search));
	} while (n_examined < search->n_devices);
	if (search->stack_rc)
		blind(search);
}
