/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The adapter file descriptor: a file of a pseudo file system of its own, named cxl:<process element>,
 * through which the owner maps its registers, waits for events and reads its process element.
 */
#include "standin.h"

#include <linux/file.h>
#include <linux/fs_context.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/poll.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define FS_MAGIC 0x1697697f /* what statfs(2) on /proc/PID/fd/N reports */

static int fs_count;
static struct vfsmount *fs_mount;

static int fs_init(struct fs_context *fc)
{
	return init_pseudo(fc, FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type fs_type = {
	.name = "cxl",
	.owner = THIS_MODULE,
	.init_fs_context = fs_init,
	.kill_sb = kill_anon_super,
};

/* ---- mapping ----------------------------------------------------------------------------------- */

static vm_fault_t page_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct cxl_context *ctx = vma->vm_file->private_data;
	u64 offset = (u64)vmf->pgoff << PAGE_SHIFT;

	if (ctx->status != CTX_STARTED || offset >= AFU_HOST_SIZE)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vma, vmf->address,
			      vmalloc_to_pfn(ctx->afu->psa + (u64)ctx->pe * AFU_HOST_SIZE + offset));
}

static const struct vm_operations_struct vm_ops = { .fault = page_fault };

int cxl_fd_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cxl_context *ctx = file->private_data;
	u64 start = (u64)vma->vm_pgoff << PAGE_SHIFT, len = vma->vm_end - vma->vm_start;

	if (ctx->status != CTX_STARTED || ctx->afu->link != LINK_OK)
		return -EIO;
	if (start + len > AFU_HOST_SIZE)
		return -EINVAL;
	vma->vm_flags |= VM_IO | VM_PFNMAP;
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_ops = &vm_ops;
	return 0;
}
EXPORT_SYMBOL_GPL(cxl_fd_mmap);

/* ---- events ------------------------------------------------------------------------------------ */

static bool event_pending(struct cxl_context *ctx)
{
	return ctx->irq_pending || ctx->afu_error_pending;
}

static __poll_t fd_poll(struct file *file, struct poll_table_struct *poll)
{
	struct cxl_context *ctx = file->private_data;

	poll_wait(file, &ctx->wq, poll);
	if (event_pending(ctx))
		return EPOLLIN | EPOLLRDNORM;
	return ctx->status == CTX_CLOSED ? EPOLLERR : 0;
}

/* Interrupts first, lowest number first, then the AFU's error. */
static bool take_event(struct cxl_context *ctx, struct cxl_event *event)
{
	unsigned long flags;
	bool found = true;

	memset(event, 0, sizeof(*event));
	event->header.process_element = ctx->pe;
	event->header.size = sizeof(event->header);
	spin_lock_irqsave(&ctx->lock, flags);
	if (ctx->irq_pending) {
		event->header.type = CXL_EVENT_AFU_INTERRUPT;
		event->header.size += sizeof(event->irq);
		event->irq.irq = __ffs(ctx->irq_pending);
		ctx->irq_pending &= ~BIT(event->irq.irq);
	} else if (ctx->afu_error_pending) {
		event->header.type = CXL_EVENT_AFU_ERROR;
		event->header.size += sizeof(event->afu_error);
		event->afu_error.error = ctx->afu_error;
		ctx->afu_error_pending = false;
	} else {
		found = false;
	}
	spin_unlock_irqrestore(&ctx->lock, flags);
	return found;
}

static ssize_t fd_read(struct file *file, char __user *buf, size_t count, loff_t *off)
{
	struct cxl_context *ctx = file->private_data;
	struct cxl_event event;
	int rc;

	if (ctx->afu->link != LINK_OK)
		return -EIO;
	if (count < CXL_READ_MIN_SIZE)
		return -EINVAL;
	while (!take_event(ctx, &event)) {
		if (ctx->status == CTX_CLOSED)
			return -EIO;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		rc = wait_event_interruptible(ctx->wq, event_pending(ctx) || ctx->status == CTX_CLOSED);
		if (rc)
			return rc;
	}
	return copy_to_user(buf, &event, event.header.size) ? -EFAULT : event.header.size;
}

