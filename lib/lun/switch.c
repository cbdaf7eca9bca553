/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switching a LUN between legacy and superpipe mode, on all its paths or not at all.
 *
 * To the driver every path is on its own, any WWID is right, and nothing is in use (contract 6). So: lock,
 * look at every path and every user first, and only then change anything; what was changed before a failure
 * is put back. Nothing here keeps a state of its own: interrupted at any point, the same command carries on.
 */
#include "switch.h"
#include "holder/holder.h"
#include "inuse/inuse.h"
#include "ioctl_wrap.h"
#include "lock.h"
#include "scope.h"
#include "scsi/path.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDER_MS 500 /* to be told its process id */

struct run {
	const struct cxlf_topology *topology;
	unsigned lun_index;
	const struct cxlf_lun *lun;
	struct cxlf_switch *sw;
	int *fd; /* one a step, or negative */
	struct cxlf_lock lock;
	struct cxlf_err *err;
	char wwid[CXLF_WWID_TEXT];
};

static const struct cxlf_path *path_of(const struct run *run, const struct cxlf_switch_step *step)
{
	return run->topology->path + step->path;
}

static int about_adapter(const struct run *run, const struct cxlf_path *path)
{
	char label[64];

	cxlf_adapter_label(run->topology->adapter + path->adapter, label, sizeof(label));
	return cxlf_object(run->err, "%s", label);
}

/* ---- the plan ---- */

static int make_plan(struct run *run)
{
	struct cxlf_switch *sw = run->sw;

	sw->step = calloc(run->lun->n_paths, sizeof(*sw->step));
	run->fd = calloc(run->lun->n_paths, sizeof(*run->fd));
	if (!sw->step || !run->fd)
		return cxlf_fail_sys(run->err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot switch LUN %s", run->wwid);
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		unsigned path = run->lun->path[i];
		enum cxlf_mode mode = run->topology->path[path].mode;

		if (sw->only_path != UINT_MAX && sw->only_path != path)
			continue;
		run->fd[sw->n_steps] = -1;
		sw->step[sw->n_steps++] = (struct cxlf_switch_step){path, mode, mode, mode != sw->mode, false, false};
	}
	if (!sw->n_steps)
		return cxlf_fail(run->err, CXLF_E_BUG, "the path asked for is none of LUN %s", run->wwid);
	return 0;
}

static unsigned n_needed(const struct run *run)
{
	unsigned n = 0;

	for (unsigned i = 0; i < run->sw->n_steps; i++)
		n += run->sw->step[i].needed;
	return n;
}

/* Another command may have been at work between the scan and the lock. */
static void look_again(struct run *run)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++) {
		struct cxlf_switch_step *step = run->sw->step + i;

		step->before = step->after = cxlf_path_mode(path_of(run, step)->hctl);
		step->needed = step->before != run->sw->mode;
	}
}

static int take_locks(struct run *run)
{
	unsigned adapter[CXLF_MAX_ADAPTERS], n = 0;

	for (unsigned i = 0; i < run->sw->n_steps; i++) {
		unsigned next = path_of(run, run->sw->step + i)->adapter;

		if ((n && adapter[n - 1] == next) || n == CXLF_MAX_ADAPTERS)
			continue;
		adapter[n++] = next; /* paths are in order of their adapters, and those in order of PCI addresses */
	}
	return cxlf_lock_take(CXLF_LOCK_DIR, run->topology, adapter, n, run->sw->timeout_ms, &run->lock, run->err);
}

/* ---- preflight: identity ---- */

static int identify(struct run *run, unsigned i)
{
	const struct cxlf_path *path = path_of(run, run->sw->step + i);
	char what[64 + CXLF_WWID_TEXT];

	snprintf(what, sizeof(what), "switch LUN %s to %s", run->wwid, cxlf_mode_name(run->sw->mode));
	run->fd[i] = cxlf_path_open_checked(path, what, run->err);
	return run->fd[i] < 0 ? about_adapter(run, path) : 0;
}

/* ---- preflight: users ---- */

static int in_use(const struct run *run, const struct cxlf_uses *uses)
{
	const struct cxlf_use *use = uses->use;
	char text[280];

	cxlf_fail(run->err, CXLF_E_LUN_IN_USE, "cannot switch LUN %s to %s: it is in use", run->wwid,
		  cxlf_mode_name(run->sw->mode));
	about_adapter(run, run->topology->path + use->path);
	cxlf_use_cause(use, text, sizeof(text));
	if (uses->n > 1)
		cxlf_cause(run->err, "%s (and %u more uses)", text, uses->n - 1);
	else
		cxlf_cause(run->err, "%s", text);
	cxlf_use_fix(use, text, sizeof(text));
	return cxlf_fix(run->err, "%s", text);
}

