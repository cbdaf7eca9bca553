/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look up the LUN or adapter that an operand names.
 */
#include "topology.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define LIST_FIX "list the LUNs: cxlflashctl list"
#define SUFFIX_MIN 8

struct lookup {
	const struct cxlf_topology *topology;
	const char *text; /* as typed */
	unsigned *lun, *path;
	struct cxlf_err *err;
};

static int not_found(const struct lookup *look)
{
	cxlf_fail(look->err, CXLF_E_LUN_NOT_FOUND, "there is no LUN \"%.120s\"", look->text);
	cxlf_cause(look->err, "no path of any cxlflash adapter leads to it");
	return cxlf_fix(look->err, LIST_FIX);
}

static int found_lun(const struct lookup *look, unsigned lun)
{
	*look->lun = lun;
	*look->path = UINT_MAX;
	return 0;
}

static int found_path(const struct lookup *look, unsigned index)
{
	const struct cxlf_path *path = look->topology->path + index;

	if (path->lun_index == UINT_MAX) {
		cxlf_fail(look->err, CXLF_E_NO_IDENTITY, "the identity of the LUN behind %.120s cannot be read",
			  look->text);
		cxlf_object(look->err, "path %s", path->hctl);
		cxlf_cause(look->err, "VPD page 0x83 of %s has no NAA type 6 designator", path->hctl);
		return cxlf_fix(look->err, "see the page: sg_vpd -p di /dev/%s", *path->sg ? path->sg : "sgN");
	}
	*look->lun = path->lun_index;
	*look->path = index;
	return 0;
}

/* ---- by WWID ---- */

static int by_wwid(const void *key, const void *lun)
{
	return memcmp(((const struct cxlf_wwid *)key)->byte, ((const struct cxlf_lun *)lun)->wwid.byte, CXLF_WWID_LEN);
}

bool cxlf_find_wwid(const struct cxlf_topology *topology, const struct cxlf_wwid *wwid, unsigned *lun)
{
	const struct cxlf_lun *found =
		topology->n_luns ? bsearch(wwid, topology->lun, topology->n_luns, sizeof(*topology->lun), by_wwid)
				 : NULL;

	if (found)
		*lun = (unsigned)(found - topology->lun);
	return found;
}

static int find_wwid(const struct lookup *look, const struct cxlf_wwid *wwid)
{
	unsigned lun;

	return cxlf_find_wwid(look->topology, wwid, &lun) ? found_lun(look, lun) : not_found(look);
}

static int ambiguous(const struct lookup *look, unsigned first, unsigned second, unsigned n)
{
	cxlf_fail(look->err, CXLF_E_LUN_AMBIGUOUS, "the WWIDs of %u LUNs end in %.40s", n, look->text);
	cxlf_cause(look->err, "among them %s and %s", CXLF_WWID_STRING(&look->topology->lun[first].wwid),
		   CXLF_WWID_STRING(&look->topology->lun[second].wwid));
	return cxlf_fix(look->err, "give more digits");
}

static int find_suffix(const struct lookup *look, size_t digits)
{
	unsigned hit[2] = {0}, n = 0;

	for (unsigned i = 0; i < look->topology->n_luns; i++) {
		if (strcasecmp(CXLF_WWID_STRING(&look->topology->lun[i].wwid) + 32 - digits, look->text))
			continue;
		if (n < 2)
			hit[n] = i;
		n++;
	}
	if (!n) {
		not_found(look);
		return cxlf_cause(look->err, "no LUN's WWID ends in these %zu digits; a whole WWID has 32", digits);
	}
	return n == 1 ? found_lun(look, hit[0]) : ambiguous(look, hit[0], hit[1], n);
}

/* ---- by SCSI address ---- */

/* A number and a colon, and shorter than a WWID with colons. */
static bool looks_like_hctl(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && text[digits] == ':' && strlen(text) < 32;
}

static int find_hctl(const struct lookup *look)
{
	for (unsigned i = 0; i < look->topology->n_paths; i++)
		if (!strcmp(look->topology->path[i].hctl, look->text))
			return found_path(look, i);
	return not_found(look);
}

/* ---- by device node ---- */

static int foreign(const struct lookup *look, const char *why)
{
	cxlf_fail(look->err, CXLF_E_NOT_CXLFLASH, "%.120s is not a path of a cxlflash LUN", look->text);
	cxlf_cause(look->err, "%s", why);
	return cxlf_fix(look->err, LIST_FIX);
}

