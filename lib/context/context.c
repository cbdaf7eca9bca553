/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One adapter context of this process: attach, handles, verify, close. Recovery is in recover.c.
 *
 * The driver checks little more than that the caller owns the context (contract 3.2), and returns EINVAL for most
 * errors, so the cause is determined afterwards, in diagnose.c.
 */
#include "array.h"
#include "context_inside.h"
#include "ioctl_wrap.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYNC_TRIES 3 /* of a request whose AFU sync failed: it took effect, a repetition only syncs (contract 3.7) */

/* ---- attach ---- */

/* Takes ownership of the fd. */
static void add_lun(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned index, int fd,
		    const struct cxlf_attached *attached)
{
	const struct cxlf_path *path = topology->path + index;
	struct cxlf_context_lun *lun = context->lun + context->n_luns;

	*lun = (struct cxlf_context_lun){
		.wwid = path->wwid,
		.size_bytes = (attached->last_lba + 1) * attached->block_bytes,
		.block_bytes = (uint32_t)attached->block_bytes,
	};
	snprintf(lun->hctl, sizeof(lun->hctl), "%s", path->hctl);
	context->paths[context->n_luns].n = 0;
	cxlf_context_keep_path(context->paths + context->n_luns, path->hctl, fd);
	cxlf_context_keep_others(context, context->n_luns++, topology, index);
}

/* Whether an attach through another path may succeed where this one failed. */
static bool is_path_error(const struct cxlf_err *err)
{
	return err->code == CXLF_E_DEVICE_GONE || err->code == CXLF_E_DEVICE_ERROR ||
	       err->code == CXLF_E_PATH_OFFLINE || err->code == CXLF_E_PORT_OFFLINE || err->code == CXLF_E_TIMEOUT;
}

/* Linux 4.3 to 4.8 closes the adapter fd itself, at the last detach and in a recovery; the number may be reused. */
static int too_old(const struct cxlf_context *context, int fd, uint64_t id, struct cxlf_err *err)
{
	cxlf_ioctl_detach(fd, id);
	cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "cannot use contexts with this kernel");
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "its cxlflash driver closes the adapter's file descriptor of a context by itself, "
			"as the driver did before Linux 4.9");
	return cxlf_fix(err, "use Linux 4.9 to 6.14");
}

static int attach(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned index,
		  struct cxlf_err *err)
{
	const struct cxlf_path *path = topology->path + index;
	struct cxlf_attached attached;
	scoped_fd int fd = cxlf_context_open_checked(context, path, err);

	if (fd < 0)
		return -1;

	int rc = cxlf_ioctl_attach(fd, context->options.access, context->options.interrupts, &attached);

	if (rc)
		return cxlf_context_diagnose_attach(context, path, rc, err);
	if (attached.kernel_closes_fd)
		return too_old(context, fd, attached.context, err);
	context->id = attached.context;
	context->adapter_fd = attached.adapter_fd;
	context->mmio_bytes = attached.mmio_bytes;
	context->max_transfer_blocks = attached.max_transfer_blocks;
	context->sq_mode = attached.sq_mode;
	add_lun(context, topology, index, cxlf_take_fd(&fd), &attached);
	return cxlf_context_map(context, err);
}

static int attach_reuse(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned index,
			struct cxlf_err *err)
{
	const struct cxlf_path *path = topology->path + index;
	struct cxlf_attached attached;
	scoped_fd int fd = cxlf_context_open_checked(context, path, err);

	if (fd < 0)
		return -1;

	int rc = cxlf_ioctl_attach_reuse(fd, context->id, &attached);

	if (rc)
		return cxlf_context_diagnose_attach(context, path, rc, err);
	add_lun(context, topology, index, cxlf_take_fd(&fd), &attached);
	return 0;
}

typedef int attach_function(struct cxlf_context *, const struct cxlf_topology *, unsigned, struct cxlf_err *);

/* Through this path, or the LUN's next one on the adapter if it does not work. The error is that of the first. */
static int attach_any(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned path,
		      attach_function *try, struct cxlf_err *err)
{
	unsigned n_luns = context->n_luns;
	struct cxlf_err other;
	int rc = try(context, topology, path, err);

	other = *err;
	for (unsigned next = path; rc && is_path_error(&other) &&
				   context->n_luns == n_luns /* not attached already */ &&
				   cxlf_context_next_path(topology, path, &next);)
		rc = try(context, topology, next, &other);
	if (!rc)
		*err = (struct cxlf_err){.code = CXLF_OK};
	return rc;
}

