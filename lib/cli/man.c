/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sections of the manual pages, in scdoc, out of the same tables: man/fill.sh puts them into the pages.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* scdoc reads * _ \ as markup and an indented or dashed line beginning as structure. */
static void put_escaped(FILE *stream, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): it loses the length of a local array */
		if (strchr("*_\\#[]|.", text[i]) && (text[i] != '.' || i == 0))
			fputc('\\', stream);
		fputc(text[i], stream);
	}
}

static void put_text(FILE *stream, const char *text)
{
	put_escaped(stream, text, strlen(text));
}

static void put_bold(FILE *stream, const char *text)
{
	fputc('*', stream);
	put_text(stream, text);
	fputc('*', stream);
}

/* Choices stand bold with bars, names of values underlined. */
static void put_operand(FILE *stream, const struct cli_arg *arg)
{
	if (arg->optional)
		fputs("\\[", stream);
	if (arg->kind == CLI_KIND_REST)
		fputs("*--* ", stream);
	if (arg->choices) {
		put_bold(stream, arg->choices);
	} else {
		fputc('_', stream);
		put_text(stream, arg->name);
		fputc('_', stream);
	}
	fputs(arg->optional ? "\\]" : "", stream);
	fputs(cxlf_cli_is_many(arg) ? "..." : arg->kind == CLI_KIND_REST ? " \\[_ARG_\\]..." : "", stream);
}

static void put_synopsis(FILE *stream, const struct cli_program *program, const struct command *command)
{
	put_bold(stream, program->name);
	if (!program->single) {
		fputc(' ', stream);
		put_bold(stream, command->name);
	}
	fputs(" \\[_OPTION_\\]...", stream);
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg))
			continue;
		fputc(' ', stream);
		put_operand(stream, arg);
	}
	fputc('\n', stream);
}

static void put_option(FILE *stream, const struct cli_arg *arg)
{
	char letter[3] = {'-', arg->letter, '\0'};

	if (arg->letter) {
		put_bold(stream, letter);
		fputs(", ", stream);
	}
	put_bold(stream, arg->name);
	if (arg->value) {
		fputs(arg->optional ? "\\[=_" : "=_", stream);
		put_text(stream, arg->value);
		fputs(arg->optional ? "_\\]" : "_", stream);
	}
}

static void put_arg(FILE *stream, const struct cli_arg *arg)
{
	if (cxlf_cli_is_option(arg))
		put_option(stream, arg);
	else
		put_operand(stream, arg);
	fputs("\n\t", stream);
	put_text(stream, arg->help);
	if (arg->choices && cxlf_cli_is_option(arg)) {
		fputs(". One of ", stream);
		put_bold(stream, arg->choices);
	}
	fputs(".\n\n", stream);
}

/* The common options by name only: cxlflashctl(8) describes them once. */
static void put_options(FILE *stream, const struct command *command)
{
	const char *before = "Common options, described in *cxlflashctl*(8): ";

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));) {
		if (!arg->group) {
			put_arg(stream, arg);
			continue;
		}
		fputs(before, stream);
		put_option(stream, arg);
		before = "; ";
	}
	fputs(".\n", stream);
}

static void put_columns(FILE *stream, const struct command *command)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;
	int n = command->columns ? cxlf_columns_all(command->columns, column, &err) : 0;

	for (int i = 0; i < n; i++) {
		if (!cxlf_field_is_column(column[i].field))
			continue;
		put_bold(stream, column[i].field->key);
		fputs(cxlf_column_is_in(column[i].field, command->shown) ? " (default)\n\t" : "\n\t", stream);
		put_text(stream, column[i].field->help);
		fputs(".\n\n", stream);
	}
}

