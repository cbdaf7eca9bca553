/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Baseline files: identity, capacity and paths of LUNs, as an earlier run recorded them (schema cxlflash.baseline/1).
 */
#include "baseline.h"

#include "quote.h"
#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <json-c/json.h>

#define SCHEMA "cxlflash.baseline/1"
#define DEPTH_MAX 8
#define BLOCK_MAX 65536

/* ---- order ---- */

static int by_wwid(const void *a, const void *b)
{
	return memcmp(&((const struct cxlf_baseline_lun *)a)->wwid, &((const struct cxlf_baseline_lun *)b)->wwid,
		      sizeof(struct cxlf_wwid));
}

static void sort(struct cxlf_baseline *baseline)
{
	if (baseline->n)
		qsort(baseline->lun, baseline->n, sizeof(*baseline->lun), by_wwid);
}

const struct cxlf_baseline_lun *cxlf_baseline_find(const struct cxlf_baseline *baseline, const struct cxlf_wwid *wwid)
{
	struct cxlf_baseline_lun key = {.wwid = *wwid};

	return baseline->n ? bsearch(&key, baseline->lun, baseline->n, sizeof(key), by_wwid) : NULL;
}

void cxlf_baseline_free(struct cxlf_baseline *baseline)
{
	for (unsigned i = 0; i < baseline->n; i++)
		free(baseline->lun[i].path);
	free(baseline->lun);
	*baseline = (struct cxlf_baseline){0};
}

/* ---- reading ---- */

struct reader {
	const char *file;
	struct cxlf_baseline *baseline;
	struct cxlf_err *err;
};

__attribute__((format(printf, 2, 3))) static int bad(const struct reader *reader, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	cxlf_fail(reader->err, CXLF_E_BAD_CONFIG, "%s is not a valid baseline file", reader->file);
	cxlf_cause(reader->err, "%s", what);
	return cxlf_fix(reader->err, "write a new one: cxlflash-verify --all --write-baseline=%s",
			cxlf_quote(reader->file, what, sizeof(what)));
}

static json_object *member(json_object *object, const char *key, enum json_type type)
{
	json_object *value = NULL;

	return json_object_object_get_ex(object, key, &value) && json_object_is_type(value, type) ? value : NULL;
}

static int read_number(const struct reader *reader, json_object *object, size_t i, const char *key, int64_t min,
		       int64_t max, int64_t *number)
{
	json_object *value = member(object, key, json_type_int);

	*number = value ? json_object_get_int64(value) : 0;
	if (value && *number >= min && *number <= max)
		return 0;
	return bad(reader, "luns[%zu].%s is %s", i, key, value ? "out of range" : "missing or not a whole number");
}

static int read_path(const struct reader *reader, json_object *object, size_t i, struct cxlf_baseline_path *path)
{
	json_object *adapter = member(object, "adapter", json_type_string);
	const char *pci = adapter ? json_object_get_string(adapter) : "";
	int64_t port, lun;

	if (!*pci || strlen(pci) >= sizeof(path->adapter) || strspn(pci, "0123456789abcdef:.") != strlen(pci))
		return bad(reader, "luns[%zu]: the adapter of a path is not a PCI address", i);
	if (read_number(reader, object, i, "port", 0, 255, &port) ||
	    read_number(reader, object, i, "lun", 0, INT64_MAX - 1, &lun))
		return -1;
	strcpy(path->adapter, pci);
	path->port = (unsigned)port;
	path->lun = (uint64_t)lun;
	return 0;
}

/* Old releases wrote no paths. */
static int read_paths(const struct reader *reader, json_object *object, size_t i, struct cxlf_baseline_lun *lun)
{
	json_object *list = NULL;
	size_t n;

	if (!json_object_object_get_ex(object, "paths", &list))
		return 0;
	if (!json_object_is_type(list, json_type_array))
		return bad(reader, "luns[%zu]: paths is not an array", i);
	n = json_object_array_length(list);
	if (!n)
		return 0;
	if (n > CXLF_BASELINE_PATHS_MAX)
		return bad(reader, "luns[%zu] has %zu paths; at most %d are allowed", i, n, CXLF_BASELINE_PATHS_MAX);
	lun->path = calloc(n, sizeof(*lun->path));
	if (!lun->path)
		return cxlf_fail(reader->err, CXLF_E_NO_MEMORY, "cannot read %s: out of memory", reader->file);
	for (; lun->n_paths < n; lun->n_paths++) {
		json_object *path = json_object_array_get_idx(list, lun->n_paths);

		if (!json_object_is_type(path, json_type_object))
			return bad(reader, "luns[%zu]: a path is not an object", i);
		if (read_path(reader, path, i, &lun->path[lun->n_paths]))
			return -1;
	}
	return 0;
}

