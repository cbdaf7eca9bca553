/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses a LUN: every check on a made-up system, with each of its three answers.
 */
#include "inuse/fdinfo.h"
#include "inuse/inuse.h"
#include "inuse/mountinfo.h"
#include "tree.h"
#include "unit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct cxlf_adapter adapter[2] = {{.name = "cxlflash0", .n_ports = 2, .port = {[1] = {.number = 1}}},
					 {.name = "cxlflash1"}};
static struct cxlf_path path[] = {{.hctl = "0:0:0:1", .sd = "sda", .sg = "sg0", .lun = 1},
				  {.hctl = "0:1:0:1", .sd = "sdb", .sg = "sg1", .lun = 1, .port = 1},
				  {.hctl = "1:0:0:2", .sd = "sdc", .sg = "sg2", .adapter = 1, .lun_index = 1}};
static unsigned first[] = {0, 1}, second[] = {2};
static struct cxlf_lun lun[] = {{.n_paths = 2, .path = first}, {.n_paths = 1, .path = second}};
static const struct cxlf_topology topology = {
	.adapter = adapter, .n_adapters = 2, .path = path, .n_paths = 3, .lun = lun, .n_luns = 2};

/* openat(2) of the library's: fails with this errno for nodes of this name. */
static const char *refused_node;
static int refused_errno;

int openat(int dir, const char *name, int flags, ...)
{
	int (*real)(int, const char *, int, ...);
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (refused_node && !strcmp(name, refused_node)) {
		errno = refused_errno;
		return -1;
	}
	*(void **)&real = dlsym(RTLD_NEXT, "openat");
	return real(dir, name, flags, mode);
}

/* ---- the system ---- */

static const char *root;

static void block(const char *name, const char *number)
{
	tree_text(number, "sys/class/block/%s/dev", name);
	tree_dir("sys/class/block/%s/holders", name);
}

static void disk(const char *name, const char *number, const char *hctl)
{
	block(name, number);
	tree_text("", "dev/%s", name);
	tree_text("running\n", "sys/class/scsi_device/%s/device/state", hctl);
}

static void partition(const char *of, const char *name, const char *number)
{
	block(name, number);
	tree_text("1\n", "sys/class/block/%s/partition", name);
	tree_text("1\n", "sys/class/block/%s/%s/partition", of, name);
	tree_text("", "dev/%s", name);
}

/* `upper` is built on `lower`. */
static void stacked(const char *lower, const char *upper, const char *number, const char *dm_name, const char *uuid)
{
	block(upper, number);
	tree_dir("sys/class/block/%s/holders/%s", lower, upper);
	if (!dm_name)
		return;
	tree_text(dm_name, "sys/class/block/%s/dm/name", upper);
	tree_text(uuid, "sys/class/block/%s/dm/uuid", upper);
}

static void process(unsigned pid, const char *comm)
{
	tree_text(comm, "proc/%u/comm", pid);
	tree_text("Name:\tx\nUid:\t0\t4242\t0\t0\n", "proc/%u/status", pid);
	tree_dir("proc/%u/fd", pid);
	tree_link("mnt:[1]", "proc/%u/ns/mnt", pid);
	tree_link("/", "proc/%u/root", pid);
	tree_text("", "proc/%u/mountinfo", pid);
}

static void file(unsigned pid, unsigned fd, const char *target, const char *flags)
{
	char text[60];

	snprintf(text, sizeof(text), "pos:\t0\nflags:\t%s\nmnt_id:\t1\n", flags);
	tree_link(target, "proc/%u/fd/%u", pid, fd);
	tree_text(text, "proc/%u/fdinfo/%u", pid, fd);
}

