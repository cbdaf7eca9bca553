/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which cxlflashN belongs to which SCSI host: worked out from the order of their making.
 */
#ifndef CXLF_DISCOVER_PAIRING_H
#define CXLF_DISCOVER_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

struct cxlf_birth {
	unsigned number; /* of hostN or cxlflashN */
	uint64_t order;	 /* grows with time of creation; never twice the same */
};

/*
 * Fill node_of[i] with the number of the node of host[i], UINT_MAX where it is not certain. With
 * `order_known` false the order fields are not looked at. Returns -ENOMEM or 0.
 */
int cxlf_pair_nodes(const struct cxlf_birth *host, unsigned n_hosts, const struct cxlf_birth *node, unsigned n_nodes,
		    bool order_known, unsigned *node_of);

#endif
