/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl explain: explain an error code or an exit status.
 */
#include "command.h"

#include "suggest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct explain_args {
	const char *what;
};

/* Rows: the codes asked for. */
struct codes {
	unsigned index[CXLF_E_COUNT];
	size_t n;
};

static const void *info_of(struct cxlf_row row)
{
	return cxlf_code_info((enum cxlf_code)row.i);
}

static void code_exit_summary(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, cxlf_exit_summary(cxlf_code_info((enum cxlf_code)row.i)->exit));
}

static const struct cxlf_field code_fields[] = {
	CXLF_FIELD("code", "CODE", CXLF_TEXT, 0, "the code", CXLF_AT(info_of, struct cxlf_code_info, name)),
	CXLF_FIELD("exit_status", "EXIT", CXLF_COUNT, 0, "its exit status",
		   CXLF_AT(info_of, struct cxlf_code_info, exit)),
	CXLF_FIELD("exit_summary", "STATUS", CXLF_TEXT, 0, "meaning of the exit status", .get = code_exit_summary),
	CXLF_FIELD("summary", "MEANING", CXLF_TEXT, 0, "meaning of the code, one line",
		   CXLF_AT(info_of, struct cxlf_code_info, summary)),
	CXLF_KEY("explanation", CXLF_TEXT, CXLF_AT(info_of, struct cxlf_code_info, explain)),
	CXLF_FIELDS_END,
};

static int unknown_code(const char *what, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	char word[40];

	for (size_t i = 0; i < sizeof(word) && !(i && !word[i - 1]); i++)
		word[i] = i + 1 < sizeof(word) ? (char)toupper((unsigned char)what[i]) : '\0';
	cxlf_fail(err, CXLF_E_BAD_VALUE, "unknown error code or exit status \"%s\"", what);
	cxlf_suggest_begin(&near, word);
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++)
		cxlf_suggest_offer(&near, cxlf_code_info((enum cxlf_code)code)->name);
	if (*near.best)
		return cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "cxlflashctl explain");
}

/* Everything, one code by name, or all codes of an exit status. */
static int choose(struct codes *codes, const char *what, struct cxlf_err *err)
{
	const struct cxlf_code_info *one = what ? cxlf_code_by_name(what) : NULL;
	char *end = NULL;
	long status = what ? strtol(what, &end, 10) : -1;

	if (one) {
		codes->index[codes->n++] = one->code;
		return 0;
	}
	if (what && (*end || end == what || !cxlf_exit_summary((int)status)))
		return unknown_code(what, err);
	for (int exit = 0; exit <= CXLF_EXIT_NO_PROGRAM; exit++)
		for (int code = CXLF_OK + !what; code < CXLF_E_COUNT; code++)
			if ((int)cxlf_code_info((enum cxlf_code)code)->exit == exit && (!what || exit == status))
				codes->index[codes->n++] = (unsigned)code;
	return 0;
}

static void print_paragraphs(struct ctl *ctl, const struct codes *codes)
{
	for (size_t i = 0; i < codes->n; i++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)codes->index[i]);

		cxlf_out_line(&ctl->out, "%s%s (exit %d): %s\n", i ? "\n" : "", info->name, info->exit, info->summary);
		cxlf_cli_put_text(ctl->out.stream, info->explain, ctl_help_width(ctl));
	}
}

static int explain(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct explain_args *a = args;
	struct codes codes = {.n = 0};

	if (choose(&codes, a->what, err))
		return -1;
	if (a->what && ctl->out.format == CXLF_FORMAT_TABLE) {
		if (!cxlf_code_by_name(a->what))
			cxlf_out_line(&ctl->out, "Exit status %d: %s%s", atoi(a->what),
				      cxlf_exit_summary(atoi(a->what)), codes.n ? "\n" : "");
		print_paragraphs(ctl, &codes);
		return 0;
	}
	return CXLF_SHOW(&ctl->out, err, .rows = {.fields = code_fields, .index = codes.index, .n = codes.n});
}

static const struct cli_arg explain_table[] = {
	CLI_TEXT(struct explain_args, what, .name = "CODE", .optional = true, .words = CLI_WORDS_CODES,
		 .help = "an error code or an exit status (default: all codes, one line each, in the order of their "
			 "exit statuses)"),
	CLI_END,
};

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain an error code or an exit status",
	.about = "Every error message ends with a code. This command prints its explanation: what it means, what was "
		 "done and what was not, and what to check next.",
	.example = "explain LUN_IN_USE # a code\n"
		   "explain 5 # an exit status",
	CLI_ARGS(explain_table, struct explain_args),
	.accepts = CLI_GROUP_OUTPUT,
	.columns = code_fields,
	.shown = "code,exit_status,summary",
	.list = "codes",
	.general = true,
	.run = explain,
};
