/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ABI of the cxlflash and cxl drivers: structures, flags and request numbers.
 *
 * Kernels from 6.15 on no longer have these two headers. Every size, offset and number is asserted below, for
 * powerpc's encoding of request numbers and for the generic one. All fields are in the byte order of the machine. Only
 * lib/ioctl_wrap.c may include this file.
 */
#ifndef CXLFLASH_ABI_H
#define CXLFLASH_ABI_H

#include <linux/ioctl.h>
#include <stddef.h>
#include <stdint.h>

/* ---- disk ioctls: on any sd or sg node of a cxlflash adapter ---- */

#define CXLFLASH_WWID_LEN 16
#define DK_CXLFLASH_VERSION_0 0
#define DK_CXLFLASH_MANAGE_LUN_WWID_LEN 16
#define DK_CXLFLASH_VERIFY_SENSE_LEN 18

/* flags; the low two bits of ATTACH's are the open mode (O_RDONLY, O_WRONLY, O_RDWR) */
#define DK_CXLFLASH_ATTACH_REUSE_CONTEXT 0x8000000000000000ULL
#define DK_CXLFLASH_UVIRTUAL_NEED_WRITE_SAME 0x8000000000000000ULL
#define DK_CXLFLASH_VERIFY_HINT_SENSE 0x8000000000000000ULL /* goes into `hint`, not into `flags` */
#define DK_CXLFLASH_MANAGE_LUN_ENABLE_SUPERPIPE 0x8000000000000000ULL
#define DK_CXLFLASH_MANAGE_LUN_DISABLE_SUPERPIPE 0x4000000000000000ULL
#define DK_CXLFLASH_MANAGE_LUN_ALL_PORTS_ACCESSIBLE 0x2000000000000000ULL /* defined, never used by a driver */

/* return_flags */
#define DK_CXLFLASH_ALL_PORTS_ACTIVE 0x1ULL
#define DK_CXLFLASH_APP_CLOSE_ADAP_FD 0x2ULL
#define DK_CXLFLASH_CONTEXT_SQ_CMD_MODE 0x4ULL
#define DK_CXLFLASH_RECOVER_AFU_CONTEXT_RESET 0x8000000000000000ULL

struct dk_cxlflash_hdr {
	uint16_t version;
	uint16_t rsvd[3]; /* must be 0 */
	uint64_t flags;
	uint64_t return_flags; /* must be 0 on entry */
};

struct dk_cxlflash_attach {
	struct dk_cxlflash_hdr hdr;
	uint64_t num_interrupts;
	uint64_t context_id; /* in with REUSE, out */
	uint64_t mmio_size;
	uint64_t block_size;
	uint64_t adap_fd;
	uint64_t last_lba; /* device blocks */
	uint64_t max_xfer; /* device blocks */
	uint64_t reserved[8];
};

struct dk_cxlflash_detach {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t reserved[8];
};

struct dk_cxlflash_udirect {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t rsrc_handle;
	uint64_t last_lba; /* device blocks */
	uint64_t reserved[8];
};

struct dk_cxlflash_uvirtual {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t lun_size; /* 4 KiB blocks */
	uint64_t rsrc_handle;
	uint64_t last_lba; /* 4 KiB blocks */
	uint64_t reserved[8];
};

struct dk_cxlflash_release {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t rsrc_handle;
	uint64_t reserved[8];
};

struct dk_cxlflash_resize {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t rsrc_handle;
	uint64_t req_size; /* 4 KiB blocks */
	uint64_t last_lba; /* 4 KiB blocks */
	uint64_t reserved[8];
};

struct dk_cxlflash_clone {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id_src;
	uint64_t context_id_dst;
	uint64_t adap_fd_src; /* read by kernels before 4.9 only */
	uint64_t reserved[8];
};

struct dk_cxlflash_verify {
	struct dk_cxlflash_hdr hdr;
	uint64_t context_id;
	uint64_t rsrc_handle;
	uint64_t hint;
	uint64_t last_lba;
	uint8_t sense_data[DK_CXLFLASH_VERIFY_SENSE_LEN];
	uint8_t pad[6];
	uint64_t reserved[8];
};

struct dk_cxlflash_recover_afu {
	struct dk_cxlflash_hdr hdr;
	uint64_t reason; /* only logged */
	uint64_t context_id;
	uint64_t mmio_size;
	uint64_t adap_fd;
	uint64_t reserved[8];
};

struct dk_cxlflash_manage_lun {
	struct dk_cxlflash_hdr hdr;
	uint8_t wwid[DK_CXLFLASH_MANAGE_LUN_WWID_LEN];
	uint64_t reserved[8];
};

