/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monotonic clock in milliseconds.
 */
#ifndef CXLF_CLOCK_H
#define CXLF_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t cxlf_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
