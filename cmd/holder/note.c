/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events: written to the system log, and kept for `context info`.
 */
#include "daemon.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

void holder_log_begin(bool foreground)
{
	openlog("cxlflash-holder", LOG_PID | LOG_NDELAY | (foreground && !holder_stderr_is_journal() ? LOG_PERROR : 0),
		LOG_DAEMON);
}

void holder_note(struct holder *holder, int priority, const char *fmt, ...)
{
	struct cxlf_holder_info *info = &holder->info;
	struct cxlf_holder_event event = {.time = time(NULL)};
	va_list args;

	va_start(args, fmt);
	vsnprintf(event.text, sizeof(event.text), fmt, args);
	va_end(args);
	syslog(priority, "context %s: %s", holder->name, event.text);

	pthread_mutex_lock(&holder->mutex);
	if (info->n_events == CXLF_HOLDER_EVENTS)
		memmove(info->event, info->event + 1, --info->n_events * sizeof(*info->event));
	info->event[info->n_events++] = event;
	pthread_mutex_unlock(&holder->mutex);
}
