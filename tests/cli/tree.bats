#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands on saved trees: listings, operands and refusals, without the driver.

load helper

setup() {
	root=$(tree default --paths 16 --adapters 2 --ports 2)
}

@test "list: ports are below their adapter and paths below their port, in order" {
	"$ctl" list --sysroot="$root" --no-headings -o type,name | tr -s ' ' >"$BATS_TEST_TMPDIR/list"
	[ "$(grep -c ^adapter "$BATS_TEST_TMPDIR/list")" -eq 2 ]
	[ "$(grep -c ^port "$BATS_TEST_TMPDIR/list")" -eq 4 ]
	[ "$(grep -c ^path "$BATS_TEST_TMPDIR/list")" -eq 16 ]
	sed -n 3,4p "$BATS_TEST_TMPDIR/list" | diff - <(printf 'path 2:0:0:0\npath 2:0:0:1\n')
}

@test "list: shows all topologies and kinds of adapters" {
	for topology in bare-metal powervm opencapi; do
		kind=corsa
		[ $topology != opencapi ] || kind=briard
		dir=$(tree $topology --paths 4 --topology $topology --kind $kind)
		[ "$(json '.data.adapters[0] | "\(.topology) \(.kind)"' list --sysroot="$dir")" = "$topology $kind" ]
	done
}

