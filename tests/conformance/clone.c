/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 70-77: VLUN_CLONE, which a child process calls to get its parent's virtual LUNs.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"
#include "vlun.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The context of the parent, for a child. */
struct family {
	struct context source, spare;
	uint64_t handle;
	int mode;
	bool grandchild;
	struct gate ready, go, done;
};

/* One vlun of one chunk, in a context of this mode. */
static struct family parent(struct path *p, int mode)
{
	struct family f = {.source = attached(p, mode)};

	f.handle = opened_virtual(p, f.source.id, 1);
	gate_make(&f.ready);
	gate_make(&f.go);
	gate_make(&f.done);
	return f;
}

static struct context child_context(struct family *f, int mode)
{
	struct context c;

	CHECK_RC(attach(f->source.path, mode, &c), 0);
	return c;
}

/* ---- 70, 71 -------------------------------------------------------------------------------------------- */

static void clone_as_relative(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	struct context c = child_context(f, O_RDWR);

	CHECK_RC(clone_handles(p, f->source.id, f->spare.id), -EINVAL); /* the destination is not this process's */
	CHECK_RC(clone_handles(p, f->source.id, c.id), f->grandchild ? -EINVAL : 0);
	CHECK_RC(verify(p, c.id, f->handle, NULL), f->grandchild ? -EINVAL : 0);
	if (f->grandchild)
		return;
	f->grandchild = true;
	run_child(clone_as_relative, f);
}

static void own_a_context(void *arg)
{
	struct family *f = arg;

	f->spare = child_context(f, O_RDWR);
	gate_open(&f->ready);
	gate_wait(&f->go);
}

static void only_a_child(void)
{
	struct path *p = pick(0, 0);
	struct family *f = shared_memory(sizeof(*f));

	*f = parent(p, O_RDWR);
	CHECK_RC(attach(p, O_RDWR, &f->spare), 0);
	CHECK_RC(clone_handles(p, f->source.id, f->spare.id), -EINVAL); /* both are this process's */
	run_child(clone_as_relative, f);
	pid_t pid = start_child(own_a_context, f);
	gate_wait(&f->ready);
	CHECK_RC(clone_handles(p, f->source.id, f->spare.id), -EINVAL); /* from this process to the child */
	gate_open(&f->go);
	finish_child(pid, 20);
	evidence("child from parent 0; within one process, into the parent's context, by the grandchild, by the parent "
		 "into "
		 "the child's: EINVAL");
}

static void clone_as_orphan(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	pid_t mother = getppid();
	struct context first = child_context(f, O_RDWR), second;

	CHECK_RC(attach(p, O_RDWR, &second), 0);
	CHECK_RC(clone_handles(p, f->source.id, first.id), 0);
	gate_open(&f->ready);
	while (getppid() == mother)
		sleep_ms(10);
	sleep_ms(100); /* its files are closed before it ceases to be a parent; this makes sure */
	CHECK_RC(clone_handles(p, f->source.id, second.id), -EINVAL);
	CHECK_RC(verify(p, first.id, f->handle, NULL), 0);
	gate_open(&f->done);
}

static void be_parent(void *arg)
{
	struct family *f = arg, here = parent(f->source.path, O_RDWR);

	here.ready = f->ready;
	here.done = f->done;
	start_child(clone_as_orphan, &here);
	gate_wait(&f->ready);
}

static void parent_gone(void)
{
	struct path *p = pick(0, 0);
	struct family f = parent(p, O_RDWR); /* keeps the LUN virtual */

	finish_child(start_child(be_parent, &f), 30);
	gate_wait(&f.done);
	evidence("while the parent lives 0, after its exit EINVAL (the LUN still virtual); what was cloned stays");
}

/* ---- 72 to 75 -------------------------------------------------------------------------------------------- */

static void clone_refused(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	struct context c = child_context(f, O_RDWR);
	uint64_t h;

	CHECK_RC(clone_handles(p, f->source.id, f->source.id), -EINVAL);
	CHECK_RC(clone_handles(p, c.id, c.id), -EINVAL);
	h = opened_virtual(p, c.id, 0);
	CHECK_RC(clone_handles(p, f->source.id, c.id), -EINVAL);
	CHECK_RC(release(p, c.id, h), 0);
	gate_open(&f->ready); /* the parent makes the LUN physical, and virtual again */
	gate_wait(&f->go);
	CHECK_RC(clone_handles(p, f->source.id, c.id), -EINVAL);
	gate_open(&f->ready);
	gate_wait(&f->go);
	CHECK_RC(clone_handles(p, f->source.id, c.id), 0);
}

