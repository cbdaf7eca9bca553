/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a path did not answer: the state of its adapter, its port and its SCSI device after the failure.
 */
#include "diagnose.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

bool cxlf_adapter_diagnose(const struct cxlf_adapter *adapter, struct cxlf_err *err)
{
	bool failed = adapter->afu_state == CXLF_AFU_FAILED;

	if (!failed && adapter->afu_state != CXLF_AFU_FROZEN && adapter->afu_state != CXLF_AFU_RESETTING)
		return false;
	err->code = failed ? CXLF_E_ADAPTER_FAILED : CXLF_E_ADAPTER_FROZEN;
	cxlf_cause(err, "%s", adapter->afu_reason);
	cxlf_fix(err, failed ? "see the reason: dmesg | grep -i -e cxlflash -e EEH"
			     : "retry in a few seconds; see the state: cxlflashctl adapter list");
	return true;
}

static void gone(struct cxlf_err *err)
{
	err->code = CXLF_E_DEVICE_GONE;
	cxlf_cause(err, "the kernel has removed the path");
	cxlf_fix(err, "cxlflashctl list");
}

static bool judge_port(const struct cxlf_adapter *adapter, unsigned port, struct cxlf_err *err)
{
	if (port >= CXLF_MAX_PORTS || adapter->port[port].state != CXLF_PORT_OFFLINE)
		return false;
	err->code = CXLF_E_PORT_OFFLINE;
	cxlf_cause(err, "port %u of the adapter is offline: its cable, its transceiver or the switch behind it", port);
	cxlf_fix(err, "cxlflashctl port list");
	return true;
}

static bool judge(const struct cxlf_topology *topology, const char *hctl, struct cxlf_err *err)
{
	const struct cxlf_path *now = NULL;
	const struct cxlf_adapter *adapter = NULL;
	unsigned host = UINT_MAX, port = UINT_MAX;

	sscanf(hctl, "%u:%u", &host, &port);
	for (unsigned i = 0; i < topology->n_adapters; i++)
		if (topology->adapter[i].host == host)
			adapter = topology->adapter + i;
	for (unsigned i = 0; i < topology->n_paths; i++)
		if (!strcmp(topology->path[i].hctl, hctl))
			now = topology->path + i;
	if (!adapter)
		return false;
	if (cxlf_adapter_diagnose(adapter, err))
		return true;
	if (!now) {
		gone(err);
		return true;
	}
	if (judge_port(adapter, port, err))
		return true;
	if (!*now->state || !strcmp(now->state, "running"))
		return false;
	err->code = CXLF_E_PATH_OFFLINE;
	cxlf_cause(err, "the SCSI device of the path is in the state \"%s\"", now->state);
	cxlf_fix(err, "echo running > /sys/class/scsi_device/%s/device/state", hctl);
	return true;
}

bool cxlf_path_diagnose(const char *hctl, struct cxlf_err *err)
{
	struct cxlf_topology topology = {0};
	struct cxlf_err ignored;
	bool found;

	if (cxlf_discover("", CXLF_WANT_PATHS | CXLF_WANT_STATE | CXLF_WANT_PORTS, &topology, &ignored))
		return false;
	found = judge(&topology, hctl, err);
	cxlf_topology_free(&topology);
	return found;
}
