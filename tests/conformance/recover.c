/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statements 85-95: RECOVER_AFU, resets, the mapped registers and the adapter fd.
 */
#include "harness.h"
#include "ioctls.h"
#include "machine.h"
#include "privilege.h"
#include "states.h"
#include "storage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

/* Checks the mapped user area as an application does. */
static bool reads_all_ones(volatile uint64_t *registers)
{
	return registers[0x38 / 8] == ALL_ONES && registers[0] == ALL_ONES && registers[MMIO_BYTES / 8 - 1] == ALL_ONES;
}

/* The context has a new cookie; the caller closes the old adapter fd. */
static void recovered(struct context *c)
{
	struct dk_cxlflash_recover_afu answer;

	CHECK_RC(recover(c->path, c->id, &answer), 0);
	CHECK(answer.hdr.return_flags & DK_CXLFLASH_RECOVER_AFU_CONTEXT_RESET);
	c->id = answer.context_id;
	c->fd = answer.adap_fd;
}

static void healthy(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t h = opened_virtual(p, c.id, 1);
	struct dk_cxlflash_recover_afu before =
					       {
						       .context_id = c.id,
						       .reason = 99,
						       .mmio_size = 77,
						       .adap_fd = 88,
						       .hdr.flags = 66,
					       },
				       after = before;

	CHECK_RC(call(disk(p), DK_CXLFLASH_RECOVER_AFU, &after), 0);
	CHECK(!memcmp(&before, &after, sizeof(before)));
	CHECK_RC(verify(p, c.id, h, NULL), 0);
	evidence("0, all 120 bytes as passed in (adap_fd 88, mmio_size 77); the handle works on");
}

static void all_ones(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	volatile uint64_t *registers = map_registers(c.fd), *second;

	CHECK(registers && !reads_all_ones(registers));
	reset_adapter(p->adapter);
	CHECK(reads_all_ones(registers));
	recovered(&c);
	second = map_registers(c.fd);
	CHECK(second && !reads_all_ones(second));
	CHECK(reads_all_ones(registers)); /* read while in error */
	evidence("registers 0x00, 0x38, 0xfff8 0xffffffffffffffff after a reset from the host; the new mapping is "
		 "sound");
}

static void recover_answer(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	struct dk_cxlflash_recover_afu answer;
	uint32_t pe;

	reset_adapter(p->adapter);
	CHECK_RC(recover(p, c.id, &answer), 0);
	CHECK_EQ(answer.hdr.return_flags, DK_CXLFLASH_APP_CLOSE_ADAP_FD | DK_CXLFLASH_RECOVER_AFU_CONTEXT_RESET |
						  DK_CXLFLASH_CONTEXT_SQ_CMD_MODE);
	CHECK(answer.adap_fd != (uint64_t)c.fd);
	CHECK_EQ(answer.mmio_size, 65536);
	CHECK_EQ(answer.context_id >> 32, c.id >> 32);
	CHECK_RC(call(answer.adap_fd, CXL_IOCTL_GET_PROCESS_ELEMENT, &pe), 0);
	CHECK_EQ((uint32_t)answer.context_id, pe);
	CHECK_RC(recover(p, c.id, NULL), answer.context_id == c.id ? 0 : -EINVAL);
	evidence("return_flags 0x8000000000000006, new fd, mmio_size 65536; 0x%016llx became 0x%016llx",
		 (unsigned long long)c.id, (unsigned long long)answer.context_id);
}

static sigjmp_buf bus_error;

static void on_bus_error(int number)
{
	(void)number;
	siglongjmp(bus_error, 1);
}

static bool raises_bus_error(volatile uint64_t *registers)
{
	struct sigaction action = {.sa_handler = on_bus_error};
	bool raised = false;

	sigaction(SIGBUS, &action, NULL);
	if (sigsetjmp(bus_error, 1))
		raised = true;
	else
		(void)registers[0];
	signal(SIGBUS, SIG_DFL);
	return raised;
}

