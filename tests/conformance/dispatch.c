/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 1-14: node access and dispatch.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_DISK_REQUESTS 10
#define N_REQUESTS 12

static const struct request {
	const char *name;
	uint32_t number, expected;
	uint32_t size;
	bool host;
} requests[N_REQUESTS] = {
	{"ATTACH", DK_CXLFLASH_ATTACH, 0xC090CA80, 144, false},
	{"USER_DIRECT", DK_CXLFLASH_USER_DIRECT, 0xC070CA81, 112, false},
	{"RELEASE", DK_CXLFLASH_RELEASE, 0xC068CA82, 104, false},
	{"DETACH", DK_CXLFLASH_DETACH, 0xC060CA83, 96, false},
	{"VERIFY", DK_CXLFLASH_VERIFY, 0xC090CA84, 144, false},
	{"RECOVER_AFU", DK_CXLFLASH_RECOVER_AFU, 0xC078CA85, 120, false},
	{"MANAGE_LUN", DK_CXLFLASH_MANAGE_LUN, 0xC068CA86, 104, false},
	{"USER_VIRTUAL", DK_CXLFLASH_USER_VIRTUAL, 0xC078CA87, 120, false},
	{"VLUN_RESIZE", DK_CXLFLASH_VLUN_RESIZE, 0xC078CA88, 120, false},
	{"VLUN_CLONE", DK_CXLFLASH_VLUN_CLONE, 0xC070CA89, 112, false},
	{"AFU_DEBUG", HT_CXLFLASH_AFU_DEBUG, 0xC078CABE, 120, true},
	{"LUN_PROVISION", HT_CXLFLASH_LUN_PROVISION, 0xC0A0CABF, 160, true},
};

static int open_node(const char *node, int flags)
{
	int fd = open(node, flags | O_CLOEXEC);

	if (fd < 0)
		FAIL("%s: %s", node, strerror(errno));
	return fd;
}

static int host_node(const struct adapter *a)
{
	return open_node(a->node, O_RDWR);
}

/* ---- 1 to 5 -------------------------------------------------------------------------------------------- */

static void every_node(void)
{
	struct path *p = pick(0, 0);
	struct dk_cxlflash_manage_lun enable_req = {.hdr.flags = DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE};
	struct ht_cxlflash_lun_provision query = {.hdr.subcmd = HT_CXLFLASH_LUN_PROVISION_SUBCMD_QUERY_PORT};
	struct dk_cxlflash_attach req = {.hdr.flags = O_RDWR, .num_interrupts = 4};
	int sg = open_node(p->sg, O_RDWR), host = host_node(p->adapter);

	memcpy(enable_req.wwid, p->wwid, 16);
	remember_enable(p, p->wwid);
	CHECK_RC(call(sg, DK_CXLFLASH_MANAGE_LUN, &enable_req), 0);
	CHECK(is_superpipe(p));
	CHECK_RC(call(sg, DK_CXLFLASH_ATTACH, &req), 0);
	uint64_t handle = opened_direct(p, req.context_id); /* through the disk's node */
	struct dk_cxlflash_release release_req = {.context_id = req.context_id, .rsrc_handle = handle};
	CHECK_RC(call(sg, DK_CXLFLASH_RELEASE, &release_req), 0);

	CHECK_RC(call(host, HT_CXLFLASH_LUN_PROVISION, &query), 0);
	CHECK_RC(call(sg, HT_CXLFLASH_LUN_PROVISION, &query), -EINVAL);
	CHECK_RC(call(disk(p), HT_CXLFLASH_LUN_PROVISION, &query), -EINVAL);
	CHECK_RC(call(host, DK_CXLFLASH_MANAGE_LUN, &enable_req), -EINVAL);
	CHECK_RC(detach(p, req.context_id), 0);
	evidence(
		"MANAGE_LUN, ATTACH, RELEASE on sg, USER_DIRECT and DETACH on sd; HT_* there EINVAL, DK_* on cxlflash0 "
		"EINVAL");
}

