/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The paths of a context's LUNs: which one is used for an attach and for a request.
 *
 * A request through a path whose SCSI device does not run fails with ENODEV before the driver sees it. The driver
 * accepts every enabled path of a LUN on the context's adapter, except for DETACH. Therefore all of them are kept open,
 * and a request goes through the next one when a path has failed.
 */
#include "context_inside.h"
#include "scope.h"
#include "scsi/path.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* ---- the path of the attach ---- */

static int wrong_mode(const struct cxlf_topology *topology, unsigned lun, unsigned path, struct cxlf_err *err)
{
	const char *wwid = CXLF_WWID_STRING(&topology->lun[lun].wwid);

	if (path == UINT_MAX)
		cxlf_fail(err, CXLF_E_NOT_SUPERPIPE, "LUN %s is not in superpipe mode", wwid);
	else
		cxlf_fail(err, CXLF_E_NOT_SUPERPIPE, "path %s of LUN %s is not in superpipe mode",
			  topology->path[path].hctl, wwid);
	cxlf_cause(err, "its mode is %s, and contexts need superpipe mode",
		   cxlf_mode_name(path == UINT_MAX ? topology->lun[lun].mode : topology->path[path].mode));
	return cxlf_fix(err, "cxlflashctl manage-lun %s superpipe", wwid);
}

static int not_there(const struct cxlf_topology *topology, unsigned lun, unsigned adapter, struct cxlf_err *err)
{
	const char *wwid = CXLF_WWID_STRING(&topology->lun[lun].wwid);

	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "LUN %s is not on this adapter", wwid);
	cxlf_object(err, "%s", topology->adapter[adapter].label);
	cxlf_cause(err, "the LUN has no path through this adapter, and a context belongs to one adapter");
	return cxlf_fix(err, "cxlflashctl lun info %s", wwid);
}

static bool path_runs(const char *hctl)
{
	char name[96], state[24];

	snprintf(name, sizeof(name), "/sys/class/scsi_device/%s/device/state", hctl);
	return cxlf_sysfs_read(AT_FDCWD, name, state, sizeof(state)) > 0 && !strcmp(state, "running");
}

int cxlf_context_choose_path(const struct cxlf_topology *topology, unsigned lun, unsigned path, unsigned adapter,
			     unsigned *chosen, struct cxlf_err *err)
{
	bool there = false;

	*chosen = UINT_MAX;
	for (unsigned i = 0; i < topology->lun[lun].n_paths; i++) {
		unsigned k = topology->lun[lun].path[i];

		if ((path != UINT_MAX && path != k) || (adapter != UINT_MAX && adapter != topology->path[k].adapter))
			continue;
		there = true;
		if (topology->path[k].mode != CXLF_MODE_SUPERPIPE)
			continue;
		if (*chosen == UINT_MAX)
			*chosen = k;
		if (path_runs(topology->path[k].hctl)) {
			*chosen = k;
			break;
		}
	}
	if (*chosen != UINT_MAX)
		return 0;
	return there || adapter == UINT_MAX ? wrong_mode(topology, lun, path, err)
					    : not_there(topology, lun, adapter, err);
}

bool cxlf_context_next_path(const struct cxlf_topology *topology, unsigned path, unsigned *next)
{
	const struct cxlf_path *first = topology->path + path;

	for (unsigned i = *next == path ? 0 : *next + 1; i < topology->n_paths; i++) {
		const struct cxlf_path *other = topology->path + i;

		if (i == path || other->adapter != first->adapter || !other->has_wwid ||
		    !cxlf_wwid_equal(&other->wwid, &first->wwid) || other->mode != CXLF_MODE_SUPERPIPE)
			continue;
		*next = i;
		return true;
	}
	return false;
}

int cxlf_context_open_checked(const struct cxlf_context *context, const struct cxlf_path *path, struct cxlf_err *err)
{
	char what[16 + CXLF_WWID_TEXT] = "use LUN ";
	int fd;

	cxlf_wwid_text(&path->wwid, what + strlen(what));
	fd = cxlf_path_open_checked(path, what, err);
	return fd < 0 ? cxlf_object(err, "%s", context->label) : fd;
}

/* ---- the open paths ---- */

