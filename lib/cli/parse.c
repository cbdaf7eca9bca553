/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing by the tables, with getopt_long underneath: options may stand before the command, between its
 * words, and before, between or after the operands. Abbreviated options are refused, because they would
 * change their meaning when an option is added.
 */
#include "cli.h"

#include "suggest.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS 48
#define LONG_ONLY 256 /* getopt values of options: LONG_ONLY + index */

/* The options valid at one place of the command line, in getopt's form. */
struct options {
	struct option list[MAX_OPTIONS + 1];
	const struct cli_arg *arg[MAX_OPTIONS];
	char letters[2 * MAX_OPTIONS + 4];
	int n;
};

struct parser {
	const struct cli_program *program;
	struct cli_parsed *parsed;
	struct cxlf_err *err; /* the first error stays */
	/* What is left to read. argv[0] is the last word consumed: getopt takes it for the program's name. */
	int argc;
	char **argv;
	const char *operand[64], **more; /* `more` when there are more operands than that */
	unsigned n_operands;
	bool failed;
};

/* ---- errors ---- */

/* Only the first error counts; the rest of the line is read for the format asked for. */
static bool first_error(struct parser *p)
{
	bool first = !p->failed;

	p->failed = true;
	return first;
}

static const char *title(const struct parser *p)
{
	return cxlf_cli_title(p->program, p->parsed->command);
}

static int fix_help(const struct parser *p, struct cxlf_err *err)
{
	const struct command *command = p->parsed->command;

	if (p->program->single)
		return cxlf_fix(err, "%s --help", p->program->name);
	if (command)
		return cxlf_fix(err, "%s %s --help", p->program->name, command->name);
	return cxlf_fix(err, "%s help", p->program->name);
}

static bool in_table(const struct cli_arg *arg, const char *name)
{
	for (; arg && arg->kind != CLI_KIND_END; arg++)
		if (cxlf_cli_is_option(arg) &&
		    (!strcmp(arg->name, name) || (arg->letter && !name[1] && arg->letter == *name)))
			return true;
	return false;
}

/* The command that has this option, when the one at hand has not. */
static bool elsewhere(const struct parser *p, const char *name)
{
	if (in_table(cli_common_args, name))
		return true;
	for (const struct command *const *command = p->program->commands; *command; command++)
		if (in_table((*command)->args, name))
			return true;
	return false;
}

static void unknown_option(struct parser *p, const struct options *options, const char *text)
{
	struct cxlf_suggest near;
	char word[64];

	if (!first_error(p))
		return;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, "="), text);
	if (p->parsed->command && elsewhere(p, word[1] == '-' ? word : word + 1)) {
		cxlf_fail(p->err, CXLF_E_UNKNOWN_OPTION, "%s does not take %s", title(p), word);
		fix_help(p, p->err);
		return;
	}
	cxlf_fail(p->err, CXLF_E_UNKNOWN_OPTION, "there is no option %s", word);
	cxlf_suggest_begin(&near, word);
	for (int i = 0; i < options->n; i++)
		cxlf_suggest_offer(&near, options->arg[i]->name);
	if (*near.best && word[1] == '-')
		cxlf_cause(p->err, "did you mean %s?", near.best);
	fix_help(p, p->err);
}

static void bad_value(struct parser *p, const struct cli_arg *arg, const char *what, const char *value)
{
	if (!first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_BAD_VALUE, "%s must be %s, not \"%s\"", arg->name, what, value);
	fix_help(p, p->err);
}

/* "legacy or superpipe" */
static void choices_words(const char *choices, char *text, size_t size)
{
	const char *word, *next;
	size_t len = 0, n;

	*text = '\0';
	for (unsigned i = 0; (n = cxlf_cli_choice(choices, i, &word)) && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, "%s%.*s",
					i == 0 ? "" : (cxlf_cli_choice(choices, i + 1, &next) ? ", " : " or "), (int)n,
					word);
}

