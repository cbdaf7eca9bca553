/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output functions: sizes, filtering of strings, columns, suggestions, and the formats of a small record.
 */
#include "output.h"
#include "suggest.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *size_text(uint64_t bytes, enum cxlf_units units)
{
	static char text[32];

	cxlf_size_text(bytes, units, text, sizeof(text));
	return text;
}

static void sizes(void)
{
	is_text(size_text(0, CXLF_UNITS_DEFAULT), "0B", "nothing");
	is_text(size_text(1023, CXLF_UNITS_IEC), "1023B", "below a KiB");
	is_text(size_text(1024, CXLF_UNITS_IEC), "1KiB", "exact sizes have no fraction");
	is_text(size_text(1536, CXLF_UNITS_IEC), "1.5KiB", "others have one digit");
	is_text(size_text(1ULL << 40, CXLF_UNITS_IEC), "1TiB", "a TiB");
	is_text(size_text(107374182400, CXLF_UNITS_SI), "107.4GB", "si counts in thousands");
	is_text(size_text(UINT64_MAX, CXLF_UNITS_IEC), "16.0EiB", "the largest");
	is_text(size_text(UINT64_MAX, CXLF_UNITS_SI), "18.4EB", "the largest by thousands");
	is_text(size_text(4096, CXLF_UNITS_BYTES), "4096", "bytes");
	is_text(size_text(8192, CXLF_UNITS_4K), "2", "blocks of 4 KiB");
}

static const char *clean(const char *text)
{
	static char *room;

	return cxlf_text_clean(text, &room);
}

