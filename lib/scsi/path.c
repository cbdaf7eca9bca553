/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path of a LUN as an open device: whether it is the discovered one, and the identity that its device reports.
 */
#include "path.h"
#include "clock.h"
#include "diagnose.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <scsi/sg_cmds_basic.h>
#include <scsi/sg_lib.h>

#define INQUIRY_TIMEOUT_S 10
#define INQUIRY_TRIES 3 /* a unit attention is reported only once */
#define PAGE_83_BYTES 1024

static int denied(const char *node, int rc, struct cxlf_err *err)
{
	struct stat st;

	cxlf_fail_sys(err, CXLF_E_PERMISSION, rc, "cannot open %s for reading and writing", node);
	if (!stat(node, &st))
		cxlf_cause(err, "%s has mode %04o, user id %u and group id %u, which does not permit the caller", node,
			   (unsigned)st.st_mode & 07777, (unsigned)st.st_uid, (unsigned)st.st_gid);
	return geteuid() ? cxlf_fix(err, "run it as root, or join the group of the node: ls -l %s", node)
			 : cxlf_fix_root(err);
}

static int cannot_open(const char *node, int rc, struct cxlf_err *err)
{
	if (rc == -EACCES || rc == -EPERM)
		return denied(node, rc, err);
	cxlf_fail_sys(err, rc == -ENXIO || rc == -ENODEV || rc == -ENOENT ? CXLF_E_DEVICE_GONE : CXLF_E_FAILED, rc,
		      "cannot open %s", node);
	return cxlf_cause(err, rc == -ENOENT ? "the node is missing: udev has not created it, or the path is gone"
					     : "the path is gone, or its device does not answer");
}

