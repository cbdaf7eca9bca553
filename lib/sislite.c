/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sislite.h"

#include <string.h>
#include <strings.h>

#define N_OF(table) (sizeof(table) / sizeof((table)[0]))

static const struct cxlf_sis_code afu_rc[] = {
	{0x01, "RHT_INVALID", "the resource handle is not open", "an error of the program"},
	{0x02, "RHT_UNALIGNED", "the table of resource handles is not aligned", "an internal error of the driver"},
	{0x03, "RHT_OUT_OF_BOUNDS", "the resource handle is beyond the end of the table", "an error of the program"},
	{0x04, "RHT_DMA_ERR", "the AFU cannot read the table of resource handles",
	 "the driver may have released it: recover the context"},
	{0x05, "RHT_RW_PERM", "the resource handle does not permit this read or write",
	 "open the handle with the permission that is needed"},
	{0x12, "LXT_UNALIGNED", "the translation table of the virtual LUN is not aligned",
	 "an internal error of the driver"},
	{0x13, "LXT_OUT_OF_BOUNDS", "the block address is beyond the end of the virtual LUN",
	 "an error of the program; the virtual LUN may have been resized"},
	{0x14, "LXT_DMA_ERR", "the AFU cannot read the translation table of the virtual LUN",
	 "the driver may have released it: recover the context"},
	{0x15, "LXT_RW_PERM", "the chunk of the virtual LUN does not permit this read or write", NULL},
	{0x1A, "NOT_XLATE_HOST", "the context may not use the host's address translation",
	 "the driver may have gone: recover the context"},
	{0x20, "NO_CHANNELS", "no port that the command may use is online", "retry; check the ports and the cables"},
	{0x21, "CAP_VIOLATION", "the context lacks the capability, or the AFU was reset", "recover the context"},
	{0x30, "OUT_OF_DATA_BUFS", "the AFU has no free data buffer", "retry"},
	{0x31, "DATA_DMA_ERR", "the AFU cannot access the data buffer",
	 "retry if afu_extra is 0x0A (page fault); if it is 0x0B, the address is invalid"},
};

static const struct cxlf_sis_code scsi_rc[] = {
	{0x02, "CHECK_CONDITION", "the device has reported sense data", "decode the sense data"},
	{0x08, "BUSY", "the device is busy", "retry"},
	{0x18, "RESERVATION_CONFLICT", "another initiator has reserved the LUN", NULL},
	{0x28, "TASK_SET_FULL", "the device accepts no more commands now", "retry"},
	{0x40, "TASK_ABORTED", "another initiator has aborted the command", "retry"},
};

static const struct cxlf_sis_code fc_rc[] = {
	{0x52, "ABORTPEND", "the exchange timed out, or an abort was requested", "retry"},
	{0x53, "WRABORTPEND", "the target sent a bad transfer-ready for a write", NULL},
	{0x54, "NOLOGI", "the port was not logged in while the command was in progress", "retry on another port"},
	{0x55, "NOEXP", "Fibre Channel protocol error", NULL},
	{0x56, "INUSE", "the tag is in use", NULL},
	{0x57, "LINKDOWN", "the link went down while the command was in progress", "retry on another port"},
	{0x58, "ABORTOK", "the command was aborted", "retry"},
	{0x59, "ABORTFAIL", "the abort of the command failed", "retry once, then reset the link"},
	{0x5A, "RESID", "the length differs: see the flags for underrun and overrun", NULL},
	{0x5B, "RESIDERR", "the target's length contradicts the transfer", "retry"},
	{0x5C, "TGTABORT", "the target aborted the command", "retry"},
};

static const struct cxlf_sis_code rc_flags[] = {
	{0x80, "SENSE_VALID", "the status block contains sense data", NULL},
	{0x40, "FCP_RSP_CODE_VALID", "the status block contains a response code of the target", NULL},
	{0x20, "OVERRUN", "the device had more data than the buffer", NULL},
	{0x10, "UNDERRUN", "the device had less data than was requested", NULL},
};

static const struct cxlf_sis_code intr_status[] = {
	{0x400, "PERM_ERR_LISN_3_EA", "invalid address of interrupt 3", "close the context"},
	{0x200, "PERM_ERR_LISN_2_EA", "invalid address of interrupt 2", "close the context"},
	{0x100, "PERM_ERR_LISN_1_EA", "invalid address of interrupt 1", "close the context"},
	{0x080, "PERM_ERR_LISN_3_PASID", "invalid PASID of interrupt 3", "close the context"},
	{0x040, "PERM_ERR_LISN_2_PASID", "invalid PASID of interrupt 2", "close the context"},
	{0x020, "PERM_ERR_LISN_1_PASID", "invalid PASID of interrupt 1", "close the context"},
	{0x010, "PERM_ERR_CMDROOM", "a command was sent without room for it", "close the context"},
	{0x008, "PERM_ERR_RCB_READ", "the AFU cannot read a request block", "close the context"},
	{0x004, "PERM_ERR_SA_WRITE", "the AFU cannot write a status block", "close the context"},
	{0x002, "PERM_ERR_RRQ_WRITE", "the AFU cannot write to the response queue", "close the context"},
	{0x001, "TEMP_ERR_PAGEIN", "a page fault", "read the page in, then retry"},
};

