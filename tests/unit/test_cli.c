/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command line by its table: what lands in the struct, what is refused and how it is called, which objects the
 * operands name, and the texts that help, manual and completion are made of.
 */
#include "cli/cli.h"
#include "tree.h"
#include "unit.h"

#include <limits.h>

struct args {
	struct cli_objects luns;
	struct cli_object lun, adapter;
	struct cli_rest rest;
	struct cli_size size;
	unsigned mode, force, ms;
	const char *file;
	bool flag;
};

static const struct cli_arg change_table[] = {
	CLI_LUNS(struct args, luns, .name = "LUN", .help = "which"),
	CLI_CHOICE(struct args, mode, .name = "MODE", .choices = "legacy|superpipe", .help = "to what"),
	CLI_FLAG(struct args, flag, .name = "--path-only", .help = "one path"),
	CLI_SET(struct args, force, .name = "--force", .value = "CHECK", .choices = "in-use|contexts",
		.help = "override"),
	CLI_SECONDS(struct args, ms, .name = "--timeout", .letter = 't', .value = "TIME", .fallback = 7,
		    .help = "wait"),
	CLI_END};
static const struct cli_arg show_table[] = {
	CLI_ADAPTER(struct args, adapter, .name = "ADAPTER", .optional = true, .help = "which"),
	CLI_TEXT(struct args, file, .name = "--to", .optional = true, .value = "FILE", .help = "where"), CLI_END};
static const struct cli_arg run_table[] = {
	CLI_LUN(struct args, lun, .name = "LUN", .help = "which"),
	CLI_SIZE(struct args, size, .name = "--size", .value = "SIZE", .help = "how large"),
	CLI_REST(struct args, rest, .name = "PROGRAM", .help = "what"), CLI_END};

static const enum cxlf_exit exits[] = {CXLF_EXIT_BUSY, CXLF_EXIT_NOT_FOUND, 0};
static const struct command change = {.name = "switch",
				      .args = change_table,
				      .args_size = sizeof(struct args),
				      .accepts = CLI_GROUP_OUTPUT | CLI_GROUP_CHANGE,
				      .changes = true,
				      .want = CXLF_WANT_MODE,
				      .exits = exits};
static const struct command show = {
	.name = "adapter info", .args = show_table, .args_size = sizeof(struct args), .accepts = CLI_GROUP_OUTPUT};
static const struct command list = {.name = "adapter list", .accepts = CLI_GROUP_OUTPUT};
static const struct command start = {.name = "context run", .args = run_table, .args_size = sizeof(struct args)};
static const struct command *const commands[] = {&change, &list, &show, &start, NULL};
static const struct cli_program program = {.name = "tool", .summary = "", .about = "", .commands = commands};

static struct cli_parsed parsed;
static struct cxlf_err err;
static const struct args *got;

/* Words with blanks between. The words stay in place until the next call: what was parsed points at them. */
static int parse(const char *line)
{
	static char copy[400];
	static char *argv[64];
	char *rest = copy, *word;
	int argc = 0;

	cxlf_cli_free(&parsed);
	err = (struct cxlf_err){0};
	snprintf(copy, sizeof(copy), "tool %s", line);
	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	argv[argc] = NULL;

	int rc = cxlf_cli_parse(&program, argc, argv, &parsed, &err);

	got = parsed.args;
	return rc;
}

static void refused(const char *line, enum cxlf_code code, const char *word)
{
	char says[300];

	snprintf(says, sizeof(says), "\"%s\" is refused, and \"%s\" is named", line, word);
	ok(parse(line) && err.code == code && (strstr(err.message, word) || strstr(err.cause, word)), says);
	if (err.code != code)
		printf("# %s: %s\n", cxlf_code_info(err.code)->name, err.message);
}

#define A "60050768018087a1f0000000000000a1"
#define B "60050768018087a1f0000000000000b2"

