/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to this directory: the context.
 */
#ifndef CXLF_CONTEXT_CONTEXT_INSIDE_H
#define CXLF_CONTEXT_CONTEXT_INSIDE_H

#include "context.h"

struct cxlf_context {
	uint64_t id;
	int adapter_fd; /* -1: released */
	void *mmio;	/* the 64 KiB of registers, or NULL */
	int probe[2];	/* a pipe: see cxlf_context_alive() */
	enum cxlf_context_state state;
	struct cxlf_context_options options;
	bool sq_mode;
	uint64_t mmio_bytes, max_transfer_blocks;
	unsigned host;
	char adapter_pci[16], adapter_name[32], label[64];
	struct cxlf_context_lun lun[CXLF_CONTEXT_LUNS];
	int disk[CXLF_CONTEXT_LUNS]; /* the open node of each LUN's path */
	unsigned n_luns;
	struct cxlf_context_handle *handle;
	unsigned n_handles;
	size_t room;
};

int cxlf_context_map(struct cxlf_context *context, struct cxlf_err *err);
void cxlf_context_unmap(struct cxlf_context *context);
void cxlf_context_release_all(struct cxlf_context *context);

/* Set the error for a refused ATTACH through this path, and for any other refused request; both return -1. */
int cxlf_context_diagnose_attach(const struct cxlf_context *context, const struct cxlf_path *path, int rc,
				 struct cxlf_err *err);
/* `what`: "resize a virtual LUN of"; the LUN's name follows. */
int cxlf_context_diagnose(struct cxlf_context *context, unsigned lun, const char *what, int rc, struct cxlf_err *err);
int cxlf_context_not_ready(const struct cxlf_context *context, struct cxlf_err *err);

#endif
