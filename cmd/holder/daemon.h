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

#include "cli/cli.h"
#include "holder/wire.h"

#include <pthread.h>
#include <stdbool.h>

/* The command line, as options.c reads it. */
struct holder_options {
	struct cxlf_held name, parent; /* "": not given */
	struct cxlf_holder_options how;
	bool foreground;
	const char *ready_fd;	 /* as typed, or NULL */
	int ready;		 /* the same as a number, or -1 */
	struct cli_objects luns; /* "WWID" or "WWID@H:C:T:L" */
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

/* options.c: the program as its option table has it, and what the table cannot check. */
extern const struct cli_program holder_program;
void holder_take_options(struct holder_options *options);

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
