/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocol of the holder's socket: packed data is unpacked unchanged, and invalid data is refused.
 */
#include "holder/wire.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct cxlf_holder_info sample(void)
{
	struct cxlf_holder_info info = {
		.name = "db",
		.pid = 4711,
		.started = 1700000000,
		.implicit = true,
		.recovers = true,
		.interrupts = 4,
		.check_ms = 1000,
		.state = CXLF_CONTEXT_RECOVERING,
		.reason = "waiting for the adapter",
		.busy = "vlun resize",
		.context = 0x90d3c000000001ull,
		.process_element = 1,
		.adapter_pci = "0001:00:00.0",
		.adapter_name = "cxlflash0",
		.recoveries = 3,
		.last_recovery = 1700000001,
		.parent = "ctx0",
		.n_luns = 2,
		.n_handles = 3,
		.n_events = 1,
	};

	info.lun = calloc(2, sizeof(*info.lun));
	info.handle = calloc(3, sizeof(*info.handle));
	info.event = calloc(1, sizeof(*info.event));
	info.lun[1] = (struct cxlf_context_lun){
		.wwid.byte[0] = 0x60, .hctl = "0:1:0:2", .size_bytes = 1ull << 40, .block_bytes = 512};
	info.handle[2] = (struct cxlf_context_handle){.number = 7,
						      .lun = 1,
						      .is_virtual = true,
						      .all_ports = true,
						      .requested_bytes = 5,
						      .size_bytes = 1 << 25,
						      .last_lba = 8191};
	info.event[0] = (struct cxlf_holder_event){.time = 1, .text = "attached"};
	return info;
}

static struct cxlf_wire_result failure(void)
{
	struct cxlf_wire_result result = {
		.handle = 7, .was_reset = true, .ended = true, .changed = true, .name = "twin"};

	result.verdict = (struct cxlf_verdict){.kind = CXLF_VERDICT_CAPACITY, .old_bytes = 1, .new_bytes = 2};
	cxlf_fail_sys(&result.err, CXLF_E_NO_SPACE, -ENOSPC, "too little");
	cxlf_object(&result.err, "cxlflash0");
	cxlf_cause(&result.err, "a cause");
	cxlf_fix(&result.err, "a fix");
	return result;
}

static void round_trip(void)
{
	struct cxlf_holder_info info = sample(), out;
	struct cxlf_wire_result result = failure(), back;
	size_t len;
	void *body = cxlf_wire_encode(CXLF_WIRE_RELEASE, &result, &info, &len);

	ok(cxlf_wire_decode(body, len, &back, &out) == 0, "a packed answer is unpacked");
	ok(!strcmp(out.name, "db") && !strcmp(out.parent, "ctx0") && !strcmp(out.busy, "vlun resize") &&
		   !strcmp(out.reason, info.reason) && !strcmp(out.adapter_name, "cxlflash0"),
	   "texts are unchanged");
	ok(out.pid == 4711 && out.started == info.started && out.context == info.context && out.recoveries == 3 &&
		   out.state == CXLF_CONTEXT_RECOVERING && out.implicit && out.recovers && !out.read_only,
	   "numbers and flags are unchanged");
	ok(out.n_luns == 2 && out.lun[1].size_bytes == 1ull << 40 && !strcmp(out.lun[1].hctl, "0:1:0:2"), "LUNs");
	ok(out.n_handles == 3 && out.handle[2].number == 7 && out.handle[2].is_virtual && out.handle[2].all_ports &&
		   !out.handle[0].is_virtual,
	   "handles");
	ok(out.n_events == 1 && !strcmp(out.event[0].text, "attached"), "events");
	ok(back.err.code == CXLF_E_NO_SPACE && back.err.sys == ENOSPC && !strcmp(back.err.cause, "a cause") &&
		   !strcmp(back.err.fix, "a fix") && !strcmp(back.name, "twin") && back.was_reset && back.ended &&
		   back.changed && back.verdict.kind == CXLF_VERDICT_CAPACITY && back.verdict.new_bytes == 2,
	   "the result and its error are unchanged");
	cxlf_holder_info_free(&out);
	cxlf_holder_info_free(&info);
	free(body);
}

/* Every other length is refused. Every changed byte is refused or read, never beyond the end (checked by sanitizers).
 */
static void damaged(void)
{
	struct cxlf_holder_info info = sample(), out;
	struct cxlf_wire_result result = failure(), back;
	size_t len, refused = 0;
	unsigned char *body = cxlf_wire_encode(CXLF_WIRE_RELEASE, &result, &info, &len);
	unsigned char *copy = malloc(len);

	for (size_t n = 0; n < len; n++) {
		memcpy(copy, body, n);
		refused += cxlf_wire_decode(copy, n, &back, &out) == -EPROTO;
	}
	ok(refused == len, "every shorter body is refused");
	for (size_t i = 0; i < len; i++) {
		memcpy(copy, body, len);
		copy[i] ^= 0xff;
		if (!cxlf_wire_decode(copy, len, &back, &out))
			cxlf_holder_info_free(&out);
	}
	ok(true, "every changed byte is handled");
	free(copy);
	free(body);
	cxlf_holder_info_free(&info);
}

