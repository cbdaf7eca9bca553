/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Baselines: a written file is read back, an invalid file is refused with the place, and a failed write keeps the old
 * file.
 */
#include "lun/baseline.h"
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ONE "60050768018087a1f0000000000000a1"
#define TWO "60050768018087a1f0000000000000a2"
#define LUN(wwid, size, block) "{\"wwid\":\"" wwid "\",\"size_bytes\":" size ",\"block_bytes\":" block "}"
#define FILE_OF(luns) "{\"schema\":\"cxlflash.baseline/1\",\"luns\":" luns "}"

static int parse(const char *text, struct cxlf_baseline *baseline, struct cxlf_err *err)
{
	return cxlf_baseline_parse(text, strlen(text), "FILE", baseline, err);
}

static void good(void)
{
	struct cxlf_baseline baseline;
	struct cxlf_wwid wwid;
	struct cxlf_err err;

	ok(!parse(FILE_OF("[" LUN(TWO, "8589934592", "4096") "," LUN(ONE, "512", "512") "]"), &baseline, &err),
	   "two LUNs");
	is(baseline.n, 2, "both LUNs are read");
	cxlf_wwid_parse(TWO, &wwid);

	const struct cxlf_baseline_lun *lun = cxlf_baseline_find(&baseline, &wwid);

	ok(lun && lun->size_bytes == 8589934592 && lun->block_bytes == 4096,
	   "a LUN is found by WWID, in any order of the file");
	wwid.byte[15] = 0;
	ok(!cxlf_baseline_find(&baseline, &wwid), "an unknown WWID is not found");
	cxlf_baseline_free(&baseline);
	ok(!parse(FILE_OF("[]") "\n", &baseline, &err) && !baseline.n && !cxlf_baseline_find(&baseline, &wwid),
	   "a baseline without LUNs");
	cxlf_baseline_free(&baseline);
	ok(!parse("{\"luns\":[],\"more\":{\"a\":[1]},\"schema\":\"cxlflash.baseline/1\"}", &baseline, &err),
	   "unknown keys are ignored");
	cxlf_baseline_free(&baseline);
}

#define WITH_PATHS(paths) FILE_OF("[{\"wwid\":\"" ONE "\",\"size_bytes\":512,\"block_bytes\":512,\"paths\":" paths "}]")

static void paths(void)
{
	struct cxlf_baseline baseline, again;
	char file[] = "/tmp/cxlf-baseline-XXXXXX";
	struct cxlf_err err;
	int fd = mkstemp(file);

	ok(!parse(WITH_PATHS("[{\"adapter\":\"0001:00:00.0\",\"port\":1,\"lun\":3}]"), &baseline, &err) &&
		   baseline.lun[0].n_paths == 1 && baseline.lun[0].path[0].port == 1 &&
		   baseline.lun[0].path[0].lun == 3,
	   "a LUN with a path");
	ok(fd >= 0 && !cxlf_baseline_write(file, &baseline, &err) && !cxlf_baseline_read(file, &again, &err) &&
		   again.lun[0].n_paths == 1 && !strcmp(again.lun[0].path[0].adapter, "0001:00:00.0"),
	   "its path is read back");
	cxlf_baseline_free(&baseline);
	cxlf_baseline_free(&again);
	close(fd);
	unlink(file);
}

