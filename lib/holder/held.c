/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What commands on held contexts have in common.
 */
#include "held.h"
#include "sysfs.h"

#include <string.h>

#define ASK_MS 2000
#define STOP_MS 60000
#define CHECK_MS 1000

bool cxlf_held_parse(const char *text, struct cxlf_held *held)
{
	const char *slash = strchrnul(text, '/');

	*held = (struct cxlf_held){.has_handle = *slash};
	if (slash - text >= CXLF_HOLDER_NAME)
		return false;
	memcpy(held->name, text, (size_t)(slash - text));
	return cxlf_holder_name_ok(held->name) && (!*slash || cxlf_text_u64(slash + 1, 10, &held->handle));
}

int cxlf_held_want(const char *text, bool handle, struct cxlf_held *held, struct cxlf_err *err)
{
	if (cxlf_held_parse(text, held) && held->has_handle == handle)
		return 0;
	cxlf_fail(err, CXLF_E_BAD_VALUE, "\"%.80s\" does not name a %s", text, handle ? "handle" : "context");
	cxlf_cause(err, handle ? "a handle is written CONTEXT/NUMBER, for instance ctx0/3"
			       : "a context is written as its name alone, for instance ctx0");
	return cxlf_fix(err, "cxlflashctl %s", handle ? "vlun list" : "context list");
}

int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_context_handle *handle,
		   uint32_t *block_bytes, struct cxlf_err *err)
{
	struct cxlf_holder_info info;

	if (cxlf_holder_info(held->name, timeout_ms, &info, err))
		return -1;

	const struct cxlf_context_handle *found = cxlf_holder_handle(&info, held->handle);

	if (found) {
		*handle = *found;
		*block_bytes = info.lun[found->lun].block_bytes;
	}
	cxlf_holder_info_free(&info);
	if (found)
		return 0;
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "context %s has no handle %llu", held->name,
		  (unsigned long long)held->handle);
	return cxlf_fix(err, "cxlflashctl vlun list");
}

int cxlf_held_release(const struct cxlf_held *held, bool is_virtual, unsigned timeout_ms, bool *ended,
		      struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_context_handle handle;
	uint32_t block_bytes;

	*info = (struct cxlf_holder_info){0};
	if (cxlf_held_look(held, timeout_ms, &handle, &block_bytes, err))
		return -1;
	if (handle.is_virtual == is_virtual)
		return cxlf_holder_release(held->name, timeout_ms, held->handle, ended, info, err);
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "%s/%llu is a %s", held->name, (unsigned long long)held->handle,
		  is_virtual ? "physical handle" : "virtual LUN");
	return cxlf_fix(err, "cxlflashctl %s release %s/%llu", is_virtual ? "plun" : "vlun", held->name,
			(unsigned long long)held->handle);
}

int cxlf_held_start(const struct cxlf_topology *topology, unsigned path, struct cxlf_held *held, struct cxlf_err *err)
{
	struct cxlf_holder_info info;
	const struct cxlf_holder_options options = {
		.interrupts = CXLF_CONTEXT_INTERRUPTS, .check_ms = CHECK_MS, .implicit = true};

	if (cxlf_holder_start(&options, topology, &path, 1, &info, err))
		return -1;
	*held = (struct cxlf_held){0};
	memcpy(held->name, info.name, sizeof(held->name));
	cxlf_holder_info_free(&info);
	return 0;
}

/* The error that led here is the one to show. */
void cxlf_held_abandon(const struct cxlf_held *held)
{
	struct cxlf_err ignored;

	cxlf_holder_stop(held->name, STOP_MS, &ignored);
}

bool cxlf_held_free(const struct cxlf_context_lun *lun, uint64_t *bytes)
{
	struct cxlf_holder_entry *entry;
	struct cxlf_err ignored;
	uint64_t taken = 0, whole;
	bool all = true;
	unsigned n;

	if (!lun->block_bytes || cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &entry, &n, &ignored))
		return false;
	for (unsigned i = 0; i < n; i++) {
		const struct cxlf_holder_info *info = &entry[i].info;

		all &= entry[i].found == CXLF_HOLDER_ANSWERS || entry[i].found == CXLF_HOLDER_STALE;
		for (unsigned k = 0; k < info->n_handles && !*info->parent; k++)
			if (info->handle[k].is_virtual &&
			    cxlf_wwid_equal(&info->lun[info->handle[k].lun].wwid, &lun->wwid))
				taken += info->handle[k].size_bytes;
	}
	cxlf_holder_list_free(entry, n);
	whole = cxlf_lun_chunks(lun->size_bytes, lun->block_bytes) * cxlf_chunk_bytes(lun->block_bytes);
	*bytes = taken < whole ? whole - taken : 0;
	return all;
}
