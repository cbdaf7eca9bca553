/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ioctl wrappers with a simulated driver: the requests that they send, and the results for each answer.
 *
 * The ioctl() of this program replaces that of libc. Offsets are those of the contract (2.3), not of the header.
 */
#include "ioctl_wrap.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

int ioctl(int fd, unsigned long number, ...) __attribute__((nothrow));

static struct {
	int answer[4]; /* one for each call: 0, positive, or -errno */
	unsigned n_calls;
	unsigned long number;
	uint8_t sent[160];
	void (*write)(uint8_t *arg);
} driver;

int ioctl(int fd, unsigned long number, ...)
{
	va_list args;

	va_start(args, number);

	uint8_t *arg = va_arg(args, uint8_t *);

	va_end(args);
	(void)fd;
	driver.number = number & 0xffffffff;
	memcpy(driver.sent, arg, number >> 16 & 0x1fff);

	int answer = driver.answer[driver.n_calls++ & 3];

	if (answer < 0) {
		errno = -answer;
		return -1;
	}
	if (!answer && driver.write)
		driver.write(arg);
	return answer;
}

static void will(int first, int second)
{
	memset(&driver, 0, sizeof(driver));
	driver.answer[0] = first;
	driver.answer[1] = second;
}

static uint64_t sent64(unsigned at)
{
	uint64_t value;

	memcpy(&value, driver.sent + at, 8);
	return value;
}

static void put64(uint8_t *arg, unsigned at, uint64_t value)
{
	memcpy(arg + at, &value, 8);
}

static void manage_lun(void)
{
	struct cxlf_wwid wwid = {{0x60, 5, 7, 0x68, [15] = 0xab}};

	will(0, 0);
	is(cxlf_ioctl_manage_lun(3, &wwid, true), 0, "manage LUN");
	is(driver.number, 0xC068CA86, "its number");
	ok(sent64(8) == 0x8000000000000000, "enable");
	ok(!memcmp(driver.sent + 24, wwid.byte, 16), "the WWID");
	ok(!sent64(0) && !sent64(16) && !sent64(96), "version, return flags and the rest are 0");
	will(-EBUSY, 0);
	is(cxlf_ioctl_manage_lun(3, &wwid, false), -EBUSY, "busy");
	ok(sent64(8) == 0x4000000000000000, "disable");
	will(-EINTR, 0);
	is(cxlf_ioctl_manage_lun(3, &wwid, false), 0, "a signal while waiting");
	is(driver.n_calls, 2, "an interrupted request is repeated");
	will(1, 0);
	is(cxlf_ioctl_manage_lun(3, &wwid, true), -EPROTO, "a positive answer is an error");
}

static void answer_attach(uint8_t *arg)
{
	put64(arg, 16, 0x6);
	put64(arg, 32, 0xc0ffee0000000001);
	put64(arg, 40, 65536);
	put64(arg, 48, 4096);
	put64(arg, 56, 7);
	put64(arg, 64, 999);
	put64(arg, 72, 4096);
}

static void contexts(void)
{
	struct cxlf_attached attached = {0};
	struct cxlf_recovered recovered = {0};

	will(0, 0);
	driver.write = answer_attach;
	is(cxlf_ioctl_attach(3, O_RDWR, 4, &attached), 0, "attach");
	is(driver.number, 0xC090CA80, "its number");
	ok(sent64(8) == 2 && sent64(24) == 4, "the open mode and the interrupts");
	ok(attached.context == 0xc0ffee0000000001 && attached.adapter_fd == 7, "context and fd");
	ok(attached.sq_mode && !attached.kernel_closes_fd, "the flags");
	ok(attached.last_lba == 999 && attached.block_bytes == 4096, "the size");
	will(0, 0);
	is(cxlf_ioctl_attach_reuse(3, 5, &attached), 0, "attach to an existing context");
	ok(sent64(8) == 0x8000000000000000 && sent64(32) == 5, "the flag and the context");
	is(attached.adapter_fd, -1, "no fd is returned");
	will(0, 0);
	is(cxlf_ioctl_recover(3, 5, 1, &recovered), 0, "recover an intact context");
	ok(!recovered.reset && recovered.adapter_fd == -1 && recovered.context == 5, "changes nothing");
	will(-ENODEV, 0);
	is(cxlf_ioctl_attach(3, O_RDWR, 4, &attached), -ENODEV, "no context left");
}

static void answer_lba(uint8_t *arg)
{
	put64(arg, 48, 1234);
}

static void verify(void)
{
	uint8_t sense[CXLF_SENSE_LEN] = {0x70, 0, 6, [12] = 0x2a};
	uint64_t last_lba = 77;

	will(0, 0);
	driver.write = answer_lba;
	is(cxlf_ioctl_verify(3, 1, 2, sense, &last_lba), 0, "verify");
	ok(sent64(40) == 0x8000000000000000 && !sent64(8), "the hint goes into hint, not into flags");
	ok(!memcmp(driver.sent + 56, sense, sizeof(sense)), "the sense data");
	is(last_lba, 1234, "the answer");
	last_lba = 77;
	will(1, 0);
	is(cxlf_ioctl_verify(3, 1, 2, sense, &last_lba), CXLF_NO_ANSWER, "a positive return value has no size");
	is(last_lba, 77, "the size is not changed");
	will(0, 0);
	cxlf_ioctl_verify(3, 1, 2, NULL, &last_lba);
	ok(!sent64(40), "without sense data the hint is not set");
}

