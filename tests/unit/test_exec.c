/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program that cannot be executed with a context: the exit statuses are those of env(1).
 */
#include "context/context_inside.h"
#include "context/exec.h"
#include "unit.h"

#include <fcntl.h>

static int status_of(const char *program)
{
	struct cxlf_context context = {.adapter_fd = open("/dev/null", O_RDONLY)};
	struct cxlf_err err;
	char *argv[] = {(char *)program, NULL};

	context.paths[0].path[0].fd = open("/dev/null", O_RDONLY);
	return cxlf_context_exec(&context, NULL, argv, &err) ? cxlf_err_exit(&err) : 0;
}

int main(void)
{
	is(status_of("/does/not/exist"), 127, "a missing program");
	is(status_of("no-such-program-in-path"), 127, "a program missing from PATH");
	is(status_of("/etc/passwd"), 126, "a file that is not executable");
	is(status_of("/"), 126, "a directory");
	return done();
}
