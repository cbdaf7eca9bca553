/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The common options, and functions that read the option tables.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

const struct cli_arg cli_common_args[] = {
	CLI_FLAG(struct cli_common, json, .name = "--json", .letter = 'j', .group = CLI_GROUP_OUTPUT,
		 .help = "print one JSON document, errors included; the same as --format=json"),
	CLI_CHOICE(struct cli_common, format, .name = "--format", .letter = 'f', .value = "FORMAT",
		   .choices = "table|json|jsonl|pairs", .group = CLI_GROUP_OUTPUT,
		   .help = "table, json (one document), jsonl (one record per line) or pairs (KEY=\"value\" for the "
			   "shell)"),
	CLI_TEXT(struct cli_common, columns, .name = "--columns", .letter = 'o', .value = "LIST",
		 .words = CLI_WORDS_COLUMNS, .group = CLI_GROUP_LINES,
		 .help = "columns of table and pairs, separated by commas; +LIST adds to the default columns; all "
			 "selects every column"),
	CLI_FLAG(struct cli_common, list_columns, .name = "--list-columns", .group = CLI_GROUP_LINES,
		 .help = "list the available columns, and do nothing else"),
	CLI_FLAG(struct cli_common, no_headings, .name = "--no-headings", .group = CLI_GROUP_LINES,
		 .help = "print no headings above a table"),
	CLI_CHOICE(struct cli_common, units, .name = "--units", .value = "UNITS", .choices = "iec|si|b|4k",
		   .group = CLI_GROUP_SIZES,
		   .help = "sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, "
			   "default in pairs) or blocks of 4096 bytes (4k)"),
	CLI_TEXT(struct cli_common, sysroot, .name = "--sysroot", .value = "DIR", .words = CLI_WORDS_FOLDERS,
		 .group = CLI_GROUP_SCAN,
		 .help = "read a saved tree, with sys/ and proc/ below DIR, instead of this system"),
	CLI_FLAG(struct cli_common, dry_run, .name = "--dry-run", .letter = 'n', .group = CLI_GROUP_CHANGE,
		 .help = "check everything and print the plan, but change nothing"),
	CLI_FLAG(struct cli_common, yes, .name = "--yes", .letter = 'y', .group = CLI_GROUP_CHANGE,
		 .help = "answer yes to every question; overrides no safety check"),
	CLI_TEXT(struct cli_common, trace, .name = "--trace", .optional = true, .value = "FILE",
		 .group = CLI_GROUP_TRACE,
		 .help = "write one JSON line for each request made to the driver to FILE, or to stderr"),
	CLI_CHOICE(struct cli_common, color, .name = "--color", .value = "WHEN", .choices = "auto|always|never",
		   .group = CLI_GROUP_RUN, .help = "use colours; auto: on a terminal, unless NO_COLOR is set"),
	CLI_FLAG(struct cli_common, quiet, .name = "--quiet", .letter = 'q', .group = CLI_GROUP_RUN,
		 .help = "no warnings and notes on stderr"),
	CLI_FLAG(struct cli_common, verbose, .name = "--verbose", .letter = 'v', .group = CLI_GROUP_RUN,
		 .help = "print progress on stderr; stdout does not change"),
	CLI_FLAG(struct cli_common, help, .name = "--help", .letter = 'h', .group = CLI_GROUP_ALWAYS,
		 .help = "show this help"),
	CLI_FLAG(struct cli_common, version, .name = "--version", .letter = 'V', .group = CLI_GROUP_ALWAYS,
		 .help = "show the version"),
	CLI_END,
};

bool cxlf_cli_is_option(const struct cli_arg *arg)
{
	return arg->name && arg->name[0] == '-';
}

static const struct cli_arg *option_in(const struct cli_arg *arg, const char *name, size_t len, char letter)
{
	for (; arg && arg->kind != CLI_KIND_END; arg++)
		if (cxlf_cli_is_option(arg) &&
		    (letter ? arg->letter == letter : strlen(arg->name) == len && !strncmp(arg->name, name, len)))
			return arg;
	return NULL;
}

const struct cli_arg *cxlf_cli_option(const struct command *command, const char *name, size_t len, char letter)
{
	const struct cli_arg *own = command ? option_in(command->args, name, len, letter) : NULL;

	return own ? own : option_in(cli_common_args, name, len, letter);
}

bool cxlf_cli_takes_value(const struct cli_arg *arg)
{
	return arg->kind != CLI_KIND_FLAG;
}

bool cxlf_cli_is_many(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_LUNS || arg->kind == CLI_KIND_ADAPTERS;
}

bool cxlf_cli_accepts(const struct command *command, const struct cli_arg *common)
{
	return (command->accepts | CLI_GROUP_ALWAYS | (command->run ? CLI_GROUP_RUN : 0)) & common->group;
}

const char *cxlf_cli_title(const struct cli_program *program, const struct command *command)
{
	return program->single ? program->name : command->name;
}

const char *cxlf_cli_verb(const struct command *command, const char *noun)
{
	size_t len = strlen(noun);

	return !strncmp(command->name, noun, len) && command->name[len] == ' ' ? command->name + len + 1 : NULL;
}

size_t cxlf_cli_choice(const char *choices, unsigned i, const char **word)
{
	const char *end = strchrnul(choices, '|');

	for (; i; i--) {
		if (!*end)
			return 0;
		choices = end + 1;
		end = strchrnul(choices, '|');
	}
	*word = choices;
	return (size_t)(end - choices);
}

void cxlf_cli_operand_text(const struct cli_arg *arg, char *text, size_t size)
{
	if (arg->kind == CLI_KIND_REST) {
		snprintf(text, size, "-- %s [ARG]...", arg->name);
		return;
	}
	snprintf(text, size, "%s%s%s%s", arg->optional ? "[" : "", arg->choices ? arg->choices : arg->name,
		 arg->optional ? "]" : "", cxlf_cli_is_many(arg) ? "..." : "");
}

void cxlf_cli_option_text(const struct cli_arg *arg, char *text, size_t size)
{
	char letter[8] = "    ";

	if (arg->letter)
		snprintf(letter, sizeof(letter), "-%c, ", arg->letter);
	snprintf(text, size, "%s%s%s%s%s%s", letter, arg->name, arg->value && arg->optional ? "[" : "",
		 arg->value ? "=" : "", arg->value ? arg->value : "", arg->value && arg->optional ? "]" : "");
}

/* The first common option that `command` accepts, from `arg` on. */
static const struct cli_arg *accepted(const struct command *command, const struct cli_arg *arg)
{
	while (arg->kind != CLI_KIND_END && !cxlf_cli_accepts(command, arg))
		arg++;
	return arg->kind == CLI_KIND_END ? NULL : arg;
}

const struct cli_arg *cxlf_cli_next(const struct command *command, const struct cli_arg *arg)
{
	if (!arg)
		return command->args && command->args->kind != CLI_KIND_END ? command->args
									    : accepted(command, cli_common_args);
	if (arg[1].kind != CLI_KIND_END)
		return arg->group ? accepted(command, arg + 1) : arg + 1;
	return arg->group ? NULL : accepted(command, cli_common_args);
}
