/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holder's socket with clients that violate the protocol, and with one that sends a million requests. There is no
 * context: the main thread answers requests for the state without the driver.
 */
#include "../../cmd/holder/daemon.h"
#include "holder/files.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>

#ifdef CXLF_SANITIZED /* slow, and freed memory is kept */
#define QUESTIONS 50000
#define MORE_MEMORY_KIB (1024 * 1024)
#else
#define QUESTIONS 1000000
#define MORE_MEMORY_KIB 1024
#endif
#define GARBAGE 10000

static const struct holder_options options = {.how.name = "busy"};
static char dir[] = "/tmp/cxlflash-serve.XXXXXX";

/* ---- the holder: its main thread, and a worker that only ends ---- */

static void *worker(void *arg)
{
	struct holder *holder = arg;
	bool stop = false;

	while (!stop) {
		struct pollfd wake = {.fd = holder->wake_fd, .events = POLLIN};

		poll(&wake, 1, -1);
		pthread_mutex_lock(&holder->mutex);
		stop = holder->stop;
		pthread_mutex_unlock(&holder->mutex);
	}
	return NULL;
}

static void *server(void *arg)
{
	struct cxlf_err err = {.code = CXLF_OK};

	holder_serve(arg, &err);
	return NULL;
}

static void begin(struct holder *holder, pthread_t *thread)
{
	struct cxlf_holder_info *info = &holder->info;

	info->lun = calloc(CXLF_CONTEXT_LUNS, sizeof(*info->lun));
	info->handle = calloc(1, sizeof(*info->handle));
	info->event = calloc(CXLF_HOLDER_EVENTS, sizeof(*info->event));
	snprintf(info->name, sizeof(info->name), "busy");
	holder->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	holder->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	holder->listen_fd = cxlf_holder_listen(dir, "busy");
	pthread_create(&holder->worker, NULL, worker, holder);
	pthread_create(thread, NULL, server, holder);
}

/* ---- clients ---- */

