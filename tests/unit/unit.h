/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions for unit tests: checks that print TAP, and the plan at the end.
 *
 *	int main(void)
 *	{
 *		ok(1 + 1 == 2, "one plus one is two");
 *		is_text(name, "sda", "the disk has its name");
 *		return done();
 *	}
 */
#ifndef CXLF_UNIT_H
#define CXLF_UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int unit_n, unit_bad;

static inline bool unit_check(bool good, const char *says, const char *file, int line)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++unit_n, says);
	if (!good)
		printf("# at %s:%d\n", file, line);
	unit_bad += !good;
	return good;
}

static inline void unit_number(long long got, long long want, const char *says, const char *file, int line)
{
	if (!unit_check(got == want, says, file, line))
		printf("# got %lld (0x%llx), want %lld (0x%llx)\n", got, got, want, want);
}

static inline void unit_text(const char *got, const char *want, const char *says, const char *file, int line)
{
	if (!unit_check(got && want && !strcmp(got, want), says, file, line))
		printf("# got \"%s\", want \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
}

#define ok(condition, says) unit_check(condition, says, __FILE__, __LINE__)
#define is(got, want, says) unit_number((long long)(got), (long long)(want), says, __FILE__, __LINE__)
#define is_text(got, want, says) unit_text(got, want, says, __FILE__, __LINE__)

static inline int done(void)
{
	printf("1..%d\n", unit_n);
	return unit_bad ? 1 : 0;
}

#endif
