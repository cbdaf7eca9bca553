/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clients of holders: find a holder by name, send one request, wait for its answer with a time limit.
 */
#include "clock.h"
#include "discover/processes.h"
#include "files.h"
#include "scope.h"
#include "sysfs.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

#define AT_ONCE 64 /* holders that are asked at the same time */
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

/* ---- errors ---- */

/* Whether the holder undoes the request if its client has left (cmd/holder/serve.c). */
static bool creates(unsigned op)
{
	return op == CXLF_WIRE_VLUN_CREATE || op == CXLF_WIRE_PLUN_CREATE || op == CXLF_WIRE_CLONE ||
	       op == CXLF_WIRE_ATTACH;
}

static int timed_out(const char *name, unsigned op, pid_t pid, struct cxlf_err *err)
{
	char state = pid > 0 ? cxlf_process_state(pid) : '\0', left[160] = "";

	if (creates(op))
		snprintf(left, sizeof(left), "; if it does the %s later, it undoes it", cxlf_wire_op_name(op));
	else if (op != CXLF_WIRE_INFO)
		snprintf(left, sizeof(left), "; the %s may still be under way", cxlf_wire_op_name(op));
	cxlf_fail(err, CXLF_E_TIMEOUT, "the holder of context %s does not answer in time", name);
	if (state == 'T' || state == 't') {
		cxlf_cause(err, "its process %d is stopped (state %c)%s", (int)pid, state, left);
		return cxlf_fix(err, "kill -CONT %d", (int)pid);
	}
	if (op != CXLF_WIRE_INFO) {
		cxlf_cause(err, "it waits for the adapter, or is busy with other requests%s", left);
		return cxlf_fix(err, "see its current request: cxlflashctl context info %s; or wait longer: --timeout",
				name);
	}
	if (!state)
		return cxlf_cause(err, "its process is not visible from here");
	/* it answers this question itself while it waits for the adapter */
	cxlf_cause(err, "its process %d does not react (state %c)", (int)pid, state);
	return cxlf_fix(err, "wait longer: --timeout; or end it, and with it its virtual LUNs: kill %d", (int)pid);
}

int cxlf_holder_other_release(const char *name, const char *release, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_HOLDER_PROTOCOL, "context %s is held by cxlflash-holder %s, and this is release %s", name,
		  release, CXLF_VERSION);
	cxlf_cause(err, "the package was replaced while the context was running: until it is restarted, only context "
			"list, context info and context stop work");
	return cxlf_fix(err, "restart it with this release, its virtual LUNs will be lost: cxlflashctl context stop %s",
			name);
}

static int no_answer(const char *name, unsigned op, pid_t pid, int rc, struct cxlf_err *err)
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
		return timed_out(name, op, pid, err);
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

int cxlf_holder_found_error(const struct cxlf_holder_entry *entry, struct cxlf_err *err)
{
	switch (entry->found) {
	case CXLF_HOLDER_STALE:
		return gone(entry->name, err);
	case CXLF_HOLDER_OTHER:
		return cxlf_holder_other_release(entry->name, entry->release, err);
	case CXLF_HOLDER_DENIED:
		return no_answer(entry->name, CXLF_WIRE_INFO, 0, -EACCES, err);
	default:
		return no_answer(entry->name, CXLF_WIRE_INFO, entry->pid, -ETIMEDOUT, err);
	}
}

/* ---- one request ---- */

struct answer {
	struct cxlf_wire_fixed fixed;
	bool same_release; /* the rest is valid */
	struct cxlf_wire_result result;
	struct cxlf_holder_info info; /* the caller's */
};

static int send_to(int fd, struct cxlf_wire_request *request)
{
	request->magic = CXLF_WIRE_MAGIC;
	request->version = CXLF_WIRE_VERSION;
	if (send(fd, request, sizeof(*request), MSG_NOSIGNAL) >= 0)
		return 0;
	return errno == EPIPE ? -ECONNRESET : -errno;
}

static int decode(const char *packet, size_t len, unsigned op, struct answer *answer)
{
	memcpy(&answer->fixed, packet, len < sizeof(answer->fixed) ? len : sizeof(answer->fixed));
	if (!cxlf_wire_fixed_ok(&answer->fixed, len, op))
		return -EPROTO;
	answer->same_release = answer->fixed.head.version == CXLF_WIRE_VERSION;
	if (answer->same_release)
		return cxlf_wire_decode(packet, len, &answer->result, &answer->info);
	cxlf_wire_unpack_fixed(&answer->fixed, &answer->info);
	return 0;
}

/*
 * A client that gives up closes its direction first: an answer has then either arrived already, or the holder learns
 * that it cannot be delivered, and undoes what it created.
 */
