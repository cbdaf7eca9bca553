/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links below /dev/disk/by-id, from udev's database. All paths of a LUN claim the same link, and udev assigns it to one
 * of them, so the LUN's links are the union over its paths.
 */
#include "links.h"

#include <errno.h>
#include <libudev.h>
#include <stdlib.h>
#include <string.h>

#define BY_ID "/dev/disk/by-id/"

static int insert(struct cxlf_links *links, const char *path)
{
	size_t at = 0;
	char **more, *copy;

	while (at < links->n && strcmp(links->path[at], path) < 0)
		at++;
	if (at < links->n && !strcmp(links->path[at], path))
		return 0;
	copy = strdup(path);
	more = copy ? reallocarray(links->path, links->n + 1, sizeof(*more)) : NULL;
	if (!more) {
		free(copy);
		return -ENOMEM;
	}
	links->path = more;
	memmove(more + at + 1, more + at, (links->n - at) * sizeof(*more));
	more[at] = copy;
	links->n++;
	return 0;
}

static int add_from(struct cxlf_links *links, struct udev_device *device)
{
	struct udev_list_entry *entry;
	int rc = 0;

	udev_list_entry_foreach(entry, udev_device_get_devlinks_list_entry(device))
	{
		const char *path = udev_list_entry_get_name(entry);

		if (!rc && !strncmp(path, BY_ID, strlen(BY_ID)))
			rc = insert(links, path);
	}
	return rc;
}

int cxlf_links_add(struct cxlf_links *links, dev_t devno)
{
	struct udev *udev = udev_new();
	struct udev_device *device = udev ? udev_device_new_from_devnum(udev, 'b', devno) : NULL;
	int rc = device ? add_from(links, device) : -ENOENT;

	udev_device_unref(device);
	udev_unref(udev);
	return rc;
}

void cxlf_links_free(struct cxlf_links *links)
{
	for (size_t i = 0; i < links->n; i++)
		free(links->path[i]);
	free(links->path);
	*links = (struct cxlf_links){0};
}
