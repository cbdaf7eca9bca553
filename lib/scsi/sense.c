/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCSI sense data, decoded (SPC-4 4.5), and encoded for the driver's VERIFY (contract 5).
 *
 * libsgutils2 trusts lengths inside the data, so it gets a padded copy that ends with the last whole descriptor.
 */
#include "sense.h"

#include <string.h>

#include <scsi/sg_lib.h>

#define CURRENT_FIXED 0x70
#define FIXED_LEN 18
#define PADDING 32 /* more than the longest field */

#define KEY_NO_SENSE 0
#define KEY_NOT_READY 2
#define KEY_UNIT_ATTENTION 6

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static enum cxlf_sense_meaning meaning_of(uint8_t key, uint8_t asc)
{
	if (key <= KEY_NOT_READY)
		return CXLF_SENSE_BENIGN;
	if (key == KEY_UNIT_ATTENTION && (asc == 0x29 || asc == 0x2a))
		return CXLF_SENSE_CAPACITY;
	if (key == KEY_UNIT_ATTENTION && asc == 0x3f)
		return CXLF_SENSE_LUNS;
	return CXLF_SENSE_ERROR;
}

/* The number of bytes up to the end of the last whole descriptor. */
static size_t whole_descriptors(const uint8_t *bytes, size_t len)
{
	size_t at = 8;

	if (len < 8)
		return len;
	while (at + 2 <= len && at + 2 + bytes[at + 1] <= len)
		at += 2u + bytes[at + 1];
	return at;
}

static void find_texts(struct cxlf_sense *out)
{
	static const char prefix[] = "Additional sense: ";
	char text[sizeof(out->asc_text) + sizeof(prefix)] = "";
	const char *words = text;

	sg_get_sense_key_str(out->key, (int)sizeof(out->key_text), out->key_text);
	if (!out->has_asc)
		return;
	sg_get_asc_ascq_str(out->asc, out->ascq, (int)sizeof(text), text);
	if (!strncmp(text, prefix, sizeof(prefix) - 1))
		words += sizeof(prefix) - 1;
	memcpy(out->asc_text, words, smaller(strlen(words), sizeof(out->asc_text) - 1));
}

static void find_fields(const uint8_t *bytes, size_t len, struct cxlf_sense *out)
{
	uint8_t padded[CXLF_SENSE_MAX + PADDING] = {0};
	int progress;

	if (out->descriptor)
		len = whole_descriptors(bytes, len);
	memcpy(padded, bytes, len);
	if (out->descriptor && len >= 8)
		padded[7] = (uint8_t)(len - 8);
	out->has_information = sg_get_sense_info_fld(padded, (int)len, &out->information);
	if (!out->has_information)
		out->information = 0;
	out->has_progress = sg_get_sense_progress_fld(padded, (int)len, &progress);
	if (out->has_progress)
		out->progress = (uint16_t)progress;
}

enum cxlf_sense_parse cxlf_sense_decode(const uint8_t *bytes, size_t len, struct cxlf_sense *out)
{
	struct sg_scsi_sense_hdr header;

	*out = (struct cxlf_sense){0};
	len = smaller(len, CXLF_SENSE_MAX);
	if (!len)
		return CXLF_SENSE_TOO_SHORT;
	out->response = bytes[0] & 0x7f;
	out->descriptor = out->response == 0x72 || out->response == 0x73;
	out->deferred = out->response == 0x71 || out->response == 0x73;
	if (!out->descriptor && !out->deferred && out->response != CURRENT_FIXED)
		return CXLF_SENSE_BAD_FORMAT;
	if (len < (out->descriptor ? 2 : 3) || !sg_scsi_normalize_sense(bytes, (int)len, &header))
		return CXLF_SENSE_TOO_SHORT;
	/* bytes after the additional length are not sense data */
	if (len >= 8)
		len = smaller(len, 8u + bytes[7]);
	out->has_asc = len > (out->descriptor ? 2 : 12);
	out->key = header.sense_key;
	out->asc = header.asc;
	out->ascq = header.ascq;
	out->meaning = meaning_of(out->key, out->asc);
	find_texts(out);
	find_fields(bytes, len, out);
	return CXLF_SENSE_OK;
}

void cxlf_sense_for_driver(const struct cxlf_sense *sense, uint8_t bytes[CXLF_SENSE_LEN])
{
	_Static_assert(FIXED_LEN == CXLF_SENSE_LEN, "the driver takes fixed-format sense data");
	memset(bytes, 0, CXLF_SENSE_LEN);
	bytes[0] = CURRENT_FIXED;
	bytes[2] = sense->key;
	bytes[7] = FIXED_LEN - 8;
	bytes[12] = sense->asc;
	bytes[13] = sense->ascq;
}
