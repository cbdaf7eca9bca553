/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace control characters and invalid UTF-8 in output.
 */
#include "output.h"
#include "scope.h"

#include <string.h>

/* Length of the well-formed UTF-8 sequence at s, 0 if there is none (RFC 3629: no overlongs, no surrogates). */
static size_t utf8_len(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0;
	unsigned char low = *s == 0xe0 ? 0xa0 : *s == 0xf0 ? 0x90 : 0x80;
	unsigned char high = *s == 0xed ? 0x9f : *s == 0xf4 ? 0x8f : 0xbf;

	if (n > 1 && (s[1] < low || s[1] > high))
		return 0;
	for (size_t i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

static bool is_control(const unsigned char *s)
{
	return *s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0);
}

/* The length of the character at s, and whether it may be printed. */
static size_t step(const unsigned char *s, bool controls, bool *good)
{
	size_t n = utf8_len(s);

	*good = n && (controls || !is_control(s));
	return n ? n : 1;
}

#define REPLACEMENT "\xef\xbf\xbd"

static const char *clean(const char *text, bool controls, char **room)
{
	bool good = true;
	size_t n, at = 0, len;

	while (text[at] && (n = step((const unsigned char *)text + at, controls, &good), good))
		at += n;
	if (!text[at])
		return text;
	/* A replacement is up to three times as long. */
	char *more = realloc(*room, at + 3 * strlen(text + at) + 1);

	if (!more)
		return "";
	*room = memcpy(more, text, at);
	for (len = at; text[at]; at += n) {
		n = step((const unsigned char *)text + at, controls, &good);
		memcpy(more + len, good ? text + at : REPLACEMENT, good ? n : 3);
		len += good ? n : 3;
	}
	more[len] = '\0';
	return more;
}

const char *cxlf_text_clean(const char *text, char **room)
{
	return clean(text, false, room);
}

const char *cxlf_text_utf8(const char *text, char **room)
{
	return clean(text, true, room);
}

void cxlf_text_put(FILE *stream, const char *text)
{
	scoped_free char *room = NULL;

	fputs(cxlf_text_clean(text, &room), stream);
}