/* A LUN with two paths, a partition on each, and a process that does nothing. */
static void system_of(void)
{
	root = tree_begin();
	disk("sda", "8:0", "0:0:0:1");
	partition("sda", "sda1", "8:1");
	disk("sdb", "8:16", "0:1:0:1");
	partition("sdb", "sdb1", "8:17");
	disk("sdc", "8:32", "1:0:0:2");
	tree_dir("sys/block");
	process(1, "init");
	tree_link("1", "proc/self");
	tree_text("", "proc/swaps");
	tree_text("nodev proc\n", "proc/filesystems");
	tree_text("21:0\n", "sys/class/scsi_device/0:0:0:1/device/scsi_generic/sg0/dev");
	tree_text("21:1\n", "sys/class/scsi_device/0:1:0:1/device/scsi_generic/sg1/dev");
	refused_node = NULL;
	path[0].sg_dev = 0;
}

static struct cxlf_uses uses;

static void find(unsigned checks)
{
	static const pid_t ours[] = {77};
	struct cxlf_inuse_query query = {
		.root = root, .topology = &topology, .checks = checks, .probe = true, .ours = ours, .n_ours = 1};
	struct cxlf_err err;

	cxlf_uses_free(&uses);
	if (!ok(!cxlf_inuse_find(&query, &uses, &err), "the search works"))
		printf("# %s\n", err.message);
}

static void has(size_t i, enum cxlf_answer answer, const char *cause, const char *fix)
{
	if (!ok(i < uses.n, "there is an entry"))
		return;
	is(uses.use[i].answer, answer, "with this answer");
	is_text(uses.use[i].cause, cause, "this cause");
	if (fix)
		is_text(uses.use[i].fix, fix, "and this fix");
	else
		ok(!uses.use[i].fix, "and no fix");
}

static void end(void)
{
	cxlf_uses_free(&uses);
	tree_end();
}

/* ---- each check ---- */

static void nothing(void)
{
	system_of();
	find(CXLF_CHECKS_ALL & ~CXLF_CHECK_BIT(RESERVATION));
	is(uses.n, 0, "an unused LUN has no entry");
	ok(!cxlf_uses_refusal(&uses, 0), "and nothing refuses");
	end();
}

static void mounts(void)
{
	system_of();
	tree_text("1 0 8:32 / /other rw - ext4 /dev/sdc rw\n"
		  "2 0 8:17 / /srv/my\\040db rw shared:1 - ext4 /dev/sdb1 rw\n"
		  "3 0 0:50 / /btr rw - btrfs /dev/sda rw\n"
		  "4 0 0:51 / /fuse rw - fuse.sda /dev/sda rw\n",
		  "proc/1/mountinfo");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 2, "two mounts, and FUSE is none");
	has(0, CXLF_ANSWER_USED, "/dev/sda is mounted on /btr", "umount /btr"); /* the last one first */
	has(1, CXLF_ANSWER_USED, "/dev/sdb1 is mounted on /srv/my db", "umount '/srv/my db'");
	is(uses.use[1].path, 1, "the path is that of the disk");
	end();
}

static void mounts_elsewhere(void)
{
	system_of();
	process(20, "chrooted");
	tree_remove("proc/20/root");
	tree_link("/jail", "proc/20/root");
	tree_text("2 0 8:1 / /in/jail rw - ext4 x rw\n", "proc/20/mountinfo");
	process(21, "container");
	tree_remove("proc/21/ns/mnt");
	tree_link("mnt:[2]", "proc/21/ns/mnt");
	tree_text("3 0 8:0 / /it's rw master:7 - fuseblk x rw\n", "proc/21/mountinfo");
	process(22, "same");
	tree_text("4 0 8:0 / /not/read rw - ext4 x rw\n", "proc/22/mountinfo");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 2, "each namespace and root directory is read once");

	unsigned jail = uses.use[0].pid == 20 ? 0 : 1;

	has(jail, CXLF_ANSWER_USED, "/dev/sda1 is mounted on /in/jail in the mount namespace of process 20",
	    "nsenter -t 20 -m umount /in/jail");
	has(1 - jail, CXLF_ANSWER_USED, "/dev/sda is mounted on /it's in the mount namespace of process 21",
	    "nsenter -t 21 -m umount '/it'\\''s'");
	end();
}

