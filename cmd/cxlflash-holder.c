/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-holder: a process that holds one context for cxlflashctl; see cxlflash-holder(8).
 */
#include "fds.h"
#include "holder/daemon.h"
#include "holder/files.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <time.h>

/* ---- the name ---- */

static int name_taken(const char *name, int rc, struct cxlf_err *err)
{
	if (rc == -EWOULDBLOCK) {
		cxlf_fail(err, CXLF_E_NAME_TAKEN, "context %s already exists", name);
		return cxlf_fix(err, "choose another name; see those in use: cxlflashctl context list");
	}
	cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot take the name %s in %s", name, CXLF_RUN_DIR);
	return cxlf_fail_run(err, CXLF_RUN_DIR);
}

static int take_name(struct holder *holder, struct cxlf_err *err)
{
	const char *wanted = holder->options->how.name;
	int rc = -EWOULDBLOCK;

	for (unsigned i = 0; i < CXLF_HOLDERS && rc == -EWOULDBLOCK; i++) {
		if (wanted)
			snprintf(holder->name, sizeof(holder->name), "%s", wanted);
		else
			snprintf(holder->name, sizeof(holder->name), "ctx%u", i);
		rc = holder->lock_fd = cxlf_holder_lock(CXLF_RUN_DIR, holder->name);
		if (wanted)
			break;
	}
	return rc < 0 ? name_taken(holder->name, rc, err) : 0;
}

/* ---- start and end ---- */

static int prepare(struct holder *holder, struct cxlf_err *err)
{
	struct cxlf_holder_info *info = &holder->info;
	const struct cxlf_holder_options *options = &holder->options->how;

	holder->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	holder->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	info->lun = calloc(CXLF_CONTEXT_LUNS, sizeof(*info->lun));
	info->event = calloc(CXLF_HOLDER_EVENTS, sizeof(*info->event));
	if (holder->wake_fd < 0 || holder->done_fd < 0 || !info->lun || !info->event)
		return cxlf_fail_sys(err, CXLF_E_NO_MEMORY, -errno, "cannot start a holder");
	info->pid = getpid();
	info->started = time(NULL);
	info->implicit = options->implicit;
	info->read_only = options->read_only;
	info->recovers = !options->no_recover;
	info->interrupts = options->interrupts;
	info->check_ms = options->check_ms;
	snprintf(info->name, sizeof(info->name), "%s", holder->name);
	snprintf(info->parent, sizeof(info->parent), "%s", options->parent ? options->parent : "");
	return 0;
}

/* The socket is created last, so that every listening socket has a context. */
static int start(struct holder *holder, struct cxlf_err *err)
{
	if (take_name(holder, err) || prepare(holder, err) || holder_attach(holder, err))
		return -1;
	holder_publish(holder);
	int rc = holder_listen(holder);

	if (rc) {
		cxlf_fail_sys(err, CXLF_E_FAILED, rc, "cannot listen on %s/%s.sock", CXLF_RUN_DIR, holder->name);
		return cxlf_fail_run(err, CXLF_RUN_DIR);
	}
	holder_note(holder, LOG_INFO, "attached, context id 0x%016llx on %s", (unsigned long long)holder->info.context,
		    holder->info.adapter_name);
	if (pthread_create(&holder->worker, NULL, holder_work, holder))
		return cxlf_fail(err, CXLF_E_FAILED, "cannot create the worker thread");
	return 0;
}

static void answer_starter(struct holder *holder, const struct cxlf_err *err)
{
	struct cxlf_wire_result result = {.err = *err};
	int fd = holder->options->ready;
	size_t len, done = 0;

	if (fd < 0)
		return;

	scoped_free char *body = holder_answer(holder, CXLF_WIRE_INFO, &result, &len);

	while (body && done < len) {
		ssize_t n = write(fd, body + done, len - done);

		if (n < 0)
			break;
		done += (size_t)n;
	}
	close(fd);
	if (fd <= STDERR_FILENO)
		open("/dev/null", O_WRONLY); /* no other file may become the standard output */
}

/* The main thread reads signals from a signalfd; the kernel reaps children (clones). */
static void arrange_signals(void)
{
	sigset_t all;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&all);
	sigdelset(&all, SIGBUS); /* of a context's registers; the kernel would kill a thread that blocks it */
	pthread_sigmask(SIG_SETMASK, &all, NULL);
}

static int run(struct holder *holder, struct cxlf_err *err)
{
	int rc;

	holder_log_begin(holder->options->foreground);
	holder_avoid_oom();
	arrange_signals();
	rc = start(holder, err);
	answer_starter(holder, err);
	if (!rc) {
		holder_tell_manager("READY=1");
		rc = holder_serve(holder, err);
	} else {
		cxlf_context_close(holder->context);
		cxlf_holder_info_free(&holder->info);
	}
	if (holder->lock_fd >= 0)
		cxlf_holder_remove(CXLF_RUN_DIR, holder->name);
	return rc;
}

static int hold(struct holder_options *options, char **argv, struct cxlf_err *err)
{
	struct holder holder = {.options = options, .lock_fd = -1, .listen_fd = -1, .mutex = PTHREAD_MUTEX_INITIALIZER};

	holder_take_options(options);
	if (holder_start_service(options, argv) || !run(&holder, err))
		return 0;
	if (!holder_stderr_is_journal()) { /* main prints it to stderr */
		holder_log_begin(false);
		syslog(LOG_ERR, "%s%s%s%s%s", err->object, *err->object ? ": " : "", err->message,
		       *err->cause ? "; " : "", err->cause);
	}
	return -1;
}

static int run_parsed(const struct cli_parsed *parsed, char **argv, struct cxlf_err *err)
{
	if (parsed->common.help)
		cxlf_cli_help(stdout, &holder_program, parsed->command, 80);
	else if (parsed->common.version)
		printf("%s %s\n", holder_program.name, CXLF_VERSION);
	else
		return hold(parsed->args, argv, err);
	return fflush(stdout) ? cxlf_fail_sys(err, CXLF_E_OUTPUT, -errno, "cannot write the output") : 0;
}

int main(int argc, char **argv)
{
	struct cxlf_err err = {.code = CXLF_OK};
	struct cli_parsed parsed;

	cxlf_fds_open();
	if (cxlf_cli_complete(stdout, &holder_program, argc, argv))
		return CXLF_EXIT_OK;
	if (cxlf_cli_parse(&holder_program, argc, argv, &parsed, &err) || run_parsed(&parsed, argv, &err))
		cxlf_error_print(stderr, holder_program.name, &err, false);
	cxlf_cli_free(&parsed);
	return cxlf_err_exit(&err);
}
