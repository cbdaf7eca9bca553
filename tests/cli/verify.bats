#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cxlflash-verify without the driver: sense data in every format, wrong usage, invalid baselines; its help and its
# manual page have the same options.

load helper

setup_file() {
	load helper
	export verify=${ctl%/*}/cxlflash-verify
}

changed="70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00 00 00"

# document FILTER ARGUMENT...: filter its JSON document, which is checked against the schema
document() {
	local filter=$1 file=$BATS_TEST_TMPDIR/document.json
	shift
	"$verify" "$@" --json >"$file" 2>"$BATS_TEST_TMPDIR/stderr" || :
	valid "$file" || return 1
	jq -r "$filter" "$file"
}

# baseline TEXT...: write lines to a file
baseline() {
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/baseline"
}

# all long options in help
help_options() {
	"$verify" --help | sed -nE '/^Options:/,/^Examples:/p' | grep -oE -- '(^      |^  -., |; |^  )--[a-z-]+|-., --[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u
}

@test "cxlflash-verify: decodes sense data as text, JSON, JSON lines and pairs" {
	run --separate-stderr "$verify" --decode "$changed"
	[ "$status" -eq 0 ]
	[[ "$output" == *"Key text"*"Unit Attention"*"ASC text"*"Capacity data has changed"*"Driver action"*"capacity"* ]]
	[ -z "$stderr" ]
	[ "$(document '.data.sense | "\(.key)/\(.asc)/\(.ascq) \(.driver_action) \(.information)"' --decode "$changed")" = "6/2a/09 capacity null" ]
	[ "$("$verify" --decode "$changed" -f jsonl | jq -r .asc_text)" = "Capacity data has changed" ]
	[[ "$("$verify" --decode "$changed" -f pairs)" == *'KEY="6"'*'ASC="2a"'* ]]
	[ "$("$verify" --decode "$changed" --no-headings -o key,asc,ascq | xargs)" = "6 2a 09" ]
}

@test "cxlflash-verify: sense data is accepted in every format, from the command line, a file and a pipe" {
	printf '%s' "$changed" | xxd -r -p >"$BATS_TEST_TMPDIR/raw"
	xxd "$BATS_TEST_TMPDIR/raw" >"$BATS_TEST_TMPDIR/xxd"
	od -tx1 "$BATS_TEST_TMPDIR/raw" >"$BATS_TEST_TMPDIR/od"
	echo 'sd 2:0:0:1: [sda] tag#0 Sense Key : Unit Attention [current]
sd 2:0:0:1: [sda] tag#0 Add. Sense: Capacity data has changed' >"$BATS_TEST_TMPDIR/dmesg"
	for form in "${changed// /}" "0x${changed// /,0x}" 6/2A/09 "$BATS_TEST_TMPDIR/raw" "$BATS_TEST_TMPDIR/xxd" \
		"$BATS_TEST_TMPDIR/od" "$BATS_TEST_TMPDIR/dmesg"; do
		[ "$("$verify" --decode "$form" -f jsonl | jq -c '[.key, .asc, .ascq]')" = '["6","2a","09"]' ]
	done
	for file in raw xxd od dmesg; do
		[ "$("$verify" --decode - -f jsonl <"$BATS_TEST_TMPDIR/$file" | jq -r .asc_text)" = "Capacity data has changed" ]
	done
}

@test "cxlflash-verify: decodes descriptor format, deferred errors, information and progress" {
	[ "$(document '.data.sense | "\(.format) \(.deferred) \(.information)"' \
		--decode "73 03 11 00 00 00 00 0c 00 0a 80 00 00 00 00 01 02 03 04 05")" = "descriptor true 0000000102030405" ]
	[ "$(document .data.sense.progress_percent --decode "70 00 02 00 00 00 00 0a 00 00 00 00 04 04 00 80 40 00")" = 25 ]
	[ "$(document '.data.sense | "\(.asc) \(.ascq)"' --decode "70 00 06")" = "null null" ]
	[ "$(document .data.sense.driver_action --decode 6/3f/0e)" = luns ]
	[ "$(document .data.sense.driver_action --decode 2/04/01)" = none ]
	[ "$(document .data.sense.driver_action --decode 6/28/00)" = refused ]
}

@test "cxlflash-verify: invalid sense data is status 2, with the reason" {
	for text in "" zz "70 0" 00000000 "70 00" /etc/passwd /nonexistent "$(printf '00 %.0s' {1..300})"; do
		run --separate-stderr "$verify" --decode "$text" -j
		[ "$status" -eq 2 ]
		[ "$(jq -r '.errors[0].code' <<<"$output")" = BAD_SENSE ]
		[ "$(jq -r '.errors[0].cause' <<<"$output")" != null ]
		valid - <<<"$output"
	done
	run --separate-stderr "$verify" --decode - </dev/null
	[ "$status" -eq 2 ]
	head -c 1000000 /dev/zero >"$BATS_TEST_TMPDIR/zeros"
	run --separate-stderr "$verify" --decode "$BATS_TEST_TMPDIR/zeros"
	[ "$status" -eq 2 ]
}

@test "verify --decode: both programs accept key and ASC, without an adapter and without privileges" {
	[ "$("$ctl" verify --decode 6/29 -f jsonl)" = "$("$verify" --decode 6/29 -f jsonl)" ]
	[ "$("$verify" --decode 6/29 -f jsonl | jq -r '"\(.asc)/\(.ascq)"')" = 29/00 ]
	[ "$(json '"\(.data.sense.key) \(.data.target) \(.data.results | length)"' verify --decode 6/29)" = "6 null 0" ]
	run "$ctl" verify --decode 6/
	[ "$status" -eq 2 ]
}

@test "verify --decode: a missing file is reported as missing, not as invalid sense data" {
	run --separate-stderr "$ctl" verify --decode ./nosuch.txt
	[ "$status" -eq 2 ]
	[[ "${stderr_lines[0]}" == *'cannot read "./nosuch.txt"'*ENOENT* ]]
	run --separate-stderr "$verify" --decode zz
	[[ "${stderr_lines[0]}" == *'"zz" is not valid sense data'* ]]
}

@test "verify --decode: the ASC is unknown if a line of the log has only the key" {
	[ "$(document '.data.sense | "\(.key) \(.asc) \(.ascq)"' --decode "[sda] tag#0 Sense Key : Unit Attention [current]")" = "6 null null" ]
	[ "$(document '.data.sense | "\(.key) \(.asc)"' --decode "[sda] tag#0 Sense: 70 00 06 00 00 00 00 00")" = "6 null" ]
}

@test "verify: both programs have --sense, --decode, --timeout and -t" {
	for option in --sense= --decode= "-t, --timeout="; do
		"$ctl" verify --help | grep -q -- "$option"
		"$verify" --help | grep -q -- "$option"
	done
}

@test "verify: both programs accept times with and without a unit" {
	for time in 2 0.5 500ms 5s 1min 1h; do
		[ "$("$verify" --decode 6/29/00 --timeout=$time -f pairs)" = "$("$ctl" verify --decode 6/29/00 -t $time -f pairs)" ]
	done
	for time in soon 2h -1; do
		run "$verify" --decode 6/29/00 --timeout=$time
		[ "$status" -eq 2 ]
	done
}

@test "cxlflash-verify: wrong usage is status 2 and refers to --help" {
	for args in "" "--all lun" "--decode 6/29/00 --all" "--decode 6/29/00 lun" "--all --baseline=" "--nosuch" \
		"--all --timeout=soon" "--sense=zz --all"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$verify" $args
		[ "$status" -eq 2 ] || {
			echo "$args: $status"
			false
		}
		[[ "$stderr" == "cxlflash-verify: "*"fix: "*"exit 2"* ]]
		[ -z "$output" ]
	done
	# shellcheck disable=SC2086
	[ "$(document .errors[0].code)" = USAGE ]
}

@test "cxlflash-verify: without an adapter the error names what works without one" {
	run --separate-stderr "$verify" --all
	[ "$status" -eq 6 ] || [ "$status" -eq 3 ]
	[[ "$stderr" != *--sysroot* ]]
}

@test "cxlflash-verify: an invalid baseline is status 13 and names the place; no device is opened" {
	lun='{"wwid":"60050768018087a1f0000000000000a1","size_bytes":512,"block_bytes":512}'
	garbage() { # CAUSE: that of the file in place
		run --separate-stderr "$verify" --all --baseline="$BATS_TEST_TMPDIR/baseline" -j
		[ "$status" -eq 13 ]
		[ "$(jq -r '.errors[0].code' <<<"$output")" = BAD_CONFIG ]
		[[ "$(jq -r '.errors[0].cause' <<<"$output")" == *"$1"* ]]
		[[ "$(jq -r '.errors[0].message' <<<"$output")" == *"$BATS_TEST_TMPDIR/baseline"* ]]
	}
	: >"$BATS_TEST_TMPDIR/baseline"
	garbage "not a JSON document"
	baseline '{"schema":"cxlflash.list/1"}'
	garbage "its schema is not cxlflash.baseline/1"
	baseline '{"schema":"cxlflash.baseline/1","luns":[' "$lun," '{}]}'
	garbage "luns[1].wwid"
	baseline '{"schema":"cxlflash.baseline/1","luns":[' "$lun,$lun" ']}'
	garbage "twice"
	baseline '{"schema":"cxlflash.baseline/1","luns":[' "${lun/512/-5}" ']}'
	garbage "luns[0].size_bytes is out of range"
	printf '[%.0s' {1..100000} >"$BATS_TEST_TMPDIR/baseline"
	garbage "nesting"
	head -c 1000 /dev/urandom >"$BATS_TEST_TMPDIR/baseline"
	garbage ""
	truncate -s 20M "$BATS_TEST_TMPDIR/baseline"
	run --separate-stderr "$verify" --all --baseline="$BATS_TEST_TMPDIR/baseline"
	[ "$status" -eq 13 ]
	run --separate-stderr "$verify" --all --baseline="$BATS_TEST_TMPDIR/nosuch" -j
	[ "$status" -eq 13 ]
	[ "$(jq -r '.errors[0].errno' <<<"$output")" = ENOENT ]
}

@test "cxlflash-verify: help fits 80 columns, and the manual page has the same options" {
	run "$verify" --help
	[ "$status" -eq 0 ]
	[[ "${lines[0]}" == "Usage: cxlflash-verify [OPTION]... [LUN]..." ]]
	! grep -E '.{81}' <<<"$output"
	sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/build/man/cxlflash-verify.8" >"$BATS_TEST_TMPDIR/page"
	[ "$(help_options | wc -l)" -gt 15 ]
	help_options | while read -r option; do
		grep -qE -- "(^|[,;:] )$option(\$|=|\[|;|\.)" "$BATS_TEST_TMPDIR/page" || {
			echo "the page lacks $option"
			exit 1
		}
	done
}

@test "cxlflash-verify: every example in its help parses" {
	"$verify" --help | sed -n '/^Examples:/,/^$/s/^  cxlflash-verify \(.*\)/\1/p' | sed 's/ # .*//' | while read -r line; do
		status=0
		eval "\"$verify\" $line" >/dev/null 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
		[ "$status" -ne 2 ] || {
			cat "$BATS_TEST_TMPDIR/err"
			exit 1
		}
	done
}

@test "cxlflash-verify: prints its version as text and as JSON" {
	[ "$("$verify" --version)" = "cxlflash-verify $(cat "$top/VERSION")" ]
	[ "$(document '.schema, .data.version' --version | xargs)" = "cxlflash.version/1 $(cat "$top/VERSION")" ]
}

@test "cxlflashctl verify: sense data is checked first; a handle of an unknown context is status 3" {
	run --separate-stderr "$ctl" verify nosuch/0 --sense=zz -j
	[ "$status" -eq 2 ]
	[ "$(jq -r '.errors[0].code' <<<"$output")" = BAD_SENSE ]
	[ "$(json .errors[0].code verify nosuch/0)" = CONTEXT_NOT_FOUND ]
	run "$ctl" verify
	[ "$status" -eq 2 ]
}

@test "verify: a LUN on a machine without adapters is refused with the reason that list prints" {
	run "$ctl" list
	want=$status
	[ "$want" -eq 6 ] || [ "$want" -eq 3 ]
	message=${lines[0]}
	for target in 60050768018087a1f0000000000000a1 /dev/sdzz 1:2:3:4; do
		run "$ctl" verify "$target"
		[ "$status" -eq "$want" ]
		[ "${lines[0]}" = "$message" ]
	done
	[ "$(json .errors[0].code verify no-such-context)" = CONTEXT_NOT_FOUND ]
}

@test "cxlflash-verify: an option of another program is unknown" {
	run "$verify" --all --sysroot=/
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "cxlflash-verify: unknown option --sysroot" ]
}

@test "cxlflash-verify: a directory in place of a baseline is named, and not suggested for writing" {
	run --separate-stderr "$verify" --all --baseline="$BATS_TEST_TMPDIR"
	[ "$status" -eq 13 ]
	[[ "$stderr" == *EISDIR* && "$stderr" != *--write-baseline* ]]
}
