/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reservations: what PERSISTENT RESERVE IN answers, whole, cut and wrong.
 */
#include "scsi/reservation.h"
#include "unit.h"

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
	return done();
}
