/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl's subcommands. A new one is a new file that exports cmd_NAME, and one line here.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "../common/program.h"

/* In the order help shows them; the verbs of a noun stand together. */
#define CTL_COMMANDS(X)                                                                                                \
	X(list)                                                                                                        \
	X(adapter_list)                                                                                                \
	X(adapter_info)                                                                                                \
	X(port_list)                                                                                                   \
	X(lun_list)                                                                                                    \
	X(lun_info)                                                                                                    \
	X(manage_lun)                                                                                                  \
	X(context_list)                                                                                                \
	X(context_info)                                                                                                \
	X(context_start)                                                                                               \
	X(context_stop)                                                                                                \
	X(context_run)                                                                                                 \
	X(vlun_create)                                                                                                 \
	X(vlun_list)                                                                                                   \
	X(vlun_resize)                                                                                                 \
	X(vlun_release)                                                                                                \
	X(vlun_clone)                                                                                                  \
	X(plun_create)                                                                                                 \
	X(plun_release)                                                                                                \
	X(verify)                                                                                                      \
	X(recover)                                                                                                     \
	X(explain)                                                                                                     \
	X(help)                                                                                                        \
	X(version)                                                                                                     \
	X(completion)

#define X(name) extern const struct command cmd_##name;
CTL_COMMANDS(X)
#undef X

#endif
