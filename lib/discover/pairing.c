/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which cxlflashN belongs to which SCSI host, derived from their order of creation.
 *
 * The driver registers its character device without a parent, so sysfs does not link the two. But probing an adapter
 * creates first its SCSI host and then its character device, removal deletes first the character device, and kernfs
 * (since Linux 4.14) numbers its inodes in order of creation.
 *
 * So both kinds of directory are walked in the order of their inode numbers. If exactly one host without a node
 * precedes a node, the node belongs to that host: earlier hosts have theirs, later ones did not exist, and a host that
 * was removed took its node along. If probes ran in parallel (host, host, node, node), that group stays unknown, and
 * the walk is certain again once every host of the group has had a node. A node before any host means that the numbers
 * are not in order of creation, as in a saved tree, which has the inode numbers of the copy; then nothing is known.
 */
#include "pairing.h"
#include "scope.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

struct event {
	uint64_t order;
	unsigned index; /* of the host or node */
	bool is_node;
};

static int by_order(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static void walk(const struct event *event, unsigned n, const struct cxlf_birth *node, unsigned *node_of)
{
	unsigned waiting = 0, last_host = 0;
	bool mixed = false; /* some of the waiting hosts may already have had their node */

	for (unsigned i = 0; i < n; i++) {
		if (!event[i].is_node) {
			waiting++;
			last_host = event[i].index;
			continue;
		}
		if (waiting == 1 && !mixed)
			node_of[last_host] = node[event[i].index].number;
		waiting--;
		mixed = waiting > 0;
	}
}

/* Each order once, and never more nodes than hosts: the driver makes no other order. */
static bool is_possible(const struct event *event, unsigned n)
{
	unsigned waiting = 0;

	for (unsigned i = 0; i < n; i++) {
		if ((event[i].is_node && !waiting) || (i && event[i].order == event[i - 1].order))
			return false;
		waiting += event[i].is_node ? -1u : 1u;
	}
	return true;
}

int cxlf_pair_nodes(const struct cxlf_birth *host, unsigned n_hosts, const struct cxlf_birth *node, unsigned n_nodes,
		    bool order_known, unsigned *node_of)
{
	unsigned n = n_hosts + n_nodes;

	for (unsigned i = 0; i < n_hosts; i++)
		node_of[i] = UINT_MAX;
	if (n_hosts == 1 && n_nodes == 1)
		node_of[0] = node[0].number;
	if (!n_hosts || !n_nodes || !order_known || n == 2)
		return 0;

	scoped_free struct event *event = calloc(n, sizeof(*event));

	if (!event)
		return -ENOMEM;
	for (unsigned i = 0; i < n_hosts; i++)
		event[i] = (struct event){host[i].order, i, false};
	for (unsigned i = 0; i < n_nodes; i++)
		event[n_hosts + i] = (struct event){node[i].order, i, true};
	qsort(event, n, sizeof(*event), by_order);
	if (is_possible(event, n))
		walk(event, n, node, node_of);
	return 0;
}
