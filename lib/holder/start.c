/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Start a holder's process. Between fork() and exec() there are only calls that are safe in a process with threads.
 */
#include "start.h"
#include "clock.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define PROGRAM "cxlflash-holder"
#define START_MS 120000 /* an attach may wait for a reset, or for READ CAPACITY and its retries */
#define FDS_MAX 65536

/* In the directory of the running program; there is no search path. */
static int program_path(char *path, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);

	if (len < 0)
		return -errno;
	path[len] = '\0';

	char *slash = strrchr(path, '/');

	if (!slash || (size_t)(slash + 1 - path) + sizeof(PROGRAM) > size)
		return -ENAMETOOLONG;
	memcpy(slash + 1, PROGRAM, sizeof(PROGRAM));
	return access(path, X_OK) ? -errno : 0;
}

static void close_above(int last)
{
#ifdef SYS_close_range
	if (!syscall(SYS_close_range, (unsigned)last + 1, ~0u, 0))
		return;
#endif
	for (int fd = last + 1; fd < FDS_MAX; fd++)
		close(fd);
}

static void exec_holder(const char *path, char *const argv[], int ready, bool child)
{
	static char *const no_environment[] = {NULL};
	sigset_t none;

	setsid();
	if (!child && fork())
		_exit(0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL);
	if (ready != CXLF_HOLDER_READY_FD)
		dup2(ready, CXLF_HOLDER_READY_FD);
	else
		fcntl(ready, F_SETFD, 0);
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	open("/dev/null", O_RDONLY);
	open("/dev/null", O_WRONLY);
	open("/dev/null", O_WRONLY);
	close_above(CXLF_HOLDER_READY_FD);
	umask(022);
	if (!chdir("/"))
		execve(path, argv, no_environment);
	_exit(127);
}

/* Read until the other side closes the pipe: the length, or -errno. */
static ssize_t read_all(int fd, char *body, size_t size, unsigned timeout_ms)
{
	int64_t until = cxlf_now_ms() + timeout_ms;
	size_t done = 0;

	while (done < size) {
		int64_t left = until - cxlf_now_ms();
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&poll_fd, 1, (int)left) <= 0)
			continue;

		ssize_t got = read(fd, body + done, size - done);

		if (got <= 0)
			return got ? -errno : (ssize_t)done;
		done += (size_t)got;
	}
	return -EPROTO;
}

/* After an upgrade a running holder starts the new program for a clone. */
static bool is_other_release(const char *body, size_t len, struct cxlf_err *err)
{
	struct cxlf_wire_fixed fixed = {0};

	memcpy(&fixed, body, len < sizeof(fixed) ? len : sizeof(fixed));
	return cxlf_wire_fixed_ok(&fixed, len, CXLF_WIRE_INFO) && fixed.head.version != CXLF_WIRE_VERSION &&
	       cxlf_holder_other_release(fixed.name, fixed.release, err);
}

static int read_answer(int fd, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	scoped_free char *body = malloc(CXLF_WIRE_ANSWER_MAX);
	struct cxlf_wire_result result;

	if (!body)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot start a holder");

	ssize_t len = read_all(fd, body, CXLF_WIRE_ANSWER_MAX, timeout_ms);

	if (len == -ETIMEDOUT) {
		cxlf_fail(err, CXLF_E_TIMEOUT, "the holder is not ready after %u s", timeout_ms / 1000);
		cxlf_cause(err, "it waits for the adapter and may still become ready");
		return cxlf_fix(err, "cxlflashctl context list");
	}
	if (len > 0 && is_other_release(body, (size_t)len, err))
		return -1;
	if (len < 0 || cxlf_wire_decode(body, (size_t)len, &result, info)) {
		cxlf_fail(err, CXLF_E_CONTEXT_GONE, "the holder ended before it was ready");
		return cxlf_fix(err, "journalctl -t cxlflash-holder");
	}
	*err = result.err;
	if (err->code)
		cxlf_holder_info_free(info);
	return err->code ? -1 : 0;
}

/* ---- its command line ---- */

#define WORDS (9 + CXLF_CONTEXT_LUNS)

struct words {
	char text[WORDS][CXLF_WWID_TEXT + 48];
	char *word[WORDS + 1];
	unsigned n;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *words, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(words->text[words->n], sizeof(*words->text), fmt, args);
	va_end(args);
	words->word[words->n] = words->text[words->n];
	words->n++;
}

static void write_words(struct words *words, const struct cxlf_holder_options *options,
			const struct cxlf_context_lun *lun, unsigned n_luns)
{
	char wwid[CXLF_WWID_TEXT];

	add(words, "%s", PROGRAM);
	add(words, "--ready-fd=%d", CXLF_HOLDER_READY_FD);
	add(words, "--interrupts=%u", options->interrupts);
	add(words, "--check=%ums", options->check_ms);
	if (options->name)
		add(words, "--name=%s", options->name);
	if (options->parent)
		add(words, "--parent=%s", options->parent);
	if (options->read_only)
		add(words, "--read-only");
	if (options->no_recover)
		add(words, "--no-recover");
	if (options->implicit)
		add(words, "--implicit");
	for (unsigned i = 0; i < n_luns; i++) {
		cxlf_wwid_text(&lun[i].wwid, wwid);
		add(words, "%s@%s", wwid, lun[i].hctl);
	}
}

/* ---- start ---- */

int cxlf_holder_spawn(const struct cxlf_holder_options *options, const struct cxlf_context_lun *lun, unsigned n_luns,
		      bool child, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct words words = {.n = 0};
	char path[512];
	int pipe_fd[2], rc = program_path(path, sizeof(path));

	*info = (struct cxlf_holder_info){0};
	if (n_luns > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context can have at most %d LUNs", CXLF_CONTEXT_LUNS);
	write_words(&words, options, lun, n_luns);
	if (rc) {
		cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot start a holder: no program %s", path);
		return cxlf_fix(err, "install %s in the directory of this program", PROGRAM);
	}
	if (pipe2(pipe_fd, O_CLOEXEC))
		return cxlf_fail_sys(err, CXLF_E_FAILED, -errno, "cannot start a holder");

	scoped_fd int in = pipe_fd[0];
	pid_t pid = fork();

	if (!pid)
		exec_holder(path, words.word, pipe_fd[1], child);
	rc = pid < 0 ? -errno : 0;
	close(pipe_fd[1]);
	if (rc)
		return cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot start a holder");
	if (!child)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	return read_answer(in, timeout_ms, info, err);
}

int cxlf_holder_start(const struct cxlf_holder_options *options, const struct cxlf_topology *topology,
		      const unsigned *path, unsigned n_paths, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_context_lun lun[CXLF_CONTEXT_LUNS] = {0};

	for (unsigned i = 0; i < n_paths && i < CXLF_CONTEXT_LUNS; i++) {
		lun[i].wwid = topology->path[path[i]].wwid;
		snprintf(lun[i].hctl, sizeof(lun[i].hctl), "%s", topology->path[path[i]].hctl);
	}
	return cxlf_holder_spawn(options, lun, n_paths, false, START_MS, info, err);
}
