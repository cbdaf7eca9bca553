/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk over all processes and their open files.
 *
 * /proc/PID/fd has the files of the first thread. It is empty when that thread has ended and others run, and a thread
 * can have files of its own (CLONE_FILES). So the files of the other threads are read too, unless they are the same.
 */
#include "processes.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_PIDS (1u << 20)
#define MAX_FDS (1u << 20) /* of one process */

struct walk {
	const struct cxlf_visitor *visitor;
	void *arg;
	struct cxlf_process_at now;
	unsigned n_pids, n_fds;
	pid_t last;   /* the thread whose files were read last */
	bool is_live; /* of this system: process numbers are valid */
	int gap;
};

/* A process or file that has gone meanwhile does not count. */
static void note(struct walk *walk, int rc)
{
	if (rc < 0 && rc != -ENOENT && rc != -ESRCH && !walk->gap)
		walk->gap = rc;
}

static int each_fd(void *arg, int dir, const char *name)
{
	struct walk *walk = arg;
	char target[64];
	ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);

	if (walk->n_fds++ > MAX_FDS)
		return -EOVERFLOW;
	if (len < 0) {
		note(walk, -errno);
		return 0;
	}
	target[len] = '\0';
	walk->visitor->file(walk->arg, &walk->now, name, target);
	return 0;
}

static int open_below(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static void walk_files(struct walk *walk, int dir)
{
	scoped_fd int fds = open_below(dir, "fd");

	walk->now.dir = dir;
	note(walk, fds < 0 ? fds : cxlf_sysfs_for_each(fds, ".", each_fd, walk));
}

static int each_thread(void *arg, int tasks, const char *name)
{
	struct walk *walk = arg;
	uint64_t tid;

	if (!cxlf_text_u64(name, 10, &tid) || tid > INT_MAX || (pid_t)tid == walk->now.pid)
		return 0;
	if (walk->is_live && !syscall(SYS_kcmp, walk->last, (pid_t)tid, KCMP_FILES, 0, 0))
		return 0;

	scoped_fd int dir = open_below(tasks, name);

	walk->last = (pid_t)tid;
	if (dir < 0)
		note(walk, dir);
	else
		walk_files(walk, dir);
	return 0;
}

static void walk_threads(struct walk *walk, int dir)
{
	struct stat st;

	walk->last = walk->now.pid;
	if (fstatat(dir, "task", &st, 0))
		note(walk, -errno);
	else if (st.st_nlink > 3 || !walk->is_live) /* 2, and the threads */
		note(walk, cxlf_sysfs_for_each(dir, "task", each_thread, walk));
}

static int each_pid(void *arg, int proc, const char *name)
{
	struct walk *walk = arg;
	uint64_t pid;

	if (!cxlf_text_u64(name, 10, &pid) || pid > INT_MAX || (pid_t)pid == getpid())
		return 0;
	if (walk->n_pids++ > MAX_PIDS)
		return -EOVERFLOW;

	scoped_fd int dir = open_below(proc, name);

	walk->n_fds = 0;
	walk->now.pid = (pid_t)pid;
	note(walk, dir);
	if (dir < 0)
		return 0;
	walk_files(walk, dir);
	walk_threads(walk, dir);
	walk->now.dir = dir;
	walk->visitor->end(walk->arg, &walk->now);
	return 0;
}

int cxlf_processes_walk(int proc, const struct cxlf_visitor *visitor, void *arg, int *gap)
{
	struct walk walk = {.visitor = visitor, .arg = arg};
	struct statfs fs;
	int rc;

	/* Process 1 always exists. If it is not visible, /proc is mounted with hidepid and hides other users'
	 * processes. */
	if (faccessat(proc, "1", F_OK, 0))
		walk.gap = -EACCES;
	walk.is_live = !fstatfs(proc, &fs) && fs.f_type == PROC_SUPER_MAGIC;
	rc = cxlf_sysfs_for_each(proc, ".", each_pid, &walk);
	if (rc == -EOVERFLOW)
		note(&walk, rc);
	*gap = walk.gap;
	return rc == -EOVERFLOW ? 0 : rc;
}

bool cxlf_process_comm(const struct cxlf_process_at *process, char *comm, size_t size)
{
	return cxlf_sysfs_read(process->dir, "comm", comm, size) >= 0;
}

/* "Uid:" of status: real, effective, saved, file system. The owner of /proc/PID may be root instead. */
int64_t cxlf_process_uid(const struct cxlf_process_at *process)
{
	static const char label[] = "\nUid:";
	char text[4096], *line, *end;
	uint64_t uid;

	if (cxlf_sysfs_read_lines(process->dir, "status", text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, label);
	if (!line)
		return -1;
	line += sizeof(label) - 1;
	line += strspn(line, "? ");
	line += strspn(line, "0123456789");
	line += strspn(line, "? ");
	end = line + strspn(line, "0123456789");
	*end = '\0';
	return cxlf_text_u64(line, 10, &uid) && uid <= UINT32_MAX ? (int64_t)uid : -1;
}

char cxlf_process_state(pid_t pid)
{
	char path[32], text[256], *end;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (cxlf_sysfs_read(AT_FDCWD, path, text, sizeof(text)) < 0)
		return 0;
	end = strrchr(text, ')'); /* the name before it may contain anything */
	return end && end[1] == ' ' ? end[2] : 0;
}

static int count_entry(void *arg, int dir, const char *name)
{
	(void)dir;
	(void)name;
	++*(unsigned *)arg;
	return 0;
}

unsigned cxlf_process_threads(pid_t pid)
{
	char path[32];
	unsigned n = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	return cxlf_sysfs_for_each(AT_FDCWD, path, count_entry, &n) ? 0 : n;
}

/* One line for each hierarchy: "0::/system.slice/cron.service", before version 2 "1:name=systemd:/...". */
bool cxlf_process_unit_in(const char *cgroup, char *unit, size_t size)
{
	for (const char *line = cgroup; *line; line += *line == '\n') {
		const char *end = strchrnul(line, '\n'), *path = memchr(line, '/', (size_t)(end - line));
		bool ours = !strncmp(line, "0::", 3) || memmem(line, (size_t)(end - line), ":name=systemd:", 14);
		const char *last = path ? (const char *)memrchr(path, '/', (size_t)(end - path)) + 1 : end;

		if (ours && last < end) {
			snprintf(unit, size, "%.*s", (int)(end - last), last);
			return true;
		}
		line = end;
	}
	return false;
}

bool cxlf_process_unit(pid_t pid, char *unit, size_t size)
{
	char path[32], text[4096];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	return cxlf_sysfs_read_lines(AT_FDCWD, path, text, sizeof(text)) > 0 && cxlf_process_unit_in(text, unit, size);
}

bool cxlf_process_context_link(const char *target, unsigned *element)
{
	static const char *const kinds[] = {"/cxl:", "/ocxlflash:"};
	unsigned ignored;

	if (!element)
		element = &ignored;
	*element = CXLF_NO_ELEMENT;
	if (!strcmp(target, "anon_inode:cxl"))
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i]), digits;
		uint64_t number = 0;

		if (strncmp(target, kinds[i], len))
			continue;
		digits = strspn(target + len, "0123456789");
		if (!digits || digits > 9 || strcmp(target + len + digits, " (deleted)"))
			continue;
		for (size_t k = 0; k < digits; k++)
			number = 10 * number + (unsigned)(target[len + k] - '0');
		*element = (unsigned)number;
		return true;
	}
	return false;
}
