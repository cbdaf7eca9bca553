/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions that put an adapter into the states of the driver.
 *
 * Between freeze() and thaw(), and after fail_adapter() or lose_adapter(), do not read portN or portN_lun_table or
 * issue QUERY_PORT: the driver would follow a NULL pointer. Therefore do not call rediscover() either.
 */
#ifndef CONFORMANCE_STATES_H
#define CONFORMANCE_STATES_H

#include "machine.h"

/* EEH: state RESET from freeze to thaw; contexts are in error afterwards. */
void freeze(const struct adapter *a);
void thaw(const struct adapter *a);
/* State FAILTERM, by a reset that fails: contexts go into error first. The driver is bound again after the test. */
void fail_adapter(const struct adapter *a);
/* FAILTERM at once, by a permanent PCI failure: contexts are not in error. The driver is bound again after the test. */
void lose_adapter(const struct adapter *a);
/* A reset by the host: all contexts of the adapter are in error, the state is NORMAL again. */
void reset_adapter(const struct adapter *a);

#endif
