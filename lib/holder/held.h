/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What commands on held contexts have in common: the name CONTEXT/HANDLE, and how an outcome looks.
 */
#ifndef CXLF_HOLDER_HELD_H
#define CXLF_HOLDER_HELD_H

#include "holder.h"

/* A name as typed: "ctx0" or "ctx0/3". */
struct cxlf_held {
	char name[CXLF_HOLDER_NAME];
	bool has_handle;
	uint64_t handle;
};

/* Whether it has the form of one; no holder is asked. */
bool cxlf_held_parse(const char *text, struct cxlf_held *held);
/* As above, with an error that says how it is written; `handle`: a handle must (true) or must not be there. */
int cxlf_held_want(const char *text, bool handle, struct cxlf_held *held, struct cxlf_err *err);

/* The handle as it is now, and its LUN's block, which sizes in blocks need; HANDLE_NOT_FOUND. */
int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_context_handle *handle,
		   uint32_t *block_bytes, struct cxlf_err *err);

/*
 * Release a handle, if it is of this kind; else HANDLE_NOT_FOUND, with the command for the other kind as the fix.
 * *ended: the context ended with it, and `info` is as it was before. cxlf_holder_info_free() in any case.
 */
int cxlf_held_release(const struct cxlf_held *held, bool is_virtual, unsigned timeout_ms, bool *ended,
		      struct cxlf_holder_info *info, struct cxlf_err *err);

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
