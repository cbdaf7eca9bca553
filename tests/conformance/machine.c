/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds adapters and paths in sysfs, and selects them.
 */
#include "machine.h"
#include "harness.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct machine the_machine;
static bool known;

/* ---- sysfs ---------------------------------------------------------------------------------------------- */

int read_attribute(const char *dir, const char *name, char *text, size_t size)
{
	char file[2 * PLACE];
	size_t len = 0;
	ssize_t n = 0;
	int fd, error;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (len < size - 1 && (n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	error = errno;
	close(fd);
	text[len] = 0;
	return n < 0 ? -error : (int)len;
}

int write_attribute(const char *dir, const char *name, const char *text)
{
	char file[2 * PLACE];
	ssize_t n;
	int fd, error;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	return n < 0 ? -error : 0;
}

static void host_dir(const struct adapter *a, char dir[static PLACE])
{
	snprintf(dir, PLACE, "/sys/class/scsi_host/host%u", a->host);
}

int read_host(const struct adapter *a, const char *name, char *text, size_t size)
{
	char dir[PLACE];

	host_dir(a, dir);
	return read_attribute(dir, name, text, size);
}

int write_host(const struct adapter *a, const char *name, const char *text)
{
	char dir[PLACE];

	host_dir(a, dir);
	return write_attribute(dir, name, text);
}

int host_mode_bits(const struct adapter *a, const char *name)
{
	char dir[PLACE], file[2 * PLACE];
	struct stat st;

	host_dir(a, dir);
	snprintf(file, sizeof(file), "%s/%s", dir, name);
	return stat(file, &st) ? -errno : (int)(st.st_mode & 07777);
}

bool exists(const char *dir, const char *name)
{
	char file[2 * PLACE];

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	return access(file, F_OK) == 0;
}

/* The first entry of DIR/NAME that does not begin with a dot. */
static bool first_entry(const char *dir, const char *name, char *entry, size_t size)
{
	char file[2 * PLACE];
	struct dirent *d;
	bool found = false;
	DIR *stream;

	snprintf(file, sizeof(file), "%s/%s", dir, name);
	stream = opendir(file);
	if (!stream)
		return false;
	while (!found && (d = readdir(stream)))
		if (d->d_name[0] != '.') {
			snprintf(entry, size, "%.20s", d->d_name);
			found = true;
		}
	closedir(stream);
	return found;
}

/* ---- adapters --------------------------------------------------------------------------------------------- */

static void look_up_card(struct adapter *a)
{
	char dir[PLACE], *slash;

	host_dir(a, dir);
	if (!realpath(dir, a->card))
		FAIL("%s: %s", dir, strerror(errno));
	/* .../PCI/hostN/scsi_host/hostN: the function's name on the way up, then the first with a cxl folder */
	for (int i = 0; i < 3; i++)
		*strrchr(a->card, '/') = 0;
	snprintf(a->pci, sizeof(a->pci), "%.31s", strrchr(a->card, '/') + 1);
	while ((slash = strrchr(a->card, '/'))) {
		*slash = 0;
		if (exists(a->card, "cxl"))
			break;
	}
	a->guest = strstr(a->card, "coherent-platform-facility");
}

static bool is_cxlflash(unsigned int host)
{
	struct adapter a = {.host = host};
	char name[NAME];

	return read_host(&a, "proc_name", name, sizeof(name)) > 0 && !strcmp(name, "cxlflash\n");
}

static int by_pci(const void *a, const void *b)
{
	return strcmp(((const struct adapter *)a)->pci, ((const struct adapter *)b)->pci);
}

static void find_adapters(struct machine *m)
{
	DIR *hosts = opendir("/sys/class/scsi_host");
	char text[NAME];
	struct dirent *d;
	unsigned int host;

	while (hosts && (d = readdir(hosts))) {
		if (sscanf(d->d_name, "host%u", &host) != 1 || !is_cxlflash(host) || m->n_adapters == MAX_ADAPTERS)
			continue;
		m->adapter[m->n_adapters].host = host;
		look_up_card(&m->adapter[m->n_adapters++]);
	}
	if (hosts)
		closedir(hosts);
	qsort(m->adapter, m->n_adapters, sizeof(m->adapter[0]), by_pci);
	for (unsigned int i = 0; i < m->n_adapters; i++) {
		struct adapter *a = &m->adapter[i];

		a->index = i;
		snprintf(a->node, sizeof(a->node), "/dev/cxlflash/cxlflash%u", i);
		while (a->n_ports < 4) {
			char name[NAME];

			snprintf(name, sizeof(name), "port%u", a->n_ports);
			if (read_host(a, name, text, sizeof(text)) < 0)
				break;
			a->n_ports++;
		}
	}
}

/* ---- paths -------------------------------------------------------------------------------------------------- */

/* The 16-byte NAA designator of the logical unit in VPD page 83. */
static bool read_wwid(struct path *p)
{
	uint8_t page[1024];
	int n = read_attribute(p->dir, "vpd_pg83", (char *)page, sizeof(page));

	for (int at = 4; at + 4 <= n && at + 4 + page[at + 3] <= n; at += 4 + page[at + 3])
		if ((page[at + 1] & 0x3f) == 0x03 && page[at + 3] == 16) {
			memcpy(p->wwid, page + at + 4, 16);
			return true;
		}
	return false;
}

static bool fill_path(struct path *p)
{
	char name[NAME - 5], queue[2 * PLACE], text[NAME];

	if (!first_entry(p->dir, "block", name, sizeof(name)))
		return false;
	snprintf(p->disk, sizeof(p->disk), "/dev/%s", name);
	snprintf(queue, sizeof(queue), "%.180s/block/%s", p->dir, name);
	if (read_attribute(queue, "queue/logical_block_size", text, sizeof(text)) < 0)
		return false;
	p->block_bytes = strtoul(text, NULL, 10);
	if (read_attribute(queue, "size", text, sizeof(text)) < 0)
		return false;
	p->blocks = strtoull(text, NULL, 10) * 512 / p->block_bytes;
	if (!first_entry(p->dir, "scsi_generic", name, sizeof(name)))
		return false;
	snprintf(p->sg, sizeof(p->sg), "/dev/%s", name);
	p->fd = -1;
	return read_wwid(p);
}

static int by_place(const void *a, const void *b)
{
	const struct path *x = a, *y = b;

	if (x->adapter != y->adapter)
		return x->adapter < y->adapter ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->lun < y->lun ? -1 : x->lun > y->lun;
}

static void find_paths(struct machine *m)
{
	DIR *devices = opendir("/sys/class/scsi_device");
	unsigned int host, port, target, lun;
	struct dirent *d;

	while (devices && (d = readdir(devices))) {
		struct path *p = &m->path[m->n_paths];

		if (m->n_paths == MAX_PATHS || sscanf(d->d_name, "%u:%u:%u:%u", &host, &port, &target, &lun) != 4)
			continue;
		for (unsigned int i = 0; i < m->n_adapters; i++) {
			if (m->adapter[i].host != host)
				continue;
			*p = (struct path){.adapter = &m->adapter[i], .port = port, .lun = lun};
			snprintf(p->dir, sizeof(p->dir), "/sys/class/scsi_device/%.30s/device", d->d_name);
			m->n_paths += fill_path(p);
		}
	}
	if (devices)
		closedir(devices);
	qsort(m->path, m->n_paths, sizeof(m->path[0]), by_place);
}

struct machine *machine(void)
{
	if (!known) {
		memset(&the_machine, 0, sizeof(the_machine));
		known = true;
		find_adapters(&the_machine);
		find_paths(&the_machine);
	}
	return &the_machine;
}

void forget_machine(void)
{
	for (unsigned int i = 0; known && i < the_machine.n_paths; i++)
		if (the_machine.path[i].fd >= 0)
			close(the_machine.path[i].fd);
	known = false;
}

void rediscover(void)
{
	forget_machine();
	machine();
}

/* ---- choosing ----------------------------------------------------------------------------------------------- */

struct adapter *adapter(unsigned int index)
{
	struct machine *m = machine();

	if (index >= m->n_adapters)
		not_observable("needs adapter %u; there are %u", index, m->n_adapters);
	return &m->adapter[index];
}

static bool same_lun(const struct path *a, const struct path *b)
{
	return !memcmp(a->wwid, b->wwid, sizeof(a->wwid));
}

/* LUNs that a test created (extra_lun) are not selected by others. */
static bool is_extra(const struct path *p)
{
	static const uint8_t prefix[] = {0x60, 0x02, 0x53, 0x80, 0x00, 0xc0, 0xf0};

	return !memcmp(p->wwid, prefix, sizeof(prefix));
}

static bool fits(const struct path *p, unsigned int want)
{
	struct machine *m = machine();
	unsigned int here = 0, elsewhere = 0;

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (same_lun(p, &m->path[i]))
			*(m->path[i].adapter == p->adapter ? &here : &elsewhere) += 1;
	return !(want & TWO_PORTS && here < 2) && !(want & ONE_PORT && here != 1) &&
	       !(want & TWO_ADAPTERS && !elsewhere) && !(want & ONE_ADAPTER && elsewhere) &&
	       !(want & BLOCKS_512 && p->block_bytes != 512) && !(want & BLOCKS_4096 && p->block_bytes != 4096);
}

struct path *pick(unsigned int adapter_index, unsigned int want)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (m->path[i].adapter->index == adapter_index && !is_extra(&m->path[i]) && fits(&m->path[i], want))
			return &m->path[i];
	not_observable("adapter %u has no path of the kind needed (0x%x)", adapter_index, want);
}

struct path *other_port(struct path *path)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (&m->path[i] != path && m->path[i].adapter == path->adapter && same_lun(path, &m->path[i]))
			return &m->path[i];
	FAIL("%s has no second path", path->disk);
}

