/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reservations of a LUN (SPC-4 5.13): who may write to it, as the device says.
 */
#ifndef CXLF_SCSI_RESERVATION_H
#define CXLF_SCSI_RESERVATION_H

#include "discover/topology.h"

#include <stddef.h>

struct cxlf_reservation {
	bool supported; /* false: the device knows no persistent reservations, so there are none */
	bool is_reserved;
	bool is_persistent; /* else by RESERVE, whose holder cannot be asked for */
	unsigned n_keys;    /* registered; without a reservation they restrict nothing */
	uint64_t key;	    /* of the reservation */
	unsigned type;	    /* of the reservation: cxlf_reservation_type() */
};

/*
 * PERSISTENT RESERVE IN, READ RESERVATION and READ KEYS, on a path's open device (cxlf_path_open). `timeout_ms` is for
 * each command. 0, or -1 with DEVICE_ERROR or TIMEOUT.
 */
int cxlf_reservation_read(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_reservation *out,
			  struct cxlf_err *err);
/* "write exclusive" and so on. */
const char *cxlf_reservation_type(unsigned type);

/* The bytes of the two service actions; false: they are not valid. */
bool cxlf_reservation_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out);
bool cxlf_reservation_keys_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out);

#endif
