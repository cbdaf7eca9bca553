/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 101-106: the host ioctls.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "states.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CREATE HT_CXLFLASH_LUN_PROVISION_SUBCMD_CREATE_LUN
#define DELETE HT_CXLFLASH_LUN_PROVISION_SUBCMD_DELETE_LUN
#define QUERY HT_CXLFLASH_LUN_PROVISION_SUBCMD_QUERY_PORT
#define ENOTSUPP_OF_THE_KERNEL 524 /* no name in user space */
#define GIB_BLOCKS 262144ull

static int host_node(unsigned int index)
{
	int fd = open(adapter(index)->node, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		FAIL("%s: %s", adapter(index)->node, strerror(errno));
	return fd;
}

static int provision(int fd, unsigned int subcmd, unsigned int port, struct ht_cxlflash_lun_provision *req)
{
	req->hdr.subcmd = subcmd;
	req->port = port;
	req->hdr.return_flags = 0;
	return call(fd, HT_CXLFLASH_LUN_PROVISION, req);
}

static struct ht_cxlflash_lun_provision query(int fd, unsigned int port)
{
	struct ht_cxlflash_lun_provision req = {0};

	CHECK_RC(provision(fd, QUERY, port, &req), 0);
	return req;
}

/* An adapter whose AFU lacks both capabilities: the corsa of the default rack. */
static int incapable(void)
{
	struct ht_cxlflash_lun_provision req = {0};
	int fd = host_node(1);

	if (provision(fd, QUERY, 0, &req) == 0)
		not_observable("adapter 1 can provision");
	return fd;
}

static void no_capability(void)
{
	struct ht_cxlflash_afu_debug debug = {0};
	struct ht_cxlflash_lun_provision req = {.size = GIB_BLOCKS};
	int fd = incapable();

	CHECK_RC(provision(fd, CREATE, 0, &req), -ENOTSUPP_OF_THE_KERNEL);
	CHECK_RC(provision(fd, DELETE, 0, &req), -ENOTSUPP_OF_THE_KERNEL);
	CHECK_RC(provision(fd, QUERY, 0, &req), -ENOTSUPP_OF_THE_KERNEL);
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &debug), -ENOTSUPP_OF_THE_KERNEL);
	evidence("adapter 1: all three sub-commands of LUN_PROVISION and AFU_DEBUG errno 524");
}

static void bad_arguments(void)
{
	struct ht_cxlflash_lun_provision req = {.size = GIB_BLOCKS};
	struct ht_cxlflash_afu_debug debug = {.data_len = 262145};
	int fd = host_node(0), incapable_fd = incapable();
	unsigned int n = adapter(0)->n_ports;

	for (unsigned int subcmd = 1; subcmd <= 3; subcmd++) {
		CHECK_RC(provision(fd, subcmd, n, &req), -EINVAL);
		CHECK_RC(provision(fd, subcmd, 65535, &req), -EINVAL);
	}
	CHECK_RC(provision(fd, QUERY, n - 1, &req), 0);
	CHECK_RC(provision(fd, 0, 0, &req), -EINVAL);
	CHECK_RC(provision(fd, 4, 0, &req), -EINVAL);
	CHECK_RC(provision(fd, 65535, 0, &req), -EINVAL);
	CHECK_RC(provision(incapable_fd, 0, 99, &req), -ENOTSUPP_OF_THE_KERNEL);
	CHECK_RC(call(incapable_fd, HT_CXLFLASH_AFU_DEBUG, &debug), -ENOTSUPP_OF_THE_KERNEL);
	evidence("port %u and 65535, subcmd 0, 4, 65535 EINVAL; without the capability the same gives 524", n);
}

/* ---- 103 to 105 ------------------------------------------------------------------------------------------- */

static bool is_known(void *wwid)
{
	rediscover();
	return path_by_wwid(wwid, 0);
}

static void forget_disk(const uint8_t wwid[16])
{
	struct path *p = path_by_wwid(wwid, 0);

	if (p)
		CHECK_RC(write_attribute(p->dir, "delete", "1"), 0);
}

static void create(void)
{
	int fd = host_node(0);
	struct ht_cxlflash_lun_provision before = query(fd, 1), after, req = {.size = GIB_BLOCKS};
	static const uint8_t zero[16];

	CHECK_RC(provision(fd, CREATE, 1, &req), 0);
	CHECK(memcmp(req.wwid, zero, 16));
	CHECK_EQ(req.lun_id & 0xffffffffffff, 0);
	after = query(fd, 1);
	CHECK_EQ(after.cur_num_luns, before.cur_num_luns + 1);
	CHECK_EQ(after.cur_cap_port, before.cur_cap_port + GIB_BLOCKS);
	CHECK_EQ(after.max_num_luns, before.max_num_luns);
	CHECK_EQ(after.max_cap_port, before.max_cap_port);
	sleep_ms(2000);
	CHECK(!is_known(req.wwid));
	scan(adapter(0));
	wait_until("the new LUN's disk", is_known, req.wwid, 30);
	CHECK_EQ(path_by_wwid(req.wwid, 0)->lun, req.lun_id >> 48);
	CHECK_EQ(path_by_wwid(req.wwid, 0)->port, 1);

	CHECK_RC(provision(fd, DELETE, 1, &req), 0);
	after = query(fd, 1);
	CHECK_EQ(after.cur_num_luns, before.cur_num_luns);
	CHECK_EQ(after.cur_cap_port, before.cur_cap_port);
	CHECK(is_known(req.wwid)); /* its disk stays until it is removed */
	forget_disk(req.wwid);
	evidence("lun_id 0x%016llx, a WWID; QUERY_PORT one LUN and 262144 blocks more; no disk for 2 s, there after a "
		 "scan; "
		 "DELETE: the numbers go back, the disk stays",
		 (unsigned long long)req.lun_id);
}

