/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing by the tables. Options may stand before the command, between its words, and before, between or after the
 * operands. getopt_long(3) would accept abbreviated options, which change their meaning when an option is added.
 */
#include "cli.h"

#include "array.h"
#include "suggest.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct parser {
	const struct cli_program *program;
	struct cli_parsed *parsed;
	struct cxlf_err *err; /* the first error */
	char **argv;	      /* the words left to read */
	int argc;
	const char **operand;
	size_t n_operands, room;
	bool failed;
};

/* ---- errors ---- */

/* Only the first error is reported; the rest of the line is read for --json and --format. */
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

/* "vlun create: "; "" for a program with a single command, which is in front already. */
static const char *prefix(const struct parser *p, char *text, size_t size)
{
	snprintf(text, size, "%s: ", title(p));
	return p->program->single ? "" : text;
}

/* The nearest valid word, else the command that shows the help. */
static void hint(struct parser *p, const struct cxlf_suggest *near)
{
	const struct command *command = p->parsed->command;

	if (near && *near->best)
		cxlf_cause(p->err, "did you mean \"%s\"?", near->best);
	else if (p->program->single || command)
		cxlf_fix(p->err, "%s%s%s --help", p->program->name, p->program->single ? "" : " ",
			 p->program->single ? "" : command->name);
	else
		cxlf_fix(p->err, "%s help", p->program->name);
}

/* An error with a hint, if it is the first one. */
__attribute__((format(printf, 4, 5))) static void refuse(struct parser *p, const struct cxlf_suggest *near,
							 enum cxlf_code code, const char *fmt, ...)
{
	char message[sizeof(p->err->message)];
	va_list ap;

	if (!first_error(p))
		return;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	cxlf_fail(p->err, code, "%s", message);
	hint(p, near);
}

static void out_of_memory(struct parser *p)
{
	if (first_error(p))
		cxlf_fail(p->err, CXLF_E_NO_MEMORY, "out of memory");
}

/* Whether any command has an option of this name ("--all"), or letter ("a"). */
static bool is_known(const struct parser *p, const char *name)
{
	size_t len = strlen(name);
	const struct cli_arg *found = NULL;

	for (const struct command *const *command = p->program->commands; *command && !found; command++)
		found = cxlf_cli_option(*command, name, len, len == 1 ? *name : 0);
	return found;
}

/* An option of another command. */
static void not_taken(struct parser *p, const char *name)
{
	if (p->program->single)
		refuse(p, NULL, CXLF_E_UNKNOWN_OPTION, "unknown option %s", name);
	else
		refuse(p, NULL, CXLF_E_UNKNOWN_OPTION, "%s does not take %s", title(p), name);
}

static void unknown_option(struct parser *p, const struct command *command, const char *text)
{
	const struct cli_arg *const tables[] = {command ? command->args : NULL, cli_common_args};
	struct cxlf_suggest near;
	char word[64];

	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, "="), text);
	cxlf_suggest_begin(&near, word);
	if (word[1] >= '0' && word[1] <= '9') {
		refuse(p, &near, CXLF_E_BAD_VALUE, "invalid value \"%s\": it is negative", word);
	} else if (p->parsed->command && is_known(p, word[1] == '-' ? word : word + 1)) {
		not_taken(p, word);
	} else {
		for (size_t i = 0; i < 2 && word[1] == '-'; i++)
			for (const struct cli_arg *arg = tables[i]; arg && arg->kind != CLI_KIND_END; arg++)
				if (cxlf_cli_is_option(arg))
					cxlf_suggest_offer(&near, arg->name);
		refuse(p, &near, CXLF_E_UNKNOWN_OPTION, "unknown option %s", word);
	}
}

