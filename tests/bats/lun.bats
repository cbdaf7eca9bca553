#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helper

teardown() {
	all_legacy
}

@test "lun list: WWIDs are those in VPD page 0x83 of the devices" {
	cells list -o type,wwid,sg | sed -n 's/^path //p' | while read -r wwid sg; do
		sg_inq --page=0x83 "/dev/$sg" | tr -d ' \n' | grep -qi "$wwid"
	done
}

@test "lun list: the shared LUN has its paths on all ports of both adapters" {
	wwid=$shared
	[ "$(paths "$wwid" hctl | cut -d: -f1,2 | sort -u | wc -l)" -eq 4 ]
	output=$(cxlflashctl lun info "$wwid" --json)
	[ "$(field '.data.luns[0].adapter_count' '.data.luns[0].path_count' '.data.luns[0].paths|length')" = "2 4 4" ]
}

@test "lun info: every spelling of the name selects the LUN" {
	wwid=$shared
	by_id=$(echo /dev/disk/by-id/*"$wwid" | cut -d' ' -f1)
	for name in "$wwid" "${wwid^^}" "0x$wwid" "naa.$wwid" "3$wwid" "wwn-0x$wwid" "scsi-3$wwid" \
		"${wwid:0:8}:${wwid:8:8}:${wwid:16:8}:${wwid:24:8}" "${wwid: -10}" "$by_id" \
		$(paths "$wwid" hctl) $(paths "$wwid" sd | sed 's,^,/dev/,') $(paths "$wwid" sg | sed 's,^,/dev/,'); do
		run --separate-stderr cxlflashctl lun info "$name" --no-headings -o wwid
		[ "$output" = "$wwid" ] || { echo "$name: $stderr"; return 1; }
	done
}

@test "lun info: shows the links that udev made below /dev/disk/by-id" {
	wwid=$shared
	output=$(cxlflashctl lun info "$wwid" --json)
	links=$(field '.data.luns[0].by_id[]')
	[[ "$links" == *"$wwid"* ]]
	for link in $links; do
		[ -b "$link" ]
	done
}

@test "lun info: unknown, short and mistyped WWIDs are refused with different messages" {
	wwid=$shared
	last=${wwid: -1}
	typo=${wwid%?}$(tr 0-9a-f 1-9a-f0 <<<"$last")
	run --separate-stderr cxlflashctl lun info "60050768ffffffffffffffffffffffff" --json
	[ "$status" -eq 3 ]
	[ "$(code)" = LUN_NOT_FOUND ]
	run --separate-stderr cxlflashctl manage-lun "$typo" superpipe --json
	[ "$status" -eq 3 ] || [ "$(field '.data.luns[0].wwid')" = "$typo" ]
	run --separate-stderr cxlflashctl manage-lun "${wwid%?}" superpipe --json
	[ "$status" -eq 2 ]
	[ "$(code)" = BAD_WWID ]
	run --separate-stderr cxlflashctl manage-lun "${wwid}0" superpipe --json
	[ "$status" -eq 2 ]
	[ "$(code)" = BAD_WWID ]
	run --separate-stderr cxlflashctl manage-lun "5${wwid#?}" superpipe --json
	[ "$status" -eq 2 ]
	[ "$(code)" = BAD_WWID ]
	run --separate-stderr cxlflashctl manage-lun "." legacy --json
	[ "$status" -ne 0 ]
}

@test "lun info: disks of other drivers and partitions are refused" {
	modprobe loop
	truncate -s 1M "$BATS_TEST_TMPDIR/file"
	loop=$(losetup --find --show "$BATS_TEST_TMPDIR/file")
	run --separate-stderr cxlflashctl lun info "$loop" --json
	losetup -d "$loop"
	[ "$status" -eq 3 ]
	[ "$(code)" = NOT_CXLFLASH ]
	run --separate-stderr cxlflashctl lun info /dev/null --json
	[ "$status" -eq 3 ]
	[ "$(code)" = NOT_CXLFLASH ]
}
