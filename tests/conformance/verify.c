/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 78-84: VERIFY.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define NOT_WRITTEN 0x7777

/* VERIFY with sense data in descriptor format; last_lba is NOT_WRITTEN if the driver did not answer. */
static int verify_key_fd(int fd, uint64_t id, uint64_t handle, uint8_t key, uint8_t asc, uint64_t *last_lba)
{
	struct dk_cxlflash_verify req = {
		.context_id = id,
		.rsrc_handle = handle,
		.hint = DK_CXLFLASH_VERIFY_HINT_SENSE,
		.last_lba = NOT_WRITTEN,
		.sense_data = {0x72, key, asc},
	};
	int rc = call(fd, DK_CXLFLASH_VERIFY, &req);

	*last_lba = req.last_lba;
	return rc;
}

static int verify_key(struct context *c, uint64_t handle, uint8_t key, uint8_t asc, uint64_t *last_lba)
{
	return verify_key_fd(disk(c->path), c->id, handle, key, asc, last_lba);
}

static void wwid_text(const uint8_t wwid[16], char text[static 33])
{
	for (int i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", wwid[i]);
}

static void change_capacity(const struct path *p, uint64_t blocks)
{
	char text[33];

	wwid_text(p->wwid, text);
	lab("capacity %s %" PRIu64, text, blocks * p->block_bytes);
}

static uint64_t pending(const struct path *p)
{
	return lab_counter("pending", "path %s ", place(p));
}

static void no_command(void)
{
	struct path *p = pick(0, ONE_PORT);
	struct context c = attached(p, O_RDWR);
	struct dk_cxlflash_verify req = {.context_id = c.id,
					 .rsrc_handle = opened_direct(p, c.id),
					 .last_lba = 7,
					 .sense_data = {0x72, 6, 0x2a}};

	lab("sense %s 6 29 0 1", place(p)); /* any next command would receive this */
	CHECK_EQ(pending(p), 1);
	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, &req), 0);
	CHECK_EQ(req.last_lba, p->blocks - 1);
	req.hint = ~DK_CXLFLASH_VERIFY_HINT_SENSE;
	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, &req), 0);
	CHECK_EQ(req.last_lba, p->blocks - 1);
	CHECK_EQ(req.hdr.return_flags, 0);
	CHECK_EQ(pending(p), 1);
	evidence("0 and the size; a unit attention waiting on the path is still there; all other hint bits: the same");
}

static void zero_sense(void)
{
	static const uint8_t bad[][18] = {{0}, {0x60}, {0x6f, 0, 6}, {0x0a}};
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_RC(verify_sense(p, c.id, h, bad[i], NULL), -EINVAL);
	evidence("all zero, and response codes 0x60, 0x6f, 0x0a: EINVAL");
}

static void fixed_format(void)
{
	static const struct {
		uint8_t sense[18];
		int want;
	} cases[] = {
		{{0x70, 0, 6, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0x29}, -EIO},
		{{0x70, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2a}, -EIO},
		{{0x70, 0, 6, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0x29}, 0},
		{{0x71, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2a}, 0},
		{{0xf0, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2a}, 0}, /* bit 7 is not part of the response code */
	};
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_RC(verify_sense(p, c.id, h, cases[i].sense, NULL), cases[i].want);
	evidence("70/06/29 and 70/06/2a with byte 7 = 4 and 0: EIO; with 5 and 10: 0");
}

struct newcomer {
	uint8_t wwid[16];
};

static bool has_come(void *arg)
{
	struct newcomer *n = arg;

	rediscover();
	return path_by_wwid(n->wwid, 0);
}

/* A LUN that the host does not know yet appears by the rescan. Looking for it closes the paths' disks. */
static void rescan(struct context *c, uint64_t handle)
{
	struct newcomer n = {.wwid = {0x60, 0x02, 0x53, 0x80, 0x00, 0xc0, 0xf0, [14] = 0x81}};
	int fd = dup(disk(c->path));
	char text[33];
	uint64_t last;

	do /* a LUN that no earlier run has made */
		n.wwid[15]++;
	while (path_by_wwid(n.wwid, 0));
	wwid_text(n.wwid, text);
	lab("lun %s size=1G bs=4096 on=0.0:%u", text, 200 + n.wwid[15]);
	sleep_ms(500);
	CHECK(!has_come(&n));
	CHECK_RC(verify_key_fd(fd, c->id, handle, 6, 0x3f, &last), 1);
	CHECK_EQ(last, NOT_WRITTEN);
	wait_until("the disk of a LUN that only the rescan can find", has_come, &n, 30);
}

