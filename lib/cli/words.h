/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the completions of the three shells share.
 */
#ifndef CXLF_CLI_WORDS_H
#define CXLF_CLI_WORDS_H

#include "cli.h"

/* Commands' first words, or with `noun` the words behind it, blanks between. */
void cxlf_cli_put_commands(FILE *stream, const struct cli_program *program, const char *noun);
/* The fixed words of an argument; false if it has none. */
bool cxlf_cli_put_words(FILE *stream, const struct cli_program *program, const struct command *command,
			const struct cli_arg *arg);
/* "luns", "adapters", "contexts", ...: what has to be looked up when completing; NULL if nothing. */
const char *cxlf_cli_live(const struct cli_arg *arg);
/* Of `lun list` and `lun info`, which follow each other, the first. */
bool cxlf_cli_is_first_of_noun(const struct cli_program *program, const struct command *const *command);
void cxlf_cli_put_valued(FILE *stream, const struct cli_program *program, const char *between);

#endif
