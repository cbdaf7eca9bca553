/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by commands on held contexts: a handle by its name, and contexts that are started for one handle.
 */
#ifndef CXLF_HOLDER_HELD_H
#define CXLF_HOLDER_HELD_H

#include "holder.h"

/* The current state of the context and of the handle; HANDLE_NOT_FOUND. The caller frees `info` in either case. */
int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_holder_info *info,
		   const struct cxlf_context_handle **handle, struct cxlf_err *err);

/* Whether the context has failed permanently, after which its holder refuses every request with the reason. 0 or -1. */
int cxlf_held_failed(const struct cxlf_held *held, unsigned timeout_ms, bool *failed, struct cxlf_err *err);

/*
 * Start a context for one handle, attached through this path (an index into topology->path); it ends with the handle.
 * Its name is put into `held`. cxlf_held_abandon() ends it if the handle could not be created.
 */
int cxlf_held_start(const struct cxlf_topology *topology, unsigned path, struct cxlf_held *held, struct cxlf_err *err);
void cxlf_held_abandon(const struct cxlf_held *held);

/* Whether an entry of a list tells all that a listing shows; of another release it tells less. */
static inline bool cxlf_held_answers(const struct cxlf_holder_entry *entry)
{
	return entry->found == CXLF_HOLDER_ANSWERS || entry->found == CXLF_HOLDER_STALE;
}

/*
 * After a list was shown: 0, or -1 with PARTIAL and the cause and fix of the first of the `n` holders that did not
 * answer. `brief`: the list needs no more than what a holder of another release tells.
 */
int cxlf_held_complete(const struct cxlf_holder_entry *entry, unsigned n, bool brief, struct cxlf_err *err);

/*
 * The space for virtual LUNs that no holder of this machine uses, in bytes: an upper bound, because the driver does not
 * report the space that other programs use. Clones share their source's space. False: a holder did not answer, or the
 * LUN's size is unknown.
 */
bool cxlf_held_free(const struct cxlf_context_lun *lun, uint64_t *bytes);

enum cxlf_held_kind { CXLF_HELD_ANY, CXLF_HELD_VIRTUAL, CXLF_HELD_PHYSICAL };
/*
 * A handle of this kind is in the way of an operation on the LUN: name those of held contexts in the cause, and release
 * them in the fix. False: there is none, and the error is as before.
 */
bool cxlf_held_release_fix(const struct cxlf_wwid *wwid, enum cxlf_held_kind kind, struct cxlf_err *err);

#endif
