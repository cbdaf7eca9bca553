/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: a command is a constant with a typed table of its arguments and a `run`.
 *
 * Parsing, usage, --help, the manual page's SYNOPSIS and OPTIONS (man/sections.c), completion and `help --json` are
 * made from that table. cxlf_cli_parse() fills the command's own struct with parsed values. cxlf_cli_resolve() resolves
 * LUNs and adapters, after a scan that reads what cxlf_cli_want() returns.
 */
#ifndef CXLF_CLI_CLI_H
#define CXLF_CLI_CLI_H

#include "discover/topology.h"
#include "error.h"
#include "held_name.h"
#include "output.h"
#include "size.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cli_kind {
	CLI_KIND_END,
	CLI_KIND_FLAG,	   /* bool */
	CLI_KIND_CHOICE,   /* unsigned: 1 + index into choices, 0 if not given */
	CLI_KIND_SET,	   /* unsigned: bit i for each of choices given, commas between */
	CLI_KIND_TEXT,	   /* const char *, NULL if not given */
	CLI_KIND_SIZE,	   /* struct cli_size */
	CLI_KIND_SECONDS,  /* unsigned, in milliseconds; "2", "0.5", "500ms", "1min" */
	CLI_KIND_CONTEXT,  /* struct cxlf_held without a handle; no name if not given */
	CLI_KIND_HANDLE,   /* struct cxlf_held with one */
	CLI_KIND_LUN,	   /* struct cli_object */
	CLI_KIND_LUNS,	   /* struct cli_objects */
	CLI_KIND_ADAPTER,  /* struct cli_object */
	CLI_KIND_ADAPTERS, /* struct cli_objects */
	CLI_KIND_REST	   /* struct cli_rest: everything behind "--" */
};

/* The kind of words a text argument takes: for completion. */
enum cli_words {
	CLI_WORDS_NONE,
	CLI_WORDS_COMMANDS,
	CLI_WORDS_CODES,
	CLI_WORDS_COLUMNS,
	CLI_WORDS_FOLDERS,
	CLI_WORDS_CONTEXTS, /* names of held contexts, from the sockets' names */
	CLI_WORDS_HANDLES,  /* NAME/HANDLE: holders answer, no device is opened */
	CLI_WORDS_TARGETS   /* contexts, handles and LUNs */
};

struct cli_arg {
	enum cli_kind kind;
	size_t offset;
	const char *name;    /* "--tree", or "LUN" for an operand */
	char letter;	     /* 'j' for -j, 0 for none */
	bool optional;	     /* an operand that may be left out; an option's value that may be left out */
	const char *value;   /* "DIR": what an option's value is called */
	const char *choices; /* "auto|always|never" */
	enum cli_words words;
	const char *help;
	unsigned want;	   /* an option: what must be read if it is given (enum cxlf_want) */
	unsigned fallback; /* CHOICE and SECONDS: the value when not given */
	unsigned group;	   /* common options: the groups that have it */
};

/* The offset of a member, if it has the type: a table that does not fit its struct does not compile. */
#define CLI_AT(type, member, wanted) (offsetof(type, member) + 0 * sizeof(_Generic(&((type *)0)->member, wanted * : 1)))
#define CLI_ARG(k, at, ...)                                                                                            \
	{                                                                                                              \
		.kind = CLI_KIND_##k, .offset = at, __VA_ARGS__                                                        \
	}
#define CLI_FLAG(type, member, ...) CLI_ARG(FLAG, CLI_AT(type, member, bool), __VA_ARGS__)
#define CLI_CHOICE(type, member, ...) CLI_ARG(CHOICE, CLI_AT(type, member, unsigned), __VA_ARGS__)
#define CLI_SET(type, member, ...) CLI_ARG(SET, CLI_AT(type, member, unsigned), __VA_ARGS__)
#define CLI_TEXT(type, member, ...) CLI_ARG(TEXT, CLI_AT(type, member, const char *), __VA_ARGS__)
#define CLI_SECONDS(type, member, ...) CLI_ARG(SECONDS, CLI_AT(type, member, unsigned), __VA_ARGS__)
#define CLI_SIZE(type, member, ...) CLI_ARG(SIZE, CLI_AT(type, member, struct cli_size), __VA_ARGS__)
#define CLI_CONTEXT(type, member, ...) CLI_ARG(CONTEXT, CLI_AT(type, member, struct cxlf_held), __VA_ARGS__)
#define CLI_HANDLE(type, member, ...) CLI_ARG(HANDLE, CLI_AT(type, member, struct cxlf_held), __VA_ARGS__)
#define CLI_REST(type, member, ...) CLI_ARG(REST, CLI_AT(type, member, struct cli_rest), __VA_ARGS__)
#define CLI_LUN(type, member, ...) CLI_ARG(LUN, CLI_AT(type, member, struct cli_object), __VA_ARGS__)
#define CLI_LUNS(type, member, ...) CLI_ARG(LUNS, CLI_AT(type, member, struct cli_objects), __VA_ARGS__)
#define CLI_ADAPTER(type, member, ...) CLI_ARG(ADAPTER, CLI_AT(type, member, struct cli_object), __VA_ARGS__)
#define CLI_ADAPTERS(type, member, ...) CLI_ARG(ADAPTERS, CLI_AT(type, member, struct cli_objects), __VA_ARGS__)
#define CLI_END CLI_ARG(END, 0, .name = NULL)

