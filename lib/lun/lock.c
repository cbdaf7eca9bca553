/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One command at a time changes an adapter: flock(2) on a file named after its PCI address.
 *
 * The files are not removed, so there is no race with a removal. They belong to root (0600 in a 0755 directory),
 * because any user that can open one could hold its lock.
 */
#include "lock.h"
#include "clock.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#define POLL_MS 50

/* As mkdir -p, with mode 0755 less the umask. */
static int make_dir(const char *dir)
{
	char part[256];
	size_t len = strlen(dir);

	if (len >= sizeof(part))
		return -ENAMETOOLONG;
	memcpy(part, dir, len + 1);
	for (char *slash = part; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(part, 0755) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0755) && errno != EEXIST ? -errno : 0;
}

static int open_file(const char *dir, const char *pci)
{
	int rc = make_dir(dir);

	if (rc)
		return rc;

	scoped_fd int at = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (at < 0)
		return -errno;

	scoped_fd int fd = openat(at, pci, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
		return -ELOOP; /* a link or a device node in the place of the lock file */
	return cxlf_take_fd(&fd);
}

static int wait_for(int fd, int64_t until_ms)
{
	const struct timespec pause = {0, POLL_MS * 1000000L};

	for (;;) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (cxlf_now_ms() >= until_ms)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
}

static void write_owner(int fd)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%d\n", (int)getpid());

	/* it is only for the message of a command that waits, so errors are ignored */
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)len, 0) != len)
		return;
}

static int cannot_lock(const struct cxlf_adapter *adapter, const char *dir, int rc, struct cxlf_err *err)
{
	cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot lock the adapter");
	cxlf_object(err, "%s", adapter->label);
	cxlf_fail_run(err, dir);
	return err->code == CXLF_E_FAILED ? cxlf_cause(err, "the lock file %s/%s cannot be used", dir, adapter->pci)
					  : -1;
}

static int locked(const struct cxlf_adapter *adapter, int fd, unsigned timeout_ms, struct cxlf_err *err)
{
	char text[24] = "", path[48], comm[32] = "";
	ssize_t len = pread(fd, text, sizeof(text) - 1, 0);
	long pid = len > 0 ? strtol(text, NULL, 10) : 0;

	cxlf_fail(err, CXLF_E_LOCKED, "another command is changing the adapter");
	cxlf_object(err, "%s", adapter->label);
	snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	if (pid > 0 && cxlf_sysfs_read(AT_FDCWD, path, comm, sizeof(comm)) > 0)
		cxlf_cause(err, "process %ld (%s) has held the lock for more than %u ms", pid, comm, timeout_ms);
	else
		cxlf_cause(err, "the lock was not free within %u ms", timeout_ms);
	return cxlf_fix(err, "wait until it ends, or wait longer with --timeout");
}

static int take_one(const char *dir, const struct cxlf_adapter *adapter, int64_t until_ms, unsigned timeout_ms,
		    struct cxlf_err *err)
{
	scoped_fd int fd = open_file(dir, adapter->pci);

	if (fd < 0)
		return cannot_lock(adapter, dir, fd, err);

	int rc = wait_for(fd, until_ms);

	if (rc == -ETIMEDOUT)
		return locked(adapter, fd, timeout_ms, err);
	if (rc)
		return cannot_lock(adapter, dir, rc, err);
	write_owner(fd);
	return cxlf_take_fd(&fd);
}

int cxlf_lock_take(const char *dir, const struct cxlf_topology *topology, const unsigned *adapter, unsigned n,
		   unsigned timeout_ms, struct cxlf_lock *lock, struct cxlf_err *err)
{
	int64_t until_ms = cxlf_now_ms() + timeout_ms;

	lock->n = 0;
	if (n > CXLF_MAX_ADAPTERS)
		return cxlf_fail(err, CXLF_E_BUG, "too many adapters to lock");
	for (unsigned i = 0; i < n; i++) {
		int fd = take_one(dir, topology->adapter + adapter[i], until_ms, timeout_ms, err);

		if (fd < 0) {
			cxlf_lock_release(lock);
			return -1;
		}
		lock->fd[lock->n++] = fd;
	}
	return 0;
}

void cxlf_lock_release(struct cxlf_lock *lock)
{
	while (lock->n)
		close(lock->fd[--lock->n]);
}
