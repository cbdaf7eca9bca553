/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output fields of sense data and checked LUNs.
 */
#ifndef CXLF_FIELDS_VERIFY_H
#define CXLF_FIELDS_VERIFY_H

#include "lun/verify.h"
#include "output.h"

/* Rows of an array of struct cxlf_sense. */
extern const struct cxlf_field cxlf_sense_fields[];
#define CXLF_SENSE_SHOWN "format,deferred,key,key_text,asc,ascq,asc_text,information,progress_percent,driver_action"

struct cxlf_checked_lun {
	const struct cxlf_topology *topology;
	struct cxlf_verify verify;
};
/* Rows of an array of struct cxlf_checked_lun. */
extern const struct cxlf_field cxlf_check_fields[];
extern const struct cxlf_field cxlf_check_count_fields[]; /* some of them */
#define CXLF_CHECK_SHOWN "wwid,verdict,size_bytes,old_size_bytes,path_count,answering_count"

#endif
