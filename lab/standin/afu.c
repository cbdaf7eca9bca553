/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AFU: registers, submission queues and AFU commands.
 *
 * Only submission-queue mode is implemented: polling cannot miss a change of the tail of a ring, but it can miss writes
 * to IOARRIN. The caller holds lab_lock.
 */
#include "standin.h"

#include <asm/unaligned.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define AFU_CMD_SYNC 0xC0
#define AFU_CMD_PROVISION 0xD0
#define AFU_CMD_DEBUG 0xE0
#define MAX_DATA (16u << 20)
#define BURST 64 /* commands of one context in one poll */

/* A command that a fault control holds back. */
struct lab_late {
	struct list_head node;
	struct cxl_context *ctx;
	struct lab_rcb rcb;
	ktime_t due;
};

static u32 host_off(struct cxl_context *ctx)
{
	return ctx->pe * AFU_HOST_SIZE;
}

static u32 ctrl_off(struct cxl_context *ctx)
{
	return AFU_CTRL_BASE + ctx->pe * AFU_CTRL_SIZE;
}

/* ---- power on, reset, start of a context ------------------------------------------------------- */

int lab_afu_init(struct cxl_afu *afu)
{
	afu->psa = vzalloc(AFU_PSA_SIZE);
	if (!afu->psa)
		return -ENOMEM;
	INIT_LIST_HEAD(&afu->late);
	lab_afu_reset(afu);
	return 0;
}

static void port_reset(struct cxl_afu *afu, unsigned int port)
{
	u32 base = port_off(port);
	u64 luns = reg_get(afu, base + FC_CUR_LUNS), cap = reg_get(afu, base + FC_CUR_CAP);

	memset(afu->psa + base, 0, 0x1000);	     /* registers */
	memset(afu->psa + base + 0x2000, 0, 0x1000); /* LUN table */
	reg_set(afu, base + FC_MAX_LUNS, 64);
	reg_set(afu, base + FC_CUR_LUNS, luns);
	reg_set(afu, base + FC_MAX_CAP, 1ull << 28);
	reg_set(afu, base + FC_CUR_CAP, cap);
	afu->port[port].last_cmd = 0;
	afu->port[port].fc_error = 0;
	lab_port_update(afu, port);
}

void lab_afu_reset(struct cxl_afu *afu)
{
	unsigned int i;
	u64 version;

	memset(afu->psa + AFU_CTRL_BASE, 0, LAB_CONTEXTS * AFU_CTRL_SIZE);
	memset(afu->psa + AFU_GLOBAL, 0, 0x1000);
	reg_set(afu, AFU_GLOBAL + GLOB_PORT_SEL, (1u << afu->n_ports) - 1);
	reg_set(afu, AFU_GLOBAL + GLOB_AINTR_MASK, ~0ull);
	memcpy(&version, afu->kind->afu_version, 8); /* the only register with text: not byte-swapped */
	WRITE_ONCE(*(u64 *)(afu->psa + AFU_GLOBAL + GLOB_VERSION), version);
	reg_set(afu, AFU_GLOBAL + GLOB_INTERFACE, afu->kind->interface);
	for (i = 0; i < LAB_MAX_PORTS; i++)
		port_reset(afu, i);
	afu->enabled = true;
	afu->owes_answer = false;
	afu->count.resets++;
}

void lab_afu_context_start(struct cxl_context *ctx)
{
	struct cxl_afu *afu = ctx->afu;
	u32 base = host_off(ctx);

	memset(afu->psa + base, 0, 0x80);
	reg_set(afu, base + HOST_CMD_ROOM, 256);
	reg_set(afu, base + HOST_CTX_CTRL, HOST_CTX_CTRL_UNMAP);
	ctx->sq_head = 0;
	ctx->rrq_next = 0;
	ctx->toggle = true;
}

/* The context is stopped or reset: none of its commands may be answered any more. */
void lab_afu_forget(struct cxl_context *ctx)
{
	struct lab_late *late, *next;

	list_for_each_entry_safe(late, next, &ctx->afu->late, node)
		if (late->ctx == ctx) {
			list_del(&late->node);
			kfree(late);
		}
}

/* ---- memory of the context's owner ------------------------------------------------------------- */

static int ea_read(struct cxl_context *ctx, u64 ea, void *to, size_t len)
{
	if (ctx->kernel) {
		memcpy(to, (void *)ea, len);
		return 0;
	}
	return copy_from_user(to, (void __user *)ea, len) ? -EFAULT : 0;
}