static int check_disk_users(struct run *run)
{
	struct cxlf_uses uses;
	int rc = cxlf_inuse_disk(run->topology, run->lun_index, run->sw->only_path, true, &uses);

	if (rc)
		return cxlf_fail_sys(run->err, CXLF_E_FAILED, rc, "cannot find out whether LUN %s is in use",
				     run->wwid);
	if (uses.n && !run->sw->ignore_in_use)
		return in_use(run, &uses);
	if (uses.n) {
		char text[280];

		cxlf_use_cause(uses.use, text, sizeof(text));
		snprintf(run->sw->warning, sizeof(run->sw->warning), "the LUN is in use: %s", text);
	} else if (uses.unprobed) {
		snprintf(run->sw->warning, sizeof(run->sw->warning),
			 "a program that has the disk open exclusively would not have been seen: no right to open it");
	}
	return 0;
}

static int find_processes(const struct run *run, struct cxlf_processes *found)
{
	scoped_fd int proc = cxlf_sysfs_opendir(AT_FDCWD, "/proc");

	*found = (struct cxlf_processes){0};
	return proc < 0 ? proc : cxlf_inuse_processes(proc, run->topology, run->lun_index, found);
}

static const char *blindness(const struct cxlf_processes *found)
{
	return found->complete ? "" : "; without root not all processes can be seen";
}

/* What ends the use: a holder is stopped by its context's name, other programs in their own ways. */
static int stop_them(const struct run *run, const struct cxlf_processes *found)
{
	struct cxlf_holder_entry *holder;
	struct cxlf_err ignored;
	unsigned n;

	cxlf_fix(run->err, "stop that program, then retry");
	if (cxlf_holder_list(CXLF_RUN_DIR, HOLDER_MS, &holder, &n, &ignored))
		return -1;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < found->n && k < CXLF_PROCESSES; k++)
			if (found->process[k].has_context && holder[i].pid == found->process[k].pid)
				cxlf_fix(run->err, "cxlflashctl context stop %s (its handles go with it), then retry",
					 holder[i].name);
	cxlf_holder_list_free(holder, n);
	return -1;
}

/*
 * The driver would let the last path go with contexts still attached, and their owners could then not even
 * detach. A context does not tell its LUN: a process that has one and this LUN's node open is taken to use
 * it, and one with a context only is mentioned.
 */
static int check_context_users(struct run *run)
{
	struct cxlf_processes found;
	char who[200];

	if (find_processes(run, &found))
		return 0; /* no /proc to look at; handles are still the driver's own check */
	cxlf_inuse_processes_text(&found, found.n_suspects > 0, who, sizeof(who));
	if (found.n_suspects && !run->sw->ignore_contexts) {
		cxlf_fail(run->err, CXLF_E_LUN_HAS_HANDLES, "cannot switch LUN %s to legacy: a program uses it",
			  run->wwid);
		about_adapter(run, path_of(run, run->sw->step));
		cxlf_cause(run->err, "with an adapter context and the LUN open: process %s%s", who, blindness(&found));
		return stop_them(run, &found);
	}
	if (found.n_contexts)
		snprintf(run->sw->warning, sizeof(run->sw->warning),
			 "process %s holds an adapter context; if it is attached to this LUN, it cannot use or detach "
			 "it until the LUN is back in superpipe mode, and should not end before that: the driver leaks",
			 who);
	return 0;
}

static int preflight(struct run *run)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++)
		if (identify(run, i))
			return -1;
	return run->sw->mode == CXLF_MODE_SUPERPIPE ? check_disk_users(run) : check_context_users(run);
}

/* ---- the change ---- */

static int held(const struct run *run, int rc)
{
	struct cxlf_processes found;
	char who[200] = "";

	cxlf_fail_sys(run->err, CXLF_E_LUN_HAS_HANDLES, rc, "cannot switch LUN %s to legacy: a program uses it",
		      run->wwid);
	if (!find_processes(run, &found))
		cxlf_inuse_processes_text(&found, found.n_suspects > 0, who, sizeof(who));
	if (*who)
		cxlf_cause(run->err, "a handle is open on it; %s: process %s%s",
			   found.n_suspects ? "with a context and the LUN open" : "with an adapter context", who,
			   blindness(&found));
	else
		cxlf_cause(run->err, "a handle is open on it, on some adapter%s", blindness(&found));
	return stop_them(run, &found);
}

static enum cxlf_code code_of(int rc)
{
	switch (rc) {
	case -EACCES:
	case -EPERM:
		return CXLF_E_PERMISSION;
	case -ENODEV:
	case -ENXIO:
		return CXLF_E_DEVICE_GONE;
	case -ENOMEM:
		return CXLF_E_NO_MEMORY;
	}
	return CXLF_E_MODE_NOT_REACHED;
}

