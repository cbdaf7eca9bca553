/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes: valid and invalid text, and the arithmetic of the driver's chunks (contract 4.2).
 */
#include "size.h"
#include "unit.h"

#define KIB 1024ull
#define MIB (KIB * KIB)
#define GIB (KIB * MIB)
#define TIB (KIB * GIB)

static void spellings(void)
{
	static const struct {
		const char *text;
		uint64_t number;
		bool is_blocks;
	} good[] = {
		{"0", 0, false},
		{"0.0", 0, false},
		{"0G", 0, false},
		{"4G", 4 * GIB, false},
		{"4g", 4 * GIB, false},
		{"4GiB", 4 * GIB, false},
		{"4gib", 4 * GIB, false},
		{"4GB", 4000000000, false},
		{"4kb", 4000, false},
		{"4K", 4096, false},
		{"1M", MIB, false},
		{"1MB", 1000000, false},
		{"1TB", 1000000000000, false},
		{"1PB", 1000000000000000, false},
		{"1P", KIB * TIB, false},
		{"1.5T", TIB + TIB / 2, false},
		{"1.50000000000000000000000000000T", TIB + TIB / 2, false},
		{"0.001kB", 1, false},
		{"1048576b", MIB, false},
		{"1B", 1, false},
		{"65536lba", 65536, true},
		{"65536LBA", 65536, true},
		{"8.0lba", 8, true},
		{"4096P", CXLF_VLUN_BYTES_MAX, false},
		{"4611686018427387904b", CXLF_VLUN_BYTES_MAX, false},
		{"0000000000000000000000000000000001G", GIB, false},
	};
	struct cxlf_size size;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		size = (struct cxlf_size){.number = 77};
		is(cxlf_size_parse(good[i].text, &size), CXLF_SIZE_OK, good[i].text);
		is(size.number, good[i].number, "its number");
		ok(size.is_blocks == good[i].is_blocks, "its unit");
	}
}

static void refusals(void)
{
	static const struct {
		const char *text;
		enum cxlf_size_parse why;
	} bad[] = {
		{"", CXLF_SIZE_EMPTY},
		{"G", CXLF_SIZE_NOT_A_NUMBER},
		{"-1G", CXLF_SIZE_NOT_A_NUMBER},
		{"+1G", CXLF_SIZE_NOT_A_NUMBER},
		{" 1G", CXLF_SIZE_NOT_A_NUMBER},
		{".5G", CXLF_SIZE_NOT_A_NUMBER},
		{"1.", CXLF_SIZE_NOT_A_NUMBER},
		{"1.G", CXLF_SIZE_NOT_A_NUMBER},
		{"inf", CXLF_SIZE_NOT_A_NUMBER},
		{"1", CXLF_SIZE_NO_UNIT},
		{"1048576", CXLF_SIZE_NO_UNIT},
		{"0.5", CXLF_SIZE_NO_UNIT},
		{"1 G", CXLF_SIZE_BAD_UNIT},
		{"1G ", CXLF_SIZE_BAD_UNIT},
		{"1Gi", CXLF_SIZE_BAD_UNIT},
		{"1E", CXLF_SIZE_BAD_UNIT},
		{"1e3", CXLF_SIZE_BAD_UNIT},
		{"0x10b", CXLF_SIZE_BAD_UNIT},
		{"1iB", CXLF_SIZE_BAD_UNIT},
		{"1bB", CXLF_SIZE_BAD_UNIT},
		{"1lbas", CXLF_SIZE_BAD_UNIT},
		{"1.2.3G", CXLF_SIZE_BAD_UNIT},
		{"1,5G", CXLF_SIZE_BAD_UNIT},
		{"4611686018427387905b", CXLF_SIZE_TOO_LARGE},
		{"4096.1P", CXLF_SIZE_TOO_LARGE},
		{"18446744073709551616b", CXLF_SIZE_TOO_LARGE},
		{"99999999999999999999999999999999999999P", CXLF_SIZE_TOO_LARGE},
		{"4611686018427387905lba", CXLF_SIZE_TOO_LARGE},
		{"1.5b", CXLF_SIZE_NOT_WHOLE},
		{"1.5lba", CXLF_SIZE_NOT_WHOLE},
		{"0.0001kB", CXLF_SIZE_NOT_WHOLE},
		{"1.1G", CXLF_SIZE_NOT_WHOLE},
		{"0.0000000000000000001P", CXLF_SIZE_NOT_WHOLE},
	};
	struct cxlf_size size = {.number = 77};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		is(cxlf_size_parse(bad[i].text, &size), bad[i].why, bad[i].text);
		ok(*cxlf_size_problem(bad[i].why), "the problem has a text");
	}
	is(size.number, 77, "a refused size does not change the result");
}