@test "list: a system without adapters is reported with the reason, and lists are empty arrays" {
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

@test "list: a missing sysroot is an error, not an empty list" {
	run "$ctl" list --sysroot=/nonexistent
	[ "$status" -ne 0 ]
	[[ "$output" == *"/nonexistent"* ]]
}

@test "lun list: operands and filters select LUNs; an unknown operand is an error, an empty result is not" {
	mode=$(tree alternate --paths 16 --adapters 2 --ports 2 --mode alternate)
	wwids() { "$ctl" lun list --sysroot="$mode" --no-headings -o wwid "$@" | xargs; }
	all=$(wwids)
	[ "$(wwids 2:0:0:1 2:1:0:1 3:0:0:1)" = "$(echo "$all" | cut -d ' ' -f 2)" ]
	[ "$(wwids 2:0:0:1 2:0:0:0)" = "$(echo "$all" | cut -d ' ' -f 1,2)" ]
	run "$ctl" lun list 2:0:0:99 --sysroot="$mode"
	[ "$status" -eq 3 ]
	[ "$(wwids --mode=superpipe | wc -w)" -eq 2 ]
	[ "$(wwids --mode=superpipe) $(wwids --mode=legacy)" != "$all" ]
	[ "$(wwids --adapter=host2)" = "$all" ]
	run --separate-stderr "$ctl" lun list --mode=mixed --sysroot="$mode"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(json '.data.luns | length' lun list --mode=mixed --sysroot="$mode")" -eq 0 ]
	run "$ctl" lun list --mode=superpip --sysroot="$mode"
	[ "$status" -eq 2 ]
}

@test "lun list: --adapter and --state must match on the same path" {
	dir=$BATS_TEST_TMPDIR/state
	"$top/tests/fixtures/mktree" "$dir" --paths 8 --adapters 2 --ports 1 --paths-per-lun 1 >/dev/null
	[ "$("$ctl" lun list --adapter=host2 --sysroot="$dir" --no-headings | wc -l)" -eq 4 ]
	[ -z "$("$ctl" lun list --state=offline --sysroot="$dir")" ]
	find "$dir" -name state -path '*2:0:0:1/*' -exec sh -c 'echo offline >"$1"' _ {} \;
	[ "$("$ctl" lun list --state=offline --sysroot="$dir" --no-headings -o state)" = offline ]
	[ "$("$ctl" lun list --state=running --sysroot="$dir" --no-headings | wc -l)" -eq 7 ]
}

@test "lun list: sorts by any column, with unknown values last" {
	dir=$BATS_TEST_TMPDIR/sizes
	"$top/tests/fixtures/mktree" "$dir" --paths 4 --adapters 1 --ports 1 --paths-per-lun 1 >/dev/null
	n=9
	find "$dir" -name size -path '*/sd*' | sort | while read -r size; do
		n=$((n - 2))
		echo $((n << 21)) >"$size"
	done
	[ "$("$ctl" lun list --sort=size --sysroot="$dir" --no-headings -o size | xargs)" = "1GiB 3GiB 5GiB 7GiB" ]
	[ "$("$ctl" lun list --sort=size --sysroot="$dir" --no-headings -o sd | xargs)" = "sdd sdc sdb sda" ]
	[ "$("$ctl" lun list --sort=sd --sysroot="$dir" --no-headings -o sd | xargs)" = "sda sdb sdc sdd" ]
	for wrong in siez size,sd ""; do
		run "$ctl" lun list --sort="$wrong" --sysroot="$dir"
		[ "$status" -eq 2 ]
	done
}

@test "lun list --tree: the paths of each LUN are below it" {
	LC_ALL=C "$ctl" lun list --tree --sysroot="$root" >"$BATS_TEST_TMPDIR/tree"
	[ "$(grep -c '^6' "$BATS_TEST_TMPDIR/tree")" -eq 4 ]
	sed -n '3,6p' "$BATS_TEST_TMPDIR/tree" | awk '{ print $1 }' | diff - <(printf '%s\n' '|-2:0:0:0' '|-2:1:0:0' '|-3:0:0:0' '`-3:1:0:0')
	[ "$(json '.data.luns | length' lun list --tree --sysroot="$root")" -eq 4 ]
}

@test "use: lists show what is mounted; without mountinfo in a saved tree the use is unknown" {
	dir=$BATS_TEST_TMPDIR/use
	"$top/tests/fixtures/mktree" "$dir" --paths 4 --adapters 2 --ports 2 >/dev/null
	[ "$(json '.data.luns[0].use' lun list --sysroot="$dir")" = null ]
	dev=$(cat "$(find "$dir" -name dev -path '*/block/sda/dev' | head -n 1)")
	mkdir -p "$dir/proc/self"
	echo "29 1 $dev / /srv/db rw - ext4 /dev/sda rw" >"$dir/proc/self/mountinfo"
	for command in "lun list" "lun info 2:0:0:0" list; do
		# shellcheck disable=SC2086
		[ "$(json '.data.luns[0].use | join(" ")' $command --sysroot="$dir")" = /srv/db ]
	done
	[ "$("$ctl" lun list --sysroot="$dir" --no-headings -o use | xargs)" = /srv/db ]
	"$ctl" list --sysroot="$dir" | grep '2:0:0:0' | grep -q ' /srv/db *$'
	[ "$("$ctl" list --sysroot="$dir" | grep -c /srv/db)" -eq 1 ]
}

@test "port list: a frozen adapter has the same state as in list, and a warning with the reason" {
	dir=$BATS_TEST_TMPDIR/frozen
	"$top/tests/fixtures/mktree" "$dir" --paths 4 --adapters 1 --ports 1 >/dev/null
	find "$dir" -name eeh_pe_state -exec sh -c 'echo "0x1 0x1" >"$1"' _ {} \;
	[ "$("$ctl" list --sysroot="$dir" --no-headings -o type,state | awk '$1 == "adapter" { print $2 }')" = frozen ]
	run --separate-stderr "$ctl" port list --sysroot="$dir"
	[[ "$stderr" == *"the adapter is frozen: "*"EEH"* ]]
}

@test "lun info: any spelling of the WWID and any path select the same LUN" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	for name in "$wwid" "${wwid^^}" "0x$wwid" "naa.$wwid" "3$wwid" "${wwid: -8}" 2:0:0:0 2:1:0:0; do
		[ "$(json '.data.luns[0].wwid' lun info "$name" --sysroot="$root")" = "$wwid" ]
	done
}

