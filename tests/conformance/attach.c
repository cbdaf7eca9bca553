/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 26-39: ATTACH and contexts.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

static int attach_with(struct path *p, uint64_t interrupts, struct dk_cxlflash_attach *answer)
{
	struct dk_cxlflash_attach req = {.hdr.flags = O_RDWR, .num_interrupts = interrupts};
	int rc = call(disk(p), DK_CXLFLASH_ATTACH, &req);

	if (answer)
		*answer = req;
	return rc;
}

static void interrupts(void)
{
	struct path *p = pick(0, 0);
	char text[NAME], dir[2 * PLACE];
	unsigned int least;

	snprintf(dir, sizeof(dir), "/sys/class/cxl/afu%u.0", p->adapter->index);
	CHECK(read_attribute(dir, "irqs_min", text, sizeof(text)) > 0);
	least = strtoul(text, NULL, 10);
	CHECK(least >= 1 && least <= 4);
	CHECK_RC(enable(p), 0);
	CHECK_RC(attach_with(p, 5, NULL), -EINVAL);
	CHECK_RC(attach_with(p, UINT64_MAX, NULL), -EINVAL);
	CHECK_RC(attach_with(p, least - 1, NULL), -EINVAL);
	CHECK_RC(attach_with(p, least, NULL), 0);
	CHECK_RC(attach_with(p, 4, NULL), 0);
	evidence("5 and 2^64-1 EINVAL (driver); %u, below irqs_min %u, EINVAL (lab); %u and 4: 0", least - 1, least,
		 least);
}

static void first_attach(void)
{
	struct path *p = pick(0, BLOCKS_4096), *q = pick(0, BLOCKS_512);
	struct context c = attached(p, O_RDWR), d = attached(q, O_RDWR);

	CHECK(c.attached.hdr.return_flags & DK_CXLFLASH_APP_CLOSE_ADAP_FD);
	CHECK_EQ(c.attached.hdr.return_flags & ~(DK_CXLFLASH_APP_CLOSE_ADAP_FD | DK_CXLFLASH_CONTEXT_SQ_CMD_MODE), 0);
	CHECK(fcntl(c.fd, F_GETFD) >= 0);
	CHECK_EQ(c.attached.mmio_size, 65536);
	CHECK_EQ(c.attached.block_size, 4096);
	CHECK_EQ(c.attached.max_xfer, 4096);
	CHECK_EQ(d.attached.mmio_size, 65536);
	CHECK_EQ(d.attached.block_size, 512);
	CHECK_EQ(d.attached.max_xfer, 32768);
	evidence("return_flags 0x%llx, fd %d, mmio_size 65536, max_xfer 4096 (blocks of 4096) and 32768 (of 512)",
		 (unsigned long long)c.attached.hdr.return_flags, c.fd);
}

static void command_mode(void)
{
	struct path *p = pick(0, 0), *q = pick(1, 0);
	struct context c = attached(p, O_RDWR), d = attached(q, O_RDWR);
	struct dk_cxlflash_attach again;
	struct path *r = other_lun(p);

	CHECK(c.attached.hdr.return_flags & DK_CXLFLASH_CONTEXT_SQ_CMD_MODE);
	CHECK(d.attached.hdr.return_flags & DK_CXLFLASH_CONTEXT_SQ_CMD_MODE);
	CHECK_RC(enable(r), 0);
	CHECK_RC(reuse(r, c.id, &again), 0);
	CHECK_EQ(again.hdr.return_flags, DK_CXLFLASH_CONTEXT_SQ_CMD_MODE);
	evidence("set on both adapters, whose AFUs have the capability, new and reused; not shown: an AFU without it "
		 "(the "
		 "lab has none)");
}

