/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processes hold adapter contexts or a LUN's nodes. A context tells neither the adapter nor the LUN.
 */
#include "discover/processes.h"
#include "inuse.h"

#include <stdio.h>
#include <string.h>

struct search {
	const struct cxlf_topology *topology;
	unsigned lun;
	struct cxlf_processes *found;
	struct cxlf_process now;
};

static bool is_node_of(const struct cxlf_topology *topology, unsigned lun, const char *target)
{
	if (strncmp(target, "/dev/", 5))
		return false;
	for (unsigned i = 0; i < topology->lun[lun].n_paths; i++)
		if (cxlf_path_has_node(topology->path + topology->lun[lun].path[i], target + 5))
			return true;
	return false;
}

static void each_file(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target)
{
	struct search *search = arg;

	(void)process, (void)fd;
	search->now.has_context |= cxlf_is_context_link(target, NULL);
	search->now.has_node |= is_node_of(search->topology, search->lun, target);
}

static void end(void *arg, const struct cxlf_process_at *process)
{
	struct search *search = arg;
	struct cxlf_processes *found = search->found;
	struct cxlf_process now = search->now;

	search->now = (struct cxlf_process){0};
	if (!now.has_context && !now.has_node)
		return;
	found->n_contexts += now.has_context;
	found->n_suspects += now.has_context && now.has_node;
	if (found->n++ >= CXLF_PROCESSES)
		return;
	now.pid = process->pid;
	cxlf_process_comm(process, now.comm, sizeof(now.comm));
	found->process[found->n - 1] = now;
}

int cxlf_inuse_processes(int proc, const struct cxlf_topology *topology, unsigned lun, struct cxlf_processes *found)
{
	static const struct cxlf_visitor visitor = {.file = each_file, .end = end};
	struct search search = {.topology = topology, .lun = lun, .found = found};

	*found = (struct cxlf_processes){0};
	return cxlf_processes_walk(proc, &visitor, &search, &found->complete);
}

void cxlf_inuse_processes_text(const struct cxlf_processes *found, bool suspects_only, char *text, size_t size)
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
