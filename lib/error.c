/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of error codes with their explanations, and the helpers of the error struct.
 */
#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* `explain` wraps the paragraphs. */
/* clang-format off */
#define EXPLAIN(symbol, status, one_line, paragraph) \
	[CXLF_E_##symbol] = {CXLF_E_##symbol, #symbol, CXLF_EXIT_##status, one_line, paragraph}

static const struct cxlf_code_info table[CXLF_E_COUNT] = {
[CXLF_OK] = {
	CXLF_OK, "OK", CXLF_EXIT_OK, "done or already so",
	"The command did what was asked, or the requested state already existed."},

EXPLAIN(FAILED, FAILED, "the operation failed",
	"The operation failed for a reason that no other code covers. The message names the operation and, where "
	"there is one, the system's error (errno).\n\n"
	"Read the kernel log (dmesg | grep -i cxl). With --trace, manage-lun, verify and context run print each "
	"request to the driver and its result."),
EXPLAIN(USAGE, USAGE, "the command line is wrong",
	"An operand or an option's value is missing, or there are too many operands. Nothing was changed.\n\n"
	"See the command's usage with: cxlflashctl help COMMAND"),
EXPLAIN(UNKNOWN_COMMAND, USAGE, "unknown command",
	"The first or the second word is not a command of this tool. Nothing was changed.\n\n"
	"List all commands with: cxlflashctl help"),
EXPLAIN(UNKNOWN_OPTION, USAGE, "unknown option",
	"The command does not have this option. Nothing was changed.\n\n"
	"See the command's options with: cxlflashctl help COMMAND"),
EXPLAIN(BAD_VALUE, USAGE, "a value is not valid",
	"The value of an option or operand has the wrong form or is out of range. The message names it and the "
	"accepted values. Nothing was changed."),
EXPLAIN(BAD_WWID, USAGE, "not a valid name of a LUN",
	"A LUN is named by its 32-digit WWID, by a node (/dev/sdX, /dev/sgN), by a link below /dev/disk/by-*, or by "
	"its SCSI address H:C:T:L. The WWID of a cxlflash LUN has 32 hex digits, and the first is 6. A prefix 0x, "
	"naa. or 3 (udev's) is accepted, and so are colons or dashes between pairs of digits.\n\n"
	"Copy the WWID from: cxlflashctl list\n"
	"Commands that change nothing also accept the last 8 or more digits, if only one LUN matches. Commands that "
	"change something require the whole WWID, so that a typing error cannot select another LUN."),
EXPLAIN(LUN_NOT_FOUND, NOT_FOUND, "no cxlflash adapter has this LUN",
	"No path of any cxlflash adapter leads to a LUN with this name. The LUN may not be mapped to this host, its "
	"port may be offline, or it was mapped after the adapter's last scan.\n\n"
	"List the LUNs:      cxlflashctl list\n"
	"Check the ports:    cxlflashctl port list\n"
	"Scan an adapter:    echo '- - -' > /sys/class/scsi_host/hostN/scan"),
EXPLAIN(LUN_AMBIGUOUS, NOT_FOUND, "more than one LUN matches",
	"More than one WWID ends in the given digits. The message lists them. Nothing was changed. Give more "
	"digits, or the whole WWID."),
EXPLAIN(ADAPTER_NOT_FOUND, NOT_FOUND, "there is no such adapter",
	"An adapter is named by its character device (cxlflash0), its SCSI host (host2), the PCI address of its "
	"function or of its card (0006:00:00.0), its card (card0) or its location code. No adapter of this machine "
	"has the given name.\n\n"
	"List the adapters with: cxlflashctl adapter list\n"
	"The driver does not report which cxlflashN belongs to which adapter. The tools derive it from the order in "
	"which the kernel created them, and show no name where that is not certain. Use the PCI address then."),
EXPLAIN(NOT_CXLFLASH, NOT_FOUND, "the device is not a cxlflash path",
	"The node exists, but it belongs to another driver's disk, to a partition, or to a device-mapper or md "
	"device. The tools send their requests to nodes of cxlflash adapters only, because other drivers use the "
	"same request numbers for other purposes.\n\n"
	"Paths of cxlflash LUNs: cxlflashctl list\n"
	"Components of a multipath device: ls /sys/block/dm-N/slaves"),
EXPLAIN(NO_IDENTITY, FAILED, "the LUN's identity cannot be read",
	"VPD page 0x83 of this path has no NAA type 6 designator of 16 bytes, so the LUN cannot be told apart from "
	"others. The driver accepts any 16 bytes as the identity. If two LUNs had the same identity, the driver "
	"would treat them as one LUN and data would be lost. The tools therefore do not use this path.\n\n"
	"See the page with: sg_vpd -p di /dev/sgN\n"
	"If it is empty, the path may be down, or the LUN was mapped at an address where the kernel already knew "
	"another LUN. Read it again with:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/rescan"),
EXPLAIN(IDENTITY_MISMATCH, FAILED, "a path leads to a different LUN from the one recorded",
	"The LUN behind this path reports a different WWID from the one that the kernel has recorded, or from that "
	"of the LUN's other paths. The storage mapping was probably changed without the host's knowledge. Nothing "
	"was changed: a switch now would join two different LUNs and destroy data on one of them.\n\n"
	"Stop the users of this path, delete the path and scan again:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/delete\n"
	"  echo '- - -' > /sys/class/scsi_host/hostH/scan\n"
	"Then check: cxlflashctl list"),
EXPLAIN(PERMISSION, PERMISSION, "permission denied",
	"The caller does not have the permission that the operation needs. The message names the node or file and "
	"the permission. Nothing was changed.\n\n"
	"Paths:      read and write permission on /dev/sgN; see ls -l /dev/sgN. The\n"
	"            udev rules of this suite give it to the group cxlflash.\n"
	"Adapters:   /dev/cxlflash/cxlflashN needs CAP_SYS_ADMIN, whatever its mode.\n"
	"Only root can see the open files of other users' processes, so without root some checks find less."),
EXPLAIN(LUN_IN_USE, BUSY, "the LUN is in use as a disk",
	"This LUN is used as an ordinary disk, on one of its paths or partitions. The checks have these names, "
	"which --force takes:\n"
	"mount        it is mounted, in any mount namespace\n"
	"swap         it is swap space\n"
	"holder       a device-mapper, md or bcache device is built on it\n"
	"export       a loop device, nvmet or LIO exports it\n"
	"opener       a process has it open for writing or exclusively, or has an sg\n"
	"             node of it open\n"
	"reservation  a host has a SCSI reservation\n\n"
	"Superpipe mode and ordinary I/O do not exclude each other: the driver would let a program in superpipe "
	"mode write over a mounted file system. The tools therefore refuse. A host that uses the LUN without a "
	"reservation cannot be detected.\n\n"
	"The fix in the message ends the uses, the topmost first. --force=CHECK overrides only that check, and data "
	"on the LUN is then in danger. Each override is written to syslog with the user who gave it."),
EXPLAIN(USE_UNKNOWN, BUSY, "it cannot be determined what uses the LUN",
	"A check for users of the LUN could not be made: processes are hidden (a PID namespace), a list could not "
	"be read, the limit of open files was reached, or the device did not answer. The message names the check "
	"and the system's error.\n\n"
	"The tools treat an unknown result like a use and refuse. If you know that the LUN is not in use, "
	"--force=CHECK skips only that check."),
EXPLAIN(LUN_HAS_HANDLES, BUSY, "programs still use the LUN in superpipe mode",
	"A program has a physical or virtual handle open on this LUN (the driver returns EBUSY), or has an adapter "
	"context that may be attached to it. The kernel reports the adapter of a context at most, not its LUNs. If "
	"the LUN is switched to legacy mode, an attached program can no longer detach from it, and the driver leaks "
	"resources or crashes when the program ends.\n\n"
	"List the programs:  cxlflashctl context list\n"
	"Stop the program, or make it release its handles, and try again. A killed program has no handles left. "
	"--force=context overrides the check."),
EXPLAIN(MODE_NOT_REACHED, FAILED, "the LUN is not in the requested mode",
	"The driver refused the switch on a path, or accepted it and still reports the other mode. Changes on other "
	"paths were undone where possible. The message has the current mode of each path.\n\n"
	"See the mode: cxlflashctl lun info WWID\n"
	"You can repeat the command: it skips paths that are already switched."),
EXPLAIN(DRIVER_NOT_LOADED, UNSUPPORTED, "the cxlflash driver is not loaded",
	"The cxlflash driver is not loaded, so no adapter is visible.\n\n"
	"Load it:  modprobe cxlflash\n"
	"If that fails, the kernel was built without the driver (from 6.14 on it is not built by default), or a "
	"file in /etc/modprobe.d prevents the load."),
EXPLAIN(DRIVER_REMOVED, UNSUPPORTED, "this kernel no longer has the driver",
	"Linux 6.15 removed the cxlflash driver, and the cxl driver that it needs. No option brings them back.\n\n"
	"Boot a kernel up to 6.14, or a distribution kernel that still has the driver."),
EXPLAIN(NO_ADAPTER, NOT_FOUND, "there is no cxlflash adapter",
	"The driver is loaded but has no adapter. Either there is no card, or the card did not initialize. The "
	"message says which.\n\n"
	"PCI devices:  lspci -d 1014:\n"
	"Kernel log:   dmesg | grep -i -e cxl -e EEH\n"
	"In a PowerVM guest the adapter must be assigned to the partition."),
EXPLAIN(NOT_SUPPORTED, UNSUPPORTED, "not supported here",
	"This machine, kernel or adapter does not support the operation. The adapters and their driver exist on "
	"64-bit POWER only, host requests need Linux 4.13, and some requests need a function of the AFU. Trying "
	"again does not help."),
EXPLAIN(ADAPTER_FAILED, DEVICE, "the adapter has failed",
	"The driver has disabled the adapter: a reset or a PCI recovery failed, or the slot was isolated "
	"permanently. Or the adapter was taken from the driver. Holders close their contexts on it by themselves; "
	"other programs must end before the adapter can be unbound. cxlflashctl adapter info shows them.\n\n"
	"Cause:  dmesg | grep -i -e cxlflash -e EEH\n"
	"Retry:  end other users of the adapter, then unbind and bind the function:\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/unbind\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/bind\n"
	"If it fails again, the card needs service."),
EXPLAIN(ADAPTER_FROZEN, RETRY, "the adapter is frozen or being reset",
	"The PCI slot is frozen after an error (EEH) and is being recovered, or the driver is resetting the "
	"adapter. A reset takes some seconds, a PCI recovery up to a minute. Requests wait in the kernel until "
	"then, so nothing was sent to the adapter, or it did not answer.\n\n"
	"Watch the state: cxlflashctl adapter list\n"
	"Then try again. If it does not become ready: dmesg | grep -i -e cxl -e EEH"),
EXPLAIN(PORT_OFFLINE, DEVICE, "the path's port is offline",
	"The adapter works, but the port of this path has no link: the cable, the transceiver or the switch port. "
	"Other ports may lead to the same LUN.\n\n"
	"Ports: cxlflashctl port list\n"
	"manage-lun leaves such paths as they are with --force=offline-path."),
EXPLAIN(PATH_OFFLINE, DEVICE, "the path's SCSI device is not running",
	"Adapter and port work, but the kernel has set this path offline, after errors, or someone has. The kernel "
	"refuses every command to it.\n\n"
	"A context whose LUN has no other path keeps its handles, and can be used when the path works again.\n\n"
	"Set it running, as the fix in the message does. If it goes offline again, see the kernel log: dmesg | tail "
	"-50\n"
	"manage-lun leaves such paths as they are with --force=offline-path."),
EXPLAIN(DEVICE_GONE, DEVICE, "the device is gone",
	"The path or the adapter disappeared during the command: it was removed, or the adapter is being reset. "
	"What the command had completed before remains in effect.\n\n"
	"List what is there now: cxlflashctl list"),
EXPLAIN(DEVICE_ERROR, DEVICE, "the device reported an error",
	"A SCSI command to the LUN failed, although the adapter, the port and the path work. The message has the "
	"details. A context whose LUN has no working path keeps its handles, and can be used when a path works "
	"again.\n\n"
	"Test a path: sg_turs -v /dev/sgN\n"
	"Kernel log:  dmesg | tail -50"),
EXPLAIN(LOCKED, RETRY, "another command is changing this adapter",
	"Only one command at a time may change an adapter's LUNs. Another command held the lock until this one "
	"timed out. The message names its process.\n\n"
	"Try again later, or wait longer with --timeout. The kernel releases the lock when its process ends, so a "
	"stale lock cannot remain."),
EXPLAIN(TIMEOUT, RETRY, "timed out",
	"No answer came within the time limit: a command was lost, or its target is slow or busy.\n\n"
	"A request to a holder that had not begun yet is never begun. One that creates something (vlun create, plun "
	"create, vlun clone, context attach) is undone when it is complete. Any other, such as vlun resize, vlun "
	"release or recover, may still be under way and remains in effect:\n"
	"  cxlflashctl context info NAME\n"
	"A holder that is stopped (state T) answers again after: kill -CONT PID\n\n"
	"See the adapter's state with: cxlflashctl adapter list\n"
	"Then try again, with a longer --timeout if necessary."),
EXPLAIN(PARTIAL, PARTIAL, "some objects succeeded and some failed",
	"The command had several objects. Each one that failed has its own message; the others are done. You can "
	"repeat the command: it skips what is already done. A list with this status lacks what did not answer, or "
	"what the caller may not ask."),
EXPLAIN(ABORTED, ABORTED, "not confirmed",
	"The command needs a confirmation. The answer was not yes, or there is no terminal to ask on. Nothing was "
	"changed. --yes confirms in advance."),
EXPLAIN(NOT_SUPERPIPE, FAILED, "the LUN is not in superpipe mode",
	"Contexts and handles need the LUN in superpipe mode, and the selected path is in legacy mode. Nothing was "
	"changed.\n\n"
	"Switch all paths of the LUN:  cxlflashctl manage-lun WWID superpipe\n"
	"Switch all paths before you create the first virtual LUN. The driver does not use a path that is switched "
	"later for virtual LUNs until all paths have been in legacy mode once."),
EXPLAIN(LUN_OTHER_USE, BUSY, "the LUN is in use with handles of the other kind",
	"All handles of a LUN are either virtual or physical, for all programs and adapters. The first handle "
	"decides, until the last one is released. Handles of the other kind are open now.\n\n"
	"List the programs:  cxlflashctl context list"),
EXPLAIN(CONTEXT_NOT_FOUND, NOT_FOUND, "there is no such context",
	"No cxlflash-holder has a context with this name. A context that was lost or stopped is gone with all its "
	"handles. Contexts of other programs have no name and cannot be used from here.\n\n"
	"List the names with: cxlflashctl context list"),
EXPLAIN(HANDLE_NOT_FOUND, NOT_FOUND, "the context has no such handle",
	"A virtual or physical LUN is named CONTEXT/HANDLE, for instance ctx0/3. This context has no open handle "
	"with that number, or one of the other kind.\n\n"
	"List the handles with: cxlflashctl context info NAME"),
EXPLAIN(NAME_TAKEN, BUSY, "a context with this name exists",
	"A context name is unique on a machine. Nothing was changed.\n\n"
	"Choose another name, omit it to get a generated one, or stop the other context:\n"
	"  cxlflashctl context stop NAME"),
EXPLAIN(CONTEXT_LOST, DEVICE, "the context was lost in an adapter reset",
	"The adapter was reset or frozen. The context must be recovered before it can be used again. Its handles "
	"and the data of virtual LUNs survive; its context id changes. A holder recovers its context automatically, "
	"unless it was started with --no-recover.\n\n"
	"Recover it:     cxlflashctl recover NAME\n"
	"See its state:  cxlflashctl context info NAME"),
EXPLAIN(CONTEXT_GONE, DEVICE, "the process that held the context has ended",
	"The holder ended during the request or before it. The kernel has freed the context, its handles and its "
	"virtual LUNs. A killed holder leaves a stale socket, which the next command removes.\n\n"
	"Cause:  journalctl -t cxlflash-holder; dmesg | tail"),
EXPLAIN(HOLDER_PROTOCOL, FAILED, "the context is held by another release",
	"The holder of the context was started before the package was upgraded or downgraded. The message names "
	"both releases. context list, context info and context stop work with holders of every release, other "
	"commands do not.\n\n"
	"To use the context with this release, stop it and start it again. The data in its virtual LUNs is lost:\n"
	"  cxlflashctl context stop NAME\n"
	"If the message names no release, the process behind the context's socket is not a cxlflash-holder."),
EXPLAIN(NO_SPACE, NO_SPACE, "the LUN has not enough free space",
	"A virtual LUN consists of chunks of 65,536 blocks, and the LUN has fewer free chunks than requested. The "
	"driver would allocate the rest without an error; that allocation was undone, and nothing has changed.\n\n"
	"Accept less:     --allow-smaller\n"
	"List the users:  cxlflashctl vlun list; cxlflashctl context list"),
EXPLAIN(LUN_TABLE_FULL, NO_SPACE, "the adapter's LUN table is full",
	"An adapter has a table of 256 LUNs for each port. A LUN takes a slot when its first virtual LUN is created "
	"after a switch to superpipe mode, and the driver does not reuse slots. The LUN itself may have free "
	"space.\n\n"
	"LUNs that have a slot can still be used, and physical handles need none. The table is emptied when the "
	"driver releases the adapter. End all uses of the adapter, then:\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/unbind\n"
	"  echo 0006:00:00.0 > /sys/bus/pci/drivers/cxlflash/bind"),
EXPLAIN(NO_CONTEXTS, NO_SPACE, "the adapter has no free context",
	"An adapter has 512 contexts, of which the driver uses one or more, and a limited number of interrupts. All "
	"are in use.\n\n"
	"List the contexts:  cxlflashctl context list\n"
	"With fewer interrupts per context there is room for more: --interrupts=1"),
EXPLAIN(NO_HANDLES, NO_SPACE, "the context has no free handle",
	"A context has 4,096 handles (256 on kernels with pages of 4 KiB), virtual and physical together. All are "
	"open.\n\n"
	"Release some, or use another context:  cxlflashctl context start LUN"),
EXPLAIN(UNSAFE, ABORTED, "refused: the operation would endanger data",
	"The operation is known to destroy other users' data. The message says how. Nothing was changed. "
	"--force=CHECK overrides the check with that name.\n\n"
	"driver-wipe: the driver can zero the space of a virtual LUN when the LUN shrinks or is released. It uses "
	"the number of the chunk as the address of its first block. It therefore zeroes blocks near the beginning "
	"of the LUN, which belong to other virtual LUNs, and does not zero the blocks that were released."),
EXPLAIN(LUN_CHANGED, CHECK, "the LUN has changed",
	"The check worked and its verdict is negative: the LUN's capacity or identity differs from the one recorded "
	"by the driver, the kernel or the baseline, or the LUN does not answer without errors.\n\n"
	"Grown: programs may use the new space after they attach again. Shrunk: data beyond the new end is lost; "
	"stop all users of the LUN. Different identity: stop all users at once.\n"
	"Make the kernel read the LUN again:\n"
	"  echo 1 > /sys/class/scsi_device/H:C:T:L/device/rescan"),
EXPLAIN(NOT_VERIFIED, RETRY, "it is not known whether the LUN has changed",
	"What was asked shows no change, but one of the sources could not be asked. Mostly this is the driver, "
	"which reports its record of the capacity only to a new adapter context. The message has the reason. The "
	"LUN may have changed.\n\n"
	"End programs that have contexts, or wait until they end, and try again:\n"
	"  cxlflashctl context list"),
EXPLAIN(BAD_SENSE, USAGE, "not valid sense data",
	"Sense data is given in hex, with any separators, in fixed format (70h, 71h) or descriptor format (72h, "
	"73h), or as lines of sg_raw or of the kernel log. The message says what is wrong."),
EXPLAIN(BAD_CONFIG, CONFIG, "a file is not valid",
	"A file that the command has to read is missing, unreadable or malformed. The message names the file and "
	"the reason."),
EXPLAIN(NO_MEMORY, FAILED, "out of memory",
	"The tool or the kernel could not allocate memory. Nothing was changed unless the message says otherwise. "
	"See free(1) and the kernel log. The driver also returns this error for a virtual LUN on a LUN that is "
	"smaller than one allocation unit of 65,536 blocks."),
EXPLAIN(RUN_DIR, FAILED, "/run cannot be written",
	"Locks and the sockets of held contexts are files below /run/cxlflash. Its file system is mounted "
	"read-only, or has no free space. Nothing was changed.\n\n"
	"See it with: findmnt -T /run/cxlflash; df -h /run; df -i /run"),
EXPLAIN(UNHEALTHY, CHECK, "an adapter is not sound",
	"With --check, health ends with this error unless the verdict on every adapter is ok. The output has the "
	"reasons, each with a code of its own."),
EXPLAIN(STATE_UNKNOWN, CHECK, "a state that the verdict needs cannot be read",
	"The state of the adapter, of a port or of a path is not known, so the adapter cannot be called sound. The "
	"message names what is missing."),
EXPLAIN(MIXED_MODES, CHECK, "the paths of a LUN are in different modes",
	"Some paths of the LUN are in legacy mode and others in superpipe mode: a switch was interrupted, or a path "
	"was added after it. The same LUN must not be used in both ways.\n\n"
	"Switch all paths: cxlflashctl manage-lun WWID legacy|superpipe"),
EXPLAIN(PCI_ERRORS, CHECK, "the slot of the adapter had PCI errors",
	"The kernel counts the failures of the slot in the last hour, and disables the slot permanently after "
	"eeh_max_freezes (5) of them. The message is the kernel's."),
EXPLAIN(PROGRAM_NOT_RUN, NOT_RUN, "the program cannot be run",
	"The context was attached, but the program cannot be executed: its file is not executable, or is for "
	"another machine. The context was detached again."),
EXPLAIN(PROGRAM_NOT_FOUND, NO_PROGRAM, "there is no such program",
	"The context was attached, but the program or its interpreter does not exist, neither at the given path nor "
	"in PATH. The context was detached again."),
EXPLAIN(OUTPUT, OUTPUT, "the output could not be written",
	"The destination of the output is full or was closed. The command itself had already completed: check the "
	"state before you repeat a command that changes something."),
EXPLAIN(BUG, BUG, "internal error",
	"A consistency check inside the tool failed, and the tool stopped. Report it with the command's output, the "
	"output with --trace if the command has that option, and the output of: cxlflashctl version"),
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
	switch (status) {
#define X(symbol, number, meaning)                                                                                     \
	case number:                                                                                                   \
		return meaning;
		CXLF_EXITS(X)
#undef X
	}
	return NULL;
}

int cxlf_err_exit(const struct cxlf_err *err)
{
	return (int)cxlf_code_info(err->code)->exit;
}

const char *cxlf_errno_name(int sys)
{
	/* strerrorname_np(3) needs glibc 2.32 */
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

/* In a function with the parameters `fmt, ...`. */
#define PRINT(to)                                                                                                      \
	do {                                                                                                           \
		va_list args;                                                                                          \
		va_start(args, fmt);                                                                                   \
		vsnprintf(to, sizeof(to), fmt, args);                                                                  \
		va_end(args);                                                                                          \
	} while (0)

int cxlf_fail_sys(struct cxlf_err *err, enum cxlf_code code, int rc, const char *fmt, ...)
{
	*err = (struct cxlf_err){.code = code, .sys = rc < 0 ? -rc : rc};
	PRINT(err->message);
	return -1;
}

int cxlf_object(struct cxlf_err *err, const char *fmt, ...)
{
	PRINT(err->object);
	return -1;
}

int cxlf_cause(struct cxlf_err *err, const char *fmt, ...)
{
	PRINT(err->cause);
	return -1;
}

int cxlf_fix(struct cxlf_err *err, const char *fmt, ...)
{
	PRINT(err->fix);
	return -1;
}

int cxlf_fix_root(struct cxlf_err *err)
{
	return cxlf_fix(err, "%s",
			geteuid() ? "run it as root"
				  : "find out what refuses it to root: a container, a cgroup, SELinux or AppArmor");
}

int cxlf_fail_run(struct cxlf_err *err, const char *dir)
{
	char text[128]; /* the directory, or the one above if it could not be created */

	snprintf(text, sizeof(text), "%s", dir);
	for (char *slash; access(text, F_OK) && (slash = strrchr(text, '/')) && slash > text;)
		*slash = '\0';
	dir = text;
	switch (err->sys) {
	case EACCES:
	case EPERM:
		err->code = CXLF_E_PERMISSION;
		cxlf_cause(err, "the caller has no write permission on %s", dir);
		return cxlf_fix_root(err);
	case EROFS:
		err->code = CXLF_E_RUN_DIR;
		cxlf_cause(err, "the file system of %s is mounted read-only", dir);
		return cxlf_fix(err, "mount -o remount,rw \"$(findmnt -no TARGET -T %s)\"", dir);
	case ENOSPC:
	case EDQUOT:
		err->code = CXLF_E_RUN_DIR;
		cxlf_cause(err, "the file system of %s has no free space or no free inodes", dir);
		return cxlf_fix(err, "df -h %s; df -i %s", dir, dir);
	}
	err->code = CXLF_E_FAILED;
	return cxlf_cause(err, "%s cannot be used", dir);
}