int cxlf_context_open(const struct cxlf_topology *topology, unsigned path, const struct cxlf_context_options *options,
		      struct cxlf_context **out, struct cxlf_err *err)
{
	const struct cxlf_adapter *adapter = topology->adapter + topology->path[path].adapter;
	struct cxlf_context *context = calloc(1, sizeof(*context));

	*out = NULL;
	if (!context)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot attach LUN");
	context->adapter_fd = -1;
	context->options = *options;
	context->host = adapter->host;
	snprintf(context->adapter_pci, sizeof(context->adapter_pci), "%s", adapter->pci);
	snprintf(context->adapter_name, sizeof(context->adapter_name), "%s", adapter->name);
	snprintf(context->label, sizeof(context->label), "%s", adapter->label);
	if (attach_any(context, topology, path, attach, err)) {
		cxlf_context_close(context);
		return -1;
	}
	*out = context;
	return 0;
}

int cxlf_context_add_lun(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned index,
			 struct cxlf_err *err)
{
	const struct cxlf_path *path = topology->path + index;
	const char *wwid = CXLF_WWID_STRING(&path->wwid);

	if (context->state != CXLF_CONTEXT_READY)
		return cxlf_context_not_ready(context, err);
	for (unsigned i = 0; i < context->n_luns; i++)
		if (cxlf_wwid_equal(&context->lun[i].wwid, &path->wwid))
			return 0;
	if (strcmp(topology->adapter[path->adapter].pci, context->adapter_pci)) {
		cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "cannot attach LUN %s through %s", wwid, path->hctl);
		cxlf_object(err, "%s", context->label);
		return cxlf_cause(err, "the path belongs to another adapter, and a context belongs to one adapter");
	}
	if (context->n_luns == CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_NO_SPACE, "cannot attach LUN %s: the context already has %u LUNs", wwid,
				 context->n_luns);
	return attach_any(context, topology, index, attach_reuse, err);
}

static int has_handles(const struct cxlf_context *context, unsigned lun, struct cxlf_err *err)
{
	unsigned n = 0;

	for (unsigned i = 0; i < context->n_handles; i++)
		n += context->handle[i].lun == lun;
	if (!n)
		return 0;
	cxlf_fail(err, CXLF_E_LUN_HAS_HANDLES, "cannot detach LUN %s: the context has %u handle%s on it",
		  CXLF_WWID_STRING(&context->lun[lun].wwid), n, n == 1 ? "" : "s");
	cxlf_object(err, "%s", context->label);
	return cxlf_fix(err, "list the handles, and release them: cxlflashctl vlun list");
}

int cxlf_context_remove_lun(struct cxlf_context *context, const struct cxlf_wwid *wwid, struct cxlf_err *err)
{
	int at = cxlf_context_find_lun(context, wwid, err);

	if (at < 0)
		return -1;
	if (context->state != CXLF_CONTEXT_READY)
		return cxlf_context_not_ready(context, err);
	/* the driver would release the handles without a question, and end the context with its last LUN */
	if (has_handles(context, (unsigned)at, err))
		return -1;
	if (context->n_luns == 1) {
		cxlf_fail(err, CXLF_E_NOT_SUPPORTED, "cannot detach LUN %s: it is the only LUN of the context",
			  CXLF_WWID_STRING(wwid));
		cxlf_object(err, "%s", context->label);
		return cxlf_fix(err, "stop the context instead: cxlflashctl context stop NAME");
	}

	int rc = cxlf_ioctl_detach(context->paths[at].path[0].fd, context->id);

	if (rc)
		return cxlf_context_diagnose_detach(context, (unsigned)at, rc, err);

	size_t after = --context->n_luns - (unsigned)at;

	cxlf_context_close_paths(context, (unsigned)at);
	memmove(context->paths + at, context->paths + at + 1, after * sizeof(*context->paths));
	memmove(context->lun + at, context->lun + at + 1, after * sizeof(*context->lun));
	for (unsigned i = 0; i < context->n_handles; i++)
		context->handle[i].lun -= context->handle[i].lun > (unsigned)at;
	return 0;
}

void cxlf_context_close(struct cxlf_context *context)
{
	if (!context)
		return;
	cxlf_context_release_all(context);
	free(context->handle);
	free(context);
}

