/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cxlflash-holder: one process, one context. Commands start it and speak to it; see cxlflash-holder(8).
 */
#include "holder/files.h"
#include "holder/daemon.h"
#include "scope.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <time.h>

static const char usage[] = "usage: cxlflash-holder [OPTIONS] WWID[@H:C:T:L]...\n"
			    "\n"
			    "Attach the LUNs to one adapter context and keep it for the commands of cxlflashctl.\n"
			    "They start it themselves; by hand or from systemd it wants --foreground.\n"
			    "\n"
			    "  --name=NAME       the context's name (default: ctx0, ctx1, ... the first that is free)\n"
			    "  --interrupts=N    interrupts of the context, 1 to 4 (4)\n"
			    "  --check=TIME      how often to look whether the adapter was reset: 500ms, 5s (1s)\n"
			    "  --read-only       handles cannot write\n"
			    "  --no-recover      do not recover by itself after a reset\n"
			    "  --implicit        end with the last handle\n"
			    "  --foreground      log to stderr as well\n"
			    "  --parent=NAME     clone that context; only its own holder may start one so\n"
			    "  --ready-fd=N      say on this file descriptor how the start went\n"
			    "  --help, --version\n";

/* ---- options ---- */

static bool value_of(const char *word, const char *option, const char **value)
{
	size_t len = strlen(option);

	if (strncmp(word, option, len) || word[len] != '=')
		return false;
	*value = word + len + 1;
	return true;
}

/* A whole number with this end ("ms", "s", ""), at most `max`; 0 if it is none. */
static unsigned number(const char *text, const char *end, unsigned max)
{
	char *rest;
	unsigned long n = strtoul(text, &rest, 10);

	return *text < '0' || *text > '9' || n > max || strcmp(rest, end) ? 0 : (unsigned)n;
}

static bool take_value(struct holder_options *options, const char *word)
{
	const char *value;

	if (value_of(word, "--name", &value) && cxlf_held_name_ok(value))
		options->name = value;
	else if (value_of(word, "--parent", &value) && cxlf_held_name_ok(value))
		options->parent = value;
	else if (value_of(word, "--interrupts", &value) && number(value, "", CXLF_CONTEXT_INTERRUPTS))
		options->interrupts = number(value, "", CXLF_CONTEXT_INTERRUPTS);
	else if (value_of(word, "--check", &value) && number(value, "ms", 3600000))
		options->check_ms = number(value, "ms", 3600000);
	else if (value_of(word, "--check", &value) && number(value, "s", 3600))
		options->check_ms = 1000 * number(value, "s", 3600);
	else if (value_of(word, "--ready-fd", &value) && number(value, "", 1023) > 2)
		options->ready_fd = (int)number(value, "", 1023);
	else
		return false;
	return true;
}

static bool take_flag(struct holder_options *options, const char *word)
{
	const struct {
		const char *name;
		bool *flag;
	} known[] = {{"--read-only", &options->read_only},
		     {"--no-recover", &options->no_recover},
		     {"--implicit", &options->implicit},
		     {"--foreground", &options->foreground}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(word, known[i].name)) {
			*known[i].flag = true;
			return true;
		}
	return false;
}

static int parse(int argc, char **argv, struct holder_options *options, struct cxlf_err *err)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--"))
			break;
		if (take_flag(options, argv[i]) || take_value(options, argv[i]))
			continue;
		cxlf_fail(err, CXLF_E_UNKNOWN_OPTION, "no such option, or not such a value: %.100s", argv[i]);
		return cxlf_fix(err, "cxlflash-holder --help");
	}
	options->lun = (const char *const *)argv + i;
	options->n_luns = (unsigned)(argc - i);
	if (options->n_luns <= CXLF_CONTEXT_LUNS)
		return 0;
	return cxlf_fail(err, CXLF_E_USAGE, "a context takes %d LUNs at most", CXLF_CONTEXT_LUNS);
}

/* ---- a name ---- */

