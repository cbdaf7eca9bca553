/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks by O_DIRECT, and by a submission queue in the mapped registers (contract 10.4, 10.5).
 */
#include "storage.h"
#include "harness.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_BLOCK 4096

/* ---- through the kernel's disk ------------------------------------------------------------------------- */

static void disk_transfer(struct path *path, uint64_t lba, void *buf, bool write)
{
	int fd = open(path->disk, (write ? O_RDWR : O_RDONLY) | O_DIRECT | O_CLOEXEC);
	uint64_t at = lba * path->block_bytes;
	ssize_t n;

	if (fd < 0)
		FAIL("%s: %s", path->disk, strerror(errno));
	n = write ? pwrite(fd, buf, path->block_bytes, at) : pread(fd, buf, path->block_bytes, at);
	if (n != (ssize_t)path->block_bytes)
		FAIL("%s block %llu of %s: %s", write ? "writing" : "reading", (unsigned long long)lba, path->disk,
		     n < 0 ? strerror(errno) : "short");
	close(fd);
}

static void *aligned(size_t bytes)
{
	void *memory = aligned_alloc(MMIO_BYTES, (bytes + MMIO_BYTES - 1) / MMIO_BYTES * MMIO_BYTES);

	CHECK(memory);
	memset(memory, 0, bytes);
	return memory;
}

void disk_read(struct path *path, uint64_t lba, void *block)
{
	void *buf = aligned(path->block_bytes);

	disk_transfer(path, lba, buf, false);
	memcpy(block, buf, path->block_bytes);
	free(buf);
}

void disk_write(struct path *path, uint64_t lba, const void *block)
{
	void *buf = aligned(path->block_bytes);

	memcpy(buf, block, path->block_bytes);
	disk_transfer(path, lba, buf, true);
	free(buf);
}

/* ---- marks ------------------------------------------------------------------------------------------------ */

void mark(struct path *path, void *block, uint32_t number)
{
	for (uint32_t i = 0; i < path->block_bytes / 4; i++)
		((uint32_t *)block)[i] = 0xc0f00000 + number * 4096 + i;
}

bool is_marked(struct path *path, const void *block, uint32_t number)
{
	uint32_t want[MAX_BLOCK / 4];

	mark(path, want, number);
	return !memcmp(block, want, path->block_bytes);
}

bool is_zero(struct path *path, const void *block)
{
	static const char zeros[MAX_BLOCK];

	return !memcmp(block, zeros, path->block_bytes);
}

bool disk_has_mark(struct path *path, uint64_t lba, uint32_t number)
{
	char block[MAX_BLOCK];

	disk_read(path, lba, block);
	return is_marked(path, block, number);
}

bool disk_is_zero(struct path *path, uint64_t lba)
{
	char block[MAX_BLOCK];

	disk_read(path, lba, block);
	return is_zero(path, block);
}

/* ---- registers --------------------------------------------------------------------------------------------- */

