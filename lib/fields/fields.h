/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Output fields of adapters, ports, LUNs and paths: key, heading, help and what must be read for each.
 *
 * Rows of all these tables are of a `struct cxlf_topology`; `i` is the adapter's, LUN's or path's index, for
 * ports adapter * CXLF_MAX_PORTS + port.
 */
#ifndef CXLF_FIELDS_FIELDS_H
#define CXLF_FIELDS_FIELDS_H

#include "discover/topology.h"
#include "lun/users.h"
#include "output.h"

extern const struct cxlf_field cxlf_adapter_fields[];	    /* without the ports */
extern const struct cxlf_field cxlf_adapter_ports_fields[]; /* only the ports */
#define CXLF_ADAPTER_SHOWN "name,pci,kind,state,port_count,ports_online,path_count,location"
extern const struct cxlf_field cxlf_adapter_detail_fields[]; /* what adapter info adds, needs ADAPTER_DETAIL */
extern const struct cxlf_field cxlf_port_fields[];
extern const struct cxlf_field cxlf_lun_fields[];	/* without the paths */
extern const struct cxlf_field cxlf_lun_paths_fields[]; /* only the paths */
#define CXLF_LUN_SHOWN "wwid,mode,size_bytes,path_count,sd"
extern const struct cxlf_field cxlf_path_fields[];
#define CXLF_PATH_SHOWN "hctl,adapter,port,sd,sg,mode,state"
extern const struct cxlf_field cxlf_naa_fields[];     /* of a LUN's row */
extern const struct cxlf_field cxlf_product_fields[]; /* of a LUN's row: vendor, product, revision */

extern const struct cxlf_field cxlf_lun_use_fields[]; /* what uses the LUN, if topology->users is set */
extern const struct cxlf_field cxlf_path_use_fields[];

/* With its colour. */
void cxlf_value_path_state(struct cxlf_value *v, const char *state);

#endif
