/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look up commands by their words, and the error when there is none.
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

bool cxlf_cli_exits_with(const struct command *command, int status)
{
	for (const enum cxlf_exit *own = command->exits; own && *own; own++)
		if ((int)*own == status)
			return true;
	return status <= CXLF_EXIT_USAGE;
}

const char *cxlf_cli_verbs(const struct cli_program *program, const char *noun, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (const struct command *const *command = program->commands; *command && len < size; command++)
		if (cxlf_cli_verb(*command, noun))
			len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "",
						cxlf_cli_verb(*command, noun));
	return text;
}

/* The i-th subcommand that this word means in other tools. */
static const char *synonym(const char *verb, unsigned i)
{
	static const char *const words[][2] = {
		{"delete", "release"}, {"remove", "release"}, {"rm", "release"},  {"delete", "stop"},
		{"remove", "stop"},    {"kill", "stop"},      {"new", "create"},  {"add", "create"},
		{"new", "start"},      {"create", "start"},   {"grow", "resize"}, {"shrink", "resize"},
		{"ls", "list"},	       {"show", "info"},      {"show", "list"},	  {"status", "info"},
		{"copy", "clone"},
	};

	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
		if (!strcmp(words[k][0], verb) && !i--)
			return words[k][1];
	return NULL;
}

static int unknown_verb(const struct cli_program *program, const char *noun, const char *verb, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	const char *other, *words[2] = {noun};
	char verbs[200];

	cxlf_fail(err, CXLF_E_UNKNOWN_COMMAND, "%s: unknown subcommand \"%.80s\" (%s)", noun, verb,
		  cxlf_cli_verbs(program, noun, verbs, sizeof(verbs)));
	cxlf_suggest_begin(&near, verb);
	for (const struct command *const *command = program->commands; *command; command++)
		if (cxlf_cli_verb(*command, noun))
			cxlf_suggest_offer(&near, cxlf_cli_verb(*command, noun));
	words[1] = near.best;
	for (unsigned i = 0; !*words[1] && (other = synonym(verb, i)); i++)
		if (cxlf_cli_find(program, (const char *[]){noun, other}, 2))
			words[1] = other;
	if (*words[1])
		return cxlf_cause(err, "did you mean \"%s %s\"?", noun, words[1]);
	return cxlf_fix(err, "%s help %s", program->name, noun);
}

/* Commands that are called this, or whose subcommand is: "list", "lun info". */
static void add_called(const struct cli_program *program, const char *word, char *text, size_t size)
{
	for (const struct command *const *command = program->commands; *command; command++) {
		const char *name = (*command)->name, *verb = strchr(name, ' ');
		size_t len = strlen(text);

		if (!strcmp(name, word) || (verb && !strcmp(verb + 1, word)))
			snprintf(text + len, size - len, "%s\"%s\"", len ? ", " : "", name);
	}
}

int cxlf_cli_unknown(const struct cli_program *program, const char *const *word, size_t n, struct cxlf_err *err)
{
	struct cxlf_suggest near;
	char text[200];

	if (n == 0) {
		cxlf_fail(err, CXLF_E_USAGE, "missing command");
		return cxlf_fix(err, "%s help", program->name);
	}
	if (cxlf_cli_is_noun(program, word[0])) {
		if (n > 1)
			return unknown_verb(program, word[0], word[1], err);
		cxlf_fail(err, CXLF_E_USAGE, "%s: missing subcommand (%s)", word[0],
			  cxlf_cli_verbs(program, word[0], text, sizeof(text)));
		return cxlf_fix(err, "%s help %s", program->name, word[0]);
	}
	if (n > 1 && cxlf_cli_find(program, word, 1)) {
		cxlf_fail(err, CXLF_E_UNKNOWN_COMMAND, "%s has no subcommand \"%.80s\"", word[0], word[1]);
		return cxlf_fix(err, "%s help %s", program->name, word[0]);
	}
	cxlf_fail(err, CXLF_E_UNKNOWN_COMMAND, "unknown command \"%.80s\"", word[0]);
	cxlf_suggest_begin(&near, word[0]);
	for (const struct command *const *command = program->commands; *command; command++) {
		snprintf(text, sizeof(text), "%.*s", (int)strcspn((*command)->name, " "), (*command)->name);
		cxlf_suggest_offer(&near, text);
	}
	*text = '\0';
	add_called(program, word[0], text, sizeof(text));
	for (unsigned i = 0; !*text && synonym(word[0], i); i++)
		add_called(program, synonym(word[0], i), text, sizeof(text));
	if (*text)
		return cxlf_cause(err, "did you mean %s?", text);
	if (*near.best)
		return cxlf_cause(err, "did you mean \"%s\"?", near.best);
	return cxlf_fix(err, "%s help", program->name);
}
