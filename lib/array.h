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
/* The same for an array that is a variable or a member, which is set; false when out of memory. */
#define CXLF_ARRAY_ROOM(array, room, used)                                                                             \
	({                                                                                                             \
		void *grown_ = cxlf_array_grow(array, room, used, sizeof(*(array)));                                   \
		(array) = grown_ ? grown_ : (array);                                                                   \
		grown_ != NULL;                                                                                        \
	})

#endif