#define CXLFLASH_ABI_IOWR(nr, type) _IOWR(0xCA, nr, struct type)
#define DK_CXLFLASH_ATTACH CXLFLASH_ABI_IOWR(0x80, dk_cxlflash_attach)
#define DK_CXLFLASH_USER_DIRECT CXLFLASH_ABI_IOWR(0x81, dk_cxlflash_udirect)
#define DK_CXLFLASH_RELEASE CXLFLASH_ABI_IOWR(0x82, dk_cxlflash_release)
#define DK_CXLFLASH_DETACH CXLFLASH_ABI_IOWR(0x83, dk_cxlflash_detach)
#define DK_CXLFLASH_VERIFY CXLFLASH_ABI_IOWR(0x84, dk_cxlflash_verify)
#define DK_CXLFLASH_RECOVER_AFU CXLFLASH_ABI_IOWR(0x85, dk_cxlflash_recover_afu)
#define DK_CXLFLASH_MANAGE_LUN CXLFLASH_ABI_IOWR(0x86, dk_cxlflash_manage_lun)
#define DK_CXLFLASH_USER_VIRTUAL CXLFLASH_ABI_IOWR(0x87, dk_cxlflash_uvirtual)
#define DK_CXLFLASH_VLUN_RESIZE CXLFLASH_ABI_IOWR(0x88, dk_cxlflash_resize)
#define DK_CXLFLASH_VLUN_CLONE CXLFLASH_ABI_IOWR(0x89, dk_cxlflash_clone)

/* ---- host ioctls: on /dev/cxlflash/cxlflashN ---- */

#define HT_CXLFLASH_VERSION_0 0
#define HT_CXLFLASH_HOST_READ 0x0ULL
#define HT_CXLFLASH_HOST_WRITE 0x1ULL
#define HT_CXLFLASH_LUN_PROVISION_SUBCMD_CREATE_LUN 1
#define HT_CXLFLASH_LUN_PROVISION_SUBCMD_DELETE_LUN 2
#define HT_CXLFLASH_LUN_PROVISION_SUBCMD_QUERY_PORT 3
#define HT_CXLFLASH_AFU_DEBUG_MAX_DATA_LEN 262144
#define HT_CXLFLASH_AFU_DEBUG_SUBCMD_LEN 12

struct ht_cxlflash_hdr {
	uint16_t version;
	uint16_t subcmd;
	uint16_t rsvd[2]; /* must be 0 */
	uint64_t flags;
	uint64_t return_flags; /* must be 0 on entry */
};

struct ht_cxlflash_lun_provision {
	struct ht_cxlflash_hdr hdr;
	uint16_t port;
	uint16_t reserved16[3];
	uint64_t size;	 /* 4 KiB blocks */
	uint64_t lun_id; /* in for DELETE, out of CREATE */
	uint8_t wwid[CXLFLASH_WWID_LEN];
	uint64_t max_num_luns;
	uint64_t cur_num_luns;
	uint64_t max_cap_port; /* 4 KiB blocks */
	uint64_t cur_cap_port; /* 4 KiB blocks */
	uint64_t reserved[8];
};

struct ht_cxlflash_afu_debug {
	struct ht_cxlflash_hdr hdr;
	uint8_t reserved8[4];
	uint8_t afu_subcmd[HT_CXLFLASH_AFU_DEBUG_SUBCMD_LEN];
	uint64_t data_ea;
	uint32_t data_len;
	uint32_t reserved32;
	uint64_t reserved[8];
};

#define HT_CXLFLASH_AFU_DEBUG CXLFLASH_ABI_IOWR(0xBE, ht_cxlflash_afu_debug)
#define HT_CXLFLASH_LUN_PROVISION CXLFLASH_ABI_IOWR(0xBF, ht_cxlflash_lun_provision)

/* ---- cxl nodes and the adapter fd ---- */

#define CXL_START_WORK_AMR 0x1ULL
#define CXL_START_WORK_NUM_IRQS 0x2ULL
#define CXL_START_WORK_ERR_FF 0x4ULL
#define CXL_START_WORK_TID 0x8ULL
#define CXL_MODE_DEDICATED 0x1
#define CXL_MODE_DIRECTED 0x2
#define CXL_AFUID_FLAG_SLAVE 0x1
#define CXL_AI_NEED_HEADER 0x1ULL
#define CXL_AI_HEADER_SIZE 128
#define CXL_AI_BUFFER_SIZE 4096
#define CXL_AI_MAX_ENTRIES 256
#define CXL_AI_MAX_CHUNK_SIZE 1048576

struct cxl_ioctl_start_work {
	uint64_t flags;
	uint64_t work_element_descriptor;
	uint64_t amr;
	int16_t num_interrupts;
	uint16_t tid;
	int32_t reserved1;
	uint64_t reserved2;
	uint64_t reserved3;
	uint64_t reserved4;
	uint64_t reserved5;
};

