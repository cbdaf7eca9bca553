/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One path of a LUN as an open device: whether it is ready, and its capacity.
 *
 * The pass-through functions of libsgutils2 send the commands, because its sg_ll_* functions do not return sense data.
 */
#include "check.h"
#include "diagnose.h"

#include "sysfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <scsi/sg_lib.h>
#include <scsi/sg_pt.h>

#define CAPACITY_BYTES 32 /* of READ CAPACITY(16) */
#define CAPACITY_NEEDED 12

struct command {
	const char *name;
	uint8_t cdb[16];
	int cdb_len;
	uint8_t data[CAPACITY_BYTES];
	int want; /* bytes of data */
};

/* The result of one command. */
struct answer {
	int rc;	      /* 0, or -errno */
	int category; /* SCSI_PT_RESULT_* */
	int status;   /* SCSI status */
	int n_data, n_sense;
	uint8_t sense[CXLF_SENSE_MAX];
	char transport[120]; /* text of SCSI_PT_RESULT_TRANSPORT_ERR */
};

static void destroy(struct sg_pt_base *const *pt)
{
	if (*pt)
		destruct_scsi_pt_obj(*pt);
}

static void read_answer(struct sg_pt_base *pt, const struct command *command, struct answer *answer)
{
	int residue = get_scsi_pt_resid(pt);

	answer->category = get_scsi_pt_result_category(pt);
	answer->status = get_scsi_pt_status_response(pt);
	answer->n_sense = get_scsi_pt_sense_len(pt);
	answer->n_data = residue > 0 && residue <= command->want ? command->want - residue : command->want;
	if (answer->category == SCSI_PT_RESULT_OS_ERR)
		answer->rc = -get_scsi_pt_os_err(pt);
	if (answer->category == SCSI_PT_RESULT_TRANSPORT_ERR) {
		get_scsi_pt_transport_err_str(pt, (int)sizeof(answer->transport), answer->transport);
		answer->transport[strcspn(answer->transport, "\n")] = '\0';
		cxlf_text_sanitise(answer->transport);
	}
}

static int send_command(int fd, struct command *command, unsigned timeout_ms, struct answer *answer)
{
	__attribute__((cleanup(destroy))) struct sg_pt_base *pt = construct_scsi_pt_obj_with_fd(fd, 0);
	int seconds = timeout_ms < 1000 ? 1 : (int)((timeout_ms + 999) / 1000);

	*answer = (struct answer){0};
	memset(command->data, 0, sizeof(command->data));
	if (!pt)
		return answer->rc = -ENOMEM;
	set_scsi_pt_cdb(pt, command->cdb, command->cdb_len);
	set_scsi_pt_sense(pt, answer->sense, (int)sizeof(answer->sense));
	if (command->want)
		set_scsi_pt_data_in(pt, command->data, command->want);

	int rc = do_scsi_pt(pt, fd, seconds, 0);

	if (rc)
		return answer->rc = rc < 0 ? rc : -EINVAL;
	read_answer(pt, command, answer);
	return answer->rc;
}

/* ---- errors ---- */

static int failed(const struct cxlf_path *path, const struct command *command, const struct answer *answer,
		  unsigned timeout_ms, struct cxlf_err *err)
{
	bool timed_out = answer->rc == -ETIMEDOUT || strstr(answer->transport, "DID_TIME_OUT");

	cxlf_fail_sys(err, timed_out ? CXLF_E_TIMEOUT : CXLF_E_DEVICE_ERROR, timed_out ? -ETIMEDOUT : answer->rc,
		      "path %s does not answer %s", path->hctl, command->name);
	if (cxlf_path_diagnose(path->hctl, err))
		return -1;
	if (timed_out)
		cxlf_cause(err, "no answer in %.1f s, although adapter, port and path work: the command was lost",
			   (double)(timeout_ms < 1000 ? 1000 : timeout_ms) / 1e3);
	else if (*answer->transport)
		cxlf_cause(err, "transport error: the adapter could not deliver the command: %s", answer->transport);
	else if (answer->rc)
		cxlf_cause(err, "the kernel did not send the command");
	else
		cxlf_cause(err, "the LUN answered with SCSI status %02xh", (unsigned)answer->status & 0xff);
	return cxlf_fix(err, "try again; see the kernel log: dmesg | tail");
}

