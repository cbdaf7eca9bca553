/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of an adapter fd: interrupts, faults and AFU errors, as the cxl driver's read() returns them (contract 9.2;
 * the layout is in include/uapi/misc/cxl.h).
 */
#include "context_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES 4096 /* the driver refuses less */

enum event_type { EVENT_INTERRUPT = 1, EVENT_STORAGE_FAULT, EVENT_AFU_ERROR };

struct event {
	uint16_t type, size, process_element, reserved;
	uint16_t flags, irq;
	uint32_t reserved32;
	uint64_t value; /* the fault's address, or the AFU's error */
};

int cxlf_context_event(struct cxlf_context *context, char *text, size_t size)
{
	struct pollfd now = {.fd = context->adapter_fd, .events = POLLIN};
	struct event event = {0};
	char buf[READ_BYTES];

	*text = '\0';
	if (poll(&now, 1, 0) <= 0 || !now.revents)
		return 0;
	if (!(now.revents & POLLIN))
		return -EIO;

	ssize_t len = read(context->adapter_fd, buf, sizeof(buf));

	if (len < 8)
		return len < 0 ? -errno : -EIO;
	memcpy(&event, buf, (size_t)len < sizeof(event) ? (size_t)len : sizeof(event));
	switch (event.type) {
	case EVENT_INTERRUPT:
		snprintf(text, size, "interrupt %u from the AFU", event.irq);
		break;
	case EVENT_STORAGE_FAULT:
		snprintf(text, size, "data storage fault at 0x%016llx", (unsigned long long)event.value);
		break;
	case EVENT_AFU_ERROR:
		snprintf(text, size, "AFU error 0x%016llx", (unsigned long long)event.value);
		break;
	default:
		snprintf(text, size, "event of unknown type %u from the adapter", event.type);
	}
	return 1;
}
