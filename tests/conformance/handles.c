/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 40-50: handles, the LUN's mode, DETACH.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void modes_exclude(void)
{
	struct path *p = pick(0, TWO_ADAPTERS), *far = other_adapter(p);
	struct context c = attached(p, O_RDWR), d = attached(far, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, 1);

	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	CHECK_RC(user_direct(far, d.id, NULL, NULL), -EINVAL);
	CHECK_RC(user_virtual(far, d.id, 1, NULL, NULL), 0);
	CHECK_RC(release(far, d.id, 0), 0);
	CHECK_RC(release(p, c.id, h), 0);
	h = opened_direct(far, d.id);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -EINVAL);
	CHECK_RC(user_virtual(far, d.id, 1, NULL, NULL), -EINVAL);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), 0);
	evidence("virtual on adapter %u: USER_DIRECT on %u and %u EINVAL; direct on %u: USER_VIRTUAL on both EINVAL; "
		 "the "
		 "same mode 0 on both",
		 p->adapter->index, p->adapter->index, far->adapter->index, far->adapter->index);
}

static void mode_returns(void)
{
	struct path *p = pick(0, TWO_ADAPTERS), *far = other_adapter(p);
	struct context c = attached(p, O_RDWR), d = attached(far, O_RDWR), e;
	uint64_t h = opened_virtual(p, c.id, 1), i = opened_virtual(p, c.id, 0), j = opened_virtual(far, d.id, 1);

	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	CHECK_RC(release(far, d.id, j), 0);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	CHECK_RC(disable(far), -EBUSY);
	CHECK_RC(release(p, c.id, i), 0);
	h = opened_direct(p, c.id);
	CHECK_RC(attach(p, O_RDWR, &e), 0);
	opened_direct(p, e.id);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -EINVAL);
	finish(&e); /* with its handle */
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), 0);
	evidence("three virtual handles on two adapters: direct only after the third RELEASE; two direct ones in two "
		 "contexts: virtual only after RELEASE and DETACH");
}

static void lowest_index(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);

	for (unsigned int i = 0; i < 5; i++)
		CHECK_EQ(opened_direct(p, c.id), i);
	CHECK_RC(release(p, c.id, 3), 0);
	CHECK_RC(release(p, c.id, 1), 0);
	CHECK_EQ(opened_direct(p, c.id), 1);
	CHECK_EQ(opened_direct(p, c.id), 3);
	CHECK_EQ(opened_direct(p, c.id), 5);
	evidence("0, 1, 2, 3, 4; after releasing 3 and 1: 1, 3, 5");
}

static void too_many_handles(void)
{
	struct path *p = pick(0, 0), *q = other_lun(p);
	struct context c = attached(p, O_RDWR);
	unsigned int limit = sysconf(_SC_PAGESIZE) / 16;

	CHECK_RC(enable(q), 0);
	CHECK_RC(reuse(q, c.id, NULL), 0);
	for (unsigned int i = 0; i < limit; i++)
		CHECK_EQ(i % 2 ? opened_virtual(q, c.id, 0) : opened_direct(p, c.id), i);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EMFILE);
	CHECK_RC(user_virtual(q, c.id, 0, NULL, NULL), -EMFILE);
	CHECK_RC(release(p, c.id, 10), 0);
	CHECK_EQ(opened_virtual(q, c.id, 0), 10);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EMFILE);
	CHECK_RC(release(p, c.id, limit), -EINVAL);
	evidence("page size %ld: %u handles, direct and virtual by turns, then EMFILE for both", sysconf(_SC_PAGESIZE),
		 limit);
}

static void truncated_handle(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, 1), last;

	CHECK_RC(verify(p, c.id, h | 1ull << 32, NULL), 0);
	CHECK_RC(resize(p, c.id, h | 0xdeadbeefull << 32, 0, &last), 0);
	CHECK_EQ(last, ALL_ONES);
	CHECK_RC(verify(p, c.id, h | 1ull << 31, NULL), -EINVAL);
	CHECK_RC(release(p, c.id, h | 1ull << 63), 0);
	CHECK_RC(release(p, c.id, h), -EINVAL);
	evidence(
		"VERIFY, VLUN_RESIZE, RELEASE take handle 0 with high halves 1, 0xdeadbeef, 0x80000000; bit 31 EINVAL");
}

static void other_paths(void)
{
	struct path *p = pick(0, TWO_PORTS), *q = other_port(p), *r = NULL;
	struct machine *m = machine();
	struct context c = attached(p, O_RDWR);

	for (unsigned int i = 0; i < m->n_paths && !r; i++)
		if (m->path[i].adapter == p->adapter && m->path[i].lun != p->lun)
			r = &m->path[i];
	CHECK(r);
	CHECK_RC(enable(q), 0);
	CHECK_RC(enable(r), 0);
	uint64_t h = opened_virtual(p, c.id, 1);
	CHECK_RC(verify(r, c.id, h, NULL), -EINVAL); /* not attached */
	CHECK_RC(reuse(r, c.id, NULL), 0);
	CHECK_RC(verify(r, c.id, h, NULL), -EINVAL);
	CHECK_RC(release(r, c.id, h), -EINVAL);
	uint64_t i = opened_virtual(r, c.id, 1); /* so that the mode of its LUN is not the reason of the refusal */
	CHECK_RC(resize(r, c.id, h, 1, NULL), -EINVAL);
	CHECK_RC(release(r, c.id, i), 0);
	CHECK_RC(verify(q, c.id, h, NULL), 0);
	CHECK_RC(resize(q, c.id, h, 0, NULL), 0);
	CHECK_RC(user_virtual(q, c.id, 0, NULL, NULL), 0);
	CHECK_RC(release(q, c.id, h), 0);
	evidence("another attached LUN's path: VERIFY, VLUN_RESIZE, RELEASE EINVAL; the LUN's other port: 0");
}