static void descriptor_flags(void)
{
	struct context c = attached(pick(0, 0), O_RDONLY);
	char name[NAME], text[256];

	CHECK_EQ(fcntl(c.fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(c.fd, F_GETFL) & O_ACCMODE, O_RDWR);
	snprintf(name, sizeof(name), "%d", c.fd);
	CHECK(read_attribute("/proc/self/fdinfo", name, text, sizeof(text)) > 0);
	CHECK(strstr(text, "flags:\t02000002\n"));
	evidence("FD_CLOEXEC, O_RDWR (also for an O_RDONLY context); fdinfo flags 02000002");
}

static void cookie(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);

	CHECK((uint32_t)c.id < 512);
	CHECK(c.id >> 32);
	all_context_ioctls_give(p, c.id ^ 1ull << 32, h, -EINVAL);
	all_context_ioctls_give(p, c.id ^ 1ull << 63, h, -EINVAL);
	all_context_ioctls_give(p, (uint32_t)c.id, h, -EINVAL);
	all_context_ioctls_give(p, c.id + 512, h, -EINVAL);
	CHECK_RC(verify(p, c.id, h, NULL), 0);
	evidence("context_id 0x%016llx; bit 32, bit 63 changed, high half 0, low half + 512: 9 requests each EINVAL",
		 (unsigned long long)c.id);
}

static void reused(void)
{
	struct path *p = pick(0, 0), *q = other_lun(p);
	struct context c = attached(p, O_RDWR);
	struct dk_cxlflash_attach again;

	CHECK_RC(enable(q), 0);
	CHECK_RC(reuse(q, c.id, &again), 0);
	CHECK_EQ(again.adap_fd, ALL_ONES);
	CHECK(!(again.hdr.return_flags & DK_CXLFLASH_APP_CLOSE_ADAP_FD));
	CHECK_EQ(again.context_id, c.id);
	CHECK_EQ(again.last_lba, q->blocks - 1);
	CHECK_EQ(again.block_size, q->block_bytes);
	opened_direct(p, c.id);
	CHECK_EQ(opened_direct(q, c.id), 1);
	evidence("adap_fd 0xffffffffffffffff, return_flags 0x%llx, same id; both LUNs usable in the one context",
		 (unsigned long long)again.hdr.return_flags);
}

static void not_reusable(void)
{
	struct path *p = pick(0, TWO_PORTS | TWO_ADAPTERS), *q = other_port(p), *far = other_adapter(p);
	struct path *r = other_lun(p);
	struct context c = attached(p, O_RDWR), d = attached(far, O_RDWR);

	CHECK_RC(enable(q), 0);
	CHECK_RC(enable(r), 0);
	CHECK_RC(reuse(p, c.id, NULL), -EINVAL);
	CHECK_RC(reuse(q, c.id, NULL), -EINVAL);
	CHECK_RC(reuse(r, c.id ^ 1ull << 40, NULL), -EINVAL);
	CHECK_RC(reuse(r, 0, NULL), -EINVAL);
	CHECK_RC(reuse(r, d.id, NULL), -EINVAL);
	CHECK_RC(reuse(far, c.id, NULL), -EINVAL);
	CHECK_RC(reuse(r, c.id, NULL), 0);
	evidence("same path, the LUN's other port, unknown ids, another adapter's id in both directions: EINVAL; "
		 "another "
		 "LUN of the adapter: 0");
}

static void two_contexts(void)
{
	struct path *p = pick(0, 0);
	struct context a = attached(p, O_RDWR), b;

	CHECK_RC(attach(p, O_RDWR, &b), 0);
	CHECK(a.id != b.id && (uint32_t)a.id != (uint32_t)b.id && a.fd != b.fd);
	CHECK_EQ(opened_direct(p, a.id), 0);
	CHECK_EQ(opened_direct(p, b.id), 0);
	finish(&a);
	CHECK_RC(verify(p, b.id, 0, NULL), 0);
	evidence("ids 0x%016llx and 0x%016llx, each with a handle 0 of its own; one survives the other",
		 (unsigned long long)a.id, (unsigned long long)b.id);
}

/* ---- 34 ------------------------------------------------------------------------------------------------- */

static unsigned int all_contexts(struct path *p, int *error)
{
	unsigned int n = 0;
	int rc;

	while (!(rc = attach_with(p, 1, NULL)) && n < 600)
		n++;
	*error = rc;
	return n;
}

