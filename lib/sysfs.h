/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading small files of sysfs and /proc below a directory fd: bounded, sanitised, never blocking.
 *
 * What stands in them may come from a device or from a stranger's saved tree, so nothing is trusted: not
 * the size, not the characters, not that it is a file at all.
 */
#ifndef CXLF_SYSFS_H
#define CXLF_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Open a directory below `dir` (AT_FDCWD is fine) for openat(); the fd, or -errno. */
int cxlf_sysfs_opendir(int dir, const char *name);

/* Up to `size` bytes of a regular file as they stand; the number of bytes, or -errno. */
ssize_t cxlf_sysfs_read_raw(int dir, const char *name, void *buf, size_t size);

/*
 * A text attribute: at most size - 1 bytes, cut at the first NUL or end of line, sanitised and trimmed.
 * The length, or -errno (then text is "").
 */
int cxlf_sysfs_read(int dir, const char *name, char *text, size_t size);

/* The whole of it, lines kept (other control characters become '?'). The length, or -errno. */
int cxlf_sysfs_read_lines(int dir, const char *name, char *text, size_t size);

/*
 * A file of any length, piece by piece as it comes (a word may be cut anywhere). 0, -EFBIG if it is longer than `max`
 * bytes, or -errno.
 */
typedef void cxlf_sysfs_sink(void *arg, const char *text, size_t len);
int cxlf_sysfs_feed(int dir, const char *name, size_t max, cxlf_sysfs_sink *sink, void *arg);

/* An unsigned number, base 0 as in strtoul; 0 or -errno (-EINVAL: no number). */
int cxlf_sysfs_read_u64(int dir, const char *name, uint64_t *value);
/* As above for a small signed one: `fallback` if it cannot be read. */
int cxlf_sysfs_read_int(int dir, const char *name, int fallback);

/* Everything that is not printable ASCII becomes '?', blanks at both ends go. In place. */
void cxlf_text_sanitise(char *text);
/* Digits only (after 0x for base 16 or 0), the whole text, no overflow; base 0, 10 or 16. */
bool cxlf_text_u64(const char *text, int base, uint64_t *value);

/* First entry of a directory whose name starts with `prefix`; false if none. For block/ and scsi_generic/. */
bool cxlf_sysfs_first_entry(int dir, const char *name, const char *prefix, char *entry, size_t size);

/*
 * Call `each` for every entry of the directory but dot ones; stops at its first non-zero answer and returns
 * it; -errno if the directory cannot be read. Order is the kernel's.
 */
typedef int cxlf_sysfs_each(void *arg, int dir, const char *name);
int cxlf_sysfs_for_each(int dir, const char *name, cxlf_sysfs_each *each, void *arg);

/* "8:16" into a device number; 0 if it is not one. */
dev_t cxlf_text_devno(const char *text);

#endif
