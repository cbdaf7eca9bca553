/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl recover: drive the recovery of held contexts, or confirm that none was needed.
 */
#include "command.h"
#include "discover/census.h"
#include "fields/context.h"
#include "fields/fields.h"
#include "holder/held.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recover_args {
	struct cxlf_held name;
	bool all;
	struct cli_object adapter;
	unsigned timeout_ms;
};

struct result {
	char name[CXLF_HELD_NAME];
	char adapter[32];
	bool was_reset, planned; /* planned: a dry run, and its context is not ready */
	uint64_t before, after;
	enum cxlf_context_state state;
	struct cxlf_err err; /* if it failed */
};

struct results {
	struct result *result;
	unsigned n;
	bool dry_run;
	bool complete; /* all holders answered */
};

/* ---- fields ---- */

static const void *result_of(struct cxlf_row row)
{
	return ((const struct results *)row.of)->result + row.i;
}

static const void *recovered_of(struct cxlf_row row)
{
	const struct result *result = result_of(row);

	return result->err.code ? NULL : result;
}

static void result_word(struct cxlf_row row, struct cxlf_value *v)
{
	const struct result *result = result_of(row);

	cxlf_value_text(v, result->err.code    ? result->err.code == CXLF_E_TIMEOUT ? "timed-out" : "failed"
			   : result->was_reset ? "recovered"
			   : result->planned   ? "planned"
					       : "not-needed");
	v->tone = result->err.code ? CXLF_BAD : result->planned ? CXLF_WARN : CXLF_GOOD;
}

#define RESULT(member) CXLF_AT(result_of, struct result, member)

static const struct cxlf_field result_fields[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 0, "the context", RESULT(name)),
	CXLF_FIELD("adapter", "ADAPTER", CXLF_TEXT, 0, "its adapter", RESULT(adapter)),
	CXLF_FIELD("result", "RESULT", CXLF_TEXT, 0,
		   "recovered, not-needed, failed, timed-out (it may still be under way), or planned (by --dry-run)",
		   .get = result_word),
	CXLF_FIELD("changed", "CHANGED", CXLF_FLAG, 0, "whether it was recovered by this command", RESULT(was_reset)),
	CXLF_FIELD("state", "STATE", CXLF_TEXT, 0, "its state after the command",
		   CXLF_AT(recovered_of, struct result, state), CXLF_WORDS(cxlf_context_state_words)),
	CXLF_FIELD("context_id_before", "ID-BEFORE", CXLF_HEX, 0, "the driver's id before the recovery", RESULT(before),
		   .zero = CXLF_ZERO_UNKNOWN),
	CXLF_FIELD("context_id", "CONTEXT-ID", CXLF_HEX, 0, "the driver's id now",
		   CXLF_AT(recovered_of, struct result, after)),
	CXLF_FIELD("error_code", "ERROR", CXLF_TEXT, 0, "error code, if it failed", RESULT(err)),
	CXLF_FIELDS_END,
};

static const struct cxlf_field recover_document[] = {
	CXLF_KEY("dry_run", CXLF_FLAG, CXLF_AT(NULL, struct results, dry_run)),
	CXLF_KEY("complete", CXLF_FLAG, CXLF_AT(NULL, struct results, complete)),
	CXLF_KEY("contexts", CXLF_RECORDS, .of = result_fields, CXLF_AT(NULL, struct results, n)),
	CXLF_FIELDS_END,
};

/* ---- the command ---- */

static struct result *add_result(const struct cxlf_holder_info *info, struct results *results)
{
	struct result *result = results->result + results->n++;

	*result = (struct result){.before = info->context, .after = info->context, .state = info->state};
	snprintf(result->name, sizeof(result->name), "%s", info->name);
	snprintf(result->adapter, sizeof(result->adapter), "%s", info->adapter_name);
	return result;
}

/* If the holder has recovered meanwhile, the result is not-needed, with the new id. */
static void recover_one(const struct cxlf_holder_info *before, unsigned timeout_ms, struct results *results)
{
	struct result *result = add_result(before, results);
	struct cxlf_holder_info after;

	result->err.code = CXLF_E_BUG; /* replaced: a failure without an error is not a success */
	if (!cxlf_holder_recover(before->name, timeout_ms, &result->was_reset, &after, &result->err))
		result->err.code = CXLF_OK;
	result->after = after.context;
	result->state = after.state;
	cxlf_holder_info_free(&after);
}

/* A holder that does not answer may be on any adapter. */
static void add_unanswered(const struct cxlf_holder_entry *holder, struct results *results)
{
	struct result *result = add_result(&holder->info, results);

	snprintf(result->name, sizeof(result->name), "%s", holder->name);
	cxlf_holder_found_error(holder, &result->err);
	results->complete = false;
}

/* Warn of contexts of other programs, on one adapter or on all (UINT32_MAX). */
static int warn_of_foreign(struct ctl *ctl, const struct cxlf_holder_entry *holder, unsigned n, unsigned adapter,
			   struct cxlf_err *err)
{
	struct cxlf_census census;

