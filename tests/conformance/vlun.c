/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 51-69: virtual LUNs. vlun_size.c tests sizes and chunks; this file tests ports, syncs, the LUN table and
 * wipes.
 */
#include "vlun.h"
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "states.h"
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t virtual_flags(struct path *p, uint64_t id)
{
	struct dk_cxlflash_uvirtual req = {.context_id = id, .lun_size = 1};

	CHECK_RC(call(disk(p), DK_CXLFLASH_USER_VIRTUAL, &req), 0);
	CHECK_RC(release(p, id, req.rsrc_handle), 0);
	return req.hdr.return_flags;
}

static void all_ports_active(void)
{
	struct path *p = pick(0, TWO_PORTS | TWO_ADAPTERS), *q = other_port(p);
	struct context c = attached(p, O_RDWR);

	CHECK_RC(enable(other_adapter(p)), 0);
	CHECK_EQ(virtual_flags(p, c.id), 0);
	CHECK_RC(enable(q), 0);
	CHECK_EQ(virtual_flags(p, c.id), DK_CXLFLASH_ALL_PORTS_ACTIVE);
	CHECK_EQ(virtual_flags(q, c.id), DK_CXLFLASH_ALL_PORTS_ACTIVE);
	CHECK_RC(disable(q), 0);
	CHECK_EQ(virtual_flags(p, c.id), 0);
	evidence("one port here and one on another adapter: return_flags 0; two ports: 1 through either; one again: 0");
}

static void resize_physical(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);

	CHECK_RC(resize(p, c.id, h, 0, NULL), -EINVAL);
	CHECK_RC(resize(p, c.id, h, 1, NULL), -EINVAL);
	CHECK_RC(resize(p, c.id, h, p->blocks, NULL), -EINVAL);
	CHECK_RC(verify(p, c.id, h, NULL), 0);
	evidence("sizes 0, 1 and the LUN's: EINVAL, the handle stays");
}

static void sync_fails(void)
{
	struct path *p = pick(0, BLOCKS_4096);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, 1), last;
	unsigned int a = p->adapter->index;

	lab("fault %u fail afu 1 0x30", a);
	CHECK_RC(resize(p, c.id, h, 3 * 65536, NULL), -EAGAIN); /* grow */
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, 3 * 65536 - 1);
	lab("fault %u fail afu 1 0x30", a);
	CHECK_RC(resize(p, c.id, h, 3 * 65536, NULL), -EAGAIN); /* the same */
	CHECK_RC(resize(p, c.id, h, 3 * 65536, &last), 0);
	CHECK_EQ(last, 3 * 65536 - 1);
	lab("fault %u fail afu 1 0x30", a);
	CHECK_RC(resize(p, c.id, h, 65536, NULL), -EAGAIN); /* shrink */
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, 65535);
	CHECK_RC(resize(p, c.id, h, 65536, &last), 0);
	evidence("sync refused by the AFU: grow, same size and shrink EAGAIN, VERIFY has the new size, repeated 0");
}

/* ---- the LUN table ---------------------------------------------------------------------------------------- */

struct table {
	uint64_t slot[256];
};

static struct table read_table(const struct adapter *a, unsigned int port)
{
	char name[NAME], text[16384], *at = text;
	struct table t;

	snprintf(name, sizeof(name), "port%u_lun_table", port);
	CHECK(read_host(a, name, text, sizeof(text)) > 0);
	for (unsigned int i = 0; i < 256; i++) {
		CHECK_EQ(strtoul(at, &at, 10), i);
		t.slot[i] = strtoull(at + 1, &at, 16);
	}
	return t;
}

static uint64_t slot(const struct adapter *a, unsigned int port, unsigned int index)
{
	return read_table(a, port).slot[index];
}

static uint64_t lun_id(const struct path *p)
{
	return (uint64_t)p->lun << 48;
}

/* A slot is taken at the first USER_VIRTUAL, and kept while the path stays enabled. */
static void take_slot(struct path *p)
{
	struct context c = attached(p, O_RDWR);

	opened_virtual(p, c.id, 0);
	finish(&c);
}

