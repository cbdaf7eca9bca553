/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How held contexts look in every output: the holder, its LUNs, its handles, its events.
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
extern const struct cxlf_field cxlf_context_event_fields[];

void cxlf_value_context_state(struct cxlf_value *v, enum cxlf_context_state state);
/* "2026-01-31T12:00:00Z", UTC; 0 seconds since 1970 stay unknown. */
void cxlf_value_time(struct cxlf_value *v, int64_t seconds);
/* 16 hex digits: ids and addresses of 64 bits. */
void cxlf_value_hex(struct cxlf_value *v, uint64_t number);
/* All handles together. */
uint64_t cxlf_holder_size(const struct cxlf_holder_info *info);

#endif
