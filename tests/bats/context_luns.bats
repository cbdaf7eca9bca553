#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# context attach and context detach: the LUNs of a held context, through the driver's own requests.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" "$small" "$private" superpipe >/dev/null
}

teardown_file() {
	all_legacy
}

teardown() {
	stop_all
}

luns_of() {
	run_json context info "$1"
	field '.data.contexts[0].luns[].wwid'
}

@test "context attach and detach: LUNs come and go; handles on the others keep their LUN; a recovery keeps them" {
	cxlflashctl context start "$shared" --name db
	run_json context attach db "$two_ports" "$small"
	[ "$status" -eq 0 ]
	[ "$(field .data.changed .data.luns\|length)" = "true 3" ]
	[ "$(cxlflashctl context attach db "$small" "$small")" = "0 LUNs attached" ]
	cxlflashctl vlun create "$two_ports" 64MiB --context db
	cxlflashctl vlun create "$small" 256MiB --context db
	cxlflashctl vlun release -y db/0
	run_json context detach db "$two_ports"
	[ "$(field .data.changed)" = true ]
	[ "$(luns_of db)" = "$shared $small" ]
	[ "$(cells vlun list -o id,wwid)" = "db/1 $small" ]
	[ "$(cxlflashctl context detach db "$two_ports")" = "0 LUNs detached" ]
	# detached in the driver too: the LUN can be switched, and attached again
	cxlflashctl manage-lun "$two_ports" legacy
	cxlflashctl manage-lun "$two_ports" superpipe
	cxlflashctl context attach db "$two_ports"
	control eeh 0 freeze
	control eeh 0 thaw
	eventually 300 is db recovery_count 1
	cxlflashctl vlun create "$two_ports" 64MiB --context db
	cxlflashctl vlun resize -y db/1 512MiB
	[ "$(cells vlun list -o id,wwid,size)" = "db/1 $small 512MiB
db/0 $two_ports 64MiB" ]
}

@test "context detach: a LUN with a handle is refused with the command that releases it, and the last LUN too" {
	cxlflashctl context start "$shared" "$two_ports" "$small" --name db
	cxlflashctl plun create "$two_ports" --context db
	run --separate-stderr cxlflashctl context detach db "$small" "$two_ports"
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"db/0 is open on it"*"fix:   cxlflashctl plun release db/0"* ]]
	[ "$(luns_of db)" = "$shared $two_ports $small" ] # all or none
	eval "$(sed -n 's/^ *fix: *//p' <<<"$stderr")"
	cxlflashctl context detach db "$small" "$two_ports"
	run --separate-stderr cxlflashctl context detach db "$shared"
	[ "$status" -eq 6 ]
	[[ "$stderr" == *"a context ends with its last LUN"*"cxlflashctl context stop db"* ]]
	is db state ready
}

@test "context attach: another adapter, legacy mode and a use as a disk are refused before anything is attached" {
	cxlflashctl context start "$shared" --name db
	run --separate-stderr cxlflashctl context attach db "$small" "$private"
	[ "$status" -eq "$([ "$(info db pci)" = "$(pci_of 0)" ] && echo 3 || echo 0)" ]
	cxlflashctl manage-lun "$two_ports" legacy
	run --separate-stderr cxlflashctl context attach db "$small" "$two_ports"
	cxlflashctl manage-lun "$two_ports" superpipe
	[ "$status" -eq 1 ]
	[[ "$stderr" == *NOT_SUPERPIPE* ]]
	exec 7<>"$(disk "$two_ports")"
	run --separate-stderr cxlflashctl context attach db "$small" "$two_ports"
	[ "$status" -eq 5 ]
	[[ "$stderr" == *LUN_IN_USE* ]]
	cxlflashctl context attach db "$two_ports" --force=opener
	exec 7<&-
	[ "$(luns_of db)" = "$shared $two_ports" ]
}

@test "context attach: an attachment whose client has left is undone" {
	cxlflashctl context start "$shared" --name db
	control fault 0 delay scsi 100 1500 # of the command too, before it sends the request
	run --separate-stderr cxlflashctl context attach db "$small" --timeout=1
	[ "$status" -eq 8 ]
	eventually 200 is db busy ""
	eventually 100 is db lun_count 1
	control fault 0 lose all 0
	cxlflashctl context attach db "$small"
}

@test "vlun create and resize in a context ask its holder only; free space is asked for where it is shown" {
	cxlflashctl context start "$private" --name mine
	cxlflashctl vlun create "$private" 1G --context mine
	cxlflashctl context start "$small" --name other
	kill -STOP "$(info other pid)"
	for command in "vlun create $private 1G --context mine" "vlun resize -y mine/0 2G" "vlun release -y mine/1"; do
		# shellcheck disable=SC2086 # words
		strace -f -e trace=connect -o "$BATS_TEST_TMPDIR/trace" cxlflashctl $command
		[ "$(grep -o 'sun_path="[^"]*"' "$BATS_TEST_TMPDIR/trace" | sort -u)" = "sun_path=\"$run_dir/mine.sock\"" ]
	done
	run_json vlun resize mine/0 3G
	[ "$(field .data.free_at_most_bytes)" = null ] # the other holder did not answer
	kill -CONT "$(pgrep -x cxlflash-holder | tail -n 1)"
	eventually 100 is other state ready
	run_json vlun resize mine/0 4G
	[ "$(field .data.free_at_most_bytes)" = 30064771072 ]
}