static void bad_choice(struct parser *p, const struct cli_arg *arg, const char *value)
{
	struct cxlf_suggest near;
	char text[160], copy[160], *rest = copy, *word;

	choices_words(arg->choices, text, sizeof(text));
	snprintf(copy, sizeof(copy), "%s", arg->choices);
	bool first = !p->failed;
	bad_value(p, arg, text, value);
	cxlf_suggest_begin(&near, value);
	while ((word = strsep(&rest, "|")))
		cxlf_suggest_offer(&near, word);
	if (*near.best && first)
		cxlf_cause(p->err, "did you mean \"%s\"?", near.best);
}

/* ---- values ---- */

static unsigned choice_of(const struct cli_arg *arg, const char *value, size_t len)
{
	const char *word;
	size_t n;

	for (unsigned i = 0; (n = cxlf_cli_choice(arg->choices, i, &word)); i++)
		if (n == len && !strncmp(word, value, n))
			return i + 1;
	return 0;
}

static void put_choice(struct parser *p, const struct cli_arg *arg, unsigned *at, const char *value)
{
	*at = choice_of(arg, value, strlen(value));
	if (!*at)
		bad_choice(p, arg, value);
}

static void put_set(struct parser *p, const struct cli_arg *arg, unsigned *at, const char *value)
{
	for (const char *word = value, *end;; word = end + 1) {
		end = strchrnul(word, ',');
		unsigned choice = choice_of(arg, word, (size_t)(end - word));
		if (!choice) {
			bad_choice(p, arg, value);
			return;
		}
		*at |= 1u << (choice - 1);
		if (!*end)
			return;
	}
}

static void put_seconds(struct parser *p, const struct cli_arg *arg, unsigned *at, const char *value)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"min", 60000}};
	char *end;
	double number = strtod(value, &end);

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (end == value || strcmp(end, units[i].unit))
			continue;
		/* "nan" and "inf" fail both comparisons or the second. */
		if (number >= 0 && number * units[i].ms <= 3600e3) {
			*at = (unsigned)(number * units[i].ms);
			return;
		}
	}
	bad_value(p, arg, "a time of at most an hour (2, 0.5, 500ms, 1min)", value);
}

static void put_size(struct parser *p, const struct cli_arg *arg, struct cli_size *at, const char *value)
{
	enum cxlf_size_parse why = cxlf_size_parse(value, &at->size);

	at->given = true;
	if (!why || !first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_BAD_VALUE, "%s is no size: \"%s\"", arg->name, value);
	cxlf_cause(p->err, "%s", cxlf_size_problem(why));
	cxlf_fix(p->err, "write it as 4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN)");
}

static void put(struct parser *p, const struct cli_arg *arg, void *base, const char *value)
{
	void *at = (char *)base + arg->offset;

	switch (arg->kind) {
	case CLI_KIND_FLAG:
		*(bool *)at = true;
		break;
	case CLI_KIND_CHOICE:
		put_choice(p, arg, at, value);
		break;
	case CLI_KIND_SET:
		put_set(p, arg, at, value);
		break;
	case CLI_KIND_TEXT:
		*(const char **)at = value ? value : "";
		break;
	case CLI_KIND_SIZE:
		put_size(p, arg, at, value);
		break;
	case CLI_KIND_SECONDS:
		put_seconds(p, arg, at, value);
		break;
	case CLI_KIND_LUN:
	case CLI_KIND_ADAPTER:
		((struct cli_object *)at)->text = value;
		break;
	default:
		break;
	}
}

/* ---- options ---- */

static void add_option(struct options *options, const struct cli_arg *arg)
{
	size_t len = strlen(options->letters);
	int i = options->n;

	if (i == MAX_OPTIONS)
		return;
	options->n++;
	options->arg[i] = arg;
	options->list[i] = (struct option){
		.name = arg->name + 2,
		.has_arg = !cxlf_cli_takes_value(arg) ? no_argument
			   : arg->optional	      ? optional_argument
						      : required_argument,
		.val = LONG_ONLY + i,
	};
	if (!arg->letter)
		return;
	options->letters[len++] = arg->letter;
	if (cxlf_cli_takes_value(arg))
		options->letters[len++] = ':';
}