static unsigned int open_files(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void exhaustion(void)
{
	struct path *p = pick(1, 0), *q = pick(0, 0);
	unsigned int files, used, n;
	struct rlimit limit;
	struct context c = attached(q, O_RDWR);
	int rc;

	finish(&c);
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	files = open_files();
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &(struct rlimit){files, limit.rlim_max}), 0);
	rc = attach_with(q, 4, NULL);
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &(struct rlimit){1024, limit.rlim_max}), 0);
	CHECK_RC(rc, -ENODEV);
	CHECK_RC(attach_with(q, 4, NULL), 0);

	used = lab_counter("irqs", "adapter %u ", q->adapter->index);
	lab("irqs %u %u", q->adapter->index, used + 3);
	CHECK_RC(attach_with(q, 4, NULL), -ENOSPC);
	CHECK_RC(attach_with(q, 3, NULL), 0);
	lab("irqs %u 2037", q->adapter->index);

	CHECK_RC(enable(p), 0);
	n = all_contexts(p, &rc);
	CHECK_RC(rc, -ENODEV);
	CHECK_EQ(n, 511);
	evidence("after 511 contexts (512 with the driver's own) ENODEV; with %u files open of %u ENODEV; 3 interrupts "
		 "left, 4 wanted: ENOSPC (lab)",
		 files, files);
}

/* ---- 35 to 39 --------------------------------------------------------------------------------------------- */

static void capacity(void)
{
	struct path *p = pick(0, ONE_PORT);
	struct context c;
	uint8_t wwid[16]; /* a number that the driver has never seen: its cache outlives this program */

	CHECK_EQ(getrandom(wwid, sizeof(wwid), 0), 16);
	CHECK_RC(manage(p, wwid, DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE), 0);
	lab("unreadable %s 50", place(p));
	CHECK_RC(attach(p, O_RDWR, &c), -ENODEV);
	CHECK_RC(attach(p, O_RDWR, &c), -ENODEV);
	lab("unreadable %s 0", place(p));
	CHECK_RC(attach(p, O_RDWR, &c), 0);
	CHECK_EQ(c.attached.last_lba, p->blocks - 1);
	finish(&c);
	lab("unreadable %s 50", place(p));
	CHECK_RC(attach(p, O_RDWR, &c), 0);
	CHECK_EQ(c.attached.last_lba, p->blocks - 1);
	finish(&c);
	evidence("new WWID, READ CAPACITY(16) failing: ENODEV; once read, ATTACH works though it fails again");
}

struct foreign {
	struct path *path;
	uint64_t id, handle;
	bool grandchild;
};

static void use_foreign(void *arg)
{
	struct foreign *f = arg;

	all_context_ioctls_give(f->path, f->id, f->handle, -EINVAL);
	if (!f->grandchild) {
		f->grandchild = true;
		run_child(use_foreign, f);
	}
}

static void foreign_context(void)
{
	struct path *p = pick(0, TWO_PORTS), *q = other_port(p);
	struct context c = attached(p, O_RDWR);
	struct foreign f = {.path = p, .id = c.id, .handle = opened_virtual(p, c.id, 1)};

	CHECK_RC(enable(q), 0);
	run_child(use_foreign, &f);
	f = (struct foreign){.path = q, .id = c.id, .handle = f.handle};
	run_child(use_foreign, &f);
	CHECK_RC(resize(p, c.id, f.handle, 0, NULL), 0);
	evidence("child and grandchild, both paths of the LUN: 9 requests each EINVAL");
}

static void *use_in_thread(void *arg)
{
	struct context *c = arg;
	uint64_t h = opened_direct(c->path, c->id);

	CHECK_RC(verify(c->path, c->id, h, NULL), 0);
	CHECK_RC(release(c->path, c->id, h), 0);
	CHECK_RC(recover(c->path, c->id, NULL), 0);
	CHECK_RC(detach(c->path, c->id), 0);
	return NULL;
}

