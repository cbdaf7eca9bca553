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
	ok(!cxlf_process_context_link("/cxl:1", NULL), "a file of that name");
	ok(!cxlf_process_context_link("/cxl: (deleted)", NULL), "no number");
	ok(!cxlf_process_context_link("/cxl:1x (deleted)", NULL), "not only a number");
	ok(!cxlf_process_context_link("/cxl:4294967296 (deleted)", NULL), "a number that no element has");
	ok(!cxlf_process_context_link("/tmp/cxl:1 (deleted)", NULL), "another directory");
	ok(!cxlf_process_context_link("anon_inode:[eventfd]", NULL), "another anonymous file");
	ok(!cxlf_process_context_link("", NULL), "nothing");
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

	is(cxlf_census_take(proc, of, census), 0, "a census");
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
	ok(census.complete, "of all processes");
	is(census.n, 2, "two contexts: a copy of a descriptor is none, nor is a disk");
	if (census.n == 2) {
		is(census.context[0].pid, 900, "sorted by process");
		is_text(census.context[0].comm, "cap?i", "its name, made harmless");
		is(census.context[0].uid, 0, "the effective user");
		cxlf_census_name_users(&census);
		is_text(census.context[0].user, "root", "by name");
		is(census.context[0].process_element, 3, "the element");
		is(census.context[0].inode, 41, "the inode");
		is(census.context[0].adapter, 1, "the adapter by the interrupts");
		is(census.context[0].n_luns, 1, "one LUN by two nodes");
		is(census.lun[census.context[0].first_lun], 0, "which one");
		is_text(census.context[1].user, "", "a user without a name has none");
		is(census.context[1].uid, 4294967294, "and a number");
		is(census.context[1].adapter, CXLF_NO_ADAPTER, "interrupts of no adapter of ours tell nothing");
		is(census.context[1].n_luns, 0, "no LUN");
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
		is(census.context[0].adapter, 0, "the open node says which");
		is(census.context[1].adapter, CXLF_NO_ADAPTER, "nodes of both say nothing");
		is(census.context[1].n_luns, 2, "but name the LUNs");
		is(census.context[2].inode, 102, "two contexts of one process and element");
		is(census.context[2].adapter, CXLF_NO_ADAPTER, "are told apart by nothing");
		is(census.context[3].adapter, CXLF_NO_ADAPTER, "either of them");
		is(census.context[4].adapter, CXLF_NO_ADAPTER, "without a node it stays unknown");
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
	is(census.n, 3, "anonymous files count each, files of one element once");
	if (census.n == 3) {
		is(census.context[0].process_element, CXLF_NO_ELEMENT, "without an element");
		is(census.context[0].adapter, CXLF_NO_ADAPTER, "two without an element are not told apart");
		is(census.context[2].process_element, 8, "an OpenCAPI context");
		is(census.context[2].inode, 0, "without an inode");
		is(census.context[2].adapter, 0, "without interrupts its node tells the adapter");
	}
	cxlf_census_free(&census);
	take(root, &no_rack, &census);
	is(census.n, 3, "without adapters the contexts are found all the same");
	is(census.n_luns, 0, "without LUNs");
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
	is(census.n, 1, "links are not followed, and a process that ended is left out");
	ok(!census.complete, "what is no process of ours is a gap");
	cxlf_census_free(&census);
	tree_remove("proc/32");
	tree_remove("proc/33");
	take(root, &no_rack, &census);
	ok(census.complete, "without them there is none");
	cxlf_census_free(&census);
	tree_remove("proc/1");
	take(root, &no_rack, &census);
	ok(!census.complete, "process 1 is hidden: so are others");
	cxlf_census_free(&census);
	snprintf(secret, sizeof(secret), "%s/proc/31/fd", root);
	process(1, "init", 0);
	chmod(secret, 0);
	take(root, &no_rack, &census);
	ok(census.complete == !geteuid(), "a process that may not be looked at is a gap");
	cxlf_census_free(&census);
	tree_end();
}

static void this_system(void)
{
	struct cxlf_census census;
	struct cxlf_err err;

	is(cxlf_census("", &no_rack, &census, &err), 0, "the census of this system");
	cxlf_census_free(&census);
	is(cxlf_census(tree_begin(), &no_rack, &census, &err), 0, "a saved tree without processes");
	is(census.n, 0, "has none");
	ok(!census.complete, "and does not claim that there were none");
	tree_end();
	is(cxlf_census_take(-1, &no_rack, &census), -EBADF, "no directory");
}

int main(void)
{
	links();
	plain();
	ambiguous();
	old_kernels();
	gaps();
	this_system();
	return done();
}
