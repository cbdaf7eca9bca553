/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-verify's parts.
 */
#ifndef VERIFY_CHECK_H
#define VERIFY_CHECK_H

#include "../common/program.h"

extern const struct command cmd_check;
/* See the version command of cxlflashctl. */
extern const struct command cmd_version;

#endif
