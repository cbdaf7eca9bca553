#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong command lines: message, stream and exit status.

load helper

# refused STATUS WORDS...: the command fails with STATUS, one message on stderr and nothing on stdout
refused() {
	local want=$1
	shift
	run --separate-stderr "$ctl" "$@"
	[ "$status" -eq "$want" ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" == "cxlflashctl: "* ]]
	[ "${#stderr_lines[@]}" -le 4 ]
}

@test "usage: a missing command is an error with one hint, not a page of help" {
	refused 2
	[[ "$stderr" == *"cxlflashctl help"* ]]
}

@test "usage: an unknown command is answered with a suggestion" {
	refused 2 lisst
	[[ "$stderr" == *'unknown command "lisst"'*'did you mean "list"'* ]]
	[[ "$stderr" != *"fix:"* ]] # only the hint
	refused 2 adaptor list
	[[ "$stderr" == *'did you mean "adapter"'* ]]
	refused 2 qwertz
	[[ "$stderr" != *"did you mean"* ]]
}

@test "usage: a noun without a verb lists its verbs" {
	refused 2 vlun
	[[ "$stderr" == *"vlun: missing subcommand (create, list, resize, release, clone)"* ]]
	refused 2 lun qwertz
	[[ "$stderr" == *'lun: unknown subcommand "qwertz" (list, info)'*"fix:   cxlflashctl help lun"* ]]
}

@test "usage: an unknown verb is answered with a suggestion, also if it is a synonym" {
	refused 2 lun lst
	[[ "$stderr" == *'did you mean "lun list"?'* ]]
	refused 2 vlun delete
	[[ "$stderr" == *'did you mean "vlun release"?'* ]]
	refused 2 context delete
	[[ "$stderr" == *'did you mean "context stop"?'* ]]
}

@test "usage: no suggestion repeats the input or replaces one digit by another" {
	refused 2 help manage-lun extra
	[[ "$stderr" == *'manage-lun has no subcommand "extra"'* && "$stderr" != *"did you mean"* ]]
	refused 2 context start 60050768018087a1f0000000000000a1 --interrupts=9
	[[ "$stderr" == *"--interrupts must be 1, 2, 3 or 4"* && "$stderr" != *"did you mean"* ]]
}

@test "usage: half of the letters of a short option is too little for a suggestion" {
	refused 2 vlun create 60050768018087a1f0000000000000a1 4G --size=3
	[[ "$stderr" == *"unknown option --size"* && "$stderr" != *"did you mean"* ]]
}

@test "usage: an unknown option is answered with a suggestion; abbreviations are refused" {
	refused 2 list --jsno
	[[ "$stderr" == *'unknown option --jsno'*'did you mean "--json"'* ]]
	refused 2 list --form=json
	[[ "$stderr" == *'unknown option --form'*'did you mean "--format"'* ]]
	refused 2 list --tre
	[[ "$stderr" == *'unknown option --tre'*'did you mean "--tree"'* ]]
	refused 2 list -x
	[[ "$stderr" == *"unknown option -x"* ]]
	refused 2 list -qx
	[[ "$stderr" == *"unknown option -x"* ]]
}

@test "usage: an option that a command does not accept is refused by name, before and after the command" {
	refused 2 list --dry-run
	[[ "$stderr" == *"list does not take --dry-run"* ]]
	refused 2 --dry-run list
	[[ "$stderr" == *"list does not take --dry-run"* ]]
	refused 2 version --units=si
	[[ "$stderr" == *"version does not take --units"* ]]
	refused 2 list --path-only
	[[ "$stderr" == *"list does not take --path-only"* ]]
}

@test "usage: missing, superfluous and invalid option values are refused" {
	refused 2 list --format
	[[ "$stderr" == *"--format needs a value"*"code:  USAGE"* ]]
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
	[[ "$stderr" == *"--force must be mount, swap, holder, "*" or offline-path"* ]]
}

@test "usage: in a list of values the invalid one is named" {
	refused 2 manage-lun --force=mount,swp,opener /dev/sda legacy
	[[ "$stderr" == *', not "swp"'*'did you mean "swap"?'* ]]
	refused 2 manage-lun --force=mount, /dev/sda legacy
	[[ "$stderr" == *', not ""'* ]]
}

@test "usage: missing and superfluous operands and a misspelt or misplaced mode are refused" {
	refused 2 manage-lun
	[[ "$stderr" == *"manage-lun: missing operand LUN"* ]]
	refused 2 manage-lun legacy
	[[ "$stderr" == *"manage-lun: missing operand LUN"* ]]
	refused 2 manage-lun /dev/sda
	[[ "$stderr" == *"manage-lun: missing operand MODE (legacy or superpipe)"* ]]
	refused 2 vlun create /dev/sda
	[[ "$stderr" == *"vlun create: missing operand SIZE"* ]]
	refused 2 context run /dev/sda
	[[ "$stderr" == *'context run: missing operand PROGRAM after "--"'* ]]
	refused 2 context run /dev/sda ls
	[[ "$stderr" == *'unexpected operand "ls"'*'must follow "--"'* ]]
	refused 2 context run /dev/sda /dev/sdb -- ls
	[[ "$stderr" == *'unexpected operand "/dev/sdb"'* && "$stderr" != *"must follow"* ]]
	refused 2 port list extra
	[[ "$stderr" == *'port list: unexpected operand "extra"'* ]]
	refused 2 manage-lun /dev/sda superpip
	[[ "$stderr" == *"MODE must be legacy or superpipe"*'did you mean "superpipe"'* ]]
	refused 2 manage-lun superpipe /dev/sda
	[[ "$stderr" == *'MODE must be legacy or superpipe, not "/dev/sda"'* ]]
	refused 2 lun info
	refused 2 completion
	refused 2 completion tcsh
}

@test "usage: options have the same meaning before, between and after the words" {
	root=$(tree small --paths 8)
	want=$("$ctl" lun list --no-headings --units=b --sysroot="$root")
	[ "$("$ctl" --no-headings --units b lun --sysroot "$root" list)" = "$want" ]
	[ "$("$ctl" --sysroot="$root" lun --units=b list --no-headings)" = "$want" ]
	wwid=${want%% *}
	[ "$("$ctl" lun info "$wwid" --sysroot "$root" -o mode)" = "$("$ctl" --sysroot "$root" lun info -omode -- "$wwid")" ]
}

@test "usage: with --json the error is a document, at any position of --json" {
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

@test "usage: an empty --sysroot is refused and does not mean the running system" {
	refused 2 list --sysroot=
	[[ "$stderr" == *"--sysroot needs a directory"* ]]
}

@test "usage: the last one of --json and --format applies" {
	[ "$("$ctl" version --json --format=pairs)" = "$("$ctl" version --format=pairs)" ]
	[[ "$("$ctl" version -f table -j)" == "{"* ]]
	[ "$("$ctl" version -j -f table)" = "$("$ctl" version)" ]
}

@test "usage: times are accepted in seconds or with a unit" {
	for time in 2 0.5 500ms 5s 1min 1m 1h; do
		run "$ctl" context info no-such-context --timeout="$time"
		[ "$status" -eq 3 ]
	done
	for time in -1 1e3 0x10 2h 5d " 5" 5. .5 s; do
		refused 2 context info no-such-context --timeout="$time"
	done
}

@test "usage: a wrong command line is status 2 on any machine, before driver and holder are checked" {
	lun=60050768018087a1f0000000000000a1
	while read -r line; do
		eval "refused 2 $line" || {
			echo "$line: $status $stderr"
			false
		}
	done <<-END
		context info 'BAD NAME'
		context stop 'BAD NAME'
		context start $lun --name=UPPER
		context start $lun --check=50ms
		context run $lun --virtual=1G --physical -- true
		context run $lun --allow-smaller -- true
		vlun create $lun 4X
		vlun create $lun 4G --context=a/0
		vlun create $lun 4G -o nonsense
		vlun resize ctx0 4G
		vlun resize ctx0/0 -- -1
		vlun release 'x y/0'
		vlun clone ../x
		plun create $lun --context=.x
		plun release ctx0
		manage-lun $lun superpipe --path-only
		manage-lun ${lun%1} superpipe
		recover
		recover db --all
		recover UPPER
		verify 'a b'
		verify $lun --decode 6/29
		lun info 2:0:0
	END
	[[ "$stderr" == *'invalid LUN name "2:0:0"'*"four numbers, H:C:T:L"* ]]
	for address in 2:0:0:a 2:0:0:0:1 2: 2:0:0:0x; do
		refused 2 lun info "$address"
		[[ "$stderr" == *"four numbers, H:C:T:L"* ]]
	done
	refused 2 lun info 0000001
	[[ "$stderr" == *"at least the last 8 are needed, and this one has 7"* ]]
	refused 2 manage-lun "${lun%1}" superpipe
	[[ "$stderr" == *"32 hex digits"*"31"* ]]
	root=$(tree small --paths 8)
	run --separate-stderr "$ctl" lun info "${lun%1}" --sysroot="$root"
	[[ "$stderr" == *"these 31 digits; a whole WWID has 32"* ]]
	refused 2 vlun resize ctx0/0 -- -1
	[[ "$stderr" == *'invalid size "-1"'* ]]
	refused 2 vlun resize ctx0/0 -1G
	[[ "$stderr" == *'invalid value "-1'*"negative"* ]]
}

@test "usage: --help and --version need no operands" {
	[ "$("$ctl" manage-lun -V)" = "$("$ctl" version)" ]
}

@test "usage: an unknown column is answered with a suggestion; JSON has all keys and refuses --columns" {
	root=$(tree small --paths 8)
	refused 2 lun list -o wwdi --sysroot="$root"
	[[ "$stderr" == *'no column "wwdi"'*'did you mean "wwid"'* ]]
	refused 2 lun list -o wwid,,mode --sysroot="$root"
	refused 2 lun list -o "" --sysroot="$root"
	for list in all,wwid wwid,all +wwid,all; do
		refused 2 lun list -o "$list" --sysroot="$root"
		[[ "$stderr" == *'"all" cannot be combined with names of columns'* ]]
	done
	run "$ctl" lun list -j -o wwid --sysroot="$root"
	[ "$status" -eq 2 ]
}

@test "usage: an unknown error code is answered with a suggestion" {
	refused 2 explain LUN_IN_US
	[[ "$stderr" == *'did you mean "LUN_IN_USE"'* ]]
	refused 2 explain 99
	[[ "$stderr" == *'unknown error code, exit status or status word "99"'* ]]
	refused 2 explain afu_rc 1
}

@test "usage: every error has a code that explain describes" {
	for line in lisst "list -x" "lun info zzz --sysroot=$(tree small --paths 8)"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" $line
		code=$(sed -n 's/^  code:  \([A-Z_]*\), exit \([0-9]*\).*/\1 \2/p' <<<"$stderr")
		[ "${code#* }" -eq "$status" ]
		"$ctl" explain "${code% *}"
	done
}

@test "usage: 1,000 operands are accepted" {
	root=$(tree small --paths 8)
	wwid=$("$ctl" lun list --sysroot="$root" --no-headings -o wwid | head -n 1)
	mapfile -t many < <(yes "$wwid" | head -n 1000)
	[ "$("$ctl" lun info --sysroot="$root" --no-headings -o wwid "${many[@]}" | wc -l)" -eq 1000 ]
	[ "$(json '.data.luns | length' manage-lun -n --sysroot="$root" "${many[@]}" superpipe)" -eq 1 ]
}

@test "usage: the usual words of other tools get a suggestion" {
	while read -r word want; do
		run "$ctl" "$word"
		echo "$output"
		[ "$status" -eq 2 ]
		[[ "$output" == *"did you mean $want?"* ]]
	done <<-CASES
		ls "list", "adapter list", "port list", "lun list", "context list", "vlun list"
		info "adapter info", "lun info", "context info"
		show "adapter info", "lun info", "context info"
		create "vlun create", "plun create"
	CASES
}

@test "usage: an empty name in a list of columns, and a file of sense data that cannot be read, have a fix" {
	run "$ctl" list -o name,
	[ "$status" -eq 2 ]
	[[ "$output" == *"the list of columns has an empty name"*"fix:"* ]]
	run "$ctl" verify --decode /nonexistent/sense
	[ "$status" -eq 2 ]
	[[ "$output" == *"cannot read"*"fix:   name a file that exists"* ]]
}