static void btrfs(void)
{
	system_of();
	tree_text("8:0\n", "sys/fs/btrfs/uuid1/devices/sda/dev");
	tree_text("8:32\n", "sys/fs/btrfs/uuid1/devices/sdc/dev");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 1, "a btrfs of several devices is found without its mount");
	has(0, CXLF_ANSWER_USED, "/dev/sda belongs to a btrfs file system that is mounted", NULL);
	refused_errno = EMFILE;
	refused_node = "uuid1/devices";
	find(CXLF_CHECK_BIT(MOUNT));
	has(0, CXLF_ANSWER_NOT_ASKED, "the mounted btrfs file systems cannot be listed", NULL);
	refused_node = "sda/dev";
	find(CXLF_CHECK_BIT(MOUNT));
	has(0, CXLF_ANSWER_NOT_ASKED, "the mounted btrfs file systems cannot be listed", NULL);
	end();
}

/* A process that ends while its list is being read does not count for the others of its namespace. */
static void mounts_of_an_ending_process(void)
{
	system_of();
	for (unsigned pid = 20; pid < 30; pid++) {
		process(pid, "ending");
		tree_remove("proc/%u/ns/mnt", pid);
		tree_link("mnt:[2]", "proc/%u/ns/mnt", pid);
		if (pid != 25)
			tree_remove("proc/%u/mountinfo", pid);
	}
	tree_text("2 0 8:0 / /srv rw - ext4 x rw\n", "proc/25/mountinfo");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 1, "the list of another process of the namespace is read");
	has(0, CXLF_ANSWER_USED, "/dev/sda is mounted on /srv in the mount namespace of process 25",
	    "nsenter -t 25 -m umount /srv");
	end();
}

static void mounts_blind(void)
{
	system_of();
	refused_node = "mountinfo";
	refused_errno = EMFILE;
	find(CXLF_CHECK_BIT(MOUNT));
	has(0, CXLF_ANSWER_NOT_ASKED, "the list of mounts cannot be read", NULL);
	is(uses.use[0].sys, EMFILE, "with the reason");
	refused_node = "20";
	refused_errno = EACCES;
	process(20, "hidden");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 1, "a process that may not be looked at");
	is(uses.use[0].sys, EACCES, "is a missing right");
	refused_node = NULL;
	tree_link("pid:[4026532000]", "proc/1/ns/pid");
	find(CXLF_CHECK_BIT(MOUNT));
	has(0, CXLF_ANSWER_NOT_ASKED, "mounts of other mount namespaces are not visible inside a PID namespace", NULL);
	tree_remove("proc/1/ns/pid");
	tree_link("pid:[4026531836]", "proc/1/ns/pid");
	find(CXLF_CHECK_BIT(MOUNT));
	is(uses.n, 0, "the first namespace sees all");
	tree_remove("sys/class/block/sdb/holders");
	tree_remove("sys/class/block/sdb/dev");
	find(CXLF_CHECK_BIT(MOUNT) | CXLF_CHECK_BIT(SWAP));
	is(uses.n, 2, "a device that cannot be looked at is an entry of each check by device");
	end();
}

static void swaps(void)
{
	system_of();
	tree_text("Filename\tType\tSize\n/dev/sdc partition 1\n/dev/sdb1\t\tpartition\t1 2 3\n/dev/sda file 1\n",
		  "proc/swaps");
	find(CXLF_CHECK_BIT(SWAP));
	is(uses.n, 1, "a swap partition");
	has(0, CXLF_ANSWER_USED, "/dev/sdb1 is swap space", "swapoff /dev/sdb1");
	refused_node = "swaps";
	refused_errno = EACCES;
	find(CXLF_CHECK_BIT(SWAP));
	has(0, CXLF_ANSWER_NOT_ASKED, "the list of swap space cannot be read", NULL);
	refused_node = NULL;
	tree_remove("proc/swaps");
	find(CXLF_CHECK_BIT(SWAP));
	is(uses.n, 0, "a kernel without swap has none");
	end();
}

