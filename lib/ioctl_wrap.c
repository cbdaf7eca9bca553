/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function per request of the driver. No other file uses the kernel's structures.
 */
#include "ioctl_wrap.h"

#include "cxlflash_abi.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

#define KERNEL_ENOTSUPP 524 /* a kernel-internal errno that the host requests return */

_Static_assert(CXLF_SENSE_LEN == DK_CXLFLASH_VERIFY_SENSE_LEN, "sense");
_Static_assert(CXLF_WWID_LEN == DK_CXLFLASH_MANAGE_LUN_WWID_LEN, "wwid");
_Static_assert(CXLF_AFU_SUBCMD_LEN == HT_CXLFLASH_AFU_DEBUG_SUBCMD_LEN, "subcmd");
_Static_assert(CXLF_AFU_DEBUG_MAX == HT_CXLFLASH_AFU_DEBUG_MAX_DATA_LEN, "afu debug");
_Static_assert(CXLF_IMAGE_CHUNK_MAX == CXL_AI_MAX_CHUNK_SIZE && CXLF_IMAGE_HEADER == CXL_AI_HEADER_SIZE, "image");

/* ---- names and fields of the requests, for traces ---- */

enum direction { IN, OUT, INOUT, BYTES_IN, BYTES_OUT };

struct field {
	const char *name;
	uint16_t at, size;
	enum direction direction;
};

struct request {
	unsigned long number;
	const char *name;
	bool once; /* not repeated after EINTR */
	const struct field *field;
	unsigned n_fields;
};

/* A member of struct T. */
#define FIELD_AT(label, member, dir)                                                                                   \
	{                                                                                                              \
#label, offsetof(struct T, member), sizeof(((struct T *)0)->member), dir                               \
	}
