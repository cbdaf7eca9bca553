/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parsing of /proc/interrupts, with the text split at every position.
 */
#include "discover/interrupts.h"
#include "unit.h"

#include <string.h>

static void names(void)
{
	struct cxlf_interrupt interrupt;

	ok(cxlf_interrupts_name("cxl-afu0.1-pe17-4", &interrupt), "an interrupt of a context");
	is(interrupt.card, 0, "its card");
	is(interrupt.afu, 1, "its AFU");
	is(interrupt.process_element, 17, "its element");
	ok(!cxlf_interrupts_name("cxl-afu0.1-pe17", &interrupt), "no index");
	ok(!cxlf_interrupts_name("cxl-afu0.1-pe-1", &interrupt), "no element");
	ok(!cxlf_interrupts_name("cxl-afu0-pe1-1", &interrupt), "no AFU");
	ok(!cxlf_interrupts_name("cxl-afu0.1-pe1-1x", &interrupt), "a name with more characters is refused");
	ok(!cxlf_interrupts_name("cxl-afu0.1-pe1234567-1", &interrupt), "a number with too many digits is refused");
	ok(!cxlf_interrupts_name("cxl-afu0.1-pe+1-1", &interrupt), "a sign");
	ok(!cxlf_interrupts_name("cxl-card0-err", &interrupt), "an interrupt of the card is refused");
	ok(!cxlf_interrupts_name("", &interrupt), "nothing");
}

static void contexts(void)
{
	static const char text[] = "           CPU0       CPU1\n"
				   " 16:   4   0  XICS  4096 Level  cxl-afu1.0-pe7-1, cxl-afu1.0-pe7-2\n"
				   " 17:   4   0  XICS  4097 Level  SISL_MSI_ASYNC_ERROR\n"
				   " 18:   4   0  XICS  4098 Level  cxl-afu0.0-pe7-1\n"
				   " 19:   cxl-afu0.0-pe9-1-and-a-word-that-is-much-longer-than-any-name-of-ours\n"
				   " 20:   4   0  XICS  4099 Level  cxl-afu0.0-pe3-1";
	struct cxlf_interrupts interrupts = {.want_contexts = true}, none = {0};

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		cxlf_interrupts_feed(&interrupts, text + i, 1);
	cxlf_interrupts_end(&interrupts);
	ok(!interrupts.failed, "interrupts are parsed byte by byte");
	is(interrupts.n_async, 1, "adapters are counted");
	is(interrupts.n, 3, "each context is listed once");
	if (interrupts.n == 3) {
		is(interrupts.context[0].process_element, 3, "contexts are sorted by process element");
		is(interrupts.context[1].card, 0, "contexts with the same element are sorted by card");
		is(interrupts.context[2].card, 1, "the last context");
	}
	cxlf_interrupts_free(&interrupts);
	cxlf_interrupts_feed(&none, text, sizeof(text) - 1);
	cxlf_interrupts_end(&none);
	is(none.n, 0, "contexts are stored only if wanted");
}

static unsigned count(const char *text, size_t piece)
{
	struct cxlf_interrupts interrupts = {0};

	for (size_t at = 0, len = strlen(text); at < len; at += piece)
		cxlf_interrupts_feed(&interrupts, text + at, len - at < piece ? len - at : piece);
	cxlf_interrupts_end(&interrupts);
	return interrupts.n_async;
}

static void adapters(void)
{
	static const char text[] = "  CPU0\n 16: 1 XICS 2 Edge      SISL_MSI_SYNC_ERROR\n"
				   " 17: 1 XICS 3 Edge      SISL_MSI_ASYNC_ERROR\n"
				   " 18: 1 XICS 4 Edge      other, SISL_MSI_ASYNC_ERROR, SISL_MSI_ASYNC_ERRORS\n"
				   " 19: 1 XICS 5 Edge      XSISL_MSI_ASYNC_ERROR\n"
				   " 20: 1 XICS 6 Edge      SISL_MSI_ASYNC_ERROR";
	bool same = true;

	is(count(text, sizeof(text)), 3, "whole names are counted, also in lists and at the end of a line");
	for (size_t piece = 1; piece < 40; piece++)
		same = same && count(text, piece) == 3;
	ok(same, "the result does not depend on how the text is split");
	is(count("", 1), 0, "an empty file has no interrupts");
}

int main(void)
{
	names();
	contexts();
	adapters();
	return done();
}
