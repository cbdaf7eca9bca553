/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder's two files: NAME.lock, which is locked as long as the holder runs, and NAME.sock, its socket.
 */
#ifndef CXLF_HOLDER_FILES_H
#define CXLF_HOLDER_FILES_H

#include "holder.h"

#include <sys/un.h>

/* 0, or -ENAMETOOLONG. */
int cxlf_holder_address(const char *dir, const char *name, struct sockaddr_un *address);
/* The lock's fd, -EWOULDBLOCK (the name is taken), or another -errno. Creates the directory if necessary. */
int cxlf_holder_lock(const char *dir, const char *name);
/* With the lock held: create the listening socket, for root only; the fd or -errno. */
int cxlf_holder_listen(const char *dir, const char *name);
/* Remove both files, the lock's last; the caller closes the lock's fd. */
void cxlf_holder_remove(const char *dir, const char *name);

#endif