static void reads(void)
{
	is(parse("switch " A " " B " superpipe"), 0, "several operands and one behind them");
	ok(parsed.command == &change, "of the command that was named");
	is(got->luns.n, 2, "the first ones are the many");
	is_text(got->luns.item[1].text, B, "in their order");
	is(got->mode, 2, "the last is the choice, counted from one");
	is(got->ms, 7, "an option that is not given has its fallback");
	is(parse("switch --force=contexts,in-use -t 2 --path-only " A " legacy -j"), 0, "options before and behind");
	is(got->force, 3, "a set has a bit for each");
	is(got->ms, 2000, "two seconds are 2000 ms");
	ok(got->flag && parsed.common.format == 1 + CXLF_FORMAT_JSON, "flags, and a common one");
	is(parse("-j switch --timeout=500ms " A " legacy"), 0, "a common option before the command");
	is(got->ms, 500, "half a second");
	is(parse("adapter info"), 0, "an optional operand left out");
	ok(!got->adapter.text && !got->file, "is not there");
	is(parse("adapter info cxlflash0 --to"), 0, "an option's optional value left out");
	is_text(got->file, "", "is empty");
	is(parse("adapter info --to=x"), 0, "and given");
	is_text(got->file, "x", "is there");
	is(parse("context run " A " --size 4G -- sh -c true --size 1"), 0, "words behind -- are the program's");
	is(got->rest.n, 5, "all of them, options too");
	is_text(got->rest.word[4], "1", "to the last");
	ok(!got->rest.word[5], "and the list ends as argv does");
	ok(got->size.given, "an option before -- is ours");
	is(parse("adapter --help"), 0, "help of a noun");
	is_text(parsed.noun, "adapter", "is the noun's");
	is(parse("switch --help"), 0, "with --help no operand is missed");
}

static void refuses(void)
{
	refused("switsh", CXLF_E_UNKNOWN_COMMAND, "switch");
	refused("switch " A, CXLF_E_USAGE, "switch");
	refused("switch superpipe", CXLF_E_USAGE, "LUN");
	refused("switch " A " superpip", CXLF_E_BAD_VALUE, "superpipe");
	refused("switch " A " legacy --path-onl", CXLF_E_UNKNOWN_OPTION, "--path-only");
	refused("switch " A " legacy --path", CXLF_E_UNKNOWN_OPTION, "--path");
	refused("switch " A " legacy --force=all", CXLF_E_BAD_VALUE, "in-use");
	refused("switch " A " legacy --force=in-use,", CXLF_E_BAD_VALUE, "in-use");
	refused("switch " A " legacy -t soon", CXLF_E_BAD_VALUE, "soon");
	refused("switch " A " legacy -t -1", CXLF_E_BAD_VALUE, "-1");
	refused("switch " A " legacy --to=x", CXLF_E_UNKNOWN_OPTION, "--to");
	refused("adapter info a b", CXLF_E_USAGE, "b");
	refused("adapter info --dry-run", CXLF_E_UNKNOWN_OPTION, "--dry-run");
	refused("context run " A, CXLF_E_USAGE, "PROGRAM");
	refused("context run " A " --", CXLF_E_USAGE, "PROGRAM");
	refused("context run " A " --size much -- true", CXLF_E_BAD_VALUE, "much");
	refused("switch -q " A " legacy --wrong -j", CXLF_E_UNKNOWN_OPTION, "--wrong");
	ok(parse("switch " A " legacy --path-only=yes") && strstr(err.message, "--path-only takes no value"),
	   "a flag takes no value");
	parse("switch -q " A " legacy --wrong -j");
	is(parsed.common.format, 1 + CXLF_FORMAT_JSON, "behind the mistake the format is still read");
	ok(parsed.command == &change, "and the command is known");
}

