/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holder's place in the system: its files in the run directory, its service manager, and the OOM killer.
 */
#include "daemon.h"
#include "holder/files.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <syslog.h>

#define OOM_SCORE "-900" /* the kernel would free the context with the data in its virtual LUNs */

/* ---- files ---- */

static bool is_there(const char *path, const struct stat *expected)
{
	struct stat st;

	return !stat(path, &st) && st.st_ino == expected->st_ino && st.st_dev == expected->st_dev;
}

int holder_listen(struct holder *holder)
{
	struct sockaddr_un address;
	scoped_fd int fd = cxlf_holder_listen(CXLF_RUN_DIR, holder->name);

	if (fd < 0)
		return fd;
	if (cxlf_holder_address(CXLF_RUN_DIR, holder->name, &address) || stat(address.sun_path, &holder->socket))
		return -errno;
	if (holder->listen_fd >= 0)
		close(holder->listen_fd);
	holder->listen_fd = cxlf_take_fd(&fd);
	return 0;
}

/* The lock file first: only its owner may create the socket. */
static int put_back(struct holder *holder, const char *lock)
{
	struct stat st;

	if (fstat(holder->lock_fd, &st))
		return -errno;
	if (!is_there(lock, &st)) {
		int fd = cxlf_holder_lock(CXLF_RUN_DIR, holder->name);

		if (fd < 0)
			return fd;
		close(holder->lock_fd);
		holder->lock_fd = fd;
	}
	return holder_listen(holder);
}

bool holder_put_back_files(struct holder *holder)
{
	struct sockaddr_un address;
	char lock[sizeof(CXLF_RUN_DIR) + CXLF_HELD_NAME + 8];
	struct stat locked;
	int rc;

	snprintf(lock, sizeof(lock), "%s/%s.lock", CXLF_RUN_DIR, holder->name);
	if (cxlf_holder_address(CXLF_RUN_DIR, holder->name, &address) || fstat(holder->lock_fd, &locked))
		return false;
	if (is_there(lock, &locked) && is_there(address.sun_path, &holder->socket))
		return false;
	rc = put_back(holder, lock);
	if (rc != holder->files_rc && rc)
		holder_note(holder, LOG_ERR, "its files in %s are gone and cannot be put back: %s", CXLF_RUN_DIR,
			    rc == -EWOULDBLOCK ? "another process has taken the name" : strerror(-rc));
	else if (!rc)
		holder_note(holder, LOG_WARNING, "its files in %s were gone and were put back", CXLF_RUN_DIR);
	holder->files_rc = rc;
	return !rc;
}

/* ---- service manager ---- */

/* sd_notify(3), without libsystemd, which would double the time to start a holder. */
void holder_tell_manager(const char *state)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *name = getenv("NOTIFY_SOCKET");
	size_t len = name ? strlen(name) : 0;
	scoped_fd int fd = -1;

	if (len < 2 || len >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, name, len);
	if (*to.sun_path == '@')
		*to.sun_path = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
			     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
		syslog(LOG_WARNING, "cannot notify the service manager: %m");
}

bool holder_stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM"); /* systemd.exec(5) */
	char expected[64];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st))
		return false;
	snprintf(expected, sizeof(expected), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return !strcmp(stream, expected);
}

/* ---- memory ---- */

/* Without the right to do so the score stays as it is. */
void holder_avoid_oom(void)
{
	scoped_fd int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, OOM_SCORE, strlen(OOM_SCORE)) < 0)
		syslog(LOG_INFO, "the kernel may choose this process when memory is short: %m");
}
