/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switching a LUN between legacy and superpipe mode, on all its paths or not at all.
 *
 * The driver switches each path on its own, accepts any WWID and does not check for users (contract 6). So all paths
 * and users are checked under the locks before the first change, and a failure switches the changed paths back. No
 * state is kept: after an interruption the same command completes the switch.
 */
#include "switch.h"
#include "admit.h"
#include "announce.h"
#include "holder/held.h"
#include "ioctl_wrap.h"
#include "scsi/path.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct run {
	const struct cxlf_topology *topology;
	unsigned lun_index;
	const struct cxlf_lun *lun;
	struct cxlf_switch *sw;
	int *fd; /* for each step, or -1 */
	struct cxlf_lock lock;
	struct cxlf_uses uses; /* with the claims that prevent new mounts */
	struct cxlf_err *err;
	char wwid[CXLF_WWID_TEXT];
	char what[96]; /* "cannot switch LUN WWID to MODE" */
};

static const struct cxlf_path *path_of(const struct run *run, const struct cxlf_switch_step *step)
{
	return run->topology->path + step->path;
}

static int about_adapter(const struct run *run, const struct cxlf_path *path)
{
	return cxlf_object(run->err, "%s", run->topology->adapter[path->adapter].label);
}

/* ---- the plan ---- */

static int make_plan(struct run *run)
{
	struct cxlf_switch *sw = run->sw;

	sw->step = calloc(run->lun->n_paths, sizeof(*sw->step));
	run->fd = calloc(run->lun->n_paths, sizeof(*run->fd));
	if (!sw->step || !run->fd)
		return cxlf_fail_sys(run->err, CXLF_E_NO_MEMORY, -ENOMEM, "%s", run->what);
	for (unsigned i = 0; i < run->lun->n_paths; i++) {
		unsigned path = run->lun->path[i];
		enum cxlf_mode mode = run->topology->path[path].mode;

		if (sw->only_path != UINT_MAX && sw->only_path != path)
			continue;
		run->fd[sw->n_steps] = -1;
		sw->step[sw->n_steps++] =
			(struct cxlf_switch_step){path, mode, mode, mode != sw->mode, false, false, false};
	}
	if (!sw->n_steps)
		return cxlf_fail(run->err, CXLF_E_BUG, "the given path does not belong to LUN %s", run->wwid);
	return 0;
}

static unsigned n_needed(const struct run *run)
{
	unsigned n = 0;

	for (unsigned i = 0; i < run->sw->n_steps; i++)
		n += run->sw->step[i].needed;
	return n;
}

/* Another command may have switched paths between the scan and the lock. */
static void read_modes(struct run *run)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++) {
		struct cxlf_switch_step *step = run->sw->step + i;

		step->before = step->after = cxlf_path_mode(path_of(run, step)->hctl);
		step->needed = step->before != run->sw->mode;
	}
}

/* ---- preflight: identity ---- */

static int identify(struct run *run, unsigned i)
{
	const struct cxlf_path *path = path_of(run, run->sw->step + i);

	run->fd[i] = cxlf_path_open_checked(path, run->what + strlen("cannot "), run->err);
	return run->fd[i] < 0 ? about_adapter(run, path) : 0;
}

/* ---- preflight: users ---- */

static void leave_out(struct run *run, unsigned path)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++)
		if (run->sw->step[i].path == path) {
			run->sw->step[i].left_out = true;
			run->sw->step[i].needed = false;
		}
}

static int make_checks(struct run *run, unsigned checks)
{
	struct cxlf_lun_question question = {.topology = run->topology,
					     .lun = run->lun_index,
					     .what = run->what,
					     .checks = checks,
					     .forced = run->sw->forced,
					     .claim = !run->sw->dry_run && checks != CXLF_CHECK_BIT(OFFLINE_PATH)};

	cxlf_uses_free(&run->uses);
	return cxlf_lun_ask(&question, &run->uses, run->err);
}

/*
 * All paths of the LUN are checked, also those that are not switched. The driver switches paths to legacy while
 * contexts are attached. These contexts cannot detach then, and when they end, the driver may dereference a null
 * pointer with its lock held.
 */
