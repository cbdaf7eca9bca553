/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol of a holder's socket: one fixed packet each way, and the answer's body in a sealed memfd.
 *
 * The socket is SOCK_SEQPACKET, so packets arrive whole; a packet of another size, magic or version is rejected. A
 * client has one request in progress at a time. The body has a fixed head and three arrays whose lengths are in the
 * head; the reader checks them against the size and against the limits of context.h. Both ends run on one machine:
 * native byte order, fixed-width members, no padding.
 */
#ifndef CXLF_HOLDER_WIRE_H
#define CXLF_HOLDER_WIRE_H

#include "error.h"
#include "holder.h"

#include <stdint.h>

#define CXLF_WIRE_MAGIC 0x43464c58u
#define CXLF_WIRE_VERSION 2

enum cxlf_wire_op {
	CXLF_WIRE_INFO = 1,
	CXLF_WIRE_STOP,
	CXLF_WIRE_VLUN_CREATE,
	CXLF_WIRE_VLUN_RESIZE,
	CXLF_WIRE_PLUN_CREATE,
	CXLF_WIRE_RELEASE,
	CXLF_WIRE_CLONE,
	CXLF_WIRE_VERIFY,
	CXLF_WIRE_RECOVER,
};
/* "vlun resize", or "" for an unknown number. */
const char *cxlf_wire_op_name(unsigned op);

enum cxlf_wire_flag {
	CXLF_WIRE_ALLOW_SMALLER = 1 << 0,
	CXLF_WIRE_DRIVER_WIPE = 1 << 1,
	CXLF_WIRE_HAS_WWID = 1 << 2,
	CXLF_WIRE_HAS_SENSE = 1 << 3,
};

struct cxlf_wire_request {
	uint32_t magic;
	uint16_t version, op;
	uint32_t flags, sense_len;
	uint64_t handle, bytes;
	uint8_t wwid[16];
	char hctl[40], name[40];
	uint8_t sense[256];
};

/* Whether a packet of `len` bytes is a valid request: strings end, lengths fit, flags are known. */
bool cxlf_wire_request_ok(const struct cxlf_wire_request *request, size_t len);

/* The result of a request, without the holder's state. */
struct cxlf_wire_result {
	struct cxlf_err err; /* code CXLF_OK: done */
	uint64_t handle;
	bool was_reset, ended;
	char name[CXLF_HELD_NAME]; /* of a clone */
	struct cxlf_verdict verdict;
};

/* The packet that comes with the memfd. */
struct cxlf_wire_answer {
	uint32_t magic;
	uint16_t version, op;
	uint64_t body_bytes;
};

#define CXLF_WIRE_BODY_MAX (1u << 20) /* bytes; the largest body is less than half of it */

/* The body of an answer; free() it. NULL: out of memory. */
void *cxlf_wire_encode(const struct cxlf_wire_result *result, const struct cxlf_holder_info *info, size_t *len);
/* 0, -EPROTO if it is malformed, or -ENOMEM. On success the caller owns the info. */
int cxlf_wire_decode(const void *body, size_t len, struct cxlf_wire_result *result, struct cxlf_holder_info *info);

#endif
