/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dropping privileges.
 */
#include "privilege.h"
#include "harness.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void drop_capability(int capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	CHECK_EQ(syscall(SYS_capget, &header, data), 0);
	data[capability / 32].effective &= ~(1u << capability % 32);
	data[capability / 32].permitted &= ~(1u << capability % 32);
	data[capability / 32].inheritable = 0;
	CHECK_EQ(syscall(SYS_capset, &header, data), 0);
}
