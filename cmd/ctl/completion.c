/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl completion: the files of completions/, which are put into the program when it is built.
 */
#include "command.h"

#include <string.h>

struct completion_args {
	unsigned shell;
};

/* The bytes of a file, and a NUL. */
#define EMBED(name, file)                                                                                              \
	extern const char name[];                                                                                      \
	__asm__(".section .rodata\n" #name ": .incbin \"completions/" file "\"\n.byte 0\n.previous")
EMBED(bash, "cxlflash.bash");
EMBED(zsh, "_cxlflash");
EMBED(fish, "cxlflash.fish");

static int completion(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	const char *const script[] = {bash, zsh, fish}, *chosen = script[((struct completion_args *)args)->shell - 1];

	(void)err;
	cxlf_out_line(&ctl->out, "%.*s", (int)strlen(chosen) - 1, chosen); /* it ends with a line feed of its own */
	return 0;
}

static const struct cli_arg completion_table[] = {
	CLI_CHOICE(struct completion_args, shell, .name = "SHELL", .choices = "bash|zsh|fish", .help = "the shell"),
	CLI_END,
};

const struct command cmd_completion = {
	.name = "completion",
	.summary = "print the completion script of a shell",
	.about = "Packages install these scripts. One script serves cxlflashctl, cxlflash-verify and cxlflash-holder. "
		 "It asks the program being completed for candidates; no device is opened for them. See COMPLETION in "
		 "cxlflashctl(8).",
	.example = "completion bash > /etc/bash_completion.d/cxlflash # install the script by hand",
	CLI_ARGS(completion_table, struct completion_args),
	.general = true,
	.run = completion,
};
