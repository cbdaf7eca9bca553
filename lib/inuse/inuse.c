/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What uses a LUN: run the checks, and combine their answers.
 */
#include "inuse.h"
#include "scope.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM_FOR_MORE 32 /* for "; and N more" */

const char *cxlf_check_name(enum cxlf_check check)
{
	static const char *const name[] = {
#define X(symbol, text) [CXLF_CHECK_##symbol] = text,
		CXLF_CHECKS(X)
#undef X
	};

	return name[check];
}

/* ---- finding ---- */

/* The order counts: the stack comes first, and the claims come after the uses that explain them. */
static const struct {
	unsigned checks;
	void (*find)(struct cxlf_search *search);
} finders[] = {
	{CXLF_CHECKS_DISK & ~CXLF_CHECK_BIT(RESERVATION), cxlf_stack_build},
	{CXLF_CHECK_BIT(MOUNT), cxlf_find_mounts},
	{CXLF_CHECK_BIT(SWAP), cxlf_find_swaps},
	{CXLF_CHECK_BIT(HOLDER) | CXLF_CHECK_BIT(EXPORT), cxlf_find_holders},
	{CXLF_CHECK_BIT(EXPORT), cxlf_find_exports},
	{CXLF_CHECK_BIT(OPENER), cxlf_find_writers},
	{CXLF_CHECK_BIT(OPENER), cxlf_find_claims},
	{CXLF_CHECK_BIT(RESERVATION), cxlf_find_reservations},
	{CXLF_CHECK_BIT(CONTEXT), cxlf_find_contexts},
	{CXLF_CHECK_BIT(OFFLINE_PATH), cxlf_find_offline_paths},
};

/* A stable sort by check; the entries are nearly in order. */
static void sort(struct cxlf_uses *uses)
{
	for (size_t i = 1; i < uses->n; i++) {
		struct cxlf_use use = uses->use[i];
		size_t k = i;

		for (; k && uses->use[k - 1].check > use.check; k--)
			uses->use[k] = uses->use[k - 1];
		uses->use[k] = use;
	}
}

int cxlf_inuse_find(const struct cxlf_inuse_query *query, struct cxlf_uses *uses, struct cxlf_err *err)
{
	scoped_fd int root = cxlf_sysfs_opendir(AT_FDCWD, *query->root ? query->root : "/");
	scoped_fd int proc = root < 0 ? root : cxlf_sysfs_opendir(root, "proc");
	struct cxlf_search search = {
		.query = query, .lun = query->topology->lun + query->lun, .uses = uses, .root = root, .proc = proc};

	*uses = (struct cxlf_uses){0};
	if (proc < 0) {
		cxlf_fail_sys(err, CXLF_E_USE_UNKNOWN, proc, "cannot open %s/proc", query->root);
		return cxlf_fix(err, "mount -t proc proc %s/proc", query->root);
	}
	for (size_t i = 0; i < sizeof(finders) / sizeof(*finders); i++)
		if (query->checks & finders[i].checks)
			finders[i].find(&search);
	free(search.spare.cause);
	free(search.spare.fix);
	free(search.device);
	free(search.edge);
	if (search.no_memory) {
		cxlf_uses_free(uses);
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "cannot determine what uses the LUN: out of memory");
	}
	sort(uses);
	return 0;
}

void cxlf_uses_release(struct cxlf_uses *uses)
{
	for (size_t i = 0; i < uses->n_claims; i++)
		close(uses->claim[i]);
	uses->n_claims = 0;
}

void cxlf_uses_free(struct cxlf_uses *uses)
{
	cxlf_uses_release(uses);
	for (size_t i = 0; i < uses->n; i++) {
		free(uses->use[i].cause);
		free(uses->use[i].fix);
	}
	free(uses->use);
	free(uses->claim);
	*uses = (struct cxlf_uses){0};
}

/* ---- combining the answers ---- */

static bool refuses(const struct cxlf_use *use, unsigned forced)
{
	return use->answer != CXLF_ANSWER_FREE && !(forced & 1u << use->check);
}

const struct cxlf_use *cxlf_uses_refusal(const struct cxlf_uses *uses, unsigned forced)
{
	for (size_t i = 0; i < uses->n; i++)
		if (refuses(uses->use + i, forced))
			return uses->use + i;
	return NULL;
}

