/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI reservations of a LUN (SPC-4 5.13).
 */
#ifndef CXLF_SCSI_RESERVATION_H
#define CXLF_SCSI_RESERVATION_H

#include "discover/topology.h"

#include <stddef.h>

struct cxlf_reservation {
	bool is_reserved;
	bool is_persistent; /* false: by RESERVE; its holder is not available */
	unsigned n_keys;    /* registered; no effect without a reservation */
	uint64_t key;	    /* of the reservation */
	unsigned type;	    /* of the reservation: cxlf_reservation_type() */
};

/*
 * Send PERSISTENT RESERVE IN, READ RESERVATION and READ KEYS, to a path's open device (cxlf_path_open). `timeout_ms` is
 * for each command. A device that does not support the command has no reservation. 0, or -1 with DEVICE_ERROR or
 * TIMEOUT.
 */
int cxlf_reservation_read(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_reservation *out,
			  struct cxlf_err *err);
const char *cxlf_reservation_type(unsigned type);

/* Decode the data of the two service actions; false: not valid. */
bool cxlf_reservation_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out);
bool cxlf_reservation_keys_decode(const uint8_t *data, size_t len, struct cxlf_reservation *out);

#endif
