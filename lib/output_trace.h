/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --trace: one JSON line for each request made to the driver, with names in place of numbers.
 */
#ifndef CXLF_OUTPUT_TRACE_H
#define CXLF_OUTPUT_TRACE_H

#include "ioctl_wrap.h"

/* A sink for cxlf_ioctl_trace(); `stream` is a FILE *. Each line is flushed, so that it survives a crash. */
void cxlf_trace_line(void *stream, const struct cxlf_trace *trace);

#endif
