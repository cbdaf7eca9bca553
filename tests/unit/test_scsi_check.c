/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capacities reported by devices: valid and invalid ones.
 */
#include "scsi/check.h"
#include "unit.h"

#define LAST(a, b, c, d, e, f, g, h) a, b, c, d, e, f, g, h
#define ONES LAST(255, 255, 255, 255, 255, 255, 255, 255)
#define NONE LAST(0, 0, 0, 0, 0, 0, 0, 0)

static void capacities(void)
{
	static const struct {
		uint8_t data[32];
		uint64_t bytes; /* 0: refused */
		const char *says;
	} list[] = {
		{{LAST(0, 0, 0, 0, 0, 0xff, 0xff, 0xff), 0, 0, 0x10, 0}, 64ull << 30, "64 GiB in 4096-byte blocks"},
		{{LAST(0, 0, 0, 0, 0, 0, 0, 1), 0, 0, 2, 0}, 1024, "two blocks of 512"},
		{{NONE, 0, 0, 2, 0}, 512, "one block"},
		{{LAST(0, 0, 1, 0, 0, 0, 0, 0), 0, 0, 2, 0}, ((1ull << 40) + 1) * 512, "more than 32 bits of blocks"},
		{{NONE, 0, 0, 0, 0}, 0, "only zeros"},
		{{ONES, 0, 0, 2, 0}, 0, "all ones"},
		{{ONES, 255, 255, 255, 255}, 0, "ones everywhere"},
		{{LAST(255, 255, 255, 255, 255, 255, 255, 254), 0, 0, 0x10, 0}, 0, "a size that overflows"},
		{{LAST(0, 0x40, 0, 0, 0, 0, 0, 0), 0, 0, 2, 0}, 0, "2^63 bytes"},
		{{LAST(0, 0, 0, 0, 0, 0, 0, 9), 0, 0, 0, 1}, 0, "blocks of one byte"},
		{{LAST(0, 0, 0, 0, 0, 0, 0, 9), 0, 0, 2, 8}, 0, "blocks of 520 bytes"},
		{{LAST(0, 0, 0, 0, 0, 0, 0, 9), 0, 2, 0, 0}, 0, "blocks of 128 KiB"},
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		uint64_t bytes = 0;
		uint32_t block = 0;

		ok(cxlf_capacity_decode(list[i].data, 32, &bytes, &block) == (list[i].bytes > 0), list[i].says);
		ok(bytes == list[i].bytes, "the size in bytes");
		for (size_t len = 0; len < 12; len++)
			if (cxlf_capacity_decode(list[i].data, len, &bytes, &block))
				ok(false, "a truncated answer is refused");
	}
}

int main(void)
{
	capacities();
	return done();
}
