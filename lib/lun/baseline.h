/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Baseline files: identity, capacity and paths of LUNs, as an earlier run recorded them (schema cxlflash.baseline/1).
 *
 * Any user may have written the file, so its length, its depth and every field are checked.
 */
#ifndef CXLF_LUN_BASELINE_H
#define CXLF_LUN_BASELINE_H

#include "error.h"
#include "wwid.h"

#include <stdint.h>

#define CXLF_BASELINE_BYTES_MAX (16 << 20)
#define CXLF_BASELINE_LUNS_MAX 65536
#define CXLF_BASELINE_PATHS_MAX 1024 /* of a LUN */

struct cxlf_baseline_path {
	char adapter[16]; /* PCI address */
	unsigned port;
	uint64_t lun;
};

struct cxlf_baseline_lun {
	struct cxlf_wwid wwid;
	uint64_t size_bytes;
	uint32_t block_bytes;
	struct cxlf_baseline_path *path; /* none in files of old releases */
	unsigned n_paths;
};

/* Sorted by WWID, each once. Owns its arrays: cxlf_baseline_free(). */
struct cxlf_baseline {
	struct cxlf_baseline_lun *lun;
	unsigned n;
};

/* BAD_CONFIG: the file is missing or not valid; PERMISSION. */
int cxlf_baseline_read(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err);
/* The same for text in memory; `file` is the name in errors. */
int cxlf_baseline_parse(const char *text, size_t len, const char *file, struct cxlf_baseline *baseline,
			struct cxlf_err *err);
/* Replaces `file` atomically; mode 0644. Sorts the LUNs. */
int cxlf_baseline_write(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err);
void cxlf_baseline_free(struct cxlf_baseline *baseline);
/* NULL if there is no such LUN. */
const struct cxlf_baseline_lun *cxlf_baseline_find(const struct cxlf_baseline *baseline, const struct cxlf_wwid *wwid);

#endif
