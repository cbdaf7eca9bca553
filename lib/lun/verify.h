/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a LUN has changed: what the kernel, the driver and a baseline have recorded is compared with what the device
 * reports through every path.
 *
 * A check does not switch the mode and does not write. It clears the LUN's pending unit attentions and reports them.
 */
#ifndef CXLF_LUN_VERIFY_H
#define CXLF_LUN_VERIFY_H

#include "baseline.h"
#include "context/context.h"
#include "scsi/check.h"

/* If several apply, the last one. */
enum cxlf_lun_verdict {
	CXLF_LUN_UNCHANGED,
	CXLF_LUN_UNKNOWN,	  /* the driver, or a path, could not be asked */
	CXLF_LUN_NO_ANSWER,	  /* a path could not be checked */
	CXLF_LUN_PATHS,		  /* paths of the baseline are missing */
	CXLF_LUN_LUNS,		  /* the storage reports that its LUNs have changed */
	CXLF_LUN_NOT_IN_BASELINE, /* there is no record of it in the baseline */
	CXLF_LUN_CAPACITY,	  /* capacity or block size */
	CXLF_LUN_IDENTITY,	  /* a path leads to a different LUN */
	CXLF_LUN_MISSING,	  /* it is in the baseline, or in a held context, and has no path */
};
const char *cxlf_lun_verdict_name(enum cxlf_lun_verdict verdict); /* "unchanged", "capacity-changed", ... */

/* What the device reports through one path. */
struct cxlf_path_check {
	unsigned path; /* index into topology->path */
	enum cxlf_lun_verdict verdict;
	bool has_wwid;
	struct cxlf_wwid wwid;
	struct cxlf_scsi_check scsi;
	struct cxlf_err err; /* code is CXLF_OK if all commands succeeded */
};

struct cxlf_verify_options {
	unsigned timeout_ms;		/* of each SCSI command */
	const struct cxlf_sense *sense; /* for the driver, or NULL */
	bool ask_driver;		/* of LUNs in superpipe mode; opens an adapter context */
	const struct cxlf_verdict
		*held;	       /* the answer of a holder, in place of the driver's and the kernel's, or NULL */
	const char *held_name; /* the handle that was verified: "ctx0/3" */
	const struct cxlf_baseline *baseline; /* or NULL */
	const char *baseline_file;
};

struct cxlf_verify {
	struct cxlf_wwid wwid;
	unsigned lun; /* index into topology->lun, UINT_MAX when it is missing */
	enum cxlf_lun_verdict verdict;
	uint64_t size_bytes; /* of the device; 0 if no path answered */
	uint32_t block_bytes;
	uint64_t old_bytes; /* as recorded by `memory`, or else size_bytes */
	uint32_t old_block_bytes;
	const char *memory;    /* whose record differs: "the kernel", "the driver", "the baseline", ...; NULL: none */
	bool has_driver;       /* the driver's record is known */
	uint64_t driver_bytes; /* as recorded by the driver */
	uint32_t driver_block_bytes;
	bool has_driver_verdict; /* it was given sense data */
	struct cxlf_verdict driver;
	struct cxlf_path_check *path; /* in the order of the LUN's paths; cxlf_verify_free() */
	unsigned n_paths;
	struct cxlf_err err; /* LUN_CHANGED, NOT_VERIFIED, or the error of a path; CXLF_OK if unchanged */
	char warning[400];   /* what was not queried, unless that is the error, or "" */
};

/*
 * Check one LUN. Needs a scan with CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_AFU_STATE. Fails only with NO_MEMORY; an
 * error of the device is a verdict.
 */
int cxlf_verify_lun(const struct cxlf_topology *topology, unsigned lun, const struct cxlf_verify_options *options,
		    struct cxlf_verify *verify, struct cxlf_err *err);
/* The verdict on a LUN that is in `memory` ("the baseline"), and on no path. */
void cxlf_verify_missing(const struct cxlf_baseline_lun *lun, const char *memory, struct cxlf_verify *verify);
/*
 * Before space is allocated: LUN_CHANGED if the device is smaller than the driver's record, which is `recorded` or,
 * if that differs, read again. An error of the device if no running path answers.
 */
int cxlf_verify_not_smaller(const struct cxlf_topology *topology, unsigned lun, uint64_t recorded, unsigned timeout_ms,
			    struct cxlf_err *err);
void cxlf_verify_free(struct cxlf_verify *verify);

#endif
