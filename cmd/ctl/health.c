/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl health, events.
 */
#include "fields/health.h"
#include "command.h"
#include "fields/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct health_args {
	struct cli_objects adapters;
	bool check;
};

/* The document: the adapters asked for. */
struct report {
	struct cxlf_health health;
	unsigned *adapter, *event; /* indices */
	size_t n_adapters, n_events;
	struct cxlf_health_line *line;
	size_t n_lines;
};

static void all_adapters(struct cxlf_row row, struct cxlf_value *v)
{
	const struct report *report = row.of;

	cxlf_value_rows(v, &report->health, report->n_adapters);
	v->rows.index = report->adapter;
}

static void all_events(struct cxlf_row row, struct cxlf_value *v)
{
	const struct report *report = row.of;

	cxlf_value_rows(v, &report->health, report->n_events);
	v->rows.index = report->event;
	v->known = !report->health.log_error;
}

static const struct cxlf_field health_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = cxlf_health_fields, .get = all_adapters),
	CXLF_KEY("events", CXLF_RECORDS, .of = cxlf_health_event_fields, .get = all_events),
	CXLF_KEY("events_complete", CXLF_FLAG, CXLF_AT(NULL, struct report, health.log.complete)),
	CXLF_KEY("contexts_complete", CXLF_FLAG, CXLF_AT(NULL, struct report, health.contexts_known)),
	CXLF_FIELDS_END,
};

static const struct cxlf_field events_document[] = {
	CXLF_KEY("events", CXLF_RECORDS, .of = cxlf_health_event_fields, .get = all_events),
	CXLF_KEY("events_complete", CXLF_FLAG, CXLF_AT(NULL, struct report, health.log.complete)),
	CXLF_FIELDS_END,
};

static bool is_asked(const struct health_args *a, unsigned adapter)
{
	bool found = !a->adapters.n;

	for (unsigned i = 0; i < a->adapters.n && !found; i++)
		found = a->adapters.item[i].index == adapter;
	return found;
}

/* An event without a known adapter is shown if all adapters are. */
static bool is_event_asked(const struct health_args *a, const struct report *report, size_t event)
{
	const struct cxlf_topology *topology = report->health.topology;

	for (unsigned i = 0; i < topology->n_adapters && a->adapters.n; i++)
		if (is_asked(a, i) && cxlf_klog_is_about(report->health.log.event + event, topology->adapter + i))
			return true;
	return !a->adapters.n;
}

static int select_rows(const struct health_args *a, struct report *report, struct cxlf_err *err)
{
	const struct cxlf_health *health = &report->health;

	report->adapter = calloc(health->topology->n_adapters + 1, sizeof(*report->adapter));
	report->event = calloc(health->log.n + 1, sizeof(*report->event));
	report->line = calloc(health->n + health->topology->n_adapters + 1, sizeof(*report->line));
	if (!report->adapter || !report->event || !report->line)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0, k = 0; i < health->topology->n_adapters; i++) {
		size_t before = report->n_lines;

		for (; k < health->n && health->reason[k].adapter == i; k++)
			if (is_asked(a, i))
				report->line[report->n_lines++] =
					(struct cxlf_health_line){health, i, health->reason + k};
		if (!is_asked(a, i))
			continue;
		report->adapter[report->n_adapters++] = i;
		if (report->n_lines == before)
			report->line[report->n_lines++] = (struct cxlf_health_line){health, i, NULL};
	}
	for (size_t i = 0; i < health->log.n; i++)
		if (is_event_asked(a, report, i))
			report->event[report->n_events++] = (unsigned)i;
	return 0;
}

/* Inputs that are missing change no verdict. */
static void warn_of_missing(struct ctl *ctl, const struct cxlf_health *health)
{
	if (health->log_error)
		cxlf_out_warn(&ctl->out, NULL, "past events are not known: the kernel's log cannot be read (%s)",
			      cxlf_errno_name(health->log_error));
	if (!health->contexts_known)
		cxlf_out_warn(&ctl->out, NULL, "the number of contexts is not known: %s",
			      *ctl->sysroot ? "the saved tree has no processes"
					    : "processes of other users cannot be examined");
}

