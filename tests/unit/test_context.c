/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Contexts up to where the driver is asked: the path that is chosen, what is refused before any request, how a lost
 * context and the adapter fd's events are told, and what a refusal is taken for. The rest is the lab's.
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
static struct cxlf_adapter adapters[] = {{.pci = "0001:00:00.0", .host = 1, .chardev = "cxlflash0"},
					 {.pci = "0002:00:00.0", .host = 2, .chardev = "cxlflash1"}};
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

	is(choose(0, UINT_MAX, UINT_MAX, &err), 1, "the first path in superpipe mode is taken, not the first");
	is(choose(0, UINT_MAX, 1, &err), 3, "of an adapter, its first");
	is(choose(0, 3, UINT_MAX, &err), 3, "a path that was named is taken");
	is(choose(0, 0, UINT_MAX, &err), -1, "one in legacy mode is not");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "and it is said that it is in legacy mode");
	ok(strstr(err.message, "1:0:0:1"), "the path is named");
	ok(strstr(err.fix, "manage-lun 600507"), "and the command that switches it");
	is(choose(1, UINT_MAX, UINT_MAX, &err), -1, "a LUN in legacy mode has no path to take");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "for that reason");
	is(choose(1, UINT_MAX, 0, &err), -1, "nor on its adapter");
	is(err.code, CXLF_E_NOT_SUPERPIPE, "for the same reason");
	is(choose(1, UINT_MAX, 1, &err), -1, "on an adapter without a path of it there is none");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "because the LUN is not there");
	is_text(err.object, "cxlflash1 (0002:00:00.0)", "the adapter is named");
}

/* A context as it is after an attach, without fds; two handles, 7 virtual and 9 physical, and registers. */
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
					 .disk = {-1},
					 .options = {.access = O_RDWR, .interrupts = 4}};
	context->lun[0] = (struct cxlf_context_lun){
		.wwid = lun_a, .hctl = "1:1:0:1", .size_bytes = 16 * GIB, .block_bytes = 4096};
	context->handle = calloc(2, sizeof(*context->handle));
	context->handle[0] = (struct cxlf_context_handle){.number = 7, .is_virtual = true, .size_bytes = GIB};
	context->handle[1] = (struct cxlf_context_handle){.number = 9, .size_bytes = 16 * GIB};
	context->mmio = mmap(NULL, CXLF_CONTEXT_MMIO_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (context->mmio == MAP_FAILED || pipe2(context->probe, O_CLOEXEC | O_NONBLOCK))
		exit(99);
	return context;
}

