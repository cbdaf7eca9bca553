/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File descriptors 0 to 2 are open before anything else is: what is opened later must not get the number of stdout.
 */
#ifndef CXLF_FDS_H
#define CXLF_FDS_H

#include <fcntl.h>

/* Open /dev/null for those that are closed, so that reading and writing still fail. First thing in main. */
static inline void cxlf_fds_open(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			return;
}

#endif
