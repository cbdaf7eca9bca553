/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users of the disks: mounts, swap and stacked devices of a generated system, mapped to the paths.
 */
#include "inuse/users.h"
#include "tree.h"
#include "unit.h"

#include <string.h>

static struct cxlf_path path[] = {{.hctl = "0:0:0:1"}, {.hctl = "0:1:0:1"}, {.hctl = "0:0:0:2"}};
static unsigned first[] = {0, 1}, second[] = {2};
static struct cxlf_lun lun[] = {{.n_paths = 2, .path = first}, {.n_paths = 1, .path = second}};
static const struct cxlf_topology topology = {.path = path, .n_paths = 3, .lun = lun, .n_luns = 2};

static void disk(const char *hctl, const char *disk_name, const char *name, const char *number)
{
	char target[200];

	snprintf(target, sizeof(target), "../../devices/pci0001:00/host0/target0:0:0/%s/block/%s%s%s", hctl, disk_name,
		 strcmp(disk_name, name) ? "/" : "", strcmp(disk_name, name) ? name : "");
	tree_link(target, "sys/class/block/%s", name);
	tree_link(target, "sys/dev/block/%s", number);
}

static void stacked(const char *name, const char *number, const char *dm_name, const char *slave)
{
	char target[100];

	snprintf(target, sizeof(target), "../../devices/virtual/block/%s", name);
	tree_link(target, "sys/class/block/%s", name);
	tree_link(target, "sys/dev/block/%s", number);
	tree_link(target + 3, "sys/block/%s", name);
	tree_dir("sys/devices/virtual/block/%s/slaves/%s", name, slave);
	if (*dm_name)
		tree_text(dm_name, "sys/devices/virtual/block/%s/dm/name", name);
}

/* Class links of stacked devices point to directories of the tree, as in sysfs. */
static void system_of(void)
{
	disk("0:0:0:1", "sda", "sda1", "8:1");
	disk("0:1:0:1", "sdb", "sdb", "8:16");
	disk("0:0:0:2", "sdc", "sdc", "8:32");
	stacked("dm-0", "253:0", "mpatha", "sda1");
	stacked("dm-1", "253:1", "vg-db", "dm-0");
	tree_dir("sys/devices/virtual/block/dm-0/holders/dm-1");
	stacked("md0", "9:0", "", "sdb");
	tree_text("1 0 253:1 / /srv/db\\040new rw - ext4 /dev/mapper/vg-db rw\n"
		  "2 0 8:32 / /mnt rw - xfs /dev/sdc rw\n"
		  "3 0 8:32 / /mnt rw - xfs /dev/sdc rw\n"
		  "4 0 0:30 / /btr rw - btrfs /dev/sdc rw\n"
		  "5 0 0:31 / /fuse rw - fuse.sshfs nowhere rw\n",
		  "proc/self/mountinfo");
	tree_text("Filename Type Size Used Priority\n/dev/sdb partition 1 0 -2\n", "proc/swaps");
}

static void texts(const struct cxlf_users *users, unsigned from, unsigned to, const char *want, const char *says)
{
	char text[200] = "";

	for (unsigned i = from; i < to; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i > from ? "," : "", users->text[i]);
	is_text(text, want, says);
}

static void whole(void)
{
	const char *root = tree_begin();
	struct cxlf_users users = {0};

	system_of();
	is(cxlf_users_find(root, &topology, &users), 0, "the search works");
	ok(users.known, "mounts were read");
	is(cxlf_users_add(&users, 1, "ctx0"), 0, "a context is added");
	is(cxlf_users_index(&users, &topology), 0, "the users are sorted");
	texts(&users, users.of_path[0], users.of_path[1], "/srv/db_new", "a mount is followed through two maps");
	texts(&users, users.of_path[1], users.of_path[2], "ctx0,md0,swap", "swap, md and a context");
	texts(&users, users.of_path[2], users.of_path[3], "/btr,/mnt", "two mounts, each once");
	texts(&users, users.of_lun[0], users.of_lun[1], "/srv/db_new,ctx0,md0,swap", "a LUN has those of all paths");
	texts(&users, users.of_lun[1], users.of_lun[2], "/btr,/mnt", "and the next LUN its own");
	cxlf_users_free(&users);
	tree_end();
}

static void nothing(void)
{
	struct cxlf_users users = {0};

	is(cxlf_users_find(tree_begin(), &topology, &users), 0, "the search in an empty tree succeeds");
	ok(!users.known, "without mounts the users are unknown");
	is(cxlf_users_index(&users, &topology), 0, "without users the index is empty");
	is(users.of_path[3], 0, "no path has a user");
	cxlf_users_free(&users);
	tree_end();
}

/* A cycle of stacked devices, which only a malicious tree has, ends the walk. */
static void cycle(void)
{
	const char *root = tree_begin();
	struct cxlf_users users = {0};

	stacked("dm-0", "253:0", "a", "dm-1");
	stacked("dm-1", "253:1", "b", "dm-0");
	is(cxlf_users_find(root, &topology, &users), 0, "a cycle of stacked devices ends");
	is(users.n, 0, "a cycle of stacked devices has no user");
	cxlf_users_free(&users);
	tree_end();
}

int main(void)
{
	whole();
	nothing();
	cycle();
	return done();
}
