/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding entries to a search.
 */
#include "array.h"
#include "search_inside.h"
#include "sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An exclusive claim on a device is a claim on every device below it, down to a disk or partition. */
static void explain(struct cxlf_search *search, unsigned device)
{
	if (search->device[device].explained)
		return;
	search->device[device].explained = true;
	if (search->device[device].layer != CXLF_LAYER_STACKED)
		return;
	for (size_t i = 0; i < search->n_edges; i++)
		if (search->edge[i].upper == device)
			explain(search, search->edge[i].lower);
}

static bool is_claim(enum cxlf_check check)
{
	return check == CXLF_CHECK_MOUNT || check == CXLF_CHECK_SWAP || check == CXLF_CHECK_HOLDER;
}

void *cxlf_search_grow(struct cxlf_search *search, void *array, size_t *n, size_t *room, size_t size)
{
	void *grown;

	memcpy(&grown, array, sizeof(grown));
	grown = cxlf_array_grow(grown, room, *n, size);
	search->no_memory |= !grown;
	if (!grown)
		return NULL;
	memcpy(array, &grown, sizeof(grown));
	return (char *)grown + (*n)++ * size;
}

struct cxlf_use *cxlf_search_add(struct cxlf_search *search, enum cxlf_check check, enum cxlf_answer answer,
				 unsigned device)
{
	struct cxlf_uses *uses = search->uses;
	struct cxlf_use *use = NULL;

	if (search->query->checks & 1u << check)
		use = cxlf_search_grow(search, &uses->use, &uses->n, &uses->room, sizeof(*use));
	if (!use) {
		free(search->spare.fix);
		search->spare.fix = NULL;
		return &search->spare;
	}
	*use = (struct cxlf_use){.check = check, .answer = answer, .path = UINT_MAX};
	if (device == CXLF_NO_DEVICE)
		return use;
	use->path = search->device[device].path;
	memcpy(use->device, search->device[device].name, sizeof(use->device));
	if (answer == CXLF_ANSWER_USED && is_claim(check))
		explain(search, device);
	return use;
}

struct cxlf_use *cxlf_search_add_path(struct cxlf_search *search, enum cxlf_check check, enum cxlf_answer answer,
				      unsigned path)
{
	struct cxlf_use *use = cxlf_search_add(search, check, answer, CXLF_NO_DEVICE);

	use->path = path;
	return use;
}

static void set(struct cxlf_search *search, char **to, const char *fmt, va_list args)
{
	free(*to);
	if (vasprintf(to, fmt, args) < 0) {
		*to = NULL;
		search->no_memory = true;
	}
}

void cxlf_search_cause(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set(search, &use->cause, fmt, args);
	va_end(args);
}

void cxlf_search_fix(struct cxlf_search *search, struct cxlf_use *use, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set(search, &use->fix, fmt, args);
	va_end(args);
}

void cxlf_use_refix(struct cxlf_use *use, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return;
	free(use->fix);
	use->fix = copy;
}

struct cxlf_use *cxlf_search_blind(struct cxlf_search *search, enum cxlf_check check, int rc, const char *fmt, ...)
{
	struct cxlf_use *use = cxlf_search_add(search, check, CXLF_ANSWER_NOT_ASKED, CXLF_NO_DEVICE);
	va_list args;

	use->sys = rc < 0 ? -rc : rc;
	va_start(args, fmt);
	set(search, &use->cause, fmt, args);
	va_end(args);
	return use;
}

/*
 * Compare with the inode of the first PID namespace (PROC_PID_INIT_INO). A /proc without this process belongs to a PID
 * namespace that it is not in.
 */
static bool is_first_namespace(const struct cxlf_search *search)
{
	char text[40];
	ssize_t len = readlinkat(search->proc, "self/ns/pid", text, sizeof(text) - 1);

	if (len < 0) /* a kernel without PID namespaces, or a saved tree */
		return errno == ENOENT && (*search->query->root || !faccessat(search->proc, "self/stat", F_OK, 0));
	text[len] = '\0';
	return !strcmp(text, "pid:[4026531836]");
}

void cxlf_search_hidden(struct cxlf_search *search, enum cxlf_check check, int gap, const char *what)
{
	if (!is_first_namespace(search))
		cxlf_search_blind(search, check, -ESRCH, "%s are not visible inside a PID namespace", what);
	else if (gap == -EACCES || gap == -EPERM || (!gap && faccessat(search->proc, "1", F_OK, 0)))
		cxlf_search_blind(search, check, -EACCES,
				  "not all %s are visible: permission denied for some processes", what);
	else if (gap)
		cxlf_search_blind(search, check, gap, "not all %s could be searched for", what);
}

bool cxlf_is_ours(const struct cxlf_search *search, pid_t pid)
{
	for (unsigned i = 0; i < search->query->n_ours; i++)
		if (search->query->ours[i] == pid)
			return true;
	return false;
}

const char *cxlf_device_text(const struct cxlf_search *search, unsigned device, char *text, size_t size)
{
	const struct cxlf_device *at = search->device + device;

	if (at->layer <= CXLF_LAYER_PARTITION)
		snprintf(text, size, "/dev/%s", at->title);
	else
		snprintf(text, size, "/dev/%s (on /dev/%s)", at->title, search->device[at->base].title);
	return text;
}

void cxlf_user_text(const struct cxlf_search *search, int64_t uid, char *text, size_t size)
{
	struct passwd entry, *found = NULL;
	char buf[4096];

	snprintf(text, size, "%lld", (long long)uid);
	if (uid < 0)
		snprintf(text, size, "unknown");
	else if (!*search->query->root && !getpwuid_r((uid_t)uid, &entry, buf, sizeof(buf), &found) && found)
		snprintf(text, size, "%s", found->pw_name);
	cxlf_text_sanitise(text);
}
