/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LUNs that this machine exports: back-ends of nvmet and LIO, from configfs. They are not processes, and most of them
 * make no exclusive claim. Loop devices are in holders.c.
 */
#include "quote.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NVMET "sys/kernel/config/nvmet/subsystems"
#define LIO "sys/kernel/config/target/core"

/* A position in configfs. */
struct place {
	struct cxlf_search *search;
	const char *upper; /* the directory above: a subsystem, or a LIO adapter */
};

/* Without the module there are no back-ends. A built-in module need not be in sys/module. */
static void walk(struct cxlf_search *search, const char *module, const char *dir, cxlf_sysfs_each *each)
{
	struct place place = {.search = search};
	int rc = cxlf_sysfs_for_each(search->root, dir, each, &place);

	if (rc && (rc != -ENOENT || !faccessat(search->root, module, F_OK, 0) || errno != ENOENT))
		cxlf_search_blind(search, CXLF_CHECK_EXPORT, rc, "the back-ends of %s in /%s cannot be read",
				  strrchr(module, '/') + 1, dir);
}

static void unreadable(struct cxlf_search *search, int rc, const char *upper, const char *name)
{
	if (rc != -ENOENT) /* removed meanwhile */
		cxlf_search_blind(search, CXLF_CHECK_EXPORT, rc, "the back-end %s/%s cannot be read", upper, name);
}

static unsigned find(struct cxlf_search *search, const char *node, const char *upper, const char *name)
{
	int rc;
	unsigned device = cxlf_stack_find_node(search, node, &rc);

	if (rc && !*search->query->root)
		cxlf_search_blind(search, CXLF_CHECK_EXPORT, rc, "the device %s of %s/%s cannot be determined", node,
				  upper, name);
	return device;
}

/* ---- nvmet ---- */

static int each_namespace(void *arg, int dir, const char *name)
{
	const struct place *place = arg;
	struct cxlf_search *search = place->search;
	char file[300], node[PATH_MAX], text[340], quoted[4 * sizeof(file) + 8];
	struct cxlf_use *use;
	unsigned device;
	int rc;

	snprintf(file, sizeof(file), "%.255s/enable", name);
	if (!cxlf_sysfs_read_int(dir, file, 1)) /* not open */
		return 0;
	snprintf(file, sizeof(file), "%.255s/device_path", name);
	rc = cxlf_sysfs_read(dir, file, node, sizeof(node));
	if (rc < 0)
		unreadable(search, rc, place->upper, name);
	if (rc <= 0)
		return 0;
	device = find(search, node, place->upper, name);
	if (device == CXLF_NO_DEVICE)
		return 0;
	use = cxlf_search_add(search, CXLF_CHECK_EXPORT, CXLF_ANSWER_USED, device);
	cxlf_search_cause(search, use, "%s is exported by nvmet as namespace %s of %s",
			  cxlf_device_text(search, device, text, sizeof(text)), name, place->upper);
	snprintf(file, sizeof(file), "/" NVMET "/%.200s/namespaces/%.16s/enable", place->upper, name);
	cxlf_search_fix(search, use, "echo 0 > %s", cxlf_quote(file, quoted, sizeof(quoted)));
	return 0;
}

static int each_subsystem(void *arg, int dir, const char *name)
{
	struct place place = {((struct place *)arg)->search, name};
	char namespaces[300];
	int rc;

	snprintf(namespaces, sizeof(namespaces), "%.255s/namespaces", name);
	rc = cxlf_sysfs_for_each(dir, namespaces, each_namespace, &place);
	if (rc)
		unreadable(place.search, rc, "nvmet", name);
	return 0;
}

/* ---- LIO ---- */

static bool number_behind(const char *text, const char *label, unsigned *number)
{
	const char *at = strstr(text, label);
	char digits[12];
	size_t len;
	uint64_t value;

	at = at ? at + strlen(label) : "";
	len = strspn(at, "0123456789");
	if (!len || len >= sizeof(digits))
		return false;
	memcpy(digits, at, len);
	digits[len] = '\0';
	if (!cxlf_text_u64(digits, 10, &value) || value > INT_MAX)
		return false;
	*number = (unsigned)value;
	return true;
}

