/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sense data from text: as typed, and as printed by tools and in the kernel log.
 *
 * Bytes take precedence over words, because they have more information. Of a text with several kinds of lines only
 * those are used that are known to hold bytes.
 */
#include "sense.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <scsi/sg_lib.h>
#include <scsi/sg_lib_data.h>

#define DUMP_LINE 16 /* bytes in a line of a dump; the same as characters follow */

struct bytes {
	uint8_t *byte;
	size_t n;
	enum cxlf_sense_parse why;
};

/* ---- hex ---- */

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static size_t n_digits(const char *text, const char *end)
{
	size_t n = 0;

	while (text + n < end && cxlf_hex_digit(text[n]) >= 0)
		n++;
	return n;
}

static bool add(struct bytes *out, int high, int low)
{
	if (out->n == CXLF_SENSE_MAX) {
		out->why = CXLF_SENSE_TOO_LONG;
		return false;
	}
	out->byte[out->n++] = (uint8_t)((unsigned)high << 4 | (unsigned)low);
	return true;
}

static const char *skip_separators(const char *text, const char *end)
{
	while (text < end && cxlf_hex_digit(*text) < 0 && !is_letter(*text))
		text++;
	return text;
}

/* "70", "700006", "0x70", "0x0", and "x70" of "\x70". NULL: `why` has the reason. */
static const char *take_word(const char *text, const char *end, struct bytes *out)
{
	bool prefixed = true;

	if (end - text > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
		text += 2;
	else if (end - text > 1 && (text[0] | 0x20) == 'x')
		text++;
	else
		prefixed = false;

	size_t n = n_digits(text, end);

	out->why = CXLF_SENSE_NOT_HEX;
	if (!n || (text + n < end && is_letter(text[n])))
		return NULL;
	if (n == 1 && prefixed)
		return add(out, 0, cxlf_hex_digit(*text)) ? text + 1 : NULL;
	out->why = CXLF_SENSE_ODD_DIGITS;
	if (n % 2)
		return NULL;
	for (size_t i = 0; i < n; i += 2)
		if (!add(out, cxlf_hex_digit(text[i]), cxlf_hex_digit(text[i + 1])))
			return NULL;
	return text + n;
}

static void take_hex(const char *text, const char *end, struct bytes *out)
{
	for (text = skip_separators(text, end); text < end; text = skip_separators(text, end)) {
		text = take_word(text, end, out);
		if (!text)
			return;
	}
	out->why = CXLF_SENSE_OK;
}

/* ---- lines of dumps ---- */

/*
 * The bytes of a dump's line, NULL if it is not one: its first number must be the number of bytes so far, in hex or
 * (od) octal, in the form of an offset: "00     70", "00000000  70", "00000000: 7000", "0000000 70".
 */
static const char *behind_offset(const char *line, const char *end, size_t so_far)
{
	char *number_end;

	while (line < end && *line == ' ')
		line++;

	size_t n = n_digits(line, end);
	const char *rest = line + n;

	if (n < 2 || n > 8)
		return NULL;
	if (strtoul(line, &number_end, 16) != so_far && strtoul(line, &number_end, 8) != so_far)
		return NULL;
	if (rest == end) /* a dump's last line is the offset of its end */
		return so_far && n >= 6 ? rest : NULL;
	if (*rest == ':')
		return rest + 1 < end && rest[1] == ' ' ? rest + 1 : NULL;
	return *rest == ' ' && (n >= 6 || (rest + 1 < end && rest[1] == ' ')) ? rest : NULL;
}

/* After the bytes follow the same as characters, separated by three blanks, by a bar or by a full line. */
static const char *end_of_dump(const char *text, const char *end)
{
	unsigned n = 0;

	while (text < end) {
		size_t blanks = strspn(text, " "), digits = n_digits(text + blanks, end);

		if ((n && blanks > 2) || !digits || n >= DUMP_LINE || (text[blanks + digits] | 0x20) == 'x')
			return text;
		n += (unsigned)digits / 2;
		text += blanks + digits;
	}
	return text;
}

/* ---- lines ---- */

/* The position after `words`, in either case, or NULL. */
static const char *behind(const char *text, const char *end, const char *words)
{
	size_t len = strlen(words);

	for (; text + len <= end; text++)
		if (!strncasecmp(text, words, len))
			return text + len;
	return NULL;
}

static bool is_hex_line(const char *line, const char *end)
{
	line += strspn(line, " \t");
	if (line >= end)
		return false;
	for (; line < end; line++)
		if (cxlf_hex_digit(*line) < 0 && !strchr(" \t,\r", *line))
			return false;
	return true;
}

/* The kernel's "Sense: 70 00 06"; not its "Add. Sense: No additional sense information". */
static const char *behind_sense(const char *line, const char *end)
{
	const char *at = behind(line, end, "sense: ");

	if (!at)
		return NULL;
	return is_hex_line(at, end) ? at : NULL;
}

/* Lines known to hold bytes: the kernel's, and those under sg3_utils' "Raw sense data (in hex)". */
static void take_marked(const char *text, struct bytes *out)
{
	bool raw = false;

	for (const char *line = text, *end; *line && out->why == CXLF_SENSE_OK; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');

		const char *at = behind_sense(line, end);

		if (behind(line, end, "sense data (in hex)")) {
			raw = true;
			continue;
		}
		raw = raw && is_hex_line(line, end);
		if (at || raw)
			take_hex(at ? at : line, end, out);
	}
}

static void take_lines(const char *text, struct bytes *out)
{
	for (const char *line = text, *end; *line && out->why == CXLF_SENSE_OK; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');

		const char *dump = behind_offset(line, end, out->n);

		take_hex(dump ? dump : line, dump ? end_of_dump(dump, end) : end, out);
	}
}

/* ---- words ---- */

/* The text after `words`, blanks, and at most one ':' or '='. */
static const char *value_of(const char *text, const char *words)
{
	const char *at = behind(text, text + strlen(text), words);

	if (!at)
		return NULL;
	at += strspn(at, " ");
	at += *at == ':' || *at == '=';
	return at + strspn(at, " ");
}

/* One or two hex digits, with or without 0x, else -1. */
static int small_hex(const char *text)
{
	text += text[0] == '0' && (text[1] | 0x20) == 'x' ? 2 : 0;

	size_t n = n_digits(text, text + strlen(text));

	if (!n || n > 2 || is_letter(text[n]))
		return -1;
	return n == 1 ? cxlf_hex_digit(text[0]) : 16 * cxlf_hex_digit(text[0]) + cxlf_hex_digit(text[1]);
}

/* Whether the text begins with these words, and no letter follows. */
static bool begins(const char *text, const char *words)
{
	size_t len = strlen(words);

	return !strncasecmp(text, words, len) && !is_letter(text[len]);
}

static int key_by_words(const char *text)
{
	char name[40];

	for (int key = 0; key < 16; key++)
		if (begins(text, sg_get_sense_key_str(key, (int)sizeof(name), name)))
			return key;
	return small_hex(text) < 16 ? small_hex(text) : -1;
}

/* The longest match, because some texts are the beginning of others. */
static const struct sg_lib_asc_ascq_t *asc_by_words(const char *text)
{
	const struct sg_lib_asc_ascq_t *best = NULL;
	size_t best_len = 0;

	for (const struct sg_lib_asc_ascq_t *each = sg_lib_asc_ascq; each->text; each++) {
		size_t len = strlen(each->text);

		if (len <= best_len || !begins(text, each->text))
			continue;
		best = each;
		best_len = len;
	}
	return best;
}

/* False: unknown words. Without any the result is -1. */
static bool asc_of(const char *text, int *asc, int *ascq)
{
	const char *number = value_of(text, "asc="), *words = value_of(text, "add. sense");

	if (!words)
		words = value_of(text, "additional sense");
	*asc = *ascq = -1;
	if (!number && !words)
		return true;
	if (number) {
		const char *second = value_of(text, "ascq=");

		*asc = small_hex(number);
		*ascq = second ? small_hex(second) : 0;
	} else {
		const struct sg_lib_asc_ascq_t *found = asc_by_words(words);

		*asc = found ? found->asc : -1;
		*ascq = found ? found->ascq : -1;
	}
	return *asc >= 0 && *ascq >= 0;
}

/* Without an ASC (-1) the bytes end before it, because unknown is not 00h. */
static void make_bytes(struct bytes *out, int key, int asc, int ascq)
{
	struct cxlf_sense sense = {
		.key = (uint8_t)key, .asc = (uint8_t)(asc < 0 ? 0 : asc), .ascq = (uint8_t)(asc < 0 ? 0 : ascq)};

	cxlf_sense_for_driver(&sense, out->byte);
	out->n = asc < 0 ? 8 : CXLF_SENSE_LEN;
	if (asc < 0)
		out->byte[7] = 0;
	out->why = CXLF_SENSE_OK;
}

/* False: it has no words of sense data. */
static bool take_words(const char *text, struct bytes *out)
{
	const char *key_at = value_of(text, "sense key");
	int key, asc, ascq;

	if (!key_at)
		return false;
	key = key_by_words(key_at);
	out->why = CXLF_SENSE_NOT_HEX;
	if (key < 0 || !asc_of(text, &asc, &ascq))
		return true;
	make_bytes(out, key, asc, ascq);
	if (behind(text, text + strlen(text), "deferred"))
		out->byte[0] |= 1;
	return true;
}

/* "6/2A/09": key, ASC and ASCQ; "6/29": the ASCQ is 00h. */
static bool take_triple(const char *text, struct bytes *out)
{
	int value[3] = {0}, n = 0;

	text += strspn(text, " \t");
	for (bool more = true; more && n < 3; n++) {
		size_t len = strspn(text, "0123456789abcdefABCDEFx");

		value[n] = small_hex(text);
		if (value[n] < 0 || len > 4)
			return false;
		more = text[len] == '/';
		text += len + more;
	}
	if (n < 2 || text[-1] == '/')
		return false;
	if (value[0] > 15 || text[strspn(text, " \t\r\n")])
		return false;
	make_bytes(out, value[0], value[1], value[2]);
	return true;
}

/* ---- the whole text ---- */

enum cxlf_sense_parse cxlf_sense_parse(const char *text, uint8_t bytes[CXLF_SENSE_MAX], size_t *len)
{
	struct bytes out = {.byte = bytes};

	*len = 0;
	take_marked(text, &out);
	if (!out.n && out.why == CXLF_SENSE_OK && !take_words(text, &out) && !take_triple(text, &out))
		take_lines(text, &out);
	if (out.why == CXLF_SENSE_OK && !out.n)
		return CXLF_SENSE_EMPTY;
	if (out.why == CXLF_SENSE_OK)
		*len = out.n;
	return out.why;
}

const char *cxlf_sense_problem(enum cxlf_sense_parse why)
{
	static const char *const problem[] = {
		[CXLF_SENSE_OK] = "it is valid",
		[CXLF_SENSE_EMPTY] = "it has no bytes",
		[CXLF_SENSE_NOT_HEX] = "it is neither hex nor known words of sense data",
		[CXLF_SENSE_ODD_DIGITS] = "it has an odd number of consecutive hex digits",
		[CXLF_SENSE_TOO_LONG] = "it has more than 252 bytes",
		[CXLF_SENSE_TOO_SHORT] = "it is too short to have a sense key",
		[CXLF_SENSE_BAD_FORMAT] = "its first byte is not a response code from 70h to 73h",
	};

	return problem[why];
}
