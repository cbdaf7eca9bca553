/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests of commands to the processes that hold contexts.
 *
 * A holder (cmd/cxlflash-holder.c) owns one context and listens on CXLF_RUN_DIR/NAME.sock. The protocol is in wire.h.
 */
#ifndef CXLF_HOLDER_HOLDER_H
#define CXLF_HOLDER_HOLDER_H

#include "context/context.h"
#include "held_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CXLF_RUN_DIR "/run/cxlflash"
#define CXLF_HOLDER_EVENTS 32 /* the last ones are kept */
#define CXLF_HOLDERS 1024     /* listed at most */

struct cxlf_holder_event {
	int64_t time; /* seconds since 1970 */
	char text[120];
};

/* A holder's state. Owns its arrays: cxlf_holder_info_free(). */
struct cxlf_holder_info {
	char name[CXLF_HELD_NAME];
	pid_t pid;
	int64_t started; /* seconds since 1970 */
	bool implicit;	 /* ends with its last handle */
	bool read_only, recovers;
	unsigned interrupts, check_ms; /* check_ms: interval of MMIO checks */
	enum cxlf_context_state state;
	char reason[200]; /* why it is not ready, or "" */
	char busy[40];	  /* the current request ("vlun resize"), or "" */
	uint64_t context; /* id */
	unsigned process_element;
	char adapter_pci[16], adapter_name[32];
	unsigned recoveries;
	int64_t last_recovery;	     /* 0: never */
	char parent[CXLF_HELD_NAME]; /* of a clone, or "" */
	struct cxlf_context_lun *lun;
	unsigned n_luns;
	struct cxlf_context_handle *handle;
	unsigned n_handles;
	struct cxlf_holder_event *event; /* oldest first */
	unsigned n_events;
};
void cxlf_holder_info_free(struct cxlf_holder_info *info);

enum cxlf_holder_found {
	CXLF_HOLDER_ANSWERS,
	CXLF_HOLDER_DENIED, /* permission denied */
	CXLF_HOLDER_STALE,  /* it has ended; its stale socket was removed if possible */
	CXLF_HOLDER_SILENT, /* timed out */
	CXLF_HOLDER_OTHER   /* of another release: it can be listed and stopped */
};

const char *cxlf_holder_found_name(enum cxlf_holder_found found); /* "yes", "denied", "stale", ... */
/* A sentence about "its holder"; "" if it answers. */
const char *cxlf_holder_found_text(enum cxlf_holder_found found);

/* A name in the run directory. */
struct cxlf_holder_entry {
	char name[CXLF_HELD_NAME];
	enum cxlf_holder_found found;
	pid_t pid;		      /* if it answers or is silent; 0: unknown */
	struct cxlf_holder_info info; /* if it answers; of another release: what has no default below */
	/* if it answers, of any release */
	char release[24], state[16];
	unsigned n_luns, n_handles, n_virtual;
};

/* All holders, by name. `timeout_ms` is for all together; with 0 only the names are filled in. */
int cxlf_holder_list(const char *dir, unsigned timeout_ms, struct cxlf_holder_entry **entry, unsigned *n,
		     struct cxlf_err *err);
void cxlf_holder_list_free(struct cxlf_holder_entry *entry, unsigned n);

/* The error of a request to an entry that does not answer, or is of another release. */
int cxlf_holder_found_error(const struct cxlf_holder_entry *entry, struct cxlf_err *err);
int cxlf_holder_other_release(const char *name, const char *release, struct cxlf_err *err);

/* One holder, also of another release: CONTEXT_NOT_FOUND, PERMISSION, TIMEOUT, CONTEXT_GONE, HOLDER_PROTOCOL. */
int cxlf_holder_look(const char *name, unsigned timeout_ms, struct cxlf_holder_entry *entry, struct cxlf_err *err);
/* The same of a holder of this release only: HOLDER_PROTOCOL. */
int cxlf_holder_info(const char *name, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err);

/* ---- requests; each sets *info to the holder's state afterwards, also on failure if the holder answered ---- */

/* A holder's command line: start.c writes it, cmd/holder/options.c reads it. */
struct cxlf_holder_options {
	const char *name;   /* NULL: generated */
	const char *parent; /* of a clone, else NULL */
	unsigned interrupts, check_ms;
	bool read_only, no_recover, implicit;
};
/*
 * Start a holder in the background and wait until its context is attached through these paths (indices into
 * topology->path).
 */
int cxlf_holder_start(const struct cxlf_holder_options *options, const struct cxlf_topology *topology,
		      const unsigned *path, unsigned n_paths, struct cxlf_holder_info *info, struct cxlf_err *err);
/* Returns when the process has ended. */
int cxlf_holder_stop(const char *name, unsigned timeout_ms, struct cxlf_err *err);

int cxlf_holder_vlun_create(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid,
			    const struct cxlf_vlun_size *size, uint64_t *handle, struct cxlf_holder_info *info,
			    struct cxlf_err *err);
int cxlf_holder_vlun_resize(const char *name, unsigned timeout_ms, uint64_t handle, const struct cxlf_vlun_size *size,
			    struct cxlf_holder_info *info, struct cxlf_err *err);
int cxlf_holder_plun_create(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid, const char *hctl,
			    uint64_t *handle, struct cxlf_holder_info *info, struct cxlf_err *err);
/* *ended: an implicit holder ended with its last handle; *info is then the state before. */
int cxlf_holder_release(const char *name, unsigned timeout_ms, uint64_t handle, bool *ended,
			struct cxlf_holder_info *info, struct cxlf_err *err);
/* The new holder is a child of the old one; *info is the new one's. `clone` NULL: the name is generated. */
int cxlf_holder_clone(const char *name, unsigned timeout_ms, const char *clone, struct cxlf_holder_info *info,
		      struct cxlf_err *err);
/* `bytes`: sense data (cxlf_sense_parse), or NULL. */
int cxlf_holder_verify(const char *name, unsigned timeout_ms, uint64_t handle, const uint8_t *bytes, size_t len,
		       struct cxlf_verdict *verdict, struct cxlf_holder_info *info, struct cxlf_err *err);
int cxlf_holder_recover(const char *name, unsigned timeout_ms, bool *was_reset, struct cxlf_holder_info *info,
			struct cxlf_err *err);

/* *changed: it was not attached before. */
int cxlf_holder_attach(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid, const char *hctl,
		       bool *changed, struct cxlf_holder_info *info, struct cxlf_err *err);
int cxlf_holder_detach(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid,
		       struct cxlf_holder_info *info, struct cxlf_err *err);

/* The handle with this number in an info, or NULL. */
const struct cxlf_context_handle *cxlf_holder_handle(const struct cxlf_holder_info *info, uint64_t number);

#endif
