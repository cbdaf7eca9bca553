/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cxl kernel API: contexts, their process elements and their interrupts.
 *
 * Interrupts are real Linux interrupts in a separate domain, so that /proc/interrupts lists them with the names from
 * the driver, as on a real machine. include/misc/cxl.h describes each call.
 */
#include "standin.h"

#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#define HWIRQS (LAB_MAX_ADAPTERS * (LAB_IRQS_MAX + 64))

static struct irq_domain *domain;
static DECLARE_BITMAP(hwirqs, HWIRQS);

static int irq_map(struct irq_domain *d, unsigned int virq, irq_hw_number_t hwirq)
{
	irq_set_chip_and_handler(virq, &dummy_irq_chip, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops domain_ops = { .map = irq_map };

int lab_irq_init(void)
{
	domain = irq_domain_add_tree(NULL, &domain_ops, NULL);
	return domain ? 0 : -ENOMEM;
}

/* ---- contexts ---------------------------------------------------------------------------------- */

struct cxl_context *lab_context_new(struct cxl_afu *afu, bool kernel)
{
	struct cxl_context *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	int pe;

	if (!ctx)
		return ERR_PTR(-ENOMEM);
	ctx->afu = afu;
	ctx->kernel = kernel;
	ctx->status = CTX_OPENED;
	spin_lock_init(&ctx->lock);
	init_waitqueue_head(&ctx->wq);
	mutex_lock(&lab_lock);
	pe = idr_alloc(&afu->pes, ctx, 0, afu->pe_limit, GFP_KERNEL);
	mutex_unlock(&lab_lock);
	if (pe < 0) {
		kfree(ctx);
		return ERR_PTR(pe);
	}
	ctx->pe = pe;
	return ctx;
}

static void free_user_irqs(struct cxl_context *ctx)
{
	unsigned int i;

	if (ctx->kernel)
		return;
	for (i = 1; i < LAB_CTX_IRQS; i++)
		cxl_unmap_afu_irq(ctx, i, ctx);
	cxl_free_afu_irqs(ctx);
}

void lab_context_free(struct cxl_context *ctx)
{
	free_user_irqs(ctx);
	mutex_lock(&lab_lock);
	idr_remove(&ctx->afu->pes, ctx->pe);
	lab_afu_forget(ctx);
	mutex_unlock(&lab_lock);
	if (ctx->mm)
		mmdrop(ctx->mm);
	kfree(ctx);
}

static int start(struct cxl_context *ctx, struct mm_struct *mm)
{
	int rc = 0;

	mutex_lock(&lab_lock);
	if (ctx->afu->link != LINK_OK) {
		rc = -EIO;
	} else if (ctx->status != CTX_STARTED) {
		if (mm && !ctx->mm) {
			mmgrab(mm);
			ctx->mm = mm;
		}
		lab_afu_context_start(ctx);
		ctx->status = CTX_STARTED;
	}
	mutex_unlock(&lab_lock);
	return rc;
}

static bool close_locked(struct cxl_context *ctx)
{
	bool was_started = ctx->status == CTX_STARTED;

	ctx->status = CTX_CLOSED;
	lab_afu_forget(ctx);
	wake_up_all(&ctx->wq);
	return was_started;
}

int lab_context_detach(struct cxl_context *ctx)
{
	bool was_started;

	mutex_lock(&lab_lock);
	was_started = close_locked(ctx);
	mutex_unlock(&lab_lock);
	free_user_irqs(ctx);
	return was_started ? 0 : -EBUSY;
}

/* EEH: every context is closed. Its owner detects this by poll or ioctl, and frees it by closing its file. */
void lab_context_close_all(struct cxl_afu *afu)
{
	struct cxl_context *ctx;
	int pe;

	mutex_lock(&lab_lock);
	idr_for_each_entry(&afu->pes, ctx, pe)
		close_locked(ctx);
	mutex_unlock(&lab_lock);
}

unsigned int lab_contexts_started(struct cxl_afu *afu)
{
	struct cxl_context *ctx;
	unsigned int n = 0;
	int pe;

	idr_for_each_entry(&afu->pes, ctx, pe)
		n += ctx->status == CTX_STARTED;
	return n;
}

/* ---- interrupts -------------------------------------------------------------------------------- */

void lab_context_irq(struct cxl_context *ctx, unsigned int num)
{
	if (num && num < LAB_CTX_IRQS && ctx->virq[num]) {
		ctx->afu->count.interrupts++;
		generic_handle_irq_safe(ctx->virq[num]);
	}
}

static irqreturn_t user_irq(int irq, void *data)
{
	struct cxl_context *ctx = data;
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&ctx->lock, flags);
	for (i = 1; i < LAB_CTX_IRQS; i++)
		if (ctx->virq[i] == irq)
			ctx->irq_pending |= BIT(i);
	spin_unlock_irqrestore(&ctx->lock, flags);
	wake_up_all(&ctx->wq);
	return IRQ_HANDLED;
}

int cxl_allocate_afu_irqs(struct cxl_context *ctx, int num)
{
	struct cxl_afu *afu = ctx->afu;

	if (!num)
		num = LAB_IRQS_MIN;
	if (num >= LAB_CTX_IRQS)
		return -EINVAL;
	if (afu->n_irqs + num > afu->irq_limit)
		return -ENOSPC;
	afu->n_irqs += num;
	ctx->n_irqs = num;
	return 0;
}
EXPORT_SYMBOL_GPL(cxl_allocate_afu_irqs);

void cxl_free_afu_irqs(struct cxl_context *ctx)
{
	ctx->afu->n_irqs -= ctx->n_irqs;
	ctx->n_irqs = 0;
}
EXPORT_SYMBOL_GPL(cxl_free_afu_irqs);

int cxl_map_afu_irq(struct cxl_context *ctx, int num, irq_handler_t handler, void *cookie, char *name)
{
	unsigned int hwirq, virq;

	if (num < 1 || num > ctx->n_irqs)
		return -ENOENT;
	mutex_lock(&lab_lock);
	hwirq = find_first_zero_bit(hwirqs, HWIRQS);
	if (hwirq < HWIRQS)
		set_bit(hwirq, hwirqs);
	mutex_unlock(&lab_lock);
	if (hwirq >= HWIRQS)
		return -ENOSPC;
	virq = irq_create_mapping(domain, hwirq);
	if (!virq || request_irq(virq, handler, 0, name, cookie)) {
		if (virq)
			irq_dispose_mapping(virq);
		clear_bit(hwirq, hwirqs);
		return 0;
	}
	ctx->virq[num] = virq;
	return virq;
}
EXPORT_SYMBOL_GPL(cxl_map_afu_irq);

void cxl_unmap_afu_irq(struct cxl_context *ctx, int num, void *cookie)
{
	unsigned int virq, hwirq;

	if (num < 1 || num >= LAB_CTX_IRQS)
		return;
	/* Under the lock, so that the AFU thread does not raise it at the same time. */
	mutex_lock(&lab_lock);
	virq = ctx->virq[num];
	ctx->virq[num] = 0;
	mutex_unlock(&lab_lock);
	if (!virq)
		return;
	hwirq = irq_get_irq_data(virq)->hwirq;
	free_irq(virq, cookie);
	irq_dispose_mapping(virq);
	clear_bit(hwirq, hwirqs);
}
EXPORT_SYMBOL_GPL(cxl_unmap_afu_irq);

/* ---- the rest of the API ----------------------------------------------------------------------- */

struct cxl_afu *cxl_pci_to_afu(struct pci_dev *dev)
{
	return lab_bus_afu(dev->bus);
}
EXPORT_SYMBOL_GPL(cxl_pci_to_afu);

struct cxl_context *cxl_get_context(struct pci_dev *dev)
{
	return dev->dev.archdata.cxl_ctx;
}
EXPORT_SYMBOL_GPL(cxl_get_context);

struct cxl_context *cxl_dev_context_init(struct pci_dev *dev)
{
	return lab_context_new(cxl_pci_to_afu(dev), true);
}
EXPORT_SYMBOL_GPL(cxl_dev_context_init);

int cxl_release_context(struct cxl_context *ctx)
{
	if (ctx->status == CTX_STARTED)
		return -EBUSY;
	lab_context_free(ctx);
	return 0;
}
EXPORT_SYMBOL_GPL(cxl_release_context);

int cxl_start_context(struct cxl_context *ctx, u64 wed, struct task_struct *task)
{
	return start(ctx, task ? task->mm : NULL);
}
EXPORT_SYMBOL_GPL(cxl_start_context);

int cxl_stop_context(struct cxl_context *ctx)
{
	return lab_context_detach(ctx);
}
EXPORT_SYMBOL_GPL(cxl_stop_context);

/* Start a context for the calling process, with interrupts that arrive as events on its file descriptor. */
int cxl_start_work(struct cxl_context *ctx, struct cxl_ioctl_start_work *work)
{
	int num = work->flags & CXL_START_WORK_NUM_IRQS ? work->num_interrupts : LAB_IRQS_MIN;
	unsigned int i;
	int rc;

	if (num < LAB_IRQS_MIN || num >= LAB_CTX_IRQS)
		return -EINVAL;
	ctx->kernel = false;
	rc = cxl_allocate_afu_irqs(ctx, num);
	if (rc)
		return rc;
	for (i = 1; i <= num; i++) {
		snprintf(ctx->irq_name[i], sizeof(ctx->irq_name[i]), "cxl-afu%u.0-pe%d-%u", ctx->afu->index, ctx->pe, i);
		if (cxl_map_afu_irq(ctx, i, user_irq, ctx, ctx->irq_name[i]) <= 0) {
			free_user_irqs(ctx);
			return -ENOMEM;
		}
	}
	rc = start(ctx, current->mm);
	if (rc)
		free_user_irqs(ctx);
	return rc;
}
EXPORT_SYMBOL_GPL(cxl_start_work);

int cxl_process_element(struct cxl_context *ctx)
{
	return ctx->pe;
}
EXPORT_SYMBOL_GPL(cxl_process_element);

void cxl_set_master(struct cxl_context *ctx)
{
	ctx->master = true;
}
EXPORT_SYMBOL_GPL(cxl_set_master);

int cxl_afu_reset(struct cxl_context *ctx)
{
	int rc = 0;

	mutex_lock(&lab_lock);
	if (ctx->afu->link != LINK_OK)
		rc = -EIO;
	else
		lab_afu_reset(ctx->afu);
	mutex_unlock(&lab_lock);
	return rc;
}
EXPORT_SYMBOL_GPL(cxl_afu_reset);

/* A master sees all registers, others their own 64 KiB. */
void __iomem *cxl_psa_map(struct cxl_context *ctx)
{
	if (ctx->status != CTX_STARTED)
		return NULL;
	return (void __iomem *)(ctx->afu->psa + (ctx->master ? 0 : ctx->pe * AFU_HOST_SIZE));
}
EXPORT_SYMBOL_GPL(cxl_psa_map);

void cxl_psa_unmap(void __iomem *addr)
{
}
EXPORT_SYMBOL_GPL(cxl_psa_unmap);

void cxl_perst_reloads_same_image(struct cxl_afu *afu, bool perst_reloads_same_image)
{
	afu->perst_same_image = perst_reloads_same_image;
}
EXPORT_SYMBOL_GPL(cxl_perst_reloads_same_image);

static u8 *vpd_keyword(u8 *p, const char *keyword, const char *value)
{
	u8 len = strlen(value);

	memcpy(p, keyword, 2);
	p[2] = len;
	memcpy(p + 3, value, len);
	return p + 3 + len;
}

/* Card VPD (PCI local bus specification, appendix I): V5..V8 are the ports' WWPNs. */
ssize_t cxl_read_adapter_vpd(struct pci_dev *dev, void *buf, size_t count)
{
	static const char *const wwpn_keyword[LAB_MAX_PORTS] = { "V5", "V6", "V7", "V8" };
	struct cxl_afu *afu = cxl_pci_to_afu(dev);
	u8 vpd[256] = {}, *p, *ro;
	char text[20];
	unsigned int i;

	p = vpd;
	p[0] = 0x82;
	p[1] = strlen(afu->kind->name);
	memcpy(p + 3, afu->kind->name, p[1]);
	p += 3 + p[1];
	ro = p;
	ro[0] = 0x90;
	p += 3;
	p = vpd_keyword(p, "PN", "00LAB00");
	p = vpd_keyword(p, "V3", "00000003");
	for (i = 0; afu->kind->wwpn_in_vpd && i < afu->n_ports; i++) {
		snprintf(text, sizeof(text), "%016llx", afu->port[i].wwpn);
		p = vpd_keyword(p, wwpn_keyword[i], text);
	}
	p = vpd_keyword(p, "RV", "0");
	ro[1] = p - ro - 3;
	*p++ = 0x78;
	count = min_t(size_t, count, sizeof(vpd));
	memcpy(buf, vpd, count);
	return count;
}
EXPORT_SYMBOL_GPL(cxl_read_adapter_vpd);
