/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the driver refused a context's request: it says EINVAL or ENODEV for nearly everything, so look afterwards.
 */
#include "context_inside.h"
#include "scsi/path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs.h"
#include <fcntl.h>

/* The current AFU state of the context's adapter; *reason is why it is not ready, or "". */
static enum cxlf_afu_state afu_state(const struct cxlf_context *context, const char **reason)
{
	enum cxlf_afu_state state = CXLF_AFU_UNKNOWN;
	struct cxlf_topology topology = {0};
	struct cxlf_err ignored;

	*reason = "";
	if (cxlf_discover("", CXLF_WANT_PORTS, &topology, &ignored))
		return state;
	for (unsigned i = 0; i < topology.n_adapters; i++)
		if (!strcmp(topology.adapter[i].pci, context->adapter_pci)) {
			state = topology.adapter[i].afu_state;
			*reason = topology.adapter[i].afu_reason;
		}
	cxlf_topology_free(&topology);
	return state;
}

static int failed(const struct cxlf_context *context, int rc, const char *what, const char *reason,
		  struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_ADAPTER_FAILED, rc, "cannot %s: the adapter has failed", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", *reason ? reason : "the driver has given the adapter up");
	return cxlf_fix(err, "see why: dmesg | grep -i -e cxlflash -e EEH");
}

static int unavailable(const struct cxlf_context *context, int rc, const char *what, const char *reason,
		       struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_TIMEOUT, rc, "cannot %s: the adapter is being reset", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", *reason ? reason : "its registers cannot be read now");
	return cxlf_fix(err, "try again in a few seconds; watch it with: cxlflashctl adapter list");
}

static int legacy(const struct cxlf_context *context, const struct cxlf_wwid *lun, const char *hctl, int rc,
		  const char *what, struct cxlf_err *err)
{
	char wwid[CXLF_WWID_TEXT];

	cxlf_wwid_text(lun, wwid);
	cxlf_fail_sys(err, CXLF_E_NOT_SUPERPIPE, rc, "cannot %s: path %s is in legacy mode", what, hctl);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "the LUN was switched, or never was in superpipe mode");
	return cxlf_fix(err, "cxlflashctl manage-lun %s superpipe", wwid);
}

/* ---- attach ---- */

static int no_contexts(const struct cxlf_context *context, int rc, const char *what, const char *cause,
		       struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_NO_CONTEXTS, rc, "cannot %s: the adapter has no context left", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", cause);
	return cxlf_fix(err, "list the contexts: cxlflashctl context list");
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
		return no_contexts(context, rc, what, "all interrupts of the AFU are taken", err);

	enum cxlf_afu_state state = afu_state(context, &reason);

	if (state == CXLF_AFU_FAILED)
		return failed(context, rc, what, reason, err);
	if (state == CXLF_AFU_FROZEN || state == CXLF_AFU_RESETTING || rc == -EIO || rc == -EBUSY || rc == -EAGAIN)
		return unavailable(context, rc, what, reason, err);
	if (rc == -ENODEV)
		return no_contexts(context, rc, what,
				   "the driver says ENODEV, its answer when all contexts of an adapter are taken", err);
	cxlf_fail_sys(err, rc == -ENOMEM ? CXLF_E_NO_MEMORY : CXLF_E_FAILED, rc, "cannot %s", what);
	cxlf_object(err, "%s", context->label);
	if (rc == -EINVAL)
		cxlf_cause(err, "the AFU does not take %u interrupts a context, or the LUN is attached already",
			   context->options.interrupts);
	return cxlf_fix(err, "see the kernel log: dmesg | tail");
}

/* ---- everything else ---- */

int cxlf_context_not_ready(const struct cxlf_context *context, struct cxlf_err *err)
{
	bool gone = context->state == CXLF_CONTEXT_FAILED;

	cxlf_fail(err, gone ? CXLF_E_ADAPTER_FAILED : CXLF_E_CONTEXT_LOST, "the context is %s",
		  cxlf_context_state_name(context->state));
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, gone ? "the adapter has failed, and its handles were given back"
			     : "the adapter was reset, and the context is not recovered yet");
	return cxlf_fix(err, gone ? "start another one when the adapter is ready: cxlflashctl adapter list"
				  : "wait for its holder to recover it, or: cxlflashctl recover --all");
}

