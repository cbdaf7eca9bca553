// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module init, and the thread that is every AFU's clock.
 *
 * Registers are plain memory, so nothing traps when the driver writes one: the thread looks at them again
 * and again. It is bound to the last CPU because the driver resets a context with interrupts off and waits
 * two milliseconds for the answer; on the driver's own CPU the thread could not give it. Nor could it if its
 * timer had moved there, as timers of an idle CPU do: hence a pinned one.
 */
#include "standin.h"

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>

DEFINE_MUTEX(lab_lock);
LIST_HEAD(lab_afus);
LIST_HEAD(lab_luns);

static void nap(unsigned int us)
{
	ktime_t time = ns_to_ktime(us * NSEC_PER_USEC);

	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout_range(&time, 20 * NSEC_PER_USEC, HRTIMER_MODE_REL_PINNED);
}

static int engine(void *unused)
{
	unsigned int us = 10;

	while (!kthread_should_stop()) {
		struct cxl_afu *afu;
		bool busy = false, urgent = false;

		mutex_lock(&lab_lock);
		list_for_each_entry(afu, &lab_afus, node) {
			busy |= lab_afu_step(afu);
			urgent |= afu->owes_answer;
		}
		mutex_unlock(&lab_lock);

		/*
		 * Quick while there is work, lazy when there is none. Only a driver that waits for an answer
		 * can reset its context, and that must not take two milliseconds.
		 */
		us = busy ? 10 : min(2 * us, urgent ? 1000u : 10000u);
		if (busy)
			cond_resched();
		else
			nap(us);
	}
	return 0;
}

static int __init standin_init(void)
{
	struct task_struct *thread;
	int rc;

	rc = lab_irq_init();
	if (!rc)
		rc = lab_class_init();
	if (!rc)
		rc = lab_pci_init();
	if (!rc)
		rc = lab_control_init();
	if (rc)
		return rc;

	thread = kthread_create(engine, NULL, "cxlflash-afu");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, cpumask_last(cpu_online_mask));
	wake_up_process(thread);
	return 0;
}

/* No exit function: the machine it runs in is thrown away. */
module_init(standin_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stand-in for the cxl module and a CXL Flash adapter, for tests");