static void threads(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	pthread_t thread;

	CHECK_EQ(pthread_create(&thread, NULL, use_in_thread, &c), 0);
	CHECK_EQ(pthread_join(thread, NULL), 0);
	CHECK_RC(detach(p, c.id), -EINVAL);
	evidence("USER_DIRECT, VERIFY, RELEASE, RECOVER_AFU, DETACH from a second thread: 0");
}

static void last_lba(void)
{
	struct path *p = pick(0, BLOCKS_512), *q = pick(0, BLOCKS_4096);
	struct context c = attached(p, O_RDWR), d = attached(q, O_RDWR);

	CHECK_EQ(c.attached.last_lba, p->blocks - 1);
	CHECK_EQ(d.attached.last_lba, q->blocks - 1);
	evidence("%llu for %llu blocks of 512; %llu for %llu blocks of 4096", (unsigned long long)c.attached.last_lba,
		 (unsigned long long)p->blocks, (unsigned long long)d.attached.last_lba, (unsigned long long)q->blocks);
}

static void permissions(void)
{
	static const struct {
		int mode, read, write;
	} modes[] = {
		{O_RDONLY, 0, AFU_RC_RHT_RW_PERM},
		{O_WRONLY, AFU_RC_RHT_RW_PERM, 0},
		{O_RDWR, 0, 0},
		{3, AFU_RC_RHT_RW_PERM, AFU_RC_RHT_RW_PERM},
	};
	struct path *p = pick(0, 0);
	char block[4096] = {0};

	for (int virtual = 0; virtual < 2; virtual ++)
		for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
			struct context c = attached(p, modes[i].mode);
			uint64_t h = virtual ? opened_virtual(p, c.id, 1) : opened_direct(p, c.id);
			struct queue *q = open_queue(&c);

			CHECK_EQ(queue_read(q, h, 0, block), modes[i].read);
			CHECK_EQ(queue_write(q, h, 0, block), modes[i].write);
			close_queue(q);
			finish(&c);
		}
	evidence("direct and virtual handles: read and write of O_RDONLY 0, 05; O_WRONLY 05, 0; O_RDWR 0, 0; mode 3: "
		 "05, "
		 "05 (afu_rc by the lab from the permissions the driver wrote)");
}

const struct test attach_tests[] = {
	{26, "num_interrupts 5 gives EINVAL; below `irqs_min` EINVAL on a cxl-type adapter; 4 works", "driver, lab",
	 interrupts, 0},
	{27, "a first ATTACH returns APP_CLOSE_ADAP_FD, a fd, mmio_size 65536, max_xfer 16777216 / block_size",
	 "driver", first_attach, 0},
	{28, "SQ_CMD_MODE is set exactly when the AFU has that capability", "driver", command_mode, 0},
	{29, "the fd is close-on-exec and O_RDWR; fdinfo shows flags 02000002", "lab", descriptor_flags, 0},
	{30, "context_id: low half below 512, high half non-zero; a changed high half gives EINVAL", "driver", cookie,
	 0},
	{31, "REUSE returns adap_fd all ones, no APP_CLOSE flag, the same context_id", "driver", reused, 0},
	{32, "REUSE with a LUN already attached, an unknown id, another adapter's id gives EINVAL", "driver",
	 not_reusable, 0},
	{33, "two ATTACHes without REUSE by one process give two contexts", "driver", two_contexts, 0},
	{34, "context exhaustion and a full fd table give ENODEV; interrupt exhaustion ENOSPC", "driver, lab",
	 exhaustion, 120},
	{35, "an unreadable capacity at first ATTACH gives ENODEV; capacity is cached per WWID afterwards", "driver",
	 capacity, 0},
	{36, "another process using the context id gets EINVAL for every ioctl, never EACCES or EPERM", "driver",
	 foreign_context, 0},
	{37, "threads of the owner process may use the context", "driver", threads, 0},
	{38, "last_lba of ATTACH is in device blocks", "driver", last_lba, 0},
	{39, "O_RDONLY contexts yield handles whose writes fail with afu_rc 0x05", "driver, lab", permissions, 0},
	{0},
};