volatile uint64_t *map_registers(int fd)
{
	void *registers = mmap(NULL, MMIO_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (registers == MAP_FAILED)
		return NULL;
	/* a mapping keeps the context's file open: not in children, see start_child() */
	CHECK_EQ(madvise(registers, MMIO_BYTES, MADV_DONTFORK), 0);
	return registers;
}

void unmap_registers(volatile uint64_t *registers)
{
	CHECK_EQ(munmap((void *)registers, MMIO_BYTES), 0);
}

/* ---- the queue: SISLite's formats --------------------------------------------------------------------------- */

#define REG_ENDIAN_CTRL 0x00
#define REG_RRQ_START 0x28
#define REG_RRQ_END 0x30
#define REG_SQ_START 0x50
#define REG_SQ_END 0x58
#define REG_SQ_TAIL 0x68

#define FLAG_HANDLE 0x8000
#define FLAG_WRITE 0x0001

struct ioarcb {
	uint16_t context, flags;
	uint32_t handle;
	uint64_t lun_id;
	uint32_t data_bytes, list_bytes;
	uint64_t data;
	uint8_t interrupt, response_queue;
	uint16_t seconds;
	uint32_t reserved;
	uint8_t cdb[16];
	uint64_t ioasa;
};

struct ioasa {
	uint8_t flags, afu_rc, scsi_rc, fc_rc;
	uint32_t residual;
	uint8_t port, afu_extra, scsi_extra, fc_extra;
	uint8_t sense[20];
	uint8_t free[32];
};

_Static_assert(sizeof(struct ioarcb) == 64 && sizeof(struct ioasa) == 64, "SISLite's blocks have 64 bytes");

#define ENTRIES 4

/* One allocation, read and written by the AFU. */
struct queue {
	struct ioarcb sq[ENTRIES];
	struct ioasa status;
	volatile uint64_t rrq[ENTRIES];
	uint8_t data[MAX_BLOCK] __attribute__((aligned(MAX_BLOCK)));
	struct path *path;
	uint16_t context;
	volatile uint64_t *registers;
	unsigned int next_sq, next_rrq;
	uint64_t toggle;
};

static void put_register(struct queue *q, unsigned int offset, uint64_t value)
{
	q->registers[offset / 8] = htobe64(value);
	__sync_synchronize();
}

struct queue *open_queue(const struct context *context)
{
	struct queue *q = aligned(sizeof(*q));

	q->path = context->path;
	q->context = context->id;
	q->toggle = 1;
	q->registers = map_registers(context->fd);
	if (!q->registers)
		FAIL("the adapter fd cannot be mapped: %s", strerror(errno));
	put_register(q, REG_RRQ_START, (uintptr_t)q->rrq);
	put_register(q, REG_RRQ_END, (uintptr_t)&q->rrq[ENTRIES - 1]);
	put_register(q, REG_SQ_START, (uintptr_t)q->sq);
	put_register(q, REG_SQ_END, (uintptr_t)&q->sq[ENTRIES - 1]);
	return q;
}

void close_queue(struct queue *q)
{
	unmap_registers(q->registers);
	free(q);
}

static bool answered(void *arg)
{
	struct queue *q = arg;

	return (q->rrq[q->next_rrq] & 1) == q->toggle && q->rrq[q->next_rrq];
}

/* READ(16) or WRITE(16) of one block. */
static int transfer(struct queue *q, uint64_t handle, uint64_t lba, bool write)
{
	uint64_t lba_be = htobe64(lba), end = now_ms() + 5000;
	struct ioarcb cmd = {
		.context = q->context,
		.flags = FLAG_HANDLE | (write ? FLAG_WRITE : 0),
		.handle = handle,
		.data_bytes = q->path->block_bytes,
		.data = (uintptr_t)q->data,
		.interrupt = 2,
		.seconds = 5,
		.cdb = {[0] = write ? 0x8a : 0x88, [13] = 1},
		.ioasa = (uintptr_t)&q->status,
	};

	memcpy(&cmd.cdb[2], &lba_be, 8);
	memset(&q->status, 0, sizeof(q->status));
	q->sq[q->next_sq] = cmd;
	q->next_sq = (q->next_sq + 1) % ENTRIES;
	__sync_synchronize(); /* the entry is written before the tail that announces it */
	put_register(q, REG_SQ_TAIL, (uintptr_t)&q->sq[q->next_sq]);
	while (!answered(q)) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		sleep_ms(1);
	}
	CHECK_EQ(q->rrq[q->next_rrq] & ~1ull, (uintptr_t)&q->status);
	q->next_rrq = (q->next_rrq + 1) % ENTRIES;
	q->toggle ^= !q->next_rrq;
	__sync_synchronize(); /* the response is read before the data that it announces */
	if (q->status.scsi_rc || q->status.fc_rc)
		FAIL("user I/O: scsi_rc %02x, fc_rc %02x, sense key %x", q->status.scsi_rc, q->status.fc_rc,
		     q->status.sense[2]);
	return q->status.afu_rc;
}

int queue_read(struct queue *q, uint64_t handle, uint64_t lba, void *block)
{
	int rc = transfer(q, handle, lba, false);

	memcpy(block, q->data, q->path->block_bytes);
	return rc;
}

int queue_write(struct queue *q, uint64_t handle, uint64_t lba, const void *block)
{
	memcpy(q->data, block, q->path->block_bytes);
	return transfer(q, handle, lba, true);
}

void put_mark(struct queue *q, uint64_t handle, uint64_t lba, uint32_t number)
{
	char block[MAX_BLOCK];

	mark(q->path, block, number);
	CHECK_RC(queue_write(q, handle, lba, block), 0);
}

bool has_mark(struct queue *q, uint64_t handle, uint64_t lba, uint32_t number)
{
	char block[MAX_BLOCK];

	CHECK_RC(queue_read(q, handle, lba, block), 0);
	return is_marked(q->path, block, number);
}
