/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands on a disk: images with nothing, with swap space, with a partition table.
 */
#include "inuse/signatures.h"
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define IMAGE_BYTES (4 << 20)

/* An unnamed file of zeros. */
static int image(void)
{
	FILE *file = tmpfile();
	int fd = file ? dup(fileno(file)) : -1;

	if (file)
		fclose(file);
	if (fd < 0 || ftruncate(fd, IMAGE_BYTES))
		perror("image");
	return fd;
}

static void put(int fd, const void *bytes, size_t len, off_t at)
{
	if (pwrite(fd, bytes, len, at) != (ssize_t)len)
		perror("pwrite");
}

static void empty(void)
{
	struct cxlf_signatures found = {0};
	int fd = image();

	is(cxlf_signatures_read(fd, &found), 0, "a disk of zeros is read");
	is(found.n, 0, "and has nothing on it");
	cxlf_signatures_free(&found);
	close(fd);
	is(cxlf_signatures_read(fd, &found), -EBADF, "what cannot be read is an error");
}

static void swap(void)
{
	struct cxlf_signatures found = {0};
	char text[80];
	const uint32_t version_and_pages[] = {1, 1023};
	int fd = image();

	put(fd, version_and_pages, sizeof(version_and_pages), 1024);
	put(fd, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20", 16, 1036);
	put(fd, "my\nswap", 7, 1052);
	put(fd, "SWAPSPACE2", 10, 4086);
	is(cxlf_signatures_read(fd, &found), 0, "swap space is read");
	is(found.n, 1, "one signature");
	if (found.n == 1) {
		is_text(found.signature->type, "swap", "its type");
		is_text(found.signature->label, "my?swap", "its label, made harmless");
		is_text(found.signature->uuid, "01020304-0506-0708-090a-0b0c0d0e0f10", "its UUID");
		is_text(cxlf_signatures_text(&found, text, sizeof(text)), "swap \"my?swap\"", "in words");
		is_text(cxlf_signatures_text(&found, text, 5), "swap", "cut to the room there is");
		ok(!found.signature->is_table, "it is no partition table");
	}
	cxlf_signatures_free(&found);
	close(fd);
}

static void table(void)
{
	struct cxlf_signatures found = {0};
	char text[80];
	int fd = image();

	put(fd, "\x78\x56\x34\x12", 4, 440);
	put(fd, "\0\0\2\0\x83\1\2\3\1\0\0\0\0\x10\0\0", 16, 446);
	put(fd, "\x55\xaa", 2, 510);
	is(cxlf_signatures_read(fd, &found), 0, "a partition table is read");
	is(found.n, 1, "one signature");
	if (found.n == 1) {
		is_text(found.signature->type, "dos", "its type");
		ok(found.signature->is_table, "it is a partition table");
		is_text(found.signature->uuid, "12345678", "its number");
		is_text(cxlf_signatures_text(&found, text, sizeof(text)), "dos partition table", "in words");
	}
	cxlf_signatures_free(&found);
	close(fd);
}

int main(void)
{
	empty();
	swap();
	table();
	return done();
}
