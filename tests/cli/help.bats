#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Help, manual pages and completion come from one table: these tests check that they agree.

load helper

@test "help: every command shows its usage, its operands and every option" {
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

@test "help: 'help COMMAND', 'COMMAND --help', 'COMMAND -h' and '-h COMMAND' print the same" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		for form in "help $name" "$name --help" "$name -h" "-h $name"; do
			"$ctl" $form >"$BATS_TEST_TMPDIR/$(echo "$form" | tr -c 'a-z\n' _)"
		done
		[ "$(md5sum "$BATS_TEST_TMPDIR"/* | cut -d' ' -f1 | sort -u | wc -l)" -eq 1 ]
		rm "$BATS_TEST_TMPDIR"/*
	done
}

@test "help: every example parses" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		"$ctl" $name --help | sed -n '/^Examples:/,/^$/s/^  cxlflashctl \(.*\)/\1/p' | sed 's/ # .*//; s/ [|>] .*//' |
			while read -r line; do
				# A saved tree allows this on any machine. Objects may be missing, but the line must be valid.
				status=0
				eval "\"$ctl\" $line" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
				if [ "$status" -eq 2 ]; then
					cat "$BATS_TEST_TMPDIR/err"
					exit 1
				fi
			done
	done
}

@test "help: --help overrides missing operands, prints to stdout and ends with status 0" {
	run --separate-stderr "$ctl" manage-lun --help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -gt 20 ]
}

@test "help: fills the width of the terminal, up to 100 columns" {
	wide() { COLUMNS=$1 script -qec "'$ctl' help vlun create" /dev/null </dev/null | tr -d '\r' | awk 'length > n { n = length } END { print n }'; }
	[ "$(wide 200)" -gt 90 ]
	[ "$(wide 200)" -le 100 ]
	[ "$(wide 70)" -le 70 ]
}

@test "help: common options are listed in one short block and described in cxlflashctl(8)" {
	run "$ctl" help list
	[[ "$output" == *"Common options, described in cxlflashctl(8):"*"-j, --json;"* ]]
	[[ "$output" != *"one JSON document"* ]]
	sed 's/\\-/-/g; s/\\f[BIR]//g' "$top/build/man/cxlflashctl.8" | grep -qi "print one JSON document"
	! grep -qi "print one JSON document" "$top/build/man/cxlflashctl-list.8"
}

@test "help: an example is above its description, and each exit status has its own line" {
	run "$ctl" help context run
	[[ "$output" == *"-- ./bench"$'\n'"      with a virtual LUN of 4 GiB"* ]]
	[[ "$output" == *$'\n'"  0    done"*$'\n'"  126  the program cannot be run"$'\n'"  127  the program was not found"* ]]
	[ "${lines[0]}" = "Usage: cxlflashctl context run [OPTION]... LUN -- PROGRAM [ARG]..." ]
	[ "$(grep -c '^Operands:' <<<"$output")" -eq 1 ]
}

@test "help: all commands that change something accept --dry-run and --yes, and no other commands do" {
	"$ctl" help -j | jq -e '.data.commands | map(select(.name != "context run")) | all(.changes ==
		(.arguments | map(.name) | contains(["--dry-run", "--yes"])))'
	[ "$("$ctl" help -j | jq '[.data.commands[] | select(.changes)] | length')" -eq 13 ]
}

@test "help: a noun shows each of its commands in one or two lines" {
	run "$ctl" help lun
	[ "$status" -eq 0 ]
	[[ "$output" == "Usage: cxlflashctl lun COMMAND"*"  lun list "*"  lun info "* ]]
	[[ "$output" != *manage-lun* ]]
	[ "${#lines[@]}" -lt 9 ]
	[ "$("$ctl" lun --help)" = "$output" ]
}

@test "help: exit statuses are in numerical order" {
	commands | while read -r name; do
		# shellcheck disable=SC2086
		"$ctl" help $name | sed -n '/^Exit status/,$s/^  \([0-9]*\) .*/\1/p' >"$BATS_TEST_TMPDIR/exits"
		sort -nuc "$BATS_TEST_TMPDIR/exits"
	done
}

@test "help: every option that takes a time calls its value TIME and has a unit in its default" {
	"$ctl" help -j | jq -e '[.data.commands[].arguments[] | select(.kind == "seconds")] |
		length > 9 and all(.value == "TIME" and (.help | test("\\([0-9]+s\\)")))'
	page cxlflashctl.8 | grep -q 'accept a number of seconds'
}

