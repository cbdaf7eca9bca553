#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# The fault injections of the lab and their effects on the unmodified driver: attributes, errors, log lines, uevents.

load helper

setup() {
	mark
}

teardown() {
	control fault 0 lose all 0
	control deaf 0 off
	control cable 0.0 in
	echo 30 >"/sys/block/$(disk_of 0.0:1)/device/timeout"
}

@test "capacity: the next command carries unit attention 2A/09, and a rescan shows the new size" {
	disk=$(disk_of 1.0:4)
	old=$(cat "/sys/block/$disk/size")
	udevadm monitor --kernel --property >"$BATS_TEST_TMPDIR/events" &
	monitor=$!
	nap 0.3
	control capacity "$private" 48G
	read_block "$disk"
	eventually 50 grep -q SDEV_UA=CAPACITY_DATA_HAS_CHANGED "$BATS_TEST_TMPDIR/events"
	kill $monitor
	kernel_said 'Capacity data has changed'
	[ "$(cat "/sys/block/$disk/size")" = "$old" ]
	echo 1 >"/sys/block/$disk/device/rescan"
	[ "$(cat "/sys/block/$disk/size")" = $((48 << 21)) ]
	control capacity "$private" 32G
	read_block "$disk"
	echo 1 >"/sys/block/$disk/device/rescan"
	[ "$(cat "/sys/block/$disk/size")" = "$old" ]
}

@test "lun: a new LUN appears after the login event, in legacy mode, with its link; unlun: it stops answering" {
	new=600507680180aaaaf000000000000001
	control lun "$new" size=4G bs=4096 on=0.0:9
	control async 0 400
	h=$(host_of 0)
	eventually 100 test -e "/sys/class/scsi_device/$h:0:0:9/device/block"
	udevadm settle
	[ "$(mode_of "$h:0:0:9")" = legacy ]
	disk=$(readlink -f /dev/disk/by-id/wwn-0x$new)
	[ "$disk" = "/dev/$(disk_of 0.0:9)" ]
	read_block "${disk#/dev/}"
	control unlun 0.0:9
	run read_block "${disk#/dev/}"
	[ "$status" -ne 0 ]
	kernel_said 'Logical unit not supported'
	echo 1 >"/sys/class/scsi_device/$h:0:0:9/device/delete"
}

@test "sense: a queued check condition reaches the next command, once" {
	disk=$(disk_of 0.0:1)
	control sense 0.0:1 3 11 0
	run read_block "$disk"
	[ "$status" -ne 0 ]
	kernel_said 'Medium Error'
	read_block "$disk"
}

@test "unreadable: READ CAPACITY(16) fails the given number of times" {
	disk=$(disk_of 0.0:1)
	control unreadable 0.0:1 1
	run sg_readcap --16 "/dev/$disk"
	[ "$status" -ne 0 ]
	sg_readcap --16 "/dev/$disk"
}

@test "port: offline shows in portN and is logged as link down; the port returns online by itself" {
	attr=$(port_attr 0 1)
	reads_as "$attr" online
	control port 0.1 offline
	reads_as "$attr" offline
	kernel_said 'FC Port 1 -> link down'
	control port 0.1 online
	reads_as "$attr" online
	kernel_said 'FC Port 1 -> link up'
}

@test "cable: without a cable the port is offline and I/O fails, and the other port works" {
	control cable 0.0 out
	reads_as "$(port_attr 0 0)" offline
	run read_block "$(disk_of 0.0:1)"
	[ "$status" -ne 0 ]
	kernel_said 'DID_NO_CONNECT'
	read_block "$(disk_of 0.1:1)"
	control cable 0.0 in
	reads_as "$(port_attr 0 0)" online
	eventually 50 read_block "$(disk_of 0.0:1)"
}

@test "async: the events of each port are logged by name, and a CRC threshold resets the link" {
	control async 0 4800 # port 0: login failed, target initiated LOGO
	kernel_said 'FC Port 0 -> login failed'
	kernel_said 'fc 0: clearing fc_error=0000000000000001'
	kernel_said 'FC Port 0 -> target initiated LOGO'
	control async 0 20 # port 1: CRC threshold
	kernel_said 'FC Port 1 -> CRC threshold exceeded'
	kernel_said 'FC Port 1: resetting link'
	eventually 300 reads_as "$(port_attr 0 1)" online
	eventually 300 read_block "$(disk_of 0.1:1)"
}

@test "fault fail: a refused AFU command is reported with its afu_rc" {
	control fault 0 fail afu 1 0x21
	control async 0 2000 # a link reset begins and ends with an AFU sync
	eventually 100 kernel_said 'cmd c0 failed, ioasc=00002100'
	eventually 300 reads_as "$(port_attr 0 0)" online
}

