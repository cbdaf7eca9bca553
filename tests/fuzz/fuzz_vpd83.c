/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any bytes as VPD page 0x83; an identity that is found must be NAA 6 and within the page.
 */
#include "wwid.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *page =
		malloc(size ? size : 1); /* a separate allocation, so that the sanitizer detects reads beyond the end */
	struct cxlf_wwid wwid;

	memcpy(page, data, size);
	if (!cxlf_wwid_from_vpd83(page, size, &wwid)) {
		if (wwid.byte[0] >> 4 != 6 || !memmem(page, size, wwid.byte, sizeof(wwid.byte)))
			abort();
	}
	free(page);
	return 0;
}
