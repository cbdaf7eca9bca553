/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of users in commands that are printed to be pasted.
 */
#include "quote.h"

#include <string.h>

const char *cxlf_quote(const char *word, char *text, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
	size_t at = 0;

	if (*word && !word[strspn(word, plain)])
		return word;
	text[at++] = '\'';
	/* room for '\'' and the closing quote: a word that is cut stays a word */
	for (; *word && at + 6 < size; word++) {
		if (*word == '\'')
			at = (size_t)(stpcpy(text + at, "'\\''") - text);
		else
			text[at++] = *word;
	}
	strcpy(text + at, "'");
	return text;
}
