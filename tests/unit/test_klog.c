/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's messages about adapters: forms of records, devices, ports, and what is not a message of ours.
 */
#include "health/klog.h"
#include "unit.h"

#include <string.h>

static void known(void)
{
	static const struct {
		const char *line, *device, *kind;
		int port;
		unsigned long seconds;
	} cases[] = {
		{"3,339,5140900,-;cxlflash 0001:00:00.0: cxlflash_async_err_irq: FC Port 1 -> link down, "
		 "fc_status=0000000000000010\n",
		 "0001:00:00.0", "port-link-down", 1, 5},
		{"[   12.500000] cxlflash 0001:00:00.0: cxlflash_async_err_irq: FC Port 0: resetting link",
		 "0001:00:00.0", "port-reset", 0, 12},
		{"3,1,7000000,-,caller=T1;cxlflash 0001:00:00.0: process_cmd_err: cmd c0 failed, ioasc=00002100",
		 "0001:00:00.0", "afu-command-failed", -1, 7},
		{"2,1,0,c;cxl afu0.0: PSL_SERR_An: 0x8000000000000000", "afu0.0", "slice-error", -1, 0},
		{"3,1,0,-;EEH: Frozen PHB#1-PE#0 detected", "0001", "eeh-frozen", -1, 0},
		{"6,1,0,-;EEH: Recovery successful.", "0001", "eeh-recovered", -1, 0}, /* the domain named before */
	};
	struct cxlf_klog log = {0};
	struct cxlf_klog_event event;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ok(cxlf_klog_parse(&log, cases[i].line, &event), cases[i].kind);
		ok(event.kind && !strcmp(event.kind->name, cases[i].kind), "its kind");
		ok(!strcmp(event.device, cases[i].device), "its device");
		is(event.port, cases[i].port, "its port");
		is(event.first_us / 1000000, cases[i].seconds, "its time");
	}
}

static void unknown(void)
{
	static const char *const lines[] = {
		"",
		"cxlflash 0001:00:00.0: FC Port 1 -> link down",
		"3,1,0,-;sd 0:0:0:1: [sda] FC Port 1 -> link down",
		"3,1,0,-;cxlflash 0001:00:00.0: something else",
		"3,1,0,-;cxlflash",
		"3,1,0,-;cxl",
		"3,1,0,-;EEH: ",
		"3,1,0",
		"[1.2",
		" SUBSYSTEM=pci",
	};
	struct cxlf_klog log = {0};
	struct cxlf_klog_event event;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ok(!cxlf_klog_parse(&log, lines[i], &event), "another message is ignored");
}

static void adapters(void)
{
	struct cxlf_adapter adapter = {
		.pci = "0004:00:00.0", .card_pci = "0000:01:00.0", .card = "card1", .afu = "afu1.0"};
	static const char *const own[] = {"0004:00:00.0", "0000:01:00.0", "card1", "afu1.0", "0000"};
	static const char *const other[] = {"", "0005:00:00.0", "card0", "afu0.0", "0004"};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		struct cxlf_klog_event event = {0};

		strcpy(event.device, own[i]);
		ok(cxlf_klog_is_about(&event, &adapter), "the card, its AFU and its function are one adapter");
		strcpy(event.device, other[i]);
		ok(!cxlf_klog_is_about(&event, &adapter), "another adapter");
	}
}

int main(void)
{
	known();
	unknown();
	adapters();
	return done();
}