static void holders(void)
{
	struct cxlf_err err = {0};

	system_of();
	stacked("sda", "dm-0", "253:0", "mpatha", "mpath-3600");
	stacked("sdb", "dm-0", "253:0", "mpatha", "mpath-3600");
	stacked("dm-0", "dm-1", "253:1", "my--vg-db", "LVM-abc");
	stacked("dm-0", "dm-2", "253:2", "my--vg-log", "LVM-def");
	stacked("dm-2", "dm-3", "253:3", "luks", "CRYPT-LUKS2-x");
	tree_text("1 0 253:1 / /srv/db rw - ext4 x rw\n", "proc/1/mountinfo");
	find(CXLF_CHECK_BIT(HOLDER) | CXLF_CHECK_BIT(MOUNT) | CXLF_CHECK_BIT(OPENER));
	is(uses.n, 3, "a mount, and two tops");
	has(0, CXLF_ANSWER_USED, "/dev/mapper/my--vg-db (on /dev/sda) is mounted on /srv/db", "umount /srv/db");
	has(1, CXLF_ANSWER_USED, "the logical volume my-vg/db is built on /dev/sda", "lvchange -an my-vg/db");
	has(2, CXLF_ANSWER_USED, "the encrypted device luks is built on /dev/sda",
	    "cryptsetup close luks && lvchange -an my-vg/log && multipath -f mpatha");
	is(cxlf_uses_error(&uses, 0, &err), -1, "it is an error");
	is(err.code, CXLF_E_LUN_IN_USE, "of a LUN in use");
	is_text(err.fix,
		"umount /srv/db && lvchange -an my-vg/db && cryptsetup close luks && lvchange -an my-vg/log && "
		"multipath -f mpatha",
		"whose fix goes from the top down");
	is_text(err.cause,
		"/dev/mapper/my--vg-db (on /dev/sda) is mounted on /srv/db; the logical volume my-vg/db is built on "
		"/dev/sda; the encrypted device luks is built on /dev/sda",
		"and whose cause has all reasons");
	ok(cxlf_uses_refusal(&uses, CXLF_CHECK_BIT(MOUNT)) == uses.use + 1, "what is forced leaves the others");
	end();
}

static void other_holders(void)
{
	system_of();
	stacked("sda1", "md0", "9:0", NULL, NULL);
	stacked("sdb1", "md0", "9:0", NULL, NULL);
	partition("md0", "md0p1", "259:0");
	stacked("sda", "bcache0", "252:0", NULL, NULL);
	stacked("sdb", "dm-7", "253:7", "plain", "");
	find(CXLF_CHECK_BIT(HOLDER));
	is(uses.n, 3, "three tops");
	for (size_t i = 0; i < uses.n; i++)
		if (!strcmp(uses.use[i].device, "md0p1"))
			is_text(uses.use[i].fix, "mdadm --stop /dev/md0", "a partition of md goes with it");
		else if (!strcmp(uses.use[i].device, "bcache0"))
			is_text(uses.use[i].fix, "echo 1 > /sys/block/bcache0/bcache/stop", "bcache");
		else
			is_text(uses.use[i].fix, "dmsetup remove plain", "another map");
	end();
}

/* A cycle of devices, which only a forged tree has. */
static void circle(void)
{
	system_of();
	stacked("sda", "dm-0", "253:0", "a", "");
	stacked("dm-0", "dm-1", "253:1", "b", "");
	stacked("dm-1", "dm-0", "253:0", "a", "");
	find(CXLF_CHECK_BIT(HOLDER));
	is(uses.n, 1, "a cycle of devices is one use");
	end();
}

static void too_many(void)
{
	struct cxlf_err err = {0};

	system_of();
	tree_text("1\n", "sys/class/block/sda/sda%050u/partition", 2);
	find(CXLF_CHECK_BIT(HOLDER));
	has(0, CXLF_ANSWER_NOT_ASKED, "the LUN has too many partitions or stacked devices", NULL);
	is(cxlf_uses_error(&uses, 0, &err), -1, "which refuses");
	is(err.code, CXLF_E_USE_UNKNOWN, "as something that is not known");
	end();
	system_of();
	refused_node = "sda1/partition";
	refused_errno = EMFILE;
	find(CXLF_CHECK_BIT(MOUNT));
	has(0, CXLF_ANSWER_NOT_ASKED, "the partitions and stacked devices of the LUN cannot be listed", NULL);
	end();
}