static int find_name(const struct lookup *look, const char *name)
{
	for (unsigned i = 0; i < look->topology->n_paths; i++)
		if (*name && (!strcmp(look->topology->path[i].sd, name) || !strcmp(look->topology->path[i].sg, name)))
			return found_path(look, i);
	return -2;
}

/* A saved tree has no nodes: use the name sdX or sgN, or the identifier in the name of a by-id link. */
static int find_saved_node(const struct lookup *look)
{
	const char *name = strrchr(look->text, '/') + 1;
	struct cxlf_wwid wwid;
	int rc = find_name(look, name);

	if (rc != -2)
		return rc;
	if (cxlf_wwid_parse(name, &wwid) == CXLF_WWID_OK)
		return find_wwid(look, &wwid);
	return not_found(look);
}

/* Why a block device is not a path: a partition, a stacked device, another driver's disk. */
static int explain_block(const struct lookup *look, dev_t dev)
{
	char link[PATH_MAX], target[PATH_MAX];

	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(dev), minor(dev));

	ssize_t len = readlink(link, target, sizeof(target) - 1);

	if (len < 0)
		return foreign(look, "it is not a device of a cxlflash adapter");
	target[len] = '\0';

	char *name = strrchr(target, '/'), *disk;

	if (!name || name == target)
		return foreign(look, "it is not a device of a cxlflash adapter");
	*name++ = '\0';
	disk = strrchr(target, '/');
	if (disk && find_name(look, disk + 1) == 0) {
		foreign(look, "");
		cxlf_cause(look->err, "%.40s is a partition of %.40s", name, disk + 1);
		return cxlf_fix(look->err, "name the whole LUN: /dev/%.40s", disk + 1);
	}
	if (!strncmp(name, "dm-", 3) || !strncmp(name, "md", 2)) {
		foreign(look, "it is a stacked device (device mapper or md)");
		return cxlf_fix(look->err, "name one of its component devices: ls /sys/block/%.40s/slaves", name);
	}
	return foreign(look, "it is a disk of another driver");
}

static int find_node(const struct lookup *look)
{
	struct stat st;

	if (stat(look->text, &st)) {
		int rc = -errno;

		if (rc != -ENOENT && rc != -ENOTDIR)
			return cxlf_fail_sys(look->err, rc == -EACCES ? CXLF_E_PERMISSION : CXLF_E_FAILED, rc,
					     "cannot access %.120s", look->text);
		not_found(look);
		return cxlf_cause(look->err, "the file does not exist");
	}
	if (!S_ISBLK(st.st_mode) && !S_ISCHR(st.st_mode))
		return foreign(look, "it is not a device node");
	for (unsigned i = 0; i < look->topology->n_paths; i++) {
		const struct cxlf_path *path = look->topology->path + i;

		if (st.st_rdev == (S_ISBLK(st.st_mode) ? path->sd_dev : path->sg_dev))
			return found_path(look, i);
	}
	return S_ISBLK(st.st_mode) ? explain_block(look, st.st_rdev)
				   : foreign(look, "it is not an sg device of a cxlflash adapter");
}

/* ---- the form of a name ---- */

static int bad_address(const char *text, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_BAD_WWID, "invalid LUN name \"%.120s\"", text);
	cxlf_cause(err, "a SCSI address has four numbers, H:C:T:L");
	return cxlf_fix(err, LIST_FIX);
}

static bool is_address(const char *text)
{
	unsigned number[4];
	int end = 0;

	return sscanf(text, "%u:%u:%u:%u%n", number, number + 1, number + 2, number + 3, &end) == 4 && end &&
	       !text[end];
}

/* "sda" and "sg12" */
static bool is_node_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz", digits[] = "0123456789";
	size_t len = strlen(text);

	return len > 2 && ((!strncmp(text, "sd", 2) && strspn(text + 2, letters) == len - 2) ||
			   (!strncmp(text, "sg", 2) && strspn(text + 2, digits) == len - 2));
}

static int bad_wwid(const char *text, enum cxlf_wwid_parse why, struct cxlf_err *err)
{
	unsigned digits = cxlf_wwid_digits(text);

	cxlf_fail(err, CXLF_E_BAD_WWID, "invalid LUN name \"%.120s\"", text);
	if (why == CXLF_WWID_TOO_SHORT || why == CXLF_WWID_TOO_LONG)
		cxlf_cause(err, "a WWID has 32 hex digits, and this one has %u", digits);
	else
		cxlf_cause(err, "not a WWID: %s", cxlf_wwid_problem(why));
	return is_node_name(text) ? cxlf_fix(err, "name the node: /dev/%.40s", text) : cxlf_fix(err, LIST_FIX);
}

