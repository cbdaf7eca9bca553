/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main function of programs with option tables.
 */
#ifndef CXLF_PROGRAM_H
#define CXLF_PROGRAM_H

#include "cli/cli.h"
#include "output.h"

/* The argument of a command's `run`. */
struct ctl {
	const struct cli_program *program;
	const struct command *command;
	const struct cli_common *common;
	const char *sysroot; /* "" is the running system */
	void *args;	     /* the command's own struct */
	unsigned want;	     /* enum cxlf_want: what is scanned and shown */
	struct cxlf_topology topology;
	struct cxlf_out out;
};

/* version.c */
extern const struct command cmd_version;

/* held_names.c: for a program's completion */
void ctl_offer_held(struct cli_offers *offers, bool handles);

/* The whole program: returns the exit status. */
int ctl_main(const struct cli_program *program, int argc, char **argv);
/* Scan, and resolve the operands: for commands without `scans`. */
int ctl_scan(struct ctl *ctl, struct cxlf_err *err);
/*
 * Before an action that cannot be undone ("release ctx0/0", "the data in it will be lost"): 0 if it was confirmed, by
 * --yes or on the terminal, else ABORTED.
 */
int ctl_confirm(const struct ctl *ctl, const char *what, const char *loss, struct cxlf_err *err);
/*
 * The end of a command on n objects: 0, or -1 if one failed. `first` is the error of the first object and `stride` the
 * distance to the next; its code is OK unless the object failed. Of one object its error is the command's. Of several,
 * each error is printed, and the command's counts them: "2 of 3 WHAT", with the code `some` if not all failed (OK: as
 * if all had), LUN_CHANGED if one has it, the errors' code, or FAILED if their exit statuses differ.
 */
int ctl_verdict(struct ctl *ctl, const struct cxlf_err *first, size_t stride, unsigned n, enum cxlf_code some,
		const char *what, struct cxlf_err *err);
/* Characters in a line of help. */
unsigned ctl_help_width(const struct ctl *ctl);

#endif
