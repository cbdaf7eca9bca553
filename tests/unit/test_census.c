/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The census of contexts in a generated /proc: links, names of interrupts, copied descriptors, adapters, gaps.
 */
#include "discover/census.h"
#include "tree.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two adapters, a LUN on both (0) and one on the first only (1). */
static struct cxlf_adapter adapter[] = {{.afu = "afu0.0"}, {.afu = "afu1.0"}};
static struct cxlf_path path[] = {
	{.adapter = 0, .lun_index = 0, .sd = "sda", .sg = "sg0"},
	{.adapter = 0, .lun_index = 1, .sd = "sdb", .sg = "sg1"},
	{.adapter = 1, .lun_index = 0, .sd = "sdc", .sg = "sg2"},
};
static struct cxlf_lun lun[2];
static const struct cxlf_topology topology = {
	.adapter = adapter, .n_adapters = 2, .path = path, .n_paths = 3, .lun = lun, .n_luns = 2};
static const struct cxlf_topology no_rack;

static void link_is(const char *target, unsigned want, const char *says)
{
	unsigned element;

	ok(cxlf_process_context_link(target, &element), says);
	is(element, want, "its element");
}

static void links(void)
{
	link_is("/cxl:1 (deleted)", 1, "a cxl context");
	link_is("/ocxlflash:511 (deleted)", 511, "an OpenCAPI context");
	link_is("anon_inode:cxl", CXLF_NO_ELEMENT, "a context of old kernels");
	ok(!cxlf_process_context_link("/cxl:1", NULL), "a file with that name is not a context");
	ok(!cxlf_process_context_link("/cxl: (deleted)", NULL), "a name without a number is not a context");
	ok(!cxlf_process_context_link("/cxl:1x (deleted)", NULL), "a name with other characters is not a context");
	ok(!cxlf_process_context_link("/cxl:4294967296 (deleted)", NULL), "a number out of range is not a context");
	ok(!cxlf_process_context_link("/tmp/cxl:1 (deleted)", NULL), "a file in a directory is not a context");
	ok(!cxlf_process_context_link("anon_inode:[eventfd]", NULL), "another anonymous file is not a context");
	ok(!cxlf_process_context_link("", NULL), "an empty name is not a context");
}

/* ---- a generated /proc ---- */

