/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The socket: each client sends one request at a time and gets one answer. Nothing here blocks.
 *
 * A malformed packet ends the connection. No further packet of a client is read before it has its answer, so a client
 * cannot queue requests.
 */
#include "daemon.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 32
#define FILES_MS 5000 /* between two looks whether the holder's files are there */
#define STOP_SECONDS 20 /* for a request that waits for the adapter; after that the kernel frees the context */

struct client {
	int fd;	       /* -1: free */
	bool waiting;  /* for an answer */
	uint64_t turn; /* requests are served in the order of their arrival */
	struct cxlf_wire_request request;
};

struct server {
	struct holder *holder;
	int epoll, signals;
	struct client client[CLIENTS];
	struct client *working_for; /* NULL: none, or it has disconnected */
	struct client *stopper;	    /* the client of a stop request, which gets an answer */
	bool busy;		    /* a job is with the worker */
	uint64_t turns;
	bool stop;
};

/* epoll returns `what`: a client, or the address of one of the fds. */
static int watch(const struct server *server, int fd, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

	return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void watch_client(const struct server *server, struct client *client, bool requests)
{
	struct epoll_event event = {.events = requests ? EPOLLIN : 0, .data.ptr = client};

	epoll_ctl(server->epoll, EPOLL_CTL_MOD, client->fd, &event);
}

static void drop(struct server *server, struct client *client)
{
	close(client->fd);
	if (server->working_for == client)
		server->working_for = NULL;
	if (server->stopper == client)
		server->stopper = NULL;
	*client = (struct client){.fd = -1};
}

/* ---- answers ---- */

static int body_fd(const void *body, size_t len)
{
	scoped_fd int fd = memfd_create("cxlflash-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	for (size_t done = 0; fd >= 0 && done < len;) {
		ssize_t n = write(fd, (const char *)body + done, len - done);

		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	if (fd < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL))
		return -errno;
	return cxlf_take_fd(&fd);
}

static bool send_with(int to, const struct cxlf_wire_answer *answer, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = (void *)answer, .iov_len = sizeof(*answer)};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(to, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(*answer);
}

static void answer(struct server *server, struct client *client, const struct cxlf_wire_result *result)
{
	struct cxlf_wire_answer head = {
		.magic = CXLF_WIRE_MAGIC, .version = CXLF_WIRE_VERSION, .op = client->request.op};
	size_t len;
	scoped_free void *body = holder_answer(server->holder, result, &len);
	scoped_fd int fd = body ? body_fd(body, len) : -1;

	head.body_bytes = len;
	client->waiting = false;
	if (fd < 0 || !send_with(client->fd, &head, fd))
		drop(server, client);
	else
		watch_client(server, client, true);
}

/* ---- jobs ---- */

static struct client *next_client(struct server *server)
{
	struct client *next = NULL;

	for (struct client *client = server->client; client < server->client + CLIENTS; client++)
		if (client->fd >= 0 && client->waiting && (!next || client->turn < next->turn))
			next = client;
	return next;
}

static void start_next_job(struct server *server)
{
	struct holder *holder = server->holder;
	struct client *client = server->busy || server->stop ? NULL : next_client(server);
	uint64_t one = 1;

	if (!client)
		return;
	server->busy = true;
	server->working_for = client;
	client->turn = UINT64_MAX; /* in progress */
	pthread_mutex_lock(&holder->mutex);
	holder->job = client->request;
	holder->job_state = JOB_WAITING;
	pthread_mutex_unlock(&holder->mutex);
	if (write(holder->wake_fd, &one, sizeof(one)) < 0)
		syslog(LOG_ERR, "cannot wake the worker: %m");
}

static void take_result(struct server *server)
{
	struct holder *holder = server->holder;
	struct cxlf_wire_result result;
	uint64_t ignored;
	bool done;

	if (read(holder->done_fd, &ignored, sizeof(ignored)) < 0)
		return;
	pthread_mutex_lock(&holder->mutex);
	done = holder->job_state == JOB_DONE;
	result = holder->result;
	if (done)
		holder->job_state = JOB_NONE;
	server->stop |= holder->over;
	pthread_mutex_unlock(&holder->mutex);
	if (!done)
		return;
	server->busy = false;
	if (server->working_for)
		answer(server, server->working_for, &result);
	server->working_for = NULL;
}

/* ---- clients ---- */

static bool is_allowed(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return false;
	if (!peer.uid || peer.uid == geteuid())
		return true;
	syslog(LOG_WARNING, "refused a client: process %d of user %u", (int)peer.pid, (unsigned)peer.uid);
	return false;
}

static void accept_client(struct server *server)
{
	scoped_fd int fd = accept4(server->holder->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 || !is_allowed(fd))
		return;
	for (struct client *client = server->client; client < server->client + CLIENTS; client++) {
		if (client->fd >= 0)
			continue;
		if (!watch(server, fd, client))
			*client = (struct client){.fd = cxlf_take_fd(&fd)};
		return;
	}
	syslog(LOG_WARNING, "refused a client: there are already %d", CLIENTS);
}

static void read_request(struct server *server, struct client *client)
{
	struct cxlf_wire_request *request = &client->request;
	ssize_t len = recv(client->fd, request, sizeof(*request), MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && errno == EAGAIN)
		return;
	if (len <= 0 || !cxlf_wire_request_ok(request, (size_t)len)) {
		if (len > 0)
			syslog(LOG_WARNING, "rejected a malformed request (%zd bytes)", len);
		drop(server, client);
		return;
	}
	if (request->op == CXLF_WIRE_INFO) {
		answer(server, client, &(struct cxlf_wire_result){.err.code = CXLF_OK});
		return;
	}
	client->waiting = true;
	client->turn = server->turns++;
	watch_client(server, client, false);
	if (request->op != CXLF_WIRE_STOP)
		return;
	server->stopper = client;
	server->stop = true;
}

static void dispatch(struct server *server, const struct epoll_event *event)
{
	struct client *client = event->data.ptr;

	if (client >= server->client && client < server->client + CLIENTS) {
		if (client->fd < 0)
			return; /* dropped earlier in this round */
		if (event->events & EPOLLIN)
			read_request(server, client);
		else
			drop(server, client);
	} else if (event->data.ptr == &server->signals) {
		server->stop = true;
	} else if (event->data.ptr == &server->holder->done_fd) {
		take_result(server);
	} else {
		accept_client(server);
	}
}

/* ---- the event loop ---- */

static int begin(struct server *server)
{
	sigset_t ends;
	int rc;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	server->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
	if (server->epoll < 0 || server->signals < 0)
		return -errno;
	for (unsigned i = 0; i < CLIENTS; i++)
		server->client[i].fd = -1;
	rc = watch(server, server->signals, &server->signals);
	rc = rc ? rc : watch(server, server->holder->done_fd, &server->holder->done_fd);
	return rc ? rc : watch(server, server->holder->listen_fd, &server->holder->listen_fd);
}

/* False: the worker still waits for the adapter; it ends with the process. */
static bool stop_worker(struct holder *holder)
{
	struct timespec until;
	uint64_t one = 1;

	pthread_mutex_lock(&holder->mutex);
	holder->stop = true;
	pthread_mutex_unlock(&holder->mutex);
	if (write(holder->wake_fd, &one, sizeof(one)) < 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_SECONDS;
	return !pthread_timedjoin_np(holder->worker, NULL, &until);
}

static void end(struct server *server)
{
	bool clean = stop_worker(server->holder);

	take_result(server); /* of a request in progress */
	holder_note(server->holder, clean ? LOG_INFO : LOG_WARNING,
		    clean ? "stopped" : "stopped during a request; the kernel frees the context");
	if (server->stopper)
		answer(server, server->stopper, &(struct cxlf_wire_result){.err.code = CXLF_OK, .ended = true});
	for (struct client *client = server->client; client < server->client + CLIENTS; client++)
		if (client->fd >= 0)
			close(client->fd);
	close(server->epoll);
	close(server->signals);
}

int holder_serve(struct holder *holder, struct cxlf_err *err)
{
	struct server server = {.holder = holder};
	struct epoll_event event[8];
	int rc = begin(&server);

	if (rc)
		return cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot wait for clients");
	while (!server.stop) {
		int n = epoll_wait(server.epoll, event, sizeof(event) / sizeof(*event), FILES_MS);

		if (!n && holder_put_back_files(holder) && watch(&server, holder->listen_fd, &holder->listen_fd))
			syslog(LOG_ERR, "cannot wait for clients: %m");
		for (int i = 0; i < n; i++)
			dispatch(&server, event + i);
		start_next_job(&server);
	}
	end(&server);
	return 0;
}
