#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cxlflashctl verify of held contexts asks the device too: the driver keeps its record until it is told to read again.

load helper

setup_file() {
	cxlflashctl manage-lun "$private" superpipe
}

teardown_file() {
	all_legacy
}

# again: the rack has the LUN as before, and the driver and the kernel know it
again() {
	control unlun 1.0:4 || true
	control lun "$private" size=32G on=1.0:4
	control capacity "$private" 32G
	[ -e "/sys/class/scsi_device/$(hctl_of 1.0:4)" ] || {
		echo "0 0 4" >"/sys/class/scsi_host/host$(host_of 1)/scan"
		wait_for_paths 11
		cxlflashctl manage-lun "$private" superpipe
	}
	echo 1 >"/sys/class/scsi_device/$(hctl_of 1.0:4)/device/rescan"
	cxlflash-verify --sense=6/2A/09 "$private" >/dev/null 2>&1 || true
}

setup() {
	cxlflashctl context start --name=db "$private"
	cxlflashctl vlun create "$private" 1G --context=db
}

teardown() {
	control contexts 1 512
	stop_all
	again
}

# verified STATUS CODE VERDICT...: verify of the context ends with these, and never says that the LUN is unchanged
verified() {
	run_json verify db
	echo "$stderr"
	[ "$status" -eq "$1" ]
	[ "$(code)" = "$2" ]
	[ "$(field '.data.results[].verdict|unique' '.data.results[].device|unique')" = "${*:3}" ]
}

@test "verify held: an unchanged LUN was asked through its device" {
	run_json verify db
	[ "$status" -eq 0 ]
	[ "$(field '.data.results[0]'.{verdict,device,size_bytes} '.data.luns[0].paths[0].ready')" = "unchanged unchanged 34359738368 true" ]
	[ "$(cells verify db/0)" = "db/0 unchanged unchanged 32GiB 1GiB" ]
}

@test "verify held: a LUN that the storage has removed is not unchanged" {
	control unlun 1.0:4
	verified 7 DEVICE_GONE not-answering not-answering
}

@test "verify held: a LUN whose paths the kernel has removed is missing" {
	echo 1 >"/sys/class/scsi_device/$(hctl_of 1.0:4)/device/delete"
	verified 9 LUN_CHANGED missing missing
}

@test "verify held: a LUN that was replaced at its address is another LUN" {
	control unlun 1.0:4
	control lun 60025380002538500000000000000bad size=32G on=1.0:4
	verified 9 LUN_CHANGED identity-changed identity-changed
}

@test "verify held: a LUN that shrank is found although the driver does not know, and the fix works as it is" {
	control capacity "$private" 8G
	verified 9 LUN_CHANGED capacity-changed capacity-changed
	[ "$(field '.data.results[0]'.{size_bytes,old_size_bytes})" = "8589934592 34359738368" ]
	run ! bash -c "$(field '.errors[-1].fix')"
	run_json verify db
	[ "$status" -eq 0 ]
	[ "$(field '.data.results[0]'.{verdict,size_bytes})" = "unchanged 8589934592" ]
}

@test "verify held: a path that does not answer is not unchanged, and the handle's own check is shown" {
	echo offline >"/sys/class/scsi_device/$(hctl_of 1.0:4)/device/state"
	run_json verify db
	echo running >"/sys/class/scsi_device/$(hctl_of 1.0:4)/device/state"
	[ "$status" -eq 7 ]
	[ "$(field '.data.results[0].verdict')" != unchanged ]
}

@test "verify held: a capacity that the driver could not be asked is unknown, status 8" {
	control contexts 1 1
	verified 8 NOT_VERIFIED unknown unchanged
	run_json verify "$private"
	[ "$status" -eq 8 ]
	[ "$(field '.data.results[0].verdict')" = unknown ]
}

@test "vlun create: a LUN that is smaller than the driver believes is refused before anything is created" {
	cxlflashctl vlun release -y db/0
	control capacity "$private" 8G
	for context in "" --context=db; do
		# shellcheck disable=SC2086
		run_json vlun create -y "$private" 1G $context
		[ "$status" -eq 9 ]
		[ "$(code)" = LUN_CHANGED ]
		[[ $(field '.errors[-1].message') == *"smaller than the driver has recorded: 8GiB, not 32GiB" ]]
		[ "$(cxlflashctl context list -q --no-headings -o name,handle_count | xargs)" = "db 0" ]
	done
	run ! bash -c "$(field '.errors[-1].fix')"
	[ "$(cxlflashctl vlun create -y "$private" 1G --context=db)" = db/0 ]
	run --separate-stderr cxlflashctl vlun create -y "$private" 8G --context=db
	[ "$status" -eq 12 ]
}
