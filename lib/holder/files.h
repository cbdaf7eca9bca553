/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder's two files: NAME.lock, locked for as long as it lives, and NAME.sock, which it listens on.
 */
#ifndef CXLF_HOLDER_FILES_H
#define CXLF_HOLDER_FILES_H

#include "holder.h"

#include <sys/un.h>

/* 0, or -ENAMETOOLONG. */
int cxlf_holder_address(const char *dir, const char *name, struct sockaddr_un *address);
/* The lock's fd, or -EWOULDBLOCK (the name is taken), or another -errno. Makes the directory if it can. */
int cxlf_holder_lock(const char *dir, const char *name);
/* With the lock held: the socket that listens, root's alone; the fd or -errno. */
int cxlf_holder_listen(const char *dir, const char *name);
/* Remove both files, the lock's last; its fd is the caller's to close. */
void cxlf_holder_remove(const char *dir, const char *name);

#endif
