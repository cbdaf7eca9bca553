/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results: the fields of each kind of object are one constant table, which every format renders.
 *
 * A field has a JSON key, a column heading, what must be read for it (`want`) and where its value is: a member of a
 * struct, or a getter that computes it. A row is an index into a collection, so nothing is copied. Formats use only
 * fields and rows, not LUNs or commands. The tables are in fields/. The default columns are those of the command, or of
 * the field that has a table on a card.
 *
 * A command builds a view and calls cxlf_out_show() once. JSON renders the view's `document`, one
 * object; table, pairs and jsonl render its `rows`. main calls cxlf_out_finish() with the errors.
 */
#ifndef CXLF_OUTPUT_H
#define CXLF_OUTPUT_H

#include "error.h"
#include "size.h"
#include "wwid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum cxlf_format { CXLF_FORMAT_TABLE, CXLF_FORMAT_JSON, CXLF_FORMAT_JSONL, CXLF_FORMAT_PAIRS };

enum cxlf_type {
	CXLF_END,    /* ends a table of fields */
	CXLF_TEXT,   /* a string, of any bytes */
	CXLF_COUNT,  /* a number; right-aligned */
	CXLF_BYTES,  /* a size; follows --units in tables, an integer in JSON */
	CXLF_HEX,    /* a number in hexadecimal, as wide as its member: a string in JSON too */
	CXLF_TIME,   /* seconds since 1970; "2026-01-31T12:00:00Z", UTC */
	CXLF_FLAG,   /* true, false; "yes", "no" in tables */
	CXLF_TEXTS,  /* a list of strings */
	CXLF_RECORD, /* one row of another table, an object in JSON; `via` gives the row, with a NULL `of` if unknown */
	CXLF_RECORDS, /* rows of another table, a list in JSON; as a member: their number */
	CXLF_INCLUDE, /* all fields of another table, found by `via` */
};

/* The type of the struct member that a field shows. */
enum cxlf_member {
	CXLF_NO_MEMBER, /* the field has a getter */
	CXLF_CHARS,	/* char[]; "" is unknown */
	CXLF_POINTER,	/* const char *; NULL and "" are unknown */
	CXLF_BOOL,
	CXLF_U8,
	CXLF_U16,
	CXLF_U32,
	CXLF_U64,
	CXLF_INT,  /* negative is unknown */
	CXLF_S64,  /* negative is unknown */
	CXLF_WWID, /* all zero is unknown */
	CXLF_ERR,  /* the code's name; unknown without an error */
};

/* Whether 0 is a known value. By type: unknown for BYTES and TIME. */
enum cxlf_zero { CXLF_ZERO_BY_TYPE, CXLF_ZERO_KNOWN, CXLF_ZERO_UNKNOWN };

/* Colour of a value; the text has the same information. */
enum cxlf_tone { CXLF_PLAIN, CXLF_GOOD, CXLF_WARN, CXLF_BAD };

/* The text and colour of a value of an enum, or of a flag; without a text it is unknown. */
struct cxlf_word {
	const char *text;
	enum cxlf_tone tone;
};

struct cxlf_row {
	const void *of; /* the collection, of the type that the getters expect */
	size_t i;
};

struct cxlf_field;

struct cxlf_rows {
	const struct cxlf_field *fields;
	const void *of;
	const unsigned *index; /* n indices, or NULL: first, first + 1, ... */
	size_t first, n;
};

/* Set by a getter. Unknown at first: null in JSON, a dash in tables. */
struct cxlf_value {
	bool known;
	bool flag;
	bool lost; /* out of memory: stays unknown */
	enum cxlf_tone tone;
	uint64_t number;
	const char *text; /* points to a constant, into the row's collection, to buf or to room */
	const char *const *texts;
	size_t n_texts;
	struct cxlf_rows rows;
	char buf[64];
	char *room, *clean; /* text of any length; owned */
};
/* Empty at first; frees what it owns at the end of the block. */
#define CXLF_VALUE(v) __attribute__((cleanup(cxlf_value_free))) struct cxlf_value v = {0}
void cxlf_value_free(struct cxlf_value *v);

struct cxlf_field {
	const char *key;     /* snake_case, with the unit: "size_bytes" */
	const char *heading; /* "SIZE"; NULL: in JSON only */
	const char *help;    /* for --list-columns and the manual */
	enum cxlf_type type;
	enum cxlf_member member;
	enum cxlf_zero zero;
	bool lines_only;			     /* not in JSON, which has it in a list of records */
	bool cut;				     /* on a narrow terminal it may be cut, with an ellipsis */
	unsigned spare;				     /* may be dropped, the highest number first; 0: never */
	unsigned want;				     /* what must be read for it (enum cxlf_want) */
	const struct cxlf_field *of;		     /* the table of RECORD, RECORDS and INCLUDE */
	const char *shown;			     /* RECORDS: the columns on a card; NULL: all */
	struct cxlf_row (*via)(struct cxlf_row row); /* INCLUDE and RECORD: from this row to a row of `of` */
	const void *(*item)(
		struct cxlf_row row);  /* the struct with the member; NULL: row.of. May return NULL: unknown */
	size_t at;		       /* offset of the member in the item */
	size_t known_if;	       /* 1 + offset of a bool in the item: whether the member is known; 0: always */
	const struct cxlf_word *words; /* of an enum or flag: its texts by value */
	unsigned n_words;
	void (*get)(struct cxlf_row row, struct cxlf_value *v); /* if there is no member */
};

