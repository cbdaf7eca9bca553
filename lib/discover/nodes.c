/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The adapters' character devices: collects the creation order of hosts and nodes for pairing.c.
 */
#include "array.h"
#include "pairing.h"
#include "scan.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct nodes {
	struct cxlf_birth *birth;
	unsigned n;
	size_t room;
};

static void free_nodes(struct nodes *nodes)
{
	free(nodes->birth);
}

static uint64_t birth_order(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, 0) ? 0 : (uint64_t)st.st_ino;
}

static int add_node(void *arg, int dir, const char *name)
{
	struct nodes *nodes = arg;
	uint64_t number;

	if (strncmp(name, "cxlflash", 8) || !cxlf_text_u64(name + 8, 10, &number) || number > 0xffff)
		return 0;
	if (!CXLF_ARRAY_ROOM(nodes->birth, &nodes->room, nodes->n))
		return -ENOMEM;
	nodes->birth[nodes->n++] = (struct cxlf_birth){(unsigned)number, birth_order(dir, name)};
	return 0;
}

/* Since Linux 4.14 inode numbers are in the order of creation; before that, freed ones were reused. */
static bool order_known(const struct cxlf_scan *scan)
{
	struct utsname kernel;
	unsigned major = 0, minor = 0;

	return !scan->saved && !uname(&kernel) && sscanf(kernel.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 4 || (major == 4 && minor >= 14));
}

int cxlf_scan_nodes(struct cxlf_scan *scan)
{
	__attribute__((cleanup(free_nodes))) struct nodes nodes = {0};
	struct cxlf_topology *topology = scan->topology;

	if (!topology->n_adapters || cxlf_sysfs_for_each(scan->root, "sys/class/cxlflash", add_node, &nodes) == -ENOMEM)
		return topology->n_adapters ? -ENOMEM : 0;

	scoped_free struct cxlf_birth *host = calloc(topology->n_adapters, sizeof(*host));
	scoped_free unsigned *node_of = calloc(topology->n_adapters, sizeof(*node_of));

	if (!host || !node_of)
		return -ENOMEM;
	for (unsigned i = 0; i < topology->n_adapters; i++)
		host[i] = (struct cxlf_birth){topology->adapter[i].host, birth_order(scan->place[i].host, ".")};
	if (cxlf_pair_nodes(host, topology->n_adapters, nodes.birth, nodes.n, order_known(scan), node_of))
		return -ENOMEM;
	for (unsigned i = 0; i < topology->n_adapters; i++)
		if (node_of[i] != UINT_MAX)
			snprintf(topology->adapter[i].chardev, sizeof(topology->adapter[i].chardev), "cxlflash%u",
				 node_of[i]);
	return 0;
}
