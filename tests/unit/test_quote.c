/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of users in commands that are printed to be pasted.
 */
#include "quote.h"
#include "unit.h"

static void quoted(const char *word, const char *want, const char *says)
{
	char text[64];

	is_text(cxlf_quote(word, text, sizeof(text)), want, says);
}

int main(void)
{
	char text[12];

	quoted("/srv/db-1_a.b", "/srv/db-1_a.b", "what a shell leaves alone stays as it is");
	quoted("", "''", "an empty word");
	quoted("a b;c", "'a b;c'", "blanks and semicolons");
	quoted("it's", "'it'\\''s'", "a quote");
	quoted("a\\b", "'a\\b'", "a backslash");
	quoted("a\nb'c\\d", "$'a\\012b\\'c\\\\d'", "what does not print, for bash, ksh and zsh");
	quoted("d\xc3\xa6", "$'d\\303\\246'", "bytes that only some terminals can show");
	is_text(cxlf_quote("abcdefghijkl mnop", text, sizeof(text)), "'abcde'", "a word that is cut stays a word");
	is_text(cxlf_quote("\n\n\n\n\n", text, sizeof(text)), "$'\\012'", "of any kind");
	return done();
}
