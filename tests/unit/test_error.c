/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of codes is complete and fits a terminal, and the error struct keeps what it is told.
 */
#include "error.h"
#include "unit.h"

#include <errno.h>

static bool fits(const char *text, unsigned columns)
{
	for (size_t len; (len = strcspn(text, "\n")), *text; text += len + (text[len] == '\n'))
		if (len > columns)
			return false;
	return true;
}

static void table(void)
{
	bool complete = true, narrow = true, ends = true, found = true, worded = true;

	for (unsigned code = CXLF_OK + 1; code < CXLF_E_COUNT; code++) {
		const struct cxlf_code_info *info = cxlf_code_info((enum cxlf_code)code);

		complete = complete && info->code == code && info->name && info->summary && info->explain &&
			   strlen(info->explain) > 80;
		if (!complete)
			break;
		narrow = narrow && fits(info->explain, 76);
		ends = ends && info->explain[strlen(info->explain) - 1] == '\n' &&
		       info->summary[strlen(info->summary) - 1] != '.';
		found = found && cxlf_code_by_name(info->name) == info;
		worded = worded && cxlf_exit_summary((int)info->exit);
	}
	ok(complete, "every code has a name, a summary and a paragraph");
	ok(narrow, "of at most 76 columns");
	ok(ends, "a paragraph ends its line, a summary has no full stop");
	ok(found, "every code is found by its name");
	ok(worded, "every exit status has words");
	ok(cxlf_code_by_name("lun_in_use") == cxlf_code_info(CXLF_E_LUN_IN_USE), "in any case of letters");
	ok(!cxlf_code_by_name("NOPE") && !cxlf_exit_summary(14) && !cxlf_exit_summary(-1), "and nothing else is");
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
	is(strlen(err.cause), sizeof(err.cause) - 1, "too long a cause is cut");
	cxlf_fail(&err, CXLF_E_FAILED, "again");
	ok(!*err.cause && !err.sys, "a new failure forgets the one before");
	is_text(cxlf_errno_name(EBUSY), "EBUSY", "errno's name");
	is_text(cxlf_errno_name(524), "", "one without a name");
	is_text(cxlf_errno_name(0), "", "none");
	is_text(cxlf_errno_name(-EBUSY), "", "a number below");
}

int main(void)
{
	table();
	errors();
	return done();
}
