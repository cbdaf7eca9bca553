/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contexts without the driver: the choice of a path, refusals before a request, detection of lost contexts, events of
 * the adapter fd, and the diagnosis of errors. The lab tests the rest.
 */
#include "context/context_inside.h"
#include "context/exec.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define GIB (1ull << 30)

static const struct cxlf_wwid lun_a = {{0x60, 0x05, 0x07, 1}}, lun_b = {{0x60, 0x05, 0x07, 2}};

/* Two adapters: LUN A by 0:0 (legacy), 0:1 (superpipe) and 1:0 (superpipe), LUN B by 0:0. */
static struct cxlf_adapter adapters[] = {
	{.pci = "0001:00:00.0", .host = 1, .name = "cxlflash0", .label = "cxlflash0 (0001:00:00.0)"},
	{.pci = "0002:00:00.0", .host = 2, .name = "cxlflash1", .label = "cxlflash1 (0002:00:00.0)"}};
static struct cxlf_path paths[] = {
	{.adapter = 0, .hctl = "1:0:0:1", .mode = CXLF_MODE_LEGACY, .has_wwid = true, .wwid = {{0x60, 0x05, 0x07, 1}}},
	{.adapter = 0,
	 .hctl = "1:1:0:1",
	 .mode = CXLF_MODE_SUPERPIPE,
	 .has_wwid = true,
	 .wwid = {{0x60, 0x05, 0x07, 1}}},
	{.adapter = 0, .hctl = "1:0:0:2", .mode = CXLF_MODE_LEGACY, .has_wwid = true, .wwid = {{0x60, 0x05, 0x07, 2}}},
	{.adapter = 1,
	 .hctl = "2:0:0:1",
	 .mode = CXLF_MODE_SUPERPIPE,
	 .has_wwid = true,
	 .wwid = {{0x60, 0x05, 0x07, 1}}},
};
static unsigned of_a[] = {0, 1, 3}, of_b[] = {2};
static struct cxlf_lun luns[] = {{.mode = CXLF_MODE_MIXED, .n_paths = 3, .path = of_a, .n_adapters = 2},
				 {.mode = CXLF_MODE_LEGACY, .n_paths = 1, .path = of_b, .n_adapters = 1}};
static struct cxlf_topology topology = {
	.adapter = adapters, .n_adapters = 2, .path = paths, .n_paths = 4, .lun = luns, .n_luns = 2};

static int choose(unsigned lun, unsigned path, unsigned adapter, struct cxlf_err *err)
{
	unsigned chosen = UINT_MAX;

	*err = (struct cxlf_err){0};
	return cxlf_context_choose_path(&topology, lun, path, adapter, &chosen, err) ? -1 : (int)chosen;
}

static void chooses(void)
{
	struct cxlf_err err;

	is(choose(0, UINT_MAX, UINT_MAX, &err), 1, "the first path in superpipe mode is chosen");
	is(choose(0, UINT_MAX, 1, &err), 3, "with an adapter its first path is chosen");
	is(choose(0, 3, UINT_MAX, &err), 3, "a named path is chosen");
	is(choose(0, 0, UINT_MAX, &err), -1, "a named path in legacy mode is refused");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "its code is NOT_SUPERPIPE");
	ok(strstr(err.message, "1:0:0:1"), "the message names the path");
	ok(strstr(err.fix, "manage-lun 600507"), "the fix switches the mode");
	is(choose(1, UINT_MAX, UINT_MAX, &err), -1, "a LUN in legacy mode is refused");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "the code is the same");
	is(choose(1, UINT_MAX, 0, &err), -1, "a LUN in legacy mode is refused on its adapter");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "the code is again NOT_SUPERPIPE");
	is(choose(1, UINT_MAX, 1, &err), -1, "an adapter without a path to the LUN is refused");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "its code is LUN_NOT_FOUND");
	is_text(err.object, "cxlflash1 (0002:00:00.0)", "the adapter is named");
}

/* A context after an attach, without fds: handle 7 is virtual, handle 9 is physical; with registers. */
static struct cxlf_context *make(void)
{
	struct cxlf_context *context = calloc(1, sizeof(*context));