@test "help: a heading is one column in all commands, and a column has one heading, except the name of an adapter" {
	{
		commands | while read -r name; do
			! options "$name" | grep -qx -- --list-columns || echo "$ctl $name"
		done
		echo "${ctl%/*}/cxlflash-verify"
	} | while read -r program; do
		$program --list-columns -f jsonl | jq -r '"\(.heading) \(.column)"'
	done | sort -u | grep -vx 'ADAPTER name' >"$BATS_TEST_TMPDIR/columns"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/columns")" -gt 50 ]
	[ -z "$(cut -d ' ' -f 1 "$BATS_TEST_TMPDIR/columns" | uniq -d)" ]
	[ -z "$(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/columns" | sort | uniq -d)" ]
}

@test "help: --trace is accepted by the commands that explain FAILED names" {
	"$ctl" explain FAILED | tr '\n' ' ' | grep -qF "With --trace, $("$ctl" help -j |
		jq -r '[.data.commands[] | select(any(.arguments[]; .name == "--trace")) | .name] | sort |
			"\(.[1]), \(.[2]) and \(.[0]) print"')"
	[ "$("$ctl" help -j | jq '[.data.commands[] | select(any(.arguments[]; .name == "--trace"))] | length')" -eq 3 ]
}

@test "version: the command, the option and JSON report the same version" {
	[ "$("$ctl" version)" = "cxlflashctl $(cat "$top/VERSION")" ]
	[ "$("$ctl" --version)" = "$("$ctl" version)" ]
	[ "$("$ctl" list --version)" = "$("$ctl" version)" ]
	[ "$("$ctl" -V)" = "$("$ctl" version)" ]
	[ "$(json .data.version version)" = "$(cat "$top/VERSION")" ]
}

# page NAME: a manual page without troff escapes ("\-" for "-", "\&" within "a.b").
page() {
	sed 's/\\-/-/g; s/\\f[BIR]//g; s/\\&//g' "$top/build/man/$1"
}

# page_of COMMAND: the page that help refers to
page_of() {
	# shellcheck disable=SC2086 # words of the command
	"$ctl" help $1 | sed -n 's/^More: man //p'
}

@test "manual: every command is in the page that help names, with all its options and operands" {
	commands | while read -r name; do
		page "$(page_of "$name").8" >"$BATS_TEST_TMPDIR/page"
		grep -q "^cxlflashctl $name \[" "$BATS_TEST_TMPDIR/page"
		options "$name" | while read -r option; do
			grep -qE -- "(^|[ ,])$option(\$|[]=;.[])" "$BATS_TEST_TMPDIR/page" || {
				echo "the page of $name lacks $option"
				exit 1
			}
		done
	done
}

@test "manual: each noun and each verb without a noun has a page, and there are no other pages" {
	for noun in $(commands | cut -d' ' -f1 | sort -u | grep -vxE 'explain|help|version|completion'); do
		echo "cxlflashctl-$noun"
	done | sort >"$BATS_TEST_TMPDIR/wanted"
	for page in "$top"/man/cxlflashctl-*.8.scd.in; do basename "$page" .8.scd.in; done | sort |
		diff "$BATS_TEST_TMPDIR/wanted" -
	commands | while read -r name; do
		[ -f "$top/man/$(page_of "$name").8.scd.in" ]
	done
	"$ctl" help lun | grep -q 'man cxlflashctl-lun$'
}

@test "manual: every page has all sections, and refers to existing pages other than itself" {
	for file in "$top"/build/man/*.[58]; do
		name=$(basename "$file")
		for section in NAME SYNOPSIS DESCRIPTION EXAMPLES 'EXIT STATUS' FILES 'SEE ALSO'; do
			[ "$name/$section" != cxlflash-json.5/SYNOPSIS ] || continue
			grep -qE "^\.SH $section(ES)?\$" "$file" || {
				echo "$name lacks $section"
				exit 1
			}
		done
		page "$name" | grep -oE 'cxlflash[a-z-]*\([58]\)' | sort -u | while read -r other; do
			[ "$other" != "${name%.?}(${name##*.})" ] || {
				echo "$name refers to itself"
				exit 1
			}
			other=${other%)}
			[ -f "$top/man/${other%(*}.${other#*(}.scd.in" ] || {
				echo "$name refers to $other"
				exit 1
			}
		done
	done
}

@test "manual: the common options are described in one page only" {
	[ "$(grep -l "Print one JSON document" "$top"/build/man/*.[58])" = "$top/build/man/cxlflashctl.8" ]
}

@test "manual: every key of every schema has a description and is in the page of its document" {
	for file in "$top"/schema/*.json; do
		document=$(basename "$file" .1.json)
		jq -r --arg document "$document" '.. | objects | select(has("properties")) | .properties | to_entries[] |
			select(.value | has("description") | not) | "\($document): \(.key) has no description"' "$file"
	done >"$BATS_TEST_TMPDIR/bare"
	cat "$BATS_TEST_TMPDIR/bare"
	[ ! -s "$BATS_TEST_TMPDIR/bare" ]
	for file in "$top"/schema/*.json; do
		document=$(basename "$file" .1.json)
		heading="^\.SS ${document//./\\.}/1\$"
		[ "$document" != cxlflash.common ] || heading='^\.SS frame$'
		pages=$(grep -lE "$heading" "$top"/build/man/*.[58]) || {
			echo "$document is in no page"
			exit 1
		}
		[ "$(wc -l <<<"$pages")" -eq 1 ]
		page "${pages##*/}" >"$BATS_TEST_TMPDIR/page"
		jq -r '.properties.data // . | [.. | objects | .properties? // empty | keys[]] | unique[]' "$file" | while read -r key; do
			grep -qE "^([a-z_]+(\\[\\])?\\.)*$key: " "$BATS_TEST_TMPDIR/page" || {
				echo "${pages##*/} lacks $key of $document"
				exit 1
			}
		done
	done
}