static void open_modes(void)
{
	static const struct {
		int flags, want;
	} sg_modes[] = {{O_RDWR, 0}, {O_RDONLY, -EPERM}, {O_WRONLY, -EPERM}};
	struct path *p = pick(0, 0);
	struct dk_cxlflash_manage_lun req = {.hdr.flags = 0};

	memcpy(req.wwid, p->wwid, 16);
	for (size_t i = 0; i < 3; i++)
		CHECK_RC(call(open_node(p->sg, sg_modes[i].flags), DK_CXLFLASH_MANAGE_LUN, &req), sg_modes[i].want);
	CHECK_EQ(fcntl(disk(p), F_GETFL) & O_ACCMODE, O_RDONLY);
	CHECK_RC(enable(p), 0);
	struct context c;
	CHECK_RC(attach(p, O_RDWR, &c), 0);
	opened_direct(p, c.id);
	evidence("sd read-only: MANAGE_LUN, ATTACH with O_RDWR, USER_DIRECT work; sg: O_RDWR 0, O_RDONLY and O_WRONLY "
		 "EPERM");
}

static int change_partition(int fd, int op)
{
	struct blkpg_partition part = {.start = 1 << 20, .length = 1 << 20, .pno = 1};
	struct blkpg_ioctl_arg arg = {.op = op, .datalen = sizeof(part), .data = &part};

	return call(fd, BLKPG, &arg);
}

static void try_partition(void *arg)
{
	struct dk_cxlflash_manage_lun req = {.hdr.flags = 0};
	int fd = *(int *)arg;

	CHECK_RC(call(fd, DK_CXLFLASH_MANAGE_LUN, &req), 0);
	drop_capability(CAP_SYS_RAWIO);
	CHECK_RC(call(fd, DK_CXLFLASH_MANAGE_LUN, &req), -ENOTTY);
}

static void partition(void)
{
	struct path *p = pick(0, 0);
	char node[NAME + 2];
	int fd;

	change_partition(disk(p), BLKPG_DEL_PARTITION); /* left by a test that was killed */
	CHECK_RC(change_partition(disk(p), BLKPG_ADD_PARTITION), 0);
	snprintf(node, sizeof(node), "%s1", p->disk);
	fd = open_node(node, O_RDONLY);
	run_child(try_partition, &fd);
	close(fd);
	for (int i = 0; i < 50 && change_partition(disk(p), BLKPG_DEL_PARTITION) == -EBUSY; i++)
		sleep_ms(100); /* udev opens it */
	CHECK_RC(change_partition(disk(p), BLKPG_DEL_PARTITION), -ENXIO);
	evidence("%s: 0 with all capabilities, ENOTTY without CAP_SYS_RAWIO", node);
}

static void try_host_node(void *node)
{
	drop_capability(CAP_SYS_ADMIN);
	CHECK_RC(open(node, O_RDWR) < 0 ? -errno : 0, -EACCES);
	CHECK_EQ(setresuid(65534, 65534, 65534), 0);
	CHECK_RC(open(node, O_RDWR) < 0 ? -errno : 0, -EACCES);
	CHECK_RC(open(node, O_RDONLY) < 0 ? -errno : 0, -EACCES);
}

static void host_node_access(void)
{
	struct adapter *a = adapter(0);

	close(host_node(a));
	CHECK_EQ(chmod(a->node, 0666), 0);
	pid_t pid = start_child(try_host_node, a->node);
	finish_child(pid, 20);
	CHECK_EQ(chmod(a->node, 0600), 0);
	evidence("%s with mode 0666: root without CAP_SYS_ADMIN and an ordinary user get EACCES", a->node);
}

static void callers_of_32_bits(void)
{
	not_observable("this kernel (ppc64le, no CONFIG_COMPAT) runs no 32-bit programs");
}

/* ---- 6 to 8 -------------------------------------------------------------------------------------------- */

