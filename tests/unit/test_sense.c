/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sense data: both formats at every length, the driver's action, and text from many programs.
 */
#include "scsi/sense.h"
#include "unit.h"

#include <stdlib.h>

#define CHANGED 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2a, 9, 0, 0, 0, 0
#define TEXT "70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00 00 00"

static const uint8_t changed[] = {CHANGED};

static void fixed_format(void)
{
	static const uint8_t medium[] = {0xf0, 0, 3, 0x12, 0x34, 0x56, 0x78, 10, 0, 0, 0, 0, 0x11, 0, 0, 0, 0, 0};
	static const uint8_t format[] = {0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 4, 0, 0x80, 0x40, 0};
	struct cxlf_sense sense;

	is(cxlf_sense_decode(changed, sizeof(changed), &sense), CXLF_SENSE_OK, "a capacity change");
	ok(!sense.descriptor && !sense.deferred && sense.response == 0x70, "fixed format, current");
	is(sense.key << 16 | sense.asc << 8 | sense.ascq, 0x062a09, "key, ASC and ASCQ");
	is_text(sense.key_text, "Unit Attention", "the text of the key");
	is_text(sense.asc_text, "Capacity data has changed", "the text of ASC and ASCQ");
	ok(sense.has_asc && !sense.has_information && !sense.has_progress, "no information, no progress");
	is(sense.meaning, CXLF_SENSE_CAPACITY, "VERIFY will read the capacity");

	cxlf_sense_decode(medium, sizeof(medium), &sense);
	ok(sense.has_information && sense.information == 0x12345678, "with the valid bit there is information");
	is_text(sense.asc_text, "Unrecovered read error", "a medium error");
	is(sense.meaning, CXLF_SENSE_ERROR, "VERIFY refuses a medium error");

	cxlf_sense_decode(format, sizeof(format), &sense);
	ok(sense.has_progress && sense.progress == 0x4000, "progress is 25 percent");
	is(sense.meaning, CXLF_SENSE_BENIGN, "VERIFY does nothing for a progress indication");
}

static void descriptor_format(void)
{
	static const uint8_t full[] = {0x72, 6, 0x2a, 9, 0, 0, 0, 20, 0, 10, 0x80, 0,	 0, 0,
				       0,    1, 2,    3, 4, 5, 2, 6,  0, 0,  0x80, 0x80, 0, 0};
	static const uint8_t busy[] = {0x72, 2, 4, 4, 0, 0, 0, 8, 2, 6, 0, 0, 0x80, 0x80, 0, 0};
	static const uint8_t another[] = {0x72, 2, 4, 4, 0, 0, 0, 8, 0x0a, 6, 2, 4, 4, 0, 0x40, 0};
	struct cxlf_sense sense;

	is(cxlf_sense_decode(full, sizeof(full), &sense), CXLF_SENSE_OK, "descriptor format");
	ok(sense.descriptor && !sense.deferred, "descriptor format is detected");
	is(sense.key << 16 | sense.asc << 8 | sense.ascq, 0x062a09, "key, ASC and ASCQ in descriptor format");
	ok(sense.has_information && sense.information == 0x0102030405, "an information descriptor");
	is(sense.meaning, CXLF_SENSE_CAPACITY, "the driver's action is the same");
	cxlf_sense_decode(busy, sizeof(busy), &sense);
	ok(sense.has_progress && sense.progress == 0x8000, "progress is 50 percent");
	cxlf_sense_decode(another, sizeof(another), &sense);
	ok(sense.has_progress && sense.progress == 0x4000, "another progress descriptor");
	for (size_t len = 2; len < sizeof(full); len++) {
		cxlf_sense_decode(full, len, &sense);
		ok(sense.has_information == (len >= 20), "a truncated information descriptor is ignored");
	}
	for (size_t len = 8; len < sizeof(busy); len++) {
		cxlf_sense_decode(busy, len, &sense);
		ok(!sense.has_progress, "a truncated progress descriptor is ignored");
	}
}

static void deferred(void)
{
	uint8_t fixed[] = {CHANGED}, descriptor[] = {0x73, 6, 0x29, 0, 0, 0, 0, 0};
	struct cxlf_sense sense;

	fixed[0] = 0x71;
	ok(!cxlf_sense_decode(fixed, sizeof(fixed), &sense) && sense.deferred && !sense.descriptor, "71h");
	ok(!cxlf_sense_decode(descriptor, 8, &sense) && sense.deferred && sense.descriptor, "73h");
	fixed[0] = 0xf1;
	ok(!cxlf_sense_decode(fixed, sizeof(fixed), &sense) && sense.response == 0x71,
	   "the valid bit is not part of the response code");
}