static int proc_of(const char *root)
{
	char dir[512];

	snprintf(dir, sizeof(dir), "%s/proc", root);
	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void process(unsigned pid, const char *comm, unsigned uid)
{
	char text[128];

	tree_text(comm, "proc/%u/comm", pid);
	snprintf(text, sizeof(text), "Name:\t%s\nUmask:\t0022\nUid:\t1\t%u\t1\t1\nGid:\t0\t0\t0\t0", comm, uid);
	tree_text(text, "proc/%u/status", pid);
	tree_dir("proc/%u/fd", pid);
}

static void file(unsigned pid, unsigned fd, const char *target, unsigned inode)
{
	char text[128];

	tree_link(target, "proc/%u/fd/%u", pid, fd);
	if (!inode)
		return;
	snprintf(text, sizeof(text), "pos:\t0\nflags:\t02000002\nmnt_id:\t14\nino:\t%u", inode);
	tree_text(text, "proc/%u/fdinfo/%u", pid, fd);
}

static const char *begin(void)
{
	const char *root = tree_begin();

	process(1, "init", 0);
	return root;
}

static void take(const char *root, const struct cxlf_topology *of, struct cxlf_census *census)
{
	int proc = proc_of(root);

	is(cxlf_census_take(proc, of, census), 0, "the census succeeds");
	close(proc);
}

static void plain(void)
{
	const char *root = begin();
	struct cxlf_census census;

	process(900, "cap\x1bi", 0);
	file(900, 5, "/cxl:3 (deleted)", 41);
	file(900, 6, "/cxl:3 (deleted)", 41);
	file(900, 7, "/dev/sdc1", 0);
	file(900, 8, "/dev/sg2", 0);
	process(77, "fio", 4294967294u);
	file(77, 4, "/dev/sda", 0);
	process(4711, "nameless", 4294967294u);
	file(4711, 3, "/cxl:4 (deleted)", 42);
	tree_link("77", "proc/self");
	tree_text("1: cxl-afu1.0-pe3-1\n2: cxl-afu1.0-pe3-2\n3: cxl-afu7.0-pe4-1", "proc/interrupts");
	take(root, &topology, &census);
	ok(census.complete, "all processes were examined");
	is(census.n, 2, "copied descriptors and disks are not contexts");
	if (census.n == 2) {
		is(census.context[0].pid, 900, "contexts are sorted by process");
		is_text(census.context[0].comm, "cap?i", "the name of the process is filtered");
		is(census.context[0].uid, 0, "the effective user");
		cxlf_census_name_users(&census);
		is_text(census.context[0].user, "root", "the name of the user");
		is(census.context[0].process_element, 3, "the process element");
		is(census.context[0].inode, 41, "the inode");
		is(census.context[0].adapter, 1, "the interrupts identify the adapter");
		is(census.context[0].n_luns, 1, "two nodes of one LUN are one LUN");
		is(census.lun[census.context[0].first_lun], 0, "the index of the LUN");
		is_text(census.context[1].user, "", "an unknown user has no name");
		is(census.context[1].uid, 4294967294, "an unknown user has a number");
		is(census.context[1].adapter, CXLF_NO_ADAPTER,
		   "interrupts of other adapters do not identify the adapter");
		is(census.context[1].n_luns, 0, "without an open node there is no LUN");
	}
	cxlf_census_free(&census);
	tree_end();
}

/* The same process element on both adapters. */
static void ambiguous(void)
{
	const char *root = begin();
	struct cxlf_census census;

	process(10, "one", 0);
	file(10, 3, "/cxl:5 (deleted)", 100);
	file(10, 4, "/dev/sg1", 0);
	process(11, "both", 0);
	file(11, 3, "/cxl:5 (deleted)", 101);
	file(11, 4, "/dev/sg1", 0);
	file(11, 5, "/dev/sg2", 0);
	process(12, "two", 0);
	file(12, 3, "/cxl:5 (deleted)", 102);
	file(12, 4, "/cxl:5 (deleted)", 103);
	file(12, 5, "/dev/sg2", 0);
	process(13, "none", 0);
	file(13, 3, "/cxl:5 (deleted)", 104);
	tree_text("1: cxl-afu0.0-pe5-1\n2: cxl-afu1.0-pe5-1", "proc/interrupts");
	take(root, &topology, &census);
	is(census.n, 5, "five contexts");
	if (census.n == 5) {
		is(census.context[0].adapter, 0, "the open node identifies the adapter");
		is(census.context[1].adapter, CXLF_NO_ADAPTER, "nodes on both adapters do not identify the adapter");
		is(census.context[1].n_luns, 2, "nodes on both adapters are two LUNs");
		is(census.context[2].inode, 102, "two contexts of one process with the same element are listed");
		is(census.context[2].adapter, CXLF_NO_ADAPTER, "the adapter of the first is unknown");
		is(census.context[3].adapter, CXLF_NO_ADAPTER, "the adapter of the second is unknown");
		is(census.context[4].adapter, CXLF_NO_ADAPTER, "without an open node the adapter is unknown");
	}
	cxlf_census_free(&census);
	tree_end();
}

static void old_kernels(void)
{
	const char *root = begin();
	struct cxlf_census census;

	process(20, "old", 0);
	file(20, 3, "anon_inode:cxl", 9);
	file(20, 4, "anon_inode:cxl", 9);
	file(20, 5, "/dev/sdb", 0);
	process(21, "no-inode", 0);
	file(21, 3, "/ocxlflash:8 (deleted)", 0);
	file(21, 4, "/ocxlflash:8 (deleted)", 0);
	file(21, 5, "/dev/sda", 0);
	take(root, &topology, &census);
	is(census.n, 3, "anonymous files are listed each, files of one element once");
	if (census.n == 3) {
		is(census.context[0].process_element, CXLF_NO_ELEMENT, "an anonymous file has no element");
		is(census.context[0].adapter, CXLF_NO_ADAPTER, "contexts without an element have an unknown adapter");
		is(census.context[2].process_element, 8, "an OpenCAPI context");
		is(census.context[2].inode, 0, "an OpenCAPI context has no inode");
		is(census.context[2].adapter, 0, "without interrupts the open node identifies the adapter");
	}
	cxlf_census_free(&census);
	take(root, &no_rack, &census);
	is(census.n, 3, "contexts are found without adapters");
	is(census.n_luns, 0, "without adapters there are no LUNs");
	cxlf_census_free(&census);
	tree_end();
}

static void gaps(void)
{
	const char *root = begin();
	struct cxlf_census census;
	char secret[512];

	process(30, "mine", 0);
	file(30, 3, "/cxl:1 (deleted)", 1);
	process(31, "theirs", 0);
	tree_link("30", "proc/32");
	tree_link("../30/fd", "proc/33/fd");
	tree_text("ended", "proc/34/not-comm");
	file(34, 3, "/cxl:2 (deleted)", 2);
	tree_link("/dev/zero", "proc/interrupts");
	take(root, &no_rack, &census);
	is(census.n, 1, "links are not followed, and ended processes are omitted");
	ok(!census.complete, "a process that cannot be examined makes the census incomplete");
	cxlf_census_free(&census);
	tree_remove("proc/32");
	tree_remove("proc/33");
	take(root, &no_rack, &census);
	ok(census.complete, "without such processes the census is complete");
	cxlf_census_free(&census);
	tree_remove("proc/1");
	take(root, &no_rack, &census);
	ok(!census.complete, "if process 1 is hidden, the census is incomplete");
	cxlf_census_free(&census);
	snprintf(secret, sizeof(secret), "%s/proc/31/fd", root);
	process(1, "init", 0);
	chmod(secret, 0);
	take(root, &no_rack, &census);
	ok(census.complete == !geteuid(), "a process without permission makes the census incomplete");
	cxlf_census_free(&census);
	tree_end();
}

static void this_system(void)
{
	struct cxlf_census census;
	struct cxlf_err err;

	is(cxlf_census("", &no_rack, &census, &err), 0, "the census of this system succeeds");
	cxlf_census_free(&census);
	is(cxlf_census(tree_begin(), &no_rack, &census, &err), 0, "the census of a tree without processes succeeds");
	is(census.n, 0, "a tree without processes has no contexts");
	ok(!census.complete, "the census of a tree without processes is incomplete");
	tree_end();
	is(cxlf_census_take(-1, &no_rack, &census), -EBADF, "an invalid directory is an error");
}

static void test_processes(void)
{
	char unit[64];

	is(cxlf_process_state(getpid()), 'R', "the state of this process");
	is(cxlf_process_threads(getpid()), 1, "and its threads");
	is(cxlf_process_state(0x7ffffff0), 0, "a process that does not exist has no state");
	ok(cxlf_process_unit_in("0::/system.slice/cron.service\n", unit, sizeof(unit)), "the unit, cgroup v2");
	is_text(unit, "cron.service", "is the last part");
	ok(cxlf_process_unit_in("5:cpu:/a/b\n1:name=systemd:/user.slice/session-3.scope\n0::/\n", unit, sizeof(unit)),
	   "the unit, cgroup v1");
	is_text(unit, "session-3.scope", "is in systemd's hierarchy");
	ok(!cxlf_process_unit_in("5:cpu:/a/b\n0::/\n", unit, sizeof(unit)) &&
		   !cxlf_process_unit_in("", unit, sizeof(unit)) && !cxlf_process_unit_in("x", unit, sizeof(unit)),
	   "without a unit there is none");
}

int main(void)
{
	links();
	plain();
	ambiguous();
	old_kernels();
	gaps();
	this_system();
	test_processes();
	return done();
}
