/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 51-59: sizes of virtual LUNs and the location of their chunks. vlun.c tests the rest.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"
#include "vlun.h"

#include <errno.h>
#include <fcntl.h>

uint64_t chunk_blocks(const struct path *p)
{
	return 65536ull * p->block_bytes / 4096;
}

/* Writes a mark to a virtual LUN and returns its LBA on the disk, within chunks 0 to `chunks` - 1. */
uint64_t chunk_of(struct queue *q, struct path *p, uint64_t handle, uint64_t vlba, unsigned int chunks)
{
	static uint32_t number;

	put_mark(q, handle, vlba, ++number);
	for (uint64_t chunk = 0; chunk < chunks; chunk++)
		if (disk_has_mark(p, chunk * 65536 + vlba % 65536, number))
			return chunk;
	FAIL("block %llu of the virtual LUN is not in the disk's first %u chunks", (unsigned long long)vlba, chunks);
}

void chunk_size(void)
{
	struct path *paths[] = {pick(0, BLOCKS_512), pick(0, BLOCKS_4096)};
	char block[4096] = {0};

	for (int i = 0; i < 2; i++) {
		struct path *p = paths[i];
		struct context c = attached(p, O_RDWR);
		uint64_t a = opened_virtual(p, c.id, 1), b = opened_virtual(p, c.id, 1);
		struct queue *q = open_queue(&c);

		put_mark(q, a, 65535, 510 + i);
		CHECK(disk_has_mark(p, 65535, 510 + i));
		put_mark(q, b, 0, 512 + i);
		CHECK(disk_has_mark(p, 65536, 512 + i));
		CHECK_EQ(queue_read(q, a, 65536, block), AFU_RC_LXT_OUT_OF_BOUNDS);
		close_queue(q);
		finish(&c);
	}
	evidence("blocks of 512 and of 4096: block 65535 of the first vlun of one chunk is LBA 65535, block 0 of the "
		 "second "
		 "LBA 65536");
}

void example_sizes(void)
{
	static const struct {
		uint64_t request, last_512, last_4096;
	} rows[] = {
		{0, ALL_ONES, ALL_ONES},
		{1, 8191, 65535},
		{8192, 8191, 65535},
		{8193, 16383, 65535},
		{65536, 65535, 65535},
		{65537, 73727, 131071},
		{1ull << 52, ALL_ONES, ALL_ONES},
		{(1ull << 52) + 1, 8191, 65535}, /* wraps */
	};
	struct path *paths[] = {pick(0, BLOCKS_512), pick(0, BLOCKS_4096)};

	for (int i = 0; i < 2; i++) {
		struct context c = attached(paths[i], O_RDWR);
		uint64_t h, last, resized = opened_virtual(paths[i], c.id, 1);

		for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
			uint64_t want = i ? rows[r].last_4096 : rows[r].last_512;

			CHECK_RC(user_virtual(paths[i], c.id, rows[r].request, &h, &last), 0);
			CHECK_EQ(last, want);
			CHECK_RC(verify(paths[i], c.id, h, &last), 0);
			CHECK_EQ(last, want);
			CHECK_RC(resize(paths[i], c.id, resized, rows[r].request, &last), 0);
			CHECK_EQ(last, want);
			CHECK_RC(release(paths[i], c.id, h), 0);
		}
	}
	evidence("all rows for blocks of 512 and 4096, by USER_VIRTUAL, VERIFY and VLUN_RESIZE; 2^52 wraps to 0");
}

void size_zero(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h, last;

	CHECK_RC(user_virtual(p, c.id, 0, &h, &last), 0);
	CHECK_EQ(last, ALL_ONES);
	CHECK_RC(resize(p, c.id, h, 1, &last), 0);
	CHECK_EQ(last, chunk_blocks(p) - 1);
	CHECK_RC(resize(p, c.id, h, 0, &last), 0);
	CHECK_EQ(last, ALL_ONES);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, ALL_ONES);
	evidence("0xffffffffffffffff from USER_VIRTUAL, VLUN_RESIZE to 0 and VERIFY");
}

void size_unit(void)
{
	struct path *p = pick(0, BLOCKS_512);
	struct context c = attached(p, O_RDWR);
	char block[4096] = {0};
	uint64_t h, last;

	CHECK_RC(user_virtual(p, c.id, 3 * 8192, &h, &last), 0);
	CHECK_EQ(last, 3 * 8192 - 1);
	struct queue *q = open_queue(&c);
	CHECK_RC(queue_read(q, h, 3 * 65536 - 1, block), 0);
	CHECK_EQ(queue_read(q, h, 3 * 65536, block), AFU_RC_LXT_OUT_OF_BOUNDS);
	close_queue(q);
	evidence("three chunks of a 512-byte device: last_lba 24575, last readable device block 196607");
}

