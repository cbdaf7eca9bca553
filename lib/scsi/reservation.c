/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI reservations of a LUN (SPC-4 5.13).
 */
#include "reservation.h"
#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <scsi/sg_lib.h>
#include <scsi/sg_pt.h>

#define READ_KEYS 0
#define READ_RESERVATION 1
#define LUN_NOT_SUPPORTED 0x25 /* additional sense code */
#define DATA_BYTES 512	       /* the number of keys is in the header */
#define TRIES 6		       /* each unit attention is reported once */

struct request {
	int fd;
	const struct cxlf_path *path;
	unsigned timeout_ms;
	uint8_t data[DATA_BYTES];
	size_t len;
};

bool cxlf_reservation_keys_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out)
{
	uint64_t bytes;

	if (len < 8)
		return false;
	bytes = cxlf_big_endian(data + 4, 4);
	out->n_keys = (unsigned)(bytes / 8);
	return bytes % 8 == 0;
}

bool cxlf_reservation_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out)
{
	if (len < 8)
		return false;
	out->is_reserved = cxlf_big_endian(data + 4, 4);
	if (!out->is_reserved)
		return true;
	out->is_persistent = true;
	if (len < 22 || cxlf_big_endian(data + 4, 4) < 14)
		return false;
	out->key = cxlf_big_endian(data + 8, 8);
	out->type = data[21] & 0xf;
	return true;
}

const char *cxlf_reservation_type(unsigned type)
{
	static const char *const name[] = {
		[1] = "write exclusive",
		[3] = "exclusive access",
		[5] = "write exclusive, registrants only",
		[6] = "exclusive access, registrants only",
		[7] = "write exclusive, all registrants",
		[8] = "exclusive access, all registrants",
	};

	return type < sizeof(name) / sizeof(*name) && name[type] ? name[type] : "unknown type";
}

static void destroy(struct sg_pt_base *const *pt)
{
	if (*pt)
		destruct_scsi_pt_obj(*pt);
}

/* 0, an SG_LIB_CAT_ value, or -errno. */
static int send_once(struct request *request, unsigned action)
{
	__attribute__((cleanup(destroy))) struct sg_pt_base *pt = construct_scsi_pt_obj_with_fd(request->fd, 0);
	uint8_t cdb[10] = {0x5e, (uint8_t)action, [7] = DATA_BYTES >> 8, [8] = DATA_BYTES & 0xff}, sense[64] = {0};
	struct sg_scsi_sense_hdr header;
	char transport[120] = "";
	int rc, residue;

	memset(request->data, 0, sizeof(request->data));
	if (!pt)
		return -ENOMEM;
	set_scsi_pt_cdb(pt, cdb, sizeof(cdb));
	set_scsi_pt_sense(pt, sense, sizeof(sense));
	set_scsi_pt_data_in(pt, request->data, sizeof(request->data));
	rc = do_scsi_pt(pt, request->fd, request->timeout_ms < 1000 ? 1 : (int)((request->timeout_ms + 999) / 1000), 0);
	if (rc)
		return rc < 0 ? rc : -EINVAL;
	residue = get_scsi_pt_resid(pt);
	request->len = residue > 0 && residue <= DATA_BYTES ? (size_t)(DATA_BYTES - residue) : DATA_BYTES;
	switch (get_scsi_pt_result_category(pt)) {
	case SCSI_PT_RESULT_GOOD:
		return 0;
	case SCSI_PT_RESULT_SENSE:
		/* illegal request as well, but it does not mean that the command is not supported */
		if (sg_scsi_normalize_sense(sense, get_scsi_pt_sense_len(pt), &header) &&
		    header.asc == LUN_NOT_SUPPORTED)
			return -ENODEV;
		return sg_err_category_sense(sense, get_scsi_pt_sense_len(pt));
	case SCSI_PT_RESULT_STATUS:
		return get_scsi_pt_status_response(pt);
	case SCSI_PT_RESULT_TRANSPORT_ERR:
		get_scsi_pt_transport_err_str(pt, sizeof(transport), transport);
		return strstr(transport, "DID_TIME_OUT") ? -ETIMEDOUT : -EIO;
	default:
		return -(get_scsi_pt_os_err(pt) ? get_scsi_pt_os_err(pt) : EIO);
	}
}

static int send_command(struct request *request, unsigned action)
{
	int category = SG_LIB_CAT_UNIT_ATTENTION;

	for (int i = 0; i < TRIES && category == SG_LIB_CAT_UNIT_ATTENTION; i++)
		category = send_once(request, action);
	return category == SG_LIB_CAT_RECOVERED || category == SG_LIB_CAT_NO_SENSE ? 0 : category;
}

static int failed(const struct request *request, int category, struct cxlf_err *err)
{
	char text[160] = "the device did not respond";

	if (category == -ENODEV)
		snprintf(text, sizeof(text), "the LUN does not exist");
	else if (!category)
		snprintf(text, sizeof(text), "the response is not valid");
	else if (category > 0)
		sg_exit2str(category, false, (int)sizeof(text), text);
	cxlf_text_sanitise(text);
	cxlf_fail_sys(err, category == -ETIMEDOUT ? CXLF_E_TIMEOUT : CXLF_E_DEVICE_ERROR,
		      category < 0 ? category : -EIO, "PERSISTENT RESERVE IN failed on path %s", request->path->hctl);
	return cxlf_cause(err, "%s", text);
}

static bool is_unsupported(int category)
{
	return category == SG_LIB_CAT_ILLEGAL_REQ || category == SG_LIB_CAT_INVALID_OP ||
	       category == SG_LIB_CAT_ILLEGAL_REQ_WITH_INFO;
}

int cxlf_reservation_read(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_reservation *out,
			  struct cxlf_err *err)
{
	struct request request = {.fd = fd, .path = path, .timeout_ms = timeout_ms};
	int category = send_command(&request, READ_RESERVATION);

	*out = (struct cxlf_reservation){0};
	if (is_unsupported(category))
		return 0;
	if (category == SG_LIB_CAT_RES_CONFLICT) {
		out->is_reserved = true;
		return 0;
	}
	/* a failed adapter can report GOOD without data, so the length is checked */
	if (category || !cxlf_reservation_decode(request.data, request.len, out))
		return failed(&request, category, err);
	category = send_command(&request, READ_KEYS);
	if (category || !cxlf_reservation_keys_decode(request.data, request.len, out))
		return failed(&request, category, err);
	return 0;
}