/* ---- ioctls ------------------------------------------------------------------------------------ */

static long fd_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct cxl_context *ctx = file->private_data;
	struct cxl_afu_id id = {
		.card_id = ctx->afu->index,
		.afu_mode = CXL_MODE_DIRECTED,
		.flags = CXL_AFUID_FLAG_SLAVE,
	};
	u32 pe = ctx->pe;

	if (ctx->status == CTX_CLOSED || ctx->afu->link != LINK_OK)
		return -EIO;
	switch (cmd) {
	case CXL_IOCTL_START_WORK:
		return -EIO; /* the driver has already started it */
	case CXL_IOCTL_GET_PROCESS_ELEMENT:
		return copy_to_user((void __user *)arg, &pe, sizeof(pe)) ? -EFAULT : 0;
	case CXL_IOCTL_GET_AFU_ID:
		return copy_to_user((void __user *)arg, &id, sizeof(id)) ? -EFAULT : 0;
	default:
		return -EINVAL;
	}
}

/* ---- opening and closing ----------------------------------------------------------------------- */

int cxl_fd_release(struct inode *inode, struct file *file)
{
	struct cxl_context *ctx = file->private_data;

	lab_context_detach(ctx);
	if (ctx->has_file)
		simple_release_fs(&fs_mount, &fs_count);
	lab_context_free(ctx);
	return 0;
}
EXPORT_SYMBOL_GPL(cxl_fd_release);

struct cxl_context *cxl_fops_get_context(struct file *file)
{
	return file->private_data;
}
EXPORT_SYMBOL_GPL(cxl_fops_get_context);

static struct file *new_file(struct cxl_context *ctx, const struct file_operations *fops)
{
	struct inode *inode;
	struct file *file;
	char name[16];

	if (simple_pin_fs(&fs_type, &fs_mount, &fs_count))
		return ERR_PTR(-ENOMEM);
	inode = alloc_anon_inode(fs_mount->mnt_sb);
	if (IS_ERR(inode)) {
		simple_release_fs(&fs_mount, &fs_count);
		return ERR_CAST(inode);
	}
	snprintf(name, sizeof(name), "cxl:%d", ctx->pe);
	file = alloc_file_pseudo(inode, fs_mount, name, O_RDWR, fops);
	if (IS_ERR(file)) {
		iput(inode);
		simple_release_fs(&fs_mount, &fs_count);
		return file;
	}
	file->private_data = ctx;
	return file;
}

/* The operations of the driver, completed with those of this file. */
struct file *cxl_get_fd(struct cxl_context *ctx, struct file_operations *fops, int *fd)
{
	struct file *file;
	int new_fd;

	if (ctx->has_file)
		return ERR_PTR(-EEXIST);
	new_fd = get_unused_fd_flags(O_RDWR | O_CLOEXEC);
	if (new_fd < 0)
		return ERR_PTR(new_fd);
	if (!fops->poll)
		fops->poll = fd_poll;
	if (!fops->read)
		fops->read = fd_read;
	if (!fops->unlocked_ioctl)
		fops->unlocked_ioctl = fd_ioctl;
	if (!fops->compat_ioctl)
		fops->compat_ioctl = fd_ioctl;
	if (!fops->release)
		fops->release = cxl_fd_release;
	if (!fops->mmap)
		fops->mmap = cxl_fd_mmap;
	if (fops->owner && !try_module_get(fops->owner)) {
		put_unused_fd(new_fd);
		return ERR_PTR(-ENOENT);
	}
	file = new_file(ctx, fops);
	if (IS_ERR(file)) {
		module_put(fops->owner);
		put_unused_fd(new_fd);
		return NULL;
	}
	ctx->has_file = true;
	*fd = new_fd;
	return file;
}
EXPORT_SYMBOL_GPL(cxl_get_fd);
