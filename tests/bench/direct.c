/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * direct DEVICE N: make the driver's resize request N times in a loop, as a lower limit for the resize command. The LUN
 * is in superpipe mode. Prints the microseconds of one request.
 */
#include "cxlflash_abi.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>

#define CHUNK (1ull << 16) /* 256 MiB in blocks of 4 KiB */

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	struct dk_cxlflash_attach attach = {.hdr.flags = O_RDWR, .num_interrupts = 4};
	struct dk_cxlflash_uvirtual open_virtual = {.lun_size = CHUNK};
	int fd = argc > 2 ? open(argv[1], O_RDWR) : -1, n = argc > 2 ? atoi(argv[2]) : 0;

	if (fd < 0 || ioctl(fd, DK_CXLFLASH_ATTACH, &attach)) {
		perror("attach");
		return 1;
	}
	open_virtual.context_id = attach.context_id;
	if (ioctl(fd, DK_CXLFLASH_USER_VIRTUAL, &open_virtual)) {
		perror("virtual");
		return 1;
	}

	double begin = now_us();

	for (int i = 0; i < n; i++) {
		struct dk_cxlflash_resize resize = {.context_id = attach.context_id,
						    .rsrc_handle = open_virtual.rsrc_handle,
						    .req_size = i % 2 ? CHUNK : 2 * CHUNK};

		if (ioctl(fd, DK_CXLFLASH_VLUN_RESIZE, &resize)) {
			perror("resize");
			return 1;
		}
	}
	printf("%.0f\n", (now_us() - begin) / n);
	return 0;
}
