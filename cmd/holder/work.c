/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worker: requests of clients, checks of the context, and recovery after a reset.
 */
#include "daemon.h"

#include "clock.h"
#include "holder/start.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define RETRY_FIRST_MS 1000
#define RETRY_LAST_MS 30000
#define IMPLICIT_GRACE_MS 30000 /* if the command that started an implicit holder ends before the first handle */
#define CLONE_MS 60000
#define REMOVAL_MS 2000 /* at most between two looks whether the adapter is being removed */
#define HURRY_MS 5000
#define HURRY_STEP_MS 50
#define PROBE_MS 5000 /* between two questions whether the driver still serves a context with sound registers */

static struct cxlf_context_view view_of(const struct holder *holder)
{
	struct cxlf_context_view view;

	cxlf_context_view(holder->context, &view);
	return view;
}

/* ---- requests ---- */

static struct cxlf_wwid wwid_of(const struct cxlf_wire_request *request)
{
	struct cxlf_wwid wwid;

	memcpy(wwid.byte, request->wwid, sizeof(wwid.byte));
	return wwid;
}

static int lun_of(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_err *err)
{
	struct cxlf_wwid wwid = wwid_of(request);

	return cxlf_context_find_lun(holder->context, request->flags & CXLF_WIRE_HAS_WWID ? &wwid : NULL, err);
}

static struct cxlf_vlun_size size_of(const struct cxlf_wire_request *request)
{
	return (struct cxlf_vlun_size){.bytes = request->bytes,
				       .allow_smaller = request->flags & CXLF_WIRE_ALLOW_SMALLER,
				       .driver_wipe = request->flags & CXLF_WIRE_DRIVER_WIPE};
}

static int vlun_create(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	const struct cxlf_context_handle *handle;
	struct cxlf_vlun_size size = size_of(request);
	int lun = lun_of(holder, request, &result->err);

	if (lun < 0 || cxlf_context_vlun_create(holder->context, (unsigned)lun, &size, &handle, &result->err))
		return -1;
	result->handle = handle->number;
	return 0;
}

static int vlun_resize(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	const struct cxlf_context_handle *handle;
	struct cxlf_vlun_size size = size_of(request);

	return cxlf_context_vlun_resize(holder->context, request->handle, &size, &handle, &result->err);
}

static int plun_create(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	const struct cxlf_context_handle *handle;
	int lun = lun_of(holder, request, &result->err);

	if (lun < 0 || cxlf_context_plun_create(holder->context, (unsigned)lun, request->hctl, &handle, &result->err))
		return -1;
	result->handle = handle->number;
	return 0;
}

static int release(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	if (cxlf_context_release(holder->context, request->handle, &result->err))
		return -1;
	result->ended = holder->options->how.implicit && !view_of(holder).n_handles;
	return 0;
}

static int attach_lun(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	struct cxlf_wwid wwid = wwid_of(request);
	unsigned before = view_of(holder).n_luns;

	if (holder_attach_lun(holder, &wwid, request->hctl, &result->err))
		return -1;
	result->changed = view_of(holder).n_luns > before;
	if (result->changed)
		holder_note(holder, LOG_INFO, "attached LUN %s", CXLF_WWID_STRING(&wwid));
	return 0;
}

static int detach_lun(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	struct cxlf_wwid wwid = wwid_of(request);

	if (cxlf_context_remove_lun(holder->context, &wwid, &result->err))
		return -1;
	result->changed = true;
	holder_note(holder, LOG_INFO, "detached LUN %s", CXLF_WWID_STRING(&wwid));
	return 0;
}

static int verify(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	bool has_sense = request->flags & CXLF_WIRE_HAS_SENSE;
	struct cxlf_sense sense;
	enum cxlf_sense_parse why =
		has_sense ? cxlf_sense_decode(request->sense, request->sense_len, &sense) : CXLF_SENSE_OK;

	if (why)
		return cxlf_fail(&result->err, CXLF_E_BAD_SENSE, "not valid sense data: %s", cxlf_sense_problem(why));
	return cxlf_context_verify(holder->context, request->handle, has_sense ? &sense : NULL, &result->verdict,
				   &result->err);
}

/*
 * The driver requires that a child of the owner makes the clone, in a context of its own, so the same program is
 * started. It inherits no fds: an adapter fd that outlives this process would make the driver leak.
 */
static int start_clone(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	struct cxlf_context_view view = view_of(holder);
	struct cxlf_holder_info child = {0};
	struct cxlf_holder_options clone = holder->options->how;

	if (view.n_luns != 1)
		return cxlf_fail(&result->err, CXLF_E_NOT_SUPPORTED,
				 "a context with %u LUNs cannot be cloned: the driver's reference count would be wrong",
				 view.n_luns);
	for (unsigned i = 0; i < view.n_handles; i++)
		if (!view.handle[i].is_virtual)
			return cxlf_fail(&result->err, CXLF_E_NOT_SUPPORTED,
					 "a context with physical handles cannot be cloned");
	clone.name = *request->name ? request->name : NULL;
	clone.parent = holder->name;

	int rc = cxlf_holder_spawn(&clone, view.lun, 1, true, CLONE_MS, &child, &result->err);

	if (!rc)
		holder_note(holder, LOG_INFO, "cloned as %s", child.name);
	snprintf(result->name, sizeof(result->name), "%s", child.name);
	cxlf_holder_info_free(&child);
	return rc;
}

