/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugfs: /sys/kernel/debug/cxlflash-lab/
 *
 *   rack     (write) the rack's description, see rack.c; the adapters appear when the file is closed
 *   state    (read)  adapters, ports, contexts, counters, LUNs
 *   control  (write) one statement a line:
 *
 *   lun ...                            as in the rack: a new LUN, or more paths of an old one
 *   unlun A.P:L                        the path disappears
 *   capacity WWID SIZE                 the LUN changes its size; unit attention 2A/09 on every path
 *   reserve WWID KEY TYPE              another host has registered KEY (hex) and, if TYPE is not 0, made a persistent
 *                                      reservation of that type, which is reported and not enforced; KEY 0: none
 *   sense A.P:L KEY ASC ASCQ [COUNT]   the next COUNT commands end in CHECK CONDITION (hex values)
 *   unreadable A.P:L COUNT             the next COUNT READ CAPACITY(16) fail
 *   port A.P online|offline            the port's link state, with the asynchronous event
 *   cable A.P in|out                   as above, and the driver cannot bring it back
 *   async A BITS                       asynchronous status bits (hex)
 *   fault A lose|delay|fail afu|scsi|all COUNT [MS|AFU_RC]
 *   deaf A on|off                      the AFU sees and answers nothing, resets included
 *   eeh A freeze|thaw|fail|repair      PCI error: frozen; reset and resumed; permanently failed; and, after
 *                                      that, sound again, for the driver to be bound anew
 *   contexts A LIMIT                   process elements there are (the driver's own included)
 *   irqs A LIMIT                       interrupts there are
 *   error A PE VALUE                   AFU error event on a context's file descriptor (hex)
 *   timers                             every CPU's timer goes off: QEMU loses them when it restores a machine
 */
#include "standin.h"

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define LINE_MAX 4096

/* Lines come in pieces: a file larger than one write() is cut anywhere. */
struct input {
	int (*take)(char *line);
	size_t len;
	char buf[LINE_MAX];
};

static int input_open(struct inode *inode, struct file *file)
{
	struct input *in = kzalloc(sizeof(*in), GFP_KERNEL);

	if (!in)
		return -ENOMEM;
	in->take = inode->i_private;
	file->private_data = in;
	return 0;
}

static ssize_t input_write(struct file *file, const char __user *data, size_t count, loff_t *pos)
{
	struct input *in = file->private_data;
	size_t done;

	for (done = 0; done < count; done++) {
		char c;
		int rc;

		if (get_user(c, data + done))
			return -EFAULT;
		if (c != '\n') {
			if (in->len == LINE_MAX - 1)
				return -E2BIG;
			in->buf[in->len++] = c;
			continue;
		}
		in->buf[in->len] = 0;
		in->len = 0;
		rc = in->take(in->buf);
		if (rc) {
			pr_err("cxlflash-lab: line refused (%d): %s\n", rc, in->buf);
			return rc;
		}
	}
	return count;
}

static int input_release(struct inode *inode, struct file *file)
{
	struct input *in = file->private_data;

	in->buf[in->len] = 0;
	if (in->len)
		in->take(in->buf);
	kfree(in);
	return 0;
}

static int rack_release(struct inode *inode, struct file *file)
{
	int rc;

	input_release(inode, file);
	rc = lab_rack_build();
	if (rc)
		pr_err("cxlflash-lab: the rack could not be built: %d\n", rc);
	return 0;
}

static const struct file_operations rack_fops = {
	.owner = THIS_MODULE,
	.open = input_open,
	.write = input_write,
	.release = rack_release,
};

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = input_open,
	.write = input_write,
	.release = input_release,
};

/* ---- statements ---------------------------------------------------------------------------------------- */

#define MAX_WORDS 8

static struct cxl_afu *adapter(const char *text)
{
	unsigned int index;

	return kstrtouint(text, 10, &index) ? NULL : lab_afu_by_index(index);
}

static struct cxl_afu *place(const char *text, unsigned int *port, unsigned int *number)
{
	unsigned int a;
	struct cxl_afu *afu;

	*number = 0;
	if (sscanf(text, "%u.%u:%u", &a, port, number) < 2)
		return NULL;
	afu = lab_afu_by_index(a);
	return afu && *port < afu->n_ports ? afu : NULL;
}

/* Bits of one port's byte in the asynchronous status. */
static u64 port_event(unsigned int port, u64 bits)
{
	static const unsigned int shift[LAB_MAX_PORTS] = { 8, 0, 24, 16 };

	return bits << shift[port];
}

static int do_unlun(char **w, int n)
{
	unsigned int port, number;
	struct cxl_afu *afu = place(w[1], &port, &number);

	if (!afu || !lab_path_get(afu, port, number))
		return -ENODEV;
	lab_path_remove(afu, port, number);
	return 0;
}