	*context = (struct cxlf_context){.id = 0x1234000000000005,
					 .adapter_fd = -1,
					 .n_luns = 1,
					 .n_handles = 2,
					 .room = 2,
					 .adapter_pci = "0001:00:00.0",
					 .adapter_name = "cxlflash0",
					 .label = "cxlflash0 (0001:00:00.0)",
					 .paths = {{.path = {{.hctl = "1:1:0:1", .fd = -1}}, .n = 1}},
					 .options = {.access = O_RDWR, .interrupts = 4}};
	context->lun[0] = (struct cxlf_context_lun){
		.wwid = lun_a, .hctl = "1:1:0:1", .size_bytes = 16 * GIB, .block_bytes = 4096};
	context->handle = calloc(2, sizeof(*context->handle));
	context->handle[0] = (struct cxlf_context_handle){.number = 7, .is_virtual = true, .size_bytes = GIB};
	context->handle[1] = (struct cxlf_context_handle){.number = 9, .size_bytes = 16 * GIB};
	context->mmio = mmap(NULL, CXLF_CONTEXT_MMIO_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (context->mmio == MAP_FAILED)
		exit(99);
	return context;
}

static void finds(void)
{
	struct cxlf_context *context = make();
	struct cxlf_context_view view;
	struct cxlf_err err = {0};

	is(cxlf_context_find_lun(context, NULL, &err), 0, "the only LUN is found without a name");
	is(cxlf_context_find_lun(context, &lun_a, &err), 0, "the only LUN is found by its name");
	is(cxlf_context_find_lun(context, &lun_b, &err), -1, "a LUN that is not attached is not found");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "the code is LUN_NOT_FOUND");
	context->lun[context->n_luns] = context->lun[0];
	context->paths[context->n_luns].path[0].fd = -1;
	context->lun[context->n_luns++].wwid = lun_b;
	is(cxlf_context_find_lun(context, &lun_b, &err), 1, "one of two LUNs is found by its name");
	is(cxlf_context_find_lun(context, NULL, &err), -1, "with two LUNs a name is required");
	is(err.code, CXLF_E_USAGE, "a missing name is wrong usage");
	cxlf_context_view(context, &view);
	is(view.process_element, 5, "the process element is the low half of the id");
	is(view.n_luns, 2, "the view has both LUNs");
	is_text(view.adapter_name, "cxlflash0", "the view has the name of the adapter");
	context->state = CXLF_CONTEXT_FAILED;
	is(cxlf_context_find_lun(context, &lun_a, &err), -1, "a failed context has no LUNs");
	is(err.code, CXLF_E_ADAPTER_FAILED, "the code is ADAPTER_FAILED");
	cxlf_context_close(context);
	cxlf_context_close(NULL);
}

static void refuses(void)
{
	struct cxlf_context *context = make();
	const struct cxlf_context_handle *handle;
	struct cxlf_vlun_size size = {.bytes = GIB};
	struct cxlf_verdict verdict;
	struct cxlf_sense sense = {.meaning = CXLF_SENSE_ERROR};
	struct cxlf_err err = {0};
	bool was_reset = true;

	is(cxlf_context_vlun_resize(context, 8, &size, &handle, &err), -1, "resize refuses an unknown handle");
	is(err.code, CXLF_E_HANDLE_NOT_FOUND, "the code is HANDLE_NOT_FOUND");
	is_text(err.object, "cxlflash0 (0001:00:00.0)", "the error names the adapter of the context");
	is(cxlf_context_vlun_resize(context, 9, &size, &handle, &err), -1, "resize refuses a physical handle");
	ok(strstr(err.message, "not virtual"), "the message says that the handle is not virtual");
	is(cxlf_context_release(context, 8, &err), -1, "release refuses an unknown handle");
	is(context->n_handles, 2, "no handle is removed");
	size.bytes = CXLF_VLUN_BYTES_MAX + 1;
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1,
	   "a size above the driver's limit is refused");
	is(err.code, CXLF_E_BAD_VALUE, "the code is BAD_VALUE");
	is(cxlf_context_vlun_resize(context, 7, &size, &handle, &err), -1, "resize refuses the size too");
	size.bytes = GIB;
	context->lun[0].size_bytes = 1 << 20;
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1,
	   "a virtual LUN on a LUN smaller than a chunk is refused");
	is(err.code, CXLF_E_NO_SPACE, "the code is NO_SPACE");
	is(cxlf_context_verify(context, 9, &sense, &verdict, &err), 0,
	   "verify accepts sense data that the driver does not act on");
	is(verdict.kind, CXLF_VERDICT_NOT_VERIFIABLE, "the verdict is not-verifiable, without a request to the driver");
	is(verdict.handle_bytes, 16 * GIB, "the verdict has the size of the handle");
	memset(context->mmio, 0xff, 8);
	is(cxlf_context_verify(context, 7, NULL, &verdict, &err), 0, "verify accepts a lost context");
	is(verdict.kind, CXLF_VERDICT_RECOVERY, "the verdict is needs-recovery");
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1,
	   "a lost context refuses to create a virtual LUN");
	is(err.code, CXLF_E_CONTEXT_LOST, "the code is CONTEXT_LOST");
	is(cxlf_context_plun_create(context, 0, "", &handle, &err), -1,
	   "a lost context refuses to create a physical handle");
	is(err.code, CXLF_E_CONTEXT_LOST, "the code is the same");
	is(cxlf_context_clone(context, 1, context->handle, 1, &err), -1, "a lost context refuses to be cloned");
	is(context->n_handles, 2, "the handles of a lost context stay");
	cxlf_context_release_all(context);
	context->state = CXLF_CONTEXT_FAILED;
	is(context->n_handles, 2, "the handles of a closed context are still listed");
	is(cxlf_context_release(context, 7, &err), -1, "they cannot be used");
	is(err.code, CXLF_E_ADAPTER_FAILED, "because the adapter has failed, not because there is no such handle");
	is(cxlf_context_recover(context, &was_reset, &err), -1, "a failed context is not recovered");
	is(err.code, CXLF_E_ADAPTER_FAILED, "the code of the recovery is ADAPTER_FAILED");
	ok(!was_reset, "was_reset is false");
	cxlf_context_close(context);
}

