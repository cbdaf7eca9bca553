/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main function of programs with option tables: parse, scan and resolve what the command needs, run it, print its
 * errors, exit.
 */
#include "program.h"
#include "fds.h"
#include "output_trace.h"
#include "quote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* ---- output ---- */

static unsigned terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	char *end;
	unsigned long n = columns ? strtoul(columns, &end, 10) : 0;

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (n >= 20 && n <= 10000 && !*end)
		return (unsigned)n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

/* --color, else NO_COLOR, else whether the terminal has colours. */
static bool use_color(const struct cli_common *common, bool terminal)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (common->color == 2 || common->color == 3)
		return common->color == 2;
	return terminal && !(no_color && *no_color) && !(term && !strcmp(term, "dumb"));
}

/* "lun list" prints cxlflash.lun.list/1. */
static void name_schema(char *schema, size_t size, const struct command *command)
{
	snprintf(schema, size, "cxlflash.%s/1", command ? command->name : "error");
	for (char *c = schema; *c; c++)
		if (*c == ' ')
			*c = '.';
}

static void begin_output(struct cxlf_out *out, const struct cli_program *program, const struct cli_parsed *parsed)
{
	*out = (struct cxlf_out){
		.stream = stdout,
		.notes = stderr,
		.tool = program->name,
		.format = parsed->common.format ? (enum cxlf_format)(parsed->common.format - 1) : CXLF_FORMAT_TABLE,
		.units = (enum cxlf_units)parsed->common.units,
		.shown_of = parsed->command ? parsed->command->columns : NULL,
		.shown = parsed->command ? parsed->command->shown : NULL,
		.columns = parsed->common.columns,
		.list = parsed->command ? parsed->command->list : NULL,
		.no_headings = parsed->common.no_headings,
		.quiet = parsed->common.quiet,
		.width = terminal_width(),
	};
	out->color = use_color(&parsed->common, out->width);
	name_schema(out->schema, sizeof(out->schema), parsed->command);
}

unsigned ctl_help_width(const struct ctl *ctl)
{
	unsigned width = ctl->out.width;

	return !width ? 80 : width < 40 ? 40 : width < 100 ? width : 100;
}

/* ---- confirmation ---- */

int ctl_confirm(const struct ctl *ctl, const char *what, const char *loss, struct cxlf_err *err)
{
	char line[16] = "";

	if (ctl->common->yes)
		return 0;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		cxlf_fail(err, CXLF_E_ABORTED, "cannot %s without confirmation", what);
		cxlf_cause(err, "%s", loss);
		return cxlf_fix(err, "to confirm, add --yes");
	}
	fprintf(ctl->out.notes, "%s: %s: %s. Continue? [y/N] ", ctl->out.tool, what, loss);
	fflush(ctl->out.notes);
	if (fgets(line, sizeof(line), stdin) && (!strcasecmp(line, "y\n") || !strcasecmp(line, "yes\n")))
		return 0;
	return cxlf_fail(err, CXLF_E_ABORTED, "not confirmed, nothing was changed");
}

/* ---- several objects ---- */

static enum cxlf_code join_codes(enum cxlf_code a, enum cxlf_code b)
{
	if (!a || b == CXLF_E_LUN_CHANGED)
		return b;
	return a == CXLF_E_LUN_CHANGED || cxlf_code_info(a)->exit == cxlf_code_info(b)->exit ? a : CXLF_E_FAILED;
}

int ctl_verdict(struct ctl *ctl, const struct cxlf_err *first, size_t stride, unsigned n, enum cxlf_code some,
		const char *what, struct cxlf_err *err)
{
	enum cxlf_code code = CXLF_OK;
	unsigned n_failed = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct cxlf_err *each = (const void *)((const char *)first + i * stride);

		if (!each->code)
			continue;
		*err = *each;
		n_failed++;
		code = join_codes(code, each->code);
		if (n > 1)
			cxlf_out_fail(&ctl->out, each);
	}
	if (!n_failed || n == 1)
		return n_failed ? -1 : 0;
	return cxlf_fail(err, some && n_failed < n ? some : code, "%u of %u %s", n_failed, n, what);
}

/* ---- scan ---- */

/* An empty DIR is probably an unset variable: do not read the running system instead. */
static int choose_sysroot(struct ctl *ctl, struct cxlf_err *err)
{
	if (!ctl->common->sysroot)
		return 0;
	if (!*ctl->common->sysroot) {
		cxlf_fail(err, CXLF_E_BAD_VALUE, "--sysroot needs a directory");
		return cxlf_fix(err, "omit --sysroot to read this system");
	}
	ctl->sysroot = ctl->common->sysroot;
	return 0;
}

static void note_scan(const struct ctl *ctl, const struct timespec *begin)
{
	struct timespec end;

	if (!ctl->common->verbose)
		return;
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(ctl->out.notes, "%s: scanned ", ctl->out.tool);
	cxlf_text_put(ctl->out.notes, *ctl->sysroot ? ctl->sysroot : "/sys");
	fprintf(ctl->out.notes, ": %u adapters, %u paths, %u LUNs in %.1f ms\n", ctl->topology.n_adapters,
		ctl->topology.n_paths, ctl->topology.n_luns,
		(double)(end.tv_sec - begin->tv_sec) * 1e3 + (double)(end.tv_nsec - begin->tv_nsec) / 1e6);
}

static int scan(struct ctl *ctl, struct cxlf_err *err)
{
	struct timespec begin;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (cxlf_cli_want(ctl->command, ctl->args, ctl->common, &ctl->want, err) ||
	    cxlf_discover(ctl->sysroot, ctl->want, &ctl->topology, err))
		return -1;
	note_scan(ctl, &begin);
	return 0;
}

