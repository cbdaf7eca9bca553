/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether an adapter's ports can be read now, from three sources that are safe to read in every state. Each of them can
 * forbid it:
 *
 * - eeh_pe_state of the card's PCI function and the bridges above it. The kernel sets ISOLATED when it notices a
 *   freeze and RECOVERING before it calls the first driver, and clears them after the last driver has resumed: the
 *   flags cover the whole time in which cxlflash has its registers unmapped by EEH. The first word is the state of the
 *   firmware, which may know of a freeze before the kernel does.
 * - `mode` of the card's AFUs. In a recovery the cxl driver deactivates them (mode none) after cxlflash has unmapped,
 *   and selects a mode again before cxlflash maps. PowerVM guests have this file, but no EEH files.
 * - The number of interrupts, for resets that the driver does itself (num_hwqs, lun_mode, timeouts, SCSI error
 *   handling): it frees its interrupts before it unmaps. Each working adapter has exactly one action named
 *   SISL_MSI_ASYNC_ERROR, so with N adapters there must be N. The names do not identify the adapter: when some are
 *   missing, no adapter is ready, unless all the missing ones are known to be off.
 *
 * READY needs the number of interrupts; the other two can only forbid. A race remains: a reset may begin between the
 * last check and the read, and at the end of a reset (while the master contexts are started) the interrupts are back
 * before the registers. Only the driver could close these races.
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
	/* beyond the known bits it is a negative error number from the firmware */
	if (state <= STATE_ALL && !(state & STATE_NOT_SUPPORTED) &&
	    (state & (STATE_UNAVAILABLE | STATE_RESET_ACTIVE) || !(state & STATE_MMIO_ACTIVE)))
		evidence->eeh_stopped = true;
	return true;
}

static void read_eeh(int top, struct cxlf_afu_evidence *evidence)
{
	char name[3u * MAX_BRIDGES + sizeof("eeh_pe_state")] = "";

	for (size_t level = 0; level < MAX_BRIDGES; level++) {
		char text[40];

		snprintf(name + 3 * level, sizeof(name) - 3 * level, "eeh_pe_state");

		int rc = cxlf_sysfs_read(top, name, text, sizeof(text));

		if (rc == -ENOENT || rc == -ENOTDIR)
			break; /* no PCI function, so none above it */
		/* ENODEV or an empty file: EEH does not cover the device */
		if (rc > 0 ? !cxlf_afu_eeh(text, evidence) : rc < 0 && rc != -ENODEV)
			evidence->eeh_unreadable = true;
		strcpy(name + 3 * level, "../");
	}
}

static int read_mode(void *arg, int dir, const char *name)
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
	if (afus >= 0)
		cxlf_sysfs_for_each(afus, ".", read_mode, evidence);
	read_eeh(top, evidence); /* last: a freeze sets these flags before the driver unmaps its registers */
}

static enum cxlf_afu_state because(const char **reason, enum cxlf_afu_state state, const char *text)
{
	*reason = text;
	return state;
}

static enum cxlf_afu_state judge_host(const char *state, const char **reason)
{
	if (!strcmp(state, "running") || !*state)
		return CXLF_AFU_READY;
	if (!strncmp(state, "cancel", 6) || !strncmp(state, "del", 3))
		return because(reason, CXLF_AFU_FAILED, "the adapter is being removed");
	return because(reason, CXLF_AFU_RESETTING, "the SCSI layer is resetting the adapter");
}

static enum cxlf_afu_state judge_eeh(const struct cxlf_afu_evidence *evidence, const char **reason)
{
	uint32_t flags = evidence->eeh_flags;

	if (flags & PE_REMOVED)
		return because(reason, CXLF_AFU_FAILED,
			       "the slot was disabled permanently after too many PCI errors (EEH)");
	if (flags & PE_RECOVERING)
		return because(reason, CXLF_AFU_FROZEN, "the slot is in PCI error recovery (EEH)");
	if (flags & (PE_ISOLATED | PE_CFG_BLOCKED | PE_RESET) || evidence->eeh_stopped)
		return because(reason, CXLF_AFU_FROZEN, "the slot is frozen after a PCI error (EEH)");
	if (evidence->eeh_unreadable)
		return because(reason, CXLF_AFU_UNKNOWN, "the PCI error state (eeh_pe_state) cannot be read");
	return CXLF_AFU_READY;
}

static enum cxlf_afu_state judge_mode(const struct cxlf_afu_evidence *evidence, const char **reason)
{
	if (evidence->mode_off)
		return because(reason, CXLF_AFU_FROZEN,
			       "the cxl driver has deactivated the AFU: the card is in error recovery, or was reset");
	if (evidence->mode_other)
		return because(reason, CXLF_AFU_UNKNOWN, "the AFU is not in the mode that the cxlflash driver uses");
	return CXLF_AFU_READY;
}

static enum cxlf_afu_state judge_interrupts(const struct cxlf_afu_interrupts *interrupts, bool saved,
					    const char **reason)
{
	if (!interrupts->known)
		return because(reason, CXLF_AFU_UNKNOWN,
			       saved ? "the saved tree has no proc/interrupts"
				     : "/proc/interrupts cannot be read, so a reset cannot be ruled out");
	if (interrupts->n_alive + interrupts->n_off == interrupts->n_adapters)
		return CXLF_AFU_READY;
	if (!interrupts->n_alive)
		return because(reason, CXLF_AFU_RESETTING,
			       "the adapter has freed its interrupts: it is being reset, or a reset failed");
	if (interrupts->n_alive + interrupts->n_off > interrupts->n_adapters)
		return because(reason, CXLF_AFU_UNKNOWN, "an adapter is being added or removed");
	return because(reason, CXLF_AFU_UNKNOWN,
		       "one of the adapters is being reset or has failed, but it is not known which one");
}

enum cxlf_afu_state cxlf_afu_judge(const struct cxlf_afu_evidence *evidence,
				   const struct cxlf_afu_interrupts *interrupts, bool saved, const char **reason)
{
	enum cxlf_afu_state state;

	*reason = "";
	if ((state = judge_eeh(evidence, reason)) != CXLF_AFU_READY ||
	    (state = judge_mode(evidence, reason)) != CXLF_AFU_READY ||
	    (state = judge_host(evidence->host_state, reason)) != CXLF_AFU_READY)
		return state;
	return judge_interrupts(interrupts, saved, reason);
}