/* `first` tells getopt how to treat operands: '+' stop there, '-' hand them out. */
static void options_for(struct options *options, const struct command *command, char first)
{
	*options = (struct options){.letters = {first, ':'}};
	for (const struct cli_arg *arg = command ? command->args : NULL; arg && arg->kind != CLI_KIND_END; arg++)
		if (cxlf_cli_is_option(arg))
			add_option(options, arg);
	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		add_option(options, arg);
}

/* The word getopt has just read a long option from. */
static const char *word_read(char **argv, bool separate_value)
{
	return argv[optind - 1 - separate_value];
}

static bool abbreviated(char **argv, const struct cli_arg *arg)
{
	/* optarg points into the option's own word, unless the value was a word of its own. */
	const char *word = word_read(argv, optarg && optarg == argv[optind - 1]);
	size_t len = strlen(arg->name);

	return strncmp(word, arg->name, len) || (word[len] && word[len] != '=');
}

static void put_option(struct parser *p, const struct options *options, int c)
{
	const struct cli_arg *arg = NULL;
	char **argv = p->argv;

	if (c >= LONG_ONLY) {
		arg = options->arg[c - LONG_ONLY];
		if (abbreviated(argv, arg)) {
			unknown_option(p, options, word_read(argv, optarg && optarg == argv[optind - 1]));
			return;
		}
	}
	for (int i = 0; !arg && i < options->n; i++)
		if (options->arg[i]->letter == c)
			arg = options->arg[i];
	if (arg)
		put(p, arg, arg->group ? (void *)&p->parsed->common : p->parsed->args, optarg);
}

static void missing_value(struct parser *p, const struct options *options, int c)
{
	const struct cli_arg *arg = NULL;
	bool too_much = c == '?';

	for (int i = 0; i < options->n; i++)
		if (optopt == LONG_ONLY + i || (optopt && optopt == options->arg[i]->letter))
			arg = options->arg[i];
	if (!arg) {
		char letter[3] = {'-', (char)optopt, '\0'};

		unknown_option(p, options, optopt && optopt < LONG_ONLY ? letter : p->argv[optind - 1]);
		return;
	}
	if (!first_error(p))
		return;
	if (too_much)
		cxlf_fail(p->err, CXLF_E_UNKNOWN_OPTION, "%s takes no value", arg->name);
	else
		cxlf_fail(p->err, CXLF_E_UNKNOWN_OPTION, "%s needs a value: %s=%s", arg->name, arg->name, arg->value);
	fix_help(p, p->err);
}

static void add_operand(struct parser *p, const char *text)
{
	size_t room = sizeof(p->operand) / sizeof(*p->operand);

	if (p->n_operands >= room) {
		const char **more = realloc(p->more, (p->n_operands + 1 - room) * sizeof(*more));

		if (!more)
			return;
		p->more = more;
		more[p->n_operands - room] = text;
	} else {
		p->operand[p->n_operands] = text;
	}
	p->n_operands++;
}

static const char *operand(const struct parser *p, unsigned i)
{
	size_t room = sizeof(p->operand) / sizeof(*p->operand);

	return i < room ? p->operand[i] : p->more[i - room];
}

static void read_options(struct parser *p, const struct command *command, char first)
{
	struct options options;
	int c;

	options_for(&options, command, first);
	optind = 0; /* glibc: start afresh, and look at the first character of the letters again */
	while ((c = getopt_long(p->argc, p->argv, options.letters, options.list, NULL)) != -1) {
		if (c == 1)
			add_operand(p, optarg);
		else if (c == '?' || c == ':')
			missing_value(p, &options, c);
		else
			put_option(p, &options, c);
	}
	/* What getopt stopped at: an operand, or whatever is behind "--". */
	p->argc -= optind;
	p->argv += optind;
}

