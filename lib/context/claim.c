/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exclusive claims on the disks of LUNs in which a context has handles: the driver allows mounts in superpipe mode as
 * well. Only one process can have the claim on a disk, and every context of the LUN tries to have it.
 */
#include "clock.h"
#include "context_inside.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SCAN_MS 300000 /* for paths that are new */

static uint64_t luns_with_handles(const struct cxlf_context *context)
{
	uint64_t luns = 0;

	for (unsigned i = 0; i < context->n_handles; i++)
		luns |= 1ull << context->handle[i].lun;
	return luns;
}
_Static_assert(CXLF_CONTEXT_LUNS <= 64, "one bit each");

static void unclaim(struct cxlf_context *context)
{
	while (context->n_claims)
		if (context->claim[--context->n_claims].fd >= 0)
			close(context->claim[context->n_claims].fd);
	free(context->claim);
	context->claim = NULL;
	context->claimed_luns = 0;
}

static bool is_wanted(const struct cxlf_context *context, const struct cxlf_topology *topology,
		      const struct cxlf_path *path)
{
	/* opening the disk of another adapter could block */
	if (!path->sd_dev || !path->has_wwid || topology->adapter[path->adapter].afu_state != CXLF_AFU_READY)
		return false;
	for (unsigned i = 0; i < context->n_luns; i++)
		if (context->claimed_luns >> i & 1 && cxlf_wwid_equal(&context->lun[i].wwid, &path->wwid))
			return true;
	return false;
}

static int take_over(struct cxlf_claim *old, unsigned n, dev_t dev)
{
	for (unsigned i = 0; i < n; i++)
		if (old[i].dev == dev)
			return cxlf_take_fd(&old[i].fd);
	return -1;
}

/* The disks of all paths, also those on other adapters and those that are in legacy mode. */
static void find_disks(struct cxlf_context *context)
{
	struct cxlf_topology topology = {0};
	struct cxlf_claim *claim;
	struct cxlf_err ignored;
	unsigned n = 0;

	if (cxlf_discover("", CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_AFU_STATE, &topology, &ignored))
		return;
	claim = calloc(topology.n_paths + 1, sizeof(*claim));
	for (unsigned i = 0; claim && i < topology.n_paths; i++) {
		const struct cxlf_path *path = topology.path + i;

		if (!is_wanted(context, &topology, path))
			continue;
		claim[n] = (struct cxlf_claim){.dev = path->sd_dev,
					       .fd = take_over(context->claim, context->n_claims, path->sd_dev)};
		snprintf(claim[n++].node, sizeof(claim->node), "/dev/%s", path->sd);
	}
	cxlf_topology_free(&topology);
	if (!claim)
		return;
	for (unsigned i = 0; i < context->n_claims; i++)
		if (context->claim[i].fd >= 0)
			close(context->claim[i].fd);
	free(context->claim);
	context->claim = claim;
	context->n_claims = n;
}

static bool take(struct cxlf_claim *claim)
{
	struct stat st;
	scoped_fd int fd = -1;

	if (claim->fd >= 0)
		return true;
	/* the kernel tests for other claims before it does anything with the disk */
	fd = open(claim->node, O_RDONLY | O_EXCL | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && !fstat(fd, &st) && S_ISBLK(st.st_mode) && st.st_rdev == claim->dev)
		claim->fd = cxlf_take_fd(&fd);
	return claim->fd >= 0;
}

bool cxlf_context_claim(struct cxlf_context *context)
{
	uint64_t luns = context->state == CXLF_CONTEXT_FAILED ? 0 : luns_with_handles(context);
	bool all = true;

	if (!luns) {
		unclaim(context);
		return true;
	}
	if (!cxlf_context_alive(context))
		return true; /* not while the adapter may block */
	if (luns != context->claimed_luns || cxlf_now_ms() >= context->next_scan) {
		context->claimed_luns = luns;
		context->next_scan = cxlf_now_ms() + SCAN_MS;
		find_disks(context);
	}
	for (unsigned i = 0; i < context->n_claims; i++)
		all &= take(context->claim + i);
	return all;
}

/* The close of the adapter fd detaches every LUN and frees every handle, in any state of the adapter. */
void cxlf_context_release_all(struct cxlf_context *context)
{
	cxlf_context_unmap(context);
	unclaim(context);
	if (context->adapter_fd >= 0)
		close(context->adapter_fd);
	context->adapter_fd = -1;
	for (unsigned i = 0; i < context->n_luns; i++)
		cxlf_context_close_paths(context, i);
}