/* A LUN or an adapter as typed, and after resolution as indices into the topology. */
struct cli_object {
	const char *text; /* NULL: not given */
	unsigned index;	  /* into topology->lun or topology->adapter */
	unsigned path;	  /* LUNs: the path that was named, or UINT_MAX */
};

struct cli_size {
	bool given;
	struct cxlf_size size;
};

/* The program to run and its arguments, as they stand in argv: NULL-terminated. */
struct cli_rest {
	char **word;
	unsigned n;
};

struct cli_objects {
	struct cli_object *item; /* owned by the parsed command line */
	unsigned n;
};

/* The common options, and the groups of them a command accepts. */
#define CLI_GROUP_ALWAYS (1u << 0) /* --help, --version */
#define CLI_GROUP_OUTPUT (1u << 1) /* --json, --format */
#define CLI_GROUP_LINES (1u << 2)  /* --columns, --list-columns, --no-headings */
#define CLI_GROUP_SIZES (1u << 3)  /* --units */
#define CLI_GROUP_SCAN (1u << 4)   /* --sysroot */
#define CLI_GROUP_CHANGE (1u << 5) /* --dry-run, --yes */
#define CLI_GROUP_TRACE (1u << 6)  /* --trace: the command itself makes requests to the driver */
#define CLI_GROUP_RUN (1u << 7)	   /* -q, -v, --color: every command with a `run`; a daemon has none */

struct cli_common {
	bool help, version, json, no_headings, list_columns, quiet, verbose, dry_run, yes;
	unsigned format; /* 1 + enum cxlf_format, 0 if not given */
	unsigned units;	 /* enum cxlf_units */
	unsigned color;	 /* 1 auto, 2 always, 3 never */
	const char *columns, *sysroot;
	const char *trace; /* "": given without a file */
};
extern const struct cli_arg cli_common_args[];

struct ctl; /* the argument of `run`; the program defines it */

struct command {
	const char *name;    /* "lun list" */
	const char *summary; /* one line, lower case, no full stop */
	const char *about;   /* paragraphs, wrapped when printed, with an empty line between */
	const char *example; /* lines "command # what it does" */
	const struct cli_arg *args;
	size_t args_size;
	unsigned accepts;		   /* CLI_GROUP_* beyond ALWAYS */
	const struct cxlf_field *columns;  /* of table and pairs, or NULL */
	const char *shown;		   /* those of them when none are chosen: "wwid,mode"; NULL: all */
	const struct cxlf_field *document; /* of JSON's data, or NULL: */
	const char *list;		   /* JSON's data has the rows as a list with this name */
	bool scans;			   /* needs a topology */
	bool cards;			   /* shows each row as a card, with all fields */
	bool must_exist;		   /* an empty topology is an error, explained before run */
	unsigned want;			   /* enum cxlf_want, beyond what columns and document want */
	bool changes;			   /* LUN operands in full only, no suffixes */
	bool general;			   /* about the tool itself: described in the program's own manual page */
	/* Check combinations of arguments, before anything of the system is read. May be NULL. */
	int (*check)(const void *args, struct cxlf_err *err);
	const enum cxlf_exit *exits; /* statuses it can end with besides 0, 1, 2, 74; 0 ends the list */
	int (*run)(struct ctl *ctl, void *args, struct cxlf_err *err);
};

#define CLI_ARGS(table, type) .args = (table), .args_size = sizeof(type)
#define CLI_EXITS(...) ((const enum cxlf_exit[]){__VA_ARGS__, 0})

struct cli_offers; /* the state of a completion */

struct cli_program {
	const char *name, *summary, *about;
	const struct command *const *commands; /* NULL ends; in the order help shows them */
	const struct command *version;	       /* what --version runs */
	bool single;			       /* no command words: the only command is the program itself */
	/* Completion: cxlf_cli_offer() the names of held contexts, or of their handles; NULL: there are none. */
	void (*offer_held)(struct cli_offers *offers, bool handles);
};

/* The name of a command in messages: its words, or the name of a program with a single command. */
const char *cxlf_cli_title(const struct cli_program *program, const struct command *command);

