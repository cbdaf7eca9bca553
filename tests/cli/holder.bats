#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command line of cxlflash-holder, without an adapter. Everything else is tested in the lab.

bats_require_minimum_version 1.5.0

setup() {
	top=$BATS_TEST_DIRNAME/../..
	holder=${CXLFLASHCTL%/*}/cxlflash-holder
	wwid=60050768018087a1f0000000000000a1
}

# refused WORD...: a wrong command line is refused with the four lines that every program prints
refused() {
	run --separate-stderr "$holder" "$@"
	echo "$*: $status $stderr"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ "${stderr_lines[0]}" == "cxlflash-holder: "* ]]
	[[ "${stderr_lines[-1]}" == "  code:  "*", exit 2   (cxlflashctl explain "*")" ]]
}

# parses WORD...: the command line is valid; --help prevents that a holder starts
parses() {
	run --separate-stderr "$holder" --help "$@"
	echo "$*: $status $stderr"
	[ "$status" -eq 0 ]
	run --separate-stderr "$holder" --help "$@" --frobnicate
	[ "$status" -eq 2 ]
}

@test "holder: help and manual page have the same options, and the code that starts holders uses no others" {
	"$holder" --help | sed '/^Common options/,$d' | grep -oE '^ +--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u >"$BATS_TEST_TMPDIR/help"
	zcat -f "$top/build/man/cxlflash-holder.8" | sed -n '/^.SH OPTIONS/,/^.SH RECOVERY/p' | sed 's/\\f.//g' |
		grep -E '^--' | grep -oE -- '--[a-z-]+' | sort -u >"$BATS_TEST_TMPDIR/man"
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/man"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -ge 9 ]
	grep -hE '^(ExecStart|OPTIONS)=' "$top"/dist/cxlflash-holder@.service.in "$top"/dist/holder.conf |
		grep -oE -- ' --[a-z-]+|=--[a-z-]+' | tr -d ' =' | sort -u >"$BATS_TEST_TMPDIR/dist"
	grep -oE '"--[a-z-]+' "$top/lib/holder/start.c" | tr -d '"' | sort -u >"$BATS_TEST_TMPDIR/start"
	[ -s "$BATS_TEST_TMPDIR/dist" ] && [ -s "$BATS_TEST_TMPDIR/start" ]
	[ -z "$(sort -u "$BATS_TEST_TMPDIR/dist" "$BATS_TEST_TMPDIR/start" | comm -13 "$BATS_TEST_TMPDIR/help" -)" ]
}

@test "holder: the version is that of the package" {
	[ "$("$holder" --version)" = "cxlflash-holder $(cat "$top/VERSION")" ]
}

@test "holder: invalid options and values are status 2 with an error of four lines, and nothing is started" {
	for word in --frobnicate --interrupts=5 --interrupts=0 --interrupts=x --check=0ms --check=9999999s --check=x --check= \
		--name=UPPER --name=../x --name= --ready-fd=2 --ready-fd=-1 --ready-fd=x --parent=a/b --json --quiet --nam=db; do
		refused "$word" "$wwid"
	done
	refused "$wwid" --check
	refused --foreground=yes "$wwid"
	refused
	[[ "$stderr" == "cxlflash-holder: missing operand WWID"* ]]
	refused --intterupts=2 "$wwid"
	[[ "$stderr" == *'did you mean "--interrupts"?'* ]]
	# shellcheck disable=SC2046 # 65 LUNs
	refused $(printf "$wwid %.0s" {1..65})
	[[ "$stderr" == *"64"* ]]
}

@test "holder: option values may be separate words, times accept every unit, options may follow the LUN" {
	for check in 2 2s 500ms 0.5 1min; do
		parses --name=test-holder --check=$check "$wwid"
		parses --name test-holder --check $check "$wwid"
		parses "$wwid" --name test-holder --check $check
	done
}

@test "holder: output that cannot be written is status 74" {
	run -74 sh -c '"$1" --help >/dev/full' - "$holder"
}

@test "holder: the names of LUNs and paths are checked before the machine and the driver" {
	for word in zz "${wwid%1}" "$wwid@" "$wwid@1:2:3" "$wwid@x"; do
		refused "$word"
		[[ "$stderr" == *BAD_WWID* ]]
	done
	refused "$wwid@1:2:3"
	[[ "$stderr" == *'invalid path "1:2:3" of LUN '"$wwid"*"four numbers, H:C:T:L"* ]]
}

@test "holder: no message suggests an option that the program does not have" {
	refused --sysroot=/ "$wwid"
	[[ "${stderr_lines[0]}" == "cxlflash-holder: unknown option --sysroot" ]]
	run --separate-stderr "$holder" "$wwid"
	[ "$status" -eq 6 ] || [ "$status" -eq 3 ]
	[[ "$stderr" != *--sysroot* ]]
}

@test "holder: an error of the start is printed once in the foreground" {
	[ "$(id -u)" -eq 0 ] || skip "only root may take a name"
	run --separate-stderr timeout 20 "$holder" --foreground --name=bats-once "$wwid"
	[ "$status" -ne 0 ]
	[ "$(grep -cF "${stderr_lines[0]#*: }" <<<"$stderr")" -eq 1 ]
	[ ! -e /run/cxlflash/bats-once.lock ]
}

@test "holder: systemd is asked for a service with the name and the options, before anything is attached" {
	[ "$(id -u)" -eq 0 ] || skip "only root may take a name"
	command -v dbus-daemon busctl || skip "dbus-daemon and busctl are not installed"
	local bus monitor address
	cd "$BATS_TEST_TMPDIR"
	dbus-daemon --session --nofork --nopidfile --print-address=4 4>address 2>daemon 3>&- &
	bus=$!
	for ((i = 0; i < 100; i++)); do [ -s address ] && break || sleep 0.1; done
	address=$(cat address)
	busctl --address="$address" monitor --json=short >messages 2>monitor.err 3>&- &
	monitor=$!
	for ((i = 0; i < 100; i++)); do grep -q Monitoring monitor.err && break || sleep 0.1; done
	# here nothing on the bus is systemd, so the holder goes on by itself, and does not find an adapter
	run env DBUS_SYSTEM_BUS_ADDRESS="$address" timeout 60 bash -c '"$0" "$@" 3>result' "$holder" --ready-fd=3 --name=bats-bus --interrupts=2 "$wwid"
	for ((i = 0; i < 100; i++)); do grep -q StartTransientUnit messages && break || sleep 0.1; done
	kill "$monitor" "$bus"
	[ "$status" -ne 0 ]
	[ -s result ]
	grep StartTransientUnit messages | jq -e --arg wwid "$wwid" '.payload | .type == "ssa(sv)a(sa(sv))" and
		.data[0] == "cxlflash-context-bats-bus.service" and (.data[2] | map({(.[0]): .[1].data}) | add |
		.KillMode == "process" and has("StandardOutputFileDescriptor") and (.ExecStart[0] | (.[0] | endswith("/cxlflash-holder")) and
		.[1][1:] == ["--ready-fd=1", "--name=bats-bus", "--interrupts=2", $wwid]))'
}
