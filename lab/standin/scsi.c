/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SCSI commands a logical unit answers (SPC-4, SBC-3): enough for sd, sg, lsscsi and sg3_utils.
 */
#include "standin.h"

#include <asm/unaligned.h>
#include <linux/slab.h>
#include <scsi/scsi_proto.h>

#define XFER_MAX_BLOCKS 32768
#define PRIN_READ_KEYS 0
#define PRIN_READ_RESERVATION 1

struct reply {
	u8 *buf;
	u32 room;   /* bytes the initiator gives */
	u32 filled; /* bytes transferred */
	struct lab_sa *sa;
};

static void check(struct reply *r, u8 key, u8 asc, u8 ascq)
{
	struct lab_sa *sa = r->sa;

	sa->flags |= SA_SENSE;
	sa->scsi_rc = SCSI_RC_CHECK;
	memset(sa->sense, 0, sizeof(sa->sense));
	sa->sense[0] = 0x70;
	sa->sense[2] = key;
	sa->sense[7] = 10;
	sa->sense[12] = asc;
	sa->sense[13] = ascq;
	r->filled = 0;
}

static void bad_cdb(struct reply *r)
{
	check(r, ILLEGAL_REQUEST, 0x24, 0x00);
}

static void send(struct reply *r, const void *data, u32 len, u32 alloc)
{
	r->filled = min3(len, alloc, r->room);
	memcpy(r->buf, data, r->filled);
}

static void padded(u8 *to, const char *text, size_t len)
{
	size_t n = strnlen(text, len);

	memset(to, ' ', len);
	memcpy(to, text, n);
}

/* ---- INQUIRY --------------------------------------------------------------------------------- */

static u32 vpd_supported(u8 *p)
{
	static const u8 pages[] = { 0x00, 0x80, 0x83, 0xb0, 0xb1, 0xb2 };

	memcpy(p + 4, pages, sizeof(pages));
	return sizeof(pages);
}

static u32 vpd_serial(u8 *p, struct lab_lun *lun)
{
	char text[25];

	snprintf(text, sizeof(text), "%*phN", 12, lun->wwid + 4);
	memcpy(p + 4, text, 24);
	return 24;
}

/*
 * Several designators, as arrays send them, and the one that counts is not the first: T10 vendor id, the
 * NAA-6 of the logical unit, relative target port, NAA-5 of the target port.
 */
static u32 vpd_identification(u8 *p, struct cxl_afu *afu, unsigned int port, struct lab_lun *lun)
{
	u8 *d = p + 4;

	d[0] = 0x02;
	d[1] = 0x01;
	d[3] = 24;
	padded(d + 4, lun->vendor, 8);
	padded(d + 12, lun->product, 16);
	d += 4 + 24;
	d[0] = 0x01;
	d[1] = 0x03;
	d[3] = 16;
	memcpy(d + 4, lun->wwid, 16);
	d += 4 + 16;
	d[0] = 0x01;
	d[1] = 0x94;
	d[3] = 4;
	put_unaligned_be32(port + 1, d + 4);
	d += 4 + 4;
	d[0] = 0x01;
	d[1] = 0x93;
	d[3] = 8;
	put_unaligned_be64(0x5005076801000000ull + afu->index * 16 + port, d + 4);
	d += 4 + 8;
	return d - p - 4;
}

static u32 vpd_block_limits(u8 *p, struct lab_lun *lun)
{
	put_unaligned_be32(XFER_MAX_BLOCKS, p + 8);  /* maximum transfer length */
	put_unaligned_be32(XFER_MAX_BLOCKS, p + 20); /* maximum unmap LBA count */
	put_unaligned_be32(1, p + 24);
	put_unaligned_be64(XFER_MAX_BLOCKS, p + 36); /* maximum WRITE SAME length */
	return 0x3c;
}

static void inquiry(struct reply *r, struct cxl_afu *afu, unsigned int port, struct lab_path *path, const u8 *cdb)
{
	u8 p[256] = {};
	u32 len;

	if (!path) { /* no such logical unit: peripheral qualifier 3, SPC-4 6.4.2 */
		p[0] = 0x7f;
		p[2] = 0x06;
		p[3] = 0x02;
		p[4] = 91;
		padded(p + 8, "IBM", 8);
		padded(p + 16, "2145", 16);
		send(r, p, 96, get_unaligned_be16(cdb + 3));
		return;
	}
	if (cdb[1] & 1) {
		p[1] = cdb[2];
		switch (cdb[2]) {
		case 0x00: len = vpd_supported(p); break;
		case 0x80: len = vpd_serial(p, path->lun); break;
		case 0x83: len = vpd_identification(p, afu, port, path->lun); break;
		case 0xb0: len = vpd_block_limits(p, path->lun); break;
		case 0xb1: len = 0x3c; put_unaligned_be16(1, p + 4); break; /* non-rotating */
		case 0xb2: len = 4; p[5] = 0xe4; break; /* UNMAP, WRITE SAME(16/10) unmap, reads zeros */
		default: bad_cdb(r); return;
		}
		put_unaligned_be16(len, p + 2);
		send(r, p, len + 4, get_unaligned_be16(cdb + 3));
		return;
	}
	if (cdb[2]) {
		bad_cdb(r);
		return;
	}
	p[2] = 0x06; /* SPC-4 */
	p[3] = 0x12; /* HiSup, response format 2 */
	p[4] = 91;
	p[7] = 0x02; /* command queuing */
	padded(p + 8, path->lun->vendor, 8);
	padded(p + 16, path->lun->product, 16);
	padded(p + 32, path->lun->rev, 4);
	send(r, p, 96, get_unaligned_be16(cdb + 3));
}

