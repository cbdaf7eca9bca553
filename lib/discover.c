// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A scan from beginning to end: adapters, paths, LUNs, ports, in that order, and in a fixed order each.
 *
 * sysfs is walked with directory fds and only what is wanted is read. (libudev 252 needs 300 system calls a
 * disk for the same, and cannot read a saved tree.)
 */
#include "discover.h"
#include "scan.h"
#include "scope.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

void *cxlf_grow(void *array, size_t *room, size_t used, size_t size)
{
	if (used < *room)
		return array;

	size_t more = *room ? 2 * *room : 16;
	void *grown = reallocarray(array, more, size);

	if (grown)
		*room = more;
	return grown;
}

static int no_memory(struct cxlf_err *err)
{
	return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the adapters");
}

static int add_adapter(struct cxlf_scan *scan, int class_dir, const char *name)
{
	struct cxlf_rack *rack = scan->rack;
	size_t place_room = scan->adapter_room;
	void *places = cxlf_grow(scan->place, &place_room, rack->n_adapters, sizeof(*scan->place));

	if (!places)
		return no_memory(scan->err);
	scan->place = places;

	void *adapters = cxlf_grow(rack->adapter, &scan->adapter_room, rack->n_adapters, sizeof(*rack->adapter));

	if (!adapters)
		return no_memory(scan->err);
	rack->adapter = adapters;
	if (!cxlf_scan_adapter(scan, class_dir, name, rack->adapter + rack->n_adapters, scan->place + rack->n_adapters))
		rack->n_adapters++;
	return 0;
}

static int each_host(void *arg, int class_dir, const char *name)
{
	char attribute[64], driver[16];

	if (strncmp(name, "host", 4) || strlen(name) > 24)
		return 0;
	strcat(strcpy(attribute, name), "/proc_name");
	if (cxlf_sysfs_read(class_dir, attribute, driver, sizeof(driver)) < 0 || strcmp(driver, "cxlflash"))
		return 0;
	return add_adapter(arg, class_dir, name);
}

/* "0006:00:00.0" by number, since a domain may have more than four digits. */
static uint64_t pci_key(const char *pci)
{
	uint64_t key = 0;

	for (; *pci; pci++) {
		int digit = *pci >= '0' && *pci <= '9' ? *pci - '0' : *pci >= 'a' && *pci <= 'f' ? *pci - 'a' + 10 : -1;

		if (digit >= 0)
			key = key << 4 | (unsigned)digit;
	}
	return key;
}

static bool adapter_before(const struct cxlf_adapter *a, const struct cxlf_adapter *b)
{
	uint64_t x = pci_key(a->pci), y = pci_key(b->pci);

	return x != y ? x < y : a->host < b->host;
}

/* By insertion, the open directories along with them: there are 32 adapters at most. */
static void sort_adapters(struct cxlf_scan *scan)
{
	struct cxlf_adapter *adapter = scan->rack->adapter;

	for (unsigned i = 1; i < scan->rack->n_adapters; i++) {
		for (unsigned k = i; k && adapter_before(adapter + k, adapter + k - 1); k--) {
			struct cxlf_adapter one = adapter[k];
			struct cxlf_place place = scan->place[k];

			adapter[k] = adapter[k - 1];
			adapter[k - 1] = one;
			scan->place[k] = scan->place[k - 1];
			scan->place[k - 1] = place;
		}
	}
}

static int by_address(const void *a, const void *b)
{
	const struct cxlf_path *x = a, *y = b;

	if (x->adapter != y->adapter)
		return x->adapter < y->adapter ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return (x->lun > y->lun) - (x->lun < y->lun);
}

static void count_paths(struct cxlf_rack *rack)
{
	for (unsigned i = 0; i < rack->n_paths; i++) {
		struct cxlf_adapter *adapter = rack->adapter + rack->path[i].adapter;

		adapter->n_paths++;
		if (rack->path[i].port < CXLF_MAX_PORTS)
			adapter->port[rack->path[i].port].n_paths++;
	}
}

static int scan_paths(struct cxlf_scan *scan)
{
	struct cxlf_rack *rack = scan->rack;

	if (!(scan->want & CXLF_WANT_PATHS))
		return 0;
	if (cxlf_scan_paths(scan))
		return -1;
	if (rack->n_paths)
		qsort(rack->path, rack->n_paths, sizeof(*rack->path), by_address);
	count_paths(rack);
	return cxlf_scan_luns(scan);
}

static int scan_adapters(struct cxlf_scan *scan)
{
	int rc = cxlf_sysfs_for_each(scan->root, "sys/class/scsi_host", each_host, scan);

	if (rc == -1 && scan->err->code)
		return -1;
	if (rc && rc != -ENOENT) /* no SCSI at all is no error */
		return cxlf_fail_sys(scan->err, CXLF_E_FAILED, rc, "cannot list /sys/class/scsi_host");
	sort_adapters(scan);
	if (cxlf_scan_nodes(scan))
		return no_memory(scan->err);
	if (scan->want & CXLF_WANT_ADAPTER_DETAIL)
		for (unsigned i = 0; i < scan->rack->n_adapters; i++)
			cxlf_scan_detail(scan->place + i, scan->rack->adapter + i);
	return 0;
}

/* A saved tree is one below --sysroot that is not the kernel's own file system by another way. */
static bool is_saved(const char *sysroot, int root)
{
	scoped_fd int sys = cxlf_sysfs_opendir(root, "sys");
	struct statfs fs;

	return *sysroot && (sys < 0 || fstatfs(sys, &fs) || fs.f_type != CXLF_SYSFS_SUPER);
}

static int open_root(const char *sysroot, struct cxlf_scan *scan)
{
	scan->root = cxlf_sysfs_opendir(AT_FDCWD, *sysroot ? sysroot : "/");
	if (scan->root < 0)
		return cxlf_fail_sys(scan->err, CXLF_E_BAD_VALUE, scan->root, "cannot open the system root %s",
				     sysroot);
	scan->saved = is_saved(sysroot, scan->root);
	if (*sysroot && faccessat(scan->root, "sys", F_OK, 0)) {
		cxlf_fail(scan->err, CXLF_E_BAD_VALUE, "%s is not the root of a saved tree", sysroot);
		cxlf_cause(scan->err, "there is no directory `sys` in it");
		return cxlf_fix(scan->err, "give the directory that contains sys and proc");
	}
	return 0;
}

static void close_scan(struct cxlf_scan *scan)
{
	for (unsigned i = 0; i < scan->rack->n_adapters; i++)
		cxlf_place_close(scan->place + i);
	free(scan->place);
	if (scan->root >= 0)
		close(scan->root);
}

int cxlf_discover(const char *sysroot, unsigned want, struct cxlf_rack *rack, struct cxlf_err *err)
{
	struct cxlf_scan scan = {.root = -1, .want = want, .rack = rack, .err = err};

	*rack = (struct cxlf_rack){0};
	*err = (struct cxlf_err){0};

	int rc = open_root(sysroot, &scan) || scan_adapters(&scan) || scan_paths(&scan) ? -1 : 0;

	if (!rc && want & CXLF_WANT_PORTS)
		cxlf_scan_ports(&scan);
	close_scan(&scan);
	if (rc)
		cxlf_rack_free(rack);
	return rc;
}

void cxlf_rack_free(struct cxlf_rack *rack)
{
	if (rack->n_luns)
		free(rack->lun[0].path); /* one block for all, see discover_luns.c */
	free(rack->lun);
	free(rack->path);
	free(rack->adapter);
	*rack = (struct cxlf_rack){0};
}
