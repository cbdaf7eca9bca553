/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONFORMANCE_VLUN_H
#define CONFORMANCE_VLUN_H

#include "storage.h"

/* Of a LUN, in 4 KiB blocks. */
uint64_t chunk_blocks(const struct path *path);
uint64_t chunk_of(struct queue *queue, struct path *path, uint64_t handle, uint64_t vlba, unsigned int chunks);

/* Statements 51-59, in order. */
void chunk_size(void);
void example_sizes(void);
void size_zero(void);
void size_unit(void);
void short_of_space(void);
void too_small(void);
void partial_chunk(void);
void chunk_order(void);
void shared_allocator(void);

#endif
