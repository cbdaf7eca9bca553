/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion: `PROGRAM __complete -- WORD...` prints what the last word may become; see cxlflashctl(8).
 *
 * The words before it are read by the same tables as in parse.c, but words that are not valid are skipped, because the
 * line is incomplete. LUNs and adapters come from a scan, which opens no device. A failure is not reported: there are
 * fewer candidates then.
 */
#include "cli.h"
#include "sislite.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

/* The line as far as it was read, and the word to complete. */
struct cli_offers {
	FILE *stream;
	const struct cli_program *program;
	const struct command *command; /* NULL: not known yet */
	const char *noun;	       /* first word of a command of two words, or a word that is not a command */
	const struct cli_arg *due;     /* the option whose value is the next word */
	const char *operand;	       /* the last one */
	unsigned n_operands;
	unsigned behind; /* index of the first word behind "--", 0 if there was none */
	const char *sysroot;
	const char *word; /* to be completed */
	size_t kept;	  /* bytes of it that a candidate does not replace: "--adapter=", "wwid,size_" */
	size_t list;	  /* of these, bytes before the list that is completed */
	unsigned n;	  /* candidates printed */
	bool equals;	  /* the last one ends in "=" */
};

/* ---- output ---- */

/* Whether no character is special to a shell: the scripts insert candidates unquoted. */
static bool is_plain(const char *text, size_t len)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+,-./:=@_") >= len;
}

void cxlf_cli_offer(struct cli_offers *o, const char *value, const char *description)
{
	const char *typed = o->word + o->kept;
	size_t len = strlen(value);

	if (strncasecmp(value, typed, strlen(typed)) || !len || !is_plain(value, len) || !is_plain(o->word, o->kept) ||
	    (!o->kept && *value == ':'))
		return;
	fprintf(o->stream, "%.*s%s", (int)o->kept, o->word, value);
	if (description && *description)
		fputc('\t', o->stream);
	for (; description && *description; description++)
		fputc((unsigned char)*description < ' ' ? ' ' : *description, o->stream);
	fputc('\n', o->stream);
	o->n++;
	o->equals = value[len - 1] == '=';
}

/* The last line: what the shell is to complete itself (files, dirs). */
static void direct(struct cli_offers *o, const char *what, size_t from)
{
	fprintf(o->stream, ":%s %zu\n", what, from);
}

/* ---- lists with commas: the last one is completed ---- */

static void begin_list(struct cli_offers *o)
{
	const char *comma = strrchr(o->word + o->kept, ',');

	o->list = o->kept;
	if (comma)
		o->kept = (size_t)(comma + 1 - o->word);
}

static void offer_in_list(struct cli_offers *o, const char *value, const char *description)
{
	for (size_t at = o->list, len; at < o->kept; at += len + 1) {
		len = strcspn(o->word + at, ",");
		if (len == strlen(value) && !strncasecmp(o->word + at, value, len))
			return;
	}
	cxlf_cli_offer(o, value, description);
}

static void offer_choices(struct cli_offers *o, const struct cli_arg *arg)
{
	const char *choice;
	char value[64];
	size_t len;

	if (arg->kind == CLI_KIND_SET)
		begin_list(o);
	for (unsigned i = 0; (len = cxlf_cli_choice(arg->choices, i, &choice)); i++) {
		snprintf(value, sizeof(value), "%.*s", (int)len, choice);
		offer_in_list(o, value, NULL);
	}
}

static void offer_columns(struct cli_offers *o)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;
	int n = o->command && o->command->columns ? cxlf_columns_all(o->command->columns, column, &err) : 0;

	o->kept += o->word[o->kept] == '+';
	begin_list(o);
	for (int i = 0; i < n; i++)
		if (cxlf_field_is_column(column[i].field))
			offer_in_list(o, column[i].field->key, column[i].field->help);
}

/* ---- fixed words ---- */

/* First words of commands, or the second words of those of a noun. */
static void offer_commands(struct cli_offers *o, const char *noun)
{
	char first[32], last[32] = "", verbs[160];

	for (const struct command *const *command = o->program->commands; *command; command++) {
		const char *name = (*command)->name;

		if (noun) {
			cxlf_cli_offer(o, cxlf_cli_verb(*command, noun) ?: "", (*command)->summary);
			continue;
		}
		snprintf(first, sizeof(first), "%.*s", (int)strcspn(name, " "), name);
		if (!strchr(name, ' '))
			cxlf_cli_offer(o, name, (*command)->summary);
		else if (strcmp(first, last))
			cxlf_cli_offer(o, first, cxlf_cli_verbs(o->program, first, verbs, sizeof(verbs)));
		memcpy(last, first, sizeof(last));
	}
}

