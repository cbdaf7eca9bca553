/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scan's result: adapters, ports, LUNs and paths as plain structs, from sysfs and udev only.
 *
 * A scan opens no device node and sends no ioctl or INQUIRY, so it cannot hang on failed hardware. Objects that
 * disappear during the scan are left out. The order is fixed: adapters by PCI address; paths by adapter, port and LUN
 * number; LUNs by WWID.
 */
#ifndef CXLF_DISCOVER_TOPOLOGY_H
#define CXLF_DISCOVER_TOPOLOGY_H

#include "error.h"
#include "output.h"
#include "wwid.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CXLF_MAX_PORTS 4     /* of an AFU (SISLite: two banks of two) */
#define CXLF_MAX_ADAPTERS 32 /* minors of the driver; a saved tree may hold more */

enum cxlf_mode { CXLF_MODE_UNKNOWN, CXLF_MODE_LEGACY, CXLF_MODE_SUPERPIPE, CXLF_MODE_MIXED /* LUNs only */ };
enum cxlf_kind { CXLF_KIND_UNKNOWN, CXLF_KIND_CORSA, CXLF_KIND_FLASHGT, CXLF_KIND_BRIARD };
enum cxlf_platform { CXLF_PLATFORM_UNKNOWN, CXLF_PLATFORM_BARE_METAL, CXLF_PLATFORM_POWERVM, CXLF_PLATFORM_OPENCAPI };
enum cxlf_port_state { CXLF_PORT_UNKNOWN, CXLF_PORT_ONLINE, CXLF_PORT_OFFLINE };

/*
 * Whether the AFU's registers may be read. Reading portN or portN_lun_table while the driver has unmapped the AFU
 * (EEH, reset) oopses the kernel, so ports are read only in CXLF_AFU_READY.
 */
enum cxlf_afu_state { CXLF_AFU_UNKNOWN, CXLF_AFU_READY, CXLF_AFU_FROZEN, CXLF_AFU_RESETTING, CXLF_AFU_FAILED };

struct cxlf_port {
	unsigned number;
	enum cxlf_port_state state;
	unsigned n_paths;
};

struct cxlf_adapter {
	char pci[16];		 /* the AFU function the driver is bound to: "0006:00:00.0" */
	char card_pci[16];	 /* the physical function, or "" (PowerVM, OpenCAPI) */
	char card[16];		 /* cxl class card ("card0"), or "" */
	char afu[16];		 /* cxl class AFU ("afu0.0"), or "" */
	char location[80];	 /* ibm,loc-code, sanitised, or "" */
	char chardev[32];	 /* "cxlflash0", or "" if unknown (see pairing.c) */
	char name[32];		 /* the same, or "host2" if unknown */
	char label[52];		 /* "cxlflash0 (0006:00:00.0)" */
	unsigned host;		 /* SCSI host number */
	uint16_t vendor, device; /* PCI ids of the AFU function */
	uint16_t card_device;	 /* PCI device id of the physical function, 0 if none */
	enum cxlf_kind kind;
	enum cxlf_platform platform;
	enum cxlf_afu_state afu_state;
	const char *afu_reason; /* why it is not READY, a constant; "" when READY */
	unsigned n_ports;	/* 0 if unknown; when not READY, a lower bound, from the paths */
	struct cxlf_port port[CXLF_MAX_PORTS];
	unsigned n_paths;
	/* CXLF_WANT_ADAPTER_DETAIL only; -1 or "" if not readable */
	int lun_mode, num_hwqs, irqpoll_weight;
	char hwq_mode[8], ioctl_version[40], host_state[24];
	char caia_version[16], psl_revision[16], image_loaded[16];
};

struct cxlf_path {
	unsigned adapter;	     /* index into topology->adapter */
	unsigned lun_index;	     /* index into topology->lun, or UINT_MAX when the path has no identity */
	unsigned host, port, target; /* port = SCSI channel */
	uint64_t lun;		     /* SCSI LUN number as Linux counts it */
	char hctl[40];		     /* "2:0:0:1" */
	char sd[32];		     /* "sda", or "" */
	char sg[16];		     /* "sg0", or "" */
	dev_t sd_dev, sg_dev;	     /* 0 if there is no node (CXLF_WANT_DEVNO) */
	enum cxlf_mode mode;
	bool has_wwid;
	struct cxlf_wwid wwid;
	uint64_t size_bytes;		   /* 0 = unknown */
	uint32_t block_bytes;		   /* logical block, 0 = unknown */
	char state[24];			   /* SCSI device state: running, offline, ... */
	char vendor[9], model[17], rev[5]; /* CXLF_WANT_INQUIRY, sanitised and trimmed */
};

struct cxlf_lun {
	struct cxlf_wwid wwid;
	enum cxlf_mode mode; /* MIXED when paths differ */
	uint64_t size_bytes; /* of the first path where it is known */
	uint32_t block_bytes;
	unsigned n_paths;
	unsigned *path; /* n_paths indices into topology->path, in path order; owned by the topology */
	unsigned n_adapters;
};

