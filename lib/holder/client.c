/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients of holders: find a holder by name, send one request, wait for its answer with a time limit.
 */
#include "clock.h"
#include "files.h"
#include "scope.h"
#include "sysfs.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define LIST_FIX "list the contexts: cxlflashctl context list"

/* ---- time ---- */

static void nap(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* 0 when readable or closed, -ETIMEDOUT, or another -errno. */
static int wait_readable(int fd, int64_t until)
{
	for (;;) {
		int64_t left = until - cxlf_now_ms();
		struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
		int rc = poll(&poll_fd, 1, left > 0 ? (int)(left < INT_MAX ? left : INT_MAX) : 0);

		if (rc > 0)
			return 0;
		if (!rc && left <= 0)
			return -ETIMEDOUT;
		if (rc < 0 && errno != EINTR)
			return -errno;
	}
}

/* ---- connect ---- */

/* A holder must be a process of root or of the caller. */
static bool is_trusted(const struct ucred *peer)
{
	return !peer->uid || peer->uid == geteuid();
}

/*
 * The fd, or -errno: -ENOENT no such name, -EACCES, -ECONNREFUSED no process listens, -ETIMEDOUT, -EPROTO not a holder.
 * *pid is the process that listens.
 */
static int connect_to(const char *dir, const char *name, int64_t until, pid_t *pid)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	struct sockaddr_un address;
	int rc = cxlf_holder_address(dir, name, &address);
	scoped_fd int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (rc || fd < 0)
		return rc ? rc : -errno;
	while (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		/* its queue of connections is full */
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		if (cxlf_now_ms() > until)
			return -ETIMEDOUT;
		nap(10);
	}
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) || !is_trusted(&peer))
		return -EPROTO;
	*pid = peer.pid;
	return cxlf_take_fd(&fd);
}

/*
 * No process listens. A locked lock means that a holder is starting; otherwise the stale files are removed, if
 * permissions allow.
 */
static enum cxlf_holder_found clean_up(const char *dir, const char *name)
{
	scoped_fd int lock = cxlf_holder_lock(dir, name);

	if (lock >= 0)
		cxlf_holder_remove(dir, name);
	return lock == -EWOULDBLOCK ? CXLF_HOLDER_SILENT : CXLF_HOLDER_STALE;
}

/* ---- one request ---- */

static int no_answer(const char *name, int rc, struct cxlf_err *err)
{
	switch (rc) {
	case -ENOENT:
		cxlf_fail(err, CXLF_E_CONTEXT_NOT_FOUND, "there is no context %s", name);
		return cxlf_fix(err, LIST_FIX);
	case -EACCES:
	case -EPERM:
		cxlf_fail_sys(err, CXLF_E_PERMISSION, rc, "cannot reach the holder of context %s", name);
		cxlf_cause(err, "its socket %s/%s.sock belongs to root", CXLF_RUN_DIR, name);
		return cxlf_fix_root(err);
	case -ETIMEDOUT:
		cxlf_fail(err, CXLF_E_TIMEOUT, "the holder of context %s does not answer in time", name);
		cxlf_cause(err, "it waits for the adapter, or is busy with other requests");
		return cxlf_fix(err, "see its current request: cxlflashctl context info %s; or wait longer: --timeout",
				name);
	case -ECONNRESET:
		cxlf_fail(err, CXLF_E_CONTEXT_GONE, "the holder of context %s ended during the request", name);
		return cxlf_fix(err, "journalctl -t cxlflash-holder");
	case -EPROTO:
		cxlf_fail(err, CXLF_E_HOLDER_PROTOCOL,
			  "the process serving context %s is not a compatible cxlflash-holder", name);
		return cxlf_fix(err, "identify the process: fuser %s/%s.sock", CXLF_RUN_DIR, name);
	}
	return cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot reach the holder of context %s", name);
}

static int gone(const char *name, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_CONTEXT_GONE, "the holder of context %s is gone", name);
	cxlf_cause(err, "%s", cxlf_holder_found_text(CXLF_HOLDER_STALE));
	return cxlf_fix(err, "start another one: cxlflashctl context start LUN");
}

/* The memfd of an answer; -errno. */
static int receive(int fd, unsigned op, size_t *len)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct cxlf_wire_answer answer = {0};
	struct iovec part = {.iov_base = &answer, .iov_len = sizeof(answer)};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
	ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	int body = -1;

	if (got <= 0)
		return got ? -errno : -ECONNRESET;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&body, CMSG_DATA(c), sizeof(body));
	if (body >= 0 && got == sizeof(answer) && answer.magic == CXLF_WIRE_MAGIC &&
	    answer.version == CXLF_WIRE_VERSION && answer.op == op && answer.body_bytes <= CXLF_WIRE_BODY_MAX) {
		*len = (size_t)answer.body_bytes;
		return body;
	}
	if (body >= 0)
		close(body);
	return -EPROTO;
}

