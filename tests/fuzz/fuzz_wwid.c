/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any text as a WWID. An accepted WWID is printed as 32 digits that are parsed to the same value.
 */
#include "wwid.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), again[CXLF_WWID_TEXT];
	struct cxlf_wwid one, two;

	memcpy(text, data, size);
	text[size] = '\0';

	enum cxlf_wwid_parse why = cxlf_wwid_parse(text, &one);

	if (!*cxlf_wwid_problem(why))
		abort();
	if (why == CXLF_WWID_OK) {
		cxlf_wwid_text(&one, again);
		if (cxlf_wwid_parse(again, &two) != CXLF_WWID_OK || !cxlf_wwid_equal(&one, &two))
			abort();
		if (one.byte[0] >> 4 != 6)
			abort();
	}
	free(text);
	return 0;
}
