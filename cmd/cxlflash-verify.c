/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-verify: report changed LUNs; for cron and scripts. The command is in verify/check.c.
 */
#include "verify/check.h"

static const struct command *const commands[] = {&cmd_check, NULL};

static const struct cli_program program = {
	.name = "cxlflash-verify",
	.summary = "report whether LUNs' capacity or identity has changed",
	.about = "",
	.commands = commands,
	.version = &cmd_version,
	.single = true,
};

int main(int argc, char **argv)
{
	return ctl_main(&program, argc, argv);
}
