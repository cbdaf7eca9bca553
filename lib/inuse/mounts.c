/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts of a LUN's devices, in every mount namespace that a process is in.
 *
 * A process that was moved to another root directory sees the mounts below it only, so the lists that are read are
 * those of each namespace and root directory.
 */
#include "array.h"
#include "mountinfo.h"
#include "quote.h"
#include "scope.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define MAX_NAMESPACES 65536

/* A device of another disk in the same btrfs file system as one of the LUN's: mounts may name either. */
struct alias {
	dev_t dev;
	unsigned device;
};

/* A mount that was found: the same one in many namespaces is one use. */
struct seen {
	unsigned device;
	uint64_t point; /* hash */
};

struct mounts {
	struct cxlf_search *search;
	struct alias *alias;
	size_t n_aliases, alias_room;
	uint64_t *view; /* namespaces and root directories, hashed */
	size_t n_views, view_room;
	struct seen *seen;
	size_t n_seen, seen_room;
	pid_t pid; /* whose list is being read; 0: our own */
	unsigned n_denied;
};

/* FNV-1a */
static uint64_t hash(uint64_t from, const char *text)
{
	for (; *text; text++)
		from = (from ^ (unsigned char)*text) * 0x100000001b3;
	return from;
}

/* ---- btrfs ---- */

struct file_system {
	struct mounts *mounts;
	unsigned device; /* the LUN's in it */
};

static int each_member(void *arg, int dir, const char *name)
{
	struct file_system *of = arg;

	(void)dir;
	of->device = cxlf_stack_find_name(of->mounts->search, name);
	return of->device != CXLF_NO_DEVICE;
}

static int each_alias(void *arg, int dir, const char *name)
{
	struct file_system *of = arg;
	struct mounts *mounts = of->mounts;
	char file[300], number[24];
	struct alias *alias;

	snprintf(file, sizeof(file), "%.255s/dev", name);
	if (cxlf_sysfs_read(dir, file, number, sizeof(number)) <= 0)
		return 0;
	alias = cxlf_array_grow(mounts->alias, &mounts->alias_room, mounts->n_aliases, sizeof(*alias));
	mounts->search->no_memory |= !alias;
	if (!alias)
		return 1;
	mounts->alias = alias;
	alias[mounts->n_aliases++] = (struct alias){cxlf_text_devno(number), of->device};
	return 0;
}

/* sysfs has a file system for as long as it is mounted anywhere. */
static int each_btrfs(void *arg, int dir, const char *uuid)
{
	struct file_system of = {.mounts = arg, .device = CXLF_NO_DEVICE};
	char members[300];

	if (!strcmp(uuid, "features"))
		return 0;
	snprintf(members, sizeof(members), "%.255s/devices", uuid);
	if (cxlf_sysfs_for_each(dir, members, each_member, &of) != 1)
		return 0;
	cxlf_sysfs_for_each(dir, members, each_alias, &of);
	return 0;
}

static bool has_use(const struct cxlf_search *search, unsigned device)
{
	for (size_t i = 0; i < search->uses->n; i++)
		if (search->uses->use[i].check == CXLF_CHECK_MOUNT &&
		    !strcmp(search->uses->use[i].device, search->device[device].name))
			return true;
	return false;
}

/* Those of the LUN's devices whose mounts were in no list. */
static void add_unlisted(struct cxlf_search *search, const struct mounts *mounts)
{
	char text[340];

	for (size_t i = 0; i < mounts->n_aliases; i++) {
		unsigned device = mounts->alias[i].device;

		if (mounts->alias[i].dev == search->device[device].dev && !has_use(search, device))
			cxlf_search_cause(search, cxlf_search_add(search, CXLF_CHECK_MOUNT, CXLF_ANSWER_USED, device),
					  "%s belongs to a btrfs file system that is mounted",
					  cxlf_device_text(search, device, text, sizeof(text)));
	}
}

/* ---- one list ---- */

/* Both know the device by its number; files systems without one name it as their source. */
static unsigned device_of(const struct mounts *mounts, const struct cxlf_mount *mount)
{
	unsigned device = cxlf_stack_find(mounts->search, mount->dev);
	struct stat st;
	int rc;

	if (device != CXLF_NO_DEVICE || major(mount->dev) || strncmp(mount->source, "/dev/", 5) != 0)
		return device;
	device = cxlf_stack_find_node(mounts->search, mount->source, &rc);
	if (device != CXLF_NO_DEVICE || *mounts->search->query->root || stat(mount->source, &st))
		return device;
	for (size_t i = 0; i < mounts->n_aliases; i++)
		if (mounts->alias[i].dev == st.st_rdev)
			return mounts->alias[i].device;
	return CXLF_NO_DEVICE;
}

static bool is_new(struct mounts *mounts, unsigned device, const char *point)
{
	struct seen new = {device, hash(0xcbf29ce484222325, point)}, *seen;

	for (size_t i = 0; i < mounts->n_seen; i++)
		if (mounts->seen[i].device == new.device && mounts->seen[i].point == new.point)
			return false;
	seen = cxlf_array_grow(mounts->seen, &mounts->seen_room, mounts->n_seen, sizeof(*seen));
	mounts->search->no_memory |= !seen;
	if (!seen)
		return false;
	mounts->seen = seen;
	seen[mounts->n_seen++] = new;
	return true;
}

