/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol of a holder's socket: check, pack and unpack. Neither side trusts the other.
 */
#include "wire.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct wire_lun {
	uint8_t wwid[16];
	uint64_t size_bytes;
	uint32_t block_bytes, unused;
	char hctl[40];
};

struct wire_handle {
	uint64_t number, requested_bytes, size_bytes, last_lba;
	uint32_t lun, flags;
};
enum { HANDLE_VIRTUAL = 1, HANDLE_ALL_PORTS = 2, HANDLE_FLAGS = 3 };

struct wire_error {
	char code[32]; /* the name: numbers differ between releases */
	int32_t sys, unused;
	char object[96], message[320], cause[2048], fix[1024];
};

struct wire_body {
	struct cxlf_wire_fixed fixed;
	uint64_t handle, old_bytes, new_bytes, handle_bytes;
	uint32_t result_flags, verdict, block_bytes;
	uint32_t flags, state, interrupts, check_ms, process_element, recoveries, n_events;
	int64_t last_recovery;
	char result_name[40], parent[40], busy[40], reason[200];
};
enum { RESULT_WAS_RESET = 1, RESULT_ENDED = 2, RESULT_CHANGED = 4 };
enum { INFO_IMPLICIT = 1, INFO_READ_ONLY = 2, INFO_RECOVERS = 4 };

_Static_assert(sizeof(struct wire_lun) == 72, "no padding");
_Static_assert(sizeof(struct wire_handle) == 40, "no padding");
_Static_assert(sizeof(struct cxlf_holder_event) == 128, "no padding");
_Static_assert(sizeof(struct wire_error) == 3528, "no padding");
_Static_assert(sizeof(struct wire_body) == 192 + 4 * 8 + 10 * 4 + 8 + 320, "no padding");
_Static_assert(sizeof(struct cxlf_wire_request) == 384, "no padding");
_Static_assert(sizeof(struct cxlf_wire_head) == 8 && sizeof(struct cxlf_wire_fixed) == 192, "never changes");
_Static_assert(offsetof(struct cxlf_wire_request, op) == offsetof(struct cxlf_wire_head, op),
	       "it begins with the head");
_Static_assert(sizeof(struct wire_body) + sizeof(struct wire_error) + CXLF_CONTEXT_LUNS * sizeof(struct wire_lun) +
			       CXLF_CONTEXT_HANDLES * sizeof(struct wire_handle) +
			       CXLF_HOLDER_EVENTS * sizeof(struct cxlf_holder_event) <=
		       CXLF_WIRE_ANSWER_MAX / 2,
	       "the largest answer fits");

const char *cxlf_wire_op_name(unsigned op)
{
	static const char *const name[] = {
		"",	   "info",  "stop",   "vlun create", "vlun resize",    "plun create",
		"release", "clone", "verify", "recover",     "context attach", "context detach"};

	return op < sizeof(name) / sizeof(*name) ? name[op] : "";
}

#define ENDS(text) (memchr(text, '\0', sizeof(text)) != NULL)

static bool is_valid(const struct cxlf_wire_request *request, size_t len)
{
	const uint32_t known =
		CXLF_WIRE_ALLOW_SMALLER | CXLF_WIRE_DRIVER_WIPE | CXLF_WIRE_HAS_WWID | CXLF_WIRE_HAS_SENSE;

	return len == sizeof(*request) && *cxlf_wire_op_name(request->op) && !(request->flags & ~known) &&
	       request->sense_len <= CXLF_SENSE_MAX && ENDS(request->hctl) && ENDS(request->name);
}

enum cxlf_wire_kind cxlf_wire_request_kind(const struct cxlf_wire_request *request, size_t len)
{
	if (len < sizeof(struct cxlf_wire_head) || request->magic != CXLF_WIRE_MAGIC)
		return CXLF_WIRE_MALFORMED;
	if (request->version == CXLF_WIRE_VERSION)
		return is_valid(request, len) ? CXLF_WIRE_VALID : CXLF_WIRE_MALFORMED;
	return request->op == CXLF_WIRE_INFO || request->op == CXLF_WIRE_STOP ? CXLF_WIRE_VALID : CXLF_WIRE_REFUSED;
}

