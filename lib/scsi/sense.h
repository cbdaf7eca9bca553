/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI sense data (SPC-4 4.5): parsed from text, decoded, and encoded for the driver's VERIFY.
 *
 * The texts are from libsgutils2. The bytes are not trusted: every access is within the given length.
 */
#ifndef CXLF_SCSI_SENSE_H
#define CXLF_SCSI_SENSE_H

#include "ioctl_wrap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CXLF_SENSE_MAX 252 /* bytes (SPC-4 4.5.1) */

/* What a check condition means for a LUN, and what VERIFY does. */
enum cxlf_sense_meaning {
	CXLF_SENSE_BENIGN,   /* keys 0, 1, 2: nothing has changed; VERIFY does nothing */
	CXLF_SENSE_CAPACITY, /* 6/29, 6/2A: capacity may have changed, VERIFY reads it again */
	CXLF_SENSE_LUNS,     /* 6/3F: the target's LUNs have changed, VERIFY makes the host scan */
	CXLF_SENSE_ERROR,    /* any other: VERIFY fails */
};

struct cxlf_sense {
	bool descriptor, deferred;
	uint8_t response; /* 70h to 73h */
	uint8_t key, asc, ascq;
	bool has_asc; /* else asc and ascq are 0 */
	bool has_information, has_progress;
	uint64_t information; /* usually an LBA */
	uint16_t progress;    /* 65,536ths done */
	enum cxlf_sense_meaning meaning;
	char key_text[40];  /* "Unit Attention" */
	char asc_text[100]; /* "Capacity data has changed" */
};

enum cxlf_sense_parse {
	CXLF_SENSE_OK,
	CXLF_SENSE_EMPTY,
	CXLF_SENSE_NOT_HEX,
	CXLF_SENSE_ODD_DIGITS,
	CXLF_SENSE_TOO_LONG,  /* over CXLF_SENSE_MAX bytes */
	CXLF_SENSE_TOO_SHORT, /* no sense key */
	CXLF_SENSE_BAD_FORMAT /* the first byte is not a response code 70h to 73h */
};

/*
 * The bytes from text: hex with any separators or none ("70 00 06", "0x70,0x00", "70:00:06"), lines of sg_raw or
 * hexdump with their offsets ("00     70 00 06 ...  p....."), or the kernel's "[sda] tag#0 Sense: 70 00 06". These are
 * converted to fixed format: "Sense Key : Unit Attention" with "Add. Sense: Capacity data has changed", "Sense Key=0x6"
 * with "ASC=0x2a ASCQ=0x9", "6/2A/09" (key, ASC, ASCQ) and "6/29".
 */
enum cxlf_sense_parse cxlf_sense_parse(const char *text, uint8_t bytes[CXLF_SENSE_MAX], size_t *len);
const char *cxlf_sense_problem(enum cxlf_sense_parse why);

/* CXLF_SENSE_OK, TOO_SHORT or BAD_FORMAT. */
enum cxlf_sense_parse cxlf_sense_decode(const uint8_t *bytes, size_t len, struct cxlf_sense *out);

/*
 * The key, ASC and ASCQ as fixed-format bytes that the driver decodes correctly: it reads at most 18 bytes, uses the
 * additional length even when that is too small, and does not distinguish deferred from current errors.
 */
void cxlf_sense_for_driver(const struct cxlf_sense *sense, uint8_t bytes[CXLF_SENSE_LEN]);

#endif
