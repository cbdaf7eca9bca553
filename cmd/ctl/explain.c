/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl explain: explain an error code, an exit status, or a status word of the AFU.
 */
#include "command.h"

#include "sislite.h"
#include "suggest.h"
#include "sysfs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct explain_args {
	const char *what, *value;
};

/* A row: an error code, or a finding in a status word. */
struct explained {
	const struct cxlf_code_info *info;
	struct cxlf_sis_finding found; /* without a word if it is an error code */
};

#define MAX_ROWS 128u
_Static_assert(MAX_ROWS >= (unsigned)CXLF_E_COUNT && MAX_ROWS >= CXLF_SIS_FINDINGS, "all of them are one list");
struct codes {
	struct explained row[MAX_ROWS];
	size_t n;
};

static const struct explained *explained(struct cxlf_row row)
{
	return (const struct explained *)row.of + row.i;
}

static const void *info_of(struct cxlf_row row)
{
	return explained(row)->info;
}

static const void *word_of(struct cxlf_row row)
{
	return explained(row)->found.word;
}

static void code_name(struct cxlf_row row, struct cxlf_value *v)
{
	const struct explained *e = explained(row);

	cxlf_value_text(v, e->info ? e->info->name : e->found.code ? e->found.code->name : NULL);
}

static void code_exit_summary(struct cxlf_row row, struct cxlf_value *v)
{
	if (info_of(row))
		cxlf_value_text(v, cxlf_exit_summary(explained(row)->info->exit));
}

static void code_value(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_sis_finding *found = &explained(row)->found;

	if (found->word)
		cxlf_value_print(v, "0x%0*llx", (int)found->word->bits / 4, (unsigned long long)found->value);
}

static void code_port(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_sis_finding *found = &explained(row)->found;

	if (found->word && found->port >= 0)
		cxlf_value_print(v, "port%d", found->port);
}

static void code_summary(struct cxlf_row row, struct cxlf_value *v)
{
	const struct explained *e = explained(row);

	cxlf_value_text(v, e->info ? e->info->summary : e->found.code ? e->found.code->meaning : "not documented");
}

static void code_consequence(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cxlf_sis_code *code = explained(row)->found.code;

	cxlf_value_text(v, code ? code->consequence : NULL);
}

static const struct cxlf_field code_fields[] = {
	CXLF_FIELD("word", "WORD", CXLF_TEXT, 0, "the status word that contains the code; unknown for an error code",
		   CXLF_AT(word_of, struct cxlf_sis_word, name)),
	CXLF_FIELD("value", "VALUE", CXLF_TEXT, 0, "the code in the status word, or one bit of it", .get = code_value),
	CXLF_FIELD("port", "PORT", CXLF_TEXT, 0, "the port whose event the bit of aintr-status is", .get = code_port),
	CXLF_FIELD("code", "CODE", CXLF_TEXT, 0, "the code", .get = code_name),
	CXLF_FIELD("exit_status", "EXIT", CXLF_COUNT, 0, "its exit status",
		   CXLF_AT(info_of, struct cxlf_code_info, exit)),
	CXLF_FIELD("exit_summary", "STATUS", CXLF_TEXT, 0, "meaning of the exit status", .get = code_exit_summary),
	CXLF_FIELD("summary", "MEANING", CXLF_TEXT, 0, "meaning of the code, one line", .get = code_summary),
	CXLF_FIELD("consequence", "CONSEQUENCE", CXLF_TEXT, 0, "what the driver does at this event, or what to do",
		   .get = code_consequence),
	CXLF_KEY("explanation", CXLF_TEXT, CXLF_AT(info_of, struct cxlf_code_info, explain)),
	CXLF_FIELDS_END,
};

static int unknown_code(const char *what, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	char word[40];

	for (size_t i = 0; i < sizeof(word) && !(i && !word[i - 1]); i++)
		word[i] = i + 1 < sizeof(word) ? (char)toupper((unsigned char)what[i]) : '\0';
	cxlf_fail(err, CXLF_E_BAD_VALUE, "unknown error code, exit status or status word \"%s\"", what);
	cxlf_suggest_begin(&near, word);
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++)
		cxlf_suggest_offer(&near, cxlf_code_info((enum cxlf_code)code)->name);
	if (*near.best)
		return cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "cxlflashctl explain");
}