static void lengths(void)
{
	static const uint8_t bad_format[] = {0x00, 0x01, 0x6f, 0x74, 0x7f, 0x80};
	uint8_t bytes[400] = {CHANGED};
	struct cxlf_sense sense;

	is(cxlf_sense_decode(bytes, 0, &sense), CXLF_SENSE_TOO_SHORT, "nothing");
	is(cxlf_sense_decode(bytes, 1, &sense), CXLF_SENSE_TOO_SHORT, "a response code without a key is too short");
	is(cxlf_sense_decode(bytes, 2, &sense), CXLF_SENSE_TOO_SHORT, "two bytes are too short");
	is(cxlf_sense_decode(bytes, 3, &sense), CXLF_SENSE_OK, "a key without an ASC is accepted");
	ok(sense.key == 6 && !sense.has_asc && !*sense.asc_text, "without an ASC there is no text");
	is(sense.meaning, CXLF_SENSE_ERROR, "a unit attention without an ASC is an error");
	is(cxlf_sense_decode(bytes, 13, &sense), CXLF_SENSE_OK, "an ASC without an ASCQ is accepted");
	ok(sense.has_asc && sense.asc == 0x2a && sense.ascq == 0, "a missing ASCQ is 0");
	for (size_t len = 3; len <= CXLF_SENSE_MAX; len++)
		if (cxlf_sense_decode(bytes, len, &sense) || sense.key != 6 || sense.has_asc != (len > 12))
			ok(false, "every length up to 252 bytes is accepted");
	is(cxlf_sense_decode(bytes, sizeof(bytes), &sense), CXLF_SENSE_OK, "more bytes than the maximum are accepted");
	bytes[7] = 4;
	is(cxlf_sense_decode(bytes, 18, &sense), CXLF_SENSE_OK, "an additional length of 4 is accepted");
	ok(!sense.has_asc && sense.asc == 0, "with an additional length of 4 there is no ASC");
	bytes[7] = 5;
	cxlf_sense_decode(bytes, 18, &sense);
	ok(sense.has_asc && sense.asc == 0x2a && sense.ascq == 0, "with an additional length of 5 there is an ASC");
	bytes[7] = 255;
	ok(!cxlf_sense_decode(bytes, 18, &sense) && sense.ascq == 9,
	   "with an additional length of 255 the available bytes are used");
	bytes[0] = 0x72;
	bytes[1] = 6;
	is(cxlf_sense_decode(bytes, 1, &sense), CXLF_SENSE_TOO_SHORT, "descriptor format without a key is too short");
	ok(!cxlf_sense_decode(bytes, 2, &sense) && sense.key == 6 && !sense.has_asc,
	   "descriptor format with only a key is accepted");
	for (size_t i = 0; i < sizeof(bad_format); i++) {
		bytes[0] = bad_format[i];
		is(cxlf_sense_decode(bytes, 18, &sense), CXLF_SENSE_BAD_FORMAT, "another response code is refused");
	}
}

static void meanings(void)
{
	static const struct {
		uint8_t key, asc;
		enum cxlf_sense_meaning meaning;
	} list[] = {
		{0, 0x2a, CXLF_SENSE_BENIGN},	{1, 0x17, CXLF_SENSE_BENIGN},	{2, 0x04, CXLF_SENSE_BENIGN},
		{3, 0x11, CXLF_SENSE_ERROR},	{5, 0x25, CXLF_SENSE_ERROR},	{6, 0x28, CXLF_SENSE_ERROR},
		{6, 0x29, CXLF_SENSE_CAPACITY}, {6, 0x2a, CXLF_SENSE_CAPACITY}, {6, 0x3f, CXLF_SENSE_LUNS},
		{6, 0, CXLF_SENSE_ERROR},	{11, 0x2a, CXLF_SENSE_ERROR},	{15, 0x3f, CXLF_SENSE_ERROR},
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		uint8_t bytes[CXLF_SENSE_LEN] = {0x70, 0, list[i].key, [7] = 10, [12] = list[i].asc};
		char says[32];
		struct cxlf_sense sense;

		snprintf(says, sizeof(says), "%x/%02x", list[i].key, list[i].asc);
		cxlf_sense_decode(bytes, sizeof(bytes), &sense);
		is(sense.meaning, list[i].meaning, says);
	}
}