static void finds(void)
{
	struct cxlf_context *context = make();
	struct cxlf_context_view view;
	struct cxlf_err err = {0};

	is(cxlf_context_find_lun(context, NULL, &err), 0, "the only LUN needs no name");
	is(cxlf_context_find_lun(context, &lun_a, &err), 0, "nor does its name harm");
	is(cxlf_context_find_lun(context, &lun_b, &err), -1, "another LUN is not attached");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "which is said");
	context->lun[context->n_luns] = context->lun[0];
	context->disk[context->n_luns] = -1;
	context->lun[context->n_luns++].wwid = lun_b;
	is(cxlf_context_find_lun(context, &lun_b, &err), 1, "of two LUNs the one that is named");
	is(cxlf_context_find_lun(context, NULL, &err), -1, "of two LUNs without a name none");
	is(err.code, CXLF_E_USAGE, "because it must be said which");
	cxlf_context_view(context, &view);
	is(view.process_element, 5, "the process element is the low half of the id");
	is(view.n_luns, 2, "the view has the LUNs");
	is_text(view.adapter_name, "cxlflash0", "and the adapter's name");
	context->state = CXLF_CONTEXT_FAILED;
	is(cxlf_context_find_lun(context, &lun_a, &err), -1, "a context that has failed has no LUN any more");
	is(err.code, CXLF_E_ADAPTER_FAILED, "and that is the reason");
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

	is(cxlf_context_vlun_resize(context, 8, &size, &handle, &err), -1, "an unknown handle is not resized");
	is(err.code, CXLF_E_HANDLE_NOT_FOUND, "it is not found");
	is_text(err.object, "cxlflash0 (0001:00:00.0)", "on this adapter");
	is(cxlf_context_vlun_resize(context, 9, &size, &handle, &err), -1, "nor is a physical handle");
	ok(strstr(err.message, "not virtual"), "because it is not virtual");
	is(cxlf_context_release(context, 8, &err), -1, "an unknown handle is not released");
	is(context->n_handles, 2, "and none is forgotten");
	size.bytes = CXLF_VLUN_BYTES_MAX + 1;
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1, "more bytes than the driver can count");
	is(err.code, CXLF_E_BAD_VALUE, "are a bad value");
	is(cxlf_context_vlun_resize(context, 7, &size, &handle, &err), -1, "for a resize as well");
	size.bytes = GIB;
	context->lun[0].size_bytes = 1 << 20;
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1, "a LUN smaller than a chunk");
	is(err.code, CXLF_E_NO_SPACE, "has no room for virtual LUNs");
	is(cxlf_context_verify(context, 9, &sense, &verdict, &err), 0, "sense data that the driver does not act on");
	is(verdict.kind, CXLF_VERDICT_NOT_VERIFIABLE, "is not verifiable, and the driver is not asked");
	is(verdict.handle_bytes, 16 * GIB, "the handle's size is told");
	memset(context->mmio, 0xff, 8);
	is(cxlf_context_verify(context, 7, NULL, &verdict, &err), 0, "a lost context");
	is(verdict.kind, CXLF_VERDICT_RECOVERY, "needs a recovery first");
	is(cxlf_context_vlun_create(context, 0, &size, &handle, &err), -1, "and makes no virtual LUN");
	is(err.code, CXLF_E_CONTEXT_LOST, "because it is lost");
	is(cxlf_context_plun_create(context, 0, "", &handle, &err), -1, "and no physical handle");
	is(err.code, CXLF_E_CONTEXT_LOST, "for that reason");
	is(cxlf_context_clone(context, 1, context->handle, 1, &err), -1, "and no clone");
	is(context->n_handles, 2, "its handles stay");
	cxlf_context_release_all(context);
	context->state = CXLF_CONTEXT_FAILED;
	is(context->n_handles, 0, "a context that was given back has no handles");
	is(cxlf_context_recover(context, &was_reset, &err), -1, "one that has failed is not recovered");
	is(err.code, CXLF_E_ADAPTER_FAILED, "because the adapter has failed");
	ok(!was_reset, "and nothing was reset");
	cxlf_context_close(context);
}

static void adds(void)
{
	struct cxlf_context *context = make(), *opened = context;
	struct cxlf_context_options options = {.access = O_RDWR, .interrupts = 4};
	struct cxlf_err err = {0};

	is(cxlf_context_add_lun(context, &topology, 0, &err), 0, "a LUN that is attached is not attached again");
	is(context->n_luns, 1, "it stays one");
	snprintf(context->adapter_pci, sizeof(context->adapter_pci), "0002:00:00.0");
	is(cxlf_context_add_lun(context, &topology, 2, &err), -1, "a path of another adapter is refused");
	is(err.code, CXLF_E_LUN_NOT_FOUND, "because the LUN is not on this one");
	snprintf(context->adapter_pci, sizeof(context->adapter_pci), "0001:00:00.0");
	for (context->n_luns = 0; context->n_luns < CXLF_CONTEXT_LUNS; context->n_luns++) {
		context->lun[context->n_luns].wwid = lun_a;
		context->disk[context->n_luns] = -1;
	}
	is(cxlf_context_add_lun(context, &topology, 2, &err), -1, "one LUN too many is refused");
	is(err.code, CXLF_E_NO_SPACE, "for want of room");
	cxlf_context_close(context);
	is(cxlf_context_open(&topology, 1, &options, &opened, &err), -1, "a path without a node cannot be opened");
	ok(!opened, "and no context is left behind");
	is_text(err.object, "cxlflash0 (0001:00:00.0)", "the adapter is named");
}