static void note_recovery(struct holder *holder, uint64_t before)
{
	pthread_mutex_lock(&holder->mutex);
	holder->info.recoveries++;
	holder->info.last_recovery = time(NULL);
	pthread_mutex_unlock(&holder->mutex);
	holder_publish(holder);
	holder_note(holder, LOG_NOTICE, "recovered: context id 0x%016llx is now 0x%016llx", (unsigned long long)before,
		    (unsigned long long)view_of(holder).id);
}

static void note_failure(struct holder *holder, const struct cxlf_err *err)
{
	holder_publish(holder);
	holder_publish_reason(holder, CXLF_CONTEXT_FAILED, *err->cause ? err->cause : err->message);
	holder_note(holder, LOG_ERR, "failed permanently, context closed, handles lost: %s",
		    *err->cause ? err->cause : err->message);
}

static int recover(struct holder *holder, bool *was_reset, struct cxlf_err *err)
{
	uint64_t before = view_of(holder).id;
	int rc;

	if (view_of(holder).state == CXLF_CONTEXT_LOST)
		holder_publish_reason(holder, CXLF_CONTEXT_RECOVERING, "waiting for the adapter");
	rc = cxlf_context_recover(holder->context, was_reset, err);
	if (*was_reset) {
		holder->watch.fd_is_dead = false;
		note_recovery(holder, before);
	}
	switch (view_of(holder).state) {
	case CXLF_CONTEXT_READY: /* also after a refusal, if the registers are sound */
		holder_publish(holder);
		break;
	case CXLF_CONTEXT_FAILED:
		note_failure(holder, err);
		break;
	default:
		holder_publish_reason(holder, CXLF_CONTEXT_LOST, *err->cause ? err->cause : err->message);
	}
	return rc;
}

static int dispatch(struct holder *holder, const struct cxlf_wire_request *request, struct cxlf_wire_result *result)
{
	switch (request->op) {
	case CXLF_WIRE_VLUN_CREATE:
		return vlun_create(holder, request, result);
	case CXLF_WIRE_VLUN_RESIZE:
		return vlun_resize(holder, request, result);
	case CXLF_WIRE_PLUN_CREATE:
		return plun_create(holder, request, result);
	case CXLF_WIRE_RELEASE:
		return release(holder, request, result);
	case CXLF_WIRE_CLONE:
		return start_clone(holder, request, result);
	case CXLF_WIRE_VERIFY:
		return verify(holder, request, result);
	case CXLF_WIRE_RECOVER:
		return recover(holder, &result->was_reset, &result->err);
	case CXLF_WIRE_ATTACH:
		return attach_lun(holder, request, result);
	case CXLF_WIRE_DETACH:
		return detach_lun(holder, request, result);
	case CXLF_WIRE_STOP: /* of the main thread: a clone whose client has left */
		return cxlf_holder_stop(request->name, CLONE_MS, &result->err);
	}
	return cxlf_fail(&result->err, CXLF_E_HOLDER_PROTOCOL, "the holder does not support this request");
}