static void add_code(struct codes *codes, enum cxlf_code code)
{
	codes->row[codes->n++].info = cxlf_code_info(code);
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
	for (int exit = 0; exit <= CXLF_EXIT_NO_PROGRAM; exit++)
		for (int code = CXLF_OK + !what; code < CXLF_E_COUNT; code++)
			if ((int)cxlf_code_info((enum cxlf_code)code)->exit == exit && (!what || exit == status))
				add_code(codes, (enum cxlf_code)code);
	return 0;
}

/* The codes of a status word: those in the value, or all. */
static int decode(struct codes *codes, const struct cxlf_sis_word *word, const char *text, struct cxlf_err *err)
{
	struct cxlf_sis_finding found[CXLF_SIS_FINDINGS];
	uint64_t value;

	for (size_t i = 0; !text && i < word->n; i++)
		codes->row[codes->n++].found = (struct cxlf_sis_finding){word, word->code[i].value, -1, word->code + i};
	if (!text)
		return 0;
	if (!cxlf_text_u64(text, 0, &value) && !cxlf_text_u64(text, 16, &value))
		return cxlf_fail(err, CXLF_E_BAD_VALUE, "not a number: \"%s\"", text);
	if (word->bits < 64 && value >> word->bits)
		return cxlf_fail(err, CXLF_E_BAD_VALUE, "%s is too large: %s has %u bits", text, word->name,
				 word->bits);
	codes->n = cxlf_sis_decode(word, value, found);
	for (size_t i = 0; i < codes->n; i++)
		codes->row[i].found = found[i];
	return 0;
}

static void print_paragraphs(struct ctl *ctl, const struct codes *codes)
{
	for (size_t i = 0; i < codes->n; i++) {
		const struct cxlf_code_info *info = codes->row[i].info;

		cxlf_out_line(&ctl->out, "%s%s (exit %d): %s\n", i ? "\n" : "", info->name, info->exit, info->summary);
		cxlf_cli_put_text(ctl->out.stream, info->explain, ctl_help_width(ctl));
	}
}

static int explain(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct explain_args *a = args;
	const struct cxlf_sis_word *word = a->what ? cxlf_sis_word_by_name(a->what) : NULL;
	struct codes codes = {.n = 0};

	if (a->value && !word) {
		cxlf_fail(err, CXLF_E_USAGE, "\"%s\" is not a status word, so it takes no value", a->what);
		return cxlf_fix(err, "cxlflashctl help explain");
	}
	if (word ? decode(&codes, word, a->value, err) : choose(&codes, a->what, err))
		return -1;
	if (a->what && !word && !ctl->out.columns && ctl->out.format == CXLF_FORMAT_TABLE) {
		if (!cxlf_code_by_name(a->what))
			cxlf_out_line(&ctl->out, "Exit status %d: %s%s", atoi(a->what),
				      cxlf_exit_summary(atoi(a->what)), codes.n ? "\n" : "");
		print_paragraphs(ctl, &codes);
		return 0;
	}
	if (word && !codes.n)
		cxlf_out_line(&ctl->out, "%s is 0: no event and no error", word->name);
	return CXLF_SHOW(&ctl->out, err, .shown = word ? "word,value,port,code,summary,consequence" : NULL,
			 .rows = {.fields = code_fields, .of = codes.row, .n = codes.n});
}

static const struct cli_arg explain_table[] = {
	CLI_TEXT(struct explain_args, what, .name = "CODE", .optional = true, .words = CLI_WORDS_CODES,
		 .help = "an error code, an exit status, or the name of a status word (default: all error codes, one "
			 "line each, in the order of their exit statuses)"),
	CLI_TEXT(struct explain_args, value, .name = "VALUE", .optional = true,
		 .help = "the value of the status word, as the kernel's log shows it (default: all codes of the word)"),
	CLI_END,
};

const struct command cmd_explain = {
	.name = "explain",
	.summary = "explain an error code, an exit status or a status word of the AFU",
	.about = "Every error message ends with a code. This command prints its explanation: what it means, what was "
		 "done and what was not, and what to check next. It also decodes the status words that the kernel's "
		 "log and the status block of a command contain: afu-rc, scsi-rc, fc-rc, rc-flags, ioasc (these four "
		 "in one word), aintr-status, intr-status and psl-serr.",
	.example = "explain LUN_IN_USE # a code\n"
		   "explain 5 # an exit status\n"
		   "explain afu-rc 0x13 # a return code of the AFU\n"
		   "explain aintr-status 0x0000000000000200 # from the kernel's log",
	CLI_ARGS(explain_table, struct explain_args),
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES,
	.columns = code_fields,
	.shown = "code,exit_status,summary",
	.list = "codes",
	.general = true,
	.run = explain,
};