static void lun_table(void)
{
	renew(0);
	struct path *p = pick(0, TWO_PORTS), *q = other_port(p), *two = pick(0, TWO_PORTS | BLOCKS_512), *single = NULL;
	struct machine *m = machine();
	struct adapter *a = p->adapter;

	for (unsigned int i = 0; i < m->n_paths && !single; i++)
		if (m->path[i].adapter == a && m->path[i].port == 1 && m->path[i].lun != p->lun &&
		    m->path[i].lun != two->lun)
			single = &m->path[i];
	CHECK(single && two->lun != p->lun);
	for (unsigned int i = 0; i < 2; i++)
		CHECK(!slot(a, i, 0) && !slot(a, i, 255));
	CHECK_RC(enable(q), 0);
	take_slot(p);
	CHECK_EQ(slot(a, 0, 0), lun_id(p));
	CHECK_EQ(slot(a, 1, 0), lun_id(p));
	CHECK(!slot(a, 0, 1) && !slot(a, 1, 1));

	take_slot(single);
	CHECK_EQ(slot(a, 1, 255), lun_id(single));
	CHECK(!slot(a, 0, 255));
	struct path *alone = pick(0, ONE_PORT);
	CHECK_EQ(alone->port, 0);
	take_slot(alone);
	CHECK_EQ(slot(a, 0, 255), lun_id(alone));

	CHECK_RC(enable(other_port(two)), 0);
	take_slot(two);
	CHECK_EQ(slot(a, 0, 1), lun_id(two));
	CHECK_EQ(slot(a, 1, 1), lun_id(two));
	take_slot(two);
	CHECK(!slot(a, 0, 2));
	evidence("LUN %u on both ports: slot 0 of each; LUN %u on port 1: 255 there only; LUN %u on port 0: 255 there; "
		 "next "
		 "two-port LUN: 1",
		 p->lun, single->lun, alone->lun);
}

static struct path *other_lun_of_port(struct path *p)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (m->path[i].adapter == p->adapter && m->path[i].port == p->port && m->path[i].lun != p->lun)
			return &m->path[i];
	FAIL("%s is alone on its port", p->disk);
}

static void lun_table_full(void)
{
	uint8_t wwid[16] = {0x60, 0x0f, 0x00, 0x64};
	unsigned int n;
	int rc = 0;

	renew(0);
	struct path *p = pick(0, ONE_PORT);
	renew_afterwards(p->adapter); /* the only way to free the slots */
	for (n = 0; !rc && n < 300; n++) {
		struct context c;

		wwid[14] = n >> 8;
		wwid[15] = n;
		CHECK_RC(manage(p, wwid, DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE), 0);
		CHECK_RC(attach(p, O_RDWR, &c), 0);
		rc = user_virtual(p, c.id, 0, NULL, NULL);
		finish(&c);
	}
	CHECK_RC(rc, -ENOSPC);
	CHECK_EQ(n, 256);
	struct path *q = other_lun_of_port(p);
	struct context c = attached(q, O_RDWR);
	CHECK_RC(user_virtual(q, c.id, 0, NULL, NULL), -ENOSPC);
	CHECK_RC(user_direct(q, c.id, NULL, NULL), 0);
	evidence("255 WWIDs on one port, then ENOSPC, for other LUNs of that port too; USER_DIRECT needs no slot");
}

/* The slot that a LUN was given on port 0, or -1. The other slots must be unchanged. */
static int taken(struct path *p, struct table *before)
{
	struct table after;
	int found = -1;

	take_slot(p);
	after = read_table(p->adapter, 0);
	for (int i = 0; i < 256; i++) {
		if (after.slot[i] == before->slot[i])
			continue;
		CHECK_EQ(found, -1);
		CHECK_EQ(after.slot[i], lun_id(p));
		found = i;
	}
	*before = after;
	return found;
}

static void new_slot(void)
{
	struct path *p = pick(0, TWO_PORTS), *q = other_port(p);
	struct table table = read_table(p->adapter, 0);
	int first;

	CHECK_RC(enable(p), 0);
	CHECK_RC(enable(q), 0);
	first = taken(p, &table);
	CHECK(first >= 0);
	CHECK_RC(disable(p), 0); /* one of two paths: the slot is kept */
	CHECK_RC(enable(p), 0);
	CHECK_EQ(taken(p, &table), -1);
	CHECK_RC(disable(p), 0);
	CHECK_RC(disable(q), 0);
	CHECK_RC(enable(q), 0);
	CHECK_RC(enable(p), 0);
	CHECK_EQ(taken(p, &table), first + 1);
	CHECK_EQ(table.slot[first], lun_id(p)); /* the old content stays */
	CHECK_EQ(slot(p->adapter, 1, first + 1), lun_id(p));
	evidence("one of two paths disabled and enabled: still slot %d; both: slot %d, slot %d keeps its content",
		 first, first + 1, first);
}

static void direct_needs_no_slot(void)
{
	struct path *p = pick(0, TWO_PORTS);
	struct context c = attached(p, O_RDWR);
	struct table before[2], after[2];

	for (unsigned int port = 0; port < 2; port++)
		before[port] = read_table(p->adapter, port);
	struct queue *q = open_queue(&c);
	uint64_t h = opened_direct(p, c.id);
	put_mark(q, h, 3, 66);
	CHECK(disk_has_mark(p, 3, 66));
	for (unsigned int port = 0; port < 2; port++)
		after[port] = read_table(p->adapter, port);
	CHECK(!memcmp(before, after, sizeof(before)));
	close_queue(q);
	finish(&c);
	CHECK(taken(p, &before[0]) >= 0); /* a virtual LUN takes a slot */
	evidence("both tables the same before and after, while a block was written through the handle; USER_VIRTUAL "
		 "then "
		 "takes a slot");
}

