/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for bash. It needs no bash-completion package; LUNs and adapters come from sysfs, contexts
 * from the names of their sockets.
 */
#include "words.h"

#include <string.h>

static const char head[] =
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# bash completion for cxlflashctl, made from its option tables by `cxlflashctl completion bash`.\n"
	"\n"
	"_cxlflashctl_luns() {\n"
	"\tcxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null\n"
	"}\n"
	"\n"
	"_cxlflashctl_adapters() {\n"
	"\tcxlflashctl adapter list --quiet --no-headings --columns=name 2>/dev/null\n"
	"}\n"
	"\n"
	"_cxlflashctl_contexts() {\n"
	"\tlocal socket\n"
	"\tfor socket in /run/cxlflash/*.sock; do\n"
	"\t\tsocket=${socket##*/}\n"
	"\t\t[[ $socket == '*.sock' ]] || echo \"${socket%.sock}\"\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_cxlflashctl_handles() {\n"
	"\tcxlflashctl vlun list --quiet --no-headings --columns=id 2>/dev/null\n"
	"}\n"
	"\n"
	"_cxlflashctl_folders() {\n"
	"\tcompgen -d -- \"$cur\"\n"
	"}\n"
	"\n";

/* COMP_WORDS has "--format=json" as three words, because "=" is in COMP_WORDBREAKS. */
static const char tail[] = "_cxlflashctl() {\n"
			   "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command='' option='' word next i\n"
			   "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			   "\t\tword=${COMP_WORDS[i]}\n"
			   "\t\tif [[ $word == -* ]]; then\n"
			   "\t\t\toption=$word\n"
			   "\t\t\t[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
			   "\t\t\tif [[ ${COMP_WORDS[i]} == = || $_cxlflashctl_valued == *\" $word \"* ]]; then\n"
			   "\t\t\t\t((++i < COMP_CWORD)) && option=''\n"
			   "\t\t\telse\n"
			   "\t\t\t\toption=''\n"
			   "\t\t\tfi\n"
			   "\t\telif [[ -z $command || $(_cxlflashctl_operands \"$command\") == @noun* ]]; then\n"
			   "\t\t\tcommand=${command:+$command }$word\n"
			   "\t\tfi\n"
			   "\tdone\n"
			   "\t[[ $cur == = ]] && cur=''\n"
			   "\tif [[ -n $option ]]; then\n"
			   "\t\tnext=$(_cxlflashctl_values \"$command\" \"$option\")\n"
			   "\telif [[ $cur == -* ]]; then\n"
			   "\t\tnext=$(_cxlflashctl_options \"$command\")\n"
			   "\telif [[ -z $command ]]; then\n"
			   "\t\tnext=$(_cxlflashctl_operands '')\n"
			   "\telse\n"
			   "\t\tnext=$(_cxlflashctl_operands \"$command\")\n"
			   "\t\tnext=${next#@noun }\n"
			   "\tfi\n"
			   "\tif [[ $option == -o || $option == --columns ]]; then\n"
			   "\t\tlocal before=''\n"
			   "\t\t[[ $cur == *[,+]* ]] && before=${cur%\"${cur##*[,+]}\"}\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$next\" -- \"${cur##*[,+]}\")\n"
			   "\telse\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -W \"$next\" -- \"$cur\")\n"
			   "\tfi\n"
			   "\t[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null\n"
			   "\treturn 0\n"
			   "}\n"
			   "\n"
			   "complete -F _cxlflashctl cxlflashctl\n";

static void put_options(FILE *stream, const struct command *command)
{
	const char *blank = "";

	for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(command, arg));) {
		if (!cxlf_cli_is_option(arg))
			continue;
		fprintf(stream, "%s%s%s", blank, arg->name, cxlf_cli_takes_value(arg) && !arg->optional ? "=" : "");
		blank = " ";
	}
}

static void put_all_options(FILE *stream, const struct cli_program *program)
{
	fputs("_cxlflashctl_options() {\n\tcase $1 in\n", stream);
	for (const struct command *const *command = program->commands; *command; command++) {
		fprintf(stream, "\t'%s') echo '", (*command)->name);
		put_options(stream, *command);
		fputs("' ;;\n", stream);
	}
	fputs("\t*) echo '", stream);
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		fprintf(stream, "%s%s%s", arg == cli_common_args ? "" : " ", arg->name,
			cxlf_cli_takes_value(arg) ? "=" : "");
	fputs("' ;;\n\tesac\n}\n\n", stream);
}

static void put_source(FILE *stream, const struct cli_program *program, const struct command *command,
		       const struct cli_arg *arg)
{
	if (cxlf_cli_live(arg)) {
		fprintf(stream, " _cxlflashctl_%s;", cxlf_cli_live(arg));
		return;
	}
	fputs(" echo '", stream);
	cxlf_cli_put_words(stream, program, command, arg);
	fputs("';", stream);
}

static void put_values(FILE *stream, const struct cli_program *program)
{
	fputs("_cxlflashctl_values() {\n\tcase \"$1 $2\" in\n", stream);
	for (const struct command *const *command = program->commands; *command; command++) {
		for (const struct cli_arg *arg = NULL; (arg = cxlf_cli_next(*command, arg));) {
			if (!cxlf_cli_is_option(arg) || !(arg->choices || arg->words))
				continue;
			fprintf(stream, "\t'%s %s'", (*command)->name, arg->name);
			if (arg->letter)
				fprintf(stream, " | '%s -%c'", (*command)->name, arg->letter);
			fputs(")", stream);
			put_source(stream, program, *command, arg);
			fputs(";\n", stream);
		}
	}
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++) {
		if (!arg->choices)
			continue;
		fprintf(stream, "\t*' %s') echo '", arg->name);
		cxlf_cli_put_words(stream, program, NULL, arg);
		fputs("' ;;\n", stream);
	}
	fputs("\tesac\n}\n\n", stream);
}

/* "@noun" in front says that another command word is due. */
static void put_operands(FILE *stream, const struct cli_program *program)
{
	fputs("_cxlflashctl_operands() {\n\tcase $1 in\n\t'') echo '", stream);
	cxlf_cli_put_commands(stream, program, NULL);
	fputs("' ;;\n", stream);
	for (const struct command *const *command = program->commands; *command; command++) {
		const char *name = (*command)->name;
		bool any = false;

		if (cxlf_cli_is_first_of_noun(program, command)) {
			char noun[32];

			snprintf(noun, sizeof(noun), "%.*s", (int)strcspn(name, " "), name);
			fprintf(stream, "\t'%s') echo '@noun ", noun);
			cxlf_cli_put_commands(stream, program, noun);
			fputs("' ;;\n", stream);
		}
		for (const struct cli_arg *arg = (*command)->args; arg && arg->kind != CLI_KIND_END; arg++) {
			if (cxlf_cli_is_option(arg) || !(cxlf_cli_live(arg) || arg->choices || arg->words))
				continue;
			if (!any)
				fprintf(stream, "\t'%s')", name);
			any = true;
			put_source(stream, program, *command, arg);
		}
		if (any)
			fputs(";\n", stream);
	}
	fputs("\tesac\n}\n\n", stream);
}

void cxlf_cli_bash(FILE *stream, const struct cli_program *program)
{
	fputs(head, stream);
	fputs("_cxlflashctl_valued=' ", stream);
	cxlf_cli_put_valued(stream, program, " ");
	fputs(" '\n\n", stream);
	put_all_options(stream, program);
	put_values(stream, program);
	put_operands(stream, program);
	fputs(tail, stream);
}