static void report_luns(struct reply *r, struct cxl_afu *afu, unsigned int port, const u8 *cdb)
{
	struct xarray *paths = &afu->port[port].paths;
	struct lab_path *path;
	unsigned long number;
	u32 n = 0, alloc = get_unaligned_be32(cdb + 6);
	u8 *p;

	xa_for_each(paths, number, path)
		n++;
	p = kvzalloc(8 + 8 * n, GFP_KERNEL);
	if (!p) {
		check(r, ABORTED_COMMAND, 0x00, 0x00);
		return;
	}
	put_unaligned_be32(8 * n, p);
	n = 0;
	xa_for_each(paths, number, path)
		put_unaligned_be16(number, p + 8 + 8 * n++);
	send(r, p, 8 + 8 * n, alloc);
	kvfree(p);
}

/* ---- capacity, mode, logs -------------------------------------------------------------------- */

static void read_capacity10(struct reply *r, struct lab_lun *lun)
{
	u8 p[8];

	put_unaligned_be32(min_t(u64, lun->blocks - 1, U32_MAX), p);
	put_unaligned_be32(lun->block_bytes, p + 4);
	send(r, p, sizeof(p), sizeof(p));
}

static void read_capacity16(struct reply *r, struct lab_lun *lun, const u8 *cdb)
{
	u8 p[32] = {};

	put_unaligned_be64(lun->blocks - 1, p);
	put_unaligned_be32(lun->block_bytes, p + 8);
	p[14] = 0xc0; /* thin provisioned, unmapped blocks read zeros */
	send(r, p, sizeof(p), get_unaligned_be32(cdb + 10));
}

static void mode_sense(struct reply *r, const u8 *cdb)
{
	bool ten = cdb[0] == MODE_SENSE_10;
	u8 p[64] = {}, page = cdb[2] & 0x3f;
	u32 len = ten ? 8 : 4;

	if (page == 0x08 || page == 0x3f) { /* caching: write cache off */
		p[len] = 0x08;
		p[len + 1] = 0x12;
		len += 0x14;
	}
	if (page != 0x08 && page != 0x3f && page != 0x0a && page != 0x00) {
		bad_cdb(r);
		return;
	}
	p[ten ? 3 : 2] = 0x10; /* DPO/FUA */
	if (ten)
		put_unaligned_be16(len - 2, p);
	else
		p[0] = len - 1;
	send(r, p, len, ten ? get_unaligned_be16(cdb + 7) : cdb[4]);
}

/* ---- data ------------------------------------------------------------------------------------ */

static bool lba_in_range(struct reply *r, struct lab_lun *lun, u64 lba, u64 blocks)
{
	if (lba <= lun->blocks && blocks <= lun->blocks - lba)
		return true;
	check(r, ILLEGAL_REQUEST, 0x21, 0x00);
	return false;
}

static void transfer(struct reply *r, struct lab_lun *lun, u64 lba, u32 blocks, bool write)
{
	u64 len = (u64)blocks * lun->block_bytes;

	if (!lba_in_range(r, lun, lba, blocks))
		return;
	len = min_t(u64, len, r->room);
	if (lab_lun_rw(lun, lba * lun->block_bytes, r->buf, len, write))
		check(r, MEDIUM_ERROR, 0x0c, 0x00);
	else
		r->filled = len;
}

static void write_same(struct reply *r, struct lab_lun *lun, u64 lba, u64 blocks, u8 flags)
{
	u64 i;

	if (!blocks)
		blocks = lun->blocks - min(lba, lun->blocks);
	if (blocks > XFER_MAX_BLOCKS) {
		bad_cdb(r);
		return;
	}
	if (!lba_in_range(r, lun, lba, blocks))
		return;
	r->filled = min(r->room, lun->block_bytes);
	if ((flags & 0x08) || r->filled < lun->block_bytes || !memchr_inv(r->buf, 0, lun->block_bytes)) {
		lab_lun_zero(lun, lba * lun->block_bytes, blocks * lun->block_bytes);
		return;
	}
	for (i = 0; i < blocks; i++)
		if (lab_lun_rw(lun, (lba + i) * lun->block_bytes, r->buf, lun->block_bytes, true)) {
			check(r, MEDIUM_ERROR, 0x0c, 0x00);
			return;
		}
}

