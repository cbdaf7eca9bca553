#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong command lines: what is said, where, and with which status.

load helper

# refused STATUS WORDS...: the command fails so, says one thing on stderr and nothing on stdout
refused() {
	local want=$1
	shift
	run --separate-stderr "$ctl" "$@"
	[ "$status" -eq "$want" ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" == "cxlflashctl: "* ]]
	[ "${#stderr_lines[@]}" -le 4 ]
}

@test "usage: no command at all is an error with one hint, not a page of help" {
	refused 2
	[[ "$stderr" == *"cxlflashctl help"* ]]
}

@test "usage: an unknown command gets a suggestion" {
	refused 2 lisst
	[[ "$stderr" == *'no command "lisst"'*'did you mean "list"'* ]]
	refused 2 adaptor list
	[[ "$stderr" == *'did you mean "adapter"'* ]]
	refused 2 qwertz
	[[ "$stderr" != *"did you mean"* ]]
}

@test "usage: a noun without its verb says which there are" {
	refused 2 lun
	[[ "$stderr" == *"list or info"* ]]
	refused 2 lun lsit
	[[ "$stderr" == *"list or info"* ]]
}

@test "usage: an unknown option gets a suggestion; abbreviations are not guessed" {
	refused 2 list --jsno
	[[ "$stderr" == *"--jsno"*"did you mean --json"* ]]
	refused 2 list --form=json
	[[ "$stderr" == *"no option --form"*"did you mean --format"* ]]
	refused 2 list -x
	[[ "$stderr" == *"no option -x"* ]]
	refused 2 list -qx
	[[ "$stderr" == *"no option -x"* ]]
}

@test "usage: options a command does not take are refused by name, before and behind it" {
	refused 2 list --dry-run
	[[ "$stderr" == *"list does not take --dry-run"* ]]
	refused 2 --dry-run list
	[[ "$stderr" == *"list does not take --dry-run"* ]]
	refused 2 version --units=si
	[[ "$stderr" == *"version does not take --units"* ]]
	refused 2 list --path-only
	[[ "$stderr" == *"list does not take --path-only"* ]]
}

@test "usage: values: missing, superfluous, not among the choices" {
	refused 2 list --format
	[[ "$stderr" == *"--format needs a value"* ]]
	refused 2 list --json=yes
	[[ "$stderr" == *"--json takes no value"* ]]
	refused 2 list --format=jsn
	[[ "$stderr" == *"--format must be table, json, jsonl or pairs"*'did you mean "json"'* ]]
	refused 2 manage-lun --timeout=soon /dev/sda legacy
	[[ "$stderr" == *"--timeout must be a time"* ]]
	for bad in -1 nan inf 1e9 2h ""; do
		refused 2 manage-lun --timeout="$bad" /dev/sda legacy
	done
	refused 2 manage-lun --force=everything /dev/sda legacy
	[[ "$stderr" == *"--force must be in-use or contexts"* ]]
}

@test "usage: operands: missing, too many, a mode misspelt or in front" {
	refused 2 manage-lun
	refused 2 manage-lun legacy
	refused 2 manage-lun /dev/sda superpip
	[[ "$stderr" == *"MODE must be legacy or superpipe"*'did you mean "superpipe"'* ]]
	refused 2 manage-lun superpipe /dev/sda
	[[ "$stderr" == *'MODE must be legacy or superpipe, not "/dev/sda"'* ]]
	refused 2 lun info
	refused 2 lun list extra
	refused 2 completion
	refused 2 completion tcsh
}

@test "usage: options before, between and behind the words mean the same" {
	root=$(tree small --paths 8)
	want=$("$ctl" lun list --no-headings --units=b --sysroot="$root")
	[ "$("$ctl" --no-headings --units b lun --sysroot "$root" list)" = "$want" ]
	[ "$("$ctl" --sysroot="$root" lun --units=b list --no-headings)" = "$want" ]
	wwid=${want%% *}
	[ "$("$ctl" lun info "$wwid" --sysroot "$root" -o mode)" = "$("$ctl" --sysroot "$root" lun info -omode -- "$wwid")" ]
}

@test "usage: with --json the error is a document, wherever --json stands" {
	for line in "lisst --json" "--json lisst" "list --nonsense -j" "-f json list extra" "list -qj extra" "lun -j"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
		valid - <<<"$output"
		[ "$(jq -r .exit_status <<<"$output")" -eq 2 ]
		[ "$(jq -r .data <<<"$output")" = null ]
	done
}

@test "usage: an empty --sysroot is refused, not taken for the running system" {
	refused 2 list --sysroot=
	[[ "$stderr" == *"--sysroot needs a folder"* ]]
}

@test "usage: --json and another --format contradict each other" {
	run "$ctl" list --json --format=pairs
	[ "$status" -eq 2 ]
	run "$ctl" version --json --format=json
	[ "$status" -eq 0 ]
}

@test "usage: unknown columns get a suggestion; JSON has all keys and refuses --columns" {
	root=$(tree small --paths 8)
	refused 2 lun list -o wwdi --sysroot="$root"
	[[ "$stderr" == *'no column "wwdi"'*'did you mean "wwid"'* ]]
	refused 2 lun list -o wwid,,mode --sysroot="$root"
	refused 2 lun list -o "" --sysroot="$root"
	run "$ctl" lun list -j -o wwid --sysroot="$root"
	[ "$status" -eq 2 ]
}

@test "usage: an unknown error code gets a suggestion" {
	refused 2 explain LUN_IN_US
	[[ "$stderr" == *"did you mean LUN_IN_USE"* ]]
	refused 2 explain 99
}

@test "usage: every error names a code that explain knows" {
	for line in lisst "list -x" "lun info zzz --sysroot=$(tree small --paths 8)"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line
		code=$(sed -n 's/^  code:  \([A-Z_]*\), exit \([0-9]*\).*/\1 \2/p' <<<"$stderr")
		[ "${code#* }" -eq "$status" ]
		"$ctl" explain "${code% *}"
	done
}

@test "usage: 1,000 operands are no problem" {
	root=$(tree small --paths 8)
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	mapfile -t many < <(yes "$wwid" | head -n 1000)
	[ "$("$ctl" lun info --sysroot="$root" --no-headings -o wwid "${many[@]}" | wc -l)" -eq 1000 ]
	[ "$(json '.data.luns | length' manage-lun -n --sysroot="$root" "${many[@]}" superpipe)" -eq 1 ]
}
