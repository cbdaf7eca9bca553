/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-verify: report changed LUNs; for cron and scripts. See verify/.
 */
#include "verify/check.h"

int main(int argc, char **argv)
{
	return ctl_main(&verify_program, argc, argv);
}
