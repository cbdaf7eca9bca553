#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion: the output of __complete for each kind of candidate. The shells are in completion.bats.

load helper

setup_file() {
	load helper
	tree small --paths 8 >/dev/null
}

setup() {
	root=$BATS_FILE_TMPDIR/tree-small
	wwid=60050768001081801234000000000001
	verify=${ctl%/*}/cxlflash-verify
}

# offered WORD...: the candidates of cxlflashctl; values: without descriptions, on one line
offered() { "$ctl" __complete -- "$@"; }
values() { offered "$@" | cut -f1 | xargs; }

@test "completion: every command, subcommand and option is offered with its description from help" {
	"$ctl" help --json >"$BATS_TEST_TMPDIR/help"
	jq -r '.data.commands[] | "\(.name)\t\(.summary)"' "$BATS_TEST_TMPDIR/help" | while IFS=$'\t' read -r name summary; do
		if [ "$name" = "${name% *}" ]; then
			offered "" | has "$name	$summary"
			offered help "" | has "$name	$summary"
		else
			offered "${name% *}" "" | has "${name#* }	$summary"
			offered help "${name% *}" "" | has "${name#* }	$summary"
			offered "" | cut -f1 | has "${name% *}"
		fi
		# shellcheck disable=SC2086 # its words
		offered $name -- | sed 's/=\t/\t/' >"$BATS_TEST_TMPDIR/offered"
		jq -r --arg name "$name" '.data.commands[] | select(.name == $name) | .arguments[] | select(.option) | "\(.name)\t\(.help)"' \
			"$BATS_TEST_TMPDIR/help" >"$BATS_TEST_TMPDIR/options"
		diff "$BATS_TEST_TMPDIR/options" <(grep -vxE ':nospace|--	.*' "$BATS_TEST_TMPDIR/offered")
	done
	[ -z "$(offered frobnicate "")$(offered lun frobnicate "")$(offered help frobnicate "")" ]
	offered lun "" | wc -l | grep -qx 2
}

@test "completion: options are offered by letter, by prefix and before the command; = follows if they take a value" {
	offered list - | cut -f1 | has -j -f -o -q --json
	[ "$(values list --no)" = --no-headings ]
	[ "$(values --colo)" = "--color= :nospace" ]
	offered -j --color never lun "" | cut -f1 | has list info
	offered --color=never --format json lun "" | cut -f1 | has list info
	offered -jf json lun "" | cut -f1 | has list info
	offered -fjson lun "" | cut -f1 | has list info
	offered lun -q --frobnicate "" | cut -f1 | has list info
	[ "$(values version "" | xargs)" = "$(values version -- | xargs)" ]
}

@test "completion: the values of a choice are offered in every form of an option" {
	[ "$(values list --format "")" = "table json jsonl pairs" ]
	[ "$(values list -f js)" = "json jsonl" ]
	[ "$(values list --format=js)" = "--format=json --format=jsonl" ]
	[ "$(values list -fjs)" = "-fjson -fjsonl" ]
	[ "$(values list -jfjs)" = "-jfjson -jfjsonl" ]
	[ "$(values --format json list --tree=)" = "--tree=auto --tree=always --tree=never" ]
	[ "$(values context start --interrupts "")" = "1 2 3 4" ]
	[ "$(values completion "")" = "bash zsh fish" ]
}

@test "completion: a comma-separated list is continued with the values not yet in it; columns have descriptions" {
	[ "$(values manage-lun x --force "")" = "mount swap holder export opener reservation context offline-path" ]
	[ "$(values manage-lun x --force=mount,swap,h)" = "--force=mount,swap,holder" ]
	[ "$(values manage-lun x --force mount,c)" = "mount,context" ]
	[ "$(values lun list -o wwid,path)" = "wwid,path_count" ]
	[ "$(values lun list -o +path)" = "+path_count" ]
	[ "$(values lun list -o+path)" = "-o+path_count" ]
	[ "$(values lun list --columns=+path_count,mode,path)" = "" ]
	[ "$(values lun list --columns=+path_count,mode,siz)" = "--columns=+path_count,mode,size_bytes" ]
	"$ctl" lun list --list-columns --format=jsonl | jq -r '"\(.column)\t\(.help)"' >"$BATS_TEST_TMPDIR/columns"
	diff "$BATS_TEST_TMPDIR/columns" <(offered lun list --columns "")
	for command in list "port list" "adapter list" "vlun list" "context list" "context info" verify; do
		# shellcheck disable=SC2086
		offered $command -o "" | cut -f1 | diff <("$ctl" $command --list-columns --format=jsonl | jq -r .column) -
	done
}

@test "completion: LUNs are offered by WWID, disk, generic node and address, with size and mode" {
	for line in "lun info" manage-lun "context start" "vlun create" "plun create" verify "lun info x"; do
		# shellcheck disable=SC2086
		offered "--sysroot=$root" $line "" | has "$wwid	100GiB, superpipe" "/dev/sda	100GiB, legacy" \
			"/dev/sg0	100GiB, legacy" "2:0:0:0	100GiB, legacy"
	done
	offered --sysroot "$root" lun info /dev/s | grep -c . | grep -qx 16
	offered lun "--sysroot=$root" info 2:0:0: | cut -f1 | has 2:0:0:0
	offered "--sysroot=$root" context run "" | cut -f1 | has "$wwid"
	[ "$(values lun info "--sysroot=$BATS_TEST_TMPDIR/none" "")" = "" ]
	[ "$(values lun info /dev/disk/by)" = ":files 0" ]
	[ "$(values "--sysroot=$root" manage-lun "" | grep -c superpipe)" -eq 0 ]
	offered "--sysroot=$root" manage-lun "$wwid" "" | cut -f1 | has superpipe legacy "$wwid"
}

@test "completion: adapters are offered by every name, with kind and state" {
	offered "--sysroot=$root" adapter info "" | has "host2	corsa, ready" "0006:00:00.0	corsa, ready" \
		"0020:01:00.0	corsa, ready" "card0	corsa, ready" "U78CB.001.WZS0000-P1-C1	corsa, ready"
	[ "$(values "--sysroot=$root" context start --adapter=ho)" = "$(values "--sysroot=$root" adapter info ho | sed 's/^\| / --adapter=/g; s/^ //')" ]
	offered "--sysroot=$root" recover --adapter "" | cut -f1 | has host2
	for name in $(values "--sysroot=$root" adapter info ""); do
		"$ctl" adapter info "--sysroot=$root" "$name" >/dev/null
	done
}

@test "completion: error codes and exit statuses are offered" {
	offered explain "" | cut -f1 | has LUN_IN_USE USAGE 0 5 74
	[ "$(offered explain lun_in)" = "$(printf 'LUN_IN_USE\t%s' "$("$ctl" explain -o summary -f jsonl LUN_IN_USE | jq -r .summary)")" ] ||
		offered explain lun_in | grep -q '^LUN_IN_USE	.'
	offered explain 5 | grep -q '^5	.'
}

@test "completion: files, directories and the command line of another program are completed by the shell" {
	[ "$(offered list --sysroot "")" = ":dirs 0" ]
	[ "$(offered list --sysroot=/t)" = ":dirs 10" ]
	[ "$(offered recover --trace=)" = ":files 8" ]
	[ "$(offered verify --sense x)" = ":files 0" ]
	[ "$(offered context run "$wwid" "" | cut -f1)" = -- ]
	[ "$(offered context run "$wwid" -- "")" = ":command 4" ]
	[ "$(offered context run "$wwid" --physical -- ls -l -)" = ":command 5" ]
	[ "$(offered vlun create --name "")" != ":files 0" ]
}

@test "completion: held contexts and their handles are offered; a silent holder delays it by half a second at most" {
	unshare -Urm true 2>/dev/null || skip "no user namespaces here"
	cat >"$BATS_TEST_TMPDIR/deaf.py" <<-'END'
		import os, socket, subprocess, sys
		os.mkdir("/run/cxlflash")
		open("/run/cxlflash/other", "w")
		held = []
		for name in sys.argv[2:]:
		    held.append(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
		    held[-1].bind(f"/run/cxlflash/{name}.sock")
		    held[-1].listen(9)
		sys.exit(subprocess.run(["sh", "-c", sys.argv[1]]).returncode)
	END
	deaf() { unshare -Urm sh -c 'mount -t tmpfs none /run && exec "$@"' sh python3 "$BATS_TEST_TMPDIR/deaf.py" "$@"; }
	for line in "context info" "context stop" recover "vlun clone" "vlun create --context" verify; do
		[ "$(deaf "$ctl __complete -- $line db" db db.v2 other x | cut -f1 | xargs)" = "db db.v2" ]
	done
	[ "$(deaf "$ctl __complete -- --sysroot=$root context info ''" db)" = "" ]
	mapfile -t many < <(seq -f 'c%g' 40)
	begin=$(date +%s%N)
	[ -z "$(deaf "$ctl __complete -- vlun release ''" "${many[@]}")" ]
	[ $((($(date +%s%N) - begin) / 1000000)) -lt 3000 ]
}

@test "completion: no command line leads to an error" {
	for words in "lun info --sysroot=/dev/null @" "lun info --sysroot= @" "-- @" "--format" "--sysroot=$root -- lun info @" "= @" \
		"--=x @" "-" "list --tree" "list ---" "a b c d e f g @" "-- -- --" "context run -- -- --" "-o -o" "list -oo"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" __complete -- ${words//@/}
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
	done
	run --separate-stderr "$ctl" __complete
	[ "$status" -eq 0 ] && [ -z "$output$stderr" ]
	run --separate-stderr "$ctl" __complete lun ""
	[ "$status" -eq 0 ] && [ -z "$output$stderr" ]
}

@test "completion: names with characters that a shell interprets are not offered" {
	cp -a "$root" "$BATS_TEST_TMPDIR/tree"
	grep -rlZ U78CB.001.WZS0000 "$BATS_TEST_TMPDIR/tree" | xargs -0 sed -i 's/U78CB.001.WZS0000/U7$(id);/'
	"$ctl" adapter list -o location "--sysroot=$BATS_TEST_TMPDIR/tree" | grep -qF 'U7$(id);'
	offered "--sysroot=$BATS_TEST_TMPDIR/tree" adapter info "" >"$BATS_TEST_TMPDIR/offered"
	cut -f1 <"$BATS_TEST_TMPDIR/offered" | has host2 U78CB.001.WZS0001-P1-C2
	if grep '[$(;]' "$BATS_TEST_TMPDIR/offered"; then return 1; fi
	[ -z "$(offered list -o '$(id),')" ]
}

@test "completion: cxlflash-verify completes its options, files and LUNs" {
	"$verify" __complete -- "--sysroot=$root" -- | cut -f1 | has --all --baseline= --json --timeout= --trace
	[ "$("$verify" __complete -- --baseline "")" = ":files 0" ]
	[ "$("$verify" __complete -- --format=js | xargs)" = "--format=json --format=jsonl" ]
	"$verify" __complete -- "--sysroot=$root" --all -o +v | cut -f1 | has +verdict
	"$verify" __complete -- "--sysroot=$root" "" | has "$wwid	100GiB, superpipe"
	"$verify" __complete -- "--sysroot=$root" /dev/sda /dev/sdb | has "/dev/sdb	100GiB, legacy"
}

@test "completion: cxlflash-holder completes its options and LUNs" {
	holder=${ctl%/*}/cxlflash-holder
	"$holder" __complete -- -- | cut -f1 | has --name= --interrupts= --check= --read-only --foreground
	[ "$("$holder" __complete -- --interrupts "" | xargs)" = "1 2 3 4" ]
	"$holder" __complete -- --sysroot "$root" --foreground "" | has "$wwid	100GiB, superpipe"
}