static void old_descriptor(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	volatile uint64_t *touched = map_registers(c.fd), *untouched = map_registers(c.fd);
	int old = c.fd;

	CHECK(touched && untouched && !reads_all_ones(touched) && !reads_all_ones(untouched));
	reset_adapter(p->adapter);
	CHECK(reads_all_ones(touched));
	recovered(&c);
	errno = 0;
	CHECK(!map_registers(old));
	CHECK_EQ(errno, EIO);
	CHECK(raises_bus_error(untouched));
	CHECK(!raises_bus_error(touched) && reads_all_ones(touched));
	unmap_registers(touched);
	unmap_registers(untouched);
	CHECK_EQ(close(old), 0);
	uint64_t h = opened_virtual(p, c.id, 1);
	struct queue *q = open_queue(&c);
	put_mark(q, h, 1, 88);
	CHECK(has_mark(q, h, 1, 88));
	close_queue(q);
	evidence("mmap EIO; a mapping not touched since the reset: SIGBUS (one touched keeps reading all ones); after "
		 "close "
		 "the context does I/O");
}

static void handles_survive(void)
{
	struct path *p = pick(0, 0), *r = other_lun(p);
	struct context c = attached(p, O_RDWR);
	uint64_t before[3], after[3], direct;

	CHECK_RC(enable(r), 0);
	CHECK_RC(reuse(r, c.id, NULL), 0);
	CHECK_EQ(opened_virtual(p, c.id, 1), 0);
	direct = opened_direct(r, c.id);
	CHECK_EQ(opened_virtual(p, c.id, 300000), 2);
	CHECK_RC(verify(p, c.id, 0, &before[0]), 0);
	CHECK_RC(verify(r, c.id, direct, &before[1]), 0);
	CHECK_RC(verify(p, c.id, 2, &before[2]), 0);
	reset_adapter(p->adapter);
	recovered(&c);
	CHECK_RC(verify(p, c.id, 0, &after[0]), 0);
	CHECK_RC(verify(r, c.id, direct, &after[1]), 0);
	CHECK_RC(verify(p, c.id, 2, &after[2]), 0);
	CHECK(!memcmp(before, after, sizeof(before)));
	CHECK_EQ(opened_virtual(p, c.id, 0), 3);
	evidence("virtual 0 and 2, direct 1 of a second LUN: same last_lba from VERIFY; next handle 3");
}

/* ---- 90: RESET ------------------------------------------------------------------------------------------------ */

static void on_alarm(int number)
{
	(void)number;
}

static void interrupt_after(unsigned int ms)
{
	struct itimerval timer = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};

	setitimer(ITIMER_REAL, &timer, NULL);
}

static struct {
	uint64_t start;
	unsigned int n;
} waits;

static void must_have_waited(const char *name, int rc, void *unused)
{
	(void)unused;
	if (rc != -EINTR)
		FAIL("%s gives %d in RESET, not EINTR", name, rc);
	if (now_ms() - waits.start < 290)
		FAIL("%s came back after %u ms", name, (unsigned int)(now_ms() - waits.start));
	waits.n++;
	waits.start = now_ms();
	interrupt_after(300);
}

static void attach_new(void *path)
{
	struct context c;

	CHECK_RC(attach(path, O_RDWR, &c), 0);
}

static void waits_in_reset(void)
{
	struct path *p = pick(0, 0);
	struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
	struct context c = attached(p, O_RDWR), d;
	uint64_t h = opened_virtual(p, c.id, 1);

	sigaction(SIGALRM, &action, NULL);
	freeze(p->adapter);
	waits.start = now_ms();
	interrupt_after(300);
	each_context_ioctl(p, c.id, h, must_have_waited, NULL);
	must_have_waited("new ATTACH", attach(p, O_RDWR, &d), NULL);
	interrupt_after(0);
	CHECK_EQ(waits.n, 10);

	waits.start = now_ms();
	CHECK_RC(enable(p), 0);
	CHECK(now_ms() - waits.start < 100);
	pid_t pid = start_child(attach_new, p);
	CHECK(child_blocks(pid, 2000));
	thaw(p->adapter);
	finish_child(pid, 10);
	recovered(&c);
	evidence("frozen: 10 requests wait until a signal at 300 ms, then EINTR; MANAGE_LUN 0 at once; an ATTACH that "
		 "has "
		 "waited 2 s is 0 after the thaw");
}

/* ---- 91, 92: FAILTERM, contexts in error ------------------------------------------------------------------------ */

