/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sense data as an option gives it: as text, in a file, or on standard input.
 */
#ifndef CXLF_SCSI_SENSE_INPUT_H
#define CXLF_SCSI_SENSE_INPUT_H

#include "error.h"
#include "sense.h"

#define CXLF_SENSE_TEXT_MAX 65536 /* bytes of text that are read at most */

struct cxlf_sense_input {
	uint8_t byte[CXLF_SENSE_MAX];
	size_t len;
	struct cxlf_sense sense;
};

/*
 * `text` is "-" for standard input, anything that cxlf_sense_parse() takes, or else the name of a file with such
 * text, or with the bytes themselves. Fails with BAD_SENSE, which says what is wrong.
 */
int cxlf_sense_input(const char *text, struct cxlf_sense_input *out, struct cxlf_err *err);

#endif
