/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses each LUN, for listings: mounts, swap, stacked devices, and contexts held on this machine.
 */
#include "users.h"
#include "holder/holder.h"

#include <errno.h>
#include <string.h>

#define HOLDER_MS 200

static int add_context(const struct cxlf_topology *topology, const struct cxlf_holder_info *info,
		       struct cxlf_users *users)
{
	int rc = 0;

	for (unsigned k = 0; k < info->n_luns; k++)
		for (unsigned i = 0; i < topology->n_paths && !rc; i++)
			if (!strcmp(topology->path[i].hctl, info->lun[k].hctl) &&
			    cxlf_wwid_equal(&topology->path[i].wwid, &info->lun[k].wwid))
				rc = cxlf_users_add(users, i, info->name);
	return rc;
}

static int add_contexts(const struct cxlf_topology *topology, struct cxlf_users *users)
{
	struct cxlf_holder_entry *entry;
	struct cxlf_err ignored;
	unsigned n;
	int rc = 0;

	if (cxlf_holder_list(CXLF_RUN_DIR, HOLDER_MS, &entry, &n, &ignored))
		return 0;
	for (unsigned i = 0; i < n && !rc; i++)
		rc = add_context(topology, &entry[i].info, users);
	cxlf_holder_list_free(entry, n);
	return rc;
}

int cxlf_lun_users(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_users *users,
		   struct cxlf_err *err)
{
	int rc = cxlf_users_find(sysroot, topology, users);

	if (!rc && !*sysroot)
		rc = add_contexts(topology, users);
	if (!rc)
		rc = cxlf_users_index(users, topology);
	if (!rc)
		return 0;
	cxlf_users_free(users);
	return cxlf_fail_sys(err, rc == -ENOMEM ? CXLF_E_NO_MEMORY : CXLF_E_FAILED, rc,
			     "cannot determine what uses the LUNs");
}
