/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path of a LUN as an open device: whether it is ready, and its capacity.
 *
 * A device reports a unit attention only once, so the check keeps them for the caller.
 */
#ifndef CXLF_SCSI_CHECK_H
#define CXLF_SCSI_CHECK_H

#include "discover/topology.h"
#include "sense.h"

#define CXLF_ATTENTIONS 6 /* of all commands to one path, before it gives up */
#define CXLF_BLOCK_BYTES_MAX 65536

struct cxlf_scsi_check {
	bool ready;	     /* the status of TEST UNIT READY was GOOD */
	uint64_t size_bytes; /* by READ CAPACITY(16); 0: unknown */
	uint32_t block_bytes;
	struct cxlf_sense attention[CXLF_ATTENTIONS]; /* oldest first */
	unsigned n_attentions;
	bool has_sense; /* the check failed with a check condition other than a unit attention */
	struct cxlf_sense sense;
};

/*
 * TEST UNIT READY and READ CAPACITY(16) on a path's open device (cxlf_path_open). `timeout_ms` is for each command, at
 * least a second, because the kernel resets the LUN when a command times out. 0, or -1 with DEVICE_ERROR or TIMEOUT;
 * *out then has the results so far.
 */
int cxlf_scsi_check(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_scsi_check *out,
		    struct cxlf_err *err);

/* Decode the data of READ CAPACITY(16); false if the capacity is impossible. */
bool cxlf_capacity_decode(const uint8_t *data, size_t len, uint64_t *size_bytes, uint32_t *block_bytes);

#endif
