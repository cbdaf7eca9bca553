/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mode switch without the driver: the plan, paths that need no switch, refusals, and a check that fails before
 * anything is changed. test_lock.c tests the locks; the lab tests the switch itself.
 */
#include "lun/switch.h"
#include "unit.h"

#include <limits.h>

static struct cxlf_adapter adapters[] = {
	{.pci = "0001:00:00.0", .host = 1, .name = "cxlflash0", .label = "cxlflash0 (0001:00:00.0)"},
	{.pci = "0002:00:00.0", .host = 2}};
static struct cxlf_path paths[] = {
	{.adapter = 0, .host = 1, .hctl = "1:0:0:1", .mode = CXLF_MODE_LEGACY, .sd = "none1", .sg = "none1"},
	{.adapter = 0, .host = 1, .hctl = "1:1:0:1", .mode = CXLF_MODE_SUPERPIPE, .sd = "none2", .sg = "none2"},
	{.adapter = 1, .host = 2, .hctl = "2:0:0:1", .mode = CXLF_MODE_LEGACY, .sd = "none3", .sg = "none3"},
	{.adapter = 1, .host = 2, .hctl = "2:0:0:2", .mode = CXLF_MODE_LEGACY, .sd = "none4", .sg = "none4"},
};
static unsigned of_mixed[] = {0, 1, 2}, of_other[] = {3};
static struct cxlf_lun luns[] = {
	{.wwid = {{0x60, 1}}, .mode = CXLF_MODE_MIXED, .n_paths = 3, .path = of_mixed, .n_adapters = 2},
	{.wwid = {{0x60, 2}}, .mode = CXLF_MODE_LEGACY, .n_paths = 1, .path = of_other, .n_adapters = 1}};
static const struct cxlf_topology topology = {
	.adapter = adapters, .n_adapters = 2, .path = paths, .n_paths = 4, .lun = luns, .n_luns = 2};

/* A step as letters: needed, done, rolled back; mode before and after. */
static const char *step(const struct cxlf_switch *sw, unsigned i)
{
	static char text[80];
	const struct cxlf_switch_step *at = sw->step + i;

	snprintf(text, sizeof(text), "%s %s>%s%s%s%s", topology.path[at->path].hctl, cxlf_mode_name(at->before),
		 cxlf_mode_name(at->after), at->needed ? " needed" : "", at->done ? " done" : "",
		 at->rolled_back ? " back" : "");
	return text;
}

static void plans(void)
{
	struct cxlf_switch sw = {.mode = CXLF_MODE_SUPERPIPE, .dry_run = true, .only_path = UINT_MAX, .warning = "old"};
	struct cxlf_err err;

	is(cxlf_lun_switch("/saved", &topology, 0, &sw, &err), 0, "a dry run on a saved tree gives the plan");
	is(sw.n_steps, 3, "the plan has one step for each path of the LUN");
	is_text(step(&sw, 0), "1:0:0:1 legacy>legacy needed", "a path in legacy mode needs the switch");
	is_text(step(&sw, 1), "1:1:0:1 superpipe>superpipe", "a path in superpipe mode needs no switch");
	is_text(step(&sw, 2), "2:0:0:1 legacy>legacy needed", "a path on another adapter needs the switch");
	ok(!sw.changed && !*sw.warning, "nothing is changed and there is no warning");
	cxlf_switch_free(&sw);
	ok(!sw.step && !sw.n_steps, "the plan is freed");
	sw.only_path = 2;
	cxlf_lun_switch("/saved", &topology, 0, &sw, &err);
	is(sw.n_steps, 1, "a named path has one step");
	is_text(step(&sw, 0), "2:0:0:1 legacy>legacy needed", "the step is for the named path");
	cxlf_switch_free(&sw);
	sw.only_path = 3;
	is(cxlf_lun_switch("/saved", &topology, 0, &sw, &err), -1, "a path of another LUN is refused");
	is(err.code, CXLF_E_BUG, "its code is BUG");
	cxlf_switch_free(&sw);
}

static void needs_nothing(void)
{
	struct cxlf_switch sw = {.mode = CXLF_MODE_LEGACY, .only_path = UINT_MAX};
	struct cxlf_err err;

	is(cxlf_lun_switch("", &topology, 1, &sw, &err), 0,
	   "a LUN that is already in the mode needs no lock and no device");
	is(sw.n_steps, 1, "the plan has its path");
	ok(!sw.changed, "nothing is changed");
	cxlf_switch_free(&sw);
	sw.mode = CXLF_MODE_SUPERPIPE;
	sw.only_path = 1;
	is(cxlf_lun_switch("", &topology, 0, &sw, &err), 0,
	   "a named path that is already in the mode needs no lock either");
	cxlf_switch_free(&sw);
}

static void refuses(void)
{
	struct cxlf_switch sw = {.mode = CXLF_MODE_SUPERPIPE, .only_path = UINT_MAX};
	struct cxlf_err err;

	is(cxlf_lun_switch("/saved", &topology, 0, &sw, &err), -1, "a LUN of a saved tree is not switched");
	is(err.code, CXLF_E_USAGE, "its code is USAGE");
	ok(strstr(err.fix, "--dry-run"), "the fix suggests --dry-run");
	is(sw.n_steps, 3, "the plan still has every path");
	cxlf_switch_free(&sw);
	sw.dry_run = true;
	is(cxlf_lun_switch("", &topology, 0, &sw, &err), -1, "a path that does not answer stops a dry run");
	is(err.code, CXLF_E_DEVICE_GONE, "the code is DEVICE_GONE");
	is_text(err.object, "cxlflash0 (0001:00:00.0)", "the error names the adapter");
	ok(!sw.changed && !sw.step[0].done && !sw.step[2].done, "nothing is changed");
	cxlf_switch_free(&sw);
}

int main(void)
{
	plans();
	needs_nothing();
	refuses();
	return done();
}
