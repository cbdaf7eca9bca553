/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands by their words, and what to say when there is none.
 */
#include "cli.h"

#include "suggest.h"

#include <stdio.h>
#include <string.h>

const struct command *cxlf_cli_find(const struct cli_program *program, const char *const *word, size_t n)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s%s", word[0], n > 1 ? " " : "", n > 1 ? word[1] : "");
	for (const struct command *const *command = program->commands; *command; command++)
		if (!strcmp((*command)->name, name))
			return *command;
	return NULL;
}

bool cxlf_cli_is_noun(const struct cli_program *program, const char *word)
{
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_verb(*command, word))
			return true;
	return false;
}

enum cxlf_exit cxlf_cli_next_exit(const struct command *command, enum cxlf_exit after)
{
	enum cxlf_exit next = CXLF_EXIT_OK;

	for (const enum cxlf_exit *status = command->exits; status && *status; status++)
		if (*status > after && (!next || *status < next))
			next = *status;
	return next;
}

static void offer_first_words(const struct cli_program *program, struct cxlf_suggest *near)
{
	char first[32];

	for (const struct command *const *command = program->commands; *command; command++) {
		snprintf(first, sizeof(first), "%.*s", (int)strcspn((*command)->name, " "), (*command)->name);
		cxlf_suggest_offer(near, first);
	}
}

static void verbs_of(const struct cli_program *program, const char *noun, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (const struct command *const *command = program->commands; *command && len < size; command++)
		if (cxlf_cli_verb(*command, noun))
			len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " or " : "",
						cxlf_cli_verb(*command, noun));
}

int cxlf_cli_unknown(const struct cli_program *program, const char *const *word, size_t n, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	char verbs[96];

	if (n == 0) {
		cxlf_fail(err, CXLF_E_USAGE, "a command is missing");
		return cxlf_fix(err, "%s help", program->name);
	}
	if (cxlf_cli_is_noun(program, word[0])) {
		verbs_of(program, word[0], verbs, sizeof(verbs));
		if (n == 1)
			cxlf_fail(err, CXLF_E_USAGE, "%s what? It takes %s", word[0], verbs);
		else
			cxlf_fail(err, CXLF_E_UNKNOWN_COMMAND, "there is no command \"%s %s\", but %s", word[0],
				  word[1], verbs);
		return cxlf_fix(err, "%s help %s", program->name, word[0]);
	}
	cxlf_fail(err, CXLF_E_UNKNOWN_COMMAND, "there is no command \"%s\"", word[0]);
	cxlf_suggest_begin(&near, word[0]);
	offer_first_words(program, &near);
	if (*near.best)
		cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "%s help", program->name);
}