static void damaged(void)
{
	static const struct {
		const char *text, *cause;
	} list[] = {
		{"", "not a JSON document"},
		{"{", "not a JSON document"},
		{"hello", "not a JSON document"},
		{"[]", "not a JSON object"},
		{"null", "not a JSON object"},
		{"7", "not a JSON object"},
		{"{}", "schema"},
		{"{\"schema\":7,\"luns\":[]}", "schema"},
		{"{\"schema\":\"cxlflash.lun.list/1\",\"luns\":[]}", "schema"},
		{"{\"schema\":\"cxlflash.baseline/1\"}", "no array luns"},
		{FILE_OF("{}"), "no array luns"},
		{FILE_OF("[1]"), "luns[0] is not an object"},
		{FILE_OF("[null]"), "luns[0] is not an object"},
		{FILE_OF("[{}]"), "luns[0].wwid"},
		{FILE_OF("[" LUN("abc", "512", "512") "]"), "luns[0].wwid is not a valid WWID"},
		{FILE_OF("[" LUN(ONE, "512", "512") "," LUN(TWO, "-1", "512") "]"),
		 "luns[1].size_bytes is out of range"},
		{FILE_OF("[" LUN(ONE, "0", "512") "]"), "luns[0].size_bytes is out of range"},
		{FILE_OF("[" LUN(ONE, "9223372036854775808", "512") "]"), "luns[0].size_bytes is out of range"},
		/* json-c 0.18 refuses it, older versions return the largest number */
		{FILE_OF("[" LUN(ONE, "99999999999999999999999", "512") "]"), ""},
		{FILE_OF("[" LUN(ONE, "5.5", "512") "]"), "luns[0].size_bytes is missing or not a whole number"},
		{FILE_OF("[" LUN(ONE, "\"512\"", "512") "]"), "luns[0].size_bytes is missing or not a whole number"},
		{FILE_OF("[" LUN(ONE, "512", "null") "]"), "luns[0].block_bytes is missing"},
		{FILE_OF("[" LUN(ONE, "512", "1000000") "]"), "luns[0].block_bytes is out of range"},
		{FILE_OF("[" LUN(ONE, "512", "512") "," LUN(ONE, "512", "512") "]"), "LUN " ONE " twice"},
		{WITH_PATHS("{}"), "paths is not an array"},
		{WITH_PATHS("[7]"), "a path is not an object"},
		{WITH_PATHS("[{\"adapter\":\"0001:00:00.0'\",\"port\":1,\"lun\":3}]"), "not a PCI address"},
		{WITH_PATHS("[{\"adapter\":\"0001:00:00.0\",\"port\":-1,\"lun\":3}]"), "port is out of range"},
		{WITH_PATHS("[{\"adapter\":\"0001:00:00.0\",\"port\":1}]"), "lun is missing"},
		{FILE_OF("[]") "x", "not a JSON document"},
		{FILE_OF("[]") FILE_OF("[]"), "not a JSON document"},
		{FILE_OF("[],}"), "not a JSON document"},
		{FILE_OF("[[[[[[[[[[[[[[]]]]]]]]]]]]]]"), "not a JSON document"},
	};
	struct cxlf_baseline baseline;
	struct cxlf_err err;

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		ok(parse(list[i].text, &baseline, &err) && err.code == CXLF_E_BAD_CONFIG && !baseline.lun,
		   *list[i].text ? list[i].text : "an empty file");
		if (!ok(strstr(err.cause, list[i].cause) && strstr(err.message, "FILE"), "the cause names the error"))
			printf("# %s\n", err.cause);
	}
	ok(cxlf_baseline_parse(FILE_OF("[]") "\0x", sizeof(FILE_OF("[]")) + 1, "FILE", &baseline, &err) &&
		   strstr(err.cause, "NUL"),
	   "text after a NUL is refused");
}

static void files(const char *folder)
{
	struct cxlf_baseline_lun luns[] = {{.size_bytes = 1ull << 40, .block_bytes = 4096},
					   {.size_bytes = 512, .block_bytes = 512}};
	struct cxlf_baseline baseline = {.lun = luns, .n = 2}, again;
	char file[64], link[64];
	struct cxlf_err err;
	struct stat st;

	cxlf_wwid_parse(TWO, &luns[0].wwid);
	cxlf_wwid_parse(ONE, &luns[1].wwid);
	snprintf(file, sizeof(file), "%s/state", folder);
	snprintf(link, sizeof(link), "%s/none/state", folder);
	ok(!cxlf_baseline_write(file, &baseline, &err), "a new file is written");
	ok(!cxlf_baseline_write(file, &baseline, &err), "a file is replaced");
	ok(!stat(file, &st) && (st.st_mode & 07777) == 0644, "the file has mode 0644");
	ok(!cxlf_baseline_read(file, &again, &err) && again.n == 2 && !memcmp(again.lun, luns, sizeof(luns)),
	   "the file is read back");
	cxlf_baseline_free(&again);
	ok(cxlf_baseline_write(link, &baseline, &err) && err.code == CXLF_E_OUTPUT && err.sys,
	   "writing to a missing directory fails");
	ok(cxlf_baseline_read(link, &again, &err) && err.code == CXLF_E_BAD_CONFIG,
	   "reading from a missing directory fails");
	ok(cxlf_baseline_read(folder, &again, &err) && err.code == CXLF_E_BAD_CONFIG, "a directory is not read");
	ok(cxlf_baseline_read("/dev/zero", &again, &err) && err.code == CXLF_E_BAD_CONFIG, "a device is not read");
	ok(!truncate(file, CXLF_BASELINE_BYTES_MAX + 1) && cxlf_baseline_read(file, &again, &err) &&
		   err.code == CXLF_E_BAD_CONFIG,
	   "a file that is too large is not read");
	unlink(file);
	ok(!rmdir(folder), "no temporary file is left");
}

int main(void)
{
	char folder[] = "/tmp/cxlflash-baseline-XXXXXX";

	good();
	paths();
	damaged();
	if (ok(mkdtemp(folder), "a folder"))
		files(folder);
	return done();
}