static void loops(void)
{
	system_of();
	block("loop0", "7:0");
	tree_text("/dev/sdb1\n", "sys/block/loop0/loop/backing_file");
	tree_text("/srv/image\n", "sys/block/loop1/loop/backing_file");
	stacked("loop0", "dm-0", "253:0", "inner", "CRYPT-");
	find(CXLF_CHECK_BIT(HOLDER) | CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 2, "a loop device, and what is on it");
	has(0, CXLF_ANSWER_USED, "the encrypted device inner is built on /dev/sdb1",
	    "cryptsetup close inner && losetup -d /dev/loop0");
	has(1, CXLF_ANSWER_USED, "the loop device loop0 is built on /dev/sdb1", NULL);
	find(CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 1, "the export alone");
	end();
}

static void exports(void)
{
	system_of();
	tree_dir("sys/module/nvmet");
	tree_text("/dev/sda\n", "sys/kernel/config/nvmet/subsystems/nqn1/namespaces/1/device_path");
	tree_text("1\n", "sys/kernel/config/nvmet/subsystems/nqn1/namespaces/1/enable");
	tree_text("/dev/sdb\n", "sys/kernel/config/nvmet/subsystems/nqn1/namespaces/2/device_path");
	tree_text("0\n", "sys/kernel/config/nvmet/subsystems/nqn1/namespaces/2/enable");
	tree_dir("sys/module/target_core_mod");
	tree_text("Status: ACTIVATED\niBlock device: sdb  UDEV PATH: /dev/sdb\n  Major: 8 Minor: 16  CLAIMED: IBLOCK\n",
		  "sys/kernel/config/target/core/iblock_0/disk/info");
	tree_text("SCSI Device Bus Location: Channel ID: 1 Target ID: 0 LUN: 1 Host ID: 0\n",
		  "sys/kernel/config/target/core/pscsi_0/raw/info");
	tree_text("SCSI Device Bus Location: Channel ID: 1 Target ID: 0 LUN: 1 Host ID: 4\n",
		  "sys/kernel/config/target/core/pscsi_0/foreign/info");
	tree_text("TCM FILEIO ID: 0  File: /dev/sda1\n", "sys/kernel/config/target/core/fileio_0/f/info");
	tree_text("/dev/sda1\n", "sys/kernel/config/target/core/fileio_0/f/udev_path");
	tree_text("x\n", "sys/kernel/config/target/core/iblock_0/hba_info");
	tree_text("1.0\n", "sys/kernel/config/target/core/alua/lu_gps");
	find(CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 4, "four back-ends");
	has(0, CXLF_ANSWER_USED, "/dev/sda is exported by nvmet as namespace 1 of nqn1",
	    "echo 0 > /sys/kernel/config/nvmet/subsystems/nqn1/namespaces/1/enable");
	for (size_t i = 1; i < uses.n; i++)
		if (uses.use[i].path == 0)
			has(i, CXLF_ANSWER_USED, "/dev/sda1 is exported by LIO as fileio_0/f",
			    "targetcli /backstores/fileio delete f");
		else if (*uses.use[i].device)
			has(i, CXLF_ANSWER_USED, "/dev/sdb is exported by LIO as iblock_0/disk",
			    "targetcli /backstores/block delete disk");
		else
			has(i, CXLF_ANSWER_USED, "path 0:1:0:1 is exported by LIO as pscsi_0/raw",
			    "targetcli /backstores/pscsi delete raw");
	tree_text("\n", "sys/kernel/config/target/core/fileio_0/f/udev_path");
	tree_text("TCM FILEIO ID: 0        File: /dev/sda1  Size: 4096  Mode: O_DSYNC Async: 0\n",
		  "sys/kernel/config/target/core/fileio_0/f/info");
	find(CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 4, "a fileio back-end without udev_path has its path in info");
	tree_remove("sys/module/target_core_mod");
	find(CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 4, "a built-in target has no folder of its module");
	tree_text("TCM FILEIO ID: 0\n", "sys/kernel/config/target/core/fileio_0/f/info");
	refused_node = "f/udev_path";
	refused_errno = EMFILE;
	find(CXLF_CHECK_BIT(EXPORT));
	is(uses.n, 4, "a back-end whose path cannot be read");
	has(3, CXLF_ANSWER_NOT_ASKED, "the back-end fileio_0/f cannot be read", NULL);
	refused_node = "sys/kernel/config/target/core";
	refused_errno = EACCES;
	find(CXLF_CHECK_BIT(EXPORT));
	has(1, CXLF_ANSWER_NOT_ASKED,
	    "the back-ends of target_core_mod in /sys/kernel/config/target/core cannot be read", NULL);
	end();
}

