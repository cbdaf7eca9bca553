#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --kind flashgt,corsa --adapters 2 --luns 5 --private 50 --boot-timeout 900
#
# Many LUNs on the real driver: 5 on all four ports, 50 on one adapter each: 105 LUNs, 120 disks.

load helper

setup_file() {
	wait_for_paths 120
	cxlflashctl list --no-headings -o type,name,sd,wwid | sed -n 's/^path *//p' >"$BATS_FILE_TMPDIR/paths"
}

@test "many: lists every LUN once with all its paths, as in the kernel's copy of page 0x83" {
	cells lun list -o wwid,path_count,adapter_count >"$BATS_TEST_TMPDIR/luns"
	[ "$(sort -u "$BATS_TEST_TMPDIR/luns" | wc -l)" -eq 105 ]
	[ "$(grep -c ' 4 2$' "$BATS_TEST_TMPDIR/luns")" -eq 5 ]
	[ "$(grep -c ' 1 1$' "$BATS_TEST_TMPDIR/luns")" -eq 100 ]
	while read -r hctl _ wwid; do
		read -r kernel <"/sys/class/scsi_device/$hctl/device/wwid"
		[ "naa.$wwid" = "$kernel" ]
	done <"$BATS_FILE_TMPDIR/paths"
}

@test "many: lists the same disks as lsscsi" {
	lsscsi | sed -n 's,^\[\([0-9:]*\)\] *disk .*/dev/\(sd[a-z]*\) *$,\1 \2,p' | sort >"$BATS_TEST_TMPDIR/lsscsi"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/lsscsi")" -eq 120 ]
	tr -s ' ' <"$BATS_FILE_TMPDIR/paths" | cut -d' ' -f1,2 | sort | same "$BATS_TEST_TMPDIR/lsscsi"
}

# milliseconds COMMAND...: measure COMMAND with the guest's clock
milliseconds() {
	local start=$EPOCHREALTIME end
	"$@" >/dev/null
	end=$EPOCHREALTIME
	echo $(((${end/./} - ${start/./}) / 1000))
}

@test "many: list takes about as long as lsscsi" {
	milliseconds cxlflashctl list >/dev/null # everything is in the cache now
	local ours theirs
	theirs=$(milliseconds lsscsi -g)
	ours=$(milliseconds cxlflashctl list)
	echo "list $ours ms, lsscsi $theirs ms"
	[ "$ours" -le $((2 * theirs + 100)) ]
}
