/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch enable|disable SG...: the lower limit for manage-lun. For each path: open the node, ask for page 0x83, take
 * the identity from it, make the request, close. Nothing is checked.
 */
#include "cxlflash_abi.h"

#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The designator of 16 bytes, NAA type 6; false: none. */
static int identity(int fd, unsigned char *wwid)
{
	unsigned char inquiry[6] = {0x12, 1, 0x83, 0, 252}, page[252] = {0}, sense[32];
	struct sg_io_hdr io = {.interface_id = 'S',
			       .dxfer_direction = SG_DXFER_FROM_DEV,
			       .cmd_len = sizeof(inquiry),
			       .cmdp = inquiry,
			       .dxfer_len = sizeof(page),
			       .dxferp = page,
			       .mx_sb_len = sizeof(sense),
			       .sbp = sense,
			       .timeout = 10000};

	if (ioctl(fd, SG_IO, &io) || io.status)
		return 0;
	for (unsigned at = 4; at + 20 <= sizeof(page) && at < 4u + page[3]; at += 4u + page[at + 3])
		if ((page[at + 1] & 0x3f) == 3 && page[at + 3] == 16) {
			memcpy(wwid, page + at + 4, 16);
			return 1;
		}
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		struct dk_cxlflash_manage_lun manage = {
			.hdr.flags = !strcmp(argv[1], "enable") ? DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE
								: DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE};
		int fd = open(argv[i], O_RDWR);

		if (fd < 0 || !identity(fd, manage.wwid) || ioctl(fd, DK_CXLFLASH_MANAGE_LUN, &manage)) {
			perror(argv[i]);
			return 1;
		}
		close(fd);
	}
	return 0;
}
