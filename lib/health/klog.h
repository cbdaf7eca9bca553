/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's log says about adapters: messages of cxlflash, cxl and EEH, each with its meaning.
 *
 * Sources of the texts: drivers/scsi/cxlflash, drivers/misc/cxl and arch/powerpc/kernel/eeh*.c of Linux 6.1.
 */
#ifndef CXLF_HEALTH_KLOG_H
#define CXLF_HEALTH_KLOG_H

#include "discover/topology.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cxlf_severity { CXLF_INFO, CXLF_WARNING, CXLF_ERROR };
const char *cxlf_severity_name(enum cxlf_severity severity);

struct cxlf_klog_kind {
	const char *name; /* "port-link-down" */
	enum cxlf_severity severity;
	const char *meaning;
	const char *consequence; /* what the kernel does, or what to do; or NULL */
};

/* All messages of one kind about one device and port. */
struct cxlf_klog_event {
	const struct cxlf_klog_kind *kind;
	char device[16]; /* "0001:00:00.0", "afu0.0", "card0"; of EEH the domain, "0001"; "" if unknown */
	int port;	 /* -1: none */
	unsigned count;
	uint64_t first_us, last_us; /* since boot */
	char text[160];		    /* of the last message, sanitised, without the prefix */
};

struct cxlf_klog {
	bool complete;	/* it begins at boot: no older message was overwritten */
	char domain[8]; /* of the last EEH message that names one: later ones do not */
	struct cxlf_klog_event *event;
	size_t n, room;
};

/*
 * One record of /dev/kmsg ("3,339,5140900,-;text") or one line of dmesg ("[    5.140900] text"). False: it is of
 * another subsystem, has no known meaning, or is not a record.
 */
bool cxlf_klog_parse(struct cxlf_klog *log, const char *line, struct cxlf_klog_event *event);

/*
 * Read dev/kmsg below root (a device, or a saved file of its records or of dmesg), at most 16 MiB. 0, or -errno: EPERM
 * or EACCES without the right, ENOENT in a tree without it.
 */
int cxlf_klog_read(const char *root, struct cxlf_klog *log);
void cxlf_klog_free(struct cxlf_klog *log);

bool cxlf_klog_is_about(const struct cxlf_klog_event *event, const struct cxlf_adapter *adapter);

#endif
