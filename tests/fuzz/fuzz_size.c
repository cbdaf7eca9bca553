/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any text as a size. Accepted sizes are in range, in bytes and in chunks.
 */
#include "size.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct cxlf_size typed, uint32_t block_bytes)
{
	uint64_t bytes, chunks;

	if (!cxlf_size_bytes(typed, block_bytes, &bytes))
		return;
	chunks = cxlf_size_chunks(bytes, block_bytes);
	if (bytes > CXLF_VLUN_BYTES_MAX || chunks * cxlf_chunk_bytes(block_bytes) < bytes)
		abort();
	if (chunks && (chunks - 1) * cxlf_chunk_bytes(block_bytes) >= bytes)
		abort();
	if (bytes && cxlf_vlun_bytes(cxlf_vlun_blocks(bytes) - 1) < bytes)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct cxlf_size typed;

	memcpy(text, data, size);
	text[size] = '\0';

	enum cxlf_size_parse why = cxlf_size_parse(text, &typed);

	if (!*cxlf_size_problem(why))
		abort();
	if (why == CXLF_SIZE_OK) {
		if (typed.number > CXLF_VLUN_BYTES_MAX)
			abort();
		check(typed, 512);
		check(typed, 4096);
	}
	free(text);
	return 0;
}