static void unknown_requests(void)
{
	static const uint32_t unknown[] = {
		_IO(0xCA, 0x80),
		_IOWR(0xCA, 0x8A, char[96]),
		_IOWR(0xCA, 0x7F, char[96]),
		_IOR(0xCA, 0x86, char[104]),
	};
	struct path *p = pick(0, 0);
	char zeros[16384] = {0};

	for (int superpipe = 0; superpipe < 2; superpipe++) {
		for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
			CHECK_RC(call(disk(p), unknown[i], zeros), -EINVAL);
		for (int i = 0; i < N_DISK_REQUESTS; i++) {
			CHECK_RC(call(disk(p), requests[i].number - (1 << 16), zeros), -EINVAL);
			CHECK_RC(call(disk(p), requests[i].number + (8 << 16), zeros), -EINVAL);
		}
		CHECK_RC(enable(p), 0);
	}
	evidence("legacy and superpipe mode: 4 unknown numbers, and 10 known ones with other sizes, all EINVAL");
}

static uint32_t encode(unsigned int direction, unsigned int shift, const struct request *r)
{
	return direction << shift | r->size << 16 | 0xCA << 8 | (r->expected & 0xff);
}

static void numbers(void)
{
	struct path *p = pick(0, 0);
	int host = host_node(p->adapter);

	CHECK_RC(enable(p), 0);
	for (int i = 0; i < N_REQUESTS; i++) {
		const struct request *r = &requests[i];

		CHECK_EQ(r->number, r->expected);
		CHECK_EQ(encode(3, 30, r), r->expected); /* generic: write 1, read 2 */
		CHECK_EQ(encode(6, 29, r), r->expected); /* powerpc: read 2, write 4 */
		CHECK_RC(call(r->host ? host : disk(p), r->number, NULL), -EFAULT);
	}
	evidence(
		"12 numbers as tabled, the same from both encodings; the driver knows each (EFAULT for a bad address)");
}

static void put64(void *at, unsigned int offset, uint64_t value)
{
	memcpy((char *)at + offset, &value, 8);
}

static uint64_t get64(const void *at, unsigned int offset)
{
	uint64_t value;

	memcpy(&value, (const char *)at + offset, 8);
	return value;
}

/* The driver reads exactly this number of bytes: the byte after them cannot be read. */
static void sizes(struct path *p, int host)
{
	long page = sysconf(_SC_PAGESIZE);
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *end = two + page;

	CHECK(two != MAP_FAILED);
	CHECK_EQ(mprotect(end, page, PROT_NONE), 0);
	memset(two, 0xff, page); /* version 65535: EINVAL once it has been read */
	for (int i = 0; i < N_REQUESTS; i++) {
		const struct request *r = &requests[i];

		CHECK_RC(call(r->host ? host : disk(p), r->number, end - r->size), -EINVAL);
		CHECK_RC(call(r->host ? host : disk(p), r->number, end - r->size + 1), -EFAULT);
	}
}

