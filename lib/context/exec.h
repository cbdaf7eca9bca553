/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pass a context to a program by exec: the process stays the same, so the context, its handles and fds stay valid.
 */
#ifndef CXLF_CONTEXT_EXEC_H
#define CXLF_CONTEXT_EXEC_H

#include "context.h"

/*
 * Execute argv[0] (searched in PATH), with the adapter fd and the disk's fd open and the variables that
 * cxlflashctl-context(8) lists in the environment. `handle` may be NULL. Returns only if that fails: -1, and the caller
 * still owns the context.
 */
int cxlf_context_exec(struct cxlf_context *context, const struct cxlf_context_handle *handle, char *const argv[],
		      struct cxlf_err *err);

#endif
