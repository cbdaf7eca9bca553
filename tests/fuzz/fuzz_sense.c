/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: sense data as bytes (first byte even) or as text. The driver decodes the result in the same way.
 */
#include "scsi/sense.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1),
		driver[CXLF_SENSE_LEN]; /* a separate allocation, so that the sanitizer detects reads beyond the end */
	struct cxlf_sense sense, again;

	memcpy(bytes, data, size);

	enum cxlf_sense_parse why = cxlf_sense_decode(bytes, size, &sense);

	if (!*cxlf_sense_problem(why))
		abort();
	if (why == CXLF_SENSE_OK) {
		if (!memchr(sense.asc_text, 0, sizeof(sense.asc_text)) || !*sense.key_text)
			abort();
		cxlf_sense_for_driver(&sense, driver);
		if (cxlf_sense_decode(driver, sizeof(driver), &again) || again.key != sense.key ||
		    again.asc != sense.asc || again.ascq != sense.ascq || again.meaning != sense.meaning)
			abort();
	}
	free(bytes);
}

static void same_as_hex(const uint8_t *bytes, size_t len)
{
	char text[3 * CXLF_SENSE_MAX + 1];
	uint8_t again[CXLF_SENSE_MAX];
	size_t again_len;

	for (size_t i = 0; i < len; i++)
		snprintf(text + 3 * i, 4, "%02x ", bytes[i]);
	if (cxlf_sense_parse(text, again, &again_len) || again_len != len || memcmp(again, bytes, len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[CXLF_SENSE_MAX];
	size_t len;

	if (!size)
		return 0;
	if (data[0] % 2 == 0) {
		decode(data + 1, size - 1);
		return 0;
	}

	char *text = malloc(size);

	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (!cxlf_sense_parse(text, bytes, &len)) {
		if (!len || len > CXLF_SENSE_MAX)
			abort();
		same_as_hex(bytes, len);
		decode(bytes, len);
	}
	free(text);
	return 0;
}