/* ---- the command's words ---- */

static bool asks_for_help(const struct parser *p, const char *const *word, size_t n)
{
	if (!p->parsed->common.help && !p->parsed->common.version)
		return false;
	p->parsed->noun = n == 1 && cxlf_cli_is_noun(p->program, word[0]) ? word[0] : NULL;
	return n == 0 || p->parsed->noun;
}

/* Reads the command's word or words, and the options before and between them. */
static void read_command(struct parser *p)
{
	const char *word[2];
	size_t n = 0;

	while (n < 2) {
		read_options(p, NULL, '+');
		if (p->argc <= 0)
			break;
		word[n++] = p->argv[0];
		p->parsed->command = cxlf_cli_find(p->program, word, n);
		if (p->parsed->command || !cxlf_cli_is_noun(p->program, word[0]))
			break;
	}
	if (p->parsed->command || asks_for_help(p, word, n))
		return;
	if (p->argc > 0)
		read_options(p, NULL, '-'); /* for -j further on */
	if (!asks_for_help(p, word, n) && first_error(p))
		cxlf_cli_unknown(p->program, word, n, p->err);
}

/* ---- operands ---- */

static void too_many(struct parser *p, const char *text)
{
	if (!first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_USAGE, "%s has one operand too many: \"%s\"", title(p), text);
	fix_help(p, p->err);
}

static void missing(struct parser *p, const struct cli_arg *arg)
{
	char text[96], words[160];

	if (!first_error(p))
		return;
	cxlf_cli_operand_text(arg, text, sizeof(text));
	cxlf_fail(p->err, CXLF_E_USAGE, "%s needs %s", title(p), text);
	if (arg->choices) {
		choices_words(arg->choices, words, sizeof(words));
		cxlf_cause(p->err, "the last operand must be %s", words);
	}
	fix_help(p, p->err);
}

static void put_many(struct parser *p, const struct cli_arg *arg, unsigned first, unsigned n)
{
	struct cli_objects *many = (void *)((char *)p->parsed->args + arg->offset);

	many->item = calloc(n ? n : 1, sizeof(*many->item));
	many->n = many->item ? n : 0;
	for (unsigned i = 0; i < many->n; i++)
		many->item[i].text = operand(p, first + i);
	p->parsed->many = *many;
}

/* One operand may be variadic; the ones behind it (manage-lun's MODE) take from the end. */
static void read_operands(struct parser *p)
{
	unsigned next = 0, left = p->n_operands, behind = 0;

	for (const struct cli_arg *arg = p->parsed->command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (!cxlf_cli_is_option(arg) && !arg->optional && !cxlf_cli_is_many(arg) && arg->kind != CLI_KIND_REST)
			behind++;
	for (const struct cli_arg *arg = p->parsed->command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg) || arg->kind == CLI_KIND_REST)
			continue;
		unsigned take = 1;
		if (cxlf_cli_is_many(arg))
			take = left > behind ? left - behind : 0;
		else if (arg->optional)
			take = left > behind;
		else
			behind--;
		if (take > left || (!take && !arg->optional)) {
			missing(p, arg);
			return;
		}
		if (cxlf_cli_is_many(arg))
			put_many(p, arg, next, take);
		else if (take)
			put(p, arg, p->parsed->args, operand(p, next));
		next += take;
		left -= take;
	}
	if (left)
		too_many(p, operand(p, next));
}

static const struct cli_arg *rest_of(const struct command *command)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (arg->kind == CLI_KIND_REST)
			return arg;
	return NULL;
}