/* The state of the SCSI device behind an open node; false: the device was removed. */
static bool read_state(int fd, char *state, size_t size)
{
	struct stat st;
	char name[64];

	if (fd < 0 || fstat(fd, &st) || !(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
		return false;
	/* by device number: while the node is open, a new device at the same address has another one */
	snprintf(name, sizeof(name), "/sys/dev/%s/%u:%u/device/state", S_ISCHR(st.st_mode) ? "char" : "block",
		 major(st.st_rdev), minor(st.st_rdev));
	return cxlf_sysfs_read(AT_FDCWD, name, state, size) > 0;
}

static bool runs(int fd)
{
	char state[24];

	return read_state(fd, state, sizeof(state)) && !strcmp(state, "running");
}

/* Takes ownership of the fd. */
void cxlf_context_keep_path(struct cxlf_context_paths *paths, const char *hctl, int fd)
{
	char state[24];

	for (unsigned i = 1; i < paths->n; i++) {
		if (read_state(paths->path[i].fd, state, sizeof(state)))
			continue;
		close(paths->path[i].fd); /* its device was removed */
		paths->path[i--] = paths->path[--paths->n];
	}
	if (paths->n == CXLF_CONTEXT_PATHS) {
		close(fd);
		return;
	}
	paths->path[paths->n].fd = fd;
	snprintf(paths->path[paths->n++].hctl, sizeof(paths->path->hctl), "%s", hctl);
}

static bool has_path(const struct cxlf_context_paths *paths, const char *hctl)
{
	char state[24];

	for (unsigned i = 0; i < paths->n; i++)
		if (!strcmp(paths->path[i].hctl, hctl) && read_state(paths->path[i].fd, state, sizeof(state)))
			return true;
	return false;
}

/*
 * The identity of these paths is not asked: a path that does not work would delay the attach. The driver itself refuses
 * a request through a path that was enabled for a different LUN.
 */
void cxlf_context_keep_others(struct cxlf_context *context, unsigned lun, const struct cxlf_topology *topology,
			      unsigned path)
{
	struct cxlf_context_paths *paths = context->paths + lun;
	struct cxlf_err ignored;

	for (unsigned next = path; cxlf_context_next_path(topology, path, &next);) {
		const struct cxlf_path *other = topology->path + next;
		int fd = has_path(paths, other->hctl) ? -1 : cxlf_path_open(other, &ignored);

		if (fd >= 0)
			cxlf_context_keep_path(paths, other->hctl, fd);
	}
}

/* Paths that were enabled, or removed and found again, since the attach. */
static void find_new(struct cxlf_context *context, unsigned lun)
{
	struct cxlf_topology topology = {0};
	struct cxlf_err ignored;

	if (cxlf_discover("", CXLF_WANT_LUN | CXLF_WANT_DEVNO, &topology, &ignored))
		return;
	for (unsigned i = 0; i < topology.n_paths; i++) {
		const struct cxlf_path *path = topology.path + i;

		if (path->has_wwid && cxlf_wwid_equal(&path->wwid, &context->lun[lun].wwid) &&
		    path->mode == CXLF_MODE_SUPERPIPE &&
		    !strcmp(topology.adapter[path->adapter].pci, context->adapter_pci) &&
		    !has_path(context->paths + lun, path->hctl)) {
			int fd = cxlf_path_open(path, &ignored);

			if (fd >= 0)
				cxlf_context_keep_path(context->paths + lun, path->hctl, fd);
		}
	}
	cxlf_topology_free(&topology);
}

/* ---- requests ---- */

bool cxlf_context_is_path_error(int rc)
{
	return rc == -ENODEV || rc == -ENXIO;
}

/* First the paths that run, then the others, of which the kernel knows best. */
bool cxlf_context_try(struct cxlf_context *context, struct cxlf_context_try *try, int rc)
{
	struct cxlf_context_paths *paths = context->paths + try->lun;

	if (try->path && (!cxlf_context_is_path_error(rc) || runs(try->path->fd)))
		return false;
	for (; try->pass < 2; try->pass++, try->next = 0) {
		if (try->pass && !try->path)
			find_new(context, try->lun);
		for (; try->next < paths->n; try->next++) {
			struct cxlf_context_path *path = paths->path + try->next;

			if (path->fd < 0 || (try->pass ? path == try->path : !runs(path->fd)))
				continue;
			try->path = path;
			try->next++;
			return true;
		}
	}
	return false;
}

bool cxlf_context_path_runs(const struct cxlf_context_path *path)
{
	return runs(path->fd);
}

bool cxlf_context_lun_runs(const struct cxlf_context *context, unsigned lun)
{
	for (unsigned i = 0; i < context->paths[lun].n; i++)
		if (runs(context->paths[lun].path[i].fd))
			return true;
	return false;
}

void cxlf_context_describe_paths(const struct cxlf_context *context, unsigned lun, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (unsigned i = 0; i < context->paths[lun].n && len < size; i++) {
		const struct cxlf_context_path *path = context->paths[lun].path + i;
		char state[24];
		bool there = read_state(path->fd, state, sizeof(state));

		len += (size_t)snprintf(text + len, size - len, "%spath %s is %s", len ? ", " : "", path->hctl,
					there ? state : "removed");
	}
}

void cxlf_context_close_paths(struct cxlf_context *context, unsigned lun)
{
	struct cxlf_context_paths *paths = context->paths + lun;

	while (paths->n)
		if (paths->path[--paths->n].fd >= 0)
			close(paths->path[paths->n].fd);
}
