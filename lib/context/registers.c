/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A context's registers (MMIO): map them, read from them whether the context is lost, and release everything.
 */
#include "context_inside.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A child must not inherit the fd (it is close-on-exec) or the mapping: a copy that outlives this process makes the
 * driver leak (contract 3.15).
 */
int cxlf_context_map(struct cxlf_context *context, struct cxlf_err *err)
{
	void *at = mmap(NULL, CXLF_CONTEXT_MMIO_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, context->adapter_fd, 0);

	if (at == MAP_FAILED) {
		cxlf_fail_sys(err, CXLF_E_DEVICE_ERROR, -errno, "cannot map the context's registers");
		cxlf_object(err, "%s", context->label);
		return cxlf_cause(err, "the adapter was reset during the attach, or is failing");
	}
	context->mmio = at;
	if (!madvise(at, CXLF_CONTEXT_MMIO_BYTES, MADV_DONTFORK))
		return 0;
	cxlf_fail_sys(err, CXLF_E_FAILED, -errno, "cannot exclude the context's registers from child processes");
	cxlf_context_unmap(context);
	return cxlf_object(err, "%s", context->label);
}

void cxlf_context_unmap(struct cxlf_context *context)
{
	if (context->mmio)
		munmap(context->mmio, CXLF_CONTEXT_MMIO_BYTES);
	context->mmio = NULL;
}

/*
 * While a context is in error, all its registers read as ones. A write to a pipe reads them in the kernel: it fails
 * with EFAULT where a page fault would raise SIGBUS (the context is gone, or the driver is changing it).
 */
static bool can_read(const struct cxlf_context *context)
{
	uint64_t value = 0;

	return context->mmio && write(context->probe[1], context->mmio, sizeof(value)) == sizeof(value) &&
	       read(context->probe[0], &value, sizeof(value)) == sizeof(value) && value != UINT64_MAX;
}

bool cxlf_context_alive(struct cxlf_context *context)
{
	bool alive = can_read(context);

	if (!alive && context->state == CXLF_CONTEXT_READY)
		context->state = CXLF_CONTEXT_LOST;
	return alive;
}

/* The close of the adapter fd detaches every LUN and frees every handle, in any state of the adapter. */
void cxlf_context_release_all(struct cxlf_context *context)
{
	cxlf_context_unmap(context);
	if (context->adapter_fd >= 0)
		close(context->adapter_fd);
	context->adapter_fd = -1;
	for (unsigned i = 0; i < context->n_luns; i++) {
		if (context->disk[i] >= 0)
			close(context->disk[i]);
		context->disk[i] = -1;
	}
	context->n_handles = 0;
}
