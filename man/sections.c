/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sections PROGRAM SECTION [COMMAND...]: print a section of a manual page in scdoc, from the option tables of the
 * programs. man/fill.sh inserts it into the page.
 */
#include "../cmd/ctl/command.h"
#include "../cmd/holder/daemon.h"
#include "../cmd/verify/check.h"

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

/* With a capital, unless the first word is a name or the first of a list of values: cxlflashN, driver-wipe, "ready,
 * lost". */
static void put_capital(FILE *stream, const char *text, size_t len)
{
	size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	if (letters && letters <= len && strchr(" ", text[letters])) {
		fputc(*text++ - 'a' + 'A', stream);
		len--;
	}
	put_escaped(stream, text, len);
}

static void put_sentence(FILE *stream, const char *text)
{
	put_capital(stream, text, strlen(text));
	fputs(".\n\n", stream);
}

static void put_bold(FILE *stream, const char *text)
{
	fputc('*', stream);
	put_text(stream, text);
	fputc('*', stream);
}

/* Choices are bold, separated by bars; names of values are underlined. */
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
	put_capital(stream, arg->help, strlen(arg->help));
	if (arg->choices && cxlf_cli_is_option(arg)) {
		fputs(". One of ", stream);
		put_bold(stream, arg->choices);
	}
	fputs(".\n\n", stream);
}

/* The common options by name only: cxlflashctl(8) describes them once. */
static void put_options(FILE *stream, const struct command *command)
{
	const char *before = command->general ? "Common options: " : "Common options, described in *cxlflashctl*(8): ";

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

/* An earlier command of the same noun with the same columns and the same defaults. */
static const struct command *same_columns(const struct cli_program *program, const struct command *command)
{
	char noun[32];

	snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(command->name, " "), command->name);
	for (const struct command *const *one = program->commands; *one != command; one++)
		if (cxlf_cli_verb(*one, noun) && (*one)->columns == command->columns &&
		    !strcmp((*one)->shown ? (*one)->shown : "", command->shown ? command->shown : ""))
			return *one;
	return NULL;
}

static void put_columns(FILE *stream, const struct cli_program *program, const struct command *command)
{
	const struct command *same = same_columns(program, command);
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;
	int n = command->columns ? cxlf_columns_all(command->columns, column, &err) : 0;

	if (same)
		fprintf(stream, "As for *%s*.\n", same->name);
	for (int i = 0; i < n && !same; i++) {
		if (!cxlf_field_is_column(column[i].field))
			continue;
		put_bold(stream, column[i].field->key);
		fputs(cxlf_column_is_in(column[i].field, command->shown) ? " (default)\n\t" : "\n\t", stream);
		put_sentence(stream, column[i].field->help);
	}
}

/* "command # what it does": the comment first. */
static void put_examples(FILE *stream, const struct cli_program *program, const struct command *command)
{
	for (const char *line = command->example, *end; line && *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		const char *hash = memmem(line, (size_t)(end - line), " # ", 3);
		size_t len = (size_t)((hash ? hash : end) - line);

		while (len && line[len - 1] == ' ')
			len--;
		if (hash) {
			put_capital(stream, hash + 3, (size_t)(end - hash - 3));
			fputs(":\n\n", stream);
		}
		fprintf(stream, "```\n%s %.*s\n```\n\n", program->name, (int)len, line);
	}
}

/* Nothing for a number that is not an exit status. */
static void put_exit(FILE *stream, int status)
{
	if (!cxlf_exit_summary(status))
		return;
	fprintf(stream, "*%d*\n\t", status);
	put_sentence(stream, cxlf_exit_summary(status));
}

/* Exit statuses of one command, or of all commands of a noun. */
static void put_exits(FILE *stream, const struct cli_program *program, const struct command *command, const char *noun)
{
	for (int status = 0; status <= CXLF_EXIT_NO_PROGRAM; status++) {
		bool ends = status == CXLF_EXIT_OUTPUT;

		for (const struct command *const *one = program->commands; *one; one++)
			if (*one == command || (noun && cxlf_cli_verb(*one, noun)))
				ends |= cxlf_cli_exits_with(*one, status);
		if (ends)
			put_exit(stream, status);
	}
}

