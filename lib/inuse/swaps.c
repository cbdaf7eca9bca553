/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Swap space on a LUN's devices. A swap file is found with the mount of its file system.
 */
#include "mountinfo.h"
#include "quote.h"
#include "scope.h"
#include "search_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static void add(struct cxlf_search *search, unsigned device)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_SWAP, CXLF_ANSWER_USED, device);
	char text[340], quoted[4 * sizeof(text) + 8];

	cxlf_search_cause(search, use, "%s is swap space", cxlf_device_text(search, device, text, sizeof(text)));
	snprintf(text, sizeof(text), "/dev/%s", search->device[device].title);
	cxlf_search_fix(search, use, "swapoff %s", cxlf_quote(text, quoted, sizeof(quoted)));
}

static void look_at(struct cxlf_search *search, char *line)
{
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
		cxlf_search_blind(search, CXLF_CHECK_SWAP, rc, "it is not known which device the swap space %s is",
				  node);
}

void cxlf_find_swaps(struct cxlf_search *search)
{
	scoped_fd int fd = openat(search->proc, "swaps", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	scoped_file FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	scoped_free char *line = NULL;
	size_t room = 0;
	int rc = -errno;

	if (!file) {
		/* a kernel without swap has no such file */
		if (rc != -ENOENT || faccessat(search->proc, "filesystems", F_OK, 0))
			cxlf_search_blind(search, CXLF_CHECK_SWAP, rc, "the list of swap space cannot be read");
		return;
	}
	fd = -1; /* the stream's */
	while (getline(&line, &room, file) > 0)
		look_at(search, line);
	if (ferror(file))
		cxlf_search_blind(search, CXLF_CHECK_SWAP, -EIO, "the list of swap space cannot be read");
}