@test "fault lose: a lost SCSI command is aborted by a context reset and repeated" {
	disk=$(disk_of 0.0:1)
	echo 5 >"/sys/block/$disk/device/timeout"
	lost=$(of_adapter 0 lost)
	control fault 0 lose scsi 1
	start=$SECONDS
	read_block "$disk"
	((SECONDS - start >= 4))
	[ "$(of_adapter 0 lost)" -eq $((lost + 1)) ]
	[ "$(cat "/sys/block/$disk/device/state")" = running ]
}

@test "fault delay: a late answer within the timeout is accepted" {
	disk=$(disk_of 0.0:1)
	control fault 0 delay scsi 1 2000
	start=$EPOCHREALTIME
	read_block "$disk"
	((${EPOCHREALTIME/./} - ${start/./} >= 1900000))
	[ "$(cat "/sys/block/$disk/device/state")" = running ]
}

@test "deaf: an AFU that does not answer is reset without success and the disk goes offline; it can recover" {
	disk=$(disk_of 0.0:3)
	echo 5 >"/sys/block/$disk/device/timeout"
	resets=$(of_adapter 0 resets)
	control deaf 0 on
	run read_block "$disk"
	[ "$status" -ne 0 ]
	[ "$(cat "/sys/block/$disk/device/state")" = offline ]
	kernel_said 'TMF timed out'
	[ "$(of_adapter 0 resets)" -gt "$resets" ]
	control deaf 0 off
	echo running >"/sys/block/$disk/device/state"
	echo 30 >"/sys/block/$disk/device/timeout"
	read_block "$disk"
}

@test "eeh freeze and thaw: the driver releases its interrupts and gets them back; disks work again" {
	attr=$(port_attr 0 0)
	alive=$(grep -c SISL_MSI_ASYNC_ERROR /proc/interrupts)
	control eeh 0 freeze
	[ "$(grep -c SISL_MSI_ASYNC_ERROR /proc/interrupts)" -eq $((alive - 1)) ]
	[ "$(cat /sys/class/cxl/afu0.0/mode)" = none ]
	control eeh 0 thaw
	[ "$(grep -c SISL_MSI_ASYNC_ERROR /proc/interrupts)" -eq "$alive" ]
	reads_as "$attr" online
	read_block "$(disk_of 0.0:1)"
}

@test "eeh freeze: no tool reads a port, with a warning, until the thaw" {
	control eeh 0 freeze
	run --separate-stderr cxlflashctl port list -j
	control eeh 0 thaw
	[ "$status" -eq 0 ]
	[ "$(field '.data.ports[adapter=cxlflash0].state' '.data.ports[adapter=cxlflash1].state')" = 'null null online online' ]
	run --separate-stderr cxlflashctl port list -j
	[ "$(field '.data.ports[].state|unique')" = online ]
}

@test "eeh freeze and thaw: many cycles during concurrent listings cause no oops" {
	(while [ ! -e "$BATS_TEST_TMPDIR/stop" ]; do cxlflashctl list -j >/dev/null; done) &
	storm=$!
	for ((i = 0; i < 15 * often; i++)); do
		control eeh 0 freeze
		control eeh 0 thaw
	done
	touch "$BATS_TEST_TMPDIR/stop"
	wait $storm
	run kernel_said 'Oops|BUG|Unable to handle'
	[ "$status" -ne 0 ]
	reads_as "$(port_attr 0 0)" online
	figure "$i times freeze and thaw under a storm of listings: no oops, ports online"
}

@test "num_hwqs: after the AFU reset it causes the adapter is ready and the ports are read again" {
	h=$(host_of 0)
	echo 2 >"/sys/class/scsi_host/host$h/num_hwqs"
	[ "$(cat "/sys/class/scsi_host/host$h/num_hwqs")" = 2 ]
	run --separate-stderr cxlflashctl port list -j
	[ "$(field '.data.ports[].state|unique')" = online ]
	echo 1 >"/sys/class/scsi_host/host$h/num_hwqs"
}

@test "eeh fail: I/O fails, the adapter is listed as failed, and a rebind after the repair restores it" {
	pci=$(pci_of 1)
	disk=$(disk_of 1.0:1)
	control eeh 1 fail
	run read_block "$disk"
	[ "$status" -ne 0 ]
	kernel_said 'DID_NO_CONNECT'
	run --separate-stderr cxlflashctl adapter list -j
	[ "$status" -eq 0 ]
	[ "$(field ".data.adapters[pci=$pci].state")" = failed ]
	control eeh 1 repair
	take_from_driver "$pci"
	give_to_driver "$pci"
	eventually 100 disk_of 1.0:1
	udevadm settle
	read_block "$(disk_of 1.0:1)"
	reads_as "$(port_attr 1 0)" online
}