/* Whether these are the last digits of a WWID, where that is allowed. */
static bool is_suffix(const char *text, struct cxlf_lun_query how)
{
	size_t len = strlen(text);

	return how.allow_suffix && len >= SUFFIX_MIN && len < 32 && strspn(text, "0123456789abcdefABCDEF") == len;
}

int cxlf_lun_text_check(const char *text, struct cxlf_lun_query how, struct cxlf_err *err)
{
	struct cxlf_wwid wwid;
	enum cxlf_wwid_parse why = cxlf_wwid_parse(text, &wwid);

	if (strchr(text, '/') || why == CXLF_WWID_OK || is_suffix(text, how))
		return 0;
	if (looks_like_hctl(text))
		return is_address(text) ? 0 : bad_address(text, err);
	bad_wwid(text, why, err);
	if (how.allow_suffix && why == CXLF_WWID_TOO_SHORT)
		cxlf_cause(err,
			   "a WWID has 32 hex digits, of which at least the last 8 are needed, and this one has %u",
			   cxlf_wwid_digits(text));
	if (is_suffix(text, (struct cxlf_lun_query){.allow_suffix = true}))
		cxlf_cause(err,
			   "a command that changes something needs all 32 hex digits of the WWID, and this one has %u",
			   cxlf_wwid_digits(text));
	return -1;
}

bool cxlf_lun_text_is_path(const char *text)
{
	return strchr(text, '/') || is_address(text);
}

int cxlf_find_lun(const char *sysroot, const struct cxlf_topology *topology, const char *text,
		  struct cxlf_lun_query how, unsigned *lun, unsigned *path, struct cxlf_err *err)
{
	struct cxlf_err ignored = {0};
	struct lookup look = {topology, text, lun, path, err ? err : &ignored};
	struct cxlf_wwid wwid;

	if (cxlf_lun_text_check(text, how, look.err))
		return -1;
	if (strchr(text, '/'))
		return *sysroot ? find_saved_node(&look) : find_node(&look);
	if (looks_like_hctl(text))
		return find_hctl(&look);
	return cxlf_wwid_parse(text, &wwid) == CXLF_WWID_OK ? find_wwid(&look, &wwid)
							    : find_suffix(&look, strlen(text));
}

/* ---- adapters ---- */

static bool is_named(const struct cxlf_adapter *adapter, const char *text)
{
	char host[24];

	snprintf(host, sizeof(host), "host%u", adapter->host);
	return !strcmp(text, host) || !strcasecmp(text, adapter->pci) ||
	       (*adapter->chardev && !strcmp(text, adapter->chardev)) ||
	       (*adapter->card_pci && !strcasecmp(text, adapter->card_pci)) ||
	       (*adapter->card && !strcmp(text, adapter->card)) ||
	       (*adapter->location && !strcasecmp(text, adapter->location));
}

static int no_such_adapter(const struct cxlf_topology *topology, const char *text, struct cxlf_err *err)
{
	char known[400] = "";
	size_t len = 0;

	for (unsigned i = 0; i < topology->n_adapters && len < sizeof(known) - 64; i++)
		len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s", i ? ", " : "",
					topology->adapter[i].label);
	cxlf_fail(err, CXLF_E_ADAPTER_NOT_FOUND, "there is no adapter \"%.120s\"", text);
	cxlf_cause(err, topology->n_adapters ? "the adapters are: %s" : "no adapter was found%s", known);
	return cxlf_fix(err, "list the adapters: cxlflashctl adapter list");
}

int cxlf_find_adapter(const struct cxlf_topology *topology, const char *text, unsigned *adapter, struct cxlf_err *err)
{
	const char *name = strncmp(text, "/dev/cxlflash/", 14) ? text : text + 14;
	unsigned hits = 0;

	for (unsigned i = 0; i < topology->n_adapters; i++) {
		if (!is_named(topology->adapter + i, name))
			continue;
		if (!hits++)
			*adapter = i;
	}
	if (hits == 1)
		return 0;
	if (!hits)
		return no_such_adapter(topology, text, err);
	cxlf_fail(err, CXLF_E_ADAPTER_NOT_FOUND, "%u adapters have the name %.120s", hits, text);
	cxlf_cause(err, "the card has several functions");
	return cxlf_fix(err, "name the function by its PCI address: cxlflashctl adapter list");
}
