// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hold DEVICE [context|handle]: a program as the suite's users have them: it attaches a context through a path
 * in superpipe mode, opens a physical handle unless told not to, says "ready", and keeps both until it is killed.
 */
#include "cxlflash_abi.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct dk_cxlflash_attach attach = {.hdr.flags = O_RDWR, .num_interrupts = 4};
	struct dk_cxlflash_udirect direct = {0};
	int fd = argc > 1 ? open(argv[1], O_RDWR) : -1;

	if (fd < 0 || ioctl(fd, DK_CXLFLASH_ATTACH, &attach)) {
		perror("hold: attach");
		return 1;
	}
	direct.context_id = attach.context_id;
	if ((argc < 3 || strcmp(argv[2], "context")) && ioctl(fd, DK_CXLFLASH_USER_DIRECT, &direct)) {
		perror("hold: handle");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