static void notify(int fd)
{
	uint64_t one = 1;

	while (write(fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void do_job(struct holder *holder)
{
	struct cxlf_wire_request request;
	struct cxlf_wire_result result = {.err.code = CXLF_OK};
	bool waiting;

	pthread_mutex_lock(&holder->mutex);
	waiting = holder->job_state == JOB_WAITING;
	request = holder->job;
	if (waiting) {
		holder->job_state = JOB_RUNNING;
		snprintf(holder->info.busy, sizeof(holder->info.busy), "%s", cxlf_wire_op_name(request.op));
	}
	pthread_mutex_unlock(&holder->mutex);
	if (!waiting)
		return;

	if (!dispatch(holder, &request, &result))
		result.err = (struct cxlf_err){.code = CXLF_OK};
	else if (!result.err.code)
		cxlf_fail(&result.err, CXLF_E_BUG, "a request failed without a reason");
	if (view_of(holder).state != CXLF_CONTEXT_FAILED)
		holder_publish(holder);
	holder->watch.next_probe = cxlf_now_ms() + PROBE_MS;
	holder->watch.hurry_until = cxlf_context_claim(holder->context) ? 0 : cxlf_now_ms() + HURRY_MS;
	pthread_mutex_lock(&holder->mutex);
	*holder->info.busy = '\0';
	holder->result = result;
	holder->job_state = JOB_DONE;
	pthread_mutex_unlock(&holder->mutex);
	notify(holder->done_fd);
}

/* ---- checks of the context ---- */

static void read_events(struct holder *holder)
{
	char text[100];
	int rc;

	while ((rc = cxlf_context_event(holder->context, text, sizeof(text))) > 0)
		holder_note(holder, LOG_WARNING, "%s", text);
	holder->watch.fd_is_dead = rc < 0;
}

static void note_loss(struct holder *holder)
{
	holder_publish(holder);
	holder_publish_reason(holder, CXLF_CONTEXT_LOST,
			      holder->options->how.no_recover ? "the adapter was reset; automatic recovery is off"
							      : "the adapter was reset or frozen");
	holder_note(holder, LOG_WARNING, "lost: the adapter was reset or frozen");
	holder->watch.retry_ms = RETRY_FIRST_MS;
	holder->watch.next_try = cxlf_now_ms();
}

static void try_recover(struct holder *holder)
{
	struct cxlf_err err = {.code = CXLF_OK};
	struct watch *watch = &holder->watch;
	bool was_reset;

	recover(holder, &was_reset, &err);
	if (view_of(holder).state != CXLF_CONTEXT_LOST)
		return;
	holder_note(holder, LOG_WARNING, "not recovered yet, next attempt in %u s: %s", watch->retry_ms / 1000,
		    err.message);
	watch->next_try = cxlf_now_ms() + watch->retry_ms;
	watch->retry_ms = 2 * watch->retry_ms < RETRY_LAST_MS ? 2 * watch->retry_ms : RETRY_LAST_MS;
}

/*
 * The registers do not show that the driver has given up an adapter that was not frozen before. A recovery does: it
 * has no effect on a sound context.
 */
static void probe(struct holder *holder)
{
	struct cxlf_err err = {.code = CXLF_OK};
	bool was_reset;

	if (cxlf_now_ms() < holder->watch.next_probe)
		return;
	holder->watch.next_probe = cxlf_now_ms() + PROBE_MS;
	if (!view_of(holder).n_handles || !cxlf_context_is_served(holder->context))
		recover(holder, &was_reset, &err);
}

static void watch_context(struct holder *holder)
{
	struct watch *watch = &holder->watch;
	struct cxlf_err err;

	if (view_of(holder).state == CXLF_CONTEXT_FAILED)
		return;
	if (cxlf_context_is_removed(holder->context)) {
		cxlf_context_fail(holder->context, true, &err);
		note_failure(holder, &err);
		return;
	}
	if (!watch->fd_is_dead)
		read_events(holder);
	if (cxlf_context_alive(holder->context)) {
		if (watch->retry_ms)
			holder_publish(holder);
		watch->retry_ms = 0;
		if (cxlf_context_claim(holder->context))
			watch->hurry_until = 0;
		probe(holder);
		return;
	}
	if (!watch->retry_ms)
		note_loss(holder);
	if (!holder->options->how.no_recover && cxlf_now_ms() >= watch->next_try)
		try_recover(holder);
}

/* Milliseconds until the next check or retry; -1: wait for a request only. Never 0. */
static int poll_timeout(const struct holder *holder)
{
	int64_t left = holder->watch.next_try - cxlf_now_ms();

	switch (view_of(holder).state) {
	case CXLF_CONTEXT_READY:
		left = cxlf_now_ms() < holder->watch.hurry_until ? HURRY_STEP_MS : holder->options->how.check_ms;
		break;
	case CXLF_CONTEXT_FAILED:
		return -1;
	default:
		left = holder->options->how.no_recover ? REMOVAL_MS : left > 10 ? left : 10;
	}
	return left < REMOVAL_MS ? (int)left : REMOVAL_MS;
}

static void wait_for_work(struct holder *holder)
{
	int adapter_fd = holder->watch.fd_is_dead ? -1 : view_of(holder).adapter_fd;
	struct pollfd at[2] = {{.fd = holder->wake_fd, .events = POLLIN}, {.fd = adapter_fd, .events = POLLIN}};
	uint64_t ignored;

	poll(at, 2, poll_timeout(holder));
	if (at[0].revents && read(holder->wake_fd, &ignored, sizeof(ignored)) < 0 && errno != EAGAIN)
		syslog(LOG_ERR, "context %s: cannot read the wake-up event", holder->name);
}

/* The holder of a failed context continues to run, so that the reason can be seen. */
static bool is_finished(struct holder *holder)
{
	struct cxlf_context_view view = view_of(holder);
	struct watch *watch = &holder->watch;

	watch->had_handles |= view.n_handles > 0;
	return holder->options->how.implicit && !view.n_handles && view.state != CXLF_CONTEXT_FAILED &&
	       (watch->had_handles || cxlf_now_ms() - watch->born > IMPLICIT_GRACE_MS);
}

static bool must_stop(struct holder *holder, bool over)
{
	bool stop;

	pthread_mutex_lock(&holder->mutex);
	holder->over = over;
	stop = holder->stop || over;
	pthread_mutex_unlock(&holder->mutex);
	return stop;
}

void *holder_work(void *arg)
{
	struct holder *holder = arg;

	holder->watch.born = cxlf_now_ms();
	while (!must_stop(holder, is_finished(holder))) {
		wait_for_work(holder);
		do_job(holder);
		watch_context(holder);
	}
	cxlf_context_close(holder->context);
	holder->context = NULL;
	notify(holder->done_fd);
	return NULL;
}