void cxlf_context_view(const struct cxlf_context *context, struct cxlf_context_view *view)
{
	*view = (struct cxlf_context_view){
		.id = context->id,
		.process_element = (unsigned)(context->id & 0xffffffff),
		.adapter_fd = context->adapter_fd,
		.state = context->state,
		.sq_mode = context->sq_mode,
		.mmio_bytes = context->mmio_bytes,
		.max_transfer_blocks = context->max_transfer_blocks,
		.lun = context->lun,
		.n_luns = context->n_luns,
		.handle = context->handle,
		.n_handles = context->n_handles,
	};
	snprintf(view->adapter_pci, sizeof(view->adapter_pci), "%s", context->adapter_pci);
	snprintf(view->adapter_name, sizeof(view->adapter_name), "%s", context->adapter_name);
}

/* ---- names within a context ---- */

int cxlf_context_find_lun(const struct cxlf_context *context, const struct cxlf_wwid *wwid, struct cxlf_err *err)
{
	if (context->state == CXLF_CONTEXT_FAILED)
		return cxlf_context_not_ready(context, err);
	for (unsigned i = 0; i < context->n_luns; i++)
		if (wwid ? cxlf_wwid_equal(&context->lun[i].wwid, wwid) : context->n_luns == 1)
			return (int)i;
	if (!wwid)
		return cxlf_fail(err, CXLF_E_USAGE, "the context has %u LUNs; name one of them", context->n_luns);
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "LUN %s is not attached to this context", CXLF_WWID_STRING(wwid));
	cxlf_object(err, "%s", context->label);
	return cxlf_fix(err, "use a context that has it, or start one: cxlflashctl context start %s",
			CXLF_WWID_STRING(wwid));
}

static int find(const struct cxlf_context *context, uint64_t number, struct cxlf_err *err)
{
	if (context->state == CXLF_CONTEXT_FAILED)
		return cxlf_context_not_ready(context, err);
	for (unsigned i = 0; i < context->n_handles; i++)
		if (context->handle[i].number == number)
			return (int)i;
	cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "the context has no handle %llu", (unsigned long long)number);
	return cxlf_object(err, "%s", context->label);
}

/* Before the driver opens one more handle. */
static int make_room(struct cxlf_context *context, struct cxlf_err *err)
{
	struct cxlf_context_handle *handle;

	if (context->state != CXLF_CONTEXT_READY)
		return cxlf_context_not_ready(context, err);
	handle = cxlf_array_grow(context->handle, &context->room, context->n_handles, sizeof(*handle));
	if (!handle)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot store one more handle");
	context->handle = handle;
	return 0;
}

/* ---- virtual LUNs ---- */

static int check_size(const struct cxlf_context *context, const struct cxlf_context_lun *lun,
		      const struct cxlf_vlun_size *size, struct cxlf_err *err)
{
	if (size->bytes > CXLF_VLUN_BYTES_MAX) {
		cxlf_fail(err, CXLF_E_BAD_VALUE, "a virtual LUN cannot have %llu bytes",
			  (unsigned long long)size->bytes);
		return cxlf_object(err, "%s", context->label);
	}
	if (lun->block_bytes && !cxlf_lun_chunks(lun->size_bytes, lun->block_bytes)) {
		cxlf_fail(err, CXLF_E_NO_SPACE, "the LUN is too small for virtual LUNs");
		cxlf_object(err, "%s", context->label);
		return cxlf_cause(err, "it has %llu bytes, and one allocation unit is %llu",
				  (unsigned long long)lun->size_bytes,
				  (unsigned long long)cxlf_chunk_bytes(lun->block_bytes));
	}
	return 0;
}

static int too_little(const struct cxlf_context *context, const struct cxlf_context_lun *lun, uint64_t want,
		      uint64_t got, struct cxlf_err *err)
{
	uint64_t chunk = cxlf_chunk_bytes(lun->block_bytes);
	char asked[32], free[32];

	cxlf_fail(err, CXLF_E_NO_SPACE, "LUN %s has not enough free space", CXLF_WWID_STRING(&lun->wwid));
	cxlf_object(err, "%s", context->label);
	cxlf_size_text(want, CXLF_UNITS_IEC, asked, sizeof(asked));
	cxlf_size_text(got, CXLF_UNITS_IEC, free, sizeof(free));
	cxlf_cause(err, "%s (%llu chunks) requested, %s (%llu chunks) available", asked,
		   (unsigned long long)(want / chunk), free, (unsigned long long)(got / chunk));
	return cxlf_fix(err, "request less, or accept less with --allow-smaller");
}

