/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the edit distance of words, in which a swap of two neighbours counts once.
 */
#include "suggest.h"

#include <stdio.h>
#include <string.h>

#define MAX_WORD 32

static unsigned distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	unsigned row[3][MAX_WORD + 1];
	unsigned *older = row[0], *old = row[1], *now = row[2];

	for (size_t j = 0; j <= n_b; j++)
		old[j] = (unsigned)j;
	for (size_t i = 1; i <= n_a; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= n_b; j++) {
			now[j] = old[j - 1] + (a[i - 1] != b[j - 1]);
			if (old[j] + 1 < now[j])
				now[j] = old[j] + 1;
			if (now[j - 1] + 1 < now[j])
				now[j] = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && older[j - 2] + 1 < now[j])
				now[j] = older[j - 2] + 1;
		}
		unsigned *spare = older;
		older = old;
		old = now;
		now = spare;
	}
	return old[n_b];
}

void cxlf_suggest_begin(struct cxlf_suggest *s, const char *word)
{
	size_t len = strlen(word + strspn(word, "-"));

	*s = (struct cxlf_suggest){.word = word};
	/* A third of the letters may be wrong, at least one; in words of one or two letters none. */
	s->distance = len < 3 ? 0 : len < 6 ? 2 : (unsigned)len / 3 + 1;
}

void cxlf_suggest_offer(struct cxlf_suggest *s, const char *candidate)
{
	size_t n_word = strlen(s->word), n_candidate = strlen(candidate);
	unsigned d;

	if (!n_word || n_word > MAX_WORD || n_candidate > MAX_WORD || !strcmp(s->word, candidate))
		return;
	/* The beginning of a longer word: "adap" means adapter. */
	d = n_word > 2 && !strncmp(s->word, candidate, n_word) ? 1 : distance(s->word, n_word, candidate, n_candidate);
	if (d < s->distance) {
		s->distance = d;
		snprintf(s->best, sizeof(s->best), "%s", candidate);
	}
}
