/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a LUN has changed. First every source is queried, then the results are compared, because one may explain
 * another.
 */
#include "verify.h"

#include "output.h"
#include "quote.h"
#include "scope.h"
#include "scsi/diagnose.h"
#include "scsi/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#define INTERRUPTS 4 /* as applications attach; every adapter has so many */

struct run {
	const struct cxlf_topology *topology;
	const struct cxlf_lun *lun;
	const struct cxlf_verify_options *options;
	struct cxlf_verify *out;
	struct cxlf_err driver_err;	   /* why the driver was not asked */
	bool driver_is_old, kernel_is_old; /* their records of the capacity */
	char wwid[CXLF_WWID_TEXT];
};

const char *cxlf_lun_verdict_name(enum cxlf_lun_verdict verdict)
{
	static const char *const name[] = {
		[CXLF_LUN_UNCHANGED] = "unchanged",	  [CXLF_LUN_UNKNOWN] = "unknown",
		[CXLF_LUN_NO_ANSWER] = "not-answering",	  [CXLF_LUN_PATHS] = "paths-missing",
		[CXLF_LUN_LUNS] = "luns-changed",	  [CXLF_LUN_NOT_IN_BASELINE] = "not-in-baseline",
		[CXLF_LUN_CAPACITY] = "capacity-changed", [CXLF_LUN_IDENTITY] = "identity-changed",
		[CXLF_LUN_MISSING] = "missing",
	};

	return name[verdict];
}

/* ---- the device ---- */

static void query_path(struct run *run, struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;

	/* a node of such an adapter may block */
	cxlf_fail(&check->err, CXLF_E_FAILED, "path %s was not asked", path->hctl);
	if (cxlf_adapter_diagnose(run->topology->adapter + path->adapter, &check->err))
		return;

	scoped_fd int fd = cxlf_path_open(path, &check->err);

	if (fd < 0)
		return;
	check->has_wwid = !cxlf_path_identify(fd, path, &check->wwid, &check->err);
	if (check->has_wwid && !cxlf_scsi_check(fd, path, run->options->timeout_ms, &check->scsi, &check->err))
		check->err.code = CXLF_OK;
}

static bool is_same_lun(const struct run *run, const struct cxlf_path_check *check)
{
	return check->has_wwid && cxlf_wwid_equal(&check->wwid, &run->lun->wwid);
}

static int query_paths(struct run *run, struct cxlf_err *err)
{
	struct cxlf_verify *out = run->out;

	out->path = calloc(run->lun->n_paths + 1, sizeof(*out->path));
	if (!out->path)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot check LUN %s", run->wwid);
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		struct cxlf_path_check *check = &out->path[out->n_paths++];

		check->path = run->lun->path[i];
		query_path(run, check);
		if (!out->size_bytes && is_same_lun(run, check)) {
			out->size_bytes = check->scsi.size_bytes;
			out->block_bytes = check->scsi.block_bytes;
		}
	}
	out->old_bytes = out->size_bytes;
	out->old_block_bytes = out->block_bytes;
	return 0;
}

/* ---- the driver ---- */

static void close_context(struct cxlf_context *const *context)
{
	cxlf_context_close(*context);
}

/* Physical, or virtual of size 0 if the LUN has virtual handles: a LUN can have only one kind at a time. */
static int open_handle(struct cxlf_context *context, const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	static const struct cxlf_vlun_size nothing = {.bytes = 0};

	if (!cxlf_context_plun_create(context, 0, "", handle, err))
		return 0;
	return err->code == CXLF_E_LUN_OTHER_USE ? cxlf_context_vlun_create(context, 0, &nothing, handle, err) : -1;
}

/* Closing the context releases the handle. */
static int pass_sense(struct run *run, struct cxlf_context *context, struct cxlf_err *err)
{
	const struct cxlf_context_handle *handle;

	if (open_handle(context, &handle, err) ||
	    cxlf_context_verify(context, handle->number, run->options->sense, &run->out->driver, err))
		return -1;
	run->out->has_driver_verdict = true;
	return 0;
}

