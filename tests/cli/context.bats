#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# context list and info without the driver: foreign contexts of a saved tree, and completion of names.

load helper

# process PID NAME UID; opened PID FD TARGET [INODE]
process() {
	mkdir -p "$root/proc/$1/fd" "$root/proc/$1/fdinfo"
	echo "$2" >"$root/proc/$1/comm"
	printf 'Name:\t%s\nUid:\t%s\t%s\t%s\t%s\n' "$2" "$3" "$3" "$3" "$3" >"$root/proc/$1/status"
}

opened() {
	ln -s "$3" "$root/proc/$1/fd/$2"
	[ -z "${4-}" ] || printf 'pos:\t0\nino:\t%s\n' "$4" >"$root/proc/$1/fdinfo/$2"
}

setup() {
	root=$BATS_TEST_TMPDIR/tree
	"$top/tests/fixtures/mktree" "$root" --paths 8 --adapters 2 --ports 2 >/dev/null
	lun=60050768001081801234000000000001
	process 1 init 0
	process 900 capidb 500
	opened 900 5 '/cxl:3 (deleted)' 41
	opened 900 6 '/cxl:3 (deleted)' 41
	opened 900 7 '/cxl:7 (deleted)' 42
	opened 900 8 /dev/sg4
	process 901 $'odd\e[2J' 0
	opened 901 3 '/cxl:3 (deleted)' 43
	opened 901 4 /dev/sdg
	process 902 plain 0
	opened 902 3 /dev/sda
	process 903 lost 0
	opened 903 3 '/cxl:9 (deleted)' 44
	cat >>"$root/proc/interrupts" <<-END

		510: 0 0 XICS 1010 Edge cxl-afu0.0-pe3-1
		511: 0 0 XICS 1011 Edge cxl-afu1.0-pe3-1, cxl-afu1.0-pe7-1
	END
}

list() { "$ctl" context list --sysroot="$root" "$@"; }

@test "context list: lists each context of a process once, without copied descriptors and disks" {
	list --no-headings -o kind,pid,process,uid,adapter,element | tr -s ' ' >"$BATS_TEST_TMPDIR/list"
	diff - "$BATS_TEST_TMPDIR/list" <<-END
		foreign 900 capidb 500 host2 3
		foreign 900 capidb 500 host3 7
		foreign 901 odd?[2J 0 host3 3
		foreign 903 lost 0 - 9
	END
}

@test "context list: JSON matches its schema; unknown values are null" {
	json '.data.contexts[0] | "\(.name) \(.state) \(.handles) \(.size_bytes) \(.open_luns[0])"' context list --sysroot="$root" |
		grep -qx "null null null null $lun"
	[ "$(json '.data.complete' context list --sysroot="$root")" = true ]
	[ "$(json '.data.contexts[3] | "\(.adapter) \(.pci) \(.user)"' context list --sysroot="$root")" = "null null null" ]
	[ "$(json '.data.contexts | length' context list --sysroot="$root")" -eq 4 ]
	list -f jsonl >"$BATS_TEST_TMPDIR/lines"
	valid --lines=context "$BATS_TEST_TMPDIR/lines"
	list -f pairs -o pid,adapter | head -n 1 | grep -qx 'PID="900" ADAPTER="host2"'
}

@test "context list: a process that cannot be examined is a warning, not a failure" {
	rm -r "$root/proc/1"
	run --separate-stderr list
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"contexts may be missing"* ]]
	[ "$(json '"\(.data.complete) \(.exit_status) \(.warnings | length)"' context list --sysroot="$root")" = "false 0 1" ]
}

@test "context list: without an adapter the list is empty and the reason is printed" {
	rm -r "$root"/sys/class/scsi_host/* "$root"/proc/9*
	run --separate-stderr list
	[ "$status" -eq 6 ] || [ "$status" -eq 3 ]
	[ -z "$output" ]
	[ -n "$stderr" ]
	[ "$(json '.data.contexts | length' context list --sysroot="$root")" -eq 0 ]
}

@test "context info: an unknown name is status 3, in JSON too" {
	run --separate-stderr "$ctl" context info no-such-context
	[ "$status" -eq 3 ]
	[ -z "$output" ]
	[[ "$stderr" == *"no-such-context"*"CONTEXT_NOT_FOUND"* ]]
	[ "$(json '"\(.data) \(.errors[0].code)"' context info no-such-context)" = "null CONTEXT_NOT_FOUND" ]
}

@test "context info: an invalid name is not used as a file name" {
	for name in ../x /etc/passwd .hidden ''; do
		run "$ctl" context info "$name"
		[ "$status" -eq 2 ]
	done
}