static int receive(int fd, unsigned op, int64_t until, struct answer *answer)
{
	int rc = wait_readable(fd, until);

	if (rc == -ETIMEDOUT)
		shutdown(fd, SHUT_RDWR);
	else if (rc)
		return rc;

	ssize_t len = recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);

	if (len <= 0)
		return rc ? rc : len ? -errno : -ECONNRESET;
	if (len > CXLF_WIRE_ANSWER_MAX)
		return -EPROTO;

	scoped_free char *packet = malloc((size_t)len);

	if (!packet)
		return -ENOMEM;
	return recv(fd, packet, (size_t)len, MSG_DONTWAIT) == len ? decode(packet, (size_t)len, op, answer) : -EPROTO;
}

/* *pid: of the holder, if it was reached */
static int exchange(const char *dir, const char *name, struct cxlf_wire_request *request, int64_t until, pid_t *pid,
		    struct answer *answer)
{
	scoped_fd int fd = connect_to(dir, name, until, pid);
	int rc = fd < 0 ? fd : send_to(fd, request);

	return rc ? rc : receive(fd, request->op, until, answer);
}

static int check_name(const char *name, struct cxlf_err *err)
{
	if (cxlf_held_name_ok(name))
		return 0;
	cxlf_fail(err, CXLF_E_CONTEXT_NOT_FOUND, "there is no context %.40s", name);
	cxlf_cause(err, "a name has at most %d lower-case letters, digits, underscores, dots and dashes",
		   CXLF_HELD_NAME - 1);
	return cxlf_fix(err, LIST_FIX);
}

static int not_answered(const char *name, unsigned op, pid_t pid, int rc, struct cxlf_err *err)
{
	if (rc != -ECONNREFUSED)
		return no_answer(name, op, pid, rc, err);
	return clean_up(CXLF_RUN_DIR, name) == CXLF_HOLDER_STALE ? gone(name, err)
								 : no_answer(name, op, pid, -ETIMEDOUT, err);
}

/* `info` may be NULL. */
static int send_request(const char *name, struct cxlf_wire_request *request, unsigned timeout_ms,
			struct cxlf_wire_result *result, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct answer answer = {0};
	pid_t pid = 0;

	if (info)
		*info = (struct cxlf_holder_info){0};
	if (check_name(name, err))
		return -1;

	int rc = exchange(CXLF_RUN_DIR, name, request, cxlf_now_ms() + timeout_ms, &pid, &answer);

	if (rc)
		return not_answered(name, request->op, pid, rc, err);
	if (!answer.same_release)
		return cxlf_holder_other_release(name, answer.fixed.release, err);
	*result = answer.result;
	if (info)
		*info = answer.info;
	else
		cxlf_holder_info_free(&answer.info);
	*err = result->err;
	return err->code ? -1 : 0;
}

static void enter(const struct answer *answer, struct cxlf_holder_entry *entry)
{
	const struct cxlf_wire_fixed *fixed = &answer->fixed;

	entry->found = answer->same_release ? CXLF_HOLDER_ANSWERS : CXLF_HOLDER_OTHER;
	entry->info = answer->info;
	memcpy(entry->release, fixed->release, sizeof(entry->release));
	memcpy(entry->state, fixed->state, sizeof(entry->state));
	entry->n_luns = fixed->n_luns;
	entry->n_handles = fixed->n_handles;
	entry->n_virtual = fixed->n_virtual;
}

int cxlf_holder_look(const char *name, unsigned timeout_ms, struct cxlf_holder_entry *entry, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_INFO};
	struct answer answer = {0};

	*entry = (struct cxlf_holder_entry){0};
	if (check_name(name, err))
		return -1;

	int rc = exchange(CXLF_RUN_DIR, name, &request, cxlf_now_ms() + timeout_ms, &entry->pid, &answer);

	if (rc)
		return not_answered(name, request.op, entry->pid, rc, err);
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	enter(&answer, entry);
	return 0;
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

int cxlf_holder_attach(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid, const char *hctl,
		       bool *changed, struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_ATTACH};
	struct cxlf_wire_result result = {0};

	set_lun(&request, wwid);
	snprintf(request.hctl, sizeof(request.hctl), "%s", hctl);

	int rc = send_request(name, &request, timeout_ms, &result, info, err);

	*changed = result.changed;
	return rc;
}

int cxlf_holder_detach(const char *name, unsigned timeout_ms, const struct cxlf_wwid *wwid,
		       struct cxlf_holder_info *info, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_DETACH};
	struct cxlf_wire_result result;

	set_lun(&request, wwid);
	return send_request(name, &request, timeout_ms, &result, info, err);
}

/* A process that ended is a zombie until its parent has reaped it; kill(2) finds it still. */
static bool has_ended(pid_t pid)
{
	char state = cxlf_process_state(pid);

	return !state || state == 'X' || (state == 'Z' && cxlf_process_threads(pid) <= 1);
}

