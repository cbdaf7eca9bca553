/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The adapters' ports: their states where it is safe to read them, else what is known from the paths.
 */
#include "afu_state.h"
#include "interrupts.h"
#include "scan.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void look(const struct cxlf_place *place, struct cxlf_afu_evidence *evidence)
{
	cxlf_afu_evidence(place->host, place->top, place->afus, evidence);
}

/* An AFU that is off both before and after the count had no interrupt during it. */
static struct cxlf_afu_interrupts count_interrupts(const struct cxlf_scan *scan)
{
	struct cxlf_afu_interrupts interrupts = {.n_adapters = scan->topology->n_adapters};
	struct cxlf_interrupts text = {0};
	struct cxlf_afu_evidence evidence;
	bool off[CXLF_MAX_ADAPTERS] = {false};

	for (unsigned i = 0; i < interrupts.n_adapters && i < CXLF_MAX_ADAPTERS; i++) {
		look(scan->place + i, &evidence);
		off[i] = evidence.mode_off;
	}
	interrupts.known = !cxlf_interrupts_read(scan->root, "proc/interrupts", &text);
	interrupts.n_alive = text.n_async;
	for (unsigned i = 0; i < interrupts.n_adapters && i < CXLF_MAX_ADAPTERS; i++) {
		if (!off[i])
			continue;
		look(scan->place + i, &evidence);
		interrupts.n_off += evidence.mode_off;
	}
	return interrupts;
}

#define PORTS_MIN 2 /* every adapter has these */

static enum cxlf_port_state port_state(const char *text)
{
	return !strcmp(text, "online")	  ? CXLF_PORT_ONLINE
	       : !strcmp(text, "offline") ? CXLF_PORT_OFFLINE
					  : CXLF_PORT_UNKNOWN;
}

static bool ready(const struct cxlf_scan *scan, unsigned i, const struct cxlf_afu_interrupts *interrupts)
{
	struct cxlf_adapter *adapter = scan->topology->adapter + i;
	struct cxlf_afu_evidence evidence;

	look(scan->place + i, &evidence);
	adapter->afu_state = cxlf_afu_judge(&evidence, interrupts, scan->saved, &adapter->afu_reason);
	return adapter->afu_state == CXLF_AFU_READY;
}

/*
 * The state of the AFU is examined again before each port, because a freeze may begin at any moment. For a missing port
 * the driver returns EINVAL and logs an error, so ports that need not exist are read only on request.
 */
static void read_ports(const struct cxlf_scan *scan, unsigned i, const struct cxlf_afu_interrupts *interrupts)
{
	struct cxlf_adapter *adapter = scan->topology->adapter + i;
	unsigned n = 0, limit = adapter->n_ports > PORTS_MIN ? adapter->n_ports : PORTS_MIN;

	if (scan->want & CXLF_WANT_ALL_PORTS || scan->saved)
		limit = CXLF_MAX_PORTS;
	for (; n < limit && (ready(scan, i, interrupts) || scan->saved); n++) {
		char name[8], text[16];

		snprintf(name, sizeof(name), "port%u", n);
		if (cxlf_sysfs_read(scan->place[i].host, name, text, sizeof(text)) < 0)
			break;
		adapter->port[n].state = port_state(text);
	}
	if (n > adapter->n_ports)
		adapter->n_ports = n;
}

/* A lower bound of the number of ports. */
static void ports_of_paths(struct cxlf_adapter *adapter)
{
	for (unsigned i = 0; i < CXLF_MAX_PORTS; i++)
		if (adapter->port[i].n_paths)
			adapter->n_ports = i + 1;
}

void cxlf_scan_ports(struct cxlf_scan *scan)
{
	if (!scan->topology->n_adapters)
		return;

	struct cxlf_afu_interrupts interrupts = count_interrupts(scan);

	for (unsigned i = 0; i < scan->topology->n_adapters; i++) {
		ports_of_paths(scan->topology->adapter + i);
		if (scan->want & CXLF_WANT_PORTS)
			read_ports(scan, i, &interrupts);
		else
			ready(scan, i, &interrupts);
	}
}