static void offsets(struct path *p, int host)
{
	char b[160] = {0};

	put64(b, 8, O_RDWR);
	put64(b, 24, 4);
	CHECK_RC(call(disk(p), DK_CXLFLASH_ATTACH, b), 0);
	uint64_t id = get64(b, 32), fd = get64(b, 56);
	CHECK(get64(b, 16) & DK_CXLFLASH_APP_CLOSE_ADAP_FD);
	CHECK_EQ(get64(b, 40), 65536);
	CHECK_EQ(get64(b, 48), p->block_bytes);
	CHECK_EQ(get64(b, 64), p->blocks - 1);
	CHECK_EQ(get64(b, 72), 16777216 / p->block_bytes);
	CHECK(fcntl(fd, F_GETFD) >= 0);

	memset(b, 0xee, sizeof(b)); /* USER_DIRECT: context 24, handle 32, last LBA 40 */
	memset(b, 0, 24);
	put64(b, 24, id);
	CHECK_RC(call(disk(p), DK_CXLFLASH_USER_DIRECT, b), 0);
	CHECK_EQ(get64(b, 32), 0);
	CHECK_EQ(get64(b, 40), p->blocks - 1);

	memset(b, 0, sizeof(b)); /* VERIFY: context 24, handle 32, hint 40, last LBA 48, sense 56 */
	put64(b, 24, id);
	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, b), 0);
	CHECK_EQ(get64(b, 48), p->blocks - 1);
	put64(b, 40, DK_CXLFLASH_VERIFY_HINT_SENSE);
	b[56] = 0x72;
	b[57] = 0x03;
	CHECK_RC(call(disk(p), DK_CXLFLASH_VERIFY, b), -EIO); /* medium error */

	memset(b, 0, sizeof(b)); /* RELEASE: context 24, handle 32 */
	put64(b, 24, id);
	CHECK_RC(call(disk(p), DK_CXLFLASH_RELEASE, b), 0);

	memset(b, 0, sizeof(b)); /* USER_VIRTUAL: context 24, size 32, handle 40, last LBA 48 */
	put64(b, 24, id);
	put64(b, 32, 1);
	CHECK_RC(call(disk(p), DK_CXLFLASH_USER_VIRTUAL, b), 0);
	uint64_t chunk = 65536ull * p->block_bytes / 4096;
	CHECK_EQ(get64(b, 40), 0);
	CHECK_EQ(get64(b, 48), chunk - 1);

	memset(b, 0, sizeof(b)); /* VLUN_RESIZE: context 24, handle 32, size 40, last LBA 48 */
	put64(b, 24, id);
	put64(b, 40, chunk + 1);
	CHECK_RC(call(disk(p), DK_CXLFLASH_VLUN_RESIZE, b), 0);
	CHECK_EQ(get64(b, 48), 2 * chunk - 1);

	memset(b, 0, sizeof(b)); /* RECOVER_AFU: reason 24, context 32, MMIO size 40, fd 48 */
	put64(b, 32, id);
	CHECK_RC(call(disk(p), DK_CXLFLASH_RECOVER_AFU, b), 0);
	CHECK_EQ(get64(b, 32), id);

	memset(b, 0, sizeof(b)); /* DETACH: context 24 */
	put64(b, 24, id);
	CHECK_RC(call(disk(p), DK_CXLFLASH_DETACH, b), 0);
	close(fd);

	memset(b, 0, sizeof(b)); /* LUN_PROVISION, QUERY_PORT: subcmd 2, port 24, answers 64, 72, 80, 88 */
	b[2] = 3;
	CHECK_RC(call(host, HT_CXLFLASH_LUN_PROVISION, b), 0);
	CHECK(get64(b, 64) >= get64(b, 72) && get64(b, 80) >= get64(b, 88) && get64(b, 64) && get64(b, 80));
	b[24] = p->adapter->n_ports;
	CHECK_RC(call(host, HT_CXLFLASH_LUN_PROVISION, b), -EINVAL);
}

static void structures(void)
{
	struct path *p = pick(0, 0);
	int host = host_node(p->adapter);

	CHECK_RC(enable(p), 0);
	sizes(p, host);
	offsets(p, host);
	evidence("12 sizes to the byte (the next byte unreadable: no fault; one further: EFAULT); offsets of 9 "
		 "structures "
		 "by their effect; all sizes and offsets asserted when compiled");
}

/* ---- 9 and 10 ------------------------------------------------------------------------------------------- */

/* A request that must succeed, and must fail with EINVAL when modified. */
static void spoil_and_do(int fd, uint32_t number, void *req, unsigned int at, unsigned int bytes)
{
	char spoilt[160];
	uint32_t size = number >> 16 & 0x1fff;

	if (bytes) {
		memcpy(spoilt, req, size);
		spoilt[at] = 1;
		CHECK_RC(call(fd, number, spoilt), -EINVAL);
	}
	CHECK_RC(call(fd, number, req), 0);
}