/* The minor of a removed path may already belong to another device. */
static bool still_is(dev_t dev, bool is_sg, const char *hctl)
{
	char link[64], target[512];

	snprintf(link, sizeof(link), "/sys/dev/%s/%u:%u/device", is_sg ? "char" : "block", major(dev), minor(dev));

	ssize_t len = readlink(link, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';

	const char *name = strrchr(target, '/');

	return name && !strcmp(name + 1, hctl);
}

static int check_node(int fd, const char *node, const struct cxlf_path *path, bool is_sg, struct cxlf_err *err)
{
	struct stat st;
	dev_t expected = is_sg ? path->sg_dev : path->sd_dev;

	if (!expected)
		return cxlf_fail(err, CXLF_E_BUG, "the scan has no device number of %s", node);
	if (!fstat(fd, &st) && (is_sg ? S_ISCHR(st.st_mode) : S_ISBLK(st.st_mode)) && st.st_rdev == expected &&
	    still_is(expected, is_sg, path->hctl))
		return 0;
	cxlf_fail(err, CXLF_E_DEVICE_GONE, "%s is no longer the path %s", node, path->hctl);
	cxlf_cause(err, "devices were added or removed since the scan");
	return cxlf_fix(err, "try again");
}

int cxlf_path_open(const struct cxlf_path *path, struct cxlf_err *err)
{
	bool is_sg = *path->sg;
	char node[48];

	snprintf(node, sizeof(node), "/dev/%s", is_sg ? path->sg : path->sd);
	if (!is_sg && !*path->sd) {
		cxlf_fail(err, CXLF_E_DEVICE_GONE, "path %s has no device node", path->hctl);
		cxlf_cause(err, "neither the sg nor the sd driver is bound to it");
		return cxlf_fix(err, "modprobe sg");
	}

	/* sg needs write permission for the request; opening a block node for writing would trigger udev */
	scoped_fd int fd = open(node, (is_sg ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return cannot_open(node, -errno, err);
	if (check_node(fd, node, path, is_sg, err))
		return -1;
	return cxlf_take_fd(&fd);
}

static const char *any_node(const struct cxlf_path *path)
{
	return *path->sg ? path->sg : path->sd;
}

static int no_answer(const struct cxlf_path *path, int category, bool timed_out, struct cxlf_err *err)
{
	char text[160] = "";

	if (category > 0)
		sg_exit2str(category, false, (int)sizeof(text), text);
	cxlf_text_sanitise(text);
	cxlf_fail(err, timed_out ? CXLF_E_TIMEOUT : CXLF_E_DEVICE_ERROR,
		  "the identity of the LUN behind %s cannot be read", path->hctl);
	if (cxlf_path_diagnose(path->hctl, err))
		return -1;
	if (timed_out)
		cxlf_cause(err,
			   "no answer to INQUIRY in %d s, although adapter, port and path work: the command was lost",
			   INQUIRY_TIMEOUT_S);
	else
		cxlf_cause(err, "INQUIRY of VPD page 0x83 failed: %s", *text ? text : "no answer from the path");
	return cxlf_fix(err, "see the page: sg_vpd -p di /dev/%s", any_node(path));
}

/* The target answers for a LUN that it no longer has: peripheral qualifier 1 or 3 (SPC-4 6.6.2). */
static int not_mapped(const struct cxlf_path *path, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_DEVICE_GONE, "there is no longer a LUN behind %s", path->hctl);
	cxlf_cause(err, "the storage reports that it has no LUN %llu on this port; map it again, or remove the path",
		   (unsigned long long)path->lun);
	return cxlf_fix(err, "echo 1 > /sys/class/scsi_device/%s/device/delete", path->hctl);
}

static int no_identity(const struct cxlf_path *path, int rc, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_NO_IDENTITY, "the identity of the LUN behind %s cannot be read", path->hctl);
	cxlf_cause(err, rc == -ENODATA ? "its VPD page 0x83 has no NAA type 6 designator"
				       : "its VPD page 0x83 is malformed");
	return cxlf_fix(err, "see the page: sg_vpd -p di /dev/%s", any_node(path));
}

/* The category of sg3_utils; *len is the number of bytes received. */
static int inquire(int fd, uint8_t *page, int size, int *len)
{
	int residue = 0, category = -1;

	for (int i = 0; i < INQUIRY_TRIES; i++) {
		category = sg_ll_inquiry_v2(fd, true, 0x83, page, size, INQUIRY_TIMEOUT_S, &residue, false, 0);
		if (category != SG_LIB_CAT_UNIT_ATTENTION)
			break;
	}
	*len = residue > 0 && residue <= size ? size - residue : size;
	return category;
}

int cxlf_path_identify(int fd, const struct cxlf_path *path, struct cxlf_wwid *wwid, struct cxlf_err *err)
{
	uint8_t page[PAGE_83_BYTES] = {0};
	int64_t begun = cxlf_now_ms();
	int len, category = inquire(fd, page, sizeof(page), &len);

	if (!category && page[0] >> 5)
		return not_mapped(path, err);
	/* an adapter that has failed does not write the page, which sg3_utils reports as success */
	if (category || len < 4 || !page[1])
		return no_answer(path, category, cxlf_now_ms() - begun >= INQUIRY_TIMEOUT_S * 1000, err);

	int rc = cxlf_wwid_from_vpd83(page, (size_t)len, wwid);

	return rc ? no_identity(path, rc, err) : 0;
}

int cxlf_path_mismatch(const struct cxlf_path *path, const struct cxlf_wwid *answer, struct cxlf_err *err)
{
	cxlf_cause(err, "the kernel has %s behind %s, but the device reports %s", CXLF_WWID_STRING(&path->wwid),
		   path->hctl, CXLF_WWID_STRING(answer));
	return cxlf_fix(err,
			"echo 1 > /sys/class/scsi_device/%s/device/delete && "
			"echo '- - -' > /sys/class/scsi_host/host%u/scan && cxlflashctl list",
			path->hctl, path->host);
}

int cxlf_path_open_checked(const struct cxlf_path *path, const char *what, struct cxlf_err *err)
{
	struct cxlf_wwid answer;
	scoped_fd int fd = cxlf_path_open(path, err);

	if (fd < 0 || cxlf_path_identify(fd, path, &answer, err))
		return -1;
	if (cxlf_wwid_equal(&answer, &path->wwid))
		return cxlf_take_fd(&fd);
	cxlf_fail(err, CXLF_E_IDENTITY_MISMATCH, "cannot %s: path %s leads to a different LUN", what, path->hctl);
	return cxlf_path_mismatch(path, &answer, err);
}

bool cxlf_path_is_running(const char *hctl)
{
	char name[96], state[24] = "";

	snprintf(name, sizeof(name), "/sys/class/scsi_device/%s/device/state", hctl);
	cxlf_sysfs_read(AT_FDCWD, name, state, sizeof(state));
	return !strcmp(state, "running");
}

enum cxlf_mode cxlf_path_mode(const char *hctl)
{
	char name[96];

	snprintf(name, sizeof(name), "/sys/class/scsi_device/%s/device/mode", hctl);
	return cxlf_mode_read(AT_FDCWD, name);
}