/* Words behind "--" belong to the program that the command runs: nothing in them is ours. */
static bool take_rest(struct parser *p)
{
	const struct cli_arg *arg = rest_of(p->parsed->command);

	if (!arg)
		return false;
	*(struct cli_rest *)((char *)p->parsed->args + arg->offset) =
		(struct cli_rest){.word = p->argv, .n = p->argc > 0 ? (unsigned)p->argc : 0};
	return true;
}

static void check_rest(struct parser *p)
{
	const struct cli_arg *arg = rest_of(p->parsed->command);

	if (!arg || p->argc > 0 || !first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_USAGE, "%s needs -- %s", title(p), arg->name);
	fix_help(p, p->err);
}

static void put_fallbacks(const struct command *command, void *args)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (arg->fallback)
			*(unsigned *)((char *)args + arg->offset) = arg->fallback;
}

static bool is_default(const struct cli_common *common, const struct cli_arg *arg)
{
	static const struct cli_common nothing;

	switch (arg->kind) {
	case CLI_KIND_FLAG:
		return !*(const bool *)((const char *)common + arg->offset);
	case CLI_KIND_TEXT:
		return !*(const char *const *)((const char *)common + arg->offset);
	default:
		return !memcmp((const char *)common + arg->offset, (const char *)&nothing + arg->offset,
			       sizeof(unsigned));
	}
}

/* Every common option is parsed, so that -j tells how to print that -n is not taken. */
static void check_common(struct parser *p)
{
	const struct command *command = p->parsed->command;

	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_accepts(command, arg) || is_default(&p->parsed->common, arg) || !first_error(p))
			continue;
		cxlf_fail(p->err, CXLF_E_UNKNOWN_OPTION, "%s does not take %s", title(p), arg->name);
		fix_help(p, p->err);
	}
}

static void check_together(struct parser *p)
{
	const struct cli_common *common = &p->parsed->common;
	unsigned json = 1 + CXLF_FORMAT_JSON, jsonl = 1 + CXLF_FORMAT_JSONL;

	if (common->json && common->format && common->format != json && first_error(p)) {
		cxlf_fail(p->err, CXLF_E_USAGE, "--json and --format contradict each other");
		fix_help(p, p->err);
	}
	if (common->columns && !common->list_columns &&
	    (common->json || common->format == json || common->format == jsonl) && first_error(p)) {
		cxlf_fail(p->err, CXLF_E_USAGE, "--columns is for table and pairs: JSON always has every key");
		cxlf_fix(p->err, "leave --columns out and choose with jq");
	}
}

int cxlf_cli_parse(const struct cli_program *program, int argc, char **argv, struct cli_parsed *parsed,
		   struct cxlf_err *err)
{
	struct parser p = {.program = program, .parsed = parsed, .err = err, .argc = argc, .argv = argv};

	*parsed = (struct cli_parsed){0};
	err->code = CXLF_OK;
	opterr = 0;
	if (program->single)
		parsed->command = program->commands[0];
	else
		read_command(&p);
	if (parsed->command) {
		parsed->args = calloc(1, parsed->command->args_size ? parsed->command->args_size : 1);
		if (!parsed->args)
			return cxlf_fail(err, CXLF_E_NO_MEMORY, "no memory to parse the command line");
		put_fallbacks(parsed->command, parsed->args);
		read_options(&p, parsed->command, '-');
		if (!take_rest(&p))
			for (int i = 0; i < p.argc; i++) /* behind "--" */
				add_operand(&p, p.argv[i]);
		check_common(&p);
		if (!parsed->common.help && !parsed->common.version && !parsed->common.list_columns) {
			read_operands(&p);
			check_rest(&p);
		}
	}
	check_together(&p);
	free(p.more);
	if (parsed->common.json)
		parsed->common.format = 1 + CXLF_FORMAT_JSON;
	return p.failed ? -1 : 0;
}

void cxlf_cli_free(struct cli_parsed *parsed)
{
	free(parsed->many.item);
	free(parsed->args);
	*parsed = (struct cli_parsed){0};
}
