/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl context list, context info: held contexts, and those of other programs.
 *
 * A holder reports every field of its context. A foreign context is found by the census, which knows the process and
 * little more: the other fields are null.
 */
#include "fields/context.h"
#include "command.h"
#include "discover/census.h"
#include "fields/fields.h"
#include "holder/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line: a holder, with what the census knows of its process, or a foreign context. */
struct line {
	const struct cxlf_holder_entry *holder; /* NULL: foreign */
	const struct cxlf_census_context *seen; /* NULL: not seen */
};

struct lines {
	const struct cxlf_topology *topology;
	struct cxlf_holder_entry *holder;
	unsigned n_holders;
	struct cxlf_census census;
	bool complete; /* all processes were examined, and all holders answered */
	struct line *line;
	size_t n;
	const char **wwid; /* census.lun as text */
	char (*wwid_text)[CXLF_WWID_TEXT];
};

/* ---- fields ---- */

static const struct line *line_of(struct cxlf_row row)
{
	return &((const struct lines *)row.of)->line[row.i];
}

/* NULL: foreign, or a holder that did not answer, or of another release. */
static const void *info_of(struct cxlf_row row)
{
	const struct cxlf_holder_entry *holder = line_of(row)->holder;

	return holder && holder->found == CXLF_HOLDER_ANSWERS ? &holder->info : NULL;
}

/* NULL: foreign, or a holder that did not answer. */
static const void *answer_of(struct cxlf_row row)
{
	const struct cxlf_holder_entry *holder = line_of(row)->holder;

	return holder && holder->found == CXLF_HOLDER_OTHER ? holder : info_of(row) ? holder : NULL;
}

static const struct cxlf_holder_info *brief_of(struct cxlf_row row)
{
	return answer_of(row) ? &line_of(row)->holder->info : NULL;
}

static const void *holder_of(struct cxlf_row row)
{
	return line_of(row)->holder;
}

static const void *seen_by_census(struct cxlf_row row)
{
	return line_of(row)->seen;
}

static void line_kind(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, line_of(row)->holder ? "holder" : "foreign");
}

static void line_answer(struct cxlf_row row, struct cxlf_value *v)
{
	if (!line_of(row)->holder)
		return;
	cxlf_value_text(v, cxlf_holder_found_name(line_of(row)->holder->found));
	if (line_of(row)->holder->found != CXLF_HOLDER_ANSWERS)
		v->tone = CXLF_WARN;
}

static void line_pid(struct cxlf_row row, struct cxlf_value *v)
{
	if (line_of(row)->holder && line_of(row)->holder->pid)
		cxlf_value_number(v, (uint64_t)line_of(row)->holder->pid);
	else if (line_of(row)->seen)
		cxlf_value_number(v, (uint64_t)line_of(row)->seen->pid);
}

/* The adapter of a foreign context, or NULL if it is unknown. */
static const struct cxlf_adapter *adapter_of(struct cxlf_row row)
{
	const struct cxlf_topology *topology = ((const struct lines *)row.of)->topology;
	const struct cxlf_census_context *seen = line_of(row)->seen;

	return seen && seen->adapter < topology->n_adapters ? &topology->adapter[seen->adapter] : NULL;
}

static void line_adapter(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_info *info = brief_of(row);

	if (info)
		cxlf_value_text(v, info->adapter_name);
	else if (adapter_of(row))
		cxlf_value_text(v, adapter_of(row)->name);
}

static void line_pci(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_info *info = brief_of(row);

	if (info)
		cxlf_value_text(v, info->adapter_pci);
	else if (adapter_of(row))
		cxlf_value_text(v, adapter_of(row)->pci);
}

/* In a PowerVM guest the hypervisor numbers the process elements, and Linux has numbers of its own. */
static bool linux_numbers_elements(struct cxlf_row row)
{
	const struct cxlf_topology *topology = ((const struct lines *)row.of)->topology;

	for (unsigned i = 0; i < topology->n_adapters; i++)
		if (topology->adapter[i].platform == CXLF_PLATFORM_POWERVM)
			return false;
	return true;
}

static void line_linux_element(struct cxlf_row row, struct cxlf_value *v)
{
	if (line_of(row)->seen && line_of(row)->seen->process_element != CXLF_NO_ELEMENT)
		cxlf_value_number(v, line_of(row)->seen->process_element);
}

/* The low half of the driver's id, which only a holder tells. */
static void line_element(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_info *info = brief_of(row);

	if (info)
		cxlf_value_number(v, info->context & UINT32_MAX);
	else if (linux_numbers_elements(row))
		line_linux_element(row, v);
}

static void line_state(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_holder_entry *holder = answer_of(row);

	if (info_of(row))
		CXLF_VALUE_PICK(v, cxlf_context_state_words, holder->info.state);
	else if (holder)
		cxlf_value_text(v, holder->state);
}

