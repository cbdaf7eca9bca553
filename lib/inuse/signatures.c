/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of data on a LUN: file systems, partition tables, members of a RAID, LVM or ZFS.
 */
#include "signatures.h"
#include "array.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blkid/blkid.h>

#define MAX_SIGNATURES 64
#define END_BYTES (1 << 20) /* signatures are within this distance from the beginning or the end */

static void free_probe(const blkid_probe *probe)
{
	if (*probe)
		blkid_free_probe(*probe);
}

static bool value(blkid_probe probe, const char *name, char *text, size_t size)
{
	const char *found = NULL;

	text[0] = '\0';
	if (blkid_probe_lookup_value(probe, name, &found, NULL) || !found)
		return false;
	snprintf(text, size, "%s", found);
	cxlf_text_sanitise(text);
	return true;
}

static int add(blkid_probe probe, struct cxlf_signatures *found)
{
	struct cxlf_signature new = {0},
			      *grown = cxlf_array_grow(found->signature, &found->room, found->n, sizeof(new));

	if (!grown)
		return -ENOMEM;
	found->signature = grown;
	if (value(probe, "TYPE", new.type, sizeof(new.type))) {
		value(probe, "LABEL", new.label, sizeof(new.label));
		value(probe, "UUID", new.uuid, sizeof(new.uuid));
	} else if (value(probe, "PTTYPE", new.type, sizeof(new.type))) {
		new.is_table = true;
		value(probe, "PTUUID", new.uuid, sizeof(new.uuid));
	} else {
		return 0;
	}
	grown[found->n++] = new;
	return 0;
}

/* All signatures, because an old one may belong to data that is still needed. */
static int probe_all(blkid_probe probe, struct cxlf_signatures *found)
{
	for (int i = 0; i < MAX_SIGNATURES; i++) {
		int rc;

		errno = 0;
		rc = blkid_do_probe(probe);
		if (rc)
			return rc == 1 ? 0 : rc < -1 ? rc : -(errno ? errno : EIO);
		rc = add(probe, found);
		if (rc)
			return rc;
	}
	return 0;
}

static int read_range(int fd, off_t from, off_t to)
{
	static const size_t step = 1 << 16;
	scoped_free char *buf = malloc(step);

	if (!buf)
		return -ENOMEM;
	for (ssize_t n; from < to; from += n) {
		n = pread(fd, buf, step, from);
		if (n <= 0)
			return n ? -errno : 0;
	}
	return 0;
}

/*
 * libblkid reports some read errors as "no signature". Blocks in the cache may be older than what was written through
 * another path or in superpipe mode.
 */
static int read_ends(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);

	int rc = size < 0 ? -errno : read_range(fd, 0, END_BYTES);

	return rc || size <= END_BYTES ? rc : read_range(fd, size - END_BYTES, size);
}

int cxlf_signatures_read(int fd, struct cxlf_signatures *found)
{
	__attribute__((cleanup(free_probe))) blkid_probe probe = blkid_new_probe();
	int rc = probe ? read_ends(fd) : -ENOMEM;

	if (rc)
		return rc;
	errno = 0;
	if (blkid_probe_set_device(probe, fd, 0, 0))
		return -(errno ? errno : EIO);
	blkid_probe_enable_superblocks(probe, 1);
	blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID);
	blkid_probe_enable_partitions(probe, 1);
	return probe_all(probe, found);
}

const char *cxlf_signatures_text(const struct cxlf_signatures *found, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (size_t i = 0; i < found->n && len < size; i++) {
		const struct cxlf_signature *of = found->signature + i;
		bool has_label = *of->label;

		len += (size_t)snprintf(text + len, size - len, "%s%s%s%s%s%s", i ? ", " : "", of->type,
					of->is_table ? " partition table" : "", has_label ? " \"" : "", of->label,
					has_label ? "\"" : "");
	}
	return text;
}

void cxlf_signatures_free(struct cxlf_signatures *found)
{
	free(found->signature);
	*found = (struct cxlf_signatures){0};
}

/* ---- of a LUN ---- */

static int read_path(const struct cxlf_path *path, struct cxlf_signatures *found)
{
	char node[48];
	struct stat st;

	snprintf(node, sizeof(node), "/dev/%s", path->sd);

	scoped_fd int fd = open(node, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	return S_ISBLK(st.st_mode) && st.st_rdev == path->sd_dev ? cxlf_signatures_read(fd, found) : -ENODEV;
}

static bool runs(const struct cxlf_path *path)
{
	char file[96], state[24];

	snprintf(file, sizeof(file), "/sys/class/scsi_device/%s/device/state", path->hctl);
	cxlf_sysfs_read(AT_FDCWD, file, state, sizeof(state));
	return *path->sd && !strcmp(state, "running");
}

static int cannot_read(const struct cxlf_lun *lun, int rc, struct cxlf_err *err)
{
	enum cxlf_code code = rc == -EACCES || rc == -EPERM ? CXLF_E_PERMISSION
			      : rc == -ENOMEM		    ? CXLF_E_NO_MEMORY
			      : rc == -ETIMEDOUT	    ? CXLF_E_TIMEOUT
							    : CXLF_E_DEVICE_ERROR;

	cxlf_fail_sys(err, code, rc, "cannot determine whether LUN %s contains data", CXLF_WWID_STRING(&lun->wwid));
	cxlf_cause(err, rc == -ENODEV ? "it has no block device with a running path" : "it cannot be read");
	return code == CXLF_E_PERMISSION ? cxlf_fix_root(err) : -1;
}

int cxlf_inuse_signatures(const struct cxlf_topology *topology, unsigned lun, struct cxlf_signatures *found,
			  struct cxlf_err *err)
{
	const struct cxlf_lun *of = topology->lun + lun;
	int rc = -ENODEV;

	for (unsigned i = 0; rc && i < of->n_paths; i++) {
		cxlf_signatures_free(found);
		if (runs(topology->path + of->path[i]))
			rc = read_path(topology->path + of->path[i], found);
		memcpy(found->disk, topology->path[of->path[i]].sd, sizeof(found->disk));
	}
	if (!rc)
		return 0;
	cxlf_signatures_free(found);
	return cannot_read(of, rc, err);
}