/* ---- 67 to 69 ---------------------------------------------------------------------------------------------- */

static void beyond(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, chunk_blocks(p));
	struct queue *q = open_queue(&c);
	char block[4096] = {0};

	CHECK_RC(queue_read(q, h, 65535, block), 0);
	CHECK_EQ(queue_read(q, h, 65536, block), AFU_RC_LXT_OUT_OF_BOUNDS);
	CHECK_EQ(queue_write(q, h, 1ull << 40, block), AFU_RC_LXT_OUT_OF_BOUNDS);
	CHECK_EQ(queue_read(q, h + 1, 0, block), AFU_RC_RHT_INVALID);
	CHECK_EQ(queue_read(q, sysconf(_SC_PAGESIZE) / 16, 0, block), AFU_RC_RHT_OUT_OF_BOUNDS);
	CHECK_RC(resize(p, c.id, h, 0, NULL), 0);
	CHECK_EQ(queue_read(q, h, 0, block), AFU_RC_LXT_OUT_OF_BOUNDS);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_EQ(queue_read(q, h, 0, block), AFU_RC_RHT_INVALID);
	close_queue(q);
	evidence("beyond a vlun of one chunk and of none 13; unopened and released handle 01; beyond the table 03 (the "
		 "lab's "
		 "AFU, from the tables the driver wrote)");
}

/* A virtual LUN of chunk 0 and more chunks, to be wiped; with a mark in block 7. */
static uint64_t wiped_vlun(struct context *c, unsigned int chunks)
{
	struct path *p = c->path;
	struct dk_cxlflash_uvirtual req = {.context_id = c->id,
					   .lun_size = chunks * chunk_blocks(p),
					   .hdr.flags = DK_CXLFLASH_UVIRTUAL_NEED_WRITE_SAME};
	char block[4096];

	CHECK_RC(call(disk(p), DK_CXLFLASH_USER_VIRTUAL, &req), 0);
	mark(p, block, 68);
	disk_write(p, 7, block);
	CHECK(disk_has_mark(p, 7, 68));
	return req.rsrc_handle;
}

static void exit_with_vlun(void *path)
{
	struct context c;

	CHECK_RC(attach(path, O_RDWR, &c), 0);
	wiped_vlun(&c, 1);
}

static void wipe_limit_is_not_zero(struct path *p)
{
	char name[PLACE], text[NAME];

	/* the driver's loop would never end */
	snprintf(name, sizeof(name), "/sys/class/block/%s/queue", p->disk + 5);
	CHECK(read_attribute(name, "write_zeroes_max_bytes", text, sizeof(text)) > 0);
	if (!strcmp(text, "0\n"))
		not_observable("%s takes no WRITE SAME", p->disk);
}

/* The driver gives WRITE SAME the chunk's number as its LBA (contract 3.14), so only chunk 0 is wiped correctly. */
static void wipes_wrong_blocks(struct path *p)
{
	struct context c = attached(p, O_RDWR);
	uint64_t h = wiped_vlun(&c, 2);
	char block[4096];

	mark(p, block, 69);
	disk_write(p, 65536, block);	 /* block 0 of chunk 1 */
	disk_write(p, 65536 + 9, block); /* block 9 of chunk 1 */
	CHECK_RC(resize(p, c.id, h, 1, NULL), 0);
	CHECK(disk_is_zero(p, 65536));
	CHECK(disk_has_mark(p, 65536 + 9, 69));
	CHECK(disk_is_zero(p, 7)); /* of chunk 0, which is still in use */
	memset(block, 0, sizeof(block));
	disk_write(p, 65536 + 9, block);
	finish(&c);
}