#define FIELD(member, dir) FIELD_AT(member, member, dir)
#define REQUEST(variable, nr, is_once, ...)                                                                            \
	static const struct field variable##_field[] = {__VA_ARGS__};                                                  \
	static const struct request variable = {nr, #nr, is_once, variable##_field,                                    \
						sizeof(variable##_field) / sizeof(*variable##_field)}

#define T dk_cxlflash_attach
REQUEST(attach, DK_CXLFLASH_ATTACH, false, FIELD_AT(flags, hdr.flags, IN), FIELD(num_interrupts, IN),
	FIELD(context_id, INOUT), FIELD_AT(return_flags, hdr.return_flags, OUT), FIELD(mmio_size, OUT),
	FIELD(block_size, OUT), FIELD(adap_fd, OUT), FIELD(last_lba, OUT), FIELD(max_xfer, OUT));
#undef T
#define T dk_cxlflash_detach
REQUEST(detach, DK_CXLFLASH_DETACH, false, FIELD(context_id, IN));
#undef T
#define T dk_cxlflash_recover_afu
REQUEST(recover, DK_CXLFLASH_RECOVER_AFU, false, FIELD(reason, IN), FIELD(context_id, INOUT),
	FIELD_AT(return_flags, hdr.return_flags, OUT), FIELD(mmio_size, OUT), FIELD(adap_fd, OUT));
#undef T
#define T dk_cxlflash_udirect
REQUEST(user_direct, DK_CXLFLASH_USER_DIRECT, false, FIELD(context_id, IN), FIELD(rsrc_handle, OUT),
	FIELD(last_lba, OUT), FIELD_AT(return_flags, hdr.return_flags, OUT));
#undef T
#define T dk_cxlflash_uvirtual
REQUEST(user_virtual, DK_CXLFLASH_USER_VIRTUAL, false, FIELD_AT(flags, hdr.flags, IN), FIELD(context_id, IN),
	FIELD(lun_size, IN), FIELD(rsrc_handle, OUT), FIELD(last_lba, OUT),
	FIELD_AT(return_flags, hdr.return_flags, OUT));
#undef T
#define T dk_cxlflash_resize
REQUEST(vlun_resize, DK_CXLFLASH_VLUN_RESIZE, false, FIELD(context_id, IN), FIELD(rsrc_handle, IN), FIELD(req_size, IN),
	FIELD(last_lba, OUT));
#undef T
#define T dk_cxlflash_clone
REQUEST(vlun_clone, DK_CXLFLASH_VLUN_CLONE, false, FIELD(context_id_src, IN), FIELD(context_id_dst, IN));
#undef T
#define T dk_cxlflash_release
REQUEST(release, DK_CXLFLASH_RELEASE, false, FIELD(context_id, IN), FIELD(rsrc_handle, IN));
#undef T
#define T dk_cxlflash_verify
REQUEST(verify, DK_CXLFLASH_VERIFY, false, FIELD(context_id, IN), FIELD(rsrc_handle, IN), FIELD(hint, IN),
	FIELD(sense_data, BYTES_IN), FIELD(last_lba, OUT));
#undef T
#define T dk_cxlflash_manage_lun
REQUEST(manage_lun, DK_CXLFLASH_MANAGE_LUN, false, FIELD_AT(flags, hdr.flags, IN), FIELD(wwid, BYTES_IN),
	FIELD_AT(return_flags, hdr.return_flags, OUT));
#undef T
#define T ht_cxlflash_lun_provision
REQUEST(lun_provision, HT_CXLFLASH_LUN_PROVISION, false, FIELD_AT(subcmd, hdr.subcmd, IN), FIELD(port, IN),
	FIELD(size, IN), FIELD(lun_id, INOUT), FIELD(wwid, BYTES_OUT), FIELD(max_num_luns, OUT),
	FIELD(cur_num_luns, OUT), FIELD(max_cap_port, OUT), FIELD(cur_cap_port, OUT));
#undef T
#define T ht_cxlflash_afu_debug
REQUEST(afu_debug, HT_CXLFLASH_AFU_DEBUG, false, FIELD_AT(flags, hdr.flags, IN), FIELD(afu_subcmd, BYTES_IN),
	FIELD(data_len, IN));
#undef T
REQUEST(process_element, CXL_IOCTL_GET_PROCESS_ELEMENT, false, {"process_element", 0, 4, OUT});
#define T cxl_afu_id
REQUEST(afu_id, CXL_IOCTL_GET_AFU_ID, false, FIELD(flags, OUT), FIELD(card_id, OUT), FIELD(afu_offset, OUT),
	FIELD(afu_mode, OUT));
#undef T
#define T cxl_adapter_image
REQUEST(image_download, CXL_IOCTL_DOWNLOAD_IMAGE, true, FIELD(flags, IN), FIELD(len_data, IN), FIELD(len_image, IN));
REQUEST(image_validate, CXL_IOCTL_VALIDATE_IMAGE, true, FIELD(flags, IN), FIELD(len_data, IN), FIELD(len_image, IN));
#undef T

/* ---- calls ---- */

static struct {
	cxlf_trace_sink *sink;
	void *arg;
} tracing; /* see the header */

void cxlf_ioctl_trace(cxlf_trace_sink *sink, void *arg)
{
	tracing.sink = sink;
	tracing.arg = arg;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t number_at(const uint8_t *at, unsigned size)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (size) {
	case 8:
		memcpy(&u64, at, 8);
		return u64;
	case 4:
		memcpy(&u32, at, 4);
		return u32;
	case 2:
		memcpy(&u16, at, 2);
		return u16;
	}
	return *at;
}

static void trace_fields(struct cxlf_trace *trace, const struct request *request, const void *arg, bool out)
{
	for (unsigned i = 0; i < request->n_fields && trace->n_fields < CXLF_TRACE_FIELDS; i++) {
		const struct field *field = request->field + i;
		bool is_out = field->direction == OUT || field->direction == BYTES_OUT;
		bool is_bytes = field->direction == BYTES_IN || field->direction == BYTES_OUT;
		const uint8_t *at = (const uint8_t *)arg + field->at;

		if (out ? !is_out && field->direction != INOUT : is_out)
			continue;
		trace->field[trace->n_fields++] = (struct cxlf_trace_field){
			.name = field->name,
			.value = is_bytes ? 0 : number_at(at, field->size),
			.bytes = is_bytes ? at : NULL,
			.size = field->size,
			.out = out,
		};
	}
}

/* As the driver returned it: 0, a positive value, or -errno. */
static int make_request(int fd, const struct request *request, void *arg)
{
	int rc;

	do {
		rc = ioctl(fd, request->number, arg);
	} while (rc < 0 && errno == EINTR && !request->once);
	return rc < 0 ? -errno : rc;
}

static int make_traced(int fd, const struct request *request, void *arg)
{
	struct cxlf_trace trace = {.request = request->name, .number = request->number, .fd = fd};
	uint64_t start = now_us();

	trace_fields(&trace, request, arg, false);
	trace.rc = make_request(fd, request, arg);
	trace.microseconds = now_us() - start;
	if (!trace.rc)
		trace_fields(&trace, request, arg, true);
	tracing.sink(tracing.arg, &trace);
	return trace.rc;
}

static int call(int fd, const struct request *request, void *arg)
{
	int rc = tracing.sink ? make_traced(fd, request, arg) : make_request(fd, request, arg);

	return rc == -KERNEL_ENOTSUPP ? -EOPNOTSUPP : rc;
}

/* For requests without a documented positive result: nothing was copied out, so it is an error. */
static int call_plain(int fd, const struct request *request, void *arg)
{
	int rc = call(fd, request, arg);

	return rc > 0 ? -EPROTO : rc;
}

/* ---- contexts ---- */

static int attach_with(int fd, struct dk_cxlflash_attach *req, struct cxlf_attached *out)
{
	bool reuse = req->hdr.flags & DK_CXLFLASH_ATTACH_REUSE_CONTEXT;
	int rc = call_plain(fd, &attach, req);

	if (rc)
		return rc;
	*out = (struct cxlf_attached){
		.context = req->context_id,
		.adapter_fd = reuse ? -1 : (int)req->adap_fd,
		.mmio_bytes = req->mmio_size,
		.block_bytes = req->block_size,
		.last_lba = req->last_lba,
		.max_transfer_blocks = req->max_xfer,
		.sq_mode = req->hdr.return_flags & DK_CXLFLASH_CONTEXT_SQ_CMD_MODE,
		.kernel_closes_fd = !reuse && !(req->hdr.return_flags & DK_CXLFLASH_APP_CLOSE_ADAP_FD),
	};
	return 0;
}

int cxlf_ioctl_attach(int fd, int access, uint64_t interrupts, struct cxlf_attached *out)
{
	struct dk_cxlflash_attach req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.hdr.flags = (uint64_t)(access & 3),
		.num_interrupts = interrupts,
	};

	return attach_with(fd, &req, out);
}

int cxlf_ioctl_attach_reuse(int fd, uint64_t context, struct cxlf_attached *out)
{
	struct dk_cxlflash_attach req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.hdr.flags = DK_CXLFLASH_ATTACH_REUSE_CONTEXT,
		.context_id = context,
	};

	return attach_with(fd, &req, out);
}

