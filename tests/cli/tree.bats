#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The commands on saved trees: what is found, named and refused, without any driver.

load helper

setup() {
	root=$(tree default --paths 16 --adapters 2 --ports 2)
}

@test "list: adapters carry ports, ports carry paths, in order" {
	"$ctl" list --sysroot="$root" --no-headings -o type,name | tr -s ' ' >"$BATS_TEST_TMPDIR/list"
	[ "$(grep -c ^adapter "$BATS_TEST_TMPDIR/list")" -eq 2 ]
	[ "$(grep -c ^port "$BATS_TEST_TMPDIR/list")" -eq 4 ]
	[ "$(grep -c ^path "$BATS_TEST_TMPDIR/list")" -eq 16 ]
	sed -n 3,4p "$BATS_TEST_TMPDIR/list" | diff - <(printf 'path 2:0:0:0\npath 2:0:0:1\n')
}

@test "list: topologies and kinds" {
	for topology in bare-metal powervm opencapi; do
		kind=corsa
		[ $topology != opencapi ] || kind=briard
		dir=$(tree $topology --paths 4 --topology $topology --kind $kind)
		[ "$(json '.data.adapters[0] | "\(.topology) \(.kind)"' list --sysroot="$dir")" = "$topology $kind" ]
	done
}

@test "list: an empty system is said to be one, with the reason, and lists are empty arrays" {
	mkdir -p "$BATS_TEST_TMPDIR/empty/sys/class/scsi_host" "$BATS_TEST_TMPDIR/empty/proc"
	for line in list "adapter list" "port list" "lun list" "adapter info"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line --sysroot="$BATS_TEST_TMPDIR/empty"
		[ "$status" -eq 3 ] || [ "$status" -eq 6 ]
		[ -z "$output" ]
		[ -n "$stderr" ]
		# shellcheck disable=SC2086
		json '.data | map_values(arrays | length) | add' $line --sysroot="$BATS_TEST_TMPDIR/empty" | grep -qx 0
	done
}

@test "list: a sysroot that is not there is an error, not an empty list" {
	run "$ctl" list --sysroot=/nonexistent
	[ "$status" -ne 0 ]
	[[ "$output" == *"/nonexistent"* ]]
}

@test "lun info: any spelling and any path lead to the same LUN" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	for name in "$wwid" "${wwid^^}" "0x$wwid" "naa.$wwid" "3$wwid" "${wwid: -8}" 2:0:0:0 2:1:0:0; do
		[ "$(json '.data.luns[0].wwid' lun info "$name" --sysroot="$root")" = "$wwid" ]
	done
}

@test "lun info: what does not exist is status 3, what is no name status 2" {
	for name in 60050768000000000000000000000fff 9:9:9:9; do
		run "$ctl" lun info "$name" --sysroot="$root"
		[ "$status" -eq 3 ]
	done
	for name in 6005076800000 xyz; do
		run "$ctl" lun info "$name" --sysroot="$root"
		[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	done
	[ "$(json '.errors[0].code' lun info 60050768000000000000000000000fff --sysroot="$root")" = LUN_NOT_FOUND ]
}

@test "adapter info: an adapter by each of its names" {
	json '.data.adapters[0] | .name, .pci, .card_pci, .card, .location, "host\(.host)"' adapter info --sysroot="$root" |
		while read -r name; do
			[ "$name" = null ] || [ "$(json '.data.adapters[0].host' adapter info "$name" --sysroot="$root")" = 2 ]
		done
	run "$ctl" adapter info cxlflash9 --sysroot="$root"
	[ "$status" -eq 3 ]
}

@test "port list: an offline port shows, and an adapter whose AFU is not ready has unknown ports" {
	dir=$BATS_TEST_TMPDIR/offline
	"$top/tests/fixtures/mktree" "$dir" --paths 4 >/dev/null
	find "$dir" -name port1 -path '*host2*' -exec sh -c 'echo offline >"$1"' _ {} \;
	[ "$(json '[.data.ports[] | select(.state == "offline")] | length' port list --sysroot="$dir")" -eq 1 ]
	[ "$(json '.data.adapters[0] | "\(.ports_online)/\(.port_count)"' adapter list --sysroot="$dir")" = 1/2 ]
}

@test "manage-lun: a dry run plans every path and changes nothing" {
	run --separate-stderr "$ctl" manage-lun 2:0:0:0 superpipe --dry-run --sysroot="$root" --no-headings -o hctl,mode_before,result
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[[ "$stderr" == *"not checked, because this is a saved tree: whether each path leads to the LUN, and whether the LUN is in use"* ]]
	[[ "$output" != *switched* ]]
	[ "$(json '.data | "\(.dry_run) \(.changed) \(.luns[0].paths | length)"' manage-lun 2:0:0:0 superpipe -n --sysroot="$root")" = "true false 4" ]
}

@test "manage-lun: a suffix is not enough to change something, and one bad name stops all" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	run "$ctl" manage-lun "${wwid: -8}" superpipe -n --sysroot="$root"
	[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	[ "$(json '.data' manage-lun "$wwid" 9:9:9:9 superpipe -n --sysroot="$root")" = null ]
}

@test "manage-lun: LUNs named twice are planned once, by paths too" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	[ "$(json '.data.luns | length' manage-lun "$wwid" 2:0:0:0 3:0:0:0 superpipe -n --sysroot="$root")" -eq 1 ]
}

@test "manage-lun: --path-only needs a path, and warns" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	run "$ctl" manage-lun "$wwid" superpipe --path-only -n --sysroot="$root"
	[ "$status" -eq 2 ]
	[ "$(json '"\(.data.luns[0].paths | length) \(.warnings | length)"' manage-lun 2:0:0:0 superpipe --path-only -n --sysroot="$root")" = "1 2" ]
}

@test "manage-lun: a saved tree cannot be switched" {
	run "$ctl" manage-lun 2:0:0:0 2:0:0:1 superpipe --sysroot="$root"
	[ "$status" -ne 0 ]
	[[ "$output" == *"saved tree"* ]]
}

@test "a rack of 1,024 paths: everything counted" {
	big=$(tree big --paths 1024)
	[ "$(json '[.data.luns[].paths | length] | add' lun list --sysroot="$big")" -eq 1024 ]
	[ "$("$ctl" list --sysroot="$big" --no-headings | wc -l)" -eq 1030 ]
	[ "$("$ctl" list --tree=always --sysroot="$big" | grep -c ' running$')" -eq 1024 ]
}
