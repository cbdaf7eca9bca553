#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --shape powervm --adapters 2 --ports 4 --luns 2 --private 1
#
# Discovery in a PowerVM guest: a platform device in place of the card's PCI function; and cards of four ports.

bats_require_minimum_version 1.5.0
load lab

@test "powervm: adapters are found below the platform device, with card, location code and character device" {
	run --separate-stderr cxlflashctl adapter info -j
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.data.adapters[].topology] | unique' <<<"$output")" = '["powervm"]' ]
	[ "$(jq -c '[.data.adapters[].card]' <<<"$output")" = '["card0","card1"]' ]
	[ "$(jq -c '[.data.adapters[].card_pci] | unique' <<<"$output")" = '[null]' ]
	[ "$(jq -c '[.data.adapters[].chardev]' <<<"$output")" = '["cxlflash0","cxlflash1"]' ]
	for i in 0 1; do
		code=$(tr -d '\0' </proc/device-tree/ibm,coherent-platform-facility@2000000$i/ibm,loc-code)
		[ "$(jq -r ".data.adapters[$i].location" <<<"$output")" = "$code" ]
	done
}

@test "powervm: attributes that guests do not have are null, not invented" {
	run --separate-stderr cxlflashctl adapter info -j
	[ "$(jq -c '[.data.adapters[].image_loaded] | unique' <<<"$output")" = '[null]' ]
}

@test "four ports: all are listed, online" {
	run --separate-stderr cxlflashctl port list -j
	[ "$(jq -c '[.data.ports[] | [.port, .state]] | unique' <<<"$output")" = '[[0,"online"],[1,"online"],[2,"online"],[3,"online"]]' ]
}

@test "powervm: a LUN on eight ports is switched on all of them, and back" {
	wwid=$(cxlflashctl lun list -j | jq -r '[.data.luns[] | select(.path_count == 8)][0].wwid')
	cxlflashctl manage-lun "$wwid" superpipe
	[ "$(cat /sys/class/scsi_device/*/device/mode | grep -c superpipe)" -eq 8 ]
	cxlflashctl manage-lun "$wwid" legacy
	[ "$(cat /sys/class/scsi_device/*/device/mode | grep -c superpipe)" -eq 0 ]
}

@test "powervm: no EEH file tells of a freeze, yet no port of the frozen adapter is read" {
	control eeh 0 freeze
	run --separate-stderr cxlflashctl port list -j
	control eeh 0 thaw
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.data.ports[] | select(.adapter == "cxlflash0") | .state] | unique | . - [null]' <<<"$output")" = '[]' ]
	run --separate-stderr cxlflashctl port list -j
	[ "$(jq -c '[.data.ports[].state] | unique' <<<"$output")" = '["online"]' ]
}
