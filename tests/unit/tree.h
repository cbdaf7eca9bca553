/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up sysfs in a directory of its own, for tests of discovery.
 */
#ifndef CXLF_TREE_H
#define CXLF_TREE_H

#include <stddef.h>

/* A new, empty tree below TMPDIR; its path stays valid until tree_end(). */
const char *tree_begin(void);
void tree_end(void);

/* Paths are relative to the tree and formatted; directories come by themselves. */
void tree_dir(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void tree_text(const char *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tree_bytes(const void *data, size_t len, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void tree_link(const char *target, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void tree_remove(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A card with its function and host, as bare metal, PowerVM and OpenCAPI show them; returns the function's path. */
enum tree_kind { TREE_BARE_METAL, TREE_POWERVM, TREE_OPENCAPI };
const char *tree_adapter(enum tree_kind kind, unsigned number, unsigned device, unsigned host);
/* A path of it: wwid is 32 digits, or NULL for one that has no page 0x83. */
void tree_path(const char *function, unsigned host, unsigned port, unsigned lun, unsigned disk, const char *wwid,
	       const char *mode);
/* proc/interrupts of so many working adapters. */
void tree_interrupts(unsigned alive);

#endif
