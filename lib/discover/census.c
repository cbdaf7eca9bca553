/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All adapter contexts on the machine: one walk over the processes, then the interrupts.
 */
#include "census.h"
#include "array.h"
#include "interrupts.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_CONTEXTS (1u << 16)
#define MAX_NODES 4096u /* looked up per process */

struct count {
	const struct cxlf_topology *topology;
	struct cxlf_census *census;
	size_t room, lun_room;
	/* of the current process */
	unsigned first, first_lun, n_nodes;
	uint64_t nodes_on;
	bool failed; /* out of memory */
};

/* ---- one process's files ---- */

/* "ino:" of fdinfo, since Linux 5.14: the same for duplicated descriptors, different for contexts. */
static uint64_t inode_of(const struct cxlf_process_at *process, const char *fd)
{
	static const char label[] = "\nino:";
	char path[32], text[512], *line;
	uint64_t inode;

	snprintf(path, sizeof(path), "fdinfo/%.20s", fd);
	if (cxlf_sysfs_read_lines(process->dir, path, text, sizeof(text)) < 0)
		return 0;
	line = strstr(text, label);
	if (!line)
		return 0;
	line += sizeof(label) - 1;
	line[strcspn(line, "\n")] = '\0';
	/* the tab before the number has become a '?' */
	line += strspn(line, "? ");
	return cxlf_text_u64(line, 10, &inode) ? inode : 0;
}

/* Old kernels have neither an element nor a separate inode: then each file counts. */
static bool is_copy(const struct count *count, unsigned element, uint64_t inode)
{
	for (unsigned i = count->first; element != CXLF_NO_ELEMENT && i < count->census->n; i++) {
		const struct cxlf_census_context *context = count->census->context + i;

		if (context->process_element == element && (context->inode == inode || !context->inode || !inode))
			return true;
	}
	return false;
}

static void add_context(struct count *count, const struct cxlf_process_at *process, const char *fd, unsigned element)
{
	struct cxlf_census *census = count->census;
	uint64_t inode = element == CXLF_NO_ELEMENT ? 0 : inode_of(process, fd);

	if (is_copy(count, element, inode))
		return;
	if (census->n >= MAX_CONTEXTS) {
		census->gap = -EOVERFLOW;
		return;
	}
	if (!CXLF_ARRAY_ROOM(census->context, &count->room, census->n)) {
		count->failed = true;
		return;
	}
	census->context[census->n++] = (struct cxlf_census_context){
		.pid = process->pid,
		.uid = -1,
		.process_element = element,
		.inode = inode,
		.adapter = CXLF_NO_ADAPTER,
	};
}

static void add_lun(struct count *count, unsigned index)
{
	struct cxlf_census *census = count->census;

	for (unsigned i = count->first_lun; i < census->n_luns; i++)
		if (census->lun[i] == index)
			return;
	if (CXLF_ARRAY_ROOM(census->lun, &count->lun_room, census->n_luns))
		census->lun[census->n_luns++] = index;
	else
		count->failed = true;
}

static void look_up_node(struct count *count, const char *node)
{
	const struct cxlf_topology *topology = count->topology;

	for (unsigned i = 0; i < topology->n_paths; i++) {
		if (!cxlf_path_has_node(topology->path + i, node))
			continue;
		if (topology->path[i].lun_index < topology->n_luns)
			add_lun(count, topology->path[i].lun_index);
		if (topology->path[i].adapter < 64)
			count->nodes_on |= UINT64_C(1) << topology->path[i].adapter;
		return;
	}
}

static void each_file(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target)
{
	struct count *count = arg;
	unsigned element;

	if (cxlf_process_context_link(target, &element))
		add_context(count, process, fd, element);
	else if (!strncmp(target, "/dev/s", 6) && count->n_nodes++ < MAX_NODES)
		look_up_node(count, target + 5);
}

/* ---- one process ---- */

/* Fill in what the contexts of a process share; false if the process has ended. */
static bool describe(struct count *count, const struct cxlf_process_at *process)
{
	struct cxlf_census *census = count->census;
	char comm[sizeof(census->context->comm)];
	int64_t uid = cxlf_process_uid(process);

	if (!cxlf_process_comm(process, comm, sizeof(comm)))
		return false;
	for (unsigned i = count->first; i < census->n; i++) {
		struct cxlf_census_context *context = census->context + i;

		memcpy(context->comm, comm, sizeof(comm));
		context->uid = uid;
		context->nodes_on = count->nodes_on;
		context->first_lun = count->first_lun;
		context->n_luns = census->n_luns - count->first_lun;
	}
	return true;
}

static void end_process(void *arg, const struct cxlf_process_at *process)
{
	struct count *count = arg;
	struct cxlf_census *census = count->census;

	if (count->first == census->n || !describe(count, process)) {
		census->n = count->first;
		census->n_luns = count->first_lun; /* only for processes with a context */
	}
	count->first = census->n;
	count->first_lun = census->n_luns;
	count->n_nodes = 0;
	count->nodes_on = 0;
}

/* ---- adapters ---- */

