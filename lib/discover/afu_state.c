/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * May an adapter's ports be read now? Evidence from files that are safe in every state, and the verdict.
 *
 * Three witnesses, and any of them can say no:
 *
 * - eeh_pe_state of the card's PCI function and the bridges above it. The kernel sets ISOLATED when it
 *   notices a freeze and RECOVERING before it calls the first driver, and clears them after the last driver
 *   has resumed: the flags cover the whole time in which cxlflash has its registers unmapped by EEH. The
 *   first word is the firmware's view and may know before the kernel does.
 * - `mode` of the card's AFUs. The cxl driver deactivates them (mode none) in a recovery after cxlflash has
 *   unmapped, and selects a mode again before cxlflash maps. PowerVM guests have this one, but no EEH files.
 * - The count of interrupts, for resets that the driver does on its own (num_hwqs, lun_mode, time-outs,
 *   SCSI error handling): it frees its interrupts before it unmaps. Each working adapter has exactly one
 *   action named SISL_MSI_ASYNC_ERROR, so with N adapters N must be counted. The names do not tell adapters
 *   apart: when some are missing, no adapter is cleared, unless all the missing ones are known to be off.
 *
 * READY needs the count of interrupts; the other two only veto. What remains is a race: a reset may begin between the
 * last look and the read, and at the end of a reset there is a moment (the starting of the master contexts)
 * in which interrupts are back and registers are not. Only the driver could close these.
 */
#include "afu_state.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Kernel: flags of a PE, the second word of eeh_pe_state. */
#define PE_ISOLATED 0x1u
#define PE_RECOVERING 0x2u
#define PE_CFG_BLOCKED 0x4u
#define PE_RESET 0x8u
#define PE_REMOVED 0x400u

/* Firmware: what a PE can do, the first word. */
#define STATE_UNAVAILABLE 0x1u
#define STATE_NOT_SUPPORTED 0x2u
#define STATE_RESET_ACTIVE 0x4u
#define STATE_MMIO_ACTIVE 0x8u
#define STATE_ALL 0x7fu

#define MAX_BRIDGES 8u

static bool two_words(const char *text, uint64_t *first, uint64_t *second)
{
	char word[12];
	size_t len = strcspn(text, " ");

	if (len >= sizeof(word) || text[len] != ' ')
		return false;
	memcpy(word, text, len);
	word[len] = '\0';
	return cxlf_text_u64(word, 16, first) && cxlf_text_u64(text + len + 1, 16, second) && *second <= UINT32_MAX;
}

bool cxlf_afu_eeh(const char *text, struct cxlf_afu_evidence *evidence)
{
	uint64_t state, flags;

	if (!two_words(text, &state, &flags))
		return false;
	evidence->has_eeh = true;
	evidence->eeh_flags |= (uint32_t)flags;
	/* beyond the known bits it is a negative error number: the firmware did not say */
	if (state <= STATE_ALL && !(state & STATE_NOT_SUPPORTED) &&
	    (state & (STATE_UNAVAILABLE | STATE_RESET_ACTIVE) || !(state & STATE_MMIO_ACTIVE)))
		evidence->eeh_stopped = true;
	return true;
}

static void look_at_eeh(int top, struct cxlf_afu_evidence *evidence)
{
	char name[3u * MAX_BRIDGES + sizeof("eeh_pe_state")] = "";

	for (size_t level = 0; level < MAX_BRIDGES; level++) {
		char text[40];

		snprintf(name + 3 * level, sizeof(name) - 3 * level, "eeh_pe_state");

		int rc = cxlf_sysfs_read(top, name, text, sizeof(text));

		if (rc == -ENOENT || rc == -ENOTDIR)
			break; /* no PCI function, so none above it */
		/* ENODEV and nothing at all are how the kernel says that EEH does not cover the device */
		if (rc > 0 ? !cxlf_afu_eeh(text, evidence) : rc < 0 && rc != -ENODEV)
			evidence->eeh_unreadable = true;
		strcpy(name + 3 * level, "../");
	}
}

