#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# explain: status words of the AFU. Error codes and exit statuses are in help.bats.

load helper

# codes WORD VALUE: port and code of each finding
codes() { "$ctl" explain "$@" --no-headings -o port,code | xargs; }

@test "explain: a return code of the AFU is named, in decimal and hexadecimal, in any case" {
	[ "$(codes afu-rc 0x13)" = "- LXT_OUT_OF_BOUNDS" ]
	[ "$(codes AFU-RC 19)" = "- LXT_OUT_OF_BOUNDS" ]
	[ "$(codes fc-rc 5a)" = "- RESID" ]
	"$ctl" explain afu-rc 0x13 | grep -q 'beyond the end of the virtual LUN'
}

@test "explain: each bit of aintr-status is the event of one port" {
	[ "$(codes aintr-status 0x0000000080000201)" = "port2 OTHER port0 LINK_DN port1 LINK_UP" ]
	n=0
	for event in LINK_UP LINK_DN LOGI_S LOGI_F LOGI_R CRC_T LOGO OTHER; do
		for port in 1 0 3 2; do
			[ "$(codes aintr-status "$(printf '0x%x' $((1 << n % 8 << 8 * (n / 8))))")" = "port$port $event" ]
			((n += 8))
		done
		((n = n % 32 + 1))
	done
}

@test "explain: ioasc is divided into flags, afu-rc, scsi-rc and fc-rc" {
	[ "$("$ctl" explain ioasc 0x57022080 -j | jq -r '.data.codes[] | "\(.word)=\(.value)=\(.code)"' | xargs)" = \
		"rc-flags=0x80=SENSE_VALID afu-rc=0x20=NO_CHANNELS scsi-rc=0x02=CHECK_CONDITION fc-rc=0x57=LINKDOWN" ]
	[ "$("$ctl" explain ioasc 0)" = "ioasc is 0: no event and no error" ]
}

@test "explain: mask bits of psl-serr are no errors, and an undocumented code is said to be one" {
	[ "$(codes psl-serr 0x8000000080000000)" = "- AFUTO" ]
	[ "$(codes intr-status 0x800)" = "- -" ]
	"$ctl" explain scsi-rc 0x99 | grep -q 'not documented'
	"$ctl" explain scsi-rc 0x99 -j | jq -e '.data.codes[0].code == null'
}

@test "explain: a status word without a value lists its codes" {
	[ "$("$ctl" explain aintr-status --no-headings | wc -l)" -eq 8 ]
	for word in $("$ctl" __complete -- explain "" | sed -n 's/^\([a-z]*-[a-z]*\)\t.*/\1/p'); do
		json . explain "$word"
		json . explain "$word" 0x1
	done
}

@test "explain: a value that is not a number, is too large, or has no word is refused" {
	for line in "afu-rc zz" "afu-rc 0x100" "afu-rc -1" "LUN_IN_USE 4" "5 5"; do
		# shellcheck disable=SC2086
		run --separate-stderr "$ctl" explain $line
		[ "$status" -eq 2 ]
		[ -z "$output" ]
	done
	[[ "$stderr" == *'"5" is not a status word'* ]]
}
