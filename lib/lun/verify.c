/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a LUN has changed: what the kernel, the driver and a baseline have recorded of it is compared with what
 * its device reports through every path.
 *
 * First every source is asked, then the answers are compared: one may explain another.
 */
#include "verify.h"

#include "output.h"
#include "scope.h"
#include "scsi/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>

#define INTERRUPTS 4 /* as applications attach; no adapter refuses so many */

struct run {
	const struct cxlf_topology *topology;
	const struct cxlf_lun *lun;
	const struct cxlf_verify_options *options;
	struct cxlf_verify *out;
	char wwid[CXLF_WWID_TEXT];
};

const char *cxlf_lun_verdict_name(enum cxlf_lun_verdict verdict)
{
	static const char *const name[] = {
		[CXLF_LUN_UNCHANGED] = "unchanged",	  [CXLF_LUN_NO_ANSWER] = "not-answering",
		[CXLF_LUN_LUNS] = "luns-changed",	  [CXLF_LUN_NOT_IN_BASELINE] = "not-in-baseline",
		[CXLF_LUN_CAPACITY] = "capacity-changed", [CXLF_LUN_IDENTITY] = "identity-changed",
		[CXLF_LUN_MISSING] = "missing",
	};

	return name[verdict];
}

/* ---- asking the device ---- */

static void ask_path(struct run *run, struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;
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

static int ask_paths(struct run *run, struct cxlf_err *err)
{
	struct cxlf_verify *out = run->out;

	out->path = calloc(run->lun->n_paths + 1, sizeof(*out->path));
	if (!out->path)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot check LUN %s", run->wwid);
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		struct cxlf_path_check *check = &out->path[out->n_paths++];

		check->path = run->lun->path[i];
		ask_path(run, check);
		if (!out->size_bytes && is_same_lun(run, check)) {
			out->size_bytes = check->scsi.size_bytes;
			out->block_bytes = check->scsi.block_bytes;
		}
	}
	out->old_bytes = out->size_bytes;
	out->old_block_bytes = out->block_bytes;
	return 0;
}

/* ---- asking the driver ---- */

static void close_context(struct cxlf_context *const *context)
{
	cxlf_context_close(*context);
}

/* Physical, or virtual of size 0 if programs have virtual ones: the driver allows a LUN only one kind at a time. */
static int open_handle(struct cxlf_context *context, const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	static const struct cxlf_vlun_size nothing = {.bytes = 0};

	if (!cxlf_context_plun_create(context, 0, "", handle, err))
		return 0;
	return err->code == CXLF_E_LUN_OTHER_USE ? cxlf_context_vlun_create(context, 0, &nothing, handle, err) : -1;
}

/* Closing the context releases the handle. */
static int tell_driver(struct run *run, struct cxlf_context *context, struct cxlf_err *err)
{
	const struct cxlf_context_handle *handle;

	if (open_handle(context, &handle, err) ||
	    cxlf_context_verify(context, handle->number, run->options->sense, &run->out->driver, err))
		return -1;
	run->out->has_driver_verdict = true;
	return 0;
}

static void driver_warning(struct run *run, const struct cxlf_err *err)
{
	snprintf(run->out->warning, sizeof(run->out->warning), "the driver was not asked: %.150s%s%.160s", err->message,
		 *err->cause ? "; " : "", err->cause);
}

static void ask_driver(struct run *run)
{
	__attribute__((cleanup(close_context))) struct cxlf_context *context = NULL;
	const struct cxlf_context_options options = {.access = O_RDONLY, .interrupts = INTERRUPTS};
	struct cxlf_context_view view;
	struct cxlf_err err = {.code = CXLF_OK};
	unsigned path;

	if (cxlf_context_choose_path(run->topology, (unsigned)(run->lun - run->topology->lun), UINT_MAX, UINT_MAX,
				     &path, &err) ||
	    cxlf_context_open(run->topology, path, &options, &context, &err)) {
		driver_warning(run, &err);
		return;
	}
	cxlf_context_view(context, &view);
	run->out->has_driver = true;
	run->out->driver_bytes = view.lun[0].size_bytes;
	run->out->driver_block_bytes = view.lun[0].block_bytes;
	if (run->options->sense && tell_driver(run, context, &err))
		driver_warning(run, &err);
}

