/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of /proc/interrupts has a column for each CPU and may be long, so only the current word is kept. Handlers that
 * share an interrupt are separated by commas.
 */
#include "interrupts.h"
#include "array.h"
#include "sysfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INTERRUPTS_BYTES_MAX (64u << 20)
#define CONTEXTS_MAX (1u << 18)

/* A number of at most six digits, followed by `behind`. */
static bool number(const char **at, unsigned *value, const char *behind)
{
	size_t digits = strspn(*at, "0123456789");

	if (!digits || digits > 6 || strncmp(*at + digits, behind, strlen(behind)))
		return false;
	*value = (unsigned)strtoul(*at, NULL, 10);
	*at += digits + strlen(behind);
	return true;
}

bool cxlf_interrupts_name(const char *name, struct cxlf_interrupt *interrupt)
{
	static const char begin[] = "cxl-afu";
	unsigned index;

	if (strncmp(name, begin, sizeof(begin) - 1))
		return false;
	name += sizeof(begin) - 1;
	return number(&name, &interrupt->card, ".") && number(&name, &interrupt->afu, "-pe") &&
	       number(&name, &interrupt->process_element, "-") && number(&name, &index, "") && !*name;
}

static void add(struct cxlf_interrupts *interrupts, const struct cxlf_interrupt *interrupt)
{
	if (interrupts->n < CONTEXTS_MAX && CXLF_ARRAY_ROOM(interrupts->context, &interrupts->room, interrupts->n))
		interrupts->context[interrupts->n++] = *interrupt;
	else
		interrupts->failed = true;
}

static void end_word(struct cxlf_interrupts *interrupts)
{
	struct cxlf_interrupt interrupt;

	if (interrupts->len && interrupts->len < sizeof(interrupts->word)) {
		interrupts->word[interrupts->len] = '\0';
		interrupts->n_async += !strcmp(interrupts->word, "SISL_MSI_ASYNC_ERROR");
		if (interrupts->want_contexts && cxlf_interrupts_name(interrupts->word, &interrupt))
			add(interrupts, &interrupt);
	}
	interrupts->len = 0;
}

void cxlf_interrupts_feed(struct cxlf_interrupts *interrupts, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == ' ' || c == '\t' || c == ',' || c == '\n' || !c)
			end_word(interrupts);
		else if (interrupts->len < sizeof(interrupts->word))
			interrupts->word[interrupts->len++] = c;
	}
}

static int compare(const void *a, const void *b)
{
	const struct cxlf_interrupt *one = a, *two = b;

	if (one->process_element != two->process_element)
		return one->process_element < two->process_element ? -1 : 1;
	if (one->card != two->card)
		return one->card < two->card ? -1 : 1;
	return one->afu < two->afu ? -1 : one->afu > two->afu;
}

void cxlf_interrupts_end(struct cxlf_interrupts *interrupts)
{
	size_t n = 0;

	end_word(interrupts);
	if (!interrupts->n)
		return;
	qsort(interrupts->context, interrupts->n, sizeof(*interrupts->context), compare);
	for (size_t i = 0; i < interrupts->n; i++)
		if (!n || compare(interrupts->context + n - 1, interrupts->context + i))
			interrupts->context[n++] = interrupts->context[i];
	interrupts->n = n;
}

static void feed(void *arg, const char *text, size_t len)
{
	cxlf_interrupts_feed(arg, text, len);
}

int cxlf_interrupts_read(int dir, const char *name, struct cxlf_interrupts *interrupts)
{
	int rc = cxlf_sysfs_feed(dir, name, INTERRUPTS_BYTES_MAX, feed, interrupts);

	if (rc)
		return rc;
	cxlf_interrupts_end(interrupts);
	return interrupts->failed ? -ENOMEM : 0;
}

void cxlf_interrupts_free(struct cxlf_interrupts *interrupts)
{
	free(interrupts->context);
	*interrupts = (struct cxlf_interrupts){0};
}
