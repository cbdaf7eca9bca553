/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "health.h"
#include "fields.h"

#include <string.h>

static const struct cxlf_health *health_of(struct cxlf_row row)
{
	return row.of;
}

static void value_verdict(struct cxlf_value *v, enum cxlf_soundness verdict)
{
	static const enum cxlf_tone tone[] = {CXLF_GOOD, CXLF_WARN, CXLF_WARN, CXLF_BAD};

	cxlf_value_text(v, cxlf_soundness_name(verdict));
	v->tone = tone[verdict];
}

static void value_adapter(struct cxlf_value *v, const struct cxlf_health *health, unsigned adapter)
{
	cxlf_value_text(v, health->topology->adapter[adapter].name);
}

/* ---- reasons ---- */

static const void *reason_of(struct cxlf_row row)
{
	return health_of(row)->reason + row.i;
}

static void reason_code(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, cxlf_code_info(health_of(row)->reason[row.i].code)->name);
}

static void reason_effect(struct cxlf_row row, struct cxlf_value *v)
{
	value_verdict(v, health_of(row)->reason[row.i].verdict);
}

#define REASON(member) CXLF_AT(reason_of, struct cxlf_reason, member)

static const struct cxlf_field reason_fields[] = {
	CXLF_KEY("code", CXLF_TEXT, .get = reason_code), CXLF_KEY("effect", CXLF_TEXT, .get = reason_effect),
	CXLF_KEY("why", CXLF_TEXT, REASON(text)),	 CXLF_KEY("fix", CXLF_TEXT, REASON(fix)),
	CXLF_KEY("source", CXLF_TEXT, REASON(source)),	 CXLF_FIELDS_END,
};

/* ---- events ---- */

static const void *event_of(struct cxlf_row row)
{
	return health_of(row)->log.event + row.i;
}

static const void *kind_of(struct cxlf_row row)
{
	return health_of(row)->log.event[row.i].kind;
}

static void event_adapter(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_health *health = health_of(row);

	for (unsigned i = 0; i < health->topology->n_adapters; i++)
		if (cxlf_klog_is_about(health->log.event + row.i, health->topology->adapter + i))
			return value_adapter(v, health, i);
}

static void event_severity(struct cxlf_row row, struct cxlf_value *v)
{
	static const enum cxlf_tone tone[] = {CXLF_PLAIN, CXLF_WARN, CXLF_BAD};
	enum cxlf_severity severity = health_of(row)->log.event[row.i].kind->severity;

	cxlf_value_text(v, cxlf_severity_name(severity));
	v->tone = tone[severity];
}

static void event_first(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, health_of(row)->log.event[row.i].first_us / 1000000);
}

static void event_last(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_number(v, health_of(row)->log.event[row.i].last_us / 1000000);
}

#define EVENT(member) CXLF_AT(event_of, struct cxlf_klog_event, member)
#define KIND(member) CXLF_AT(kind_of, struct cxlf_klog_kind, member)

const struct cxlf_field cxlf_health_event_fields[] = {
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter, if the message names a known one",
		   .get = event_adapter),
	CXLF_FIELD("device", "DEVICE", CXLF_TEXT, 0, "the device that the message names", EVENT(device)),
	CXLF_FIELD("event", "EVENT", CXLF_TEXT, 0, "kind of the event", KIND(name)),
	CXLF_FIELD("severity", "SEVERITY", CXLF_TEXT, 0, "info, warning or error", .get = event_severity),
	CXLF_FIELD("port", "PORT", CXLF_COUNT, 0, "port of the adapter", EVENT(port)),
	CXLF_FIELD("count", "COUNT", CXLF_COUNT, 0, "number of such messages", EVENT(count)),
	CXLF_FIELD("first_seconds", "FIRST", CXLF_COUNT, 0, "time of the first one, in seconds since boot",
		   .get = event_first),
	CXLF_FIELD("last_seconds", "LAST", CXLF_COUNT, 0, "time of the last one, in seconds since boot",
		   .get = event_last),
	CXLF_FIELD("summary", "MEANING", CXLF_TEXT, 0, "what it means", KIND(meaning)),
	CXLF_FIELD("consequence", "CONSEQUENCE", CXLF_TEXT, 0, "what the kernel did, or what to do", KIND(consequence)),
	CXLF_FIELD("text", "TEXT", CXLF_TEXT, 0, "the last message", EVENT(text)),
	CXLF_FIELDS_END,
};