static int ea_write(struct cxl_context *ctx, u64 ea, const void *from, size_t len)
{
	if (ctx->kernel) {
		memcpy((void *)ea, from, len);
		return 0;
	}
	return copy_to_user((void __user *)ea, from, len) ? -EFAULT : 0;
}

/* ---- answering --------------------------------------------------------------------------------- */

static void respond(struct cxl_context *ctx, const struct lab_rcb *rcb, const struct lab_sa *sa)
{
	struct cxl_afu *afu = ctx->afu;
	u64 start = reg_get(afu, host_off(ctx) + HOST_RRQ_START), end = reg_get(afu, host_off(ctx) + HOST_RRQ_END);
	u64 entry = rcb->ioasa | ctx->toggle;

	if (!start || end < start)
		return;
	if (ctx->rrq_next < start || ctx->rrq_next > end)
		ctx->rrq_next = start;
	if (ea_write(ctx, rcb->ioasa, sa, sizeof(*sa)))
		return;
	smp_wmb(); /* the status is written before the response that announces it */
	if (ea_write(ctx, ctx->rrq_next, &entry, sizeof(entry)))
		return;
	ctx->rrq_next += sizeof(entry);
	if (ctx->rrq_next > end) {
		ctx->rrq_next = start;
		ctx->toggle = !ctx->toggle;
	}
	smp_wmb();
	lab_context_irq(ctx, rcb->irq);
}

/* ---- AFU commands ------------------------------------------------------------------------------ */

static void afu_debug(struct cxl_context *ctx, const struct lab_rcb *rcb, struct lab_sa *sa)
{
	struct cxl_afu *afu = ctx->afu;
	u32 done;

	if (rcb->cdb[4] == 0xff) { /* an unknown sub-command, which is refused: for tests */
		sa->afu_rc = AFU_RC_CAP;
		return;
	}
	if (rcb->flags & RCB_WRITE) {
		ea_read(ctx, rcb->data_ea, afu->debug, min_t(u32, rcb->data_len, sizeof(afu->debug)));
		return;
	}
	for (done = 0; done < rcb->data_len; done += sizeof(afu->debug))
		ea_write(ctx, rcb->data_ea + done, afu->debug,
			 min_t(u32, rcb->data_len - done, sizeof(afu->debug)));
}

static void afu_command(struct cxl_context *ctx, const struct lab_rcb *rcb, struct lab_sa *sa)
{
	struct cxl_afu *afu = ctx->afu;

	if (!(reg_get(afu, ctrl_off(ctx) + CTRL_CTX_CAP) & CAP_AFU_CMD)) {
		sa->afu_rc = AFU_RC_CAP;
		return;
	}
	switch (rcb->cdb[0]) {
	case AFU_CMD_SYNC:
		return;
	case AFU_CMD_PROVISION:
		if (rcb->cdb[1] == 0 ? lab_provision(afu, rcb->cdb[2], get_unaligned_be64(rcb->cdb + 8), sa) :
				       lab_unprovision(afu, rcb->cdb[2], rcb->lun_id))
			sa->afu_rc = AFU_RC_NO_BUFFERS;
		return;
	case AFU_CMD_DEBUG:
		afu_debug(ctx, rcb, sa);
		return;
	default:
		sa->afu_rc = AFU_RC_CAP;
	}
}

/* ---- SCSI commands: which port and LUN, which blocks ------------------------------------------- */

struct route {
	unsigned int port;
	u64 number;  /* LUN */
	u8 cdb[16];
	u8 afu_rc;   /* not 0: refused */
};

/* The handle's translation table entry; formats of SISLite, contract section 4.5. */
struct rht_entry {
	u64 dw0;
	union {
		struct {
			u32 lxt_cnt;
			u16 rsvd;
			u8 fp, nmask;
		};
		struct {
			u8 valid, rsvd1[5], fp1, port_mask;
		};
	};
};

static bool is_write(const u8 *cdb)
{
	switch (cdb[0]) {
	case 0x0a: case 0x2a: case 0x8a: case 0x41: case 0x93: case 0x42:
		return true;
	default:
		return false;
	}
}

