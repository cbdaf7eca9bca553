#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --kind flashgt,corsa --adapters 2 --luns 10 --private 100
#
# Hundreds of LUNs: the listing is complete and agrees with the kernel's.

bats_require_minimum_version 1.5.0

@test "many: every disk of the driver is listed once" {
	run --separate-stderr cxlflashctl lun list -j
	[ "$status" -eq 0 ]
	diff <(jq -r '.data.luns[].paths[].sd' <<<"$output" | sort) <(lsscsi | grep -o 'sd[a-z]*' | sort)
	[ "$(jq '.data.luns | length' <<<"$output")" -ge 200 ]
	[ "$(jq '[.data.luns[].wwid] | unique | length' <<<"$output")" -eq "$(jq '.data.luns | length' <<<"$output")" ]
}
