/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading small files of sysfs and /proc below a directory fd: bounded, sanitised, never blocking.
 */
#include "sysfs.h"
#include "scope.h"
#include "wwid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

int cxlf_sysfs_opendir(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

/*
 * O_NONBLOCK and O_NOCTTY because a saved tree may have a FIFO or a device node in place of an attribute; O_NOFOLLOW
 * because an attribute is never a link, but in a hostile tree it may be one.
 */
static int open_attribute(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);

	return fd < 0 ? -errno : fd;
}

ssize_t cxlf_sysfs_read_raw(int dir, const char *name, void *buf, size_t size)
{
	scoped_fd int fd = open_attribute(dir, name);

	if (fd < 0)
		return fd;

	size_t got = 0;

	while (got < size) {
		ssize_t n = read(fd, (char *)buf + got, size - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return got ? (ssize_t)got : -errno;
		got += (size_t)n;
		/* one read(2) returns a short attribute of sysfs whole: save the second one */
		if (!n || got < size / 2)
			break;
	}
	return (ssize_t)got;
}

void cxlf_text_sanitise(char *text)
{
	size_t len = strlen(text), from = 0;

	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t' || text[len - 1] == '\n'))
		len--;
	while (from < len && (text[from] == ' ' || text[from] == '\t'))
		from++;
	memmove(text, text + from, len - from);
	len -= from;
	text[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] > 0x7e)
			text[i] = '?';
}

/* With a NUL behind it; the length, or -errno and "". */
static ssize_t read_text(int dir, const char *name, char *text, size_t size)
{
	ssize_t n = cxlf_sysfs_read_raw(dir, name, text, size - 1);

	text[n < 0 ? 0 : n] = '\0';
	return n;
}

int cxlf_sysfs_read(int dir, const char *name, char *text, size_t size)
{
	ssize_t n = read_text(dir, name, text, size);

	if (n < 0)
		return (int)n;
	text[strcspn(text, "\n")] = '\0';
	cxlf_text_sanitise(text);
	return (int)strlen(text);
}

int cxlf_sysfs_read_lines(int dir, const char *name, char *text, size_t size)
{
	ssize_t n = read_text(dir, name, text, size);

	if (n < 0)
		return (int)n;
	n = (ssize_t)strlen(text);
	for (ssize_t i = 0; i < n; i++)
		if ((text[i] < 0x20 || text[i] > 0x7e) && text[i] != '\n')
			text[i] = '?';
	return (int)n;
}

bool cxlf_text_u64(const char *text, int base, uint64_t *value)
{
	bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	if (base == 0)
		base = prefixed ? 16 : 10;
	if (prefixed && base == 16)
		text += 2;

	uint64_t sum = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		int digit = cxlf_hex_digit(*text);

		if (digit < 0 || digit >= base || __builtin_mul_overflow(sum, (uint64_t)base, &sum) ||
		    __builtin_add_overflow(sum, (unsigned)digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}

int cxlf_sysfs_feed(int dir, const char *name, size_t max, cxlf_sysfs_sink *sink, void *arg)
{
	scoped_fd int fd = open_attribute(dir, name);
	char buf[65536];
	size_t total = 0;

	if (fd < 0)
		return fd;
	for (ssize_t n; (n = read(fd, buf, sizeof(buf)));) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		total += (size_t)n;
		if (total > max)
			return -EFBIG;
		sink(arg, buf, (size_t)n);
	}
	return 0;
}

int cxlf_sysfs_read_u64(int dir, const char *name, uint64_t *value)
{
	char text[32];
	int rc = cxlf_sysfs_read(dir, name, text, sizeof(text));

	if (rc < 0)
		return rc;
	return cxlf_text_u64(text, 0, value) ? 0 : -EINVAL;
}

int cxlf_sysfs_read_int(int dir, const char *name, int fallback)
{
	uint64_t value;

	if (cxlf_sysfs_read_u64(dir, name, &value) || value > 0x7fffffff)
		return fallback;
	return (int)value;
}

int cxlf_sysfs_for_each(int dir, const char *name, cxlf_sysfs_each *each, void *arg)
{
	int fd = cxlf_sysfs_opendir(dir, name);

	if (fd < 0)
		return fd;

	scoped_dir DIR *stream = fdopendir(fd);

	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	for (struct dirent *entry; errno = 0, (entry = readdir(stream));) {
		if (entry->d_name[0] == '.')
			continue;

		int rc = each(arg, fd, entry->d_name);

		if (rc)
			return rc;
	}
	return -errno;
}

/* The kernel's directory record (getdents64(2)); the name follows. */
struct kernel_entry {
	uint64_t ino;
	int64_t next;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* opendir(3) would need an allocation of 32 KiB and three more system calls, twice per path. */
bool cxlf_sysfs_first_entry(int dir, const char *name, const char *prefix, char *entry, size_t size)
{
	scoped_fd int fd = cxlf_sysfs_opendir(dir, name);
	_Alignas(struct kernel_entry) char buf[1024];

	entry[0] = '\0';
	if (fd < 0)
		return false;
	for (long n; (n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0;) {
		for (long at = 0; at < n;) {
			const struct kernel_entry *e = (const void *)(buf + at);
			size_t len = strlen(e->name);

			at += e->len;
			if (strncmp(e->name, prefix, strlen(prefix)) || len >= size)
				continue;
			memcpy(entry, e->name, len + 1);
			return true;
		}
	}
	return false;
}

dev_t cxlf_text_devno(const char *text)
{
	char major_text[12];
	const char *colon = strchr(text, ':');
	uint64_t major_no, minor_no;

	if (!colon || (size_t)(colon - text) >= sizeof(major_text))
		return 0;
	memcpy(major_text, text, (size_t)(colon - text));
	major_text[colon - text] = '\0';
	if (!cxlf_text_u64(major_text, 10, &major_no) || !cxlf_text_u64(colon + 1, 10, &minor_no))
		return 0;
	if (major_no > 0xfff || minor_no > 0xfffff)
		return 0;
	return makedev((unsigned)major_no, (unsigned)minor_no);
}