static void handles(void)
{
	struct cxlf_vlun_opened opened = {0};
	uint64_t handle = 9, last_lba = 9;

	will(-EMFILE, 0);
	is(cxlf_ioctl_user_direct(3, 1, &handle, &last_lba), -EMFILE, "no handle left");
	ok(handle == 9 && last_lba == 9, "results are not written on failure");
	will(0, 0);
	driver.write = answer_lba;
	is(cxlf_ioctl_user_virtual(3, 1, 65536, false, &opened), 0, "a virtual LUN");
	ok(sent64(32) == 65536 && opened.last_lba == 1234, "its size");
	will(0, 0);
	is(cxlf_ioctl_vlun_resize(3, 1, 2, 3, &last_lba), 0, "resize");
	ok(driver.number == 0xC078CA88 && sent64(24) == 1 && sent64(32) == 2 && sent64(40) == 3, "its request");
	will(0, 0);
	is(cxlf_ioctl_vlun_clone(3, 1, 2), 0, "clone");
	ok(driver.number == 0xC070CA89 && sent64(24) == 1 && sent64(32) == 2, "its request");
	will(0, 0);
	is(cxlf_ioctl_release(3, 1, 2), 0, "release");
	is(driver.number, 0xC068CA82, "its request");
	will(0, 0);
	is(cxlf_ioctl_detach(3, 1), 0, "detach");
	is(driver.number, 0xC060CA83, "its request");
}

static void host(void)
{
	struct cxlf_port_space space = {0};
	struct cxlf_wwid wwid;
	uint64_t lun_id = 0;
	uint8_t subcmd[CXLF_AFU_SUBCMD_LEN] = {1, 2, 3}, data[4];

	will(-524, 0);
	is(cxlf_ioctl_lun_create(3, 1, 100, &lun_id, &wwid), -EOPNOTSUPP, "errno 524 is returned as EOPNOTSUPP");
	ok(driver.sent[2] == 1 && driver.sent[24] == 1 && sent64(32) == 100, "create: subcommand, port and size");
	will(0, 0);
	is(cxlf_ioctl_lun_delete(3, 0, 42), 0, "delete");
	ok(driver.sent[2] == 2 && sent64(40) == 42, "its LUN");
	will(0, 0);
	is(cxlf_ioctl_port_query(3, 0, &space), 0, "query");
	is(driver.number, 0xC0A0CABF, "its number");
	will(-EIO, 0);
	is(cxlf_ioctl_afu_write(3, subcmd, data, sizeof(data)), -EIO, "AFU debug");
	ok(driver.number == 0xC078CABE && sent64(8) == 1 && !memcmp(driver.sent + 28, subcmd, 12), "its request");
	will(0, 0);
	cxlf_ioctl_afu_read(3, subcmd, data, sizeof(data));
	ok(sent64(8) == 0 && sent64(40) == (uint64_t)(uintptr_t)data && driver.sent[48] == 4, "reading");
}

static void images(void)
{
	char chunk[256];

	will(1, 0);
	is(cxlf_ioctl_image_download(3, chunk, 128, 1000, true), CXLF_MORE,
	   "after a chunk of an image CXLF_MORE is returned");
	ok(sent64(0) == 1 && sent64(16) == 128 && sent64(24) == 1000, "the first chunk has a header");
	will(-EINTR, 0);
	is(cxlf_ioctl_image_validate(3, chunk, 128, 1000, false), -EINTR, "an interrupted chunk is an error");
	is(driver.n_calls, 1, "an interrupted chunk is not sent again");
}

static struct cxlf_trace last;
static uint64_t traced_wwid;

static void sink(void *arg, const struct cxlf_trace *trace)
{
	++*(unsigned *)arg;
	last = *trace;
	for (unsigned i = 0; i < trace->n_fields; i++)
		if (!strcmp(trace->field[i].name, "wwid"))
			memcpy(&traced_wwid, trace->field[i].bytes, 8);
}

static void tracing(void)
{
	struct cxlf_wwid wwid = {{0x60, 5, 7, 0x68}};
	struct cxlf_attached attached;
	unsigned n = 0;

	cxlf_ioctl_trace(sink, &n);
	will(-EBUSY, 0);
	cxlf_ioctl_manage_lun(12, &wwid, false);
	is(n, 1, "a request is traced");
	is_text(last.request, "DK_CXLFLASH_MANAGE_LUN", "the trace has the name of the request");
	ok(last.fd == 12 && last.rc == -EBUSY, "the trace has fd and result");
	ok(!memcmp(&traced_wwid, wwid.byte, 8), "the trace has the WWID");
	is(last.n_fields, 2, "output fields are not traced on failure");
	will(0, 0);
	driver.write = answer_attach;
	cxlf_ioctl_attach(12, O_RDONLY, 4, &attached);
	is_text(last.field[last.n_fields - 1].name, "max_xfer", "output fields are traced on success");
	ok(last.field[last.n_fields - 1].value == 4096 && last.field[last.n_fields - 1].out,
	   "output fields are marked");
	cxlf_ioctl_trace(NULL, NULL);
	cxlf_ioctl_attach(12, O_RDONLY, 4, &attached);
	is(n, 2, "tracing can be disabled");
}

int main(void)
{
	manage_lun();
	contexts();
	verify();
	handles();
	host();
	images();
	tracing();
	return done();
}
