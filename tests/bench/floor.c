/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lower limit for a program that shows the same attributes of every path. It walks to each SCSI device below the
 * cxlflash hosts, opens, reads and closes the attributes that the command shows, and prints them in a line, without
 * storing, sorting or checking anything. `floor list` reads the attributes of `list`, `floor lun-list` those of
 * `lun list --json`.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void show(int dir, const char *name)
{
	char text[4096];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (fd >= 0)
		close(fd);
	for (ssize_t i = 0; i < len && i < 64; i++)
		putchar(text[i] > ' ' ? text[i] : '.');
	putchar(' ');
}

/* The one entry of block/ or scsi_generic/. */
static void entry(int dir, const char *folder, char *name, size_t size)
{
	int fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);

	*name = '\0';
	for (struct dirent *e; entries && (e = readdir(entries));)
		if (e->d_name[0] != '.')
			snprintf(name, size, "%.*s", (int)size - 1, e->d_name);
	if (entries)
		closedir(entries);
	printf("%s ", name);
}

static void path(int target, const char *hctl, bool whole)
{
	int dir = openat(target, hctl, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[64], file[128];

	printf("%s ", hctl);
	show(dir, "mode");
	show(dir, "vpd_pg83");
	show(dir, "state");
	entry(dir, "block", name, sizeof(name));
	snprintf(file, sizeof(file), "block/%s/size", name);
	show(dir, file);
	if (whole) {
		snprintf(file, sizeof(file), "block/%s/queue/logical_block_size", name);
		show(dir, file);
	}
	entry(dir, "scsi_generic", name, sizeof(name));
	putchar('\n');
	close(dir);
}

static void each(int parent, const char *name, const char *prefix, bool whole)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);

	for (struct dirent *e; entries && (e = readdir(entries));) {
		if (prefix && !strncmp(e->d_name, prefix, strlen(prefix)))
			each(dirfd(entries), e->d_name, NULL, whole);
		else if (!prefix && strchr(e->d_name, ':'))
			path(dirfd(entries), e->d_name, whole);
	}
	if (entries)
		closedir(entries);
}

static void ports(int host, const char *name)
{
	char file[320];

	for (int port = 0; port < 4; port++) {
		snprintf(file, sizeof(file), "%s/port%d", name, port);
		show(host, file);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	DIR *hosts = opendir("/sys/class/scsi_host");
	bool whole = argc > 1 && !strcmp(argv[1], "lun-list");
	char device[320];

	for (struct dirent *e; hosts && (e = readdir(hosts));) {
		if (e->d_name[0] == '.')
			continue;
		if (!whole)
			ports(dirfd(hosts), e->d_name);
		snprintf(device, sizeof(device), "%s/device", e->d_name);
		each(dirfd(hosts), device, "target", whole);
	}
	if (hosts)
		closedir(hosts);
	return 0;
}
