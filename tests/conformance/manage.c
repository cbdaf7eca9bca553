/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 15-25: MANAGE_LUN.
 *
 * A context must never be closed while its path is out of superpipe mode, or has another WWID than the one it
 * was attached with: the driver's clean-up then warns, leaks, or follows a NULL pointer. Tests that
 * create this state leave it before their first check.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "states.h"
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define ENABLE DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE
#define DISABLE DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE

static const uint8_t foreign[16] = {0x60, 0xde, 0xad};

static unsigned int superpipe_paths(void)
{
	struct machine *m = machine();
	unsigned int n = 0;

	for (unsigned int i = 0; i < m->n_paths; i++)
		n += is_superpipe(&m->path[i]);
	return n;
}

static void starts_legacy(void)
{
	struct machine *m = machine();

	CHECK_EQ(superpipe_paths(), 0);
	for (unsigned int i = 0; i < m->n_paths; i++) {
		struct context c;

		CHECK_RC(attach(&m->path[i], O_RDWR, &c), -EINVAL);
		all_context_ioctls_give(&m->path[i], 0, 0, -EINVAL);
	}
	evidence("%u paths: mode legacy, 10 context requests on each EINVAL", m->n_paths);
}

static void enables_one_path(void)
{
	struct path *p = pick(0, TWO_PORTS | TWO_ADAPTERS);

	CHECK_RC(enable(p), 0);
	CHECK(is_superpipe(p));
	CHECK(!is_superpipe(other_port(p)));
	CHECK(!is_superpipe(other_adapter(p)));
	CHECK_EQ(superpipe_paths(), 1);
	CHECK_RC(enable(p), 0);
	CHECK_EQ(superpipe_paths(), 1);
	evidence("1 of %u paths superpipe; its LUN's other paths legacy; second ENABLE 0", machine()->n_paths);
}

static void flag_combinations(void)
{
	struct path *p = pick(0, 0);

	CHECK_RC(manage(p, p->wwid, 0), 0);
	CHECK(!is_superpipe(p));
	CHECK_RC(manage(p, p->wwid, ENABLE | DISABLE), 0);
	CHECK(is_superpipe(p));
	CHECK_RC(manage(p, p->wwid, 0), 0);
	CHECK_RC(manage(p, foreign, 0), 0);
	CHECK(is_superpipe(p));
	CHECK_RC(manage(p, p->wwid, ENABLE | DISABLE), 0);
	CHECK(is_superpipe(p));
	finish(&(struct context[]){attached(p, O_RDWR)}[0]);
	evidence("none: 0, mode as before in both modes; both: superpipe from legacy and from superpipe");
}

static void any_wwid(void)
{
	struct path *p = pick(0, 0);
	uint8_t wwids[3][16];

	memset(wwids[0], 0, 16);
	memset(wwids[1], 0xff, 16);
	memcpy(wwids[2], "no WWID at all!!", 16);
	for (int i = 0; i < 3; i++) {
		struct context c;

		CHECK_RC(manage(p, wwids[i], ENABLE), 0);
		CHECK(is_superpipe(p));
		CHECK_RC(attach(p, O_RDWR, &c), 0);
		opened_direct(p, c.id);
		CHECK_RC(manage(p, wwids[i], DISABLE), -EBUSY);
		finish(&c);
		CHECK_RC(manage(p, wwids[i], DISABLE), 0);
		CHECK(!is_superpipe(p));
	}
	evidence("all zeros, all ones, text: ENABLE 0, a handle opens, DISABLE EBUSY with it and 0 after it");
}

static void busy_anywhere(void)
{
	struct path *p = pick(0, TWO_PORTS | TWO_ADAPTERS), *q = other_port(p), *far = other_adapter(p);
	struct context c = attached(p, O_RDWR);

	CHECK_RC(enable(q), 0);
	CHECK_RC(enable(far), 0);
	for (int virtual = 0; virtual < 2; virtual ++) {
		uint64_t h = virtual ? opened_virtual(p, c.id, 1) : opened_direct(p, c.id);

		CHECK_RC(disable(p), -EBUSY);
		CHECK_RC(disable(q), -EBUSY);
		CHECK_RC(disable(far), -EBUSY);
		CHECK(is_superpipe(p) && is_superpipe(q) && is_superpipe(far));
		CHECK_RC(release(p, c.id, h), 0);
		CHECK_RC(disable(far), 0);
		CHECK_RC(disable(q), 0);
		CHECK_RC(enable(q), 0);
		CHECK_RC(enable(far), 0);
	}
	evidence("direct and virtual handle through one path: EBUSY on it, on the other port, on the other adapter; "
		 "after "
		 "RELEASE 0");
}

static void disable_attached(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	int disabled = disable(p), detached = detach(p, c.id), legacy = !is_superpipe(p), enabled = enable(p);

	CHECK_RC(disabled, 0);
	CHECK(legacy);
	CHECK_RC(detached, -EINVAL);
	CHECK_RC(enabled, 0);
	CHECK_RC(detach(p, c.id), 0);
	evidence("DISABLE 0, mode legacy, DETACH EINVAL");
}