static bool wants_driver(const struct run *run)
{
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

/* True if this is the gravest so far, and its reason the one to tell. */
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
	cxlf_fail(&run->out->err, CXLF_E_LUN_CHANGED, "LUN %s is not what it was: %s", run->wwid, what);
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

static void judge_answer(struct run *run, struct cxlf_path_check *check)
{
	if (!check->err.code || check->verdict)
		return;
	check->verdict = CXLF_LUN_NO_ANSWER;
	if (!raise_to(run->out, CXLF_LUN_NO_ANSWER))
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
		changed(run, "its storage has other LUNs than before");
		cxlf_cause(&run->out->err, "path %s said so: %s (%x/%02x/%02x)", path->hctl, sense->asc_text,
			   sense->key, sense->asc, sense->ascq);
		cxlf_fix(&run->out->err, "echo '- - -' > /sys/class/scsi_host/host%u/scan; then see: cxlflashctl list",
			 path->host);
	}
}

/* ---- capacity: what one of them remembered against what the device says ---- */

struct memory {
	const char *whose;
	uint64_t bytes;
	uint32_t block_bytes; /* 0: it does not remember */
	char fix[200];
};

static bool differs(const struct memory *memory, uint64_t bytes, uint32_t block_bytes)
{
	if (!memory->bytes || !bytes)
		return false;
	return memory->bytes != bytes || (memory->block_bytes && memory->block_bytes != block_bytes);
}

static void say_capacity(struct run *run, const struct memory *memory, uint64_t bytes, uint32_t block_bytes)
{
	char was[32], is[32];

	if (memory->bytes == bytes) {
		changed(run, "its blocks have %u bytes, and had %u", block_bytes, memory->block_bytes);
		cxlf_cause(&run->out->err, "%s remembers blocks of %u bytes, the device says %u", memory->whose,
			   memory->block_bytes, block_bytes);
		return;
	}
	cxlf_size_text(memory->bytes, CXLF_UNITS_IEC, was, sizeof(was));
	cxlf_size_text(bytes, CXLF_UNITS_IEC, is, sizeof(is));
	changed(run, "it has %s, and had %s", is, was);
	cxlf_cause(&run->out->err, "%s remembers %llu bytes, the device says %llu", memory->whose,
		   (unsigned long long)memory->bytes, (unsigned long long)bytes);
}

/* True if it differs. */
static bool judge_capacity(struct run *run, const struct memory *memory, uint64_t bytes, uint32_t block_bytes)
{
	if (!differs(memory, bytes, block_bytes))
		return false;
	if (!run->out->memory) {
		run->out->memory = memory->whose;
		run->out->old_bytes = memory->bytes;
		run->out->old_block_bytes = memory->block_bytes ? memory->block_bytes : block_bytes;
	}
	if (raise_to(run->out, CXLF_LUN_CAPACITY)) {
		say_capacity(run, memory, bytes, block_bytes);
		cxlf_fix(&run->out->err, "%s", memory->fix);
	}
	return true;
}

static void judge_baseline(struct run *run)
{
	const struct cxlf_baseline_lun *lun;
	struct memory memory = {.whose = "the baseline"};

	if (!run->options->baseline)
		return;
	lun = cxlf_baseline_find(run->options->baseline, &run->lun->wwid);
	if (lun) {
		memory.bytes = lun->size_bytes;
		memory.block_bytes = lun->block_bytes;
		snprintf(memory.fix, sizeof(memory.fix),
			 "if that is right, write a new baseline: cxlflash-verify --all --write-baseline=FILE");
		judge_capacity(run, &memory, run->out->size_bytes, run->out->block_bytes);
	} else if (raise_to(run->out, CXLF_LUN_NOT_IN_BASELINE)) {
		changed(run, "it is not in the baseline");
		cxlf_cause(&run->out->err, "it is new since the baseline was written, or was left out of it");
		cxlf_fix(&run->out->err,
			 "if that is right, write a new baseline: cxlflash-verify --all --write-baseline=FILE");
	}
}