static void for_the_driver(void)
{
	static const uint8_t descriptor[] = {0x73, 6, 0x2a, 9, 0, 0, 0, 0};
	uint8_t bytes[CXLF_SENSE_LEN], cut[] = {0x70, 0, 6, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0x29};
	struct cxlf_sense sense;

	cxlf_sense_decode(descriptor, sizeof(descriptor), &sense);
	cxlf_sense_for_driver(&sense, bytes);
	ok(!memcmp(bytes, changed, sizeof(bytes)), "deferred descriptor format is converted to fixed format");
	cxlf_sense_decode(cut, sizeof(cut), &sense);
	cxlf_sense_for_driver(&sense, bytes);
	is(bytes[7] << 16 | bytes[12] << 8 | bytes[13], 0x0a2900, "short sense data is extended to its full length");
}

/* ---- text ---- */

static const char *const same[] = {
	TEXT,
	"0x70,0x00,0x06,0x0,0x0,0x00,0x00,0x0a,0x00,0x00,0x00,0x00,0x2a,0x09,0x00,0x00,0x00,0x00",
	"700006000000000a000000002a0900000000",
	"70000600 0000000a 00000000 2a090000 0000",
	"70:00:06:00:00:00:00:0A:00:00:00:00:2A:09:00:00:00:00",
	"70-00-06-00-00-00-00-0a-00-00-00-00-2a-09-00-00-00-00\n",
	"\\x70\\x00\\x06\\x00\\x00\\x00\\x00\\x0a\\x00\\x00\\x00\\x00\\x2a\\x09\\x00\\x00\\x00\\x00",
	"  70 00 06 00 00 00 00 0a  00 00 00 00 2a 09 00 00\n  00 00\n",
	/* sg_raw, sg_decode_sense -H */
	" 00     70 00 06 00 00 00 00 0a  00 00 00 00 2a 09 00 00    p...........*...\n"
	" 10     00 00                                               ..\n",
	/* hexdump -C */
	"00000000  70 00 06 00 00 00 00 0a  00 00 00 00 2a 09 00 00  |p...........*...|\n"
	"00000010  00 00                                             |..|\n00000012\n",
	/* xxd */
	"00000000: 7000 0600 0000 000a 0000 0000 2a09 0000  p...........*...\n"
	"00000010: 0000                                     ..\n",
	/* od -An -tx1 and od -tx1 */
	" 70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00\n 00 00\n",
	"0000000 70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00\n0000020 00 00\n0000022\n",
	/* sg_turs -v and others of sg3_utils */
	"Fixed format, current; Sense key: Unit Attention\nAdditional sense: Capacity data has changed\n"
	" Raw sense data (in hex), sb_len=18, embedded_len=18\n"
	"        70 00 06 00 00 00 00 0a  00 00 00 00 2a 09 00 00\n        00 00\nsg_raw failed: 6\n",
	/* the kernel */
	"[   12.345678] sd 2:0:0:1: [sda] tag#0 Sense: " TEXT "\n",
	"sd 2:0:0:1: [sda] tag#7 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=0s\n"
	"sd 2:0:0:1: [sda] tag#7 Sense: 70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00\n"
	"sd 2:0:0:1: [sda] tag#7 Sense: 00 00\n",
	"sd 2:0:0:1: [sda] tag#0 Sense Key : Unit Attention [current] \n"
	"sd 2:0:0:1: [sda] tag#0 Add. Sense: Capacity data has changed\n",
	"Sense Key : 0x6 [current] \nASC=0x2a ASCQ=0x9",
	"Sense Key=0x6 ASC=0x2a ASCQ=0x9",
	"descriptor format, current; Sense key: unit attention\n Additional sense: CAPACITY DATA HAS CHANGED",
	/* short forms */
	"6/2A/09",
	"06/2a/09\n",
	" 0x6/0x2a/0x9",
};

static void spellings(void)
{
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		is(cxlf_sense_parse(same[i], bytes, &len), CXLF_SENSE_OK, "a spelling");
		if (!ok(len == sizeof(changed) && !memcmp(bytes, changed, sizeof(changed)),
			"the text is parsed to the same bytes"))
			printf("# spelling %zu: %zu bytes, %02x %02x %02x\n", i, len, bytes[0], bytes[1], bytes[2]);
	}
}

