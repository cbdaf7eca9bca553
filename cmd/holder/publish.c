/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state that clients get while the worker is busy: a copy, updated whenever the context has changed.
 */
#include "daemon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without memory the old list remains: it is for display only. */
static void copy_handles(struct cxlf_holder_info *info, const struct cxlf_context_view *view)
{
	struct cxlf_context_handle *copy = calloc(view->n_handles + 1, sizeof(*copy));

	if (!copy)
		return;
	if (view->n_handles)
		memcpy(copy, view->handle, view->n_handles * sizeof(*copy));
	free(info->handle);
	info->handle = copy;
	info->n_handles = view->n_handles;
}

void holder_publish(struct holder *holder)
{
	struct cxlf_holder_info *info = &holder->info;
	struct cxlf_context_view view;

	cxlf_context_view(holder->context, &view);
	pthread_mutex_lock(&holder->mutex);
	info->state = view.state;
	if (view.state == CXLF_CONTEXT_READY)
		*info->reason = '\0';
	info->context = view.id;
	info->process_element = view.process_element;
	snprintf(info->adapter_pci, sizeof(info->adapter_pci), "%s", view.adapter_pci);
	snprintf(info->adapter_name, sizeof(info->adapter_name), "%s", view.adapter_name);
	memcpy(info->lun, view.lun, view.n_luns * sizeof(*info->lun));
	info->n_luns = view.n_luns;
	copy_handles(info, &view);
	pthread_mutex_unlock(&holder->mutex);
}

void holder_publish_reason(struct holder *holder, enum cxlf_context_state state, const char *reason)
{
	pthread_mutex_lock(&holder->mutex);
	holder->info.state = state;
	snprintf(holder->info.reason, sizeof(holder->info.reason), "%s", reason);
	pthread_mutex_unlock(&holder->mutex);
}

void *holder_answer(struct holder *holder, unsigned op, const struct cxlf_wire_result *result, size_t *len)
{
	void *answer;

	pthread_mutex_lock(&holder->mutex);
	answer = cxlf_wire_encode(op, result, &holder->info, len);
	pthread_mutex_unlock(&holder->mutex);
	return answer;
}
