/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits of the parser, and operands with types. tests/cli checks the messages.
 */
#include "cli/cli.h"
#include "unit.h"

#include <stdlib.h>

struct args {
	struct cxlf_held context, handle;
	struct cli_objects luns;
	unsigned ms;
};

static const struct cli_arg two[] = {
	CLI_CONTEXT(struct args, context, .name = "NAME", .help = ""),
	CLI_HANDLE(struct args, handle, .name = "NAME/HANDLE", .help = ""),
	CLI_SECONDS(struct args, ms, .name = "--timeout", .value = "SECONDS", .fallback = 5, .help = ""),
	CLI_END,
};
static const struct cli_arg many[] = {CLI_LUNS(struct args, luns, .name = "LUN", .help = ""), CLI_END};

static int never(const void *args, struct cxlf_err *err)
{
	return ((const struct args *)args)->ms == 7000 ? cxlf_fail(err, CXLF_E_USAGE, "not seven") : 0;
}

static const struct command typed = {.name = "typed", .args = two, .args_size = sizeof(struct args), .check = never};
static int run(struct ctl *ctl, void *args, struct cxlf_err *error)
{
	(void)ctl, (void)args, (void)error;
	return 0;
}

static const struct command list = {.name = "list", .args = many, .args_size = sizeof(struct args), .run = run};
static const struct command *const commands[] = {&typed, &list, NULL};
static const struct cli_program program = {.name = "unit", .summary = "", .about = "", .commands = commands};

static struct cli_parsed parsed;
static struct cxlf_err err;

static int parse(int argc, const char **argv)
{
	cxlf_cli_free(&parsed);
	return cxlf_cli_parse(&program, argc, (char **)argv, &parsed, &err);
}
#define PARSE(...) parse(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), (const char *[]){__VA_ARGS__, NULL})

static void test_typed(void)
{
	const struct args *a;

	ok(!PARSE("unit", "typed", "db", "ctx0/12", "--timeout=1h"), "a context and a handle are parsed");
	a = parsed.args;
	is_text(a->context.name, "db", "the context's name");
	ok(!a->context.has_handle, "a context has no handle");
	is_text(a->handle.name, "ctx0", "the handle's context");
	is(a->handle.handle, 12, "the number of the handle");
	is(a->ms, 3600000, "one hour is 3600000 ms");
	ok(PARSE("unit", "typed", "db/1", "ctx0/12") && err.code == CXLF_E_BAD_VALUE, "a handle is refused as context");
	ok(PARSE("unit", "typed", "db", "ctx0") && err.code == CXLF_E_BAD_VALUE, "a context is refused as handle");
	ok(PARSE("unit", "typed", "db", "ctx0/1", "--timeout=7") && err.code == CXLF_E_USAGE && *err.fix,
	   "the check of the command fails with a hint");
	ok(!PARSE("unit", "typed", "--help"), "the check of the command is skipped for --help");
}

static void test_limits(void)
{
	const char *argv[1002] = {"unit", "list"};

	for (int i = 2; i < 1002; i++)
		argv[i] = "60050768018087a1f0000000000000a1";
	ok(!parse(1002, argv), "a thousand operands are parsed");
	is(((const struct args *)parsed.args)->luns.n, 1000, "all operands are stored");
	argv[1001] = "2:0:0";
	ok(parse(1002, argv) && err.code == CXLF_E_BAD_WWID, "the last operand is checked too");
}

int main(void)
{
	test_typed();
	test_limits();
	cxlf_cli_free(&parsed);
	return done();
}
