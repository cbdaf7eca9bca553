#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Adapter resets with held contexts: detection and recovery by the holder, and what commands report.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" "$private" superpipe >/dev/null
}

teardown_file() {
	all_legacy
}

teardown() {
	control eeh 0 thaw 2>/dev/null || true
	stop_all
}

@test "recovery: after freeze and thaw the holder recovers by itself, with a new ID and the same handles and sizes" {
	cxlflashctl context start "$two_ports" --name db
	cxlflashctl vlun create "$two_ports" 1G --context db
	cxlflashctl vlun create "$two_ports" 64MiB --context db
	before=$(info db context_id)
	control eeh 0 freeze
	eventually 100 eval '[[ $(info db state) =~ lost|recovering ]]'
	[ -n "$(info db state_reason)" ]
	# during the freeze the holder answers, and requests that need the context are refused with the reason
	control eeh 0 thaw
	eventually 300 is db state ready
	[ "$(info db context_id)" != "$before" ]
	[ "$(info db recovery_count)" = 1 ]
	[[ "$(info db last_recovery)" == 20*Z ]]
	[ "$(cxlflashctl vlun list --no-headings --units=b -o id,size_bytes | tr -s ' ')" = "db/0 1073741824
db/1 67108864" ]
	cxlflashctl vlun resize -y db/0 2G
	cxlflashctl context info db | grep -q "recovered: context id 0x$before is now 0x$(info db context_id)"
	# the old descriptor is closed: the process has one context
	[ "$(find "/proc/$(info db pid)/fd" -lname '/cxl:*' | wc -l)" -eq 1 ]
}

@test "recovery: a reset by the driver, which poll does not report, is detected from the registers" {
	cxlflashctl context start "$two_ports" --name quiet --check 500ms
	echo 1 >"/sys/class/scsi_host/host$(host_of 0)/num_hwqs"
	eventually 300 is quiet recovery_count 1
	is quiet state ready
}

@test "--no-recover: the context stays lost until the command recovers it" {
	cxlflashctl context start "$two_ports" --name manual --no-recover
	cxlflashctl vlun create "$two_ports" 1G --context manual
	run_json recover manual
	[ "$status" -eq 0 ]
	[ "$(field '.data.contexts[0]'.{result,changed})" = "not-needed false" ]
	control eeh 0 freeze
	control eeh 0 thaw
	eventually 100 is manual state lost
	nap 5
	is manual state lost
	run --separate-stderr cxlflashctl vlun resize -y manual/0 2G
	[ "$status" -eq 7 ]
	[[ "$stderr" == *CONTEXT_LOST* ]]
	run_json recover manual
	[ "$status" -eq 0 ]
	[ "$(field '.data.contexts[0]'.{result,changed,state})" = "recovered true ready" ]
	cxlflashctl vlun resize -y manual/0 2G
}

@test "recovery: 20 busy holders recover after a freeze, with new IDs and the same sizes" {
	for ((i = 0; i < 20; i++)); do
		cxlflashctl context start "$two_ports" --name "h$i" --interrupts 1 >/dev/null
		cxlflashctl vlun create "$two_ports" 64MiB --context "h$i" >/dev/null
	done
	ids() { cxlflashctl context list --no-headings -o context_id | sort; }
	ids >"$BATS_TEST_TMPDIR/before"
	for ((i = 0; i < 20; i++)); do
		poke "h$i" resize 100 >/dev/null 2>&1 3>&- &
	done
	[ "$(jobs -rp | wc -l)" -ge 10 ] # they are busy during the freeze
	control eeh 0 freeze
	nap 1
	control eeh 0 thaw
	wait
	for ((i = 0; i < 20; i++)); do
		eventually 600 is "h$i" state ready
	done
	cxlflashctl context list --no-headings -o name,recovery_count,handle_count | awk '$2 < 1 || $3 != 1 { bad = 1 } END { exit bad || NR != 20 }'
	[ -z "$(ids | comm -12 - "$BATS_TEST_TMPDIR/before")" ]
	[ "$(cxlflashctl vlun list --no-headings --units=b -o size_bytes | grep -cE '^ *(67108864|100663296)$')" -eq 20 ]
	for ((i = 0; i < 20; i++)); do
		cxlflashctl vlun resize -y "h$i/0" 128MiB >/dev/null
	done
	[ "$(cxlflashctl vlun list --no-headings --units=b -o size_bytes | sort -u | tr -d ' ')" = 134217728 ]
}

@test "recover --all and --adapter: each context is recovered once, and foreign ones are named" {
	cxlflashctl context start "$two_ports" --name here
	cxlflashctl context start "$private" --name there
	hold "/dev/$(disk_of 0.0:2)" context
	foreign=$pid
	run --separate-stderr cxlflashctl recover --all --no-headings
	end "$foreign"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 2 ]
	[[ "$stderr" == *"process $foreign (hold)"*"only the process itself can recover"* ]]
	run --separate-stderr cxlflashctl recover --adapter "$(pci_of 1)" --no-headings
	[ "${#lines[@]}" -eq 1 ]
	[[ "$output" == there* ]]
	run --separate-stderr cxlflashctl recover
	[ "$status" -eq 2 ]
	run --separate-stderr cxlflashctl recover nobody
	[ "$status" -eq 3 ]
}

