/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stand-in for the `cxl` module and for the adapter below it: shared structures.
 *
 * The unmodified cxlflash.ko binds to PCI functions that exist only in memory, maps an AFU whose registers
 * are ordinary memory, and talks to it through the cxl kernel API, all served from here. One idea a file:
 *
 *   main.c     module init; the AFU engine's thread
 *   rack.c     the description of adapters and LUNs, and building what it says
 *   pci.c      configuration space, root buses, the card's driver, EEH as the driver sees it
 *   card.c     the cxl class: card and AFU devices with their attributes
 *   context.c  the cxl kernel API: contexts and interrupts
 *   fd.c       the adapter file descriptor: mmap, poll, read, ioctl
 *   afu.c      the AFU: registers, submission queues, responses, AFU commands
 *   scsi.c     SCSI commands of a logical unit
 *   lun.c      logical units and where they are visible
 *   control.c  debugfs: faults and changes while the machine runs
 *
 * Facts about registers: SISLite as the driver uses it. All registers are 64-bit big-endian.
 */
#ifndef STANDIN_H
#define STANDIN_H

#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include <misc/cxl.h>

#define LAB_MAX_ADAPTERS 8
#define LAB_MAX_PORTS 4
#define LAB_CONTEXTS 512
#define LAB_CTX_IRQS 8	   /* interrupts a context can have, number 0 not used */
#define LAB_IRQS_MIN 1	   /* a user context needs at least so many */
#define LAB_IRQS_MAX 2037  /* of one card, all contexts together */

/* ---- the AFU's register map ------------------------------------------------------------------ */

#define AFU_HOST_SIZE 0x10000u	    /* one user area */
#define AFU_CTRL_BASE 0x2000000u
#define AFU_CTRL_SIZE 0x80u
#define AFU_GLOBAL 0x2010000u
#define AFU_PORT_BASE 0x2012000u
#define AFU_PSA_SIZE 0x2020000u

/* user area */
#define HOST_INTR_STATUS 0x08
#define HOST_RRQ_START 0x28
#define HOST_RRQ_END 0x30
#define HOST_CMD_ROOM 0x38
#define HOST_CTX_CTRL 0x40
#define HOST_SQ_START 0x50
#define HOST_SQ_END 0x58
#define HOST_SQ_HEAD 0x60
#define HOST_SQ_TAIL 0x68
#define HOST_SQ_RESET 0x70
#define HOST_CTX_CTRL_UNMAP BIT_ULL(63)

/* control area */
#define CTRL_RHT_START 0x00
#define CTRL_RHT_CNT_ID 0x08
#define CTRL_CTX_CAP 0x10

/* global area */
#define GLOB_AINTR_STATUS 0x00
#define GLOB_AINTR_CLEAR 0x08
#define GLOB_AINTR_MASK 0x10
#define GLOB_AFU_CTRL 0x18
#define GLOB_HEARTBEAT 0x20
#define GLOB_PORT_SEL 0x30
#define GLOB_VERSION 0x800
#define GLOB_INTERFACE 0x808

/* port registers, relative to the port */
#define FC_CMDCONFIG 0x010
#define FC_MTIP_STATUS 0x018
#define FC_MAX_LUNS 0x080
#define FC_CUR_LUNS 0x088
#define FC_MAX_CAP 0x090
#define FC_CUR_CAP 0x098
#define FC_CONFIG2 0x328
#define FC_STATUS 0x330
#define FC_ERROR 0x380
#define FC_CMD_ONLINE 0x20
#define FC_CMD_OFFLINE 0x40
#define FC_IS_ONLINE 0x20
#define FC_IS_OFFLINE 0x10

/* interface version: capabilities */
#define INTF_SQ BIT_ULL(62)
#define INTF_PROVISION BIT_ULL(59)
#define INTF_DEBUG BIT_ULL(58)

/* context capabilities */
#define CAP_AFU_CMD 0x8
#define CAP_GSCSI 0x4
#define CAP_WRITE 0x2
#define CAP_READ 0x1

/* interrupt numbers of a context, by convention of the driver */
#define IRQ_ASYNC 3

/* ---- requests and responses ------------------------------------------------------------------ */

struct lab_rcb { /* IOARCB, host byte order, CDB big-endian */
	u16 ctx_id;
	u16 flags;
#define RCB_HANDLE 0x8000
#define RCB_TMF 0x0004
#define RCB_AFU 0x0002
#define RCB_WRITE 0x0001
	u32 target; /* resource handle, or port mask */
	u64 lun_id;
	u32 data_len;
	u32 list_len;
	u64 data_ea;
	u8 irq;
	u8 rrq;
	u16 timeout;
	u32 reserved;
	u8 cdb[16];
	u64 ioasa;
} __packed;