static void bad_value(struct parser *p, const struct cli_arg *arg, const char *what, const char *value,
		      const struct cxlf_suggest *near)
{
	refuse(p, near, CXLF_E_BAD_VALUE, "%s must be %s, not \"%s\"", arg->name, what, value);
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
	cxlf_suggest_begin(&near, value);
	while ((word = strsep(&rest, "|")))
		cxlf_suggest_offer(&near, word);
	bad_value(p, arg, text, value, &near);
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
	char text[64];

	for (const char *word = value, *end;; word = end + 1) {
		end = strchrnul(word, ',');
		unsigned choice = choice_of(arg, word, (size_t)(end - word));
		if (!choice) {
			snprintf(text, sizeof(text), "%.*s", (int)(end - word), word);
			bad_choice(p, arg, text);
			return;
		}
		*at |= 1u << (choice - 1);
		if (!*end)
			return;
	}
}

/* A decimal number. strtod() would also accept signs, exponents and the locale's decimal comma. */
static bool read_number(const char **text, double *number)
{
	const char *at = *text;
	double place = 1;

	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		*number = *number * 10 + (*at - '0');
	if (at > *text && *at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++)
			*number += (*at - '0') * (place /= 10);
	bool good = at > *text && at[-1] != '.';
	*text = at;
	return good;
}

static void put_seconds(struct parser *p, const struct cli_arg *arg, unsigned *at, const char *value)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"min", 60000}, {"h", 3600000}};
	const char *unit = value;
	double number;
	bool good = read_number(&unit, &number);

	for (size_t i = 0; good && i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(unit, units[i].unit) || number * units[i].ms > 3600e3)
			continue;
		*at = (unsigned)(number * units[i].ms + 0.5);
		return;
	}
	bad_value(p, arg, "a time of at most an hour (2, 0.5, 500ms, 5s, 1min, 1h)", value, NULL);
}

static void put_size(struct parser *p, const struct cli_arg *arg, struct cli_size *at, const char *value)
{
	enum cxlf_size_parse why = cxlf_size_parse(value, &at->size);

	at->given = true;
	if (!why || !first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_BAD_VALUE, "invalid %s \"%s\"", *arg->name == '-' ? arg->name : "size", value);
	cxlf_cause(p->err, "%s", cxlf_size_problem(why));
	cxlf_fix(p->err, "write it as 4G, 4GiB, 4GB, 1048576b (bytes) or 65536lba (blocks of the LUN)");
}

static void put_held(struct parser *p, const struct cli_arg *arg, struct cxlf_held *at, const char *value)
{
	bool handle = arg->kind == CLI_KIND_HANDLE;

	if ((cxlf_held_parse(value, at) && at->has_handle == handle) || !first_error(p))
		return;
	cxlf_fail(p->err, CXLF_E_BAD_VALUE, "\"%.80s\" is not a valid name of a %s", value,
		  handle ? "handle" : "context");
	if (handle)
		cxlf_cause(p->err, "a handle is named CONTEXT/NUMBER, for instance ctx0/3");
	else
		cxlf_cause(
			p->err,
			"a name consists of lower-case letters, digits and _.-, begins with a letter or digit, and has "
			"at most %d characters",
			CXLF_HELD_NAME - 1);
	if (arg->words)
		cxlf_fix(p->err, "%s %s list", p->program->name, handle ? "vlun" : "context");
}

static void put(struct parser *p, const struct cli_arg *arg, void *base, const char *value)
{
	void *at = (char *)base + arg->offset;

	switch (arg->kind) {
	case CLI_KIND_FLAG:
		*(bool *)at = true;
		return;
	case CLI_KIND_CHOICE:
		return put_choice(p, arg, at, value);
	case CLI_KIND_SET:
		return put_set(p, arg, at, value);
	case CLI_KIND_TEXT:
		*(const char **)at = value ? value : "";
		return;
	case CLI_KIND_SIZE:
		return put_size(p, arg, at, value);
	case CLI_KIND_SECONDS:
		return put_seconds(p, arg, at, value);
	case CLI_KIND_CONTEXT:
	case CLI_KIND_HANDLE:
		return put_held(p, arg, at, value);
	default:
		((struct cli_object *)at)->text = value;
	}
}

