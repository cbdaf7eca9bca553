/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words an argument may be, with blanks between: what completion in every shell offers.
 */
#include "words.h"

#include <ctype.h>
#include <string.h>

static void put_choices(FILE *stream, const char *choices)
{
	for (; *choices; choices++)
		fputc(*choices == '|' ? ' ' : *choices, stream);
}

static void put_columns(FILE *stream, const struct command *command)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;
	int n = command->columns ? cxlf_columns_all(command->columns, column, &err) : 0;
	const char *blank = "";

	for (int i = 0; i < n; i++) {
		if (!cxlf_field_is_column(column[i].field))
			continue;
		fprintf(stream, "%s%s", blank, column[i].field->key);
		blank = " ";
	}
}

/* First words, or the second words behind `noun`; each once. */
void cxlf_cli_put_commands(FILE *stream, const struct cli_program *program, const char *noun)
{
	size_t len, last_len = 0;
	const char *last = "", *blank = "";

	for (const struct command *const *command = program->commands; *command; command++) {
		const char *word = noun ? cxlf_cli_verb(*command, noun) : (*command)->name;

		if (!word)
			continue;
		len = strcspn(word, " ");
		if (len == last_len && !strncmp(word, last, len))
			continue;
		fprintf(stream, "%s%.*s", blank, (int)len, word);
		blank = " ";
		last = word;
		last_len = len;
	}
}

static void put_codes(FILE *stream)
{
	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++)
		fprintf(stream, "%s%s", code > CXLF_OK + 1 ? " " : "", cxlf_code_info((enum cxlf_code)code)->name);
}

bool cxlf_cli_put_words(FILE *stream, const struct cli_program *program, const struct command *command,
			const struct cli_arg *arg)
{
	if (arg->choices)
		put_choices(stream, arg->choices);
	else if (arg->words == CLI_WORDS_COLUMNS)
		put_columns(stream, command);
	else if (arg->words == CLI_WORDS_COMMANDS)
		cxlf_cli_put_commands(stream, program, NULL);
	else if (arg->words == CLI_WORDS_CODES)
		put_codes(stream);
	else
		return false;
	return true;
}

static const char *live_words(enum cli_words words)
{
	switch (words) {
	case CLI_WORDS_FOLDERS:
		return "folders";
	case CLI_WORDS_CONTEXTS:
		return "contexts";
	case CLI_WORDS_HANDLES:
		return "handles";
	default:
		return NULL;
	}
}

const char *cxlf_cli_live(const struct cli_arg *arg)
{
	switch (arg->kind) {
	case CLI_KIND_LUN:
	case CLI_KIND_LUNS:
		return "luns";
	case CLI_KIND_ADAPTER:
	case CLI_KIND_ADAPTERS:
		return "adapters";
	default:
		return live_words(arg->words);
	}
}

bool cxlf_cli_is_first_of_noun(const struct cli_program *program, const struct command *const *command)
{
	size_t len = strcspn((*command)->name, " ");

	if (!(*command)->name[len])
		return false;
	return command == program->commands || strncmp(command[-1]->name, (*command)->name, len + 1);
}

/* All options with a value, over all commands: their value is no command word. */
void cxlf_cli_put_valued(FILE *stream, const struct cli_program *program, const char *between)
{
	const char *separator = "";

	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++) {
		if (!cxlf_cli_takes_value(arg) || arg->optional)
			continue;
		fprintf(stream, "%s%s", separator, arg->name);
		separator = between;
		if (arg->letter)
			fprintf(stream, "%s-%c", separator, arg->letter);
	}
	for (const struct command *const *command = program->commands; *command; command++)
		for (const struct cli_arg *arg = (*command)->args; arg && arg->kind != CLI_KIND_END; arg++)
			if (cxlf_cli_is_option(arg) && cxlf_cli_takes_value(arg) && !arg->optional)
				fprintf(stream, "%s%s", separator, arg->name);
}