@test "lost AFU command: a resize succeeds, because the driver repeats the command" {
	cxlflashctl context start "$two_ports" --name slow
	cxlflashctl vlun create "$two_ports" 1G --context slow
	control fault 0 lose afu 1
	run --separate-stderr cxlflashctl vlun resize -y slow/0 512MiB
	control fault 0 lose all 0
	[ "$status" -eq 0 ]
	cxlflashctl vlun resize -y slow/0 512MiB
	[ "$(cxlflashctl vlun list --no-headings --units=b -o size_bytes | tr -d ' ')" = 536870912 ]
}

@test "failed AFU commands: a failed resize has changed the driver's state, and the next resize corrects it" {
	cxlflashctl vlun create "$private" 1G
	control fault 1 fail afu 3
	run --separate-stderr cxlflashctl vlun resize -y ctx0/0 2G
	control fault 1 lose all 0
	[ "$status" -eq 8 ]
	[[ "$stderr" == *"the AFU did not answer"* ]]
	[ "$(cxlflashctl vlun list --no-headings --units=b -o size_bytes | tr -d ' ')" = 2147483648 ]
	cxlflashctl vlun resize -y ctx0/0 1G
	cxlflashctl vlun create "$private" 31G # of 32: the second GiB has been released
}

@test "deaf AFU: the command ends with a message, and the holder recovers when the AFU answers again" {
	cxlflashctl context start "$two_ports" --name deaf
	cxlflashctl vlun create "$two_ports" 1G --context deaf
	control deaf 0 on
	run --separate-stderr cxlflashctl vlun resize -y deaf/0 2G
	control deaf 0 off
	[ "$status" -ne 0 ]
	[[ "$stderr" == *"cause:"* ]]
	eventually 300 is deaf state ready
	eventually 300 cxlflashctl vlun resize -y deaf/0 2G
	[ "$(cxlflashctl vlun list --no-headings --units=b -o size_bytes | tr -d ' ')" = 2147483648 ]
}

@test "a frozen adapter is reported at once by commands that would send a request to it" {
	first_state() { cxlflashctl adapter list --no-headings -o state | head -n 1; }
	cxlflashctl manage-lun "$two_ports" legacy
	control eeh 0 freeze
	eventually 100 eval '[ "$(first_state)" = frozen ]'
	for line in "manage-lun $two_ports superpipe" "verify $two_ports"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 cxlflashctl $line
		[ "$status" -eq 8 ]
		[[ "$stderr" == *"the adapter is frozen"* ]]
	done
	control eeh 0 thaw
	eventually 300 eval '[ "$(first_state)" = ready ]'
	cxlflashctl manage-lun "$two_ports" superpipe
	control eeh 0 freeze
	eventually 100 eval '[ "$(first_state)" = frozen ]'
	for line in "context start $two_ports" "plun create $two_ports" "context run $two_ports -- true"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr timeout 60 cxlflashctl $line
		[ "$status" -eq 8 ]
		[[ "$stderr" == *"the adapter is frozen"* ]]
	done
	control eeh 0 thaw
	eventually 300 eval '[ "$(first_state)" = ready ]'
}