/* pscsi passes commands to a SCSI device. In one of its modes the host number is missing. */
static unsigned find_passed(const struct cxlf_search *search, const char *info)
{
	unsigned host, channel, target, lun;
	bool has_host = number_behind(info, "Host ID: ", &host);

	if (!number_behind(info, "Channel ID: ", &channel) || !number_behind(info, "Target ID: ", &target) ||
	    !number_behind(info, " LUN: ", &lun))
		return UINT_MAX;
	for (unsigned i = 0; i < search->lun->n_paths; i++) {
		const struct cxlf_path *path = search->query->topology->path + search->lun->path[i];

		if ((!has_host || path->host == host) && path->port == channel && path->target == target &&
		    path->lun == lun)
			return search->lun->path[i];
	}
	return UINT_MAX;
}

static void add_passed(struct cxlf_search *search, unsigned path, const char *upper, const char *name)
{
	struct cxlf_use *use = cxlf_search_add_path(search, CXLF_CHECK_EXPORT, CXLF_ANSWER_USED, path);
	char quoted[4 * NAME_MAX + 8];

	cxlf_search_cause(search, use, "path %s is exported by LIO as %s/%s", search->query->topology->path[path].hctl,
			  upper, name);
	cxlf_search_fix(search, use, "targetcli /backstores/pscsi delete %s", cxlf_quote(name, quoted, sizeof(quoted)));
}

/* iblock has the device number. The path is the one given when an iblock or fileio back-end was created. */
static unsigned find_backing(struct cxlf_search *search, const char *info, const char *udev_path, const char *upper,
			     const char *name)
{
	const char *file = strstr(info, "File: "), *size = file ? strstr(file, "  Size: ") : NULL;
	unsigned major_no, minor_no;
	char node[512];

	/* udev_path is optional; for fileio `info` has the path as well */
	if (!*udev_path && size)
		snprintf(node, sizeof(node), "%.*s", (int)(size - file) - 6, file + 6);
	else
		snprintf(node, sizeof(node), "%s", udev_path);

	if (number_behind(info, "Major: ", &major_no) && number_behind(info, "Minor: ", &minor_no))
		return cxlf_stack_find(search, makedev(major_no, minor_no));
	return strncmp(node, "/dev/", 5) ? CXLF_NO_DEVICE : find(search, node, upper, name);
}

static void add_backing(struct cxlf_search *search, unsigned device, const char *upper, const char *name)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_EXPORT, CXLF_ANSWER_USED, device);
	bool is_block = !strncmp(upper, "iblock_", 7);
	char text[340], quoted[4 * NAME_MAX + 8];

	search->device[device].explained |= is_block; /* iblock claims the device */
	cxlf_search_cause(search, use, "%s is exported by LIO as %s/%s",
			  cxlf_device_text(search, device, text, sizeof(text)), upper, name);
	cxlf_search_fix(search, use, "targetcli /backstores/%s delete %s", is_block ? "block" : "fileio",
			cxlf_quote(name, quoted, sizeof(quoted)));
}

static int each_backend(void *arg, int dir, const char *name)
{
	const struct place *place = arg;
	struct cxlf_search *search = place->search;
	char file[300], info[1024], node[512];
	unsigned device, path;
	int rc;

	snprintf(file, sizeof(file), "%.255s/info", name);
	rc = cxlf_sysfs_read_lines(dir, file, info, sizeof(info));
	if (rc == -ENOENT || rc == -ENOTDIR || rc == -ENODEV) /* an attribute, or not configured yet */
		return 0;
	if (rc < 0) {
		unreadable(search, rc, place->upper, name);
		return 0;
	}
	if (!strncmp(place->upper, "pscsi_", 6)) {
		path = find_passed(search, info);
		if (path != UINT_MAX)
			add_passed(search, path, place->upper, name);
		return 0;
	}
	snprintf(file, sizeof(file), "%.255s/udev_path", name);
	rc = cxlf_sysfs_read(dir, file, node, sizeof(node));
	device = find_backing(search, info, node, place->upper, name);
	if (device != CXLF_NO_DEVICE)
		add_backing(search, device, place->upper, name);
	else if (rc < 0)
		unreadable(search, rc, place->upper, name);
	return 0;
}

static int each_adapter(void *arg, int dir, const char *name)
{
	struct place place = {((struct place *)arg)->search, name};
	int rc;

	if (!strchr(name, '_') || !strcmp(name, "alua"))
		return 0;
	rc = cxlf_sysfs_for_each(dir, name, each_backend, &place);
	if (rc && rc != -ENOTDIR)
		unreadable(place.search, rc, "target", name);
	return 0;
}

void cxlf_find_exports(struct cxlf_search *search)
{
	walk(search, "sys/module/nvmet", NVMET, each_subsystem);
	walk(search, "sys/module/target_core_mod", LIO, each_adapter);
}
