/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes: as typed, and as the driver allocates virtual LUNs (contract 4.1, 4.2).
 */
#include "size.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SCALE_MAX 1000000000000000000u /* 10^18: more decimals than any unit needs */

/* A number as digits: whole + fraction / scale. */
struct decimal {
	uint64_t whole, fraction, scale;
	bool too_large, too_fine;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *read_whole(const char *text, struct decimal *out)
{
	for (; is_digit(*text); text++) {
		if (out->whole > CXLF_VLUN_BYTES_MAX / 10)
			out->too_large = true;
		else
			out->whole = out->whole * 10 + (uint64_t)(*text - '0');
	}
	return text;
}

/* Trailing zeros are ignored, in any number. */
static const char *read_fraction(const char *text, struct decimal *out)
{
	const char *end = text, *last = text;

	for (; is_digit(*end); end++)
		if (*end != '0')
			last = end + 1;
	for (; text < last; text++) {
		if (out->scale >= SCALE_MAX) {
			out->too_fine = true;
			break;
		}
		out->fraction = out->fraction * 10 + (uint64_t)(*text - '0');
		out->scale *= 10;
	}
	return end;
}

/* NULL: not a number. */
static const char *read_decimal(const char *text, struct decimal *out)
{
	*out = (struct decimal){.scale = 1};
	if (!is_digit(*text))
		return NULL;
	text = read_whole(text, out);
	if (*text != '.')
		return text;
	return is_digit(text[1]) ? read_fraction(text + 1, out) : NULL;
}

/* 2^10 to 2^50 or 10^3 to 10^15; 0: unknown unit. */
static uint64_t unit_bytes(const char *unit)
{
	static const char letters[] = "kmgtp";
	const char *letter = *unit ? strchr(letters, *unit | 0x20) : NULL;
	uint64_t base = 1024, bytes = 1;

	if (!strcasecmp(unit, "b"))
		return 1;
	if (!letter)
		return 0;
	if (!strcasecmp(unit + 1, "b"))
		base = 1000;
	else if (unit[1] && strcasecmp(unit + 1, "ib"))
		return 0;
	for (ptrdiff_t i = 0; i <= letter - letters; i++)
		bytes *= base;
	return bytes;
}

static enum cxlf_size_parse multiply(const struct decimal *decimal, uint64_t unit, uint64_t *number)
{
	unsigned __int128 part = (unsigned __int128)decimal->fraction * unit;
	unsigned __int128 all = (unsigned __int128)decimal->whole * unit + part / decimal->scale;

	if (decimal->too_large || all > CXLF_VLUN_BYTES_MAX)
		return CXLF_SIZE_TOO_LARGE;
	if (decimal->too_fine || part % decimal->scale)
		return CXLF_SIZE_NOT_WHOLE;
	*number = (uint64_t)all;
	return CXLF_SIZE_OK;
}

enum cxlf_size_parse cxlf_size_parse(const char *text, struct cxlf_size *out)
{
	struct decimal decimal;
	const char *unit = read_decimal(text, &decimal);
	bool is_blocks = unit && !strcasecmp(unit, "lba");
	uint64_t bytes = unit ? unit_bytes(unit) : 0, number;

	if (!*text)
		return CXLF_SIZE_EMPTY;
	if (!unit)
		return CXLF_SIZE_NOT_A_NUMBER;
	if (!*unit && (decimal.whole || decimal.fraction || decimal.too_large || decimal.too_fine))
		return CXLF_SIZE_NO_UNIT;
	if (*unit && !is_blocks && !bytes)
		return CXLF_SIZE_BAD_UNIT;

	enum cxlf_size_parse why = multiply(&decimal, bytes ? bytes : 1, &number);

	if (why == CXLF_SIZE_OK)
		*out = (struct cxlf_size){.number = number, .is_blocks = is_blocks};
	return why;
}

const char *cxlf_size_problem(enum cxlf_size_parse why)
{
	static const char *const problem[] = {
		[CXLF_SIZE_OK] = "it is a valid size",
		[CXLF_SIZE_EMPTY] = "it is empty",
		[CXLF_SIZE_NOT_A_NUMBER] = "it does not begin with a number",
		[CXLF_SIZE_NO_UNIT] = "it has no unit: G is GiB, b is bytes, lba is blocks of the LUN",
		[CXLF_SIZE_BAD_UNIT] = ("its unit is not one of K, M, G, T, P (powers of 1024, also KiB...), "
					"KB... (powers of 1000), b and lba"),
		[CXLF_SIZE_TOO_LARGE] = "it is more than 4 EiB",
		[CXLF_SIZE_NOT_WHOLE] = "it is not a whole number of bytes, or of blocks",
	};

	return problem[why];
}

bool cxlf_size_bytes(struct cxlf_size size, uint32_t block_bytes, uint64_t *bytes)
{
	uint64_t unit = size.is_blocks ? block_bytes : 1;

	if (!unit || size.number > CXLF_VLUN_BYTES_MAX / unit)
		return false;
	*bytes = size.number * unit;
	return true;
}

uint64_t cxlf_chunk_bytes(uint32_t block_bytes)
{
	return (uint64_t)CXLF_CHUNK_BLOCKS * block_bytes;
}

uint64_t cxlf_size_chunks(uint64_t bytes, uint32_t block_bytes)
{
	/* the driver divides twice and rounds up only the second time */
	unsigned __int128 asked = (unsigned __int128)cxlf_vlun_blocks(bytes) * CXLF_VLUN_BLOCK;

	if (!block_bytes)
		return 0;
	return (uint64_t)((asked / block_bytes + CXLF_CHUNK_BLOCKS - 1) / CXLF_CHUNK_BLOCKS);
}

uint64_t cxlf_lun_chunks(uint64_t size_bytes, uint32_t block_bytes)
{
	return block_bytes ? size_bytes / cxlf_chunk_bytes(block_bytes) : 0;
}

uint64_t cxlf_vlun_blocks(uint64_t bytes)
{
	return bytes / CXLF_VLUN_BLOCK + (bytes % CXLF_VLUN_BLOCK != 0);
}

uint64_t cxlf_vlun_bytes(uint64_t last_lba)
{
	if (last_lba == CXLF_NO_LBA)
		return 0;
	return last_lba < UINT64_MAX / CXLF_VLUN_BLOCK ? (last_lba + 1) * CXLF_VLUN_BLOCK : UINT64_MAX;
}

const char *cxlf_size_text(uint64_t bytes, enum cxlf_units units, char *text, size_t size)
{
	static const char *const iec[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	static const char *const si[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	uint64_t base = units == CXLF_UNITS_SI ? 1000 : 1024, unit = 1;
	unsigned step = 0;

	if (units == CXLF_UNITS_BYTES || units == CXLF_UNITS_4K) {
		snprintf(text, size, "%" PRIu64, units == CXLF_UNITS_4K ? bytes / 4096 : bytes);
		return text;
	}
	while (bytes / unit >= base) {
		unit *= base;
		step++;
	}
	const char *suffix = units == CXLF_UNITS_SI ? si[step] : iec[step];
	if (bytes % unit == 0)
		snprintf(text, size, "%" PRIu64 "%s", bytes / unit, suffix);
	else
		snprintf(text, size, "%.1f%s", (double)bytes / (double)unit, suffix);
	return text;
}
