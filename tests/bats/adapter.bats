#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helper

@test "adapter list: has one line for each host of the driver, in the order of PCI addresses" {
	[ "$(cxlflashctl adapter list --no-headings | wc -l)" -eq "$(grep -lx cxlflash /sys/class/scsi_host/*/proc_name | wc -l)" ]
	cxlflashctl adapter list --no-headings -o pci | sort -c
}

@test "adapter list: the named character device exists" {
	cells adapter list -o chardev | while read -r name; do
		[ -c "/dev/cxlflash/$name" ]
	done
}

@test "adapter info: shows the settings of the driver's attributes" {
	cells adapter info -o host,num_hwqs,hwq_mode,lun_mode,irqpoll_weight | while read -r host num mode lun_mode weight; do
		dir=/sys/class/scsi_host/host$host
		[ "$num $mode $lun_mode $weight" = "$(cat "$dir/num_hwqs" "$dir/hwq_mode" "$dir/lun_mode" "$dir/irqpoll_weight" | xargs)" ]
	done
}

@test "adapter info: accepts every name of an adapter" {
	cxlflashctl adapter info --json | jq -r '.data.adapters[] | .host as $h | (.name, .chardev, .pci, .card_pci, .card, .location, "host\($h)") | select(. != null) | "\($h) \(.)"' |
		while read -r host name; do
			[ "$(cells adapter info "$name" -o host)" = "$host" ]
		done
}

@test "adapter info: an adapter that does not exist is not found" {
	run --separate-stderr cxlflashctl adapter info cxlflash7 --json
	[ "$status" -eq 3 ]
	[ "$(code)" = ADAPTER_NOT_FOUND ]
}

@test "adapter list: an unbound adapter is not listed, the others are" {
	pci=$(pci_of 1)
	before=$(cxlflashctl adapter list --no-headings | wc -l)
	paths=$(count_paths)
	take_from_driver "$pci"
	run cxlflashctl adapter list --no-headings -o pci
	give_to_driver "$pci"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq $((before - 1)) ]
	[[ "$output" != *"$pci"* ]]
	wait_for_paths "$paths"
}
