/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading small files of sysfs and /proc below a directory fd: bounded, sanitised, never blocking.
 *
 * Their contents may come from a device or from a saved tree of unknown origin, so neither the size, the characters
 * nor the file type is trusted.
 */
#ifndef CXLF_SYSFS_H
#define CXLF_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Open a directory below `dir` (AT_FDCWD is fine) for openat(); the fd, or -errno. */
int cxlf_sysfs_opendir(int dir, const char *name);

/* Up to `size` bytes of a regular file, unchanged; the number of bytes, or -errno. */
ssize_t cxlf_sysfs_read_raw(int dir, const char *name, void *buf, size_t size);

/*
 * A text attribute: at most size - 1 bytes, cut at the first NUL or end of line, sanitised and trimmed.
 * The length, or -errno (then text is "").
 */
int cxlf_sysfs_read(int dir, const char *name, char *text, size_t size);

/* All lines of it; control characters other than the newline become '?'. The length, or -errno. */
int cxlf_sysfs_read_lines(int dir, const char *name, char *text, size_t size);

/*
 * Pass a file to `sink` in pieces of any length. 0, -EFBIG if it is longer than `max` bytes, or -errno.
 */
typedef void cxlf_sysfs_sink(void *arg, const char *text, size_t len);
int cxlf_sysfs_feed(int dir, const char *name, size_t max, cxlf_sysfs_sink *sink, void *arg);

/* An unsigned number, base 0 as in strtoul; 0 or -errno (-EINVAL: not a number). */
int cxlf_sysfs_read_u64(int dir, const char *name, uint64_t *value);
/* The same as an int; `fallback` if it cannot be read. */
int cxlf_sysfs_read_int(int dir, const char *name, int fallback);

/* In place: trim blanks at both ends, and replace what is not printable ASCII with '?'. */
void cxlf_text_sanitise(char *text);
/* Digits only (after 0x for base 16 or 0), the whole text; base 0, 10 or 16. False: no number, or overflow. */
bool cxlf_text_u64(const char *text, int base, uint64_t *value);

/* The first entry of a directory whose name starts with `prefix`, as in block/ and scsi_generic/; false if none. */
bool cxlf_sysfs_first_entry(int dir, const char *name, const char *prefix, char *entry, size_t size);

/*
 * Call `each` for every entry of the directory whose name does not start with a dot, in the kernel's order. Stops at
 * the first non-zero result and returns it; -errno if the directory cannot be read.
 */
typedef int cxlf_sysfs_each(void *arg, int dir, const char *name);
int cxlf_sysfs_for_each(int dir, const char *name, cxlf_sysfs_each *each, void *arg);

/* The device number from "8:16"; 0 if it is not valid. */
dev_t cxlf_text_devno(const char *text);

#endif