static void direct_answer(void)
{
	struct path *paths[] = {pick(0, BLOCKS_512), pick(0, BLOCKS_4096)};

	for (int i = 0; i < 2; i++) {
		struct context c = attached(paths[i], O_RDWR);
		struct dk_cxlflash_udirect req = {.context_id = c.id, .last_lba = 7, .rsrc_handle = 7};

		CHECK_RC(call(disk(paths[i]), DK_CXLFLASH_USER_DIRECT, &req), 0);
		CHECK_EQ(req.last_lba, paths[i]->blocks - 1);
		CHECK_EQ(req.hdr.return_flags, 0);
		CHECK_EQ(req.rsrc_handle, 0);
	}
	evidence("return_flags 0; last_lba = number of device blocks - 1 for blocks of 512 and of 4096");
}

static void release_twice(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);

	for (int virtual = 0; virtual < 2; virtual ++) {
		uint64_t h = virtual ? opened_virtual(p, c.id, 1) : opened_direct(p, c.id);

		CHECK_RC(release(p, c.id, h), 0);
		CHECK_RC(release(p, c.id, h), -EINVAL);
	}
	evidence("direct and virtual: 0, then EINVAL");
}

static void detach_releases(void)
{
	struct path *p = pick(0, TWO_PORTS);
	struct context c = attached(p, O_RDWR);

	for (int i = 0; i < 3; i++)
		opened_virtual(p, c.id, 1);
	CHECK_RC(disable(p), -EBUSY);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(disable(p), 0);
	close(c.fd);

	c = attached(p, O_RDWR);
	for (int i = 0; i < 3; i++)
		opened_direct(p, c.id);
	CHECK_RC(disable(p), -EBUSY);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(disable(p), 0);
	close(c.fd);
	evidence("with three virtual, with three direct handles: 0, and DISABLE, EBUSY before, is 0 after it");
}

static void after_last_detach(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	volatile uint64_t *registers = map_registers(c.fd);

	CHECK(registers);
	unmap_registers(registers);
	CHECK_RC(detach(p, c.id), 0);
	all_context_ioctls_give(p, c.id, 0, -EINVAL);
	CHECK_EQ(fcntl(c.fd, F_GETFD), FD_CLOEXEC);
	errno = 0;
	CHECK(!map_registers(c.fd));
	CHECK_EQ(errno, EIO);
	CHECK_EQ(lab_counter("contexts", "adapter %u ", p->adapter->index), 2);
	close(c.fd);
	CHECK_EQ(lab_counter("contexts", "adapter %u ", p->adapter->index), 1);
	evidence("9 requests EINVAL; fd open, mmap EIO; the process element is free only after close");
}

static void detach_one(void)
{
	struct path *p = pick(0, 0), *q = other_lun(p);
	struct context c = attached(p, O_RDWR);

	CHECK_RC(enable(q), 0);
	CHECK_RC(reuse(q, c.id, NULL), 0);
	opened_direct(p, c.id);
	uint64_t h = opened_direct(q, c.id);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(verify(p, c.id, 0, NULL), -EINVAL);
	CHECK_RC(detach(p, c.id), -EINVAL);
	CHECK_RC(disable(p), 0);
	CHECK_RC(verify(q, c.id, h, NULL), 0);
	CHECK_EQ(opened_direct(q, c.id), 0);
	volatile uint64_t *registers = map_registers(c.fd);
	CHECK(registers);
	unmap_registers(registers);
	CHECK_RC(detach(q, c.id), 0);
	CHECK(!map_registers(c.fd));
	evidence("first LUN gone with its handle, second one's handle, new handles and mmap work; mmap EIO after the "
		 "second "
		 "DETACH");
}

const struct test handle_tests[] = {
	{40, "USER_DIRECT on a LUN in VIRTUAL mode, USER_VIRTUAL in PHYSICAL mode give EINVAL, across adapters",
	 "driver", modes_exclude, 0},
	{41, "the mode returns to NONE when the last handle of the WWID goes, and the other mode then works", "driver",
	 mode_returns, 0},
	{42, "handles are the lowest free index from 0; a released index is reused", "driver", lowest_index, 0},
	{43, "handle number page size / 16 + 1 gives EMFILE, physical and virtual counted together", "driver",
	 too_many_handles, 240},
	{44, "rsrc_handle is compared after truncation to 32 bits", "driver", truncated_handle, 0},
	{45, "a handle through another LUN's path gives EINVAL; through another path of the same LUN it works",
	 "driver", other_paths, 0},
	{46, "USER_DIRECT returns last_lba in device blocks and return_flags 0", "driver", direct_answer, 0},
	{47, "RELEASE twice: the second gives EINVAL", "driver", release_twice, 0},
	{48, "DETACH releases open handles implicitly and succeeds", "driver", detach_releases, 0},
	{49, "after the last DETACH the cookie is dead, fd2 is still open, mmap on it gives EIO", "driver",
	 after_last_detach, 0},
	{50, "DETACH of one of several LUNs keeps the context alive for the others", "driver", detach_one, 0},
	{0},
};
