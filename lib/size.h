/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes: as typed, and as the driver allocates virtual LUNs (in chunks of 65,536 device blocks).
 *
 * The driver counts the sizes of virtual LUNs in 4 KiB blocks whatever the device's block size is, and those of whole
 * LUNs in device blocks. Everything above the ioctl wrapper counts bytes.
 */
#ifndef CXLF_SIZE_H
#define CXLF_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CXLF_CHUNK_BLOCKS 65536u	 /* device blocks in an allocation unit */
#define CXLF_VLUN_BLOCK 4096u		 /* bytes of the driver's unit of virtual sizes */
#define CXLF_VLUN_BYTES_MAX (1ull << 62) /* the driver's arithmetic overflows above it */
#define CXLF_NO_LBA UINT64_MAX		 /* last LBA of a virtual LUN of size 0 */

/* A size as typed: bytes, or blocks of a LUN that is not known yet. */
struct cxlf_size {
	uint64_t number;
	bool is_blocks; /* number counts device blocks ("65536lba") */
};

enum cxlf_size_parse {
	CXLF_SIZE_OK,
	CXLF_SIZE_EMPTY,
	CXLF_SIZE_NOT_A_NUMBER,
	CXLF_SIZE_NO_UNIT, /* a number other than 0 without a unit */
	CXLF_SIZE_BAD_UNIT,
	CXLF_SIZE_TOO_LARGE, /* over CXLF_VLUN_BYTES_MAX */
	CXLF_SIZE_NOT_WHOLE, /* not a whole number of bytes, or of blocks */
};

/*
 * "4G", "4GiB" (2^30), "4GB" (10^9), "1.5T", "1048576b" (bytes), "65536lba" (device blocks), "0".
 * Units K M G T P: alone or with iB powers of 1024, with B powers of 1000, in either case. No blanks, no sign.
 */
enum cxlf_size_parse cxlf_size_parse(const char *text, struct cxlf_size *out);
const char *cxlf_size_problem(enum cxlf_size_parse why);
/* In bytes for a LUN of this block size; false if that is more than CXLF_VLUN_BYTES_MAX. */
bool cxlf_size_bytes(struct cxlf_size size, uint32_t block_bytes, uint64_t *bytes);

enum cxlf_units { CXLF_UNITS_DEFAULT, CXLF_UNITS_IEC, CXLF_UNITS_SI, CXLF_UNITS_BYTES, CXLF_UNITS_4K };
/* "64GiB", "1.5TiB": whole numbers without a fraction, others with one decimal. */
const char *cxlf_size_text(uint64_t bytes, enum cxlf_units units, char *text, size_t size);
/* The same with binary units, in a buffer that lives as long as the block. */
#define CXLF_SIZE_STRING(bytes) cxlf_size_text(bytes, CXLF_UNITS_IEC, (char[32]){""}, 32)

/* Bytes of one allocation unit: 32 MiB at 512, 256 MiB at 4096 bytes a block. */
uint64_t cxlf_chunk_bytes(uint32_t block_bytes);
/* Chunks for so many bytes, rounded as the driver does, which receives the request in 4 KiB blocks. */
uint64_t cxlf_size_chunks(uint64_t bytes, uint32_t block_bytes);
/* Whole chunks of a LUN; the remainder is never used for virtual LUNs. */
uint64_t cxlf_lun_chunks(uint64_t size_bytes, uint32_t block_bytes);
/* Bytes to 4 KiB blocks, rounded up, and from a last LBA in such blocks (CXLF_NO_LBA: 0 bytes). */
uint64_t cxlf_vlun_blocks(uint64_t bytes);
uint64_t cxlf_vlun_bytes(uint64_t last_lba);

#endif
