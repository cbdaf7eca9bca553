/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the driver refused a context's request: it returns EINVAL or ENODEV for most errors, so the state is read
 * afterwards.
 */
#include "scsi/diagnose.h"
#include "context_inside.h"
#include "scsi/path.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define LOG_FIX "see the kernel log: dmesg | tail"
#define CONTEXTS_FIX "list the contexts: cxlflashctl context list"

/* The current AFU state of the context's adapter; *reason is why it is not ready, or "". */
static enum cxlf_afu_state afu_state(const struct cxlf_context *context, const char **reason)
{
	enum cxlf_afu_state state = CXLF_AFU_UNKNOWN;
	struct cxlf_topology topology = {0};
	struct cxlf_err ignored;

	*reason = "";
	if (cxlf_discover("", CXLF_WANT_AFU_STATE, &topology, &ignored))
		return state;
	for (unsigned i = 0; i < topology.n_adapters; i++)
		if (!strcmp(topology.adapter[i].pci, context->adapter_pci)) {
			state = topology.adapter[i].afu_state;
			*reason = topology.adapter[i].afu_reason;
		}
	cxlf_topology_free(&topology);
	return state;
}

static int plain(const struct cxlf_context *context, enum cxlf_code code, int rc, const char *what, const char *cause,
		 const char *fix, struct cxlf_err *err)
{
	cxlf_fail_sys(err, code, rc, "cannot %s", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", cause);
	return cxlf_fix(err, "%s", fix);
}

static int not_available(const struct cxlf_context *context, bool failed, int rc, const char *what, const char *reason,
			 struct cxlf_err *err)
{
	cxlf_fail_sys(err, failed ? CXLF_E_ADAPTER_FAILED : CXLF_E_ADAPTER_FROZEN, rc, "cannot %s: the adapter %s",
		      what, failed ? "has failed" : "is being reset");
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s",
		   *reason  ? reason
		   : failed ? "the driver has disabled the adapter"
			    : "its registers cannot be read now");
	return cxlf_fix(err, failed ? "see the cause: dmesg | grep -i -e cxlflash -e EEH"
				    : "try again in a few seconds; watch it with: cxlflashctl adapter list");
}

static int legacy(const struct cxlf_context *context, const struct cxlf_wwid *lun, const char *hctl, int rc,
		  const char *what, struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_NOT_SUPERPIPE, rc, "cannot %s: path %s is in legacy mode", what, hctl);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "the LUN was switched to legacy mode, or was never in superpipe mode");
	return cxlf_fix(err, "cxlflashctl manage-lun %s superpipe", CXLF_WWID_STRING(lun));
}

/* ---- attach ---- */

static int no_contexts(const struct cxlf_context *context, int rc, const char *what, const char *cause,
		       struct cxlf_err *err)
{
	char why[120];

	snprintf(why, sizeof(why), "%s: the adapter has no free context", what);
	return plain(context, CXLF_E_NO_CONTEXTS, rc, why, cause, CONTEXTS_FIX, err);
}

int cxlf_context_diagnose_attach(const struct cxlf_context *context, const struct cxlf_path *path, int rc,
				 struct cxlf_err *err)
{
	char what[16 + CXLF_WWID_TEXT] = "attach LUN ";
	const char *reason;

	cxlf_wwid_text(&path->wwid, what + strlen(what));
	if (cxlf_path_mode(path->hctl) == CXLF_MODE_LEGACY)
		return legacy(context, &path->wwid, path->hctl, rc, what, err);
	if (rc == -ENOSPC)
		return no_contexts(context, rc, what, "all interrupts of the AFU are in use", err);

	enum cxlf_afu_state state = afu_state(context, &reason);

	if (state == CXLF_AFU_FAILED || state == CXLF_AFU_FROZEN || state == CXLF_AFU_RESETTING || rc == -EIO ||
	    rc == -EBUSY || rc == -EAGAIN)
		return not_available(context, state == CXLF_AFU_FAILED, rc, what, reason, err);
	if (rc == -ENODEV)
		return no_contexts(context, rc, what,
				   "the driver returns ENODEV when all contexts of an adapter are in use", err);
	cxlf_fail_sys(err, rc == -ENOMEM ? CXLF_E_NO_MEMORY : CXLF_E_FAILED, rc, "cannot %s", what);
	cxlf_object(err, "%s", context->label);
	if (rc == -EINVAL)
		cxlf_cause(err, "the AFU does not accept %u interrupts per context, or the LUN is already attached",
			   context->options.interrupts);
	return cxlf_fix(err, LOG_FIX);
}

/* ---- other requests ---- */

int cxlf_context_not_ready(const struct cxlf_context *context, struct cxlf_err *err)
{
	bool gone = context->state == CXLF_CONTEXT_FAILED;

	cxlf_fail(err, gone ? CXLF_E_ADAPTER_FAILED : CXLF_E_CONTEXT_LOST, "the context is %s",
		  cxlf_context_state_name(context->state));
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, gone ? "the adapter has failed, and the context was closed; its handles are lost"
			     : "the adapter was reset, and the context is not recovered yet");
	return cxlf_fix(err, gone ? "start another context when the adapter is ready: cxlflashctl adapter list"
				  : "wait for its holder to recover it, or: cxlflashctl recover --all");
}

