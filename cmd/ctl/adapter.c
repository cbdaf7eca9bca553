/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl adapter list, adapter info.
 */
#include "command.h"
#include "discover/census.h"
#include "fields/fields.h"
#include "holder/holder.h"
#include "scope.h"

#include <stdio.h>
#include <stdlib.h>

#define ASK_MS 500 /* for the process ID of each holder */

/* Rows: all adapters of the topology, or the ones chosen. */
struct adapters {
	const struct cxlf_topology *topology;
	const unsigned *index;
	size_t n;
	/* adapter info: those of adapter i are text[first[i]] to text[first[i + 1] - 1]; NULL: unknown */
	const char **text;
	unsigned *first;
};

static const struct cxlf_field list_fields[] = {
	CXLF_ALL_OF(cxlf_adapter_fields),
	CXLF_ALL_OF(cxlf_adapter_ports_fields),
	CXLF_FIELDS_END,
};

static struct cxlf_row to_topology(struct cxlf_row row)
{
	return (struct cxlf_row){.of = ((const struct adapters *)row.of)->topology, .i = row.i};
}

static void contexts(struct cxlf_row row, struct cxlf_value *v)
{
	const struct adapters *adapters = row.of;

	if (!adapters->text)
		return;
	v->texts = adapters->text + adapters->first[row.i];
	v->n_texts = adapters->first[row.i + 1] - adapters->first[row.i];
	v->known = true;
}

static const struct cxlf_field info_fields[] = {
	CXLF_ALL_OF(cxlf_adapter_fields, .via = to_topology),
	CXLF_ALL_OF(cxlf_adapter_detail_fields, .via = to_topology),
	CXLF_ALL_OF(cxlf_adapter_ports_fields, .via = to_topology),
	CXLF_FIELD("contexts", "CONTEXTS", CXLF_TEXTS, CXLF_WANT_LUN,
		   "what a removal of the adapter ends or waits for: held contexts by name, which end by themselves, "
		   "others by process ID, for which the removal waits (\"?\": may be on another adapter)",
		   .get = contexts),
	CXLF_FIELDS_END,
};

static void chosen(struct cxlf_row row, struct cxlf_value *v)
{
	const struct adapters *adapters = row.of;

	cxlf_value_rows(v, adapters->topology, adapters->n);
	v->rows.index = adapters->index;
}

static void chosen_info(struct cxlf_row row, struct cxlf_value *v)
{
	const struct adapters *adapters = row.of;

	cxlf_value_rows(v, adapters, adapters->n);
	v->rows.index = adapters->index;
}

static const struct cxlf_field list_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = list_fields, .get = chosen),
	CXLF_FIELDS_END,
};

static const struct cxlf_field info_document[] = {
	CXLF_KEY("adapters", CXLF_RECORDS, .of = info_fields, .get = chosen_info),
	CXLF_FIELDS_END,
};

static int adapter_list(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct adapters all = {.topology = &ctl->topology, .n = ctl->topology.n_adapters};

	(void)args;
	return CXLF_SHOW(&ctl->out, err, .document = list_document, .document_of = &all,
			 .rows = {.fields = list_fields, .of = all.topology, .n = all.n});
}

/* ---- the contexts on an adapter ---- */

struct seen {
	struct cxlf_census census;
	struct cxlf_holder_entry *holder;
	unsigned n_holders;
};

static const char *held_name(const struct seen *seen, pid_t pid)
{
	for (unsigned i = 0; i < seen->n_holders; i++)
		if (seen->holder[i].pid == pid)
			return seen->holder[i].name;
	return NULL;
}

/* Texts and pointers to them are one allocation. */
#define TEXT_LEN 64

