/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by commands on held contexts.
 */
#include "held.h"

#include <stdio.h>
#include <string.h>

#define ASK_MS 2000
#define STOP_MS 2000 /* it ends even if it is not waited for */
#define CHECK_MS 1000

int cxlf_held_look(const struct cxlf_held *held, unsigned timeout_ms, struct cxlf_holder_info *info,
		   const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	if (cxlf_holder_info(held->name, timeout_ms, info, err))
		return -1;
	*handle = cxlf_holder_handle(info, held->handle);
	if (*handle)
		return 0;
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "context %s has no handle %llu", held->name,
		  (unsigned long long)held->handle);
	return cxlf_fix(err, "cxlflashctl vlun list");
}

int cxlf_held_failed(const struct cxlf_held *held, unsigned timeout_ms, bool *failed, struct cxlf_err *err)
{
	struct cxlf_holder_info info;

	if (cxlf_holder_info(held->name, timeout_ms, &info, err))
		return -1;
	*failed = info.state == CXLF_CONTEXT_FAILED;
	cxlf_holder_info_free(&info);
	return 0;
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

/* The caller reports its own error. */
void cxlf_held_abandon(const struct cxlf_held *held)
{
	struct cxlf_err ignored;

	cxlf_holder_stop(held->name, STOP_MS, &ignored);
}

int cxlf_held_complete(const struct cxlf_holder_entry *entry, unsigned n, bool brief, struct cxlf_err *err)
{
	const struct cxlf_holder_entry *first = NULL;
	struct cxlf_err why;
	unsigned missing = 0;

	for (unsigned i = n; i-- > 0;)
		if (!cxlf_held_answers(entry + i) && !(brief && entry[i].found == CXLF_HOLDER_OTHER)) {
			first = entry + i;
			missing++;
		}
	if (!first)
		return 0;
	cxlf_holder_found_error(first, &why);
	cxlf_fail(err, CXLF_E_PARTIAL, "the list is incomplete: %u of %u holders did not report", missing, n);
	cxlf_cause(err, "%s%s%.*s", why.message, *why.cause ? ": " : "", (int)sizeof(err->cause) / 2, why.cause);
	return cxlf_fix(err, "%s", why.fix);
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

		all &= cxlf_held_answers(entry + i);
		for (unsigned k = 0; k < info->n_handles && !*info->parent && info->state != CXLF_CONTEXT_FAILED; k++)
			if (info->handle[k].is_virtual &&
			    cxlf_wwid_equal(&info->lun[info->handle[k].lun].wwid, &lun->wwid))
				taken += info->handle[k].size_bytes;
	}
	cxlf_holder_list_free(entry, n);
	whole = cxlf_lun_chunks(lun->size_bytes, lun->block_bytes) * cxlf_chunk_bytes(lun->block_bytes);
	*bytes = taken < whole ? whole - taken : 0;
	return all;
}

/* ---- handles that are in the way ---- */

static bool is_kind(const struct cxlf_context_handle *handle, enum cxlf_held_kind kind)
{
	return kind == CXLF_HELD_ANY || handle->is_virtual == (kind == CXLF_HELD_VIRTUAL);
}

/* Append, as far as it fits. */
static void add(char *to, size_t size, const char *between, const char *before, const char *text)
{
	size_t len = strlen(to);

	if (len + strlen(between) + strlen(before) + strlen(text) < size)
		snprintf(to + len, size - len, "%s%s%s", len ? between : "", before, text);
}

bool cxlf_held_release_fix(const struct cxlf_wwid *wwid, enum cxlf_held_kind kind, struct cxlf_err *err)
{
	char names[sizeof(err->cause) - 64] = "", fix[sizeof(err->fix)] = "", id[CXLF_HELD_TEXT];
	struct cxlf_holder_entry *entry;
	struct cxlf_err ignored;
	unsigned n;

	if (cxlf_holder_list(CXLF_RUN_DIR, ASK_MS, &entry, &n, &ignored))
		return false;
	for (unsigned i = 0; i < n; i++)
		/* those of a failed context are gone */
		for (unsigned k = 0; k < entry[i].info.n_handles && entry[i].info.state != CXLF_CONTEXT_FAILED; k++) {
			const struct cxlf_context_handle *handle = entry[i].info.handle + k;

			if (!is_kind(handle, kind) || !cxlf_wwid_equal(&entry[i].info.lun[handle->lun].wwid, wwid))
				continue;
			cxlf_held_text(entry[i].name, handle->number, id);
			add(names, sizeof(names), ", ", "", id);
			add(fix, sizeof(fix), " && ",
			    handle->is_virtual ? "cxlflashctl vlun release " : "cxlflashctl plun release ", id);
		}
	cxlf_holder_list_free(entry, n);
	if (!*names)
		return false;
	cxlf_cause(err, "held contexts have handles on it: %s", names);
	cxlf_fix(err, "%s", fix);
	return true;
}
