/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl: parse, scan and resolve what the command needs, run it, print its errors once, exit.
 */
#include "ctl/command.h"
#include "output_trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define X(name) &cmd_##name,
static const struct command *const commands[] = {CTL_COMMANDS(X) NULL};
#undef X

static const struct cli_program program = {
	.name = "cxlflashctl",
	.summary = "administer IBM CXL Flash adapters and their LUNs",
	.about =
		"Each command has --help and a manual page. With --json every command prints one JSON document, errors "
		"included. Exit statuses and error codes: cxlflashctl explain.",
	.commands = commands,
};

/* ---- output ---- */

static unsigned terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");

	if (!isatty(STDOUT_FILENO))
		return 0;
	if (columns && atoi(columns) > 0)
		return (unsigned)atoi(columns);
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col ? 80 : size.ws_col;
}

/* The flag, then NO_COLOR, then the terminal. */
static bool use_color(const struct cli_common *common, bool terminal)
{
	const char *no_color = getenv("NO_COLOR");

	if (common->color == 2 || common->color == 3)
		return common->color == 2;
	return terminal && !(no_color && *no_color);
}

/* "lun list" prints cxlflash.lun.list/1. */
static void name_schema(char *schema, size_t size, const struct command *command)
{
	snprintf(schema, size, "cxlflash.%s/1", command ? command->name : "error");
	for (char *c = schema; *c; c++)
		if (*c == ' ')
			*c = '.';
}

static void begin_output(struct cxlf_out *out, const struct cli_parsed *parsed)
{
	*out = (struct cxlf_out){
		.stream = stdout,
		.notes = stderr,
		.tool = program.name,
		.format = parsed->common.format ? (enum cxlf_format)(parsed->common.format - 1) : CXLF_FORMAT_TABLE,
		.units = (enum cxlf_units)parsed->common.units,
		.columns = parsed->common.columns,
		.no_headings = parsed->common.no_headings,
		.quiet = parsed->common.quiet,
		.width = terminal_width(),
	};
	out->color = use_color(&parsed->common, out->width);
	name_schema(out->schema, sizeof(out->schema), parsed->command);
}

/* ---- scan and resolve ---- */

static bool is_lun(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_LUN || arg->kind == CLI_KIND_LUNS;
}

static bool is_adapter(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_ADAPTER || arg->kind == CLI_KIND_ADAPTERS;
}

/* Only what will be shown is read, and what operands are looked up by. */
static int find_want(const struct ctl *ctl, unsigned *want, struct cxlf_err *err)
{
	const struct command *command = ctl->command;
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	int n = cxlf_columns_choose(command->columns, ctl->common->columns, column, err);

	if (n < 0)
		return -1;
	*want = command->want | cxlf_columns_want(column, (size_t)n);
	/* JSON has every key; a line of JSON those of its row; a card has lists of its own. */
	if (ctl->out.format == CXLF_FORMAT_JSON || ctl->out.format == CXLF_FORMAT_JSONL)
		*want |= cxlf_fields_want(command->document) | cxlf_fields_want(command->columns);
	else if (!ctl->common->columns && command->must_exist)
		*want |= cxlf_fields_want(command->columns);
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (is_lun(arg))
			*want |= CXLF_WANT_PATHS | CXLF_WANT_WWID | CXLF_WANT_NODES | CXLF_WANT_DEVNO;
		else if (is_adapter(arg))
			*want |= CXLF_WANT_LOCATION;
	}
	return 0;
}

static int resolve_object(struct ctl *ctl, const struct cli_arg *arg, struct cli_object *object, struct cxlf_err *err)
{
	if (!object->text)
		return 0;
	if (is_adapter(arg))
		return cxlf_find_adapter(&ctl->rack, object->text, &object->index, err);
	return cxlf_find_lun(ctl->sysroot, &ctl->rack, object->text,
			     (struct cxlf_lun_query){.allow_suffix = !ctl->command->changes}, &object->index,
			     &object->path, err);
}

static int resolve(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	for (const struct cli_arg *arg = ctl->command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		void *at = (char *)args + arg->offset;
		struct cli_objects *many = at;

		if (!is_lun(arg) && !is_adapter(arg))
			continue;
		if (!cxlf_cli_is_many(arg)) {
			if (resolve_object(ctl, arg, at, err))
				return -1;
			continue;
		}
		for (unsigned i = 0; i < many->n; i++)
			if (resolve_object(ctl, arg, &many->item[i], err))
				return -1;
	}
	return 0;
}

static void note_scan(const struct ctl *ctl, const struct timespec *begin)
{
	struct timespec end;

	if (!ctl->common->verbose)
		return;
	clock_gettime(CLOCK_MONOTONIC, &end);
	fprintf(ctl->out.notes, "%s: scanned %s: %u adapters, %u paths, %u LUNs in %.1f ms\n", ctl->out.tool,
		*ctl->sysroot ? ctl->sysroot : "/sys", ctl->rack.n_adapters, ctl->rack.n_paths, ctl->rack.n_luns,
		(double)(end.tv_sec - begin->tv_sec) * 1e3 + (double)(end.tv_nsec - begin->tv_nsec) / 1e6);
}

