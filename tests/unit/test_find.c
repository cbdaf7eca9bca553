/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of LUNs and adapters on the command line: the object that they name, or the reason why there is none.
 */
#include "discover/topology.h"
#include "tree.h"
#include "unit.h"

#include <limits.h>

#define LUN1 "60050768010818000000000000000001"
#define LUN2 "60050768010818000000000100000001"

static struct cxlf_topology topology;
static struct cxlf_err err;
static unsigned lun, path;

static int find(const char *text, bool suffix)
{
	lun = path = 4711;
	return cxlf_find_lun("/saved", &topology, text, (struct cxlf_lun_query){.allow_suffix = suffix}, &lun, &path,
			     &err);
}

static void finds(const char *text, bool suffix, unsigned want_lun, unsigned want_path)
{
	ok(!find(text, suffix) && lun == want_lun && path == want_path, text);
}

static void fails(const char *text, bool suffix, enum cxlf_code code)
{
	find(text, suffix);
	is(err.code, code, *text ? text : "nothing");
	ok(*err.message && *err.cause && *err.fix, "the error has message, cause and fix");
}

static void luns(void)
{
	finds(LUN1, false, 0, UINT_MAX);
	finds("naa." LUN2, false, 1, UINT_MAX);
	finds("3" LUN2, false, 1, UINT_MAX);
	finds("0100000001", true, 1, UINT_MAX);
	finds("2:0:0:1", false, 1, 1);
	finds("/dev/sda", false, 0, 0);
	finds("/dev/sg1", false, 1, 1);
	finds("/dev/disk/by-id/wwn-0x" LUN1, false, 0, UINT_MAX);
	finds("/dev/disk/by-id/scsi-3" LUN2, false, 1, UINT_MAX);
	fails("00000001", true, CXLF_E_LUN_AMBIGUOUS);
	fails("0100000001", false, CXLF_E_BAD_WWID);
	fails("0000001", true, CXLF_E_BAD_WWID);
	fails("2:0:0:a", true, CXLF_E_BAD_WWID);
	fails("ffffffff", true, CXLF_E_LUN_NOT_FOUND);
	fails("60050768010818000000000000000009", false, CXLF_E_LUN_NOT_FOUND);
	fails("60050768010818000000000000000001z", false, CXLF_E_BAD_WWID);
	fails("2:0:0:9", false, CXLF_E_LUN_NOT_FOUND);
	fails("2:0:0:2", false, CXLF_E_NO_IDENTITY);
	fails("/dev/sdc", false, CXLF_E_NO_IDENTITY);
	fails("/dev/sdz", false, CXLF_E_LUN_NOT_FOUND);
	fails("/", false, CXLF_E_LUN_NOT_FOUND);
	fails("/dev/", false, CXLF_E_LUN_NOT_FOUND);
	fails("", false, CXLF_E_BAD_WWID);
	fails(".", false, CXLF_E_BAD_WWID);
	fails("sda", false, CXLF_E_BAD_WWID);
	is_text(err.fix, "name the node: /dev/sda", "the fix names the node");
}

static void live_nodes(void)
{
	is(cxlf_find_lun("", &topology, "/dev/null", (struct cxlf_lun_query){0}, &lun, &path, &err), -1, "/dev/null");
	is(err.code, CXLF_E_NOT_CXLFLASH, "a device of another driver is refused");
	cxlf_find_lun("", &topology, "/", (struct cxlf_lun_query){0}, &lun, &path, &err);
	is(err.code, CXLF_E_NOT_CXLFLASH, "a directory is not a device");
	cxlf_find_lun("", &topology, "/dev/no-such-node", (struct cxlf_lun_query){0}, &lun, &path, &err);
	is(err.code, CXLF_E_LUN_NOT_FOUND, "a missing node is not found");
}

static void by_wwid(void)
{
	unsigned found = 9;

	ok(cxlf_find_wwid(&topology, &topology.lun[1].wwid, &found) && found == 1, "a LUN is found by its WWID");
	ok(!cxlf_find_wwid(&topology, &(struct cxlf_wwid){{0}}, &found) && found == 1, "an unknown WWID is not found");
	ok(!cxlf_find_wwid(&(struct cxlf_topology){0}, &topology.lun[1].wwid, &found), "without LUNs nothing is found");
}

