/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any bytes as a baseline. Accepted baselines are sorted and in range; refused ones have a reason.
 */
#include "lun/baseline.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct cxlf_baseline baseline;
	struct cxlf_err err;

	memcpy(text, data, size);
	text[size] = '\0';
	if (cxlf_baseline_parse(text, size, "FILE", &baseline, &err)) {
		if (err.code != CXLF_E_BAD_CONFIG || !*err.cause || baseline.lun)
			abort();
	}
	for (unsigned i = 0; i < baseline.n; i++)
		if (cxlf_baseline_find(&baseline, &baseline.lun[i].wwid) != &baseline.lun[i] ||
		    !baseline.lun[i].size_bytes || !baseline.lun[i].block_bytes)
			abort();
	cxlf_baseline_free(&baseline);
	free(text);
	return 0;
}
