/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pass a context to a program by exec.
 */
#include "exec.h"
#include "context_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((format(printf, 2, 3))) static bool set(const char *name, const char *fmt, ...)
{
	char text[64];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return !setenv(name, text, 1);
}

static bool describe_handle(const struct cxlf_context_handle *handle)
{
	return set("CXLFLASH_HANDLE", "%" PRIu64, handle->number) &&
	       set("CXLFLASH_HANDLE_TYPE", "%s", handle->is_virtual ? "virtual" : "physical") &&
	       set("CXLFLASH_LAST_LBA", "0x%016" PRIx64, handle->last_lba) &&
	       set("CXLFLASH_SIZE_BYTES", "%" PRIu64, handle->size_bytes);
}

static bool describe(const struct cxlf_context *context)
{
	char wwid[CXLF_WWID_TEXT];

	cxlf_wwid_text(&context->lun[0].wwid, wwid);
	return set("CXLFLASH_CONTEXT_ID", "0x%016" PRIx64, context->id) &&
	       set("CXLFLASH_ADAPTER_FD", "%d", context->adapter_fd) &&
	       set("CXLFLASH_DISK_FD", "%d", context->paths[0].path[0].fd) &&
	       set("CXLFLASH_MMIO_BYTES", "%" PRIu64, context->mmio_bytes) &&
	       set("CXLFLASH_SQ_MODE", "%d", context->sq_mode) &&
	       set("CXLFLASH_BLOCK_BYTES", "%u", context->lun[0].block_bytes) &&
	       set("CXLFLASH_MAX_TRANSFER_BLOCKS", "%" PRIu64, context->max_transfer_blocks) &&
	       set("CXLFLASH_WWID", "%s", wwid) && set("CXLFLASH_PATH", "%s", context->lun[0].hctl) &&
	       set("CXLFLASH_ADAPTER", "%s", context->adapter_name);
}

int cxlf_context_exec(struct cxlf_context *context, const struct cxlf_context_handle *handle, char *const argv[],
		      struct cxlf_err *err)
{
	if (!describe(context) || (handle && !describe_handle(handle)))
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -errno, "cannot set the environment of %s", argv[0]);
	if (fcntl(context->adapter_fd, F_SETFD, 0) || fcntl(context->paths[0].path[0].fd, F_SETFD, 0))
		return cxlf_fail_sys(err, CXLF_E_FAILED, -errno, "cannot pass the context to the program");
	execvp(argv[0], argv);

	int rc = -errno;

	cxlf_fail_sys(err, rc == -ENOENT ? CXLF_E_PROGRAM_NOT_FOUND : CXLF_E_PROGRAM_NOT_RUN, rc, "cannot run %.200s",
		      argv[0]);
	return cxlf_fix(err, "give the path of a program, or the name of one in PATH");
}
