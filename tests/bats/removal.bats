#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# Removal of an adapter with held contexts, and failure without a freeze. A file of its own: host numbers change.

load helper

teardown() {
	stop_all
}

wait_for_adapter() {
	eventually 100 disk_of 0.0:2
	wait_for_paths 11
	cxlflashctl manage-lun "$two_ports" superpipe
}

@test "removal with 20 holders ends within seconds, and each holder says why it has failed and what was lost" {
	cxlflashctl manage-lun "$two_ports" "$private" superpipe
	for ((i = 0; i < 18; i++)); do
		cxlflashctl context start "$two_ports" --name "h$i" --interrupts 1 >/dev/null
		cxlflashctl vlun create "$two_ports" 64MiB --context "h$i" >/dev/null
	done
	cxlflashctl context start "$two_ports" --name manual --no-recover --check 1m
	cxlflashctl context start "$two_ports" --name empty
	cxlflashctl context start "$private" --name other
	pci=$(pci_of 0)
	run_json adapter info
	[ "$(field ".data.adapters[pci=$pci].contexts[]" | wc -w)" -eq 20 ]
	[[ "$(field ".data.adapters[pci=$pci].contexts[]")" == *h17* ]]
	[[ "$(field ".data.adapters[pci=$(pci_of 1)].contexts[]")" == *other* ]]
	start=$SECONDS
	take_from_driver "$pci"
	((SECONDS - start < 30))
	for name in h0 h17 manual empty; do
		is "$name" state failed
		[[ "$(info "$name" state_reason)" == *"removed"* ]]
	done
	is other state ready
	[ "$(info h3 handle_count)" = 1 ]
	run --separate-stderr cxlflashctl vlun resize -y h3/0 1G
	[ "$status" -eq 7 ]
	[[ "$stderr" == *ADAPTER_FAILED* ]]
	[ -z "$(find /proc/"$(info h3 pid)"/fd -lname '/dev/s*')" ]
	give_to_driver "$pci"
	stop_all
	wait_for_adapter
}

@test "removal while all paths are offline, or while the context is lost without recovery, is not held up" {
	cxlflashctl context start "$two_ports" --name offline
	cxlflashctl context start "$two_ports" --name manual --no-recover
	pci=$(pci_of 0)
	control eeh 0 freeze
	control eeh 0 thaw
	eventually 100 is manual state lost
	for path in 0.0:2 0.1:2; do
		echo offline >"/sys/class/scsi_device/$(hctl_of "$path")/device/state"
	done
	start=$SECONDS
	take_from_driver "$pci"
	((SECONDS - start < 30))
	is manual state failed
	is offline state failed
	give_to_driver "$pci"
	stop_all
	wait_for_adapter
}

@test "an adapter that fails without a freeze: its contexts are failed, and the adapter can be taken from the driver" {
	for name in held empty; do
		cxlflashctl context start "$two_ports" --name "$name"
	done
	cxlflashctl context start "$two_ports" --name manual --no-recover
	cxlflashctl vlun create "$two_ports" 1G --context held
	cxlflashctl vlun create "$two_ports" 1G --context manual
	pci=$(pci_of 0)
	control eeh 0 fail
	for name in held empty manual; do
		eventually 150 is "$name" state failed
	done
	[[ "$(cxlflashctl context list --no-headings -o name,state)" != *ready* ]]
	control eeh 0 repair
	start=$SECONDS
	take_from_driver "$pci"
	((SECONDS - start < 30))
	give_to_driver "$pci"
}
