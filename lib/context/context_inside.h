/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this directory: the context.
 */
#ifndef CXLF_CONTEXT_CONTEXT_INSIDE_H
#define CXLF_CONTEXT_CONTEXT_INSIDE_H

#include "context.h"

#define CXLF_CONTEXT_PATHS 8 /* per LUN and adapter: an AFU has at most four ports */

struct cxlf_context_path {
	char hctl[40];
	int fd; /* its open node, or -1 */
};

/* The enabled paths of a LUN on the context's adapter. The first one is that of the attach. */
struct cxlf_context_paths {
	struct cxlf_context_path path[CXLF_CONTEXT_PATHS];
	unsigned n;
};

struct cxlf_claim {
	char node[40];
	dev_t dev;
	int fd; /* -1: another process has the claim */
};

struct cxlf_context {
	uint64_t id;
	int adapter_fd; /* -1: released */
	void *mmio;	/* the 64 KiB of registers, or NULL */
	enum cxlf_context_state state;
	struct cxlf_context_options options;
	bool sq_mode;
	uint64_t mmio_bytes, max_transfer_blocks;
	unsigned host;
	char adapter_pci[16], adapter_name[32], label[64];
	struct cxlf_context_lun lun[CXLF_CONTEXT_LUNS];
	struct cxlf_context_paths paths[CXLF_CONTEXT_LUNS];
	unsigned n_luns;
	struct cxlf_context_handle *handle;
	unsigned n_handles;
	size_t room;
	struct cxlf_claim *claim; /* the disks of the LUNs in the mask */
	unsigned n_claims;
	uint64_t claimed_luns;
	int64_t next_scan;
};

int cxlf_context_map(struct cxlf_context *context, struct cxlf_err *err);
void cxlf_context_unmap(struct cxlf_context *context);

/* ---- paths.c ---- */

int cxlf_context_open_checked(const struct cxlf_context *context, const struct cxlf_path *path, struct cxlf_err *err);
/*
 * The next path in superpipe mode of the LUN of `path` on its adapter, other than `path`. *next is an index into
 * topology->path; begin with `path`.
 */
bool cxlf_context_next_path(const struct cxlf_topology *topology, unsigned path, unsigned *next);
void cxlf_context_keep_path(struct cxlf_context_paths *paths, const char *hctl, int fd);
void cxlf_context_keep_others(struct cxlf_context *context, unsigned lun, const struct cxlf_topology *topology,
			      unsigned path);
void cxlf_context_close_paths(struct cxlf_context *context, unsigned lun);

/*
 * One request through a path of a LUN:
 *
 *	int rc = -ENODEV;
 *
 *	for (struct cxlf_context_try try = {.lun = lun}; cxlf_context_try(context, &try, rc);)
 *		rc = request(try.path->fd, ...);
 *
 * The next path is tried only if the request did not reach the driver. `path` is NULL if the LUN has no open path.
 */
struct cxlf_context_try {
	unsigned lun;
	const struct cxlf_context_path *path;
	unsigned pass, next;
};
bool cxlf_context_try(struct cxlf_context *context, struct cxlf_context_try *try, int rc);
/* The errno of a request through a path that does not run, which may also be the driver's answer. */
bool cxlf_context_is_path_error(int rc);
/* Whether the SCSI device of the path, or of one of the LUN's paths, runs. */
bool cxlf_context_path_runs(const struct cxlf_context_path *path);
bool cxlf_context_lun_runs(const struct cxlf_context *context, unsigned lun);
/* "path 1:0:0:1 is offline, path 1:1:0:1 is removed" */
void cxlf_context_describe_paths(const struct cxlf_context *context, unsigned lun, char *text, size_t size);

/* ---- claim.c ---- */

/* Gives up claims, registers, the adapter fd and the paths; the lists of LUNs and handles stay. */
void cxlf_context_release_all(struct cxlf_context *context);

/* ---- recover.c ---- */

/* VERIFY through a path of the LUN. `sense` as in cxlf_ioctl_verify(). */
int cxlf_context_verify_handle(struct cxlf_context *context, unsigned lun, uint64_t handle, const uint8_t *sense,
			       uint64_t *last_lba);

/* ---- diagnose.c ---- */

/* Set the error for a refused ATTACH through this path, and for any other refused request; both return -1. */
int cxlf_context_diagnose_attach(const struct cxlf_context *context, const struct cxlf_path *path, int rc,
				 struct cxlf_err *err);
/* `what`: "resize a virtual LUN of"; the LUN's name follows. */
int cxlf_context_diagnose(struct cxlf_context *context, unsigned lun, const char *what, int rc, struct cxlf_err *err);
int cxlf_context_diagnose_detach(struct cxlf_context *context, unsigned lun, int rc, struct cxlf_err *err);
int cxlf_context_not_ready(const struct cxlf_context *context, struct cxlf_err *err);

#endif