/* Replace the virtual LBA of a 16-byte data command by the LUN's own. */
static void translate(struct route *route, const struct rht_entry *rht)
{
	u64 vlba = get_unaligned_be64(route->cdb + 2), chunk = vlba >> 16, lxt;

	if (route->cdb[0] != 0x88 && route->cdb[0] != 0x8a && route->cdb[0] != 0x93) {
		route->afu_rc = AFU_RC_CAP;
		return;
	}
	if (chunk >= rht->lxt_cnt || ((vlba + get_unaligned_be32(route->cdb + 10) - 1) >> 16) != chunk) {
		route->afu_rc = AFU_RC_LXT_BOUNDS;
		return;
	}
	lxt = ((u64 *)rht->dw0)[chunk];
	put_unaligned_be64((lxt >> 16 << 16) | (vlba & 0xffff), route->cdb + 2);
	route->number = lxt >> 8 & 0xff; /* LUN table index, until the port is known */
	route->port = lxt & 0xf;	 /* mask */
}

static unsigned int pick_port(struct cxl_afu *afu, unsigned int mask)
{
	unsigned int i;

	mask &= reg_get(afu, AFU_GLOBAL + GLOB_PORT_SEL);
	for (i = 0; i < afu->n_ports; i++)
		if ((mask & BIT(i)) && afu->port[i].online)
			return i;
	return LAB_MAX_PORTS;
}

static void route_handle(struct cxl_context *ctx, const struct lab_rcb *rcb, struct route *route)
{
	struct cxl_afu *afu = ctx->afu;
	u64 table = reg_get(afu, ctrl_off(ctx) + CTRL_RHT_START);
	u64 count = reg_get(afu, ctrl_off(ctx) + CTRL_RHT_CNT_ID) >> 48;
	bool virtual;
	unsigned int index;
	struct rht_entry rht;
	u8 fp;

	if (!table || rcb->target >= count) {
		route->afu_rc = AFU_RC_RHT_BOUNDS;
		return;
	}
	rht = ((struct rht_entry *)table)[rcb->target];
	fp = rht.fp1; /* the same byte in both formats */
	virtual = fp >> 4 == 0;
	if (!rht.port_mask) {
		route->afu_rc = AFU_RC_RHT_INVALID;
		return;
	}
	if (!(fp & (is_write(route->cdb) ? 2 : 1))) {
		route->afu_rc = AFU_RC_RHT_PERM;
		return;
	}
	if (!virtual) {
		route->number = rht.dw0 >> 48;
		route->port = pick_port(afu, rht.port_mask);
		return;
	}
	translate(route, &rht);
	if (route->afu_rc)
		return;
	index = route->number;
	route->port = pick_port(afu, route->port);
	if (route->port < LAB_MAX_PORTS)
		route->number = reg_get(afu, port_off(route->port) + 0x2000 + 8 * index) >> 48;
}

static void route_command(struct cxl_context *ctx, const struct lab_rcb *rcb, struct route *route)
{
	memcpy(route->cdb, rcb->cdb, sizeof(route->cdb));
	if (rcb->flags & RCB_HANDLE) {
		route_handle(ctx, rcb, route);
	} else if (!(reg_get(ctx->afu, ctrl_off(ctx) + CTRL_CTX_CAP) & CAP_GSCSI)) {
		route->afu_rc = AFU_RC_CAP;
	} else {
		route->number = rcb->lun_id >> 48;
		route->port = pick_port(ctx->afu, rcb->target);
	}
	if (!route->afu_rc && route->port >= LAB_MAX_PORTS)
		route->afu_rc = AFU_RC_NO_CHANNELS;
}

static void scsi_command(struct cxl_context *ctx, const struct lab_rcb *rcb, struct lab_sa *sa)
{
	struct cxl_afu *afu = ctx->afu;
	struct route route = {};
	struct lab_path *path;
	void *buf = (void *)rcb->data_ea;

	afu->count.scsi++;
	route_command(ctx, rcb, &route);
	sa->afu_rc = route.afu_rc;
	if (route.afu_rc || (rcb->flags & RCB_TMF))
		return;
	sa->port = route.port;
	if (rcb->data_len > MAX_DATA) {
		sa->afu_rc = AFU_RC_NO_BUFFERS;
		return;
	}
	if (!ctx->kernel && rcb->data_len) {
		buf = kvmalloc(rcb->data_len, GFP_KERNEL);
		if (!buf || ((rcb->flags & RCB_WRITE) && ea_read(ctx, rcb->data_ea, buf, rcb->data_len))) {
			kvfree(buf);
			sa->afu_rc = AFU_RC_DMA;
			return;
		}
	}
	path = lab_path_get(afu, route.port, route.number);
	lab_scsi(afu, route.port, path, route.cdb, buf, rcb->data_len, sa);
	if (rcb->flags & 0x4000) { /* underruns are not to be reported */
		sa->flags &= ~SA_UNDERRUN;
		sa->resid = 0;
	}
	if (!ctx->kernel && rcb->data_len) {
		if (!(rcb->flags & RCB_WRITE) && ea_write(ctx, rcb->data_ea, buf, rcb->data_len))
			sa->afu_rc = AFU_RC_DMA;
		kvfree(buf);
	}
}

