/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recovery of a context after an adapter reset (contract 7, 9.3, 11.4).
 */
#include "context_inside.h"
#include "ioctl_wrap.h"

#include <errno.h>
#include <unistd.h>

/* The old mapping and fd are no longer valid; closing the fd does not close the context, which has the new one. */
static int adopt(struct cxlf_context *context, const struct cxlf_recovered *now, struct cxlf_err *err)
{
	cxlf_context_unmap(context);
	close(context->adapter_fd);
	context->adapter_fd = now->adapter_fd;
	context->id = now->context;
	context->mmio_bytes = now->mmio_bytes;
	context->sq_mode = now->sq_mode;
	return cxlf_context_map(context, err);
}

/* Handles survive a reset; read their sizes from the driver. */
static int check_handles(struct cxlf_context *context, struct cxlf_err *err)
{
	for (unsigned i = 0; i < context->n_handles; i++) {
		struct cxlf_context_handle *handle = context->handle + i;
		uint64_t last_lba;
		int rc = cxlf_ioctl_verify(context->disk[handle->lun], context->id, handle->number, NULL, &last_lba);

		if (rc)
			return cxlf_context_diagnose(context, handle->lun, "verify a handle of", rc, err);
		handle->last_lba = last_lba;
		handle->size_bytes = handle->is_virtual ? cxlf_vlun_bytes(last_lba)
							: (last_lba + 1) * context->lun[handle->lun].block_bytes;
	}
	return 0;
}

static int refused(struct cxlf_context *context, int rc, struct cxlf_err *err)
{
	context->state = CXLF_CONTEXT_LOST;
	cxlf_context_diagnose(context, 0, "recover the context of", rc, err);
	if (err->code == CXLF_E_CONTEXT_LOST) {
		cxlf_fail_sys(err, CXLF_E_TIMEOUT, rc, "cannot recover the context yet");
		cxlf_object(err, "%s", context->label);
		cxlf_cause(err, "the adapter's reset is not complete");
		return cxlf_fix(err, "try again in a few seconds; watch it with: cxlflashctl adapter list");
	}
	if (err->code != CXLF_E_ADAPTER_FAILED)
		return -1;
	context->state = CXLF_CONTEXT_FAILED;
	cxlf_context_release_all(context);
	return -1;
}

int cxlf_context_recover(struct cxlf_context *context, bool *was_reset, struct cxlf_err *err)
{
	struct cxlf_recovered now;

	*was_reset = false;
	if (context->state == CXLF_CONTEXT_FAILED)
		return cxlf_context_not_ready(context, err);

	int rc = cxlf_ioctl_recover(context->disk[0], context->id, 0, &now);

	if (rc)
		return refused(context, rc, err);
	*was_reset = now.reset;
	if (now.reset && adopt(context, &now, err)) {
		context->state = CXLF_CONTEXT_LOST;
		return -1;
	}
	context->state = CXLF_CONTEXT_READY;
	return now.reset ? check_handles(context, err) : 0;
}
