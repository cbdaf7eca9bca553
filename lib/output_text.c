/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings on their way out: control characters and broken UTF-8 never reach a stream.
 */
#include "output.h"
#include "scope.h"

#include <string.h>

/* Length of the well-formed UTF-8 sequence at s, 0 if there is none (RFC 3629: no overlongs, no surrogates). */
static size_t utf8_len(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (*s < 0x80)
		return 1;
	if (*s >= 0xc2 && *s <= 0xdf)
		n = 2;
	else if (*s >= 0xe0 && *s <= 0xef)
		n = 3;
	else if (*s >= 0xf0 && *s <= 0xf4)
		n = 4;
	else
		return 0;
	if (*s == 0xe0)
		low = 0xa0;
	else if (*s == 0xed)
		high = 0x9f;
	else if (*s == 0xf0)
		low = 0x90;
	else if (*s == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
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

/* How long what stands at s is, and whether it may be printed. */
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