static void adds(void)
{
	struct cxlf_context *context = make(), *opened = context;
	struct cxlf_context_options options = {.access = O_RDWR, .interrupts = 4};
	struct cxlf_err err = {0};

	is(cxlf_context_add_lun(context, &topology, 0, &err), 0, "adding an attached LUN succeeds");
	is(context->n_luns, 1, "the LUN is attached once");
	snprintf(context->adapter_pci, sizeof(context->adapter_pci), "0002:00:00.0");
	is(cxlf_context_add_lun(context, &topology, 2, &err), -1, "a path of another adapter is refused");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "its code is LUN_NOT_FOUND too");
	snprintf(context->adapter_pci, sizeof(context->adapter_pci), "0001:00:00.0");
	for (context->n_luns = 0; context->n_luns < CXLF_CONTEXT_LUNS; context->n_luns++) {
		context->lun[context->n_luns].wwid = lun_a;
		context->paths[context->n_luns].path[0].fd = -1;
	}
	is(cxlf_context_add_lun(context, &topology, 2, &err), -1, "a LUN beyond the limit is refused");
	is(err.code, CXLF_E_NO_SPACE, "its code is NO_SPACE");
	cxlf_context_close(context);
	is(cxlf_context_open(&topology, 1, &options, &opened, &err), -1, "a path without a node cannot be opened");
	ok(!opened, "no context is returned");
	is_text(err.object, "cxlflash0 (0001:00:00.0)", "the adapter is named");
}

static void lives(void)
{
	struct cxlf_context *context = make();
	uint64_t *mmio = context->mmio;
	int fd = memfd_create("registers", MFD_CLOEXEC); /* of no bytes: a load from it raises SIGBUS */

	ok(cxlf_context_alive(context), "a context whose registers are zero is alive");
	*mmio = UINT64_MAX - 1;
	ok(cxlf_context_alive(context), "a context whose registers have another value is alive");
	*mmio = UINT64_MAX;
	ok(!cxlf_context_alive(context), "a context whose registers are all ones is not alive");
	is(context->state, CXLF_CONTEXT_LOST, "the state becomes lost");
	context->state = CXLF_CONTEXT_RECOVERING;
	cxlf_context_alive(context);
	is(context->state, CXLF_CONTEXT_RECOVERING, "the state stays recovering");
	*mmio = 0;
	context->state = CXLF_CONTEXT_READY;
	if (mmap(mmio, CXLF_CONTEXT_MMIO_BYTES, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
		exit(99);
	ok(!cxlf_context_alive(context), "unreadable registers mean a lost context, without the end of the process");
	if (ftruncate(fd, CXLF_CONTEXT_MMIO_BYTES))
		exit(99);
	ok(cxlf_context_alive(context), "readable again, they mean a context that is alive");
	is(context->state, CXLF_CONTEXT_READY, "which is ready again");
	cxlf_context_unmap(context);
	ok(!cxlf_context_alive(context), "a context without registers is not alive");
	cxlf_context_close(context);
	close(fd);
}

/* An event of the cxl driver. */
static void send_event(int fd, unsigned type, unsigned irq, uint64_t value)
{
	struct {
		uint16_t type, size, process_element, reserved, flags, irq;
		uint32_t reserved32;
		uint64_t value;
	} event = {.type = (uint16_t)type, .size = sizeof(event), .irq = (uint16_t)irq, .value = value};

	if (write(fd, &event, sizeof(event)) != sizeof(event))
		exit(99);
}

static void hears(void)
{
	struct cxlf_context *context = make();
	char text[80] = "before";
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd))
		exit(99);
	context->adapter_fd = fd[0];
	is(cxlf_context_event(context, text, sizeof(text)), 0, "without data there is no event");
	is_text(text, "", "without an event the text is empty");
	send_event(fd[1], 1, 3, 0);
	send_event(fd[1], 2, 0, 0x1000);
	send_event(fd[1], 3, 0, 5);
	send_event(fd[1], 77, 0, 5);
	is(cxlf_context_event(context, text, sizeof(text)), 1, "an event");
	is_text(text, "interrupt 3 from the AFU", "an interrupt");
	cxlf_context_event(context, text, sizeof(text));
	is_text(text, "data storage fault at 0x0000000000001000", "a fault");
	cxlf_context_event(context, text, sizeof(text));
	is_text(text, "AFU error 0x0000000000000005", "an AFU error");
	cxlf_context_event(context, text, sizeof(text));
	ok(strstr(text, "unknown type 77"), "the text of an unknown event has its type");
	is(send(fd[1], "abc", 3, 0), 3, "half a header is sent");
	is(cxlf_context_event(context, text, sizeof(text)), -EIO, "half a header is an error");
	close(fd[1]);
	is(cxlf_context_event(context, text, sizeof(text)), -EIO, "a closed fd is an error");
	cxlf_context_close(context);
}

