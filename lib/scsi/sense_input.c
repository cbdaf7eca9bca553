/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sense data of an option: as text, in a file, or on standard input.
 */
#include "sense_input.h"

#include "quote.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static int bad(const char *what, enum cxlf_sense_parse why, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_BAD_SENSE, "%s is not valid sense data", what);
	cxlf_cause(err, "%s", cxlf_sense_problem(why));
	return cxlf_fix(err, "give the bytes in hex (\"70 00 06 ...\"), or key, ASC and ASCQ: 6/2A/09");
}

static int decode(const char *what, struct cxlf_sense_input *out, struct cxlf_err *err)
{
	enum cxlf_sense_parse why = cxlf_sense_decode(out->byte, out->len, &out->sense);

	return why ? bad(what, why, err) : 0;
}

/* Binary sense data has NUL bytes, text has none. */
static int take(const char *what, const char *text, size_t len, struct cxlf_sense_input *out, struct cxlf_err *err)
{
	enum cxlf_sense_parse why;

	if (memchr(text, '\0', len)) {
		out->len = len < sizeof(out->byte) ? len : sizeof(out->byte);
		memcpy(out->byte, text, out->len);
		return decode(what, out, err);
	}
	why = cxlf_sense_parse(text, out->byte, &out->len);
	return why ? bad(what, why, err) : decode(what, out, err);
}

static int read_from(int fd, const char *what, struct cxlf_sense_input *out, struct cxlf_err *err)
{
	scoped_free char *text = calloc(1, CXLF_SENSE_TEXT_MAX + 1);
	size_t len = 0;
	ssize_t n;

	if (!text)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "cannot read %s: out of memory", what);
	while (len < CXLF_SENSE_TEXT_MAX && (n = read(fd, text + len, CXLF_SENSE_TEXT_MAX - len))) {
		if (n > 0)
			len += (size_t)n;
		else if (errno != EINTR)
			return cxlf_fail_sys(err, CXLF_E_BAD_SENSE, -errno, "cannot read %s", what);
	}
	return take(what, text, len, out, err);
}

/* A file that exists but cannot be opened, or a name with a directory or an extension. */
static bool looks_like_file(const char *text, int why)
{
	return *text && why != ENAMETOOLONG && (why != ENOENT || strchr(text, '/') || strchr(text, '.'));
}

int cxlf_sense_input(const char *text, struct cxlf_sense_input *out, struct cxlf_err *err)
{
	enum cxlf_sense_parse why;
	char what[120], quoted[280];

	if (!strcmp(text, "-"))
		return read_from(STDIN_FILENO, "standard input", out, err);
	snprintf(what, sizeof(what), "\"%.80s\"", text);
	why = cxlf_sense_parse(text, out->byte, &out->len);
	if (!why)
		return decode(what, out, err);

	scoped_fd int fd = open(text, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return read_from(fd, what, out, err);
	if (!looks_like_file(text, errno))
		return bad(what, why, err);
	cxlf_fail_sys(err, CXLF_E_BAD_SENSE, -errno, "cannot read %s", what);
	cxlf_cause(err, "it is not valid sense data either: %s", cxlf_sense_problem(why));
	return err->sys == ENOENT ? cxlf_fix(err, "name a file that exists, or give the bytes in hex")
				  : cxlf_fix(err, "ls -l %s", cxlf_quote(text, quoted, sizeof(quoted)));
}
