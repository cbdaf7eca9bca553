/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes: as a person types them, and as the driver allocates virtual LUNs (chunks of 65,536 device blocks).
 *
 * The driver takes and gives sizes of virtual LUNs in 4 KiB blocks whatever the device's block is, but those of
 * whole LUNs in device blocks. Everything above the ioctl wrapper is in bytes; the conversions are here.
 */
#ifndef CXLF_SIZE_H
#define CXLF_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CXLF_CHUNK_BLOCKS 65536u	 /* device blocks in an allocation unit */
#define CXLF_VLUN_BLOCK 4096u		 /* bytes of the driver's unit of virtual sizes */
#define CXLF_VLUN_BYTES_MAX (1ull << 62) /* more is refused: the driver's arithmetic would wrap */
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
	CXLF_SIZE_NO_UNIT, /* a bare number other than 0: bytes or blocks? */
	CXLF_SIZE_BAD_UNIT,
	CXLF_SIZE_TOO_LARGE, /* over CXLF_VLUN_BYTES_MAX */
	CXLF_SIZE_NOT_WHOLE, /* a fraction that is no whole number of bytes, or of blocks */
};

/*
 * "4G", "4GiB" (2^30), "4GB" (10^9), "1.5T", "1048576b" (bytes), "65536lba" (device blocks), "0".
 * Units K M G T P, with iB for powers of 1024, B for powers of 1000, bare for powers of 1024; letters in
 * either case but for nothing else around: no blanks, no sign.
 */
enum cxlf_size_parse cxlf_size_parse(const char *text, struct cxlf_size *out);
const char *cxlf_size_problem(enum cxlf_size_parse why);
/* In bytes for a LUN of this block size; false if it does not fit CXLF_VLUN_BYTES_MAX. */
bool cxlf_size_bytes(struct cxlf_size size, uint32_t block_bytes, uint64_t *bytes);

enum cxlf_units { CXLF_UNITS_DEFAULT, CXLF_UNITS_IEC, CXLF_UNITS_SI, CXLF_UNITS_BYTES, CXLF_UNITS_4K };
/* "64GiB", "1.5TiB": exact numbers without a fraction, others with one digit behind the point. */
void cxlf_size_text(uint64_t bytes, enum cxlf_units units, char *text, size_t size);

/* Bytes of one allocation unit: 32 MiB at 512, 256 MiB at 4096 bytes a block. */
uint64_t cxlf_chunk_bytes(uint32_t block_bytes);
/* Chunks it takes to hold so many bytes, as the driver rounds; the bytes come from a request in whole 4 KiB. */
uint64_t cxlf_size_chunks(uint64_t bytes, uint32_t block_bytes);
/* Whole chunks of a LUN; a rest at its end is never used for virtual LUNs. */
uint64_t cxlf_lun_chunks(uint64_t size_bytes, uint32_t block_bytes);
/* Bytes to the driver's unit, rounded up; and back from a last LBA in that unit (CXLF_NO_LBA is 0 bytes). */
uint64_t cxlf_vlun_blocks(uint64_t bytes);
uint64_t cxlf_vlun_bytes(uint64_t last_lba);

#endif
