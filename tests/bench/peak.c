/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peak COMMAND...: run COMMAND, discard its output, and print its peak memory in KiB.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage used;
	int status = 1;
	pid_t pid = argc > 1 ? fork() : -1;

	if (!pid) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid || status)
		return 1;
	printf("%ld\n", used.ru_maxrss);
	return 0;
}