static int read_body(int fd, size_t len, struct cxlf_wire_result *result, struct cxlf_holder_info *info)
{
	scoped_free char *body = malloc(len + 1);
	size_t done = 0;

	if (!body)
		return -ENOMEM;
	while (done < len) {
		ssize_t got = pread(fd, body + done, len - done, (off_t)done);

		if (got <= 0)
			return -EPROTO;
		done += (size_t)got;
	}
	return cxlf_wire_decode(body, len, result, info);
}

static int exchange(int fd, const struct cxlf_wire_request *request, int64_t until, struct cxlf_wire_result *result,
		    struct cxlf_holder_info *info)
{
	size_t len = 0;

	if (send(fd, request, sizeof(*request), MSG_NOSIGNAL) < 0)
		return errno == EPIPE ? -ECONNRESET : -errno;

	int rc = wait_readable(fd, until);

	if (rc)
		return rc;

	scoped_fd int body = receive(fd, request->op, &len);

	return body < 0 ? body : read_body(body, len, result, info);
}

static int send_request_in(const char *dir, const char *name, struct cxlf_wire_request *request, unsigned timeout_ms,
			   struct cxlf_wire_result *result, struct cxlf_holder_info *info, pid_t *pid)
{
	int64_t until = cxlf_now_ms() + timeout_ms;
	scoped_fd int fd = connect_to(dir, name, until, pid);

	request->magic = CXLF_WIRE_MAGIC;
	request->version = CXLF_WIRE_VERSION;
	return fd < 0 ? fd : exchange(fd, request, until, result, info);
}

/* `info` may be NULL. */
static int send_request(const char *name, struct cxlf_wire_request *request, unsigned timeout_ms,
			struct cxlf_wire_result *result, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_holder_info answer = {0};

	if (info)
		*info = (struct cxlf_holder_info){0};
	if (!cxlf_held_name_ok(name)) {
		cxlf_fail(err, CXLF_E_CONTEXT_NOT_FOUND, "there is no context %.40s", name);
		cxlf_cause(err, "a name has at most %d lower-case letters, digits, underscores, dots and dashes",
			   CXLF_HELD_NAME - 1);
		return cxlf_fix(err, LIST_FIX);
	}

	pid_t pid;
	int rc = send_request_in(CXLF_RUN_DIR, name, request, timeout_ms, result, &answer, &pid);

	if (rc == -ECONNREFUSED)
		return clean_up(CXLF_RUN_DIR, name) == CXLF_HOLDER_STALE ? gone(name, err)
									 : no_answer(name, -ETIMEDOUT, err);
	if (rc)
		return no_answer(name, rc, err);
	if (info)
		*info = answer;
	else
		cxlf_holder_info_free(&answer);
	*err = result->err;
	return err->code ? -1 : 0;
}

int cxlf_holder_info(const char *name, unsigned timeout_ms, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_INFO};
	struct cxlf_wire_result result;

	return send_request(name, &request, timeout_ms, &result, info, err);
}

static void set_size(struct cxlf_wire_request *request, const struct cxlf_vlun_size *size)
{
	request->bytes = size->bytes;
	request->flags |=
		(size->allow_smaller ? CXLF_WIRE_ALLOW_SMALLER : 0) | (size->driver_wipe ? CXLF_WIRE_DRIVER_WIPE : 0);
}

static void set_lun(struct cxlf_wire_request *request, const struct cxlf_wwid *wwid)
{
	if (!wwid)
		return;
	memcpy(request->wwid, wwid->byte, sizeof(request->wwid));
	request->flags |= CXLF_WIRE_HAS_WWID;
}

int cxlf_holder_vlun_create(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid,
			    const struct cxlf_vlun_size *size, uint64_t *handle, struct cxlf_holder_info *info,
			    struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_VLUN_CREATE};
	struct cxlf_wire_result result = {0};

	set_size(&request, size);
	set_lun(&request, wwid);

	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*handle = result.handle;
	return rc;
}

int cxlf_holder_vlun_resize(const char *name, unsigned timeout_ms, uint64_t handle, const struct cxlf_vlun_size *size,
			    struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_VLUN_RESIZE, .handle = handle};
	struct cxlf_wire_result result;

	set_size(&request, size);
	return send_request(name, &request, timeout_ms, &result, info, err);
}

int cxlf_holder_plun_create(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid, const char *hctl,
			    uint64_t *handle, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_PLUN_CREATE};
	struct cxlf_wire_result result = {0};

	set_lun(&request, wwid);
	snprintf(request.hctl, sizeof(request.hctl), "%s", hctl ? hctl : "");

	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*handle = result.handle;
	return rc;
}

int cxlf_holder_release(const char *name, unsigned timeout_ms, uint64_t handle, bool *ended,
			struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_RELEASE, .handle = handle};
	struct cxlf_wire_result result = {0};
	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*ended = result.ended;
	return rc;
}

int cxlf_holder_clone(const char *name, unsigned timeout_ms, const char *clone, struct cxlf_holder_info *info,
		      struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_CLONE};
	struct cxlf_wire_result result;

	snprintf(request.name, sizeof(request.name), "%s", clone ? clone : "");
	if (send_request(name, &request, timeout_ms, &result, NULL, err)) {
		*info = (struct cxlf_holder_info){0};
		return -1;
	}
	return cxlf_holder_info(result.name, timeout_ms, info, err);
}

