/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fill DEVICE: use up the LUN table of the port that the path DEVICE (in legacy mode) goes through. Each LUN that is
 * opened virtually takes a slot, and the driver does not reuse one. Prints the number of slots that were free.
 */
#include "cxlflash_abi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int manage(int fd, unsigned long long flags)
{
	struct dk_cxlflash_manage_lun manage = {.hdr.flags = flags, .wwid = {0x60, 'f', 'i', 'l', 'l'}};

	return ioctl(fd, DK_CXLFLASH_MANAGE_LUN, &manage);
}

/* 0, or the errno. */
static int take_slot(int fd)
{
	struct dk_cxlflash_attach attach = {.hdr.flags = O_RDWR, .num_interrupts = 1};
	struct dk_cxlflash_uvirtual open = {0};
	int rc;

	if (manage(fd, DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE) || ioctl(fd, DK_CXLFLASH_ATTACH, &attach))
		return errno;
	open.context_id = attach.context_id;

	struct dk_cxlflash_detach detach = {.context_id = attach.context_id};

	rc = ioctl(fd, DK_CXLFLASH_USER_VIRTUAL, &open) ? errno : 0;
	if (!rc) {
		struct dk_cxlflash_release release = {.context_id = attach.context_id, .rsrc_handle = open.rsrc_handle};

		rc = ioctl(fd, DK_CXLFLASH_RELEASE, &release) ? errno : 0;
	}
	ioctl(fd, DK_CXLFLASH_DETACH, &detach);
	close((int)attach.adap_fd);
	return manage(fd, DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE) ? errno : rc;
}

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDWR) : -1, n = 0, rc = fd < 0 ? EINVAL : 0;

	for (; !rc && n < 1024; n++)
		rc = take_slot(fd);
	printf("%d\n", n - 1);
	return rc != ENOSPC;
}