bool cxlf_wire_fixed_ok(const struct cxlf_wire_fixed *fixed, size_t len, unsigned op)
{
	return len >= sizeof(*fixed) && fixed->head.magic == CXLF_WIRE_MAGIC && fixed->head.op == op &&
	       ENDS(fixed->release) && memchr(fixed->name, '\0', CXLF_HELD_NAME) && ENDS(fixed->state) &&
	       ENDS(fixed->adapter_pci) && ENDS(fixed->adapter_name);
}

/* ---- packing ---- */

/* snprintf would be half of the time of an answer */
static void copy_text(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	len = len < size ? len : size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}
#define COPY(to, from) copy_text(to, sizeof(to), from)

/* Members with the same name and meaning in struct cxlf_holder_info and in a struct of an answer. */
/* clang-format off */
#define FIXED_NUMBERS(X) X(context) X(started)
#define FIXED_TEXTS(X) X(name) X(adapter_pci) X(adapter_name)
#define HEAD_NUMBERS(X) X(interrupts) X(check_ms) X(process_element) X(recoveries) X(last_recovery) X(n_events)
#define HEAD_TEXTS(X) X(parent) X(busy) X(reason)
/* clang-format on */
#define ERROR_TEXTS(X) X(object) X(message) X(cause) X(fix)
#define COPY_NUMBER(member) to->member = from->member;
#define COPY_TEXT(member) COPY(to->member, from->member);

static void pack_error(struct wire_error *to, const struct cxlf_err *from)
{
	COPY(to->code, cxlf_code_info(from->code)->name);
	to->sys = from->sys;
	ERROR_TEXTS(COPY_TEXT)
}

static void pack_head(struct wire_body *to, const struct cxlf_holder_info *from)
{
	HEAD_TEXTS(COPY_TEXT)
	HEAD_NUMBERS(COPY_NUMBER)
	to->flags = (from->implicit ? INFO_IMPLICIT : 0) | (from->read_only ? INFO_READ_ONLY : 0) |
		    (from->recovers ? INFO_RECOVERS : 0);
	to->state = from->state;
}

static void pack_fixed(struct cxlf_wire_fixed *to, unsigned op, const struct cxlf_holder_info *from)
{
	to->head = (struct cxlf_wire_head){CXLF_WIRE_MAGIC, CXLF_WIRE_VERSION, (uint16_t)op};
	to->pid = (uint32_t)from->pid;
	to->n_luns = from->n_luns;
	to->n_handles = from->n_handles;
	for (unsigned i = 0; i < from->n_handles; i++)
		to->n_virtual += from->handle[i].is_virtual;
	COPY(to->release, CXLF_VERSION);
	COPY(to->state, cxlf_context_state_name(from->state));
	FIXED_NUMBERS(COPY_NUMBER)
	FIXED_TEXTS(COPY_TEXT)
}

static void pack_arrays(struct wire_body *body, const struct cxlf_holder_info *from)
{
	struct wire_lun *lun = (struct wire_lun *)((struct wire_error *)(body + 1) + body->fixed.failed);
	struct wire_handle *handle = (struct wire_handle *)(lun + from->n_luns);
	struct cxlf_holder_event *event = (struct cxlf_holder_event *)(handle + from->n_handles);

	for (unsigned i = 0; i < from->n_luns; i++) {
		memcpy(lun[i].wwid, from->lun[i].wwid.byte, sizeof(lun[i].wwid));
		lun[i].size_bytes = from->lun[i].size_bytes;
		lun[i].block_bytes = from->lun[i].block_bytes;
		COPY(lun[i].hctl, from->lun[i].hctl);
	}
	for (unsigned i = 0; i < from->n_handles; i++)
		handle[i] = (struct wire_handle){
			.number = from->handle[i].number,
			.requested_bytes = from->handle[i].requested_bytes,
			.size_bytes = from->handle[i].size_bytes,
			.last_lba = from->handle[i].last_lba,
			.lun = from->handle[i].lun,
			.flags = (from->handle[i].is_virtual ? HANDLE_VIRTUAL : 0) |
				 (from->handle[i].all_ports ? HANDLE_ALL_PORTS : 0),
		};
	if (from->n_events)
		memcpy(event, from->event, from->n_events * sizeof(*event));
}