static void line_size(struct cxlf_row row, struct cxlf_value *v)
{
	if (info_of(row))
		cxlf_value_number(v, cxlf_holder_size(info_of(row)));
}

static void line_open_luns(struct cxlf_row row, struct cxlf_value *v)
{
	const struct lines *lines = row.of;
	const struct cxlf_census_context *seen = line_of(row)->seen;

	if (!seen || !lines->topology->n_luns)
		return; /* context info does not scan */
	v->texts = lines->wwid + seen->first_lun;
	v->n_texts = seen->n_luns;
	v->known = true;
}

#define CONTEXT_SHOWN "name,pid,process,user,adapter,process_element,state,lun_count,handle_count,size_bytes,started"
#define ANSWER(member) CXLF_AT(answer_of, struct cxlf_holder_entry, member)
#define INFO(member) CXLF_AT(info_of, struct cxlf_holder_info, member)
#define SEEN(member) CXLF_AT(seen_by_census, struct cxlf_census_context, member)

static const struct cxlf_field context_fields[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 0, "of a held context; others have none",
		   CXLF_AT(holder_of, struct cxlf_holder_entry, name)),
	CXLF_FIELD("kind", "KIND", CXLF_TEXT, 0, "holder: held by cxlflash-holder; foreign: of another program",
		   .get = line_kind),
	CXLF_FIELD("answer", "ANSWER", CXLF_TEXT, 0,
		   "whether the holder answers: yes, denied (permission denied), silent (timed out), other-release (it "
		   "was "
		   "started before the package was replaced; it can only be listed and stopped)",
		   .get = line_answer),
	CXLF_FIELD("release", "RELEASE", CXLF_TEXT, 0, "release of the holder", ANSWER(release)),
	CXLF_FIELD("pid", "PID", CXLF_COUNT, 0, "the process it belongs to", .get = line_pid),
	CXLF_FIELD("process", "PROCESS", CXLF_TEXT, 0, "the process's name", SEEN(comm)),
	CXLF_FIELD("user", "USER", CXLF_TEXT, 0, "the process's user", SEEN(user)),
	CXLF_FIELD("uid", "UID", CXLF_COUNT, 0, "the user's number", SEEN(uid)),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, CXLF_WANT_LUN,
		   "the adapter it is on; of a foreign context only if it can be determined", .get = line_adapter),
	CXLF_FIELD("pci", "PCI", CXLF_TEXT, 0, "PCI address of the adapter", .get = line_pci),
	CXLF_FIELD(
		"process_element", "ELEMENT", CXLF_COUNT, 0,
		"process element: the context's number on the adapter; in a PowerVM guest unknown for foreign contexts",
		.get = line_element),
	CXLF_FIELD("linux_element", "LINUX-ELEMENT", CXLF_COUNT, 0,
		   "Linux's number of the context, in /proc/PID/fd and /proc/interrupts; in a PowerVM guest it differs "
		   "from ELEMENT",
		   .get = line_linux_element),
	CXLF_FIELD("context_id", "CONTEXT-ID", CXLF_HEX, 0, "the driver's id; a recovery changes it",
		   ANSWER(info.context)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, 0, "ready, lost (the adapter was reset), recovering or failed",
		   .get = line_state),
	CXLF_FIELD("state_reason", "REASON", CXLF_TEXT, 0, "why it is not ready", INFO(reason)),
	CXLF_FIELD("busy", "BUSY", CXLF_TEXT, 0, "the request that the holder is processing", INFO(busy)),
	CXLF_FIELD("lun_count", "LUNS", CXLF_COUNT, 0, "LUNs attached to it", ANSWER(n_luns)),
	CXLF_FIELD("handle_count", "HANDLES", CXLF_COUNT, 0, "virtual LUNs and physical handles open in it",
		   ANSWER(n_handles)),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 0, "total size of all handles", .get = line_size),
	CXLF_FIELD("started", "STARTED", CXLF_TIME, 0, "time of its start (UTC)", ANSWER(info.started)),
	CXLF_FIELD("read_only", "READ-ONLY", CXLF_FLAG, 0, "whether its handles are read-only", INFO(read_only)),
	CXLF_FIELD("implicit", "IMPLICIT", CXLF_FLAG, 0, "whether it ends with its last handle", INFO(implicit)),
	CXLF_FIELD("recovers", "RECOVERS", CXLF_FLAG, 0, "whether the holder recovers it after an adapter reset",
		   INFO(recovers)),
	CXLF_FIELD("interrupt_count", "INTERRUPTS", CXLF_COUNT, 0, "interrupts it was attached with", INFO(interrupts)),
	CXLF_FIELD("check_ms", "CHECK-MS", CXLF_COUNT, 0, "interval at which the holder checks it, in milliseconds",
		   INFO(check_ms)),
	CXLF_FIELD("recovery_count", "RECOVERIES", CXLF_COUNT, 0, "number of recoveries", INFO(recoveries)),
	CXLF_FIELD("last_recovery", "RECOVERED", CXLF_TIME, 0, "time of the last recovery (UTC)", INFO(last_recovery)),
	CXLF_FIELD("parent", "PARENT", CXLF_TEXT, 0, "of a clone: the context it was made from", INFO(parent)),
	CXLF_FIELD("open_luns", "OPEN-LUNS", CXLF_TEXTS, CXLF_WANT_LUN,
		   "LUNs with a node that the process has open; they are not necessarily attached",
		   .get = line_open_luns),
	CXLF_FIELD("luns", "Luns", CXLF_RECORDS, 0, "each LUN attached to it", .of = cxlf_context_lun_fields,
		   INFO(n_luns)),
	CXLF_FIELD("handles", "Handles", CXLF_RECORDS, 0, "each handle", .of = cxlf_context_handle_fields,
		   .shown = CXLF_CONTEXT_HANDLE_SHOWN, INFO(n_handles)),
	CXLF_FIELD("events", "Events", CXLF_RECORDS, 0, "the last events, oldest first",
		   .of = cxlf_context_event_fields, INFO(n_events)),
	CXLF_FIELDS_END,
};