static void blocks(void)
{
	uint64_t bytes = 77;

	ok(cxlf_size_bytes((struct cxlf_size){5, false}, 0, &bytes) && bytes == 5, "bytes are bytes");
	ok(cxlf_size_bytes((struct cxlf_size){8, true}, 512, &bytes) && bytes == 4096, "eight blocks of 512");
	ok(cxlf_size_bytes((struct cxlf_size){0, true}, 512, &bytes) && !bytes, "zero blocks");
	bytes = 77;
	ok(!cxlf_size_bytes((struct cxlf_size){8, true}, 0, &bytes), "blocks of an unknown size");
	ok(cxlf_size_bytes((struct cxlf_size){1ull << 50, true}, 4096, &bytes) && bytes == CXLF_VLUN_BYTES_MAX,
	   "the maximum number of blocks");
	ok(!cxlf_size_bytes((struct cxlf_size){(1ull << 50) + 1, true}, 4096, &bytes), "one block more is refused");
	ok(!cxlf_size_bytes((struct cxlf_size){CXLF_VLUN_BYTES_MAX, true}, 4096, &bytes),
	   "many blocks more are refused");
}

/* The table of contract 4.2. */
static void chunks(void)
{
	is(cxlf_chunk_bytes(512), 32 * MIB, "a chunk of a 512-byte LUN");
	is(cxlf_chunk_bytes(4096), 256 * MIB, "a chunk of a 4096-byte LUN");
	is(cxlf_size_chunks(0, 512), 0, "size 0 takes no chunk");
	is(cxlf_size_chunks(1, 512), 1, "one byte takes one chunk");
	is(cxlf_size_chunks(8192 * 4096, 512), 1, "8192 blocks of 4 KiB take one chunk at 512");
	is(cxlf_size_chunks(8192 * 4096 + 1, 512), 2, "one byte more takes two chunks");
	is(cxlf_size_chunks(8193 * 4096, 4096), 1, "8193 blocks take one chunk at 4096");
	is(cxlf_size_chunks(65536ull * 4096, 512), 8, "65536 blocks take eight chunks at 512");
	is(cxlf_size_chunks(65536ull * 4096, 4096), 1, "65536 blocks take one chunk at 4096");
	is(cxlf_size_chunks(65537ull * 4096, 512), 9, "65537 blocks take nine chunks at 512");
	is(cxlf_size_chunks(65537ull * 4096, 4096), 2, "65537 blocks take two chunks at 4096");
	is(cxlf_size_chunks(1, 0), 0, "the number of chunks is 0 for an unknown block size");
	is(cxlf_size_chunks(UINT64_MAX, 512), (1ull << 39), "the largest size does not overflow");
	is(cxlf_lun_chunks(64 * GIB, 4096), 256, "64 GiB at 4096");
	is(cxlf_lun_chunks(64 * GIB + 255 * MIB, 4096), 256, "a remainder at the end is not used");
	is(cxlf_lun_chunks(31 * MIB, 512), 0, "a LUN smaller than a chunk has no chunks");
	is(cxlf_lun_chunks(UINT64_MAX, 0), 0, "a LUN of unknown block size has no chunks");
}

static void driver_units(void)
{
	is(cxlf_vlun_blocks(0), 0, "0 bytes");
	is(cxlf_vlun_blocks(1), 1, "1 byte takes a block");
	is(cxlf_vlun_blocks(4096), 1, "4096 bytes take a block");
	is(cxlf_vlun_blocks(4097), 2, "4097 bytes take two blocks");
	is(cxlf_vlun_blocks(UINT64_MAX), 1ull << 52, "the largest number");
	is(cxlf_vlun_bytes(CXLF_NO_LBA), 0, "no last LBA is size 0");
	is(cxlf_vlun_bytes(0), 4096, "last LBA 0 is one block");
	is(cxlf_vlun_bytes(8191), 32 * MIB, "a chunk at 512");
	is(cxlf_vlun_bytes(65535), 256 * MIB, "a chunk at 4096");
	ok(cxlf_vlun_bytes(UINT64_MAX - 1) == UINT64_MAX, "the largest last LBA does not overflow");
	ok(cxlf_vlun_bytes(UINT64_MAX / 4096) == UINT64_MAX, "the first last LBA that is too large does not overflow");
	ok(cxlf_vlun_bytes(UINT64_MAX / 4096 - 1) == UINT64_MAX - 4095, "the largest last LBA that fits");
}

int main(void)
{
	spellings();
	refusals();
	blocks();
	chunks();
	driver_units();
	return done();
}
