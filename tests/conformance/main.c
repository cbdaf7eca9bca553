/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conformance: tests the driver against every statement of the checklist in its contract.
 *
 *   conformance [NUMBER|FIRST-LAST]...   run these statements, or all; TAP on stdout, then a summary
 *   conformance --report                 run all; Markdown on stdout (tests/conformance/REPORT.md)
 *   conformance -l                       list the statements
 *
 * For root, and in the lab only: lab/run -- /lab/tree/build/ppc64le/tests/conformance. It overwrites LUNs, takes
 * every path into and out of superpipe mode, makes adapters fail and binds them again; no other program may use them.
 * Exit status: 0 if no test failed, 1 if one did, 2 for wrong usage or no adapter.
 */
#include "harness.h"
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define N_STATEMENTS 121

static const struct chapter {
	const char *title;
	const struct test *tests;
} chapters[] = {
	{"Node access and dispatch", dispatch_tests},
	{"MANAGE_LUN", manage_tests},
	{"ATTACH and contexts", attach_tests},
	{"Handles and LUN mode", handle_tests},
	{"Virtual LUNs", vlun_tests},
	{"CLONE", clone_tests},
	{"VERIFY", verify_tests},
	{"RECOVER, reset, MMIO", recover_tests},
	{"Process life cycle", life_tests},
	{"Host ioctls", host_tests},
	{"sysfs and discovery", sysfs_tests},
};
#define N_CHAPTERS (sizeof(chapters) / sizeof(chapters[0]))

static const char *const outcome_name[N_OUTCOMES] = {
	[COVERED] = "covered",
	[CONTRADICTED] = "contradicted",
	[NOT_OBSERVABLE] = "not observable",
	[FAILED] = "FAILED",
};

static struct result results[N_STATEMENTS + 1];
static bool wanted[N_STATEMENTS + 1];

static _Noreturn void usage(const char *wrong)
{
	fprintf(stderr, "conformance: %s\nusage: conformance [-l | --report | NUMBER|FIRST-LAST...]\n", wrong);
	exit(2);
}

static void want(const char *range)
{
	int first, last, end = 0;

	if (sscanf(range, "%d-%d%n", &first, &last, &end) == 2 && !range[end]) {
		;
	} else if (sscanf(range, "%d%n", &first, &end) == 1 && !range[end]) {
		last = first;
	} else {
		usage("not a number or a range of numbers");
	}
	if (first < 1 || last > N_STATEMENTS || first > last)
		usage("statements are numbered 1 to 121");
	for (int i = first; i <= last; i++)
		wanted[i] = true;
}

/* Checks that each statement has its test, in order. */
static bool is_complete(void)
{
	int number = 0;

	for (size_t c = 0; c < N_CHAPTERS; c++)
		for (const struct test *t = chapters[c].tests; t->number; t++)
			if (t->number != ++number || !t->run) {
				fprintf(stderr, "conformance: statement %d has no test\n", number);
				return false;
			}
	return number == N_STATEMENTS;
}

static void list(void)
{
	for (size_t c = 0; c < N_CHAPTERS; c++) {
		printf("# %s\n", chapters[c].title);
		for (const struct test *t = chapters[c].tests; t->number; t++)
			printf("%3d %s\n", t->number, t->statement);
	}
}

static void print_tap(const struct test *t, const struct result *r)
{
	switch (r->outcome) {
	case COVERED:
		printf("ok %d - %s\n", t->number, t->statement);
		if (r->text[0])
			printf("# %s\n", r->text);
		break;
	case CONTRADICTED:
		printf("ok %d - %s # contradicted: %s\n", t->number, t->statement, r->text);
		break;
	case NOT_OBSERVABLE:
		printf("ok %d - %s # SKIP %s\n", t->number, t->statement, r->text);
		break;
	default:
		printf("not ok %d - %s\n# %s\n", t->number, t->statement, r->text);
	}
	fflush(stdout);
}

static void count(const struct chapter *chapter, unsigned int n[static N_OUTCOMES])
{
	for (const struct test *t = chapter->tests; t->number; t++)
		if (wanted[t->number])
			n[results[t->number].outcome]++;
}

static void print_counts(const char *format, const char *title, const unsigned int n[static N_OUTCOMES])
{
	printf(format, title, n[COVERED], n[CONTRADICTED], n[NOT_OBSERVABLE], n[FAILED]);
}

static void print_summary(const char *head, const char *row)
{
	unsigned int all[N_OUTCOMES] = {0};

	printf("%s", head);
	for (size_t c = 0; c < N_CHAPTERS; c++) {
		unsigned int n[N_OUTCOMES] = {0};
		unsigned int sum = 0;

		count(&chapters[c], n);
		for (int o = 0; o < N_OUTCOMES; o++) {
			all[o] += n[o];
			sum += n[o];
		}
		if (sum)
			print_counts(row, chapters[c].title, n);
	}
	print_counts(row, "all", all);
}

/* Covered except for a part, which the evidence names. */
static void print_partial(void)
{
	const char *comma = "";

	printf("\nCovered but for a part that this machine cannot show (\"not shown\" in the evidence):");
	for (int i = 1; i <= N_STATEMENTS; i++)
		if (results[i].outcome == COVERED && strstr(results[i].text, "not shown")) {
			printf("%s %d", comma, i);
			comma = ",";
		}
	printf(".\n");
}