static int describe(struct adapters *adapters, const struct seen *seen, struct cxlf_err *err)
{
	unsigned n_adapters = adapters->topology->n_adapters, n = 0;
	size_t most = (size_t)seen->census.n * n_adapters + 1;
	char(*text)[TEXT_LEN];

	adapters->first = calloc(n_adapters + 1, sizeof(*adapters->first));
	adapters->text = calloc(most, sizeof(*adapters->text) + sizeof(*text));
	if (!adapters->text || !adapters->first)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	text = (char(*)[TEXT_LEN])(adapters->text + most);
	for (unsigned i = 0; i < n_adapters; i++) {
		for (unsigned k = 0; k < seen->census.n; k++) {
			const struct cxlf_census_context *context = seen->census.context + k;
			bool unknown = context->adapter == CXLF_NO_ADAPTER;
			const char *name = held_name(seen, context->pid);

			if (context->adapter != i && !unknown)
				continue;
			if (name)
				snprintf(text[n], TEXT_LEN, "%s%s", name, unknown ? "?" : "");
			else
				snprintf(text[n], TEXT_LEN, "%d(%s)%s", (int)context->pid, context->comm,
					 unknown ? "?" : "");
			adapters->text[n] = text[n];
			n++;
		}
		adapters->first[i + 1] = n;
	}
	return 0;
}

static int find_contexts(struct ctl *ctl, struct adapters *adapters, struct cxlf_err *err)
{
	struct seen seen = {0};
	struct cxlf_err ignored;
	int rc;

	if (!(ctl->want & CXLF_WANT_WWID))
		return 0;
	if (cxlf_census(ctl->sysroot, adapters->topology, &seen.census, &ignored)) {
		cxlf_out_warn(&ctl->out, NULL, "the contexts on the adapters are unknown: %s", ignored.message);
		return 0;
	}
	if (!seen.census.complete)
		cxlf_out_warn(&ctl->out, NULL, "contexts may be missing: not all processes could be examined");
	if (!*ctl->sysroot && cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &seen.holder, &seen.n_holders, &ignored))
		seen.n_holders = 0; /* they are shown by process */
	rc = describe(adapters, &seen, err);
	cxlf_holder_list_free(seen.holder, seen.n_holders);
	cxlf_census_free(&seen.census);
	return rc;
}

struct info_args {
	struct cli_objects adapters;
};

static int adapter_info(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct info_args *a = args;
	struct adapters adapters = {.topology = &ctl->topology, .n = a->adapters.n};
	scoped_free unsigned *index = calloc(a->adapters.n + 1, sizeof(*index));
	int rc;

	if (!index)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	for (unsigned i = 0; i < a->adapters.n; i++)
		index[i] = a->adapters.item[i].index;
	if (a->adapters.n)
		adapters.index = index;
	else
		adapters.n = ctl->topology.n_adapters;
	rc = find_contexts(ctl, &adapters, err);
	if (!rc)
		rc = CXLF_SHOW(
			&ctl->out, err, .document = info_document, .document_of = &adapters,
			.rows = {.fields = info_fields, .of = &adapters, .index = adapters.index, .n = adapters.n},
			.layout = CXLF_CARDS);
	free(adapters.text);
	free(adapters.first);
	return rc;
}

static const struct cli_arg info_table[] = {
	CLI_ADAPTERS(
		struct info_args, adapters, .name = "ADAPTER", .optional = true,
		.help = "cxlflashN, hostN, a PCI address, cardN or a location code; all adapters if none is given"),
	CLI_END,
};

const struct command cmd_adapter_list = {
	.name = "adapter list",
	.summary = "list the adapters",
	.example = "adapter list # one line for each\n"
		   "adapter list -o name,pci,state # chosen columns",
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = list_fields,
	.shown = CXLF_ADAPTER_SHOWN,
	.document = list_document,
	.scans = true,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = adapter_list,
};

const struct command cmd_adapter_info = {
	.name = "adapter info",
	.summary = "show adapters in detail",
	.about = "Shows what sysfs has of the adapter, its card and the driver's settings. Ports are read only while "
		 "the AFU is ready, because reading them during a PCI recovery makes the driver oops. Contexts are "
		 "found as "
		 "context list finds them.",
	.example = "adapter info # all adapters\n"
		   "adapter info cxlflash0 # one of them",
	CLI_ARGS(info_table, struct info_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SCAN,
	.columns = info_fields,
	.shown = CXLF_ADAPTER_SHOWN ",host_state,lun_mode,num_hwqs,hwq_mode,irqpoll_weight,ioctl_version,caia_version,"
				    "psl_revision,image_loaded,contexts",
	.cards = true,
	.document = info_document,
	.scans = true,
	.want = CXLF_WANT_ALL_PORTS,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_UNSUPPORTED),
	.run = adapter_info,
};
