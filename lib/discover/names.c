/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for what discovery finds, as printed and as in JSON.
 */
#include "topology.h"

#include <stdio.h>

const char *cxlf_mode_name(enum cxlf_mode mode)
{
	switch (mode) {
	case CXLF_MODE_LEGACY:
		return "legacy";
	case CXLF_MODE_SUPERPIPE:
		return "superpipe";
	case CXLF_MODE_MIXED:
		return "mixed";
	case CXLF_MODE_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *cxlf_kind_name(enum cxlf_kind kind)
{
	switch (kind) {
	case CXLF_KIND_CORSA:
		return "corsa";
	case CXLF_KIND_FLASHGT:
		return "flashgt";
	case CXLF_KIND_BRIARD:
		return "briard";
	case CXLF_KIND_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *cxlf_platform_name(enum cxlf_platform platform)
{
	switch (platform) {
	case CXLF_PLATFORM_BARE_METAL:
		return "bare-metal";
	case CXLF_PLATFORM_POWERVM:
		return "powervm";
	case CXLF_PLATFORM_OPENCAPI:
		return "opencapi";
	case CXLF_PLATFORM_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *cxlf_port_state_name(enum cxlf_port_state state)
{
	switch (state) {
	case CXLF_PORT_ONLINE:
		return "online";
	case CXLF_PORT_OFFLINE:
		return "offline";
	case CXLF_PORT_UNKNOWN:
		break;
	}
	return "unknown";
}

const char *cxlf_afu_state_name(enum cxlf_afu_state state)
{
	switch (state) {
	case CXLF_AFU_READY:
		return "ready";
	case CXLF_AFU_FROZEN:
		return "frozen";
	case CXLF_AFU_RESETTING:
		return "resetting";
	case CXLF_AFU_FAILED:
		return "failed";
	case CXLF_AFU_UNKNOWN:
		break;
	}
	return "unknown";
}

void cxlf_adapter_label(const struct cxlf_adapter *adapter, char *text, size_t size)
{
	if (*adapter->chardev)
		snprintf(text, size, "%s (%s)", adapter->chardev, adapter->pci);
	else
		snprintf(text, size, "host%u (%s)", adapter->host, adapter->pci);
}

const char *cxlf_adapter_name(const struct cxlf_adapter *adapter, char *text, size_t size)
{
	if (*adapter->chardev)
		return adapter->chardev;
	snprintf(text, size, "host%u", adapter->host);
	return text;
}