static void enable_again(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	int disabled = disable(p), without = detach(p, c.id), enabled = enable(p);

	CHECK_RC(disabled, 0);
	CHECK_RC(without, -EINVAL);
	CHECK_RC(enabled, 0);
	opened_direct(p, c.id);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(detach(p, c.id), -EINVAL);
	evidence("DETACH EINVAL while legacy; after ENABLE with the same WWID USER_DIRECT and DETACH 0");
}

static void wrong_wwid(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);
	int own = disable(p), other, refused, enabled;
	bool legacy;

	other = manage(p, foreign, DISABLE);
	legacy = !is_superpipe(p);
	refused = release(p, c.id, h);
	enabled = enable(p);
	CHECK_RC(own, -EBUSY);
	CHECK_RC(other, 0);
	CHECK(legacy);
	CHECK_RC(refused, -EINVAL);
	CHECK_RC(enabled, 0);
	CHECK_RC(release(p, c.id, h), 0);
	evidence("handle open: DISABLE with its own WWID EBUSY, with another 0 and the path is legacy, RELEASE EINVAL; "
		 "ENABLE with its own repairs it");
}

static void no_return_flags(void)
{
	static const uint64_t flags[] = {
		ENABLE, ENABLE, 0, ENABLE | DISABLE, DISABLE, ENABLE | DK_CXLFLASH_MANAGE_LUN_ALL_PORTS_ACCESSIBLE};
	struct path *p = pick(0, TWO_PORTS | TWO_ADAPTERS);

	CHECK_RC(enable(other_port(p)), 0);
	CHECK_RC(enable(other_adapter(p)), 0);
	remember_enable(p, p->wwid);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct dk_cxlflash_manage_lun req = {.hdr.flags = flags[i]}, before;

		memcpy(req.wwid, p->wwid, 16);
		memset(req.reserved, 0x5a, sizeof(req.reserved));
		before = req;
		CHECK_RC(call(disk(p), DK_CXLFLASH_MANAGE_LUN, &req), 0);
		CHECK_EQ(req.hdr.return_flags, 0);
		CHECK(!memcmp(&req, &before, sizeof(req)));
	}
	evidence("six flag combinations with all paths enabled: return_flags 0, no field written");
}

/* Both transitions, in a separate thread, so that waiting is detected. */
static void manage_twice(void *path)
{
	CHECK_RC(enable(path), 0);
	CHECK(is_superpipe(path));
	CHECK_RC(disable(path), 0);
	CHECK(!is_superpipe(path));
}

static void works_in_any_state(void)
{
	struct path *p = pick(0, 0);

	disk(p);
	freeze(p->adapter);
	pid_t pid = start_child(manage_twice, p);
	CHECK(!child_blocks(pid, 2000));
	finish_child(pid, 1);
	thaw(p->adapter);

	fail_adapter(p->adapter);
	pid = start_child(manage_twice, p);
	CHECK(!child_blocks(pid, 2000));
	finish_child(pid, 1);
	evidence("ENABLE and DISABLE 0 at once while frozen (state RESET) and after a failed reset (FAILTERM)");
}

static void legacy_io(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	char block[4096];

	opened_direct(p, c.id);
	mark(p, block, 25);
	disk_write(p, p->blocks - 1, block);
	CHECK(disk_has_mark(p, p->blocks - 1, 25));
	memset(block, 0, sizeof(block));
	disk_write(p, p->blocks - 1, block);
	CHECK(disk_is_zero(p, p->blocks - 1));
	evidence("%s in superpipe mode, with a handle open: the last block written and read through the kernel",
		 p->disk);
}

const struct test manage_tests[] = {
	{15, "every path starts in legacy mode; all context ioctls there give EINVAL", "driver", starts_legacy, 0},
	{16, "ENABLE makes `mode` read superpipe on that path only; a second ENABLE succeeds", "driver",
	 enables_one_path, 0},
	{17, "both flags together act as ENABLE; no flag succeeds and changes nothing visible", "driver",
	 flag_combinations, 0},
	{18, "any 16 bytes are accepted as WWID, all zero included", "driver", any_wwid, 0},
	{19, "DISABLE with an open handle on the WWID anywhere gives EBUSY, also from another adapter's path", "driver",
	 busy_anywhere, 0},
	{20, "DISABLE with attached contexts but no handles succeeds; then DETACH on that path gives EINVAL", "driver",
	 disable_attached, 0},
	{21, "after 20, ENABLE with the same WWID makes DETACH work again", "driver", enable_again, 0},
	{22, "DISABLE with a different WWID succeeds despite open handles", "driver", wrong_wwid, 0},
	{23, "return_flags stays 0; 0x2000000000000000 is never returned", "driver", no_return_flags, 0},
	{24, "MANAGE_LUN works during RESET and in FAILTERM without blocking", "driver", works_in_any_state, 120},
	{25, "legacy reads and writes still work on a path in superpipe mode", "driver", legacy_io, 0},
	{0},
};
