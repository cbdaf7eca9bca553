/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A generated sysfs in a temporary directory, for tests of discovery.
 */
#ifndef CXLF_TREE_H
#define CXLF_TREE_H

#include <stddef.h>

/* Makes a new, empty tree below TMPDIR; its path stays valid until tree_end(). */
const char *tree_begin(void);
void tree_end(void);

/* Paths are format strings relative to the tree; directories are created as needed. */
void tree_dir(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void tree_text(const char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tree_bytes(const void *data, size_t len, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void tree_link(const char *target, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tree_remove(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Adds a card with function and host, as on bare metal, PowerVM and OpenCAPI; returns the path of the function. */
enum tree_kind { TREE_BARE_METAL, TREE_POWERVM, TREE_OPENCAPI };
const char *tree_adapter(enum tree_kind kind, unsigned number, unsigned device, unsigned host);
/* Adds a path: wwid is 32 digits, or NULL for a path without page 0x83. */
void tree_path(const char *function, unsigned host, unsigned port, unsigned lun, unsigned disk, const char *wwid,
	       const char *mode);
/* Writes proc/interrupts of this number of working adapters. */
void tree_interrupts(unsigned alive);

#endif
