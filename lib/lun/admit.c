/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Check a LUN for users before a change, under the adapters' locks, and claim it until the change is complete.
 */
#include "admit.h"
#include "holder/holder.h"
#include "scsi/diagnose.h"
#include "sysfs.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define HOLDER_MS 500 /* timeout for a holder's process ID and LUNs */

/* ---- holders of this suite ---- */

struct holders {
	struct cxlf_holder_entry *entry;
	unsigned n;
	pid_t *all, *ours;
	unsigned n_ours;
};

static bool has_lun(const struct cxlf_holder_entry *holder, const struct cxlf_wwid *wwid)
{
	for (unsigned i = 0; i < holder->info.n_luns; i++)
		if (cxlf_wwid_equal(&holder->info.lun[i].wwid, wwid))
			return true;
	return holder->found != CXLF_HOLDER_ANSWERS;
}

static void find_holders(struct holders *holders)
{
	struct cxlf_err ignored;

	*holders = (struct holders){0};
	if (cxlf_holder_list(CXLF_RUN_DIR, HOLDER_MS, &holders->entry, &holders->n, &ignored))
		*holders = (struct holders){0};
	holders->all = calloc(holders->n + 1, sizeof(*holders->all));
	for (unsigned i = 0; holders->all && i < holders->n; i++)
		holders->all[i] = holders->entry[i].pid;
}

static int choose_ours(const struct cxlf_lun_question *question, struct holders *holders, struct cxlf_err *err)
{
	const struct cxlf_wwid *wwid = &question->topology->lun[question->lun].wwid;

	holders->ours = calloc(holders->n + 1, sizeof(*holders->ours));
	if (!holders->ours)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "%s: out of memory", question->what);
	for (unsigned i = 0; i < holders->n; i++)
		if (holders->entry[i].pid &&
		    !(question->checks & CXLF_CHECK_BIT(CONTEXT) && has_lun(holders->entry + i, wwid)))
			holders->ours[holders->n_ours++] = holders->entry[i].pid;
	return 0;
}

static void free_holders(struct holders *holders)
{
	if (holders->entry)
		cxlf_holder_list_free(holders->entry, holders->n);
	free(holders->all);
	free(holders->ours);
}

static bool is_stopped(pid_t pid)
{
	char file[40], text[256];
	const char *state;

	snprintf(file, sizeof(file), "/proc/%d/stat", (int)pid);
	if (cxlf_sysfs_read(AT_FDCWD, file, text, sizeof(text)) <= 0)
		return false;
	state = strrchr(text, ')');
	return state && (!strncmp(state, ") T", 3) || !strncmp(state, ") t", 3));
}

/* Only this LUN is taken from a context that has others. False: its handles are too many for a fix. */
static bool detach_fix(const struct cxlf_holder_info *info, const struct cxlf_wwid *wwid, char *fix, size_t size)
{
	char id[CXLF_HELD_TEXT];
	size_t len = 0;

	for (unsigned i = 0; i < info->n_handles && len < size; i++)
		if (cxlf_wwid_equal(&info->lun[info->handle[i].lun].wwid, wwid))
			len += (size_t)snprintf(fix + len, size - len, "cxlflashctl %s release %s && ",
						info->handle[i].is_virtual ? "vlun" : "plun",
						cxlf_held_text(info->name, info->handle[i].number, id));
	if (len < size)
		len += (size_t)snprintf(fix + len, size - len, "cxlflashctl context detach %s %s", info->name,
					CXLF_WWID_STRING(wwid));
	return len < size;
}

/* The fix for a use by a holder is to stop its context, if it can answer and has only this LUN. */
static void refix_holders(const struct holders *holders, const struct cxlf_wwid *wwid, struct cxlf_uses *uses)
{
	char fix[512];

	for (size_t i = 0; i < uses->n; i++)
		for (unsigned k = 0; k < holders->n; k++) {
			const struct cxlf_holder_entry *holder = holders->entry + k;

			if (!uses->use[i].pid || uses->use[i].pid != holder->pid)
				continue;
			if (holder->found == CXLF_HOLDER_SILENT)
				snprintf(fix, sizeof(fix), "kill %s%d", is_stopped(holder->pid) ? "-CONT " : "",
					 (int)holder->pid);
			else if (holder->info.n_luns < 2 || !detach_fix(&holder->info, wwid, fix, sizeof(fix)))
				snprintf(fix, sizeof(fix), "cxlflashctl context stop %s", holder->name);
			cxlf_use_refix(uses->use + i, fix);
		}
}