static void writers(void)
{
	system_of();
	process(20, "fio\x1b");
	file(20, 3, "/dev/sdb1", "0100001");
	file(20, 4, "/dev/sdb1", "0100002");
	file(20, 5, "/dev/sda", "0100000");
	file(20, 6, "/dev/sdc", "0100001");
	process(21, "sg_dd");
	file(21, 3, "/dev/sg1", "0100000");
	process(22, "name");
	file(22, 3, "/dev/sg0", "010000000");
	process(77, "holder");
	file(77, 3, "/dev/sda", "0100002");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.n, 2, "a writer and an sg node; a reader, a name and our own are none");

	unsigned fio = uses.use[0].pid == 20 ? 0 : 1;

	has(fio, CXLF_ANSWER_USED, "process 20 (fio?, user 4242) has /dev/sdb1 open for writing", "kill 20");
	has(1 - fio, CXLF_ANSWER_USED, "process 21 (sg_dd, user 4242) has /dev/sg1 open", "kill 21");
	file(21, 4, "/cxl:3 (deleted)", "02000002");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.n, 1, "a process with a context belongs to the check for contexts");
	is(uses.use[0].pid, 20, "and the other is not");
	tree_text("pos:\t0\n", "proc/20/fdinfo/3");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.use[uses.n - 1].answer, CXLF_ANSWER_NOT_ASKED, "a file without flags in fdinfo");
	refused_node = "fd";
	refused_errno = EACCES;
	find(CXLF_CHECK_BIT(OPENER));
	has(0, CXLF_ANSWER_NOT_ASKED,
	    "not all programs that have the LUN open are visible: permission denied for some processes", NULL);
	refused_errno = EMFILE;
	find(CXLF_CHECK_BIT(OPENER));
	has(0, CXLF_ANSWER_NOT_ASKED, "not all programs that have the LUN open could be searched for", NULL);
	is(uses.use[0].sys, EMFILE, "and the reason is not a missing permission");
	refused_node = NULL;
	tree_text("", "sys/class/scsi_device/0:0:0:1/device/bsg/0:0:0:1/dev");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.use[uses.n - 1].answer, CXLF_ANSWER_NOT_ASKED, "a SCSI node without a number");
	end();
}

