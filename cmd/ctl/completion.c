/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl completion: the shells' completion scripts.
 */
#include "command.h"

struct completion_args {
	unsigned shell;
};

static int completion(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	static void (*const print[])(FILE *, const struct cli_program *) = {cxlf_cli_bash, cxlf_cli_zsh, cxlf_cli_fish};

	(void)err;
	print[((struct completion_args *)args)->shell - 1](ctl->out.stream, ctl->program);
	return 0;
}

static const struct cli_arg completion_table[] = {
	CLI_CHOICE(struct completion_args, shell, .name = "SHELL", .choices = "bash|zsh|fish", .help = "the shell"),
	CLI_END,
};

const struct command cmd_completion = {
	.name = "completion",
	.summary = "print the completion script of a shell",
	.about = "Packages install these scripts. LUNs and adapters are completed from what `lun list` and `adapter "
		 "list` "
		 "see; no device is opened for it.",
	.example = "completion bash > /etc/bash_completion.d/cxlflashctl # where no package did it",
	.args = completion_table,
	.args_size = sizeof(struct completion_args),
	.general = true,
	.run = completion,
};
