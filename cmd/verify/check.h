/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-verify's parts.
 */
#ifndef VERIFY_CHECK_H
#define VERIFY_CHECK_H

#include "../common/program.h"

extern const struct cli_program verify_program;

#endif