struct lab_sa { /* IOASA: the half that the AFU writes */
	u8 flags;
#define SA_SENSE 0x80
#define SA_UNDERRUN 0x10
	u8 afu_rc;
#define AFU_RC_RHT_INVALID 0x01
#define AFU_RC_RHT_BOUNDS 0x03
#define AFU_RC_RHT_PERM 0x05
#define AFU_RC_LXT_BOUNDS 0x13
#define AFU_RC_NO_CHANNELS 0x20
#define AFU_RC_CAP 0x21
#define AFU_RC_NO_BUFFERS 0x30
#define AFU_RC_DMA 0x31
	u8 scsi_rc;
#define SCSI_RC_CHECK 0x02
	u8 fc_rc;
#define FC_RC_LINKDOWN 0x57
	u32 resid; /* or the high half of a new LUN's id */
	u8 port;
	u8 afu_extra;
	u8 scsi_extra;
	u8 fc_extra;
	union {
		u8 sense[20];
		struct {
			u32 lunid_lo;
			u8 wwid[16];
		} __packed;
	};
} __packed;

/* ---- logical units --------------------------------------------------------------------------- */

struct lab_sense {
	u8 key, asc, ascq;
};

struct lab_lun {
	struct list_head node;
	u8 wwid[16];
	u64 blocks;
	u32 block_bytes;
	char vendor[9], product[17], rev[5];
	bool provisioned; /* made by LUN_PROVISION, counts against the port's limit */
	u64 reservation_key; /* registered by another host, or 0 */
	u8 reservation_type; /* of its reservation, or 0 */
	struct xarray pages; /* contents, sparse: 4 KiB pages by byte offset / 4096 */
};

/* A LUN as one port sees it: the I_T_L nexus, with its own pending sense. */
struct lab_path {
	struct lab_lun *lun;
	struct lab_sense pending[8];
	unsigned int n_pending;
	unsigned int unreadable; /* so many READ CAPACITY commands fail */
};

struct lab_port {
	bool cable, online;
	u64 wwpn;
	u64 fc_error; /* FC_ERROR as the hardware holds it: written ones clear */
	u32 last_cmd; /* last CMDCONFIG seen */
	struct xarray paths; /* struct lab_path by LUN number */
};

/* ---- an adapter ------------------------------------------------------------------------------ */

struct lab_kind {
	const char *name;
	u16 pf_device, afu_device;
	const char *afu_version; /* 8 characters */
	u64 interface;
	bool wwpn_in_vpd;
};

enum lab_fault_kind { FAULT_NONE, FAULT_LOSE, FAULT_DELAY, FAULT_FAIL };
enum lab_fault_class { FAULT_AFU = 1, FAULT_SCSI = 2, FAULT_ALL = 3 };

struct lab_fault {
	enum lab_fault_kind kind;
	enum lab_fault_class class;
	unsigned int count;
	unsigned int arg; /* milliseconds, or afu_rc */
};

/* A root bus of our own: function 00.0, and for the card one bridge with the function behind it. */
struct lab_bus {
	struct pci_controller *phb;
	bool bridged;
	u8 bridge[256], fn[256];
};

enum lab_link { LINK_OK, LINK_FROZEN, LINK_FAILED };

struct cxl_afu {
	struct list_head node;
	unsigned int index;
	const struct lab_kind *kind;
	unsigned int n_ports;
	bool powervm;

	struct lab_bus card_bus, afu_bus;
	struct pci_dev *card_pci;	    /* bare metal */
	struct platform_device *facility;   /* PowerVM */
	struct pci_dev *afu_pci;
	struct device *card, *dev, *master, *shared; /* cxl class */
	enum lab_link link;
	bool recovering; /* EEH: between the slot's reset and the driver's resume */
	bool perst_same_image, directed;

	struct idr pes; /* contexts by process element */
	unsigned int pe_limit, irq_limit, n_irqs;

	u8 *psa; /* problem state area: all registers */
	bool enabled, deaf;
	bool owes_answer; /* a command was lost or is late: a context reset may follow */
	struct lab_fault fault;
	struct list_head late; /* struct lab_late */
	u8 debug[64]; /* what AFU_DEBUG last wrote */
	struct lab_port port[LAB_MAX_PORTS];
	struct {
		u64 commands, scsi, lost, failed, resets, interrupts;
	} count;
};

