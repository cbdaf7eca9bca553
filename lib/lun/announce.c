/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling udev that the mode of a path has changed: the driver sends no uevent, and the rules of this package
 * (59-cxlflash-superpipe.rules) keep other users off a LUN only when they are run.
 */
#include "announce.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct event {
	const char *disk, *action;
};

static int trigger(int dir, const char *file, const char *action)
{
	scoped_fd int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, action, strlen(action)) < 0 ? -errno : 0;
}

static int each_partition(void *arg, int dir, const char *name)
{
	const struct event *event = arg;
	char file[300];
	int rc;

	if (strncmp(name, event->disk, strlen(event->disk)) != 0)
		return 0;
	snprintf(file, sizeof(file), "%.255s/uevent", name);
	rc = trigger(dir, file, event->action);
	return rc == -ENOENT ? 0 : rc; /* removed meanwhile */
}

int cxlf_path_announce(const struct cxlf_path *path, enum cxlf_mode mode)
{
	/* LVM and multipathd take a disk that they do not use only with "add" */
	struct event event = {path->sd, mode == CXLF_MODE_SUPERPIPE ? "change" : "add"};
	char dir[64], file[80];
	int rc;

	if (!*path->sd)
		return 0;
	snprintf(dir, sizeof(dir), "/sys/class/block/%s", path->sd);
	snprintf(file, sizeof(file), "%s/uevent", dir);
	rc = trigger(AT_FDCWD, file, event.action);
	return rc ? rc : cxlf_sysfs_for_each(AT_FDCWD, dir, each_partition, &event);
}
