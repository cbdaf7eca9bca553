/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of mountinfo(5), with octal escapes as swaps has them too.
 */
#include "mountinfo.h"
#include "sysfs.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n"

/* "\040" is a blank; the text becomes no longer. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *c = text; *c; c++) {
		if (*c == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' && c[3] >= '0' &&
		    c[3] <= '7') {
			*to++ = (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
			c += 3;
		} else {
			*to++ = *c;
		}
	}
	*to = '\0';
}

/* Cut off the next word, "" at the end of the line. */
static char *next(char **at)
{
	char *word = *at + strspn(*at, BLANKS), *end = word + strcspn(word, BLANKS);

	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

char *cxlf_mountinfo_word(char *line)
{
	char *word = next(&line);

	unescape(word);
	return word;
}

bool cxlf_mountinfo_parse(char *line, struct cxlf_mount *mount)
{
	char *number, *word;

	next(&line); /* the mount's number, and its parent's */
	next(&line);
	number = next(&line);
	mount->dev = cxlf_text_devno(number);
	next(&line); /* which part of the file system */
	mount->point = next(&line);
	if (!strchr(number, ':') || !*mount->point)
		return false;
	do /* options, their number is not fixed, up to a dash */
		word = next(&line);
	while (*word && strcmp(word, "-") != 0);
	mount->type = next(&line);
	mount->source = next(&line);
	unescape(mount->point);
	unescape(mount->type);
	unescape(mount->source);
	return true;
}

bool cxlf_mount_is_fuse(const struct cxlf_mount *mount)
{
	return !strcmp(mount->type, "fuse") || !strncmp(mount->type, "fuse.", 5);
}
