/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klog.h"
#include "array.h"
#include "scope.h"
#include "sysfs.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_BYTES_MAX (16u << 20)
#define RECORD_BYTES_MAX 8192u /* as in the kernel */
#define EVENTS_MAX 4096u

enum source { CXLFLASH, CXL, EEH };

/* The first row whose text occurs in a message determines the meaning. */
static const struct {
	enum source source;
	const char *text;
	struct cxlf_klog_kind kind;
} messages[] = {
	{CXLFLASH, "-> link up", {"port-link-up", CXLF_INFO, "the link of the port came up", NULL}},
	{CXLFLASH, "-> link down", {"port-link-down", CXLF_WARNING, "the link of the port went down", NULL}},
	{CXLFLASH,
	 "-> login succeeded",
	 {"port-login", CXLF_INFO, "the port has logged in", "the driver scanned the SCSI host for LUNs"}},
	{CXLFLASH,
	 "-> login failed",
	 {"port-login-failed", CXLF_ERROR, "the fabric or target refused the login of the port",
	  "nothing was retried: check zoning and the target's host mapping"}},
	{CXLFLASH,
	 "-> login timed out",
	 {"port-login-timeout", CXLF_WARNING, "the login of the port timed out", "the driver reset the link"}},
	{CXLFLASH,
	 "-> CRC threshold exceeded",
	 {"port-crc", CXLF_WARNING, "too many CRC errors on the port: check cable and transceiver",
	  "the driver reset the link"}},
	{CXLFLASH, "-> target initiated LOGO", {"port-logout", CXLF_WARNING, "the target logged out", NULL}},
	{CXLFLASH,
	 "-> other error",
	 {"port-error", CXLF_ERROR, "an error of the Fibre Channel core",
	  "the driver reset the link and cleared the error"}},
	{CXLFLASH, "resetting link", {"port-reset", CXLF_INFO, "the driver reset the link of the port", NULL}},
	{CXLFLASH, "clearing fc_error", {"port-error-cleared", CXLF_INFO, "the driver cleared fc_error", NULL}},
	{CXLFLASH,
	 "line timed out",
	 {"port-timeout", CXLF_ERROR, "the port did not go offline or online in time", NULL}},
	{CXLFLASH,
	 "spurious interrupt",
	 {"spurious-interrupt", CXLF_WARNING, "an interrupt without a reason", "the driver ignored it"}},
	{CXLFLASH,
	 "unexpected interrupt",
	 {"context-error", CXLF_ERROR, "an error of one of the driver's own contexts: cxlflashctl explain intr-status",
	  "the driver cleared it"}},
	{CXLFLASH, "TMF ", {"lun-reset-failed", CXLF_ERROR, "the reset of a LUN failed", NULL}},
	{CXLFLASH,
	 "send_afu_cmd failed",
	 {"afu-command-failed", CXLF_WARNING, "the AFU refused a command: cxlflashctl explain ioasc", NULL}},
	{CXLFLASH,
	 "failed, ioasc=",
	 {"afu-command-failed", CXLF_WARNING, "the AFU refused a command: cxlflashctl explain ioasc", NULL}},
	{CXLFLASH,
	 "EEH recovery failed",
	 {"eeh-recovery-failed", CXLF_ERROR, "the driver could not start the adapter after a PCI error",
	  "the adapter has failed until the driver is bound to it again"}},
	{CXLFLASH,
	 "Back level AFU",
	 {"afu-too-old", CXLF_ERROR, "the AFU is older than the driver needs", "update the image of the adapter"}},
	{CXLFLASH, "AFU reset failed", {"afu-reset-failed", CXLF_ERROR, "the AFU could not be reset", NULL}},
	{CXLFLASH, "start_afu failed", {"start-failed", CXLF_ERROR, "the driver could not start the AFU", NULL}},
	{CXLFLASH, "init_afu failed", {"start-failed", CXLF_ERROR, "the driver could not start the AFU", NULL}},
	{CXLFLASH,
	 "Exhausted allowed adapters",
	 {"too-many-adapters", CXLF_ERROR, "there are more adapters than the driver supports", NULL}},
	{CXLFLASH, "WWPN", {"vpd-error", CXLF_ERROR, "the VPD of the adapter has no valid WWPN of a port", NULL}},
	{CXLFLASH, "VPD", {"vpd-error", CXLF_ERROR, "the VPD of the adapter cannot be read", NULL}},
	{CXLFLASH,
	 "not supported on this card",
	 {"port-missing", CXLF_INFO, "a program has read the state of a port that the card does not have", NULL}},
	{CXL,
	 "PSL_SERR_An:",
	 {"slice-error", CXLF_ERROR, "an error of the card's slice: cxlflashctl explain psl-serr", NULL}},
	{CXL,
	 "AFU is in permanent error state",
	 {"afu-permanent-error", CXLF_ERROR, "the AFU is in a permanent error state", NULL}},
	{CXL,
	 "EEH recovery failed",
	 {"eeh-recovery-failed", CXLF_ERROR, "the cxl driver could not start the card after a PCI error",
	  "the card has failed until it is added again"}},
	{CXL, "failed to initialise", {"start-failed", CXLF_ERROR, "the cxl driver could not start the AFU", NULL}},
	{CXL, "failed to start", {"start-failed", CXLF_ERROR, "the cxl driver could not start the AFU", NULL}},
	{CXL, "link down", {"psl-link-down", CXLF_ERROR, "the link between processor and card was down", NULL}},
	{CXL, "timed out!", {"psl-timeout", CXLF_ERROR, "the card did not answer the cxl driver in time", NULL}},
	{CXL, "AFU Error", {"afu-error", CXLF_ERROR, "the AFU reported an error to a context", NULL}},
	{CXL, "PSL ERROR STATUS", {"psl-error", CXLF_ERROR, "the card reported an error of a context", NULL}},
	{EEH,
	 "Frozen P",
	 {"eeh-frozen", CXLF_ERROR, "the slot was frozen after a PCI error", "the kernel recovers it"}},
	{EEH,
	 "permanently disabled.",
	 {"eeh-disabled", CXLF_ERROR, "the slot failed too often and was disabled permanently",
	  "replace the card, or move it to another slot"}},
	{EEH,
	 "will be permanently disabled after",
	 {"eeh-count", CXLF_WARNING, "the kernel counts the failures of the slot in the last hour", NULL}},
	{EEH,
	 "Unable to recover",
	 {"eeh-recovery-failed", CXLF_ERROR, "the kernel could not recover the slot", "the slot is disabled"}},
	{EEH,
	 "Unrecoverable slot failure",
	 {"eeh-recovery-failed", CXLF_ERROR, "the slot could not be reset", "the slot is disabled"}},
	{EEH, "Recovery successful", {"eeh-recovered", CXLF_INFO, "the slot was recovered", NULL}},
};