/* ---- adapters ---- */

static struct cxlf_row to_adapter(struct cxlf_row row)
{
	return (struct cxlf_row){health_of(row)->topology, row.i};
}

static void health_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	value_verdict(v, health_of(row)->verdict[row.i]);
}

static void health_contexts(struct cxlf_row row, struct cxlf_value *v)
{
	if (health_of(row)->contexts_known)
		cxlf_value_number(v, health_of(row)->n_contexts[row.i]);
}

static void health_reasons(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_health *health = health_of(row);
	size_t first = 0, n = 0;

	while (first < health->n && health->reason[first].adapter < row.i)
		first++;
	while (first + n < health->n && health->reason[first + n].adapter == row.i)
		n++;
	cxlf_value_rows(v, health, n);
	v->rows.first = first;
}

const struct cxlf_field cxlf_health_fields[] = {
	CXLF_KEY("verdict", CXLF_TEXT, .get = health_verdict),
	CXLF_KEY("reasons", CXLF_RECORDS, .of = reason_fields, .get = health_reasons),
	CXLF_KEY("contexts_used", CXLF_COUNT, .get = health_contexts),
	CXLF_ALL_OF(cxlf_adapter_fields, .via = to_adapter),
	CXLF_ALL_OF(cxlf_adapter_detail_fields, .via = to_adapter),
	CXLF_ALL_OF(cxlf_adapter_ports_fields, .via = to_adapter),
	CXLF_FIELDS_END,
};

/* ---- lines ---- */

static const struct cxlf_health_line *line_of(struct cxlf_row row)
{
	return (const struct cxlf_health_line *)row.of + row.i;
}

static const void *line_reason(struct cxlf_row row)
{
	return line_of(row)->reason;
}

static void line_adapter(struct cxlf_row row, struct cxlf_value *v)
{
	value_adapter(v, line_of(row)->health, line_of(row)->adapter);
}

static void line_pci(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, line_of(row)->health->topology->adapter[line_of(row)->adapter].pci);
}

static void line_verdict(struct cxlf_row row, struct cxlf_value *v)
{
	value_verdict(v, line_of(row)->health->verdict[line_of(row)->adapter]);
}

static void line_code(struct cxlf_row row, struct cxlf_value *v)
{
	if (line_of(row)->reason)
		cxlf_value_text(v, cxlf_code_info(line_of(row)->reason->code)->name);
}

static void line_effect(struct cxlf_row row, struct cxlf_value *v)
{
	if (line_of(row)->reason)
		value_verdict(v, line_of(row)->reason->verdict);
}

#define LINE(member) CXLF_AT(line_reason, struct cxlf_reason, member)

const struct cxlf_field cxlf_health_line_fields[] = {
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "the adapter", .get = line_adapter),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the adapter", .get = line_pci),
	CXLF_FIELD("verdict", "VERDICT", CXLF_TEXT, 0, "ok, unknown, degraded or failed: of the adapter",
		   .get = line_verdict),
	CXLF_FIELD("code", "CODE", CXLF_TEXT, 0, "code of the reason, which explain describes", .get = line_code),
	CXLF_FIELD("effect", "EFFECT", CXLF_TEXT, 0, "verdict that this reason leads to; ok: none", .get = line_effect),
	CXLF_FIELD("why", "WHY", CXLF_TEXT, 0, "the reason", LINE(text)),
	CXLF_FIELD("fix", "FIX", CXLF_TEXT, 0, "what to do", LINE(fix), .cut = true, .spare = 1),
	CXLF_FIELD("source", "SOURCE", CXLF_TEXT, 0, "what it was read from", LINE(source)),
	CXLF_FIELDS_END,
};