static int judge(const struct health_args *a, const struct report *report, struct cxlf_err *err)
{
	size_t n_bad = 0;

	for (size_t i = 0; i < report->n_adapters; i++)
		n_bad += report->health.verdict[report->adapter[i]] != CXLF_HEALTH_OK;
	if (!a->check || !n_bad)
		return 0;
	return cxlf_fail(err, CXLF_E_UNHEALTHY, "%zu of %zu adapter%s %s not ok", n_bad, report->n_adapters,
			 report->n_adapters == 1 ? "" : "s", n_bad == 1 ? "is" : "are");
}

static void end(struct report *report)
{
	free(report->adapter);
	free(report->event);
	free(report->line);
	cxlf_health_free(&report->health);
}

static int health(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct report report = {.n_adapters = 0};
	int rc =
		cxlf_health_check(ctl->sysroot, &ctl->topology, &report.health, err) ?: select_rows(args, &report, err);

	if (!rc) {
		warn_of_missing(ctl, &report.health);
		rc = CXLF_SHOW(&ctl->out, err, .document = health_document, .document_of = &report,
			       .rows = {.fields = cxlf_health_line_fields, .of = report.line, .n = report.n_lines})
			     ?: judge(args, &report, err);
	}
	end(&report);
	return rc;
}

static int events(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct report report = {.health = {.topology = &ctl->topology}};
	int rc = cxlf_klog_read(ctl->sysroot, &report.health.log);

	if (rc) {
		cxlf_fail_sys(err, rc == -EPERM || rc == -EACCES ? CXLF_E_PERMISSION : CXLF_E_FAILED, rc,
			      "the kernel's log (%s/dev/kmsg) cannot be read", ctl->sysroot);
		if (err->code == CXLF_E_PERMISSION)
			cxlf_fix(err, "run the command as root");
	} else if (!(rc = select_rows(args, &report, err))) {
		rc = CXLF_SHOW(&ctl->out, err, .document = events_document, .document_of = &report,
			       .rows = {.fields = cxlf_health_event_fields,
					.of = &report.health,
					.index = report.event,
					.n = report.n_events});
	}
	end(&report);
	return rc;
}

#define ADAPTERS                                                                                                       \
	CLI_ADAPTERS(                                                                                                  \
		struct health_args, adapters, .name = "ADAPTER", .optional = true,                                     \
		.help = "cxlflashN, hostN, a PCI address, cardN or a location code; all adapters if none is given")

static const struct cli_arg health_table[] = {
	ADAPTERS,
	CLI_FLAG(struct health_args, check, .name = "--check", .help = "exit status 9 unless every verdict is ok"),
	CLI_END,
};

static const struct cli_arg events_table[] = {
	ADAPTERS,
	CLI_END,
};

const struct command cmd_health = {
	.name = "health",
	.summary = "report whether each adapter is sound, and why not",
	.about = "The verdict on an adapter is ok, degraded, failed or unknown. It is derived from the present states "
		 "of "
		 "the PCI slot, the AFU, the ports and the paths. If one of these cannot be read, the verdict is not "
		 "ok. Past events in the kernel's log and inputs that are missing do not change it. No device is "
		 "opened, and no port is read while its registers may be unmapped.",
	.example = "health # all adapters\n"
		   "health --check -q cxlflash0 # for a script",
	CLI_ARGS(health_table, struct health_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = cxlf_health_line_fields,
	.shown = CXLF_HEALTH_LINE_SHOWN,
	.document = health_document,
	.scans = true,
	.want = CXLF_WANT_ALL & ~CXLF_WANT_DEVNO & ~CXLF_WANT_INQUIRY,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_CHECK),
	.run = health,
};

const struct command cmd_events = {
	.name = "events",
	.summary = "list the kernel's messages about adapters, decoded",
	.about = "Shows one line for each kind of message, device and port: how often and when it was logged, what it "
		 "means and what the kernel did. The messages are those of the drivers cxlflash and cxl and of the "
		 "kernel's PCI error handling (EEH).",
	.example = "events # all adapters\n"
		   "events cxlflash0 -o +text # with the text of the last message",
	CLI_ARGS(events_table, struct health_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = cxlf_health_event_fields,
	.shown = CXLF_HEALTH_EVENT_SHOWN,
	.document = events_document,
	.scans = true,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_UNSUPPORTED),
	.run = events,
};