enum lab_ctx_status { CTX_CLOSED, CTX_OPENED, CTX_STARTED };

struct cxl_context {
	struct cxl_afu *afu;
	int pe;
	bool kernel, master, has_file;
	enum lab_ctx_status status;
	struct mm_struct *mm; /* user contexts: whose addresses the AFU uses */
	unsigned int n_irqs;
	unsigned int virq[LAB_CTX_IRQS];
	char irq_name[LAB_CTX_IRQS][32];

	spinlock_t lock; /* events below */
	wait_queue_head_t wq;
	unsigned long irq_pending;
	bool afu_error_pending;
	u64 afu_error;

	/* the AFU's view of the queues; 0 = at the start */
	u64 sq_head, rrq_next;
	bool toggle;
};

/* One lock for everything the AFU thread, the API and the control files touch. Never held over a callback. */
extern struct mutex lab_lock;
extern struct list_head lab_afus;
extern struct list_head lab_luns;
extern wait_queue_head_t lab_owed; /* woken when some AFU owes an answer */

static inline u64 reg_get(struct cxl_afu *afu, u32 off)
{
	return be64_to_cpu(READ_ONCE(*(__be64 *)(afu->psa + off)));
}

static inline void reg_set(struct cxl_afu *afu, u32 off, u64 value)
{
	WRITE_ONCE(*(__be64 *)(afu->psa + off), cpu_to_be64(value));
}

static inline u32 port_off(unsigned int port)
{
	return AFU_PORT_BASE + port / 2 * 0x4000 + port % 2 * 0x1000;
}

/* rack.c */
int lab_rack_line(char *line);
int lab_rack_build(void);
struct cxl_afu *lab_afu_by_index(unsigned int index);
int lab_parse_size(const char *text, u64 *bytes);

/* pci.c */
int lab_pci_init(void);
int lab_pci_add(struct cxl_afu *afu);
int lab_eeh(struct cxl_afu *afu, const char *what);
struct cxl_afu *lab_bus_afu(struct pci_bus *bus);

/* card.c */
int lab_class_init(void);
int lab_card_add(struct cxl_afu *afu, struct device *parent);
int lab_afu_activate(struct cxl_afu *afu);
void lab_afu_deactivate(struct cxl_afu *afu);

/* context.c */
int lab_irq_init(void);
struct cxl_context *lab_context_new(struct cxl_afu *afu, bool kernel);
void lab_context_free(struct cxl_context *ctx);
int lab_context_detach(struct cxl_context *ctx);
void lab_context_close_all(struct cxl_afu *afu);
unsigned int lab_contexts_started(struct cxl_afu *afu);
void lab_context_irq(struct cxl_context *ctx, unsigned int num);

/* afu.c */
int lab_afu_init(struct cxl_afu *afu);
void lab_afu_reset(struct cxl_afu *afu);
void lab_afu_context_start(struct cxl_context *ctx);
void lab_afu_forget(struct cxl_context *ctx);
bool lab_afu_step(struct cxl_afu *afu);
void lab_afu_async(struct cxl_afu *afu, u64 bits);
void lab_port_update(struct cxl_afu *afu, unsigned int port);

/* scsi.c */
void lab_scsi(struct cxl_afu *afu, unsigned int port, struct lab_path *path, const u8 *cdb, void *buf, u32 len,
	      struct lab_sa *sa);

/* lun.c */
struct lab_lun *lab_lun_find(const u8 wwid[16]);
struct lab_lun *lab_lun_new(const u8 wwid[16], u64 bytes, u32 block_bytes);
int lab_path_add(struct cxl_afu *afu, unsigned int port, unsigned int number, struct lab_lun *lun);
void lab_path_remove(struct cxl_afu *afu, unsigned int port, unsigned int number);
struct lab_path *lab_path_get(struct cxl_afu *afu, unsigned int port, u64 number);
void lab_path_sense(struct lab_path *path, struct lab_sense sense);
int lab_provision(struct cxl_afu *afu, unsigned int port, u64 blocks4k, struct lab_sa *sa);
int lab_unprovision(struct cxl_afu *afu, unsigned int port, u64 lun_id);
int lab_lun_rw(struct lab_lun *lun, u64 byte, void *buf, u64 len, bool write);
void lab_lun_zero(struct lab_lun *lun, u64 byte, u64 len);

/* control.c */
int lab_control_init(void);

#endif
