/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 96-100: contexts and the life cycle of their process.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"
#include "vlun.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t contexts(const struct adapter *a)
{
	return lab_counter("contexts", "adapter %u ", a->index);
}

static void close_adapter_fd(void)
{
	struct path *p = pick(0, 0), *q = other_lun(p);
	struct context c = attached(p, O_RDWR);
	int copy;

	CHECK_RC(enable(q), 0);
	CHECK_RC(reuse(q, c.id, NULL), 0);
	opened_virtual(p, c.id, 1);
	opened_direct(q, c.id);
	copy = dup(c.fd);
	close(c.fd);
	CHECK_RC(verify(p, c.id, 0, NULL), 0);
	close(copy);
	all_context_ioctls_give(p, c.id, 0, -EINVAL);
	all_context_ioctls_give(q, c.id, 1, -EINVAL);
	CHECK_EQ(contexts(p->adapter), 1);
	CHECK_RC(disable(p), 0); /* no handle is left */
	CHECK_RC(disable(q), 0);
	evidence("two LUNs with a handle each: alive after closing one of two descriptors, all gone after the other; 9 "
		 "requests each EINVAL");
}

struct victim {
	struct path *path;
	struct gate ready;
	uint64_t *last_lba;
};

static void hold_everything(void *arg)
{
	struct victim *v = arg;
	struct path *p = v->path;
	struct context c;

	for (int i = 0; i < 10; i++) {
		CHECK_RC(attach(p, O_RDWR, &c), 0);
		CHECK(map_registers(c.fd));
		opened_virtual(p, c.id, 1);
	}
	CHECK_RC(user_virtual(p, c.id, p->blocks, NULL, v->last_lba), 0);
	gate_open(&v->ready);
	sleep_ms(60000);
}

static void killed_owner(void)
{
	struct path *p = pick(0, ONE_PORT | ONE_ADAPTER | BLOCKS_4096);
	struct victim v = {.path = p, .last_lba = shared_memory(8)};
	struct context c = attached(p, O_RDWR);
	uint64_t chunks = p->blocks / 65536, last;

	gate_make(&v.ready);
	pid_t pid = start_child(hold_everything, &v);
	gate_wait(&v.ready);
	CHECK_EQ(*v.last_lba, (chunks - 10) * 65536 - 1);
	CHECK_EQ(contexts(p->adapter), 12);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	kill_child(pid);
	CHECK_EQ(contexts(p->adapter), 2);
	CHECK_RC(release(p, c.id, opened_direct(p, c.id)), 0); /* mode NONE */
	CHECK_RC(user_virtual(p, c.id, chunks * 65536, NULL, &last), 0);
	CHECK_EQ(last, chunks * 65536 - 1);
	evidence("SIGKILL of a process with 10 contexts and all %llu chunks: no context, mode NONE, all chunks free",
		 (unsigned long long)chunks);
}

static void close_disk_fd(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, 1);

	close(p->fd);
	p->fd = -1;
	sleep_ms(100);
	CHECK_EQ(contexts(p->adapter), 2);
	CHECK_RC(verify(p, c.id, h, NULL), 0); /* opens the disk again */
	close(p->fd);
	p->fd = -1;
	CHECK_RC(detach(p, c.id), 0);
	close(c.fd);
	CHECK_EQ(contexts(p->adapter), 1);
	evidence("context and handle are there without any open disk; VERIFY and DETACH through new descriptors 0");
}

struct inherited {
	struct context context;
	uint64_t handle;
	volatile uint64_t *registers;
};

static void use_inherited(void *arg)
{
	struct inherited *i = arg;

	all_context_ioctls_give(i->context.path, i->context.id, i->handle, -EINVAL);
	errno = 0;
	CHECK(!map_registers(i->context.fd));
	CHECK_EQ(errno, EIO);
	CHECK(i->registers[0x38 / 8] != ALL_ONES); /* a page the parent has touched */
	CHECK_EQ(close(i->context.fd), 0);
}

static void forked_child(void)
{
	struct path *p = pick(0, 0);
	struct inherited i = {.context = attached(p, O_RDWR)};

	i.handle = opened_direct(p, i.context.id);
	i.registers = mmap(NULL, MMIO_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, i.context.fd, 0);
	CHECK(i.registers != MAP_FAILED && i.registers[0x38 / 8] != ALL_ONES);
	finish_child(start_heir(use_inherited, &i), 20);
	CHECK_RC(verify(p, i.context.id, i.handle, NULL), 0);
	CHECK(i.registers[0x38 / 8] != ALL_ONES);
	unmap_registers(i.registers);
	evidence("9 requests EINVAL, mmap EIO; the inherited mapping still reads the parent's registers; the child's "
		 "close "
		 "of the fd changes nothing");
}

static void do_unbind(void *a)
{
	unbind_driver(a);
}

static void unbind_waits(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR), d;
	struct adapter a = *p->adapter;

	renew_afterwards(&a);
	CHECK_RC(attach(p, O_RDWR, &d), 0);
	uint64_t h = opened_direct(p, c.id);
	pid_t pid = start_child(do_unbind, &a);
	CHECK(child_blocks(pid, 5000));
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -ENODEV);
	CHECK_RC(attach(p, O_RDWR, &(struct context){0}), -ENODEV);
	close(d.fd);
	CHECK(child_blocks(pid, 3000));
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(detach(p, c.id), 0);
	close(c.fd);
	finish_child(pid, 20);
	evidence("two contexts: waits 5 s, USER_DIRECT and ATTACH ENODEV; one closed: waits 3 s more; the other "
		 "detached: "
		 "done");
}

const struct test life_tests[] = {
	{96, "closing fd2 detaches everything of that context; later ioctls with its cookie give EINVAL", "driver",
	 close_adapter_fd, 0},
	{97, "killing the owner frees contexts, handles and chunks; LUN mode returns to NONE", "driver", killed_owner,
	 0},
	{98, "closing the disk fd keeps the context; a reopened disk fd can DETACH it", "driver", close_disk_fd, 0},
	{99, "a forked child gets EINVAL with the parent's cookie and EIO on mmap of the inherited fd", "driver",
	 forked_child, 0},
	{100, "unbinding the driver blocks until the last context is gone", "driver", unbind_waits, 120},
	{0},
};
