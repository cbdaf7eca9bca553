/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices built on a LUN: logical volumes, multipath maps, encrypted devices, md, bcache; and loop devices, which count
 * as exports because they do not claim the device.
 *
 * Each topmost device is an entry. Its fix removes it and the devices below that nothing else is built on, so the fixes
 * of all entries in order leave the disks free.
 */
#include "quote.h"
#include "scope.h"
#include "search_inside.h"
#include "sysfs.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { KIND_OTHER, KIND_DM, KIND_LVM, KIND_MULTIPATH, KIND_CRYPT, KIND_MD, KIND_BCACHE, KIND_LOOP };

static const struct {
	const char *words;
	const char *before, *after; /* the command that removes the device, around its name */
} kinds[] = {
	[KIND_OTHER] = {"the device", NULL, NULL},
	[KIND_DM] = {"the device-mapper device", "dmsetup remove ", ""},
	[KIND_LVM] = {"the logical volume", "lvchange -an ", ""},
	[KIND_MULTIPATH] = {"the multipath map", "multipath -f ", ""},
	[KIND_CRYPT] = {"the encrypted device", "cryptsetup close ", ""},
	[KIND_MD] = {"the RAID", "mdadm --stop /dev/", ""},
	[KIND_BCACHE] = {"the device", "echo 1 > /sys/block/", "/bcache/stop"},
	[KIND_LOOP] = {"the loop device", "losetup -d /dev/", ""},
};

#define DONE UINT_MAX

struct what {
	enum kind kind;
	char name[160]; /* "vg/lv", "mpatha", "md0" */
};

struct holders {
	struct cxlf_search *search;
	unsigned *n_above; /* for each device: the number of devices on it; DONE: in an entry or a fix */
};

/* "my--vg-lv" is my-vg/lv: hyphens within names are doubled. */
static void lvm_name(const char *dm, char *name, size_t size)
{
	size_t n = 0;
	bool has_slash = false;

	for (; *dm && n + 1 < size; dm++) {
		if (*dm == '-' && dm[1] == '-') {
			dm++;
			name[n++] = '-';
		} else if (*dm == '-' && !has_slash) {
			has_slash = true;
			name[n++] = '/';
		} else {
			name[n++] = *dm;
		}
	}
	name[n] = '\0';
}

/* A partition is removed with its disk, which may be an md device. */
static bool is_partition(const struct cxlf_search *search, const char *name)
{
	char file[96];

	snprintf(file, sizeof(file), "sys/class/block/%s/partition", name);
	return !faccessat(search->root, file, F_OK, 0);
}

static struct what identify(const struct cxlf_search *search, unsigned device)
{
	const struct cxlf_device *at = search->device + device;
	const char *name = strchr(at->title, '/');
	struct what what = {.kind = KIND_OTHER};
	char file[96], uuid[140] = "";

	snprintf(file, sizeof(file), "sys/class/block/%s/dm/uuid", at->name);
	cxlf_sysfs_read(search->root, file, uuid, sizeof(uuid));
	snprintf(what.name, sizeof(what.name), "%s", name ? name + 1 : at->name);
	if (!strncmp(uuid, "LVM-", 4)) {
		what.kind = KIND_LVM;
		lvm_name(name ? name + 1 : at->name, what.name, sizeof(what.name));
	} else if (!strncmp(uuid, "mpath-", 6)) {
		what.kind = KIND_MULTIPATH;
	} else if (!strncmp(uuid, "CRYPT-", 6)) {
		what.kind = KIND_CRYPT;
	} else if (is_partition(search, at->name)) {
		what.kind = KIND_OTHER;
	} else if (at->layer == CXLF_LAYER_LOOP) {
		what.kind = KIND_LOOP;
	} else if (name) {
		what.kind = KIND_DM;
	} else if (!strncmp(at->name, "md", 2)) {
		what.kind = KIND_MD;
	} else if (!strncmp(at->name, "bcache", 6)) {
		what.kind = KIND_BCACHE;
	}
	return what;
}

