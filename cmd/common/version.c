/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The version command, and --version.
 */
#include "program.h"

static void version_text(struct cxlf_row row, struct cxlf_value *v)
{
	(void)row;
	cxlf_value_text(v, CXLF_VERSION);
}

static const struct cxlf_field version_fields[] = {
	CXLF_FIELD("version", "VERSION", CXLF_TEXT, 0, "version of the suite", .get = version_text),
	CXLF_FIELDS_END,
};

static int version(struct ctl *ctl, void *args, struct cxlf_err *err)
{
	(void)args;
	if (ctl->out.format == CXLF_FORMAT_TABLE) {
		cxlf_out_line(&ctl->out, "%s %s", ctl->out.tool, CXLF_VERSION);
		return 0;
	}
	return CXLF_SHOW(&ctl->out, err, .document = version_fields, .rows = {.fields = version_fields, .n = 1});
}

const struct command cmd_version = {
	.name = "version",
	.summary = "show the version",
	.accepts = CLI_GROUP_OUTPUT,
	.columns = version_fields,
	.document = version_fields,
	.general = true,
	.run = version,
};