static int scan(struct ctl *ctl, struct cxlf_err *err)
{
	struct timespec begin;
	unsigned want;

	if (find_want(ctl, &want, err))
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (cxlf_discover(ctl->sysroot, want, &ctl->rack, err))
		return -1;
	note_scan(ctl, &begin);
	return 0;
}

/* ---- run ---- */

static void column_key(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->key);
}

static void column_heading(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->heading);
}

static void column_default(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_flag(v, ((const struct cxlf_column *)row.of)[row.i].field->shown);
}

static void column_help(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	(void)field;
	cxlf_value_text(v, ((const struct cxlf_column *)row.of)[row.i].field->help);
}

static const struct cxlf_field column_fields[] = {
	{.key = "column", .heading = "COLUMN", .type = CXLF_TEXT, .shown = true, .get = column_key, .help = "its name"},
	{.key = "heading",
	 .heading = "HEADING",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = column_heading,
	 .help = "above it"},
	{.key = "default",
	 .heading = "DEFAULT",
	 .type = CXLF_FLAG,
	 .shown = true,
	 .get = column_default,
	 .help = "shown unless columns are chosen"},
	{.key = "help",
	 .heading = "MEANING",
	 .type = CXLF_TEXT,
	 .shown = true,
	 .get = column_help,
	 .help = "what it says"},
	{.type = CXLF_END},
};

struct columns {
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	size_t n;
};

static void all_columns(const struct cxlf_field *field, struct cxlf_row row, struct cxlf_value *v)
{
	const struct columns *columns = row.of;

	v->rows = (struct cxlf_rows){.fields = field->of, .of = columns->column, .n = columns->n};
	v->known = true;
}

static const struct cxlf_field columns_document[] = {
	{.key = "columns", .type = CXLF_RECORDS, .of = column_fields, .get = all_columns},
	{.type = CXLF_END},
};

static int list_columns(struct ctl *ctl, struct cxlf_err *err)
{
	struct cxlf_column all[CXLF_MAX_COLUMNS];
	struct columns columns = {.n = 0};
	size_t n = cxlf_columns_all(ctl->command->columns, all);

	for (size_t i = 0; i < n; i++)
		if (cxlf_field_is_column(all[i].field))
			columns.column[columns.n++] = all[i];
	ctl->out.columns = NULL;
	snprintf(ctl->out.schema, sizeof(ctl->out.schema), "cxlflash.columns/1");
	return cxlf_out_show(&ctl->out,
			     &(struct cxlf_view){
				     .document = columns_document,
				     .document_of = &columns,
				     .rows = {.fields = column_fields, .of = columns.column, .n = columns.n},
			     },
			     err);
}

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

static int run_scanned(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	if (begin_trace(ctl, err) || scan(ctl, err))
		return -1;
	if (!ctl->rack.n_adapters && ctl->command->must_exist)
		return cxlf_explain_absence(ctl->sysroot, err);
	if (resolve(ctl, args, err) || ctl->command->run(ctl, args, err))
		return -1;
	/* An empty list is shown as one, and then said to be empty, with the reason. */
	return ctl->rack.n_adapters ? 0 : cxlf_explain_absence(ctl->sysroot, err);
}

static int run(struct ctl *ctl, const struct cli_parsed *parsed, struct cxlf_err *err)
{
	const struct command *command = parsed->command;

	if (parsed->common.help && command)
		cxlf_cli_help(ctl->out.stream, &program, command);
	else if (parsed->common.help && parsed->noun)
		cxlf_cli_help_noun(ctl->out.stream, &program, parsed->noun);
	else if (parsed->common.help)
		cxlf_cli_overview(ctl->out.stream, &program);
	else if (parsed->common.version)
		return cmd_version.run(ctl, NULL, err);
	else if (parsed->common.list_columns)
		return list_columns(ctl, err);
	else if (command->scans)
		return run_scanned(ctl, parsed->args, err);
	else
		return command->run(ctl, parsed->args, err);
	ctl->out.format = CXLF_FORMAT_TABLE; /* help is text, whatever else was asked for */
	return 0;
}

int main(int argc, char **argv)
{
	struct cxlf_err err = {.code = CXLF_OK};
	struct cli_parsed parsed;
	struct ctl ctl = {.program = &program, .sysroot = ""};
	int rc, status;

	rc = cxlf_cli_parse(&program, argc, argv, &parsed, &err);
	begin_output(&ctl.out, &parsed);
	ctl.command = parsed.command;
	ctl.common = &parsed.common;
	if (parsed.common.sysroot)
		ctl.sysroot = parsed.common.sysroot;
	if (!rc)
		rc = run(&ctl, &parsed, &err);
	if (!rc)
		err.code = CXLF_OK;
	else if (!err.code)
		cxlf_fail(&err, CXLF_E_BUG, "failed without a reason");
	status = cxlf_out_finish(&ctl.out, &err);
	cxlf_rack_free(&ctl.rack);
	cxlf_cli_free(&parsed);
	return status;
}
