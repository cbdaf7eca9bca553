#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Help, manual pages and completion come from one table: here is proof that they agree.

load helper

@test "help: every command shows usage, its operands and every option it takes" {
	commands | while read -r name; do
		# shellcheck disable=SC2086 # words of the command
		"$ctl" $name --help >"$BATS_TEST_TMPDIR/help"
		grep -q "^Usage: cxlflashctl $name " "$BATS_TEST_TMPDIR/help"
		options "$name" | while read -r option; do
			grep -qE -- "^  (.*; )?(-., |    )?$option(\[|=|;|$| )" "$BATS_TEST_TMPDIR/help" || {
				echo "$name --help lacks $option"
				exit 1
			}
		done
		operands "$name" | while read -r operand; do
			grep -qE "^  $operand " "$BATS_TEST_TMPDIR/help"
		done
	done
}

@test "help: lines fit a terminal of 80 columns" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		if "$ctl" $name --help | grep -E '.{81}'; then
			echo "$name"
			exit 1
		fi
	done
}

@test "help: 'help COMMAND', 'COMMAND --help', 'COMMAND -h' and '-h COMMAND' are the same" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		for form in "help $name" "$name --help" "$name -h" "-h $name"; do
			"$ctl" $form >"$BATS_TEST_TMPDIR/$(echo "$form" | tr -c 'a-z\n' _)"
		done
		[ "$(md5sum "$BATS_TEST_TMPDIR"/* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
		rm "$BATS_TEST_TMPDIR"/*
	done
}

@test "help: every example in help is a command line that parses" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		"$ctl" $name --help | sed -n '/^Examples:/,/^$/s/^  cxlflashctl \(.*\)/\1/p' | sed 's/ # .*//; s/ [|>] .*//' |
			while read -r line; do
				# A tree makes it run everywhere; what is not there may be missing, but the line must be right.
				status=0
				eval "\"$ctl\" $line" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
				if [ "$status" -eq 2 ]; then
					cat "$BATS_TEST_TMPDIR/err"
					exit 1
				fi
			done
	done
}

@test "help: --help wins over missing operands, and goes to stdout with status 0" {
	run --separate-stderr "$ctl" manage-lun --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -gt 20 ]
}

@test "help: is as wide as the terminal, up to 100 columns" {
	wide() { COLUMNS=$1 script -qec "'$ctl' help vlun create" /dev/null </dev/null | tr -d '\r' | awk 'length > n { n = length } END { print n }'; }
	[ "$(wide 200)" -gt 90 ]
	[ "$(wide 200)" -le 100 ]
	[ "$(wide 60)" -le 60 ]
}

@test "help: common options stand in one short block, and are described in cxlflashctl(8)" {
	run "$ctl" help list
	[[ "$output" == *"Common options, described in cxlflashctl(8):"*"-j, --json;"* ]]
	[[ "$output" != *"one JSON document"* ]]
	sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/build/man/cxlflashctl.8" | grep -q "print one JSON document"
	! grep -q "print one JSON document" "$top/build/man/cxlflashctl-list.8"
}

@test "help: an example stands above its caption, an exit status on a line of its own" {
	run "$ctl" help context run
	[[ "$output" == *"-- ./bench"$'\n'"      with a virtual LUN of 4 GiB"* ]]
	[[ "$output" == *$'\n'"  0    done"*$'\n'"  126  the program cannot be run"$'\n'"  127  the program was not found"* ]]
	[ "${lines[0]}" = "Usage: cxlflashctl context run [OPTION]... LUN -- PROGRAM [ARG]..." ]
	[ "$(grep -c '^Operands:' <<<"$output")" -eq 1 ]
}

@test "help: a noun shows its commands, one line or two each" {
	run "$ctl" help lun
	[ "$status" -eq 0 ]
	[[ "$output" == "Usage: cxlflashctl lun COMMAND"*"  lun list "*"  lun info "* ]]
	[[ "$output" != *manage-lun* ]]
	[ "${#lines[@]}" -lt 9 ]
	[ "$("$ctl" lun --help)" = "$output" ]
}