static int release(struct cxlf_context *context, unsigned lun, uint64_t number)
{
	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);) {
		rc = -EAGAIN;
		for (unsigned i = 0; i < SYNC_TRIES && rc == -EAGAIN; i++)
			rc = cxlf_ioctl_release(try.path->fd, context->id, number);
	}
	return rc;
}

/* After a failed sync of the AFU only the driver knows the size (contract 3.7, 3.8). */
static void ask_size(struct cxlf_context *context, struct cxlf_context_handle *handle)
{
	uint64_t last_lba;

	if (!handle->is_virtual || cxlf_context_verify_handle(context, handle->lun, handle->number, NULL, &last_lba))
		return;
	handle->last_lba = last_lba;
	handle->size_bytes = cxlf_vlun_bytes(last_lba);
}

static uint64_t wanted(const struct cxlf_context_lun *lun, uint64_t bytes)
{
	return cxlf_size_chunks(bytes, lun->block_bytes) * cxlf_chunk_bytes(lun->block_bytes);
}

/* ENOSPC has two reasons. A virtual LUN of size 0 needs no chunk, but a slot in the adapter's LUN table. */
static bool has_slot(struct cxlf_context *context, unsigned lun)
{
	struct cxlf_vlun_opened opened;
	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);)
		rc = cxlf_ioctl_user_virtual(try.path->fd, context->id, 0, false, &opened);
	if (!rc)
		release(context, lun, opened.handle);
	return rc != -ENOSPC;
}

static int table_full(const struct cxlf_context *context, const struct cxlf_context_lun *lun, struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_LUN_TABLE_FULL, -ENOSPC, "cannot open a virtual LUN on LUN %s",
		      CXLF_WWID_STRING(&lun->wwid));
	cxlf_object(err, "%s", context->label);
	cxlf_cause(err, "the adapter's LUN table is full, and the LUN is not in it; it may have free space");
	return cxlf_fix(err, "cxlflashctl explain LUN_TABLE_FULL");
}

int cxlf_context_vlun_create(struct cxlf_context *context, unsigned lun, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	const struct cxlf_context_lun *of = context->lun + lun;
	struct cxlf_vlun_opened opened;

	if (make_room(context, err) || check_size(context, of, size, err))
		return -1;

	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);)
		rc = cxlf_ioctl_user_virtual(try.path->fd, context->id, cxlf_vlun_blocks(size->bytes),
					     size->driver_wipe, &opened);
	if (rc == -ENOSPC)
		return has_slot(context, lun) ? too_little(context, of, wanted(of, size->bytes), 0, err)
					      : table_full(context, of, err);
	if (rc)
		return cxlf_context_diagnose(context, lun, "open a virtual LUN on", rc, err);

	uint64_t got = cxlf_vlun_bytes(opened.last_lba);
	bool too_small = got < wanted(of, size->bytes) && !size->allow_smaller;

	if (too_small && !release(context, lun, opened.handle))
		return too_little(context, of, wanted(of, size->bytes), got, err);
	context->handle[context->n_handles] = (struct cxlf_context_handle){
		.number = opened.handle,
		.lun = lun,
		.is_virtual = true,
		.all_ports = opened.all_ports,
		.requested_bytes = size->bytes,
		.size_bytes = got,
		.last_lba = opened.last_lba,
	};
	*handle = context->handle + context->n_handles++;
	if (!too_small)
		return 0;
	ask_size(context, context->handle + context->n_handles - 1);
	too_little(context, of, wanted(of, size->bytes), got, err);
	return cxlf_fix(err, "the driver did not take the smaller one back; release handle %llu: cxlflashctl vlun list",
			(unsigned long long)opened.handle);
}

static int resize(struct cxlf_context *context, struct cxlf_context_handle *handle, uint64_t bytes)
{
	uint64_t last_lba = 0;
	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = handle->lun}; cxlf_context_try(context, &try, rc);) {
		rc = -EAGAIN;
		for (unsigned i = 0; i < SYNC_TRIES && rc == -EAGAIN; i++)
			rc = cxlf_ioctl_vlun_resize(try.path->fd, context->id, handle->number, cxlf_vlun_blocks(bytes),
						    &last_lba);
	}
	if (rc) {
		ask_size(context, handle);
		return rc;
	}
	handle->last_lba = last_lba;
	handle->size_bytes = cxlf_vlun_bytes(last_lba);
	return 0;
}