static void put_codes(FILE *stream)
{
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)code);

		put_bold(stream, info->name);
		fprintf(stream, " (exit %d)\n\t", info->exit);
		put_sentence(stream, info->summary);
	}
}

/* Every command with its page; a general command has none of its own. */
static void put_commands(FILE *stream, const struct cli_program *program)
{
	char page[64];

	for (const struct command *const *command = program->commands; *command; command++) {
		put_bold(stream, (*command)->name);
		fputs("\n\t", stream);
		put_capital(stream, (*command)->summary, strlen((*command)->summary));
		cxlf_cli_page(program, *command, page, sizeof(page));
		if (!(*command)->general)
			fprintf(stream, ": *%s*(8)", page);
		fputs(".\n\n", stream);
	}
}

/* The synopsis of the program, and of the commands that its own page describes. */
static void put_overview(FILE *stream, const struct cli_program *program)
{
	put_bold(stream, program->name);
	fputs(" _COMMAND_ \\[_OPTION_\\]... \\[_OPERAND_\\]...", stream);
	for (const struct command *const *command = program->commands; *command; command++) {
		if (!(*command)->general)
			continue;
		fputs(" ++\n", stream);
		put_synopsis(stream, program, *command);
	}
	fputc('\n', stream);
}

static void put_name(FILE *stream, const struct cli_program *program, const struct command *command)
{
	char page[64];

	cxlf_cli_page(program, command, page, sizeof(page));
	fprintf(stream, "%s - ", page);
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
		put_columns(stream, program, command);
	else if (!strcmp(section, "examples"))
		put_examples(stream, program, command);
	else if (!strcmp(section, "exits"))
		put_exits(stream, program, command, NULL);
	else
		return -1;
	return 0;
}

static int put_noun_section(FILE *stream, const struct cli_program *program, const char *noun, const char *section)
{
	const char *between = "";

	if (!cxlf_cli_is_noun(program, noun))
		return -1;
	if (!strcmp(section, "exits")) {
		put_exits(stream, program, NULL, noun);
		return 0;
	}
	for (const struct command *const *command = program->commands; *command; command++) {
		if (!cxlf_cli_verb(*command, noun))
			continue;
		fputs(between, stream);
		if (!strcmp(section, "examples"))
			fprintf(stream, "## %s\n\n", (*command)->name);
		if (put_command_section(stream, program, *command, section))
			return -1;
		between = !strcmp(section, "synopsis") ? " ++\n" : "";
	}
	fputc('\n', stream);
	return 0;
}

static int put_program_section(FILE *stream, const struct cli_program *program, const char *section)
{
	if (!strcmp(section, "synopsis"))
		put_overview(stream, program);
	else if (!strcmp(section, "commands"))
		put_commands(stream, program);
	else if (!strcmp(section, "options"))
		for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
			put_arg(stream, arg);
	else if (!strcmp(section, "exits"))
		for (int status = 0; status <= CXLF_EXIT_NO_PROGRAM; status++)
			put_exit(stream, status);
	else if (!strcmp(section, "codes"))
		put_codes(stream);
	else
		return -1;
	return 0;
}

/* Of a command, of all commands of a noun, or of the program. */
static int put_section(FILE *stream, const struct cli_program *program, const char *section, char **words, size_t n)
{
	const struct command *command = program->single ? program->commands[0]
					: n		? cxlf_cli_find(program, (const char *const *)words, n)
							: NULL;

	if (!command)
		return n ? put_noun_section(stream, program, words[0], section)
			 : put_program_section(stream, program, section);
	if (put_command_section(stream, program, command, section))
		return -1;
	fputc('\n', stream);
	return 0;
}

int main(int argc, char **argv)
{
	const struct cli_program *const programs[] = {&ctl_program, &verify_program, &holder_program};

	for (size_t i = 0; argc > 2 && i < sizeof(programs) / sizeof(*programs); i++)
		if (!strcmp(argv[1], programs[i]->name) &&
		    !put_section(stdout, programs[i], argv[2], argv + 3, (size_t)argc - 3))
			return 0;
	fprintf(stderr, "sections: no such section of a manual page\n");
	return 1;
}