static int refused(const struct run *run, const struct cxlf_path *path, int rc)
{
	if (rc == -EBUSY && run->sw->mode == CXLF_MODE_LEGACY) {
		held(run, rc);
		return about_adapter(run, path);
	}
	cxlf_fail_sys(run->err, code_of(rc), rc, "cannot switch path %s of LUN %s to %s", path->hctl, run->wwid,
		      cxlf_mode_name(run->sw->mode));
	about_adapter(run, path);
	return cxlf_cause(run->err, "the driver refused the path %s", path->hctl);
}

static int not_reached(const struct run *run, const struct cxlf_path *path, enum cxlf_mode now)
{
	cxlf_fail(run->err, CXLF_E_MODE_NOT_REACHED, "path %s of LUN %s is not in %s mode", path->hctl, run->wwid,
		  cxlf_mode_name(run->sw->mode));
	about_adapter(run, path);
	return cxlf_cause(run->err, "the driver accepted the switch, but its `mode` reads %s", cxlf_mode_name(now));
}

static int switch_path(struct run *run, unsigned i)
{
	struct cxlf_switch_step *step = run->sw->step + i;
	const struct cxlf_path *path = path_of(run, step);
	int rc = cxlf_ioctl_manage_lun(run->fd[i], &run->lun->wwid, run->sw->mode == CXLF_MODE_SUPERPIPE);

	step->after = cxlf_path_mode(path->hctl);
	step->done = !rc || (step->after == run->sw->mode && step->after != step->before);
	if (rc)
		return refused(run, path, rc);
	return step->after == run->sw->mode ? 0 : not_reached(run, path, step->after);
}

/* Add to the cause what became of the other paths. */
static int say_state(const struct run *run, unsigned n_back, unsigned n_stuck)
{
	size_t len = strlen(run->err->cause), room = sizeof(run->err->cause) - len;

	if (n_stuck)
		snprintf(run->err->cause + len, room, "; %u already switched could not be put back", n_stuck);
	else if (n_back)
		snprintf(run->err->cause + len, room, "; %u already switched, put back", n_back);
	if (!*run->err->fix)
		cxlf_fix(run->err, "see each path's mode: cxlflashctl list; dmesg | tail");
	return -1;
}

static int roll_back(struct run *run)
{
	unsigned n_back = 0, n_stuck = 0;

	for (unsigned i = run->sw->n_steps; i--;) {
		struct cxlf_switch_step *step = run->sw->step + i;

		if (!step->done)
			continue;
		cxlf_ioctl_manage_lun(run->fd[i], &run->lun->wwid, run->sw->mode != CXLF_MODE_SUPERPIPE);
		step->after = cxlf_path_mode(path_of(run, step)->hctl);
		step->rolled_back = step->after == step->before;
		n_back += step->rolled_back;
		n_stuck += !step->rolled_back;
	}
	run->sw->changed = n_stuck > 0;
	return say_state(run, n_back, n_stuck);
}

static int change(struct run *run)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++)
		if (run->sw->step[i].needed && switch_path(run, i))
			return roll_back(run);
	run->sw->changed = true;
	return 0;
}

/* ---- all of it ---- */

static int run_locked(struct run *run)
{
	if (run->sw->dry_run)
		return preflight(run);
	if (take_locks(run))
		return -1;
	look_again(run);
	if (!n_needed(run))
		return 0;
	if (!preflight(run) && !change(run))
		return 0;
	*run->sw->warning = '\0'; /* of something that did not happen */
	return -1;
}

static void end(struct run *run)
{
	for (unsigned i = 0; run->fd && i < run->sw->n_steps; i++)
		if (run->fd[i] >= 0)
			close(run->fd[i]);
	free(run->fd);
	cxlf_lock_release(&run->lock);
}

int cxlf_lun_switch(const char *sysroot, const struct cxlf_topology *topology, unsigned lun, struct cxlf_switch *sw,
		    struct cxlf_err *err)
{
	__attribute__((cleanup(end))) struct run run = {
		.topology = topology, .lun_index = lun, .lun = topology->lun + lun, .sw = sw, .err = err};

	sw->step = NULL;
	sw->n_steps = 0;
	sw->changed = false;
	*sw->warning = '\0';
	*err = (struct cxlf_err){0};
	cxlf_wwid_text(&run.lun->wwid, run.wwid);
	if (make_plan(&run))
		return -1;
	if (!n_needed(&run) || (*sysroot && sw->dry_run))
		return 0;
	if (!*sysroot)
		return run_locked(&run);
	cxlf_fail(err, CXLF_E_USAGE, "a LUN of a saved tree cannot be switched");
	return cxlf_fix(err, "leave out --sysroot, or add --dry-run");
}

void cxlf_switch_free(struct cxlf_switch *sw)
{
	free(sw->step);
	sw->step = NULL;
	sw->n_steps = 0;
}
