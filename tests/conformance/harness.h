/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The conformance client's frame: what a test is, how it says what it found, and how it is kept in bounds.
 *
 * Each statement of the driver contract's checklist is one test of the same number. A test runs in a child
 * process of its own, so that a hang or a crash is the failure of one test; afterwards everything it left
 * behind (processes, faults, superpipe mode) is taken away, so that each test starts from all paths legacy
 * and all contexts closed. A check that does not hold ends the test.
 */
#ifndef CONFORMANCE_HARNESS_H
#define CONFORMANCE_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct test {
	int number;
	const char *statement;
	const char *answers; /* who answers in the lab: the driver, the kernel, or our stand-in for cxl and AFU */
	void (*run)(void);
	unsigned int seconds; /* of the machine's clock; 0: DEFAULT_SECONDS */
};

#define DEFAULT_SECONDS 60

enum outcome { FAILED, COVERED, CONTRADICTED, NOT_OBSERVABLE, N_OUTCOMES };

#define TEXT 480

struct result {
	enum outcome outcome;
	char text[TEXT]; /* evidence, the driver's own way, the reason, or the failure */
	unsigned int ms;
};

/* ---- what a test says --------------------------------------------------------------------------- */

/* One line for the report: what was seen. The last one counts. */
void evidence(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The driver does not do what the statement says, and the test has just proved what it does instead. */
void contradicted(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* This machine cannot show it. Ends the test. */
void not_observable(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void fail_at(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));

#define FAIL(...) fail_at(__FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			FAIL("not so: %s", #condition);                                                                \
	} while (0)
#define CHECK_EQ(got, want) check_eq(__FILE__, __LINE__, #got, (uint64_t)(got), (uint64_t)(want))
/* For calls that return 0 (or more), or -errno. */
#define CHECK_RC(call, want) check_rc(__FILE__, __LINE__, #call, (call), (want))
#define CHECK_TEXT(got, want) check_text(__FILE__, __LINE__, #got, (got), (want))

void check_eq(const char *file, int line, const char *what, uint64_t got, uint64_t want);
void check_rc(const char *file, int line, const char *what, int got, int want);
void check_text(const char *file, int line, const char *what, const char *got, const char *want);

/* ---- other processes ------------------------------------------------------------------------------ */

/*
 * A child that runs `body`; its failed check is the test's. Stays in the test's process group. The adapter fds
 * it inherits are closed at once: if it kept one beyond the owner's end, the driver would never forget the context,
 * and the adapter could not even be unbound any more.
 */
pid_t start_child(void (*body)(void *), void *arg);
/* With the adapter fds, for a test about just that. */
pid_t start_heir(void (*body)(void *), void *arg);
/* Until it has ended well, for at most `seconds`: otherwise the test fails. */
void finish_child(pid_t pid, unsigned int seconds);
void run_child(void (*body)(void *), void *arg);
void kill_child(pid_t pid);
/* True if the child is still running after so long. */
bool child_blocks(pid_t pid, unsigned int ms);

/* A rendezvous of parent and child, and memory they share: all zero at first. */
void *shared_memory(size_t bytes);
struct gate {
	int fd[2];
};
void gate_make(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate); /* at most 20 s */

void sleep_ms(unsigned int ms);
uint64_t now_ms(void);
/* Until `holds` does, for at most so long: otherwise the test fails, naming `what`. */
void wait_until(const char *what, bool (*holds)(void *), void *arg, unsigned int seconds);

/* ---- the runner (main.c) ---------------------------------------------------------------------------- */

void harness_init(void);
/* False if the machine could not be put back: then no further test means anything. */
bool run_test(const struct test *test, struct result *result);
/* Registers what puts the machine back after a test; runs in a process of its own. */
void on_reset(void (*reset)(void));

/* Chapters, in the checklist's order; each ends with a test of number 0. */
extern const struct test dispatch_tests[], manage_tests[], attach_tests[], handle_tests[], vlun_tests[], clone_tests[],
	verify_tests[], recover_tests[], life_tests[], host_tests[], sysfs_tests[];

#endif
