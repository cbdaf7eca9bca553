/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for zsh: finds the command's words, then leaves the rest to _arguments.
 */
#include "words.h"

#include <string.h>

static const char head[] =
	"#compdef cxlflashctl\n"
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# zsh completion for cxlflashctl, made from its option tables by `cxlflashctl completion zsh`.\n"
	"\n"
	"_cxlflashctl_luns() {\n"
	"\tlocal -a found\n"
	"\tfound=(${(f)\"$(cxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null)\"})\n"
	"\t_wanted luns expl LUN compadd -a found\n"
	"}\n"
	"\n"
	"_cxlflashctl_adapters() {\n"
	"\tlocal -a found\n"
	"\tfound=(${(f)\"$(cxlflashctl adapter list --quiet --no-headings --columns=name 2>/dev/null)\"})\n"
	"\t_wanted adapters expl ADAPTER compadd -a found\n"
	"}\n"
	"\n"
	"_cxlflashctl_contexts() {\n"
	"\tlocal -a found\n"
	"\tfound=(/run/cxlflash/*.sock(N:t:r))\n"
	"\t_wanted contexts expl NAME compadd -a found\n"
	"}\n"
	"\n"
	"_cxlflashctl_handles() {\n"
	"\tlocal -a found\n"
	"\tfound=(${(f)\"$(cxlflashctl vlun list --quiet --no-headings --columns=id 2>/dev/null)\"})\n"
	"\t_wanted handles expl NAME/HANDLE compadd -a found\n"
	"}\n"
	"\n"
	"_cxlflashctl_folders() {\n"
	"\t_files -/\n"
	"}\n"
	"\n"
	"_cxlflashctl_columns() {\n"
	"\t_values -s , column \"$@\"\n"
	"}\n"
	"\n";

static const char middle[] = "\tfor ((i = 2; i < CURRENT; i++)); do\n"
			     "\t\tif [[ $words[i] == -* ]]; then\n"
			     "\t\t\t(( ${valued[(Ie)$words[i]]} )) && ((i++))\n"
			     "\t\telif [[ -z $command ]]; then\n"
			     "\t\t\tcommand=$words[i] at=$i\n"
			     "\t\telif (( ${nouns[(Ie)$command]} )); then\n"
			     "\t\t\tcommand+=\" $words[i]\" at=$i\n"
			     "\t\tfi\n"
			     "\tdone\n"
			     "\tif ((at)); then\n"
			     "\t\twords=(\"$command\" \"${(@)words[at + 1,-1]}\")\n"
			     "\t\t((CURRENT -= at - 1))\n"
			     "\tfi\n"
			     "\tcase $command in\n";

static void put_quoted(FILE *stream, const char *text, const char *special)
{
	for (; *text; text++) {
		if (*text == '\'') {
			fputs("'\\''", stream);
			continue;
		}
		if (strchr(special, *text))
			fputc('\\', stream);
		fputc(*text, stream);
	}
}

static void put_action(FILE *stream, const struct cli_program *program, const struct command *command,
		       const struct cli_arg *arg)
{
	if (cxlf_cli_live(arg)) {
		fprintf(stream, "_cxlflashctl_%s", cxlf_cli_live(arg));
		return;
	}
	if (arg->kind == CLI_KIND_TEXT && cxlf_cli_is_option(arg) && arg->words == CLI_WORDS_NONE) {
		fputs("_files", stream);
		return;
	}
	bool columns = arg->words == CLI_WORDS_COLUMNS;
	fputs(columns ? "_cxlflashctl_columns " : "(", stream);
	cxlf_cli_put_words(stream, program, command, arg);
	fputs(columns ? "" : ")", stream);
}

static void put_option(FILE *stream, const struct cli_program *program, const struct command *command,
		       const struct cli_arg *arg)
{
	const char *equals = cxlf_cli_takes_value(arg) ? (arg->optional ? "=-" : "=") : "";

	fputs(" \\\n\t\t\t", stream);
	if (arg->letter)
		fprintf(stream, "'(-%c %s)'{-%c%s,%s%s}'[", arg->letter, arg->name, arg->letter,
			cxlf_cli_takes_value(arg) ? "+" : "", arg->name, equals);
	else
		fprintf(stream, "'%s%s[", arg->name, equals);
	put_quoted(stream, arg->help, "[]:");
	fputc(']', stream);
	if (cxlf_cli_takes_value(arg)) {
		fprintf(stream, "%s%s:", arg->optional ? "::" : ":", arg->value);
		put_action(stream, program, command, arg);
	}
	fputc('\'', stream);
}

/* "manage-lun" as part of a function's name */
static void put_identifier(FILE *stream, const char *name)
{
	for (; *name; name++)
		fputc(*name == ' ' || *name == '-' ? '_' : *name, stream);
}

