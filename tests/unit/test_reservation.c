/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reservations: responses to PERSISTENT RESERVE IN, valid, truncated and malformed.
 */
#include "scsi/reservation.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

#include <scsi/sg_pt.h>

/* The pass-through of sg3_utils: every command ends with this sense key and additional sense code. */
static uint8_t sense_key, asc, *sense_buf;

void set_scsi_pt_sense(struct sg_pt_base *pt, uint8_t *sense, int size)
{
	(void)pt, (void)size;
	sense_buf = sense;
}

int do_scsi_pt(struct sg_pt_base *pt, int fd, int timeout, int verbose)
{
	(void)pt, (void)fd, (void)timeout, (void)verbose;
	memcpy(sense_buf, (uint8_t[14]){0x70, [2] = sense_key, [7] = 10, [12] = asc}, 14);
	return 0;
}

int get_scsi_pt_result_category(const struct sg_pt_base *pt)
{
	(void)pt;
	return SCSI_PT_RESULT_SENSE;
}

int get_scsi_pt_sense_len(const struct sg_pt_base *pt)
{
	(void)pt;
	return 18;
}

static void unsupported(void)
{
	static const struct cxlf_path path = {.hctl = "0:0:0:1"};
	struct cxlf_reservation found;
	struct cxlf_err err = {0};

	sense_key = 5;
	asc = 0x20;
	is(cxlf_reservation_read(-1, &path, 1000, &found, &err), 0, "a device without the command");
	ok(!found.is_reserved && !found.n_keys, "has no reservation");
	asc = 0x25;
	is(cxlf_reservation_read(-1, &path, 1000, &found, &err), -1, "a LUN that does not exist is an error");
	is(err.sys, ENODEV, "with the reason");
	is_text(err.cause, "the LUN does not exist", "in words");
	sense_key = 6;
	asc = 0x29;
	is(cxlf_reservation_read(-1, &path, 1000, &found, &err), -1, "unit attentions without end are an error");
}

static void reservation(void)
{
	uint8_t data[24] = {[7] = 16, [15] = 0xab, [14] = 0x01, [21] = 0x35};
	struct cxlf_reservation found = {0};

	ok(cxlf_reservation_decode(data, sizeof(data), &found), "a reservation is read");
	ok(found.is_reserved && found.is_persistent, "it is one");
	is(found.key, 0x1ab, "its key");
	is(found.type, 5, "its type, without the scope");
	is_text(cxlf_reservation_type(found.type), "write exclusive, registrants only", "in words");
	is_text(cxlf_reservation_type(2), "unknown type", "a type that is obsolete");
	is_text(cxlf_reservation_type(15), "unknown type", "a type that there is not");
	ok(!cxlf_reservation_decode(data, 21, &found), "one that is cut is not taken for none");
	data[7] = 8;
	ok(!cxlf_reservation_decode(data, sizeof(data), &found), "nor is one that says it is short");
	data[7] = 0;
	found = (struct cxlf_reservation){0};
	ok(cxlf_reservation_decode(data, sizeof(data), &found), "no reservation is read");
	ok(!found.is_reserved, "and is none");
	ok(!cxlf_reservation_decode(data, 7, &found), "less than a header says nothing");
}

static void keys(void)
{
	uint8_t data[24] = {[7] = 16};
	struct cxlf_reservation found = {0};

	ok(cxlf_reservation_keys_decode(data, sizeof(data), &found), "keys are read");
	is(found.n_keys, 2, "and counted");
	data[7] = 15;
	ok(!cxlf_reservation_keys_decode(data, sizeof(data), &found), "half a key is not valid");
	ok(!cxlf_reservation_keys_decode(data, 4, &found), "less than a header says nothing");
}

int main(void)
{
	reservation();
	keys();
	unsupported();
	return done();
}