static int no_path(const struct cxlf_context *context, unsigned lun, int rc, const char *what, struct cxlf_err *err)
{
	char paths[512];

	cxlf_context_describe_paths(context, lun, paths, sizeof(paths));
	cxlf_fail_sys(err, CXLF_E_PATH_OFFLINE, rc, "cannot %s: none of its paths on the adapter works", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", *paths ? paths : "the context has no open path of the LUN");
	return cxlf_fix(err, "echo running > /sys/class/scsi_device/%s/device/state", context->lun[lun].hctl);
}

static bool has_internal_lun(const struct cxlf_context *context)
{
	char name[64];

	snprintf(name, sizeof(name), "/sys/class/scsi_host/host%u/lun_mode", context->host);
	return cxlf_sysfs_read_int(AT_FDCWD, name, 0) > 0;
}

static int invalid(const struct cxlf_context *context, unsigned lun, int rc, const char *what, struct cxlf_err *err)
{
	if (cxlf_path_mode(context->lun[lun].hctl) == CXLF_MODE_LEGACY)
		return legacy(context, &context->lun[lun].wwid, context->lun[lun].hctl, rc, what, err);
	if (has_internal_lun(context)) {
		plain(context, CXLF_E_NOT_SUPPORTED, rc, what,
		      "the adapter is in internal-LUN mode, which has no virtual LUNs", "", err);
		return cxlf_fix(err, "cat /sys/class/scsi_host/host%u/lun_mode", context->host);
	}
	if (strncmp(what, "open", 4))
		return plain(context, CXLF_E_FAILED, rc, what,
			     "the driver no longer has this context or handle for this process", LOG_FIX, err);
	return plain(context, CXLF_E_LUN_OTHER_USE, rc, what,
		     strstr(what, "virtual") ? "a physical handle is open on it, on this or another adapter"
					     : "virtual LUNs are open on it, on this or another adapter",
		     CONTEXTS_FIX, err);
}

int cxlf_context_diagnose(struct cxlf_context *context, unsigned lun, const char *verb, int rc, struct cxlf_err *err)
{
	char what[80];
	const char *reason;

	snprintf(what, sizeof(what), "%s LUN %s", verb, CXLF_WWID_STRING(&context->lun[lun].wwid));
	if (cxlf_context_is_path_error(rc) && !cxlf_context_lun_runs(context, lun))
		return no_path(context, lun, rc, what, err);
	if (rc == -EMFILE)
		return plain(context, CXLF_E_NO_HANDLES, rc, what, "all of the context's handles are open",
			     "release some, or use another context", err);
	if (rc == -ENOSPC)
		return plain(context, CXLF_E_NO_SPACE, rc, what, "no chunk of the LUN is free",
			     "list the virtual LUNs: cxlflashctl vlun list", err);
	if (rc == -ENOMEM)
		return plain(context, CXLF_E_NO_MEMORY, rc, what, "the kernel is out of memory",
			     "see: free -m; dmesg | tail", err);

	bool alive = cxlf_context_alive(context);

	if (alive && (rc == -EIO || rc == -EAGAIN || rc == -ETIMEDOUT))
		return plain(context, CXLF_E_TIMEOUT, rc, what, "the AFU did not answer the driver's command",
			     "try again; if the error persists: cxlflashctl adapter list; dmesg | tail", err);
	/* the kernel refuses requests through a path that is not running before the driver sees them */
	cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot %s", what);
	if (alive && rc == -ENODEV && cxlf_path_diagnose(context->lun[lun].hctl, err))
		return cxlf_object(err, "%s", context->label);
	if (!alive || rc == -ENODEV) {
		bool failed = afu_state(context, &reason) == CXLF_AFU_FAILED;

		return failed || alive ? not_available(context, failed, rc, what, reason, err)
				       : cxlf_context_not_ready(context, err);
	}
	if (rc == -EINVAL)
		return invalid(context, lun, rc, what, err);
	return plain(context, CXLF_E_FAILED, rc, what, "the driver refused it", LOG_FIX, err);
}

int cxlf_context_diagnose_detach(struct cxlf_context *context, unsigned lun, int rc, struct cxlf_err *err)
{
	const struct cxlf_context_path *path = context->paths[lun].path;

	if (!cxlf_context_is_path_error(rc) || cxlf_context_path_runs(path))
		return cxlf_context_diagnose(context, lun, "detach", rc, err);
	cxlf_fail_sys(err, CXLF_E_PATH_OFFLINE, rc, "cannot detach LUN %s: path %s does not work",
		      CXLF_WWID_STRING(&context->lun[lun].wwid), path->hctl);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "a LUN is detached through the path through which it was attached");
	return cxlf_fix(err, "echo running > /sys/class/scsi_device/%s/device/state", path->hctl);
}
