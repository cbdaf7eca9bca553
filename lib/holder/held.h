/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What commands on held contexts have in common: a handle by its name, and contexts that are made for one handle.
 */
#ifndef CXLF_HOLDER_HELD_H
#define CXLF_HOLDER_HELD_H

#include "holder.h"

/* The context and the handle in it as they are now; HANDLE_NOT_FOUND. `info` is to be freed in either case. */
int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_holder_info *info,
		   const struct cxlf_context_handle **handle, struct cxlf_err *err);

/*
 * A context for one handle, attached through this path (an index into topology->path): it ends with the handle. Its
 * name is put into `held`. cxlf_held_abandon() ends it when the handle could not be made.
 */
int cxlf_held_start(const struct cxlf_topology *topology, unsigned path, struct cxlf_held *held, struct cxlf_err *err);
void cxlf_held_abandon(const struct cxlf_held *held);

/*
 * Space for virtual LUNs that no holder of this machine has taken, in bytes: an upper bound, because neither the
 * driver nor other programs report theirs. Clones share their source's and are not counted. False: a holder did not
 * answer, or the LUN's size is not known.
 */
bool cxlf_held_free(const struct cxlf_context_lun *lun, uint64_t *bytes);

#endif