/* One scan. Owns everything in it; free with cxlf_topology_free(). */
struct cxlf_topology {
	struct cxlf_adapter *adapter;
	unsigned n_adapters;
	struct cxlf_path *path;
	unsigned n_paths;
	struct cxlf_lun *lun;
	unsigned n_luns;
	unsigned n_without_identity; /* paths whose page 0x83 has no NAA-6 */
	/* What uses the LUNs, looked up after the scan (lun/users.h); NULL: not looked up. Not owned. */
	const struct cxlf_users *users;
};

/* What to read beyond names and topology. */
enum cxlf_want {
	CXLF_WANT_PATHS = 1 << 0, /* SCSI devices */
	CXLF_WANT_MODE = 1 << 1,
	CXLF_WANT_WWID = 1 << 2,
	CXLF_WANT_SIZE = 1 << 3,
	CXLF_WANT_NODES = 1 << 4, /* sd and sg names */
	CXLF_WANT_DEVNO = 1 << 5,
	CXLF_WANT_STATE = 1 << 6,
	CXLF_WANT_INQUIRY = 1 << 7,
	CXLF_WANT_PORTS = 1 << 8, /* port states, where it is safe; ports 2 and 3 if a path uses them */
	CXLF_WANT_ADAPTER_DETAIL = 1 << 9,
	CXLF_WANT_LOCATION = 1 << 10,
	CXLF_WANT_LUN = CXLF_WANT_PATHS | CXLF_WANT_MODE | CXLF_WANT_WWID | CXLF_WANT_SIZE | CXLF_WANT_NODES,
	CXLF_WANT_ALL_PORTS =
		1 << 14, /* with PORTS: also ports 2 and 3 that no path uses; the driver logs if missing */
	CXLF_WANT_ALL = ((1 << 11) - 1) | CXLF_WANT_ALL_PORTS,
	CXLF_WANT_AFU_STATE = 1 << 12, /* without reading the ports */
	CXLF_WANT_USE = 1 << 11,       /* what uses the LUNs: not part of the scan, see lun/users.h */
	CXLF_WANT_FREE = 1 << 13,      /* space for virtual LUNs: asks all holders, see holder/held.h */
};

/*
 * Scan. `sysroot` is "" for the running system, or the root of a saved tree (with sys/ and proc/ below
 * it). Finding no adapter is not an error here: see cxlf_absence_explain().
 */
int cxlf_discover(const char *sysroot, unsigned want, struct cxlf_topology *topology, struct cxlf_err *err);
void cxlf_topology_free(struct cxlf_topology *topology);

/*
 * Fill `err` with the reason why there is no adapter: driver not loaded, kernel 6.15 or newer (driver removed), wrong
 * architecture, no card, card present but unbound. Returns -1.
 */
int cxlf_absence_explain(const char *sysroot, struct cxlf_err *err);

struct cxlf_lun_query {
	bool allow_suffix; /* a unique suffix of 8 or more digits (read-only commands) */
};
/*
 * Look up a LUN operand: any form of a WWID, /dev/sdX, /dev/sgN, a link to such a node, or H:C:T:L. The scan needs
 * CXLF_WANT_WWID|NODES|DEVNO. On success *lun is an index into topology->lun, and *path into topology->path, or
 * UINT_MAX if a WWID was given. NOT_CXLFLASH: a partition, or a device of another driver.
 */
int cxlf_find_lun(const char *sysroot, const struct cxlf_topology *topology, const char *text,
		  struct cxlf_lun_query how, unsigned *lun, unsigned *path, struct cxlf_err *err);
/* Check the form of `text` before anything is scanned. */
int cxlf_lun_text_check(const char *text, struct cxlf_lun_query how, struct cxlf_err *err);
/* Whether it names one path, not a LUN with all its paths. */
bool cxlf_lun_text_is_path(const char *text);
/* An adapter operand: `cxlflashN`, `hostN`, PCI address of function or card, `cardN`, location code. */
int cxlf_find_adapter(const struct cxlf_topology *topology, const char *text, unsigned *adapter, struct cxlf_err *err);

bool cxlf_find_wwid(const struct cxlf_topology *topology, const struct cxlf_wwid *wwid, unsigned *lun);

/* Whether a name below /dev is a node of this path: its sg device, its disk, or a partition of the disk. */
bool cxlf_path_has_node(const struct cxlf_path *path, const char *name);
/* A path's current `mode` attribute, below the directory fd `dir`. */
enum cxlf_mode cxlf_mode_read(int dir, const char *name);
/* Set the LUN's mode from its paths: MIXED if they differ, UNKNOWN if one is unknown and the others agree. */
void cxlf_lun_join_modes(const struct cxlf_topology *topology, struct cxlf_lun *lun);

/* The names of the enums, as printed and in JSON; in messages an unknown one is "unknown". */
extern const struct cxlf_word cxlf_mode_words[CXLF_MODE_MIXED + 1];
extern const struct cxlf_word cxlf_kind_words[CXLF_KIND_BRIARD + 1];
extern const struct cxlf_word cxlf_platform_words[CXLF_PLATFORM_OPENCAPI + 1];
extern const struct cxlf_word cxlf_port_state_words[CXLF_PORT_OFFLINE + 1];
extern const struct cxlf_word cxlf_afu_state_words[CXLF_AFU_FAILED + 1];
const char *cxlf_mode_name(enum cxlf_mode mode);
const char *cxlf_kind_name(enum cxlf_kind kind);
const char *cxlf_afu_state_name(enum cxlf_afu_state state);

#endif
