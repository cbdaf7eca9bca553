/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Swap space on a LUN's devices. A swap file is covered by the mount of its file system.
 */
#include "mountinfo.h"
#include "quote.h"
#include "search_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add(struct cxlf_search *search, unsigned device)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_SWAP, CXLF_ANSWER_USED, device);
	char text[340], quoted[4 * sizeof(text) + 8];

	cxlf_search_cause(search, use, "%s is swap space", cxlf_device_text(search, device, text, sizeof(text)));
	snprintf(text, sizeof(text), "/dev/%s", search->device[device].title);
	cxlf_search_fix(search, use, "swapoff %s", cxlf_quote(text, quoted, sizeof(quoted)));
}

static void each_swap(void *arg, char *line)
{
	struct cxlf_search *search = arg;
	char *type = strpbrk(line, " \t"), *node;
	unsigned device;
	int rc;

	if (!type || strncmp(type + strspn(type, " \t"), "partition", 9) != 0)
		return;
	node = cxlf_mountinfo_word(line);
	device = cxlf_stack_find_node(search, node, &rc);
	if (device != CXLF_NO_DEVICE)
		add(search, device);
	else if (rc && !*search->query->root)
		cxlf_search_blind(search, CXLF_CHECK_SWAP, rc, "the device of the swap space %s cannot be determined",
				  node);
}

void cxlf_find_swaps(struct cxlf_search *search)
{
	int rc = cxlf_mountinfo_each(search->proc, "swaps", each_swap, search);

	/* a kernel without swap has no such file */
	if (rc && (rc != -ENOENT || faccessat(search->proc, "filesystems", F_OK, 0)))
		cxlf_search_blind(search, CXLF_CHECK_SWAP, rc, "the list of swap space cannot be read");
}
