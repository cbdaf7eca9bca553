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

@test "port list: a shell can evaluate pairs" {
	cxlflashctl port list --format=pairs -o adapter,port,state | while read -r line; do
		eval "$line"
		# shellcheck disable=SC2153 # set by eval
		[ -n "$ADAPTER" ]
		[ -n "$PORT" ]
		[ "$STATE" = online ]
	done
}
