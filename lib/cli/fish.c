/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for fish: one `complete` line a word, each with the command it belongs to.
 */
#include "words.h"

#include <string.h>

static const char head[] =
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# fish completion for cxlflashctl, made from its option tables by `cxlflashctl completion fish`.\n"
	"\n"
	"function __cxlflashctl_luns\n"
	"\tcxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null\n"
	"end\n"
	"\n"
	"function __cxlflashctl_adapters\n"
	"\tcxlflashctl adapter list --quiet --no-headings --columns=name 2>/dev/null\n"
	"end\n"
	"\n"
	"function __cxlflashctl_contexts\n"
	"\tfor socket in /run/cxlflash/*.sock\n"
	"\t\tstring replace -r '.*/(.*)\\\\.sock$' '$1' -- $socket\n"
	"\tend\n"
	"end\n"
	"\n"
	"function __cxlflashctl_handles\n"
	"\tcxlflashctl vlun list --quiet --no-headings --columns=id 2>/dev/null\n"
	"end\n"
	"\n"
	"function __cxlflashctl_folders\n"
	"\t__fish_complete_directories\n"
	"end\n"
	"\n"
	"# The command's words typed so far, without options and their values.\n"
	"function __cxlflashctl_command\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -l command\n"
	"\tset -l skip 0\n"
	"\tfor word in $words[2..-1]\n"
	"\t\tif test $skip = 1\n"
	"\t\t\tset skip 0\n"
	"\t\telse if contains -- $word $__cxlflashctl_valued\n"
	"\t\t\tset skip 1\n"
	"\t\telse if string match -q -- '-*' $word\n"
	"\t\t\tcontinue\n"
	"\t\telse if test -z \"$command\"; or contains -- \"$command\" $__cxlflashctl_nouns\n"
	"\t\t\tset command (string trim -- \"$command $word\")\n"
	"\t\tend\n"
	"\tend\n"
	"\techo $command\n"
	"end\n"
	"\n"
	"function __cxlflashctl_is\n"
	"\ttest \"$(__cxlflashctl_command)\" = \"$argv[1]\"\n"
	"end\n"
	"\n"
	"complete -c cxlflashctl -f\n";

static void put_quoted(FILE *stream, const char *text)
{
	fputc('\'', stream);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', stream);
		fputc(*text, stream);
	}
	fputc('\'', stream);
}

static void put_at(FILE *stream, const char *command)
{
	fprintf(stream, "complete -c cxlflashctl -n '__cxlflashctl_is \"%s\"'", command);
}

static void put_source(FILE *stream, const struct cli_program *program, const struct command *command,
		       const struct cli_arg *arg)
{
	if (cxlf_cli_live(arg)) {
		fprintf(stream, " -a '(__cxlflashctl_%s)'", cxlf_cli_live(arg));
		return;
	}
	if (!arg->choices && !arg->words)
		return;
	fputs(" -a '", stream);
	cxlf_cli_put_words(stream, program, command, arg);
	fputc('\'', stream);
}

static void put_arg(FILE *stream, const struct cli_program *program, const struct command *command,
		    const struct cli_arg *arg, const char *at)
{
	put_at(stream, at);
	if (cxlf_cli_is_option(arg)) {
		if (arg->letter)
			fprintf(stream, " -s %c", arg->letter);
		fprintf(stream, " -l %s", arg->name + 2);
		if (cxlf_cli_takes_value(arg) && !arg->optional)
			fputs(" -x", stream);
	}
	put_source(stream, program, command, arg);
	fputs(" -d ", stream);
	put_quoted(stream, arg->help);
	fputc('\n', stream);
}

static void put_word(FILE *stream, const char *at, const char *word, int len, const char *help)
{
	put_at(stream, at);
	fprintf(stream, " -a '%.*s' -d ", len, word);
	put_quoted(stream, help);
	fputc('\n', stream);
}

static void put_command(FILE *stream, const struct cli_program *program, const struct command *const *command)
{
	const char *name = (*command)->name, *verb = strchr(name, ' ');
	char noun[32];

	if (!verb) {
		put_word(stream, "", name, (int)strlen(name), (*command)->summary);
	} else {
		snprintf(noun, sizeof(noun), "%.*s", (int)(verb - name), name);
		if (cxlf_cli_is_first_of_noun(program, command)) {
			put_at(stream, "");
			fprintf(stream, " -a '%s' -d '", noun);
			cxlf_cli_put_commands(stream, program, noun);
			fputs("'\n", stream);
		}
		put_word(stream, noun, verb + 1, (int)strlen(verb + 1), (*command)->summary);
	}
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(*command, arg));)
		put_arg(stream, program, *command, arg, name);
}

void cxlf_cli_fish(FILE *stream, const struct cli_program *program)
{
	fputs(head, stream);
	fputs("set -g __cxlflashctl_valued ", stream);
	cxlf_cli_put_valued(stream, program, " ");
	fputs("\nset -g __cxlflashctl_nouns", stream);
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_is_first_of_noun(program, command))
			fprintf(stream, " %.*s", (int)strcspn((*command)->name, " "), (*command)->name);
	fputc('\n', stream);
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		if (arg->words != CLI_WORDS_COLUMNS)
			put_arg(stream, program, NULL, arg, "");
	for (const struct command *const *command = program->commands; *command; command++)
		put_command(stream, program, command);
}
