/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays that grow by doubling.
 */
#ifndef CXLF_ARRAY_H
#define CXLF_ARRAY_H

#include <stddef.h>

/*
 * Make room for one more element of `size` bytes in an array of `used` elements. Returns the array, which may have
 * moved, or NULL when out of memory (the array is then unchanged). *room is the number of elements allocated;
 * begin with NULL and 0.
 */
void *cxlf_array_grow(void *array, size_t *room, size_t used, size_t size);

#endif
