/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One adapter context of this process: the LUNs attached to it, the handles open in it, and its recovery.
 *
 * The driver ties a context to the process that attached it and frees all of it when the adapter fd is closed,
 * so this is what a holder holds, what `context run` hands over by exec, and what a check opens for a moment.
 * Not thread-safe: one thread at a time. Sizes are in bytes. Functions return 0, or -1 and fill `err`.
 */
#ifndef CXLF_CONTEXT_CONTEXT_H
#define CXLF_CONTEXT_CONTEXT_H

#include "discover/topology.h"
#include "scsi/sense.h"
#include "size.h"

#include <stdbool.h>
#include <stdint.h>

#define CXLF_CONTEXT_LUNS 64	  /* attached to one context; a limit of ours, the driver has none */
#define CXLF_CONTEXT_HANDLES 4096 /* the driver's, with 64 KiB pages (256 with 4 KiB) */
#define CXLF_CONTEXT_INTERRUPTS 4 /* at most; the cxl backend wants at least 1 */
#define CXLF_CONTEXT_MMIO_BYTES 65536

enum cxlf_context_state {
	CXLF_CONTEXT_READY,
	CXLF_CONTEXT_LOST, /* the adapter was reset: nothing works before recovery */
	CXLF_CONTEXT_RECOVERING,
	CXLF_CONTEXT_FAILED, /* cannot be recovered; handles and LUNs have been given back */
};
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
	uint64_t requested_bytes; /* virtual: what was asked for last */
	uint64_t size_bytes;	  /* virtual: whole chunks, may be 0; physical: the LUN */
	uint64_t last_lba; /* as the driver gave it: virtual in 4 KiB blocks (all ones: size 0), physical in device
			      blocks */
};

struct cxlf_context; /* owns fds and a mapping */

struct cxlf_context_options {
	int access;	     /* O_RDONLY, O_WRONLY or O_RDWR: what its handles may do */
	unsigned interrupts; /* 1 to CXLF_CONTEXT_INTERRUPTS */
};

/* What can be told without asking the driver. The arrays belong to the context and change with it. */
struct cxlf_context_view {
	uint64_t id; /* 64 bits, opaque; another one after a recovery */
	unsigned process_element;
	int adapter_fd;
	char adapter_pci[16], adapter_name[32]; /* "0001:00:00.0"; "cxlflash0" or "host2" */
	enum cxlf_context_state state;
	bool sq_mode;
	uint64_t mmio_bytes, max_transfer_blocks;
	const struct cxlf_context_lun *lun;
	unsigned n_luns;
	const struct cxlf_context_handle *handle; /* in the order of their making */
	unsigned n_handles;
};

/*
 * The path to attach a LUN through: `path` if one was named (else UINT_MAX), or the LUN's first one in superpipe
 * mode, on this adapter only unless it is UINT_MAX. NOT_SUPERPIPE, or ADAPTER_NOT_FOUND if the LUN is not there.
 */
int cxlf_context_choose_path(const struct cxlf_topology *topology, unsigned lun, unsigned path, unsigned adapter,
			     unsigned *chosen, struct cxlf_err *err);
/*
 * Attach the LUN of this path (an index into topology->path) as a new context. The path must be in superpipe mode
 * and the device behind it must still be the LUN (page 0x83); it is opened here. Needs a scan with
 * CXLF_WANT_LUN | CXLF_WANT_DEVNO.
 */
int cxlf_context_open(const struct cxlf_topology *topology, unsigned path, const struct cxlf_context_options *options,
		      struct cxlf_context **context, struct cxlf_err *err);
/* One more LUN, on the same adapter. */
int cxlf_context_add_lun(struct cxlf_context *context, const struct cxlf_topology *topology, unsigned path,
			 struct cxlf_err *err);
/* Detach and close everything; never fails (the close of the adapter fd is what counts). NULL is fine. */
void cxlf_context_close(struct cxlf_context *context);
void cxlf_context_view(const struct cxlf_context *context, struct cxlf_context_view *view);
/* Index of the LUN with this WWID, or of the only one if `wwid` is NULL; -1 with an error otherwise. */
int cxlf_context_find_lun(const struct cxlf_context *context, const struct cxlf_wwid *wwid, struct cxlf_err *err);

struct cxlf_vlun_size {
	uint64_t bytes;	    /* asked for; rounded up to whole chunks */
	bool allow_smaller; /* take what is left when there is less; else it is given back and an error */
	bool driver_wipe;   /* the driver's wipe, which zeroes the wrong blocks: only when forced */
};
/* *handle is valid until the next change of the context. */
int cxlf_context_vlun_create(struct cxlf_context *context, unsigned lun, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
int cxlf_context_vlun_resize(struct cxlf_context *context, uint64_t number, const struct cxlf_vlun_size *size,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
/* A physical handle reaches its LUN through one port: that of `hctl`, or of the attach's path if "". */
int cxlf_context_plun_create(struct cxlf_context *context, unsigned lun, const char *hctl,
			     const struct cxlf_context_handle **handle, struct cxlf_err *err);
int cxlf_context_release(struct cxlf_context *context, uint64_t number, struct cxlf_err *err);
/*
 * Take over the virtual handles of the parent process's context `source` (its id; `handles` is its list, of LUN 0):
 * this context must have one LUN, the same, and no handle yet.
 */
int cxlf_context_clone(struct cxlf_context *context, uint64_t source, const struct cxlf_context_handle *handles,
		       unsigned n, struct cxlf_err *err);

enum cxlf_verdict_kind {
	CXLF_VERDICT_UNCHANGED,
	CXLF_VERDICT_CAPACITY,	    /* old_bytes and new_bytes differ */
	CXLF_VERDICT_LUNS,	    /* the target's LUNs changed; the host was made to scan */
	CXLF_VERDICT_RECOVERY,	    /* the context is lost: recover first */
	CXLF_VERDICT_NOT_VERIFIABLE /* the driver does not act on such sense data */
};
const char *cxlf_context_verdict_name(enum cxlf_verdict_kind kind); /* "unchanged", "capacity-changed", ... */

struct cxlf_verdict {
	enum cxlf_verdict_kind kind;
	uint64_t old_bytes, new_bytes; /* of the LUN, also for virtual handles */
	uint32_t block_bytes;
	uint64_t handle_bytes; /* the handle's own size after it: a virtual one does not change */
};

/*
 * Has the LUN behind a handle changed? `sense` NULL: what the driver remembers is compared with what it says
 * now; with sense data the driver acts on it (it may ask the device). Keeps the LUN's size up to date.
 */
int cxlf_context_verify(struct cxlf_context *context, uint64_t number, const struct cxlf_sense *sense,
			struct cxlf_verdict *verdict, struct cxlf_err *err);

/*
 * False: the MMIO page reads as all ones, or not at all, and the context is (now) CXLF_CONTEXT_LOST. Never waits for
 * the adapter.
 */
bool cxlf_context_alive(struct cxlf_context *context);
/* One event of the adapter fd in words: 1, or 0 if there is none, or -errno (-EIO: the fd is of no use any more). */
int cxlf_context_event(struct cxlf_context *context, char *text, size_t size);
/*
 * RECOVER_AFU: waits out a reset (some seconds). Adopts the new id and fd, unmaps and closes the old ones, and
 * asks for every handle's size. *was_reset is false if nothing had been wrong. After ADAPTER_FAILED the
 * context is CXLF_CONTEXT_FAILED and holds nothing any more.
 */
int cxlf_context_recover(struct cxlf_context *context, bool *was_reset, struct cxlf_err *err);

#endif
