/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path of a LUN as an open device: is it ready, and how large does it say it is.
 *
 * Unit attentions are told once and then gone, so they are kept: who asks first must pass them on.
 */
#ifndef CXLF_SCSI_CHECK_H
#define CXLF_SCSI_CHECK_H

#include "discover/topology.h"
#include "sense.h"

#define CXLF_ATTENTIONS 6 /* unit attentions waited out, over all commands to one path */
#define CXLF_BLOCK_BYTES_MAX 65536

struct cxlf_scsi_check {
	bool ready;	     /* TEST UNIT READY was answered with GOOD */
	uint64_t size_bytes; /* by READ CAPACITY(16); 0 = not answered */
	uint32_t block_bytes;
	struct cxlf_sense attention[CXLF_ATTENTIONS]; /* unit attentions on the way, oldest first */
	unsigned n_attentions;
	bool has_sense; /* it failed with a check condition other than a unit attention: */
	struct cxlf_sense sense;
};

/*
 * TEST UNIT READY and READ CAPACITY(16) on a path's open device (cxlf_path_open). `timeout_ms` is for each
 * command; a command that takes longer makes the kernel reset the LUN, so less than a second is a second. 0, or
 * -1 with DEVICE_ERROR or TIMEOUT; *out says how far it came.
 */
int cxlf_scsi_check(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_scsi_check *out,
		    struct cxlf_err *err);

/* The bytes of READ CAPACITY(16): false if no LUN can have such a capacity. */
bool cxlf_capacity_decode(const uint8_t *data, size_t len, uint64_t *size_bytes, uint32_t *block_bytes);

#endif
