#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helper

@test "lun list: WWIDs are those of VPD page 0x83 as the devices give it" {
	cxlflashctl lun list --json | jq -r '.data.luns[] | .wwid as $w | .paths[] | "\($w) \(.sg)"' | while read -r wwid sg; do
		sg_inq --page=0x83 "/dev/$sg" | tr -d ' \n' | grep -qi "$wwid"
	done
}

@test "lun list: the shared LUN has its paths on all ports of both adapters" {
	wwid=$(shared)
	[ "$(paths "$wwid" hctl | cut -d: -f1,2 | sort -u | wc -l)" -eq 4 ]
	cxlflashctl lun info "$wwid" --json | jq -e '.data.luns[0] | .adapter_count == 2 and .path_count == 4 and (.paths | length) == 4'
}

@test "lun info: every spelling of the name leads to the LUN" {
	wwid=$(shared)
	by_id=$(echo /dev/disk/by-id/*"$wwid" | cut -d' ' -f1)
	for name in "$wwid" "${wwid^^}" "0x$wwid" "naa.$wwid" "3$wwid" "wwn-0x$wwid" "scsi-3$wwid" \
		"${wwid:0:8}:${wwid:8:8}:${wwid:16:8}:${wwid:24:8}" "${wwid: -10}" "$by_id" \
		$(paths "$wwid" hctl) $(paths "$wwid" sd | sed 's,^,/dev/,') $(paths "$wwid" sg | sed 's,^,/dev/,'); do
		run --separate-stderr cxlflashctl lun info "$name" --no-headings -o wwid
		[ "$output" = "$wwid" ] || { echo "$name: $stderr"; return 1; }
	done
}

@test "lun info: links below /dev/disk/by-id are udev's" {
	wwid=$(shared)
	cxlflashctl lun info "$wwid" --json | jq -r '.data.luns[0].by_id[]' >"$BATS_TEST_TMPDIR/links"
	grep -q "$wwid" "$BATS_TEST_TMPDIR/links"
	while read -r link; do
		[ -b "$link" ]
	done <"$BATS_TEST_TMPDIR/links"
}

@test "lun info: unknown, short and mistyped WWIDs are refused, each with its own words" {
	wwid=$(shared)
	last=${wwid: -1}
	typo=${wwid%?}$(tr 0-9a-f 1-9a-f0 <<<"$last")
	run --separate-stderr cxlflashctl lun info "60050768ffffffffffffffffffffffff" --json
	[ "$status" -eq 3 ]
	[ "$(code)" = LUN_NOT_FOUND ]
	run --separate-stderr cxlflashctl manage-lun "$typo" superpipe --json
	[ "$status" -eq 3 ] || [ "$(jq -r '.data.luns[0].wwid' <<<"$output")" = "$typo" ]
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
