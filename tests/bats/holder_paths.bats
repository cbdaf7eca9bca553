#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Held contexts while single paths of their LUNs fail.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" "$private" superpipe >/dev/null
}

teardown_file() {
	all_legacy
}

teardown() {
	path 0.0:2 running
	path 0.1:2 running
	control eeh 0 thaw 2>/dev/null || true
	stop_all
}

# path A.P:L STATE: set the state of the path's SCSI device
path() { echo "$2" >"/sys/class/scsi_device/$(hctl_of "$1")/device/state"; }

# ticks NAME: processor time of the holder in ticks of 10 ms
ticks() {
	local stat
	read -ra stat <"/proc/$(info "$1" pid)/stat"
	echo $((stat[13] + stat[14]))
}

# sleeps NAME: in ten seconds it wakes up a few times, and uses hardly any time
sleeps() {
	local pid before after=0 started
	pid=$(info "$1" pid)
	wakes() { cat "/proc/$pid/task/"*/status | awk '/^voluntary_ctxt_switches/ { n += $2 } END { print n }'; }
	before=$(wakes)
	started=$(ticks "$1")
	nap 10
	after=$(wakes)
	echo "$1 woke up $((after - before)) times and used $(($(ticks "$1") - started)) ticks"
	((after - before < 60 && $(ticks "$1") - started < 200))
}

@test "a path goes offline: requests, recovery and physical handles go through the other one" {
	cxlflashctl context start "$two_ports" --name db
	cxlflashctl vlun create "$two_ports" 1G --context db
	path 0.0:2 offline
	cxlflashctl vlun resize -y db/0 2G
	cxlflashctl vlun create "$two_ports" 64M --context db
	cxlflashctl vlun release -y db/1
	control eeh 0 freeze
	eventually 100 eval '[[ $(info db state) =~ lost|recovering ]]'
	control eeh 0 thaw
	eventually 300 is db recovery_count 1
	is db state ready
	path 0.0:2 running
	path 0.1:2 offline
	cxlflashctl vlun resize -y db/0 1G
	cxlflashctl vlun release -y db/0
	cxlflashctl plun create "$two_ports" --context db
	cxlflashctl plun release -y db/0
	path 0.0:2 offline
	path 0.1:2 running
	cxlflashctl plun create "$two_ports" --context db
}

@test "all paths are offline: refused with their state, at once; the context stays ready and works again afterwards" {
	cxlflashctl context start "$two_ports" --name db
	cxlflashctl vlun create "$two_ports" 1G --context db
	path 0.0:2 offline
	path 0.1:2 offline
	run --separate-stderr cxlflashctl vlun resize -y db/0 2G
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"path $(hctl_of 0.0:2) is offline, path $(hctl_of 0.1:2) is offline"* ]]
	run --separate-stderr cxlflashctl recover db
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"is offline"* ]]
	is db state ready
	sleeps db
	path 0.1:2 running
	cxlflashctl vlun resize -y db/0 2G
	path 0.0:2 running
}

@test "the first path is offline or without a cable: the context is attached through the other one" {
	path 0.0:2 offline
	cxlflashctl context start "$two_ports" --name db
	[[ "$(cxlflashctl context info db -j)" == *"\"$(hctl_of 0.1:2)\""* ]]
	path 0.0:2 running
	control cable 0.0 out
	run --separate-stderr cxlflashctl context start "/dev/$(disk_of 0.0:2)" --name cable
	control cable 0.0 in
	[ "$status" -eq 0 ]
}

@test "a path that was removed and found again is used after it was enabled" {
	cxlflashctl context start "$two_ports" --name db
	cxlflashctl vlun create "$two_ports" 1G --context db
	path 0.0:2 offline
	h=$(host_of 0)
	echo 1 >"/sys/class/scsi_device/$(hctl_of 0.1:2)/device/delete"
	run --separate-stderr cxlflashctl vlun resize -y db/0 2G
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"path $h:1:0:2 is removed"* ]]
	echo "1 0 2" >"/sys/class/scsi_host/host$h/scan"
	udevadm settle
	path 0.0:2 running
	cxlflashctl vlun resize -y db/0 2G
	cxlflashctl context stop -y db
	cxlflashctl manage-lun "$two_ports" superpipe
}

@test "no state of a context is without sleep: ready, lost, lost without recovery" {
	cxlflashctl context start "$two_ports" --name ready
	cxlflashctl context start "$two_ports" --name handle
	cxlflashctl vlun create "$two_ports" 1G --context handle
	cxlflashctl context start "$two_ports" --name manual --no-recover
	sleeps ready
	sleeps handle
	control eeh 0 freeze
	eventually 100 is manual state lost
	sleeps ready
	sleeps manual
	control eeh 0 thaw
	eventually 300 is ready state ready
	sleeps ready
	is manual state lost
	sleeps manual
}

@test "events of the adapter are heard after every kind of recovery" {
	cxlflashctl context start "$two_ports" --name manual --no-recover
	cxlflashctl context start "$two_ports" --name auto
	event() { control error 0 "$(info "$1" process_element)" "$2"; }
	event manual 11
	eventually 50 eval 'cxlflashctl context info manual | grep -q "AFU error 0x0000000000000011"'
	control eeh 0 freeze
	nap 2
	control eeh 0 thaw
	cxlflashctl recover manual
	eventually 300 is auto recovery_count 1
	event manual 22
	event auto 33
	eventually 50 eval 'cxlflashctl context info manual | grep -q "AFU error 0x0000000000000022"'
	eventually 50 eval 'cxlflashctl context info auto | grep -q "AFU error 0x0000000000000033"'
}

@test "while a context has handles, no path of their LUN can be mounted or used for swap; our own claims are no use" {
	cxlflashctl manage-lun "$shared" legacy
	mkswap "/dev/$(disk_of 1.1:1)"
	cxlflashctl manage-lun -y "$shared" superpipe
	swap() { swapon "/dev/$(disk_of 1.1:1)"; }
	cxlflashctl context start -y "$shared" --name a
	cxlflashctl context start -y "$shared" --name b
	swap
	swapoff -a
	cxlflashctl vlun create -y "$shared" 1G --context a
	run ! swap
	[[ "$output" == *busy* ]]
	cxlflashctl vlun create -y "$shared" 1G --context b
	cxlflashctl context start -y "$shared" --name c
	run --separate-stderr cxlflashctl lun info "$shared" --probe
	[[ "$output" != *exclusive* ]]
	run --separate-stderr cxlflashctl manage-lun "$shared" legacy
	[ "$status" -eq 5 ]
	[[ "$stderr" != *exclusive* ]]
	# b takes over when a has no handle any more
	cxlflashctl vlun release -y a/0
	nap 2
	run ! swap
	cxlflashctl vlun release -y b/0
	swap
	swapoff -a
	# claims do not hold up a removal either
	cxlflashctl vlun create -y "$shared" 1G --context a
	pci=$(pci_of 1)
	take_from_driver "$pci"
	give_to_driver "$pci"
	wait_for_paths 11
	is a state ready
	cxlflashctl context stop -y a
	erase "$shared"
}

@test "a LUN is detached through the path of its attach: refused while that is offline" {
	cxlflashctl context start "$two_ports" --name db
	cxlflashctl context attach db "$shared"
	path 0.0:1 offline
	run --separate-stderr cxlflashctl context detach db "$shared"
	path 0.0:1 running
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"path $(hctl_of 0.0:1) does not work"* ]]
	[ "$(info db lun_count)" = 2 ]
	cxlflashctl context detach db "$shared"
	[ "$(info db lun_count)" = 1 ]
}
