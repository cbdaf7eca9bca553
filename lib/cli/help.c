/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --help: the tables as text.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#define INDENT 24 /* where the help of an option starts */

struct page {
	FILE *stream;
	int width;
};

/* `text`, wrapped at blanks and behind bars; the first line starts at `column`, the others at `indent`. Line feeds are
 * kept. */
static void put_wrapped(const struct page *page, const char *text, int column, int indent)
{
	int at = column, len;

	for (; *text; text += len) {
		len = (int)strcspn(text, " \n|");
		len += text[len] == '|';
		if (at > indent && at + len >= page->width) {
			fprintf(page->stream, "\n%*s", indent, "");
			at = indent;
		}
		fprintf(page->stream, "%.*s", len, text);
		at += len;
		if (text[len] == '\n') {
			fprintf(page->stream, "\n%*s", text[len + 1] != '\n' ? indent : 0, "");
			at = indent;
			len++;
		} else if (text[len] == ' ') {
			len++;
			if (at + 1 + (int)strcspn(text + len, " \n|") < page->width) {
				fputc(' ', page->stream);
				at++;
			} else {
				fprintf(page->stream, "\n%*s", indent, "");
				at = indent;
			}
		}
	}
	fputc('\n', page->stream);
}

void cxlf_cli_put_text(FILE *stream, const char *text, unsigned width)
{
	put_wrapped(&(const struct page){stream, (int)width}, text, 0, 0);
}

static void put_entry(const struct page *page, const char *head, const char *help)
{
	int len = (int)strlen(head) + 2;

	fprintf(page->stream, "  %s", head);
	if (len + 2 > INDENT)
		fprintf(page->stream, "\n%*s", INDENT, "");
	else
		fprintf(page->stream, "%*s", INDENT - len, "");
	put_wrapped(page, help, INDENT, INDENT);
}

static void put_usage(const struct page *page, const struct cli_program *program, const struct command *command)
{
	char text[128];

	fprintf(page->stream, "Usage: %s%s%s [OPTION]...", program->name, program->single ? "" : " ",
		program->single ? "" : command->name);
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		cxlf_cli_operand_text(arg, text, sizeof(text));
		if (!cxlf_cli_is_option(arg))
			fprintf(page->stream, " %s", text);
	}
	fputs("\n\n", page->stream);
}

static void put_capital(const struct page *page, const char *summary)
{
	char text[160];

	snprintf(text, sizeof(text), "%s.", summary);
	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	put_wrapped(page, text, 0, 0);
}

static void put_arg(const struct page *page, const struct cli_arg *arg)
{
	char text[128], help[512];

	if (cxlf_cli_is_option(arg))
		cxlf_cli_option_text(arg, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%s", arg->name);
	snprintf(help, sizeof(help), "%s", arg->help);
	if (arg->choices && cxlf_cli_is_option(arg))
		snprintf(help, sizeof(help), "%s: %s", arg->choices, arg->help);
	put_entry(page, text, help);
}

static void put_args(const struct page *page, const struct command *command)
{
	const char *title = NULL, *now;

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg)) && !arg->group;) {
		now = cxlf_cli_is_option(arg) ? "Options" : "Operands";
		if (now != title)
			fprintf(page->stream, "\n%s:\n", now);
		title = now;
		put_arg(page, arg);
	}
}

/* Only the names of the common options: cxlflashctl(8) describes them. */
static void put_common(const struct page *page, const struct command *command)
{
	const char *before = "\nCommon options, described in cxlflashctl(8):\n  ";
	char text[64];
	int at = 2;

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));) {
		if (!arg->group)
			continue;
		cxlf_cli_option_text(arg, text, sizeof(text));
		const char *word = text + strspn(text, " ");
		int len = (int)strlen(word) + 2;

		if (at + len > page->width) {
			before = ";\n  ";
			at = 2;
		}
		fprintf(page->stream, "%s%s", before, word);
		before = "; ";
		at += len;
	}
	fputs("\n", page->stream);
}

/* "command # what it does" */
static void put_examples(const struct page *page, const struct cli_program *program, const char *example)
{
	fputs("\nExamples:\n", page->stream);
	for (const char *line = example, *end; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');

		const char *hash = memmem(line, (size_t)(end - line), " # ", 3);

		fprintf(page->stream, "  %s %.*s\n", program->name, (int)((hash ? hash : end) - line), line);
		if (hash)
			fprintf(page->stream, "      %.*s\n", (int)(end - hash - 3), hash + 3);
	}
}

void cxlf_cli_page(const struct cli_program *program, const struct command *command, char *text, size_t size)
{
	if (program->single || command->general)
		snprintf(text, size, "%s", program->name);
	else
		snprintf(text, size, "%s-%.*s", program->name, (int)strcspn(command->name, " "), command->name);
}

static void put_exits(const struct page *page, const struct cli_program *program, const struct command *command)
{
	char manual[64];

	fputs("\nExit status:\n", page->stream);
	for (int status = 0; status <= CXLF_EXIT_NO_PROGRAM; status++)
		if (cxlf_cli_exits_with(command, status))
			fprintf(page->stream, "  %-3d  %s\n", status, cxlf_exit_summary(status));
	cxlf_cli_page(program, command, manual, sizeof(manual));
	fprintf(page->stream, "\nMore: man %s\n", manual);
}

void cxlf_cli_help(FILE *stream, const struct cli_program *program, const struct command *command, unsigned width)
{
	const struct page page = {stream, (int)width};

	put_usage(&page, program, command);
	put_capital(&page, command->summary);
	if (command->about) {
		fputc('\n', stream);
		put_wrapped(&page, command->about, 0, 0);
	}
	put_args(&page, command);
	put_common(&page, command);
	if (command->example)
		put_examples(&page, program, command->example);
	put_exits(&page, program, command);
}

bool cxlf_cli_help_noun(FILE *stream, const struct cli_program *program, const char *noun, unsigned width)
{
	const struct page page = {stream, (int)width};

	if (!cxlf_cli_is_noun(program, noun))
		return false;
	fprintf(stream, "Usage: %s %s COMMAND [OPTION]... [OPERAND]...\n\nCommands:\n", program->name, noun);
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_verb(*command, noun))
			put_entry(&page, (*command)->name, (*command)->summary);
	fprintf(stream, "\nEach has --help. More: man %s-%s\n", program->name, noun);
	return true;
}

void cxlf_cli_overview(FILE *stream, const struct cli_program *program, unsigned width)
{
	const struct page page = {stream, (int)width};

	fprintf(stream, "Usage: %s COMMAND [OPTION]... [OPERAND]...\n\n", program->name);
	put_capital(&page, program->summary);
	fputs("\nCommands:\n", stream);
	for (const struct command *const *command = program->commands; *command; command++)
		put_entry(&page, (*command)->name, (*command)->summary);
	fputc('\n', stream);
	put_wrapped(&page, program->about, 0, 0);
}
