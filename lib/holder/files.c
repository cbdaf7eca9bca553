/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder's two files. The kernel releases the lock when the holder ends; a process that then acquires the lock may
 * remove the stale socket.
 */
#include "files.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define LOCK_TRIES 10
#define BACKLOG 64

int cxlf_holder_address(const char *dir, const char *name, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};

	int len = snprintf(address->sun_path, sizeof(address->sun_path), "%s/%s.sock", dir, name);

	return len < (int)sizeof(address->sun_path) ? 0 : -ENAMETOOLONG;
}

static int lock_path(const char *dir, const char *name, char *path, size_t size)
{
	return snprintf(path, size, "%s/%s.lock", dir, name) < (int)size ? 0 : -ENAMETOOLONG;
}

int cxlf_holder_lock(const char *dir, const char *name)
{
	struct stat locked, named;
	char path[256];

	if (lock_path(dir, name, path, sizeof(path)))
		return -ENAMETOOLONG;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -errno;
	for (int i = 0; i < LOCK_TRIES; i++) {
		scoped_fd int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

		if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
			return -errno;
		/* a holder that ended may have removed the file between open and flock */
		if (!fstat(fd, &locked) && !stat(path, &named) && locked.st_ino == named.st_ino)
			return cxlf_take_fd(&fd);
	}
	return -EWOULDBLOCK;
}

int cxlf_holder_listen(const char *dir, const char *name)
{
	struct sockaddr_un address;
	int rc = cxlf_holder_address(dir, name, &address);
	scoped_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (rc || fd < 0)
		return rc ? rc : -errno;
	if (unlink(address.sun_path) && errno != ENOENT)
		return -errno;

	mode_t mask = umask(0177);

	rc = bind(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(mask);
	if (rc)
		return rc;
	return listen(fd, BACKLOG) ? -errno : cxlf_take_fd(&fd);
}

void cxlf_holder_remove(const char *dir, const char *name)
{
	struct sockaddr_un address;
	char path[256];

	if (!cxlf_holder_address(dir, name, &address))
		unlink(address.sun_path);
	if (!lock_path(dir, name, path, sizeof(path)))
		unlink(path);
}
