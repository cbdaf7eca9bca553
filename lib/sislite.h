/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status and error words of an AFU (SISLite), as the kernel's log and a command's status block contain them.
 *
 * Sources: the driver's sislite.h for the values, its main.c for what it does at an asynchronous interrupt, and the
 * cxl driver for PSL_SERR.
 */
#ifndef CXLF_SISLITE_H
#define CXLF_SISLITE_H

#include <stddef.h>
#include <stdint.h>

struct cxlf_sis_code {
	uint64_t value; /* the code; in a mask the bit */
	const char *name;
	const char *meaning;
	const char *consequence; /* what the driver or the caller does, or NULL */
};

struct cxlf_sis_word {
	const char *name;    /* "afu-rc" */
	const char *summary; /* "return code of the AFU" */
	unsigned bits;	     /* width: 8, 32 or 64 */
	int mask;	     /* each bit has a meaning of its own */
	uint64_t ignored;    /* bits that report nothing */
	const struct cxlf_sis_code *code;
	size_t n;
};

/* NULL behind the last word. */
const struct cxlf_sis_word *cxlf_sis_word(size_t i);
const struct cxlf_sis_word *cxlf_sis_word_by_name(const char *name); /* NULL: there is none */

struct cxlf_sis_finding {
	const struct cxlf_sis_word *word;
	uint64_t value;			  /* the code, or one bit */
	int port;			  /* of a bit of aintr-status, else -1 */
	const struct cxlf_sis_code *code; /* NULL: it is not documented */
};
#define CXLF_SIS_FINDINGS 64u

/*
 * One finding for a code, one for each bit of a mask, the highest first. `ioasc` is divided into its four bytes, of
 * which those that are 0 are left out: as the driver prints it on a little-endian machine, the flags are the lowest
 * byte. 0 findings: the value is 0 in a mask or in ioasc, which means that there was no error.
 */
size_t cxlf_sis_decode(const struct cxlf_sis_word *word, uint64_t value,
		       struct cxlf_sis_finding out[CXLF_SIS_FINDINGS]);

#endif