/* -ETIMEDOUT or 0. `pidfd` is -1 before Linux 5.3. */
static int wait_for_end(pid_t pid, int pidfd, int64_t until)
{
	if (pidfd >= 0)
		return wait_readable(pidfd, until);
	while (pid > 0 && !has_ended(pid)) {
		if (cxlf_now_ms() >= until)
			return -ETIMEDOUT;
		nap(5);
	}
	return 0;
}

static int open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
#else
	(void)pid;
	return -1;
#endif
}

/* The holder answers before it ends, and the kernel frees the context when the process has ended. */
int cxlf_holder_stop(const char *name, unsigned timeout_ms, struct cxlf_err *err)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_STOP};
	struct answer answer = {0};
	int64_t until = cxlf_now_ms() + timeout_ms;
	pid_t pid = 0;

	if (check_name(name, err))
		return -1;

	scoped_fd int fd = connect_to(CXLF_RUN_DIR, name, until, &pid);
	scoped_fd int pidfd = fd < 0 ? -1 : open_pidfd(pid);
	int rc = fd < 0 ? fd : send_to(fd, &request);

	if (!rc)
		rc = receive(fd, request.op, until, &answer);
	cxlf_holder_info_free(&answer.info);
	if (!rc)
		rc = wait_for_end(pid, pidfd, until);
	return rc ? not_answered(name, request.op, pid, rc, err) : 0;
}

const struct cxlf_context_handle *cxlf_holder_handle(const struct cxlf_holder_info *info, uint64_t number)
{
	for (unsigned i = 0; i < info->n_handles; i++)
		if (info->handle[i].number == number)
			return info->handle + i;
	return NULL;
}

/* ---- the list ---- */

const char *cxlf_holder_found_name(enum cxlf_holder_found found)
{
	static const char *const name[] = {
		[CXLF_HOLDER_ANSWERS] = "yes",	 [CXLF_HOLDER_DENIED] = "denied",	[CXLF_HOLDER_STALE] = "stale",
		[CXLF_HOLDER_SILENT] = "silent", [CXLF_HOLDER_OTHER] = "other-release",
	};

	return name[found];
}

const char *cxlf_holder_found_text(enum cxlf_holder_found found)
{
	static const char *const text[] = {
		[CXLF_HOLDER_ANSWERS] = "",
		[CXLF_HOLDER_DENIED] = "permission denied: only root may send requests to its holder",
		[CXLF_HOLDER_STALE] = "its holder has ended; the kernel has freed the context and its handles",
		[CXLF_HOLDER_SILENT] = "its holder did not answer in time",
		[CXLF_HOLDER_OTHER] = "its holder is of another release: it can only be listed and stopped",
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

/* An fd on which the answer will arrive, or -errno; -ETIMEDOUT: its queue of clients is full. */
static int ask(const char *dir, struct cxlf_holder_entry *entry)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_INFO};
	scoped_fd int fd = connect_to(dir, entry->name, 0, &entry->pid);
	int rc = fd < 0 ? fd : send_to(fd, &request);

	return rc ? rc : cxlf_take_fd(&fd);
}

static void hear(const char *dir, int asked, int64_t until, struct cxlf_holder_entry *entry)
{
	struct cxlf_wire_request request = {.op = CXLF_WIRE_INFO};
	struct answer answer = {0};
	scoped_fd int fd = asked;
	int rc = fd == -ETIMEDOUT ? exchange(dir, entry->name, &request, until, &entry->pid, &answer)
		 : fd < 0	  ? fd
				  : receive(fd, request.op, until, &answer);

	if (!rc)
		enter(&answer, entry);
	else
		entry->found = rc == -EACCES || rc == -EPERM		  ? CXLF_HOLDER_DENIED
			       : rc == -ECONNREFUSED || rc == -ECONNRESET ? clean_up(dir, entry->name)
									  : CXLF_HOLDER_SILENT;
}

/* They answer at the same time, so that one that is silent does not delay the others. */
static void query(const char *dir, unsigned timeout_ms, struct cxlf_holder_entry *entry, unsigned n)
{
	int64_t until = cxlf_now_ms() + timeout_ms;
	int fd[AT_ONCE];

	for (unsigned i = 0; i < n; i++)
		fd[i] = ask(dir, entry + i);
	for (unsigned i = 0; i < n; i++)
		hear(dir, fd[i], until, entry + i);
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
	for (unsigned i = 0; timeout_ms && i < listing.n; i += AT_ONCE)
		query(dir, timeout_ms, listing.entry + i, listing.n - i < AT_ONCE ? listing.n - i : AT_ONCE);
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
