/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function for each ioctl of the driver. They return the result of ioctl(2), or -errno. A caller that needs the
 * whole structure fills it and passes it to call().
 */
#ifndef CONFORMANCE_IOCTLS_H
#define CONFORMANCE_IOCTLS_H

#include "cxlflash_abi.h"
#include "machine.h"

#define ALL_ONES UINT64_MAX

int call(int fd, unsigned long request, void *arg);

/* A context of this process. */
struct context {
	struct path *path;
	uint64_t id;
	int fd; /* the adapter fd */
	struct dk_cxlflash_attach attached;
};

/* MANAGE_LUN with any WWID and flags, recorded for the reset. */
int manage(struct path *path, const uint8_t wwid[16], uint64_t flags);
int enable(struct path *path); /* with the LUN's own WWID */
int disable(struct path *path);

/* A new context: `mode` is O_RDONLY, O_WRONLY or O_RDWR. Interrupts: 4. */
int attach(struct path *path, int mode, struct context *context);
/* Enables the path; a refusal fails the test. */
struct context attached(struct path *path, int mode);
int reuse(struct path *path, uint64_t id, struct dk_cxlflash_attach *answer);
int detach(struct path *path, uint64_t id);
/* Detaches and closes. */
void finish(struct context *context);

int user_direct(struct path *path, uint64_t id, uint64_t *handle, uint64_t *last_lba);
/* Sizes and last LBAs in 4 KiB blocks. Pointers may be NULL. */
int user_virtual(struct path *path, uint64_t id, uint64_t blocks, uint64_t *handle, uint64_t *last_lba);
int release(struct path *path, uint64_t id, uint64_t handle);
int resize(struct path *path, uint64_t id, uint64_t handle, uint64_t blocks, uint64_t *last_lba);
int clone_handles(struct path *path, uint64_t from, uint64_t to);
int verify(struct path *path, uint64_t id, uint64_t handle, uint64_t *last_lba);
int verify_sense(struct path *path, uint64_t id, uint64_t handle, const uint8_t sense[18], uint64_t *last_lba);
int recover(struct path *path, uint64_t id, struct dk_cxlflash_recover_afu *answer);

/* A failure of these fails the test. */
uint64_t opened_direct(struct path *path, uint64_t id);
uint64_t opened_virtual(struct path *path, uint64_t id, uint64_t blocks);

/* Makes each ioctl that takes a context id, with this id and handle; calls the function with its name and result. */
void each_context_ioctl(struct path *path, uint64_t id, uint64_t handle,
			void (*take)(const char *name, int rc, void *arg), void *arg);
/* All of them must return this. */
void all_context_ioctls_give(struct path *path, uint64_t id, uint64_t handle, int want);

#endif
