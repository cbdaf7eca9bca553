/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 107-121: sysfs and discovery, the adapter fd's name and events, image flashing.
 *
 * The cxl class and the adapter fd are those of the lab's stand-in, not of the cxl module: "lab".
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "storage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_TEXT 65536

static char *host_text(const struct adapter *a, const char *name)
{
	static char text[MAX_TEXT];
	int n = read_host(a, name, text, sizeof(text));

	if (n < 0)
		FAIL("reading %s: %s", name, strerror(-n));
	return text;
}

static void proc_name(void)
{
	struct machine *m = machine();

	CHECK(m->n_adapters >= 1);
	for (unsigned int i = 0; i < m->n_adapters; i++) {
		CHECK_TEXT(host_text(&m->adapter[i], "proc_name"), "cxlflash\n");
		CHECK_EQ(host_mode_bits(&m->adapter[i], "proc_name"), 0444);
	}
	evidence("%u hosts, all \"cxlflash\"", m->n_adapters);
}

static void lun_table_format(const struct adapter *a, unsigned int port)
{
	char name[NAME], line[32], *text;
	unsigned int n;

	snprintf(name, sizeof(name), "port%u_lun_table", port);
	CHECK_EQ(host_mode_bits(a, name), 0444);
	text = host_text(a, name);
	for (n = 0; strlen(text) >= 22; n++, text += 22) {
		snprintf(line, sizeof(line), "%03u: %016llx\n", n, strtoull(text + 5, NULL, 16));
		CHECK(!strncmp(text, line, 22));
	}
	if (sysconf(_SC_PAGESIZE) > 11264)
		CHECK(n == 512 && !*text);
}

static void port_attributes(const struct adapter *a)
{
	char name[NAME], text[NAME];

	for (unsigned int port = 0; port < 4; port++) {
		snprintf(name, sizeof(name), "port%u", port);
		CHECK_EQ(host_mode_bits(a, name), 0444);
		if (port >= a->n_ports) {
			CHECK_RC(read_host(a, name, text, sizeof(text)), -EINVAL);
			strcat(name, "_lun_table");
			CHECK_RC(read_host(a, name, text, sizeof(text)), -EINVAL);
			continue;
		}
		CHECK_TEXT(host_text(a, name), "online\n");
		lun_table_format(a, port);
		lab("cable %u.%u out", a->index, port);
		sleep_ms(200);
		CHECK_TEXT(host_text(a, name), "offline\n");
		lab("cable %u.%u in", a->index, port);
		sleep_ms(200);
		CHECK_TEXT(host_text(a, name), "online\n");
	}
}

static void host_attributes(void)
{
	static const struct {
		const char *name, *text;
		int mode;
	} rows[] = {
		{"lun_mode", "0\n", 0644},	 {"ioctl_version", "disk: 0\nhost: 0\n", 0444},
		{"irqpoll_weight", "0\n", 0644}, {"num_hwqs", "1\n", 0644},
		{"hwq_mode", "rr\n", 0644},
	};
	struct machine *m = machine();

	for (unsigned int i = 0; i < m->n_adapters; i++) {
		for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
			CHECK_TEXT(host_text(&m->adapter[i], rows[r].name), rows[r].text);
			CHECK_EQ(host_mode_bits(&m->adapter[i], rows[r].name), rows[r].mode);
		}
		port_attributes(&m->adapter[i]);
	}
	evidence(
		"13 attributes of %u hosts: modes, texts, LUN tables line by line; ports offline and online as the lab "
		"says; port%u EINVAL",
		m->n_adapters, m->adapter[0].n_ports);
}

static int try(const char *name, const char *value, const char *then)
{
	struct adapter *a = adapter(0);
	int rc = write_host(a, name, value);

	CHECK_TEXT(host_text(a, name), then);
	return rc;
}

static void stores(void)
{
	CHECK_RC(try("lun_mode", "garbage", "0\n"), 0);
	CHECK_RC(try("lun_mode", "5", "0\n"), 0);
	CHECK_RC(try("lun_mode", "-1", "0\n"), 0);
	CHECK_RC(try("lun_mode", "0", "0\n"), 0);
	CHECK_RC(try("irqpoll_weight", "0", "0\n"), -EINVAL);
	CHECK_RC(try("irqpoll_weight", "257", "0\n"), -EINVAL);
	CHECK_RC(try("irqpoll_weight", "x", "0\n"), -EINVAL);
	CHECK_RC(try("irqpoll_weight", "256", "256\n"), 0);
	CHECK_RC(try("irqpoll_weight", "256", "256\n"), -EINVAL);
	CHECK_RC(try("irqpoll_weight", "0", "0\n"), 0);
	CHECK_RC(try("hwq_mode", "cpux", "cpu\n"), 0);
	CHECK_RC(try("hwq_mode", "tagged", "tag\n"), 0);
	CHECK_RC(try("hwq_mode", "none", "tag\n"), -EINVAL);
	CHECK_RC(try("hwq_mode", "rr", "rr\n"), 0);
	CHECK_RC(try("num_hwqs", "x", "1\n"), -EINVAL);
	CHECK_RC(try("num_hwqs", "9", "8\n"), 0);
	CHECK_RC(try("num_hwqs", "1", "1\n"), 0);
	evidence("lun_mode: garbage, 5, -1, 0 accepted, still 0; irqpoll_weight: 0 over 0 and 256 over 256 EINVAL; "
		 "hwq_mode: "
		 "cpux is cpu, tagged tag, none EINVAL; num_hwqs: 9 is 8");
}