/* ---- options ---- */

/* `value` is in the same word, or NULL: if the option needs one, it is the next word. */
static void put_option(struct parser *p, const struct cli_arg *arg, const char *value)
{
	if (!value && cxlf_cli_takes_value(arg) && !arg->optional) {
		if (!p->argc) {
			refuse(p, NULL, CXLF_E_USAGE, "%s needs a value: %s=%s", arg->name, arg->name, arg->value);
			return;
		}
		value = *p->argv++;
		p->argc--;
	}
	put(p, arg, arg->group ? (void *)&p->parsed->common : p->parsed->args, value);
	if (arg->letter == 'j' && arg->group) /* of -j and -f the last one counts */
		p->parsed->common.format = 1 + CXLF_FORMAT_JSON;
}

/* "--columns" or "--columns=LIST" */
static void read_long(struct parser *p, const struct command *command, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct cli_arg *arg = cxlf_cli_option(command, word, len, 0);

	if (!arg)
		unknown_option(p, command, word);
	else if (word[len] && !cxlf_cli_takes_value(arg))
		refuse(p, NULL, CXLF_E_USAGE, "%s takes no value", arg->name);
	else
		put_option(p, arg, word[len] ? word + len + 1 : NULL);
}

/* "-j", "-jq", "-oLIST" */
static void read_letters(struct parser *p, const struct command *command, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		const struct cli_arg *arg = cxlf_cli_option(command, NULL, 0, *letter);
		bool has_value = arg && cxlf_cli_takes_value(arg);

		if (arg)
			put_option(p, arg, has_value && letter[1] ? letter + 1 : NULL);
		else
			unknown_option(p, command, (const char[]){'-', *letter, '\0'});
		if (has_value)
			return;
	}
}

static void add_operand(struct parser *p, const char *text)
{
	if (CXLF_ARRAY_ROOM(p->operand, &p->room, p->n_operands))
		p->operand[p->n_operands++] = text;
	else
		out_of_memory(p);
}

/* Options, and operands among them if the command is known. Stops behind "--", and at the first word of a command. */
static void read_words(struct parser *p, const struct command *command, bool operands)
{
	while (p->argc > 0) {
		const char *word = *p->argv;
		bool option = *word == '-' && word[1];

		if (!option && !operands)
			return;
		p->argv++;
		p->argc--;
		if (!strcmp(word, "--"))
			return;
		if (!option)
			add_operand(p, word);
		else if (word[1] == '-')
			read_long(p, command, word);
		else
			read_letters(p, command, word);
	}
}

/* ---- the command's words ---- */

/* --help or --version without a command, or --help of a noun */
static bool asks_for_help(const struct parser *p, const char *const *word, size_t n)
{
	if (!p->parsed->common.help && !p->parsed->common.version)
		return false;
	p->parsed->noun = n == 1 && cxlf_cli_is_noun(p->program, word[0]) ? word[0] : NULL;
	return n == 0 || p->parsed->noun;
}

static void read_command(struct parser *p)
{
	const char *word[2];
	size_t n = 0;

	while (n < 2) {
		read_words(p, NULL, false);
		if (p->argc <= 0)
			break;
		word[n++] = *p->argv++;
		p->argc--;
		p->parsed->command = cxlf_cli_find(p->program, word, n);
		if (p->parsed->command || !cxlf_cli_is_noun(p->program, word[0]))
			break;
	}
	if (p->parsed->command || asks_for_help(p, word, n))
		return;
	read_words(p, NULL, true); /* for -j further on */
	if (!asks_for_help(p, word, n) && first_error(p))
		cxlf_cli_unknown(p->program, word, n, p->err);
}

/* ---- operands ---- */

static bool is_operand(const struct cli_arg *arg)
{
	return !cxlf_cli_is_option(arg) && arg->kind != CLI_KIND_REST;
}

