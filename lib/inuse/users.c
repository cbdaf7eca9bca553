/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses the disks of all LUNs, from mountinfo, swaps and sysfs: for listings.
 */
#include "users.h"
#include "array.h"
#include "mountinfo.h"
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

#define MAX_DEPTH 8	 /* of devices on devices */
#define MAX_STEPS 100000 /* links followed in all: a hostile tree can branch without limit */

struct search {
	int root;
	bool saved;
	const struct cxlf_topology *topology;
	struct cxlf_users *users;
	char (*used)[32]; /* stacked devices that are mounted or swap: their names are not listed */
	size_t n_used, room;
	unsigned n_steps;
	int rc;
};

/* The device being followed downwards, and the use of the topmost device. */
struct stack {
	struct search *search;
	const char *text;
	unsigned depth;
};

int cxlf_users_add(struct cxlf_users *users, unsigned path, const char *text)
{
	struct cxlf_user *grown = cxlf_array_grow(users->user, &users->room, users->n, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	users->user = grown;
	grown += users->n++;
	grown->path = path;
	snprintf(grown->text, sizeof(grown->text), "%s", text);
	cxlf_text_sanitise(grown->text);
	for (char *c = grown->text; *c; c++)
		*c = *c == ' ' ? '_' : *c;
	return 0;
}

/* ".../host0/target0:0:0/0:0:0:1/block/sda/sda1" is on path 0:0:0:1. */
static unsigned path_of_link(const struct cxlf_topology *topology, const char *link)
{
	const char *end = strstr(link, "/block/"), *begin = end;

	while (begin && begin > link && begin[-1] != '/')
		begin--;
	for (unsigned i = 0; begin && i < topology->n_paths; i++)
		if (!strncmp(topology->path[i].hctl, begin, (size_t)(end - begin)) &&
		    !topology->path[i].hctl[end - begin])
			return i;
	return UINT_MAX;
}

static bool read_link(const struct search *search, const char *directory, const char *name, char *link, size_t size)
{
	char file[320];
	ssize_t len;

	snprintf(file, sizeof(file), "%s/%.255s", directory, name);
	len = readlinkat(search->root, file, link, size - 1);
	link[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static void follow(const struct stack *stack, const char *link);

static int each_slave(void *arg, int dir, const char *name)
{
	const struct stack *stack = arg;
	char link[512];

	(void)dir;
	if (stack->search->n_steps++ >= MAX_STEPS)
		return 1;
	if (read_link(stack->search, "sys/class/block", name, link, sizeof(link)))
		follow(&(struct stack){stack->search, stack->text, stack->depth + 1}, link);
	return 0;
}

static void remember(struct search *search, const char *name)
{
	void *grown = cxlf_array_grow(search->used, &search->room, search->n_used, sizeof(*search->used));

	if (!grown) {
		search->rc = -ENOMEM;
		return;
	}
	search->used = grown;
	snprintf(search->used[search->n_used++], sizeof(*search->used), "%.31s", name);
}

/* `link` leads to the block device in sysfs. */
static void follow(const struct stack *stack, const char *link)
{
	struct search *search = stack->search;
	unsigned path = path_of_link(search->topology, link);
	const char *name = strrchr(link, '/');
	char slaves[320];

	if (path < search->topology->n_paths) {
		search->rc |= cxlf_users_add(search->users, path, stack->text);
	} else if (name && stack->depth < MAX_DEPTH) {
		if (!stack->depth)
			remember(search, name + 1);
		snprintf(slaves, sizeof(slaves), "sys/class/block/%.255s/slaves", name + 1);
		cxlf_sysfs_for_each(search->root, slaves, each_slave, (void *)stack);
	}
}

static void follow_device(struct search *search, const char *directory, const char *name, const char *text)
{
	char link[512];

	if (read_link(search, directory, name, link, sizeof(link)))
		follow(&(struct stack){search, text, 0}, link);
}

static void follow_number(struct search *search, dev_t dev, const char *text)
{
	char name[32];

	snprintf(name, sizeof(name), "%u:%u", major(dev), minor(dev));
	follow_device(search, "sys/dev/block", name, text);
}

/* The node may be a link. A saved tree has no nodes, so there the last component is the name. */
static void follow_node(struct search *search, const char *node, const char *text)
{
	struct stat st;

	if (strncmp(node, "/dev/", 5))
		return;
	if (search->saved)
		follow_device(search, "sys/class/block", strrchr(node, '/') + 1, text);
	else if (!stat(node, &st) && S_ISBLK(st.st_mode))
		follow_number(search, st.st_rdev, text);
}

static void each_mount(void *arg, char *line)
{
	struct cxlf_mount mount;

	if (!cxlf_mountinfo_parse(line, &mount) || cxlf_mount_is_fuse(&mount))
		return;
	if (major(mount.dev))
		follow_number(arg, mount.dev, mount.point);
	else /* btrfs and others have numbers of their own; their source is the device */
		follow_node(arg, mount.source, mount.point);
}

static void each_swap(void *arg, char *line)
{
	follow_node(arg, cxlf_mountinfo_word(line), "swap");
}

static int has_entry(void *arg, int dir, const char *name)
{
	(void)arg, (void)dir, (void)name;
	return 1;
}

/* A device without slaves is a disk; one with holders is not the top. */
static int each_block(void *arg, int dir, const char *name)
{
	struct search *search = arg;
	struct stack stack = {.search = search, .depth = 1};
	char file[320], text[128];

	if (!strncmp(name, "sd", 2) || strlen(name) > 200)
		return 0;
	for (size_t i = 0; i < search->n_used; i++)
		if (!strcmp(search->used[i], name))
			return 0;
	snprintf(file, sizeof(file), "%s/holders", name);
	if (cxlf_sysfs_for_each(dir, file, has_entry, NULL) == 1)
		return 0;
	snprintf(file, sizeof(file), "%s/dm/name", name);
	if (cxlf_sysfs_read(dir, file, text, sizeof(text)) <= 0)
		snprintf(text, sizeof(text), "%.120s", name);
	stack.text = text;
	snprintf(file, sizeof(file), "%s/slaves", name);
	cxlf_sysfs_for_each(dir, file, each_slave, &stack);
	return 0;
}

int cxlf_users_find(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_users *users)
{
	scoped_fd int root = cxlf_sysfs_opendir(AT_FDCWD, *sysroot ? sysroot : "/");
	struct search search = {.root = root, .saved = *sysroot, .topology = topology, .users = users};

	if (root < 0)
		return root;
	users->known = !cxlf_mountinfo_each(root, "proc/self/mountinfo", each_mount, &search);
	cxlf_mountinfo_each(root, "proc/swaps", each_swap, &search);
	cxlf_sysfs_for_each(root, "sys/block", each_block, &search);
	free(search.used);
	return search.rc ? -ENOMEM : 0;
}

static int by_path(const void *a, const void *b)
{
	const struct cxlf_user *one = a, *two = b;

	return one->path != two->path ? (one->path < two->path ? -1 : 1) : strcmp(one->text, two->text);
}

/* Append the texts of one path that are not among those from `first` on. */
static unsigned append(const struct cxlf_users *users, unsigned path, size_t *at, unsigned first, unsigned n)
{
	for (; *at < users->n && users->user[*at].path == path; (*at)++) {
		const char *text = users->user[*at].text;
		unsigned i = first;

		while (i < n && strcmp(users->text[i], text) != 0)
			i++;
		if (i == n)
			users->text[n++] = text;
	}
	return n;
}

static size_t first_of(const struct cxlf_users *users, unsigned path)
{
	size_t low = 0, high = users->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (users->user[middle].path < path)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int cxlf_users_index(struct cxlf_users *users, const struct cxlf_topology *topology)
{
	unsigned n = 0;
	size_t at = 0;

	users->text = calloc(2 * users->n + 1, sizeof(*users->text));
	users->of_path = calloc(topology->n_paths + 1, sizeof(*users->of_path));
	users->of_lun = calloc(topology->n_luns + 1, sizeof(*users->of_lun));
	if (!users->text || !users->of_path || !users->of_lun)
		return -ENOMEM;
	if (users->n)
		qsort(users->user, users->n, sizeof(*users->user), by_path);
	for (unsigned i = 0; i < topology->n_paths; i++) {
		users->of_path[i] = n;
		n = append(users, i, &at, n, n);
	}
	users->of_path[topology->n_paths] = n;
	for (unsigned i = 0; i < topology->n_luns; i++) {
		users->of_lun[i] = n;
		for (unsigned k = 0; users->n && k < topology->lun[i].n_paths; k++) {
			at = first_of(users, topology->lun[i].path[k]);
			n = append(users, topology->lun[i].path[k], &at, users->of_lun[i], n);
		}
	}
	users->of_lun[topology->n_luns] = n;
	return 0;
}

void cxlf_users_free(struct cxlf_users *users)
{
	free(users->user);
	free(users->text);
	free(users->of_path);
	free(users->of_lun);
	*users = (struct cxlf_users){0};
}
