/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands and their arguments as records: what `help --json` prints, for programs that call ours.
 */
#include "cli.h"

#include <string.h>

static const struct command *command_of(struct cxlf_row row)
{
	return ((const struct command *const *)row.of)[row.i];
}

/* An argument's row: `of` is the command, `i` the position in cxlf_cli_next()'s order. */
static const struct cli_arg *arg_of(struct cxlf_row row)
{
	const struct cli_arg *arg = NULL;

	for (size_t i = 0; i <= row.i; i++)
		arg = cxlf_cli_next(row.of, arg);
	return arg;
}

static size_t count_args(const struct command *command)
{
	size_t n = 0;

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));)
		n++;
	return n;
}

static void arg_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, arg_of(row)->name);
}

static void arg_letter(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	if (arg_of(row)->letter)
		cxlf_value_print(v, "-%c", arg_of(row)->letter);
}

static void arg_kind(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	static const char *const name[] = {
		[CLI_KIND_FLAG] = "flag",	[CLI_KIND_CHOICE] = "choice",	 [CLI_KIND_SET] = "set",
		[CLI_KIND_TEXT] = "text",	[CLI_KIND_SECONDS] = "seconds",	 [CLI_KIND_LUN] = "lun",
		[CLI_KIND_SIZE] = "size",	[CLI_KIND_REST] = "program",	 [CLI_KIND_LUNS] = "lun",
		[CLI_KIND_ADAPTER] = "adapter", [CLI_KIND_ADAPTERS] = "adapter", [CLI_KIND_CONTEXT] = "context",
		[CLI_KIND_HANDLE] = "handle",
	};

	(void)field;
	cxlf_value_text(v, name[arg_of(row)->kind]);
}

static void arg_is_option(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, cxlf_cli_is_option(arg_of(row)));
}

static void arg_is_common(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, arg_of(row)->group);
}

static void arg_is_required(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, !cxlf_cli_is_option(arg_of(row)) && !arg_of(row)->optional);
}

static void arg_is_many(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, cxlf_cli_is_many(arg_of(row)));
}

static void arg_value(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, arg_of(row)->value);
}

static void arg_choices(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, arg_of(row)->choices);
}

static void arg_help(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, arg_of(row)->help);
}

static const struct cxlf_field arg_fields[] = {
	{.key = "name", .type = CXLF_TEXT, .get = arg_name},
	{.key = "letter", .type = CXLF_TEXT, .get = arg_letter},
	{.key = "kind", .type = CXLF_TEXT, .get = arg_kind},
	{.key = "option", .type = CXLF_FLAG, .get = arg_is_option},
	{.key = "common", .type = CXLF_FLAG, .get = arg_is_common},
	{.key = "required", .type = CXLF_FLAG, .get = arg_is_required},
	{.key = "many", .type = CXLF_FLAG, .get = arg_is_many},
	{.key = "value", .type = CXLF_TEXT, .get = arg_value},
	{.key = "choices", .type = CXLF_TEXT, .get = arg_choices},
	{.key = "help", .type = CXLF_TEXT, .get = arg_help},
	{.type = CXLF_END},
};

static void command_name(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, command_of(row)->name);
}

static void command_summary(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, command_of(row)->summary);
}

static void command_changes(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, command_of(row)->changes);
}

static void command_args(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	v->rows = (struct cxlf_rows){.fields = arg_fields, .of = command_of(row), .n = count_args(command_of(row))};
	v->known = true;
}

const struct cxlf_field cxlf_cli_command_fields[] = {
	{.key = "name",
	 .heading = "COMMAND",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = command_name,
	 .help = "the command's words"},
	{.key = "summary",
	 .heading = "SUMMARY",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = command_summary,
	 .help = "what it does"},
	{.key = "changes",
	 .heading = "CHANGES",
	 .type = CXLF_FLAG,
	 .get = command_changes,
	 .help = "whether it changes anything"},
	{.key = "arguments", .type = CXLF_RECORDS, .of = arg_fields, .get = command_args},
	{.type = CXLF_END},
};
