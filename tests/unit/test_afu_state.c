/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of an AFU: the decision table, and the parsers of its inputs.
 */
#include "discover/afu_state.h"
#include "unit.h"

static struct {
	const char *says, *eeh, *host;
	bool off, other, known;
	unsigned alive, adapters, n_off;
	enum cxlf_afu_state want;
} const cases[] = {
	{"ready on bare metal", "0x00000078 0x00000000", "running", 0, 0, 1, 2, 2, 0, CXLF_AFU_READY},
	{"ready in a guest without EEH files", NULL, "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_READY},
	{"harmless EEH flags", "0x00000078 0x00000900", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_READY},
	{"isolated", "0x00000078 0x00000001", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"recovering", "0x00000078 0x00000002", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"configuration blocked", "0x00000078 0x00000004", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"slot in reset", "0x00000078 0x00000008", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"given up", "0x00000078 0x00000401", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FAILED},
	{"frozen, before the kernel detects it", "0x00000000 0x00000000", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"firmware in reset", "0x0000007c 0x00000000", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_FROZEN},
	{"firmware does not do EEH", "0x00000002 0x00000000", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_READY},
	{"firmware call failed", "0xffffffea 0x00000000", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_READY},
	{"an invalid EEH state", "online", "running", 0, 0, 1, 1, 1, 0, CXLF_AFU_UNKNOWN},
	{"the AFU is off", NULL, "running", 1, 0, 1, 0, 1, 1, CXLF_AFU_FROZEN},
	{"the AFU is in another mode", NULL, "running", 0, 1, 1, 1, 1, 0, CXLF_AFU_UNKNOWN},
	{"SCSI error handling", NULL, "recovery", 0, 0, 1, 1, 1, 0, CXLF_AFU_RESETTING},
	{"being removed", NULL, "cancel", 0, 0, 1, 1, 1, 0, CXLF_AFU_FAILED},
	{"no interrupts: a reset, or a failed one", NULL, "running", 0, 0, 1, 0, 1, 0, CXLF_AFU_RESETTING},
	{"interrupts of one of two AFUs are missing", "0x00000078 0x0", "running", 0, 0, 1, 1, 2, 0, CXLF_AFU_UNKNOWN},
	{"the AFU with missing interrupts is known to be off", "0x00000078 0x0", "running", 0, 0, 1, 1, 2, 1,
	 CXLF_AFU_READY},
	{"of three AFUs one is off and one is in reset", NULL, "running", 0, 0, 1, 1, 3, 1, CXLF_AFU_UNKNOWN},
	{"more interrupts than adapters: one is being added", NULL, "running", 0, 0, 1, 2, 1, 0, CXLF_AFU_UNKNOWN},
	{"interrupts cannot be read", "0x00000078 0x00000000", "running", 0, 0, 0, 0, 1, 0, CXLF_AFU_UNKNOWN},
};

static void verdicts(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cxlf_afu_evidence evidence = {.mode_off = cases[i].off, .mode_other = cases[i].other};
		struct cxlf_afu_interrupts interrupts = {cases[i].known, cases[i].alive, cases[i].adapters,
							 cases[i].n_off};
		const char *reason = NULL;

		snprintf(evidence.host_state, sizeof(evidence.host_state), "%s", cases[i].host);
		if (cases[i].eeh && !cxlf_afu_eeh(cases[i].eeh, &evidence))
			evidence.eeh_unreadable = true;
		is(cxlf_afu_judge(&evidence, &interrupts, false, &reason), cases[i].want, cases[i].says);
		ok((cases[i].want == CXLF_AFU_READY) == !*reason,
		   "there is a reason if and only if the AFU is not ready");
	}
}

static void words(void)
{
	static const char *const bad[] = {
		"",    "0x78", "0x78 ", " 0x78 0x0", "0x78 0x0 0x0", "0x78 0x1ffffffff", "0x0000000000000000078 0x0",
		"78 x"};
	struct cxlf_afu_evidence evidence = {0};
	bool refused = true;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refused = refused && !cxlf_afu_eeh(bad[i], &evidence);
	ok(refused && !evidence.has_eeh, "an EEH state needs two words");
}

int main(void)
{
	verdicts();
	words();
	return done();
}
