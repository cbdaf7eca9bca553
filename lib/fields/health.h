/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output fields of the health of adapters.
 *
 * A row of the first table is a struct cxlf_health with the index of an adapter, of the others with the index of a
 * reason or an event. A row of `lines` is an element of an array of struct cxlf_health_line.
 */
#ifndef CXLF_FIELDS_HEALTH_H
#define CXLF_FIELDS_HEALTH_H

#include "health/health.h"
#include "output.h"

/* One line of the report: a reason, or an adapter without one. */
struct cxlf_health_line {
	const struct cxlf_health *health;
	unsigned adapter;
	const struct cxlf_reason *reason; /* or NULL */
};

extern const struct cxlf_field cxlf_health_fields[]; /* verdict, contexts, reasons, events */
extern const struct cxlf_field cxlf_health_line_fields[];
#define CXLF_HEALTH_LINE_SHOWN "adapter,verdict,code,why,fix"
extern const struct cxlf_field cxlf_health_event_fields[];
#define CXLF_HEALTH_EVENT_SHOWN "adapter,event,severity,port,count,first_seconds,last_seconds,summary"

#endif
