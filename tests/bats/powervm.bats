#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --shape powervm --adapters 2 --ports 4 --luns 2 --private 1
#
# Discovery in a PowerVM guest, where a platform device replaces the PCI function of the card, and cards with four
# ports.

load helper

@test "powervm: adapters are found below the platform device, with card, location code and character device" {
	run --separate-stderr cxlflashctl adapter info -j
	[ "$status" -eq 0 ]
	[ "$(field '.data.adapters[].topology')" = 'powervm powervm' ]
	[ "$(field '.data.adapters[].card')" = 'card0 card1' ]
	[ "$(field '.data.adapters[].card_pci')" = 'null null' ]
	[ "$(field '.data.adapters[].chardev')" = 'cxlflash0 cxlflash1' ]
	for i in 0 1; do
		code=$(tr -d '\0' </proc/device-tree/ibm,coherent-platform-facility@2000000$i/ibm,loc-code)
		[ "$(field ".data.adapters[$i].location")" = "$code" ]
	done
}

@test "powervm: attributes that do not exist in guests are null" {
	run --separate-stderr cxlflashctl adapter info -j
	[ "$(field '.data.adapters[].image_loaded')" = 'null null' ]
}

@test "four ports: all ports are listed and online" {
	run --separate-stderr cxlflashctl port list -j
	[ "$(field '.data.ports[].port' '.data.ports[].state|unique')" = '0 1 2 3 0 1 2 3 online' ]
}

@test "powervm: a LUN on eight ports is switched on all of them and back" {
	wwid=$(cells lun list -o path_count,wwid | sed -n 's/^8 //p' | sed -n 1p)
	cxlflashctl manage-lun "$wwid" superpipe
	[ "$(cat /sys/class/scsi_device/*/device/mode | grep -c superpipe)" -eq 8 ]
	cxlflashctl manage-lun "$wwid" legacy
	[ "$(cat /sys/class/scsi_device/*/device/mode | grep -c superpipe)" -eq 0 ]
}

@test "powervm: no port of a frozen adapter is read although there is no EEH file" {
	control eeh 0 freeze
	run --separate-stderr cxlflashctl port list -j
	control eeh 0 thaw
	[ "$status" -eq 0 ]
	[ "$(field '.data.ports[adapter=cxlflash0].state|unique')" = null ]
	run --separate-stderr cxlflashctl port list -j
	[ "$(field '.data.ports[].state|unique')" = online ]
}
