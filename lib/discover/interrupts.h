/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/interrupts: the number of AFUs that are set up, and the contexts that have interrupts.
 *
 * The driver gives every working adapter one interrupt named SISL_MSI_ASYNC_ERROR; the cxl driver names those of
 * contexts after AFU and process element, "cxl-afu0.0-pe7-2" (contract 8.1, 9.5).
 */
#ifndef CXLF_DISCOVER_INTERRUPTS_H
#define CXLF_DISCOVER_INTERRUPTS_H

#include <stdbool.h>
#include <stddef.h>

struct cxlf_interrupt {
	unsigned card, afu, process_element;
};

/* Zero it, set want_contexts; cxlf_interrupts_free(). */
struct cxlf_interrupts {
	bool want_contexts;
	unsigned n_async;		/* SISL_MSI_ASYNC_ERROR interrupts */
	struct cxlf_interrupt *context; /* sorted by process element, each once */
	size_t n, room;
	bool failed; /* out of memory, or too many */
	char word[48];
	size_t len; /* of the word so far; a word that does not fit is not a name */
};

/* Pass the text in pieces, then end. */
void cxlf_interrupts_feed(struct cxlf_interrupts *interrupts, const char *text, size_t len);
void cxlf_interrupts_end(struct cxlf_interrupts *interrupts);
/* Both, for the file `name` below `dir`. 0 or -errno. */
int cxlf_interrupts_read(int dir, const char *name, struct cxlf_interrupts *interrupts);
void cxlf_interrupts_free(struct cxlf_interrupts *interrupts);
/* "cxl-afu0.1-pe7-2": card 0, AFU 1, process element 7. */
bool cxlf_interrupts_name(const char *name, struct cxlf_interrupt *interrupt);

#endif