static void nodes(void)
{
	const struct cxlf_path named = {.sd = "sda", .sg = "sg1"}, unnamed = {.sd = ""};

	ok(cxlf_path_has_node(&named, "sda"), "the disk is a node of the path");
	ok(cxlf_path_has_node(&named, "sda12"), "a partition is a node of the path");
	ok(cxlf_path_has_node(&named, "sg1"), "the sg device is a node of the path");
	ok(!cxlf_path_has_node(&named, "sdab"), "a disk with a longer name is not a node of the path");
	ok(!cxlf_path_has_node(&named, "sda1x"), "a name with other characters is not a partition");
	ok(!cxlf_path_has_node(&named, "sg12"), "another sg device is not a node of the path");
	ok(!cxlf_path_has_node(&unnamed, "") && !cxlf_path_has_node(&unnamed, "1"), "a path without nodes has no node");
}

static void joined_modes(void)
{
	static const struct {
		enum cxlf_mode mode[3], joined;
		const char *says;
	} cases[] = {
		{{CXLF_MODE_LEGACY, CXLF_MODE_LEGACY, CXLF_MODE_LEGACY}, CXLF_MODE_LEGACY, "all legacy"},
		{{CXLF_MODE_SUPERPIPE, CXLF_MODE_SUPERPIPE, CXLF_MODE_SUPERPIPE}, CXLF_MODE_SUPERPIPE, "all superpipe"},
		{{CXLF_MODE_LEGACY, CXLF_MODE_SUPERPIPE, CXLF_MODE_LEGACY},
		 CXLF_MODE_MIXED,
		 "legacy and superpipe are mixed"},
		{{CXLF_MODE_LEGACY, CXLF_MODE_UNKNOWN, CXLF_MODE_LEGACY}, CXLF_MODE_UNKNOWN, "one unknown"},
		{{CXLF_MODE_LEGACY, CXLF_MODE_UNKNOWN, CXLF_MODE_SUPERPIPE},
		 CXLF_MODE_MIXED,
		 "legacy, superpipe and unknown"},
		{{CXLF_MODE_UNKNOWN, CXLF_MODE_UNKNOWN, CXLF_MODE_UNKNOWN}, CXLF_MODE_UNKNOWN, "all unknown"},
	};
	unsigned index[] = {0, 1, 2};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cxlf_path of[3] = {
			{.mode = cases[i].mode[0]}, {.mode = cases[i].mode[1]}, {.mode = cases[i].mode[2]}};
		struct cxlf_lun joined = {.n_paths = 3, .path = index};

		cxlf_lun_join_modes(&(struct cxlf_topology){.path = of, .n_paths = 3}, &joined);
		is(joined.mode, cases[i].joined, cases[i].says);
	}
}

static void adapters(void)
{
	static const char *const names[] = {"host2",
					    "0006:00:00.0",
					    "0020:01:00.0",
					    "card0",
					    "cxlflash0",
					    "/dev/cxlflash/cxlflash0",
					    "U78CB.001.WZS-P1-C3"};
	unsigned index = 9;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		index = 9;
		ok(!cxlf_find_adapter(&topology, names[i], &index, &err) && index == 0, names[i]);
	}
	is(cxlf_find_adapter(&topology, "cxlflash7", &index, &err), -1, "an unknown adapter fails");
	is(err.code, CXLF_E_ADAPTER_NOT_FOUND, "its code is ADAPTER_NOT_FOUND");
	is_text(err.cause, "the adapters are: cxlflash0 (0006:00:00.0)", "the cause lists the adapters");
	is(cxlf_find_adapter(&topology, "", &index, &err), -1, "an empty name is not an adapter");
}

int main(void)
{
	const char *root = tree_begin();
	const char *function = tree_adapter(TREE_BARE_METAL, 0, 0x04f0, 2);

	tree_path(function, 2, 0, 0, 0, LUN1, "legacy");
	tree_path(function, 2, 0, 1, 1, LUN2, "legacy");
	tree_path(function, 2, 0, 2, 2, NULL, "legacy");
	tree_text("", "sys/class/cxlflash/cxlflash0/uevent");
	cxlf_discover(root, CXLF_WANT_ALL, &topology, &err);
	luns();
	live_nodes();
	by_wwid();
	nodes();
	joined_modes();
	adapters();
	cxlf_topology_free(&topology);
	tree_end();
	return done();
}