static void clone_in_child(void *arg)
{
	struct {
		struct path *path;
		uint64_t from;
		unsigned int at, bytes;
	} *a = arg;
	struct context c;

	CHECK_RC(attach(a->path, O_RDWR, &c), 0);
	struct dk_cxlflash_clone req = {.context_id_src = a->from, .context_id_dst = c.id};
	if (!a->bytes)
		memset(req.reserved, 0xff, sizeof(req.reserved));
	spoil_and_do(disk(a->path), DK_CXLFLASH_VLUN_CLONE, &req, a->at, a->bytes);
}

#define ONES(field) (a_bytes ? (void)0 : (void)memset(field, 0xff, sizeof(field)))

/*
 * Makes all requests in an order in which each succeeds. With `bytes`, each is first tried with a one at offset `at`;
 * without, every field that the driver should ignore is all ones.
 */
static void walk(struct path *p, int host, unsigned int at, unsigned int a_bytes)
{
	uint64_t odd = a_bytes ? 0 : 1ull << 40; /* an unknown flag */
	int fd = disk(p);

	struct dk_cxlflash_manage_lun m = {.hdr.flags = DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE | odd};
	memcpy(m.wwid, p->wwid, 16);
	remember_enable(p, p->wwid);
	ONES(m.reserved);
	spoil_and_do(fd, DK_CXLFLASH_MANAGE_LUN, &m, at, a_bytes);

	struct dk_cxlflash_attach a = {.hdr.flags = O_RDWR | odd, .num_interrupts = 4};
	ONES(a.reserved);
	spoil_and_do(fd, DK_CXLFLASH_ATTACH, &a, at, a_bytes);

	struct dk_cxlflash_udirect d = {.hdr.flags = odd, .context_id = a.context_id};
	ONES(d.reserved);
	spoil_and_do(fd, DK_CXLFLASH_USER_DIRECT, &d, at, a_bytes);

	struct dk_cxlflash_verify v = {.hdr.flags = odd, .context_id = a.context_id};
	ONES(v.reserved);
	ONES(v.pad);
	spoil_and_do(fd, DK_CXLFLASH_VERIFY, &v, at, a_bytes);

	struct dk_cxlflash_release l = {.hdr.flags = odd, .context_id = a.context_id};
	ONES(l.reserved);
	spoil_and_do(fd, DK_CXLFLASH_RELEASE, &l, at, a_bytes);

	struct dk_cxlflash_uvirtual u = {.hdr.flags = odd, .context_id = a.context_id, .lun_size = 1};
	ONES(u.reserved);
	spoil_and_do(fd, DK_CXLFLASH_USER_VIRTUAL, &u, at, a_bytes);

	struct {
		struct path *path;
		uint64_t from;
		unsigned int at, bytes;
	} child = {p, a.context_id, at, a_bytes};
	run_child(clone_in_child, &child);

	struct dk_cxlflash_resize s = {.hdr.flags = odd, .context_id = a.context_id, .req_size = 100000};
	ONES(s.reserved);
	spoil_and_do(fd, DK_CXLFLASH_VLUN_RESIZE, &s, at, a_bytes);

	struct dk_cxlflash_recover_afu r = {.hdr.flags = odd, .context_id = a.context_id};
	ONES(r.reserved);
	spoil_and_do(fd, DK_CXLFLASH_RECOVER_AFU, &r, at, a_bytes);

	struct dk_cxlflash_detach t = {.hdr.flags = odd, .context_id = a.context_id};
	ONES(t.reserved);
	spoil_and_do(fd, DK_CXLFLASH_DETACH, &t, at, a_bytes);
	close(a.adap_fd);

	if (at == 2) /* the sub-command of a host request is there */
		return;
	struct ht_cxlflash_lun_provision q = {.hdr.subcmd = HT_CXLFLASH_LUN_PROVISION_SUBCMD_QUERY_PORT};
	q.hdr.flags = odd;
	ONES(q.reserved);
	ONES(q.reserved16);
	spoil_and_do(host, HT_CXLFLASH_LUN_PROVISION, &q, at, a_bytes);

	struct ht_cxlflash_afu_debug g = {.hdr.flags = odd};
	ONES(g.reserved);
	ONES(g.reserved8);
	spoil_and_do(host, HT_CXLFLASH_AFU_DEBUG, &g, at, a_bytes);
}