static void query_driver(struct run *run)
{
	__attribute__((cleanup(close_context))) struct cxlf_context *context = NULL;
	const struct cxlf_context_options options = {.access = O_RDONLY, .interrupts = INTERRUPTS};
	struct cxlf_context_view view;
	struct cxlf_err err = {.code = CXLF_OK};
	unsigned path;

	if (run->options->held) {
		run->out->has_driver = run->options->held->kind != CXLF_VERDICT_UNKNOWN;
		run->out->driver_bytes = run->options->held->new_bytes;
		run->out->driver_block_bytes = run->options->held->block_bytes;
		return;
	}

	if (cxlf_context_choose_path(run->topology, (unsigned)(run->lun - run->topology->lun), UINT_MAX, UINT_MAX,
				     &path, &err) ||
	    cxlf_context_open(run->topology, path, &options, &context, &err)) {
		run->driver_err = err;
		return;
	}
	cxlf_context_view(context, &view);
	run->out->has_driver = true;
	run->out->driver_bytes = view.lun[0].size_bytes;
	run->out->driver_block_bytes = view.lun[0].block_bytes;
	if (run->options->sense && pass_sense(run, context, &err))
		run->driver_err = err;
}

static bool needs_driver(const struct run *run)
{
	if (run->options->held)
		return true;
	if (!run->options->ask_driver)
		return false;
	if (run->lun->mode == CXLF_MODE_SUPERPIPE || run->lun->mode == CXLF_MODE_MIXED)
		return true;
	if (run->options->sense)
		snprintf(run->out->warning, sizeof(run->out->warning),
			 "the driver was not given the sense data: the LUN is not in superpipe mode");
	return false;
}

/* ---- verdicts ---- */

/* True if this is the highest verdict so far; its reason is then the one to report. */
static bool raise_to(struct cxlf_verify *out, enum cxlf_lun_verdict verdict)
{
	if (verdict <= out->verdict)
		return false;
	out->verdict = verdict;
	return true;
}

