/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The framework of the conformance client: tests, their results and their limits.
 *
 * Each statement of the checklist in the driver contract is one test with the same number. A test runs in its own child
 * process, so that a hang or a crash is the failure of one test. Afterwards its processes, faults and mode switches are
 * reset, so that each test starts with all paths in legacy mode and all contexts closed. A failed check ends the test.
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
	const char
		*answers; /* the source of the answer: the driver, the kernel, or the lab's stand-in for cxl and AFU */
	void (*run)(void);
	unsigned int seconds; /* of the machine's clock; 0: DEFAULT_SECONDS */
};

#define DEFAULT_SECONDS 60

enum outcome { FAILED, COVERED, CONTRADICTED, NOT_OBSERVABLE, N_OUTCOMES };

#define TEXT 480

struct result {
	enum outcome outcome;
	char text[TEXT]; /* evidence, difference of the driver, reason, or failure */
	unsigned int ms;
};

/* ---- what a test says --------------------------------------------------------------------------- */

/* One line for the report: the observation. The last one is used. */
void evidence(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The driver contradicts the statement, and the test has verified its actual behaviour. */
void contradicted(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Not observable on this machine. Ends the test. */
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
 * Starts a child that runs `body`; a failed check of it fails the test. It stays in the process group of the test. The
 * inherited adapter fds are closed at once: if the child kept one after the end of the owner, the driver would never
 * free the context, and the adapter could not be unbound.
 */
pid_t start_child(void (*body)(void *), void *arg);
/* The same with the adapter fds open, for tests of this case. */
pid_t start_heir(void (*body)(void *), void *arg);
/* Waits until the child has succeeded, for at most `seconds`; otherwise the test fails. */
void finish_child(pid_t pid, unsigned int seconds);
void run_child(void (*body)(void *), void *arg);
void kill_child(pid_t pid);
/* Returns whether the child is still running after this time. */
bool child_blocks(pid_t pid, unsigned int ms);

/* Synchronisation of parent and child, and memory that they share, initially zero. */
void *shared_memory(size_t bytes);
struct gate {
	int fd[2];
};
void gate_make(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate); /* at most 20 s */

void sleep_ms(unsigned int ms);
uint64_t now_ms(void);
/* Waits until `holds` returns true, for a limited time; otherwise the test fails and names `what`. */
void wait_until(const char *what, bool (*holds)(void *), void *arg, unsigned int seconds);

/* ---- the runner (main.c) ---------------------------------------------------------------------------- */

void harness_init(void);
/* Returns false if the machine could not be reset: then the results of further tests are meaningless. */
bool run_test(const struct test *test, struct result *result);
/* Registers the function that resets the machine after a test, in its own process. */
void on_reset(void (*reset)(void));

/* Chapters, in the checklist's order; each ends with a test of number 0. */
extern const struct test dispatch_tests[], manage_tests[], attach_tests[], handle_tests[], vlun_tests[], clone_tests[],
	verify_tests[], recover_tests[], life_tests[], host_tests[], sysfs_tests[];

#endif
