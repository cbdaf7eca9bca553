/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arrays that grow by doubling.
 */
#include "array.h"

#include <stdlib.h>

void *cxlf_array_grow(void *array, size_t *room, size_t used, size_t size)
{
	if (used < *room)
		return array;

	size_t more = *room ? 2 * *room : 16;
	void *grown = reallocarray(array, more, size);

	if (grown)
		*room = more;
	return grown;
}
