/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflashctl's subcommands. A new one is a new file that exports cmd_NAME, and one line here.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "../common/program.h"
#include "discover/processes.h"
#include "holder/holder.h"
#include "lun/admit.h"
#include "lun/users.h"

#include <string.h>
#include <unistd.h>

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
	X(context_attach)                                                                                              \
	X(context_detach)                                                                                              \
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
	X(health)                                                                                                      \
	X(events)                                                                                                      \
	X(explain)                                                                                                     \
	X(help)                                                                                                        \
	X(version)                                                                                                     \
	X(completion)

#define CTL_ANY_PATH_HELP                                                                                              \
	"a full WWID in any notation, or any path to the LUN: /dev/sdX, /dev/sgN, a link below /dev/disk, H:C:T:L"
#define CTL_THIS_PATH_HELP                                                                                             \
	"a full WWID in any notation, or the path to use: /dev/sdX, /dev/sgN, a link below /dev/disk, H:C:T:L"
#define CTL_CONTEXT(type)                                                                                              \
	CLI_CONTEXT(type, context, .name = "--context", .value = "NAME", .words = CLI_WORDS_CONTEXTS,                  \
		    .help = "in this held context (default: a new one, which ends with its last handle)")
/* Options of commands that send requests to a holder. */
#define CTL_HOLDER_TIMEOUT(type)                                                                                       \
	CLI_SECONDS(type, timeout_ms, .name = "--timeout", .value = "TIME", .fallback = 60000,                         \
		    .help = "how long to wait for the holder, which may wait for the adapter (60s)")
/* Bits as of enum cxlf_check; before contexts and handles are made on a LUN (lun/admit.h). */
#define CTL_FORCE_CHOICES CXLF_CHECK_CHOICES_DISK
#define CTL_FORCE_HELP                                                                                                 \
	"override safety checks that found a use of the LUN as a disk, or could not be made: mount, swap, "            \
	"holder (a device built on it), export (loop, nvmet, LIO), opener (a program), reservation"
#define CTL_FORCE_USE(type)                                                                                            \
	CLI_SET(type, force, .name = "--force", .value = "CHECK[,CHECK]", .choices = CTL_FORCE_CHOICES,                \
		.help = CTL_FORCE_HELP)
/* A command that shows a struct cxlf_outcome; these columns by default. */
#define CTL_OUTCOME(columns_shown)                                                                                     \
	.accepts = CLI_GROUP_OUTPUT | CLI_GROUP_LINES | CLI_GROUP_SIZES | CLI_GROUP_CHANGE,                            \
	.columns = cxlf_outcome_fields, .shown = columns_shown, .document = cxlf_outcome_fields
/* A command that attaches to LUNs. */
#define CTL_TAKES_LUN                                                                                                  \
	.scans = true, .must_exist = true, .changes = true,                                                            \
	.want = CXLF_WANT_LUN | CXLF_WANT_DEVNO | CXLF_WANT_AFU_STATE
#define CTL_HOLDER_EXITS                                                                                               \
	CXLF_EXIT_NOT_FOUND, CXLF_EXIT_PERMISSION, CXLF_EXIT_BUSY, CXLF_EXIT_UNSUPPORTED, CXLF_EXIT_DEVICE,            \
		CXLF_EXIT_RETRY, CXLF_EXIT_NO_SPACE

#define CTL_USERS(name) __attribute__((cleanup(cxlf_users_free))) struct cxlf_users name = {0}
/* Find what uses the LUNs, if it is shown. On a failure it stays unknown, with a warning. */
static inline void ctl_find_users(struct ctl *ctl, struct cxlf_users *users)
{
	struct cxlf_err err;

	if (ctl->want & CXLF_WANT_USE && cxlf_lun_users(ctl->sysroot, &ctl->topology, users, &err))
		cxlf_out_warn(&ctl->out, NULL, "%s", err.message);
	ctl->topology.users = users;
}

/* consent.c: the question, or in a dry run a warning */
struct cxlf_consent ctl_consent(struct ctl *ctl);

/*
 * Check that nothing uses the LUNs as disks, override the checks in `force`, and keep other users away until
 * cxlf_lun_admit_end(). Asks before LUNs that contain data are used. Warns of what could not be checked.
 */
static inline int ctl_admit(struct ctl *ctl, const unsigned *lun, unsigned n, unsigned force, unsigned timeout_ms,
			    struct cxlf_admission *admission, struct cxlf_err *err)
{
	admission->consent = ctl_consent(ctl);
	admission->dry_run = ctl->common->dry_run;
	if (cxlf_lun_admit(&ctl->topology, lun, n, force, timeout_ms, admission, err))
		return -1;
	if (*admission->warning)
		cxlf_out_warn(&ctl->out, NULL, "%s", admission->warning);
	return 0;
}

/* After a start: systemd kills the holder with the unit in which it runs, unless that is the holder's own. */
static inline void ctl_warn_of_life(struct ctl *ctl, const struct cxlf_holder_info *info)
{
	char unit[128];

	if (access("/run/systemd/system", F_OK) || !cxlf_process_unit(info->pid, unit, sizeof(unit)) ||
	    strstr(unit, "cxlflash-context-"))
		return;
	cxlf_out_warn(&ctl->out, info->name,
		      "ends with %s, in which it runs: systemd did not start a service for it (journalctl -t "
		      "cxlflash-holder)",
		      unit);
}

#define X(name) extern const struct command cmd_##name;
CTL_COMMANDS(X)
#undef X

extern const struct cli_program ctl_program;

#endif
