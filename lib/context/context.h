/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One adapter context of this process: its LUNs, its handles and its recovery.
 *
 * A context belongs to the process that attached it, and the driver frees it when the adapter fd is closed. It is used
 * by holders, by `context run`, which passes it to a program by exec, and by checks for a short time. Not thread-safe.
 * Sizes are in bytes. Functions return 0, or -1 and fill `err`.
 */
#ifndef CXLF_CONTEXT_CONTEXT_H
#define CXLF_CONTEXT_CONTEXT_H

#include "discover/topology.h"
#include "scsi/sense.h"
#include "size.h"

#include <stdbool.h>
#include <stdint.h>

#define CXLF_CONTEXT_LUNS 64	  /* per context; the driver has no limit */
#define CXLF_CONTEXT_HANDLES 4096 /* the driver's limit with 64 KiB pages (256 with 4 KiB) */
#define CXLF_CONTEXT_INTERRUPTS 4 /* at most; the cxl backend needs at least 1 */
#define CXLF_CONTEXT_MMIO_BYTES 65536

enum cxlf_context_state {
	CXLF_CONTEXT_READY,
	CXLF_CONTEXT_LOST, /* the adapter was reset; recovery is needed */
	CXLF_CONTEXT_RECOVERING,
	CXLF_CONTEXT_FAILED, /* cannot be recovered, and was closed; its handles and LUNs are still listed */
};
extern const struct cxlf_word cxlf_context_state_words[CXLF_CONTEXT_FAILED + 1];
const char *cxlf_context_state_name(enum cxlf_context_state state);

struct cxlf_context_lun {
	struct cxlf_wwid wwid;
	char hctl[40]; /* the path of the attach; detach must go through the same */
	uint64_t size_bytes;
	uint32_t block_bytes;
};

struct cxlf_context_handle {
	uint64_t number; /* the driver's resource handle; survives recovery */
	unsigned lun;	 /* index into the context's LUNs */
	bool is_virtual;
	bool all_ports;		  /* virtual: the LUN is enabled on two or more ports of the adapter */
	uint64_t requested_bytes; /* virtual: of the last request */
	uint64_t size_bytes;	  /* virtual: whole chunks, may be 0; physical: the LUN */
	uint64_t last_lba; /* of the driver: virtual in 4 KiB blocks (all ones: size 0), physical in device blocks */
};

struct cxlf_context; /* owns fds and a mapping */

struct cxlf_context_options {
	int access;	     /* O_RDONLY, O_WRONLY or O_RDWR: what its handles may do */
	unsigned interrupts; /* 1 to CXLF_CONTEXT_INTERRUPTS */
};

/* State known without a request to the driver. The arrays belong to the context and change with it. */
struct cxlf_context_view {
	uint64_t id; /* 64 bits, opaque; changes with a recovery */
	unsigned process_element;
	int adapter_fd;
	char adapter_pci[16], adapter_name[32]; /* "0001:00:00.0"; "cxlflash0" or "host2" */
	enum cxlf_context_state state;
	bool sq_mode;
	uint64_t mmio_bytes, max_transfer_blocks;
	const struct cxlf_context_lun *lun;
	unsigned n_luns;
	const struct cxlf_context_handle *handle; /* in order of creation */
	unsigned n_handles;
};

/*
 * The path to attach a LUN through: `path`, or the LUN's first one in superpipe mode that runs (if none runs, the first
 * one) if it is UINT_MAX; on this adapter only, unless that is UINT_MAX. NOT_SUPERPIPE, or LUN_NOT_FOUND if the LUN is
 * not on the adapter.
 */
int cxlf_context_choose_path(const struct cxlf_topology *topology, unsigned lun, unsigned path, unsigned adapter,
			     unsigned *chosen, struct cxlf_err *err);
/*
 * Attach the LUN of this path (an index into topology->path) as a new context. The path must be in superpipe mode, and
 * its device must report the LUN's identity (page 0x83). If it does not work, the LUN's other paths in superpipe mode
 * on the adapter are tried. All of them are kept open, and requests go through one that runs. Needs a scan with
 * CXLF_WANT_LUN | CXLF_WANT_DEVNO.
 */
int cxlf_context_open(const struct cxlf_topology *topology, unsigned path, const struct cxlf_context_options *options,
		      struct cxlf_context **context, struct cxlf_err *err);
/* Attach one more LUN, on the same adapter. */
int cxlf_context_add_lun(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned path,
			 struct cxlf_err *err);
/*
 * Detach a LUN on which the context has no handle; not its only LUN. It goes through the path of its attach:
 * PATH_OFFLINE while that does not run.
 */
