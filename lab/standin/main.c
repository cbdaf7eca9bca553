/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Module init, and the threads that poll the AFUs.
 *
 * Registers are plain memory, so that writes of the driver do not trap: threads poll them. The driver resets a context
 * with interrupts disabled and waits two milliseconds for the answer. A thread on the driver's CPU cannot answer in
 * this time, nor a thread whose timer was migrated to it, as timers of idle CPUs are. Hence there is one thread on each
 * CPU, with pinned timers. All threads but that of the last CPU sleep while no reset is possible.
 */
#include "standin.h"

#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>

DEFINE_MUTEX(lab_lock);
LIST_HEAD(lab_afus);
LIST_HEAD(lab_luns);
DECLARE_WAIT_QUEUE_HEAD(lab_owed);

static void nap(unsigned int us)
{
	ktime_t time = ns_to_ktime(us * NSEC_PER_USEC);

	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_hrtimeout_range(&time, 20 * NSEC_PER_USEC, HRTIMER_MODE_REL_PINNED);
}

/* The driver resets its context only while it waits for an answer. */
static bool answer_owed(void)
{
	struct cxl_afu *afu;

	list_for_each_entry(afu, &lab_afus, node)
		if (READ_ONCE(afu->owes_answer))
			return true;
	return false;
}

static bool step_all(void)
{
	struct cxl_afu *afu;
	bool busy = false;

	mutex_lock(&lab_lock);
	list_for_each_entry(afu, &lab_afus, node)
		busy |= lab_afu_step(afu);
	mutex_unlock(&lab_lock);
	return busy;
}

/* Short while there is work, long otherwise; well below the driver's 2 ms while a reset is possible. */
static int engine(void *main_thread)
{
	unsigned int us = 10;

	while (!kthread_should_stop()) {
		if (!main_thread)
			wait_event_idle(lab_owed, answer_owed());
		if (step_all()) {
			us = 10;
			cond_resched();
			continue;
		}
		us = min(2 * us, answer_owed() ? 500u : 10000u);
		nap(us);
	}
	return 0;
}

static int start_engine(unsigned int cpu, bool main_thread)
{
	struct task_struct *thread = kthread_create(engine, main_thread ? &lab_lock : NULL, "cxlflash-afu/%u", cpu);

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, cpu);
	wake_up_process(thread);
	return 0;
}

static int __init standin_init(void)
{
	unsigned int cpu, last = cpumask_last(cpu_online_mask);
	int rc;

	rc = lab_irq_init();
	if (!rc)
		rc = lab_class_init();
	if (!rc)
		rc = lab_pci_init();
	if (!rc)
		rc = lab_control_init();
	for_each_online_cpu(cpu)
		if (!rc)
			rc = start_engine(cpu, cpu == last);
	return rc;
}

/* There is no exit function: the module is never unloaded. */
module_init(standin_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stand-in for the cxl module and a CXL Flash adapter, for tests");
