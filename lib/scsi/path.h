/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path of a LUN as an open device: whether it is the discovered one, and the identity that its device reports.
 */
#ifndef CXLF_SCSI_PATH_H
#define CXLF_SCSI_PATH_H

#include "discover/topology.h"

/* Open the path's sg node (its sd node if it has none) and check that it is that path. The fd, or -1. */
int cxlf_path_open(const struct cxlf_path *path, struct cxlf_err *err);
/*
 * Read the WWID from VPD page 0x83 of the device. The SCSI timeout is ten seconds; the kernel delays the command while
 * the adapter is in error handling. 0 or -1.
 */
int cxlf_path_identify(int fd, const struct cxlf_path *path, struct cxlf_wwid *wwid, struct cxlf_err *err);
/*
 * Both, and compare: the fd, or -1 with IDENTITY_MISMATCH if the device reports a different LUN from the one in the
 * scan. `what` is the operation for the message: "switch LUN ... to superpipe".
 */
int cxlf_path_open_checked(const struct cxlf_path *path, const char *what, struct cxlf_err *err);
/* Add the cause and the fix of such a mismatch to an error begun before; returns -1. */
int cxlf_path_mismatch(const struct cxlf_path *path, const struct cxlf_wwid *answer, struct cxlf_err *err);
/* The current mode of the path H:C:T:L. */
enum cxlf_mode cxlf_path_mode(const char *hctl);
/* Whether its SCSI device is running now; otherwise the kernel refuses every command. */
bool cxlf_path_is_running(const char *hctl);

#endif
