#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# context list on the real driver: contexts of other programs on two adapters, with known and unknown values.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" superpipe
}

teardown_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" legacy
}

setup() {
	on_0=/dev/$(disk_of 0.0:1) on_1=/dev/$(disk_of 1.0:1)
}

teardown() {
	stop_all
}

# the name of adapter N in the output of the tools
name_of() { cells adapter info "$(pci_of "$1")" -o name; }

list() { cells context list "$@"; }

@test "context list: without contexts the list is empty and complete" {
	run --separate-stderr cxlflashctl context list
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$stderr" ]
}

@test "context list: contexts of two programs on two adapters are told apart, also with equal numbers" {
	hold "$on_0"
	local first=$pid
	hold "$on_1" context copy
	list -o pid,process,user,adapter >"$BATS_TEST_TMPDIR/list"
	printf '%s hold root %s\n' "$first" "$(name_of 0)" "$pid" "$(name_of 1)" | sort -n | same "$BATS_TEST_TMPDIR/list"
	# the number equals the one in the link and in the names of the interrupts
	element=$(list -o pid,element | awk -v pid="$first" '$1 == pid { print $2 }')
	find "/proc/$first/fd" -type l -exec readlink {} + | grep -qxF "/cxl:$element (deleted)"
	grep -qE "cxl-afu[0-9]+\.0-pe$element-[1-4]" /proc/interrupts
}

@test "context list: interrupts identify the adapter of two contexts of one program on one adapter" {
	hold "$on_0" "/dev/$(disk_of 0.0:2)" context close
	[ "$(list -o pid,adapter | sort -u)" = "$pid $(name_of 0)" ]
	[ "$(list -o element | sort -u | wc -l)" -eq 2 ]
}

@test "context list: two contexts of one program with the same number on two adapters have an unknown adapter" {
	hold "$on_0" "$on_1" context
	run list -o element,adapter
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]% *}" = "${lines[1]% *}" ]
	[ "${lines[0]#* }" = - ]
	[ "${lines[1]#* }" = - ]
	# its open device nodes name the LUNs it may use
	[ "$(list -o open_luns | sort -u)" = "$shared" ]
}

@test "context list: JSON matches its schema and has null for values that only a holder knows" {
	hold "$on_0"
	cxlflashctl context list -j >"$BATS_TEST_TMPDIR/list.json"
	# (the lab has no validator: this checks keys and simple types)
	jq -e --slurpfile common /lab/schema/cxlflash.common.1.json '
		$common[0]["$defs"].context as $schema | .data.contexts | length == 1 and all(.[];
			keys == ($schema.required | sort) and
			all(to_entries[]; ($schema.properties[.key].type // [.value | type] | [.] | flatten) as $types |
				(.value | type | sub("number"; "integer")) as $type | any($types[]; . == $type or . == "number")))
	' "$BATS_TEST_TMPDIR/list.json"
	jq -e --argjson pid "$pid" --arg lun "$shared" '.data.complete and (.data.contexts[0] | .kind == "foreign" and .pid == $pid and
		.name == null and .state == null and .luns == null and .handles == null and .size_bytes == null and
		.uid == 0 and .open_luns == [$lun])' "$BATS_TEST_TMPDIR/list.json"
}

@test "context list: an ordinary user sees its own contexts, with a warning that others may be missing" {
	hold "$on_0"
	# shellcheck disable=SC2034 # read by hold
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	chown 65534 "$on_1"
	hold "$on_1" context
	chown 0 "$on_1"
	run --separate-stderr as_nobody cxlflashctl context list --no-headings -o pid,user,adapter
	[ "$status" -eq 0 ]
	[ "$(tr -s ' ' <<<"$output")" = "$pid nobody $(name_of 1)" ]
	[[ "$stderr" == *"contexts may be missing"* ]]
	[ "$(list -o pid | wc -l)" -eq 2 ]
}

@test "context list: opens no device, makes no request to the driver, and follows no link" {
	hold "$on_0"
	strace -f -e trace=openat,open,ioctl,stat,newfstatat,statx -o "$BATS_TEST_TMPDIR/trace" cxlflashctl context list >/dev/null
	run grep -E '"/dev/(sd|sg|cxl)|CXLFLASH|SG_IO|/fd/[0-9]' "$BATS_TEST_TMPDIR/trace"
	[ "$status" -eq 1 ]
}

@test "context list: a context disappears with its process" {
	hold "$on_0"
	[ "$(list -o pid)" = "$pid" ]
	end "$pid"
	[ -z "$(list)" ]
}

@test "context list: without adapters the list is empty and the reason is printed" {
	local all pci
	all="$(pci_of 0) $(pci_of 1)"
	for pci in $all; do take_from_driver "$pci"; done
	run --separate-stderr cxlflashctl context list
	for pci in $all; do give_to_driver "$pci"; done
	wait_for_paths 11
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[ -n "$stderr" ]
	cxlflashctl manage-lun "$shared" "$two_ports" superpipe
}