static int do_capacity(char **w, int n)
{
	struct lab_sense changed = { 0x06, 0x2a, 0x09 };
	struct lab_lun *lun = NULL;
	struct lab_path *path;
	struct cxl_afu *afu;
	unsigned long number;
	unsigned int port;
	u8 wwid[16];
	u64 bytes;

	if (strlen(w[1]) == 32 && !hex2bin(wwid, w[1], 16))
		lun = lab_lun_find(wwid);
	if (!lun)
		return -ENODEV;
	if (lab_parse_size(w[2], &bytes))
		return -EINVAL;
	lun->blocks = div_u64(bytes, lun->block_bytes);
	list_for_each_entry(afu, &lab_afus, node)
		for (port = 0; port < afu->n_ports; port++)
			xa_for_each(&afu->port[port].paths, number, path)
				if (path->lun == lun)
					lab_path_sense(path, changed);
	return 0;
}

static int do_reserve(char **w, int n)
{
	struct lab_lun *lun = NULL;
	u8 wwid[16];

	if (strlen(w[1]) == 32 && !hex2bin(wwid, w[1], 16))
		lun = lab_lun_find(wwid);
	if (!lun)
		return -ENODEV;
	return kstrtou64(w[2], 16, &lun->reservation_key) || kstrtou8(w[3], 0, &lun->reservation_type) ? -EINVAL : 0;
}

static int do_sense(char **w, int n)
{
	unsigned int port, number, count = 1;
	struct cxl_afu *afu = place(w[1], &port, &number);
	struct lab_path *path = afu ? lab_path_get(afu, port, number) : NULL;
	struct lab_sense sense;

	if (!path)
		return -ENODEV;
	if (kstrtou8(w[2], 16, &sense.key) || kstrtou8(w[3], 16, &sense.asc) || kstrtou8(w[4], 16, &sense.ascq))
		return -EINVAL;
	if (n > 5 && kstrtouint(w[5], 10, &count))
		return -EINVAL;
	while (count--)
		lab_path_sense(path, sense);
	return 0;
}

static int do_unreadable(char **w, int n)
{
	unsigned int port, number;
	struct cxl_afu *afu = place(w[1], &port, &number);
	struct lab_path *path = afu ? lab_path_get(afu, port, number) : NULL;

	return path ? kstrtouint(w[2], 10, &path->unreadable) : -ENODEV;
}

static int set_port(struct cxl_afu *afu, unsigned int port, bool cable, bool online)
{
	struct lab_port *p = &afu->port[port];
	bool was = p->cable && p->online;

	p->cable = cable;
	p->online = online;
	lab_port_update(afu, port);
	if (was != (cable && online))
		lab_afu_async(afu, port_event(port, was ? 0x02 : 0x05)); /* link down; link up and login */
	return 0;
}

static int do_port(char **w, int n)
{
	unsigned int port, number;
	struct cxl_afu *afu = place(w[1], &port, &number);

	return afu ? set_port(afu, port, afu->port[port].cable, !strcmp(w[2], "online")) : -ENODEV;
}

static int do_cable(char **w, int n)
{
	unsigned int port, number;
	bool in = !strcmp(w[2], "in");
	struct cxl_afu *afu = place(w[1], &port, &number);

	return afu ? set_port(afu, port, in, in) : -ENODEV;
}

static int do_async(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);
	unsigned int port;
	u64 bits;

	if (!afu)
		return -ENODEV;
	if (kstrtou64(w[2], 16, &bits))
		return -EINVAL;
	for (port = 0; port < afu->n_ports; port++) {
		u32 error = port_off(port) + FC_ERROR;

		if (!(bits & port_event(port, 0x88))) /* login failed, other: they come with FC_ERROR */
			continue;
		afu->port[port].fc_error = 0x1;
		reg_set(afu, error, 0x1);
	}
	lab_afu_async(afu, bits);
	for (port = 0; port < afu->n_ports; port++) { /* the driver wrote back what it read */
		afu->port[port].fc_error = 0;
		reg_set(afu, port_off(port) + FC_ERROR, 0);
	}
	return 0;
}

static int do_fault(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);
	struct lab_fault fault = { .arg = 0x30 };

	if (!afu)
		return -ENODEV;
	fault.kind = !strcmp(w[2], "lose") ? FAULT_LOSE : !strcmp(w[2], "delay") ? FAULT_DELAY :
		     !strcmp(w[2], "fail") ? FAULT_FAIL : FAULT_NONE;
	fault.class = !strcmp(w[3], "afu") ? FAULT_AFU : !strcmp(w[3], "scsi") ? FAULT_SCSI : FAULT_ALL;
	if (!fault.kind || kstrtouint(w[4], 0, &fault.count) || (n > 5 && kstrtouint(w[5], 0, &fault.arg)))
		return -EINVAL;
	afu->fault = fault;
	return 0;
}

static int do_deaf(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);

	if (!afu)
		return -ENODEV;
	return kstrtobool(w[2], &afu->deaf);
}

static int do_contexts(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);

	return afu ? kstrtouint(w[2], 10, &afu->pe_limit) : -ENODEV;
}

static int do_irqs(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);

	return afu ? kstrtouint(w[2], 10, &afu->irq_limit) : -ENODEV;
}