static void versions(void)
{
	struct path *p = pick(0, TWO_PORTS);

	walk(p, host_node(p->adapter), 0, 1);
	walk(p, host_node(p->adapter), 1, 1); /* version 256 */
	evidence("12 requests: EINVAL with version 1 and 256, 0 with version 0");
}

static void reserved_fields(void)
{
	static const unsigned int spoil[] = {2, 4, 6, 16, 23};
	struct path *p = pick(0, TWO_PORTS);
	int host = host_node(p->adapter);

	for (size_t i = 0; i < sizeof(spoil) / sizeof(spoil[0]); i++)
		walk(p, host, spoil[i], 1);
	walk(p, host, 0, 0);
	evidence("12 requests: a one in each rsvd and at both ends of return_flags EINVAL; reserved, pads all ones and "
		 "flag 2^40: 0");
}

/* ---- 11 to 14 ------------------------------------------------------------------------------------------- */

static void bad_addresses(void)
{
	struct path *p = pick(0, 0);

	for (int i = 0; i < N_DISK_REQUESTS; i++)
		CHECK_RC(call(disk(p), requests[i].number, (void *)8),
			 requests[i].number == DK_CXLFLASH_MANAGE_LUN ? -EFAULT : -EINVAL);
	CHECK_RC(enable(p), 0);
	for (int i = 0; i < N_DISK_REQUESTS; i++)
		CHECK_RC(call(disk(p), requests[i].number, (void *)8), -EFAULT);
	CHECK_RC(call(host_node(p->adapter), HT_CXLFLASH_AFU_DEBUG, (void *)8), -EFAULT);
	evidence("legacy: EINVAL from 9 requests, EFAULT from MANAGE_LUN (which needs no mode); superpipe: EFAULT from "
		 "all");
}

static void unchanged(int fd, uint32_t number, const void *request, int want)
{
	uint32_t size = number >> 16 & 0x1fff;
	char before[160], after[160];

	memcpy(before, request, size);
	memcpy(after, request, size);
	CHECK_RC(call(fd, number, after), want);
	CHECK(!memcmp(before, after, size));
}

static void errors_change_nothing(void)
{
	struct path *p = pick(0, TWO_PORTS);
	struct context c = attached(p, O_RDWR);
	int fd = disk(p), host = host_node(p->adapter);
	uint64_t h = opened_direct(p, c.id), none = c.id ^ 1ull << 40;

	unchanged(fd, DK_CXLFLASH_MANAGE_LUN, &(struct dk_cxlflash_manage_lun){.hdr.version = 1}, -EINVAL);
	struct dk_cxlflash_manage_lun busy = {.hdr.flags = DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE};
	memcpy(busy.wwid, p->wwid, 16);
	unchanged(fd, DK_CXLFLASH_MANAGE_LUN, &busy, -EBUSY);
	unchanged(fd, DK_CXLFLASH_ATTACH, &(struct dk_cxlflash_attach){.num_interrupts = 5, .adap_fd = 7}, -EINVAL);
	unchanged(fd, DK_CXLFLASH_USER_DIRECT, &(struct dk_cxlflash_udirect){.context_id = none, .rsrc_handle = 7},
		  -EINVAL);
	unchanged(fd, DK_CXLFLASH_USER_VIRTUAL, &(struct dk_cxlflash_uvirtual){.context_id = c.id, .last_lba = 7},
		  -EINVAL);
	unchanged(fd, DK_CXLFLASH_VLUN_RESIZE,
		  &(struct dk_cxlflash_resize){.context_id = c.id, .rsrc_handle = h, .last_lba = 7}, -EINVAL);
	unchanged(fd, DK_CXLFLASH_VERIFY,
		  &(struct dk_cxlflash_verify){.context_id = c.id,
					       .rsrc_handle = h,
					       .last_lba = 7,
					       .hint = DK_CXLFLASH_VERIFY_HINT_SENSE,
					       .sense_data = {0x72, 3}},
		  -EIO);
	unchanged(fd, DK_CXLFLASH_RECOVER_AFU, &(struct dk_cxlflash_recover_afu){.context_id = none, .adap_fd = 7},
		  -EINVAL);
	unchanged(fd, DK_CXLFLASH_VLUN_CLONE, &(struct dk_cxlflash_clone){.context_id_src = c.id}, -EINVAL);
	unchanged(fd, DK_CXLFLASH_RELEASE, &(struct dk_cxlflash_release){.context_id = c.id, .rsrc_handle = 99},
		  -EINVAL);
	unchanged(fd, DK_CXLFLASH_DETACH, &(struct dk_cxlflash_detach){.context_id = none}, -EINVAL);
	unchanged(host, HT_CXLFLASH_LUN_PROVISION, &(struct ht_cxlflash_lun_provision){.port = 9, .lun_id = 7},
		  -EINVAL);
	lab("fault %u fail afu 1 0x30", p->adapter->index);
	unchanged(host, HT_CXLFLASH_LUN_PROVISION,
		  &(struct ht_cxlflash_lun_provision){.hdr.subcmd = HT_CXLFLASH_LUN_PROVISION_SUBCMD_CREATE_LUN,
						      .size = 65536,
						      .lun_id = 7,
						      .max_num_luns = 7},
		  -EIO);
	lab("fault %u fail afu 1 0x30", p->adapter->index);
	unchanged(fd, DK_CXLFLASH_USER_DIRECT,
		  &(struct dk_cxlflash_udirect){.context_id = c.id, .rsrc_handle = 7, .last_lba = 7}, -EIO);
	evidence("14 failing requests (EINVAL, EBUSY, EIO; both nodes) compared byte by byte");
}