static void offer_codes(struct cli_offers *o)
{
	char number[16];
	size_t n = 0;

	for (int code = CXLF_OK + 1; code < CXLF_E_COUNT; code++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)code);

		cxlf_cli_offer(o, info->name, info->summary);
	}
	for (int status = 0; status < 256; status++) {
		snprintf(number, sizeof(number), "%d", status);
		if (cxlf_exit_summary(status))
			cxlf_cli_offer(o, number, cxlf_exit_summary(status));
	}
	for (const struct cxlf_sis_word *word; (word = cxlf_sis_word(n)); n++)
		cxlf_cli_offer(o, word->name, word->summary);
}

/* ---- live names ---- */

static void offer_path(struct cli_offers *o, const struct cxlf_path *path, const char *description)
{
	char node[48];

	snprintf(node, sizeof(node), "/dev/%s", path->sd);
	if (*path->sd)
		cxlf_cli_offer(o, node, description);
	snprintf(node, sizeof(node), "/dev/%s", path->sg);
	if (*path->sg)
		cxlf_cli_offer(o, node, description);
	cxlf_cli_offer(o, path->hctl, description);
}

static void describe_lun(char *text, size_t size, uint64_t bytes, enum cxlf_mode mode)
{
	snprintf(text, size, "%s, %s", bytes ? CXLF_SIZE_STRING(bytes) : "size unknown",
		 mode == CXLF_MODE_UNKNOWN ? "mode unknown" : cxlf_mode_name(mode));
}

static void offer_luns(struct cli_offers *o)
{
	struct cxlf_topology topology = {0};
	struct cxlf_err err;
	char text[80];

	if (!strncmp(o->word + o->kept, "/dev/disk/", 10)) {
		direct(o, "files", o->kept);
		return;
	}
	cxlf_discover(o->sysroot, CXLF_WANT_LUN, &topology, &err);
	for (unsigned i = 0; i < topology.n_luns; i++) {
		const struct cxlf_lun *lun = topology.lun + i;

		describe_lun(text, sizeof(text), lun->size_bytes, lun->mode);
		cxlf_cli_offer(o, CXLF_WWID_STRING(&lun->wwid), text);
	}
	for (unsigned i = 0; i < topology.n_paths; i++) {
		const struct cxlf_path *path = topology.path + i;

		describe_lun(text, sizeof(text), path->size_bytes, path->mode);
		if (path->lun_index != UINT_MAX)
			offer_path(o, path, text);
	}
	cxlf_topology_free(&topology);
}

static void offer_adapters(struct cli_offers *o)
{
	struct cxlf_topology topology = {0};
	struct cxlf_err err;
	char host[24], text[64];

	cxlf_discover(o->sysroot, CXLF_WANT_AFU_STATE | CXLF_WANT_LOCATION, &topology, &err);
	for (unsigned i = 0; i < topology.n_adapters; i++) {
		const struct cxlf_adapter *a = topology.adapter + i;
		const char *const name[] = {a->chardev, host, a->pci, a->card_pci, a->card, a->location};

		snprintf(host, sizeof(host), "host%u", a->host);
		snprintf(text, sizeof(text), "%s, %s", cxlf_kind_name(a->kind), cxlf_afu_state_name(a->afu_state));
		for (size_t k = 0; k < sizeof(name) / sizeof(*name); k++)
			cxlf_cli_offer(o, name[k], text);
	}
	cxlf_topology_free(&topology);
}

/* Not in a saved tree, which has no holders. */
static void offer_held(struct cli_offers *o, bool handles)
{
	if (o->program->offer_held && !*o->sysroot)
		o->program->offer_held(o, handles);
}

/* ---- values ---- */

static void offer_words(struct cli_offers *o, const struct cli_arg *arg)
{
	switch (arg->words) {
	case CLI_WORDS_COMMANDS: /* the second operand is the second word */
		return offer_commands(o, o->operand);
	case CLI_WORDS_CODES:
		return offer_codes(o);
	case CLI_WORDS_COLUMNS:
		return offer_columns(o);
	case CLI_WORDS_FOLDERS:
		return direct(o, "dirs", o->kept);
	case CLI_WORDS_TARGETS:
		offer_held(o, false);
		offer_held(o, true);
		return offer_luns(o);
	case CLI_WORDS_CONTEXTS:
	case CLI_WORDS_HANDLES:
		return offer_held(o, arg->words == CLI_WORDS_HANDLES);
	default:
		if (arg->value && strstr(arg->value, "FILE"))
			direct(o, "files", o->kept);
	}
}

static void offer_values(struct cli_offers *o, const struct cli_arg *arg)
{
	if (arg->choices)
		offer_choices(o, arg);
	else if (arg->kind == CLI_KIND_LUN || arg->kind == CLI_KIND_LUNS)
		offer_luns(o);
	else if (arg->kind == CLI_KIND_ADAPTER || arg->kind == CLI_KIND_ADAPTERS)
		offer_adapters(o);
	else if (arg->kind == CLI_KIND_REST)
		cxlf_cli_offer(o, "--", arg->help);
	else
		offer_words(o, arg);
}

/* ---- options ---- */