static void wipes(void)
{
	struct path *p = pick(0, ONE_PORT | ONE_ADAPTER | BLOCKS_4096);
	struct context c;
	uint64_t h;

	wipe_limit_is_not_zero(p);
	c = attached(p, O_RDWR);
	h = wiped_vlun(&c, 1);
	CHECK_RC(resize(p, c.id, h, 0, NULL), 0); /* shrink */
	CHECK(disk_is_zero(p, 7));
	CHECK_RC(release(p, c.id, h), 0);
	h = wiped_vlun(&c, 1);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK(disk_is_zero(p, 7));
	wiped_vlun(&c, 1);
	CHECK_RC(detach(p, c.id), 0);
	CHECK(disk_is_zero(p, 7));
	close(c.fd);
	CHECK_RC(attach(p, O_RDWR, &c), 0);
	wiped_vlun(&c, 1);
	close(c.fd);
	CHECK(disk_is_zero(p, 7));
	run_child(exit_with_vlun, p);
	CHECK(disk_is_zero(p, 7));

	CHECK_RC(attach(p, O_RDWR, &c), 0);
	h = wiped_vlun(&c, 1);
	lab("fault %u fail scsi 50 0x31", p->adapter->index);
	CHECK_RC(release(p, c.id, h), 0);
	lab("fault %u fail scsi 0", p->adapter->index);
	CHECK(disk_has_mark(p, 7, 68));
	h = opened_virtual(p, c.id, 1); /* without the flag */
	CHECK_RC(release(p, c.id, h), 0);
	CHECK(disk_has_mark(p, 7, 68));
	finish(&c);
	wipes_wrong_blocks(p);
	evidence("chunk 0 is zeros after VLUN_RESIZE, RELEASE, DETACH, close, exit; WRITE SAME failing: RELEASE 0, "
		 "content "
		 "stays. Freeing chunk 1 wipes LBAs 1 to 65536: one block of it, and 65535 of chunk 0, still in use");
}

static void survives_recover(void)
{
	struct path *p = pick(0, ONE_PORT | ONE_ADAPTER);
	struct context c = attached(p, O_RDWR);
	uint64_t a = opened_virtual(p, c.id, 1), b = opened_virtual(p, c.id, 1);
	struct dk_cxlflash_recover_afu answer;
	struct queue *q = open_queue(&c);

	put_mark(q, a, 11, 690);
	put_mark(q, b, 11, 691);
	reset_adapter(p->adapter);
	CHECK_RC(recover(p, c.id, &answer), 0);
	close_queue(q);
	close(c.fd);
	c.id = answer.context_id;
	c.fd = answer.adap_fd;
	q = open_queue(&c);
	CHECK(has_mark(q, a, 11, 690));
	CHECK(has_mark(q, b, 11, 691));

	CHECK_RC(release(p, c.id, a), 0);
	CHECK_RC(release(p, c.id, b), 0);
	b = opened_virtual(p, c.id, 1);
	CHECK(!has_mark(q, b, 11, 691)); /* it has another chunk */
	CHECK(has_mark(q, b, 11, 690));
	close_queue(q);
	evidence("after a reset and RECOVER_AFU both vluns hold their marks; released and opened again, a vlun is "
		 "another "
		 "chunk with the mark of the other vlun");
}

const struct test vlun_tests[] = {
	{51, "chunk = 65536 device blocks for every block size", "driver, lab", chunk_size, 0},
	{52, "sizes round up to whole chunks; all rows of the example table hold", "driver", example_sizes, 0},
	{53, "size 0 gives last_lba 0xFFFFFFFFFFFFFFFF on creation and on resize to 0", "driver", size_zero, 0},
	{54, "vlun last_lba is in 4 KiB blocks also on 512-byte devices", "driver, lab", size_unit, 0},
	{55, "a grow with some but too little space succeeds with a smaller last_lba; with none it gives ENOSPC",
	 "driver", short_of_space, 0},
	{56, "USER_VIRTUAL on a LUN below 65536 blocks gives ENOMEM", "driver", too_small, 0},
	{57, "the trailing partial chunk is never allocated", "driver", partial_chunk, 0},
	{58, "a fresh LUN hands out chunks 0, 1, 2, ...", "driver, lab", chunk_order, 0},
	{59, "the allocator is shared between adapters that enabled the same WWID", "driver, lab", shared_allocator, 0},
	{60, "ALL_PORTS_ACTIVE appears when two or more paths of this adapter are enabled for the WWID", "driver",
	 all_ports_active, 0},
	{61, "RESIZE of a physical LUN gives EINVAL", "driver", resize_physical, 0},
	{62, "a failed AFU sync gives EAGAIN from RESIZE with the new size in effect; repeating succeeds", "driver",
	 sync_fails, 0},
	{63, "the first USER_VIRTUAL writes the LUN table: multi-port from 0 up, single-port from 255 down", "driver",
	 lun_table, 120},
	{64, "the 256th LUN on an adapter gives ENOSPC from USER_VIRTUAL", "driver", lun_table_full, 240},
	{65, "DISABLE and re-ENABLE of all paths consumes a new slot at the next USER_VIRTUAL", "driver", new_slot, 0},
	{66, "USER_DIRECT leaves the LUN table alone", "driver", direct_needs_no_slot, 0},
	{67, "I/O beyond the vlun fails with afu_rc 0x13, on an unopened handle with 0x01", "lab", beyond, 0},
	{68, "NEED_WRITE_SAME wipes on shrink, release, detach, close and exit; failures are not reported",
	 "driver, lab", wipes, 120},
	{69, "vlun contents survive RECOVER but not the release of the handle", "driver, lab", survives_recover, 0},
	{0},
};
