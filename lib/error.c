/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one table of error codes, with what each means to an operator, and the error struct's helpers.
 */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The exit statuses of the header's list, by name, so that the table below can take them up. */
enum exit_of {
#define X(symbol, status) EXIT_OF_##symbol = status,
	CXLF_ERROR_CODES(X)
#undef X
};

/* The paragraphs below are laid out as `explain` prints them. */
/* clang-format off */
#define EXPLAIN(symbol, one_line, paragraph) \
	[CXLF_E_##symbol] = {CXLF_E_##symbol, #symbol, (enum cxlf_exit)EXIT_OF_##symbol, one_line, paragraph}

static const struct cxlf_code_info table[CXLF_E_COUNT] = {
[CXLF_OK] = {
	CXLF_OK, "OK", CXLF_EXIT_OK, "done, or already so",
	"The command did what was asked, or found it done already.\n"},

EXPLAIN(FAILED, "the operation failed",
	"Something went wrong that fits none of the other codes. The message says\n"
	"what was being done; the errno's name in it is the system's own reason.\n"
	"\n"
	"Look into the kernel log (dmesg | grep -i cxl). With --trace, manage-lun,\n"
	"verify and context run show each request they make and the driver's answer.\n"),
EXPLAIN(USAGE, "the command line is wrong",
	"The words on the command line do not fit the command's grammar: an operand\n"
	"or an option's value is missing, or there is one operand too many. Nothing\n"
	"was done.\n"
	"\n"
	"See the command's usage with: cxlflashctl help COMMAND\n"),
EXPLAIN(UNKNOWN_COMMAND, "there is no such command",
	"The first word, or the second one, is not a command of this tool. Nothing\n"
	"was done.\n"
	"\n"
	"See all commands with: cxlflashctl help\n"),
EXPLAIN(UNKNOWN_OPTION, "there is no such option",
	"The command does not know this option. Nothing was done.\n"
	"\n"
	"See the command's options with: cxlflashctl help COMMAND\n"),
EXPLAIN(BAD_VALUE, "a value is not acceptable",
	"An option or operand has a value of the wrong kind or out of range; the\n"
	"message says which, and what is accepted. Nothing was done.\n"),
EXPLAIN(BAD_WWID, "this is not a LUN's name",
	"A LUN is named by its 32-digit WWID, by a node (/dev/sdX, /dev/sgN), by a\n"
	"link below /dev/disk/by-*, or by its SCSI address H:C:T:L. A WWID of a\n"
	"cxlflash LUN has 32 hex digits and starts with 6; 0x, naa. or udev's leading\n"
	"3 in front of it and colons or dashes between the pairs are accepted.\n"
	"\n"
	"Copy it from: cxlflashctl list\n"
	"A suffix of 8 or more digits will do for commands that change nothing, if\n"
	"it fits one LUN only. Commands that change something want the whole WWID, so\n"
	"that a slip of the finger cannot hit another LUN.\n"),
EXPLAIN(LUN_NOT_FOUND, "no cxlflash adapter has this LUN",
	"No path of any cxlflash adapter leads to a LUN with this name. It may not be\n"
	"mapped to this host, its port may be down, or the adapter may not have\n"
	"scanned since it was mapped.\n"
	"\n"
	"See what is there:       cxlflashctl list\n"
	"Are the ports online:    cxlflashctl port list\n"
	"Ask an adapter to scan:  echo '- - -' > /sys/class/scsi_host/hostN/scan\n"),
EXPLAIN(LUN_AMBIGUOUS, "more than one LUN fits",
	"The digits given are the end of more than one WWID; the message lists them.\n"
	"Nothing was done. Give more digits, or the whole WWID.\n"),
EXPLAIN(ADAPTER_NOT_FOUND, "there is no such adapter",
	"An adapter is named by its character device (cxlflash0), its SCSI host\n"
	"(host2), the PCI address of its function or of its card (0006:00:00.0), its\n"
	"card (card0) or its location code. None of the adapters here has the name\n"
	"given.\n"
	"\n"
	"See their names with: cxlflashctl adapter list\n"
	"The driver does not say which cxlflashN belongs to which adapter. The tools\n"
	"work it out from the order in which the kernel made them, and show no name\n"
	"where that is not certain; use the PCI address then.\n"),
EXPLAIN(NOT_CXLFLASH, "the device is not a cxlflash path",
	"The node exists but belongs to another driver's disk, to a partition, or to\n"
	"a device mapper or md device. The tools send their requests to nodes of\n"
	"cxlflash adapters only: other drivers give these requests other meanings.\n"
	"\n"
	"Paths of cxlflash LUNs: cxlflashctl list\n"
	"What a multipath device is made of: ls /sys/block/dm-N/slaves\n"),
EXPLAIN(NO_IDENTITY, "the LUN does not tell its identity",
	"VPD page 0x83 of this path has no NAA type 6 designator of 16 bytes, so the\n"
	"LUN cannot be told from others. The driver would accept any 16 bytes in its\n"
	"place, and two LUNs with the same ones would become one to it: data would be\n"
	"lost. So nothing is done with such a path.\n"
	"\n"
	"See the page with: sg_vpd -p di /dev/sgN\n"
	"If it is empty the path may be down, or the LUN was mapped while the kernel\n"
	"already knew another at this address; read it again with:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/rescan\n"),
EXPLAIN(IDENTITY_MISMATCH, "a path leads to a different LUN from the one recorded",
	"The LUN behind this path answers with another WWID than the kernel\n"
	"remembers, or than its other paths have. It was probably remapped on the\n"
	"storage side without the host being told. Nothing was changed: switching now\n"
	"would tie two different LUNs together, and destroy data on one of them.\n"
	"\n"
	"Stop what uses this path, delete it and scan again:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/delete\n"
	"  echo '- - -' > /sys/class/scsi_host/hostH/scan\n"
	"then see: cxlflashctl list\n"),
EXPLAIN(PERMISSION, "a right is missing",
	"You may not do this. The message names the node or the file, and the right\n"
	"that is missing. Nothing was changed.\n"
	"\n"
	"Paths:      read and write permission on /dev/sgN; see ls -l /dev/sgN. The\n"
	"            udev rules of this suite give it to the group cxlflash.\n"
	"Adapters:   /dev/cxlflash/cxlflashN wants CAP_SYS_ADMIN, whatever its mode.\n"
	"Others' processes can be seen by root only, so some checks are weaker\n"
	"without.\n"),
EXPLAIN(LUN_IN_USE, "the LUN is in use as a disk",
	"This LUN is used as an ordinary disk, by any of its paths or partitions. The\n"
	"checks, by the names that --force takes:\n"
	"mount        it is mounted, in any mount namespace\n"
	"swap         it is swap space\n"
	"holder       a device-mapper, md or bcache device is built on it\n"
	"export       a loop device, nvmet or LIO gives it to others\n"
	"opener       a program has it open for writing or exclusively, or an sg node\n"
	"reservation  a host has a SCSI reservation\n"
	"offline-path a path does not work, so it can neither be asked nor switched\n"
	"\n"
	"Neither mode stops the other's I/O: the driver would let a program in\n"
	"superpipe mode write right through the mounted file system, so the tools\n"
	"refuse. A host that uses the LUN without a reservation cannot be seen.\n"
	"\n"
	"The fix ends the uses, what stands on top first. --force=CHECK overrides\n"
	"that check and no other; data on the LUN is then in danger. Who did so is\n"
	"written to syslog.\n"),
EXPLAIN(USE_UNKNOWN, "what uses the LUN could not be found out",
	"A check for users of the LUN could not be made: processes are hidden (a PID\n"
	"namespace), a list could not be read, the limit of open files was reached,\n"
	"or the device did not answer. The message says which check, and the\n"
	"system's reason.\n"
	"\n"
	"A question without an answer refuses like a use. When you know the answer,\n"
	"--force=CHECK leaves out that check and no other.\n"),
EXPLAIN(LUN_HAS_HANDLES, "programs still use the LUN in superpipe mode",
	"A program has a physical or a virtual handle open on this LUN (the driver\n"
	"says EBUSY), or holds an adapter context that may be attached to it: a\n"
	"context tells its adapter at most. A program that is attached to a LUN in\n"
	"legacy mode cannot even detach, and when it ends the driver leaks or crashes.\n"
	"\n"
	"See who it is:  cxlflashctl context list\n"
	"Stop that program, or let it release its handles, and retry. A program that\n"
	"was killed has none left. --force=context overrides the check.\n"),
EXPLAIN(MODE_NOT_REACHED, "the LUN is not in the mode asked for",
	"The driver refused the switch on a path, or accepted it and still reports\n"
	"the other mode. What had been changed on other paths was put back where\n"
	"possible; the message says what state each path is in now.\n"
	"\n"
	"See the state: cxlflashctl lun info WWID\n"
	"The same command may be given again: paths already switched are left alone.\n"),
EXPLAIN(DRIVER_NOT_LOADED, "the cxlflash driver is not loaded",
	"This kernel can have the cxlflash driver, but it is not loaded, so there are\n"
	"no adapters to be seen.\n"
	"\n"
	"Load it:  modprobe cxlflash\n"
	"If that fails, the kernel was built without it (from 6.14 on it is no longer\n"
	"built by default), or a file in /etc/modprobe.d keeps it from loading.\n"),
EXPLAIN(DRIVER_REMOVED, "this kernel no longer has the driver",
	"The cxlflash driver, and the cxl driver below it, were removed from Linux in\n"
	"release 6.15. No option brings them back.\n"
	"\n"
	"Boot a kernel up to 6.14, or one of a distribution that still has the\n"
	"driver.\n"),
EXPLAIN(NO_ADAPTER, "there is no cxlflash adapter",
	"The driver is loaded, but it drives no adapter. Either there is no card, or\n"
	"the card is there and did not come up; the message says which was found.\n"
	"\n"
	"What PCI sees:          lspci -d 1014:\n"
	"What the drivers said:  dmesg | grep -i -e cxl -e EEH\n"
	"In a PowerVM guest the adapter must be assigned to the partition.\n"),
EXPLAIN(NOT_SUPPORTED, "not supported here",
	"This machine, kernel or adapter cannot do it: the adapters and their driver\n"
	"exist on 64-bit POWER only, host requests need Linux 4.13, and some requests\n"
	"need an AFU that has the function. Trying again will not help.\n"),
EXPLAIN(ADAPTER_FAILED, "the adapter has failed",
	"The driver gave the adapter up: a reset or a PCI recovery failed, or the\n"
	"slot was isolated for good. Contexts on it can be closed, but nothing else\n"
	"works.\n"
	"\n"
	"Why:    dmesg | grep -i -e cxlflash -e EEH\n"
	"Retry:  unbind and bind the function (all its users must have stopped):\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/unbind\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/bind\n"
	"If it fails again the card needs service.\n"),
EXPLAIN(DEVICE_GONE, "the device is gone",
	"The path or the adapter vanished while the command was at work: it was\n"
	"removed, or the adapter is being reset. What had been done before is kept.\n"
	"\n"
	"See what is there now: cxlflashctl list\n"),
EXPLAIN(DEVICE_ERROR, "the device answered with an error",
	"A SCSI command to the LUN failed or was not answered in time; the message\n"
	"says how. The port may be down, the LUN may have gone from the storage, or\n"
	"the adapter may be in a reset.\n"
	"\n"
	"Ports:       cxlflashctl port list\n"
	"Ask it:      sg_turs -v /dev/sgN\n"
	"Kernel log:  dmesg | tail -50\n"),
EXPLAIN(LOCKED, "another command is changing this adapter",
	"One command at a time may change an adapter's LUNs, and another one held the\n"
	"lock for longer than this one would wait. The message names its process.\n"
	"\n"
	"Try again later, or wait longer with --timeout. The lock goes with the\n"
	"process that has it; there is never a stale one to remove.\n"),
EXPLAIN(TIMEOUT, "it took too long",
	"The time allowed was over before an answer came. The adapter may be in a\n"
	"reset, which takes some seconds, or in a PCI recovery, which may take a\n"
	"minute.\n"
	"\n"
	"See the adapter's state with: cxlflashctl adapter list\n"
	"and try again, with a longer --timeout if need be.\n"),
EXPLAIN(PARTIAL, "some were done and some were not",
	"The command had several objects; each one that failed has its own message.\n"
	"The others are done. The same command may be given again: what is done\n"
	"already is left alone.\n"),
EXPLAIN(ABORTED, "not confirmed",
	"The command wanted a confirmation and did not get it, or could not ask\n"
	"because there is no terminal. Nothing was done. --yes answers in advance.\n"),
EXPLAIN(NOT_SUPERPIPE, "the LUN is not in superpipe mode",
	"Contexts and handles need the LUN in superpipe mode, and the path that was\n"
	"to be used is in legacy mode. Nothing was done.\n"
	"\n"
	"Switch it, on all its paths:  cxlflashctl manage-lun WWID superpipe\n"
	"Enable all paths before the first virtual LUN is made: the driver does not\n"
	"give later ones their place until all have been legacy once.\n"),
EXPLAIN(LUN_OTHER_USE, "the LUN is used in the other way",
	"A LUN is used either through virtual LUNs or as a whole (physical handles),\n"
	"by all programs and on all adapters alike; the first handle decides, the\n"
	"last one released ends it. Handles of the other kind are open now.\n"
	"\n"
	"See who:  cxlflashctl context list\n"),
EXPLAIN(CONTEXT_NOT_FOUND, "there is no such context",
	"No holder has the name given. A context that its holder lost or stopped is\n"
	"gone with all its handles; other programs' contexts have no name and cannot\n"
	"be reached.\n"
	"\n"
	"See their names with: cxlflashctl context list\n"),
EXPLAIN(HANDLE_NOT_FOUND, "the context has no such handle",
	"A virtual or physical LUN is named CONTEXT/HANDLE, for instance ctx0/3, and\n"
	"this context has no open handle with that number, or one of the other kind.\n"
	"\n"
	"See them with: cxlflashctl context info NAME\n"),
EXPLAIN(NAME_TAKEN, "a context with this name exists",
	"Names of contexts are unique on a machine. Nothing was done.\n"
	"\n"
	"Choose another name, leave it out to get one made up, or stop the other:\n"
	"  cxlflashctl context stop NAME\n"),
EXPLAIN(CONTEXT_LOST, "the context was lost in an adapter reset",
	"The adapter was reset or frozen, and the context must be recovered before\n"
	"anything works in it. Handles and what is stored in virtual LUNs survive\n"
	"that; the context's id changes. A holder recovers by itself unless it was\n"
	"started with --no-recover.\n"
	"\n"
	"Recover it:   cxlflashctl recover NAME\n"
	"See the end:  cxlflashctl context info NAME\n"),
EXPLAIN(CONTEXT_GONE, "the process that held the context is gone",
	"The holder ended while the request was under way, or before. With it the\n"
	"kernel freed the context, its handles and its virtual LUNs. A holder that\n"
	"was killed leaves its socket behind, which the next command removes.\n"
	"\n"
	"Why:  journalctl -t cxlflash-holder; dmesg | tail\n"),
EXPLAIN(HOLDER_PROTOCOL, "the holder uses an incompatible protocol version",
	"The process behind the context's socket answers in a form this tool does\n"
	"not know: it was started by another release of the suite, or is not a\n"
	"holder.\n"
	"\n"
	"A context of an old release: stop it with that release's cxlflashctl, or end\n"
	"the process; the kernel then frees what it held.\n"),
EXPLAIN(NO_SPACE, "the LUN has not enough free space",
	"Virtual LUNs are made of chunks of 65,536 blocks, and the LUN has fewer free\n"
	"ones than were asked for. The driver would silently give what is left; that\n"
	"was given back, and nothing has changed.\n"
	"\n"
	"Take what there is:  --allow-smaller\n"
	"Who has the rest:    cxlflashctl vlun list; cxlflashctl context list\n"),
EXPLAIN(NO_CONTEXTS, "the adapter has no context left",
	"An adapter has 512 contexts; the driver uses one or more of them itself, and\n"
	"a limited number of interrupts. All are taken.\n"
	"\n"
	"See who has them:  cxlflashctl context list\n"
	"Fewer interrupts a context leave room for more of them: --interrupts=1\n"),
EXPLAIN(NO_HANDLES, "the context has no handle left",
	"A context has 4,096 handles, 256 on kernels with pages of 4 KiB, virtual and\n"
	"physical ones together. All are open.\n"
	"\n"
	"Release some, or use another context:  cxlflashctl context start LUN\n"),
EXPLAIN(UNSAFE, "refused: it would put data in danger",
	"What was asked for is known to destroy data that is not yours to destroy;\n"
	"the message says how. Nothing was done. The check can be overridden by its\n"
	"name: --force=CHECK.\n"
	"\n"
	"driver-wipe: the driver can be told to zero the space of a virtual LUN when\n"
	"it shrinks or is released. It takes the number of the chunk for the address\n"
	"of its first block, so it zeroes blocks near the beginning of the LUN, which\n"
	"are other virtual LUNs', and leaves what it should have wiped as it was.\n"),
EXPLAIN(LUN_CHANGED, "the LUN is not what it was",
	"The check worked, its verdict is negative: the LUN's capacity or identity\n"
	"differs from what the driver, the kernel or the baseline remembers, or it\n"
	"does not answer as a sound LUN does.\n"
	"\n"
	"Grown: programs may use more after they attach anew. Shrunk: data beyond the\n"
	"new end is lost; stop what uses the LUN. Another identity: stop at once.\n"
	"Let the kernel read it again:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/rescan\n"),
EXPLAIN(BAD_SENSE, "this is not valid sense data",
	"Sense data is given in hex, with any separators, in fixed (70h, 71h) or\n"
	"descriptor format (72h, 73h), or as the lines that sg_raw and the kernel log\n"
	"have. The message says what is wrong with it.\n"),
EXPLAIN(BAD_CONFIG, "a file cannot be used",
	"A file that a command was told to read is not what it should be; the message\n"
	"names the file and the line.\n"),
EXPLAIN(NO_MEMORY, "out of memory",
	"The tool, or the kernel on its behalf, could not get memory. Nothing was\n"
	"changed unless the message says otherwise. Look at free(1) and at the kernel\n"
	"log. The driver also gives this answer for a virtual LUN on a LUN that is\n"
	"smaller than one allocation unit of 65536 blocks.\n"),
EXPLAIN(PROGRAM_NOT_RUN, "the program cannot be run",
	"The context was attached, but the program that should get it could not be\n"
	"run: it is not executable, or not of this machine. The context was detached\n"
	"again.\n"),
EXPLAIN(PROGRAM_NOT_FOUND, "there is no such program",
	"The context was attached, but the program that should get it, or its\n"
	"interpreter, does not exist, neither by its path nor in PATH. The context\n"
	"was detached again.\n"),
EXPLAIN(OUTPUT, "the output could not be written",
	"The place the output goes to is full or was closed. What the command did\n"
	"before is done: look at the state before repeating a command that changes\n"
	"something.\n"),
EXPLAIN(BUG, "the tool contradicts itself",
	"A check inside the tool failed: it did something it was written never to do,\n"
	"and stopped. Please report it with the command's output, with that of\n"
	"--trace if the command takes it, and of: cxlflashctl version\n"),
};
/* clang-format on */

#undef EXPLAIN

const struct cxlf_code_info *cxlf_code_info(enum cxlf_code code)
{
	return (unsigned)code < CXLF_E_COUNT ? &table[code] : &table[CXLF_E_BUG];
}

const struct cxlf_code_info *cxlf_code_by_name(const char *name)
{
	for (unsigned code = 0; code < CXLF_E_COUNT; code++)
		if (!strcasecmp(name, table[code].name))
			return &table[code];
	return NULL;
}

const char *cxlf_exit_summary(int status)
{
	static const char *const summary[] = {
		[CXLF_EXIT_OK] = "done, or already so",
		[CXLF_EXIT_FAILED] = "failed",
		[CXLF_EXIT_USAGE] = "wrong usage",
		[CXLF_EXIT_NOT_FOUND] = "not found",
		[CXLF_EXIT_PERMISSION] = "permission missing",
		[CXLF_EXIT_BUSY] = "busy or in use",
		[CXLF_EXIT_UNSUPPORTED] = "not supported",
		[CXLF_EXIT_DEVICE] = "device failed or gone",
		[CXLF_EXIT_RETRY] = "try again later",
		[CXLF_EXIT_CHECK] = "check failed: the command worked, its verdict is negative",
		[CXLF_EXIT_PARTIAL] = "partly done",
		[CXLF_EXIT_ABORTED] = "aborted: not confirmed",
		[CXLF_EXIT_NO_SPACE] = "no space: chunks, handles or contexts",
		[CXLF_EXIT_CONFIG] = "bad configuration",
		[CXLF_EXIT_BUG] = "internal error",
		[CXLF_EXIT_OUTPUT] = "output could not be written",
		[CXLF_EXIT_NOT_RUN] = "the program cannot be run",
		[CXLF_EXIT_NO_PROGRAM] = "the program was not found",
	};

	if (status < 0 || (size_t)status >= sizeof(summary) / sizeof(*summary))
		return NULL;
	return summary[status];
}

int cxlf_err_exit(const struct cxlf_err *err)
{
	return (int)cxlf_code_info(err->code)->exit;
}

const char *cxlf_errno_name(int sys)
{
	/* strerrorname_np(3) is younger than some of the systems these adapters are in */
#define NAME(e) [e] = #e
	static const char *const name[] = {
		NAME(EPERM),	    NAME(ENOENT),     NAME(ESRCH),	 NAME(EINTR),	     NAME(EIO),
		NAME(ENXIO),	    NAME(E2BIG),      NAME(ENOEXEC),	 NAME(EBADF),	     NAME(ECHILD),
		NAME(EAGAIN),	    NAME(ENOMEM),     NAME(EACCES),	 NAME(EFAULT),	     NAME(ENOTBLK),
		NAME(EBUSY),	    NAME(EEXIST),     NAME(EXDEV),	 NAME(ENODEV),	     NAME(ENOTDIR),
		NAME(EISDIR),	    NAME(EINVAL),     NAME(ENFILE),	 NAME(EMFILE),	     NAME(ENOTTY),
		NAME(ETXTBSY),	    NAME(EFBIG),      NAME(ENOSPC),	 NAME(ESPIPE),	     NAME(EROFS),
		NAME(EMLINK),	    NAME(EPIPE),      NAME(EDOM),	 NAME(ERANGE),	     NAME(EDEADLK),
		NAME(ENAMETOOLONG), NAME(ENOLCK),     NAME(ENOSYS),	 NAME(ENOTEMPTY),    NAME(ELOOP),
		NAME(ENODATA),	    NAME(ETIME),      NAME(ECOMM),	 NAME(EPROTO),	     NAME(EBADMSG),
		NAME(EOVERFLOW),    NAME(EILSEQ),     NAME(EUSERS),	 NAME(ENOTSOCK),     NAME(EMSGSIZE),
		NAME(EPROTOTYPE),   NAME(EOPNOTSUPP), NAME(EADDRINUSE),	 NAME(ECONNABORTED), NAME(ECONNRESET),
		NAME(ENOBUFS),	    NAME(ENOTCONN),   NAME(ESHUTDOWN),	 NAME(ETIMEDOUT),    NAME(ECONNREFUSED),
		NAME(EHOSTDOWN),    NAME(EALREADY),   NAME(EINPROGRESS), NAME(ESTALE),	     NAME(EREMOTEIO),
		NAME(EDQUOT),	    NAME(ENOMEDIUM),  NAME(EMEDIUMTYPE), NAME(ECANCELED),
	};
#undef NAME

	if (sys <= 0 || (size_t)sys >= sizeof(name) / sizeof(*name) || !name[sys])
		return "";
	return name[sys];
}

static int begin(struct cxlf_err *err, enum cxlf_code code, int rc, const char *fmt, va_list args)
{
	*err = (struct cxlf_err){.code = code, .sys = rc < 0 ? -rc : rc};
	vsnprintf(err->message, sizeof(err->message), fmt, args);
	return -1;
}

int cxlf_fail(struct cxlf_err *err, enum cxlf_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(err, code, 0, fmt, args);
	va_end(args);
	return -1;
}

int cxlf_fail_sys(struct cxlf_err *err, enum cxlf_code code, int rc, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	begin(err, code, rc, fmt, args);
	va_end(args);
	return -1;
}

int cxlf_object(struct cxlf_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->object, sizeof(err->object), fmt, args);
	va_end(args);
	return -1;
}

int cxlf_cause(struct cxlf_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->cause, sizeof(err->cause), fmt, args);
	va_end(args);
	return -1;
}

int cxlf_fix(struct cxlf_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->fix, sizeof(err->fix), fmt, args);
	va_end(args);
	return -1;
}
