/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any words as a command line. Parsing ends, fails with an error message, and leaks nothing. Completion of the
 * same words ends, and prints only lines whose first word a shell may insert unquoted.
 */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

struct args {
	struct cli_objects luns;
	struct cli_object adapter;
	unsigned mode, set, ms;
	const char *text;
	bool flag;
};

static const struct cli_arg change_table[] = {
	CLI_LUNS(struct args, luns, .name = "LUN", .help = ""),
	CLI_CHOICE(struct args, mode, .name = "MODE", .choices = "legacy|superpipe", .help = ""),
	CLI_FLAG(struct args, flag, .name = "--path-only", .letter = 'p', .help = ""),
	CLI_SET(struct args, set, .name = "--force", .value = "CHECK", .choices = "in-use|contexts", .help = ""),
	CLI_SECONDS(struct args, ms, .name = "--timeout", .letter = 't', .value = "S", .fallback = 7, .help = ""),
	CLI_END,
};

static const struct cli_arg show_table[] = {
	CLI_ADAPTER(struct args, adapter, .name = "ADAPTER", .optional = true, .help = ""),
	CLI_TEXT(struct args, text, .name = "--trace", .optional = true, .value = "FILE", .help = ""),
	CLI_TEXT(struct args, text, .name = "--target", .value = "TARGET", .words = CLI_WORDS_TARGETS, .help = "x\ty"),
	CLI_END,
};

#define ALL_GROUPS ((1u << 8) - 1)
static const struct command change = {
	.name = "manage-lun", .args = change_table, .args_size = sizeof(struct args), .accepts = ALL_GROUPS};
static const struct command show_one = {.name = "adapter info", .args = show_table, .args_size = sizeof(struct args)};
static const struct command list_all = {.name = "adapter list"};
static const struct command *const commands[] = {&change, &list_all, &show_one, NULL};

/* Names that a process could create. */
static void offer_held(struct cli_offers *offers, bool handles)
{
	cxlf_cli_offer(offers, handles ? "db/0" : "$(id)", "a\nb");
	cxlf_cli_offer(offers, "", NULL);
	cxlf_cli_offer(offers, ":files 0", NULL);
}

static const struct cli_program program = {
	.name = "fuzzed", .summary = "", .about = "", .commands = commands, .offer_held = offer_held};

static void check_completion(int argc, char **argv)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+,-./:=@_";
	char *words[132] = {(char *)"fuzzed", (char *)"__complete", (char *)"--"}, *text, *rest, *line;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	for (int i = 1; i < argc; i++)
		words[i + 2] = argv[i];
	if (!stream || !cxlf_cli_complete(stream, &program, argc + 2, words) || fclose(stream) || strlen(text) != size)
		abort();
	for (rest = text; (line = strsep(&rest, "\n")) && rest;)
		if (!*line || (*line != ':' && !strchr("\t", line[strspn(line, plain)])) || (*line == ':' && *rest))
			abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1), *rest = line, *word;
	char *argv[128] = {(char *)"fuzzed"};
	struct cli_parsed parsed;
	struct cxlf_err err;
	int argc = 1;

	memcpy(line, data, size);
	line[size] = '\0';
	while (argc < 127 && (word = strsep(&rest, "\n")))
		argv[argc++] = word;
	check_completion(argc, argv);
	if (!cxlf_cli_parse(&program, argc, argv, &parsed, &err)) {
		const struct args *a = parsed.args;

		if (!parsed.command && !parsed.common.help && !parsed.common.version)
			abort();
		if (parsed.command == &change && !parsed.common.help && !parsed.common.version &&
		    !parsed.common.list_columns && (!a->mode || !a->luns.n))
			abort();
	} else if (!err.code || !*err.message) {
		abort();
	}
	cxlf_cli_free(&parsed);
	free(line);
	return 0;
}