static void table_cut(void)
{
	size_t page = sysconf(_SC_PAGESIZE), n = strlen(host_text(adapter(0), "port0_lun_table"));

	if (page > 11264) {
		CHECK_EQ(n, 11264);
		not_observable("page size %zu: all 11264 characters fit, and all are there", page);
	}
	CHECK_EQ(n, page - 1);
	evidence("%zu characters with a page size of %zu", n, page);
}

static void mode_text(void)
{
	struct path *p = pick(0, 0);
	char text[64];

	CHECK(read_attribute(p->dir, "mode", text, sizeof(text)) > 0);
	CHECK_TEXT(text, "legacy\n");
	CHECK_RC(enable(p), 0);
	CHECK(read_attribute(p->dir, "mode", text, sizeof(text)) > 0);
	CHECK_TEXT(text, "superpipe\n");
	CHECK_RC(write_attribute(p->dir, "mode", "legacy"), -EACCES);
	evidence("\"legacy\\n\", after ENABLE \"superpipe\\n\"; writing it EACCES");
}

static void no_link(void)
{
	DIR *dir = opendir("/sys/class/cxlflash/cxlflash0");
	char real[4096];
	struct dirent *d;
	unsigned int n = 0;

	CHECK(realpath("/sys/class/cxlflash/cxlflash0", real));
	CHECK_TEXT(real, "/sys/devices/virtual/cxlflash/cxlflash0");
	CHECK(dir);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		n++;
		if (strcmp(d->d_name, "dev") && strcmp(d->d_name, "uevent") && strcmp(d->d_name, "power") &&
		    strcmp(d->d_name, "subsystem"))
			FAIL("there is \"%.40s\"", d->d_name);
	}
	CHECK_EQ(n, 4);
	evidence("%s with dev, power, subsystem, uevent and nothing else", real);
}

/* ---- the cxl class -------------------------------------------------------------------------------------------- */

/* The first entry of a directory that begins with `prefix`. */
static bool find_entry(const char *dir, const char *prefix, char *entry, size_t size)
{
	DIR *stream = opendir(dir);
	struct dirent *d;
	bool found = false;

	while (stream && !found && (d = readdir(stream)))
		if (!strncmp(d->d_name, prefix, strlen(prefix))) {
			snprintf(entry, size, "%.30s", d->d_name);
			found = true;
		}
	if (stream)
		closedir(stream);
	return found;
}

static void card_dir(const struct adapter *a, char dir[static PLACE])
{
	char cxl[PLACE + 8], name[NAME];

	snprintf(cxl, sizeof(cxl), "%s/cxl", a->card);
	CHECK(find_entry(cxl, "card", name, sizeof(name)));
	snprintf(dir, PLACE, "/sys/class/cxl/%s", name);
}

/* An AFU's directory, or with 'm' or 's' that of a node of it. */
static void afu_dir(const struct adapter *a, const char *suffix, char dir[static PLACE])
{
	char card[PLACE];
	unsigned int n;

	card_dir(a, card);
	CHECK_EQ(sscanf(card, "/sys/class/cxl/card%u", &n), 1);
	snprintf(dir, PLACE, "/sys/class/cxl/afu%u.0%s", n, suffix);
	CHECK(exists(dir, ""));
}

static void topology(void)
{
	struct machine *m = machine();
	char phb[NAME], card[PLACE], afu[PLACE], real[4096];

	for (unsigned int i = 0; i < m->n_adapters; i++) {
		struct adapter *a = &m->adapter[i];

		card_dir(a, card);
		CHECK(find_entry(a->card, "pci0", phb, sizeof(phb)));
		CHECK(exists(a->card, phb));
		CHECK(realpath(card, real));
		CHECK(!strncmp(real, a->card, strlen(a->card)));
		afu_dir(a, "", afu);
		afu_dir(a, "m", afu);
		afu_dir(a, "s", afu);
	}
	evidence("%u adapters: cxl/cardN with afuN.0, m and s, beside the virtual PHB (%s); not shown: Briard, whose "
		 "backend "
		 "this kernel's driver is built without",
		 m->n_adapters, phb);
}