static size_t body_bytes(size_t errors, size_t luns, size_t handles, size_t events)
{
	return sizeof(struct wire_body) + errors * sizeof(struct wire_error) + luns * sizeof(struct wire_lun) +
	       handles * sizeof(struct wire_handle) + events * sizeof(struct cxlf_holder_event);
}

void *cxlf_wire_encode(unsigned op, const struct cxlf_wire_result *result, const struct cxlf_holder_info *info,
		       size_t *len)
{
	struct wire_body *body;

	*len = body_bytes(result->err.code != CXLF_OK, info->n_luns, info->n_handles, info->n_events);
	body = calloc(1, *len);
	if (!body)
		return NULL;
	pack_fixed(&body->fixed, op, info);
	body->fixed.failed = result->err.code != CXLF_OK;
	if (body->fixed.failed)
		pack_error((struct wire_error *)(body + 1), &result->err);
	body->handle = result->handle;
	body->result_flags = (result->was_reset ? RESULT_WAS_RESET : 0) | (result->ended ? RESULT_ENDED : 0) |
			     (result->changed ? RESULT_CHANGED : 0);
	COPY(body->result_name, result->name);
	body->verdict = result->verdict.kind;
	body->old_bytes = result->verdict.old_bytes;
	body->new_bytes = result->verdict.new_bytes;
	body->handle_bytes = result->verdict.handle_bytes;
	body->block_bytes = result->verdict.block_bytes;
	pack_head(body, info);
	pack_arrays(body, info);
	return body;
}

/* ---- unpacking ---- */

static bool error_ok(const struct wire_error *err)
{
#define ERROR_ENDS(member) &&ENDS(err->member)
	return *err->code && ENDS(err->code) ERROR_TEXTS(ERROR_ENDS);
}

static bool body_ok(const struct wire_body *body, size_t len)
{
#define HEAD_ENDS(member) &&ENDS(body->member)
	return len >= sizeof(*body) && cxlf_wire_fixed_ok(&body->fixed, len, body->fixed.head.op) &&
	       body->fixed.head.version == CXLF_WIRE_VERSION && body->fixed.failed <= 1 &&
	       body->fixed.n_luns <= CXLF_CONTEXT_LUNS && body->fixed.n_handles <= CXLF_CONTEXT_HANDLES &&
	       body->n_events <= CXLF_HOLDER_EVENTS &&
	       len == body_bytes(body->fixed.failed, body->fixed.n_luns, body->fixed.n_handles, body->n_events) &&
	       (!body->fixed.failed || error_ok((const struct wire_error *)(body + 1))) HEAD_TEXTS(HEAD_ENDS) &&
	       body->state <= CXLF_CONTEXT_FAILED && body->verdict <= CXLF_VERDICT_UNKNOWN &&
	       memchr(body->result_name, '\0', CXLF_HELD_NAME) && strlen(body->parent) < CXLF_HELD_NAME;
}

/* An unknown code, of a later release, becomes FAILED. */
static void unpack_error(struct cxlf_err *to, const struct wire_error *from)
{
	const struct cxlf_code_info *info = cxlf_code_by_name(from->code);

	*to = (struct cxlf_err){.code = info && info->code ? info->code : CXLF_E_FAILED, .sys = from->sys};
	ERROR_TEXTS(COPY_TEXT)
}

void cxlf_wire_unpack_fixed(const struct cxlf_wire_fixed *from, struct cxlf_holder_info *to)
{
	*to = (struct cxlf_holder_info){.pid = (pid_t)from->pid};
	FIXED_NUMBERS(COPY_NUMBER)
	FIXED_TEXTS(COPY_TEXT)
}

