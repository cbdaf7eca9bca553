/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver's requests as C functions: one function per request, plain values in and out.
 *
 * Each returns 0 or -errno, and writes out parameters on success only. Special results:
 *   CXLF_NO_ANSWER  verify: the driver returned a positive value and copied nothing out
 *   CXLF_MORE       image transfer: the chunk was accepted, more are expected
 *   -EOPNOTSUPP     also for the kernel-internal errno 524: the AFU does not have the capability
 *   -EPROTO         an undocumented positive return value: nothing was copied out
 * A request interrupted by a signal (EINTR) is repeated, because the driver returns EINTR only while it waits for the
 * end of a reset, before it has done anything. The two image requests return -EINTR instead.
 *
 * `fd` is an sg or sd node of a path for the disk requests (sg: opened read-write), a character node
 * /dev/cxlflash/cxlflashN for the host requests, an adapter fd for the process element and AFU id, and /dev/cxl/cardN
 * for images. The caller must have checked that: other drivers use the same request numbers.
 */
#ifndef CXLF_IOCTL_WRAP_H
#define CXLF_IOCTL_WRAP_H

#include "wwid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CXLF_NO_ANSWER 1
#define CXLF_MORE 1
#define CXLF_SENSE_LEN 18	     /* bytes of sense data for verify */
#define CXLF_AFU_SUBCMD_LEN 12	     /* bytes of an AFU debug command */
#define CXLF_AFU_DEBUG_MAX 262144    /* bytes of its data */
#define CXLF_IMAGE_CHUNK_MAX 1048576 /* bytes of an image chunk, header included */
#define CXLF_IMAGE_HEADER 128	     /* bytes that the kernel prepends to the first chunk */

/* ---- contexts ---- */

struct cxlf_attached {
	uint64_t context; /* the whole 64 bits, opaque */
	int adapter_fd;	  /* the caller closes it; -1 when a context was reused */
	uint64_t mmio_bytes, block_bytes;
	uint64_t last_lba, max_transfer_blocks; /* device blocks */
	bool sq_mode;				/* commands go through a submission queue */
	bool kernel_closes_fd;			/* before Linux 4.9 */
};

/* A new context. `access` is O_RDONLY, O_WRONLY or O_RDWR: what its handles may do. */
int cxlf_ioctl_attach(int fd, int access, uint64_t interrupts, struct cxlf_attached *out);
/* One more LUN for a context of this process on the same adapter. */
int cxlf_ioctl_attach_reuse(int fd, uint64_t context, struct cxlf_attached *out);
/* Through the path of the attach; after the last one the caller closes the adapter fd. */
int cxlf_ioctl_detach(int fd, uint64_t context);

struct cxlf_recovered {
	bool reset;	  /* false: there was nothing to recover, and nothing below is valid */
	uint64_t context; /* replaces the old one */
	int adapter_fd;	  /* replaces the old one, which the caller closes */
	uint64_t mmio_bytes;
	bool sq_mode;
};

int cxlf_ioctl_recover(int fd, uint64_t context, uint64_t reason, struct cxlf_recovered *out);

/* ---- handles ---- */

int cxlf_ioctl_user_direct(int fd, uint64_t context, uint64_t *handle, uint64_t *last_lba /* device blocks */);

struct cxlf_vlun_opened {
	uint64_t handle;
	uint64_t last_lba; /* 4 KiB blocks; all ones for a size of 0. May be less than was asked for */
	bool all_ports;	   /* the LUN is enabled on two or more ports of this adapter */
};

/* Sizes in 4 KiB blocks. `write_same`: the driver wipes, but the wrong blocks. */
int cxlf_ioctl_user_virtual(int fd, uint64_t context, uint64_t blocks, bool write_same, struct cxlf_vlun_opened *out);
int cxlf_ioctl_vlun_resize(int fd, uint64_t context, uint64_t handle, uint64_t blocks, uint64_t *last_lba);
int cxlf_ioctl_vlun_clone(int fd, uint64_t from_context, uint64_t to_context);
int cxlf_ioctl_release(int fd, uint64_t context, uint64_t handle);

/*
 * `sense` is the check condition's sense data (CXLF_SENSE_LEN bytes), or NULL to get the size that the driver has
 * recorded. CXLF_NO_ANSWER: the driver handled the sense data and did not write *last_lba; repeat without sense data.
 */
int cxlf_ioctl_verify(int fd, uint64_t context, uint64_t handle, const uint8_t *sense, uint64_t *last_lba);

/* ---- mode of a path ---- */

/* The driver does not check the WWID: pass the one just read from the device. Works in every adapter state. */
int cxlf_ioctl_manage_lun(int fd, const struct cxlf_wwid *wwid, bool superpipe);

/* ---- host requests ---- */

struct cxlf_port_space {
	uint64_t max_luns, luns;
	uint64_t max_blocks, blocks; /* 4 KiB */
};

/* *wwid all zero: the adapter was not in its normal state; the driver skipped the command and returned 0. */
int cxlf_ioctl_lun_create(int fd, unsigned port, uint64_t blocks, uint64_t *lun_id, struct cxlf_wwid *wwid);
int cxlf_ioctl_lun_delete(int fd, unsigned port, uint64_t lun_id);
int cxlf_ioctl_port_query(int fd, unsigned port, struct cxlf_port_space *out);
int cxlf_ioctl_afu_read(int fd, const uint8_t subcmd[CXLF_AFU_SUBCMD_LEN], void *data, uint32_t len);
int cxlf_ioctl_afu_write(int fd, const uint8_t subcmd[CXLF_AFU_SUBCMD_LEN], const void *data, uint32_t len);

/* ---- cxl requests ---- */

struct cxlf_afu_id {
	unsigned card, afu;
	bool directed, slave;
};

int cxlf_ioctl_process_element(int fd, uint32_t *element);
int cxlf_ioctl_afu_id(int fd, struct cxlf_afu_id *out);
/* `first`: the kernel prepends its header, and needs CXLF_IMAGE_HEADER readable bytes after `data`. */
int cxlf_ioctl_image_download(int fd, const void *data, uint64_t len, uint64_t image_len, bool first);
int cxlf_ioctl_image_validate(int fd, const void *data, uint64_t len, uint64_t image_len, bool first);

/* ---- tracing ---- */

#define CXLF_TRACE_FIELDS 16

struct cxlf_trace_field {
	const char *name;  /* as in the kernel's structure: "context_id" */
	uint64_t value;	   /* of a number (size 1..8) */
	const void *bytes; /* of a byte array, else NULL */
	unsigned size;	   /* bytes */
	bool out;	   /* written by the driver; only on success */
};

struct cxlf_trace {
	const char *request; /* "DK_CXLFLASH_MANAGE_LUN" */
	unsigned long number;
	int fd;
	int rc; /* as the driver returned it: 0, positive, or -errno */
	uint64_t microseconds;
	unsigned n_fields;
	struct cxlf_trace_field field[CXLF_TRACE_FIELDS];
};

typedef void cxlf_trace_sink(void *arg, const struct cxlf_trace *trace);

/*
 * Call `sink` after every request from now on (NULL: none). The only mutable global of the library, because tracing is
 * a property of the process. Set it before threads are started.
 */
void cxlf_ioctl_trace(cxlf_trace_sink *sink, void *arg);

#endif