int cxlf_holder_verify(const char *name, unsigned timeout_ms, uint64_t handle, const uint8_t *bytes, size_t len,
		       struct cxlf_verdict *verdict, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_VERIFY, .handle = handle};
	struct cxlf_wire_result result = {0};

	if (bytes) {
		request.flags |= CXLF_WIRE_HAS_SENSE;
		request.sense_len = (uint32_t)(len < CXLF_SENSE_MAX ? len : CXLF_SENSE_MAX);
		memcpy(request.sense, bytes, request.sense_len);
	}

	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*verdict = result.verdict;
	return rc;
}

int cxlf_holder_recover(const char *name, unsigned timeout_ms, bool *was_reset, struct cxlf_holder_info *info,
			struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_RECOVER};
	struct cxlf_wire_result result = {0};
	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*was_reset = result.was_reset;
	return rc;
}

int cxlf_holder_stop(const char *name, unsigned timeout_ms, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_STOP};
	struct cxlf_holder_info info;
	struct cxlf_wire_result result;
	int64_t until = cxlf_now_ms() + timeout_ms;

	if (send_request(name, &request, timeout_ms, &result, &info, err))
		return -1;

	/* it answers before it ends, and the kernel frees the context when the process has ended */
	pid_t pid = info.pid;

	cxlf_holder_info_free(&info);
	while (pid > 0 && !kill(pid, 0) && cxlf_now_ms() < until)
		nap(5);
	return pid > 0 && !kill(pid, 0) ? no_answer(name, -ETIMEDOUT, err) : 0;
}

const struct cxlf_context_handle *cxlf_holder_handle(const struct cxlf_holder_info *info, uint64_t number)
{
	for (unsigned i = 0; i < info->n_handles; i++)
		if (info->handle[i].number == number)
			return info->handle + i;
	return NULL;
}

/* ---- the list ---- */

const char *cxlf_holder_found_text(enum cxlf_holder_found found)
{
	static const char *const text[] = {
		[CXLF_HOLDER_ANSWERS] = "",
		[CXLF_HOLDER_DENIED] = "permission denied: only root may send requests to its holder",
		[CXLF_HOLDER_STALE] = "its holder has ended; the kernel has freed the context and its handles",
		[CXLF_HOLDER_SILENT] = "its holder did not answer in time",
	};

	return text[found];
}

struct listing {
	struct cxlf_holder_entry *entry;
	unsigned n;
};

static int each_name(void *arg, int dir, const char *file)
{
	struct listing *listing = arg;
	const char *end = strrchr(file, '.');
	char name[CXLF_HELD_NAME];

	(void)dir;
	if (!end || strcmp(end, ".sock") || end - file >= CXLF_HELD_NAME || listing->n == CXLF_HOLDERS)
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(end - file), file);
	if (cxlf_held_name_ok(name))
		memcpy(listing->entry[listing->n++].name, name, sizeof(name));
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strverscmp(((const struct cxlf_holder_entry *)a)->name, ((const struct cxlf_holder_entry *)b)->name);
}

static void query(const char *dir, unsigned timeout_ms, struct cxlf_holder_entry *entry)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_INFO};
	struct cxlf_wire_result result;
	int rc = send_request_in(dir, entry->name, &request, timeout_ms, &result, &entry->info, &entry->pid);

	entry->found = !rc					  ? CXLF_HOLDER_ANSWERS
		       : rc == -EACCES || rc == -EPERM		  ? CXLF_HOLDER_DENIED
		       : rc == -ECONNREFUSED || rc == -ECONNRESET ? clean_up(dir, entry->name)
								  : CXLF_HOLDER_SILENT;
}

int cxlf_holder_list(const char *dir, unsigned timeout_ms, struct cxlf_holder_entry **entry, unsigned *n,
		     struct cxlf_err *err)
{
	struct listing listing = {.entry = calloc(CXLF_HOLDERS, sizeof(*listing.entry))};

	*entry = NULL;
	*n = 0;
	if (!listing.entry)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -ENOMEM, "cannot list the contexts' holders");

	int rc = cxlf_sysfs_for_each(AT_FDCWD, dir, each_name, &listing);

	if (rc < 0 && rc != -ENOENT) {
		free(listing.entry);
		return cxlf_fail_sys(err, rc == -EACCES ? CXLF_E_PERMISSION : CXLF_E_FAILED, rc,
				     "cannot read the directory %s", dir);
	}
	qsort(listing.entry, listing.n, sizeof(*listing.entry), by_name);
	for (unsigned i = 0; timeout_ms && i < listing.n; i++)
		query(dir, timeout_ms, listing.entry + i);
	*entry = listing.entry;
	*n = listing.n;
	return 0;
}

void cxlf_holder_list_free(struct cxlf_holder_entry *entry, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		cxlf_holder_info_free(&entry[i].info);
	free(entry);
}