int cxlf_ioctl_detach(int fd, uint64_t context)
{
	struct dk_cxlflash_detach req = {.hdr.version = DK_CXLFLASH_VERSION_0, .context_id = context};

	return call_plain(fd, &detach, &req);
}

int cxlf_ioctl_recover(int fd, uint64_t context, uint64_t reason, struct cxlf_recovered *out)
{
	struct dk_cxlflash_recover_afu req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.reason = reason,
		.context_id = context,
		.adap_fd = UINT64_MAX, /* unchanged if there was nothing to recover */
	};
	int rc = call_plain(fd, &recover, &req);

	if (rc)
		return rc;

	bool reset = req.hdr.return_flags & DK_CXLFLASH_RECOVER_AFU_CONTEXT_RESET;

	*out = (struct cxlf_recovered){
		.reset = reset,
		.context = reset ? req.context_id : context,
		.adapter_fd = reset ? (int)req.adap_fd : -1,
		.mmio_bytes = req.mmio_size,
		.sq_mode = req.hdr.return_flags & DK_CXLFLASH_CONTEXT_SQ_CMD_MODE,
	};
	return 0;
}

/* ---- handles ---- */

int cxlf_ioctl_user_direct(int fd, uint64_t context, uint64_t *handle, uint64_t *last_lba)
{
	struct dk_cxlflash_udirect req = {.hdr.version = DK_CXLFLASH_VERSION_0, .context_id = context};
	int rc = call_plain(fd, &user_direct, &req);

	if (rc)
		return rc;
	*handle = req.rsrc_handle;
	*last_lba = req.last_lba;
	return 0;
}

