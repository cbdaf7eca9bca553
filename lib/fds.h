/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keeps file descriptors 0 to 2 open, so that no file opened later gets the number of stdout.
 */
#ifndef CXLF_FDS_H
#define CXLF_FDS_H

#include <fcntl.h>

/* Open /dev/null in place of closed ones, such that reading or writing still fails. Call it first in main. */
static inline void cxlf_fds_open(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			return;
}

#endif
