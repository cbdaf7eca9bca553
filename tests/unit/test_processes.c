/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk over processes finds the files of all threads, and says why it could not read some.
 */
#include "discover/processes.h"
#include "unit.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* readlinkat(2) and openat(2) of the library's: fail with this errno for this name. */
static const char *refused_name;
static int refused_errno;

static bool is_refused(const char *name)
{
	if (!refused_name || strcmp(name, refused_name) != 0)
		return false;
	errno = refused_errno;
	return true;
}

ssize_t readlinkat(int dir, const char *name, char *buf, size_t size)
{
	ssize_t (*real)(int, const char *, char *, size_t);

	*(void **)&real = dlsym(RTLD_NEXT, "readlinkat");
	return is_refused(name) ? -1 : real(dir, name, buf, size);
}

int openat(int dir, const char *name, int flags, ...)
{
	int (*real)(int, const char *, int, ...);
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	*(void **)&real = dlsym(RTLD_NEXT, "openat");
	return is_refused(name) ? -1 : real(dir, name, flags, mode);
}

/* ---- the walk ---- */

struct found {
	const char *target;
	pid_t pid;
	unsigned n_files, n_ends;
	bool has_fdinfo;
};

static void each_file(void *arg, const struct cxlf_process_at *process, const char *fd, const char *target)
{
	struct found *found = arg;
	char file[40];

	if (process->pid != found->pid || strcmp(target, found->target) != 0)
		return;
	found->n_files++;
	snprintf(file, sizeof(file), "fdinfo/%s", fd);
	found->has_fdinfo = !faccessat(process->dir, file, F_OK, 0);
}

static void end(void *arg, const struct cxlf_process_at *process)
{
	struct found *found = arg;

	found->n_ends += process->pid == found->pid;
}

static struct found walk(pid_t pid, const char *target, int *gap)
{
	static const struct cxlf_visitor visitor = {.file = each_file, .end = end};
	struct found found = {.pid = pid, .target = target};
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	is(cxlf_processes_walk(proc, &visitor, &found, gap), 0, "the walk succeeds");
	close(proc);
	return found;
}

/* ---- a process with threads ---- */

static char name[64];
static int ready[2];

static void *keep_file(void *of_its_own)
{
	if (of_its_own && (unshare(CLONE_FILES) || open(name, O_RDONLY | O_CLOEXEC) < 0))
		_exit(1);
	if (write(ready[1], "", 1) != 1)
		_exit(1);
	pause();
	return NULL;
}

enum kind { MANY_THREADS, FIRST_ENDED, OWN_FILES };

static void run_threads(enum kind kind)
{
	pthread_t thread;

	if (kind != OWN_FILES && open(name, O_RDONLY | O_CLOEXEC) < 0)
		_exit(1);
	for (unsigned i = 0; i < 3; i++)
		pthread_create(&thread, NULL, keep_file, kind == OWN_FILES && !i ? name : NULL);
	if (kind == FIRST_ENDED)
		pthread_exit(NULL);
	pause();
}

static void threads(enum kind kind, const char *says)
{
	char byte;
	int file, gap;
	struct found found;
	pid_t pid;

	snprintf(name, sizeof(name), "/tmp/test_processes.XXXXXX");
	file = mkstemp(name);
	if (file < 0 || close(file) || pipe2(ready, O_CLOEXEC))
		perror("threads");
	pid = fork();
	if (!pid)
		run_threads(kind);
	for (unsigned i = 0; i < 3; i++)
		if (read(ready[0], &byte, 1) != 1)
			perror("read");
	usleep(kind == FIRST_ENDED ? 100000 : 0); /* until the first thread has ended */
	found = walk(pid, name, &gap);
	is(found.n_files, 1, says);
	ok(found.has_fdinfo, "its flags can be read");
	is(found.n_ends, 1, "the process ends once");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	unlink(name);
}

static void gaps(void)
{
	int gap;

	refused_name = "fd";
	refused_errno = EMFILE;
	walk(1, "", &gap);
	is(gap, -EMFILE, "too many open files is a reason of its own");
	refused_name = "0";
	refused_errno = EPERM;
	walk(1, "", &gap);
	is(gap, -EPERM, "a file whose link cannot be read is a gap");
	refused_errno = ENOENT;
	walk(1, "", &gap);
	ok(gap != -ENOENT, "one that was closed meanwhile is none");
	refused_name = NULL;
}

int main(void)
{
	threads(MANY_THREADS, "the files of a process with several threads are read once");
	threads(FIRST_ENDED, "a file of a process whose first thread has ended");
	threads(OWN_FILES, "a file of a thread that has files of its own");
	gaps();
	return done();
}
