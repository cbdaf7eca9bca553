/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine under test: adapters and paths in sysfs, and the lab's fault injection.
 */
#ifndef CONFORMANCE_MACHINE_H
#define CONFORMANCE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_ADAPTERS 8
#define MAX_PATHS 128
#define NAME 32
#define PLACE 192 /* a path below /sys */

struct adapter {
	unsigned int index; /* in order of the PCI functions: the lab's number, and cxlflashN's */
	unsigned int host;
	unsigned int n_ports;
	bool guest; /* the card is a platform device, as in a PowerVM guest */
	char pci[NAME];
	char card[PLACE];    /* directory of the card's device, "" if there is none */
	char node[NAME + 8]; /* /dev/cxlflash/cxlflashN */
};

struct path {
	struct adapter *adapter;
	unsigned int port, lun;
	uint8_t wwid[16];
	uint32_t block_bytes;
	uint64_t blocks;
	char dir[PLACE]; /* of the SCSI device */
	char disk[NAME]; /* /dev/sdX */
	char sg[NAME];
	int fd; /* disk(): the disk, opened read-only when first asked for */
};

struct machine {
	unsigned int n_adapters, n_paths;
	struct adapter adapter[MAX_ADAPTERS];
	struct path path[MAX_PATHS];
};

/* The adapters and paths, read at the first call in a process; rediscover() reads them again. */
struct machine *machine(void);
void rediscover(void);
void forget_machine(void);

/* ---- choosing ---------------------------------------------------------------------------------------- */

#define TWO_PORTS 0x01	  /* the LUN has two paths or more on this adapter */
#define ONE_PORT 0x02	  /* exactly one */
#define TWO_ADAPTERS 0x04 /* and on a path of another adapter, too */
#define ONE_ADAPTER 0x08
#define BLOCKS_512 0x10
#define BLOCKS_4096 0x20

/* The first path of the adapter with this property; without one the test is "not observable". */
struct path *pick(unsigned int adapter, unsigned int want);
struct path *other_port(struct path *path);    /* the same LUN, the same adapter */
struct path *other_adapter(struct path *path); /* the same LUN */
struct path *other_lun(struct path *path);     /* the same adapter */
struct path *path_by_wwid(const uint8_t wwid[16], unsigned int adapter);
int disk(struct path *path);
struct adapter *adapter(unsigned int index);

bool is_superpipe(struct path *path);

/* ---- sysfs ------------------------------------------------------------------------------------------ */

/* The first `size` - 1 bytes of DIR/NAME, with its newlines; a length or -errno. */
int read_attribute(const char *dir, const char *name, char *text, size_t size);
int write_attribute(const char *dir, const char *name, const char *text);
/* The same for /sys/class/scsi_host/hostN. */
int read_host(const struct adapter *a, const char *name, char *text, size_t size);
int write_host(const struct adapter *a, const char *name, const char *text);
int host_mode_bits(const struct adapter *a, const char *name);
bool exists(const char *dir, const char *name);

/* ---- the lab ---------------------------------------------------------------------------------------- */

bool have_lab(void);
/* One statement for the lab's control file. */
void lab(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A number in the line of /sys/kernel/debug/cxlflash-lab/state that begins with `line`. */
uint64_t lab_counter(const char *key, const char *line, ...) __attribute__((format(printf, 2, 3)));
/* Number of the lab's path: A.P:L */
const char *place(const struct path *path);
/* A LUN for this test on the port of an adapter, found by a scan. The same name gives the same LUN. */
struct path *extra_lun(unsigned int id, uint64_t bytes, unsigned int block_bytes, unsigned int adapter_index,
		       unsigned int port);
void scan(const struct adapter *a);
/* Discards the pending unit attentions of a path. */
void drain_attentions(struct path *path);

/* Unbinds and binds the driver; waits for the disks. */
void unbind_driver(const struct adapter *a);
void bind_driver(const struct adapter *a);
/* Unbinds and binds at once: the LUN table and the LUN records are empty. Earlier pointers become invalid. */
void renew(unsigned int adapter_index);
/* After the test the driver of the adapter is bound again, for tests that leave it unusable. */
void renew_afterwards(const struct adapter *a);

void machine_init(void);
/* Recorded for the reset after the test: MANAGE_LUN set this WWID for the path. */
void remember_enable(const struct path *path, const uint8_t wwid[16]);

#endif