static int dial(void)
{
	struct sockaddr_un address;
	struct timeval limit = {.tv_sec = 10};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	cxlf_holder_address(dir, "busy", &address);
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

static const struct cxlf_wire_request question = {
	.magic = CXLF_WIRE_MAGIC, .version = CXLF_WIRE_VERSION, .op = CXLF_WIRE_INFO};

/* Reads one answer. Returns 1, or 0 if the connection has ended. */
static int hear_fixed(int fd, struct cxlf_wire_fixed *fixed)
{
	static char packet[CXLF_WIRE_ANSWER_MAX];
	ssize_t len = recv(fd, packet, sizeof(packet), 0);

	if (len < (ssize_t)sizeof(*fixed))
		return 0;
	memcpy(fixed, packet, sizeof(*fixed));
	return 1;
}

static int hear(int fd)
{
	struct cxlf_wire_fixed fixed;

	return hear_fixed(fd, &fixed) && fixed.head.magic == CXLF_WIRE_MAGIC && fixed.head.op == CXLF_WIRE_INFO &&
	       !fixed.failed;
}

static int ask(int fd)
{
	return send(fd, &question, sizeof(question), MSG_NOSIGNAL) == sizeof(question) && hear(fd);
}

static bool is_served(void)
{
	int fd = dial();
	bool served = fd >= 0 && ask(fd);

	close(fd);
	return served;
}

/* Sends a packet on a new connection. Returns whether the holder closed it without an answer. */
static bool is_refused(const void *packet, size_t len)
{
	int fd = dial();
	char byte;
	bool sent = fd >= 0 && send(fd, packet, len, MSG_NOSIGNAL) == (ssize_t)len;
	ssize_t got = sent ? recv(fd, &byte, 1, 0) : -1;
	bool refused = sent && (!got || (got < 0 && errno == ECONNRESET));

	close(fd);
	return refused;
}

/* ---- tests ---- */

static unsigned open_files(void)
{
	DIR *files = opendir("/proc/self/fd");
	unsigned n = 0;

	while (readdir(files))
		n++;
	closedir(files);
	return n;
}

static long memory_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (fscanf(file, "%*d %ld", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void test_a_million(void)
{
	int fd = dial();
	long answers = 0, before;

	is(ask(fd), 1, "a client is answered");
	before = memory_kib();
	while (answers < QUESTIONS && ask(fd))
		answers++;
	is(answers, QUESTIONS, "a client that sends a million requests gets a million answers");
	ok(memory_kib() - before < MORE_MEMORY_KIB, "the memory of the holder has not grown");
	close(fd);
}

static void test_not_reading(void)
{
	int fd = dial();
	long sent = 0;

	while (sent < QUESTIONS && send(fd, &question, sizeof(question), MSG_NOSIGNAL) > 0)
		sent++;
	ok(sent < QUESTIONS, "a client that never reads is disconnected");
	close(fd);
	ok(is_served(), "the next client is served");
}

static void test_garbage(void)
{
	static unsigned char packet[2 * sizeof(question)];
	unsigned refused = 0;
	size_t halves = 0;

	srand(1);
	for (unsigned i = 0; i < GARBAGE && refused == i; i++) {
		size_t len = i % 2 ? sizeof(question) : 1 + (size_t)rand() % sizeof(packet);

		for (size_t k = 0; k < len; k++)
			packet[k] = (unsigned char)rand();
		refused += is_refused(packet, len);
	}
	is(refused, GARBAGE, "invalid packets of any size end the connection");
	for (size_t len = 1; len < sizeof(question) && halves == len - 1; len++)
		halves += is_refused(&question, len);
	is(halves, sizeof(question) - 1, "incomplete requests of any length end the connection");
	ok(is_served(), "the next client is served");
}

static void test_crowd(void)
{
	int fd[64];
	unsigned served = 0;

	for (unsigned i = 0; i < 64; i++) {
		fd[i] = dial();
		send(fd[i], &question, sizeof(question), MSG_NOSIGNAL);
	}
	for (unsigned i = 0; i < 32; i++)
		served += hear(fd[i]);
	is(served, 32, "32 of 64 simultaneous clients are served");
	for (unsigned i = 0; i < 64; i++) {
		if (i >= 32)
			served += hear(fd[i]);
		if (i < 32)
			close(fd[i]);
	}
	is(served, 64, "the others wait, and are served after these have disconnected");
	for (unsigned i = 32; i < 64; i++)
		close(fd[i]);
	ok(is_served(), "then the next client is served");
}

/* What a client of another version gets; `len` bytes are sent. */
static int ask_other(unsigned op, size_t len, struct cxlf_wire_fixed *fixed)
{
	struct cxlf_wire_request request = question;
	int fd = dial(), answered;

	request.version = CXLF_WIRE_VERSION + 7;
	request.op = (uint16_t)op;
	memset(&request.flags, 0xff, sizeof(request) - offsetof(struct cxlf_wire_request, flags));
	answered = send(fd, &request, len, MSG_NOSIGNAL) == (ssize_t)len && hear_fixed(fd, fixed);
	close(fd);
	return answered;
}

static void test_versions(void)
{
	struct cxlf_wire_fixed fixed;

	ok(ask_other(CXLF_WIRE_INFO, sizeof(struct cxlf_wire_head), &fixed) && !fixed.failed &&
		   fixed.head.version == CXLF_WIRE_VERSION && !strcmp(fixed.name, "busy") &&
		   !strcmp(fixed.release, CXLF_VERSION),
	   "a question of another version is answered, whatever follows its head");
	ok(ask_other(CXLF_WIRE_INFO, sizeof(question), &fixed) && !fixed.failed, "also if it is as long as ours");
	ok(ask_other(CXLF_WIRE_RELEASE, sizeof(question), &fixed) && fixed.failed, "another request is refused");
	ok(ask_other(4711, 100, &fixed) && fixed.failed, "and so is one that this version does not have");
}

static void test_end(struct holder *holder, pthread_t thread)
{
	struct cxlf_wire_fixed fixed;

	ok(ask_other(CXLF_WIRE_STOP, sizeof(struct cxlf_wire_head), &fixed) && !fixed.failed,
	   "a request of another version to stop is obeyed");
	pthread_join(thread, NULL);
	ok(holder->stop, "the holder ends");
}

int main(void)
{
	struct holder holder = {.options = &options, .name = "busy", .mutex = PTHREAD_MUTEX_INITIALIZER};
	pthread_t thread;
	unsigned before = open_files();

	setlogmask(LOG_MASK(LOG_EMERG)); /* do not log refused requests */
	if (!mkdtemp(dir))
		return 1;
	begin(&holder, &thread);
	ok(is_served(), "the holder serves a client");
	test_a_million();
	test_not_reading();
	test_garbage();
	test_crowd();
	test_versions();
	test_end(&holder, thread);
	cxlf_holder_remove(dir, "busy");
	rmdir(dir);
	close(holder.wake_fd);
	close(holder.done_fd);
	close(holder.listen_fd);
	is(open_files(), before, "no file stays open");
	free(holder.info.lun);
	free(holder.info.handle);
	free(holder.info.event);
	return done();
}