static void unmap(struct reply *r, struct lab_lun *lun)
{
	u32 off, end;

	if (r->room < 8)
		return;
	end = min_t(u32, r->room, 8 + get_unaligned_be16(r->buf + 2));
	for (off = 8; off + 16 <= end; off += 16) {
		u64 lba = get_unaligned_be64(r->buf + off);
		u32 blocks = get_unaligned_be32(r->buf + off + 8);

		if (!lba_in_range(r, lun, lba, blocks))
			return;
		if (blocks)
			lab_lun_zero(lun, lba * lun->block_bytes, (u64)blocks * lun->block_bytes);
	}
	r->filled = r->room;
}

/* READ KEYS and READ RESERVATION (SPC-4 6.15) */
static void reserve_in(struct reply *r, struct lab_lun *lun, const u8 *cdb)
{
	bool is_reserved = lun->reservation_key && lun->reservation_type;
	u8 data[24] = { 0 };
	u32 len = 0;

	put_unaligned_be64(lun->reservation_key, data + 8);
	switch (cdb[1] & 0x1f) {
	case PRIN_READ_KEYS:
		len = lun->reservation_key ? 8 : 0;
		break;
	case PRIN_READ_RESERVATION:
		len = is_reserved ? 16 : 0;
		data[21] = lun->reservation_type;
		break;
	default:
		return bad_cdb(r);
	}
	put_unaligned_be32(len, data + 4);
	send(r, data, 8 + len, get_unaligned_be16(cdb + 7));
}

/* ---- one command ----------------------------------------------------------------------------- */

/* These three are answered whatever is pending (SAM-5 5.14). */
static bool ignores_unit_attention(u8 op)
{
	return op == INQUIRY || op == REPORT_LUNS || op == REQUEST_SENSE;
}

static void pop_sense(struct reply *r, struct lab_path *path)
{
	struct lab_sense s = path->pending[0];

	memmove(path->pending, path->pending + 1, --path->n_pending * sizeof(s));
	check(r, s.key, s.asc, s.ascq);
}

static void execute(struct reply *r, struct cxl_afu *afu, unsigned int port, struct lab_path *path, const u8 *cdb)
{
	struct lab_lun *lun = path ? path->lun : NULL;

	if (cdb[0] == INQUIRY)
		return inquiry(r, afu, port, path, cdb);
	if (cdb[0] == REPORT_LUNS)
		return report_luns(r, afu, port, cdb);
	if (!path)
		return check(r, ILLEGAL_REQUEST, 0x25, 0x00); /* logical unit not supported */
	if (path->n_pending && !ignores_unit_attention(cdb[0]))
		return pop_sense(r, path);

	switch (cdb[0]) {
	case TEST_UNIT_READY:
	case SYNCHRONIZE_CACHE:
	case 0x91: /* SYNCHRONIZE CACHE(16) */
	case START_STOP:
	case VERIFY:
	case ALLOW_MEDIUM_REMOVAL:
		return;
	case REQUEST_SENSE:
		return send(r, "\x70\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0", 18, cdb[4]);
	case READ_CAPACITY:
		return read_capacity10(r, lun);
	case SERVICE_ACTION_IN_16:
		if ((cdb[1] & 0x1f) != SAI_READ_CAPACITY_16)
			return bad_cdb(r);
		if (path->unreadable) {
			path->unreadable--;
			return check(r, HARDWARE_ERROR, 0x44, 0x00);
		}
		return read_capacity16(r, lun, cdb);
	case MODE_SENSE:
	case MODE_SENSE_10:
		return mode_sense(r, cdb);
	case READ_6:
	case WRITE_6:
		return transfer(r, lun, get_unaligned_be24(cdb + 1) & 0x1fffff, cdb[4] ?: 256, cdb[0] == WRITE_6);
	case READ_10:
	case WRITE_10:
		return transfer(r, lun, get_unaligned_be32(cdb + 2), get_unaligned_be16(cdb + 7), cdb[0] == WRITE_10);
	case READ_16:
	case WRITE_16:
		return transfer(r, lun, get_unaligned_be64(cdb + 2), get_unaligned_be32(cdb + 10), cdb[0] == WRITE_16);
	case WRITE_SAME:
		return write_same(r, lun, get_unaligned_be32(cdb + 2), get_unaligned_be16(cdb + 7), cdb[1]);
	case WRITE_SAME_16:
		return write_same(r, lun, get_unaligned_be64(cdb + 2), get_unaligned_be32(cdb + 10), cdb[1]);
	case UNMAP:
		return unmap(r, lun);
	case PERSISTENT_RESERVE_IN:
		return reserve_in(r, lun, cdb);
	default:
		return check(r, ILLEGAL_REQUEST, 0x20, 0x00); /* invalid command operation code */
	}
}

void lab_scsi(struct cxl_afu *afu, unsigned int port, struct lab_path *path, const u8 *cdb, void *buf, u32 len,
	      struct lab_sa *sa)
{
	struct reply r = { .buf = buf, .room = len, .sa = sa };

	execute(&r, afu, port, path, cdb);
	if (r.filled < len) {
		sa->flags |= SA_UNDERRUN;
		sa->resid = len - r.filled;
	}
}
