/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a process has a file open, from /proc/PID/fdinfo.
 */
#ifndef CXLF_INUSE_FDINFO_H
#define CXLF_INUSE_FDINFO_H

#include <stdbool.h>

/* Parse "flags:" of fdinfo (proc(5)); false: not found or not valid. */
bool cxlf_fdinfo_flags(const char *text, unsigned long *flags);
/*
 * Whether the file is open for writing; with `any`, for anything except O_PATH. `dir` is /proc/PID. 0, also if the file
 * was closed meanwhile, or -errno.
 */
int cxlf_fdinfo_writes(int dir, const char *fd, bool any, bool *writes);

#endif