static enum cxlf_code diagnosis(struct cxlf_context *context, const char *what, int rc)
{
	struct cxlf_err err = {0};

	cxlf_context_diagnose(context, 0, what, rc, &err);
	ok(*err.cause && *err.fix && !strcmp(err.object, "cxlflash0 (0001:00:00.0)"),
	   "the error has a cause, a fix and an object");
	is(err.sys, rc == -EIO && err.code == CXLF_E_CONTEXT_LOST ? 0 : -rc,
	   "the error has the errno, unless it is meaningless");
	return err.code;
}

static void diagnoses(void)
{
	struct cxlf_context *context = make();

	is(diagnosis(context, "open a virtual LUN on", -EMFILE), CXLF_E_NO_HANDLES, "EMFILE: no handle left");
	is(diagnosis(context, "open a virtual LUN on", -ENOSPC), CXLF_E_NO_SPACE, "ENOSPC: no chunk left");
	is(diagnosis(context, "open a virtual LUN on", -ENOMEM), CXLF_E_NO_MEMORY, "ENOMEM");
	is(diagnosis(context, "resize a virtual LUN of", -EAGAIN), CXLF_E_TIMEOUT, "EAGAIN: the AFU did not answer");
	is(diagnosis(context, "open a virtual LUN on", -EINVAL), CXLF_E_LUN_OTHER_USE, "EINVAL of an open: other use");
	is(diagnosis(context, "release a handle of", -EINVAL), CXLF_E_FAILED, "EINVAL of a release is a failure");
	is(diagnosis(context, "verify", -EPERM), CXLF_E_FAILED, "any other errno is a failure");
	is(context->state, CXLF_CONTEXT_READY, "the context stays ready");
	memset(context->mmio, 0xff, 8);
	is(diagnosis(context, "verify", -EIO), CXLF_E_CONTEXT_LOST,
	   "with registers of all ones the code is CONTEXT_LOST");
	is(context->state, CXLF_CONTEXT_LOST, "the state is lost");
	cxlf_context_close(context);
}

static void hands_over(void)
{
	struct cxlf_context *context = make();
	char *const argv[] = {(char *)"/does/not/exist", NULL};
	struct cxlf_err err = {0};

	context->adapter_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	context->paths[0].path[0].fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	is(cxlf_context_exec(context, context->handle, argv, &err), -1, "executing a missing program fails");
	is(err.sys, ENOENT, "the errno is ENOENT");
	is_text(getenv("CXLFLASH_CONTEXT_ID"), "0x1234000000000005", "the environment has the context ID");
	is_text(getenv("CXLFLASH_HANDLE"), "7", "the environment has the handle");
	is_text(getenv("CXLFLASH_HANDLE_TYPE"), "virtual", "the environment has the type of the handle");
	is_text(getenv("CXLFLASH_SIZE_BYTES"), "1073741824", "the environment has the size");
	is_text(getenv("CXLFLASH_PATH"), "1:1:0:1", "the environment has the path");
	is(fcntl(context->adapter_fd, F_GETFD), 0, "the adapter fd would be inherited");
	is(fcntl(context->paths[0].path[0].fd, F_GETFD), 0, "the disk fd would be inherited");
	cxlf_context_close(context);
}

int main(void)
{
	luns[0].wwid = lun_a;
	luns[1].wwid = lun_b;
	is_text(cxlf_context_state_name(CXLF_CONTEXT_RECOVERING), "recovering", "states have names");
	is_text(cxlf_context_state_name((enum cxlf_context_state)77), "unknown", "an invalid state is unknown");
	is_text(cxlf_context_verdict_name(CXLF_VERDICT_LUNS), "luns-changed", "verdicts have names");
	chooses();
	finds();
	refuses();
	adds();
	lives();
	hears();
	diagnoses();
	hands_over();
	return done();
}
