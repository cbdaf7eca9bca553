/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The states of an adapter, set by fault injection and attributes of the driver.
 */
#include "states.h"
#include "harness.h"

void freeze(const struct adapter *a)
{
	lab("eeh %u freeze", a->index);
}

void thaw(const struct adapter *a)
{
	lab("eeh %u thaw", a->index);
}

/* A second hardware queue needs a second process element, which does not exist. */
void fail_adapter(const struct adapter *a)
{
	renew_afterwards(a);
	lab("contexts %u 1", a->index);
	CHECK_RC(write_host(a, "num_hwqs", "2"), 0);
	lab("contexts %u 512", a->index);
}

void lose_adapter(const struct adapter *a)
{
	renew_afterwards(a);
	lab("eeh %u fail", a->index);
}

void reset_adapter(const struct adapter *a)
{
	CHECK_RC(write_host(a, "num_hwqs", "1"), 0);
}
