/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hold DEVICE... [context|handle] [copy] [close]: attach a context through each path (in superpipe mode), open a
 * physical handle in each unless "context" is given, print "ready", and keep everything until killed. With "copy" the
 * file descriptors of the contexts are duplicated, with "close" those of the devices are closed; the contexts stay.
 */
#include "cxlflash_abi.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool has(char **words, const char *word)
{
	while (*words && strcmp(*words, word))
		words++;
	return *words;
}

static int hold(const char *device, char **how)
{
	struct dk_cxlflash_attach attach = {.hdr.flags = O_RDWR, .num_interrupts = 4};
	struct dk_cxlflash_udirect direct = {0};
	int fd = open(device, O_RDWR);

	if (fd < 0 || ioctl(fd, DK_CXLFLASH_ATTACH, &attach)) {
		perror("hold: attach");
		return 1;
	}
	direct.context_id = attach.context_id;
	if (!has(how, "context") && ioctl(fd, DK_CXLFLASH_USER_DIRECT, &direct)) {
		perror("hold: handle");
		return 1;
	}
	if (has(how, "copy") && dup((int)attach.adap_fd) < 0) {
		perror("hold: copy");
		return 1;
	}
	if (has(how, "close"))
		close(fd);
	return 0;
}

int main(int argc, char **argv)
{
	bool any = false;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '/')
			continue;
		any = true;
		if (hold(argv[i], argv + 1))
			return 1;
	}
	if (!any) {
		fputs("hold: no device\n", stderr);
		return 2;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