static void no_space(void)
{
	int fd = host_node(0);
	struct ht_cxlflash_lun_provision before = query(fd, 0), after;
	struct ht_cxlflash_lun_provision req = {.size = before.max_cap_port - before.cur_cap_port + 1, .lun_id = 7};

	CHECK_RC(provision(fd, CREATE, 0, &req), -EIO);
	CHECK_EQ(req.lun_id, 7);
	after = query(fd, 0);
	CHECK_EQ(after.cur_num_luns, before.cur_num_luns);
	CHECK_EQ(after.cur_cap_port, before.cur_cap_port);
	evidence("one block more than the port has: EIO, structure as it was, QUERY_PORT the same (the refusal is the "
		 "lab's)");
}

/* QUERY_PORT is not possible here: the driver would follow a NULL pointer. */
static void create_in_reset(void)
{
	struct adapter *a = adapter(0);
	int fd = host_node(0);
	struct ht_cxlflash_lun_provision before = query(fd, 0), after, req = {.size = GIB_BLOCKS, .lun_id = 7};
	static const uint8_t zero[16];
	int rc;

	memset(req.wwid, 7, sizeof(req.wwid));
	freeze(a);
	rc = provision(fd, CREATE, 0, &req);
	thaw(a);
	CHECK_RC(rc, 0);
	CHECK_EQ(req.lun_id, 0);
	CHECK(!memcmp(req.wwid, zero, 16));
	after = query(fd, 0);
	CHECK_EQ(after.cur_num_luns, before.cur_num_luns);

	req.lun_id = 7;
	memset(req.wwid, 7, sizeof(req.wwid));
	fail_adapter(a);
	CHECK_RC(provision(fd, CREATE, 0, &req), 0);
	CHECK_EQ(req.lun_id, 0);
	CHECK(!memcmp(req.wwid, zero, 16));
	evidence("frozen (RESET) and after a failed reset (FAILTERM): 0, lun_id 0, WWID all zero; nothing was made");
}

static void debug_command(void)
{
	int fd = host_node(0);
	char *buf = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ht_cxlflash_afu_debug req = {.data_ea = (uintptr_t)buf};
	static char want[262144];

	CHECK(buf != MAP_FAILED);
	req.data_len = 262145;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), -EINVAL);
	req.data_len = UINT32_MAX;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), -EINVAL);

	memset(want, 0x5a, sizeof(want));
	memset(buf, 0x5a, sizeof(want));
	req.data_len = 262144;
	lab("fault 0 fail afu 1 0x21");
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), -EIO);
	CHECK(!memcmp(buf, want, sizeof(want)));

	req.hdr.flags = HT_CXLFLASH_HOST_WRITE;
	req.data_len = 64;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), 0);
	memset(buf, 0, 64);
	req.hdr.flags = HT_CXLFLASH_HOST_READ;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), 0);
	CHECK(!memcmp(buf, want, 64));
	req.data_len = 262144;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), 0);
	req.data_ea = 8;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), -EFAULT);
	req.data_len = 0;
	CHECK_RC(call(fd, HT_CXLFLASH_AFU_DEBUG, &req), 0);
	evidence("262145 EINVAL, 262144 0; refused by the AFU: EIO and 262144 bytes untouched; what was written is "
		 "read back "
		 "(lab); length 0 needs no buffer");
}

const struct test host_tests[] = {
	{101, "LUN_PROVISION or AFU_DEBUG without the capability gives errno 524", "driver", no_capability, 0},
	{102, "port >= number of ports, or subcmd outside 1..3, gives EINVAL; capability is checked first", "driver",
	 bad_arguments, 0},
	{103, "CREATE returns lun_id and wwid; the disk appears only after a scan; QUERY_PORT reflects it at once",
	 "driver, lab", create, 0},
	{104, "CREATE without space gives EIO, and nothing is allocated", "driver, lab", no_space, 0},
	{105, "CREATE in a state other than NORMAL returns success with zero lun_id and wwid", "driver",
	 create_in_reset, 120},
	{106, "AFU_DEBUG with data_len 262145 gives EINVAL; a failing read leaves the buffer untouched", "driver",
	 debug_command, 0},
	{0},
};
