/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running one test with limits, and its checks.
 */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The results of the child are in shared memory, so that they survive its death. */
static struct shared {
	struct result result;
} * shared;

static void (*reset_machine)(void);
static int kmsg = -1;

/* ---- words ------------------------------------------------------------------------------------------ */

static void say(enum outcome outcome, const char *format, va_list args)
{
	shared->result.outcome = outcome;
	vsnprintf(shared->result.text, sizeof(shared->result.text), format, args);
}

void evidence(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(shared->result.outcome, format, args);
	va_end(args);
}

void contradicted(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(CONTRADICTED, format, args);
	va_end(args);
}

void not_observable(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(NOT_OBSERVABLE, format, args);
	va_end(args);
	_exit(0);
}

void fail_at(const char *file, int line, const char *format, ...)
{
	const char *slash = strrchr(file, '/');
	char text[TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Only the first failure is kept, not that of a parent whose child failed. */
	if (shared->result.outcome != FAILED) {
		shared->result.outcome = FAILED;
		snprintf(shared->result.text, sizeof(shared->result.text), "%.40s:%d: %.400s", slash ? slash + 1 : file,
			 line, text);
	}
	_exit(1);
}

void check_eq(const char *file, int line, const char *what, uint64_t got, uint64_t want)
{
	if (got != want)
		fail_at(file, line, "%s is %llu (0x%llx), not %llu (0x%llx)", what, (unsigned long long)got,
			(unsigned long long)got, (unsigned long long)want, (unsigned long long)want);
}

static const char *rc_name(int rc, char buf[static 16])
{
	const char *name = rc < 0 ? strerrorname_np(-rc) : NULL;

	if (name)
		return name;
	snprintf(buf, 16, "%d", rc);
	return buf;
}

void check_rc(const char *file, int line, const char *what, int got, int want)
{
	char a[16], b[16];

	if (got != want)
		fail_at(file, line, "%s gives %s, not %s", what, rc_name(got, a), rc_name(want, b));
}

void check_text(const char *file, int line, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want))
		fail_at(file, line, "%s is \"%.80s\", not \"%.80s\"", what, got, want);
}

/* ---- time --------------------------------------------------------------------------------------------- */

uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sleep_ms(unsigned int ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

void wait_until(const char *what, bool (*holds)(void *), void *arg, unsigned int seconds)
{
	uint64_t end = now_ms() + seconds * 1000ull;

	while (!holds(arg)) {
		if (now_ms() > end)
			FAIL("still waiting after %u s: %s", seconds, what);
		sleep_ms(20);
	}
}

/* ---- processes ------------------------------------------------------------------------------------------ */

void *shared_memory(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	return memory;
}

static void close_adapter_fds(void)
{
	char name[40], target[16];

	for (int fd = 0; fd < 1024; fd++) {
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
		if (readlink(name, target, sizeof(target)) > 5 && !memcmp(target, "/cxl:", 5))
			close(fd);
	}
}

static pid_t fork_child(void (*body)(void *), void *arg, bool heir)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid)
		return pid;
	if (!heir)
		close_adapter_fds();
	body(arg);
	_exit(0);
}

pid_t start_child(void (*body)(void *), void *arg)
{
	return fork_child(body, arg, false);
}

pid_t start_heir(void (*body)(void *), void *arg)
{
	return fork_child(body, arg, true);
}

/* Returns whether the process ended within the time. It is not reaped. */
static bool ended(pid_t pid, unsigned int ms)
{
	struct pollfd p = {.fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
	int n = p.fd < 0 ? 1 : poll(&p, 1, ms);

	if (p.fd >= 0)
		close(p.fd);
	return n > 0;
}

bool child_blocks(pid_t pid, unsigned int ms)
{
	return !ended(pid, ms);
}

void finish_child(pid_t pid, unsigned int seconds)
{
	int status;

	if (!ended(pid, seconds * 1000))
		FAIL("a child process has not ended after %u s", seconds);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	if (status)
		FAIL("a child process ended badly: status 0x%x", status);
}

void run_child(void (*body)(void *), void *arg)
{
	finish_child(start_child(body, arg), 30);
}

void kill_child(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGKILL), 0);
	if (!ended(pid, 20000))
		FAIL("a killed child process does not end");
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

