/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handing a context over to a program by exec: the process stays, so the context, its handles and fds stay valid.
 */
#ifndef CXLF_CONTEXT_EXEC_H
#define CXLF_CONTEXT_EXEC_H

#include "context.h"

/*
 * Become the program argv[0] (searched in PATH), with the adapter fd and the disk's fd open in it and all it must
 * know in the environment (cxlflashctl-context(8) lists the variables). `handle` may be NULL. Returns -1, and
 * only if the program could not be started; the context is then still the caller's.
 */
int cxlf_context_exec(struct cxlf_context *context, const struct cxlf_context_handle *handle, char *const argv[],
		      struct cxlf_err *err);

#endif