static void add(struct mounts *mounts, unsigned device, const char *point)
{
	struct cxlf_search *search = mounts->search;
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_MOUNT, CXLF_ANSWER_USED, device);
	char text[340], quoted[4 * PATH_MAX + 8];

	cxlf_device_text(search, device, text, sizeof(text));
	if (!use)
		return;
	use->pid = mounts->pid;
	if (mounts->pid) {
		cxlf_search_cause(search, use, "%s is mounted on %s in the mount namespace of process %d", text, point,
				  (int)mounts->pid);
		cxlf_search_fix(search, use, "nsenter -t %d -m umount %s", (int)mounts->pid,
				cxlf_quote(point, quoted, sizeof(quoted)));
	} else {
		cxlf_search_cause(search, use, "%s is mounted on %s", text, point);
		cxlf_search_fix(search, use, "umount %s", cxlf_quote(point, quoted, sizeof(quoted)));
	}
}

/* `dir` is of the process, in /proc. */
static int read_list(struct mounts *mounts, int dir)
{
	int fd = openat(dir, "mountinfo", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	scoped_file FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	scoped_free char *line = NULL;
	size_t room = 0;

	if (!file) {
		int rc = -errno;

		if (fd >= 0)
			close(fd);
		return rc;
	}
	errno = 0;
	while (getline(&line, &room, file) > 0) {
		struct cxlf_mount mount;
		unsigned device;

		if (!cxlf_mountinfo_parse(line, &mount) || cxlf_mount_is_fuse(&mount))
			continue;
		device = device_of(mounts, &mount);
		if (device != CXLF_NO_DEVICE && is_new(mounts, device, mount.point))
			add(mounts, device, mount.point);
	}
	return ferror(file) ? -EIO : 0;
}

/* ---- all lists ---- */

static bool read_link(int dir, const char *name, char *text, size_t size)
{
	ssize_t len = readlinkat(dir, name, text, size - 1);

	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* 1: new; 0: known; -errno: cannot be told. */
static int view_of(struct mounts *mounts, int dir)
{
	char name[64], root[PATH_MAX];
	uint64_t view, *grown;

	if (!read_link(dir, "ns/mnt", name, sizeof(name)) || !read_link(dir, "root", root, sizeof(root)))
		return -errno;
	view = hash(hash(0xcbf29ce484222325, name), root);
	for (size_t i = 0; i < mounts->n_views; i++)
		if (mounts->view[i] == view)
			return 0;
	if (mounts->n_views >= MAX_NAMESPACES)
		return -EOVERFLOW;
	grown = cxlf_array_grow(mounts->view, &mounts->view_room, mounts->n_views, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	mounts->view = grown;
	grown[mounts->n_views++] = view;
	return 1;
}

static bool has_ended(int rc)
{
	return rc == -ENOENT || rc == -ESRCH || rc == -EINVAL; /* EINVAL: a list of a process that is about to go */
}

static int each_process(void *arg, int proc, const char *name)
{
	struct mounts *mounts = arg;
	uint64_t pid;
	int rc;

	if (!cxlf_text_u64(name, 10, &pid) || pid > INT_MAX)
		return 0;

	scoped_fd int dir = cxlf_sysfs_opendir(proc, name);

	rc = dir < 0 ? dir : view_of(mounts, dir);
	mounts->pid = (pid_t)pid;
	if (rc == 1)
		rc = read_list(mounts, dir);
	mounts->n_denied += rc == -EACCES || rc == -EPERM;
	if (rc >= 0 || has_ended(rc) || rc == -EACCES || rc == -EPERM)
		return 0;
	return rc;
}

static void find(struct mounts *mounts)
{
	struct cxlf_search *search = mounts->search;
	scoped_fd int self = cxlf_sysfs_opendir(search->proc, "self");
	int rc = self < 0 ? self : read_list(mounts, self);

	if (rc)
		cxlf_search_blind(search, CXLF_CHECK_MOUNT, rc, "the list of mounts cannot be read");
	if (self >= 0)
		view_of(mounts, self);
	rc = cxlf_sysfs_for_each(search->proc, ".", each_process, mounts);
	if (rc)
		cxlf_search_blind(search, CXLF_CHECK_MOUNT, rc, "the mounts of other mount namespaces cannot be read");
	else
		cxlf_search_hidden(search, CXLF_CHECK_MOUNT, !mounts->n_denied, "mounts of other mount namespaces");
	add_unlisted(search, mounts);
}

void cxlf_find_mounts(struct cxlf_search *search)
{
	struct mounts mounts = {.search = search};
	int rc = cxlf_sysfs_for_each(search->root, "sys/fs/btrfs", each_btrfs, &mounts);

	if (rc && rc != -ENOENT)
		cxlf_search_blind(search, CXLF_CHECK_MOUNT, rc, "the mounted btrfs file systems cannot be listed");
	find(&mounts);
	free(mounts.alias);
	free(mounts.view);
	free(mounts.seen);
}