__attribute__((format(printf, 2, 3))) static void changed(struct run *run, const char *fmt, ...)
{
	char what[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	cxlf_fail(&run->out->err, CXLF_E_LUN_CHANGED, "LUN %s has changed: %s", run->wwid, what);
}

static void judge_identity(struct run *run, struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;

	if (!check->has_wwid || is_same_lun(run, check))
		return;
	check->verdict = CXLF_LUN_IDENTITY;
	if (!raise_to(run->out, CXLF_LUN_IDENTITY))
		return;
	changed(run, "path %s leads to a different LUN", path->hctl);
	cxlf_path_mismatch(path, &check->wwid, &run->out->err);
}

/* Without permission, and through a frozen adapter, it was not. */
static bool was_asked(const struct cxlf_path_check *check)
{
	return check->err.code != CXLF_E_PERMISSION && check->err.code != CXLF_E_ADAPTER_FROZEN;
}

static bool has_answer(const struct cxlf_verify *out)
{
	for (unsigned i = 0; i < out->n_paths; i++)
		if (!out->path[i].err.code)
			return true;
	return false;
}

static void judge_answer(struct run *run, struct cxlf_path_check *check)
{
	if (!check->err.code || check->verdict)
		return;
	check->verdict = was_asked(check) ? CXLF_LUN_NO_ANSWER : CXLF_LUN_UNKNOWN;
	if (run->options->held && has_answer(run->out)) { /* a context goes on through the other paths */
		snprintf(run->out->warning, sizeof(run->out->warning), "path %s was not checked: %.300s",
			 run->topology->path[check->path].hctl,
			 *check->err.cause ? check->err.cause : check->err.message);
		return;
	}
	if (!raise_to(run->out, check->verdict))
		return;
	run->out->err = check->err;
	cxlf_object(&run->out->err, "LUN %s", run->wwid);
}

static void judge_attentions(struct run *run, const struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;

	for (unsigned i = 0; i < check->scsi.n_attentions; i++) {
		const struct cxlf_sense *sense = &check->scsi.attention[i];

		if (sense->meaning != CXLF_SENSE_LUNS || !raise_to(run->out, CXLF_LUN_LUNS))
			continue;
		changed(run, "the LUNs of its storage have changed");
		cxlf_cause(&run->out->err, "path %s reported: %s (%x/%02x/%02x)", path->hctl, sense->asc_text,
			   sense->key, sense->asc, sense->ascq);
		cxlf_fix(&run->out->err, "echo '- - -' > /sys/class/scsi_host/host%u/scan && cxlflashctl list",
			 path->host);
	}
}

/* ---- capacity: a record against what the device reports ---- */

struct record {
	const char *whose;
	uint64_t bytes;
	uint32_t block_bytes; /* 0: unknown */
};

static bool differs(const struct record *record, uint64_t bytes, uint32_t block_bytes)
{
	if (!record->bytes || !bytes)
		return false;
	return record->bytes != bytes || (record->block_bytes && record->block_bytes != block_bytes);
}

static void say_capacity(struct run *run, const struct record *record, uint64_t bytes, uint32_t block_bytes)
{
	char was[32], is[32];

	if (record->bytes == bytes) {
		changed(run, "its block size is %u bytes, and was %u", block_bytes, record->block_bytes);
		cxlf_cause(&run->out->err, "%s has recorded blocks of %u bytes, the device reports %u", record->whose,
			   record->block_bytes, block_bytes);
		return;
	}
	cxlf_size_text(record->bytes, CXLF_UNITS_IEC, was, sizeof(was));
	cxlf_size_text(bytes, CXLF_UNITS_IEC, is, sizeof(is));
	changed(run, "it has %s: its capacity is %s, and was %s", bytes < record->bytes ? "shrunk" : "grown", is, was);
	cxlf_cause(&run->out->err, "%s has recorded %llu bytes, the device reports %llu", record->whose,
		   (unsigned long long)record->bytes, (unsigned long long)bytes);
}

/* True if it differs. */
static bool judge_capacity(struct run *run, const struct record *record, uint64_t bytes, uint32_t block_bytes)
{
	if (!differs(record, bytes, block_bytes))
		return false;
	if (!run->out->memory) {
		run->out->memory = record->whose;
		run->out->old_bytes = record->bytes;
		run->out->old_block_bytes = record->block_bytes ? record->block_bytes : block_bytes;
	}
	if (raise_to(run->out, CXLF_LUN_CAPACITY))
		say_capacity(run, record, bytes, block_bytes);
	return true;
}

/* Of a kernel that has an old record, on every path that answers. */
static void add_rescans(struct run *run)
{
	char *fix = run->out->err.fix;
	size_t size = sizeof(run->out->err.fix);
	char paths[512] = "";
	unsigned n = 0;

	for (unsigned i = 0; i < run->out->n_paths; i++)
		if (!run->out->path[i].err.code)
			snprintf(paths + strlen(paths), sizeof(paths) - strlen(paths), "%s%s", n++ ? " " : "",
				 run->topology->path[run->out->path[i].path].hctl);
	if (n == 1)
		snprintf(fix + strlen(fix), size - strlen(fix), "echo 1 > /sys/class/scsi_device/%s/device/rescan",
			 paths);
	else
		snprintf(fix + strlen(fix), size - strlen(fix),
			 "for path in %s; do echo 1 > /sys/class/scsi_device/$path/device/rescan; done", paths);
}

static void baseline_fix(struct run *run)
{
	char word[280];

	cxlf_fix(&run->out->err, "if that is correct, write a new baseline: cxlflash-verify --all --write-baseline=%s",
		 cxlf_quote(run->options->baseline_file, word, sizeof(word)));
}

/* What has an old record reads the capacity again. */
static void fix_capacity(struct run *run)
{
	struct cxlf_err *err = &run->out->err;

	if (run->driver_is_old && run->options->held)
		cxlf_fix(err, "cxlflashctl verify %s --sense=6/2A/09", run->options->held_name);
	else if (run->driver_is_old)
		cxlf_fix(err, "cxlflash-verify --sense=6/2A/09 %s", run->wwid);
	if (run->driver_is_old && run->kernel_is_old)
		strcat(err->fix, "; ");
	if (run->kernel_is_old)
		add_rescans(run);
	if (*err->fix)
		return;
	if (run->options->baseline)
		baseline_fix(run);
	else
		cxlf_fix(err, "see the storage's messages, then check again");
}

/* ---- the baseline ---- */

static const struct cxlf_adapter *adapter_of(const struct run *run, const struct cxlf_baseline_path *path)
{
	for (unsigned i = 0; i < run->topology->n_adapters; i++)
		if (!strcmp(run->topology->adapter[i].pci, path->adapter))
			return run->topology->adapter + i;
	return NULL;
}

static bool has_path(const struct run *run, const struct cxlf_baseline_path *wanted)
{
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		const struct cxlf_path *path = run->topology->path + run->lun->path[i];

		if (path->port == wanted->port && path->lun == wanted->lun &&
		    !strcmp(run->topology->adapter[path->adapter].pci, wanted->adapter))
			return true;
	}
	return false;
}

