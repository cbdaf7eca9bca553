/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * poke SOCKET WHAT [N]: a client of a holder that sends valid or invalid requests.
 *
 *   good            one valid request; prints "answer" or "no answer"
 *   garbage         a packet of the right size with invalid contents
 *   half, oversize  too few bytes, too many bytes
 *   version         a request of another protocol version
 *   unended         strings without a terminating NUL
 *   leave N         N times: send a slow request and disconnect at once
 *   flood N         N requests on one connection, reading every answer
 *   crowd N         N simultaneous connections without a request
 *   cycle N         N times: create a virtual LUN of 1 GiB, resize it to 2 GiB, and release it
 *   resize N        N times: resize handle 0 to 96 MiB and 64 MiB in turn
 *
 * It does not use the client of the library, in which a mistake could hide one of the holder, and neither does
 * tests/unit/test_serve.c.
 */
#include "holder/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_holder(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = 10};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	perror(path);
	exit(1);
}

static struct cxlf_wire_request question(unsigned op)
{
	return (struct cxlf_wire_request){.magic = CXLF_WIRE_MAGIC, .version = CXLF_WIRE_VERSION, .op = (uint16_t)op};
}

/* Reads one answer. *done: the request was done. */
static bool answered_well(int fd, bool *done)
{
	static char packet[CXLF_WIRE_ANSWER_MAX];
	struct cxlf_wire_fixed fixed;
	ssize_t len = recv(fd, packet, sizeof(packet), 0);

	if (len < (ssize_t)sizeof(fixed))
		return false;
	memcpy(&fixed, packet, sizeof(fixed));
	*done = !fixed.failed;
	return fixed.head.magic == CXLF_WIRE_MAGIC;
}

static bool answered(int fd)
{
	bool done;

	return answered_well(fd, &done);
}

static void ask(const char *path, const void *packet, size_t len)
{
	int fd = connect_holder(path);

	puts(send(fd, packet, len, MSG_NOSIGNAL) == (ssize_t)len && answered(fd) ? "answer" : "no answer");
}

static void leave(const char *path, int n)
{
	struct cxlf_wire_request request = question(CXLF_WIRE_RECOVER);

	for (int i = 0; i < n; i++) {
		int fd = connect_holder(path);

		send(fd, &request, sizeof(request), MSG_NOSIGNAL);
		close(fd);
	}
	puts("left");
}

static void flood(const char *path, int n)
{
	struct cxlf_wire_request request = question(CXLF_WIRE_INFO);
	int fd = connect_holder(path), answers = 0;

	for (int i = 0; i < n; i++)
		answers += send(fd, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request) && answered(fd);
	printf("%d answers\n", answers);
}

static bool does(int fd, unsigned op, uint64_t bytes)
{
	struct cxlf_wire_request request = question(op);
	bool done = false;

	request.bytes = bytes;
	return send(fd, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request) && answered_well(fd, &done) && done;
}

/* The driver returns the lowest free handle, which is always 0. */
static void cycle(const char *path, int n)
{
	int fd = connect_holder(path), done = 0;

	for (int i = 0; i < n; i++)
		done += does(fd, CXLF_WIRE_VLUN_CREATE, 1ull << 30) && does(fd, CXLF_WIRE_VLUN_RESIZE, 2ull << 30) &&
			does(fd, CXLF_WIRE_RELEASE, 0);
	printf("%d cycles\n", done);
}

/* Resizes handle 0 in turn to a larger and a smaller size. Results are ignored. */
static void resize(const char *path, int n)
{
	int fd = connect_holder(path);

	for (int i = 0; i < n; i++)
		does(fd, CXLF_WIRE_VLUN_RESIZE, i % 2 ? 64 << 20 : 96 << 20);
	puts("resized");
}

static void crowd(const char *path, int n)
{
	for (int i = 0; i < n; i++)
		connect_holder(path);
	puts("crowd done");
}

int main(int argc, char **argv)
{
	struct cxlf_wire_request request = question(CXLF_WIRE_INFO);
	static char large[20 * sizeof(request)];
	const char *path = argc > 2 ? argv[1] : "", *what = argc > 2 ? argv[2] : "";
	int n = argc > 3 ? atoi(argv[3]) : 1;

	memcpy(large, &request, sizeof(request));
	if (!strcmp(what, "good")) {
		ask(path, &request, sizeof(request));
	} else if (!strcmp(what, "garbage")) {
		memset(&request, 0xa5, sizeof(request));
		ask(path, &request, sizeof(request));
	} else if (!strcmp(what, "half")) {
		ask(path, &request, sizeof(request) / 2);
	} else if (!strcmp(what, "oversize")) {
		ask(path, large, sizeof(large));
	} else if (!strcmp(what, "version")) {
		request.version++;
		ask(path, &request, sizeof(request));
	} else if (!strcmp(what, "unended")) {
		memset(request.name, 'x', sizeof(request.name));
		ask(path, &request, sizeof(request));
	} else if (!strcmp(what, "leave")) {
		leave(path, n);
	} else if (!strcmp(what, "flood")) {
		flood(path, n);
	} else if (!strcmp(what, "crowd")) {
		crowd(path, n);
	} else if (!strcmp(what, "cycle")) {
		cycle(path, n);
	} else if (!strcmp(what, "resize")) {
		resize(path, n);
	} else {
		return 2;
	}
	return 0;
}
