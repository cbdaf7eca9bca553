/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paths: SCSI devices below each adapter's host, in hostN/targetN:C:T/N:C:T:L.
 *
 * Each path costs one directory, and open, read and close of each requested attribute.
 */
#include "array.h"
#include "scan.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct walk {
	struct cxlf_scan *scan;
	unsigned adapter;
};

/* The numbers of "2:0:0:17"; false if it is not valid. */
static bool parse_hctl(const char *name, struct cxlf_path *path)
{
	char word[24];
	uint64_t value[4];

	for (unsigned i = 0; i < 4; i++) {
		size_t len = strcspn(name, ":");

		if (len >= sizeof(word) || (i < 3) != (name[len] == ':'))
			return false;
		memcpy(word, name, len);
		word[len] = '\0';
		if (!cxlf_text_u64(word, 10, value + i) || (i < 3 && value[i] > INT_MAX))
			return false;
		name += len + (i < 3);
	}
	path->host = (unsigned)value[0];
	path->port = (unsigned)value[1];
	path->target = (unsigned)value[2];
	path->lun = value[3];
	return true;
}

enum cxlf_mode cxlf_mode_read(int dir, const char *name)
{
	char text[16];

	if (cxlf_sysfs_read(dir, name, text, sizeof(text)) < 0)
		return CXLF_MODE_UNKNOWN;
	return !strcmp(text, "superpipe") ? CXLF_MODE_SUPERPIPE
	       : !strcmp(text, "legacy")  ? CXLF_MODE_LEGACY
					  : CXLF_MODE_UNKNOWN;
}

bool cxlf_path_has_node(const struct cxlf_path *path, const char *name)
{
	size_t len = strlen(path->sd);

	if (*path->sg && !strcmp(name, path->sg))
		return true;
	return len && !strncmp(name, path->sd, len) && !name[len + strspn(name + len, "0123456789")];
}

/* The page the kernel has, else its text, which may be of another designator: only naa.6 is used. */
static bool read_wwid(int dir, struct cxlf_wwid *wwid)
{
	uint8_t page[4096];
	char text[64];
	ssize_t len = cxlf_sysfs_read_raw(dir, "vpd_pg83", page, sizeof(page));

	if (len > 0)
		return !cxlf_wwid_from_vpd83(page, (size_t)len, wwid);
	return cxlf_sysfs_read(dir, "wwid", text, sizeof(text)) > 0 && !strncmp(text, "naa.", 4) &&
	       cxlf_wwid_parse(text, wwid) == CXLF_WWID_OK;
}

static void read_nodes(int dir, struct cxlf_path *path)
{
	if (cxlf_sysfs_first_entry(dir, "block", "sd", path->sd, sizeof(path->sd)))
		cxlf_text_sanitise(path->sd);
	if (cxlf_sysfs_first_entry(dir, "scsi_generic", "sg", path->sg, sizeof(path->sg)))
		cxlf_text_sanitise(path->sg);
}

static void read_size(int dir, struct cxlf_path *path)
{
	char name[80];
	uint64_t sectors, block;

	snprintf(name, sizeof(name), "block/%s/size", path->sd);
	if (!cxlf_sysfs_read_u64(dir, name, &sectors) && sectors <= UINT64_MAX / 512)
		path->size_bytes = sectors * 512; /* in units of 512 whatever the block size */
	snprintf(name, sizeof(name), "block/%s/queue/logical_block_size", path->sd);
	if (!cxlf_sysfs_read_u64(dir, name, &block) && block <= UINT32_MAX)
		path->block_bytes = (uint32_t)block;
}

static dev_t read_devno(int dir, const char *class, const char *name)
{
	char attribute[80], text[24];

	snprintf(attribute, sizeof(attribute), "%s/%s/dev", class, name);
	return cxlf_sysfs_read(dir, attribute, text, sizeof(text)) > 0 ? cxlf_text_devno(text) : 0;
}

static void read_inquiry(int dir, struct cxlf_path *path)
{
	cxlf_sysfs_read(dir, "vendor", path->vendor, sizeof(path->vendor));
	cxlf_sysfs_read(dir, "model", path->model, sizeof(path->model));
	cxlf_sysfs_read(dir, "rev", path->rev, sizeof(path->rev));
}

static void read_path(int dir, unsigned want, struct cxlf_path *path)
{
	if (want & CXLF_WANT_MODE)
		path->mode = cxlf_mode_read(dir, "mode");
	if (want & CXLF_WANT_WWID)
		path->has_wwid = read_wwid(dir, &path->wwid);
	if (want & (CXLF_WANT_NODES | CXLF_WANT_SIZE | CXLF_WANT_DEVNO))
		read_nodes(dir, path);
	if (want & CXLF_WANT_SIZE && *path->sd)
		read_size(dir, path);
	if (want & CXLF_WANT_DEVNO && *path->sd)
		path->sd_dev = read_devno(dir, "block", path->sd);
	if (want & CXLF_WANT_DEVNO && *path->sg)
		path->sg_dev = read_devno(dir, "scsi_generic", path->sg);
	if (want & CXLF_WANT_STATE)
		cxlf_sysfs_read(dir, "state", path->state, sizeof(path->state));
	if (want & CXLF_WANT_INQUIRY)
		read_inquiry(dir, path);
}

static int each_device(void *arg, int target, const char *name)
{
	struct walk *walk = arg;
	struct cxlf_topology *topology = walk->scan->topology;
	struct cxlf_path path = {.adapter = walk->adapter, .lun_index = UINT_MAX};

	if (!parse_hctl(name, &path) || path.host != topology->adapter[walk->adapter].host)
		return 0;

	scoped_fd int dir = cxlf_sysfs_opendir(target, name);

	if (dir < 0)
		return 0; /* removed during the scan */
	if (!CXLF_ARRAY_ROOM(topology->path, &walk->scan->path_room, topology->n_paths))
		return -ENOMEM;
	snprintf(path.hctl, sizeof(path.hctl), "%s", name);
	read_path(dir, walk->scan->want, &path);
	topology->path[topology->n_paths++] = path;
	return 0;
}

static int each_target(void *arg, int device, const char *name)
{
	if (strncmp(name, "target", 6))
		return 0;
	return cxlf_sysfs_for_each(device, name, each_device, arg) == -ENOMEM ? -ENOMEM : 0;
}

int cxlf_scan_paths(struct cxlf_scan *scan)
{
	for (unsigned i = 0; i < scan->topology->n_adapters; i++) {
		struct walk walk = {scan, i};

		if (cxlf_sysfs_for_each(scan->place[i].device, ".", each_target, &walk) == -ENOMEM)
			return cxlf_fail_sys(scan->err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the LUNs");
	}
	return 0;
}