static enum cxlf_code code_of(const struct cxlf_use *use)
{
	if (use->answer == CXLF_ANSWER_USED)
		return use->code			  ? use->code
		       : use->check == CXLF_CHECK_CONTEXT ? CXLF_E_LUN_HAS_HANDLES
							  : CXLF_E_LUN_IN_USE;
	switch (use->sys) {
	case EACCES:
	case EPERM:
		return CXLF_E_PERMISSION;
	case ETIMEDOUT:
		return CXLF_E_TIMEOUT;
	case ENODEV:
		return use->check == CXLF_CHECK_OFFLINE_PATH ? CXLF_E_DEVICE_GONE : CXLF_E_USE_UNKNOWN;
	default:
		return CXLF_E_USE_UNKNOWN;
	}
}

/* Append the whole text; false: it does not fit. */
static bool append(char *to, size_t size, const char *between, const char *text)
{
	size_t len = strlen(to);

	if (len + strlen(between) + strlen(text) >= size)
		return false;
	snprintf(to + len, size - len, "%s%s", len ? between : "", text);
	return true;
}

static bool add_cause(const struct cxlf_use *use, char *text, size_t size)
{
	size_t len = strlen(text);
	const char *name = use->answer == CXLF_ANSWER_USED ? "" : cxlf_errno_name(use->sys);

	if (!append(text, size, "; ", use->cause ? use->cause : cxlf_check_name(use->check)))
		return false;
	if (!*name || append(text, size, ": ", name))
		return true;
	text[len] = '\0';
	return false;
}

bool cxlf_uses_text(const struct cxlf_uses *uses, unsigned checks, char *text, size_t size)
{
	unsigned n_more = 0;

	*text = '\0';
	for (size_t i = 0; i < uses->n; i++)
		if (refuses(uses->use + i, ~checks) && !add_cause(uses->use + i, text, size - ROOM_FOR_MORE))
			n_more++;
	if (n_more)
		snprintf(text + strlen(text), size - strlen(text), "; and %u more", n_more);
	return *text;
}

/* Join the commands of all entries in order, without repetitions, as far as they fit. */
static void add_fixes(const struct cxlf_uses *uses, unsigned forced, struct cxlf_err *err)
{
	bool has_room = true;

	for (size_t i = 0; i < uses->n && has_room; i++) {
		const char *fix = refuses(uses->use + i, forced) ? uses->use[i].fix : NULL;
		bool repeated = false;

		for (size_t k = 0; fix && k < i; k++)
			repeated |=
				uses->use[k].fix && refuses(uses->use + k, forced) && !strcmp(uses->use[k].fix, fix);
		if (fix && !repeated)
			has_room = append(err->fix, sizeof(err->fix), " && ", fix);
	}
}

static void blind_fix(enum cxlf_check check, struct cxlf_err *err)
{
	if (err->code == CXLF_E_PERMISSION)
		cxlf_fix_root(err);
	else if (err->code == CXLF_E_TIMEOUT)
		cxlf_fix(err, "try again, or make sure that nothing uses the LUN and add --force=%s",
			 cxlf_check_name(check));
	else
		cxlf_fix(err, "make sure that nothing uses the LUN, and add --force=%s", cxlf_check_name(check));
}

int cxlf_uses_error(const struct cxlf_uses *uses, unsigned forced, struct cxlf_err *err)
{
	const struct cxlf_use *first = NULL;

	for (size_t i = 0; i < uses->n; i++) /* a use comes before an unknown */
		if (refuses(uses->use + i, forced) &&
		    (!first || (first->answer != CXLF_ANSWER_USED && uses->use[i].answer == CXLF_ANSWER_USED)))
			first = uses->use + i;
	if (!first)
		return 0;
	err->code = code_of(first);
	err->sys = first->answer == CXLF_ANSWER_USED ? 0 : first->sys;
	*err->fix = '\0';
	cxlf_uses_text(uses, ~forced, err->cause, sizeof(err->cause));
	add_fixes(uses, forced, err);
	if (!*err->fix && first->answer != CXLF_ANSWER_USED)
		blind_fix(first->check, err);
	return -1;
}
