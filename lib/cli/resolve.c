/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a scan must read for a command, and the LUNs and adapters that its operands name.
 */
#include "cli.h"

static bool is_lun(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_LUN || arg->kind == CLI_KIND_LUNS;
}

static bool is_adapter(const struct cli_arg *arg)
{
	return arg->kind == CLI_KIND_ADAPTER || arg->kind == CLI_KIND_ADAPTERS;
}

static unsigned want_of_operands(const struct command *command)
{
	unsigned want = 0;

	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		if (is_lun(arg))
			want |= CXLF_WANT_PATHS | CXLF_WANT_WWID | CXLF_WANT_NODES | CXLF_WANT_DEVNO;
		else if (is_adapter(arg))
			want |= CXLF_WANT_LOCATION;
	}
	return want;
}

/* What the given options need: their own `want`, and that of a column named in a value. */
static int want_of_options(const struct command *command, const char *args, unsigned *want, struct cxlf_err *err)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];

	for (const struct cli_arg *arg = command->args; args && arg && arg->kind != CLI_KIND_END; arg++) {
		const char *text = arg->kind == CLI_KIND_TEXT ? *(const char *const *)(args + arg->offset) : NULL;

		if ((arg->kind == CLI_KIND_FLAG && *(const bool *)(args + arg->offset)) ||
		    (arg->kind == CLI_KIND_CHOICE && *(const unsigned *)(args + arg->offset)) || text)
			*want |= arg->want;
		if (!text || arg->words != CLI_WORDS_COLUMNS)
			continue;
		int n = cxlf_columns_choose(command->columns, NULL, text, column, err);

		if (n < 0)
			return -1;
		if (n > 1)
			return cxlf_fail(err, CXLF_E_BAD_VALUE, "%s takes one column, not \"%s\"", arg->name, text);
		*want |= cxlf_columns_want(column, (size_t)n);
	}
	return 0;
}

int cxlf_cli_want(const struct command *command, const void *args, const struct cli_common *common, unsigned *want,
		  struct cxlf_err *err)
{
	struct cxlf_column column[CXLF_MAX_COLUMNS];
	int n = command->columns ? cxlf_columns_choose(command->columns, command->shown, common->columns, column, err)
				 : 0;
	bool json = common->format == 1 + CXLF_FORMAT_JSON, jsonl = common->format == 1 + CXLF_FORMAT_JSONL;

	if (n < 0)
		return -1;
	*want = command->want | want_of_operands(command) | cxlf_columns_want(column, (size_t)n);
	/* JSON and cards show all fields. */
	if (json)
		*want |= cxlf_fields_want(command->document ? command->document : command->columns);
	if (command->columns && (jsonl || (command->cards && !common->columns)))
		*want |= cxlf_fields_want(command->columns);
	return want_of_options(command, args, want, err);
}

static int resolve_object(const struct command *command, const struct cli_arg *arg, struct cli_object *object,
			  const char *sysroot, const struct cxlf_topology *topology, struct cxlf_err *err)
{
	if (!object->text)
		return 0;
	if (is_adapter(arg))
		return cxlf_find_adapter(topology, object->text, &object->index, err);
	return cxlf_find_lun(sysroot, topology, object->text,
			     (struct cxlf_lun_query){.allow_suffix = !command->changes}, &object->index, &object->path,
			     err);
}

bool cxlf_cli_names_objects(const struct command *command, const void *args)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		const void *at = (const char *)args + arg->offset;

		if ((is_lun(arg) || is_adapter(arg)) &&
		    (cxlf_cli_is_many(arg) ? ((const struct cli_objects *)at)->n > 0
					   : ((const struct cli_object *)at)->text != NULL))
			return true;
	}
	return false;
}

int cxlf_cli_resolve(const struct command *command, void *args, const char *sysroot,
		     const struct cxlf_topology *topology, struct cxlf_err *err)
{
	for (const struct cli_arg *arg = command->args; arg && arg->kind != CLI_KIND_END; arg++) {
		void *at = (char *)args + arg->offset;
		struct cli_objects one = {.item = at, .n = 1};
		const struct cli_objects *objects = cxlf_cli_is_many(arg) ? at : &one;

		if (!is_lun(arg) && !is_adapter(arg))
			continue;
		for (unsigned i = 0; i < objects->n; i++)
			if (resolve_object(command, arg, &objects->item[i], sysroot, topology, err))
				return -1;
	}
	return 0;
}