/* The byte of one port. */
static const struct cxlf_sis_code port_event[] = {
	{0x80, "OTHER", "an error of the Fibre Channel core: see fc_status and fc_error",
	 "the driver resets the link and clears the error"},
	{0x40, "LOGO", "the target logged out", NULL},
	{0x20, "CRC_T", "too many CRC errors: check cable and transceiver", "the driver resets the link"},
	{0x10, "LOGI_R", "the login to the fabric or target timed out", "the driver resets the link"},
	{0x08, "LOGI_F", "the fabric or target refused the login", "the driver clears the error; nothing is retried"},
	{0x04, "LOGI_S", "the port has logged in", "the driver scans the SCSI host for LUNs"},
	{0x02, "LINK_DN", "the link went down", NULL},
	{0x01, "LINK_UP", "the link came up", NULL},
};

static const struct cxlf_sis_code psl_serr[] = {
	{0x8000000000000000, "AFUTO", "the AFU did not answer an MMIO access in time", NULL},
	{0x4000000000000000, "AFUDIS", "MMIO access to a disabled AFU", NULL},
	{0x2000000000000000, "AFUOV", "overflow of the AFU's command tags", NULL},
	{0x1000000000000000, "BADSRC", "invalid source of an interrupt", NULL},
	{0x0800000000000000, "BADCTX", "invalid context handle", NULL},
	{0x0400000000000000, "LLCMDIS", "low-level command to a disabled AFU", NULL},
	{0x0200000000000000, "LLCMDTO", "a low-level command timed out", NULL},
	{0x0100000000000000, "AFUPAR", "parity error of an MMIO access", NULL},
	{0x0080000000000000, "AFUDUP", "duplicate tag of an MMIO access", NULL},
	{0x0000000200000000, "AFUE", "the AFU stopped with an error", "the card has to be reset"},
};

#define WORD(text, about, width, is_mask, table, ...)                                                                  \
	{                                                                                                              \
		.name = text, .summary = about, .bits = width, .mask = is_mask, .code = table, .n = N_OF(table),       \
		__VA_ARGS__                                                                                            \
	}
#define SERR_MASKS UINT64_C(0xff800000) /* which of the first nine errors cause no interrupt */
enum { AFU_RC, SCSI_RC, FC_RC, RC_FLAGS, IOASC, AINTR };
static const struct cxlf_sis_word words[] = {
	[AFU_RC] = WORD("afu-rc", "return code of the AFU", 8, 0, afu_rc),
	[SCSI_RC] = WORD("scsi-rc", "SCSI status of the device", 8, 0, scsi_rc),
	[FC_RC] = WORD("fc-rc", "return code of the Fibre Channel core", 8, 0, fc_rc),
	[RC_FLAGS] = WORD("rc-flags", "flags of a status block", 8, 1, rc_flags),
	[IOASC] = {.name = "ioasc",
		   .bits = 32,
		   .summary = "rc-flags, afu-rc, scsi-rc and fc-rc of a status block, lowest byte first"},
	[AINTR] = WORD("aintr-status", "asynchronous events of the ports", 32, 1, port_event),
	WORD("intr-status", "errors of a context", 64, 1, intr_status),
	WORD("psl-serr", "errors of the card's slice (PSL_SERR_An)", 64, 1, psl_serr, .ignored = SERR_MASKS),
};

const struct cxlf_sis_word *cxlf_sis_word(size_t i)
{
	return i < N_OF(words) ? words + i : NULL;
}

const struct cxlf_sis_word *cxlf_sis_word_by_name(const char *name)
{
	for (size_t i = 0; i < N_OF(words); i++)
		if (!strcasecmp(words[i].name, name))
			return words + i;
	return NULL;
}

static const struct cxlf_sis_code *code_of(const struct cxlf_sis_word *word, uint64_t value)
{
	for (size_t i = 0; i < word->n; i++)
		if (word->code[i].value == value)
			return word->code + i;
	return NULL;
}

static size_t decode_mask(const struct cxlf_sis_word *word, uint64_t value, struct cxlf_sis_finding *out)
{
	static const int port_of_byte[] = {1, 0, 3, 2};
	size_t n = 0;

	for (unsigned bit = word->bits; bit-- > 0;) {
		struct cxlf_sis_finding found = {word, UINT64_C(1) << bit, -1, NULL};

		if (!(value & ~word->ignored & found.value))
			continue;
		if (word == words + AINTR)
			found.port = port_of_byte[bit / 8];
		found.code = code_of(word, word == words + AINTR ? UINT64_C(1) << bit % 8 : found.value);
		out[n++] = found;
	}
	return n;
}

size_t cxlf_sis_decode(const struct cxlf_sis_word *word, uint64_t value, struct cxlf_sis_finding out[CXLF_SIS_FINDINGS])
{
	static const int part[] = {RC_FLAGS, AFU_RC, SCSI_RC, FC_RC};
	size_t n = 0;

	if (word->mask)
		return decode_mask(word, value, out);
	if (word != words + IOASC) {
		out[0] = (struct cxlf_sis_finding){word, value, -1, code_of(word, value)};
		return 1;
	}
	for (unsigned i = 0; i < N_OF(part); i++)
		if (value >> 8 * i & 0xff)
			n += cxlf_sis_decode(words + part[i], value >> 8 * i & 0xff, out + n);
	return n;
}