/* A copy of a request that can be read and not written. */
static void *read_only(const void *request, size_t size)
{
	long page = sysconf(_SC_PAGESIZE);
	void *copy = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(copy != MAP_FAILED);
	memcpy(copy, request, size);
	CHECK_EQ(mprotect(copy, page, PROT_READ), 0);
	return copy;
}

static void copy_out_fault(void)
{
	struct path *p = pick(0, 0);
	struct dk_cxlflash_manage_lun m = {.hdr.flags = DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE};
	struct dk_cxlflash_attach a = {.hdr.flags = O_RDWR, .num_interrupts = 4};
	int expected_fd, fd = disk(p);
	uint32_t pe;

	memcpy(m.wwid, p->wwid, 16);
	remember_enable(p, p->wwid);
	CHECK_RC(call(fd, DK_CXLFLASH_MANAGE_LUN, read_only(&m, sizeof(m))), -EFAULT);
	CHECK(is_superpipe(p));

	expected_fd = dup(fd);
	close(expected_fd);
	CHECK_RC(call(fd, DK_CXLFLASH_ATTACH, read_only(&a, sizeof(a))), -EFAULT);
	CHECK_RC(call(expected_fd, CXL_IOCTL_GET_PROCESS_ELEMENT, &pe), 0);
	CHECK_EQ(lab_counter("contexts", "adapter %u ", p->adapter->index), 2);

	struct context c = attached(p, O_RDWR);
	struct dk_cxlflash_udirect d = {.context_id = c.id};
	CHECK_RC(call(fd, DK_CXLFLASH_USER_DIRECT, read_only(&d, sizeof(d))), -EFAULT);
	CHECK_RC(disable(p), -EBUSY);
	CHECK_RC(release(p, c.id, 0), 0);
	struct dk_cxlflash_detach t = {.context_id = c.id};
	CHECK_RC(call(fd, DK_CXLFLASH_DETACH, read_only(&t, sizeof(t))), -EFAULT);
	CHECK_RC(detach(p, c.id), -EINVAL);
	evidence("read-only structures: EFAULT, yet the mode is superpipe, fd %d is process element %u, the handle is "
		 "open, the context is gone",
		 expected_fd, pe);
}

struct internal {
	struct path *path;
	uint64_t from;
	struct gate ready, internal, tried, external;
};