static const char *const image_attributes[] = {"base_image", "image_loaded", "load_image_on_perst",
					       "perst_reloads_same_image"};
static const char *const common_attributes[] = {"caia_version", "psl_revision", "psl_timebase_synced",
						"tunneled_ops_supported", "reset"};

static bool guest_is_there(void *unused)
{
	struct machine *m;

	(void)unused;
	rediscover();
	m = machine();
	for (unsigned int i = 0; i < m->n_adapters; i++)
		if (m->adapter[i].guest)
			return true;
	return false;
}

static struct adapter *guest_adapter(void)
{
	struct machine *m;

	if (!guest_is_there(NULL)) {
		CHECK_RC(write_attribute("/sys/kernel/debug/cxlflash-lab", "rack",
					 "adapter flashgt ports=4 shape=powervm\n"),
			 0);
		wait_until("an adapter in a guest's shape", guest_is_there, NULL, 30);
	}
	m = machine();
	for (unsigned int i = 0; i < m->n_adapters; i++)
		if (m->adapter[i].guest)
			return &m->adapter[i];
	FAIL("the guest's adapter is gone");
}

static void guest_card(void)
{
	struct adapter *a = guest_adapter(), *bare = adapter(0);
	char card[PLACE], master[PLACE];

	card_dir(a, card);
	for (size_t i = 0; i < sizeof(image_attributes) / sizeof(image_attributes[0]); i++)
		CHECK(!exists(card, image_attributes[i]));
	for (size_t i = 0; i < sizeof(common_attributes) / sizeof(common_attributes[0]); i++)
		CHECK(exists(card, common_attributes[i]));
	afu_dir(a, "m", master);
	CHECK(!exists(master, "pp_mmio_off"));
	CHECK(exists(master, "pp_mmio_len"));

	if (bare->guest)
		not_observable("no bare-metal card to compare with");
	card_dir(bare, card);
	for (size_t i = 0; i < sizeof(image_attributes) / sizeof(image_attributes[0]); i++)
		CHECK(exists(card, image_attributes[i]));
	afu_dir(bare, "m", master);
	CHECK(exists(master, "pp_mmio_off"));
	evidence("a card added in a guest's shape lacks the five, has the rest; the bare-metal card has all");
}

static void card_reset(void)
{
	static const char *const other[] = {"0", "2", "-2", "x", "force"};
	struct adapter *a = adapter(0);
	char card[PLACE], text[NAME];

	if (a->guest)
		not_observable("no bare-metal card");
	card_dir(a, card);
	CHECK(read_attribute(card, "perst_reloads_same_image", text, sizeof(text)) > 0);
	CHECK_TEXT(text, "1\n"); /* done by the driver */
	CHECK_RC(write_attribute(card, "reset", "1"), -EBUSY);
	CHECK_RC(write_attribute(card, "reset", "-1"), -EINVAL);
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		CHECK_RC(write_attribute(card, "reset", other[i]), -EINVAL);
	evidence("perst_reloads_same_image is 1 (set by the driver); 1 EBUSY, -1 EINVAL, five other texts EINVAL");
}

static void error_buffer(void)
{
	char afu[PLACE];

	afu_dir(adapter(0), "", afu);
	CHECK(exists(afu, "afu_err_buff"));
	CHECK(!exists(afu, "afu_err_buf"));
	evidence("%s/afu_err_buff", afu);
}

/* ---- the adapter fd ------------------------------------------------------------------------------------------- */

static void descriptor_name(void)
{
	struct context c = attached(pick(0, 0), O_RDWR);
	char file[NAME], name[64], want[64];
	struct statfs fs;
	ssize_t n;

	snprintf(file, sizeof(file), "/proc/self/fd/%d", c.fd);
	n = readlink(file, name, sizeof(name) - 1);
	CHECK(n > 0);
	name[n] = 0;
	snprintf(want, sizeof(want), "/cxl:%u (deleted)", (uint32_t)c.id);
	CHECK_TEXT(name, want);
	CHECK_EQ(statfs(file, &fs), 0);
	CHECK_EQ((uint32_t)fs.f_type, 0x1697697f);
	evidence("\"%s\" on a file system of type 0x1697697f", name);
}