static void in_failterm(struct path *p, void (*fail)(const struct adapter *a))
{
	struct context c = attached(p, O_RDWR), d;
	uint64_t h = opened_virtual(p, c.id, 1), last;

	CHECK_RC(attach(p, O_RDWR, &d), 0);
	CHECK_EQ(opened_virtual(p, d.id, 1), 0);
	fail(p->adapter);
	CHECK_RC(attach(p, O_RDWR, &(struct context){0}), -ENODEV);
	CHECK_RC(reuse(p, c.id, NULL), -ENODEV);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -ENODEV);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -ENODEV);
	CHECK_RC(verify(p, c.id, h, NULL), -ENODEV);
	CHECK_RC(clone_handles(p, d.id, c.id), -ENODEV);
	CHECK_RC(recover(p, c.id, NULL), -ENODEV);
	CHECK_RC(enable(p), 0);
	CHECK_RC(disable(p), -EBUSY);
	CHECK_RC(resize(p, c.id, h, 200000, &last), 0); /* grow */
	CHECK(last >= 199999);
	CHECK_RC(resize(p, c.id, h, 1, NULL), 0);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(detach(p, d.id), 0); /* with its handle */
	CHECK_RC(detach(p, d.id), -EINVAL);
	CHECK_RC(disable(p), 0);
}

static void failed_adapter(void)
{
	in_failterm(pick(0, 0), fail_adapter);
	in_failterm(pick(1, ONE_ADAPTER), lose_adapter);
	evidence("after a reset that failed, and after a permanent PCI failure: ATTACH new and reusing, USER_DIRECT, "
		 "USER_VIRTUAL, VERIFY, CLONE, RECOVER ENODEV; RESIZE (grow and shrink), RELEASE, DETACH, MANAGE_LUN "
		 "act");
}

static void clone_from_error(void *arg)
{
	struct context *source = arg, mine;

	CHECK_RC(attach(source->path, O_RDWR, &mine), 0);
	CHECK_RC(clone_handles(source->path, source->id, mine.id), -EINVAL);
}

static void context_in_error(void)
{
	struct path *p = pick(0, 0), *r = other_lun(p);
	struct context c = attached(p, O_RDWR), keep;
	uint64_t h = opened_virtual(p, c.id, 1), last;

	CHECK_RC(enable(r), 0);
	reset_adapter(p->adapter);
	CHECK_RC(attach(p, O_RDWR, &keep), 0); /* the adapter is ready */
	CHECK_RC(reuse(r, c.id, NULL), -EINVAL);
	CHECK_RC(user_virtual(p, c.id, 1, NULL, NULL), -EINVAL);
	CHECK_RC(verify(p, c.id, h, NULL), -EINVAL);
	run_child(clone_from_error, &c);
	CHECK_RC(resize(p, c.id, h, 0, &last), 0);
	CHECK_RC(release(p, c.id, h), 0);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL); /* the LUN's mode is NONE */
	CHECK_RC(user_direct(p, keep.id, NULL, NULL), 0);
	CHECK_RC(detach(p, c.id), 0);
	CHECK_RC(recover(p, c.id, NULL), -EINVAL);
	evidence("REUSE, USER_DIRECT, USER_VIRTUAL, VERIFY, CLONE EINVAL; shrink, RELEASE, DETACH 0");
}

/* ---- 93 to 95 ---------------------------------------------------------------------------------------------------- */

static short events(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	CHECK(poll(&p, 1, 0) >= 0);
	return p.revents;
}

static int read_event(int fd)
{
	static char page[4096];
	ssize_t n = read(fd, page, sizeof(page));

	return n < 0 ? -errno : (int)n;
}

static void poll_error(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR), d;

	fcntl(c.fd, F_SETFL, O_NONBLOCK);
	reset_adapter(p->adapter);
	CHECK_EQ(events(c.fd), 0);
	CHECK_RC(read_event(c.fd), -EAGAIN);
	finish(&c);

	CHECK_RC(attach(p, O_RDWR, &d), 0);
	fcntl(d.fd, F_SETFL, O_NONBLOCK);
	CHECK_EQ(events(d.fd), 0);
	freeze(p->adapter);
	CHECK_EQ(events(d.fd), POLLERR);
	CHECK_RC(read_event(d.fd), -EIO);
	thaw(p->adapter);
	CHECK_EQ(events(d.fd), POLLERR);
	CHECK_RC(read_event(d.fd), -EIO);
	evidence("reset from the host: no event, read EAGAIN; EEH: POLLERR and EIO, frozen and after the thaw");
}

