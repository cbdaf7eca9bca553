/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashN and hosts: known if the order of creation is unambiguous, otherwise unknown.
 */
#include "discover/pairing.h"
#include "unit.h"

#include <limits.h>
#include <stdlib.h>

/*
 * "h2 c0 h3 c1" is the order of creation. The answer is "2=0 3=1", "?" for unknown.
 */
static void pairs(const char *order, bool known, const char *want, const char *says)
{
	struct cxlf_birth host[8] = {{0}}, node[8] = {{0}};
	unsigned n_hosts = 0, n_nodes = 0, node_of[8];
	char got[80] = "";
	uint64_t at = 100;

	for (const char *c = order; *c; c += strcspn(c, " "), c += strspn(c, " ")) {
		struct cxlf_birth one = {(unsigned)atoi(c + 1), *c == '=' ? at : ++at};

		if (*c == 'c')
			node[n_nodes++] = one;
		else
			host[n_hosts++] = one;
	}
	cxlf_pair_nodes(host, n_hosts, node, n_nodes, known, node_of);
	for (unsigned i = 0; i < n_hosts; i++) {
		size_t len = strlen(got);

		if (node_of[i] == UINT_MAX)
			snprintf(got + len, sizeof(got) - len, "%s%u=?", i ? " " : "", host[i].number);
		else
			snprintf(got + len, sizeof(got) - len, "%s%u=%u", i ? " " : "", host[i].number, node_of[i]);
	}
	is_text(got, want, says);
}

int main(void)
{
	pairs("h2 c0", true, "2=0", "one host and one node");
	pairs("c0 h2", false, "2=0", "one host and one node, without an order");
	pairs("h2 c0 h3 c1", true, "2=0 3=1", "probed one after the other");
	pairs("h2 c0 h3 c1", false, "2=? 3=?", "the inode numbers of a saved tree are not used");
	pairs("h3 c1 h2 c0", true, "3=1 2=0", "bound again in another order");
	pairs("h2 h3 c0 c1", true, "2=? 3=?", "probed concurrently");
	pairs("h2 c0 h3 h4 c1 c2 h5 c3", true, "2=0 3=? 4=? 5=3", "two of four probed concurrently");
	pairs("h2 h3 c0 h4 c1 c2", true, "2=? 3=? 4=?", "a third host joins an ambiguous group");
	pairs("h2 h3 c0 c1 h4 c2", true, "2=? 3=? 4=2", "known again after the ambiguous group is complete");
	pairs("h2 h3 c0", true, "2=? 3=?", "two hosts, one node");
	pairs("h2 c0 h3", true, "2=0 3=?", "the second is still being probed");
	pairs("h2", true, "2=?", "no nodes (before Linux 4.13)");
	pairs("c0 h2 c1 h3", true, "2=? 3=?", "a node before any host: the order is unexpected");
	pairs("h2 c0 c1 h3", true, "2=? 3=?", "two nodes after one host: the order is unexpected");
	pairs("h2 c0 =3 c1", true, "2=? 3=?", "two objects of the same age");
	return done();
}
