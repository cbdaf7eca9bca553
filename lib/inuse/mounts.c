/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mounts of a LUN's devices, in every mount namespace that a process is in.
 *
 * A process with another root directory sees only the mounts below it, so one list is read for each pair of namespace
 * and root directory.
 */
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

/* A member of a btrfs file system that has a device of the LUN: a mount may name any member. */
struct alias {
	dev_t dev;
	unsigned device;
};

/* A mount that has an entry; it may have copies in other namespaces. */
struct seen {
	unsigned device;
	uint64_t point; /* hash */
	unsigned long id, group;
};

struct mounts {
	struct cxlf_search *search;
	struct alias *alias;
	size_t n_aliases, alias_room;
	uint64_t *view; /* namespaces and root directories, hashed */
	size_t n_views, view_room;
	struct seen *seen;
	size_t n_seen, seen_room;
	pid_t pid; /* of the process whose list is being read; 0: this process */
	unsigned n_denied;
};

#define FIRST_HASH 0xcbf29ce484222325

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
	unsigned device; /* the member that belongs to the LUN */
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
	int rc;

	snprintf(file, sizeof(file), "%.255s/dev", name);
	rc = cxlf_sysfs_read(dir, file, number, sizeof(number));
	if (rc <= 0)
		return rc == -ENOENT ? 0 : rc;
	alias = cxlf_search_grow(mounts->search, &mounts->alias, &mounts->n_aliases, &mounts->alias_room,
				 sizeof(*alias));
	if (alias)
		*alias = (struct alias){cxlf_text_devno(number), of->device};
	return 0;
}

/* sysfs lists a btrfs file system as long as it is mounted anywhere. */
static int each_btrfs(void *arg, int dir, const char *uuid)
{
	struct file_system of = {.mounts = arg, .device = CXLF_NO_DEVICE};
	char members[300];
	int rc;

	if (!strcmp(uuid, "features"))
		return 0;
	snprintf(members, sizeof(members), "%.255s/devices", uuid);
	rc = cxlf_sysfs_for_each(dir, members, each_member, &of);
	if (rc == 1)
		rc = cxlf_sysfs_for_each(dir, members, each_alias, &of);
	return rc == -ENOENT ? 0 : rc; /* unmounted meanwhile */
}

static bool has_use(const struct cxlf_search *search, unsigned device)
{
	for (size_t i = 0; i < search->uses->n; i++)
		if (search->uses->use[i].check == CXLF_CHECK_MOUNT &&
		    !strcmp(search->uses->use[i].device, search->device[device].name))
			return true;
	return false;
}

/* Add the LUN's members of mounted btrfs file systems whose mounts are in no list. */
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

/* A file system without a device number of its own, like btrfs, has the device as its source. */
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

/* False for a mount that is known, or that ends with a known one. */
static bool is_new(struct mounts *mounts, unsigned device, const struct cxlf_mount *mount)
{
	struct seen new = {device, hash(FIRST_HASH, mount->point), mount->id, mount->group}, *seen;

	for (size_t i = 0; i < mounts->n_seen; i++) {
		seen = mounts->seen + i;
		if (seen->id == mount->id)
			return false;
		if (seen->device == device && seen->point == new.point && seen->group &&
		    (seen->group == mount->group || seen->group == mount->master))
			return false;
	}
	seen = cxlf_search_grow(mounts->search, &mounts->seen, &mounts->n_seen, &mounts->seen_room, sizeof(*seen));
	if (seen)
		*seen = new;
	return seen;
}

static void add(struct mounts *mounts, unsigned device, const char *point)
{
	struct cxlf_search *search = mounts->search;
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_MOUNT, CXLF_ANSWER_USED, device);
	char text[340], buf[4 * PATH_MAX + 8];
	const char *quoted = cxlf_quote(point, buf, sizeof(buf));

	cxlf_device_text(search, device, text, sizeof(text));
	use->pid = mounts->pid;
	if (mounts->pid) {
		cxlf_search_cause(search, use, "%s is mounted on %s in the mount namespace of process %d", text, point,
				  (int)mounts->pid);
		cxlf_search_fix(search, use, "nsenter -t %d -m umount %s", (int)mounts->pid, quoted);
	} else {
		cxlf_search_cause(search, use, "%s is mounted on %s", text, point);
		cxlf_search_fix(search, use, "umount %s", quoted);
	}
}

static void each_mount(void *arg, char *line)
{
	struct mounts *mounts = arg;
	struct cxlf_mount mount;
	unsigned device;

	if (!cxlf_mountinfo_parse(line, &mount) || cxlf_mount_is_fuse(&mount))
		return;
	device = device_of(mounts, &mount);
	if (device != CXLF_NO_DEVICE && is_new(mounts, device, &mount))
		add(mounts, device, mount.point);
}

/* ---- all lists ---- */

static bool read_link(int dir, const char *name, char *text, size_t size)
{
	ssize_t len = readlinkat(dir, name, text, size - 1);

	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* 1: a new pair of namespace and root directory; 0: its list has been read; or -errno. */
static int view_of(struct mounts *mounts, int dir)
{
	char name[64], root[PATH_MAX];
	uint64_t view, *grown;

	if (!read_link(dir, "ns/mnt", name, sizeof(name)) || !read_link(dir, "root", root, sizeof(root)))
		return -errno;
	view = hash(hash(FIRST_HASH, name), root);
	for (size_t i = 0; i < mounts->n_views; i++)
		if (mounts->view[i] == view)
			return 0;
	if (mounts->n_views >= MAX_NAMESPACES)
		return -EOVERFLOW;
	grown = cxlf_search_grow(mounts->search, &mounts->view, &mounts->n_views, &mounts->view_room, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*grown = view;
	return 1;
}

static bool has_ended(int rc)
{
	return rc == -ENOENT || rc == -ESRCH || rc == -EINVAL; /* EINVAL: mountinfo of an exiting process */
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
	if (rc == 1) {
		rc = cxlf_mountinfo_each(dir, "mountinfo", each_mount, mounts);
		mounts->n_views -= rc < 0; /* another process may have the same list */
	}
	mounts->n_denied += rc == -EACCES || rc == -EPERM;
	if (rc >= 0 || has_ended(rc) || rc == -EACCES || rc == -EPERM)
		return 0;
	return rc;
}

/* A mount can be below an earlier one, so the last one is unmounted first. */
static void reverse(struct cxlf_use *use, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct cxlf_use other = use[i];

		use[i] = use[n - 1 - i];
		use[n - 1 - i] = other;
	}
}

static void find(struct mounts *mounts)
{
	struct cxlf_search *search = mounts->search;
	size_t first = search->uses->n;
	scoped_fd int self = cxlf_sysfs_opendir(search->proc, "self");
	int rc = self < 0 ? self : cxlf_mountinfo_each(self, "mountinfo", each_mount, mounts);

	if (rc)
		cxlf_search_blind(search, CXLF_CHECK_MOUNT, rc, "the list of mounts cannot be read");
	if (self >= 0)
		view_of(mounts, self);
	rc = cxlf_sysfs_for_each(search->proc, ".", each_process, mounts);
	if (rc)
		cxlf_search_blind(search, CXLF_CHECK_MOUNT, rc, "the mounts of other mount namespaces cannot be read");
	else
		cxlf_search_hidden(search, CXLF_CHECK_MOUNT, mounts->n_denied ? -EACCES : 0,
				   "mounts of other mount namespaces");
	if (search->uses->n > first)
		reverse(search->uses->use + first, search->uses->n - first);
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
