/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses each LUN, for listings: mounts, swap, stacked devices, and contexts held on this machine.
 */
#ifndef CXLF_LUN_USERS_H
#define CXLF_LUN_USERS_H

#include "inuse/users.h"

/*
 * Fill in `users` and sort it; free with cxlf_users_free(). A holder that does not answer within 0.2 s, or for which
 * permission is denied, is left out. `sysroot` is "" for the running system; a saved tree has no holders. 0, or -1
 * with the error set.
 */
int cxlf_lun_users(const char *sysroot, const struct cxlf_topology *topology, struct cxlf_users *users,
		   struct cxlf_err *err);

#endif
