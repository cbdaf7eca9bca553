/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LUN's identity: read from text and from VPD page 0x83, and decoded.
 */
#include "wwid.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define WWID_DIGITS (2 * CXLF_WWID_LEN)

int cxlf_hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

uint64_t cxlf_big_endian(const uint8_t *byte, unsigned n)
{
	uint64_t value = 0;

	while (n--)
		value = value << 8 | *byte++;
	return value;
}

static const char *skip_prefix(const char *text)
{
	static const char *const prefixes[] = {"0x", "naa.", "wwn-0x", "scsi-3"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t len = strlen(prefixes[i]);

		if (!strncasecmp(text, prefixes[i], len))
			return text + len;
	}
	return text;
}

/* Single separators between whole pairs are skipped. Returns the number of digits, at most max + 1, or -1. */
static int collect_digits(const char *text, uint8_t *digit, int max)
{
	int n = 0;

	for (const char *at = text; *at; at++) {
		int value = cxlf_hex_digit(*at);

		if (value < 0) {
			bool separator = *at == ':' || *at == '-';

			if (!separator || !n || n % 2 || cxlf_hex_digit(at[1]) < 0)
				return -1;
			continue;
		}
		if (n < max)
			digit[n] = (uint8_t)value;
		if (n <= max)
			n++;
	}
	return n;
}

enum cxlf_wwid_parse cxlf_wwid_parse(const char *text, struct cxlf_wwid *out)
{
	uint8_t digit[WWID_DIGITS + 1];
	const char *body = skip_prefix(text);
	const uint8_t *first = digit;

	if (!*body)
		return CXLF_WWID_EMPTY;

	int n = collect_digits(body, digit, WWID_DIGITS + 1);

	if (n < 0)
		return CXLF_WWID_NOT_HEX;
	if (n < WWID_DIGITS)
		return CXLF_WWID_TOO_SHORT;
	if (n == WWID_DIGITS + 1 && body == text && digit[0] == 3)
		first++; /* udev and multipath prepend the designator's type */
	else if (n > WWID_DIGITS)
		return CXLF_WWID_TOO_LONG;
	if (first[0] != 6)
		return CXLF_WWID_NOT_NAA6;
	for (size_t i = 0; i < CXLF_WWID_LEN; i++)
		out->byte[i] = (uint8_t)(first[2 * i] << 4 | first[2 * i + 1]);
	return CXLF_WWID_OK;
}

unsigned cxlf_wwid_digits(const char *text)
{
	unsigned n = 0;

	for (text = skip_prefix(text); *text; text++)
		n += cxlf_hex_digit(*text) >= 0;
	return n;
}

const char *cxlf_wwid_problem(enum cxlf_wwid_parse why)
{
	static const char *const problem[] = {
		[CXLF_WWID_OK] = "it is a valid WWID",
		[CXLF_WWID_EMPTY] = "it is empty",
		[CXLF_WWID_NOT_HEX] = "it has characters that are not hex digits",
		[CXLF_WWID_TOO_SHORT] = "it has fewer than 32 hex digits",
		[CXLF_WWID_TOO_LONG] = "it has more than 32 hex digits",
		[CXLF_WWID_NOT_NAA6] = "its first digit is not 6 (a cxlflash LUN has an NAA type 6 designator)",
	};

	return problem[why];
}

char *cxlf_wwid_text(const struct cxlf_wwid *wwid, char text[CXLF_WWID_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < CXLF_WWID_LEN; i++) {
		text[2 * i] = digits[wwid->byte[i] >> 4];
		text[2 * i + 1] = digits[wwid->byte[i] & 15];
	}
	text[WWID_DIGITS] = '\0';
	return text;
}

bool cxlf_wwid_equal(const struct cxlf_wwid *a, const struct cxlf_wwid *b)
{
	return !memcmp(a->byte, b->byte, CXLF_WWID_LEN);
}

bool cxlf_wwid_is_zero(const struct cxlf_wwid *wwid)
{
	static const struct cxlf_wwid zero;

	return cxlf_wwid_equal(wwid, &zero);
}

const char *cxlf_wwid_company(const struct cxlf_wwid *wwid)
{
	uint32_t oui = (uint32_t)(cxlf_big_endian(wwid->byte, 4) >> 4) & 0xffffff; /* behind 4 bits of type */

	/* FlashSystem and SVC volumes; the modules on FlashGT cards */
	return oui == 0x005076 ? "IBM" : oui == 0x002538 ? "Samsung" : NULL;
}

/* The caller has checked that `at` has 4 + at[3] bytes. */
static bool is_lun_naa6(const uint8_t *at)
{
	unsigned code_set = at[0] & 0x0f, association = at[1] >> 4 & 3, type = at[1] & 0x0f;

	return code_set == 1 && association == 0 && type == 3 && at[3] == CXLF_WWID_LEN && at[4] >> 4 == 6;
}

int cxlf_wwid_from_vpd83(const uint8_t *page, size_t len, struct cxlf_wwid *out)
{
	if (len < 4 || page[1] != 0x83)
		return -EINVAL;

	size_t end = 4 + ((size_t)page[2] << 8 | page[3]);
	bool truncated = end > len;

	if (truncated)
		end = len;
	for (size_t at = 4; at < end; at += 4 + page[at + 3]) {
		if (end - at < 4 || end - at - 4 < page[at + 3])
			return -EINVAL;
		if (is_lun_naa6(page + at)) {
			memcpy(out->byte, page + at + 4, CXLF_WWID_LEN);
			return 0;
		}
	}
	return truncated ? -EINVAL : -ENODATA;
}
