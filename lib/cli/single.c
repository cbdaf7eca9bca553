/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion of a program without command words, in the three shells: its options, their values, and LUNs.
 *
 * LUNs come from cxlflashctl, which is installed along with it. The scripts are much shorter than those of a
 * program with commands, for nothing has to be found out about the words before.
 */
#include "words.h"

#include <string.h>

#define LUNS "cxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null"

/* "cxlflash-verify" as part of a function's name */
static void put_identifier(FILE *stream, const struct cli_program *program)
{
	for (const char *c = program->name; *c; c++)
		fputc(*c == '-' ? '_' : *c, stream);
}

/* "X of `PROGRAM --completion=SHELL`" */
static void put_head(FILE *stream, const struct cli_program *program, const char *shell)
{
	fprintf(stream,
		"# SPDX-License-Identifier: GPL-2.0-or-later\n"
		"# %s completion for %s, made from its option table by `%s --completion=%s`.\n\n",
		shell, program->name, program->name, shell);
}

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

/* A name of a file, unless its words are known. */
static bool is_file(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_TEXT && !arg->choices && arg->words == CLI_WORDS_NONE;
}

/* ---- bash ---- */

static const char bash_begin[] = "() {\n"
				 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} next='' "
				 "before=''\n"
				 "\t[[ $cur == = ]] && cur=''\n"
				 "\t[[ $option == = ]] && option=${COMP_WORDS[COMP_CWORD - 2]}\n"
				 "\tcase $option in\n";

static const char bash_end[] =
	"\t*)\n"
	"\t\tif [[ $cur == -* ]]; then\n"
	"\t\t\tnext='%s'\n"
	"\t\telse\n"
	"\t\t\tnext=$(" LUNS ")\n"
	"\t\tfi\n"
	"\t\t;;\n"
	"\tesac\n"
	"\tif [[ $option == -o || $option == --columns ]]; then\n"
	"\t\t[[ $cur == *[,+]* ]] && before=${cur%%\"${cur##*[,+]}\"}\n"
	"\t\tcur=${cur##*[,+]}\n"
	"\tfi\n"
	"\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$next\" -- \"$cur\")\n"
	"\t[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null\n"
	"\treturn 0\n"
	"}\n\n";

static void bash_value(FILE *stream, const struct cli_program *program, const struct cli_arg *arg)
{
	if (!cxlf_cli_is_option(arg) || !cxlf_cli_takes_value(arg) || arg->optional)
		return;
	fprintf(stream, "\t%s", arg->name);
	if (arg->letter)
		fprintf(stream, " | -%c", arg->letter);
	fputs(")\n", stream);
	if (is_file(arg)) {
		fputs("\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n\t\treturn 0\n\t\t;;\n", stream);
		return;
	}
	fputs("\t\tnext='", stream);
	cxlf_cli_put_words(stream, program, program->commands[0], arg);
	fputs("'\n\t\t;;\n", stream);
}

static void all_options(const struct command *command, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg)) && len < size;)
		if (cxlf_cli_is_option(arg))
			len += (size_t)snprintf(text + len, size - len, "%s%s%s", len ? " " : "", arg->name,
						cxlf_cli_takes_value(arg) && !arg->optional ? "=" : "");
}

static void bash(FILE *stream, const struct cli_program *program)
{
	char options[1024];

	fputc('_', stream);
	put_identifier(stream, program);
	fputs(bash_begin, stream);
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(program->commands[0], arg));)
		bash_value(stream, program, arg);
	all_options(program->commands[0], options, sizeof(options));
	fprintf(stream, bash_end, options);
	fputs("complete -F _", stream);
	put_identifier(stream, program);
	fprintf(stream, " %s\n", program->name);
}

/* ---- zsh ---- */

static void zsh_value(FILE *stream, const struct cli_program *program, const struct cli_arg *arg)
{
	bool columns = arg->words == CLI_WORDS_COLUMNS;

	fprintf(stream, "%s%s:", arg->optional ? "::" : ":", arg->value);
	if (is_file(arg)) {
		fputs("_files", stream);
		return;
	}
	fputs(columns ? "_values -s , column " : "(", stream);
	cxlf_cli_put_words(stream, program, program->commands[0], arg);
	fputs(columns ? "" : ")", stream);
}

static void zsh_option(FILE *stream, const struct cli_program *program, const struct cli_arg *arg)
{
	const char *equals = cxlf_cli_takes_value(arg) ? (arg->optional ? "=-" : "=") : "";

	fputs(" \\\n\t", stream);
	if (arg->letter)
		fprintf(stream, "'(-%c %s)'{-%c%s,%s%s}'[", arg->letter, arg->name, arg->letter,
			cxlf_cli_takes_value(arg) ? "+" : "", arg->name, equals);
	else
		fprintf(stream, "'%s%s[", arg->name, equals);
	put_quoted(stream, arg->help, "[]:");
	fputc(']', stream);
	if (cxlf_cli_takes_value(arg))
		zsh_value(stream, program, arg);
	fputc('\'', stream);
}

static void zsh(FILE *stream, const struct cli_program *program)
{
	fputc('_', stream);
	put_identifier(stream, program);
	fputs("_luns() {\n\tlocal -a found\n\tfound=(${(f)\"$(" LUNS ")\"})\n"
	      "\t_wanted luns expl LUN compadd -a found\n}\n\n_arguments -s -S",
	      stream);
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(program->commands[0], arg));)
		if (cxlf_cli_is_option(arg))
			zsh_option(stream, program, arg);
	fputs(" \\\n\t'*:LUN:_", stream);
	put_identifier(stream, program);
	fputs("_luns'\n", stream);
}

/* ---- fish ---- */

static void fish_option(FILE *stream, const struct cli_program *program, const struct cli_arg *arg)
{
	fprintf(stream, "complete -c %s", program->name);
	if (arg->letter)
		fprintf(stream, " -s %c", arg->letter);
	fprintf(stream, " -l %s", arg->name + 2);
	if (cxlf_cli_takes_value(arg) && !arg->optional)
		fputs(is_file(arg) ? " -r -F" : " -x", stream);
	if (cxlf_cli_takes_value(arg) && !is_file(arg)) {
		fputs(" -a '", stream);
		cxlf_cli_put_words(stream, program, program->commands[0], arg);
		fputc('\'', stream);
	}
	fputs(" -d '", stream);
	for (const char *c = arg->help; *c; c++)
		fprintf(stream, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
	fputs("'\n", stream);
}

static void fish(FILE *stream, const struct cli_program *program)
{
	fprintf(stream, "complete -c %s -f -a '(" LUNS ")'\n", program->name);
	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(program->commands[0], arg));)
		if (cxlf_cli_is_option(arg))
			fish_option(stream, program, arg);
}

void cxlf_cli_single(FILE *stream, const struct cli_program *program, enum cli_shell shell)
{
	static const char *const name[] = {"bash", "zsh", "fish"};
	static void (*const put[])(FILE *, const struct cli_program *) = {bash, zsh, fish};

	if (shell == CLI_SHELL_ZSH)
		fprintf(stream, "#compdef %s\n", program->name);
	put_head(stream, program, name[shell]);
	put[shell](stream, program);
}