static void is_in_error(void *context)
{
	struct context *c = context;

	CHECK_RC(attach(c->path, O_RDWR, c), 0);
	opened_direct(c->path, c->id);
	reset_adapter(c->path->adapter);
	CHECK_RC(user_direct(c->path, c->id, NULL, NULL), -EINVAL);
	recovered(c);
	CHECK_RC(user_direct(c->path, c->id, NULL, NULL), 0);
}

static void queues_written(void)
{
	struct path *p = pick(0, 0), *r = other_lun(p), *far = pick(1, ONE_ADAPTER);
	struct context c = attached(p, O_RDWR), d = attached(r, O_RDWR), e = attached(far, O_RDWR);
	struct context child = {.path = p};
	char text[NAME];

	CHECK(read_host(p->adapter, "num_hwqs", text, sizeof(text)) > 0);
	CHECK_TEXT(text, "1\n");
	run_child(is_in_error, &child); /* another process writes 1 */
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	CHECK_RC(user_direct(r, d.id, NULL, NULL), -EINVAL);
	CHECK_RC(user_direct(far, e.id, NULL, NULL), 0);
	recovered(&c);
	CHECK_RC(write_host(p->adapter, "num_hwqs", "2"), 0);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	evidence("1 over 1: three contexts of two processes and two LUNs in error, another adapter's is not; 2 over 1: "
		 "the "
		 "same");
}

static int host_reset(const char *sg)
{
	int fd = open(sg, O_RDWR | O_CLOEXEC), how = SG_SCSI_RESET_HOST, rc;

	CHECK(fd >= 0);
	rc = call(fd, SG_SCSI_RESET, &how);
	close(fd);
	return rc;
}

static void reset_without(void *arg)
{
	struct path *p = arg;

	drop_capability(CAP_SYS_RAWIO);
	CHECK_RC(host_reset(p->sg), -EACCES);
}

static void reset_without_admin(void *arg)
{
	struct path *p = arg;

	drop_capability(CAP_SYS_ADMIN);
	CHECK_RC(host_reset(p->sg), -EACCES);
}

static void scsi_host_reset(void)
{
	struct path *p = pick(0, 0);
	struct context c = attached(p, O_RDWR);
	uint64_t start;

	run_child(reset_without, p);
	run_child(reset_without_admin, p);
	CHECK_RC(verify(p, c.id, opened_direct(p, c.id), NULL), 0);
	start = now_ms();
	CHECK_RC(host_reset(p->sg), 0);
	start = now_ms() - start;
	CHECK_RC(user_direct(p, c.id, NULL, NULL), -EINVAL);
	recovered(&c);
	CHECK_RC(user_direct(p, c.id, NULL, NULL), 0);
	evidence("without either capability EACCES and no reset; with both 0 after %llu ms and the context in error",
		 (unsigned long long)start);
}

const struct test recover_tests[] = {
	{85, "RECOVER on a healthy context returns 0, return_flags 0, other fields as passed in", "driver", healthy, 0},
	{86, "after a reset every mapped page reads 0xFF bytes until RECOVER", "driver", all_ones, 0},
	{87, "RECOVER then returns APP_CLOSE_ADAP_FD and CONTEXT_RESET, a new fd, the cookie's high half unchanged",
	 "driver", recover_answer, 0},
	{88, "the old fd then gives EIO on mmap; its old mapping raises SIGBUS; closing it harms nothing", "driver",
	 old_descriptor, 0},
	{89, "handles and sizes are the same after RECOVER", "driver", handles_survive, 0},
	{90, "in RESET, DK_* other than MANAGE_LUN block until it ends and return EINTR on an unrestarted signal",
	 "driver", waits_in_reset, 0},
	{91, "in FAILTERM, DETACH, RELEASE, VLUN_RESIZE and MANAGE_LUN work, all others give ENODEV", "driver",
	 failed_adapter, 0},
	{92, "a context in error gives EINVAL to REUSE, USER_DIRECT, USER_VIRTUAL, VERIFY and CLONE", "driver",
	 context_in_error, 0},
	{93, "EEH on a cxl-type adapter raises POLLERR on fd2 and EIO on read; a host reset does not", "driver, lab",
	 poll_error, 0},
	{94, "writing num_hwqs, even the same value, puts all contexts into error", "driver", queues_written, 0},
	{95, "SG_SCSI_RESET host needs CAP_SYS_ADMIN and CAP_SYS_RAWIO (EACCES) and puts contexts into error",
	 "kernel, driver", scsi_host_reset, 0},
	{0},
};
