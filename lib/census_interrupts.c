// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts of contexts: the cxl driver names them after AFU and process element, "cxl-afu0.0-pe7-2".
 *
 * A line of /proc/interrupts has a column for each CPU, so lines may be long; only words of it are kept. Handlers
 * that share an interrupt stand behind each other with commas between.
 */
#include "census.h"

#include <stdlib.h>
#include <string.h>

#define MAX_IRQS (1u << 18)

/* A number of at most six digits, and what must follow it. */
static bool number(const char **at, unsigned *value, const char *behind)
{
	size_t digits = strspn(*at, "0123456789");

	if (!digits || digits > 6 || strncmp(*at + digits, behind, strlen(behind)))
		return false;
	*value = (unsigned)strtoul(*at, NULL, 10);
	*at += digits + strlen(behind);
	return true;
}

bool cxlf_context_irq_name(const char *name, struct cxlf_context_irq *irq)
{
	static const char begin[] = "cxl-afu";
	unsigned index;

	if (strncmp(name, begin, sizeof(begin) - 1))
		return false;
	name += sizeof(begin) - 1;
	return number(&name, &irq->card, ".") && number(&name, &irq->afu, "-pe") &&
	       number(&name, &irq->process_element, "-") && number(&name, &index, "") && !*name;
}

static void add(struct cxlf_context_irqs *irqs, const struct cxlf_context_irq *irq)
{
	if (irqs->n == irqs->room) {
		unsigned room = irqs->room ? 2 * irqs->room : 64;
		void *more = room > MAX_IRQS ? NULL : realloc(irqs->irq, room * sizeof(*irqs->irq));

		if (!more) {
			irqs->failed = true;
			return;
		}
		irqs->irq = more;
		irqs->room = room;
	}
	irqs->irq[irqs->n++] = *irq;
}

static void end_word(struct cxlf_context_irqs *irqs)
{
	struct cxlf_context_irq irq;

	if (irqs->len && irqs->len < sizeof(irqs->word)) {
		irqs->word[irqs->len] = '\0';
		if (cxlf_context_irq_name(irqs->word, &irq))
			add(irqs, &irq);
	}
	irqs->len = 0;
}

void cxlf_context_irqs_feed(struct cxlf_context_irqs *irqs, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == ' ' || c == '\t' || c == ',' || c == '\n' || !c) {
			end_word(irqs);
			continue;
		}
		if (irqs->len < sizeof(irqs->word))
			irqs->word[irqs->len++] = c;
	}
}

static int compare(const void *a, const void *b)
{
	const struct cxlf_context_irq *one = a, *two = b;

	if (one->process_element != two->process_element)
		return one->process_element < two->process_element ? -1 : 1;
	if (one->card != two->card)
		return one->card < two->card ? -1 : 1;
	return one->afu < two->afu ? -1 : one->afu > two->afu;
}

void cxlf_context_irqs_end(struct cxlf_context_irqs *irqs)
{
	unsigned n = 0;

	end_word(irqs);
	if (!irqs->n)
		return;
	qsort(irqs->irq, irqs->n, sizeof(*irqs->irq), compare);
	for (unsigned i = 0; i < irqs->n; i++)
		if (!n || compare(irqs->irq + n - 1, irqs->irq + i))
			irqs->irq[n++] = irqs->irq[i];
	irqs->n = n;
}