/* ---- the checks ---- */

/* Under sudo only the login user ID identifies the user. */
static void log_forced(const struct cxlf_lun_question *question, const struct cxlf_uses *uses)
{
	char text[1024];
	uint64_t login = UINT_MAX;

	if (!cxlf_uses_text(uses, question->forced, text, sizeof(text)))
		return;
	cxlf_sysfs_read_u64(AT_FDCWD, "/proc/self/loginuid", &login);
	syslog(LOG_WARNING, "user ID %u (login user ID %lld) overrode a check of LUN %s: %s", (unsigned)getuid(),
	       login == UINT_MAX ? -1LL : (long long)login,
	       CXLF_WWID_STRING(&question->topology->lun[question->lun].wwid), text);
}

static int refuse(const struct cxlf_lun_question *question, const struct cxlf_uses *uses, struct cxlf_err *err)
{
	const struct cxlf_topology *topology = question->topology;
	unsigned path = cxlf_uses_refusal(uses, question->forced)->path;

	cxlf_fail(err, CXLF_E_LUN_IN_USE, "%s", question->what);
	cxlf_uses_error(uses, question->forced, err);
	snprintf(err->message, sizeof(err->message), "%s: %s", question->what,
		 err->code == CXLF_E_LUN_IN_USE						? "it is in use"
		 : err->code == CXLF_E_LUN_HAS_HANDLES					? "a program may be using it"
		 : err->code == CXLF_E_PATH_OFFLINE || err->code == CXLF_E_PORT_OFFLINE ? "a path does not work"
		 : err->code == CXLF_E_DEVICE_GONE					? "a path is gone"
						   : "not all checks for users could be made");
	if (path < topology->n_paths)
		cxlf_object(err, "%s", topology->adapter[topology->path[path].adapter].label);
	return -1;
}

int cxlf_lun_ask(const struct cxlf_lun_question *question, struct cxlf_uses *uses, struct cxlf_err *err)
{
	struct cxlf_inuse_query query = {.root = "",
					 .topology = question->topology,
					 .lun = question->lun,
					 .checks = question->checks,
					 .probe = true,
					 .claim = question->claim};
	struct holders holders;
	int rc;

	*uses = (struct cxlf_uses){0};
	find_holders(&holders);
	rc = choose_ours(question, &holders, err);
	query.ours = holders.ours;
	query.n_ours = holders.n_ours;
	query.holders = holders.all;
	query.n_holders = holders.all ? holders.n : 0;
	if (!rc)
		rc = cxlf_inuse_find(&query, uses, err);
	if (!rc)
		refix_holders(&holders, &question->topology->lun[question->lun].wwid, uses);
	free_holders(&holders);
	if (rc)
		return -1;
	if (cxlf_uses_refusal(uses, question->forced))
		return refuse(question, uses, err);
	if (question->claim)
		log_forced(question, uses);
	return 0;
}

int cxlf_lun_uses(const struct cxlf_topology *topology, unsigned lun, bool probe, struct cxlf_uses *uses,
		  struct cxlf_err *err)
{
	struct cxlf_inuse_query query = {
		.root = "", .topology = topology, .lun = lun, .checks = CXLF_CHECKS_ALL, .probe = probe};
	struct holders holders;

	int rc;

	find_holders(&holders);
	query.holders = holders.all;
	query.n_holders = holders.all ? holders.n : 0;
	rc = cxlf_inuse_find(&query, uses, err);
	if (!rc)
		refix_holders(&holders, &topology->lun[lun].wwid, uses);
	free_holders(&holders);
	return rc;
}

/* ---- the locks ---- */

static bool has_path_on(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned adapter)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < topology->lun[lun[i]].n_paths; k++)
			if (topology->path[topology->lun[lun[i]].path[k]].adapter == adapter)
				return true;
	return false;
}

int cxlf_lun_lock(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned timeout_ms,
		  struct cxlf_lock *lock, struct cxlf_err *err)
{
	unsigned adapter[CXLF_MAX_ADAPTERS], n_adapters = 0;

