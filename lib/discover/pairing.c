/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which cxlflashN belongs to which SCSI host: worked out from the order of their making.
 *
 * The driver registers its character device without a parent, so sysfs has no link between the two. What
 * there is: probing an adapter creates its SCSI host first and its character device next, removing one takes
 * the character device away first, and kernfs (since Linux 4.14) numbers its inodes in order of creation.
 * So walk both kinds of directory by inode number. When a character device was made while exactly one of
 * the hosts before it had none yet, it can only be that host's: all earlier ones have theirs, later ones did
 * not exist, and a host that is gone by now took its character device along. Where probes ran side by side
 * (host, host, node, node) that whole group stays unknown, and the walk is certain again once every host of
 * the group has had a node. A node before any host means that the numbers are not what we think they are:
 * then nothing is known. So it is for a saved tree, whose inode numbers are those of the copy.
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

static bool orderly(const struct event *event, unsigned n)
{
	for (unsigned i = 1; i < n; i++)
		if (event[i].order == event[i - 1].order)
			return false;
	return true;
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
		if (!waiting)
			return;
		if (waiting == 1 && !mixed)
			node_of[last_host] = node[event[i].index].number;
		waiting--;
		mixed = waiting > 0;
	}
}

static void forget(unsigned n_hosts, unsigned *node_of)
{
	for (unsigned i = 0; i < n_hosts; i++)
		node_of[i] = UINT_MAX;
}

/* More nodes so far than hosts: an inode order that no driver makes. */
static bool possible(const struct event *event, unsigned n)
{
	unsigned waiting = 0;

	for (unsigned i = 0; i < n; i++) {
		if (event[i].is_node && !waiting)
			return false;
		waiting += event[i].is_node ? -1u : 1u;
	}
	return true;
}

int cxlf_pair_nodes(const struct cxlf_birth *host, unsigned n_hosts, const struct cxlf_birth *node, unsigned n_nodes,
		    bool order_known, unsigned *node_of)
{
	unsigned n = n_hosts + n_nodes;

	forget(n_hosts, node_of);
	if (!n_hosts || !n_nodes)
		return 0;
	if (n_hosts == 1 && n_nodes == 1) {
		node_of[0] = node[0].number;
		return 0;
	}
	if (!order_known)
		return 0;

	scoped_free struct event *event = calloc(n, sizeof(*event));

	if (!event)
		return -ENOMEM;
	for (unsigned i = 0; i < n_hosts; i++)
		event[i] = (struct event){host[i].order, i, false};
	for (unsigned i = 0; i < n_nodes; i++)
		event[n_hosts + i] = (struct event){node[i].order, i, true};
	qsort(event, n, sizeof(*event), by_order);
	if (orderly(event, n) && possible(event, n))
		walk(event, n, node, node_of);
	return 0;
}
