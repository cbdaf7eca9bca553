/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program cxlflashctl: the list of its commands.
 */
#include "command.h"

#define X(name) &cmd_##name,
static const struct command *const commands[] = {CTL_COMMANDS(X) NULL};
#undef X

const struct cli_program ctl_program = {
	.name = "cxlflashctl",
	.summary = "administer IBM CXL Flash adapters and their LUNs",
	.about =
		"Each command has --help and a manual page. With --json every command prints one JSON document, errors "
		"included. Exit statuses and error codes: cxlflashctl explain.",
	.commands = commands,
	.version = &cmd_version,
	.offer_held = ctl_offer_held,
};
