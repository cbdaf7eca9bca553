/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fault injection of the lab, binding of the driver, and the reset of the machine after a test.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define LAB "/sys/kernel/debug/cxlflash-lab"
#define DRIVER "/sys/bus/pci/drivers/cxlflash"
#define MAX_ENABLED 1024

/* Changes that the reset must undo. They outlive the process of the test. */
static struct memory {
	unsigned int n_enabled;
	struct {
		char pci[NAME];
		unsigned int port, lun;
		uint8_t wwid[16];
	} enabled[MAX_ENABLED];
	bool renew[MAX_ADAPTERS];
} * memory;

/* ---- controls -------------------------------------------------------------------------------------------- */

bool have_lab(void)
{
	return access(LAB "/control", W_OK) == 0;
}

static int control(const char *text)
{
	return write_attribute(LAB, "control", text);
}

void lab(const char *format, ...)
{
	char text[512];
	va_list args;
	int rc;

	va_start(args, format);
	vsnprintf(text, sizeof(text) - 1, format, args);
	va_end(args);
	strcat(text, "\n");
	rc = control(text);
	if (rc)
		FAIL("the lab refuses \"%.100s\": %s", text, strerror(-rc));
}

static char *lab_state(void)
{
	static char state[65536];

	if (read_attribute(LAB, "state", state, sizeof(state)) < 0)
		FAIL("the lab's state cannot be read");
	return state;
}

uint64_t lab_counter(const char *key, const char *line, ...)
{
	char begin[64], wanted[32];
	char *at, *end, *value;
	va_list args;

	va_start(args, line);
	vsnprintf(begin, sizeof(begin), line, args);
	va_end(args);
	snprintf(wanted, sizeof(wanted), " %s=", key);
	at = lab_state();
	while (at && *at && strncmp(at, begin, strlen(begin))) {
		at = strchr(at, '\n');
		at += at != NULL;
	}
	end = at ? strchr(at, '\n') : NULL;
	value = at ? strstr(at, wanted) : NULL;
	if (!value || !end || value > end)
		FAIL("the lab's state says nothing about \"%s\" of \"%s\"", key, begin);
	return strtoull(value + strlen(wanted), NULL, 10);
}

const char *place(const struct path *path)
{
	static char text[4][NAME];
	static unsigned int turn;

	turn = (turn + 1) % 4;
	snprintf(text[turn], NAME, "%u.%u:%u", path->adapter->index, path->port, path->lun);
	return text[turn];
}

void remember_enable(const struct path *path, const uint8_t wwid[16])
{
	for (unsigned int i = 0; i < memory->n_enabled; i++)
		if (!strcmp(memory->enabled[i].pci, path->adapter->pci) && memory->enabled[i].port == path->port &&
		    memory->enabled[i].lun == path->lun && !memcmp(memory->enabled[i].wwid, wwid, 16))
			return;
	if (memory->n_enabled == MAX_ENABLED)
		FAIL("too many WWIDs to remember");
	strcpy(memory->enabled[memory->n_enabled].pci, path->adapter->pci);
	memory->enabled[memory->n_enabled].port = path->port;
	memory->enabled[memory->n_enabled].lun = path->lun;
	memcpy(memory->enabled[memory->n_enabled++].wwid, wwid, 16);
}

/* ---- LUNs of a test's own ----------------------------------------------------------------------------------- */

void scan(const struct adapter *a)
{
	CHECK_RC(write_host(a, "scan", "- - -"), 0);
}

struct extra {
	uint8_t wwid[16];
	unsigned int adapter;
};

static bool extra_is_there(void *arg)
{
	struct extra *e = arg;

	rediscover();
	return path_by_wwid(e->wwid, e->adapter);
}

struct path *extra_lun(unsigned int id, uint64_t bytes, unsigned int block_bytes, unsigned int adapter_index,
		       unsigned int port)
{
	struct extra e = {.wwid = {0x60, 0x02, 0x53, 0x80, 0x00, 0xc0, 0xf0}, .adapter = adapter_index};
	char name[33];

	e.wwid[14] = id >> 8;
	e.wwid[15] = id;
	if (path_by_wwid(e.wwid, adapter_index))
		return path_by_wwid(e.wwid, adapter_index);
	for (unsigned int i = 0; i < 16; i++)
		snprintf(name + 2 * i, 3, "%02x", e.wwid[i]);
	lab("lun %s size=%" PRIu64 " bs=%u on=%u.%u:%u", name, bytes, block_bytes, adapter_index, port, 100 + id);
	scan(adapter(adapter_index));
	wait_until("the new LUN's disk", extra_is_there, &e, 30);
	return path_by_wwid(e.wwid, adapter_index);
}

static int test_unit_ready(struct path *path)
{
	uint8_t cdb[6] = {0}, sense[32];
	struct sg_io_hdr io = {
		.interface_id = 'S',
		.dxfer_direction = SG_DXFER_NONE,
		.cmd_len = sizeof(cdb),
		.cmdp = cdb,
		.mx_sb_len = sizeof(sense),
		.sbp = sense,
		.timeout = 10000,
	};
	int fd = open(path->sg, O_RDWR | O_CLOEXEC), rc;

	if (fd < 0)
		return -errno;
	rc = ioctl(fd, SG_IO, &io) ? -errno : io.status;
	close(fd);
	return rc;
}

void drain_attentions(struct path *path)
{
	for (unsigned int i = 0; i < 16 && test_unit_ready(path); i++)
		;
}

/* ---- the driver's binding -------------------------------------------------------------------------------------- */

