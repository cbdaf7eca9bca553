#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Held contexts in context list and context info: as root, as a user, with a hanging holder and with a killed one. The
# holder is started as the unit in dist/ starts it, and the rules in dist/ are tested with the real udevd.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" superpipe
}

teardown_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" legacy
}

# serve NAME LUN...: start a holder with the command line of the unit; its pid is in $pid
serve() {
	local line options="--check=500ms ${*:2}"
	line=$(sed -n 's,^ExecStart=@bindir@/,,p' /lab/tree/dist/cxlflash-holder@.service.in)
	line=${line//%i/$1}
	# shellcheck disable=SC2086 # words, as systemd parts them
	background "$1.log" ${line//\$OPTIONS/$options}
	eventually 200 test -S "$run_dir/$1.sock"
}

teardown() {
	stop_all
}

@test "context list: lists a held context by name and then a foreign one, each once" {
	serve db "$shared"
	local held=$pid
	hold "/dev/$(disk_of 0.0:2)" context
	run cells context list -o name,pid,process,user,state,luns,handles
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = "db $held cxlflash-holder root ready 1 0" ]
	[ "${lines[1]}" = "- $pid hold root - - -" ]
}

@test "context info: agrees with context list; JSON has the keys of the schema" {
	serve db "$shared"
	cxlflashctl context info db -j >"$BATS_TEST_TMPDIR/info.json"
	jq -e --slurpfile common /lab/schema/cxlflash.common.1.json --argjson pid "$pid" --arg lun "$shared" '
		$common[0]["$defs"] as $defs | .data.contexts | length == 1 and (.[0] |
			keys == ($defs.context.required | sort) and .name == "db" and .pid == $pid and .state == "ready" and
			.answer == "yes" and .kind == "holder" and .check_ms == 500 and .handles == [] and .size_bytes == 0 and
			(.luns | length == 1 and all(.[]; keys == ($defs.context_lun.required | sort) and .wwid == $lun)) and
			(.context_id | test("^[0-9a-f]{16}$")) and (.started | test("^20[0-9T:-]+Z$")) and
			all(.events[]; keys == ["text", "time"]))
	' "$BATS_TEST_TMPDIR/info.json"
	# the process element equals the number in the link, and the low half of the ID
	output=$(<"$BATS_TEST_TMPDIR/info.json")
	read -r element id < <(field '.data.contexts[0].process_element' '.data.contexts[0].context_id')
	find "/proc/$pid/fd" -type l -exec readlink {} + | grep -qxF "/cxl:$element (deleted)"
	[ "$((16#${id: -8}))" -eq "$element" ]
	run cxlflashctl context info db
	[ "$status" -eq 0 ]
	[[ "$output" == *"$shared"* ]]
}

@test "context info: shows handles with sizes in bytes, chunks and the driver's last LBA" {
	serve db "$shared@$(host_of 0):0:0:1" "$two_ports"
	cxlflashctl vlun create "$shared" --context=db 1000M
	cxlflashctl plun create "$two_ports" --context=db
	cxlflashctl context info db -j >"$BATS_TEST_TMPDIR/info.json"
	jq -e --slurpfile common /lab/schema/cxlflash.common.1.json --arg one "$shared" --arg two "$two_ports" '
		.data.contexts[0] | .lun_count == 2 and .handle_count == 2 and .size_bytes == 17 * pow(2; 30) and
		all(.handles[]; keys == ($common[0]["$defs"].context_handle.required | sort)) and
		(.handles[0] | .type == "virtual" and .wwid == $one and .requested_bytes == 1000 * pow(2; 20) and
			.size_bytes == pow(2; 30) and .chunk_count == 4 and .last_lba == "000000000003ffff" and .all_ports) and
		(.handles[1] | .type == "physical" and .wwid == $two and .requested_bytes == null and
			.size_bytes == pow(2; 34) and .chunk_count == null and .last_lba == "0000000001ffffff" and
			.all_ports == null and .id == "db/\(.handle)")
	' "$BATS_TEST_TMPDIR/info.json"
	[ "$(cells context list -o name,luns,handles,size)" = "db 2 2 17GiB" ]
	cxlflashctl context info db | grep -E '^ *db/0 +virtual'
}

@test "context list: an ordinary user sees the name, and context info is status 4" {
	serve db "$shared"
	run --separate-stderr as_nobody cxlflashctl context list --no-headings -o name,answer,pid
	[ "$status" -eq 10 ]
	[ "$(tr -s ' ' <<<"$output")" = "db denied -" ]
	[[ "$stderr" == *"context db"*"only root"*"the list is incomplete: 1 of 1 holders did not report"* ]]
	run --separate-stderr as_nobody cxlflashctl vlun list
	[ "$status" -eq 10 ]
	run --separate-stderr as_nobody cxlflashctl context info db
	[ "$status" -eq 4 ]
}

@test "context list: a hanging holder is named after its timeout, and context info is status 8" {
	serve db "$shared"
	kill -STOP "$pid"
	run --separate-stderr cxlflashctl context list --timeout=0.3 --no-headings -o name,answer,pid,process
	[ "$status" -eq 10 ]
	[ "$(tr -s ' ' <<<"$output")" = "db silent $pid cxlflash-holder" ] # and it is not listed again as foreign
	[[ "$stderr" == *"context db"*"did not answer"* ]]
	run --separate-stderr cxlflashctl context info db --timeout=0.3
	[ "$status" -eq 8 ]
	run_json context list --timeout=0.3
	[ "$(field .data.complete '.data.contexts[0].answer' .exit_status)" = "false silent 10" ]
	# also in the lists of handles and of recoveries, beside one that answers
	cxlflashctl context start "$two_ports" --name alive
	run_json vlun list
	[ "$status" -eq 10 ]
	[ "$(field .data.complete '.data.unanswered[]'.{name,answer})" = "false db silent" ]
	run_json recover --all
	[ "$status" -eq 10 ]
	[ "$(field .data.complete '.data.contexts[]'.{name,result,error_code})" = "false alive db not-needed timed-out null TIMEOUT" ]
}

@test "context list: a killed holder is reported once, and its socket is removed" {
	serve db "$shared"
	kill -KILL "$pid"
	wait "$pid" || true
	[ -S "$run_dir"/db.sock ]
	run --separate-stderr cxlflashctl context list
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[[ "$stderr" == *"context db"*"has ended"* ]]
	[ ! -e "$run_dir"/db.sock ]
	run --separate-stderr cxlflashctl context list
	[ -z "$stderr" ]
	run --separate-stderr cxlflashctl context info db
	[ "$status" -eq 3 ]
}

@test "context info: an unknown name is not found" {
	run --separate-stderr cxlflashctl context info nobody
	[ "$status" -eq 3 ]
	[[ "$stderr" == *CONTEXT_NOT_FOUND* ]]
}

@test "udev rules: only sg nodes of the adapters' LUNs belong to the group" {
	grep -q ^cxlflash: /etc/group || echo 'cxlflash:x:977:' >>/etc/group
	mkdir -p /run/udev/rules.d
	cp /lab/tree/dist/70-cxlflash.rules /run/udev/rules.d/
	udevadm control --reload
	udevadm trigger --action=change --subsystem-match=scsi_generic --subsystem-match=block
	udevadm settle
	for sg in $(cxlflashctl list --no-headings -o type,sg | awk '$1 == "path" { print $2 }'); do
		eventually 100 sh -c "[ \$(stat -c %G:%a /dev/$sg) = cxlflash:660 ]"
	done
	[ "$(stat -c %G "/dev/$(disk_of 0.0:1)")" = disk ]
}