int cxlf_ioctl_user_virtual(int fd, uint64_t context, uint64_t blocks, bool write_same, struct cxlf_vlun_opened *out)
{
	struct dk_cxlflash_uvirtual req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.hdr.flags = write_same ? DK_CXLFLASH_UVIRTUAL_NEED_WRITE_SAME : 0,
		.context_id = context,
		.lun_size = blocks,
	};
	int rc = call_plain(fd, &user_virtual, &req);

	if (rc)
		return rc;
	*out = (struct cxlf_vlun_opened){
		.handle = req.rsrc_handle,
		.last_lba = req.last_lba,
		.all_ports = req.hdr.return_flags & DK_CXLFLASH_ALL_PORTS_ACTIVE,
	};
	return 0;
}

int cxlf_ioctl_vlun_resize(int fd, uint64_t context, uint64_t handle, uint64_t blocks, uint64_t *last_lba)
{
	struct dk_cxlflash_resize req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.context_id = context,
		.rsrc_handle = handle,
		.req_size = blocks,
	};
	int rc = call_plain(fd, &vlun_resize, &req);

	if (!rc)
		*last_lba = req.last_lba;
	return rc;
}

int cxlf_ioctl_vlun_clone(int fd, uint64_t from_context, uint64_t to_context)
{
	struct dk_cxlflash_clone req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.context_id_src = from_context,
		.context_id_dst = to_context,
	};

	return call_plain(fd, &vlun_clone, &req);
}

int cxlf_ioctl_release(int fd, uint64_t context, uint64_t handle)
{
	struct dk_cxlflash_release req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.context_id = context,
		.rsrc_handle = handle,
	};

	return call_plain(fd, &release, &req);
}

int cxlf_ioctl_verify(int fd, uint64_t context, uint64_t handle, const uint8_t *sense, uint64_t *last_lba)
{
	struct dk_cxlflash_verify req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.context_id = context,
		.rsrc_handle = handle,
		.hint = sense ? DK_CXLFLASH_VERIFY_HINT_SENSE : 0,
	};

	if (sense)
		memcpy(req.sense_data, sense, sizeof(req.sense_data));

	int rc = call(fd, &verify, &req);

	if (!rc)
		*last_lba = req.last_lba;
	return rc > 0 ? CXLF_NO_ANSWER : rc;
}

/* ---- mode of a path ---- */

int cxlf_ioctl_manage_lun(int fd, const struct cxlf_wwid *wwid, bool superpipe)
{
	struct dk_cxlflash_manage_lun req = {
		.hdr.version = DK_CXLFLASH_VERSION_0,
		.hdr.flags =
			superpipe ? DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE : DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE,
	};

	memcpy(req.wwid, wwid->byte, sizeof(req.wwid));
	return call_plain(fd, &manage_lun, &req);
}

/* ---- host requests ---- */

static struct ht_cxlflash_lun_provision provision(uint16_t subcmd, unsigned port)
{
	return (struct ht_cxlflash_lun_provision){
		.hdr.version = HT_CXLFLASH_VERSION_0,
		.hdr.subcmd = subcmd,
		.port = port > UINT16_MAX ? UINT16_MAX : (uint16_t)port,
	};
}