static void unknown_code(void)
{
	struct cxlf_holder_info info = {.name = "x"}, out;
	struct cxlf_wire_result result = failure(), back;
	size_t len;
	char *body = cxlf_wire_encode(CXLF_WIRE_RELEASE, &result, &info, &len);

	char *code = memmem(body, len, "NO_SPACE", sizeof("NO_SPACE"));

	memcpy(code, "OF_LATER_DAYS", sizeof("OF_LATER_DAYS"));
	ok(!cxlf_wire_decode(body, len, &back, &out) && back.err.code == CXLF_E_FAILED,
	   "an unknown error code is a failure");
	cxlf_holder_info_free(&out);
	free(body);
}

static void other_version(void)
{
	struct cxlf_holder_info info = sample(), out;
	struct cxlf_wire_result result = {.err.code = CXLF_OK}, back;
	struct cxlf_wire_fixed fixed;
	size_t len;
	char *body = cxlf_wire_encode(CXLF_WIRE_INFO, &result, &info, &len);

	memcpy(&fixed, body, sizeof(fixed));
	fixed.head.version++;
	memcpy(body, &fixed, sizeof(fixed));
	ok(cxlf_wire_decode(body, len, &back, &out) == -EPROTO, "an answer of another version is not unpacked");
	ok(cxlf_wire_fixed_ok(&fixed, sizeof(fixed), CXLF_WIRE_INFO) && fixed.n_handles == 3 && fixed.n_virtual == 1 &&
		   !strcmp(fixed.name, "db") && !strcmp(fixed.state, "recovering"),
	   "its first part can be read");
	ok(!cxlf_wire_fixed_ok(&fixed, sizeof(fixed) - 1, CXLF_WIRE_INFO) &&
		   !cxlf_wire_fixed_ok(&fixed, sizeof(fixed), CXLF_WIRE_STOP),
	   "unless it is short, or answers another request");
	memset(fixed.state, 'x', sizeof(fixed.state));
	ok(!cxlf_wire_fixed_ok(&fixed, sizeof(fixed), CXLF_WIRE_INFO), "or has a text without an end");
	cxlf_holder_info_free(&info);
	free(body);
}

static void requests(void)
{
	struct cxlf_wire_request good = {
		.magic = CXLF_WIRE_MAGIC, .version = CXLF_WIRE_VERSION, .op = CXLF_WIRE_RELEASE};
	struct cxlf_wire_request bad;

	is(cxlf_wire_request_kind(&good, sizeof(good)), CXLF_WIRE_VALID, "a valid request is accepted");
	ok(!cxlf_wire_request_kind(&good, sizeof(good) - 1) && !cxlf_wire_request_kind(&good, sizeof(good) + 1) &&
		   !cxlf_wire_request_kind(&good, 0),
	   "a request of another size is refused");
	bad = good, bad.magic ^= 1;
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with another magic number is refused");
	bad = good, bad.version++;
	is(cxlf_wire_request_kind(&bad, sizeof(bad)), CXLF_WIRE_REFUSED, "a request of another version is refused");
	bad.op = 999;
	is(cxlf_wire_request_kind(&bad, 8), CXLF_WIRE_REFUSED, "also one that is unknown here");
	bad.op = CXLF_WIRE_STOP;
	is(cxlf_wire_request_kind(&bad, 8), CXLF_WIRE_VALID, "except INFO and STOP");
	is(cxlf_wire_request_kind(&bad, 7), CXLF_WIRE_MALFORMED, "whose head must be whole");
	bad = good, bad.op = 0;
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request without an operation is refused");
	bad = good, bad.op = 999;
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with an unknown operation is refused");
	bad = good, bad.flags = 1u << 31;
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with an unknown flag is refused");
	bad = good, bad.sense_len = CXLF_SENSE_MAX + 1;
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with too much sense data is refused");
	bad = good, memset(bad.name, 'a', sizeof(bad.name));
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with an unterminated name is refused");
	bad = good, memset(bad.hctl, 'a', sizeof(bad.hctl));
	ok(!cxlf_wire_request_kind(&bad, sizeof(bad)), "a request with an unterminated path is refused");
}

static void names(void)
{
	static const char *const good[] = {"a", "ctx0", "0db", "a.b-c_d", "abcdefghijklmnopqrstuvwxyz012345"};
	static const char *const bad[] = {"",	 ".a",	 "-a", "_a",  "A",  "a/b",
					  "a b", "../x", "ä",  "a\n", "a%", "abcdefghijklmnopqrstuvwxyz0123456"};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ok(cxlf_held_name_ok(good[i]), good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ok(!cxlf_held_name_ok(bad[i]), "an invalid name is refused");
}

int main(void)
{
	round_trip();
	damaged();
	unknown_code();
	other_version();
	requests();
	names();
	return done();
}
