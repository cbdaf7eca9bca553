/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills and sends the requests.
 */
#include "ioctls.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int call(int fd, unsigned long request, void *arg)
{
	int rc = ioctl(fd, request, arg);

	return rc < 0 ? -errno : rc;
}

int manage(struct path *path, const uint8_t wwid[16], uint64_t flags)
{
	struct dk_cxlflash_manage_lun req = {.hdr.flags = flags};

	memcpy(req.wwid, wwid, sizeof(req.wwid));
	if (flags & DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE)
		remember_enable(path, wwid);
	return call(disk(path), DK_CXLFLASH_MANAGE_LUN, &req);
}

int enable(struct path *path)
{
	return manage(path, path->wwid, DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE);
}

int disable(struct path *path)
{
	return manage(path, path->wwid, DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE);
}

int attach(struct path *path, int mode, struct context *context)
{
	struct dk_cxlflash_attach req = {.hdr.flags = mode, .num_interrupts = 4};
	int rc = call(disk(path), DK_CXLFLASH_ATTACH, &req);

	if (rc)
		return rc;
	*context = (struct context){.path = path, .id = req.context_id, .fd = req.adap_fd, .attached = req};
	return 0;
}

struct context attached(struct path *path, int mode)
{
	struct context context;

	CHECK_RC(enable(path), 0);
	CHECK_RC(attach(path, mode, &context), 0);
	return context;
}

int reuse(struct path *path, uint64_t id, struct dk_cxlflash_attach *answer)
{
	struct dk_cxlflash_attach req = {.hdr.flags = DK_CXLFLASH_ATTACH_REUSE_CONTEXT, .context_id = id};
	int rc = call(disk(path), DK_CXLFLASH_ATTACH, &req);

	if (answer)
		*answer = req;
	return rc;
}

int detach(struct path *path, uint64_t id)
{
	struct dk_cxlflash_detach req = {.context_id = id};

	return call(disk(path), DK_CXLFLASH_DETACH, &req);
}

void finish(struct context *context)
{
	CHECK_RC(detach(context->path, context->id), 0);
	CHECK_EQ(close(context->fd), 0);
}

int user_direct(struct path *path, uint64_t id, uint64_t *handle, uint64_t *last_lba)
{
	struct dk_cxlflash_udirect req = {.context_id = id};
	int rc = call(disk(path), DK_CXLFLASH_USER_DIRECT, &req);

	if (!rc && handle)
		*handle = req.rsrc_handle;
	if (!rc && last_lba)
		*last_lba = req.last_lba;
	return rc;
}

int user_virtual(struct path *path, uint64_t id, uint64_t blocks, uint64_t *handle, uint64_t *last_lba)
{
	struct dk_cxlflash_uvirtual req = {.context_id = id, .lun_size = blocks};
	int rc = call(disk(path), DK_CXLFLASH_USER_VIRTUAL, &req);

	if (!rc && handle)
		*handle = req.rsrc_handle;
	if (!rc && last_lba)
		*last_lba = req.last_lba;
	return rc;
}

int release(struct path *path, uint64_t id, uint64_t handle)
{
	struct dk_cxlflash_release req = {.context_id = id, .rsrc_handle = handle};

	return call(disk(path), DK_CXLFLASH_RELEASE, &req);
}

int resize(struct path *path, uint64_t id, uint64_t handle, uint64_t blocks, uint64_t *last_lba)
{
	struct dk_cxlflash_resize req = {.context_id = id, .rsrc_handle = handle, .req_size = blocks};
	int rc = call(disk(path), DK_CXLFLASH_VLUN_RESIZE, &req);

	if (!rc && last_lba)
		*last_lba = req.last_lba;
	return rc;
}

int clone_handles(struct path *path, uint64_t from, uint64_t to)
{
	struct dk_cxlflash_clone req = {.context_id_src = from, .context_id_dst = to};

	return call(disk(path), DK_CXLFLASH_VLUN_CLONE, &req);
}

int verify(struct path *path, uint64_t id, uint64_t handle, uint64_t *last_lba)
{
	struct dk_cxlflash_verify req = {.context_id = id, .rsrc_handle = handle};
	int rc = call(disk(path), DK_CXLFLASH_VERIFY, &req);

	if (!rc && last_lba)
		*last_lba = req.last_lba;
	return rc;
}

int verify_sense(struct path *path, uint64_t id, uint64_t handle, const uint8_t sense[18], uint64_t *last_lba)
{
	struct dk_cxlflash_verify req = {
		.context_id = id,
		.rsrc_handle = handle,
		.hint = DK_CXLFLASH_VERIFY_HINT_SENSE,
	};
	int rc;

	memcpy(req.sense_data, sense, sizeof(req.sense_data));
	rc = call(disk(path), DK_CXLFLASH_VERIFY, &req);
	if (!rc && last_lba)
		*last_lba = req.last_lba;
	return rc;
}

int recover(struct path *path, uint64_t id, struct dk_cxlflash_recover_afu *answer)
{
	struct dk_cxlflash_recover_afu req = {.context_id = id, .mmio_size = 77, .adap_fd = 88, .reason = 99};
	int rc = call(disk(path), DK_CXLFLASH_RECOVER_AFU, &req);

	if (answer)
		*answer = req;
	return rc;
}

uint64_t opened_direct(struct path *path, uint64_t id)
{
	uint64_t handle = 0;

	CHECK_RC(user_direct(path, id, &handle, NULL), 0);
	return handle;
}

uint64_t opened_virtual(struct path *path, uint64_t id, uint64_t blocks)
{
	uint64_t handle = 0;

	CHECK_RC(user_virtual(path, id, blocks, &handle, NULL), 0);
	return handle;
}

void each_context_ioctl(struct path *path, uint64_t id, uint64_t handle,
			void (*take)(const char *name, int rc, void *arg), void *arg)
{
	take("reusing ATTACH", reuse(path, id, NULL), arg);
	take("USER_DIRECT", user_direct(path, id, NULL, NULL), arg);
	take("USER_VIRTUAL", user_virtual(path, id, 0, NULL, NULL), arg);
	take("VLUN_RESIZE", resize(path, id, handle, 0, NULL), arg);
	take("VERIFY", verify(path, id, handle, NULL), arg);
	take("VLUN_CLONE", clone_handles(path, id ^ 1, id), arg);
	take("RECOVER_AFU", recover(path, id, NULL), arg);
	take("RELEASE", release(path, id, handle), arg);
	take("DETACH", detach(path, id), arg);
}

static void must_give(const char *name, int rc, void *want)
{
	check_rc(__FILE__, __LINE__, name, rc, *(int *)want);
}

void all_context_ioctls_give(struct path *path, uint64_t id, uint64_t handle, int want)
{
	each_context_ioctl(path, id, handle, must_give, &want);
}