const char *cxlf_severity_name(enum cxlf_severity severity)
{
	static const char *const name[] = {"info", "warning", "error"};

	return name[severity];
}

/* The text of a record and its time; NULL: it is not a record. */
static const char *text_of(const char *line, uint64_t *us)
{
	unsigned long long seconds, fraction, stamp;
	int end = 0;

	if (sscanf(line, "%*u,%*u,%llu,%*[^;];%n", &stamp, &end) == 1 && end) {
		*us = stamp;
		return line + end;
	}
	if (sscanf(line, "[%llu.%6llu] %n", &seconds, &fraction, &end) == 2 && end && seconds < UINT64_MAX / 2000000) {
		*us = seconds * 1000000 + fraction;
		return line + end;
	}
	return NULL;
}

static void copy_word(char *out, size_t size, const char *text, const char *ends)
{
	snprintf(out, size, "%.*s", (int)strcspn(text, ends), text);
}

/* "PHB#1-PE#0" or "of node=0001:00:00.0" */
static void find_domain(char domain[8], const char *text)
{
	const char *phb = strstr(text, "PHB#");
	unsigned number;

	if (phb && sscanf(phb, "PHB#%6x", &number) == 1 && number <= 0xffff)
		snprintf(domain, 8, "%04x", number);
	else if ((phb = strstr(text, "of node=")) && sscanf(phb, "of node=%4x:", &number) == 1)
		snprintf(domain, 8, "%04x", number);
}

/* "cxlflash 0001:00:00.0: text", "cxl afu0.0: text", "EEH: text": the source and the device; the text behind them. */
static const char *prefix(struct cxlf_klog *log, const char *text, enum source *source, char device[16])
{
	if (!strncmp(text, "EEH: ", 5)) {
		*source = EEH;
		find_domain(log->domain, text);
		snprintf(device, 16, "%s", log->domain);
		return text + 5;
	}
	*source = !strncmp(text, "cxlflash ", 9) ? CXLFLASH : CXL;
	if (*source == CXL && strncmp(text, "cxl", 3))
		return NULL;
	text += strcspn(text, " ");
	text += *text == ' ';
	copy_word(device, 16, text, " ");
	if (*device && device[strlen(device) - 1] == ':')
		device[strlen(device) - 1] = '\0';
	text += strcspn(text, " ");
	return *text ? text + 1 : NULL;
}

