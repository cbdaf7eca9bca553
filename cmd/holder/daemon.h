/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder: two threads around one context.
 *
 * The worker owns the context: it makes every request to the driver, one at a time, looks at the MMIO page and the
 * adapter fd, and recovers. Any of these may wait for the adapter for many seconds. The main thread owns the socket
 * and never waits for the adapter, so that a holder can always say how it is. Between the two stand one job, and
 * `info`, the state as last published; both under the mutex.
 */
#ifndef HOLDER_DAEMON_H
#define HOLDER_DAEMON_H

#include "holder/wire.h"

#include <pthread.h>
#include <stdbool.h>

struct holder_options {
	const char *name, *parent; /* NULL: made up; none */
	unsigned interrupts, check_ms;
	bool read_only, no_recover, implicit, foreground;
	int ready_fd;		/* -1: none */
	const char *const *lun; /* "WWID" or "WWID@H:C:T:L" */
	unsigned n_luns;
};

enum job_state { JOB_NONE, JOB_WAITING, JOB_RUNNING, JOB_DONE };

struct holder {
	const struct holder_options *options;
	char name[CXLF_HELD_NAME];
	int lock_fd, listen_fd;
	int wake_fd; /* eventfd: a job, or stop */
	int done_fd; /* eventfd: the job is done, or the worker wants to end */
	pthread_t worker;

	pthread_mutex_t mutex;
	struct cxlf_holder_info info;
	enum job_state job_state;
	struct cxlf_wire_request job;
	struct cxlf_wire_result result;
	bool stop; /* asked to end */
	bool over; /* the worker has nothing left to do: an implicit holder without handles */

	struct cxlf_context *context; /* the worker's, after the start */
};

/* note.c: to the log (syslog, or stderr in the foreground), and kept as an event for `context info`. */
void holder_note(struct holder *holder, int priority, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void holder_log_begin(bool foreground);

/* publish.c: info follows the context. */
void holder_publish(struct holder *holder);
void holder_publish_reason(struct holder *holder, enum cxlf_context_state state, const char *reason);
/* The answer's body with the state of now; free() it. */
void *holder_answer(struct holder *holder, const struct cxlf_wire_result *result, size_t *len);

/* attach.c: the context as the options want it. */
int holder_attach(struct holder *holder, struct cxlf_err *err);

/* work.c: the worker thread's whole life. */
void *holder_work(void *holder);

/* serve.c: the main thread's, until it is to end. */
int holder_serve(struct holder *holder, struct cxlf_err *err);

#endif