static void descriptor_ioctls(void)
{
	struct context c = attached(pick(0, 0), O_RDWR);
	struct cxl_ioctl_start_work work = {0};
	struct cxl_afu_id id;
	uint32_t pe = 0;

	CHECK_RC(call(c.fd, CXL_IOCTL_GET_PROCESS_ELEMENT, &pe), 0);
	CHECK_EQ(pe, (uint32_t)c.id);
	memset(&id, 0xff, sizeof(id));
	CHECK_RC(call(c.fd, CXL_IOCTL_GET_AFU_ID, &id), 0);
	CHECK_EQ(id.afu_mode, CXL_MODE_DIRECTED);
	CHECK_EQ(id.flags, CXL_AFUID_FLAG_SLAVE);
	CHECK_RC(call(c.fd, CXL_IOCTL_START_WORK, &work), -EIO);
	CHECK_RC(call(c.fd, _IO(0xCA, 0x0f), NULL), -EINVAL);
	evidence("process element %u for context_id 0x%016llx; afu_mode 2, flags 1; START_WORK EIO, unknown EINVAL", pe,
		 (unsigned long long)c.id);
}

struct event {
	uint16_t type, size, process_element, reserved;
	uint64_t body[4];
};

static int take_event(int fd, struct event *event)
{
	static char page[4096] __attribute__((aligned(8)));
	ssize_t n = read(fd, page, sizeof(page));

	memcpy(event, page, sizeof(*event));
	return n < 0 ? -errno : (int)n;
}

static void events(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_direct(p, c.id);
	struct queue *q = open_queue(&c);
	struct event event;
	char block[4096];

	CHECK_EQ(fcntl(c.fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_RC(take_event(c.fd, &event), -EAGAIN);
	CHECK_RC(queue_read(q, h, 0, block), 0); /* response interrupt: 2 */
	CHECK_RC(read(c.fd, block, 4095) < 0 ? -errno : 0, -EINVAL);
	CHECK_RC(take_event(c.fd, &event), 16);
	CHECK(event.type == 1 && event.size == 16 && event.process_element == (uint16_t)c.id);
	CHECK_EQ(((uint16_t *)event.body)[1], 2);
	CHECK_RC(take_event(c.fd, &event), -EAGAIN);
	lab("error %u %u c0ffee", p->adapter->index, (uint32_t)c.id);
	CHECK_RC(take_event(c.fd, &event), 24);
	CHECK(event.type == 3 && event.size == 24);
	CHECK_EQ(event.body[1], 0xc0ffee);
	close_queue(q);
	evidence("interrupt 16 bytes, AFU error 24, a read of 4095 EINVAL; not shown: the storage fault of 40 bytes, "
		 "which "
		 "the lab's AFU never has");
}

/* ---- flashing --------------------------------------------------------------------------------------------------- */

static void no_card_node(void)
{
	struct stat st;

	guest_adapter();
	if (!stat("/dev/cxl", &st))
		FAIL("there is a /dev/cxl now: write this test");
	not_observable("the lab's card has no character node; the cxl module's flashing code is not part of the lab");
}

const struct test sysfs_tests[] = {
	{107, "proc_name of each host is `cxlflash`", "driver", proc_name, 0},
	{108, "all host attributes exist with the modes and formats of section 8.1; port2, port3 of two ports EINVAL",
	 "driver", host_attributes, 0},
	{109, "lun_mode accepts garbage silently; irqpoll_weight rejects its current value; hwq_mode matches by prefix",
	 "driver", stores, 0},
	{110, "LUN-table text is cut at page size - 1 characters", "driver", table_cut, 0},
	{111, "`mode` of a SCSI device reads exactly `superpipe` or `legacy` plus newline", "driver", mode_text, 0},
	{112, "cxlflashN has no link to its host", "driver", no_link, 0},
	{113, "the card directory has cxl/cardN beside the virtual PHB; Briard has no cxl and no ocxl class entries",
	 "lab", topology, 0},
	{114, "guest-type cards lack base_image, image_loaded, load_image_on_perst, perst_..., pp_mmio_off", "lab",
	 guest_card, 0},
	{115, "card reset with the driver bound: 1 EBUSY, -1 EINVAL (bare metal), other text EINVAL", "lab, driver",
	 card_reset, 0},
	{116, "the error buffer file is named `afu_err_buff`", "lab", error_buffer, 0},
	{117, "readlink of fd2 gives `/cxl:<pe> (deleted)`", "lab", descriptor_name, 0},
	{118, "GET_PROCESS_ELEMENT on fd2 is the cookie's low half; GET_AFU_ID reports mode 2 and the slave flag",
	 "lab", descriptor_ioctls, 0},
	{119, "events have total sizes 16, 40 and 24; a cxl-type read with less than 4096 bytes gives EINVAL", "lab",
	 events, 0},
	{120, "DOWNLOAD_IMAGE returns 1 until the last chunk, then 0; 1048576 bytes with NEED_HEADER give EINVAL",
	 "lab", no_card_node, 0},
	{121, "a second open of /dev/cxl/cardN blocks", "lab", no_card_node, 0},
	{0},
};
