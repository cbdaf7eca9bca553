/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Internal to discovery: the state of one scan.
 */
#ifndef CXLF_DISCOVER_SCAN_H
#define CXLF_DISCOVER_SCAN_H

#include "topology.h"

#define CXLF_SYSFS_SUPER 0x62656572 /* f_type of the kernel's own sysfs */

/* Directories of one adapter, open while the scan lasts. */
struct cxlf_place {
	int host;     /* class directory: .../hostN/scsi_host/hostN */
	int device;   /* .../hostN */
	int function; /* the PCI function the driver is bound to */
	int top;      /* the card's device, or the function if there is none */
	int afus;     /* cxl/cardN of the card, or -1 */
};

struct cxlf_scan {
	int root;
	bool saved; /* below --sysroot, and not the kernel's own sysfs: every file is safe to read */
	unsigned want;
	struct cxlf_topology *topology;
	struct cxlf_place *place; /* one per adapter, with the same index */
	size_t adapter_room, path_room;
	struct cxlf_err *err;
};

void cxlf_place_close(struct cxlf_place *place);

/* Fill adapter and place from host `name` of the class directory. 0, or -errno: leave it out. */
int cxlf_scan_adapter(const struct cxlf_scan *scan, int class_dir, const char *name, struct cxlf_adapter *adapter,
		      struct cxlf_place *place);
/* The attributes of CXLF_WANT_ADAPTER_DETAIL. */
void cxlf_scan_detail(const struct cxlf_place *place, struct cxlf_adapter *adapter);
/* Character devices of all adapters. 0, or -ENOMEM. */
int cxlf_scan_nodes(struct cxlf_scan *scan);
/* All paths of all adapters, appended in no order. 0, or -1 with the error set. */
int cxlf_scan_paths(struct cxlf_scan *scan);
/* States of all AFUs and, where safe, of their ports. The paths must have been read and sorted. */
void cxlf_scan_ports(struct cxlf_scan *scan);
/* LUNs from the sorted paths. 0, or -1 with the error set. */
int cxlf_scan_luns(struct cxlf_scan *scan);

#endif