static int port_of(const char *text)
{
	static const char *const before[] = {"FC Port ", "port ", "Port ", "fc "};

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		const char *at = strstr(text, before[i]);

		if (at && isdigit((unsigned char)at[strlen(before[i])]))
			return atoi(at + strlen(before[i])) % 10;
	}
	return -1;
}

bool cxlf_klog_parse(struct cxlf_klog *log, const char *line, struct cxlf_klog_event *event)
{
	enum source source;
	uint64_t us;
	const char *text = text_of(line, &us), *at;

	*event = (struct cxlf_klog_event){.port = -1, .count = 1};
	if (!text || !(text = prefix(log, text, &source, event->device)))
		return false;
	event->first_us = event->last_us = us;
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages) && !event->kind; i++)
		if (messages[i].source == source && strstr(text, messages[i].text))
			event->kind = &messages[i].kind;
	if (!event->kind)
		return false;
	if (source == CXLFLASH) {
		event->port = port_of(text);
		at = strstr(text, ": "); /* behind the function's name */
		text = at ? at + 2 : text;
	}
	copy_word(event->text, sizeof(event->text), text, "\n");
	cxlf_text_sanitise(event->text);
	return true;
}

static int add(struct cxlf_klog *log, const struct cxlf_klog_event *event)
{
	struct cxlf_klog_event *grown;

	for (size_t i = 0; i < log->n; i++) {
		struct cxlf_klog_event *known = log->event + i;

		if (strcmp(known->kind->name, event->kind->name) || known->port != event->port ||
		    strcmp(known->device, event->device))
			continue;
		known->count++;
		known->last_us = event->last_us;
		memcpy(known->text, event->text, sizeof(known->text));
		return 0;
	}
	if (log->n >= EVENTS_MAX)
		return -EFBIG;
	grown = cxlf_array_grow(log->event, &log->room, log->n, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	log->event = grown;
	grown[log->n++] = *event;
	return 0;
}

static int take(struct cxlf_klog *log, const char *line, bool first)
{
	struct cxlf_klog_event event;
	unsigned long long sequence;
	uint64_t us;

	if (first)
		log->complete = sscanf(line, "%*u,%llu,", &sequence) == 1 ? !sequence : text_of(line, &us) && !us;
	return cxlf_klog_parse(log, line, &event) ? add(log, &event) : 0;
}

/* The device returns a record for each read, and EPIPE when the oldest one was overwritten meanwhile. */
static int read_device(int fd, struct cxlf_klog *log)
{
	char record[RECORD_BYTES_MAX + 1];
	size_t total = 0;
	bool first = true;
	int rc = 0;

	while (!rc && total < LOG_BYTES_MAX) {
		ssize_t len = read(fd, record, sizeof(record) - 1);

		if (len < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (len <= 0)
			return len < 0 && errno != EAGAIN ? -errno : 0;
		record[len] = '\0';
		total += (size_t)len;
		rc = take(log, record, first);
		first = false;
	}
	return rc;
}

static int read_file(int fd, struct cxlf_klog *log)
{
	scoped_file FILE *file = fdopen(fd, "r");
	char line[RECORD_BYTES_MAX + 1];
	size_t total = 0;
	bool first = true;
	int rc = 0;

	if (!file)
		return -ENOMEM;
	while (!rc && total < LOG_BYTES_MAX && fgets(line, sizeof(line), file)) {
		total += strlen(line) + 1;
		rc = take(log, line, first);
		first = false;
	}
	return rc ?: ferror(file) ? -EIO : 0;
}

int cxlf_klog_read(const char *root, struct cxlf_klog *log)
{
	scoped_fd int fd = -1;
	char path[4096];
	struct stat st;

	*log = (struct cxlf_klog){0};
	if (snprintf(path, sizeof(path), "%s/dev/kmsg", root) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISREG(st.st_mode))
		return read_file(cxlf_take_fd(&fd), log);
	if (!S_ISCHR(st.st_mode) || *root)
		return -EINVAL;
	return read_device(fd, log);
}

void cxlf_klog_free(struct cxlf_klog *log)
{
	free(log->event);
	*log = (struct cxlf_klog){0};
}

bool cxlf_klog_is_about(const struct cxlf_klog_event *event, const struct cxlf_adapter *adapter)
{
	const char *device = event->device;

	if (!*device)
		return false;
	return !strcmp(device, adapter->pci) || !strcmp(device, adapter->card_pci) || !strcmp(device, adapter->afu) ||
	       !strcmp(device, adapter->card) ||
	       (strlen(device) == 4 && !strncmp(device, *adapter->card_pci ? adapter->card_pci : adapter->pci, 4));
}
