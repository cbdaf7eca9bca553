/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: the parsers of text from sysfs and /proc. The first byte selects the parser.
 */
#include "discover/afu_state.h"
#include "discover/interrupts.h"
#include "discover/processes.h"
#include "health/klog.h"
#include "inuse/fdinfo.h"
#include "inuse/mountinfo.h"
#include "sysfs.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void sanitise(char *text)
{
	cxlf_text_sanitise(text);
	for (const char *c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			abort();
}

/* What it finds lies within the line. */
static void mountinfo(const char *text)
{
	char *line = strdup(text);
	size_t len = strlen(text);
	struct cxlf_mount mount;

	if (line && cxlf_mountinfo_parse(line, &mount) &&
	    (mount.point + strlen(mount.point) > line + len || mount.source + strlen(mount.source) > line + len ||
	     (cxlf_mount_is_fuse(&mount) && !*mount.type)))
		abort();
	free(line);
}

static void fdinfo(const char *text)
{
	unsigned long flags;

	if (cxlf_fdinfo_flags(text, &flags) && !strstr(text, "flags:"))
		abort();
}

/* The result does not depend on how the text is split; contexts are sorted and listed once. */
static void interrupts(const char *text, size_t size)
{
	struct cxlf_interrupts whole = {.want_contexts = true}, pieces = {.want_contexts = true};

	cxlf_interrupts_feed(&whole, text, size);
	for (size_t i = 0; i < size; i++)
		cxlf_interrupts_feed(&pieces, text + i, 1);
	cxlf_interrupts_end(&whole);
	cxlf_interrupts_end(&pieces);
	if (whole.n_async != pieces.n_async || whole.n != pieces.n ||
	    (whole.n && memcmp(whole.context, pieces.context, whole.n * sizeof(*whole.context)) != 0))
		abort();
	for (size_t i = 1; i < whole.n; i++)
		if (whole.context[i - 1].process_element > whole.context[i].process_element)
			abort();
	cxlf_interrupts_free(&whole);
	cxlf_interrupts_free(&pieces);
}

static void context_link(const char *text)
{
	unsigned element;

	if (cxlf_process_context_link(text, &element) && element != CXLF_NO_ELEMENT && element > 999999999)
		abort();
}

static void eeh(const char *text)
{
	struct cxlf_afu_evidence evidence = {0};
	struct cxlf_afu_interrupts interrupts = {.known = true, .n_alive = 1, .n_adapters = 1};
	const char *reason;

	if (!cxlf_afu_eeh(text, &evidence) && evidence.has_eeh)
		abort();
	if (cxlf_afu_judge(&evidence, &interrupts, false, &reason) == CXLF_AFU_READY && evidence.eeh_flags & 0x40f)
		abort();
}

static void klog(const char *text)
{
	struct cxlf_klog log = {0};
	struct cxlf_klog_event event;

	if (cxlf_klog_parse(&log, text, &event) && (event.port < -1 || event.port > 9))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t value;

	if (!size)
		return 0;

	char *text = malloc(size);

	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	switch (data[0] % 9) {
	case 0:
		sanitise(text);
		break;
	case 1:
		cxlf_text_u64(text, 0, &value);
		cxlf_text_u64(text, 16, &value);
		break;
	case 2:
		cxlf_text_devno(text);
		break;
	case 3:
		mountinfo(text);
		break;
	case 4:
		interrupts(text, size - 1);
		break;
	case 5:
		eeh(text);
		break;
	case 6:
		context_link(text);
		break;
	case 7:
		fdinfo(text);
		break;
	case 8:
		klog(text);
		break;
	}
	free(text);
	return 0;
}
