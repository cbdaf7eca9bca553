/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers and text in attributes: strict parsing, limited length, printable characters.
 */
#include "sysfs.h"
#include "unit.h"

#include <sys/sysmacros.h>

static void numbers(void)
{
	static const struct {
		const char *text;
		int base;
		bool good;
		uint64_t value;
	} cases[] = {
		{"0", 0, true, 0},     {"42", 10, true, 42},
		{"0x2a", 0, true, 42}, {"0x2A", 16, true, 42},
		{"2a", 16, true, 42},  {"18446744073709551615", 0, true, UINT64_MAX},
		{"010", 0, true, 10},  {"18446744073709551616", 0, false, 0},
		{"", 0, false, 0},     {"0x", 0, false, 0},
		{"-1", 0, false, 0},   {" 1", 0, false, 0},
		{"1 ", 0, false, 0},   {"0x2a", 10, false, 0},
		{"2a", 10, false, 0},  {"0x1ffffffffffffffff", 0, false, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t value = 0;
		bool good = cxlf_text_u64(cases[i].text, cases[i].base, &value);

		ok(good == cases[i].good && (!good || value == cases[i].value), cases[i].text);
	}
}

static void texts(void)
{
	char text[] = " \tIBM \x01\x7f\xff 2145 \n ", blank[] = " \t ", empty[] = "";

	cxlf_text_sanitise(text);
	is_text(text, "IBM ??? 2145", "blanks at both ends are removed, unprintable characters are replaced");
	cxlf_text_sanitise(blank);
	is_text(blank, "", "all blank");
	cxlf_text_sanitise(empty);
	is_text(empty, "", "empty");
}

static void devices(void)
{
	ok(cxlf_text_devno("8:16") == makedev(8, 16), "8:16");
	ok(!cxlf_text_devno("8"), "no colon");
	ok(!cxlf_text_devno("8:x"), "no number");
	ok(!cxlf_text_devno(":1"), "no major");
	ok(!cxlf_text_devno("99999:1"), "an invalid major number is refused");
}

int main(void)
{
	numbers();
	texts();
	devices();
	return done();
}