/* An LVM device below another one is removed with it. */
static bool goes_with_upper(const struct cxlf_search *search, unsigned device)
{
	for (size_t i = 0; i < search->n_edges; i++)
		if (search->edge[i].lower == device && identify(search, search->edge[i].upper).kind == KIND_LVM)
			return true;
	return false;
}

/* The command that removes one device, or "". */
static void command(const struct cxlf_search *search, unsigned device, char *text, size_t size)
{
	struct what what = identify(search, device);
	char quoted[4 * sizeof(what.name) + 8];
	const char *name = cxlf_quote(what.name, quoted, sizeof(quoted));

	*text = '\0';
	if (kinds[what.kind].before && (what.kind != KIND_LVM || !goes_with_upper(search, device)))
		snprintf(text, size, "%s%s%s", kinds[what.kind].before, name, kinds[what.kind].after);
}

/* Append the commands for this device and those below that nothing else is built on. */
static void add_removal(struct holders *holders, unsigned device, struct cxlf_use *use)
{
	struct cxlf_search *search = holders->search;
	char text[800];

	if (search->device[device].layer <= CXLF_LAYER_PARTITION)
		return;
	command(search, device, text, sizeof(text));
	if (*text && use->fix) {
		scoped_free char *before = strdup(use->fix);

		search->no_memory |= !before;
		cxlf_search_fix(search, use, "%s && %s", before ? before : "", text);
	} else if (*text) {
		cxlf_search_fix(search, use, "%s", text);
	}
	holders->n_above[device] = DONE;
	for (size_t i = 0; i < search->n_edges; i++) {
		unsigned *n_above = holders->n_above + search->edge[i].lower;

		if (search->edge[i].upper == device && *n_above != DONE && !--*n_above)
			add_removal(holders, search->edge[i].lower, use);
	}
}

static void add(struct holders *holders, unsigned device, bool has_fix)
{
	struct cxlf_search *search = holders->search;
	const struct cxlf_device *at = search->device + device;
	enum cxlf_check check = at->layer == CXLF_LAYER_LOOP ? CXLF_CHECK_EXPORT : CXLF_CHECK_HOLDER;
	struct cxlf_use *use = cxlf_search_add(search, check, CXLF_ANSWER_USED, device);
	struct what what = identify(search, device);

	cxlf_search_cause(search, use, "%s %s is built on /dev/%s", kinds[what.kind].words, what.name,
			  search->device[at->base].title);
	if (has_fix)
		add_removal(holders, device, use);
}

/* Devices below a loop device, and loop devices below others, belong to another check than the topmost device. */
static bool is_inner_use(const struct cxlf_search *search, unsigned device)
{
	if (search->device[device].layer == CXLF_LAYER_LOOP)
		return true;
	for (size_t i = 0; i < search->n_edges; i++)
		if (search->edge[i].lower == device &&
		    search->device[search->edge[i].upper].layer == CXLF_LAYER_STACKED)
			return false;
	return true;
}

/* A cycle, which only a forged sysfs has, has no topmost device: any of its devices is taken. */
static void find(struct holders *holders, const bool *is_top)
{
	const struct cxlf_search *search = holders->search;

	for (unsigned i = 0; i < search->n_devices; i++)
		if (is_top[i])
			add(holders, i, true);
	for (unsigned i = 0; i < search->n_devices; i++)
		if (search->device[i].layer > CXLF_LAYER_PARTITION && !is_top[i]) {
			if (holders->n_above[i] != DONE)
				add(holders, i, true);
			else if (is_inner_use(search, i))
				add(holders, i, false);
		}
}

void cxlf_find_holders(struct cxlf_search *search)
{
	scoped_free unsigned *n_above = calloc(search->n_devices + 1, sizeof(*n_above));
	scoped_free bool *is_top = calloc(search->n_devices + 1, sizeof(*is_top));
	struct holders holders = {search, n_above};

	if (!n_above || !is_top) {
		search->no_memory = true;
		return;
	}
	for (size_t i = 0; i < search->n_edges; i++)
		n_above[search->edge[i].lower]++;
	for (unsigned i = 0; i < search->n_devices; i++)
		is_top[i] = search->device[i].layer > CXLF_LAYER_PARTITION && !n_above[i];
	find(&holders, is_top);
}
