/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exclusive claims: what has the disk to itself keeps us from opening it exclusively, and the other way round.
 *
 * A claim on a whole disk conflicts with claims on its partitions. So where a disk is claimed, its partitions say
 * whether it is by what was found already. The file systems, swap, md and device mapper of the kernel all claim what
 * they use.
 */
#include "array.h"
#include "scope.h"
#include "search_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The fd, or -errno. */
static int claim(const struct cxlf_search *search, const struct cxlf_device *device)
{
	char node[60];
	struct stat st;

	snprintf(node, sizeof(node), "dev/%s", device->name);

	scoped_fd int fd = openat(search->root, node, O_RDONLY | O_EXCL | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	/* in a tree a plain file takes the node's place */
	if (!*search->query->root && (!S_ISBLK(st.st_mode) || st.st_rdev != device->dev))
		return -ENODEV;
	return cxlf_take_fd(&fd);
}

static int keep(struct cxlf_search *search, int fd)
{
	struct cxlf_uses *uses = search->uses;
	int *grown = cxlf_array_grow(uses->claim, &uses->claim_room, uses->n_claims, sizeof(*grown));

	search->no_memory |= !grown;
	if (!grown)
		return -1;
	uses->claim = grown;
	grown[uses->n_claims++] = fd;
	return 0;
}

static void add(struct cxlf_search *search, unsigned device)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_OPENER, CXLF_ANSWER_USED, device);

	cxlf_search_cause(search, use, "/dev/%s is claimed exclusively by another program or kernel driver",
			  search->device[device].title);
	cxlf_search_fix(search, use, "fuser -vk /dev/%s", search->device[device].title);
}

static void blind(struct cxlf_search *search, unsigned device, int rc)
{
	struct cxlf_use *use;

	if ((rc == -ENXIO || rc == -ENODEV) && search->device[device].layer == CXLF_LAYER_DISK) {
		char state[24];

		/* the kernel tests for claims first: on a path that does not run this means that there is none */
		if (rc == -ENXIO && !cxlf_path_runs(search, search->device[device].path, state, sizeof(state)) &&
		    *state)
			return;
	}
	use = cxlf_search_blind(search, CXLF_CHECK_OPENER, rc, "/dev/%s cannot be opened",
				search->device[device].title);
	if (use)
		use->path = search->device[device].path;
}

/* Whether a claim on one of the disk's partitions is what was in the way; those that nothing explains are entries. */
static bool look_at_partitions(struct cxlf_search *search, unsigned disk)
{
	bool is_claimed = false;

	for (size_t i = 0; i < search->n_edges; i++) {
		unsigned upper = search->edge[i].upper;

		if (search->edge[i].lower != disk || search->device[upper].layer != CXLF_LAYER_PARTITION)
			continue;

		scoped_fd int fd = claim(search, search->device + upper);

		is_claimed |= fd == -EBUSY;
		if (search->device[upper].explained)
			continue;
		if (fd == -EBUSY)
			add(search, upper);
		else if (fd < 0)
			blind(search, upper, fd);
	}
	return is_claimed;
}

static void look_at(struct cxlf_search *search, unsigned disk)
{
	scoped_fd int fd = claim(search, search->device + disk);

	if (fd >= 0) {
		if (search->query->claim && !keep(search, fd))
			cxlf_take_fd(&fd);
		return;
	}
	if (fd != -EBUSY)
		blind(search, disk, fd);
	else if (!search->device[disk].explained && !look_at_partitions(search, disk))
		add(search, disk);
}

void cxlf_find_claims(struct cxlf_search *search)
{
	if (!search->query->probe) {
		cxlf_search_blind(search, CXLF_CHECK_OPENER, 0,
				  "exclusive openers were not asked for, because that opens the disks");
		return;
	}
	for (unsigned i = 0; i < search->n_devices; i++)
		if (search->device[i].layer == CXLF_LAYER_DISK)
			look_at(search, i);
}