struct cxl_afu_id {
	uint64_t flags;
	uint32_t card_id;
	uint32_t afu_offset;
	uint32_t afu_mode;
	uint32_t reserved1;
	uint64_t reserved2;
	uint64_t reserved3;
	uint64_t reserved4;
	uint64_t reserved5;
	uint64_t reserved6;
};

struct cxl_adapter_image {
	uint64_t flags;
	uint64_t data;
	uint64_t len_data;
	uint64_t len_image;
	uint64_t reserved1;
	uint64_t reserved2;
	uint64_t reserved3;
	uint64_t reserved4;
};

#define CXL_IOCTL_START_WORK _IOW(0xCA, 0x00, struct cxl_ioctl_start_work)
#define CXL_IOCTL_GET_PROCESS_ELEMENT _IOR(0xCA, 0x01, uint32_t)
#define CXL_IOCTL_GET_AFU_ID _IOR(0xCA, 0x02, struct cxl_afu_id)
#define CXL_IOCTL_DOWNLOAD_IMAGE _IOW(0xCA, 0x0A, struct cxl_adapter_image)
#define CXL_IOCTL_VALIDATE_IMAGE _IOW(0xCA, 0x0B, struct cxl_adapter_image)

/* ---- sizes, offsets and request numbers, asserted ---- */

#define AT(field, at) (offsetof(T, field) == (at))
#define T struct dk_cxlflash_hdr
_Static_assert(sizeof(T) == 24 && AT(version, 0) && AT(rsvd, 2) && AT(flags, 8) && AT(return_flags, 16),
	       "dk_cxlflash_hdr");
#undef T
#define T struct dk_cxlflash_attach
_Static_assert(sizeof(T) == 144 && AT(hdr, 0) && AT(num_interrupts, 24) && AT(context_id, 32) && AT(mmio_size, 40) &&
		       AT(block_size, 48) && AT(adap_fd, 56) && AT(last_lba, 64) && AT(max_xfer, 72) &&
		       AT(reserved, 80),
	       "dk_cxlflash_attach");
#undef T
#define T struct dk_cxlflash_detach
_Static_assert(sizeof(T) == 96 && AT(hdr, 0) && AT(context_id, 24) && AT(reserved, 32), "dk_cxlflash_detach");
#undef T
#define T struct dk_cxlflash_udirect
_Static_assert(sizeof(T) == 112 && AT(hdr, 0) && AT(context_id, 24) && AT(rsrc_handle, 32) && AT(last_lba, 40) &&
		       AT(reserved, 48),
	       "dk_cxlflash_udirect");
#undef T
#define T struct dk_cxlflash_uvirtual
_Static_assert(sizeof(T) == 120 && AT(hdr, 0) && AT(context_id, 24) && AT(lun_size, 32) && AT(rsrc_handle, 40) &&
		       AT(last_lba, 48) && AT(reserved, 56),
	       "dk_cxlflash_uvirtual");
#undef T
#define T struct dk_cxlflash_release
_Static_assert(sizeof(T) == 104 && AT(hdr, 0) && AT(context_id, 24) && AT(rsrc_handle, 32) && AT(reserved, 40),
	       "dk_cxlflash_release");
#undef T
#define T struct dk_cxlflash_resize
_Static_assert(sizeof(T) == 120 && AT(hdr, 0) && AT(context_id, 24) && AT(rsrc_handle, 32) && AT(req_size, 40) &&
		       AT(last_lba, 48) && AT(reserved, 56),
	       "dk_cxlflash_resize");
#undef T
#define T struct dk_cxlflash_clone
_Static_assert(sizeof(T) == 112 && AT(hdr, 0) && AT(context_id_src, 24) && AT(context_id_dst, 32) &&
		       AT(adap_fd_src, 40) && AT(reserved, 48),
	       "dk_cxlflash_clone");
#undef T
#define T struct dk_cxlflash_verify
_Static_assert(sizeof(T) == 144 && AT(hdr, 0) && AT(context_id, 24) && AT(rsrc_handle, 32) && AT(hint, 40) &&
		       AT(last_lba, 48) && AT(sense_data, 56) && AT(pad, 74) && AT(reserved, 80),
	       "dk_cxlflash_verify");
#undef T
#define T struct dk_cxlflash_recover_afu
_Static_assert(sizeof(T) == 120 && AT(hdr, 0) && AT(reason, 24) && AT(context_id, 32) && AT(mmio_size, 40) &&
		       AT(adap_fd, 48) && AT(reserved, 56),
	       "dk_cxlflash_recover_afu");