static void unpack_head(struct cxlf_holder_info *to, const struct wire_body *from)
{
	cxlf_wire_unpack_fixed(&from->fixed, to);
	to->n_luns = from->fixed.n_luns;
	to->n_handles = from->fixed.n_handles;
	to->implicit = from->flags & INFO_IMPLICIT;
	to->read_only = from->flags & INFO_READ_ONLY;
	to->recovers = from->flags & INFO_RECOVERS;
	to->state = (enum cxlf_context_state)from->state;
	HEAD_NUMBERS(COPY_NUMBER)
	HEAD_TEXTS(COPY_TEXT)
}

static bool unpack_arrays(struct cxlf_holder_info *to, const struct wire_body *body)
{
	const struct wire_error *err = (const struct wire_error *)(body + 1);
	const struct wire_lun *lun = (const struct wire_lun *)(err + body->fixed.failed);
	const struct wire_handle *handle = (const struct wire_handle *)(lun + to->n_luns);
	const struct cxlf_holder_event *event = (const struct cxlf_holder_event *)(handle + to->n_handles);

	for (unsigned i = 0; i < to->n_luns; i++) {
		if (!ENDS(lun[i].hctl))
			return false;
		memcpy(to->lun[i].wwid.byte, lun[i].wwid, sizeof(lun[i].wwid));
		to->lun[i].size_bytes = lun[i].size_bytes;
		to->lun[i].block_bytes = lun[i].block_bytes;
		COPY(to->lun[i].hctl, lun[i].hctl);
	}
	for (unsigned i = 0; i < to->n_handles; i++) {
		if (handle[i].lun >= to->n_luns || handle[i].flags & ~(uint32_t)HANDLE_FLAGS)
			return false;
		to->handle[i] = (struct cxlf_context_handle){
			.number = handle[i].number,
			.lun = handle[i].lun,
			.is_virtual = handle[i].flags & HANDLE_VIRTUAL,
			.all_ports = handle[i].flags & HANDLE_ALL_PORTS,
			.requested_bytes = handle[i].requested_bytes,
			.size_bytes = handle[i].size_bytes,
			.last_lba = handle[i].last_lba,
		};
	}
	for (unsigned i = 0; i < to->n_events; i++) {
		if (!ENDS(event[i].text))
			return false;
		to->event[i] = event[i];
	}
	return true;
}

int cxlf_wire_decode(const void *data, size_t len, struct cxlf_wire_result *result, struct cxlf_holder_info *info)
{
	const struct wire_body *body = data;

	*info = (struct cxlf_holder_info){0};
	if (!body_ok(body, len))
		return -EPROTO;
	*result = (struct cxlf_wire_result){
		.handle = body->handle,
		.was_reset = body->result_flags & RESULT_WAS_RESET,
		.ended = body->result_flags & RESULT_ENDED,
		.changed = body->result_flags & RESULT_CHANGED,
		.verdict =
			{
				.kind = (enum cxlf_verdict_kind)body->verdict,
				.old_bytes = body->old_bytes,
				.new_bytes = body->new_bytes,
				.handle_bytes = body->handle_bytes,
				.block_bytes = body->block_bytes,
			},
	};
	memcpy(result->name, body->result_name, sizeof(result->name));
	if (body->fixed.failed)
		unpack_error(&result->err, (const struct wire_error *)(body + 1));
	unpack_head(info, body);
	info->lun = calloc(info->n_luns + 1, sizeof(*info->lun));
	info->handle = calloc(info->n_handles + 1, sizeof(*info->handle));
	info->event = calloc(info->n_events + 1, sizeof(*info->event));

	int rc = !info->lun || !info->handle || !info->event ? -ENOMEM : unpack_arrays(info, body) ? 0 : -EPROTO;

	if (rc)
		cxlf_holder_info_free(info);
	return rc;
}

void cxlf_holder_info_free(struct cxlf_holder_info *info)
{
	free(info->lun);
	free(info->handle);
	free(info->event);
	*info = (struct cxlf_holder_info){0};
}
