#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# manage-lun where it is dangerous: another LUN behind a path, contexts and handles, two commands at once,
# sick adapters. The driver itself would let nearly all of it happen.

load helper

switch() { cxlflashctl manage-lun "$shared" "$@"; }

teardown() {
	stop_all
	control eeh 1 thaw 2>/dev/null || true
	switch legacy >/dev/null 2>&1 || true
}

@test "identity: when another LUN is behind one path, nothing is switched, and both are named" {
	local other=600507680180bbbbf000000000000001
	control unlun 1.1:1
	control lun $other size=64G bs=4096 on=1.1:1
	run --separate-stderr switch superpipe -j
	control unlun 1.1:1
	control lun "$shared" on=1.1:1
	[ "$status" -eq 1 ]
	[ "$(code)" = IDENTITY_MISMATCH ]
	[[ $(field '.errors[-1].cause') == *"$shared"*"$other"* ]]
	[ "$(modes "$shared")" = "legacy legacy legacy legacy" ]
}

@test "handles: to legacy is refused while one is open, the process is named, and afterwards it works" {
	switch superpipe
	hold "/dev/$(disk_of 0.0:1)" handle
	run --separate-stderr switch legacy -j
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_HAS_HANDLES ]
	[[ $(field '.errors[-1].cause') == *"$pid"*hold* ]]
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
	end "$pid"
	switch legacy
	[ "$(modes "$shared")" = "legacy legacy legacy legacy" ]
}

@test "contexts: the driver would let the path go; we do not, unless forced, and then say what it means" {
	switch superpipe
	hold "/dev/$(disk_of 0.0:1)" context
	run --separate-stderr switch legacy -j
	[ "$status" -eq 5 ]
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
	run --separate-stderr switch legacy --force=context -j
	[ "$status" -eq 0 ]
	[ "$(field '.warnings|length')" -ge 1 ]
	[ "$(modes "$shared")" = "legacy legacy legacy legacy" ]
	switch superpipe # or the driver warns and leaks when the program ends
}

@test "EBUSY that only the driver knows of is explained with the processes that hold contexts" {
	switch superpipe
	hold "/dev/$(disk_of 0.0:1)" handle
	run --separate-stderr switch legacy --force=context -j
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_HAS_HANDLES ]
	[ "$(field '.errors[-1].errno')" = EBUSY ]
	[[ $(field '.errors[-1].cause') == *"$pid"* ]]
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
}

@test "two at once: the second gives up in time, or waits for the first and finds its work done" {
	# the first is held up: each of its requests to a device takes a while
	local lock
	lock=$run_dir/lock/$(pci_of 0)
	background first strace -qq -f -o /dev/null -e trace=ioctl -e inject=ioctl:delay_enter=700ms \
		cxlflashctl manage-lun "$shared" superpipe
	eventually 300 sh -c "[ -e $lock ] && ! flock -n $lock true"
	run --separate-stderr cxlflashctl manage-lun "$shared" superpipe --timeout=0.1 -j
	[ "$status" -eq 8 ]
	[ "$(code)" = LOCKED ]
	[[ $(field '.errors[-1].cause') == *cxlflashctl* ]]
	run --separate-stderr cxlflashctl manage-lun "$shared" superpipe --timeout=60 -j
	[ "$status" -eq 0 ]
	[ "$(field .data.changed)" = false ]
	wait "$pid"
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
}

@test "a frozen adapter: the switch is refused in bounded time and nothing is changed" {
	control eeh 1 fail
	run --separate-stderr timeout 120 cxlflashctl manage-lun "$shared" superpipe -j
	pci=$(pci_of 1)
	control eeh 1 repair
	take_from_driver "$pci"
	give_to_driver "$pci"
	eventually 200 disk_of 1.0:1
	eventually 200 disk_of 1.1:1
	udevadm settle
	[ "$status" -eq 7 ]
	[ "$(modes "$shared")" = "legacy legacy legacy legacy" ]
}