/* The option of this word that takes a value, or NULL. *value is in the word too, or NULL: it is the next word. */
static const struct cli_arg *with_value(const struct cli_offers *o, const char *word, const char **value)
{
	size_t len = strcspn(word, "=");
	const struct cli_arg *arg;

	*value = NULL;
	if (word[1] == '-') {
		arg = cxlf_cli_option(o->command, word, len, 0);
		if (arg && word[len])
			*value = word + len + 1;
		return arg && cxlf_cli_takes_value(arg) && (*value || !arg->optional) ? arg : NULL;
	}
	for (const char *letter = word + 1; *letter; letter++) {
		arg = cxlf_cli_option(o->command, NULL, 0, *letter);
		if (arg && !cxlf_cli_takes_value(arg))
			continue;
		if (arg && letter[1])
			*value = letter + 1;
		return arg;
	}
	return NULL;
}

static const struct cli_arg *next_arg(const struct command *command, const struct cli_arg *arg)
{
	if (command)
		return cxlf_cli_next(command, arg);
	arg = arg ? arg + 1 : cli_common_args;
	return arg->kind == CLI_KIND_END ? NULL : arg;
}

static void offer_options(struct cli_offers *o)
{
	char text[64];

	for (const struct cli_arg *arg = NULL; (arg = next_arg(o->command, arg));) {
		if (!cxlf_cli_is_option(arg))
			continue;
		snprintf(text, sizeof(text), "%s%s", arg->name, cxlf_cli_takes_value(arg) && !arg->optional ? "=" : "");
		cxlf_cli_offer(o, text, arg->help);
		snprintf(text, sizeof(text), "-%c", arg->letter);
		if (arg->letter && *o->word)
			cxlf_cli_offer(o, text, arg->help);
	}
}

/* ---- operands ---- */

/* The operands that are possible here. Behind a list (LUN...) that is the list's and the next one (MODE). */
static void offer_operands(struct cli_offers *o)
{
	unsigned before = 0;
	bool many = false;

	for (const struct cli_arg *arg = o->command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (cxlf_cli_is_option(arg))
			continue;
		if (arg->kind == CLI_KIND_REST && o->behind) {
			direct(o, "command", o->behind);
			return;
		}
		bool here = before == o->n_operands || arg->kind == CLI_KIND_REST;
		before += !cxlf_cli_is_many(arg);
		if (!here && !many && !cxlf_cli_is_many(arg))
			continue;
		many |= cxlf_cli_is_many(arg);
		offer_values(o, arg);
		if (here && !(many && arg->optional))
			return;
	}
	if (!many && !o->behind)
		offer_options(o);
}

/* ---- the line ---- */

/* Of values only that of --sysroot counts. */
static void read_value(struct cli_offers *o, const char *value)
{
	if (o->due->group && o->due->offset == offsetof(struct cli_common, sysroot))
		o->sysroot = value;
	o->due = NULL;
}

static void read_command(struct cli_offers *o, const char *word)
{
	const char *const words[] = {o->noun ? o->noun : word, word};

	o->command = cxlf_cli_find(o->program, words, o->noun ? 2 : 1);
	if (!o->command)
		o->noun = o->noun ? "" : word;
}

static void read_word(struct cli_offers *o, const char *word, unsigned index)
{
	const char *value;

	if (o->due) {
		read_value(o, word);
	} else if (!o->behind && !strcmp(word, "--")) {
		o->behind = o->command ? index + 1 : 0;
	} else if (!o->behind && *word == '-' && word[1]) {
		o->due = with_value(o, word, &value);
		if (o->due && value)
			read_value(o, value);
	} else if (o->command) {
		o->operand = word;
		o->n_operands++;
	} else {
		read_command(o, word);
	}
}

static void complete(struct cli_offers *o)
{
	const struct cli_arg *arg = NULL;
	const char *value = NULL;
	bool dash = !o->due && !o->behind && *o->word == '-';

	if (dash && o->word[1])
		arg = with_value(o, o->word, &value);
	if (value)
		o->kept = o->list = (size_t)(value - o->word);
	if (o->due || (arg && value))
		offer_values(o, o->due ? o->due : arg);
	else if (dash)
		offer_options(o);
	else if (!o->command)
		offer_commands(o, o->noun);
	else
		offer_operands(o);
	if (o->n == 1 && o->equals)
		fputs(":nospace\n", o->stream);
}

bool cxlf_cli_complete(FILE *stream, const struct cli_program *program, int argc, char **argv)
{
	struct cli_offers offers = {.stream = stream, .program = program, .sysroot = ""};

	if (argc < 2 || strcmp(argv[1], "__complete"))
		return false;
	if (argc < 4 || strcmp(argv[2], "--"))
		return true;
	if (program->single)
		offers.command = program->commands[0];
	for (int i = 3; i < argc - 1; i++)
		read_word(&offers, argv[i], (unsigned)i - 3);
	offers.word = argv[argc - 1];
	complete(&offers);
	return true;
}
