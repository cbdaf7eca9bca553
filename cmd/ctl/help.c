/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl help: the option tables as text and as JSON (--json).
 */
#include "command.h"

struct help_args {
	const char *word, *second;
};

/* All commands, or the one named. */
static int show_records(struct ctl *ctl, const struct command *const *one, struct cxlf_err *err)
{
	const struct command *const *list = one ? one : ctl->program->commands;
	size_t n = one != NULL;

	while (!one && list[n])
		n++;
	return CXLF_SHOW(&ctl->out, err, .rows = {.fields = cxlf_cli_command_fields, .of = list, .n = n});
}

static int help(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	struct help_args *a = args;
	const char *words[2] = {a->word, a->second};
	size_t n_words = a->second ? 2 : a->word ? 1 : 0;
	const struct command *command = n_words ? cxlf_cli_find(ctl->program, words, n_words) : NULL;

	if (n_words && !command) {
		if (n_words == 1 && ctl->out.format == CXLF_FORMAT_TABLE &&
		    cxlf_cli_help_noun(ctl->out.stream, ctl->program, a->word, ctl_help_width(ctl)))
			return 0;
		return cxlf_cli_unknown(ctl->program, words, n_words, err);
	}
	if (ctl->out.format != CXLF_FORMAT_TABLE)
		return show_records(ctl, command ? &command : NULL, err);
	if (command)
		cxlf_cli_help(ctl->out.stream, ctl->program, command, ctl_help_width(ctl));
	else
		cxlf_cli_overview(ctl->out.stream, ctl->program, ctl_help_width(ctl));
	return 0;
}

static const struct cli_arg help_table[] = {
	CLI_TEXT(struct help_args, word, .name = "COMMAND", .optional = true, .words = CLI_WORDS_COMMANDS,
		 .help = "the command to show; all commands with one line each if none is given"),
	CLI_TEXT(struct help_args, second, .name = "SUBCOMMAND", .optional = true, .words = CLI_WORDS_COMMANDS,
		 .help = "its second word"),
	CLI_END,
};

const struct command cmd_help = {
	.name = "help",
	.summary = "show the commands, or one of them",
	.about = "With --json it prints every command with its operands and options, for programs.",
	.example = "help manage-lun # a command\n"
		   "help -j | jq -r '.data.commands[].name' # all commands",
	CLI_ARGS(help_table, struct help_args),
	.accepts = CLI_GROUP_OUTPUT,
	.columns = cxlf_cli_command_fields,
	.shown = "name,summary",
	.list = "commands",
	.general = true,
	.run = help,
};