/* ---- run ---- */

static int begin_trace(struct ctl *ctl, struct cxlf_err *err)
{
	const char *file = ctl->common->trace;
	FILE *stream = stderr;

	if (!file)
		return 0;
	if (*file)
		stream = fopen(file, "we");
	if (!stream) {
		cxlf_fail_sys(err, CXLF_E_OUTPUT, -errno, "cannot write the trace to %s", file);
		return cxlf_fix(err, "choose another file: --trace=FILE");
	}
	cxlf_ioctl_trace(cxlf_trace_line, stream);
	return 0;
}

static int explain_absence(const struct ctl *ctl, struct cxlf_err *err)
{
	char fix[sizeof(err->fix)];

	cxlf_absence_explain(ctl->sysroot, err);
	snprintf(fix, sizeof(fix), "%s", err->fix);
	if (*ctl->sysroot && *fix)
		cxlf_fix(err, "on the machine of this tree: %s", fix);
	else if (!*ctl->sysroot && err->code == CXLF_E_NOT_SUPPORTED && ctl->command->accepts & CLI_GROUP_SCAN)
		cxlf_fix(err, "for a tree saved on another machine: --sysroot=DIR");
	return -1;
}

int ctl_scan(struct ctl *ctl, struct cxlf_err *err)
{
	if (scan(ctl, err))
		return -1;
	if (!ctl->topology.n_adapters && (ctl->command->must_exist || cxlf_cli_names_objects(ctl->command, ctl->args)))
		return explain_absence(ctl, err);
	return cxlf_cli_resolve(ctl->command, ctl->args, ctl->sysroot, &ctl->topology, err);
}

static int run_scanned(struct ctl *ctl, struct cxlf_err *err)
{
	if (ctl_scan(ctl, err) || ctl->command->run(ctl, ctl->args, err))
		return -1;
	/* An empty list is shown, and then the reason for it. */
	return ctl->topology.n_adapters ? 0 : explain_absence(ctl, err);
}

/* Errors of the command line come first, unknown columns too, before anything is changed. */
static int run_command(struct ctl *ctl, struct cxlf_err *err)
{
	if (choose_sysroot(ctl, err) || begin_trace(ctl, err) ||
	    (ctl->command->accepts & CLI_GROUP_CHANGE &&
	     cxlf_cli_want(ctl->command, ctl->args, ctl->common, &ctl->want, err)))
		return -1;
	return ctl->command->scans ? run_scanned(ctl, err) : ctl->command->run(ctl, ctl->args, err);
}

static int run(struct ctl *ctl, const struct cli_parsed *parsed, struct cxlf_err *err)
{
	const struct command *command = parsed->command;

	if (parsed->common.help && command)
		cxlf_cli_help(ctl->out.stream, ctl->program, command, ctl_help_width(ctl));
	else if (parsed->common.help && parsed->noun)
		cxlf_cli_help_noun(ctl->out.stream, ctl->program, parsed->noun, ctl_help_width(ctl));
	else if (parsed->common.help)
		cxlf_cli_overview(ctl->out.stream, ctl->program, ctl_help_width(ctl));
	else if (parsed->common.version) {
		name_schema(ctl->out.schema, sizeof(ctl->out.schema), ctl->program->version);
		return ctl->program->version->run(ctl, NULL, err);
	} else
		return parsed->common.list_columns ? cxlf_cli_show_columns(&ctl->out, command, err)
						   : run_command(ctl, err);
	ctl->out.format = CXLF_FORMAT_TABLE; /* help is always text */
	return 0;
}

/* A command that lists LUNs or adapters lists those of the saved tree. */
static void fix_for_tree(const struct ctl *ctl, struct cxlf_err *err)
{
	static const char *const lists[] = {"cxlflashctl list", "cxlflashctl adapter list"};
	char fix[sizeof(err->fix)], word[280];
	const char *sysroot = ctl->common->sysroot;

	snprintf(fix, sizeof(fix), "%s", err->fix);
	for (size_t i = 0; sysroot && *sysroot && i < 2; i++)
		if (strlen(fix) >= strlen(lists[i]) && !strcmp(fix + strlen(fix) - strlen(lists[i]), lists[i]))
			cxlf_fix(err, "%s --sysroot=%s", fix, cxlf_quote(sysroot, word, sizeof(word)));
}

int ctl_main(const struct cli_program *program, int argc, char **argv)
{
	struct cxlf_err err = {.code = CXLF_OK};
	struct cli_parsed parsed;
	struct ctl ctl = {.program = program, .sysroot = ""};
	int rc, status;

	cxlf_fds_open();
	if (cxlf_cli_complete(stdout, program, argc, argv))
		return CXLF_EXIT_OK;
	rc = cxlf_cli_parse(program, argc, argv, &parsed, &err);
	begin_output(&ctl.out, program, &parsed);
	ctl.command = parsed.command;
	ctl.common = &parsed.common;
	ctl.args = parsed.args;
	if (!rc)
		rc = run(&ctl, &parsed, &err);
	if (!rc)
		err.code = CXLF_OK;
	else if (!err.code)
		cxlf_fail(&err, CXLF_E_BUG, "failed without a reason");
	fix_for_tree(&ctl, &err);
	status = cxlf_out_finish(&ctl.out, &err);
	cxlf_topology_free(&ctl.topology);
	cxlf_cli_free(&parsed);
	return status;
}