void short_of_space(void)
{
	struct path *p = pick(0, ONE_PORT | ONE_ADAPTER | BLOCKS_4096);
	struct context c = attached(p, O_RDWR);
	uint64_t chunk = chunk_blocks(p), all = p->blocks / 65536, a, b, z, last;

	CHECK(all >= 16);
	CHECK_RC(user_virtual(p, c.id, (all - 6) * chunk, &a, &last), 0);
	CHECK_EQ(last, (all - 6) * chunk - 1);
	CHECK_RC(user_virtual(p, c.id, 2 * chunk, &b, NULL), 0);
	CHECK_RC(resize(p, c.id, b, 10 * chunk, &last), 0);
	CHECK_EQ(last, 6 * chunk - 1);
	CHECK_RC(resize(p, c.id, b, 7 * chunk, &last), -ENOSPC);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -ENOSPC);
	CHECK_RC(user_virtual(p, c.id, 0, &z, &last), 0);
	CHECK_RC(resize(p, c.id, z, 1, NULL), -ENOSPC);
	CHECK_RC(resize(p, c.id, a, chunk, &last), 0);
	CHECK_RC(user_virtual(p, c.id, all * chunk, NULL, &last), 0);
	CHECK_EQ(last, (all - 7) * chunk - 1);
	evidence("%llu chunks: a grow by 8 with 4 free gives 4 and 0; one by 1 with none ENOSPC, also from "
		 "USER_VIRTUAL, "
		 "but not of size 0",
		 (unsigned long long)all);
}

void too_small(void)
{
	struct path *p = extra_lun(56, 65535 * 4096ull, 4096, 0, 0);
	struct context c = attached(p, O_RDWR);

	CHECK_EQ(c.attached.last_lba, 65534);
	CHECK_RC(user_virtual(p, c.id, 0, NULL, NULL), -ENOMEM);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -ENOMEM);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), 0);
	evidence("65535 blocks: ENOMEM, of size 0 too; USER_DIRECT 0");
}

void partial_chunk(void)
{
	struct path *p = extra_lun(57, (2 * 65536 + 65535) * 512ull, 512, 0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t last;

	CHECK_EQ(c.attached.last_lba, 3 * 65536 - 2);
	CHECK_RC(user_virtual(p, c.id, 3 * 8192, NULL, &last), 0);
	CHECK_EQ(last, 2 * 8192 - 1);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -ENOSPC);
	evidence("196607 blocks: two chunks and no more");
}

void chunk_order(void)
{
	struct path *p = pick(0, ONE_PORT | BLOCKS_4096);

	for (int round = 0; round < 2; round++) {
		struct context c = attached(p, O_RDWR);
		uint64_t a = opened_virtual(p, c.id, 3 * chunk_blocks(p)), b = opened_virtual(p, c.id, 1);
		struct queue *q = open_queue(&c);

		for (unsigned int i = 0; i < 3; i++)
			CHECK_EQ(chunk_of(q, p, a, i * 65536 + 7, 8), i);
		CHECK_EQ(chunk_of(q, p, b, 7, 8), 3);
		CHECK_RC(resize(p, c.id, a, 4 * chunk_blocks(p), NULL), 0);
		CHECK_EQ(chunk_of(q, p, a, 3 * 65536 + 7, 8), 4);
		CHECK_RC(release(p, c.id, b), 0); /* its chunk is the lowest free one now */
		CHECK_EQ(chunk_of(q, p, opened_virtual(p, c.id, 1), 7, 8), 3);
		close_queue(q);
		finish(&c);
	}
	evidence("marks sent to chunks of three vluns found on the disk: 0, 1, 2, then 3, then 4; chunk 3 again once "
		 "freed; "
		 "0, 1, 2 again after all handles went");
}

void shared_allocator(void)
{
	struct path *p = pick(0, TWO_ADAPTERS | ONE_PORT), *far = other_adapter(p);
	struct context c = attached(p, O_RDWR), d = attached(far, O_RDWR);
	uint64_t chunk = chunk_blocks(p), all = p->blocks / 65536, last;
	uint64_t a = opened_virtual(p, c.id, 1), b = opened_virtual(far, d.id, 1);
	struct queue *q = open_queue(&c), *r = open_queue(&d);

	CHECK_EQ(chunk_of(q, p, a, 5, 4), 0);
	CHECK_EQ(chunk_of(r, p, b, 5, 4), 1);
	CHECK_RC(resize(p, c.id, a, all * chunk, &last), 0);
	CHECK_EQ(last, (all - 1) * chunk - 1);
	CHECK_RC(resize(far, d.id, b, 2 * chunk, NULL), -ENOSPC);
	CHECK_RC(resize(p, c.id, a, chunk, NULL), 0);
	CHECK_RC(resize(far, d.id, b, 2 * chunk, &last), 0);
	CHECK_EQ(last, 2 * chunk - 1);
	close_queue(q);
	close_queue(r);
	evidence("adapter 0 has chunk 0, adapter 1 chunk 1; all the rest taken by one: ENOSPC on the other; given "
		 "back: 0");
}
