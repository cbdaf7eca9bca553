/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A holder: two threads and one context.
 *
 * The worker owns the context: it sends every request to the driver, checks the MMIO page and the adapter fd, and
 * recovers. Each of these may wait for the adapter for many seconds. The main thread owns the socket and never waits
 * for the adapter, so that a holder can always report its state. They share one job and `info`, the state as last
 * published; the mutex protects both.
 */
#ifndef HOLDER_DAEMON_H
#define HOLDER_DAEMON_H

#include "cli/cli.h"
#include "holder/wire.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/stat.h>

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

/* The worker's. */
struct watch {
	int64_t next_try, next_probe, born;
	unsigned retry_ms; /* 0: the context is not known to be lost */
	bool fd_is_dead;   /* closed by the backend: poll would always return at once */
	bool had_handles;
	int64_t hurry_until; /* to claim disks, which the command that creates the first handle has until it ends */
};

struct holder {
	const struct holder_options *options;
	char name[CXLF_HELD_NAME];
	int lock_fd, listen_fd;
	struct stat socket; /* the socket's file */
	int files_rc;	    /* of the last attempt to put the files back */
	int wake_fd;	    /* eventfd: a job, or stop */
	int done_fd;	    /* eventfd: the job is done, or the worker is about to end */
	pthread_t worker;

	pthread_mutex_t mutex;
	struct cxlf_holder_info info;
	enum job_state job_state;
	struct cxlf_wire_request job;
	struct cxlf_wire_result result;
	bool stop; /* the worker must end */
	bool over; /* the holder must end: it is implicit and has no handles */

	/* used by the worker only, after the start */
	struct cxlf_context *context;
	struct watch watch;
};

/* options.c */
extern const struct cli_program holder_program;
void holder_take_options(struct holder_options *options);

/* service.c: have systemd run this command line as a service, if it is there. True: it does, and this process ends. */
bool holder_start_service(const struct holder_options *options, char **argv);

/* note.c: write to syslog (and stderr in the foreground), and keep as an event for `context info`. */
void holder_note(struct holder *holder, int priority, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void holder_log_begin(bool foreground);

/* publish.c: update `info`. */
void holder_publish(struct holder *holder);
void holder_publish_reason(struct holder *holder, enum cxlf_context_state state, const char *reason);
/* The answer with the current state; free() it. */
void *holder_answer(struct holder *holder, unsigned op, const struct cxlf_wire_result *result, size_t *len);

/* place.c: create the socket, in place of the old one if there is one; 0 or -errno. */
int holder_listen(struct holder *holder);
/* Put files back that were deleted, and log it; true: there is a new socket. */
bool holder_put_back_files(struct holder *holder);
/* sd_notify(3) */
void holder_tell_manager(const char *state);
/* Whether the journal has what is written to stderr. */
bool holder_stderr_is_journal(void);
void holder_avoid_oom(void);

/* attach.c: attach or clone the context. */
int holder_attach(struct holder *holder, struct cxlf_err *err);
/* One more LUN, through the path `hctl`. */
int holder_attach_lun(struct holder *holder, const struct cxlf_wwid *wwid, const char *hctl, struct cxlf_err *err);

/* work.c: the worker thread. */
void *holder_work(void *holder);

/* serve.c: the main thread, until the holder ends. */
int holder_serve(struct holder *holder, struct cxlf_err *err);

#endif
