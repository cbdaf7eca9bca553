/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logical units, their contents, and the ports through which each is visible.
 */
#include "standin.h"

#include <asm/unaligned.h>
#include <linux/random.h>
#include <linux/slab.h>

#define STORE_PAGE 4096u
#define PROVISION_MAX_LUNS 64
#define PROVISION_MAX_CAP (1ull << 28) /* of a port, in 4 KiB blocks: 1 TiB */

struct lab_lun *lab_lun_find(const u8 wwid[16])
{
	struct lab_lun *lun;

	list_for_each_entry(lun, &lab_luns, node)
		if (!memcmp(lun->wwid, wwid, 16))
			return lun;
	return NULL;
}

struct lab_lun *lab_lun_new(const u8 wwid[16], u64 bytes, u32 block_bytes)
{
	struct lab_lun *lun = kzalloc(sizeof(*lun), GFP_KERNEL);

	if (!lun)
		return NULL;
	memcpy(lun->wwid, wwid, 16);
	lun->block_bytes = block_bytes;
	lun->blocks = div_u64(bytes, block_bytes);
	strscpy(lun->vendor, "IBM", sizeof(lun->vendor));
	strscpy(lun->product, "FlashSystem-9840", sizeof(lun->product));
	strscpy(lun->rev, "1430", sizeof(lun->rev));
	xa_init(&lun->pages);
	list_add_tail(&lun->node, &lab_luns);
	return lun;
}

int lab_path_add(struct cxl_afu *afu, unsigned int port, unsigned int number, struct lab_lun *lun)
{
	struct lab_path *path;
	int rc;

	if (port >= afu->n_ports || number > 0xffff)
		return -EINVAL;
	path = kzalloc(sizeof(*path), GFP_KERNEL);
	if (!path)
		return -ENOMEM;
	path->lun = lun;
	rc = xa_insert(&afu->port[port].paths, number, path, GFP_KERNEL);
	if (rc)
		kfree(path);
	return rc;
}

void lab_path_remove(struct cxl_afu *afu, unsigned int port, unsigned int number)
{
	kfree(xa_erase(&afu->port[port].paths, number));
}

struct lab_path *lab_path_get(struct cxl_afu *afu, unsigned int port, u64 number)
{
	return port < afu->n_ports ? xa_load(&afu->port[port].paths, number) : NULL;
}

/* Queues a check condition. If the queue is full, the new one is dropped. */
void lab_path_sense(struct lab_path *path, struct lab_sense sense)
{
	if (path->n_pending < ARRAY_SIZE(path->pending))
		path->pending[path->n_pending++] = sense;
}

static void provision_report(struct cxl_afu *afu, unsigned int port, s64 luns, s64 blocks4k)
{
	u32 base = port_off(port);

	reg_set(afu, base + FC_CUR_LUNS, reg_get(afu, base + FC_CUR_LUNS) + luns);
	reg_set(afu, base + FC_CUR_CAP, reg_get(afu, base + FC_CUR_CAP) + blocks4k);
}

/* LUN_PROVISION CREATE: a LUN with the lowest free number of the port, unless space is short. */
int lab_provision(struct cxl_afu *afu, unsigned int port, u64 blocks4k, struct lab_sa *sa)
{
	u8 wwid[16] = { 0x60, 0x02, 0x53, 0x80 };
	struct lab_lun *lun;
	u64 lun_id;
	unsigned int number = 0;
	u32 base = port_off(port);

	if (port >= afu->n_ports || !blocks4k || reg_get(afu, base + FC_CUR_LUNS) >= PROVISION_MAX_LUNS ||
	    blocks4k > PROVISION_MAX_CAP - reg_get(afu, base + FC_CUR_CAP))
		return -ENOSPC;
	while (lab_path_get(afu, port, number))
		number++;
	get_random_bytes(wwid + 4, sizeof(wwid) - 4);
	lun = lab_lun_new(wwid, blocks4k * 4096, 4096);
	if (!lun || lab_path_add(afu, port, number, lun))
		return -ENOMEM;
	lun->provisioned = true;
	provision_report(afu, port, 1, blocks4k);
	lun_id = (u64)number << 48;
	sa->resid = lun_id >> 32;
	sa->lunid_lo = (u32)lun_id;
	memcpy(sa->wwid, wwid, sizeof(wwid));
	return 0;
}

int lab_unprovision(struct cxl_afu *afu, unsigned int port, u64 lun_id)
{
	struct lab_path *path = lab_path_get(afu, port, lun_id >> 48);

	if (!path || !path->lun->provisioned)
		return -ENOENT;
	provision_report(afu, port, -1, -(s64)(path->lun->blocks * path->lun->block_bytes / 4096));
	lab_path_remove(afu, port, lun_id >> 48);
	return 0;
}

/* Contents. A page that was never written reads as zeros and uses no memory. */
int lab_lun_rw(struct lab_lun *lun, u64 byte, void *buf, u64 len, bool write)
{
	while (len) {
		u32 in_page = byte % STORE_PAGE;
		u32 n = min_t(u64, len, STORE_PAGE - in_page);
		u8 *page = xa_load(&lun->pages, byte / STORE_PAGE);

		if (write && !page) {
			page = kzalloc(STORE_PAGE, GFP_KERNEL);
			if (!page || xa_err(xa_store(&lun->pages, byte / STORE_PAGE, page, GFP_KERNEL))) {
				kfree(page);
				return -ENOMEM;
			}
		}
		if (write)
			memcpy(page + in_page, buf, n);
		else if (page)
			memcpy(buf, page + in_page, n);
		else
			memset(buf, 0, n);
		byte += n;
		buf += n;
		len -= n;
	}
	return 0;
}

/* Zeroes a range. Whole pages are freed, so that the time depends only on the pages that were written. */
void lab_lun_zero(struct lab_lun *lun, u64 byte, u64 len)
{
	unsigned long index;
	u8 *page;

	xa_for_each_range(&lun->pages, index, page, byte / STORE_PAGE, (byte + len - 1) / STORE_PAGE) {
		u64 start = max_t(u64, byte, (u64)index * STORE_PAGE);
		u64 end = min_t(u64, byte + len, (u64)(index + 1) * STORE_PAGE);

		memset(page + start % STORE_PAGE, 0, end - start);
		if (end - start == STORE_PAGE)
			kfree(xa_erase(&lun->pages, index));
	}
}
