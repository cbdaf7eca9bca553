#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab/run on the host. A boot takes seconds, so each test checks as much as possible with one boot.

# shellcheck disable=SC2154 # stderr, stderr_lines: set by run --separate-stderr
bats_require_minimum_version 1.5.0

setup() {
	top=$BATS_TEST_DIRNAME/../..
	lab=$top/build/lab
}

no_machine_left() {
	! pgrep -f "qemu-system-ppc64 .*$BATS_TEST_TMPDIR" >/dev/null
}

# Every run of this file has its files below the directory of the test, which identifies its QEMU.
run_lab() {
	TMPDIR=$BATS_TEST_TMPDIR "$top/lab/run" "$@"
}

@test "lab/run: exit status, stdout, stderr and files of a run are returned separately" {
	rc=0
	# shellcheck disable=SC2016 # expanded in the guest
	run_lab --no-rack --out "$BATS_TEST_TMPDIR/out" --console "$BATS_TEST_TMPDIR/console" -- bash -c '
		head -c 300000 /dev/zero | tr "\0" "\377"
		printf "%s|" "$@" >&2
		mkdir /lab/out/sub; echo kept >/lab/out/sub/file
		read -r line && echo "stdin is not empty" >&2
		echo to-dev-stderr >/dev/stderr
		exit 42' _ 'two words' '*' "it's" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" || rc=$?

	[ "$rc" -eq 42 ]
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/stdout")" -eq 300000 ]
	[ "$(tr -d '\377' <"$BATS_TEST_TMPDIR/stdout" | wc -c)" -eq 0 ]
	grep -qF "two words|*|it's|" "$BATS_TEST_TMPDIR/stderr"
	grep -q to-dev-stderr "$BATS_TEST_TMPDIR/stderr"
	run ! grep -q 'stdin is not empty' "$BATS_TEST_TMPDIR/stderr"
	[ "$(cat "$BATS_TEST_TMPDIR/out/sub/file")" = kept ]
	[ -s "$BATS_TEST_TMPDIR/console" ]
	no_machine_left
}

@test "lab/run: paths and links of the default rack exist when the command starts, and Debian's cxl is not loaded" {
	# shellcheck disable=SC2016
	run --separate-stderr run_lab -- bash -c '
		ls -d /sys/class/block/sd* | wc -l
		ls /dev/cxlflash/cxlflash0 /dev/cxlflash/cxlflash1 >&2
		ls /dev/disk/by-id >&2
		lsmod | awk "{ print \$1 }" | grep -x cxl >&2 && exit 9
		sha256sum </run/lab/cxlflash.ko
		kill -SEGV $$'
	echo "$output" "$stderr"
	[ "$status" -eq 139 ]
	[ "${lines[0]}" -eq "$("$top/lab/rack" --paths "$top/lab/racks/default")" ]
	[ "${lines[1]%% *}" = "$(sed -n 's/^sha256=//p' "$lab/driver")" ]
	[[ $stderr == *wwn-0x600507680* ]]
}

@test "lab/run: a guest that panics is status 125, with the end of its console" {
	run --separate-stderr run_lab --no-rack -- bash -c 'echo before; echo c >/proc/sysrq-trigger; sleep 60'
	echo "$output" "$stderr"
	[ "$status" -eq 125 ]
	[ "$output" = before ]
	[[ $stderr == *"the guest panicked"* ]]
	[[ $stderr == *"sysrq triggered crash"* ]]
	no_machine_left
}

@test "lab/run: an oops is status 125 even if the command succeeded" {
	# A known bug of the driver: it reads the register of a port while the adapter is gone.
	run --separate-stderr run_lab -- bash -c '
		echo eeh 0 freeze >/sys/kernel/debug/cxlflash-lab/control
		cat /sys/class/scsi_host/host0/port0
		true'
	echo "$output" "$stderr"
	[ "$status" -eq 125 ]
	[[ $stderr == *"kernel oopsed (the command's own status was 0)"* ]]
	[[ $stderr == *"port0_show"* ]]
}

@test "lab/run: a machine that make lab did not save boots in full, reports this, and works" {
	run --separate-stderr run_lab --no-rack --memory 1280 -- bash -c 'lsmod | grep -c ^sg; exit 7'
	echo "$output" "$stderr"
	[ "$status" -eq 7 ]
	[ "$output" = 1 ]
	[[ $stderr == *"a full boot"* ]]
}