void unbind_driver(const struct adapter *a)
{
	CHECK_RC(write_attribute(DRIVER, "unbind", a->pci), 0);
}

struct expected {
	char pci[NAME];
	unsigned int index, n_paths;
};

static bool disks_are_there(void *arg)
{
	struct expected *e = arg;
	struct machine *m;
	unsigned int n = 0;

	rediscover();
	m = machine();
	for (unsigned int i = 0; i < m->n_paths; i++)
		n += !strcmp(m->path[i].adapter->pci, e->pci);
	return n >= e->n_paths;
}

static unsigned int lab_paths(unsigned int index)
{
	char begin[NAME];
	unsigned int n = 0;

	snprintf(begin, sizeof(begin), "\npath %u.", index);
	for (char *at = lab_state(); (at = strstr(at, begin)); at++)
		n++;
	return n;
}

void bind_driver(const struct adapter *a)
{
	struct expected e = {.index = a->index, .n_paths = lab_paths(a->index)};

	strcpy(e.pci, a->pci);
	CHECK_RC(write_attribute(DRIVER, "bind", e.pci), 0);
	wait_until("the disks of the adapter bound anew", disks_are_there, &e, 60);
}

void renew(unsigned int adapter_index)
{
	struct adapter a = *adapter(adapter_index);

	unbind_driver(&a);
	bind_driver(&a);
}

void renew_afterwards(const struct adapter *a)
{
	memory->renew[a->index] = true;
}

/* ---- reset ------------------------------------------------------------------------------------------------------- */

/* The lab's state lists the adapters, also those without a bound driver. */
static void mend_adapters(void)
{
	char copy[65536], *at = copy;
	unsigned int index;

	strcpy(copy, lab_state());
	while (sscanf(at, "adapter %u", &index) == 1) {
		char pci[NAME] = "", link[NAME] = "";

		sscanf(strstr(at, " pci="), " pci=%31s", pci);
		sscanf(strstr(at, " link="), " link=%31s", link);
		lab("fault %u lose all 0", index);
		lab("deaf %u off", index);
		lab("contexts %u 512", index);
		lab("irqs %u 2037", index);
		if (!strcmp(link, "frozen"))
			lab("eeh %u thaw", index);
		if (!strcmp(link, "failed"))
			lab("eeh %u repair", index);
		if (memory->renew[index] || !exists(DRIVER, pci)) {
			struct adapter a = {.index = index};

			strcpy(a.pci, pci);
			if (exists(DRIVER, pci))
				unbind_driver(&a);
			bind_driver(&a);
			memory->renew[index] = false;
		}
		at = strstr(at, "\nadapter ");
		if (!at)
			break;
		at++;
	}
}

static void mend_ports(void)
{
	char copy[65536];
	unsigned int a, port, cable, online;

	strcpy(copy, lab_state());
	for (char *at = copy; (at = strstr(at, "\nport ")); at++)
		if (sscanf(at, "\nport %u.%u cable=%u online=%u", &a, &port, &cable, &online) == 4 &&
		    !(cable && online))
			lab("cable %u.%u in", a, port);
}

/* Removes disks whose LUN was deleted, and clears the injected faults of the others. */
static void mend_paths(void)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++) {
		char line[NAME + 8];

		snprintf(line, sizeof(line), "\npath %s ", place(&m->path[i]));
		if (!strstr(lab_state(), line)) {
			write_attribute(m->path[i].dir, "delete", "1");
			continue;
		}
		lab("unreadable %s 0", place(&m->path[i]));
		if (lab_counter("pending", "path %s ", place(&m->path[i])))
			drain_attentions(&m->path[i]);
	}
}

static struct path *enabled_path(unsigned int i)
{
	struct machine *m = machine();

	for (unsigned int j = 0; j < m->n_paths; j++) {
		struct path *p = &m->path[j];

		if (!strcmp(p->adapter->pci, memory->enabled[i].pci) && p->port == memory->enabled[i].port &&
		    p->lun == memory->enabled[i].lun)
			return p;
	}
	return NULL;
}

/* Enable first: this attaches the right record to the path, so that disabling removes the port from it. */
static void back_to_legacy(void)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < memory->n_enabled; i++) {
		struct path *p = enabled_path(i);
		int rc;

		if (!p)
			continue;
		manage(p, memory->enabled[i].wwid, DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE);
		rc = manage(p, memory->enabled[i].wwid, DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE);
		if (rc)
			FAIL("%s does not go back to legacy mode: %s", p->disk, strerror(-rc));
	}
	memory->n_enabled = 0;
	for (unsigned int i = 0; i < m->n_paths; i++)
		if (is_superpipe(&m->path[i]))
			FAIL("%s is still in superpipe mode", m->path[i].disk);
	for (unsigned int i = 0; i < m->n_adapters; i++) {
		char text[NAME];

		if (read_host(&m->adapter[i], "lun_mode", text, sizeof(text)) > 0 && strcmp(text, "0\n"))
			write_host(&m->adapter[i], "lun_mode", "0");
		if (read_host(&m->adapter[i], "num_hwqs", text, sizeof(text)) > 0 && strcmp(text, "1\n"))
			write_host(&m->adapter[i], "num_hwqs", "1");
		if (lab_counter("contexts", "adapter %u ", i) != 1)
			FAIL("adapter %u: a context is left", i);
	}
}

static void reset(void)
{
	mend_adapters();
	mend_ports();
	mend_paths();
	rediscover();
	back_to_legacy();
}

void machine_init(void)
{
	memory = mmap(NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED) {
		perror("conformance: no memory");
		exit(2);
	}
	on_reset(reset);
}