static int check_all(struct run *run)
{
	bool to_legacy = run->sw->mode == CXLF_MODE_LEGACY;
	int rc = make_checks(run,
			     CXLF_CHECK_BIT(OFFLINE_PATH) | (to_legacy ? CXLF_CHECK_BIT(CONTEXT) : CXLF_CHECKS_DISK));
	size_t len = strlen(run->err->cause);

	if (rc && run->err->code == CXLF_E_LUN_HAS_HANDLES)
		snprintf(run->err->cause + len, sizeof(run->err->cause) - len,
			 "; if a program ends while it is attached to a LUN in legacy mode, the driver leaks or "
			 "crashes");
	if (!rc)
		cxlf_uses_text(&run->uses, run->sw->forced, run->sw->warning, sizeof(run->sw->warning));
	return rc;
}

/* Paths that do not work prevent the other checks, so they come first. */
static int preflight(struct run *run)
{
	if (make_checks(run, CXLF_CHECK_BIT(OFFLINE_PATH))) {
		if (run->err->code != CXLF_E_DEVICE_GONE)
			check_all(run); /* to report all reasons at once */
		return -1;
	}
	for (size_t i = 0; i < run->uses.n; i++)
		leave_out(run, run->uses.use[i].path);
	for (unsigned i = 0; i < run->sw->n_steps; i++)
		if (!run->sw->step[i].left_out && identify(run, i))
			return -1;
	if (n_needed(run))
		return check_all(run);
	return cxlf_fail(run->err, CXLF_E_DEVICE_GONE, "%s: none of the paths to be switched works", run->what);
}

static int ask_consent(struct run *run)
{
	return run->sw->mode == CXLF_MODE_LEGACY ? 0
						 : cxlf_consent_ask(&run->sw->consent, run->topology, run->lun_index,
								    run->what + strlen("cannot "), run->err);
}

/* Claims do not prevent programs from opening the LUN for writing, so this is reported after the switch. */
static void warn_of_writers(struct run *run)
{
	struct cxlf_inuse_query query = {
		.root = "", .topology = run->topology, .lun = run->lun_index, .checks = CXLF_CHECK_BIT(OPENER)};
	struct cxlf_uses uses = {0};
	struct cxlf_err failed = {0};
	const struct cxlf_use *found = NULL;

	if (run->sw->mode != CXLF_MODE_SUPERPIPE || run->sw->forced & CXLF_CHECK_BIT(OPENER))
		return;
	cxlf_inuse_find(&query, &uses, &failed);
	/* that exclusive openers were not searched for has no errno: the claims are held */
	for (size_t i = 0; i < uses.n; i++)
		if (uses.use[i].answer == CXLF_ANSWER_USED || (!found && uses.use[i].sys))
			found = uses.use + i;
	if (found)
		snprintf(run->sw->warning, sizeof(run->sw->warning), "%s while the LUN was being switched: %s",
			 found->answer == CXLF_ANSWER_USED ? "opened" : "programs may have opened it", found->cause);
	else if (failed.code)
		snprintf(run->sw->warning, sizeof(run->sw->warning),
			 "programs may have opened it while the LUN was being switched: %s", failed.message);
	cxlf_uses_free(&uses);
}

/* ---- the change ---- */

/* Which context has the handle is known only to the driver. */
static int held(const struct run *run, int rc)
{
	char contexts[1024];

	cxlf_fail_sys(run->err, CXLF_E_LUN_HAS_HANDLES, rc, "cannot switch LUN %s to legacy: a program uses it",
		      run->wwid);
	cxlf_cause(run->err, "a handle of the LUN is open on one of its adapters");
	if (cxlf_held_release_fix(&run->lun->wwid, CXLF_HELD_ANY, run->err))
		return -1;
	if (cxlf_uses_text(&run->uses, CXLF_CHECK_BIT(CONTEXT), contexts, sizeof(contexts)))
		cxlf_cause(run->err, "a handle of the LUN is open; %s", contexts);
	return cxlf_fix(run->err, "cxlflashctl context list");
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
	return cxlf_cause(run->err, "the driver refused path %s", path->hctl);
}