	if (cxlf_census("", &ctl->topology, &census, err))
		return -1;
	for (unsigned i = 0; i < census.n; i++) {
		const struct cxlf_census_context *seen = census.context + i;
		bool held = false;
		char process[64];

		for (unsigned k = 0; k < n; k++)
			held |= holder[k].pid == seen->pid;
		if (held || (adapter < ctl->topology.n_adapters && seen->adapter < ctl->topology.n_adapters &&
			     seen->adapter != adapter))
			continue;
		snprintf(process, sizeof(process), "process %d (%s)", (int)seen->pid, seen->comm);
		cxlf_out_warn(&ctl->out, process, "has a context that only the process itself can recover");
	}
	cxlf_census_free(&census);
	return 0;
}

static bool is_meant(const struct ctl *ctl, const struct recover_args *args, const struct cxlf_holder_info *info)
{
	return !args->adapter.text || !strcmp(info->adapter_pci, ctl->topology.adapter[args->adapter.index].pci);
}

static void recover_all(struct ctl *ctl, const struct recover_args *args, const struct cxlf_holder_entry *holder,
			unsigned n, struct results *results)
{
	for (unsigned i = 0; i < n; i++) {
		bool meant = holder[i].found == CXLF_HOLDER_ANSWERS && is_meant(ctl, args, &holder[i].info);

		if (holder[i].found == CXLF_HOLDER_STALE)
			cxlf_out_warn(&ctl->out, holder[i].name, "%s", cxlf_holder_found_text(CXLF_HOLDER_STALE));
		else if (holder[i].found != CXLF_HOLDER_ANSWERS)
			add_unanswered(holder + i, results);
		else if (meant && ctl->common->dry_run)
			add_result(&holder[i].info, results)->planned = holder[i].info.state != CXLF_CONTEXT_READY;
		else if (meant)
			recover_one(&holder[i].info, args->timeout_ms, results);
	}
}

static int check(const void *args, struct cxlf_err *err)
{
	const struct recover_args *a = args;
	unsigned given = (*a->name.name != '\0') + a->all + (a->adapter.text != NULL);

	return given == 1 ? 0
			  : cxlf_fail(err, CXLF_E_USAGE, "%s",
				      given ? "recover takes only one of NAME, --all and --adapter"
					    : "recover: missing operand NAME, or --all, or --adapter");
}

static int run(struct ctl *ctl, const struct recover_args *args, const struct cxlf_holder_entry *holder, unsigned n,
	       struct cxlf_err *err)
{
	struct results results = {
		.result = calloc(n + 1, sizeof(struct result)), .dry_run = ctl->common->dry_run, .complete = true};
	int rc = 0;

	if (!results.result)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "out of memory");
	recover_all(ctl, args, holder, n, &results);
	if (!*args->name.name)
		rc = warn_of_foreign(ctl, holder, n, args->adapter.text ? args->adapter.index : UINT32_MAX, err);
	if (!rc)
		rc = CXLF_SHOW(&ctl->out, err, .document = recover_document, .document_of = &results,
			       .rows = {.fields = result_fields, .of = &results, .n = results.n});
	if (!rc)
		rc = ctl_verdict(ctl, &results.result->err, sizeof(struct result), results.n, CXLF_E_PARTIAL,
				 "contexts could not be recovered", err);
	free(results.result);
	return rc;
}

static int recover(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct recover_args *a = args;
	struct cxlf_holder_entry *holder, one;
	unsigned n;
	int rc;

	if (*a->name.name) {
		rc = cxlf_holder_look(a->name.name, a->timeout_ms, &one, err) ? -1 : run(ctl, a, &one, 1, err);
		cxlf_holder_info_free(&one.info);
		return rc;
	}
	if (cxlf_holder_list(CXLF_RUN_DIR, 2000, &holder, &n, err))
		return -1;
	rc = run(ctl, a, holder, n, err);
	cxlf_holder_list_free(holder, n);
	return rc;
}

static const struct cli_arg recover_table[] = {
	CLI_CONTEXT(struct recover_args, name, .name = "NAME", .optional = true, .words = CLI_WORDS_CONTEXTS,
		    .help = "the context's name"),
	CLI_FLAG(struct recover_args, all, .name = "--all", .help = "all held contexts"),
	CLI_ADAPTER(struct recover_args, adapter, .name = "--adapter", .value = "ADAPTER",
		    .help = "all held contexts on this adapter"),
	CLI_SECONDS(struct recover_args, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = 120000,
		    .help = "how long to wait for each context; a recovery waits until the adapter is ready (120s)"),
	CLI_END,
};

const struct command cmd_recover = {
	.name = "recover",
	.summary = "recover held contexts after an adapter reset, or confirm that they are ready",
	.about = "Holders recover their contexts automatically, unless they were started with --no-recover. This "
		 "command recovers those, and confirms that the others are ready. A context that is ready is not "
		 "disturbed. Handles and the data in virtual LUNs survive a recovery; the context's id changes. "
		 "Contexts of other programs are listed in warnings: only those programs can recover them.",
	.example = "recover db # one context\n"
		   "recover --all # all held contexts",
	CLI_ARGS(recover_table, struct recover_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_CHANGE,
	.columns = result_fields,
	.shown = "name,adapter,result,state,context_id",
	.document = recover_document,
	.check = check,
	.scans = true,
	.want = CXLF_WANT_LUN,
	.exits = CLI_EXITS(CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY,
			   CXLF_EXIT_PARTIAL),
	.run = recover,
};
