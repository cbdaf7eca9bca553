/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LUNs from paths: paths with the same WWID lead to the same LUN, whatever their port and adapter.
 */
#include "scan.h"
#include "scope.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MODE_LEGACY = 1u << CXLF_MODE_LEGACY, MODE_SUPERPIPE = 1u << CXLF_MODE_SUPERPIPE };

struct key {
	struct cxlf_wwid wwid;
	unsigned path;
};

static int by_wwid(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int order = memcmp(x->wwid.byte, y->wwid.byte, CXLF_WWID_LEN);

	return order ? order : (x->path > y->path) - (x->path < y->path);
}

void cxlf_lun_join_modes(const struct cxlf_topology *topology, struct cxlf_lun *lun)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < lun->n_paths; i++)
		seen |= 1u << topology->path[lun->path[i]].mode;
	lun->mode = (seen & MODE_LEGACY) && (seen & MODE_SUPERPIPE) ? CXLF_MODE_MIXED
		    : seen == MODE_LEGACY			    ? CXLF_MODE_LEGACY
		    : seen == MODE_SUPERPIPE			    ? CXLF_MODE_SUPERPIPE
								    : CXLF_MODE_UNKNOWN;
}

static void add_path(struct cxlf_lun *lun, struct cxlf_topology *topology, unsigned lun_index, unsigned index)
{
	struct cxlf_path *path = topology->path + index;
	bool first = !lun->n_paths;

	if (!lun->size_bytes)
		lun->size_bytes = path->size_bytes;
	if (!lun->block_bytes)
		lun->block_bytes = path->block_bytes;
	if (first || topology->path[lun->path[lun->n_paths - 1]].adapter != path->adapter)
		lun->n_adapters++;
	lun->path[lun->n_paths++] = index;
	path->lun_index = lun_index;
}

static unsigned collect_keys(const struct cxlf_topology *topology, struct key *key)
{
	unsigned n = 0;

	for (unsigned i = 0; i < topology->n_paths; i++)
		if (topology->path[i].has_wwid)
			key[n++] = (struct key){topology->path[i].wwid, i};
	return n;
}

int cxlf_scan_luns(struct cxlf_scan *scan)
{
	struct cxlf_topology *topology = scan->topology;
	scoped_free struct key *key = calloc(topology->n_paths + 1, sizeof(*key));

	if (!key)
		return cxlf_fail_sys(scan->err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the LUNs");

	unsigned n = collect_keys(topology, key);

	if (scan->want & CXLF_WANT_WWID)
		topology->n_without_identity = topology->n_paths - n;
	if (!n)
		return 0;
	qsort(key, n, sizeof(*key), by_wwid);

	unsigned *block = calloc(n, sizeof(*block)); /* the path lists of all LUNs */

	topology->lun = calloc(n, sizeof(*topology->lun));
	if (!block || !topology->lun) {
		free(block);
		return cxlf_fail_sys(scan->err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the LUNs");
	}
	for (unsigned i = 0; i < n; i++) {
		if (!i || !cxlf_wwid_equal(&key[i].wwid, &key[i - 1].wwid))
			topology->lun[topology->n_luns++] = (struct cxlf_lun){.wwid = key[i].wwid, .path = block + i};
		add_path(topology->lun + topology->n_luns - 1, topology, topology->n_luns - 1, key[i].path);
	}
	for (unsigned i = 0; i < topology->n_luns; i++)
		cxlf_lun_join_modes(topology, topology->lun + i);
	return 0;
}
