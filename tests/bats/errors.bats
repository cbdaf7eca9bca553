#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# The output without adapters, and the form of errors.

load helper

@test "errors: an error has four lines, the last one with code and status" {
	wwid=60050768ffffffffffffffffffffffff
	run --separate-stderr cxlflashctl manage-lun "$wwid" superpipe
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" == "cxlflashctl: "*"$wwid"* ]]
	[[ "${stderr_lines[-1]}" == "  code:  LUN_NOT_FOUND, exit 3   (cxlflashctl explain LUN_NOT_FOUND)" ]]
}

@test "errors: with --json there is one document on stdout and one line on stderr" {
	run --separate-stderr cxlflashctl manage-lun 60050768ffffffffffffffffffffffff superpipe --json
	[ "$(field .exit_status)" -eq "$status" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
}

@test "errors: a machine without adapters is an empty list with its own status" {
	paths=$(count_paths)
	mapfile -t all < <(cxlflashctl adapter list --no-headings -o pci)
	for pci in "${all[@]}"; do
		take_from_driver "$pci"
	done
	run --separate-stderr cxlflashctl list --json
	[ "$(cxlflashctl adapter list 2>/dev/null)" = "" ]
	for pci in "${all[@]}"; do
		give_to_driver "$pci"
	done
	wait_for_paths "$paths"
	[ "$status" -eq 3 ]
	[ "$(code)" = NO_ADAPTER ]
	[ "$(field .data.{adapters,luns})" = "[] []" ]
}

@test "errors: a driver that is not loaded is reported" {
	paths=$(count_paths)
	rmmod cxlflash
	run --separate-stderr cxlflashctl list
	insmod /run/lab/cxlflash.ko
	wait_for_paths "$paths"
	[ "$status" -eq 6 ]
	[[ "$stderr" == *DRIVER_NOT_LOADED* ]]
	[[ "$stderr" == *"modprobe cxlflash"* ]]
}

@test "errors: a full disk is status 74, and the change stays" {
	run --separate-stderr bash -c "cxlflashctl manage-lun $shared superpipe >/dev/full"
	[ "$status" -eq 74 ]
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
	cxlflashctl manage-lun "$shared" legacy >/dev/null
}