static int do_error(char **w, int n)
{
	struct cxl_afu *afu = adapter(w[1]);
	struct cxl_context *ctx;
	unsigned int pe;
	u64 value;

	if (!afu)
		return -ENODEV;
	if (kstrtouint(w[2], 10, &pe) || kstrtou64(w[3], 16, &value))
		return -EINVAL;
	ctx = idr_find(&afu->pes, pe);
	if (!ctx)
		return -ENOENT;
	ctx->afu_error = value;
	ctx->afu_error_pending = true;
	wake_up_all(&ctx->wq);
	return 0;
}

/* The kernel's interrupt handler then sets each decrementer to what is really due. */
static void restart_timer(void *unused)
{
	mtspr(SPRN_DEC, 1);
}

static int do_timers(char **w, int n)
{
	on_each_cpu(restart_timer, NULL, 1);
	return 0;
}

static const struct statement {
	const char *name;
	int min_words;
	int (*run)(char **w, int n);
} statements[] = {
	{ "unlun", 2, do_unlun },	{ "capacity", 3, do_capacity },
	{ "sense", 5, do_sense },	{ "unreadable", 3, do_unreadable },
	{ "port", 3, do_port },		{ "cable", 3, do_cable },
	{ "async", 3, do_async },	{ "fault", 5, do_fault },
	{ "deaf", 3, do_deaf },		{ "contexts", 3, do_contexts },
	{ "irqs", 3, do_irqs },		{ "error", 4, do_error },
	{ "timers", 1, do_timers },	{ "reserve", 4, do_reserve },
};

static int run_statement(char **w, int n)
{
	unsigned int i;
	int rc;

	for (i = 0; i < ARRAY_SIZE(statements); i++) {
		if (strcmp(w[0], statements[i].name))
			continue;
		if (n < statements[i].min_words)
			return -EINVAL;
		mutex_lock(&lab_lock);
		rc = statements[i].run(w, n);
		mutex_unlock(&lab_lock);
		return rc;
	}
	return -EINVAL;
}

static int control_line(char *line)
{
	char *w[MAX_WORDS];
	int n = 0;

	line = strim(line);
	if (!*line || *line == '#')
		return 0;
	if (!strncmp(line, "lun ", 4))
		return lab_rack_line(line);
	while (n < MAX_WORDS && (w[n] = strsep(&line, " ")))
		n += *w[n] != 0;
	if (n == 3 && !strcmp(w[0], "eeh")) { /* calls the driver: without the lock */
		struct cxl_afu *afu = adapter(w[1]);

		return afu ? lab_eeh(afu, w[2]) : -ENODEV;
	}
	return run_statement(w, n);
}

/* ---- state ---------------------------------------------------------------------------------------------- */

static void show_adapter(struct seq_file *m, struct cxl_afu *afu)
{
	static const char *const link[] = { "ok", "frozen", "failed" };
	struct lab_path *path;
	unsigned long number;
	unsigned int p, contexts = 0;
	struct cxl_context *ctx;
	int pe;

	idr_for_each_entry(&afu->pes, ctx, pe)
		contexts++;
	seq_printf(m, "adapter %u kind=%s pci=%s link=%s deaf=%u contexts=%u irqs=%u resets=%llu commands=%llu ",
		   afu->index, afu->kind->name, afu->afu_pci ? pci_name(afu->afu_pci) : "-", link[afu->link],
		   afu->deaf, contexts, afu->n_irqs, afu->count.resets, afu->count.commands);
	seq_printf(m, "scsi=%llu lost=%llu failed=%llu interrupts=%llu\n", afu->count.scsi, afu->count.lost,
		   afu->count.failed, afu->count.interrupts);
	for (p = 0; p < afu->n_ports; p++) {
		seq_printf(m, "port %u.%u cable=%u online=%u wwpn=%016llx\n", afu->index, p, afu->port[p].cable,
			   afu->port[p].online, afu->port[p].wwpn);
		xa_for_each(&afu->port[p].paths, number, path)
			seq_printf(m, "path %u.%u:%lu wwid=%*phN pending=%u\n", afu->index, p, number, 16,
				   path->lun->wwid, path->n_pending);
	}
}

static int state_show(struct seq_file *m, void *unused)
{
	struct cxl_afu *afu;
	struct lab_lun *lun;

	mutex_lock(&lab_lock);
	list_for_each_entry(afu, &lab_afus, node)
		show_adapter(m, afu);
	list_for_each_entry(lun, &lab_luns, node)
		seq_printf(m, "lun %*phN blocks=%llu block_bytes=%u\n", 16, lun->wwid, lun->blocks,
			   lun->block_bytes);
	mutex_unlock(&lab_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

int lab_control_init(void)
{
	struct dentry *dir = debugfs_create_dir("cxlflash-lab", NULL);

	debugfs_create_file("rack", 0200, dir, lab_rack_line, &rack_fops);
	debugfs_create_file("control", 0200, dir, control_line, &control_fops);
	debugfs_create_file("state", 0400, dir, NULL, &state_fops);
	return PTR_ERR_OR_ZERO(dir);
}