/* "command # what it does": the comment first, as a sentence would. */
static void put_examples(FILE *stream, const struct cli_program *program, const struct command *command)
{
	for (const char *line = command->example, *end; line && *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		const char *hash = memmem(line, (size_t)(end - line), " # ", 3);
		size_t len = (size_t)((hash ? hash : end) - line);

		while (len && line[len - 1] == ' ')
			len--;
		if (hash) {
			put_escaped(stream, hash + 3, (size_t)(end - hash - 3));
			fputs(":\n\n", stream);
		}
		fprintf(stream, "```\n%s %.*s\n```\n\n", program->name, (int)len, line);
	}
}

static void put_exit(FILE *stream, int status)
{
	fprintf(stream, "*%d*\n\t", status);
	put_text(stream, cxlf_exit_summary(status));
	fputs("\n\n", stream);
}

static void put_exits(FILE *stream, const struct command *command)
{
	put_exit(stream, CXLF_EXIT_OK);
	put_exit(stream, CXLF_EXIT_FAILED);
	put_exit(stream, CXLF_EXIT_USAGE);
	for (enum cxlf_exit status = CXLF_EXIT_USAGE; (status = cxlf_cli_next_exit(command, status));)
		put_exit(stream, status);
	put_exit(stream, CXLF_EXIT_OUTPUT);
}

static void put_all_exits(FILE *stream)
{
	for (int status = 0; status < 128; status++)
		if (cxlf_exit_summary(status))
			put_exit(stream, status);
}

static void put_codes(FILE *stream)
{
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)code);

		put_bold(stream, info->name);
		fprintf(stream, " (exit %d)\n\t", info->exit);
		put_text(stream, info->summary);
		fputs(".\n\n", stream);
	}
}

/* cxlflashctl-lun-list is the page of "lun list". */
static void put_page_name(FILE *stream, const struct cli_program *program, const struct command *command)
{
	fputs(program->name, stream);
	if (program->single)
		return;
	fputc('-', stream);
	for (const char *c = command->name; *c; c++)
		fputc(*c == ' ' ? '-' : *c, stream);
}

static void put_commands(FILE *stream, const struct cli_program *program)
{
	for (const struct command *const *command = program->commands; *command; command++) {
		fputc('*', stream);
		put_page_name(stream, program, *command);
		fputs("*(8)\n\t", stream);
		put_text(stream, (*command)->summary);
		fputs(".\n\n", stream);
	}
}

static void put_common(FILE *stream)
{
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		put_arg(stream, arg);
}

static void put_name(FILE *stream, const struct cli_program *program, const struct command *command)
{
	put_page_name(stream, program, command);
	fputs(" - ", stream);
	put_text(stream, command->summary);
	fputc('\n', stream);
}

static void put_about(FILE *stream, const struct command *command)
{
	put_text(stream, command->about ? command->about : command->summary);
	fputc('\n', stream);
}

static int put_command_section(FILE *stream, const struct cli_program *program, const struct command *command,
			       const char *section)
{
	if (!strcmp(section, "synopsis"))
		put_synopsis(stream, program, command);
	else if (!strcmp(section, "name"))
		put_name(stream, program, command);
	else if (!strcmp(section, "about"))
		put_about(stream, command);
	else if (!strcmp(section, "options"))
		put_options(stream, command);
	else if (!strcmp(section, "columns"))
		put_columns(stream, command);
	else if (!strcmp(section, "examples"))
		put_examples(stream, program, command);
	else if (!strcmp(section, "exits"))
		put_exits(stream, command);
	else
		return -1;
	return 0;
}

int cxlf_cli_man(FILE *stream, const struct cli_program *program, const struct command *command, const char *section)
{
	if (command)
		return put_command_section(stream, program, command, section);
	if (!strcmp(section, "commands"))
		put_commands(stream, program);
	else if (!strcmp(section, "options"))
		put_common(stream);
	else if (!strcmp(section, "exits"))
		put_all_exits(stream);
	else if (!strcmp(section, "codes"))
		put_codes(stream);
	else
		return -1;
	return 0;
}