static bool internal_lun(const struct cxlf_context *context)
{
	char name[64];

	snprintf(name, sizeof(name), "/sys/class/scsi_host/host%u/lun_mode", context->host);
	return cxlf_sysfs_read_int(AT_FDCWD, name, 0) > 0;
}

static int invalid(const struct cxlf_context *context, unsigned lun, int rc, const char *what, struct cxlf_err *err)
{
	bool opens = !strncmp(what, "open", 4);
	char wwid[CXLF_WWID_TEXT];

	cxlf_wwid_text(&context->lun[lun].wwid, wwid);
	if (cxlf_path_mode(context->lun[lun].hctl) == CXLF_MODE_LEGACY)
		return legacy(context, &context->lun[lun].wwid, context->lun[lun].hctl, rc, what, err);
	if (internal_lun(context)) {
		cxlf_fail_sys(err, CXLF_E_NOT_SUPPORTED, rc, "cannot %s", what);
		cxlf_object(err, "%s", context->label);
		cxlf_cause(err, "the adapter is in internal-LUN mode, which has no virtual LUNs");
		return cxlf_fix(err, "cat /sys/class/scsi_host/host%u/lun_mode", context->host);
	}
	if (!opens) {
		cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot %s", what);
		cxlf_object(err, "%s", context->label);
		cxlf_cause(err, "the driver no longer has this context or handle for this process");
		return cxlf_fix(err, "see the kernel log: dmesg | tail");
	}
	cxlf_fail_sys(err, CXLF_E_LUN_OTHER_USE, rc, "cannot %s", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, strstr(what, "virtual") ? "a physical handle is open on it, on this or another adapter"
						: "virtual LUNs are open on it, on this or another adapter");
	return cxlf_fix(err, "list the contexts: cxlflashctl context list");
}

static int plain(const struct cxlf_context *context, enum cxlf_code code, int rc, const char *what, const char *cause,
		 const char *fix, struct cxlf_err *err)
{
	cxlf_fail_sys(err, code, rc, "cannot %s", what);
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "%s", cause);
	return cxlf_fix(err, "%s", fix);
}

int cxlf_context_diagnose(struct cxlf_context *context, unsigned lun, const char *verb, int rc, struct cxlf_err *err)
{
	char what[80], wwid[CXLF_WWID_TEXT];
	const char *reason;

	cxlf_wwid_text(&context->lun[lun].wwid, wwid);
	snprintf(what, sizeof(what), "%s LUN %s", verb, wwid);
	switch (rc) {
	case -EMFILE:
		return plain(context, CXLF_E_NO_HANDLES, rc, what, "all of the context's handles are open",
			     "release some, or use another context", err);
	case -ENOSPC:
		return plain(context, CXLF_E_NO_SPACE, rc, what, "the adapter's LUN table is full, or no chunk is free",
			     "list the virtual LUNs: cxlflashctl vlun list", err);
	case -ENOMEM:
		return plain(context, CXLF_E_NO_MEMORY, rc, what, "the kernel is out of memory",
			     "see: free -m; dmesg | tail", err);
	case -EIO:
	case -EAGAIN:
	case -ETIMEDOUT:
		if (cxlf_context_alive(context))
			return plain(context, CXLF_E_TIMEOUT, rc, what, "the AFU did not answer the driver's command",
				     "try again; if it stays so: cxlflashctl adapter list; dmesg | tail", err);
		break;
	}
	if (!cxlf_context_alive(context)) {
		context->state = CXLF_CONTEXT_LOST;
		return afu_state(context, &reason) == CXLF_AFU_FAILED ? failed(context, rc, what, reason, err)
								      : cxlf_context_not_ready(context, err);
	}
	if (rc == -ENODEV)
		return afu_state(context, &reason) == CXLF_AFU_FAILED ? failed(context, rc, what, reason, err)
								      : unavailable(context, rc, what, reason, err);
	if (rc == -EINVAL)
		return invalid(context, lun, rc, what, err);
	return plain(context, CXLF_E_FAILED, rc, what, "the driver refused it", "see the kernel log: dmesg | tail",
		     err);
}
