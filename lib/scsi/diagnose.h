/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a path did not answer: the state of its adapter, its port and its SCSI device after the failure.
 */
#ifndef CXLF_SCSI_DIAGNOSE_H
#define CXLF_SCSI_DIAGNOSE_H

#include "discover/topology.h"

/*
 * Set code, cause and fix of an error that the caller has begun: ADAPTER_FAILED, ADAPTER_FROZEN (also while it is
 * reset), DEVICE_GONE, PATH_OFFLINE or PORT_OFFLINE. False: none of these, and the error is as before.
 */
bool cxlf_path_diagnose(const char *hctl, struct cxlf_err *err);
/* The same for the state of an adapter; false if it is ready or unknown. */
bool cxlf_adapter_diagnose(const struct cxlf_adapter *adapter, struct cxlf_err *err);

#endif
