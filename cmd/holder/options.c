/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option table of cxlflash-holder. lib/holder/start.c writes such command lines.
 */
#include "daemon.h"

#include "sysfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUMMARY "keep an adapter context for the commands of cxlflashctl"

static const struct cli_arg table[] = {
	CLI_LUNS(struct holder_options, luns, .name = "WWID[@H:C:T:L]",
		 .help = "a LUN, and after the @ the path to attach it through; all on one adapter, in superpipe mode"),
	CLI_CONTEXT(struct holder_options, name, .name = "--name", .value = "NAME",
		    .help = "name of the context: lower-case letters, digits and _.-, at most 32 (default: ctx0, ctx1, "
			    "... the first that is free)"),
	CLI_CHOICE(struct holder_options, how.interrupts, .name = "--interrupts", .value = "N", .choices = "1|2|3|4",
		   .fallback = 4, .help = "interrupts of the context (4)"),
	CLI_SECONDS(struct holder_options, how.check_ms, .name = "--check", .value = "TIME", .fallback = 1000,
		    .help = "how often to check the context's registers for an adapter reset (1s)"),
	CLI_FLAG(struct holder_options, how.read_only, .name = "--read-only", .help = "its handles cannot write"),
	CLI_FLAG(struct holder_options, how.no_recover, .name = "--no-recover",
		 .help = "do not recover automatically after an adapter reset; wait for cxlflashctl recover"),
	CLI_FLAG(struct holder_options, how.implicit, .name = "--implicit",
		 .help = "end with the last handle, or after 30 s without a handle"),
	CLI_FLAG(struct holder_options, foreground, .name = "--foreground",
		 .help = "log to stderr as well as to the system log"),
	CLI_CONTEXT(
		struct holder_options, parent, .name = "--parent", .value = "NAME",
		.help = "clone the virtual LUNs of that context; the driver allows it only to a child of its holder"),
	CLI_TEXT(struct holder_options, ready_fd, .name = "--ready-fd", .value = "N",
		 .help = "write the result of the start to this file descriptor, and close it"),
	CLI_END,
};

/* The form of WWID[@H:C:T:L]. */
static int check_lun(const char *word, struct cxlf_err *err)
{
	const struct cxlf_lun_query whole = {.allow_suffix = false};
	const char *at = strchrnul(word, '@');
	char text[128];

	snprintf(text, sizeof(text), "%.*s", (int)(at - word), word);
	if (cxlf_lun_text_check(text, whole, err))
		return -1;
	if (!*at || cxlf_lun_text_is_path(at + 1))
		return 0;
	cxlf_fail(err, CXLF_E_BAD_WWID, "invalid path \"%.60s\" of LUN %.60s", at + 1, text);
	cxlf_cause(err, "a SCSI address has four numbers, H:C:T:L");
	return cxlf_fix(err, "cxlflashctl lun info %.60s", text);
}

static int check(const void *args, struct cxlf_err *err)
{
	const struct holder_options *options = args;
	uint64_t fd;

	if (options->luns.n > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context can have at most %d LUNs", CXLF_CONTEXT_LUNS);
	if (!options->how.check_ms)
		return cxlf_fail(err, CXLF_E_BAD_VALUE, "--check must be longer than 0");
	if (options->ready_fd && (!cxlf_text_u64(options->ready_fd, 10, &fd) || (fd < 3 && fd != 1) || fd > 1023))
		return cxlf_fail(err, CXLF_E_BAD_VALUE,
				 "--ready-fd must be 1 or a number from 3 to 1023, not \"%.40s\"", options->ready_fd);
	for (unsigned i = 0; i < options->luns.n; i++)
		if (check_lun(options->luns.item[i].text, err))
			return -1;
	return 0;
}

static const struct command hold = {
	.name = "holder",
	.summary = SUMMARY,
	.about = "Attaches the LUNs to one adapter context and serves requests for it until it is stopped. cxlflashctl "
		 "starts it; from a shell or from systemd it needs --foreground.",
	.example = "--foreground --name=db 60050768018087a1f0000000000000a1 # until it is interrupted",
	.args = table,
	.args_size = sizeof(struct holder_options),
	.check = check,
	.exits = (const enum cxlf_exit[]){CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_BUSY,
					  CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_DEVICE, CXLF_EXIT_RETRY, CXLF_EXIT_NO_SPACE,
					  0},
	.run = NULL, /* main runs the holder; gcc 10 warns without it */
};

static const struct command *const commands[] = {&hold, NULL};

const struct cli_program holder_program = {
	.name = "cxlflash-holder", .summary = SUMMARY, .about = "", .commands = commands, .single = true};

void holder_take_options(struct holder_options *options)
{
	options->how.name = *options->name.name ? options->name.name : NULL;
	options->how.parent = *options->parent.name ? options->parent.name : NULL;
	options->ready = options->ready_fd ? atoi(options->ready_fd) : -1;
}