/* The characters after a full line look like hex digits but are text. */
static void characters(void)
{
	static const char text[] = "00000000: 7000 0600 0000 0018 0000 0000 2a09 0000  p...........*...\n"
				   "00000010: 6162 6300 0000 0000 0000 0000 0000 0000  abc.............\n";
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	is(cxlf_sense_parse(text, bytes, &len), CXLF_SENSE_OK, "a dump with characters at the end of lines is parsed");
	ok(len == 32 && bytes[16] == 'a' && bytes[18] == 'c' && !bytes[19],
	   "characters at the end of lines are ignored");
}

static void words(void)
{
	static const struct {
		const char *text;
		uint8_t first, key, asc, ascq;
	} list[] = {
		{"Sense Key : Illegal Request [current]\nAdd. Sense: Logical unit not supported", 0x70, 5, 0x25, 0},
		{"Sense Key : Unit Attention [deferred]\nAdd. Sense: Reported luns data has changed", 0x71, 6, 0x3f,
		 0xe},
		{"Sense Key : Unit Attention\nAdd. Sense: Power on, reset, or bus device reset occurred", 0x70, 6, 0x29,
		 0},
		{"Sense Key : Not Ready", 0x70, 2, 0, 0},
		{"Sense key: Aborted Command\n <<vendor>>ASC=0x80 ASCQ=0x7f", 0x70, 11, 0x80, 0x7f},
		{"Sense key: Unit Attention\nvendor specific ASC=80, ASCQ=09 (hex)", 0x70, 6, 0x80, 9},
		{"0/0/0", 0x70, 0, 0, 0},
	};
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		is(cxlf_sense_parse(list[i].text, bytes, &len), CXLF_SENSE_OK, "words");
		is((long long)len, i == 3 ? 8 : CXLF_SENSE_LEN, "without an ASC the data ends before it");
		is(bytes[0] << 24 | bytes[2] << 16 | bytes[12] << 8 | bytes[13],
		   list[i].first << 24 | list[i].key << 16 | list[i].asc << 8 | list[i].ascq, "mean this");
	}
}

static void refusals(void)
{
	static const struct {
		const char *text;
		enum cxlf_sense_parse why;
	} bad[] = {
		{"", CXLF_SENSE_EMPTY},
		{" \t", CXLF_SENSE_EMPTY},
		{"::", CXLF_SENSE_EMPTY},
		{"hello", CXLF_SENSE_NOT_HEX},
		{"70 00 zz", CXLF_SENSE_NOT_HEX},
		{"70h 00h", CXLF_SENSE_NOT_HEX},
		{"0x", CXLF_SENSE_NOT_HEX},
		{"70 00 6", CXLF_SENSE_ODD_DIGITS},
		{"70000", CXLF_SENSE_ODD_DIGITS},
		{"0x700", CXLF_SENSE_ODD_DIGITS},
		{"Sense Key : Bewildered", CXLF_SENSE_NOT_HEX},
		{"Sense Key : 0x1f", CXLF_SENSE_NOT_HEX},
		{"Sense Key : Unit Attention Add. Sense: Something has changed", CXLF_SENSE_NOT_HEX},
		{"Sense Key=6 ASC=0x2a ASCQ=0x123", CXLF_SENSE_NOT_HEX},
	};
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		is(cxlf_sense_parse(bad[i].text, bytes, &len), bad[i].why, bad[i].text);
		is(len, 0, "refused text returns no bytes");
		ok(*cxlf_sense_problem(bad[i].why), "the problem has a text");
	}
}

static void long_text(void)
{
	char text[3 * (CXLF_SENSE_MAX + 1) + 1];
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	for (size_t i = 0; i <= CXLF_SENSE_MAX; i++)
		memcpy(text + 3 * i, i ? "00 " : "70 ", 4);
	is(cxlf_sense_parse(text, bytes, &len), CXLF_SENSE_TOO_LONG, "253 bytes");
	text[(size_t)3 * CXLF_SENSE_MAX] = '\0';
	ok(!cxlf_sense_parse(text, bytes, &len) && len == CXLF_SENSE_MAX, "252 bytes");
}

int main(void)
{
	fixed_format();
	descriptor_format();
	deferred();
	lengths();
	meanings();
	for_the_driver();
	spellings();
	characters();
	words();
	refusals();
	long_text();
	return done();
}
