/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a process has a file open, from /proc/PID/fdinfo.
 */
#include "fdinfo.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

bool cxlf_fdinfo_flags(const char *text, unsigned long *flags)
{
	static const char label[] = "flags:";
	const char *at = text;

	while (at && strncmp(at, label, sizeof(label) - 1) != 0) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return false;
	at += sizeof(label) - 1;
	at += strspn(at, "? \t"); /* the tab was replaced with '?' */
	if (*at < '0' || *at > '7')
		return false;
	for (*flags = 0; *at >= '0' && *at <= '7'; at++) {
		if (*flags > ULONG_MAX >> 3)
			return false;
		*flags = *flags << 3 | (unsigned long)(*at - '0');
	}
	return true;
}

int cxlf_fdinfo_writes(int dir, const char *fd, bool any, bool *writes)
{
	char file[40], text[1024];
	unsigned long flags;
	int rc;

	*writes = false;
	snprintf(file, sizeof(file), "fdinfo/%.20s", fd);
	rc = cxlf_sysfs_read_lines(dir, file, text, sizeof(text));
	if (rc < 0)
		return rc == -ENOENT || rc == -ESRCH ? 0 : rc;
	if (!cxlf_fdinfo_flags(text, &flags))
		return -EBADMSG;
	*writes = !(flags & O_PATH) && (any || (flags & O_ACCMODE) != O_RDONLY);
	return 0;
}