static const struct cli_arg *next_operand(const struct cli_arg *arg)
{
	while (arg && arg->kind != CLI_KIND_END && !is_operand(arg))
		arg++;
	return arg && arg->kind != CLI_KIND_END ? arg : NULL;
}

static const struct cli_arg *rest_of(const struct command *command)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (arg->kind == CLI_KIND_REST)
			return arg;
	return NULL;
}

static void too_many(struct parser *p, const char *text)
{
	const struct cli_arg *rest = rest_of(p->parsed->command);
	char command[64];

	if (p->failed)
		return;
	refuse(p, NULL, CXLF_E_USAGE, "%sunexpected operand \"%s\"", prefix(p, command, sizeof(command)), text);
	if (rest && p->argc <= 0) /* without "--" */
		cxlf_cause(p->err, "%s and its arguments must follow \"--\"", rest->name);
}

static void missing(struct parser *p, const struct cli_arg *arg)
{
	char words[160] = "", command[64];

	if (arg->choices)
		choices_words(arg->choices, words, sizeof(words));
	refuse(p, NULL, CXLF_E_USAGE, "%smissing operand %s%s%s%s", prefix(p, command, sizeof(command)), arg->name,
	       *words ? " (" : "", words, *words ? ")" : "");
}

/* A word that is a choice of a later operand ("superpipe") is not a value of this one. */
static bool may_be(const struct cli_arg *arg, const char *word)
{
	if (arg->choices)
		return choice_of(arg, word, strlen(word));
	while ((arg = next_operand(arg + 1)))
		if (arg->choices && choice_of(arg, word, strlen(word)))
			return false;
	return true;
}

/* The missing operand: the first one for which no word can be a value. */
static const struct cli_arg *left_out(const struct parser *p)
{
	const struct cli_arg *last = NULL;
	size_t next = 0;

	for (const struct cli_arg *arg = p->parsed->command->args; (arg = next_operand(arg)); arg++) {
		if (arg->optional)
			continue;
		last = arg;
		if (next == p->n_operands || !may_be(arg, p->operand[next]))
			return arg;
		next++;
	}
	return last;
}

static void put_many(struct parser *p, const struct cli_arg *arg, size_t first, size_t n)
{
	struct cli_objects *many = (void *)((char *)p->parsed->args + arg->offset);

	many->item = calloc(n ? n : 1, sizeof(*many->item));
	p->parsed->many = *many;
	if (!many->item) {
		out_of_memory(p);
		return;
	}
	many->n = (unsigned)n;
	for (size_t i = 0; i < n; i++)
		many->item[i].text = p->operand[first + i];
}

/* One operand may be a list; those behind it (manage-lun's MODE) take the last words. */
static void read_operands(struct parser *p)
{
	size_t next = 0, left = p->n_operands, single = 0, needed = 0;

	for (const struct cli_arg *arg = p->parsed->command->args; (arg = next_operand(arg)); arg++) {
		single += !arg->optional && !cxlf_cli_is_many(arg);
		needed += !arg->optional;
	}
	if (left < needed) {
		missing(p, left_out(p));
		return;
	}
	for (const struct cli_arg *arg = p->parsed->command->args; (arg = next_operand(arg)); arg++) {
		size_t take = 1;

		if (cxlf_cli_is_many(arg))
			take = left - single;
		else if (arg->optional)
			take = left > single;
		else
			single--;
		if (cxlf_cli_is_many(arg))
			put_many(p, arg, next, take);
		else if (take)
			put(p, arg, p->parsed->args, p->operand[next]);
		next += take;
		left -= take;
	}
	if (left)
		too_many(p, p->operand[next]);
}

/* Words behind "--" belong to the program that the command runs, and are not parsed. */
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

	if (arg && p->argc <= 0)
		refuse(p, NULL, CXLF_E_USAGE, "%s: missing operand %s after \"--\"", title(p), arg->name);
}

