/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block I/O through the kernel's disk, and through the queues of a context as by an application.
 */
#ifndef CONFORMANCE_STORAGE_H
#define CONFORMANCE_STORAGE_H

#include "ioctls.h"

#include <stdbool.h>
#include <stdint.h>

/* One device block at an LBA of the LUN, past the page cache. `block` has room for path->block_bytes. */
void disk_read(struct path *path, uint64_t lba, void *block);
void disk_write(struct path *path, uint64_t lba, const void *block);

/* ---- the adapter's registers, mapped ------------------------------------------------------------------ */

#define MMIO_BYTES 65536

/* The user area of an adapter fd, or NULL with errno. */
volatile uint64_t *map_registers(int fd);
void unmap_registers(volatile uint64_t *registers);

/* ---- a submission queue (SQ command mode) -------------------------------------------------------------- */

#define AFU_RC_RHT_INVALID 0x01
#define AFU_RC_RHT_OUT_OF_BOUNDS 0x03
#define AFU_RC_RHT_RW_PERM 0x05
#define AFU_RC_LXT_OUT_OF_BOUNDS 0x13

struct queue;

/* Maps the registers and gives the AFU a queue of this process. */
struct queue *open_queue(const struct context *context);
void close_queue(struct queue *queue);

/*
 * Reads or writes one block through a handle. Returns the afu_rc of the status area, 0 on success, or
 * -ETIMEDOUT without an answer; any other error (SCSI, FC) fails the test.
 */
int queue_read(struct queue *queue, uint64_t handle, uint64_t lba, void *block);
int queue_write(struct queue *queue, uint64_t handle, uint64_t lba, const void *block);

/* Fills a block with a number, and checks a block that was read. */
void mark(struct path *path, void *block, uint32_t number);
bool is_marked(struct path *path, const void *block, uint32_t number);
bool is_zero(struct path *path, const void *block);
/* Writes and checks through the queue; the test fails if the AFU returns an error. */
void put_mark(struct queue *queue, uint64_t handle, uint64_t lba, uint32_t number);
bool has_mark(struct queue *queue, uint64_t handle, uint64_t lba, uint32_t number);
bool disk_has_mark(struct path *path, uint64_t lba, uint32_t number);
bool disk_is_zero(struct path *path, uint64_t lba);

#endif