static int refused(const struct cxlf_path *path, const struct command *command, const struct cxlf_sense *sense,
		   struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_DEVICE_ERROR, "path %s does not answer %s", path->hctl, command->name);
	cxlf_cause(err, "the LUN answers with a check condition: %s%s%s (%x/%02x/%02x)", sense->key_text,
		   *sense->asc_text ? ", " : "", sense->asc_text, sense->key, sense->asc, sense->ascq);
	return cxlf_fix(err, "see the storage's own messages, and try again: sg_turs -v /dev/%s",
			*path->sg ? path->sg : path->sd);
}

/* ---- one command ---- */

/* Whether it was a unit attention and the command may be repeated. */
static bool keep_attention(struct cxlf_scsi_check *out, const struct cxlf_sense *sense)
{
	if (sense->key != SPC_SK_UNIT_ATTENTION || out->n_attentions == CXLF_ATTENTIONS)
		return false;
	out->attention[out->n_attentions++] = *sense;
	return true;
}

/* A command with a recovered error has its data too. */
static bool is_good(const struct answer *answer, const struct cxlf_sense *sense)
{
	if (answer->rc)
		return false;
	return answer->category == SCSI_PT_RESULT_GOOD || (sense->response && sense->key <= SPC_SK_RECOVERED_ERROR);
}

static int run(int fd, const struct cxlf_path *path, struct command *command, unsigned timeout_ms,
	       struct cxlf_scsi_check *out, int *n_data, struct cxlf_err *err)
{
	struct answer answer;
	struct cxlf_sense sense;

	do {
		send_command(fd, command, timeout_ms, &answer);
		sense = (struct cxlf_sense){0};
		if (!answer.rc && answer.category == SCSI_PT_RESULT_SENSE && answer.n_sense > 0)
			cxlf_sense_decode(answer.sense, (size_t)answer.n_sense, &sense);
	} while (sense.response && keep_attention(out, &sense));
	*n_data = answer.n_data;
	if (is_good(&answer, &sense))
		return 0;
	if (!*sense.key_text)
		return failed(path, command, &answer, timeout_ms, err);
	out->has_sense = true;
	out->sense = sense;
	return refused(path, command, &sense, err);
}

bool cxlf_capacity_decode(const uint8_t *data, size_t len, uint64_t *size_bytes, uint32_t *block_bytes)
{
	uint64_t last, bytes;
	uint32_t block;

	if (len < CAPACITY_NEEDED)
		return false;
	last = cxlf_big_endian(data, 8);
	block = (uint32_t)cxlf_big_endian(data + 8, 4);
	/* all ones: too large for the field; all zeros: there was no answer */
	if (last == UINT64_MAX || block < 512 || block > CXLF_BLOCK_BYTES_MAX || block & (block - 1))
		return false;
	if (__builtin_mul_overflow(last + 1, block, &bytes) || bytes > INT64_MAX)
		return false;
	*size_bytes = bytes;
	*block_bytes = block;
	return true;
}

static int bad_capacity(const struct cxlf_path *path, const struct command *command, int n_data, struct cxlf_err *err)
{
	cxlf_fail(err, CXLF_E_DEVICE_ERROR, "path %s does not report its LUN's capacity", path->hctl);
	if (n_data < CAPACITY_NEEDED)
		cxlf_cause(err, "the answer to %s has %d bytes", command->name, n_data);
	else
		cxlf_cause(err, "the answer to %s has last block %016llxh and blocks of %u bytes", command->name,
			   (unsigned long long)cxlf_big_endian(command->data, 8),
			   (unsigned)cxlf_big_endian(command->data + 8, 4));
	return cxlf_fix(err, "see the capacity: sg_readcap -16 /dev/%s", *path->sg ? path->sg : path->sd);
}

int cxlf_scsi_check(int fd, const struct cxlf_path *path, unsigned timeout_ms, struct cxlf_scsi_check *out,
		    struct cxlf_err *err)
{
	struct command ready = {.name = "TEST UNIT READY", .cdb_len = 6};
	struct command capacity = {.name = "READ CAPACITY(16)",
				   .cdb = {0x9e, 0x10, [13] = CAPACITY_BYTES},
				   .cdb_len = 16,
				   .want = CAPACITY_BYTES};
	int n_data;

	*out = (struct cxlf_scsi_check){0};
	if (run(fd, path, &ready, timeout_ms, out, &n_data, err))
		return -1;
	out->ready = true;
	if (run(fd, path, &capacity, timeout_ms, out, &n_data, err))
		return -1;
	if (!cxlf_capacity_decode(capacity.data, (size_t)n_data, &out->size_bytes, &out->block_bytes))
		return bad_capacity(path, &capacity, n_data, err);
	return 0;
}