static int read_lun(const struct reader *reader, json_object *object, size_t i, struct cxlf_baseline_lun *lun)
{
	json_object *wwid = member(object, "wwid", json_type_string);
	enum cxlf_wwid_parse why;
	int64_t size, block;

	if (!wwid)
		return bad(reader, "luns[%zu].wwid is missing or not a string", i);
	why = cxlf_wwid_parse(json_object_get_string(wwid), &lun->wwid);
	if (why)
		return bad(reader, "luns[%zu].wwid is not a valid WWID: %s", i, cxlf_wwid_problem(why));
	if (read_number(reader, object, i, "size_bytes", 1, INT64_MAX - 1, &size) ||
	    read_number(reader, object, i, "block_bytes", 1, BLOCK_MAX, &block))
		return -1;
	lun->size_bytes = (uint64_t)size;
	lun->block_bytes = (uint32_t)block;
	return read_paths(reader, object, i, lun);
}

static int refuse_duplicates(const struct reader *reader)
{
	const struct cxlf_baseline *baseline = reader->baseline;

	for (unsigned i = 1; i < baseline->n; i++)
		if (!by_wwid(&baseline->lun[i - 1], &baseline->lun[i]))
			return bad(reader, "it has LUN %s twice", CXLF_WWID_STRING(&baseline->lun[i].wwid));
	return 0;
}

static int read_luns(const struct reader *reader, json_object *list)
{
	struct cxlf_baseline *baseline = reader->baseline;
	size_t n = json_object_array_length(list);

	if (n > CXLF_BASELINE_LUNS_MAX)
		return bad(reader, "it has %zu LUNs; at most %d are allowed", n, CXLF_BASELINE_LUNS_MAX);
	baseline->lun = calloc(n + 1, sizeof(*baseline->lun));
	if (!baseline->lun)
		return cxlf_fail(reader->err, CXLF_E_NO_MEMORY, "cannot read %s: out of memory", reader->file);
	for (size_t i = 0; i < n; i++) {
		json_object *object = json_object_array_get_idx(list, i);

		if (!json_object_is_type(object, json_type_object))
			return bad(reader, "luns[%zu] is not an object", i);
		baseline->n++; /* its paths are freed also if it is not valid */
		if (read_lun(reader, object, i, &baseline->lun[i]))
			return -1;
	}
	sort(baseline);
	return refuse_duplicates(reader);
}

static int read_document(const struct reader *reader, json_object *document)
{
	json_object *schema, *luns;

	if (!json_object_is_type(document, json_type_object))
		return bad(reader, "it is not a JSON object");
	schema = member(document, "schema", json_type_string);
	if (!schema || strcmp(json_object_get_string(schema), SCHEMA))
		return bad(reader, "its schema is not %s", SCHEMA);
	luns = member(document, "luns", json_type_array);
	return luns ? read_luns(reader, luns) : bad(reader, "it has no array luns");
}

static void release(json_object *const *object)
{
	json_object_put(*object);
}

static void end_tokener(json_tokener *const *tokener)
{
	if (*tokener)
		json_tokener_free(*tokener);
}

int cxlf_baseline_parse(const char *text, size_t len, const char *file, struct cxlf_baseline *baseline,
			struct cxlf_err *err)
{
	__attribute__((cleanup(end_tokener))) json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	struct reader reader = {.file = file, .baseline = baseline, .err = err};

	*baseline = (struct cxlf_baseline){0};
	if (!tokener)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "cannot read %s: out of memory", file);
	if (len > CXLF_BASELINE_BYTES_MAX)
		return bad(&reader, "it has more than %d bytes", CXLF_BASELINE_BYTES_MAX);
	if (memchr(text, '\0', len))
		return bad(&reader, "it has a NUL byte");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);

	/* with the NUL, which ends the parser's input */
	__attribute__((cleanup(release))) json_object *document = json_tokener_parse_ex(tokener, text, (int)len + 1);

	/* json-c 0.13 has no json_tokener_get_parse_end() */
	if (json_tokener_get_error(tokener) != json_tokener_success)
		return bad(&reader, "it is not a JSON document: %s at byte %d",
			   json_tokener_error_desc(json_tokener_get_error(tokener)), tokener->char_offset);
	if (read_document(&reader, document)) {
		cxlf_baseline_free(baseline);
		return -1;
	}
	return 0;
}

static int cannot_open(const char *file, int rc, struct cxlf_err *err)
{
	bool denied = rc == -EACCES || rc == -EPERM;
	char word[280];
	const char *quoted = cxlf_quote(file, word, sizeof(word));

	cxlf_fail_sys(err, denied ? CXLF_E_PERMISSION : CXLF_E_BAD_CONFIG, rc, "cannot read the baseline %s", file);
	if (denied)
		return cxlf_fix(err, "run it as a user with read permission: ls -l %s", quoted);
	return rc != -ENOENT ? -1 : cxlf_fix(err, "write one: cxlflash-verify --all --write-baseline=%s", quoted);
}