/* ---- queues ------------------------------------------------------------------------------------ */

static void execute(struct cxl_context *ctx, const struct lab_rcb *rcb)
{
	struct lab_sa sa = {};

	if (rcb->flags & RCB_AFU)
		afu_command(ctx, rcb, &sa);
	else
		scsi_command(ctx, rcb, &sa);
	if (sa.afu_rc)
		ctx->afu->count.failed++;
	respond(ctx, rcb, &sa);
}

/* Returns true if an injected fault consumed the command. */
static bool intercept(struct cxl_context *ctx, const struct lab_rcb *rcb)
{
	struct cxl_afu *afu = ctx->afu;
	struct lab_fault *fault = &afu->fault;
	struct lab_sa sa = {};
	struct lab_late *late;

	if (!fault->count || !(fault->class & (rcb->flags & RCB_AFU ? FAULT_AFU : FAULT_SCSI)))
		return false;
	fault->count--;
	if (fault->kind != FAULT_FAIL) {
		afu->owes_answer = true;
		wake_up_all(&lab_owed);
	}
	switch (fault->kind) {
	case FAULT_LOSE:
		afu->count.lost++;
		return true;
	case FAULT_FAIL:
		afu->count.failed++;
		sa.afu_rc = fault->arg;
		respond(ctx, rcb, &sa);
		return true;
	case FAULT_DELAY:
		late = kmalloc(sizeof(*late), GFP_KERNEL);
		if (!late)
			return false;
		late->ctx = ctx;
		late->rcb = *rcb;
		late->due = ktime_add_ms(ktime_get(), fault->arg);
		list_add_tail(&late->node, &afu->late);
		return true;
	default:
		return false;
	}
}

static bool context_reset(struct cxl_context *ctx)
{
	u32 base = host_off(ctx);

	if (!(reg_get(ctx->afu, base + HOST_SQ_RESET) & 1))
		return false;
	lab_afu_forget(ctx);
	ctx->afu->owes_answer = false;
	ctx->sq_head = reg_get(ctx->afu, base + HOST_SQ_TAIL);
	reg_set(ctx->afu, base + HOST_SQ_HEAD, ctx->sq_head);
	reg_set(ctx->afu, base + HOST_SQ_RESET, 0);
	return true;
}

static bool queue_step(struct cxl_context *ctx)
{
	struct cxl_afu *afu = ctx->afu;
	u32 base = host_off(ctx);
	u64 start = reg_get(afu, base + HOST_SQ_START), end = reg_get(afu, base + HOST_SQ_END);
	u64 tail = reg_get(afu, base + HOST_SQ_TAIL);
	unsigned int n;

	if (!start || end < start || !tail)
		return false;
	if (ctx->sq_head < start || ctx->sq_head > end)
		ctx->sq_head = start;
	for (n = 0; n < BURST && ctx->sq_head != tail; n++) {
		struct lab_rcb rcb;

		smp_rmb(); /* the entry is read after the tail that announced it */
		if (ea_read(ctx, ctx->sq_head, &rcb, sizeof(rcb)))
			return false;
		ctx->sq_head += sizeof(rcb);
		if (ctx->sq_head > end)
			ctx->sq_head = start;
		reg_set(afu, base + HOST_SQ_HEAD, ctx->sq_head);
		afu->count.commands++;
		if (!intercept(ctx, &rcb))
			execute(ctx, &rcb);
		if (context_reset(ctx))
			return true;
	}
	return n;
}

