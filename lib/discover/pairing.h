/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which cxlflashN belongs to which SCSI host, derived from their order of creation.
 */
#ifndef CXLF_DISCOVER_PAIRING_H
#define CXLF_DISCOVER_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

struct cxlf_birth {
	unsigned number; /* of hostN or cxlflashN */
	uint64_t order;	 /* increases with the time of creation; unique */
};

/*
 * Set node_of[i] to the number of the node of host[i], or UINT_MAX where it is not certain. Without `order_known` the
 * order fields are ignored. Returns -ENOMEM or 0.
 */
int cxlf_pair_nodes(const struct cxlf_birth *host, unsigned n_hosts, const struct cxlf_birth *node, unsigned n_nodes,
		    bool order_known, unsigned *node_of);

#endif
