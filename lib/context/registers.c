/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A context's registers (MMIO): map them, read from them whether the context is lost, and release everything.
 */
#include "context_inside.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
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
 * A page fault in the registers raises SIGBUS where the context is gone, or the driver is changing it. The AFU's
 * registers have 64 bits and must be read with one load, so the kernel cannot be asked to copy them.
 */
static _Thread_local sigjmp_buf *volatile guard; /* the only means to reach a signal handler */

static void on_fault(int signal_number)
{
	if (guard)
		siglongjmp(*guard, 1);
	signal(signal_number, SIG_DFL); /* not in the registers: the same instruction faults again */
}

static bool load(const volatile uint64_t *address, uint64_t *value)
{
	struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER}, before;
	sigjmp_buf here;
	volatile bool loaded = false;

	if (sigaction(SIGBUS, &action, &before))
		return false;
	if (!sigsetjmp(here, 0)) {
		guard = &here;
		*value = *address;
		loaded = true;
	}
	guard = NULL;
	sigaction(SIGBUS, &before, NULL);
	return loaded;
}

/* While a context is in error, all its registers read as ones. */
static bool can_read(const struct cxlf_context *context)
{
	uint64_t value = 0;

	return context->mmio && load(context->mmio, &value) && value != UINT64_MAX;
}

bool cxlf_context_alive(struct cxlf_context *context)
{
	bool alive = can_read(context);

	if (context->state == CXLF_CONTEXT_READY || context->state == CXLF_CONTEXT_LOST)
		context->state = alive ? CXLF_CONTEXT_READY : CXLF_CONTEXT_LOST;
	return alive;
}

/* The close of the adapter fd detaches every LUN and frees every handle, in any state of the adapter. */
void cxlf_context_release_all(struct cxlf_context *context)
{
	cxlf_context_unmap(context);
	cxlf_context_unclaim(context);
	if (context->adapter_fd >= 0)
		close(context->adapter_fd);
	context->adapter_fd = -1;
	for (unsigned i = 0; i < context->n_luns; i++)
		cxlf_context_close_paths(context, i);
}
