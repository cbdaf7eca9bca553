/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl explain: the paragraph behind an error code or an exit status.
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

static const struct cxlf_code_info *info_of(struct cxlf_row row)
{
	return cxlf_code_info((enum cxlf_code)row.i);
}

static void code_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, info_of(row)->name);
}

static void code_exit(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_number(v, info_of(row)->exit);
}

static void code_summary(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, info_of(row)->summary);
}

static void code_exit_summary(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, cxlf_exit_summary(info_of(row)->exit));
}

static void code_explain(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, info_of(row)->explain);
}

static const struct cxlf_field code_fields[] = {
	{.key = "code", .heading = "CODE", .type = CXLF_TEXT, .shown = true, .get = code_name, .help = "the code"},
	{.key = "exit_status",
	 .heading = "EXIT",
	 .type = CXLF_COUNT,
	 .shown = true,
	 .get = code_exit,
	 .help = "the exit status it leads to"},
	{.key = "exit_summary",
	 .heading = "STATUS",
	 .type = CXLF_TEXT,
	 .get = code_exit_summary,
	 .help = "what the exit status says"},
	{.key = "summary",
	 .heading = "MEANING",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = code_summary,
	 .help = "one line"},
	{.key = "explanation", .type = CXLF_TEXT, .get = code_explain},
	{.type = CXLF_END},
};

static void all_codes(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct codes *codes = row.of;

	v->rows = (struct cxlf_rows){.fields = field->of, .index = codes->index, .n = codes->n};
	v->known = true;
}

static const struct cxlf_field code_document[] = {
	{.key = "codes", .type = CXLF_RECORDS, .of = code_fields, .get = all_codes},
	{.type = CXLF_END},
};

static void add_code(struct codes *codes, enum cxlf_code code)
{
	codes->index[codes->n++] = code;
}

static int unknown_code(const char *what, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	char word[40];

	for (size_t i = 0; i < sizeof(word) && !(i && !word[i - 1]); i++)
		word[i] = i + 1 < sizeof(word) ? (char)toupper((unsigned char)what[i]) : '\0';
	cxlf_fail(err, CXLF_E_BAD_VALUE, "there is no error code or exit status \"%s\"", what);
	cxlf_suggest_begin(&near, word);
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++)
		cxlf_suggest_offer(&near, cxlf_code_info((enum cxlf_code)code)->name);
	if (*near.best)
		cxlf_cause(err, "did you mean %s?", near.best);
	return cxlf_fix(err, "cxlflashctl explain");
}

/* Everything, one code by name, or all codes of an exit status. */
static int choose(struct codes *codes, const char *what, struct cxlf_err *err)
{
	const struct cxlf_code_info *one = what ? cxlf_code_by_name(what) : NULL;
	char *end = NULL;
	long status = what ? strtol(what, &end, 10) : -1;

	if (one) {
		add_code(codes, one->code);
		return 0;
	}
	if (what && (*end || end == what || !cxlf_exit_summary((int)status)))
		return unknown_code(what, err);
	for (int code = CXLF_OK + !what; code < CXLF_E_COUNT; code++)
		if (!what || cxlf_code_info((enum cxlf_code)code)->exit == status)
			add_code(codes, (enum cxlf_code)code);
	return 0;
}

static void print_paragraphs(struct ctl *ctl, const struct codes *codes)
{
	for (size_t i = 0; i < codes->n; i++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)codes->index[i]);

		cxlf_out_line(&ctl->out, "%s%s (exit %d): %s\n", i ? "\n" : "", info->name, info->exit, info->summary);
		/* The paragraphs end with a line feed of their own. */
		cxlf_out_line(&ctl->out, "%.*s", (int)strlen(info->explain) - 1, info->explain);
	}
}

static int explain(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct explain_args *a = args;
	struct codes codes = {.n = 0};

	if (choose(&codes, a->what, err))
		return -1;
	if (a->what && ctl->out.format == CXLF_FORMAT_TABLE) {
		if (!codes.n)
			cxlf_out_line(&ctl->out, "exit %s: %s", a->what, cxlf_exit_summary(atoi(a->what)));
		print_paragraphs(ctl, &codes);
		return 0;
	}
	return cxlf_out_show(&ctl->out,
			     &(struct cxlf_view){
				     .document = code_document,
				     .document_of = &codes,
				     .rows = {.fields = code_fields, .index = codes.index, .n = codes.n},
			     },
			     err);
}

static const struct cli_arg explain_table[] = {
	CLI_TEXT(struct explain_args, what, .name = "CODE", .optional = true, .words = CLI_WORDS_CODES,
		 .help = "an error code, or an exit status; all codes with one line each if none is given"),
	CLI_END,
};

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain an error code or an exit status",
	.about = "Every error message ends with a code. This prints the paragraph behind it: what it means, what was "
		 "done "
		 "and what was not, and what to look at next.",
	.example = "explain LUN_IN_USE # a code\n"
		   "explain 5 # an exit status",
	.args = explain_table,
	.args_size = sizeof(struct explain_args),
	.accepts = CLI_GROUP_OUTPUT,
	.columns = code_fields,
	.document = code_document,
	.general = true,
	.run = explain,
};