@test "lun info: an unknown LUN is status 3, an invalid name status 2" {
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

@test "adapter info: accepts each name of an adapter" {
	json '.data.adapters[0] | .name, .pci, .card_pci, .card, .location, "host\(.host)"' adapter info --sysroot="$root" |
		while read -r name; do
			[ "$name" = null ] || [ "$(json '.data.adapters[0].host' adapter info "$name" --sysroot="$root")" = 2 ]
		done
	run "$ctl" adapter info cxlflash9 --sysroot="$root"
	[ "$status" -eq 3 ]
}

@test "port list: shows offline ports; ports are unknown if the AFU is not ready" {
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
	[[ "$stderr" == *"in a saved tree the identity of the paths and the use of the LUN are not checked"* ]]
	[[ "$output" != *switched* ]]
	[ "$(json '.data | "\(.dry_run) \(.changed) \(.luns[0].paths | length)"' manage-lun 2:0:0:0 superpipe -n --sysroot="$root")" = "true false 4" ]
}

@test "manage-lun: refuses a suffix of a WWID, and one invalid name stops the whole command" {
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	run "$ctl" manage-lun "${wwid: -8}" superpipe -n --sysroot="$root"
	[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	[ "$(json '.data' manage-lun "$wwid" 9:9:9:9 superpipe -n --sysroot="$root")" = null ]
}

@test "manage-lun: a LUN that is named twice, also by its paths, is planned once" {
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

@test "without an adapter: commands on a named object print the same reason as list" {
	none=$BATS_TEST_TMPDIR/none
	mkdir -p "$none/sys/class/scsi_host" "$none/sys/bus/pci/devices" "$none/proc/sys/kernel"
	echo 6.15.0 >"$none/proc/sys/kernel/osrelease"
	echo ppc64le >"$none/proc/sys/kernel/arch"
	for line in list "adapter list" "adapter info cxlflash0" "port list" "lun list" \
		"lun info 60050768001081801234000000000001" "manage-lun 2:0:0:0 legacy -n"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line --sysroot="$none"
		[ "$status" -eq 6 ]
		[[ "$stderr" == *"code:  DRIVER_REMOVED"* ]]
	done
}

@test "without an adapter: no fix suggests --sysroot for a command that does not accept it" {
	for line in "vlun create 60050768001081801234000000000001 1G" "context start 60050768001081801234000000000001" \
		"plun create 60050768001081801234000000000001" "verify 60050768001081801234000000000001" "recover --adapter=host2"; do
		# shellcheck disable=SC2086
		run "$ctl" $line
		[ "$status" -ne 0 ]
		[[ "$output" != *--sysroot* ]]
	done
}

@test "manage-lun: a dry run shows the present and the requested mode" {
	run --separate-stderr "$ctl" manage-lun 2:0:0:0 superpipe -n --sysroot="$root"
	[[ "${lines[0]}" == *"MODE"*"WANTED"*"RESULT" ]]
	[ "$(json '[.data.mode_wanted, (.data.luns[0].paths[0] | .mode, .mode_wanted)] | join(" ")' \
		manage-lun 2:0:0:0 superpipe -n --sysroot="$root")" = "superpipe legacy superpipe" ]
}

@test "list: a tree of 1,024 paths is listed completely" {
	big=$(tree big --paths 1024)
	[ "$(json '[.data.luns[].paths | length] | add' lun list --sysroot="$big")" -eq 1024 ]
	[ "$("$ctl" list --sysroot="$big" --no-headings | wc -l)" -eq 1030 ]
	[ "$("$ctl" list --tree=always --sysroot="$big" | grep -c ' running ')" -eq 1024 ]
}

@test "tree: fixes for a saved tree name it, and fixes for a machine say so" {
	cp -a "$root" "$BATS_TEST_TMPDIR/a tree"
	for line in "lun info zzz" "lun info 9:9:9:9" "lun list --adapter=x" "manage-lun zzz legacy" "adapter info x"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line "--sysroot=$BATS_TEST_TMPDIR/a tree"
		fix=$(sed -n 's/^  fix: .*: cxlflashctl //p' <<<"$stderr")
		[[ "$fix" == *" --sysroot='"* ]]
		eval "$ctl $fix" >/dev/null
	done
	mkdir -p "$BATS_TEST_TMPDIR/empty/sys/class/scsi_host" "$BATS_TEST_TMPDIR/empty/proc"
	run --separate-stderr "$ctl" list --sysroot="$BATS_TEST_TMPDIR/empty"
	[[ "$stderr" == *"cause: the module cxlflash is not loaded, and there is no card"* ]]
	[[ "$stderr" == *"fix:   on the machine of this tree: modprobe cxlflash"* ]]
}

@test "lun info: --probe in a saved tree is reported as without effect" {
	run --separate-stderr "$ctl" lun info --probe 2:0:0:0 --sysroot="$root"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning: --probe has no effect with --sysroot"* ]]
	[ "$(json '.warnings | length' lun info --probe 2:0:0:0 --sysroot="$root")" -eq 1 ]
	[ "$(json '.warnings | length' lun info 2:0:0:0 --sysroot="$root")" -eq 0 ]
}
