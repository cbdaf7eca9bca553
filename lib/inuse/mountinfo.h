/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of mountinfo(5), with octal escapes as swaps has them too.
 */
#ifndef CXLF_INUSE_MOUNTINFO_H
#define CXLF_INUSE_MOUNTINFO_H

#include <stdbool.h>
#include <sys/types.h>

/* The texts point into the line that was parsed. */
struct cxlf_mount {
	dev_t dev; /* major 0: the file system has no device, or several (btrfs) */
	char *point, *type, *source;
};

/* Takes the line apart in place. False: it is not such a line. */
bool cxlf_mountinfo_parse(char *line, struct cxlf_mount *mount);
/* The first word of a line with its escapes undone, in place. */
char *cxlf_mountinfo_word(char *line);
/* Whether the source is only a name to a program: FUSE, but for fuseblk, which has a block device. */
bool cxlf_mount_is_fuse(const struct cxlf_mount *mount);

#endif
