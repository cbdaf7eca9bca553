// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which processes hold adapter contexts or a LUN's nodes: the kernel keeps no list, /proc/PID/fd shows it.
 *
 * A context is a file of the cxl or ocxl driver's own file system, "/cxl:7 (deleted)", or "anon_inode:cxl" on
 * old kernels; the number names neither the adapter nor the LUN. Links are read, never followed: what is
 * behind them may be a dead network file system.
 */
#include "inuse.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_PIDS (1u << 20)
#define MAX_FDS (1u << 20)

struct search {
	const struct cxlf_rack *rack;
	unsigned lun;
	struct cxlf_processes *found;
	struct cxlf_process now;
	unsigned n_pids, n_fds;
};

bool cxlf_is_context_link(const char *target)
{
	static const char *const kinds[] = {"/cxl:", "/ocxlflash:"};

	if (!strcmp(target, "anon_inode:cxl"))
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i]);
		size_t digits = strncmp(target, kinds[i], len) ? 0 : strspn(target + len, "0123456789");

		if (digits && !strcmp(target + len + digits, " (deleted)"))
			return true;
	}
	return false;
}

static bool is_disk_or_partition(const char *name, const char *sd)
{
	size_t len = strlen(sd);

	return len && !strncmp(name, sd, len) && strspn(name + len, "0123456789") == strlen(name + len);
}

static bool is_node_of(const struct cxlf_rack *rack, unsigned lun, const char *target)
{
	if (strncmp(target, "/dev/", 5))
		return false;
	target += 5;
	for (unsigned i = 0; i < rack->lun[lun].n_paths; i++) {
		const struct cxlf_path *path = rack->path + rack->lun[lun].path[i];

		if ((*path->sg && !strcmp(target, path->sg)) || is_disk_or_partition(target, path->sd))
			return true;
	}
	return false;
}

static int each_fd(void *arg, int dir, const char *name)
{
	struct search *search = arg;
	char target[64];
	ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);

	if (search->n_fds++ > MAX_FDS)
		return 1;
	if (len < 0)
		return 0;
	target[len] = '\0';
	search->now.has_context |= cxlf_is_context_link(target);
	search->now.has_node |= is_node_of(search->rack, search->lun, target);
	return 0;
}

static void keep(struct search *search, int proc)
{
	struct cxlf_processes *found = search->found;
	char path[40];

	found->n_contexts += search->now.has_context;
	found->n_suspects += search->now.has_context && search->now.has_node;
	if (found->n++ >= CXLF_PROCESSES)
		return;
	snprintf(path, sizeof(path), "%d/comm", (int)search->now.pid);
	cxlf_sysfs_read(proc, path, search->now.comm, sizeof(search->now.comm));
	found->process[found->n - 1] = search->now;
}

static int each_pid(void *arg, int proc, const char *name)
{
	struct search *search = arg;
	uint64_t pid;
	char path[40];

	if (!cxlf_text_u64(name, 10, &pid) || pid > INT32_MAX || (pid_t)pid == getpid())
		return 0;
	if (search->n_pids++ > MAX_PIDS) {
		search->found->complete = false;
		return 1;
	}
	search->now = (struct cxlf_process){.pid = (pid_t)pid};
	search->n_fds = 0;
	snprintf(path, sizeof(path), "%d/fd", (int)pid);

	int rc = cxlf_sysfs_for_each(proc, path, each_fd, search);

	if (rc && rc != -ENOENT && rc != -ESRCH)
		search->found->complete = false;
	if (search->now.has_context || search->now.has_node)
		keep(search, proc);
	return 0;
}

int cxlf_inuse_processes(int proc, const struct cxlf_rack *rack, unsigned lun, struct cxlf_processes *found)
{
	struct search search = {.rack = rack, .lun = lun, .found = found};

	*found = (struct cxlf_processes){.complete = true};

	int rc = cxlf_sysfs_for_each(proc, ".", each_pid, &search);

	return rc < 0 ? rc : 0;
}

void cxlf_processes_text(const struct cxlf_processes *found, bool suspects_only, char *text, size_t size)
{
	unsigned all = suspects_only ? found->n_suspects : found->n_contexts, shown = 0;
	size_t len = 0;

	*text = '\0';
	for (unsigned i = 0; i < found->n && i < CXLF_PROCESSES && shown < 4 && len < size; i++) {
		const struct cxlf_process *process = found->process + i;

		if (!process->has_context || (suspects_only && !process->has_node))
			continue;
		len += (size_t)snprintf(text + len, size - len, "%s%d (%s)", shown++ ? ", " : "", (int)process->pid,
					process->comm);
	}
	if (all > shown && len < size)
		snprintf(text + len, size - len, " and %u more", all - shown);
}
