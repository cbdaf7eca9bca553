#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helper

@test "list: shows every cxlflash disk of the kernel and no others" {
	for mode in /sys/class/scsi_device/*/device/mode; do
		hctl=${mode%/device/mode}
		echo "${hctl##*/}"
	done | sort >"$BATS_TEST_TMPDIR/kernel"
	cxlflashctl list --no-headings -o type,name | awk '$1 == "path" { print $2 }' | sort | same "$BATS_TEST_TMPDIR/kernel"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/kernel")" -gt 8 ]
}

@test "list: modes, nodes and sizes are those of the driver and the kernel" {
	cells list --units=b -o type,name,sd,sg,mode,size_bytes | sed -n 's/^path //p' | while read -r hctl sd sg mode size; do
		device=/sys/class/scsi_device/$hctl/device
		[ "$(mode_of "$hctl")" = "$mode" ]
		[ -d "$device/block/$sd" ]
		[ -d "$device/scsi_generic/$sg" ]
		[ "$(($(cat "$device/block/$sd/size") * 512))" -eq "$size" ]
	done
}

@test "list: states of ports are those of the driver's attributes" {
	cxlflashctl list --no-headings -o type,adapter,port,state | awk '$1 == "port"' | while read -r _ adapter port state; do
		host=$(cells adapter info "$adapter" -o host)
		[ "$(cat "/sys/class/scsi_host/host$host/port$port")" = "$state" ]
	done
}

@test "list: works without privileges and opens no device" {
	as_nobody cxlflashctl list >"$BATS_TEST_TMPDIR/nobody"
	cxlflashctl list | same "$BATS_TEST_TMPDIR/nobody"
	strace -f -e trace=openat,open,ioctl -o "$BATS_TEST_TMPDIR/trace" cxlflashctl list >/dev/null
	run grep -E '"/dev/(sd|sg|cxl)|CXLFLASH|SG_IO' "$BATS_TEST_TMPDIR/trace"
	[ "$status" -eq 1 ]
}

@test "list: the tree has a branch for each path" {
	LC_ALL=C cxlflashctl list --tree=always >"$BATS_TEST_TMPDIR/tree"
	[ "$(grep -cE '[`|]-[0-9]+:' "$BATS_TEST_TMPDIR/tree")" -eq "$(count_paths)" ]
}

@test "list: shows the same device nodes as lsscsi" {
	lsscsi -g | awk '$2 == "disk" { gsub(/[][]/, "", $1); print $1, $(NF - 1), $NF }' | sort >"$BATS_TEST_TMPDIR/lsscsi"
	cxlflashctl list --no-headings -o type,name,sd,sg | awk '$1 == "path" { print $2, "/dev/" $3, "/dev/" $4 }' | sort |
		same "$BATS_TEST_TMPDIR/lsscsi"
}