/* The commands that add the paths again, as far as they fit. */
static void add_scan(struct run *run, const struct cxlf_baseline_path *path)
{
	const struct cxlf_adapter *adapter = adapter_of(run, path);
	char *fix = run->out->err.fix, text[100];

	if (!adapter)
		return;
	snprintf(text, sizeof(text), "%secho '%u 0 %llu' > /sys/class/scsi_host/host%u/scan", *fix ? " && " : "",
		 path->port, (unsigned long long)path->lun, adapter->host);
	if (strlen(fix) + strlen(text) < sizeof(run->out->err.fix))
		strcat(fix, text);
}

static void judge_paths(struct run *run, const struct cxlf_baseline_lun *lun)
{
	const struct cxlf_baseline_path *first = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < lun->n_paths; i++)
		if (!has_path(run, lun->path + i))
			first = n++ ? first : lun->path + i;
	if (!n || !raise_to(run->out, CXLF_LUN_PATHS))
		return;
	changed(run, "%u of its %u paths %s missing", n, lun->n_paths, n == 1 ? "is" : "are");
	cxlf_cause(&run->out->err, "the baseline has a path through adapter %s, port %u, LUN %llu", first->adapter,
		   first->port, (unsigned long long)first->lun);
	for (unsigned i = 0; i < lun->n_paths; i++)
		if (!has_path(run, lun->path + i))
			add_scan(run, lun->path + i);
	if (!*run->out->err.fix)
		cxlf_fix(&run->out->err, "cxlflashctl adapter list");
}

static void judge_baseline(struct run *run)
{
	const struct cxlf_baseline_lun *lun;
	struct record record = {.whose = "the baseline"};

	if (!run->options->baseline)
		return;
	lun = cxlf_baseline_find(run->options->baseline, &run->lun->wwid);
	if (lun) {
		record.bytes = lun->size_bytes;
		record.block_bytes = lun->block_bytes;
		judge_capacity(run, &record, run->out->size_bytes, run->out->block_bytes);
		judge_paths(run, lun);
	} else if (raise_to(run->out, CXLF_LUN_NOT_IN_BASELINE)) {
		changed(run, "it is not in the baseline");
		cxlf_cause(&run->out->err, "it was added after the baseline was written, or was left out of it");
		baseline_fix(run);
	}
}

static void judge_driver(struct run *run)
{
	struct cxlf_verify *out = run->out;
	struct record record = {
		.whose = "the driver", .bytes = out->driver_bytes, .block_bytes = out->driver_block_bytes};

	if (out->has_driver && judge_capacity(run, &record, out->size_bytes, out->block_bytes))
		run->driver_is_old = !out->has_driver_verdict || out->driver.new_bytes != out->size_bytes;
	if (!out->has_driver_verdict || out->driver.kind != CXLF_VERDICT_LUNS || !raise_to(out, CXLF_LUN_LUNS))
		return;
	changed(run, "the LUNs of its storage have changed");
	cxlf_cause(&out->err, "the sense data reports it, and the driver has scanned for LUNs");
	cxlf_fix(&out->err, "cxlflashctl list");
}

static void judge_kernel(struct run *run, struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;
	struct record record = {.whose = "the kernel", .bytes = path->size_bytes, .block_bytes = path->block_bytes};
	struct record others = {
		.whose = "another path", .bytes = run->out->size_bytes, .block_bytes = run->out->block_bytes};

	if (check->verdict || !check->scsi.size_bytes)
		return;
	if (!run->options->held && judge_capacity(run, &record, check->scsi.size_bytes, check->scsi.block_bytes)) {
		run->kernel_is_old = true;
		check->verdict = CXLF_LUN_CAPACITY;
	} else if (judge_capacity(run, &others, check->scsi.size_bytes, check->scsi.block_bytes)) {
		check->verdict = CXLF_LUN_CAPACITY;
	}
}

/* The driver was to be asked, and was not. */
static void judge_unknown(struct run *run)
{
	const struct cxlf_err *why = &run->driver_err;
	struct cxlf_err *err = &run->out->err;

	if (why->code && raise_to(run->out, CXLF_LUN_UNKNOWN)) {
		cxlf_fail_sys(err, CXLF_E_NOT_VERIFIED, why->sys, "it is not known whether LUN %s has changed",
			      run->wwid);
		cxlf_cause(err, "the driver was not queried: %s%s%s", why->message, *why->cause ? "; " : "",
			   why->cause);
		cxlf_fix(err, "%s", why->fix);
	} else if (why->code) {
		snprintf(run->out->warning, sizeof(run->out->warning), "the driver was not queried: %.150s%s%.160s",
			 why->message, *why->cause ? "; " : "", why->cause);
	}
}

