/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exclusive claims: a disk that is claimed cannot be opened exclusively.
 *
 * The file systems, swap, md and device mapper of the kernel claim the devices that they use. A claim on a partition
 * also prevents a claim on the whole disk, so the partitions of a claimed disk are tried as well. A claim that belongs
 * to a known use gets no entry of its own.
 */
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
	/* a saved tree has plain files as nodes */
	if (!*search->query->root && (!S_ISBLK(st.st_mode) || st.st_rdev != device->dev))
		return -ENODEV;
	return cxlf_take_fd(&fd);
}

static void keep(struct cxlf_search *search, int *fd)
{
	struct cxlf_uses *uses = search->uses;
	int *kept = cxlf_search_grow(search, &uses->claim, &uses->n_claims, &uses->claim_room, sizeof(*kept));

	if (kept)
		*kept = cxlf_take_fd(fd);
}

static void add(struct cxlf_search *search, unsigned device)
{
	struct cxlf_use *use = cxlf_search_add(search, CXLF_CHECK_OPENER, CXLF_ANSWER_USED, device);

	cxlf_search_cause(search, use, "/dev/%s is claimed exclusively by another program or kernel driver",
			  search->device[device].title);
	cxlf_search_fix(search, use, "fuser -v /dev/%s", search->device[device].title);
}

static void blind(struct cxlf_search *search, unsigned device, int rc)
{
	const struct cxlf_device *at = search->device + device;
	char state[24];

	/* the kernel tests for claims first, so ENXIO from a path that is not running means that there is no claim */
	if (rc == -ENXIO && at->layer == CXLF_LAYER_DISK && !cxlf_path_runs(search, at->path, state, sizeof(state)) &&
	    *state)
		return;
	cxlf_search_blind(search, CXLF_CHECK_OPENER, rc, "/dev/%s cannot be opened", at->title)->path = at->path;
}

/* True if a partition of the disk is claimed; a claim without a known use gets an entry. */
static bool try_partitions(struct cxlf_search *search, unsigned disk)
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

static void try_disk(struct cxlf_search *search, unsigned disk)
{
	scoped_fd int fd = claim(search, search->device + disk);

	if (fd >= 0) {
		if (search->query->claim)
			keep(search, &fd);
		return;
	}
	if (fd != -EBUSY)
		blind(search, disk, fd);
	else if (!search->device[disk].explained && !try_partitions(search, disk))
		add(search, disk);
}

void cxlf_find_claims(struct cxlf_search *search)
{
	if (!search->query->probe) {
		cxlf_search_blind(search, CXLF_CHECK_OPENER, 0,
				  "exclusive openers were not searched for, because this requires opening the disks");
		return;
	}
	for (unsigned i = 0; i < search->n_devices; i++)
		if (search->device[i].layer == CXLF_LAYER_DISK)
			try_disk(search, i);
}
