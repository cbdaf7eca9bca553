/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attach the context of the command line, or clone the parent holder's.
 */
#include "daemon.h"
#include "lun/admit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define ASK_PARENT_MS 10000
#define LOCK_MS 10000

/* "LUN" or "LUN@H:C:T:L"; *path is UINT_MAX without a path. */
static int find(const struct cxlf_topology *topology, const char *word, unsigned *lun, unsigned *path,
		struct cxlf_err *err)
{
	const struct cxlf_lun_query whole = {.allow_suffix = false};
	const char *at = strchrnul(word, '@');
	char text[128];
	unsigned of;

	snprintf(text, sizeof(text), "%.*s", (int)(at - word), word);
	if (cxlf_find_lun("", topology, text, whole, lun, path, err))
		return -1;
	if (!*at)
		return 0;
	if (cxlf_find_lun("", topology, at + 1, whole, &of, path, err))
		return -1;
	if (of == *lun && *path != UINT_MAX)
		return 0;
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "%.60s is not a path of LUN %.60s", at + 1, text);
	return cxlf_fix(err, "cxlflashctl lun info %.60s", text);
}

static int attach_one(struct holder *holder, const struct cxlf_topology *topology, const char *word, unsigned *adapter,
		      struct cxlf_err *err)
{
	const struct cxlf_holder_options *options = &holder->options->how;
	struct cxlf_context_options how = {.access = options->read_only ? O_RDONLY : O_RDWR,
					   .interrupts = options->interrupts};
	unsigned lun, path, chosen;

	if (find(topology, word, &lun, &path, err) ||
	    cxlf_context_choose_path(topology, lun, path, *adapter, &chosen, err))
		return -1;
	*adapter = topology->path[chosen].adapter;
	return holder->context ? cxlf_context_add_lun(holder->context, topology, chosen, err)
			       : cxlf_context_open(topology, chosen, &how, &holder->context, err);
}

/* With a pipe, the process that started this one has made the check and holds the locks. */
static int admit(const struct holder_options *options, const struct cxlf_topology *topology,
		 struct cxlf_admission *admission, struct cxlf_err *err)
{
	unsigned lun[CXLF_CONTEXT_LUNS], path;

	if (options->ready >= 0)
		return 0;
	for (unsigned i = 0; i < options->luns.n; i++)
		if (find(topology, options->luns.item[i].text, &lun[i], &path, err))
			return -1;
	return cxlf_lun_admit(topology, lun, options->luns.n, 0, LOCK_MS, admission, err);
}

static int attach_luns(struct holder *holder, struct cxlf_err *err)
{
	struct cxlf_topology topology = {0};
	struct cxlf_admission admission = {0};
	unsigned adapter = UINT_MAX;
	int rc = cxlf_discover("", CXLF_WANT_LUN | CXLF_WANT_DEVNO, &topology, err);

	if (!rc && !topology.n_adapters)
		rc = cxlf_absence_explain("", err);
	if (!rc)
		rc = admit(holder->options, &topology, &admission, err);
	for (unsigned i = 0; !rc && i < holder->options->luns.n; i++)
		rc = attach_one(holder, &topology, holder->options->luns.item[i].text, &adapter, err);
	cxlf_lun_admit_end(&admission);
	cxlf_topology_free(&topology);
	return rc;
}

/* The parent answers while it waits for this process, because its main thread never waits for the adapter. */
static int clone_parent(struct holder *holder, struct cxlf_err *err)
{
	struct cxlf_holder_info parent;
	int rc = cxlf_holder_info(holder->options->how.parent, ASK_PARENT_MS, &parent, err);

	if (rc)
		return rc;
	rc = cxlf_context_clone(holder->context, parent.context, parent.handle, parent.n_handles, err);
	cxlf_holder_info_free(&parent);
	return rc;
}

/* The client has made the checks, and holds the locks. */
int holder_attach_lun(struct holder *holder, const struct cxlf_wwid *wwid, const char *hctl, struct cxlf_err *err)
{
	struct cxlf_topology topology = {0};
	char word[CXLF_WWID_TEXT + 48];
	unsigned adapter = UINT_MAX;
	int rc;

	snprintf(word, sizeof(word), "%s@%s", CXLF_WWID_STRING(wwid), hctl);
	rc = cxlf_discover("", CXLF_WANT_LUN | CXLF_WANT_DEVNO, &topology, err);
	if (!rc)
		rc = attach_one(holder, &topology, word, &adapter, err);
	cxlf_topology_free(&topology);
	return rc;
}

int holder_attach(struct holder *holder, struct cxlf_err *err)
{
	if (attach_luns(holder, err))
		return -1;
	return holder->options->how.parent ? clone_parent(holder, err) : 0;
}
