/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users of a LUN: lines of mountinfo, processes, and the messages about them.
 */
#include "inuse/inuse.h"
#include "sysfs.h"
#include "tree.h"
#include "unit.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void mount_line(const char *line, bool good, unsigned major_no, unsigned minor_no, const char *point,
		       const char *source)
{
	char got_point[64] = "", got_source[64] = "";
	dev_t dev = 0;

	is(cxlf_mountinfo_line(line, &dev, got_point, sizeof(got_point), got_source, sizeof(got_source)), good, line);
	if (!good)
		return;
	ok(dev == makedev(major_no, minor_no), "the device number");
	is_text(got_point, point, "the mount point");
	is_text(got_source, source, "the source");
}

static void mounts(void)
{
	mount_line("36 35 8:1 / /srv/db rw,noatime shared:1 - ext4 /dev/sda1 rw\n", true, 8, 1, "/srv/db", "/dev/sda1");
	mount_line("36 35 8:0 / /a\\040b\\134c rw - xfs /dev/sda rw", true, 8, 0, "/a b\\c", "/dev/sda");
	mount_line("36 35 0:40 / /b rw shared:1 master:2 - btrfs /dev/sdb rw", true, 0, 40, "/b", "/dev/sdb");
	mount_line("36 35 8:0 /", false, 0, 0, "", "");
	mount_line("36 35 8:0 / /x", true, 8, 0, "/x", "");
	mount_line("", false, 0, 0, "", "");
	mount_line("36 35 nonsense / /x rw - a b c", false, 0, 0, "", "");
	mount_line("36 35 123456789012345678901234567890:0 / /x rw - a b c", false, 0, 0, "", "");
}

static struct cxlf_path path[2] = {{.sd = "sda", .sg = "sg0"}, {.sd = "sdb", .sg = "sg1"}};
static unsigned paths[] = {0, 1};
static struct cxlf_lun lun = {.n_paths = 2, .path = paths};
static const struct cxlf_topology topology = {.path = path, .n_paths = 2, .lun = &lun, .n_luns = 1};

static void processes(void)
{
	const char *root = tree_begin();
	struct cxlf_processes found;
	char text[100], dir[200];

	tree_text("capidb\x1b", "proc/4711/comm");
	tree_link("/cxl:3 (deleted)", "proc/4711/fd/5");
	tree_link("/dev/sg1", "proc/4711/fd/4");
	tree_text("other", "proc/4712/comm");
	tree_link("/cxl:4 (deleted)", "proc/4712/fd/5");
	tree_link("/dev/sdab", "proc/4712/fd/6");
	tree_text("fio", "proc/4713/comm");
	tree_link("/dev/sda1", "proc/4713/fd/6");
	tree_link("/dev/null", "proc/4714/fd/0");
	tree_dir("proc/1/fd");
	tree_link("nowhere", "proc/self");
	snprintf(dir, sizeof(dir), "%s/proc", root);

	int proc = open(dir, O_RDONLY | O_DIRECTORY);

	is(cxlf_inuse_processes(proc, &topology, 0, &found), 0, "the search succeeds");
	close(proc);
	is(found.n, 3, "three processes are found");
	is(found.n_contexts, 2, "two processes have a context");
	is(found.n_suspects, 1, "one of them also has the LUN open");
	ok(found.complete, "all processes could be examined");
	cxlf_inuse_processes_text(&found, true, text, sizeof(text));
	is_text(text, "4711 (capidb?)", "the name of the process is filtered");
	tree_end();
}

static void words(void)
{
	struct cxlf_use use = {.kind = CXLF_USE_MOUNT, .device = "sda1", .by = "/srv/db"};
	char text[200];

	cxlf_use_cause(&use, text, sizeof(text));
	is_text(text, "/dev/sda1 is mounted on /srv/db", "the message about a mount");
	cxlf_use_fix(&use, text, sizeof(text));
	is_text(text, "umount /srv/db, then retry", "the fix is a command");
	use = (struct cxlf_use){.kind = CXLF_USE_MOUNT, .device = "sda1", .by = "/srv/my db"};
	cxlf_use_fix(&use, text, sizeof(text));
	is_text(text, "umount '/srv/my db', then retry", "the fix is quoted for the shell");
	use = (struct cxlf_use){.kind = CXLF_USE_HOLDER, .device = "sda", .by = "dm-0 (mpatha)", .multipath = true};
	cxlf_use_cause(&use, text, sizeof(text));
	is_text(text, "the multipath map dm-0 (mpatha) is built on /dev/sda", "the message about a multipath map");
	cxlf_use_fix(&use, text, sizeof(text));
	ok(!strncmp(text, "multipath -f mpatha", 19), "the fix is a command");
}

static void free_disk(void)
{
	struct cxlf_uses uses;

	snprintf(path[0].sd, sizeof(path[0].sd), "none1");
	snprintf(path[1].sd, sizeof(path[1].sd), "none2");
	is(cxlf_inuse_disk(&topology, 0, ~0u, true, &uses), 0, "the search works without the disks");
	is(uses.n, 0, "missing disks have no users");
}

int main(void)
{
	mounts();
	processes();
	words();
	free_disk();
	return done();
}
