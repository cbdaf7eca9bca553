/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "health.h"
#include "array.h"
#include "discover/census.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXTS_MAX 512u /* of an AFU (SISLite) */
#define CONTEXTS_MANY (CONTEXTS_MAX * 9 / 10)

const char *cxlf_soundness_name(enum cxlf_soundness verdict)
{
	static const char *const name[] = {"ok", "unknown", "degraded", "failed"};

	return name[verdict];
}

static struct cxlf_reason *add(struct cxlf_health *health, unsigned adapter, enum cxlf_soundness verdict,
			       enum cxlf_code code, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* Out of memory: a reason that is thrown away. */
static struct cxlf_reason *add(struct cxlf_health *health, unsigned adapter, enum cxlf_soundness verdict,
			       enum cxlf_code code, const char *fmt, ...)
{
	static _Thread_local struct cxlf_reason lost;
	struct cxlf_reason *grown = cxlf_array_grow(health->reason, &health->room, health->n, sizeof(*grown)), *reason;
	va_list args;

	if (grown)
		health->reason = grown;
	health->no_memory |= !grown;
	reason = grown ? grown + health->n++ : &lost;
	*reason = (struct cxlf_reason){.adapter = adapter, .verdict = verdict, .code = code};
	va_start(args, fmt);
	vsnprintf(reason->text, sizeof(reason->text), fmt, args);
	va_end(args);
	if (verdict > health->verdict[adapter])
		health->verdict[adapter] = verdict;
	return reason;
}

/* Where a reason comes from, and what to do about it. */
static void tell(struct cxlf_reason *reason, const char *source, const char *fix)
{
	snprintf(reason->source, sizeof(reason->source), "%s", source);
	snprintf(reason->fix, sizeof(reason->fix), "%s", fix);
}

static void check_adapter(struct cxlf_health *health, unsigned i)
{
	static const struct {
		enum cxlf_soundness verdict;
		enum cxlf_code code;
		const char *fix;
	} of[] = {
		[CXLF_AFU_UNKNOWN] = {CXLF_HEALTH_UNKNOWN, CXLF_E_STATE_UNKNOWN, ""},
		[CXLF_AFU_FROZEN] = {CXLF_HEALTH_FAILED, CXLF_E_ADAPTER_FROZEN,
				     "wait for the recovery by the kernel; if it does not end, read its log"},
		[CXLF_AFU_RESETTING] = {CXLF_HEALTH_DEGRADED, CXLF_E_ADAPTER_FROZEN,
					"wait for the end of the reset; it takes less than a minute"},
		[CXLF_AFU_FAILED] = {CXLF_HEALTH_FAILED, CXLF_E_ADAPTER_FAILED,
				     "unbind the driver from the adapter and bind it again, or replace the card"},
	};
	const struct cxlf_adapter *adapter = health->topology->adapter + i;

	if (adapter->afu_state != CXLF_AFU_READY)
		tell(add(health, i, of[adapter->afu_state].verdict, of[adapter->afu_state].code,
			 "the adapter is %s: %s", cxlf_afu_state_name(adapter->afu_state), adapter->afu_reason),
		     "eeh_pe_state, cxl mode, host state, /proc/interrupts", of[adapter->afu_state].fix);
	if (!*adapter->chardev)
		tell(add(health, i, CXLF_HEALTH_OK, CXLF_E_STATE_UNKNOWN,
			 "its character device below /dev/cxlflash is not known"),
		     "/sys/class/cxlflash", "");
}

/* The ports of an adapter that is not ready were not read: the adapter's own reason says so. */
static void check_ports(struct cxlf_health *health, unsigned i)
{
	const struct cxlf_adapter *adapter = health->topology->adapter + i;
	unsigned n_offline = 0;

	for (unsigned port = 0; port < adapter->n_ports; port++)
		n_offline += adapter->port[port].state == CXLF_PORT_OFFLINE;
	for (unsigned port = 0; port < adapter->n_ports; port++) {
		char source[32];

		snprintf(source, sizeof(source), "host%u/port%u", adapter->host, port);
		if (adapter->port[port].state == CXLF_PORT_OFFLINE)
			tell(add(health, i, n_offline == adapter->n_ports ? CXLF_HEALTH_FAILED : CXLF_HEALTH_DEGRADED,
				 CXLF_E_PORT_OFFLINE, "port%u is offline, with %u path%s", port,
				 adapter->port[port].n_paths, adapter->port[port].n_paths == 1 ? "" : "s"),
			     source, "check cable, transceiver and switch port");
		else if (adapter->port[port].state == CXLF_PORT_UNKNOWN && adapter->afu_state == CXLF_AFU_READY)
			tell(add(health, i, CXLF_HEALTH_UNKNOWN, CXLF_E_STATE_UNKNOWN,
				 "the state of port%u cannot be read", port),
			     source, "");
	}
	if (!adapter->n_ports)
		tell(add(health, i, CXLF_HEALTH_UNKNOWN, CXLF_E_STATE_UNKNOWN, "no port can be read"), "SCSI host", "");
}

static void check_paths(struct cxlf_health *health, unsigned i)
{
	const struct cxlf_topology *topology = health->topology;
	unsigned n_small = 0;

	for (unsigned k = 0; k < topology->n_paths; k++) {
		const struct cxlf_path *path = topology->path + k;
		const char *name = *path->sd ? path->sd : path->sg;
		char rescan[96];

		if (path->adapter != i)
			continue;
		snprintf(rescan, sizeof(rescan), "echo 1 > /sys/class/scsi_device/%s/device/rescan", path->hctl);
		if (strcmp(path->state, "running") != 0)
			tell(add(health, i, *path->state ? CXLF_HEALTH_DEGRADED : CXLF_HEALTH_UNKNOWN,
				 *path->state ? CXLF_E_PATH_OFFLINE : CXLF_E_STATE_UNKNOWN, "path %s (%s) is %s",
				 path->hctl, name, *path->state ? path->state : "in an unknown state"),
			     "state of the SCSI device", "");
		if (!path->has_wwid)
			tell(add(health, i, CXLF_HEALTH_DEGRADED, CXLF_E_NO_IDENTITY, "path %s (%s) has no identity",
				 path->hctl, name),
			     "VPD page 0x83", rescan);
		n_small += path->block_bytes == 512;
	}
	if (n_small)
		tell(add(health, i, CXLF_HEALTH_OK, CXLF_E_NOT_SUPPORTED,
			 "%u path%s to LUNs with blocks of 512 bytes, which the CAPI block library does not support",
			 n_small, n_small == 1 ? "" : "s"),
		     "logical_block_size", "");
}

/* Once for each adapter that has a path of the LUN. */
static void check_luns(struct cxlf_health *health)
{
	const struct cxlf_topology *topology = health->topology;

	for (unsigned i = 0; i < topology->n_luns; i++) {
		const struct cxlf_lun *lun = topology->lun + i;
		unsigned last = UINT32_MAX;
		char wwid[CXLF_WWID_TEXT], fix[96];

		if (lun->mode != CXLF_MODE_MIXED)
			continue;
		cxlf_wwid_text(&lun->wwid, wwid);
		snprintf(fix, sizeof(fix), "cxlflashctl manage-lun %s legacy|superpipe", wwid);
		for (unsigned k = 0; k < lun->n_paths; k++) {
			unsigned adapter = topology->path[lun->path[k]].adapter;

			if (adapter != last)
				tell(add(health, adapter, CXLF_HEALTH_DEGRADED, CXLF_E_MIXED_MODES,
					 "LUN %s has paths in legacy and in superpipe mode", wwid),
				     "mode of each path", fix);
			last = adapter;
		}
	}
}

static void check_contexts(struct cxlf_health *health, const char *sysroot)
{
	struct cxlf_census census = {0};
	struct cxlf_err err;

	if (!cxlf_census(sysroot, health->topology, &census, &err)) {
		health->contexts_known = census.complete;
		for (unsigned i = 0; i < census.n; i++)
			if (census.context[i].adapter < health->topology->n_adapters)
				health->n_contexts[census.context[i].adapter]++;
	}
	for (unsigned i = 0; i < health->topology->n_adapters; i++)
		if (health->n_contexts[i] >= CONTEXTS_MANY)
			tell(add(health, i, CXLF_HEALTH_DEGRADED, CXLF_E_NO_CONTEXTS, "%u of %u contexts are in use",
				 health->n_contexts[i], CONTEXTS_MAX),
			     "/proc/PID/fdinfo", "cxlflashctl context list");
	cxlf_census_free(&census);
}

/* "This PCI device has failed 3 times in the last hour and will be permanently disabled after 5 failures." */
static void check_log(struct cxlf_health *health)
{
	for (size_t k = 0; k < health->log.n; k++) {
		const struct cxlf_klog_event *event = health->log.event + k;

		if (strcmp(event->kind->name, "eeh-count") != 0 && strcmp(event->kind->name, "eeh-disabled") != 0)
			continue;
		for (unsigned i = 0; i < health->topology->n_adapters; i++)
			if (cxlf_klog_is_about(event, health->topology->adapter + i))
				tell(add(health, i, CXLF_HEALTH_OK, CXLF_E_PCI_ERRORS, "%s", event->text), "kernel log",
				     "");
	}
}

static int by_adapter(const void *a, const void *b)
{
	const struct cxlf_reason *one = a, *two = b;

	if (one->adapter != two->adapter)
		return one->adapter < two->adapter ? -1 : 1;
	if (one->verdict != two->verdict)
		return one->verdict > two->verdict ? -1 : 1;
	return strcmp(one->text, two->text);
}

int cxlf_health_check(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_health *health,
		      struct cxlf_err *err)
{
	*health = (struct cxlf_health){.topology = topology};
	if (topology->n_adapters > CXLF_MAX_ADAPTERS)
		return cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "more than %u adapters", CXLF_MAX_ADAPTERS);
	health->log_error = -cxlf_klog_read(sysroot, &health->log);
	health->no_memory = health->log_error == ENOMEM;
	for (unsigned i = 0; i < topology->n_adapters; i++) {
		check_adapter(health, i);
		check_ports(health, i);
		check_paths(health, i);
	}
	check_luns(health);
	check_contexts(health, sysroot);
	check_log(health);
	if (health->no_memory)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	if (health->n)
		qsort(health->reason, health->n, sizeof(*health->reason), by_adapter);
	return 0;
}

void cxlf_health_free(struct cxlf_health *health)
{
	free(health->reason);
	cxlf_klog_free(&health->log);
	*health = (struct cxlf_health){0};
}