struct cli_parsed {
	const struct command *command; /* NULL: none named, or unknown */
	const char *noun;	       /* `lun --help`: the noun without a verb, else NULL */
	struct cli_common common;
	void *args;		 /* the command's struct, zeroed, then filled */
	struct cli_objects many; /* the one variadic operand's memory */
};

/*
 * Parse argv. After an error the rest is still read for -j and -f, so that the error is printed in that format, and
 * `command` is set if it is known. Free with cxlf_cli_free() in either case.
 */
int cxlf_cli_parse(const struct cli_program *program, int argc, char **argv, struct cli_parsed *parsed,
		   struct cxlf_err *err);
void cxlf_cli_free(struct cli_parsed *parsed);
/* "lun list" or its words apart; NULL if there is none. */
const struct command *cxlf_cli_find(const struct cli_program *program, const char *const *word, size_t n);
/* "list" of the command "lun list" if `noun` is "lun", else NULL. */
const char *cxlf_cli_verb(const struct command *command, const char *noun);
/* Sets err to USAGE or UNKNOWN_COMMAND, with a suggestion. */
int cxlf_cli_unknown(const struct cli_program *program, const char *const *word, size_t n, struct cxlf_err *err);

/* What the scan has to read (enum cxlf_want): for the output, and to resolve operands. */
int cxlf_cli_want(const struct command *command, const void *args, const struct cli_common *common, unsigned *want,
		  struct cxlf_err *err);
/* Whether any operand names a LUN or an adapter. */
bool cxlf_cli_names_objects(const struct command *command, const void *args);
/* Set index and path of every cli_object in `args`. Commands that change something accept only full names of LUNs. */
int cxlf_cli_resolve(const struct command *command, void *args, const char *sysroot,
		     const struct cxlf_topology *topology, struct cxlf_err *err);
/* --list-columns */
int cxlf_cli_show_columns(struct cxlf_out *out, const struct command *command, struct cxlf_err *err);

/* ---- help and completion, written to the stream; man/sections.c writes the manual ---- */
/* In lines of at most `width` characters, if no word is longer. */
void cxlf_cli_help(FILE *stream, const struct cli_program *program, const struct command *command, unsigned width);
/* The commands of a noun; false if there is no such noun. */
bool cxlf_cli_help_noun(FILE *stream, const struct cli_program *program, const char *noun, unsigned width);
void cxlf_cli_overview(FILE *stream, const struct cli_program *program, unsigned width);
void cxlf_cli_put_text(FILE *stream, const char *text, unsigned width);
/* The name of the manual page of a command: "cxlflashctl-lun" for "lun list". */
void cxlf_cli_page(const struct cli_program *program, const struct command *command, char *text, size_t size);
/*
 * Completion: if argv is `PROGRAM __complete -- WORD...`, print the candidates for its last word, and return true: the
 * program then ends with exit status 0.
 */
bool cxlf_cli_complete(FILE *stream, const struct cli_program *program, int argc, char **argv);
/* Print a candidate, unless it does not begin with the word, or has a character that is special to a shell. */
void cxlf_cli_offer(struct cli_offers *offers, const char *value, const char *description);
/* Fields of a list of commands, for `help --json`: rows of a NULL-terminated list. */
extern const struct cxlf_field cxlf_cli_command_fields[];

/* ---- between cli*.c ---- */
bool cxlf_cli_is_noun(const struct cli_program *program, const char *word);
bool cxlf_cli_is_option(const struct cli_arg *arg);
bool cxlf_cli_takes_value(const struct cli_arg *arg);
/* Whether the command can end with this exit status; 74 is only in the manual. */
bool cxlf_cli_exits_with(const struct command *command, int status);
/* The subcommands of a noun: "create, list, resize". */
const char *cxlf_cli_verbs(const struct cli_program *program, const char *noun, char *text, size_t size);
/*
 * An option by its name, `len` characters, or by its letter unless 0: of the command, or a common one, also one that
 * the command refuses. `command` may be NULL.
 */
const struct cli_arg *cxlf_cli_option(const struct command *command, const char *name, size_t len, char letter);
bool cxlf_cli_is_many(const struct cli_arg *arg);
bool cxlf_cli_accepts(const struct command *command, const struct cli_arg *common);
/* "[LUN]...", "legacy|superpipe": an operand as usage shows it. */
void cxlf_cli_operand_text(const struct cli_arg *arg, char *text, size_t size);
/* "-o, --columns=LIST" */
void cxlf_cli_option_text(const struct cli_arg *arg, char *text, size_t size);
/* The i-th of "a|b|c": its length, or 0 when there are no more. */
size_t cxlf_cli_choice(const char *choices, unsigned i, const char **word);
/* Iterate over what a command takes: its own arguments, then the common ones it accepts. */
const struct cli_arg *cxlf_cli_next(const struct command *command, const struct cli_arg *arg);

#endif