static void refusals(void)
{
	struct path *p = pick(0, 0);
	struct family f = parent(p, O_RDWR);
	pid_t pid = start_child(clone_refused, &f);

	gate_wait(&f.ready);
	CHECK_RC(release(p, f.source.id, f.handle), 0);
	f.handle = opened_direct(p, f.source.id);
	gate_open(&f.go);
	gate_wait(&f.ready);
	CHECK_RC(release(p, f.source.id, f.handle), 0);
	f.handle = opened_virtual(p, f.source.id, 1);
	gate_open(&f.go);
	finish_child(pid, 20);
	evidence("source = destination, destination with a handle, LUN in physical mode: EINVAL; without these 0");
}

static void clone_and_compare(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	struct context c = child_context(f, O_RDWR);
	struct queue *q;

	CHECK_RC(clone_handles(p, f->source.id, c.id), 0);
	CHECK_RC(verify(p, c.id, 0, NULL), 0);
	CHECK_RC(verify(p, c.id, 1, NULL), -EINVAL);
	CHECK_RC(verify(p, c.id, 2, NULL), 0);
	q = open_queue(&c);
	CHECK(has_mark(q, 0, 5, 730));
	CHECK(has_mark(q, 2, 65536 + 5, 731));
	put_mark(q, 2, 9, 732);
	gate_open(&f->ready);
	gate_wait(&f->go); /* the parent has released its handles */
	CHECK(has_mark(q, 0, 5, 730));
	CHECK(has_mark(q, 2, 65536 + 5, 731));
	close_queue(q);
}

static void same_blocks(void)
{
	struct path *p = pick(0, 0);
	struct family f = parent(p, O_RDWR);
	uint64_t gap = opened_virtual(p, f.source.id, 1), h = opened_virtual(p, f.source.id, 2 * chunk_blocks(p));
	struct queue *q = open_queue(&f.source);

	CHECK(f.handle == 0 && gap == 1 && h == 2);
	CHECK_RC(release(p, f.source.id, gap), 0);
	put_mark(q, 0, 5, 730);
	put_mark(q, h, 65536 + 5, 731);
	pid_t pid = start_child(clone_and_compare, &f);
	gate_wait(&f.ready);
	CHECK(has_mark(q, h, 9, 732));
	CHECK_RC(release(p, f.source.id, 0), 0);
	CHECK_RC(release(p, f.source.id, h), 0);
	uint64_t fresh =
		opened_virtual(p, f.source.id, 3 * chunk_blocks(p)); /* chunk 1 is free, 0, 2, 3 are the child's */
	CHECK_EQ(chunk_of(q, p, fresh, 21, 8), 1);
	CHECK_EQ(chunk_of(q, p, fresh, 65536 + 21, 8), 4);
	gate_open(&f.go);
	finish_child(pid, 20);
	close_queue(q);
	evidence("source handles 0 and 2 are 0 and 2; marks of either side read by the other; source released: the "
		 "child "
		 "still reads them, new vluns get chunks 1 and 4");
}

static void clone_with_any_fd(void *arg)
{
	struct family *f = arg;
	static const uint64_t fds[] = {0, 12345, ALL_ONES};

	for (int i = 0; i < 3; i++) {
		struct context c = child_context(f, O_RDWR);
		struct dk_cxlflash_clone req = {
			.context_id_src = f->source.id,
			.context_id_dst = c.id,
			.adap_fd_src = fds[i],
		};

		CHECK_RC(call(disk(c.path), DK_CXLFLASH_VLUN_CLONE, &req), 0);
		CHECK_EQ(req.adap_fd_src, fds[i]);
	}
}

static void any_fd(void)
{
	struct family f = parent(pick(0, 0), O_RDWR);

	run_child(clone_with_any_fd, &f);
	CHECK_EQ(fcntl(f.source.fd, F_GETFD), FD_CLOEXEC);
	evidence("adap_fd_src 0, 12345, 2^64-1: 0");
}