static void claims(void)
{
	struct cxlf_inuse_query query;
	struct cxlf_err err;

	system_of();
	refused_node = "dev/sdb";
	refused_errno = EBUSY;
	find(CXLF_CHECK_BIT(OPENER));
	has(0, CXLF_ANSWER_USED, "/dev/sdb is claimed exclusively by another program or kernel driver",
	    "fuser -v /dev/sdb");
	tree_text("Filename\n/dev/sdb partition 1\n", "proc/swaps");
	find(CXLF_CHECK_BIT(OPENER) | CXLF_CHECK_BIT(SWAP));
	is(uses.n, 1, "a claim that is explained is no entry of its own");
	process(77, "holder");
	file(77, 3, "/dev/sdb", "0100000");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.n, 0, "nor is our own");
	refused_errno = ENXIO;
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.use[0].answer, CXLF_ANSWER_NOT_ASKED, "no device behind a path that runs is no answer");
	tree_text("offline\n", "sys/class/scsi_device/0:1:0:1/device/state");
	find(CXLF_CHECK_BIT(OPENER));
	is(uses.n, 0, "behind one that does not run it means that there is no claim");
	refused_errno = EMFILE;
	find(CXLF_CHECK_BIT(OPENER));
	has(0, CXLF_ANSWER_NOT_ASKED, "/dev/sdb cannot be opened", NULL);
	refused_node = NULL;
	cxlf_uses_free(&uses);
	query = (struct cxlf_inuse_query){
		.root = root, .topology = &topology, .checks = CXLF_CHECK_BIT(OPENER), .probe = true, .claim = true};
	is(cxlf_inuse_find(&query, &uses, &err), 0, "claims are taken");
	is(uses.n_claims, 2, "one a disk");
	ok(fcntl(uses.claim[0], F_GETFD) == FD_CLOEXEC, "and held");
	cxlf_uses_release(&uses);
	is(uses.n_claims, 0, "until they are released");
	query.probe = false;
	cxlf_uses_free(&uses);
	is(cxlf_inuse_find(&query, &uses, &err), 0, "without a probe");
	is(uses.use[0].answer, CXLF_ANSWER_NOT_ASKED, "it is not known");
	is(uses.use[0].sys, 0, "without an errno");
	end();
}

static void contexts(void)
{
	system_of();
	process(20, "capidb");
	file(20, 5, "/cxl:3 (deleted)", "02000002");
	file(20, 6, "/dev/sdc", "02000002");
	process(21, "blk");
	file(21, 5, "/cxl:4 (deleted)", "02000002");
	process(77, "holder");
	file(77, 5, "/cxl:5 (deleted)", "02000002");
	find(CXLF_CHECK_BIT(CONTEXT));
	is(uses.n, 1, "a process on another adapter and our own are none");
	has(0, CXLF_ANSWER_USED,
	    "process 21 (blk, user 4242) holds an adapter context, which may be attached to the LUN", "kill 21");
	refused_node = "fd";
	refused_errno = EACCES;
	find(CXLF_CHECK_BIT(CONTEXT));
	is(uses.use[0].answer, CXLF_ANSWER_NOT_ASKED, "processes that may not be looked at");
	end();
}

static void paths(void)
{
	system_of();
	tree_text("offline\n", "sys/class/scsi_device/0:1:0:1/device/state");
	find(CXLF_CHECK_BIT(OFFLINE_PATH));
	is(uses.n, 1, "a path that does not run");
	has(0, CXLF_ANSWER_USED, "path 0:1:0:1: its SCSI device is in the state \"offline\"",
	    "echo running > /sys/class/scsi_device/0:1:0:1/device/state");
	tree_remove("sys/class/scsi_device/0:1:0:1/device/state");
	find(CXLF_CHECK_BIT(OFFLINE_PATH));
	has(0, CXLF_ANSWER_NOT_ASKED, "the state of path 0:1:0:1 cannot be read", NULL);
	adapter[0].port[1].state = CXLF_PORT_OFFLINE;
	find(CXLF_CHECK_BIT(OFFLINE_PATH));
	has(0, CXLF_ANSWER_USED, "path 0:1:0:1: port 1 of the adapter is offline", "cxlflashctl port list");
	adapter[0].port[1].state = CXLF_PORT_UNKNOWN;
	end();
}

/* ---- the verdict ---- */

