/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recovery of a context after an adapter reset (contract 7, 9.3, 11.4).
 */
#include "context_inside.h"
#include "ioctl_wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

int cxlf_context_verify_handle(struct cxlf_context *context, unsigned lun, uint64_t handle, const uint8_t *sense,
			       uint64_t *last_lba)
{
	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);)
		rc = cxlf_ioctl_verify(try.path->fd, context->id, handle, sense, last_lba);
	return rc;
}

/* Handles survive a reset; read their sizes from the driver. */
static int check_handles(struct cxlf_context *context, struct cxlf_err *err)
{
	for (unsigned i = 0; i < context->n_handles; i++) {
		struct cxlf_context_handle *handle = context->handle + i;
		uint64_t last_lba;
		int rc = cxlf_context_verify_handle(context, handle->lun, handle->number, NULL, &last_lba);

		if (rc)
			return cxlf_context_diagnose(context, handle->lun, "verify a handle of", rc, err);
		handle->last_lba = last_lba;
		handle->size_bytes = handle->is_virtual ? cxlf_vlun_bytes(last_lba)
							: (last_lba + 1) * context->lun[handle->lun].block_bytes;
	}
	return 0;
}

/* Before the driver's function for the removal runs, the kernel removes this link. */
bool cxlf_context_is_removed(const struct cxlf_context *context)
{
	char name[64];

	snprintf(name, sizeof(name), "/sys/bus/pci/devices/%s/driver", context->adapter_pci);
	return faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT;
}

/*
 * RECOVER says ENODEV also for lesser reasons, such as a full table of file descriptors. That VERIFY through a path
 * that runs says so too has only one: the driver has given up the adapter.
 */
static bool is_given_up(struct cxlf_context *context)
{
	uint64_t handle = context->n_handles ? context->handle[0].number : 0, last_lba;
	unsigned lun = context->n_handles ? context->handle[0].lun : 0;

	for (unsigned i = 0; i < context->n_luns; i++, lun = (lun + 1) % context->n_luns)
		if (cxlf_context_lun_runs(context, lun))
			return cxlf_context_verify_handle(context, lun, handle, NULL, &last_lba) == -ENODEV &&
			       cxlf_context_lun_runs(context, lun);
	return false;
}

int cxlf_context_fail(struct cxlf_context *context, bool removed, struct cxlf_err *err)
{
	cxlf_context_release_all(context);
	context->state = CXLF_CONTEXT_FAILED;
	cxlf_context_not_ready(context, err);
	return removed ? cxlf_cause(err, "the adapter was removed from the driver; the context was closed, and its "
					 "handles are lost")
		       : -1;
}

bool cxlf_context_is_served(struct cxlf_context *context)
{
	return !is_given_up(context);
}

static int refused(struct cxlf_context *context, int rc, struct cxlf_err *err)
{
	bool removed = cxlf_context_is_removed(context);

	if (removed || (rc == -ENODEV && is_given_up(context)))
		return cxlf_context_fail(context, removed, err);
	if (cxlf_context_alive(context) || cxlf_context_is_path_error(rc))
		return cxlf_context_diagnose(context, 0, "recover the context of", rc, err);
	cxlf_fail_sys(err, CXLF_E_TIMEOUT, rc, "cannot recover the context yet");
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "the adapter's reset is not complete");
	return cxlf_fix(err, "try again in a few seconds; watch it with: cxlflashctl adapter list");
}

static int recover(struct cxlf_context *context, struct cxlf_recovered *now)
{
	int rc = -ENODEV;

	for (unsigned i = 0; i < context->n_luns && cxlf_context_is_path_error(rc); i++)
		for (struct cxlf_context_try try = {.lun = i}; cxlf_context_try(context, &try, rc);)
			rc = cxlf_ioctl_recover(try.path->fd, context->id, 0, now);
	return rc;
}

int cxlf_context_recover(struct cxlf_context *context, bool *was_reset, struct cxlf_err *err)
{
	struct cxlf_recovered now;

	*was_reset = false;
	if (context->state == CXLF_CONTEXT_FAILED)
		return cxlf_context_not_ready(context, err);

	int rc = recover(context, &now);

	if (rc)
		return refused(context, rc, err);
	*was_reset = now.reset;
	if (now.reset && adopt(context, &now, err)) {
		cxlf_context_alive(context);
		return -1;
	}
	if (!cxlf_context_alive(context)) {
		cxlf_fail(err, CXLF_E_CONTEXT_LOST, "the context is not recovered yet");
		cxlf_object(err, "%s", context->label);
		cxlf_cause(err, "the driver reports no error, but the registers read as all ones");
		return cxlf_fix(err, "try again in a few seconds; watch it with: cxlflashctl adapter list");
	}
	return now.reset ? check_handles(context, err) : 0;
}
