/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Module init, and the threads that are every AFU's clock.
 *
 * Registers are plain memory, so nothing traps when the driver writes one: a thread looks at them again and
 * again. The driver resets a context with interrupts off and waits two milliseconds for the answer; on the
 * driver's own CPU no thread could give it, nor one whose timer had moved there, as timers of an idle CPU do.
 * Hence one thread on each CPU, with pinned timers. All but the last CPU's sleep while no reset can come.
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

/* Only a driver that waits for an answer resets its context. */
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

/* Quick while there is work, lazy when there is none; well inside the driver's 2 ms when it may matter. */
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

/* No exit function: the machine it runs in is thrown away. */
module_init(standin_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Stand-in for the cxl module and a CXL Flash adapter, for tests");