/* One field: the value is CXLF_AT(...) or .get, and other members follow. */
#define CXLF_FIELD(k, h, t, w, text, ...)                                                                              \
	{                                                                                                              \
		.key = (k), .heading = (h), .type = (t), .want = (w), .help = (text), __VA_ARGS__                      \
	}
/* A field of JSON documents only. */
#define CXLF_KEY(k, t, ...) CXLF_FIELD(k, NULL, t, 0, NULL, __VA_ARGS__)
/* The fields of another table; without a second argument of the same row. */
#define CXLF_ALL_OF(fields, ...)                                                                                       \
	{                                                                                                              \
		.type = CXLF_INCLUDE, .of = (fields), ##__VA_ARGS__                                                    \
	}
#define CXLF_FIELDS_END                                                                                                \
	{                                                                                                              \
		.type = CXLF_END                                                                                       \
	}
/* The value is member m of the struct T that `from` returns. */
#define CXLF_AT(from, T, m) .item = (from), .member = CXLF_MEMBER(T, m), .at = offsetof(T, m)
/* The member is unknown unless member m, a bool of the same struct, is true. */
#define CXLF_IF(T, m) .known_if = 1 + offsetof(T, m)
/* The member is an enum or a flag, shown as its word. */
#define CXLF_WORDS(table) .words = (table), .n_words = sizeof(table) / sizeof(*(table))
/* A member of another type does not compile. The first _Generic distinguishes char * from char[]. */
#define CXLF_MEMBER(T, m)                                                                                              \
	_Generic(&((T *)0)->m, char **                                                                                 \
		 : CXLF_POINTER, default                                                                               \
		 : _Generic(((T *)0)->m, char *                                                                        \
			    : CXLF_CHARS, const char *                                                                 \
			    : CXLF_POINTER, bool                                                                       \
			    : CXLF_BOOL, uint8_t                                                                       \
			    : CXLF_U8, uint16_t                                                                        \
			    : CXLF_U16, uint32_t                                                                       \
			    : CXLF_U32, uint64_t                                                                       \
			    : CXLF_U64, int                                                                            \
			    : CXLF_INT, int64_t                                                                        \
			    : CXLF_S64, struct cxlf_wwid                                                               \
			    : CXLF_WWID, struct cxlf_err                                                               \
			    : CXLF_ERR))

