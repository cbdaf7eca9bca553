#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# manage-lun where it is dangerous: another LUN behind a path, contexts and handles, two commands at once,
# sick adapters. The driver itself would let nearly all of it happen.

load helper
load lab

# what the driver says of the shared LUN's four paths
modes_of_shared() {
	local p out=''
	for p in 0.0 0.1 1.0 1.1; do
		out+=" $(mode_of "$(host_of "${p%.*}"):${p#*.}:0:1")"
	done
	echo "${out# }"
}

switch() { cxlflashctl manage-lun "$shared" "$@"; }

# start_holding WHAT: a program with a context (and a handle) on the shared LUN; its pid in $holder
start_holding() {
	local out=$BATS_TEST_TMPDIR/hold.out
	/lab/tree/build/ppc64le/tests/hold "/dev/$(disk_of 0.0:1)" "$1" >"$out" 2>&1 3>&- &
	holder=$!
	eventually 100 grep -q ready "$out"
}

teardown() {
	[ -z "${holder:-}" ] || kill "$holder" 2>/dev/null || true
	[ -z "${holder:-}" ] || wait "$holder" 2>/dev/null || true
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
	[[ $(jq -r '.errors[-1].cause' <<<"$output") == *"$shared"*"$other"* ]]
	[ "$(modes_of_shared)" = "legacy legacy legacy legacy" ]
}

@test "handles: to legacy is refused while one is open, the process is named, and afterwards it works" {
	switch superpipe
	start_holding handle
	run --separate-stderr switch legacy -j
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_HAS_HANDLES ]
	[[ $(jq -r '.errors[-1].cause' <<<"$output") == *"$holder"*hold* ]]
	[ "$(modes_of_shared)" = "superpipe superpipe superpipe superpipe" ]
	kill "$holder"
	wait "$holder" || true
	holder=
	switch legacy
	[ "$(modes_of_shared)" = "legacy legacy legacy legacy" ]
}

@test "contexts: the driver would let the path go; we do not, unless forced, and then say what it means" {
	switch superpipe
	start_holding context
	run --separate-stderr switch legacy -j
	[ "$status" -eq 5 ]
	[ "$(modes_of_shared)" = "superpipe superpipe superpipe superpipe" ]
	run --separate-stderr switch legacy --force=contexts -j
	[ "$status" -eq 0 ]
	[ "$(jq '.warnings | length' <<<"$output")" -ge 1 ]
	[ "$(modes_of_shared)" = "legacy legacy legacy legacy" ]
	switch superpipe # or the driver warns and leaks when the program ends
}

@test "EBUSY that only the driver knows of is explained with the processes that hold contexts" {
	switch superpipe
	start_holding handle
	run --separate-stderr switch legacy --force=contexts -j
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_HAS_HANDLES ]
	[ "$(jq -r '.errors[-1].errno' <<<"$output")" = EBUSY ]
	[[ $(jq -r '.errors[-1].cause' <<<"$output") == *"$holder"* ]]
	[ "$(modes_of_shared)" = "superpipe superpipe superpipe superpipe" ]
}

@test "two at once: the second gives up in time, or waits for the first and finds its work done" {
	# the first is held up: each of its requests to a device takes a while
	local lock
	lock=/run/cxlflash/lock/$(pci_of 0)
	strace -qq -f -o /dev/null -e trace=ioctl -e inject=ioctl:delay_enter=700ms \
		cxlflashctl manage-lun "$shared" superpipe >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
	local first=$!
	eventually 300 sh -c "[ -e $lock ] && ! flock -n $lock true"
	run --separate-stderr cxlflashctl manage-lun "$shared" superpipe --timeout=0.1 -j
	[ "$status" -eq 8 ]
	[ "$(code)" = LOCKED ]
	[[ $(jq -r '.errors[-1].cause' <<<"$output") == *cxlflashctl* ]]
	run --separate-stderr cxlflashctl manage-lun "$shared" superpipe --timeout=60 -j
	[ "$status" -eq 0 ]
	[ "$(jq .data.changed <<<"$output")" = false ]
	wait $first
	[ "$(modes_of_shared)" = "superpipe superpipe superpipe superpipe" ]
}

@test "a frozen adapter: the switch is refused in bounded time and nothing is changed" {
	control eeh 1 fail
	run --separate-stderr timeout 120 cxlflashctl manage-lun "$shared" superpipe -j
	pci=$(pci_of 1)
	control eeh 1 repair
	echo "$pci" >/sys/bus/pci/drivers/cxlflash/unbind
	echo "$pci" >/sys/bus/pci/drivers/cxlflash/bind
	eventually 200 disk_of 1.0:1
	eventually 200 disk_of 1.1:1
	udevadm settle
	[ "$status" -eq 7 ]
	[ "$(modes_of_shared)" = "legacy legacy legacy legacy" ]
}
