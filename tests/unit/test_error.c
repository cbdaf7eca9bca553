/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of error codes is complete, and the error struct stores its parts.
 */
#include "error.h"
#include "unit.h"

#include <errno.h>

static void table(void)
{
	bool complete = true, ends = true, found = true, worded = true;

	for (unsigned code = CXLF_OK + 1; code < CXLF_E_COUNT; code++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)code);

		complete = complete && info->code == code && info->name && info->summary && info->explain &&
			   strlen(info->explain) > 80;
		if (!complete)
			break;
		ends = ends && info->explain[strlen(info->explain) - 1] != '\n' &&
		       info->summary[strlen(info->summary) - 1] != '.';
		found = found && cxlf_code_by_name(info->name) == info;
		worded = worded && cxlf_exit_summary((int)info->exit);
	}
	ok(complete, "every code has a name, a summary and a paragraph");
	ok(ends, "a paragraph does not end its line, a summary has no full stop");
	ok(found, "every code is found by its name");
	ok(worded, "every exit status has a summary");
	ok(cxlf_code_by_name("lun_in_use") == cxlf_code_info(CXLF_E_LUN_IN_USE),
	   "codes are found in upper and lower case");
	ok(!cxlf_code_by_name("NOPE") && !cxlf_exit_summary(14) && !cxlf_exit_summary(-1),
	   "unknown names and statuses are not found");
}

static void errors(void)
{
	struct cxlf_err err;
	char text[4000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	is(cxlf_fail_sys(&err, CXLF_E_LUN_IN_USE, -EBUSY, "cannot switch %s", "it"), -1, "a failure is -1");
	is(err.sys, EBUSY, "its errno is positive");
	is_text(err.message, "cannot switch it", "the message is formatted");
	is(cxlf_err_exit(&err), CXLF_EXIT_BUSY, "the code has its exit status");
	cxlf_cause(&err, "%s", text);
	is(strlen(err.cause), sizeof(err.cause) - 1, "a long cause is truncated");
	cxlf_fail(&err, CXLF_E_FAILED, "again");
	ok(!*err.cause && !err.sys, "a new failure replaces the previous one");
	is_text(cxlf_errno_name(EBUSY), "EBUSY", "the name of an errno");
	is_text(cxlf_errno_name(524), "", "an errno without a name");
	is_text(cxlf_errno_name(0), "", "no errno");
	is_text(cxlf_errno_name(-EBUSY), "", "a negative number");
}

int main(void)
{
	table();
	errors();
	return done();
}