int cxlf_ioctl_lun_create(int fd, unsigned port, uint64_t blocks, uint64_t *lun_id, struct cxlf_wwid *wwid)
{
	struct ht_cxlflash_lun_provision req = provision(HT_CXLFLASH_LUN_PROVISION_SUBCMD_CREATE_LUN, port);

	req.size = blocks;

	int rc = call_plain(fd, &lun_provision, &req);

	if (rc)
		return rc;
	*lun_id = req.lun_id;
	memcpy(wwid->byte, req.wwid, sizeof(wwid->byte));
	return 0;
}

int cxlf_ioctl_lun_delete(int fd, unsigned port, uint64_t lun_id)
{
	struct ht_cxlflash_lun_provision req = provision(HT_CXLFLASH_LUN_PROVISION_SUBCMD_DELETE_LUN, port);

	req.lun_id = lun_id;
	return call_plain(fd, &lun_provision, &req);
}

int cxlf_ioctl_port_query(int fd, unsigned port, struct cxlf_port_space *out)
{
	struct ht_cxlflash_lun_provision req = provision(HT_CXLFLASH_LUN_PROVISION_SUBCMD_QUERY_PORT, port);
	int rc = call_plain(fd, &lun_provision, &req);

	if (rc)
		return rc;
	*out = (struct cxlf_port_space){
		.max_luns = req.max_num_luns,
		.luns = req.cur_num_luns,
		.max_blocks = req.max_cap_port,
		.blocks = req.cur_cap_port,
	};
	return 0;
}

static int debug_afu(int fd, uint64_t flags, const uint8_t *subcmd, const void *data, uint32_t len)
{
	struct ht_cxlflash_afu_debug req = {
		.hdr.version = HT_CXLFLASH_VERSION_0,
		.hdr.flags = flags,
		.data_ea = (uint64_t)(uintptr_t)data,
		.data_len = len,
	};

	memcpy(req.afu_subcmd, subcmd, sizeof(req.afu_subcmd));
	return call_plain(fd, &afu_debug, &req);
}

int cxlf_ioctl_afu_read(int fd, const uint8_t subcmd[CXLF_AFU_SUBCMD_LEN], void *data, uint32_t len)
{
	return debug_afu(fd, HT_CXLFLASH_HOST_READ, subcmd, data, len);
}

int cxlf_ioctl_afu_write(int fd, const uint8_t subcmd[CXLF_AFU_SUBCMD_LEN], const void *data, uint32_t len)
{
	return debug_afu(fd, HT_CXLFLASH_HOST_WRITE, subcmd, data, len);
}

/* ---- cxl requests ---- */

int cxlf_ioctl_process_element(int fd, uint32_t *element)
{
	uint32_t answer = 0;
	int rc = call_plain(fd, &process_element, &answer);

	if (!rc)
		*element = answer;
	return rc;
}

int cxlf_ioctl_afu_id(int fd, struct cxlf_afu_id *out)
{
	struct cxl_afu_id req = {0};
	int rc = call_plain(fd, &afu_id, &req);

	if (rc)
		return rc;
	*out = (struct cxlf_afu_id){
		.card = req.card_id,
		.afu = req.afu_offset,
		.directed = req.afu_mode == CXL_MODE_DIRECTED,
		.slave = req.flags & CXL_AFUID_FLAG_SLAVE,
	};
	return 0;
}

static int send_image(int fd, const struct request *request, const void *data, uint64_t len, uint64_t image_len,
		      bool first)
{
	struct cxl_adapter_image req = {
		.flags = first ? CXL_AI_NEED_HEADER : 0,
		.data = (uint64_t)(uintptr_t)data,
		.len_data = len,
		.len_image = image_len,
	};
	int rc = call(fd, request, &req);

	return rc > 0 ? CXLF_MORE : rc;
}

int cxlf_ioctl_image_download(int fd, const void *data, uint64_t len, uint64_t image_len, bool first)
{
	return send_image(fd, &image_download, data, len, image_len, first);
}

int cxlf_ioctl_image_validate(int fd, const void *data, uint64_t len, uint64_t image_len, bool first)
{
	return send_image(fd, &image_validate, data, len, image_len, first);
}
