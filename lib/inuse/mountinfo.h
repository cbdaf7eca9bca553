/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading mountinfo(5) and /proc/swaps line by line; both have octal escapes.
 */
#ifndef CXLF_INUSE_MOUNTINFO_H
#define CXLF_INUSE_MOUNTINFO_H

#include <stdbool.h>
#include <sys/types.h>

/* The texts point into the line that was parsed. Equal groups: an unmount in one place unmounts the other. */
struct cxlf_mount {
	unsigned long id;	     /* unique in all mount namespaces */
	unsigned long group, master; /* peer group, and that of which it is a slave; 0: none */
	dev_t dev;		     /* major 0: the file system has no device, or several (btrfs) */
	char *point, *type, *source;
};

/* Call `each` for every line of a file below `dir`; it may change the line. 0, or -errno if not all could be read. */
typedef void cxlf_mountinfo_line(void *arg, char *line);
int cxlf_mountinfo_each(int dir, const char *name, cxlf_mountinfo_line *each, void *arg);
/* Parse a line in place. False: it is not a line of mountinfo. */
bool cxlf_mountinfo_parse(char *line, struct cxlf_mount *mount);
/* The first word of a line, unescaped in place. */
char *cxlf_mountinfo_word(char *line);
/* True for FUSE, where the source is a name of any kind, except fuseblk, which has a block device. */
bool cxlf_mount_is_fuse(const struct cxlf_mount *mount);
/* Whether a path is in a local file system, as far as is known: those with a disk, and those in memory. */
bool cxlf_mountinfo_is_local(int proc, const char *path);

#endif
