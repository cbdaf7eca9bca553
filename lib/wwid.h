/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A LUN's identity: the 16-byte NAA-6 designator of VPD page 0x83 (SPC-4 7.8.6, association 0).
 *
 * The driver does not read it and does not check the one it is given (MANAGE_LUN), so the library checks it.
 */
#ifndef CXLF_WWID_H
#define CXLF_WWID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a hex digit in either case, or -1. */
int cxlf_hex_digit(char c);
/* The number in `n` bytes, at most 8. */
uint64_t cxlf_big_endian(const uint8_t *byte, unsigned n);

#define CXLF_WWID_LEN 16  /* bytes */
#define CXLF_WWID_TEXT 33 /* 32 lower-case hex digits and the NUL */

struct cxlf_wwid {
	uint8_t byte[CXLF_WWID_LEN];
};

/* Why a text is not a WWID. */
enum cxlf_wwid_parse {
	CXLF_WWID_OK,
	CXLF_WWID_EMPTY,
	CXLF_WWID_NOT_HEX,
	CXLF_WWID_TOO_SHORT,
	CXLF_WWID_TOO_LONG,
	CXLF_WWID_NOT_NAA6, /* 32 digits, but the first is not 6 */
};

/*
 * Accepts 32 hex digits in either case, alone or after one of the prefixes `0x`, `naa.`, `wwn-0x`, `scsi-3` and `3`
 * (udev's type digit). Single colons or dashes between pairs of digits are skipped. Blanks are not accepted.
 */
enum cxlf_wwid_parse cxlf_wwid_parse(const char *text, struct cxlf_wwid *out);
/* The number of hex digits, for messages. */
unsigned cxlf_wwid_digits(const char *text);
const char *cxlf_wwid_problem(enum cxlf_wwid_parse why);
/* 32 lower-case hex digits; returns `text`. */
char *cxlf_wwid_text(const struct cxlf_wwid *wwid, char text[CXLF_WWID_TEXT]);
/* The same in a buffer that lives as long as the block. */
#define CXLF_WWID_STRING(wwid) cxlf_wwid_text(wwid, (char[CXLF_WWID_TEXT]){""})
bool cxlf_wwid_equal(const struct cxlf_wwid *a, const struct cxlf_wwid *b);
bool cxlf_wwid_is_zero(const struct cxlf_wwid *wwid);

/* The company that assigned it, by the known OUIs ("IBM"), or NULL. */
const char *cxlf_wwid_company(const struct cxlf_wwid *wwid);

/*
 * The LUN's identity from a VPD page 0x83 as INQUIRY or sysfs `vpd_pg83` returns it: the first designator with
 * association 0 (logical unit), type 3 (NAA), code set 1 (binary), length 16 and NAA 6. The page is not trusted.
 * Returns 0, or -ENODATA (no such designator), -EINVAL (not a page 0x83, or malformed).
 */
int cxlf_wwid_from_vpd83(const uint8_t *page, size_t len, struct cxlf_wwid *out);

#endif
