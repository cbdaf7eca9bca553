/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Variables that close or free their value at the end of the block.
 */
#ifndef CXLF_SCOPE_H
#define CXLF_SCOPE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cxlf_scope_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cxlf_scope_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cxlf_scope_closedir(DIR *const *dir)
{
	if (*dir)
		closedir(*dir);
}

static inline void cxlf_scope_fclose(FILE *const *file)
{
	if (*file)
		fclose(*file);
}

#define scoped_fd __attribute__((cleanup(cxlf_scope_close)))
#define scoped_free __attribute__((cleanup(cxlf_scope_free)))
#define scoped_dir __attribute__((cleanup(cxlf_scope_closedir)))
#define scoped_file __attribute__((cleanup(cxlf_scope_fclose)))

/* Transfer ownership to the caller: the scope no longer closes it. */
static inline int cxlf_take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
