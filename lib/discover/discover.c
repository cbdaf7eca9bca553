/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scan: adapters, paths, LUNs and ports, in that order.
 *
 * sysfs is walked with directory fds, and only the requested attributes are read. (libudev 252 needs 300 system calls
 * per disk for the same, and cannot read a saved tree.)
 */
#include "array.h"
#include "scan.h"
#include "scope.h"
#include "sysfs.h"
#include "topology.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

static int no_memory(struct cxlf_err *err)
{
	return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the adapters");
}

static int add_adapter(struct cxlf_scan *scan, int class_dir, const char *name)
{
	struct cxlf_topology *topology = scan->topology;
	size_t place_room = scan->adapter_room;

	if (!CXLF_ARRAY_ROOM(scan->place, &place_room, topology->n_adapters) ||
	    !CXLF_ARRAY_ROOM(topology->adapter, &scan->adapter_room, topology->n_adapters))
		return no_memory(scan->err);
	if (!cxlf_scan_adapter(scan, class_dir, name, topology->adapter + topology->n_adapters,
			       scan->place + topology->n_adapters))
		topology->n_adapters++;
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
		int digit = cxlf_hex_digit(*pci);

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
	struct cxlf_adapter *adapter = scan->topology->adapter;

	for (unsigned i = 1; i < scan->topology->n_adapters; i++) {
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

static void count_paths(struct cxlf_topology *topology)
{
	for (unsigned i = 0; i < topology->n_paths; i++) {
		struct cxlf_adapter *adapter = topology->adapter + topology->path[i].adapter;

		adapter->n_paths++;
		if (topology->path[i].port < CXLF_MAX_PORTS)
			adapter->port[topology->path[i].port].n_paths++;
	}
}

static int scan_paths(struct cxlf_scan *scan)
{
	struct cxlf_topology *topology = scan->topology;

	if (!(scan->want & CXLF_WANT_PATHS))
		return 0;
	if (cxlf_scan_paths(scan))
		return -1;
	if (topology->n_paths)
		qsort(topology->path, topology->n_paths, sizeof(*topology->path), by_address);
	count_paths(topology);
	return cxlf_scan_luns(scan);
}

static void name_adapter(struct cxlf_adapter *adapter)
{
	if (*adapter->chardev)
		memcpy(adapter->name, adapter->chardev, sizeof(adapter->name));
	else
		snprintf(adapter->name, sizeof(adapter->name), "host%u", adapter->host);
	snprintf(adapter->label, sizeof(adapter->label), "%s (%s)", adapter->name, adapter->pci);
}

static int scan_adapters(struct cxlf_scan *scan)
{
	int rc = cxlf_sysfs_for_each(scan->root, "sys/class/scsi_host", each_host, scan);

	if (rc == -1 && scan->err->code)
		return -1;
	if (rc && rc != -ENOENT) /* without SCSI there are no adapters */
		return cxlf_fail_sys(scan->err, CXLF_E_FAILED, rc, "cannot list /sys/class/scsi_host");
	sort_adapters(scan);
	if (cxlf_scan_nodes(scan))
		return no_memory(scan->err);
	for (unsigned i = 0; i < scan->topology->n_adapters; i++) {
		name_adapter(scan->topology->adapter + i);
		if (scan->want & CXLF_WANT_ADAPTER_DETAIL)
			cxlf_scan_detail(scan->place + i, scan->topology->adapter + i);
	}
	return 0;
}

/* A tree below --sysroot is saved unless it is the kernel's own file system. */
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
		cxlf_cause(scan->err, "it has no directory sys");
		return cxlf_fix(scan->err, "give the directory that contains sys and proc");
	}
	return 0;
}

/*
 * A directory that cannot be opened is taken for one that was removed. That none was missed for lack of descriptors is
 * known if more are free at the end than any step needs: the directories of all adapters are still open.
 */
static int check_spare(const struct cxlf_scan *scan)
{
	int spare[12], n = 0, rc = 0;

	while (n < 12 && (spare[n] = fcntl(scan->root, F_DUPFD_CLOEXEC, 0)) >= 0)
		n++;
	if (n < 12)
		rc = cxlf_fail_sys(scan->err, CXLF_E_FAILED, -errno, "cannot list all adapters and paths");
	while (n)
		close(spare[--n]);
	return rc ? cxlf_fix(scan->err, "raise the limit, then retry: ulimit -n 1024") : 0;
}

static void close_scan(struct cxlf_scan *scan)
{
	for (unsigned i = 0; i < scan->topology->n_adapters; i++)
		cxlf_place_close(scan->place + i);
	free(scan->place);
	if (scan->root >= 0)
		close(scan->root);
}

int cxlf_discover(const char *sysroot, unsigned want, struct cxlf_topology *topology, struct cxlf_err *err)
{
	struct cxlf_scan scan = {.root = -1, .want = want, .topology = topology, .err = err};

	*topology = (struct cxlf_topology){0};
	*err = (struct cxlf_err){0};

	int rc = open_root(sysroot, &scan) || scan_adapters(&scan) || scan_paths(&scan) || check_spare(&scan) ? -1 : 0;

	if (!rc && want & (CXLF_WANT_PORTS | CXLF_WANT_AFU_STATE))
		cxlf_scan_ports(&scan);
	close_scan(&scan);
	if (rc)
		cxlf_topology_free(topology);
	return rc;
}

void cxlf_topology_free(struct cxlf_topology *topology)
{
	if (topology->n_luns)
		free(topology->lun[0].path); /* one block for all, see luns.c */
	free(topology->lun);
	free(topology->path);
	free(topology->adapter);
	*topology = (struct cxlf_topology){0};
}
