/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting a holder's process. Between fork() and exec() only calls that are safe in a process with threads.
 */
#include "start.h"
#include "clock.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
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

/* It stands beside the program that runs: no search path, so no surprise. */
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

static void become(const char *path, char *const argv[], int ready, bool child)
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

/* All that comes until the other side closes: its length, or -errno. */
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

static int hear(int fd, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	scoped_free char *body = malloc(CXLF_WIRE_BODY_MAX);
	struct cxlf_wire_result result;

	if (!body)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot start a holder");

	ssize_t len = read_all(fd, body, CXLF_WIRE_BODY_MAX, timeout_ms);

	if (len == -ETIMEDOUT) {
		cxlf_fail(err, CXLF_E_TIMEOUT, "the holder is not ready after %u s", timeout_ms / 1000);
		cxlf_cause(err, "it waits for the adapter; it may still get there");
		return cxlf_fix(err, "cxlflashctl context list");
	}
	if (len < 0 || cxlf_wire_decode(body, (size_t)len, &result, info)) {
		cxlf_fail(err, CXLF_E_CONTEXT_GONE, "the holder ended before it was ready");
		return cxlf_fix(err, "journalctl -t cxlflash-holder");
	}
	*err = result.err;
	if (err->code)
		cxlf_holder_info_free(info);
	return err->code ? -1 : 0;
}

int cxlf_holder_spawn(char *const argv[], bool child, unsigned timeout_ms, struct cxlf_holder_info *info,
		      struct cxlf_err *err)
{
	char path[512];
	int pipe_fd[2], rc = program_path(path, sizeof(path));

	*info = (struct cxlf_holder_info){0};
	if (rc) {
		cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot start a holder: no program %s", path);
		return cxlf_fix(err, "install %s beside this program", PROGRAM);
	}
	if (pipe2(pipe_fd, O_CLOEXEC))
		return cxlf_fail_sys(err, CXLF_E_FAILED, -errno, "cannot start a holder");

	scoped_fd int in = pipe_fd[0];
	pid_t pid = fork();

	if (!pid)
		become(path, argv, pipe_fd[1], child);
	rc = pid < 0 ? -errno : 0;
	close(pipe_fd[1]);
	if (rc)
		return cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot start a holder");
	if (!child)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	return hear(in, timeout_ms, info, err);
}

/* ---- by a command ---- */

struct words {
	char *word[16 + CXLF_CONTEXT_LUNS];
	unsigned n;
	char text[CXLF_CONTEXT_LUNS + 4][sizeof("--lun=@") + CXLF_WWID_TEXT + 40];
	unsigned used;
};

static void add(struct words *words, char *word)
{
	words->word[words->n++] = word;
}

static char *slot(struct words *words)
{
	char *text = words->text[words->used++];

	add(words, text);
	return text;
}

int cxlf_holder_start(const struct cxlf_holder_start *start, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct words words = {.n = 0};

	if (start->n_paths > CXLF_CONTEXT_LUNS)
		return cxlf_fail(err, CXLF_E_USAGE, "a context takes %d LUNs at most", CXLF_CONTEXT_LUNS);
	add(&words, (char *)PROGRAM);
	snprintf(slot(&words), sizeof(*words.text), "--ready-fd=%d", CXLF_HOLDER_READY_FD);
	if (start->name)
		snprintf(slot(&words), sizeof(*words.text), "--name=%s", start->name);
	snprintf(slot(&words), sizeof(*words.text), "--interrupts=%u", start->interrupts);
	snprintf(slot(&words), sizeof(*words.text), "--check=%ums", start->check_ms);
	if (start->read_only)
		add(&words, (char *)"--read-only");
	if (!start->recovers)
		add(&words, (char *)"--no-recover");
	if (start->implicit)
		add(&words, (char *)"--implicit");
	for (unsigned i = 0; i < start->n_paths; i++) {
		const struct cxlf_path *path = start->topology->path + start->path[i];
		char wwid[CXLF_WWID_TEXT];

		cxlf_wwid_text(&path->wwid, wwid);
		snprintf(slot(&words), sizeof(*words.text), "%s@%s", wwid, path->hctl);
	}
	return cxlf_holder_spawn(words.word, false, START_MS, info, err);
}