static int name_taken(const char *name, int rc, struct cxlf_err *err)
{
	if (rc == -EWOULDBLOCK) {
		cxlf_fail(err, CXLF_E_NAME_TAKEN, "a context %s exists already", name);
		return cxlf_fix(err, "choose another name, or stop it: cxlflashctl context stop %s", name);
	}
	cxlf_fail_sys(err, rc == -EACCES || rc == -EPERM ? CXLF_E_PERMISSION : CXLF_E_FAILED, rc,
		      "cannot take the name %s in %s", name, CXLF_RUN_DIR);
	return cxlf_fix(err, "run it as root");
}

static int take_name(struct holder *holder, struct cxlf_err *err)
{
	const char *wanted = holder->options->name;
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

/* ---- life ---- */

static int prepare(struct holder *holder, struct cxlf_err *err)
{
	struct cxlf_holder_info *info = &holder->info;
	const struct holder_options *options = holder->options;

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

/* The socket comes last: who finds it finds a context behind it. */
static int start(struct holder *holder, struct cxlf_err *err)
{
	if (take_name(holder, err) || prepare(holder, err) || holder_attach(holder, err))
		return -1;
	holder_publish(holder);
	holder->listen_fd = cxlf_holder_listen(CXLF_RUN_DIR, holder->name);
	if (holder->listen_fd < 0)
		return cxlf_fail_sys(err, CXLF_E_FAILED, holder->listen_fd, "cannot listen on %s/%s.sock", CXLF_RUN_DIR,
				     holder->name);
	holder_note(holder, LOG_INFO, "attached, context id 0x%016llx on %s", (unsigned long long)holder->info.context,
		    holder->info.adapter_name);
	if (pthread_create(&holder->worker, NULL, holder_work, holder))
		return cxlf_fail(err, CXLF_E_FAILED, "cannot start the thread that works");
	return 0;
}

static void tell_starter(struct holder *holder, const struct cxlf_err *err)
{
	struct cxlf_wire_result result = {.err = *err};
	int fd = holder->options->ready_fd;
	size_t len, done = 0;

	if (fd < 0)
		return;

	scoped_free char *body = holder_answer(holder, &result, &len);

	while (body && done < len) {
		ssize_t n = write(fd, body + done, len - done);

		if (n < 0)
			break;
		done += (size_t)n;
	}
	close(fd);
}

static int report(const struct cxlf_err *err)
{
	syslog(LOG_ERR, "%s%s%s%s%s", err->object, *err->object ? ": " : "", err->message, *err->cause ? "; " : "",
	       err->cause);
	fprintf(stderr, "cxlflash-holder: %s%s%s\n", err->object, *err->object ? ": " : "", err->message);
	if (*err->cause)
		fprintf(stderr, "  cause: %s\n", err->cause);
	if (*err->fix)
		fprintf(stderr, "  fix:   %s\n", err->fix);
	return cxlf_err_exit(err);
}

/* Signals come to the main thread, as a file; children (clones) are nobody's to wait for. */
static void arrange_signals(void)
{
	sigset_t all;

	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
}

static int run(struct holder *holder, struct cxlf_err *err)
{
	int rc;

	holder_log_begin(holder->options->foreground);
	arrange_signals();
	rc = start(holder, err);
	tell_starter(holder, err);
	if (!rc)
		rc = holder_serve(holder, err);
	else
		cxlf_context_close(holder->context);
	if (holder->lock_fd >= 0)
		cxlf_holder_remove(CXLF_RUN_DIR, holder->name);
	return rc;
}

int main(int argc, char **argv)
{
	struct holder_options options = {.interrupts = 4, .check_ms = 1000, .ready_fd = -1};
	struct holder holder = {
		.options = &options, .lock_fd = -1, .listen_fd = -1, .mutex = PTHREAD_MUTEX_INITIALIZER};
	struct cxlf_err err = {.code = CXLF_OK};

	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "--version")) {
			printf("%s", argv[i][2] == 'h' ? usage : "cxlflash-holder " CXLF_VERSION "\n");
			return fflush(stdout) ? CXLF_EXIT_OUTPUT : CXLF_EXIT_OK;
		}
	if (parse(argc, argv, &options, &err) || run(&holder, &err))
		return report(&err);
	return CXLF_EXIT_OK;
}
