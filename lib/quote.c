/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quote words for the shell, in commands that messages suggest.
 */
#include "quote.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool prints(const char *word)
{
	for (; *word; word++)
		if (*word < 0x20 || *word > 0x7e)
			return false;
	return true;
}

/* One character within '...', or within $'...', which bash, ksh and zsh read. */
static size_t put(char c, bool plain, char *to)
{
	if (plain ? c == '\'' : c == '\'' || c == '\\')
		return (size_t)(stpcpy(to, plain ? "'\\''" : c == '\'' ? "\\'" : "\\\\") - to);
	if (c < 0x20 || c > 0x7e)
		return (size_t)sprintf(to, "\\%03o", (unsigned)(unsigned char)c);
	*to = c;
	return 1;
}

const char *cxlf_quote(const char *word, char *text, size_t size)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
	bool plain = prints(word);
	size_t at = 0;

	if (*word && !word[strspn(word, safe)])
		return word;
	if (!plain)
		text[at++] = '$';
	text[at++] = '\'';
	/* room for the longest character, NUL and the closing quote: a truncated word stays quoted */
	for (; *word && at + 6 < size; word++)
		at += put(*word, plain, text + at);
	strcpy(text + at, "'");
	return text;
}
