/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What LUNs were like: a file that an earlier run wrote, to compare with (schema cxlflash.baseline/1).
 *
 * The file may have been written by any user, so everything in it is checked: its length, its depth, every field.
 */
#ifndef CXLF_LUN_BASELINE_H
#define CXLF_LUN_BASELINE_H

#include "error.h"
#include "wwid.h"

#include <stdint.h>

#define CXLF_BASELINE_BYTES_MAX (16 << 20)
#define CXLF_BASELINE_LUNS_MAX 65536

struct cxlf_baseline_lun {
	struct cxlf_wwid wwid;
	uint64_t size_bytes;
	uint32_t block_bytes;
};

/* Owns its array: cxlf_baseline_free(). In the order of the WWIDs, each once. */
struct cxlf_baseline {
	struct cxlf_baseline_lun *lun;
	unsigned n;
};

/* BAD_CONFIG says where the file is wrong, or that there is none; PERMISSION. */
int cxlf_baseline_read(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err);
/* The same of text in memory; `file` is what errors call it. */
int cxlf_baseline_parse(const char *text, size_t len, const char *file, struct cxlf_baseline *baseline,
			struct cxlf_err *err);
/* Replaces `file` at once or not at all; mode 0644. Sorts the LUNs. */
int cxlf_baseline_write(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err);
void cxlf_baseline_free(struct cxlf_baseline *baseline);
/* NULL if it is not in it. */
const struct cxlf_baseline_lun *cxlf_baseline_find(const struct cxlf_baseline *baseline, const struct cxlf_wwid *wwid);

#endif
