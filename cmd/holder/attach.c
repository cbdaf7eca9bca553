/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the command line to an attached context, or to a clone of the parent holder's.
 */
#include "daemon.h"
#include "lun/admit.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define ASK_PARENT_MS 10000
#define LOCK_MS 10000

static int find_lun(const struct cxlf_topology *topology, const char *word, unsigned *lun, struct cxlf_err *err)
{
	struct cxlf_wwid wwid;
	char text[64];
	size_t len = strcspn(word, "@");
	enum cxlf_wwid_parse why;

	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	why = cxlf_wwid_parse(text, &wwid);
	if (why)
		return cxlf_fail(err, CXLF_E_BAD_WWID, "%s is no WWID: %s", text, cxlf_wwid_problem(why));
	for (unsigned i = 0; i < topology->n_luns; i++)
		if (cxlf_wwid_equal(&topology->lun[i].wwid, &wwid)) {
			*lun = i;
			return 0;
		}
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "there is no LUN %s", text);
	return cxlf_fix(err, "cxlflashctl lun list");
}

/* The path named behind the @, or UINT_MAX. */
static int find_path(const struct cxlf_topology *topology, const char *word, unsigned *path, struct cxlf_err *err)
{
	const char *hctl = strchr(word, '@');

	*path = UINT_MAX;
	if (!hctl)
		return 0;
	for (unsigned i = 0; i < topology->n_paths; i++)
		if (!strcmp(topology->path[i].hctl, hctl + 1)) {
			*path = i;
			return 0;
		}
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "there is no path %.40s", hctl + 1);
	return cxlf_fix(err, "cxlflashctl list");
}

static int attach_one(struct holder *holder, const struct cxlf_topology *topology, unsigned i, unsigned *adapter,
		      struct cxlf_err *err)
{
	const struct holder_options *options = holder->options;
	struct cxlf_context_options how = {.access = options->read_only ? O_RDONLY : O_RDWR,
					   .interrupts = options->interrupts};
	unsigned lun = 0, path, chosen;

	if (find_lun(topology, options->lun[i], &lun, err) || find_path(topology, options->lun[i], &path, err) ||
	    cxlf_context_choose_path(topology, lun, path, *adapter, &chosen, err))
		return -1;
	*adapter = topology->path[chosen].adapter;
	return holder->context ? cxlf_context_add_lun(holder->context, topology, chosen, err)
			       : cxlf_context_open(topology, chosen, &how, &holder->context, err);
}

/* Who starts us with a pipe has asked already, and still keeps others away: a command, or the holder we clone. */
static int admit(const struct holder_options *options, const struct cxlf_topology *topology,
		 struct cxlf_admission *admission, struct cxlf_err *err)
{
	unsigned lun[CXLF_CONTEXT_LUNS];

	if (options->ready_fd >= 0)
		return 0;
	for (unsigned i = 0; i < options->n_luns; i++)
		if (find_lun(topology, options->lun[i], &lun[i], err))
			return -1;
	return cxlf_lun_admit(topology, lun, options->n_luns, 0, LOCK_MS, admission, err);
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
	for (unsigned i = 0; !rc && i < holder->options->n_luns; i++)
		rc = attach_one(holder, &topology, i, &adapter, err);
	cxlf_lun_admit_end(&admission);
	cxlf_topology_free(&topology);
	return rc;
}

/* The parent answers while it waits for us: its main thread never waits for the adapter. */
static int take_over(struct holder *holder, struct cxlf_err *err)
{
	struct cxlf_holder_info parent;
	int rc = cxlf_holder_info(holder->options->parent, ASK_PARENT_MS, &parent, err);

	if (rc)
		return rc;
	rc = cxlf_context_clone(holder->context, parent.context, parent.handle, parent.n_handles, err);
	cxlf_holder_info_free(&parent);
	return rc;
}

int holder_attach(struct holder *holder, struct cxlf_err *err)
{
	if (!holder->options->n_luns) {
		cxlf_fail(err, CXLF_E_USAGE, "no LUN given");
		return cxlf_fix(err, "name one by its WWID: cxlflash-holder --name=NAME WWID");
	}
	if (attach_luns(holder, err))
		return -1;
	return holder->options->parent ? take_over(holder, err) : 0;
}
