#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cxlflash-holder's command line, without an adapter. All else about it is tested in the lab.

bats_require_minimum_version 1.5.0

setup() {
	top=$BATS_TEST_DIRNAME/../..
	holder=${CXLFLASHCTL%/*}/cxlflash-holder
}

@test "holder: help and manual page have the same options" {
	"$holder" --help | grep -oE -- '--[a-z-]+' | sort -u >"$BATS_TEST_TMPDIR/help"
	grep -oE '^\*--.*' "$top/man/cxlflash-holder.8.scd.in" | grep -oE -- '--[a-z-]+' | sort -u >"$BATS_TEST_TMPDIR/man"
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/man"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -ge 11 ]
}

@test "holder: the version is the suite's" {
	[ "$("$holder" --version)" = "cxlflash-holder $(cat "$top/VERSION")" ]
}

@test "holder: wrong options and values are status 2 with a message, and nothing is started" {
	for word in --frobnicate --interrupts=5 --interrupts=0 --interrupts=x --check=0ms --check=5 --check=9999999s \
		--name=UPPER --name=../x --name= --ready-fd=1 --ready-fd=-1 --parent=a/b; do
		run --separate-stderr "$holder" "$word" 60050768018087a1f0000000000000a1
		echo "$word: $status $stderr"
		[ "$status" -eq 2 ]
		[[ "$stderr" == *"$word"*"--help"* ]]
	done
}
