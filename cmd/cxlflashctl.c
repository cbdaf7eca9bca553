/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl: see ctl/.
 */
#include "ctl/command.h"

int main(int argc, char **argv)
{
	return ctl_main(&ctl_program, argc, argv);
}
