/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quote words for the shell, in commands that messages suggest.
 */
#ifndef CXLF_QUOTE_H
#define CXLF_QUOTE_H

#include <stddef.h>

/* `word` as a shell reads it back: itself where nothing in it is special, else in quotes in `text`. */
const char *cxlf_quote(const char *word, char *text, size_t size);

#endif