static void verdict(void)
{
	char cause[600];
	struct cxlf_use made[6];
	struct cxlf_err err = {0};
	struct cxlf_uses all = {.use = made, .n = 6};

	memset(cause, 'x', sizeof(cause));
	cause[sizeof(cause) - 1] = '\0';
	for (size_t i = 0; i < 6; i++)
		made[i] = (struct cxlf_use){.check = CXLF_CHECK_MOUNT, .answer = CXLF_ANSWER_USED, .cause = cause};
	is(cxlf_uses_error(&all, 0, &err), -1, "many long reasons");
	is(strlen(err.cause), 3 * 599 + 2 * 2 + strlen("; and 3 more"), "are shown as wholes, and the others counted");
	all.n = 1;
	made[0] = (struct cxlf_use){
		.check = CXLF_CHECK_OPENER, .answer = CXLF_ANSWER_NOT_ASKED, .sys = EPERM, .cause = cause};
	cxlf_uses_error(&all, 0, &err);
	is(err.code, CXLF_E_PERMISSION, "a missing right");
	ok(strstr(err.fix, geteuid() ? "run it as root" : "refuses it to root"),
	   "needs root, or names what refuses root");
	made[0].sys = ETIMEDOUT;
	cxlf_uses_error(&all, 0, &err);
	is(err.code, CXLF_E_TIMEOUT, "no answer in time");
	made[0].sys = EMFILE;
	cxlf_uses_error(&all, 0, &err);
	is(err.code, CXLF_E_USE_UNKNOWN, "anything else");
	is_text(err.fix, "make sure that nothing uses the LUN, and add --force=opener", "can be overridden by name");
	is(cxlf_uses_error(&all, CXLF_CHECK_BIT(OPENER), &err), 0, "and then nothing refuses");
	made[0].answer = CXLF_ANSWER_FREE;
	is(cxlf_uses_error(&all, 0, &err), 0, "information refuses nothing");
	*cause = '\0';
	for (unsigned i = 0; i < CXLF_N_CHECKS; i++)
		snprintf(cause + strlen(cause), sizeof(cause) - strlen(cause), "%s%s", i ? "|" : "",
			 cxlf_check_name(i));
	is_text(cause, CXLF_CHECK_CHOICES, "names are those of --force, in its order");
}

/* ---- parsers ---- */

static void mount_line(const char *text, bool good, dev_t dev, const char *point, const char *type, const char *source)
{
	char line[200];
	struct cxlf_mount mount;

	snprintf(line, sizeof(line), "%s", text);
	is(cxlf_mountinfo_parse(line, &mount), good, text);
	if (!good)
		return;
	ok(mount.dev == dev, "the device number");
	is_text(mount.point, point, "the mount point");
	is_text(mount.type, type, "the type");
	is_text(mount.source, source, "the source");
}

static void parsers(void)
{
	unsigned long flags;

	mount_line("36 35 8:1 / /srv/db rw,noatime shared:1 - ext4 /dev/sda1 rw\n", true, makedev(8, 1), "/srv/db",
		   "ext4", "/dev/sda1");
	mount_line("36 35 8:0 / /a\\040b\\134c rw - xfs /dev/sda rw", true, makedev(8, 0), "/a b\\c", "xfs",
		   "/dev/sda");
	mount_line("36 35 0:40 / /b rw shared:1 master:2 - btrfs /dev/sdb rw", true, makedev(0, 40), "/b", "btrfs",
		   "/dev/sdb");
	mount_line("36 35 8:0 / /x", true, makedev(8, 0), "/x", "", "");
	mount_line("36 35 8:0 /", false, 0, "", "", "");
	mount_line("", false, 0, "", "", "");
	mount_line("36 35 nonsense / /x rw - a b c", false, 0, "", "", "");
	ok(cxlf_fdinfo_flags("pos:\t0\nflags:\t0100002\n", &flags) && flags == 0100002, "flags of fdinfo");
	ok(!cxlf_fdinfo_flags("pos:\t0\n", &flags), "none");
	ok(!cxlf_fdinfo_flags("flags:\tx", &flags), "no number");
	ok(!cxlf_fdinfo_flags("flags:\t7777777777777777777777777", &flags), "too large a number");
}

int main(void)
{
	nothing();
	mounts();
	mounts_elsewhere();
	btrfs();
	mounts_of_an_ending_process();
	mounts_blind();
	swaps();
	holders();
	other_holders();
	circle();
	too_many();
	loops();
	exports();
	writers();
	claims();
	contexts();
	paths();
	verdict();
	parsers();
	return done();
}