static void utf8(void)
{
	const char *ascii = "plain", *good = "M\xc3\xbcller \xe2\x82\xac \xf0\x9f\x98\x80";

	ok(clean(ascii) == ascii, "clean text is not copied");
	ok(clean(good) == good, "two, three and four bytes are fine");
	is_text(clean("a\xff"
		      "b"),
		"a\xef\xbf\xbd"
		"b",
		"an invalid byte is replaced");
	is_text(clean("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd", "an overlong slash");
	is_text(clean("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "a surrogate");
	is_text(clean("\xf4\x90\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "beyond Unicode");
	is_text(clean("\x1b[2J\t"), "\xef\xbf\xbd[2J\xef\xbf\xbd", "control characters are replaced");
	is_text(clean("\x7f|\xc2\x9b|\xc2\xa0"), "\xef\xbf\xbd|\xef\xbf\xbd|\xc2\xa0",
		"DEL and C1 controls are replaced, a no-break space is not");
	is_text(clean("cut \xe2\x82"), "cut \xef\xbf\xbd\xef\xbf\xbd", "a truncated sequence is replaced");
}

static const char *nearest(const char *word)
{
	static struct cxlf_suggest s;

	cxlf_suggest_begin(&s, word);
	cxlf_suggest_offer(&s, "list");
	cxlf_suggest_offer(&s, "adapter");
	cxlf_suggest_offer(&s, "manage-lun");
	return s.best;
}

static void suggestions(void)
{
	is_text(nearest("lsit"), "list", "swapped letters");
	is_text(nearest("lis"), "list", "a letter missing");
	is_text(nearest("adap"), "adapter", "only the beginning");
	is_text(nearest("managelun"), "manage-lun", "a dash missing");
	is_text(nearest("zebra"), "", "no word is similar");
	is_text(nearest(""), "", "no word, no suggestion");
	is_text(nearest("a-word-that-is-longer-than-any-command-could-be"), "", "a very long word");
}

/* ---- a record ---- */

static void get_name(struct cxlf_row row, struct cxlf_value *v)
{
	cxlf_value_text(v, ((const char *const *)row.of)[row.i]);
}

static void get_size(struct cxlf_row row, struct cxlf_value *v)
{
	if (row.i)
		cxlf_value_number(v, row.i == 2 ? UINT64_MAX : 1024 * row.i);
}

static const struct cxlf_field fields[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 1, "a", .get = get_name),
	CXLF_FIELD("size_bytes", "SIZE", CXLF_BYTES, 2, "b", .get = get_size),
	CXLF_FIELDS_END,
};

static void columns(void)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;

	is(cxlf_columns_choose(fields, "name", NULL, column, &err), 1, "one column is shown by default");
	is(cxlf_columns_want(column, 1), 1, "only the data for this column is wanted");
	is(cxlf_columns_choose(fields, "name", "SIZE,name", column, &err), 2, "columns are chosen by heading or key");
	ok(column[0].field == &fields[1], "columns have the requested order");
	is(cxlf_columns_choose(fields, "name", "+size", column, &err), 2, "plus adds");
	is(cxlf_columns_choose(fields, "name", "all", column, &err), 2, "\"all\" chooses all columns");
	is(cxlf_columns_choose(fields, "name", "+all", column, &err), 2, "\"+all\" adds each column once");
	is(cxlf_columns_choose(fields, "name", "+name", column, &err), 1,
	   "a column that is already shown is not added");
	is(cxlf_columns_choose(fields, "name", "siez", column, &err), -1, "an unknown column is refused");
	is_text(err.cause, "did you mean \"size\"?", "the most similar heading is suggested");
	is(cxlf_columns_choose(fields, "name", "nam", column, &err), -1, "a part of a key is refused");
	is_text(err.cause, "did you mean \"name\"?", "the complete key is suggested");
	is(cxlf_columns_choose(fields, "name", "", column, &err), -1, "an empty list is refused");
	is(cxlf_columns_choose(fields, "name", "name,", column, &err), -1, "a superfluous comma is refused");
	is(cxlf_fields_want(fields), 3, "a document wants all fields");
	is(cxlf_columns_choose(fields, NULL, NULL, column, &err), 2, "a view without a column list shows all columns");
	is(cxlf_columns_choose(fields, "name,nmae", NULL, column, &err), -1,
	   "a view with an unknown column is refused");
	is(err.code, CXLF_E_BUG, "an unknown column of a view is a bug");
}

static void limits(void)
{
	static struct cxlf_field many[CXLF_MAX_COLUMNS + 2];
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	struct cxlf_err err;

	for (size_t i = 0; i <= CXLF_MAX_COLUMNS; i++)
		many[i] = fields[0];
	is(cxlf_columns_all(many, column, &err), -1, "a table with too many fields");
	is(err.code, CXLF_E_BUG, "too many fields are a bug");
	many[CXLF_MAX_COLUMNS].type = CXLF_END;
	is(cxlf_columns_all(many, column, &err), CXLF_MAX_COLUMNS, "the maximum number of fields is accepted");
}

/* ---- members of structs ---- */

struct thing {
	char chars[8];
	const char *pointer;
	bool flag;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64, bytes;
	int number;
	int64_t time;
	struct cxlf_wwid wwid;
	struct cxlf_err err;
	unsigned n;
};

static const void *second_of(struct cxlf_row row)
{
	return row.i ? (const struct thing *)row.of + row.i : NULL;
}

static struct cxlf_row via(struct cxlf_row row)
{
	return (struct cxlf_row){.of = row.i ? row.of : NULL, .i = row.i};
}

#define THING(m) CXLF_AT(second_of, struct thing, m)

static const struct cxlf_field inner[] = {
	CXLF_KEY("text", CXLF_TEXT, THING(chars)),
	CXLF_FIELDS_END,
};

static const struct cxlf_field things[] = {
	CXLF_KEY("chars", CXLF_TEXT, THING(chars)),
	CXLF_KEY("pointer", CXLF_TEXT, THING(pointer)),
	CXLF_KEY("flag", CXLF_FLAG, THING(flag)),
	CXLF_KEY("u8", CXLF_HEX, THING(u8)),
	CXLF_KEY("u16", CXLF_HEX, THING(u16), .zero = CXLF_ZERO_UNKNOWN),
	CXLF_KEY("u32", CXLF_COUNT, THING(u32)),
	CXLF_KEY("u64", CXLF_HEX, THING(u64)),
	CXLF_KEY("bytes", CXLF_BYTES, THING(bytes)),
	CXLF_KEY("bytes_or_0", CXLF_BYTES, THING(bytes), .zero = CXLF_ZERO_KNOWN),
	CXLF_KEY("number", CXLF_COUNT, THING(number)),
	CXLF_KEY("time", CXLF_TIME, THING(time)),
	CXLF_KEY("wwid", CXLF_TEXT, THING(wwid)),
	CXLF_KEY("err", CXLF_TEXT, THING(err)),
	CXLF_KEY("record", CXLF_RECORD, .of = inner, .via = via),
	CXLF_KEY("records", CXLF_RECORDS, .of = inner, THING(n)),
	CXLF_FIELDS_END,
};

static const char *thing_json(const struct thing *of, size_t i)
{
	static char *text;
	static size_t len;
	struct cxlf_err err;
	struct cxlf_out out = {.format = CXLF_FORMAT_JSONL};

	free(text);
	out.stream = open_memstream(&text, &len);
	cxlf_out_show(&out, &(struct cxlf_view){.rows = {.fields = things, .of = of, .first = i, .n = 1}}, &err);
	fclose(out.stream);
	return text;
}

static void members(void)
{
	const struct thing full = {
		"a", "b", true, 0x2a, 0x4f, 7, 0x1234, 4096, 3, 1, {{0x60, 1}}, {.code = CXLF_E_TIMEOUT}, 1};
	const struct thing thing[] = {full, full, {.number = -1, .time = -1}};

	is_text(thing_json(thing, 0),
		"{\"chars\":null,\"pointer\":null,\"flag\":null,\"u8\":null,\"u16\":null,\"u32\":null,\"u64\":null,"
		"\"bytes\":null,\"bytes_or_0\":null,\"number\":null,\"time\":null,\"wwid\":null,\"err\":null,"
		"\"record\":null,\"records\":null}\n",
		"without an item all values are unknown");
	is_text(thing_json(thing, 1),
		"{\"chars\":\"a\",\"pointer\":\"b\",\"flag\":true,\"u8\":\"2a\",\"u16\":\"004f\",\"u32\":7,"
		"\"u64\":\"0000000000001234\",\"bytes\":4096,\"bytes_or_0\":4096,\"number\":3,"
		"\"time\":\"1970-01-01T00:00:01Z\",\"wwid\":\"60010000000000000000000000000000\",\"err\":\"TIMEOUT\","
		"\"record\":{\"text\":\"a\"},\"records\":[{\"text\":null}]}\n",
		"a member is read as what it is");
	is_text(thing_json(thing, 2),
		"{\"chars\":null,\"pointer\":null,\"flag\":false,\"u8\":\"00\",\"u16\":null,\"u32\":0,"
		"\"u64\":\"0000000000000000\",\"bytes\":null,\"bytes_or_0\":0,\"number\":null,\"time\":null,"
		"\"wwid\":null,\"err\":null,\"record\":{\"text\":null},\"records\":[]}\n",
		"and each has a value that means unknown");
}

static const char *show(enum cxlf_format format, const char *const *names, size_t n)
{
	static char *text;
	static size_t len;
	struct cxlf_err err = {.code = CXLF_OK};
	struct cxlf_out out = {.format = format, .columns = format == CXLF_FORMAT_JSONL ? NULL : "name,size"};

	free(text);
	out.stream = open_memstream(&text, &len);
	cxlf_out_show(&out, &(struct cxlf_view){.document = fields, .rows = {.fields = fields, .of = names, .n = n}},
		      &err);
	fclose(out.stream);
	return text;
}

static const char *error_text(int rc)
{
	static char text[128];
	struct cxlf_err err;
	FILE *stream = fmemopen(text, sizeof(text), "w");

	cxlf_fail_sys(&err, CXLF_E_FAILED, rc, "cannot do it");
	cxlf_error_print(stream, "tool", &err, true);
	fclose(stream);
	return text;
}

static void errors(void)
{
	is_text(error_text(0), "tool: cannot do it\n", "an error without an errno");
	is_text(error_text(-EBUSY), "tool: cannot do it: Device or resource busy (EBUSY)\n", "with one");
	is_text(error_text(-524), "tool: cannot do it: Unknown error 524\n", "an errno of the driver without a name");
}

static void formats(void)
{
	const char *const names[] = {"one", "it's \"$HOME\" `\\`\n\xff", "big"};

	is_text(show(CXLF_FORMAT_JSONL, names, 1), "{\"name\":\"one\",\"size_bytes\":null}\n",
		"an unknown value is null");
	ok(strstr(show(CXLF_FORMAT_JSONL, names, 3), "{\"name\":\"big\",\"size_bytes\":18446744073709551615}\n"),
	   "the largest number keeps its digits");
	is_text(show(CXLF_FORMAT_PAIRS, names, 2),
		"NAME=\"one\" SIZE_BYTES=\"\"\n"
		"NAME=\"it's \\\"\\$HOME\\\" \\`\\\\\\`\xef\xbf\xbd\xef\xbf\xbd\" SIZE_BYTES=\"1024\"\n",
		"pairs are quoted for a shell, and stay on a line");
	is_text(show(CXLF_FORMAT_TABLE, names, 1), "NAME SIZE\none     -\n", "a table has a dash for unknown");
	is_text(show(CXLF_FORMAT_TABLE, names, 0), "", "an empty table has no headings");
}

/* ---- tables on a terminal ---- */

static void get_nodes(struct cxlf_row row, struct cxlf_value *v)
{
	for (size_t i = 0; i < 60; i++)
		cxlf_value_append(v, ((const char *const *)row.of)[0]);
}

static const struct cxlf_field wide_fields[] = {
	CXLF_FIELD("name", "NAME", CXLF_TEXT, 0, "a", .get = get_name),
	CXLF_FIELD("extra", "EXTRA", CXLF_TEXT, 0, "b", .get = get_name, .spare = 2),
	CXLF_FIELD("nodes", "NODES", CXLF_TEXT, 0, "c", .get = get_nodes, .cut = true),
	CXLF_FIELDS_END,
};

static const char *wide(enum cxlf_format format, unsigned width, const char *columns, enum cxlf_layout layout)
{
	static char *text;
	static size_t len;
	const char *const names[] = {"sdae"};
	struct cxlf_err err = {.code = CXLF_OK};
	struct cxlf_out out = {.format = format, .columns = columns, .width = width, .no_headings = true};

	free(text);
	out.stream = open_memstream(&text, &len);
	cxlf_out_show(&out, &(struct cxlf_view){.rows = {.fields = wide_fields, .of = names, .n = 1}, .layout = layout},
		      &err);
	fclose(out.stream);
	/* releases of libsmartcols share out the width differently */
	for (char *blanks; (blanks = strstr(text, "  "));)
		memmove(blanks, blanks + 1, strlen(blanks));
	return text;
}

/* Number of occurrences of the name as a whole word; 0 if the text has other words. */
static int whole_names(const char *text)
{
	int n = 0;

	for (; *text; text += strcspn(text, " ,\n\"="), text += strspn(text, " ,\n\"="))
		n += !strncmp(text, "sdae", 4) && strchr(" ,\n\"", text[4]);
	return n;
}

static void terminal(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	is(whole_names(wide(CXLF_FORMAT_TABLE, 0, "nodes", CXLF_LINES)), 60,
	   "a table in a pipe has every name in full");
	is(whole_names(wide(CXLF_FORMAT_PAIRS, 0, "nodes", CXLF_LINES)), 60, "pairs have every name in full");
	is(whole_names(wide(CXLF_FORMAT_TABLE, 0, NULL, CXLF_CARDS)), 62, "a card has every name in full");
	is(whole_names(wide(CXLF_FORMAT_TABLE, 40, NULL, CXLF_CARDS)), 62,
	   "a card on a terminal has every name in full");
	is_text(wide(CXLF_FORMAT_TABLE, 40, NULL, CXLF_LINES), "sdae sdae sdae,sdae,sdae,sdae,sdae,\xe2\x80\xa6\n",
		"a list on a terminal is truncated after a whole name, with an ellipsis");
	is_text(wide(CXLF_FORMAT_TABLE, 20, NULL, CXLF_LINES), "sdae sdae,sdae,\xe2\x80\xa6\n",
		"an optional column is omitted on a narrow terminal");
	is_text(wide(CXLF_FORMAT_TABLE, 20, "name,extra,nodes", CXLF_LINES), "sdae sdae sdae,sdae,\xe2\x80\xa6\n",
		"a requested column is not omitted");
	is_text(wide(CXLF_FORMAT_TABLE, 8, "name,extra", CXLF_LINES), "sdae sdae\n",
		"values that must not be truncated are printed in full");
}

static void printed(void)
{
	char *text;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	struct cxlf_out out = {.notes = stream, .tool = "t"};
	struct cxlf_err err;

	cxlf_out_warn(&out, "a\033[2J", "b\xff\xc2\x9b");
	cxlf_fail(&err, CXLF_E_FAILED, "c\033]0;x\a");
	cxlf_cause(&err, "d\x7f");
	cxlf_error_print(stream, "t", &err, false);
	fclose(stream);
	is_text(text,
		"t: warning: a\xef\xbf\xbd[2J: b\xef\xbf\xbd\xef\xbf\xbd\n"
		"t: c\xef\xbf\xbd]0;x\xef\xbf\xbd\n"
		"  cause: d\xef\xbf\xbd\n"
		"  code:  FAILED, exit 1   (cxlflashctl explain FAILED)\n",
		"no control character gets into a warning or an error");
	free(text);
	free(out.note);
	const char *const name[] = {"\033\x7f\xc2\x9b\xff"};

	is_text(show(CXLF_FORMAT_JSONL, name, 1),
		"{\"name\":\"\\u001b\\u007f\\u009b\xef\xbf\xbd\",\"size_bytes\":null}\n",
		"JSON escapes them, so that nothing is lost");
}

int main(void)
{
	sizes();
	utf8();
	suggestions();
	columns();
	limits();
	members();
	errors();
	formats();
	terminal();
	printed();
	return done();
}