@test "help: exit statuses stand in the order of their numbers" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		"$ctl" help $name | sed -n '/^Exit status/,$s/^  \([0-9]*\) .*/\1/p' >"$BATS_TEST_TMPDIR/exits"
		sort -nuc "$BATS_TEST_TMPDIR/exits"
	done
}

@test "version: the same by command and option, and in JSON" {
	[ "$("$ctl" version)" = "cxlflashctl $(cat "$top/VERSION")" ]
	[ "$("$ctl" --version)" = "$("$ctl" version)" ]
	[ "$("$ctl" list --version)" = "$("$ctl" version)" ]
	[ "$("$ctl" -V)" = "$("$ctl" version)" ]
	[ "$(json .data.version version)" = "$(cat "$top/VERSION")" ]
}

@test "manual: every command has a page with every option and operand of it" {
	commands | while read -r name; do
		page=$top/build/man/cxlflashctl-${name// /-}.8
		[ -f "$page" ]
		# troff writes "-" as "\-"
		sed 's/\\-/-/g; s/\\f[BIR]//g' "$page" >"$BATS_TEST_TMPDIR/page"
		options "$name" | while read -r option; do
			grep -qE -- "(^|[,;:] )$option(\$|=|\[|;|\.)" "$BATS_TEST_TMPDIR/page" || {
				echo "$page lacks $option"
				exit 1
			}
		done
		grep -q "^cxlflashctl-${name// /-} - " "$BATS_TEST_TMPDIR/page"
	done
}

@test "manual: no page for a command that does not exist" {
	for page in "$top"/man/cxlflashctl-*.8.scd.in; do
		name=$(basename "$page" .8.scd.in)
		name=${name#cxlflashctl-}
		commands | tr ' ' - | grep -qx -- "$name"
	done
}

@test "manual: pages render without a complaint of groff" {
	for page in "$top"/build/man/*.[58]; do
		run --separate-stderr groff -man -Tutf8 -ww "$page"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
}

@test "manual: every error code and exit status is in cxlflash-json(5)" {
	sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/build/man/cxlflash-json.5" >"$BATS_TEST_TMPDIR/page"
	"$ctl" explain --json | jq -r '.data.codes[].code' | grep -v '^OK$' | while read -r code; do
		grep -q "^$code (exit " "$BATS_TEST_TMPDIR/page"
	done
}

@test "explain: every code has a paragraph, and every exit status is explained" {
	"$ctl" explain --json | jq -r '.data.codes[] | "\(.code) \(.exit_status)"' | while read -r code status; do
		"$ctl" explain "$code" | grep -q "^$code (exit $status): "
		"$ctl" explain "${code,,}" | grep -q "^$code (exit $status): "
		[ "$("$ctl" explain "$code" | wc -l)" -gt 2 ]
		"$ctl" explain "$status" | grep -q "^$code (exit $status): "
	done
}

@test "explain: in the order of exit statuses; an exit status first says what it means" {
	"$ctl" explain --json | jq -r '.data.codes[].exit_status' | sort -nc
	[ "$("$ctl" explain 5 | head -n 1)" = "Exit status 5: busy or in use" ]
	[ "$("$ctl" explain 127 | head -n 1)" = "Exit status 127: the program was not found" ]
}

@test "explain: PERMISSION names the group that the udev rules make" {
	group=$(sed -n 's/.*GROUP="\([^"]*\)".*/\1/p' "$top/dist/70-cxlflash.rules")
	"$ctl" explain PERMISSION | grep -q "group $group\b"
}

@test "documents: JSON examples in the manual and README fit the schemas" {
	for file in "$top"/man/*.scd.in "$top/README.md"; do
		awk '/^```/ { inside = !inside; if (inside) n++; next } inside { print > (dir "/block-" n) }' \
			dir="$BATS_TEST_TMPDIR" "$file"
		for block in "$BATS_TEST_TMPDIR"/block-*; do
			[ -f "$block" ] && head -n 1 "$block" | grep -qx '{' || continue
			valid "$block"
		done
		rm -f "$BATS_TEST_TMPDIR"/block-*
	done
}
