#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later

load helper

@test "port list: lists every port of every adapter with the number of its paths" {
	cells port list -o adapter,port,state,path_count >"$BATS_TEST_TMPDIR/ports"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ports")" -eq 4 ]
	while read -r adapter port state count; do
		host=$(cells adapter info "$adapter" -o host)
		[ "$(cat "/sys/class/scsi_host/host$host/port$port")" = "$state" ]
		found=(/sys/class/scsi_device/"$host":"$port":*)
		[ "${#found[@]}" -eq "$count" ]
	done <"$BATS_TEST_TMPDIR/ports"
}

# reads COMMAND...: the names of the port attributes that the command opens
reads() {
	strace -qq -f -e trace=openat -o "$BATS_TEST_TMPDIR/trace" cxlflashctl "$@" >/dev/null
	grep -oE '"port[0-9]"' "$BATS_TEST_TMPDIR/trace" | sort -u | xargs
}

@test "port list, adapter info: ask for every port; list reads those of paths, and a state none" {
	[ "$(reads adapter list -o name,state,state_reason)" = "" ]
	[ "$(reads __complete -- adapter info "")" = "" ]
	mark
	[ "$(reads list)" = "port0 port1" ]
	[ "$(reads adapter list)" = "port0 port1" ]
	run ! kernel_said "cxlflash.*port"
	[ "$(reads port list)" = "port0 port1 port2" ]
	[ "$(reads adapter info)" = "port0 port1 port2" ]
}

@test "port list: a shell can evaluate pairs" {
	cxlflashctl port list --format=pairs -o adapter,port,state | while read -r line; do
		eval "$line"
		# shellcheck disable=SC2153 # set by eval
		[ -n "$ADAPTER" ]
		[ -n "$PORT" ]
		[ "$STATE" = online ]
	done
}