static int look_at_mode(void *arg, int dir, const char *name)
{
	struct cxlf_afu_evidence *evidence = arg;
	char path[40], mode[24];

	if (strncmp(name, "afu", 3) || strlen(name) > sizeof(path) - sizeof("/mode"))
		return 0;
	snprintf(path, sizeof(path), "%.30s/mode", name);
	if (cxlf_sysfs_read(dir, path, mode, sizeof(mode)) <= 0)
		return 0;
	if (!strcmp(mode, "none"))
		evidence->mode_off = true;
	else if (strcmp(mode, "afu_directed"))
		evidence->mode_other = true;
	return 0;
}

void cxlf_afu_evidence(int host, int top, int afus, struct cxlf_afu_evidence *evidence)
{
	*evidence = (struct cxlf_afu_evidence){0};
	cxlf_sysfs_read(host, "state", evidence->host_state, sizeof(evidence->host_state));
	look_at_eeh(top, evidence);
	if (afus >= 0)
		cxlf_sysfs_for_each(afus, ".", look_at_mode, evidence);
}

static enum cxlf_afu_state judge_host(const char *state, const char **reason)
{
	if (!strcmp(state, "running") || !*state)
		return CXLF_AFU_READY;
	if (!strncmp(state, "cancel", 6) || !strncmp(state, "del", 3)) {
		*reason = "the adapter is being removed";
		return CXLF_AFU_FAILED;
	}
	*reason = "the SCSI layer is resetting the adapter";
	return CXLF_AFU_RESETTING;
}

static enum cxlf_afu_state judge_eeh(const struct cxlf_afu_evidence *evidence, const char **reason)
{
	uint32_t flags = evidence->eeh_flags;

	if (flags & PE_REMOVED) {
		*reason = "the slot was given up after too many PCI errors (EEH)";
		return CXLF_AFU_FAILED;
	}
	if (flags & PE_RECOVERING) {
		*reason = "the slot is in PCI error recovery (EEH)";
		return CXLF_AFU_FROZEN;
	}
	if (flags & (PE_ISOLATED | PE_CFG_BLOCKED | PE_RESET) || evidence->eeh_stopped) {
		*reason = "the slot is frozen after a PCI error (EEH)";
		return CXLF_AFU_FROZEN;
	}
	if (evidence->eeh_unreadable) {
		*reason = "the PCI error state (eeh_pe_state) cannot be read";
		return CXLF_AFU_UNKNOWN;
	}
	return CXLF_AFU_READY;
}

static enum cxlf_afu_state judge_mode(const struct cxlf_afu_evidence *evidence, const char **reason)
{
	if (evidence->mode_off) {
		*reason = "the cxl driver has deactivated the AFU: the card is in error recovery, or was reset";
		return CXLF_AFU_FROZEN;
	}
	if (evidence->mode_other) {
		*reason = "the AFU is not in the mode that the cxlflash driver uses";
		return CXLF_AFU_UNKNOWN;
	}
	return CXLF_AFU_READY;
}

static enum cxlf_afu_state judge_interrupts(const struct cxlf_afu_interrupts *interrupts, bool saved,
					    const char **reason)
{
	if (!interrupts->known) {
		*reason = saved ? "the saved tree has no proc/interrupts"
				: "/proc/interrupts cannot be read, so a reset cannot be ruled out";
		return CXLF_AFU_UNKNOWN;
	}
	if (interrupts->n_alive + interrupts->n_off == interrupts->n_adapters)
		return CXLF_AFU_READY;
	if (!interrupts->n_alive) {
		*reason = "the adapter has given up its interrupts: it is being reset, or a reset failed";
		return CXLF_AFU_RESETTING;
	}
	if (interrupts->n_alive + interrupts->n_off > interrupts->n_adapters) {
		*reason = "an adapter is just being added or removed";
		return CXLF_AFU_UNKNOWN;
	}
	*reason = "one of the adapters is being reset or has failed, and it cannot be told which";
	return CXLF_AFU_UNKNOWN;
}

enum cxlf_afu_state cxlf_afu_judge(const struct cxlf_afu_evidence *evidence,
				   const struct cxlf_afu_interrupts *interrupts, bool saved, const char **reason)
{
	enum cxlf_afu_state state;

	*reason = "";
	if ((state = judge_eeh(evidence, reason)) != CXLF_AFU_READY)
		return state;
	if ((state = judge_mode(evidence, reason)) != CXLF_AFU_READY)
		return state;
	if ((state = judge_host(evidence->host_state, reason)) != CXLF_AFU_READY)
		return state;
	return judge_interrupts(interrupts, saved, reason);
}
