/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The links to a block device that udev made below /dev/disk.
 */
#ifndef CXLF_DISCOVER_LINKS_H
#define CXLF_DISCOVER_LINKS_H

#include <stddef.h>
#include <sys/types.h>

struct cxlf_links {
	char **path; /* sorted, each once */
	size_t n;
};

/*
 * Add the /dev/disk/by-id links of block device `devno` from udev's database of the running system.
 * Returns 0, -ENOMEM, or -ENOENT if udev does not know the device.
 */
int cxlf_links_add(struct cxlf_links *links, dev_t devno);
void cxlf_links_free(struct cxlf_links *links);

#endif
