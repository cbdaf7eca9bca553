/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sense data of an option: as text, in a file, or on standard input.
 */
#ifndef CXLF_SCSI_SENSE_INPUT_H
#define CXLF_SCSI_SENSE_INPUT_H

#include "error.h"
#include "sense.h"

#define CXLF_SENSE_TEXT_MAX 65536 /* bytes of text; more are not read */

struct cxlf_sense_input {
	uint8_t byte[CXLF_SENSE_MAX];
	size_t len;
	struct cxlf_sense sense;
};

/*
 * `text` is "-" for standard input, text for cxlf_sense_parse(), or the name of a file with such text or with the bytes
 * themselves. Fails with BAD_SENSE.
 */
int cxlf_sense_input(const char *text, struct cxlf_sense_input *out, struct cxlf_err *err);

#endif
