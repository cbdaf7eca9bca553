/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WWIDs: all accepted spellings, invalid ones, and difficult and malformed pages 0x83.
 */
#include "unit.h"
#include "wwid.h"

#include <errno.h>

#define DIGITS "600507680108180000000000000000ab"

static void spellings(void)
{
	static const char *const good[] = {
		DIGITS,
		"600507680108180000000000000000AB",
		"0x" DIGITS,
		"0X600507680108180000000000000000AB",
		"naa." DIGITS,
		"wwn-0x" DIGITS,
		"scsi-3" DIGITS,
		"3" DIGITS,
		"60:05:07:68:01:08:18:00:00:00:00:00:00:00:00:ab",
		"60050768-01081800-00000000-000000ab",
		"naa.6005:0768:0108:1800:0000:0000:0000:00ab",
	};
	char text[CXLF_WWID_TEXT];
	struct cxlf_wwid wwid;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		is(cxlf_wwid_parse(good[i], &wwid), CXLF_WWID_OK, good[i]);
		cxlf_wwid_text(&wwid, text);
		is_text(text, DIGITS, "it is parsed to the same value");
	}
}

static void refusals(void)
{
	static const struct {
		const char *text;
		enum cxlf_wwid_parse why;
	} bad[] = {
		{"", CXLF_WWID_EMPTY},
		{"naa.", CXLF_WWID_EMPTY},
		{"sda", CXLF_WWID_NOT_HEX},
		{".", CXLF_WWID_NOT_HEX},
		{" " DIGITS, CXLF_WWID_NOT_HEX},
		{DIGITS " ", CXLF_WWID_NOT_HEX},
		{DIGITS "\n", CXLF_WWID_NOT_HEX},
		{DIGITS ":", CXLF_WWID_NOT_HEX},
		{":" DIGITS, CXLF_WWID_NOT_HEX},
		{"60::05", CXLF_WWID_NOT_HEX},
		{"6:00", CXLF_WWID_NOT_HEX},
		{"uuid-" DIGITS, CXLF_WWID_NOT_HEX},
		{"naa.0x" DIGITS, CXLF_WWID_NOT_HEX},
		{"6005076801081800", CXLF_WWID_TOO_SHORT},
		{"60050768010818000000000000000", CXLF_WWID_TOO_SHORT},
		{DIGITS "0", CXLF_WWID_TOO_LONG},
		{"naa.3" DIGITS, CXLF_WWID_TOO_LONG},
		{"33" DIGITS, CXLF_WWID_TOO_LONG},
		{"500507680108180000000000000000ab", CXLF_WWID_NOT_NAA6},
		{"300507680108180000000000000000ab", CXLF_WWID_NOT_NAA6},
	};
	struct cxlf_wwid wwid;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		is(cxlf_wwid_parse(bad[i].text, &wwid), bad[i].why, bad[i].text);
}

static void company(void)
{
	struct cxlf_wwid wwid;

	cxlf_wwid_parse("60050768010818123456789abcdef012", &wwid);
	is_text(cxlf_wwid_company(&wwid), "IBM", "the OUI of IBM");
	cxlf_wwid_parse("60025380025382462300012300000000", &wwid);
	is_text(cxlf_wwid_company(&wwid), "Samsung", "the OUI of a FlashGT module");
	wwid.byte[3] ^= 0xf0;
	ok(!cxlf_wwid_company(&wwid), "another OUI");
}

#define LUN 0x01, 0x03, 0, 16, 0x60, 5, 7, 0x68, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
#define PAGE(variable, ...)                                                                                            \
	static const uint8_t variable##_body[] = {__VA_ARGS__};                                                        \
	uint8_t variable[4 + sizeof(variable##_body)] = {0, 0x83, 0, sizeof(variable##_body)};                         \
	memcpy(variable + 4, variable##_body, sizeof(variable##_body))

static void pages(void)
{
	struct cxlf_wwid wwid = {{0}};

	PAGE(plain, LUN);
	is(cxlf_wwid_from_vpd83(plain, sizeof(plain), &wwid), 0, "a page with only the designator of the LUN");
	is(wwid.byte[15], 12, "all sixteen bytes are read");

	PAGE(port_first, 0x61, 0x93, 0, 16, 0x60, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, LUN);
	is(cxlf_wwid_from_vpd83(port_first, sizeof(port_first), &wwid), 0,
	   "a page with the NAA 6 of a target port first");
	is(wwid.byte[1], 5, "the designator of the LUN is used");

	PAGE(naa5, 0x01, 0x03, 0, 8, 0x50, 1, 2, 3, 4, 5, 6, 7, LUN);
	is(cxlf_wwid_from_vpd83(naa5, sizeof(naa5), &wwid), 0, "an NAA 5 of eight bytes is skipped");

	PAGE(t10, 0x02, 0x01, 0, 12, 'I', 'B', 'M', ' ', ' ', ' ', ' ', ' ', 0x60, 5, 7, 0x68, LUN);
	is(cxlf_wwid_from_vpd83(t10, sizeof(t10), &wwid), 0, "a T10 vendor designator is skipped");

	PAGE(ascii, 0x02, 0x03, 0, 16, 0x60, 5, 7, 0x68, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	is(cxlf_wwid_from_vpd83(ascii, sizeof(ascii), &wwid), -ENODATA, "an NAA designator in ASCII is ignored");

	PAGE(naa3, 0x01, 0x03, 0, 16, 0x30, 5, 7, 0x68, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
	is(cxlf_wwid_from_vpd83(naa3, sizeof(naa3), &wwid), -ENODATA, "sixteen bytes of another NAA type are ignored");

	PAGE(overlong, 0x01, 0x03, 0, 200, 0x60, 5, 7, 0x68);
	is(cxlf_wwid_from_vpd83(overlong, sizeof(overlong), &wwid), -EINVAL,
	   "a designator longer than the page is refused");

	PAGE(stub, 0x01, 0x03, 0);
	is(cxlf_wwid_from_vpd83(stub, sizeof(stub), &wwid), -EINVAL, "an incomplete designator header is refused");
}

static void lengths(void)
{
	struct cxlf_wwid wwid = {{0}};
	uint8_t empty[] = {0, 0x83, 0, 0};

	PAGE(page, 0x61, 0x93, 0, 4, 1, 2, 3, 4, LUN);
	is(cxlf_wwid_from_vpd83(empty, sizeof(empty), &wwid), -ENODATA, "an empty page has no identity");
	is(cxlf_wwid_from_vpd83(empty, 3, &wwid), -EINVAL, "an incomplete page header is refused");
	is(cxlf_wwid_from_vpd83(empty, 0, &wwid), -EINVAL, "no data is refused");
	for (size_t len = 4; len < sizeof(page); len++)
		if (cxlf_wwid_from_vpd83(page, len, &wwid) != -EINVAL)
			ok(false, "a truncated page is refused at every length");
	page[3] = 200;
	is(cxlf_wwid_from_vpd83(page, sizeof(page), &wwid), 0,
	   "a page truncated after the designator of the LUN is accepted");
	page[1] = 0x80;
	is(cxlf_wwid_from_vpd83(page, sizeof(page), &wwid), -EINVAL, "another page is refused");
	page[1] = 0x83;
	page[3] = 8;
	is(cxlf_wwid_from_vpd83(page, sizeof(page), &wwid), -ENODATA, "data after the end of the page is ignored");
}

int main(void)
{
	spellings();
	refusals();
	company();
	pages();
	lengths();
	return done();
}