@test "manual: values keep their case at the beginning of a description" {
	page cxlflashctl-adapter.8 >"$BATS_TEST_TMPDIR/page"
	page cxlflashctl-recover.8 >>"$BATS_TEST_TMPDIR/page"
	page cxlflashctl-manage-lun.8 >>"$BATS_TEST_TMPDIR/page"
	has <"$BATS_TEST_TMPDIR/page" "recovered, not-needed, failed, timed-out (it may still be under way), or planned (by --dry-run)." \
		"already, planned, switched, rolled-back, not-switched or left-out." "Done or already so."
}

@test "manual: groff renders all pages without warnings" {
	for page in "$top"/build/man/*.[58]; do
		run --separate-stderr groff -man -Tutf8 -ww "$page"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
}

@test "manual: every error code and exit status is in cxlflash-json(5)" {
	page cxlflash-json.5 >"$BATS_TEST_TMPDIR/page"
	"$ctl" explain --json | jq -r '.data.codes[].code' | grep -v '^OK$' | while read -r code; do
		grep -q "^$code (exit " "$BATS_TEST_TMPDIR/page"
	done
}

@test "explain: describes every error code and every exit status" {
	"$ctl" explain --json | jq -r '.data.codes[] | "\(.code) \(.exit_status)"' | while read -r code status; do
		"$ctl" explain "$code" | grep -q "^$code (exit $status): "
		"$ctl" explain "${code,,}" | grep -q "^$code (exit $status): "
		[ "$("$ctl" explain "$code" | wc -l)" -gt 2 ]
		"$ctl" explain "$status" | grep -q "^$code (exit $status): "
	done
}

@test "explain: codes are in the order of their exit statuses; an exit status begins with its meaning" {
	"$ctl" explain --json | jq -r '.data.codes[].exit_status' | sort -nc
	[ "$("$ctl" explain 5 | head -n 1)" = "Exit status 5: busy or in use" ]
	[ "$("$ctl" explain 127 | head -n 1)" = "Exit status 127: the program was not found" ]
}

@test "explain: PERMISSION names the group in the udev rules" {
	group=$(sed -n 's/.*GROUP="\([^"]*\)".*/\1/p' "$top/dist/70-cxlflash.rules")
	"$ctl" explain PERMISSION | grep -q "group $group\b"
}

@test "manual: FILES names the character device of an adapter" {
	for page in cxlflashctl.8 cxlflashctl-list.8 cxlflashctl-adapter.8; do
		page "$page" | sed -n '/^.SH FILES/,/^.SH SEE/p' | grep -q /dev/cxlflash/cxlflashN
	done
}

@test "documents: the targets of make and the commands in CONTRIBUTING.md and README.md exist; no document has --size" {
	for heading in "Report a problem" Build Test "Add something"; do
		grep -qx "## $heading" "$top/CONTRIBUTING.md"
	done
	make -C "$top" -s help | sed -n 's/^  \([a-z-]*\) .*/\1/p' >"$BATS_TEST_TMPDIR/targets"
	sed -nE 's/^make ([a-z-]+)( .*|$)/\1/p' "$top/CONTRIBUTING.md" "$top/README.md" | sort -u | while read -r target; do
		grep -qx -- "$target" "$BATS_TEST_TMPDIR/targets" || [ "$target" = lab-tests ]
	done
	run grep -rnE -- 'vlun (create|resize).* --size' "$top/README.md" "$top/CONTRIBUTING.md" "$top/lab" "$top/man" "$top/scripts"
	[ "$status" -eq 1 ]
}

@test "documents: JSON examples in the manual and README match the schemas" {
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
