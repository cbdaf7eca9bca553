/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": offer all valid words. `best` is the nearest one, if it is near enough and not the word itself.
 */
#ifndef CXLF_SUGGEST_H
#define CXLF_SUGGEST_H

struct cxlf_suggest {
	const char *word;
	char best[40]; /* "": none is near */
	unsigned distance;
};

void cxlf_suggest_begin(struct cxlf_suggest *s, const char *word);
void cxlf_suggest_offer(struct cxlf_suggest *s, const char *candidate);

#endif
