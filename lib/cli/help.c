/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --help: the tables as text for a terminal of 80 columns.
 */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 80
#define INDENT 24 /* where the help of an option starts */

/* Words of `text` from column `column` on, continued at `indent`; line feeds in it part paragraphs. */
static void put_wrapped(FILE *stream, const char *text, int column, int indent)
{
	int at = column;

	while (*text) {
		int len = (int)strcspn(text, " \n");

		if (at > indent && at + len >= WIDTH) {
			fprintf(stream, "\n%*s", indent, "");
			at = indent;
		}
		fprintf(stream, "%.*s", len, text);
		at += len;
		text += len;
		if (*text == '\n') {
			fprintf(stream, "\n%*s", text[1] && text[1] != '\n' ? indent : 0, "");
			at = indent;
			text++;
		} else if (*text == ' ') {
			text++;
			if (at + 1 + (int)strcspn(text, " \n") < WIDTH) {
				fputc(' ', stream);
				at++;
			} else {
				fprintf(stream, "\n%*s", indent, "");
				at = indent;
			}
		}
	}
	fputc('\n', stream);
}

static void put_entry(FILE *stream, const char *head, const char *help)
{
	int len = (int)strlen(head) + 2;

	fprintf(stream, "  %s", head);
	if (len + 2 > INDENT)
		fprintf(stream, "\n%*s", INDENT, "");
	else
		fprintf(stream, "%*s", INDENT - len, "");
	put_wrapped(stream, help, INDENT, INDENT);
}

static void put_usage(FILE *stream, const struct cli_program *program, const struct command *command)
{
	char text[128];

	fprintf(stream, "Usage: %s", program->name);
	if (!program->single)
		fprintf(stream, " %s", command->name);
	fputs(" [OPTION]...", stream);
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg))
			continue;
		cxlf_cli_operand_text(arg, text, sizeof(text));
		fprintf(stream, " %s", text);
	}
	fputs("\n\n", stream);
}

static void put_capital(FILE *stream, const char *summary)
{
	char text[160];

	snprintf(text, sizeof(text), "%s.", summary);
	if (*text >= 'a' && *text <= 'z')
		*text = (char)(*text - 'a' + 'A');
	put_wrapped(stream, text, 0, 0);
}

static void put_args(FILE *stream, const struct command *command)
{
	const char *title = NULL, *now;
	char text[128], help[512];

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));) {
		now = !cxlf_cli_is_option(arg) ? "Operands" : arg->group ? "Common options" : "Options";
		if (now != title)
			fprintf(stream, "\n%s:\n", now);
		title = now;
		if (cxlf_cli_is_option(arg))
			cxlf_cli_option_text(arg, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%s", arg->name);
		snprintf(help, sizeof(help), "%s", arg->help);
		if (arg->choices && arg->kind != CLI_KIND_FLAG && cxlf_cli_is_option(arg))
			snprintf(help, sizeof(help), "%s: %s", arg->choices, arg->help);
		put_entry(stream, text, help);
	}
}

static void put_examples(FILE *stream, const struct cli_program *program, const char *example)
{
	fputs("\nExamples:\n", stream);
	for (const char *line = example, *end; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		fprintf(stream, "  %s %.*s\n", program->name, (int)(end - line), line);
	}
}

static void put_exits(FILE *stream, const struct cli_program *program, const struct command *command)
{
	char page[64];

	fputs("\nExit status: 0 done, 1 failed, 2 wrong usage", stream);
	for (enum cxlf_exit status = CXLF_EXIT_USAGE; (status = cxlf_cli_next_exit(command, status));)
		fprintf(stream, ",\n  %d %s", status, cxlf_exit_summary(status));
	cxlf_cli_page(program, command, page, sizeof(page));
	fprintf(stream, ".\nMore: man %s\n", page);
}

void cxlf_cli_help(FILE *stream, const struct cli_program *program, const struct command *command)
{
	put_usage(stream, program, command);
	put_capital(stream, command->summary);
	if (command->about) {
		fputc('\n', stream);
		put_wrapped(stream, command->about, 0, 0);
	}
	put_args(stream, command);
	if (command->example)
		put_examples(stream, program, command->example);
	put_exits(stream, program, command);
}

bool cxlf_cli_help_noun(FILE *stream, const struct cli_program *program, const char *noun)
{
	if (!cxlf_cli_is_noun(program, noun))
		return false;
	fprintf(stream, "Usage: %s %s COMMAND [OPTION]... [OPERAND]...\n\nCommands:\n", program->name, noun);
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_verb(*command, noun))
			put_entry(stream, (*command)->name, (*command)->summary);
	fprintf(stream, "\nEach has --help. More: man %s-%s\n", program->name, noun);
	return true;
}

void cxlf_cli_overview(FILE *stream, const struct cli_program *program)
{
	fprintf(stream, "Usage: %s COMMAND [OPTION]... [OPERAND]...\n\n", program->name);
	put_capital(stream, program->summary);
	fputs("\nCommands:\n", stream);
	for (const struct command *const *command = program->commands; *command; command++)
		put_entry(stream, (*command)->name, (*command)->summary);
	fputc('\n', stream);
	put_wrapped(stream, program->about, 0, 0);
}