static void lives(void)
{
	struct cxlf_context *context = make();
	uint64_t *mmio = context->mmio;

	ok(cxlf_context_alive(context), "registers that read as zero are alive");
	*mmio = UINT64_MAX - 1;
	ok(cxlf_context_alive(context), "and so is any value but all ones");
	*mmio = UINT64_MAX;
	ok(!cxlf_context_alive(context), "all ones are not");
	is(context->state, CXLF_CONTEXT_LOST, "the context is lost then");
	context->state = CXLF_CONTEXT_RECOVERING;
	cxlf_context_alive(context);
	is(context->state, CXLF_CONTEXT_RECOVERING, "one that is being recovered is left alone");
	*mmio = 0;
	mprotect(mmio, CXLF_CONTEXT_MMIO_BYTES, PROT_NONE);
	context->state = CXLF_CONTEXT_READY;
	ok(!cxlf_context_alive(context), "registers that cannot be read are lost, without a signal");
	mprotect(mmio, CXLF_CONTEXT_MMIO_BYTES, PROT_READ);
	ok(cxlf_context_alive(context), "and nothing of the failed read is left in the pipe");
	cxlf_context_unmap(context);
	ok(!cxlf_context_alive(context), "without registers it is lost");
	cxlf_context_close(context);
}

/* An event as the cxl driver gives it. */
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
	is(cxlf_context_event(context, text, sizeof(text)), 0, "nothing is said");
	is_text(text, "", "in no words");
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
	ok(strstr(text, "unknown type 77"), "and one that nobody knows");
	is(send(fd[1], "abc", 3, 0), 3, "half a header is sent");
	is(cxlf_context_event(context, text, sizeof(text)), -EIO, "and is an error");
	close(fd[1]);
	is(cxlf_context_event(context, text, sizeof(text)), -EIO, "an fd whose other end is gone is of no use");
	cxlf_context_close(context);
}

static enum cxlf_code diagnosis(struct cxlf_context *context, const char *what, int rc)
{
	struct cxlf_err err = {0};

	cxlf_context_diagnose(context, 0, what, rc, &err);
	ok(*err.cause && *err.fix && !strcmp(err.object, "cxlflash0 (0001:00:00.0)"),
	   "what was refused has a cause, a fix and an object");
	is(err.sys, rc == -EIO && err.code == CXLF_E_CONTEXT_LOST ? 0 : -rc, "and the errno, unless it says nothing");
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
	is(diagnosis(context, "release a handle of", -EINVAL), CXLF_E_FAILED, "EINVAL of a release is not that");
	is(diagnosis(context, "verify", -EPERM), CXLF_E_FAILED, "anything else is a refusal");
	is(context->state, CXLF_CONTEXT_READY, "the context is still ready");
	memset(context->mmio, 0xff, 8);
	is(diagnosis(context, "verify", -EIO), CXLF_E_CONTEXT_LOST,
	   "with dead registers it is lost, whatever was said");
	is(context->state, CXLF_CONTEXT_LOST, "and known to be");
	cxlf_context_close(context);
}

static void hands_over(void)
{
	struct cxlf_context *context = make();
	char *const argv[] = {(char *)"/does/not/exist", NULL};
	struct cxlf_err err = {0};

	context->adapter_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	context->disk[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	is(cxlf_context_exec(context, context->handle, argv, &err), -1, "a program that does not exist is not run");
	is(err.sys, ENOENT, "because there is none");
	is_text(getenv("CXLFLASH_CONTEXT_ID"), "0x1234000000000005", "it would have been told the context");
	is_text(getenv("CXLFLASH_HANDLE"), "7", "its handle");
	is_text(getenv("CXLFLASH_HANDLE_TYPE"), "virtual", "of what type");
	is_text(getenv("CXLFLASH_SIZE_BYTES"), "1073741824", "how large");
	is_text(getenv("CXLFLASH_PATH"), "1:1:0:1", "the path");
	is(fcntl(context->adapter_fd, F_GETFD), 0, "and would have inherited the adapter fd");
	is(fcntl(context->disk[0], F_GETFD), 0, "and the disk's");
	cxlf_context_close(context);
}

int main(void)
{
	luns[0].wwid = lun_a;
	luns[1].wwid = lun_b;
	is_text(cxlf_context_state_name(CXLF_CONTEXT_RECOVERING), "recovering", "states have names");
	is_text(cxlf_context_state_name((enum cxlf_context_state)77), "unknown", "others are unknown");
	is_text(cxlf_context_verdict_name(CXLF_VERDICT_LUNS), "luns-changed", "and so have verdicts");
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