static void judge(struct run *run)
{
	struct cxlf_verify *out = run->out;

	for (unsigned i = 0; i < out->n_paths; i++) {
		judge_identity(run, &out->path[i]);
		judge_answer(run, &out->path[i]);
		judge_attentions(run, &out->path[i]);
	}
	judge_baseline(run);
	judge_driver(run);
	for (unsigned i = 0; i < out->n_paths; i++)
		judge_kernel(run, &out->path[i]);
	if (out->verdict == CXLF_LUN_CAPACITY)
		fix_capacity(run);
	judge_unknown(run);
}

/* ---- the check ---- */

int cxlf_verify_lun(const struct cxlf_topology *topology, unsigned lun, const struct cxlf_verify_options *options,
		    struct cxlf_verify *verify, struct cxlf_err *err)
{
	struct run run = {.topology = topology, .lun = topology->lun + lun, .options = options, .out = verify};

	*verify = (struct cxlf_verify){.wwid = run.lun->wwid, .lun = lun};
	cxlf_wwid_text(&run.lun->wwid, run.wwid);
	if (query_paths(&run, err))
		return -1;
	if (needs_driver(&run))
		query_driver(&run);
	judge(&run);
	return 0;
}

void cxlf_verify_missing(const struct cxlf_baseline_lun *lun, const char *memory, struct cxlf_verify *verify)
{
	*verify = (struct cxlf_verify){.wwid = lun->wwid,
				       .lun = UINT_MAX,
				       .verdict = CXLF_LUN_MISSING,
				       .old_bytes = lun->size_bytes,
				       .old_block_bytes = lun->block_bytes,
				       .memory = memory};
	cxlf_fail(&verify->err, CXLF_E_LUN_CHANGED, "LUN %s has changed: it is missing", CXLF_WWID_STRING(&lun->wwid));
	cxlf_cause(&verify->err, "it is in %s, and no path leads to it", memory);
	cxlf_fix(&verify->err, "cxlflashctl port list");
}

static int smaller(const struct run *run, uint64_t recorded, struct cxlf_err *err)
{
	char was[32], is[32];

	cxlf_size_text(recorded, CXLF_UNITS_IEC, was, sizeof(was));
	cxlf_size_text(run->out->size_bytes, CXLF_UNITS_IEC, is, sizeof(is));
	cxlf_fail(err, CXLF_E_LUN_CHANGED, "LUN %s is smaller than the driver has recorded: %s, not %s", run->wwid, is,
		  was);
	cxlf_cause(err, "the driver would allocate space beyond the end of the LUN");
	return cxlf_fix(err, "cxlflash-verify --sense=6/2A/09 %s", run->wwid);
}

/* The capacity, through the first running path that answers. */
static int read_capacity(struct run *run, struct cxlf_err *err)
{
	struct cxlf_path_check check = {.err.code = CXLF_OK};

	cxlf_fail(err, CXLF_E_DEVICE_GONE, "the capacity of LUN %s cannot be read: no path is running", run->wwid);
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		check = (struct cxlf_path_check){.path = run->lun->path[i]};
		if (!cxlf_path_is_running(run->topology->path[check.path].hctl))
			continue;
		query_path(run, &check);
		if (!check.err.code && is_same_lun(run, &check)) {
			run->out->size_bytes = check.scsi.size_bytes;
			return 0;
		}
		if (check.err.code)
			*err = check.err;
	}
	return cxlf_object(err, "LUN %s", run->wwid);
}

int cxlf_verify_not_smaller(const struct cxlf_topology *topology, unsigned lun, uint64_t recorded, unsigned timeout_ms,
			    struct cxlf_err *err)
{
	const struct cxlf_verify_options options = {.timeout_ms = timeout_ms};
	struct cxlf_verify out = {.size_bytes = 0};
	struct run run = {.topology = topology, .lun = topology->lun + lun, .options = &options, .out = &out};

	cxlf_wwid_text(&run.lun->wwid, run.wwid);
	if (read_capacity(&run, err))
		return -1;
	if (out.size_bytes >= recorded)
		return 0;
	query_driver(&run); /* the record may be that of an older attach */
	return out.has_driver && out.driver_bytes <= out.size_bytes ? 0 : smaller(&run, recorded, err);
}

void cxlf_verify_free(struct cxlf_verify *verify)
{
	free(verify->path);
	verify->path = NULL;
	verify->n_paths = 0;
}
