/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result of a command on a context or on one of its handles, as output fields.
 */
#ifndef CXLF_FIELDS_OUTCOME_H
#define CXLF_FIELDS_OUTCOME_H

#include "holder/holder.h"
#include "output.h"

/* The result for a context, or for one handle in it. */
struct cxlf_outcome {
	bool changed;
	bool dry_run;		      /* nothing was done: info is the current state, the rest the plan */
	bool ended;		      /* the context has ended: it was stopped, or its last handle was released */
	struct cxlf_holder_info info; /* the current state, or the last one if it ended; owned */
	bool has_handle;
	uint64_t handle;
	bool has_sizes; /* size of a virtual LUN before, and size requested in whole chunks */
	uint64_t before_bytes, wanted_bytes;
	bool knows_free;
	uint64_t free_bytes; /* upper limit for the handle's LUN: other programs may use more of it */
};
extern const struct cxlf_field cxlf_outcome_fields[];
/* As text one line (the format and its arguments), unless columns are chosen; else the record. */
int cxlf_outcome_show(struct cxlf_out *out, const struct cxlf_outcome *outcome, struct cxlf_err *err, const char *fmt,
		      ...) __attribute__((format(printf, 4, 5)));
void cxlf_outcome_free(struct cxlf_outcome *outcome);
#define CXLF_OUTCOME(name) __attribute__((cleanup(cxlf_outcome_free))) struct cxlf_outcome name

#endif