static int not_reached(const struct run *run, const struct cxlf_path *path, enum cxlf_mode now)
{
	cxlf_fail(run->err, CXLF_E_MODE_NOT_REACHED, "path %s of LUN %s is not in %s mode", path->hctl, run->wwid,
		  cxlf_mode_name(run->sw->mode));
	about_adapter(run, path);
	return cxlf_cause(run->err, "the driver accepted the switch, but the path is in %s mode", cxlf_mode_name(now));
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

/* Add the result for the other paths to the cause. */
static int add_state(const struct run *run, unsigned n_back, unsigned n_stuck)
{
	size_t len = strlen(run->err->cause), room = sizeof(run->err->cause) - len;

	if (n_stuck)
		snprintf(run->err->cause + len, room, "; %u switched path%s could not be switched back", n_stuck,
			 n_stuck == 1 ? "" : "s");
	else if (n_back)
		snprintf(run->err->cause + len, room, "; %u switched path%s switched back", n_back,
			 n_back == 1 ? " was" : "s were");
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
	return add_state(run, n_back, n_stuck);
}

static int change(struct run *run)
{
	for (unsigned i = 0; i < run->sw->n_steps; i++)
		if (run->sw->step[i].needed && switch_path(run, i))
			return roll_back(run);
	run->sw->changed = true;
	warn_of_writers(run);
	return 0;
}

/* ---- the switch ---- */

/* Without root, processes of other users and reservations cannot be read. */
static int need_root(const struct run *run)
{
	if (!geteuid())
		return 0;
	cxlf_fail(run->err, CXLF_E_PERMISSION, "%s: root privileges are required", run->what);
	cxlf_cause(run->err, "only root can determine whether programs of other users have the LUN open");
	return cxlf_fix(run->err, "run the command as root");
}

static int run_locked(struct run *run)
{
	if (need_root(run) || cxlf_lun_reachable(run->topology, run->lun_index, run->what, run->err))
		return -1;
	if (run->sw->dry_run)
		return preflight(run) ? -1 : ask_consent(run);
	if (cxlf_lun_lock(run->topology, &run->lun_index, 1, run->sw->timeout_ms, &run->lock, run->err))
		return -1;
	read_modes(run);
	if (!n_needed(run))
		return 0;
	if (!preflight(run) && !ask_consent(run) && !change(run))
		return 0;
	*run->sw->warning = '\0'; /* nothing was switched */
	return -1;
}

/* The claims are released before, the locks after that. */
static void announce(const struct run *run)
{
	struct cxlf_switch *sw = run->sw;

	for (unsigned i = 0; i < sw->n_steps; i++) {
		const struct cxlf_path *path = path_of(run, sw->step + i);
		int rc = sw->step[i].done ? cxlf_path_announce(path, sw->step[i].after) : 0;

		if (rc && !*sw->warning)
			snprintf(sw->warning, sizeof(sw->warning),
				 "udev was not told of the new mode of %s (%s), so other programs may not know of it; "
				 "run: udevadm trigger --action=add /dev/%s",
				 path->sd, cxlf_errno_name(-rc), path->sd);
	}
}

static void end(struct run *run)
{
	for (unsigned i = 0; run->fd && i < run->sw->n_steps; i++)
		if (run->fd[i] >= 0)
			close(run->fd[i]);
	free(run->fd);
	cxlf_uses_free(&run->uses);
	announce(run);
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
	snprintf(run.what, sizeof(run.what), "cannot switch LUN %s to %s", run.wwid, cxlf_mode_name(sw->mode));
	if (make_plan(&run))
		return -1;
	if (!n_needed(&run) || (*sysroot && sw->dry_run))
		return 0;
	if (!*sysroot)
		return run_locked(&run);
	cxlf_fail(err, CXLF_E_USAGE, "cannot switch a LUN of a saved tree");
	return cxlf_fix(err, "leave out --sysroot, or add --dry-run");
}

void cxlf_switch_free(struct cxlf_switch *sw)
{
	free(sw->step);
	sw->step = NULL;
	sw->n_steps = 0;
}