static void clone_and_try(void *arg)
{
	struct family *f = arg;
	struct context c = child_context(f, f->mode);
	int both = (f->spare.attached.hdr.flags + 1) & (f->mode + 1) & 3;
	char block[4096] = {0};
	struct queue *q;

	CHECK_RC(clone_handles(c.path, f->source.id, c.id), 0);
	q = open_queue(&c);
	CHECK_EQ(queue_read(q, f->handle, 0, block), both & 1 ? 0 : AFU_RC_RHT_RW_PERM);
	CHECK_EQ(queue_write(q, f->handle, 0, block), both & 2 ? 0 : AFU_RC_RHT_RW_PERM);
	close_queue(q);
}

static void intersection(void)
{
	struct path *p = pick(0, 0);

	for (int source = O_RDONLY; source <= O_RDWR; source++)
		for (int destination = O_RDONLY; destination <= O_RDWR; destination++) {
			struct family f = parent(p, source);

			f.mode = destination;
			f.spare.attached.hdr.flags = source;
			run_child(clone_and_try, &f);
			finish(&f.source);
		}
	evidence("all nine pairs of O_RDONLY, O_WRONLY, O_RDWR: a read or write that either attach lacks is afu_rc 05");
}

/* ---- 76, 77 ------------------------------------------------------------------------------------------------ */

static void clone_often(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	uint64_t first = 0, id = 0;
	int rc = 0, n;

	for (n = 0; !rc && n < 300; n++) {
		struct dk_cxlflash_attach req = {.hdr.flags = O_RDWR, .num_interrupts = 1};

		CHECK_RC(call(disk(p), DK_CXLFLASH_ATTACH, &req), 0);
		id = req.context_id;
		first = n ? first : id;
		rc = clone_handles(p, f->source.id, id);
	}
	CHECK_RC(rc, -EIO);
	CHECK_EQ(n, 256);
	CHECK_RC(verify(p, id, f->handle, NULL), -EINVAL);
	CHECK_RC(release(p, first, f->handle), 0);
	CHECK_RC(clone_handles(p, f->source.id, id), 0);
}

static void too_many_clones(void)
{
	struct family f = parent(pick(0, 0), O_RDWR);

	finish_child(start_child(clone_often, &f), 180);
	evidence("255 clones 0, the 256th EIO and no handle; one released: 0");
}

static void clone_nothing(void *arg)
{
	struct family *f = arg;
	struct path *p = f->source.path;
	struct context c = child_context(f, O_RDWR);

	CHECK_RC(clone_handles(p, f->source.id, c.id), 0);
	CHECK_RC(verify(p, c.id, 0, NULL), -EINVAL);
	CHECK_EQ(opened_virtual(p, c.id, 0), 0);
}

static void empty_source(void)
{
	struct family f = parent(pick(0, 0), O_RDWR);

	CHECK_RC(attach(f.source.path, O_RDWR, &f.spare), 0);
	opened_virtual(f.source.path, f.spare.id, 1); /* keeps the LUN virtual */
	CHECK_RC(release(f.source.path, f.source.id, f.handle), 0);
	run_child(clone_nothing, &f);
	evidence("source without handles, LUN virtual by another context: 0, the destination's first handle is 0");
}

const struct test clone_tests[] = {
	{70, "works only when the caller's parent owns the source and the caller owns the destination", "driver",
	 only_a_child, 0},
	{71, "after the parent exits, CLONE gives EINVAL", "driver", parent_gone, 0},
	{72, "same source and destination, LUN not VIRTUAL, or a destination with open handles: EINVAL", "driver",
	 refusals, 0},
	{73, "handles keep their indices; both sides see the same blocks; releasing one side keeps the chunks",
	 "driver, lab", same_blocks, 0},
	{74, "adap_fd_src may be anything", "driver", any_fd, 0},
	{75, "permissions are the intersection of both attaches", "driver, lab", intersection, 0},
	{76, "the 256th clone of one chunk gives EIO", "driver", too_many_clones, 240},
	{77, "a source without handles clones successfully with no handles", "driver", empty_source, 0},
	{0},
};