#undef T
#define T struct dk_cxlflash_manage_lun
_Static_assert(sizeof(T) == 104 && AT(hdr, 0) && AT(wwid, 24) && AT(reserved, 40), "dk_cxlflash_manage_lun");
#undef T
#define T struct ht_cxlflash_hdr
_Static_assert(sizeof(T) == 24 && AT(version, 0) && AT(subcmd, 2) && AT(rsvd, 4) && AT(flags, 8) &&
		       AT(return_flags, 16),
	       "ht_cxlflash_hdr");
#undef T
#define T struct ht_cxlflash_lun_provision
_Static_assert(sizeof(T) == 160 && AT(hdr, 0) && AT(port, 24) && AT(reserved16, 26) && AT(size, 32) && AT(lun_id, 40) &&
		       AT(wwid, 48) && AT(max_num_luns, 64) && AT(cur_num_luns, 72) && AT(max_cap_port, 80) &&
		       AT(cur_cap_port, 88) && AT(reserved, 96),
	       "ht_cxlflash_lun_provision");
#undef T
#define T struct ht_cxlflash_afu_debug
_Static_assert(sizeof(T) == 120 && AT(hdr, 0) && AT(reserved8, 24) && AT(afu_subcmd, 28) && AT(data_ea, 40) &&
		       AT(data_len, 48) && AT(reserved32, 52) && AT(reserved, 56),
	       "ht_cxlflash_afu_debug");
#undef T
#define T struct cxl_ioctl_start_work
_Static_assert(sizeof(T) == 64 && AT(flags, 0) && AT(work_element_descriptor, 8) && AT(amr, 16) &&
		       AT(num_interrupts, 24) && AT(tid, 26) && AT(reserved1, 28) && AT(reserved2, 32) &&
		       AT(reserved3, 40) && AT(reserved4, 48) && AT(reserved5, 56),
	       "cxl_ioctl_start_work");
#undef T
#define T struct cxl_afu_id
_Static_assert(sizeof(T) == 64 && AT(flags, 0) && AT(card_id, 8) && AT(afu_offset, 12) && AT(afu_mode, 16) &&
		       AT(reserved1, 20) && AT(reserved2, 24) && AT(reserved3, 32) && AT(reserved4, 40) &&
		       AT(reserved5, 48) && AT(reserved6, 56),
	       "cxl_afu_id");
#undef T
#define T struct cxl_adapter_image
_Static_assert(sizeof(T) == 64 && AT(flags, 0) && AT(data, 8) && AT(len_data, 16) && AT(len_image, 24) &&
		       AT(reserved1, 32) && AT(reserved2, 40) && AT(reserved3, 48) && AT(reserved4, 56),
	       "cxl_adapter_image");
#undef T
#undef AT

#define NR(name, number) _Static_assert((uint32_t)(name) == (number), #name ": request number")
#ifdef __powerpc__ /* direction in three bits, and read and write swapped */
#define NR2(name, generic, powerpc) NR(name, powerpc)
#else
#define NR2(name, generic, powerpc) NR(name, generic)
#endif
NR(DK_CXLFLASH_ATTACH, 0xC090CA80u);
NR(DK_CXLFLASH_USER_DIRECT, 0xC070CA81u);
NR(DK_CXLFLASH_RELEASE, 0xC068CA82u);
NR(DK_CXLFLASH_DETACH, 0xC060CA83u);
NR(DK_CXLFLASH_VERIFY, 0xC090CA84u);
NR(DK_CXLFLASH_RECOVER_AFU, 0xC078CA85u);
NR(DK_CXLFLASH_MANAGE_LUN, 0xC068CA86u);
NR(DK_CXLFLASH_USER_VIRTUAL, 0xC078CA87u);
NR(DK_CXLFLASH_VLUN_RESIZE, 0xC078CA88u);
NR(DK_CXLFLASH_VLUN_CLONE, 0xC070CA89u);
NR(HT_CXLFLASH_AFU_DEBUG, 0xC078CABEu);
NR(HT_CXLFLASH_LUN_PROVISION, 0xC0A0CABFu);
NR2(CXL_IOCTL_START_WORK, 0x4040CA00u, 0x8040CA00u);
NR2(CXL_IOCTL_GET_PROCESS_ELEMENT, 0x8004CA01u, 0x4004CA01u);
NR2(CXL_IOCTL_GET_AFU_ID, 0x8040CA02u, 0x4040CA02u);
NR2(CXL_IOCTL_DOWNLOAD_IMAGE, 0x4040CA0Au, 0x8040CA0Au);
NR2(CXL_IOCTL_VALIDATE_IMAGE, 0x4040CA0Bu, 0x8040CA0Bu);
#undef NR2
#undef NR

#endif