static const struct cxlf_field list_document[] = {
	CXLF_KEY("complete", CXLF_FLAG, CXLF_AT(NULL, struct lines, complete)),
	CXLF_KEY("contexts", CXLF_RECORDS, .of = context_fields, CXLF_AT(NULL, struct lines, n)),
	CXLF_FIELDS_END,
};

/* ---- holders and census in one list ---- */

/* A holder has one context, so the one that its process has open is that. */
static const struct cxlf_census_context *seen_of(const struct cxlf_census *census, pid_t pid)
{
	for (unsigned i = 0; i < census->n; i++)
		if (census->context[i].pid == pid)
			return census->context + i;
	return NULL;
}

static bool is_held(const struct lines *lines, pid_t pid)
{
	for (unsigned i = 0; i < lines->n_holders; i++)
		if (lines->holder[i].pid == pid)
			return true;
	return false;
}

static void add_holders(struct lines *lines)
{
	for (unsigned i = 0; i < lines->n_holders; i++) {
		const struct cxlf_holder_entry *holder = lines->holder + i;

		if (holder->found != CXLF_HOLDER_STALE)
			lines->line[lines->n++] =
				(struct line){.holder = holder, .seen = seen_of(&lines->census, holder->pid)};
	}
}

static void add_foreign(struct lines *lines)
{
	for (unsigned i = 0; i < lines->census.n; i++)
		if (!is_held(lines, lines->census.context[i].pid))
			lines->line[lines->n++] = (struct line){.seen = lines->census.context + i};
}

static int make_lines(struct lines *lines, struct cxlf_err *err)
{
	const struct cxlf_census *census = &lines->census;

	lines->line = calloc((size_t)lines->n_holders + census->n + 1, sizeof(*lines->line));
	lines->wwid = calloc((size_t)census->n_luns + 1, sizeof(*lines->wwid));
	lines->wwid_text = calloc((size_t)census->n_luns + 1, sizeof(*lines->wwid_text));
	if (!lines->line || !lines->wwid || !lines->wwid_text)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < census->n_luns; i++) {
		cxlf_wwid_text(&lines->topology->lun[census->lun[i]].wwid, lines->wwid_text[i]);
		lines->wwid[i] = lines->wwid_text[i];
	}
	add_holders(lines);
	return 0;
}

static void free_lines(struct lines *lines)
{
	free(lines->line);
	free(lines->wwid);
	free(lines->wwid_text);
	cxlf_census_free(&lines->census);
}

/* ---- context list ---- */

struct list_args {
	unsigned timeout_ms;
};

static void warn_of_holder(struct ctl *ctl, const struct cxlf_holder_entry *holder)
{
	char object[16 + CXLF_HELD_NAME];

	snprintf(object, sizeof(object), "context %s", holder->name);
	if (holder->found != CXLF_HOLDER_ANSWERS)
		cxlf_out_warn(&ctl->out, object, "%s", cxlf_holder_found_text(holder->found));
}

static void warn(struct ctl *ctl, const struct lines *lines)
{
	for (unsigned i = 0; i < lines->n_holders; i++)
		warn_of_holder(ctl, lines->holder + i);
	if (lines->census.complete)
		return;
	if (*ctl->sysroot)
		cxlf_out_warn(&ctl->out, NULL, "the saved tree does not have all processes: contexts may be missing");
	else
		cxlf_out_warn(&ctl->out, NULL,
			      "contexts may be missing: processes of other users can be examined only by root");
}

