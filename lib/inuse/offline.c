/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths of a LUN that do not work: they can be neither checked nor switched.
 */
#include "search_inside.h"

#include <errno.h>
#include <stdio.h>

static void add(struct cxlf_search *search, unsigned path, enum cxlf_code code, const char *cause, const char *fix)
{
	struct cxlf_use *use = cxlf_search_add_path(search, CXLF_CHECK_OFFLINE_PATH, CXLF_ANSWER_USED, path);

	use->code = code;
	cxlf_search_cause(search, use, "path %s: %s", search->query->topology->path[path].hctl, cause);
	if (*fix)
		cxlf_search_fix(search, use, "%s", fix);
}

static bool is_port_offline(const struct cxlf_topology *topology, const struct cxlf_path *path)
{
	const struct cxlf_adapter *adapter = topology->adapter ? topology->adapter + path->adapter : NULL;

	for (unsigned i = 0; adapter && i < adapter->n_ports; i++)
		if (adapter->port[i].number == path->port)
			return adapter->port[i].state == CXLF_PORT_OFFLINE;
	return false;
}

void cxlf_find_offline_paths(struct cxlf_search *search)
{
	const struct cxlf_topology *topology = search->query->topology;
	char state[24], cause[80], fix[120];

	for (unsigned i = 0; i < search->lun->n_paths; i++) {
		const struct cxlf_path *path = topology->path + search->lun->path[i];
		bool runs = cxlf_path_runs(search, search->lun->path[i], state, sizeof(state));

		if (is_port_offline(topology, path)) {
			snprintf(cause, sizeof(cause), "port %u of the adapter is offline", path->port);
			add(search, search->lun->path[i], CXLF_E_PORT_OFFLINE, cause, "cxlflashctl port list");
		} else if (!runs && !*state) {
			cxlf_search_blind(search, CXLF_CHECK_OFFLINE_PATH, -ENODEV,
					  "the state of path %s cannot be read", path->hctl)
				->path = search->lun->path[i];
		} else if (!runs) {
			snprintf(cause, sizeof(cause), "its SCSI device is in the state \"%s\"", state);
			snprintf(fix, sizeof(fix), "echo running > /sys/class/scsi_device/%s/device/state", path->hctl);
			add(search, search->lun->path[i], CXLF_E_PATH_OFFLINE, cause, fix);
		}
	}
}
