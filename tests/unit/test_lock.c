/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locks: one owner at a time, limited waits, no links are followed, and no stale locks.
 */
#include "lun/lock.h"
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64];
static struct cxlf_adapter adapter[2] = {{.pci = "0006:00:00.0", .host = 2},
					 {.pci = "0007:00:00.0", .label = "host3 (0007:00:00.0)"}};
static const struct cxlf_topology topology = {.adapter = adapter, .n_adapters = 2};
static const unsigned both[] = {0, 1};
static struct cxlf_err err;

/* Starts a child that has the lock of the second adapter until it is killed. Returns once the child has the lock. */
static pid_t holder(void)
{
	int ready[2];

	if (pipe(ready))
		return -1;

	pid_t pid = fork();

	if (!pid) {
		struct cxlf_lock lock;
		char rc = cxlf_lock_take(dir, &topology, both + 1, 1, 0, &lock, &err) ? 'n' : 'y';

		if (write(ready[1], &rc, 1) != 1)
			_exit(1);
		pause();
	}

	char answer = 'n';

	if (read(ready[0], &answer, 1) != 1 || answer != 'y')
		printf("# the child did not get its lock\n");
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void alone(void)
{
	struct cxlf_lock lock;
	struct stat st;
	char path[128];

	is(cxlf_lock_take(dir, &topology, both, 2, 0, &lock, &err), 0, "two free locks are acquired");
	is(lock.n, 2, "both locks are held");
	snprintf(path, sizeof(path), "%s/%s", dir, adapter[0].pci);
	ok(!stat(path, &st) && (st.st_mode & 0777) == 0600, "only the owner may use the file");
	ok(fcntl(lock.fd[0], F_GETFD) & FD_CLOEXEC, "programs do not inherit the lock");
	cxlf_lock_release(&lock);
	is(cxlf_lock_take(dir, &topology, both, 2, 0, &lock, &err), 0, "released locks are acquired again");
	cxlf_lock_release(&lock);
}

static void contended(void)
{
	struct cxlf_lock lock;
	pid_t pid = holder();
	char want[32];

	is(cxlf_lock_take(dir, &topology, both, 2, 120, &lock, &err), -1,
	   "a lock of another process cannot be acquired");
	is(err.code, CXLF_E_LOCKED, "the code is LOCKED");
	snprintf(want, sizeof(want), "process %d (", (int)pid);
	ok(!strncmp(err.cause, want, strlen(want)), "the cause names the process");
	is_text(err.object, "host3 (0007:00:00.0)", "the error names the adapter");
	is(lock.n, 0, "no lock is kept after a failure");
	is(cxlf_lock_take(dir, &topology, both, 1, 0, &lock, &err), 0, "the other adapter can be locked");
	cxlf_lock_release(&lock);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	is(cxlf_lock_take(dir, &topology, both, 2, 0, &lock, &err), 0, "the end of a process releases its lock");
	cxlf_lock_release(&lock);
}

static void hostile(void)
{
	struct cxlf_lock lock;
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, adapter[0].pci);
	unlink(path);
	if (symlink("/tmp/no-such-file-of-cxlflash", path))
		return;
	is(cxlf_lock_take(dir, &topology, both, 1, 0, &lock, &err), -1, "a symbolic link as lock file is refused");
	ok(access("/tmp/no-such-file-of-cxlflash", F_OK) != 0, "the link is not followed");
	unlink(path);
	mkfifo(path, 0600);
	is(cxlf_lock_take(dir, &topology, both, 1, 0, &lock, &err), -1, "a FIFO as lock file is refused");
	unlink(path);
}

int main(void)
{
	char root[] = "/tmp/cxlf-lock-XXXXXX", command[80];

	if (!mkdtemp(root))
		return 99;
	snprintf(dir, sizeof(dir), "%s/a/b", root);
	alone();
	contended();
	hostile();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	ok(system(command) == 0, "cleaned up");
	return done();
}