struct path *other_adapter(struct path *path)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (m->path[i].adapter != path->adapter && same_lun(path, &m->path[i]))
			return &m->path[i];
	FAIL("%s is not seen through another adapter", path->disk);
}

struct path *other_lun(struct path *path)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (m->path[i].adapter == path->adapter && !same_lun(path, &m->path[i]) && !is_extra(&m->path[i]))
			return &m->path[i];
	not_observable("adapter %u has one LUN only", path->adapter->index);
}

struct path *path_by_wwid(const uint8_t wwid[16], unsigned int adapter_index)
{
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_paths; i++)
		if (m->path[i].adapter->index == adapter_index && !memcmp(m->path[i].wwid, wwid, 16))
			return &m->path[i];
	return NULL;
}

/* Read-only, which the driver accepts: after closing a writer udev would read the disk again. */
int disk(struct path *path)
{
	if (path->fd < 0)
		path->fd = open(path->disk, O_RDONLY | O_CLOEXEC);
	if (path->fd < 0)
		FAIL("%s: %s", path->disk, strerror(errno));
	return path->fd;
}

bool is_superpipe(struct path *path)
{
	char text[NAME];

	CHECK(read_attribute(path->dir, "mode", text, sizeof(text)) > 0);
	return !strcmp(text, "superpipe\n");
}
