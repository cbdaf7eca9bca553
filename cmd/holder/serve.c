/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The socket: each client sends one request at a time and gets one answer. Nothing here blocks.
 *
 * A malformed packet ends the connection. No further packet of a client is read before it has its answer, so a client
 * cannot queue requests. A request that waits for its turn is dropped if its client leaves. One that has created
 * something is undone if its answer cannot be delivered: the client would not know of it, and nothing would ever
 * release it.
 */
#include "daemon.h"
#include "scope.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 32
#define FILES_MS 5000	/* between two looks whether the holder's files are there */
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
	bool undoing;		    /* this job undoes one whose client has left */
	bool full;		    /* clients wait in the queue of the socket */
	uint64_t turns;
	bool stop;
};

/* epoll returns `what`: a client, or the address of one of the fds. */
static int watch(const struct server *server, int fd, void *what)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

	return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void set_watch(const struct server *server, int fd, bool reads, void *what)
{
	struct epoll_event event = {.events = reads ? EPOLLIN : 0, .data.ptr = what};

	epoll_ctl(server->epoll, EPOLL_CTL_MOD, fd, &event);
}

static void set_full(struct server *server, bool full)
{
	if (server->full != full)
		set_watch(server, server->holder->listen_fd, !full, &server->holder->listen_fd);
	server->full = full;
}

static void drop(struct server *server, struct client *client)
{
	close(client->fd);
	if (server->working_for == client)
		server->working_for = NULL;
	if (server->stopper == client)
		server->stopper = NULL;
	*client = (struct client){.fd = -1};
	set_full(server, false);
}

/* ---- answers ---- */

/* The largest answers need a larger buffer than a socket has. */
static bool send_packet(int fd, const void *packet, size_t len)
{
	int room = CXLF_WIRE_ANSWER_MAX;

	if (send(fd, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return true;
	return errno == EMSGSIZE && !setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) &&
	       send(fd, packet, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

/* False: it could not be delivered, and the client was dropped. */
static bool answer(struct server *server, struct client *client, const struct cxlf_wire_result *result)
{
	size_t len;
	scoped_free void *packet = holder_answer(server->holder, client->request.op, result, &len);

	if (!packet || !send_packet(client->fd, packet, len)) {
		drop(server, client);
		return false;
	}
	if (client->waiting)
		set_watch(server, client->fd, true, client);
	client->waiting = false;
	return true;
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

static void give_job(struct server *server, const struct cxlf_wire_request *request)
{
	struct holder *holder = server->holder;
	uint64_t one = 1;

	server->busy = true;
	pthread_mutex_lock(&holder->mutex);
	holder->job = *request;
	holder->job_state = JOB_WAITING;
	pthread_mutex_unlock(&holder->mutex);
	if (write(holder->wake_fd, &one, sizeof(one)) < 0)
		syslog(LOG_ERR, "cannot wake the worker: %m");
}

static void start_next_job(struct server *server)
{
	struct client *client = server->busy || server->stop ? NULL : next_client(server);

	if (!client)
		return;
	server->working_for = client;
	client->turn = UINT64_MAX; /* in progress */
	give_job(server, &client->request);
}

/* The request that undoes this one; false: it created nothing. */
static bool undo_of(const struct cxlf_wire_request *done, const struct cxlf_wire_result *result,
		    struct cxlf_wire_request *undo)
{
	*undo = (struct cxlf_wire_request){.flags = done->flags & CXLF_WIRE_HAS_WWID, .handle = result->handle};
	switch (result->err.code ? CXLF_WIRE_INFO : done->op) {
	case CXLF_WIRE_VLUN_CREATE:
	case CXLF_WIRE_PLUN_CREATE:
		undo->op = CXLF_WIRE_RELEASE;
		return true;
	case CXLF_WIRE_CLONE:
		undo->op = CXLF_WIRE_STOP;
		memcpy(undo->name, result->name, sizeof(result->name));
		return true;
	case CXLF_WIRE_ATTACH:
		undo->op = CXLF_WIRE_DETACH;
		memcpy(undo->wwid, done->wwid, sizeof(undo->wwid));
		return result->changed;
	}
	return false;
}

static void undo(struct server *server, const struct cxlf_wire_request *done, const struct cxlf_wire_result *result)
{
	struct cxlf_wire_request request;

	if (server->undoing && result->err.code)
		holder_note(server->holder, LOG_ERR, "not undone: %s", result->err.message);
	server->undoing = !server->undoing && undo_of(done, result, &request);
	if (!server->undoing)
		return;
	holder_note(server->holder, LOG_NOTICE, "%s is undone: the client left before the answer",
		    cxlf_wire_op_name(done->op));
	give_job(server, &request);
}

static void take_result(struct server *server)
{
	struct holder *holder = server->holder;
	struct client *client = server->working_for;
	struct cxlf_wire_request request;
	struct cxlf_wire_result result;
	uint64_t ignored;
	bool done;

	if (read(holder->done_fd, &ignored, sizeof(ignored)) < 0)
		return;
	pthread_mutex_lock(&holder->mutex);
	done = holder->job_state == JOB_DONE;
	request = holder->job;
	result = holder->result;
	if (done)
		holder->job_state = JOB_NONE;
	server->stop |= holder->over;
	pthread_mutex_unlock(&holder->mutex);
	if (!done)
		return;
	server->busy = false;
	server->working_for = NULL;
	if (!client || !answer(server, client, &result))
		undo(server, &request, &result);
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

static struct client *free_place(struct server *server)
{
	for (struct client *client = server->client; client < server->client + CLIENTS; client++)
		if (client->fd < 0)
			return client;
	return NULL;
}

static void accept_client(struct server *server)
{
	struct client *client = free_place(server);

	set_full(server, !client);
	if (!client)
		return;

	scoped_fd int fd = accept4(server->holder->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 || !is_allowed(fd))
		return;
	if (!watch(server, fd, client))
		*client = (struct client){.fd = cxlf_take_fd(&fd)};
}

static void read_request(struct server *server, struct client *client)
{
	struct cxlf_wire_request *request = &client->request;
	ssize_t len = recv(client->fd, request, sizeof(*request), MSG_DONTWAIT | MSG_TRUNC);

	if (len < 0 && errno == EAGAIN)
		return;
	enum cxlf_wire_kind kind = len <= 0 ? CXLF_WIRE_MALFORMED : cxlf_wire_request_kind(request, (size_t)len);

	if (kind == CXLF_WIRE_MALFORMED) {
		if (len > 0)
			syslog(LOG_WARNING, "rejected a malformed request (%zd bytes)", len);
		drop(server, client);
		return;
	}
	if (kind == CXLF_WIRE_REFUSED || request->op == CXLF_WIRE_INFO) {
		/* of the first the other release reads the beginning only */
		answer(server, client,
		       &(struct cxlf_wire_result){.err.code = kind == CXLF_WIRE_REFUSED ? CXLF_E_HOLDER_PROTOCOL
											: CXLF_OK});
		return;
	}
	client->waiting = true;
	client->turn = server->turns++;
	set_watch(server, client->fd, false, client);
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
		if (event->events &
		    EPOLLHUP) /* also with a request to read: nothing is begun for a client that has left */
			drop(server, client);
		else
			read_request(server, client);
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
