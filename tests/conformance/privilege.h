/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONFORMANCE_PRIVILEGE_H
#define CONFORMANCE_PRIVILEGE_H

#include <linux/capability.h>

/* Removes one capability from the calling process permanently. */
void drop_capability(int capability);

#endif
