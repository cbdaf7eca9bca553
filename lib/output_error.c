/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An error as text. Separate from output.c for programs that print only errors.
 */
#include "output.h"

#include <string.h>

static void put_clean(FILE *stream, const char *before, const char *text, const char *after)
{
	fputs(before, stream);
	cxlf_text_put(stream, text);
	fputs(after, stream);
}

void cxlf_error_print(FILE *stream, const char *tool, const struct cxlf_err *err, bool brief)
{
	const struct cxlf_code_info *info = cxlf_code_info(err->code);

	fprintf(stream, "%s: ", tool);
	if (*err->object)
		put_clean(stream, "", err->object, ": ");
	put_clean(stream, "", err->message, "");
	if (err->sys)
		fprintf(stream, ": %s", strerror(err->sys));
	if (*cxlf_errno_name(err->sys))
		fprintf(stream, " (%s)", cxlf_errno_name(err->sys));
	fputc('\n', stream);
	if (brief)
		return;
	if (*err->cause)
		put_clean(stream, "  cause: ", err->cause, "\n");
	if (*err->fix)
		put_clean(stream, "  fix:   ", err->fix, "\n");
	fprintf(stream, "  code:  %s, exit %d   (cxlflashctl explain %s)\n", info->name, info->exit, info->name);
}