@test "lab/run: a timeout is status 125, names the phase and leaves no machine running" {
	run --separate-stderr run_lab --no-rack --timeout 20 -- bash -c 'while :; do :; done'
	echo "$stderr"
	[ "$status" -eq 125 ]
	[[ $stderr == *"timed out after 20 s in phase 'command'"* ]]
	no_machine_left
}

@test "lab/run: SIGTERM and SIGKILL end the machine too" {
	for signal in TERM KILL; do
		TMPDIR=$BATS_TEST_TMPDIR "$top/lab/run" --no-rack --timeout 20 -- true >/dev/null 2>&1 3>&- &
		run=$!
		for ((i = 0; i < 50; i++)); do
			pgrep -P "$run" -f qemu-system-ppc64 >/dev/null && break
			sleep 0.1
		done
		kill -"$signal" "$run"
		[ "$i" -lt 50 ]
		wait "$run" || true
		for ((i = 0; i < 50; i++)); do
			no_machine_left && break
			sleep 0.1
		done
		no_machine_left
	done
}

@test "lab/run: a cxlflash.ko that differs from Debian's by one byte is refused before the boot" {
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/build/lab"
	cp -r "$top/lab" "$tree/lab"
	cp -al "$lab"/{driver,initramfs.cpio} "$tree/build/lab/"
	ko=$(sed -n 's/^file=//p' "$lab/driver")
	mkdir -p "$tree/build/lab/$(dirname "$ko")"
	cp "$lab/$ko" "$tree/build/lab/$ko"
	printf X >>"$tree/build/lab/$ko"

	run --separate-stderr "$tree/lab/run" -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"refusing to boot: cxlflash.ko is not the file of linux-image-"* ]]
}

# QEMU VERSION: put a program on PATH that reports this version; when started it records its arguments and ends.
fake_qemu() {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/qemu-system-ppc64" <<-END
		#!/bin/sh
		[ "\$1" != --version ] || { echo "QEMU emulator version $1 (Debian 1:$1+ds-1)"; exit; }
		printf '%s\n' "\$@" >"$BATS_TEST_TMPDIR/arguments"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/qemu-system-ppc64"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "lab/run: with a QEMU that hangs after a restore nothing is saved, and every run boots in full and reports why" {
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/build/lab"
	cp -r "$top/lab" "$tree/lab"
	cp -al "$lab"/{driver,initramfs.cpio,kernel} "$tree/build/lab/"
	fake_qemu 10.0.2
	run --separate-stderr "$tree/lab/run" --save
	[ "$status" -eq 0 ]
	[[ $stderr == *"nothing is saved"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/arguments" ]
	[ -e "$tree/build/lab/snapshot.key" ]
	[ ! -e "$tree/build/lab/snapshot" ]

	run --separate-stderr "$tree/lab/run" -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"a full boot: this QEMU cannot continue a saved machine"* ]]
	grep -qx -e -kernel "$BATS_TEST_TMPDIR/arguments"
	run ! grep -x -e -incoming "$BATS_TEST_TMPDIR/arguments"

	fake_qemu 9.2.0
	run --separate-stderr "$tree/lab/run" -- true
	[[ $stderr == *"a full boot: the machine that make lab saved has other options or files"* ]]
}

@test "lab/run: wrong usage is status 2 with one line that names the mistake" {
	while read -r words; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr run_lab $words
		echo "$words: $status $stderr"
		[ "$status" -eq 2 ]
		[ "${#stderr_lines[@]}" -eq 1 ]
	done <<-'CASES'
		--frobnicate -- true
		--rack
		--rack /does/not/exist -- true
		--rack lab/racks/default --adapters 2 -- true
		--adapters 9 -- true
		--kind toaster -- true
		--ports 3 -- true
		--timeout soon -- true
		--no-rack
		--
	CASES
}

@test "lab/run: a briard is refused, with the reason" {
	run --separate-stderr run_lab --kind flashgt,briard -- true
	[ "$status" -eq 2 ]
	[[ $stderr == *ocxl* ]]
}

@test "lab/rack: accepts the racks that it makes and counts their paths" {
	"$top/lab/rack" --adapters 3 --kind flashgt,corsa --luns 5 --private 2 >"$BATS_TEST_TMPDIR/rack"
	run "$top/lab/rack" --paths "$BATS_TEST_TMPDIR/rack"
	[ "$output" -eq $((3 * 2 * 5 + 3 * 2)) ]
	run "$top/lab/rack" --check "$BATS_TEST_TMPDIR/rack"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^adapter flashgt' <<<"$output")" -eq 1 ]
}
