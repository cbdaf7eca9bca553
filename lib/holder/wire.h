/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol of a holder's socket: one packet each way.
 *
 * The socket is SOCK_SEQPACKET, so packets arrive whole. A client has one request in progress at a time. Both ends run
 * on one machine: native byte order, fixed-width members, no padding.
 *
 * After an upgrade of the package the holders of the old release continue to run. One part of the protocol therefore
 * never changes, whatever CXLF_WIRE_VERSION is:
 *
 * - Every packet begins with struct cxlf_wire_head, and the numbers of INFO and STOP stay the same.
 * - A holder obeys INFO and STOP of every version, and looks at nothing but their head.
 * - Every answer begins with struct cxlf_wire_fixed, whose head has the holder's own version.
 *
 * What follows these belongs to the version. A holder does not obey any other request of another version, and answers
 * it like INFO: from the head of the answer the client sees that it was refused.
 */
#ifndef CXLF_HOLDER_WIRE_H
#define CXLF_HOLDER_WIRE_H

#include "error.h"
#include "holder.h"

#include <stdint.h>

#define CXLF_WIRE_MAGIC 0x43464c58u
#ifndef CXLF_WIRE_VERSION /* the tests build another one */
#define CXLF_WIRE_VERSION 3
#endif

/* ---- the part that never changes ---- */

enum cxlf_wire_op {
	CXLF_WIRE_INFO = 1,
	CXLF_WIRE_STOP = 2, /* the answer arrives when the context is closed, or is about to be closed by the kernel */
	/* the others belong to the version */
	CXLF_WIRE_VLUN_CREATE,
	CXLF_WIRE_VLUN_RESIZE,
	CXLF_WIRE_PLUN_CREATE,
	CXLF_WIRE_RELEASE,
	CXLF_WIRE_CLONE,
	CXLF_WIRE_VERIFY,
	CXLF_WIRE_RECOVER,
	CXLF_WIRE_ATTACH,
	CXLF_WIRE_DETACH,
};
/* "vlun resize", or "" for an unknown number. */
const char *cxlf_wire_op_name(unsigned op);

enum cxlf_wire_flag {
	CXLF_WIRE_ALLOW_SMALLER = 1 << 0,
	CXLF_WIRE_DRIVER_WIPE = 1 << 1,
	CXLF_WIRE_HAS_WWID = 1 << 2,
	CXLF_WIRE_HAS_SENSE = 1 << 3,
};

struct cxlf_wire_head {
	uint32_t magic;
	uint16_t version, op;
};

/* The beginning of an answer, 192 bytes. Texts end with a NUL. */
struct cxlf_wire_fixed {
	struct cxlf_wire_head head;
	uint32_t pid;
	uint32_t failed; /* 1: the request was not done */
	uint32_t n_luns, n_handles, n_virtual, unused;
	uint64_t context; /* the driver's id */
	int64_t started;  /* seconds since 1970 */
	char release[24]; /* of the package: "0.1.0" */
	char name[40], state[16], adapter_pci[16], adapter_name[32];
	uint8_t reserved[16]; /* 0 */
};

/* Of the first bytes of an answer of any version; false: it is not an answer to this request. */
bool cxlf_wire_fixed_ok(const struct cxlf_wire_fixed *fixed, size_t len, unsigned op);
/* The members that both have; the arrays stay empty. */
void cxlf_wire_unpack_fixed(const struct cxlf_wire_fixed *fixed, struct cxlf_holder_info *info);

/* ---- the part of this version ---- */

struct cxlf_wire_request {
	uint32_t magic;
	uint16_t version, op;
	uint32_t flags, sense_len;
	uint64_t handle, bytes;
	uint8_t wwid[16];
	char hctl[40], name[40];
	uint8_t sense[256];
};

enum cxlf_wire_kind {
	CXLF_WIRE_MALFORMED,
	CXLF_WIRE_VALID,
	CXLF_WIRE_REFUSED, /* of another version, and neither INFO nor STOP */
};
/* What a packet of `len` bytes is. VALID: strings end, lengths fit, flags are known; or INFO or STOP of any version. */
enum cxlf_wire_kind cxlf_wire_request_kind(const struct cxlf_wire_request *request, size_t len);

/* The result of a request, without the holder's state. */
struct cxlf_wire_result {
	struct cxlf_err err; /* code CXLF_OK: done */
	uint64_t handle;
	bool was_reset, ended, changed;
	char name[CXLF_HELD_NAME]; /* of a clone */
	struct cxlf_verdict verdict;
};

#define CXLF_WIRE_ANSWER_MAX (1u << 20) /* bytes; the largest answer is less than half of it */

/* The answer to `op`; free() it. NULL: out of memory. */
void *cxlf_wire_encode(unsigned op, const struct cxlf_wire_result *result, const struct cxlf_holder_info *info,
		       size_t *len);
/* An answer of this version: 0, -EPROTO if it is malformed, or -ENOMEM. On success the caller owns the info. */
int cxlf_wire_decode(const void *answer, size_t len, struct cxlf_wire_result *result, struct cxlf_holder_info *info);

#endif