/* Read a regular file and append a NUL; the length, or -errno. */
static ssize_t read_all(int fd, char **text)
{
	struct stat st;
	ssize_t len = 0, n;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	if (st.st_size > CXLF_BASELINE_BYTES_MAX)
		return -EFBIG;
	*text = calloc(1, (size_t)st.st_size + 1);
	if (!*text)
		return -ENOMEM;
	while (len < st.st_size && (n = read(fd, *text + len, (size_t)(st.st_size - len)))) {
		if (n < 0)
			return -errno;
		len += n;
	}
	return len;
}

int cxlf_baseline_read(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err)
{
	scoped_fd int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	scoped_free char *text = NULL;
	ssize_t len;

	*baseline = (struct cxlf_baseline){0};
	if (fd < 0)
		return cannot_open(file, -errno, err);
	len = read_all(fd, &text);
	return len < 0 || !text ? cannot_open(file, (int)len, err)
				: cxlf_baseline_parse(text, (size_t)len, file, baseline, err);
}

/* ---- writing ---- */

static json_object *time_json(void)
{
	time_t now = time(NULL);
	struct tm utc;
	char text[32];

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	return json_object_new_string(text);
}

static json_object *path_json(const struct cxlf_baseline_path *path)
{
	json_object *object = json_object_new_object();

	json_object_object_add(object, "adapter", json_object_new_string(path->adapter));
	json_object_object_add(object, "port", json_object_new_int64(path->port));
	json_object_object_add(object, "lun", json_object_new_int64((int64_t)path->lun));
	return object;
}

static json_object *lun_json(const struct cxlf_baseline_lun *lun)
{
	json_object *object = json_object_new_object(), *paths = json_object_new_array();

	json_object_object_add(object, "wwid", json_object_new_string(CXLF_WWID_STRING(&lun->wwid)));
	json_object_object_add(object, "size_bytes", json_object_new_int64((int64_t)lun->size_bytes));
	json_object_object_add(object, "block_bytes", json_object_new_int64(lun->block_bytes));
	for (unsigned i = 0; i < lun->n_paths; i++)
		json_object_array_add(paths, path_json(&lun->path[i]));
	json_object_object_add(object, "paths", paths);
	return object;
}

static json_object *document_json(const struct cxlf_baseline *baseline)
{
	json_object *document = json_object_new_object(), *luns = json_object_new_array();
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	json_object_object_add(document, "schema", json_object_new_string(SCHEMA));
	json_object_object_add(document, "version", json_object_new_string(CXLF_VERSION));
	json_object_object_add(document, "host", json_object_new_string(host));
	json_object_object_add(document, "time", time_json());
	for (unsigned i = 0; i < baseline->n; i++)
		json_object_array_add(luns, lun_json(&baseline->lun[i]));
	json_object_object_add(document, "luns", luns);
	return document;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* The new name is on disk only after the directory is synced. */
static int sync_directory(const char *file)
{
	const char *slash = strrchr(file, '/');
	scoped_free char *path = slash ? strndup(file, slash == file ? 1 : (size_t)(slash - file)) : strdup(".");
	scoped_fd int fd = path ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	return fd < 0 || fsync(fd) ? -errno : 0;
}

static int replace(const char *file, char *temporary, const char *text)
{
	scoped_fd int fd = mkostemp(temporary, O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = write_all(fd, text, strlen(text));
	if (!rc && (write_all(fd, "\n", 1) || fchmod(fd, 0644) || fsync(fd) || rename(temporary, file)))
		rc = -errno;
	if (rc)
		unlink(temporary);
	return rc ? rc : sync_directory(file);
}

int cxlf_baseline_write(const char *file, struct cxlf_baseline *baseline, struct cxlf_err *err)
{
	scoped_free char *temporary = NULL;
	int rc;

	sort(baseline);
	if (asprintf(&temporary, "%s.XXXXXX", file) < 0)
		return cxlf_fail(err, CXLF_E_NO_MEMORY, "cannot write %s: out of memory", file);

	__attribute__((cleanup(release))) json_object *document = document_json(baseline);

	rc = replace(
		file, temporary,
		json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	if (!rc)
		return 0;
	cxlf_fail_sys(err, rc == -EACCES || rc == -EPERM ? CXLF_E_PERMISSION : CXLF_E_OUTPUT, rc,
		      "cannot write the baseline %s", file);
	return cxlf_fix(err, "choose a directory that is writable and has free space: --write-baseline=FILE");
}
