/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Processes that have a node of a LUN open: a block device for writing, or an sg or bsg node for anything.
 *
 * Files are identified by device number, because a node can have any name. Not found are a node that is mapped into
 * memory but closed, one that only an io_uring has, and an open node in transit over a socket.
 */
#include "discover/processes.h"
#include "fdinfo.h"
#include "scope.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define MAX_WRITERS 1024 /* entries; the others are counted in one entry */

/* A node for SCSI commands. */
struct node {
	unsigned path;
	dev_t dev;
	char name[40]; /* "sg1", "bsg/0:0:0:1" */
};

struct writers {
	struct cxlf_search *search;
	struct node *node;
	size_t n_nodes, node_room;
	size_t first;	  /* first entry of the current process */
	bool has_context; /* of the current process */
	unsigned n, n_more;
	int rc; /* the -errno why a file could not be examined, or 0 */
};

/* ---- nodes for SCSI commands ---- */

struct nodes_of {
	struct writers *writers;
	unsigned path;
	const char *prefix;
};

static void add_node(const struct nodes_of *of, const char *name, dev_t dev)
{
	struct writers *writers = of->writers;
	struct node *node = cxlf_search_grow(writers->search, &writers->node, &writers->n_nodes, &writers->node_room,
					     sizeof(*node));

	if (!node)
		return;
	*node = (struct node){.path = of->path, .dev = dev};
	snprintf(node->name, sizeof(node->name), "%s%.34s", of->prefix, name);
}

static int each_node(void *arg, int dir, const char *name)
{
	char file[300], number[24];
	dev_t dev;
	int rc;

	snprintf(file, sizeof(file), "%.255s/dev", name);
	rc = cxlf_sysfs_read(dir, file, number, sizeof(number));
	dev = rc < 0 ? 0 : cxlf_text_devno(number);
	if (dev)
		add_node(arg, name, dev);
	return rc == -ENOENT || rc == -ENODEV ? 0 : rc < 0 ? rc : dev ? 0 : -EBADMSG;
}

/* The nodes that are there now: the sg module may have been loaded after the scan. */
static int list_nodes(struct writers *writers)
{
	static const char *const kinds[][2] = {{"scsi_generic", ""}, {"bsg", "bsg/"}};
	const struct cxlf_search *search = writers->search;
	char dir[96];
	int rc = 0;

	for (unsigned i = 0; i < search->lun->n_paths; i++) {
		const struct cxlf_path *path = search->query->topology->path + search->lun->path[i];

		for (unsigned k = 0; k < 2 && !rc; k++) {
			struct nodes_of of = {writers, search->lun->path[i], kinds[k][1]};

			snprintf(dir, sizeof(dir), "sys/class/scsi_device/%s/device/%s", path->hctl, kinds[k][0]);
			rc = cxlf_sysfs_for_each(search->root, dir, each_node, &of);
			rc = rc == -ENOENT ? 0 : rc;
		}
	}
	return rc;
}

/* ---- files ---- */

/*
 * The device or SCSI node that a file is: an index into the stack, or *sg into `node`. A saved tree has no nodes, so
 * there the last component of the link is the device.
 */
static bool find(const struct writers *writers, const struct cxlf_process_at *process, const char *fd,
		 const char *target, unsigned *device, unsigned *sg, int *rc)
{
	const struct cxlf_search *search = writers->search;
	struct statx st;
	char file[40];
	dev_t dev;

	*device = *sg = CXLF_NO_DEVICE;
	*rc = 0;
	if (*search->query->root) {
		const char *name = strrchr(target, '/');

		*device = name ? cxlf_stack_find_name(search, name + 1) : CXLF_NO_DEVICE;
		for (unsigned i = 0; name && i < writers->n_nodes; i++)
			if (!strcmp(writers->node[i].name, name + 1))
				*sg = i;
		return *device != CXLF_NO_DEVICE || *sg != CXLF_NO_DEVICE;
	}
	if (target[0] != '/') /* a socket or pipe */
		return false;
	snprintf(file, sizeof(file), "fd/%.20s", fd);
	if (statx(process->dir, file, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_TYPE, &st)) {
		*rc = errno == ENOENT || errno == ESRCH ? 0 : -errno; /* closed meanwhile */
		return false;
	}
	dev = makedev(st.stx_rdev_major, st.stx_rdev_minor);
	if (S_ISBLK(st.stx_mode))
		*device = cxlf_stack_find(search, dev);
	for (unsigned i = 0; S_ISCHR(st.stx_mode) && i < writers->n_nodes; i++)
		if (writers->node[i].dev == dev)
			*sg = i;
	return *device != CXLF_NO_DEVICE || *sg != CXLF_NO_DEVICE;
}