static const struct cli_arg *many_of(const struct command *command)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (!cxlf_cli_is_option(arg) && cxlf_cli_is_many(arg))
			return arg;
	return NULL;
}

/* Behind a variadic operand come others (LUN... MODE): at every place each of them is offered. */
static void put_alternatives(FILE *stream, const struct cli_program *program, const struct command *command)
{
	const struct cli_arg *arg = many_of(command);

	if (!arg)
		return;
	fputs("_cxlflashctl_of_", stream);
	put_identifier(stream, command->name);
	fputs("() {\n\t_alternative", stream);
	for (; arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg))
			continue;
		fprintf(stream, " '%s:%s:", arg->name, arg->name);
		put_action(stream, program, command, arg);
		fputc('\'', stream);
	}
	fputs("\n}\n\n", stream);
}

static void put_operand(FILE *stream, const struct cli_program *program, const struct command *command,
			const struct cli_arg *arg)
{
	if (cxlf_cli_is_many(arg)) {
		fprintf(stream, " \\\n\t\t\t'*:%s:_cxlflashctl_of_", arg->name);
		put_identifier(stream, command->name);
	} else {
		fprintf(stream, " \\\n\t\t\t'%s:%s:", arg->optional ? ":" : "", arg->name);
		put_action(stream, program, command, arg);
	}
	fputc('\'', stream);
}

static void put_command(FILE *stream, const struct cli_program *program, const struct command *command)
{
	fprintf(stream, "\t('%s')\n\t\t_arguments -s -S", command->name);
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));)
		if (cxlf_cli_is_option(arg))
			put_option(stream, program, command, arg);
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg))
			continue;
		put_operand(stream, program, command, arg);
		if (cxlf_cli_is_many(arg))
			break;
	}
	fputs("\n\t\t;;\n", stream);
}

static void put_descriptions(FILE *stream, const struct cli_program *program, const char *noun)
{
	for (const struct command *const *command = program->commands; *command; command++) {
		if (!cxlf_cli_verb(*command, noun))
			continue;
		fprintf(stream, " \\\n\t\t\t'%s:", cxlf_cli_verb(*command, noun));
		put_quoted(stream, (*command)->summary, ":");
		fputc('\'', stream);
	}
}

static void put_first_words(FILE *stream, const struct cli_program *program)
{
	fputs("\t('')\n\t\tlocal -a all\n\t\tall=(", stream);
	for (const struct command *const *command = program->commands; *command; command++) {
		const char *word = (*command)->name;
		char noun[32];

		if (!strchr(word, ' ')) {
			fprintf(stream, " \\\n\t\t\t'%s:", word);
			put_quoted(stream, (*command)->summary, ":");
			fputc('\'', stream);
		} else if (cxlf_cli_is_first_of_noun(program, command)) {
			snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(word, " "), word);
			fprintf(stream, " \\\n\t\t\t'%s:", noun);
			cxlf_cli_put_commands(stream, program, noun);
			fputc('\'', stream);
		}
	}
	fputs(")\n\t\t_arguments -s -S", stream);
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		if (arg->words != CLI_WORDS_COLUMNS)
			put_option(stream, program, NULL, arg);
	fputs(" \\\n\t\t\t'*: :{ _describe -t commands command all }'\n\t\t;;\n", stream);
}

static void put_nouns(FILE *stream, const struct cli_program *program)
{
	for (const struct command *const *command = program->commands; *command; command++) {
		char noun[32];

		if (!cxlf_cli_is_first_of_noun(program, command))
			continue;
		snprintf(noun, sizeof(noun), "%.*s", (int)strcspn((*command)->name, " "), (*command)->name);
		fprintf(stream, "\t('%s')\n\t\tlocal -a all\n\t\tall=(", noun);
		put_descriptions(stream, program, noun);
		fputs(")\n\t\t_describe -t commands command all\n\t\t;;\n", stream);
	}
}

void cxlf_cli_zsh(FILE *stream, const struct cli_program *program)
{
	fputs(head, stream);
	for (const struct command *const *command = program->commands; *command; command++)
		put_alternatives(stream, program, *command);
	fputs("_cxlflashctl() {\n\tlocal command='' at=0 i\n\tlocal -a valued nouns\n\tvalued=(", stream);
	cxlf_cli_put_valued(stream, program, " ");
	fputs(")\n\tnouns=(", stream);
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_is_first_of_noun(program, command))
			fprintf(stream, " %.*s", (int)strcspn((*command)->name, " "), (*command)->name);
	fputs(" )\n", stream);
	fputs(middle, stream);
	put_first_words(stream, program);
	put_nouns(stream, program);
	for (const struct command *const *command = program->commands; *command; command++)
		put_command(stream, program, *command);
	fputs("\tesac\n}\n\n_cxlflashctl \"$@\"\n", stream);
}