static void resolves(void)
{
	struct cxlf_topology topology;
	unsigned want;
	const char *root = tree_begin(), *function = tree_adapter(TREE_BARE_METAL, 0, 0x0628, 3);

	tree_path(function, 3, 0, 1, 0, A, "legacy");
	tree_path(function, 3, 1, 1, 1, A, "legacy");
	tree_path(function, 3, 0, 2, 2, B, "legacy");
	parse("switch " A " 3:0:0:2 superpipe");
	is(cxlf_cli_want(&change, parsed.args, &parsed.common, &want, &err), 0, "a command says what must be read");
	ok((want & (CXLF_WANT_WWID | CXLF_WANT_NODES | CXLF_WANT_MODE)) ==
		   (CXLF_WANT_WWID | CXLF_WANT_NODES | CXLF_WANT_MODE),
	   "what its operands need, and what itself needs");
	is(cxlf_discover(root, want, &topology, &err), 0, "it is read");
	is(cxlf_cli_resolve(&change, parsed.args, root, &topology, &err), 0, "operands become objects");
	is(got->luns.item[0].index, 0, "a LUN by its WWID");
	is(got->luns.item[0].path, UINT_MAX, "by no path");
	is(got->luns.item[1].index, 1, "another by its path");
	is_text(topology.path[got->luns.item[1].path].hctl, "3:0:0:2", "which is kept");
	parse("context run 000000a1 -- true");
	is(cxlf_cli_resolve(&start, parsed.args, root, &topology, &err), 0, "a suffix is enough to look");
	ok(parse("switch 000000a1 superpipe") || cxlf_cli_resolve(&change, parsed.args, root, &topology, &err),
	   "and not enough to change");
	parse("switch " A " 60050768018087a1f0000000000000ff superpipe");
	is(cxlf_cli_resolve(&change, parsed.args, root, &topology, &err), -1, "one that is not there among several");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "is not found");
	parse("adapter info host3");
	is(cxlf_cli_resolve(&show, parsed.args, root, &topology, &err), 0, "an adapter by its host");
	is(got->adapter.index, 0, "is found");
	parse("adapter info host4");
	is(cxlf_cli_resolve(&show, parsed.args, root, &topology, &err), -1, "one that is not there");
	is(err.code, CXLF_E_ADAPTER_NOT_FOUND, "is not");
	cxlf_topology_free(&topology);
	tree_end();
}

static void tells(void)
{
	const char *const words[] = {"adapter", "list"};
	const struct cli_arg *arg = NULL;
	const char *word;
	unsigned n = 0;
	char text[80];

	ok(cxlf_cli_find(&program, words, 2) == &list, "a command is found by its words");
	ok(!cxlf_cli_find(&program, words, 1), "not by the first alone");
	ok(cxlf_cli_is_noun(&program, "adapter") && !cxlf_cli_is_noun(&program, "switch"), "which is a noun");
	is_text(cxlf_cli_verb(&list, "adapter"), "list", "the second is its verb");
	ok(!cxlf_cli_verb(&change, "adapter"), "another command has none");
	cxlf_cli_operand_text(change_table, text, sizeof(text));
	is_text(text, "LUN...", "one or more");
	cxlf_cli_operand_text(change_table + 1, text, sizeof(text));
	is_text(text, "legacy|superpipe", "a choice");
	cxlf_cli_operand_text(show_table, text, sizeof(text));
	is_text(text, "[ADAPTER]", "none or one");
	cxlf_cli_option_text(change_table + 4, text, sizeof(text));
	is_text(text, "-t, --timeout=TIME", "an option with a letter and a value");
	cxlf_cli_option_text(show_table + 1, text, sizeof(text));
	is_text(text + strspn(text, " "), "--to[=FILE]", "one whose value may be left out");
	is(cxlf_cli_choice("a|bcd|e", 1, &word), 3, "the second of the choices has three letters");
	ok(!strncmp(word, "bcd", 3), "which these are");
	is(cxlf_cli_choice("a|bcd|e", 3, &word), 0, "there is no fourth");
	ok(cxlf_cli_exits_with(&change, CXLF_EXIT_NOT_FOUND), "a command has its own exit statuses");
	ok(cxlf_cli_exits_with(&change, CXLF_EXIT_USAGE), "and those of every command");
	ok(!cxlf_cli_exits_with(&change, CXLF_EXIT_CHECK), "and no others");
	while ((arg = cxlf_cli_next(&start, arg)))
		n += !strcmp(arg->name, "--dry-run") || !strcmp(arg->name, "--size");
	is(n, 1, "a command has its own options and the common ones that it accepts, no others");
	is_text(cxlf_cli_title(&program, &list), "adapter list", "it is called by its words");
}

int main(void)
{
	reads();
	refuses();
	resolves();
	tells();
	cxlf_cli_free(&parsed);
	return done();
}