/* Text for a table's cell. */
static void print_cell(const char *text)
{
	for (; *text; text++)
		if (*text == '|')
			fputs("\\|", stdout);
		else
			putchar(*text == '\n' ? ' ' : *text);
}

static void print_report(unsigned int n_adapters, unsigned int n_paths, unsigned int seconds)
{
	struct utsname system;

	uname(&system);
	printf("<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n# Conformance of the driver with its contract\n\n"
	       "Written by `conformance --report`; do not edit. One row for each statement of the contract's "
	       "checklist, in its order and numbering.\n\n"
	       "- driver: the `cxlflash` module of Linux %s (%s), unmodified\n"
	       "- in the lab: page size %ld, %u adapters, %u paths\n"
	       "- %u s of the machine's clock\n\n"
	       "*Covered*: a test that can fail proves the statement. *Contradicted*: the driver does something else, "
	       "and the test asserts that. *Not observable*: this machine cannot show it. The column *by* says who "
	       "gave the answer: the driver, the kernel around it, or the lab's stand-in for the `cxl` module and the "
	       "AFU (`lab`), which proves nothing about real hardware.\n\n",
	       system.release, system.machine, sysconf(_SC_PAGESIZE), n_adapters, n_paths, seconds);
	print_summary("| chapter | covered | contradicted | not observable | failed |\n"
		      "| --- | --- | --- | --- | --- |\n",
		      "| %s | %u | %u | %u | %u |\n");
	print_partial();
	for (size_t c = 0; c < N_CHAPTERS; c++) {
		printf("\n## %s\n\n| # | statement | by | outcome | evidence |\n| --- | --- | --- | --- | --- |\n",
		       chapters[c].title);
		for (const struct test *t = chapters[c].tests; t->number; t++) {
			const struct result *r = &results[t->number];

			printf("| %d | ", t->number);
			print_cell(t->statement);
			printf(" | %s | %s | ", t->answers, outcome_name[r->outcome]);
			print_cell(r->text);
			printf(" |\n");
		}
	}
}

/* Observed on the running driver while these tests were written; contract sections in parentheses. */
static void print_left_out(void)
{
	printf("\n## Left out, because the kernel does not survive it\n\n"
	       "- Reading portN or portN_lun_table, or QUERY_PORT, between EEH freeze and thaw or after a failed "
	       "reset: "
	       "NULL pointer in the driver (8.1).\n"
	       "- Closing the adapter fd, or exiting, while the LUN's path is out of superpipe mode (statement 20): a "
	       "kernel warning in destroy_context(), and a leak (6.2 names the close as a way out).\n"
	       "- The same with a handle open, which a DISABLE with another WWID allows (statement 22): NULL pointer "
	       "in "
	       "_cxlflash_disk_release(), and the adapter's locks are never given back. ENABLE with the right WWID "
	       "first.\n"
	       "- A forked child that keeps the inherited adapter fd, or a mapping of it, beyond the owner's end: the "
	       "context is never forgotten, its LUN keeps its mode, DISABLE is EBUSY for ever and unbinding the "
	       "adapter "
	       "never ends (3.15).\n"
	       "- NEED_WRITE_SAME on a disk that takes no WRITE SAME: endless loop (3.14; from the source, not "
	       "tried).\n");
}

static int run_all(bool report)
{
	uint64_t start = now_ms();
	int failed = 0, stopped_by = 0;
	unsigned int n_adapters, n_paths;

	harness_init();
	machine_init();
	if (!machine()->n_adapters || !have_lab()) {
		fprintf(stderr, "conformance: no cxlflash adapter of the lab in this machine\n");
		return 2;
	}
	n_adapters = machine()->n_adapters;
	n_paths = machine()->n_paths;
	forget_machine(); /* each test reads it again */
	for (size_t c = 0; c < N_CHAPTERS; c++)
		for (const struct test *t = chapters[c].tests; t->number; t++) {
			struct result *r = &results[t->number];

			if (!wanted[t->number])
				continue;
			if (stopped_by) {
				r->outcome = FAILED;
				sprintf(r->text, "not run: the machine was not put back after %d", stopped_by);
			} else if (!run_test(t, r)) {
				stopped_by = t->number;
			}
			failed += r->outcome == FAILED;
			if (!report)
				print_tap(t, r);
			else if (r->outcome == FAILED)
				fprintf(stderr, "not ok %d - %s\n# %s\n", t->number, t->statement, r->text);
		}
	if (stopped_by && !report)
		printf("Bail out! the machine was not put back after %d\n", stopped_by);
	if (report) {
		print_report(n_adapters, n_paths, (now_ms() - start) / 1000);
		print_left_out();
	} else {
		print_summary("#\n#                            covered  contradicted  not observable  failed\n",
			      "# %-26s %8u %13u %15u %7u\n");
	}
	return failed ? 1 : 0;
}

static void plan(void)
{
	unsigned int n = 0;

	for (int i = 1; i <= N_STATEMENTS; i++)
		n += wanted[i];
	printf("TAP version 13\n1..%u\n", n);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	bool report = argc == 2 && !strcmp(argv[1], "--report");

	if (!is_complete())
		return 2;
	if (argc == 2 && !strcmp(argv[1], "-l")) {
		list();
		return 0;
	}
	for (int i = 1; !report && i < argc; i++)
		want(argv[i]);
	if (report || argc == 1)
		want("1-121");
	if (geteuid()) {
		fprintf(stderr, "conformance: only root can do this\n");
		return 2;
	}
	if (!report)
		plan();
	return run_all(report);
}