static bool is_default(const struct cli_common *common, const struct cli_arg *arg)
{
	static const struct cli_common nothing;
	size_t size = arg->kind == CLI_KIND_FLAG   ? sizeof(bool)
		      : arg->kind == CLI_KIND_TEXT ? sizeof(char *)
						   : sizeof(unsigned);

	return !memcmp((const char *)common + arg->offset, (const char *)&nothing + arg->offset, size);
}

/* Every common option is parsed, so that with -j the error about a refused one is printed as JSON. */
static void check_common(struct parser *p)
{
	const struct command *command = p->parsed->command;

	for (const struct cli_arg *arg = cli_common_args; arg->kind != CLI_KIND_END; arg++)
		if (!cxlf_cli_accepts(command, arg) && !is_default(&p->parsed->common, arg))
			not_taken(p, arg->name);
}

static void check_together(struct parser *p)
{
	const struct cli_common *common = &p->parsed->common;
	unsigned json = 1 + CXLF_FORMAT_JSON, jsonl = 1 + CXLF_FORMAT_JSONL;

	if (common->columns && !common->list_columns && (common->format == json || common->format == jsonl) &&
	    first_error(p)) {
		cxlf_fail(p->err, CXLF_E_USAGE, "--columns is for table and pairs: JSON always has every key");
		cxlf_fix(p->err, "omit --columns and select with jq");
	}
}

/* Only the form of LUN operands: whether the LUN exists is checked after the scan. A daemon checks its own form. */
static void check_luns(struct parser *p)
{
	struct cxlf_lun_query how = {.allow_suffix = !p->parsed->command->changes};
	struct cxlf_err err = {.code = CXLF_OK};

	if (!p->parsed->command->run)
		return;
	for (const struct cli_arg *arg = p->parsed->command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		void *at = (char *)p->parsed->args + arg->offset;
		struct cli_objects one = {.item = at, .n = 1}, *luns = arg->kind == CLI_KIND_LUNS ? at : &one;

		if (arg->kind != CLI_KIND_LUN && arg->kind != CLI_KIND_LUNS)
			continue;
		for (unsigned i = 0; i < luns->n && !p->failed; i++)
			if (luns->item[i].text && cxlf_lun_text_check(luns->item[i].text, how, &err) && first_error(p))
				*p->err = err;
	}
}

static void read_arguments(struct parser *p)
{
	struct cli_parsed *parsed = p->parsed;
	const struct command *command = parsed->command;
	struct cxlf_err err = {.code = CXLF_OK};

	parsed->args = calloc(1, command->args_size ? command->args_size : 1);
	if (!parsed->args) {
		out_of_memory(p);
		return;
	}
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++)
		if (arg->fallback)
			*(unsigned *)((char *)parsed->args + arg->offset) = arg->fallback;
	read_words(p, command, true);
	if (!take_rest(p))
		for (int i = 0; i < p->argc; i++) /* behind "--" */
			add_operand(p, p->argv[i]);
	check_common(p);
	if (parsed->common.help || parsed->common.list_columns || parsed->common.version)
		return;
	read_operands(p);
	check_rest(p);
	check_luns(p);
	if (!p->failed && command->check && command->check(parsed->args, &err) && first_error(p)) {
		*p->err = err;
		if (!*err.fix)
			hint(p, NULL);
	}
}

int cxlf_cli_parse(const struct cli_program *program, int argc, char **argv, struct cli_parsed *parsed,
		   struct cxlf_err *err)
{
	struct parser p = {.program = program, .parsed = parsed, .err = err, .argc = argc - 1, .argv = argv + 1};

	*parsed = (struct cli_parsed){0};
	err->code = CXLF_OK;
	if (program->single)
		parsed->command = program->commands[0];
	else
		read_command(&p);
	if (parsed->command)
		read_arguments(&p);
	check_together(&p);
	free(p.operand);
	return p.failed ? -1 : 0;
}

void cxlf_cli_free(struct cli_parsed *parsed)
{
	free(parsed->many.item);
	free(parsed->args);
	*parsed = (struct cli_parsed){0};
}
