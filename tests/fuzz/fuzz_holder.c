/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz: any bytes as a request to a holder, as the body of its answer, and as a name on the command line.
 */
#include "holder/held.h"
#include "holder/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void as_request(const uint8_t *data, size_t size)
{
	struct cxlf_wire_request request = {0};

	memcpy(&request, data, size < sizeof(request) ? size : sizeof(request));
	if (cxlf_wire_request_kind(&request, size) != CXLF_WIRE_VALID)
		return;
	/* of another version only the head is read */
	if (request.version != CXLF_WIRE_VERSION && (request.op == CXLF_WIRE_INFO || request.op == CXLF_WIRE_STOP))
		return;
	/* how a holder uses it */
	if (strlen(request.name) >= sizeof(request.name) || strlen(request.hctl) >= sizeof(request.hctl) ||
	    request.sense_len > sizeof(request.sense) || !*cxlf_wire_op_name(request.op))
		abort();
}

static void as_answer(const uint8_t *data, size_t size)
{
	struct cxlf_wire_fixed fixed = {0};
	struct cxlf_wire_result result;
	struct cxlf_holder_info info;
	void *body = malloc(size);
	size_t len;

	memcpy(body, data, size);
	memcpy(&fixed, data, size < sizeof(fixed) ? size : sizeof(fixed));
	if (cxlf_wire_fixed_ok(&fixed, size, fixed.head.op)) {
		cxlf_wire_unpack_fixed(&fixed, &info);
		if (strlen(info.name) >= sizeof(info.name) || info.n_luns || info.n_handles || info.lun)
			abort();
	}
	if (!cxlf_wire_decode(body, size, &result, &info)) {
		void *again = cxlf_wire_encode(fixed.head.op, &result, &info, &len);

		if (!again || len != size || strlen(info.name) >= sizeof(info.name))
			abort();
		for (unsigned i = 0; i < info.n_handles; i++)
			if (info.handle[i].lun >= info.n_luns)
				abort();
		free(again);
		cxlf_holder_info_free(&info);
	}
	free(body);
}

static void as_name(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct cxlf_held held;

	memcpy(text, data, size);
	text[size] = '\0';
	if (cxlf_held_parse(text, &held) && !cxlf_held_name_ok(held.name))
		abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_request(data, size);
	as_answer(data, size);
	as_name(data, size);
	return 0;
}