static bool is_known(const struct writers *writers, const char *device)
{
	const struct cxlf_uses *uses = writers->search->uses;

	for (size_t i = writers->first; i < uses->n; i++)
		if (!strcmp(uses->use[i].device, device))
			return true;
	return false;
}

/* end() completes the cause with the process. */
static void add(struct writers *writers, const struct cxlf_process_at *process, unsigned device, unsigned sg)
{
	struct cxlf_search *search = writers->search;
	const char *name = sg == CXLF_NO_DEVICE ? search->device[device].name : writers->node[sg].name;
	char text[340];
	struct cxlf_use *use;

	if (is_known(writers, name))
		return;
	if (writers->n >= MAX_WRITERS) {
		writers->n_more++;
		return;
	}
	use = cxlf_search_add(search, CXLF_CHECK_OPENER, CXLF_ANSWER_USED, device);
	writers->n++;
	use->pid = process->pid;
	if (sg == CXLF_NO_DEVICE) {
		cxlf_search_cause(search, use, "%s open for writing",
				  cxlf_device_text(search, device, text, sizeof(text)));
	} else {
		use->path = writers->node[sg].path;
		snprintf(use->device, sizeof(use->device), "%s", name);
		cxlf_search_cause(search, use, "/dev/%s open", name);
	}
}

static bool is_holder(const struct cxlf_search *search, pid_t pid)
{
	for (unsigned i = 0; i < search->query->n_holders; i++)
		if (search->query->holders[i] == pid)
			return true;
	return false;
}

static void each_file(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target)
{
	struct writers *writers = arg;
	unsigned device, sg;
	bool is_ours = cxlf_is_ours(writers->search, process->pid), writes = false;
	int rc;

	writers->has_context |= cxlf_process_context_link(target, NULL);
	if (!find(writers, process, fd, target, &device, &sg, &rc)) {
		writers->rc = rc ? rc : writers->rc;
		return;
	}
	if (device != CXLF_NO_DEVICE && (is_ours || is_holder(writers->search, process->pid)))
		writers->search->device[device].explained = true; /* the exclusive claim may be ours as well */
	if (is_ours)
		return;
	rc = cxlf_fdinfo_writes(process->dir, fd, sg != CXLF_NO_DEVICE, &writes);
	if (rc)
		writers->rc = rc;
	else if (writes)
		add(writers, process, device, sg);
}

static void end(void *arg, const struct cxlf_process_at *process)
{
	struct writers *writers = arg;
	struct cxlf_search *search = writers->search;
	struct cxlf_uses *uses = search->uses;
	bool counts = !writers->has_context; /* others belong to the check for contexts */
	char comm[24] = "?", user[64];

	writers->has_context = false;
	while (!counts && writers->first < uses->n) {
		free(uses->use[--uses->n].cause);
		writers->n--;
	}
	if (writers->first < uses->n) {
		cxlf_process_comm(process, comm, sizeof(comm));
		cxlf_user_text(search, cxlf_process_uid(process), user, sizeof(user));
	}
	for (; writers->first < uses->n; writers->first++) {
		struct cxlf_use *use = uses->use + writers->first;
		scoped_free char *what = use->cause;

		use->cause = NULL;
		cxlf_search_cause(search, use, "process %d (%s, user %s) has %s", (int)process->pid, comm, user,
				  what ? what : "a node");
		cxlf_search_fix(search, use, "kill %d", (int)process->pid);
	}
}

void cxlf_find_writers(struct cxlf_search *search)
{
	static const struct cxlf_visitor visitor = {.file = each_file, .end = end};
	struct writers writers = {.search = search, .first = search->uses->n};
	int gap = 0, rc = list_nodes(&writers);

	if (!rc)
		rc = cxlf_processes_walk(search->proc, &visitor, &writers, &gap);
	if (rc || writers.rc)
		cxlf_search_blind(search, CXLF_CHECK_OPENER, rc ? rc : writers.rc,
				  "not all open files of processes can be examined");
	else
		cxlf_search_hidden(search, CXLF_CHECK_OPENER, gap, "programs that have the LUN open");
	if (writers.n_more)
		cxlf_search_blind(search, CXLF_CHECK_OPENER, -EOVERFLOW,
				  "%u more programs have the LUN open than are listed", writers.n_more);
	free(writers.node);
}
