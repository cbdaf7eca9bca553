#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The four output formats, on saved trees.

load helper

setup() {
	root=$(tree mixed --paths 16 --adapters 2 --ports 2 --mode mixed)
}

@test "output: JSON of every listing matches its schema and has no other keys" {
	for line in list "adapter list" "adapter info" "port list" "lun list" "lun info 2:0:0:0" "explain" "help" "version" \
		"manage-lun 2:0:0:0 superpipe --dry-run" "list --list-columns"; do
		case $line in explain | help | version) where='' ;; *) where=--sysroot=$root ;; esac
		# shellcheck disable=SC2086
		[ "$(json .exit_status $line $where)" -eq 0 ] || {
			echo "$line"
			return 1
		}
	done
}

@test "output: each line of jsonl is a record of the schema" {
	for line in "node list" "adapter adapter list" "port port list" "lun_with_paths lun list"; do
		# shellcheck disable=SC2086
		"$ctl" ${line#* } --sysroot="$root" --format=jsonl >"$BATS_TEST_TMPDIR/lines"
		[ -s "$BATS_TEST_TMPDIR/lines" ]
		valid --lines="${line%% *}" "$BATS_TEST_TMPDIR/lines"
	done
}

@test "output: JSON has the same keys for one, many and no objects, with and without -v" {
	keys='[paths | map(if type == "number" then 0 else . end)] | unique | map(join(".")) | .[]'
	for paths in 1 64; do
		dir=$(tree "keys-$paths" --paths "$paths")
		"$ctl" list -j --sysroot="$dir" | jq -r "$keys" >"$BATS_TEST_TMPDIR/$paths"
		"$ctl" list -jv --sysroot="$dir" 2>/dev/null | jq -r "$keys" | diff - "$BATS_TEST_TMPDIR/$paths"
	done
	diff "$BATS_TEST_TMPDIR/1" "$BATS_TEST_TMPDIR/64"
}

@test "output: table, pairs and JSON have the same values" {
	"$ctl" lun list --sysroot="$root" --units=b --no-headings -o wwid,mode,size_bytes,path_count | tr -s ' ' >"$BATS_TEST_TMPDIR/table"
	"$ctl" lun list --sysroot="$root" -j | jq -r '.data.luns[] | "\(.wwid) \(.mode) \(.size_bytes) \(.path_count)"' | diff - "$BATS_TEST_TMPDIR/table"
	"$ctl" lun list --sysroot="$root" -f pairs -o wwid,mode,size_bytes,path_count | while read -r line; do
		eval "$line"
		# shellcheck disable=SC2153 # set by eval
		echo "$WWID $MODE $SIZE_BYTES $PATH_COUNT"
	done | diff - "$BATS_TEST_TMPDIR/table"
	grep -q mixed "$BATS_TEST_TMPDIR/table"
}

@test "output: columns are selected by key or heading, in the requested order; + adds columns" {
	run "$ctl" lun list --sysroot="$root" -o MODE,wwid
	[[ "${lines[0]}" == "MODE "*"WWID" ]]
	plain=$("$ctl" lun list --sysroot="$root" | head -n 1 | wc -w)
	[ "$("$ctl" lun list --sysroot="$root" -o +sg,block_bytes | head -n 1 | wc -w)" -eq $((plain + 2)) ]
	"$ctl" lun list --list-columns --no-headings | while read -r column rest; do
		"$ctl" lun list --sysroot="$root" -o "$column" >/dev/null
	done
}

@test "output: sizes are printed in the requested units" {
	size() { "$ctl" lun list --sysroot="$root" --no-headings -o size "$@" | head -n 1; }
	[ "$(size)" = 100GiB ]
	[ "$(size --units=si)" = 107.4GB ]
	[ "$(size --units=b)" = 107374182400 ]
	[ "$(size --units=4k)" = 26214400 ]
	[ "$("$ctl" lun list --sysroot="$root" -j --units=si | jq '.data.luns[0].size_bytes')" = 107374182400 ]
}

@test "output: a pipe has colour only if requested" {
	run "$ctl" list --sysroot="$root"
	[[ "$output" != *$'\e'* ]]
	"$ctl" list --sysroot="$root" --color=always | grep -q $'\e'
}

@test "output: list prints the same tree in a pipe and with -o +COL, in characters of the locale; no tree with -o LIST" {
	for option in "" "-o +pci" "--tree=always -o name"; do
		# shellcheck disable=SC2086
		LC_ALL=C.UTF-8 "$ctl" list --sysroot="$root" $option | grep -q '^│ └─2:0:0:3'
		# shellcheck disable=SC2086
		LC_ALL=C "$ctl" list --sysroot="$root" $option | grep -q '^| `-2:0:0:3'
	done
	for option in "-o name,state" "-o all --tree=never" "--tree=never"; do
		# shellcheck disable=SC2086
		[ "$("$ctl" list --sysroot="$root" $option --no-headings | grep -c '^[h2-3]')" -eq 18 ]
	done
	[ "$("$ctl" list --sysroot="$root" -o name | grep -c '^port[01]$')" -eq 4 ]
}

@test "output: commands on handles and contexts show the columns of their own job by default" {
	while IFS=: read -r command columns; do
		# shellcheck disable=SC2086 # words
		run "$ctl" $command --list-columns --format=jsonl
		[ "$(jq -r 'select(.default) | .column' <<<"$output" | sort | paste -sd,)" = "$columns" ]
	done <<-END
		vlun create:changed,id,requested_bytes,size_bytes,wwid
		vlun resize:changed,id,requested_bytes,size_before_bytes,size_bytes,wwid
		vlun release:changed,context,ended,id
		vlun clone:adapter,changed,context,parent,pid,state
		plun create:changed,id,size_bytes,wwid
		plun release:changed,context,ended,id
		context start:adapter,changed,context,pid,state
		context stop:adapter,changed,context
	END
}

@test "output: -o all shows every column of --list-columns" {
	"$ctl" list --list-columns -j | jq -r '.data.columns[].heading' | sort >"$BATS_TEST_TMPDIR/columns"
	"$ctl" list --sysroot="$root" -o all | head -n 1 | xargs -n 1 | sort | diff - "$BATS_TEST_TMPDIR/columns"
}

@test "output: the default columns of every command exist" {
	commands | while read -r command; do
		options "$command" | grep -q list-columns || continue
		# shellcheck disable=SC2086
		run "$ctl" $command --list-columns --no-headings
		[ "$status" -eq 0 ]
		[[ "$output" == *yes* ]]
	done
}

@test "output: an unknown column is answered with the most similar one" {
	run "$ctl" lun list --sysroot="$root" -o siez
	[ "$status" -eq 2 ]
	[[ "$output" == *'did you mean "size"'* ]]
}

@test "output: headings are bold on a terminal, but not with TERM=dumb, NO_COLOR or --color=never" {
	bold=$'\e[1mWWID'
	run env TERM=xterm script -qec "$ctl lun list --sysroot=$root" /dev/null
	[[ "$output" == *"$bold"* ]]
	for with in "TERM=dumb $ctl" "TERM=xterm NO_COLOR=1 $ctl" "TERM=xterm $ctl --color=never"; do
		run script -qec "env $with lun list --sysroot=$root" /dev/null
		[[ "$output" != *$'\e'* ]]
	done
}

@test "output: an empty list on a terminal has its headings, and in a pipe nothing" {
	[ -z "$("$ctl" vlun list)" ]
	[[ "$(TERM=dumb COLUMNS=60 script -qec "$ctl vlun list" /dev/null </dev/null)" == "ID "*" SIZE"* ]]
	[ -z "$(TERM=dumb script -qec "$ctl vlun list --no-headings" /dev/null </dev/null)" ]
}

@test "output: a table on a terminal is as wide as COLUMNS; no name is truncated in a pipe or in pairs" {
	width() {
		LC_ALL=C TERM=dumb COLUMNS=$1 script -qec "$ctl lun list --sysroot=$root --no-headings $2" /dev/null |
			tr -d '\r' | awk '{ if (length > n) n = length } END { print n }'
	}
	[ "$(width 200)" -gt 60 ]
	[ "$(width 60)" -le 60 ]
	[ "$(width 50)" -le 50 ]
	# An invalid width is ignored, and the width of the terminal is used.
	for wrong in 7 -1 20x 99999; do
		[ "$(width $wrong)" -gt 60 ]
	done
	many=$(tree many --paths 128 --adapters 16 --ports 4 --paths-per-lun 64)
	for line in "list -o sd" "list -f pairs -o sd" "info 2:0:0:0 2:0:0:1" "info -o sd 2:0:0:0 2:0:0:1"; do
		# shellcheck disable=SC2086
		[ "$(COLUMNS=30 "$ctl" lun $line --sysroot="$many" | sed "/^  /d" | grep -ow 'sd[a-z]*' | sort -u | wc -l)" -eq 128 ]
	done
	names=$("$ctl" list --sysroot="$many" --no-headings -o sd,type | awk '$2 == "path" { print $1 }' | sort)
	diff <("$ctl" lun list --sysroot="$many" --no-headings -o sd | tr ',' '\n' | sort) <(echo "$names")
}

@test "output: control characters in a directory name are filtered in errors, warnings and JSON" {
	dir=$BATS_TEST_TMPDIR/$'x\e[31m\xff\xc2\x9b'
	mkdir "$dir"
	# shellcheck disable=SC2086 # words
	for line in "list" "list -v" "lun list -j" "list -q"; do
		run "$ctl" $line --sysroot="$dir"
		[[ "$output" != *$'\e'* ]]
		"$ctl" $line --sysroot="$dir" 2>&1 | iconv -f UTF-8 -t UTF-8 >/dev/null
		[[ "$("$ctl" $line --sysroot="$dir" 2>&1)" != *$'\xc2\x9b'* ]]
	done
}

@test "output: file descriptors 0 to 2 are opened first, and a closed stdout is a failure" {
	# the leak checker of a sanitized program does not work under strace
	run env ASAN_OPTIONS=detect_leaks=0 bash -c "strace -f -e trace=openat,open -o $BATS_TEST_TMPDIR/trace $ctl list --sysroot=$root <&- >&- 2>&-"
	[ "$status" -eq 74 ]
	sed -n 's/^[0-9]* *//; /sysroot\|tree/p' "$BATS_TEST_TMPDIR/trace" | head -n 1 | grep -qv '= [012]$'
	[ "$(grep -c '"/dev/null".* = [012]$' "$BATS_TEST_TMPDIR/trace")" -eq 3 ]
}

@test "output: list on a terminal is a tree in colour, unless NO_COLOR is set" {
	run env LC_ALL=C.UTF-8 TERM=xterm script -qec "$ctl list --sysroot=$root" /dev/null
	[[ "$output" == *└─* && "$output" == *$'\e'* ]]
	run env NO_COLOR=1 LC_ALL=C.UTF-8 TERM=xterm script -qec "$ctl list --sysroot=$root" /dev/null
	[[ "$output" == *└─* && "$output" != *$'\e'* ]]
	run env NO_COLOR=1 TERM=xterm script -qec "$ctl list --sysroot=$root --color=always" /dev/null
	[[ "$output" == *$'\e'* ]]
}

@test "output: a full disk and a closed pipe are status 74" {
	for line in "list --sysroot=$root" "list -j --sysroot=$root" "lun list -f pairs --sysroot=$root" version \
		"version -j" "help list" "completion bash" "explain" "explain 5" "lun list -f jsonl --sysroot=$root"; do
		run --separate-stderr bash -c "$ctl $line >/dev/full"
		[ "$status" -eq 74 ]
		[[ "$stderr" == *"No space left on device"* ]]
	done
	run bash -c "$ctl list --sysroot=$root >&-"
	[ "$status" -eq 74 ]
}

@test "output: strings from devices are printed as valid UTF-8 without control characters" {
	dir=$BATS_TEST_TMPDIR/dirty
	"$top/tests/fixtures/mktree" "$dir" --paths 1 >/dev/null
	find "$dir" -name vendor -path '*:*:0:0*' -exec sh -c 'printf "A\377\033[2J\n" >"$1"' _ {} \; -o \
		-name vendor -path '*target*' -exec sh -c 'printf "A\377\033[2J\n" >"$1"' _ {} \;
	"$ctl" lun info 2:0:0:0 -j --sysroot="$dir" | iconv -f UTF-8 -t UTF-8 >/dev/null
	"$ctl" lun info 2:0:0:0 -j --sysroot="$dir" | jq -e '.data.luns[0].vendor' >/dev/null
	run "$ctl" lun info 2:0:0:0 --sysroot="$dir"
	[[ "$output" != *$'\e'* ]]
	"$ctl" lun info 2:0:0:0 --sysroot="$dir" | iconv -f UTF-8 -t UTF-8 >/dev/null
}

@test "output: is the same when repeated and in another locale" {
	for line in "list -f pairs" "lun list" "adapter info" "lun list -f jsonl"; do
		# shellcheck disable=SC2086
		LC_ALL=C "$ctl" $line --sysroot="$root" >"$BATS_TEST_TMPDIR/one"
		# shellcheck disable=SC2086
		LC_ALL=C.UTF-8 "$ctl" $line --sysroot="$root" | diff - "$BATS_TEST_TMPDIR/one"
	done
}

@test "output: -q suppresses warnings on stderr, not in JSON" {
	dir=$BATS_TEST_TMPDIR/nameless
	"$top/tests/fixtures/mktree" "$dir" --paths 4 >/dev/null
	find "$dir" \( -name vpd_pg83 -o -name wwid \) -path '*2:0:0:0*' -delete
	run --separate-stderr "$ctl" list --sysroot="$dir"
	[[ "$stderr" == *"warning: 1 path has no readable identity"* ]]
	run --separate-stderr "$ctl" list -q --sysroot="$dir"
	[ -z "$stderr" ]
	[ "$(json '.warnings | length' list -q --sysroot="$dir")" -eq 1 ]
}