static bool context_step(struct cxl_context *ctx)
{
	bool busy = context_reset(ctx);

	if (ctx->kernel)
		return queue_step(ctx) || busy;
	if (!reg_get(ctx->afu, host_off(ctx) + HOST_SQ_START) || !ctx->mm || !mmget_not_zero(ctx->mm))
		return busy;
	kthread_use_mm(ctx->mm);
	busy |= queue_step(ctx);
	kthread_unuse_mm(ctx->mm);
	mmput_async(ctx->mm);
	return busy;
}

static bool late_step(struct cxl_afu *afu)
{
	struct lab_late *late, *next;

	list_for_each_entry_safe(late, next, &afu->late, node) {
		if (ktime_before(ktime_get(), late->due))
			continue;
		list_del(&late->node);
		if (late->ctx->kernel) /* faults apply to commands of the driver only */
			execute(late->ctx, &late->rcb);
		kfree(late);
		afu->owes_answer = !list_empty(&afu->late);
		return true;
	}
	return false;
}

/* ---- ports and asynchronous errors ------------------------------------------------------------- */

/* Sets MTIP_STATUS from cable and state. */
void lab_port_update(struct cxl_afu *afu, unsigned int port)
{
	struct lab_port *p = &afu->port[port];

	reg_set(afu, port_off(port) + FC_MTIP_STATUS,
		port < afu->n_ports && p->cable && p->online ? FC_IS_ONLINE : FC_IS_OFFLINE);
}

/* Sets bits of the asynchronous status, and interrupts the driver if they are not masked. */
void lab_afu_async(struct cxl_afu *afu, u64 bits)
{
	struct cxl_context *ctx;
	u64 ctrl = reg_get(afu, AFU_GLOBAL + GLOB_AFU_CTRL) >> 40;

	reg_set(afu, AFU_GLOBAL + GLOB_AINTR_STATUS, reg_get(afu, AFU_GLOBAL + GLOB_AINTR_STATUS) | bits);
	ctx = idr_find(&afu->pes, ctrl >> 8);
	if (ctx && (bits & ~reg_get(afu, AFU_GLOBAL + GLOB_AINTR_MASK)))
		lab_context_irq(ctx, ctrl & 0xff);
}

static bool port_step(struct cxl_afu *afu, unsigned int port)
{
	struct lab_port *p = &afu->port[port];
	u32 base = port_off(port), cmd = reg_get(afu, base + FC_CMDCONFIG) & (FC_CMD_ONLINE | FC_CMD_OFFLINE);
	u64 error = reg_get(afu, base + FC_ERROR);
	bool busy = false;

	if (cmd != p->last_cmd) {
		p->last_cmd = cmd;
		if (cmd == FC_CMD_OFFLINE)
			p->online = false;
		else if (cmd == FC_CMD_ONLINE)
			p->online = p->cable;
		lab_port_update(afu, port);
		busy = true;
	}
	if (reg_get(afu, base + FC_CONFIG2) & 0x30) /* a requested shutdown completes at once */
		reg_set(afu, base + FC_STATUS, reg_get(afu, base + FC_STATUS) | 0x20);
	/* Ones that are written clear bits. A write of exactly the set bits cannot be detected: control.c clears those. */
	if (error != p->fc_error) {
		p->fc_error &= ~error;
		reg_set(afu, base + FC_ERROR, p->fc_error);
	}
	return busy;
}

static bool registers_step(struct cxl_afu *afu)
{
	u64 clear = reg_get(afu, AFU_GLOBAL + GLOB_AINTR_CLEAR);
	bool busy = false;
	unsigned int i;

	if (clear) {
		reg_set(afu, AFU_GLOBAL + GLOB_AINTR_STATUS, reg_get(afu, AFU_GLOBAL + GLOB_AINTR_STATUS) & ~clear);
		reg_set(afu, AFU_GLOBAL + GLOB_AINTR_CLEAR, 0);
	}
	for (i = 0; i < afu->n_ports; i++)
		busy |= port_step(afu, i);
	return busy;
}

/* Polls everything once. Returns whether there was work. */
bool lab_afu_step(struct cxl_afu *afu)
{
	struct cxl_context *ctx;
	bool busy;
	int pe;

	if (afu->deaf || afu->link != LINK_OK || !afu->enabled)
		return false;
	busy = registers_step(afu) | late_step(afu);
	idr_for_each_entry(&afu->pes, ctx, pe)
		if (ctx->status == CTX_STARTED)
			busy |= context_step(ctx);
	return busy;
}
