/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI reservations of a LUN, read through the first running path that answers.
 */
#include "scope.h"
#include "scsi/path.h"
#include "scsi/reservation.h"
#include "search_inside.h"

#include <errno.h>
#include <stdio.h>

#define TIMEOUT_MS 10000

static void add(struct cxlf_search *search, unsigned path, const struct cxlf_reservation *found)
{
	const struct cxlf_path *through = search->query->topology->path + path;
	struct cxlf_use *use;

	if (!found->is_reserved && !found->n_keys)
		return;
	use = cxlf_search_add_path(search, CXLF_CHECK_RESERVATION,
				   found->is_reserved ? CXLF_ANSWER_USED : CXLF_ANSWER_FREE, path);
	if (!found->is_reserved)
		cxlf_search_cause(search, use, "%u reservation key%s registered, but the LUN is not reserved",
				  found->n_keys, found->n_keys == 1 ? " is" : "s are");
	else if (!found->is_persistent)
		cxlf_search_cause(search, use, "the LUN is reserved by another host (RESERVATION CONFLICT)");
	else
		cxlf_search_cause(search, use, "the LUN has a persistent reservation (%s) with key 0x%llx",
				  cxlf_reservation_type(found->type), (unsigned long long)found->key);
	if (found->is_persistent)
		cxlf_search_fix(
			search, use,
			"on the host that has that key: sg_persist --out --release --param-rk=0x%llx --prout-type=%u "
			"/dev/%s",
			(unsigned long long)found->key, found->type, *through->sg ? through->sg : through->sd);
}

static int read_through(struct cxlf_search *search, unsigned path, struct cxlf_reservation *found, struct cxlf_err *err)
{
	const struct cxlf_inuse_query *query = search->query;
	scoped_fd int fd = cxlf_path_open(query->topology->path + path, err);

	return fd < 0 ? -1
		      : cxlf_reservation_read(fd, query->topology->path + path,
					      query->timeout_ms ? query->timeout_ms : TIMEOUT_MS, found, err);
}

void cxlf_find_reservations(struct cxlf_search *search)
{
	struct cxlf_err err = {.sys = ENODEV, .cause = "no path is running"};
	struct cxlf_reservation found;
	char state[24];

	if (!search->query->probe) {
		cxlf_search_blind(search, CXLF_CHECK_RESERVATION, 0,
				  "reservations were not read, because this requires opening the device");
		return;
	}
	for (unsigned i = 0; i < search->lun->n_paths; i++) {
		if (!cxlf_path_runs(search, search->lun->path[i], state, sizeof(state)))
			continue;
		if (!read_through(search, search->lun->path[i], &found, &err)) {
			add(search, search->lun->path[i], &found);
			return;
		}
	}
	cxlf_search_blind(search, CXLF_CHECK_RESERVATION, err.sys ? -err.sys : -EIO,
			  "the reservations cannot be read: %s", *err.cause ? err.cause : err.message);
}