	for (unsigned i = 0; i < topology->n_adapters && n_adapters < CXLF_MAX_ADAPTERS; i++)
		if (has_path_on(topology, lun, n, i))
			adapter[n_adapters++] = i; /* in order of their PCI addresses */
	return cxlf_lock_take(CXLF_LOCK_DIR, topology, adapter, n_adapters, timeout_ms, lock, err);
}

/* ---- the adapters ---- */

static int unreachable(const struct cxlf_adapter *adapter, const char *what, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_FAILED, "%s: the adapter %s%s", what,
		  adapter->afu_state == CXLF_AFU_FAILED ? "has " : "is ", cxlf_afu_state_name(adapter->afu_state));
	cxlf_object(err, "%s", adapter->label);
	cxlf_adapter_diagnose(adapter, err);
	return -1;
}

int cxlf_lun_reachable(const struct cxlf_topology *topology, unsigned lun, const char *what, struct cxlf_err *err)
{
	const struct cxlf_adapter *failed = NULL;
	bool works = false;

	for (unsigned i = 0; i < topology->lun[lun].n_paths; i++) {
		const struct cxlf_adapter *adapter =
			topology->adapter + topology->path[topology->lun[lun].path[i]].adapter;

		if (adapter->afu_state == CXLF_AFU_FROZEN || adapter->afu_state == CXLF_AFU_RESETTING)
			return unreachable(adapter, what, err);
		if (adapter->afu_state == CXLF_AFU_FAILED)
			failed = adapter;
		else
			works = true;
	}
	return failed && !works ? unreachable(failed, what, err) : 0;
}

/* ---- before contexts and handles ---- */

static bool is_first(const unsigned *lun, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (lun[k] == lun[i])
			return false;
	return true;
}

static int admit_one(const struct cxlf_topology *topology, unsigned lun, unsigned forced,
		     struct cxlf_admission *admission, struct cxlf_err *err)
{
	char what[96], text[1024];
	size_t len = strlen(admission->warning);
	struct cxlf_lun_question question = {.topology = topology,
					     .lun = lun,
					     .what = what,
					     .checks = CXLF_CHECKS_DISK,
					     .forced = forced,
					     .claim = !admission->dry_run};

	if (admission->n >= CXLF_ADMITTED)
		return cxlf_fail(err, CXLF_E_BUG, "more than %u LUNs at once", CXLF_ADMITTED);
	snprintf(what, sizeof(what), "cannot give a program access to LUN %s",
		 CXLF_WWID_STRING(&topology->lun[lun].wwid));
	if (cxlf_lun_reachable(topology, lun, what, err) ||
	    cxlf_lun_ask(&question, &admission->uses[admission->n++], err))
		return -1;
	if (cxlf_uses_text(&admission->uses[admission->n - 1], forced, text, sizeof(text)) &&
	    len + strlen(text) + 3 < sizeof(admission->warning))
		snprintf(admission->warning + len, sizeof(admission->warning) - len, "%s%s", len ? "; " : "", text);
	return cxlf_consent_ask(&admission->consent, topology, lun, what + strlen("cannot "), err);
}

int cxlf_lun_admit(const struct cxlf_topology *topology, const unsigned *lun, unsigned n, unsigned forced,
		   unsigned timeout_ms, struct cxlf_admission *admission, struct cxlf_err *err)
{
	int rc = 0;

	admission->n = 0;
	*admission->warning = '\0';
	/* Without root there is no lock, and each check that cannot be made must be forced by name. */
	if (!admission->dry_run && cxlf_lun_lock(topology, lun, n, timeout_ms, &admission->lock, err) &&
	    (err->code != CXLF_E_PERMISSION || !geteuid()))
		return -1;
	for (unsigned i = 0; !rc && i < n; i++)
		if (is_first(lun, i))
			rc = admit_one(topology, lun[i], forced, admission, err);
	if (rc)
		cxlf_lun_admit_end(admission);
	return rc;
}

void cxlf_lun_admit_end(struct cxlf_admission *admission)
{
	while (admission->n)
		cxlf_uses_free(&admission->uses[--admission->n]);
	cxlf_lock_release(&admission->lock);
}