int cxlf_context_remove_lun(struct cxlf_context *context, const struct cxlf_wwid *wwid, struct cxlf_err *err);
/* Detach and close everything. NULL is allowed. */
void cxlf_context_close(struct cxlf_context *context);
void cxlf_context_view(const struct cxlf_context *context, struct cxlf_context_view *view);
/* The index of the LUN with this WWID, or of the only one if `wwid` is NULL; -1 with the error set. */
int cxlf_context_find_lun(const struct cxlf_context *context, const struct cxlf_wwid *wwid, struct cxlf_err *err);

struct cxlf_vlun_size {
	uint64_t bytes;	    /* rounded up to whole chunks */
	bool allow_smaller; /* accept less space; otherwise it is released again, and that is an error */
	bool driver_wipe;   /* the driver's wipe, which zeroes the wrong blocks */
};
/* *handle is valid until the next change of the context. */
int cxlf_context_vlun_create(struct cxlf_context *context, unsigned lun, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
int cxlf_context_vlun_resize(struct cxlf_context *context, uint64_t number, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
/* A physical handle uses one port: that of the path `hctl`, or of one that runs if that is "". */
int cxlf_context_plun_create(struct cxlf_context *context, unsigned lun, const char *hctl,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
int cxlf_context_release(struct cxlf_context *context, uint64_t number, struct cxlf_err *err);
/*
 * Clone the virtual handles of the parent process's context with the id `source`; `handles` is its list, all of LUN 0.
 * This context must have only the same LUN, and no handle.
 */
int cxlf_context_clone(struct cxlf_context *context, uint64_t source, const struct cxlf_context_handle *handles,
		       unsigned n, struct cxlf_err *err);

enum cxlf_verdict_kind {
	CXLF_VERDICT_UNCHANGED,
	CXLF_VERDICT_CAPACITY,	     /* old_bytes and new_bytes differ */
	CXLF_VERDICT_LUNS,	     /* the target's LUNs changed; the host has scanned */
	CXLF_VERDICT_RECOVERY,	     /* the context is lost */
	CXLF_VERDICT_NOT_VERIFIABLE, /* the driver does not handle such sense data */
	CXLF_VERDICT_UNKNOWN,	     /* the driver could not be asked for the capacity */
};
const char *cxlf_context_verdict_name(enum cxlf_verdict_kind kind); /* "unchanged", "capacity-changed", ... */

struct cxlf_verdict {
	enum cxlf_verdict_kind kind;
	uint64_t old_bytes, new_bytes; /* of the LUN, also for virtual handles */
	uint32_t block_bytes;
	uint64_t handle_bytes; /* the handle's size; a virtual handle's does not change */
};

/*
 * Report whether the LUN of a handle has changed: the capacity in this context is compared with the driver's, which
 * asks the device only for some sense data. Updates the LUN's size.
 */
int cxlf_context_verify(struct cxlf_context *context, uint64_t number, const struct cxlf_sense *sense,
			struct cxlf_verdict *verdict, struct cxlf_err *err);

/*
 * False: the MMIO page reads as all ones, or cannot be read. The state becomes CXLF_CONTEXT_READY or CXLF_CONTEXT_LOST.
 * Does not wait for the adapter.
 */
bool cxlf_context_alive(struct cxlf_context *context);
/* The text of one event of the adapter fd: 1, or 0 if there is none, or -errno (-EIO: the fd is no longer valid). */
int cxlf_context_event(struct cxlf_context *context, char *text, size_t size);
/*
 * Keep the disks of all LUNs with handles open exclusively, so that they cannot be mounted; call it after every change
 * and then regularly. False: another process has a claim on one of them, for example another context's.
 */
bool cxlf_context_claim(struct cxlf_context *context);
/* Whether the driver was told to give up the adapter: unbind, hot unplug, or removal of the slot. */
bool cxlf_context_is_removed(const struct cxlf_context *context);
/* Close the context: the adapter has failed for good, or was removed. Sets ADAPTER_FAILED; returns -1. */
int cxlf_context_fail(struct cxlf_context *context, bool removed, struct cxlf_err *err);
/*
 * Ask the driver whether it still serves a context that has handles: false if it says ENODEV through a path that runs.
 * True also if it cannot be asked. (Without a handle the driver would log an error.)
 */
bool cxlf_context_is_served(struct cxlf_context *context);
/*
 * RECOVER_AFU: waits for the end of a reset (some seconds), replaces the id, fd and mapping, and reads every handle's
 * size. *was_reset is false if there was nothing to recover. If the adapter has failed for good or is being removed,
 * the error is ADAPTER_FAILED, and the context is closed and CXLF_CONTEXT_FAILED. After any other error the context is
 * ready if its registers are sound, else lost.
 */
int cxlf_context_recover(struct cxlf_context *context, bool *was_reset, struct cxlf_err *err);

#endif
