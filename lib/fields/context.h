/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output fields of held contexts: of the holder, its LUNs, its handles, its events.
 *
 * Rows of all these tables are of a `struct cxlf_holder_info`; `i` is the handle's, LUN's or event's index, and
 * nothing for the holder itself.
 */
#ifndef CXLF_FIELDS_CONTEXT_H
#define CXLF_FIELDS_CONTEXT_H

#include "holder/holder.h"
#include "output.h"

extern const struct cxlf_field cxlf_context_lun_fields[];
extern const struct cxlf_field cxlf_context_handle_fields[];
#define CXLF_CONTEXT_HANDLE_SHOWN "id,type,wwid,size_bytes,requested_bytes,chunk_count,all_ports"
extern const struct cxlf_field cxlf_context_event_fields[];

/* The total size of all handles. */
uint64_t cxlf_holder_size(const struct cxlf_holder_info *info);

#endif
