/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands and their arguments as records, for `help --json`.
 */
#include "cli.h"

#include <string.h>

static const void *command_of(struct cxlf_row row)
{
	return ((const struct command *const *)row.of)[row.i];
}

/* An argument's row: `of` is the command, `i` the position in cxlf_cli_next()'s order. */
static const void *arg_of(struct cxlf_row row)
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

static void arg_letter(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cli_arg *arg = arg_of(row);

	if (arg->letter)
		cxlf_value_print(v, "-%c", arg->letter);
}

static const struct cxlf_word kind_words[] = {
	[CLI_KIND_FLAG] = {"flag", CXLF_PLAIN},	      [CLI_KIND_CHOICE] = {"choice", CXLF_PLAIN},
	[CLI_KIND_SET] = {"set", CXLF_PLAIN},	      [CLI_KIND_TEXT] = {"text", CXLF_PLAIN},
	[CLI_KIND_SIZE] = {"size", CXLF_PLAIN},	      [CLI_KIND_SECONDS] = {"seconds", CXLF_PLAIN},
	[CLI_KIND_CONTEXT] = {"context", CXLF_PLAIN}, [CLI_KIND_HANDLE] = {"handle", CXLF_PLAIN},
	[CLI_KIND_LUN] = {"lun", CXLF_PLAIN},	      [CLI_KIND_LUNS] = {"lun", CXLF_PLAIN},
	[CLI_KIND_ADAPTER] = {"adapter", CXLF_PLAIN}, [CLI_KIND_ADAPTERS] = {"adapter", CXLF_PLAIN},
	[CLI_KIND_REST] = {"program", CXLF_PLAIN},
};

static void arg_is_option(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_flag(v, cxlf_cli_is_option(arg_of(row)));
}

static void arg_is_common(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cli_arg *arg = arg_of(row);

	cxlf_value_flag(v, arg->group);
}

static void arg_is_required(struct cxlf_row row, struct cxlf_value *v)
{
	const struct cli_arg *arg = arg_of(row);

	cxlf_value_flag(v, !cxlf_cli_is_option(arg) && !arg->optional);
}

static void arg_is_many(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_flag(v, cxlf_cli_is_many(arg_of(row)));
}

static const struct cxlf_field arg_fields[] = {
	CXLF_KEY("name", CXLF_TEXT, CXLF_AT(arg_of, struct cli_arg, name)),
	CXLF_KEY("letter", CXLF_TEXT, .get = arg_letter),
	CXLF_KEY("kind", CXLF_TEXT, CXLF_AT(arg_of, struct cli_arg, kind), CXLF_WORDS(kind_words)),
	CXLF_KEY("option", CXLF_FLAG, .get = arg_is_option),
	CXLF_KEY("common", CXLF_FLAG, .get = arg_is_common),
	CXLF_KEY("required", CXLF_FLAG, .get = arg_is_required),
	CXLF_KEY("many", CXLF_FLAG, .get = arg_is_many),
	CXLF_KEY("value", CXLF_TEXT, CXLF_AT(arg_of, struct cli_arg, value)),
	CXLF_KEY("choices", CXLF_TEXT, CXLF_AT(arg_of, struct cli_arg, choices)),
	CXLF_KEY("help", CXLF_TEXT, CXLF_AT(arg_of, struct cli_arg, help)),
	CXLF_FIELDS_END,
};

static void command_args(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_rows(v, command_of(row), count_args(command_of(row)));
}

static void command_changes(struct cxlf_row row, struct cxlf_value *v)
{
	const struct command *command = command_of(row);

	cxlf_value_flag(v, command->changes || command->accepts & CLI_GROUP_CHANGE);
}

const struct cxlf_field cxlf_cli_command_fields[] = {
	CXLF_FIELD("name", "COMMAND", CXLF_TEXT, 0, "the command's words", CXLF_AT(command_of, struct command, name)),
	CXLF_FIELD("summary", "SUMMARY", CXLF_TEXT, 0, "what it does", CXLF_AT(command_of, struct command, summary)),
	CXLF_FIELD("changes", "CHANGES", CXLF_FLAG, 0, "whether it changes anything", .get = command_changes),
	CXLF_KEY("arguments", CXLF_RECORDS, .of = arg_fields, .get = command_args),
	CXLF_FIELDS_END,
};
