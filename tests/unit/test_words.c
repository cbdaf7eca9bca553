/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words: quoted for a shell, suggested for a slip, names of contexts and handles.
 */
#include "held_name.h"
#include "quote.h"
#include "suggest.h"
#include "unit.h"

static void quotes(const char *word, const char *want)
{
	char text[64];

	is_text(cxlf_quote(word, text, sizeof(text)), want, want);
}

static void test_quote(void)
{
	char text[64], longest[200];

	quotes("/srv/db", "/srv/db");
	quotes("ctx0/3", "ctx0/3");
	quotes("", "''");
	quotes("/mnt/my disk", "'/mnt/my disk'");
	quotes("a;rm -r $HOME", "'a;rm -r $HOME'");
	quotes("it's", "'it'\\''s'");
	quotes("-n\n", "$'-n\\012'");
	memset(longest, '\'', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	cxlf_quote(longest, text, sizeof(text));
	ok(strlen(text) < sizeof(text) && text[strlen(text) - 1] == '\'', "what is too long stays within its quotes");
}

static const char *nearest(const char *word, const char *candidate)
{
	static struct cxlf_suggest near;

	cxlf_suggest_begin(&near, word);
	cxlf_suggest_offer(&near, candidate);
	return near.best;
}

static void test_suggest(void)
{
	is_text(nearest("lst", "list"), "list", "a letter is missing");
	is_text(nearest("adap", "adapter"), "adapter", "a beginning");
	is_text(nearest("list", "list"), "", "the word itself is no suggestion");
	is_text(nearest("9", "1"), "", "one digit for another is none");
	is_text(nearest("qwertz", "list"), "", "nothing is near");
}

static void test_held(void)
{
	struct cxlf_held held;

	ok(cxlf_held_parse("ctx0/3", &held) && held.has_handle && held.handle == 3, "a handle");
	ok(cxlf_held_parse("db", &held) && !held.has_handle, "a context");
	ok(!cxlf_held_parse("db/", &held), "a handle without a number");
	ok(!cxlf_held_parse("BAD NAME", &held), "capitals and blanks");
	ok(!cxlf_held_parse("../x/1", &held), "a path");
	ok(cxlf_held_name_ok("a234567890123456789012345678901b"), "32 characters");
	ok(!cxlf_held_name_ok("a234567890123456789012345678901bc"), "33 are too many");
}

int main(void)
{
	test_quote();
	test_suggest();
	test_held();
	return done();
}
