/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Telling udev that the mode of a path has changed.
 */
#ifndef CXLF_LUN_ANNOUNCE_H
#define CXLF_LUN_ANNOUNCE_H

#include "discover/topology.h"

/* Trigger a uevent for the path's disk and each of its partitions. 0 or -errno. */
int cxlf_path_announce(const struct cxlf_path *path, enum cxlf_mode mode);

#endif