static void judge_driver(struct run *run)
{
	struct cxlf_verify *out = run->out;
	struct memory memory = {
		.whose = "the driver", .bytes = out->driver_bytes, .block_bytes = out->driver_block_bytes};

	snprintf(memory.fix, sizeof(memory.fix), "let the driver read it again: cxlflash-verify --sense=6/2A/09 %s",
		 run->wwid);
	if (out->has_driver_verdict && out->driver.new_bytes == out->size_bytes)
		snprintf(memory.fix, sizeof(memory.fix),
			 "the driver has read it again; now the kernel: echo 1 > "
			 "/sys/class/scsi_device/%s/device/rescan "
			 "# and every path",
			 run->topology->path[run->lun->path[0]].hctl);
	if (out->has_driver)
		judge_capacity(run, &memory, out->size_bytes, out->block_bytes);
	if (!out->has_driver_verdict || out->driver.kind != CXLF_VERDICT_LUNS || !raise_to(out, CXLF_LUN_LUNS))
		return;
	changed(run, "its storage has other LUNs than before");
	cxlf_cause(&out->err, "the sense data says so, and the driver has scanned for LUNs");
	cxlf_fix(&out->err, "see them: cxlflashctl list");
}

static void judge_kernel(struct run *run, struct cxlf_path_check *check)
{
	const struct cxlf_path *path = run->topology->path + check->path;
	struct memory memory = {.whose = "the kernel", .bytes = path->size_bytes, .block_bytes = path->block_bytes};
	struct memory others = {
		.whose = "another path", .bytes = run->out->size_bytes, .block_bytes = run->out->block_bytes};

	if (check->verdict || !check->scsi.size_bytes)
		return;
	snprintf(memory.fix, sizeof(memory.fix), "echo 1 > /sys/class/scsi_device/%s/device/rescan # and every path",
		 path->hctl);
	snprintf(others.fix, sizeof(others.fix), "see the storage's own messages, then check again");
	if (judge_capacity(run, &memory, check->scsi.size_bytes, check->scsi.block_bytes) ||
	    judge_capacity(run, &others, check->scsi.size_bytes, check->scsi.block_bytes))
		check->verdict = CXLF_LUN_CAPACITY;
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
}

/* ---- all of it ---- */

int cxlf_verify_lun(const struct cxlf_topology *topology, unsigned lun, const struct cxlf_verify_options *options,
		    struct cxlf_verify *verify, struct cxlf_err *err)
{
	struct run run = {.topology = topology, .lun = topology->lun + lun, .options = options, .out = verify};

	*verify = (struct cxlf_verify){.wwid = run.lun->wwid, .lun = lun};
	cxlf_wwid_text(&run.lun->wwid, run.wwid);
	if (ask_paths(&run, err))
		return -1;
	if (wants_driver(&run))
		ask_driver(&run);
	judge(&run);
	return 0;
}

void cxlf_verify_missing(const struct cxlf_baseline_lun *lun, struct cxlf_verify *verify)
{
	char wwid[CXLF_WWID_TEXT];

	*verify = (struct cxlf_verify){.wwid = lun->wwid,
				       .lun = UINT_MAX,
				       .verdict = CXLF_LUN_MISSING,
				       .old_bytes = lun->size_bytes,
				       .old_block_bytes = lun->block_bytes,
				       .memory = "the baseline"};
	cxlf_wwid_text(&lun->wwid, wwid);
	cxlf_fail(&verify->err, CXLF_E_LUN_CHANGED, "LUN %s is not what it was: it is gone", wwid);
	cxlf_cause(&verify->err, "it is in the baseline, and no path leads to it");
	cxlf_fix(&verify->err, "see which paths there are: cxlflashctl list; the links: cxlflashctl port list");
}

void cxlf_verify_free(struct cxlf_verify *verify)
{
	free(verify->path);
	verify->path = NULL;
	verify->n_paths = 0;
}