/* For getters. "" and NULL texts stay unknown. */
void cxlf_value_text(struct cxlf_value *v, const char *text);
void cxlf_value_number(struct cxlf_value *v, uint64_t number);
void cxlf_value_flag(struct cxlf_value *v, bool flag);
void cxlf_value_pick(struct cxlf_value *v, const struct cxlf_word *words, size_t n, size_t i);
#define CXLF_VALUE_PICK(v, table, i) cxlf_value_pick(v, table, sizeof(table) / sizeof(*(table)), i)
/* The text of an enum's value in messages: "unknown" if it has none. */
const char *cxlf_word_text(const struct cxlf_word *words, size_t n, size_t i);
#define CXLF_WORD_TEXT(table, i) cxlf_word_text(table, sizeof(table) / sizeof(*(table)), i)
/* Rows of the field's table; what else they need (first, index) is set by the getter. */
void cxlf_value_rows(struct cxlf_value *v, const void *of, size_t n);
void cxlf_value_print(struct cxlf_value *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Append a word, separated by a blank. */
void cxlf_value_append(struct cxlf_value *v, const char *word);

/* A column: a field, and how to get from a row of the view to a row of the field's own table. */
struct cxlf_column {
	const struct cxlf_field *field;
	struct cxlf_row (*via)(struct cxlf_row row);
};
#define CXLF_MAX_COLUMNS 48

void cxlf_field_get(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v);
void cxlf_column_get(const struct cxlf_column *column, struct cxlf_row row, struct cxlf_value *v);
/* Every field of a table (includes resolved); returns how many, or -1 with BUG in err: there are too many. */
int cxlf_columns_all(const struct cxlf_field *fields, struct cxlf_column column[CXLF_MAX_COLUMNS],
		     struct cxlf_err *err);
/* Whether a list of columns ("wwid,mode"; NULL: all) names the field. */
bool cxlf_column_is_in(const struct cxlf_field *field, const char *list);
/* Whether it can be a column: it has a heading and is not a record or a list of records. */
bool cxlf_field_is_column(const struct cxlf_field *field);
/*
 * The columns of `list`: keys or headings with commas between, "+LIST" adds to those of `shown`, NULL is those of
 * `shown`. Returns their number, or -1 with BAD_VALUE in err, or BUG if `shown` has a column that does not exist.
 */
int cxlf_columns_choose(const struct cxlf_field *fields, const char *shown, const char *list,
			struct cxlf_column column[CXLF_MAX_COLUMNS], struct cxlf_err *err);
/* All that must be read to fill these columns, or a whole document. */
unsigned cxlf_columns_want(const struct cxlf_column *column, size_t n);
unsigned cxlf_fields_want(const struct cxlf_field *fields);

enum cxlf_layout { CXLF_LINES, CXLF_CARDS /* one "Heading: value" block a row */ };

struct cxlf_view {
	/* JSON: the fields of `data`, of the row {rows.of, 0} unless document_of; NULL: cxlf_out's list of the rows */
	const struct cxlf_field *document;
	const void *document_of;
	struct cxlf_rows rows;
	const char *shown; /* the columns when none are chosen, if not those of the command (cxlf_out's) */
	enum cxlf_layout layout;
	unsigned (*depth)(struct cxlf_row row); /* a tree: 0 for a root, at most 3; NULL: no tree */
	const char *tree_key;			/* the column the branches are drawn in */
	const struct cxlf_field *leaf; /* where rows below a root have their columns, by the same keys; or NULL */
};

struct cxlf_out {
	/* in */
	FILE *stream; /* data */
	FILE *notes;  /* warnings, progress */
	const char *tool;
	enum cxlf_format format;
	enum cxlf_units units;
	const struct cxlf_field *shown_of; /* the table that `shown` is of; of another all columns are shown */
	const char *shown;		   /* the columns when none are chosen: "wwid,mode"; NULL: all */
	const char *columns;		   /* --columns, or NULL */
	const char *list;		   /* JSON: the key of a view's rows without a document */
	bool no_headings, color, quiet;
	unsigned width;	 /* of the terminal, 0 = not a terminal */
	char schema[64]; /* "cxlflash.lun.list/1" */
	/* kept between calls */
	struct cxlf_note *note; /* warnings and errors so far */
	size_t n_notes;
	bool begun;
};

/* Render a view; at most one a run. Fails with OUTPUT, or BAD_VALUE for an unknown column. */
int cxlf_out_show(struct cxlf_out *out, const struct cxlf_view *view, struct cxlf_err *err);
/* The same for a view of these members. */
#define CXLF_SHOW(out, err, ...) cxlf_out_show(out, &(struct cxlf_view){__VA_ARGS__}, err)
/* A line of text; nothing in the other formats. */
void cxlf_out_line(struct cxlf_out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A warning: on stderr (unless -q) and in JSON's `warnings`. */
void cxlf_out_warn(struct cxlf_out *out, const char *object, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The failure of one of several objects: printed by cxlf_out_finish(). */
void cxlf_out_fail(struct cxlf_out *out, const struct cxlf_err *err);
/*
 * End the run: add `err` (if its code is set) to the errors, complete the JSON document, print the
 * errors, flush. Returns the exit status: that of `err`, or 74 if the output could not be written.
 */
int cxlf_out_finish(struct cxlf_out *out, const struct cxlf_err *err);

/* ---- between output*.c ---- */

struct cxlf_note {
	bool is_error;
	struct cxlf_err err; /* a warning uses object and message only */
};

int cxlf_json_show(struct cxlf_out *out, const struct cxlf_view *view);
int cxlf_json_finish(struct cxlf_out *out, int status);
int cxlf_jsonl_show(struct cxlf_out *out, const struct cxlf_view *view);
int cxlf_table_show(struct cxlf_out *out, const struct cxlf_rows *rows, const struct cxlf_column *column, size_t n,
		    const struct cxlf_view *tree, const char *indent);
int cxlf_cards_show(struct cxlf_out *out, const struct cxlf_rows *rows);
int cxlf_pairs_show(struct cxlf_out *out, const struct cxlf_rows *rows, const struct cxlf_column *column, size_t n);
/* The error as four lines of text, or as its first line. */
void cxlf_error_print(FILE *stream, const char *tool, const struct cxlf_err *err, bool brief);

struct cxlf_row cxlf_rows_at(const struct cxlf_rows *rows, size_t k);
/* A value as clean text in `units`, of any length; "" if unknown. It is good until the next cxlf_field_get(). */
const char *cxlf_value_word(const struct cxlf_field *field, struct cxlf_value *v, enum cxlf_units units);

/*
 * Text from devices, files and command lines may have any bytes. Replaces each byte that is not UTF-8, and each control
 * character, by U+FFFD. cxlf_text_utf8() keeps control characters, which json-c escapes. Returns `text` itself if
 * nothing is replaced, else *room, which is reallocated; the caller frees it.
 */
const char *cxlf_text_clean(const char *text, char **room);
const char *cxlf_text_utf8(const char *text, char **room);
void cxlf_text_put(FILE *stream, const char *text); /* clean */

#endif