static void clone_with_lun_mode(void *arg)
{
	struct internal *t = arg;
	struct context c;

	CHECK_RC(attach(t->path, O_RDWR, &c), 0);
	gate_open(&t->ready);
	gate_wait(&t->internal);
	CHECK_RC(clone_handles(t->path, t->from, c.id), -EINVAL);
	gate_open(&t->tried);
	gate_wait(&t->external);
	CHECK_RC(clone_handles(t->path, t->from, c.id), 0);
}

static void internal_lun_mode(void)
{
	struct path *p = pick(0, 0), *q = other_lun(p);
	struct context c = attached(p, O_RDWR), other;
	uint64_t h = opened_virtual(p, c.id, 1), last;
	struct internal t = {.path = p, .from = c.id};

	CHECK_RC(enable(q), 0);
	CHECK_RC(attach(q, O_RDWR, &other), 0);
	gate_make(&t.ready);
	gate_make(&t.internal);
	gate_make(&t.tried);
	gate_make(&t.external);
	pid_t child = start_child(clone_with_lun_mode, &t);
	gate_wait(&t.ready);

	CHECK_RC(write_host(p->adapter, "lun_mode", "1"), 0);
	gate_open(&t.internal);
	gate_wait(&t.tried);
	CHECK_RC(release(p, c.id, h), -EINVAL);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -EINVAL);
	CHECK_RC(resize(p, c.id, h, 1, NULL), -EINVAL);
	CHECK_RC(verify(p, c.id, h, &last), 0);
	CHECK_RC(detach(q, other.id), 0);
	CHECK_RC(attach(q, O_RDWR, &other), 0);
	opened_direct(q, other.id);
	CHECK_RC(detach(q, other.id), 0);

	CHECK_RC(write_host(p->adapter, "lun_mode", "0"), 0);
	gate_open(&t.external);
	finish_child(child, 30);
	CHECK_RC(resize(p, c.id, h, 1, NULL), 0);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), 0);
	evidence("lun_mode 1: the four EINVAL, and 0 again with lun_mode 0; ATTACH, USER_DIRECT, VERIFY, DETACH 0");
}

const struct test dispatch_tests[] = {
	{1, "DK_* ioctls work on every path node, block or sg; HT_* only on the cxlflash character node", "driver",
	 every_node, 0},
	{2, "a disk opened O_RDONLY accepts DK_*; an sg node opened other than O_RDWR gives EPERM", "kernel",
	 open_modes, 0},
	{3, "a partition node without CAP_SYS_RAWIO gives ENOTTY", "kernel", partition, 0},
	{4, "opening /dev/cxlflash/cxlflashN without CAP_SYS_ADMIN gives EACCES", "driver", host_node_access, 0},
	{5, "a 32-bit caller gets EINVAL for DK_*, success for HT_*", "kernel", callers_of_32_bits, 0},
	{6, "an unknown request of type 0xCA gives EINVAL, not ENOTTY; likewise a known nr with another size", "driver",
	 unknown_requests, 0},
	{7, "all DK_*/HT_* numbers equal the table, identically for powerpc and generic encoding", "driver", numbers,
	 0},
	{8, "structure sizes and offsets equal section 2.3", "driver", structures, 0},
	{9, "version != 0 gives EINVAL", "driver", versions, 0},
	{10, "non-zero header rsvd or return_flags gives EINVAL; reserved[8], pad and unknown flags are accepted",
	 "driver", reserved_fields, 0},
	{11, "a bad address gives EFAULT; on a path in legacy mode EINVAL before the address is looked at", "driver",
	 bad_addresses, 0},
	{12, "on any error the caller's structure is unchanged", "driver", errors_change_nothing, 0},
	{13, "a copy-out fault gives EFAULT although the effect happened", "driver", copy_out_fault, 0},
	{14, "with lun_mode non-zero RELEASE, USER_VIRTUAL, VLUN_RESIZE, VLUN_CLONE give EINVAL, the others work",
	 "driver", internal_lun_mode, 0},
	{0},
};