int cxlf_context_vlun_resize(struct cxlf_context *context, uint64_t number, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **out, struct cxlf_err *err)
{
	int at = find(context, number, err);

	if (at < 0)
		return -1;

	struct cxlf_context_handle *handle = context->handle + at;
	const struct cxlf_context_lun *lun = context->lun + handle->lun;
	uint64_t before = handle->size_bytes, want = wanted(lun, size->bytes);

	if (!handle->is_virtual) {
		cxlf_fail(err, CXLF_E_HANDLE_NOT_FOUND, "handle %llu is not virtual: it has the size of its LUN",
			  (unsigned long long)number);
		return cxlf_object(err, "%s", context->label);
	}
	if (context->state != CXLF_CONTEXT_READY)
		return cxlf_context_not_ready(context, err);
	if (check_size(context, lun, size, err))
		return -1;

	/* also if it has this size: after a failed sync of the AFU a resize repeats the sync */
	int rc = resize(context, handle, size->bytes);

	if (rc == -ENOSPC)
		return too_little(context, lun, want, before, err);
	if (rc)
		return cxlf_context_diagnose(context, handle->lun, "resize a virtual LUN of", rc, err);
	if (handle->size_bytes < want && !size->allow_smaller) {
		uint64_t got = handle->size_bytes;

		rc = resize(context, handle, before);
		return rc ? cxlf_context_diagnose(context, handle->lun, "undo the resize of a virtual LUN of", rc, err)
			  : too_little(context, lun, want, got, err);
	}
	handle->requested_bytes = size->bytes;
	*out = handle;
	return 0;
}

int cxlf_context_clone(struct cxlf_context *context, uint64_t source, const struct cxlf_context_handle *handles,
		       unsigned n, struct cxlf_err *err)
{
	for (unsigned i = 0; i < n; i++) {
		if (make_room(context, err))
			return -1;
		context->handle[context->n_handles++] = handles[i];
		context->handle[i].lun = 0;
	}

	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = 0}; cxlf_context_try(context, &try, rc);)
		rc = cxlf_ioctl_vlun_clone(try.path->fd, source, context->id);
	if (!rc)
		return 0;
	context->n_handles = 0;
	return cxlf_context_diagnose(context, 0, "clone the virtual LUNs of", rc, err);
}

/* ---- physical handles ---- */

/* A path of the LUN on the same adapter, whose device still reports the LUN's identity. */
static int open_path(const struct cxlf_context *context, unsigned lun, const char *hctl, struct cxlf_err *err)
{
	struct cxlf_topology topology = {0};
	int fd = -1;

	if (cxlf_discover("", CXLF_WANT_LUN | CXLF_WANT_DEVNO, &topology, err))
		return -1;
	cxlf_fail(err, CXLF_E_LUN_NOT_FOUND, "%s is not a path of the context's LUN on its adapter", hctl);
	cxlf_object(err, "%s", context->label);
	for (unsigned i = 0; i < topology.n_paths; i++) {
		const struct cxlf_path *path = topology.path + i;

		if (!strcmp(path->hctl, hctl) && cxlf_wwid_equal(&path->wwid, &context->lun[lun].wwid) &&
		    !strcmp(topology.adapter[path->adapter].pci, context->adapter_pci))
			fd = cxlf_context_open_checked(context, path, err);
	}
	cxlf_topology_free(&topology);
	return fd;
}

int cxlf_context_plun_create(struct cxlf_context *context, unsigned lun, const char *hctl,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err)
{
	struct cxlf_context_try first = {.lun = lun};
	uint64_t number, last_lba;

	if (make_room(context, err))
		return -1;
	if (!*hctl)
		hctl = cxlf_context_try(context, &first, 0) ? first.path->hctl : context->lun[lun].hctl;

	scoped_fd int fd = open_path(context, lun, hctl, err);

	if (fd < 0)
		return -1;

	int rc = cxlf_ioctl_user_direct(fd, context->id, &number, &last_lba);

	if (rc)
		return cxlf_context_diagnose(context, lun, "open a physical handle on", rc, err);
	context->handle[context->n_handles] = (struct cxlf_context_handle){
		.number = number,
		.lun = lun,
		.size_bytes = (last_lba + 1) * context->lun[lun].block_bytes,
		.last_lba = last_lba,
	};
	*handle = context->handle + context->n_handles++;
	return 0;
}

