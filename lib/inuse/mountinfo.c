/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading mountinfo(5) and /proc/swaps line by line; both have octal escapes.
 */
#include "mountinfo.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#define BLANKS " \t\n"

int cxlf_mountinfo_each(int dir, const char *name, cxlf_mountinfo_line *each, void *arg)
{
	scoped_fd int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	scoped_file FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	scoped_free char *line = NULL;
	size_t room = 0;

	if (!file)
		return -errno;
	cxlf_take_fd(&fd); /* `file` closes it */
	while (errno = 0, getline(&line, &room, file) > 0)
		each(arg, line);
	return feof(file) ? 0 : -(errno ? errno : EIO);
}

/* "\040" is a blank. */
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

/* Cut off the next word; "" at the end of the line. */
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

	mount->id = strtoul(next(&line), NULL, 10);
	next(&line); /* parent ID */
	number = next(&line);
	mount->dev = cxlf_text_devno(number);
	next(&line); /* root of the mount in the file system */
	mount->point = next(&line);
	if (!strchr(number, ':') || !*mount->point)
		return false;
	mount->group = mount->master = 0;
	while (*(word = next(&line)) && strcmp(word, "-") != 0) { /* any number of fields, then a dash */
		if (!strncmp(word, "shared:", 7))
			mount->group = strtoul(word + 7, NULL, 10);
		else if (!strncmp(word, "master:", 7))
			mount->master = strtoul(word + 7, NULL, 10);
	}
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

struct cover {
	const char *path;
	size_t len; /* of the mount point, without a slash at the end */
	bool is_local;
};

/* A later mount covers an earlier one. */
static void each_cover(void *arg, char *line)
{
	static const char *const types[] = {"tmpfs", "devtmpfs", "ramfs", "rootfs", "overlay", "btrfs", "zfs"};
	struct cover *cover = arg;
	struct cxlf_mount mount;
	size_t len;

	if (!cxlf_mountinfo_parse(line, &mount))
		return;
	len = strcmp(mount.point, "/") ? strlen(mount.point) : 0;
	if (len < cover->len || strncmp(cover->path, mount.point, len) != 0 || cover->path[len] != '/')
		return;
	cover->len = len;
	cover->is_local = major(mount.dev);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		cover->is_local |= !strcmp(mount.type, types[i]);
}

bool cxlf_mountinfo_is_local(int proc, const char *path)
{
	struct cover cover = {.path = path};

	return !cxlf_mountinfo_each(proc, "self/mountinfo", each_cover, &cover) && cover.is_local;
}