static void sense_keys(void)
{
	struct path *p = pick(0, ONE_PORT);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id), last, size = p->blocks - 1;

	CHECK_RC(verify_key(&c, h, 6, 0x29, &last), 0);
	CHECK_EQ(last, size);
	CHECK_RC(verify_key(&c, h, 6, 0x2a, &last), 0);
	CHECK_EQ(last, size);
	for (int asc = 0; asc < 256; asc++)
		if (asc != 0x29 && asc != 0x2a && asc != 0x3f)
			CHECK_RC(verify_key(&c, h, 6, asc, &last), -EIO);
	for (int key = 0; key < 16; key++)
		if (key != 6) {
			CHECK_RC(verify_key(&c, h, key, 0x29, &last), key < 3 ? 1 : -EIO);
			CHECK_EQ(last, NOT_WRITTEN);
		}
	rescan(&c, h);
	contradicted(
		"keys 0, 1, 2 and 6/3F (which does rescan): the ioctl returns +1, last_lba is not written; 6/29 and "
		"6/2A 0 with the size, 6/other and keys 3-5, 7-15 EIO as stated");
}

static void other_process_verifies(void *arg)
{
	struct path *p = arg;
	struct context c;
	uint64_t last;

	CHECK_RC(attach(p, O_RDWR, &c), 0);
	CHECK_RC(verify_key(&c, opened_direct(p, c.id), 6, 0x29, &last), 0);
}

static void new_capacity(void)
{
	struct path *p = extra_lun(82, 4 * 65536 * 4096ull, 4096, 0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id), last, old = p->blocks, bigger = 6 * 65536, smaller = 3 * 65536;

	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, old - 1);
	change_capacity(p, bigger);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, old - 1);
	CHECK_RC(verify_key(&c, h, 6, 0x2a, &last), 0);
	CHECK_EQ(last, bigger - 1);
	change_capacity(p, smaller);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, bigger - 1);
	run_child(other_process_verifies, p);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, smaller - 1);

	CHECK_RC(release(p, c.id, h), 0);
	h = opened_virtual(p, c.id, 2 * 65536);
	change_capacity(p, old);
	CHECK_RC(verify_key(&c, h, 6, 0x2a, &last), 0);
	CHECK_EQ(last, 2 * 65536 - 1);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(user_direct(p, c.id, NULL, &last), 0);
	CHECK_EQ(last, old - 1);
	evidence("direct: old size until a 29/2A report, by this process or another; a vlun's size stays through one");
}

static void unreadable(void)
{
	struct path *p = pick(0, ONE_PORT);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id), last;

	lab("unreadable %s 50", place(p));
	CHECK_RC(verify_key(&c, h, 6, 0x29, &last), -ENODEV);
	CHECK_RC(verify_key(&c, h, 6, 0x2a, &last), -ENODEV);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_EQ(last, p->blocks - 1);
	lab("unreadable %s 0", place(p));
	CHECK_RC(verify_key(&c, h, 6, 0x29, &last), 0);
	evidence("6/29 and 6/2A with READ CAPACITY(16) failing: ENODEV; without a hint 0 and the cached size");
}

static void hint_in_flags(void)
{
	struct path *p = pick(0, ONE_PORT);
	struct context c = attached(p, O_RDWR);
	struct dk_cxlflash_verify req = {
		.hdr.flags = DK_CXLFLASH_VERIFY_HINT_SENSE,
		.context_id = c.id,
		.rsrc_handle = opened_direct(p, c.id),
	};

	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, &req), 0); /* zero sense data would be EINVAL */
	CHECK_EQ(req.last_lba, p->blocks - 1);
	req.hdr.return_flags = 0;
	req.sense_data[0] = 0x72;
	req.sense_data[1] = 3; /* would be EIO */
	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, &req), 0);
	evidence("zero and medium-error sense data: 0 and the size");
}

const struct test verify_tests[] = {
	{78, "without HINT_SENSE no device command is sent and the cached size is returned", "driver", no_command, 0},
	{79, "HINT_SENSE with all-zero sense gives EINVAL", "driver", zero_sense, 0},
	{80, "fixed format with byte 7 below 5 counts as ASC 0: unit attention then gives EIO", "driver", fixed_format,
	 0},
	{81, "keys 0, 1, 2 give 0; 6/29 and 6/2A re-read capacity; 6/3F rescans; 6/other and other keys give EIO",
	 "driver", sense_keys, 120},
	{82, "a capacity change shows in VERIFY of a physical handle only after a 29/2A report; vluns unaffected",
	 "driver", new_capacity, 0},
	{83, "a failing READ CAPACITY in that path gives ENODEV", "driver", unreadable, 0},
	{84, "HINT_SENSE in `flags` instead of `hint` has no effect", "driver", hint_in_flags, 0},
	{0},
};