void gate_make(struct gate *gate)
{
	CHECK_EQ(pipe2(gate->fd, O_CLOEXEC), 0);
}

void gate_open(struct gate *gate)
{
	CHECK_EQ(write(gate->fd[1], "", 1), 1);
}

void gate_wait(struct gate *gate)
{
	struct pollfd p = {.fd = gate->fd[0], .events = POLLIN};
	char c;

	if (poll(&p, 1, 20000) != 1 || read(gate->fd[0], &c, 1) != 1)
		FAIL("another process of this test did not come to the meeting point");
}

/* ---- the runner ------------------------------------------------------------------------------------------- */

void harness_init(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("conformance: no memory");
		exit(2);
	}
	/* become the parent of a test's orphans, to know when they have ended */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg >= 0)
		lseek(kmsg, 0, SEEK_END);
}

void on_reset(void (*reset)(void))
{
	reset_machine = reset;
}

/* Finds the first line about a problem in the kernel's log since the last call. */
static bool kernel_trouble(char *text, size_t size)
{
	char record[8192];
	bool found = false;
	ssize_t n;

	while (kmsg >= 0 && ((n = read(kmsg, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE))) {
		char *message;

		record[n > 0 ? n : 0] = 0;
		message = strchr(record, ';');
		if (found || !message)
			continue;
		if (!strstr(message, "WARNING: ") && !strstr(message, "Oops: ") && !strstr(message, "BUG: ") &&
		    !strstr(message, "Unable to handle kernel"))
			continue;
		message[strcspn(message, "\n")] = 0;
		snprintf(text, size, "%.200s", message + 1);
		found = true;
	}
	return found;
}

static pid_t start_body(void (*body)(void))
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setpgid(0, 0);
	body();
	_exit(0);
}

/* Returns whether all processes of a test ended within the time; if not, one is blocked in the kernel. */
static bool kill_group(pid_t pid, unsigned int ms)
{
	uint64_t end = now_ms() + ms;

	kill(-pid, SIGKILL);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (kill(-pid, 0) && errno == ESRCH)
			return true;
		if (now_ms() > end)
			return false;
		sleep_ms(5);
	}
}

/* Runs a function with limits. Returns NULL, or the failure. */
static const char *bounded(void (*body)(void), unsigned int seconds)
{
	static char text[80];
	pid_t pid = start_body(body);
	int status = 0;

	if (pid < 0)
		return "no process for it";
	setpgid(pid, pid); /* parent and child both set it, because either may run first */
	if (!ended(pid, seconds * 1000)) {
		snprintf(text, sizeof(text), "not finished after %u s%s", seconds,
			 kill_group(pid, 20000) ? "" : ", and it cannot be killed");
		return text;
	}
	waitpid(pid, &status, 0);
	if (!kill_group(pid, 20000))
		return "a process it started cannot be killed";
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status) ? "it ended without saying why" : NULL;
	snprintf(text, sizeof(text), "died by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return text;
}

static void fail(struct result *result, const char *prefix, const char *text)
{
	result->outcome = FAILED;
	snprintf(result->text, sizeof(result->text), "%.60s%.400s", prefix, text);
}

bool run_test(const struct test *test, struct result *result)
{
	char kernel[240];
	uint64_t start = now_ms();
	const char *wrong;

	memset(result, 0, sizeof(*result));
	memset(shared, 0, sizeof(*shared));
	shared->result.outcome = COVERED;
	wrong = bounded(test->run, test->seconds ? test->seconds : DEFAULT_SECONDS);
	*result = shared->result;
	if (wrong && result->outcome != FAILED)
		fail(result, "", wrong);
	if (kernel_trouble(kernel, sizeof(kernel)) && result->outcome != FAILED)
		fail(result, "the kernel's log: ", kernel);

	memset(shared, 0, sizeof(*shared));
	wrong = reset_machine ? bounded(reset_machine, 120) : NULL;
	if (wrong && result->outcome != FAILED)
		fail(result, "afterwards, putting the machine back: ",
		     shared->result.outcome == FAILED ? shared->result.text : wrong);
	if (kernel_trouble(kernel, sizeof(kernel)) && result->outcome != FAILED)
		fail(result, "afterwards, the kernel's log: ", kernel);
	result->ms = now_ms() - start;
	return !wrong;
}
