#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# Every command in every state of an adapter's AFU. No command may hang or cause a kernel oops, and each ends with a
# documented status. The report has one row for each command and one column for each state.

load ../bats/helper

# Statuses allowed when ready, frozen, resetting, failed, removed, then the command. The state is that of adapter 0;
# adapter 1 is always ready. "b" is a context on adapter 0 with a virtual LUN of 1 GiB (stopped before the adapter is
# removed: the driver waits for it), "g" the same on adapter 1. The order matters: commands that end a context come
# last. The driver allows to resize and release handles of a failed adapter.
rows() {
	cat <<-ROWS
		0 0 0 0 0 | list
		0 0 0 0 0 | adapter list
		0 0 0 0 3 | adapter info $pci
		0 0 0 0 0 | port list
		0 0 0 0 0 | lun list
		0 0 0 0 3 | lun info $two_ports
		0 0 0 0 0 | lun info $shared
		0 0 0 0 0 | context list
		0 0 0 0 3 | context info b
		0 0 0 0 0 | context info g
		0 0 0 0 0 | vlun list
		0 8 0,7,8 7 3 | verify $two_ports
		0 0 0 0 0 | verify $private
		0 7 0,7,8 7 3 | verify b
		0 8 0,7,8 7 3 | manage-lun $small superpipe
		0 0 0 0 0 | manage-lun $private superpipe
		0 8 0,7,8 7 3 | context start $two_ports --name new
		0 7,8 0,7,8 7 3 | vlun create $two_ports 1G --context b
		0 7 0,7,8 0,7 3 | vlun resize -y b/0 2G
		0 8 0,1,7,8 7 3 | vlun clone b --name twin
		5 8 5,7,8 7 3 | plun create $two_ports
		0 8 0,7,8 7 3 | recover b
		0 10 0,7,8,10 10 0 | recover --all
		0 8 0,7,8 7 3 | context run $two_ports --virtual 1G -- true
		3 3 3,7,8 3 3 | plun release b/9
		0 8 0,3,7,8 3 3 | vlun release -y b/0
		0 0 0 0 0 | vlun resize -y g/0 2G
		0 0 0 0 3 | context stop -y b
		0 0 0 0 0 | version
		0 0 0 0 0 | explain ADAPTER_FAILED
		0 0 0 0 0 | completion bash
		0 0 0 0 0 | help list
	ROWS
}

setup() {
	mark
	pci=$(pci_of 0)
	cxlflashctl manage-lun "$two_ports" "$private" superpipe >/dev/null
	cxlflashctl context start "$two_ports" --name b --no-recover
	cxlflashctl vlun create "$two_ports" 1G --context b
	cxlflashctl context start "$private" --name g
	cxlflashctl vlun create "$private" 1G --context g
}

teardown() {
	control eeh 0 thaw 2>/dev/null || true
	stop_all
	all_legacy
}

# as_row STATE STATUSES COMMAND...: run COMMAND; fail with a message if it hangs or ends with another status
as_row() {
	local state=$1 statuses=$2 format=-j words name
	shift 2
	words="$* "
	case $words in
	"context run "*) format= ;;
	completion* | help*) format= ;;
	*) set -- "$@" -j ;;
	esac
	run --separate-stderr timeout 300 cxlflashctl "$@"
	name=${words//$two_ports/LUN}
	name=${name//$shared/SHARED}
	name=${name//$private/OTHER}
	name=${name//$small/SMALL}
	name=${name//$pci/ADAPTER}
	figure "state|$state|${name% }|$status$([ "$status" -eq 0 ] || [ -z "$format" ] || echo " $(code)")"
	if [[ ",$statuses," != *",$status,"* ]]; then
		echo "$words: status $status while $state, allowed is $statuses"
		tail -n 6 <<<"$output$stderr"
	elif [ -n "$format" ] && [ "$status" -ne 124 ] && [ "$(field .exit_status)" != "$status" ]; then
		echo "$words: the document has another status than $status while $state"
	else
		return 0
	fi
	return 1
}

# every STATE COLUMN: run all rows; $wrong is the number of failures
every() {
	local statuses command all
	wrong=0
	while IFS='|' read -r all command; do
		read -ra statuses <<<"$all"
		# shellcheck disable=SC2086 # words
		as_row "$1" "${statuses[$2]}" $command || wrong=$((wrong + 1))
	done < <(rows)
	run kernel_said 'Oops|BUG|Unable to handle'
	[ "$status" -ne 0 ]
}

@test "states: every command of the program has a row" {
	rows | sed 's/.*| //' >"$BATS_TEST_TMPDIR/rows"
	cxlflashctl help -j | jq -r '.data.commands[].name' | while read -r name; do
		grep -qE "^$name( |$)" "$BATS_TEST_TMPDIR/rows" || { echo "no row: $name"; return 1; }
	done
}

@test "states: every command ends with a documented status while the adapter is ready" {
	every ready 0
	[ "$wrong" -eq 0 ]
}

@test "states: every command ends with a documented status while the adapter is frozen" {
	control eeh 0 freeze
	every frozen 1
	control eeh 0 thaw
	[ "$wrong" -eq 0 ]
}

@test "states: every command ends with a documented status while the adapter is reset repeatedly" {
	attr=/sys/class/scsi_host/host$(host_of 0)/num_hwqs
	(while [ ! -e "$BATS_TEST_TMPDIR/stop" ]; do
		echo 2 >"$attr"
		echo 1 >"$attr"
		nap 0.5
	done) 3>&- &
	every resetting 2
	touch "$BATS_TEST_TMPDIR/stop"
	wait $!
	reads_as "$(port_attr 0 0)" online
	[ "$wrong" -eq 0 ]
}

@test "states: every command ends with a documented status while the adapter has failed, and it works after a repair" {
	control eeh 0 fail
	every failed 3
	stop_all
	control eeh 0 repair
	take_from_driver "$pci"
	give_to_driver "$pci"
	wait_for_paths 11
	[ "$wrong" -eq 0 ]
}

@test "states: every command ends with a documented status while the adapter is unbound, and it works after rebinding" {
	cxlflashctl context stop -y b
	take_from_driver "$pci"
	every removed 4
	stop_all
	give_to_driver "$pci"
	wait_for_paths 11
	[ "$wrong" -eq 0 ]
}