int cxlf_context_release(struct cxlf_context *context, uint64_t number, struct cxlf_err *err)
{
	int at = find(context, number, err);

	if (at < 0)
		return -1;

	unsigned lun = context->handle[at].lun;
	int rc = release(context, lun, number);

	if (rc) {
		ask_size(context, context->handle + at);
		return cxlf_context_diagnose(context, lun, "release a handle of", rc, err);
	}
	memmove(context->handle + at, context->handle + at + 1,
		(--context->n_handles - (unsigned)at) * sizeof(*context->handle));
	return 0;
}

/* ---- verify ---- */

/*
 * The driver's size of the LUN: a virtual handle does not have it, but an attach returns it, and a process may have a
 * second context. 0 or -errno.
 */
static int read_size(struct cxlf_context *context, unsigned lun, uint64_t *bytes, uint32_t *block_bytes)
{
	struct cxlf_attached attached;
	int rc = -ENODEV;

	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);) {
		rc = cxlf_ioctl_attach(try.path->fd, O_RDONLY, context->options.interrupts, &attached);
		if (!rc)
			cxlf_ioctl_detach(try.path->fd, attached.context);
	}
	if (rc)
		return rc;
	close(attached.adapter_fd);
	*bytes = (attached.last_lba + 1) * attached.block_bytes;
	*block_bytes = (uint32_t)attached.block_bytes;
	return 0;
}

static int verify(struct cxlf_context *context, const struct cxlf_context_handle *handle,
		  const struct cxlf_sense *sense, uint64_t *last_lba)
{
	uint8_t bytes[CXLF_SENSE_LEN];
	int rc;

	if (sense) {
		cxlf_sense_for_driver(sense, bytes);
		rc = cxlf_context_verify_handle(context, handle->lun, handle->number, bytes, last_lba);
		if (rc != CXLF_NO_ANSWER)
			return rc;
	}
	return cxlf_context_verify_handle(context, handle->lun, handle->number, NULL, last_lba);
}

static enum cxlf_verdict_kind judge(const struct cxlf_verdict *verdict, const struct cxlf_sense *sense)
{
	if (verdict->old_bytes != verdict->new_bytes)
		return CXLF_VERDICT_CAPACITY;
	return sense && sense->meaning == CXLF_SENSE_LUNS ? CXLF_VERDICT_LUNS : CXLF_VERDICT_UNCHANGED;
}

int cxlf_context_verify(struct cxlf_context *context, uint64_t number, const struct cxlf_sense *sense,
			struct cxlf_verdict *verdict, struct cxlf_err *err)
{
	int at = find(context, number, err);

	if (at < 0)
		return -1;

	struct cxlf_context_handle *handle = context->handle + at;
	struct cxlf_context_lun *lun = context->lun + handle->lun;
	uint64_t last_lba;

	*verdict = (struct cxlf_verdict){.old_bytes = lun->size_bytes,
					 .new_bytes = lun->size_bytes,
					 .block_bytes = lun->block_bytes,
					 .handle_bytes = handle->size_bytes};
	if (sense && sense->meaning == CXLF_SENSE_ERROR) {
		verdict->kind = CXLF_VERDICT_NOT_VERIFIABLE;
		return 0;
	}
	if (!cxlf_context_alive(context)) {
		verdict->kind = CXLF_VERDICT_RECOVERY;
		return 0;
	}

	int rc = verify(context, handle, sense, &last_lba);

	if (rc)
		return cxlf_context_diagnose(context, handle->lun, "verify", rc, err);
	handle->last_lba = last_lba;
	if (!handle->is_virtual)
		verdict->new_bytes = (last_lba + 1) * lun->block_bytes;
	rc = read_size(context, handle->lun, &verdict->new_bytes, &verdict->block_bytes);
	handle->size_bytes = handle->is_virtual ? cxlf_vlun_bytes(last_lba) : verdict->new_bytes;
	verdict->handle_bytes = handle->size_bytes;
	verdict->kind = judge(verdict, sense);
	if (rc && handle->is_virtual && verdict->kind == CXLF_VERDICT_UNCHANGED)
		verdict->kind = CXLF_VERDICT_UNKNOWN;
	lun->size_bytes = verdict->new_bytes;
	lun->block_bytes = verdict->block_bytes;
	return 0;
}