static int show_list(struct ctl *ctl, struct lines *lines, struct cxlf_err *err)
{
	struct cxlf_err incomplete;
	int missing;

	if (cxlf_census(ctl->sysroot, lines->topology, &lines->census, err) || make_lines(lines, err))
		return -1;
	add_foreign(lines);
	if (ctl->topology.n_adapters)
		warn(ctl, lines);
	missing = cxlf_held_complete(lines->holder, lines->n_holders, true, &incomplete);
	lines->complete = lines->census.complete && !missing;
	if (CXLF_SHOW(&ctl->out, err, .document = list_document, .document_of = lines,
		      .rows = {.fields = context_fields, .of = lines, .n = lines->n}))
		return -1;
	if (missing)
		*err = incomplete;
	return missing;
}

static int context_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct list_args *a = args;
	struct lines lines = {.topology = &ctl->topology};
	int rc;

	/* A saved tree has no holders. */
	if (!*ctl->sysroot && cxlf_holder_list(CXLF_RUN_DIR, a->timeout_ms, &lines.holder, &lines.n_holders, err))
		return -1;
	rc = show_list(ctl, &lines, err);
	free_lines(&lines);
	cxlf_holder_list_free(lines.holder, lines.n_holders);
	return rc;
}

static const struct cli_arg list_table[] = {
	CLI_SECONDS(struct list_args, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = 2000,
		    .help = "how long to wait for the holders' answers (2s)"),
	CLI_END,
};

const struct command cmd_context_list = {
	.name = "context list",
	.summary = "list all adapter contexts, held and foreign",
	.about = "Held contexts have a name, and their holders report on them. Contexts of other programs are found "
		 "from the files that processes have open: no device is opened and no request is made to the driver. "
		 "Their adapter is determined from the names of their interrupts, or from the LUNs that the process "
		 "has open; a value that cannot be determined is shown as unknown. Without root only the caller's own "
		 "processes can be examined.",
	.example = "context list # one line for each\n"
		   "context list -o name,state,size --no-headings # for a script\n"
		   "context list -j | jq '.data.contexts[] | select(.kind==\"foreign\")' # contexts of other programs",
	CLI_ARGS(list_table, struct list_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_SCAN,
	.columns = context_fields,
	.shown = CONTEXT_SHOWN,
	.document = list_document,
	.scans = true,
	.want = CXLF_WANT_LUN,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_PARTIAL),
	.run = context_list,
};

/* ---- context info ---- */

struct info_args {
	struct cxlf_held name;
	unsigned timeout_ms;
};

static const struct cxlf_field info_document[] = {
	CXLF_KEY("contexts", CXLF_RECORDS, .of = context_fields, CXLF_AT(NULL, struct lines, n)),
	CXLF_FIELDS_END,
};

static int show_info(struct ctl *ctl, struct lines *lines, struct cxlf_err *err)
{
	struct cxlf_err ignored;

	/* The census gives the process's name and user; without it these stay unknown. */
	if (cxlf_census("", lines->topology, &lines->census, &ignored))
		lines->census = (struct cxlf_census){0};
	if (make_lines(lines, err))
		return -1;
	return CXLF_SHOW(&ctl->out, err, .document = info_document, .document_of = lines,
			 .rows = {.fields = context_fields, .of = lines, .n = lines->n}, .layout = CXLF_CARDS);
}

static int context_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const struct info_args *a = args;
	struct cxlf_holder_entry holder;
	struct lines lines = {.topology = &ctl->topology, .holder = &holder, .n_holders = 1};
	int rc;

	if (cxlf_holder_look(a->name.name, a->timeout_ms, &holder, err))
		return -1;
	warn_of_holder(ctl, &holder);
	rc = show_info(ctl, &lines, err);
	free_lines(&lines);
	cxlf_holder_info_free(&holder.info);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_CONTEXT(struct info_args, name, .name = "NAME", .words = CLI_WORDS_CONTEXTS, .help = "the held context"),
	CLI_SECONDS(struct info_args, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = 10000,
		    .help = "how long to wait for the holder's answer (10s)"),
	CLI_END,
};

const struct command cmd_context_info = {
	.name = "context info",
	.summary = "show a held context in detail: LUNs, handles, last events",
	.example = "context info db # one context\n"
		   "context info db -j | jq '.data.contexts[0].handles' # its handles, as JSON",
	CLI_ARGS(info_table, struct info_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES,
	.columns = context_fields,
	.shown = CONTEXT_SHOWN,
	.cards = true,
	.document = info_document,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY),
	.run = context_info,
};