static uint64_t adapters_of_afu(const struct cxlf_topology *topology, const struct cxlf_interrupt *interrupt)
{
	char afu[40];

	snprintf(afu, sizeof(afu), "afu%u.%u", interrupt->card, interrupt->afu);
	for (unsigned i = 0; i < topology->n_adapters && i < 64; i++)
		if (!strcmp(topology->adapter[i].afu, afu))
			return UINT64_C(1) << i;
	return 0;
}

/* Adapters on which a context with this element has interrupts. */
static uint64_t candidates(const struct cxlf_topology *topology, const struct cxlf_interrupts *interrupts,
			   unsigned element)
{
	size_t low = 0, high = interrupts->n;
	uint64_t found = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (interrupts->context[middle].process_element < element)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < interrupts->n && interrupts->context[low].process_element == element; low++)
		found |= adapters_of_afu(topology, interrupts->context + low);
	return found;
}

static bool is_twin(const struct cxlf_census_context *a, const struct cxlf_census_context *b)
{
	return a->pid == b->pid && a->process_element == b->process_element;
}

/* A process may have contexts with the same element on two adapters; its nodes do not identify them. */
static bool has_twin(const struct cxlf_census *census, unsigned i)
{
	const struct cxlf_census_context *at = census->context + i;

	return (i && is_twin(at - 1, at)) || (i + 1 < census->n && is_twin(at, at + 1));
}

static void find_adapters(const struct cxlf_topology *topology, const struct cxlf_interrupts *interrupts,
			  struct cxlf_census *census)
{
	for (unsigned i = 0; i < census->n; i++) {
		struct cxlf_census_context *context = census->context + i;
		uint64_t on = candidates(topology, interrupts, context->process_element);

		if (__builtin_popcountll(on) != 1) {
			if (has_twin(census, i))
				continue;
			on = on ? on & context->nodes_on : context->nodes_on;
		}
		if (__builtin_popcountll(on) == 1)
			context->adapter = (unsigned)__builtin_ctzll(on);
	}
}

/* ---- all ---- */

static int compare(const void *a, const void *b)
{
	const struct cxlf_census_context *one = a, *two = b;

	if (one->pid != two->pid)
		return one->pid < two->pid ? -1 : 1;
	if (one->process_element != two->process_element)
		return one->process_element < two->process_element ? -1 : 1;
	return one->inode < two->inode ? -1 : one->inode > two->inode;
}

static int take(int proc, struct count *count)
{
	static const struct cxlf_visitor visitor = {.file = each_file, .end = end_process};
	struct cxlf_census *census = count->census;
	struct cxlf_interrupts interrupts = {.want_contexts = true};
	int gap, rc = cxlf_processes_walk(proc, &visitor, count, &gap);

	census->gap = census->gap ? census->gap : gap;
	census->complete = !rc && !census->gap;
	if (rc || count->failed)
		return rc ? rc : -ENOMEM;
	if (census->n)
		qsort(census->context, census->n, sizeof(*census->context), compare);
	/* if it fails, the adapters are known from the nodes only */
	if (census->n && cxlf_interrupts_read(proc, "interrupts", &interrupts))
		interrupts.n = 0;
	find_adapters(count->topology, &interrupts, census);
	cxlf_interrupts_free(&interrupts);
	return 0;
}

int cxlf_census_take(int proc, const struct cxlf_topology *topology, struct cxlf_census *census)
{
	struct count count = {.topology = topology, .census = census};
	int rc;

	*census = (struct cxlf_census){0};
	rc = take(proc, &count);
	if (rc)
		cxlf_census_free(census);
	return rc;
}

static void name_user(struct cxlf_census_context *context)
{
	struct passwd entry, *found = NULL;
	char buf[4096];

	if (context->uid < 0 || getpwuid_r((uid_t)context->uid, &entry, buf, sizeof(buf), &found) || !found)
		return;
	snprintf(context->user, sizeof(context->user), "%s", found->pw_name);
	cxlf_text_sanitise(context->user);
}

void cxlf_census_name_users(struct cxlf_census *census)
{
	for (unsigned i = 0; i < census->n; i++) {
		struct cxlf_census_context *context = census->context + i;

		if (i && context[-1].uid == context->uid)
			memcpy(context->user, context[-1].user, sizeof(context->user));
		else
			name_user(context);
	}
}

static int open_proc(const char *sysroot)
{
	scoped_fd int root = cxlf_sysfs_opendir(AT_FDCWD, *sysroot ? sysroot : "/");

	return root < 0 ? root : cxlf_sysfs_opendir(root, "proc");
}

int cxlf_census(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_census *census,
		struct cxlf_err *err)
{
	scoped_fd int proc = open_proc(sysroot);
	int rc = proc < 0 ? proc : cxlf_census_take(proc, topology, census);

	if (rc == -ENOENT && *sysroot) {
		*census = (struct cxlf_census){0};
		return 0;
	}
	if (rc == -ENOMEM)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, rc, "cannot list the open contexts");
	if (rc) {
		cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot read the processes in %s/proc", sysroot);
		return cxlf_fix(err, "mount -t proc proc %s/proc", sysroot);
	}
	if (!*sysroot)
		cxlf_census_name_users(census);
	return 0;
}

void cxlf_census_free(struct cxlf_census *census)
{
	free(census->context);
	free(census->lun);
	*census = (struct cxlf_census){0};
}
