#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# times.bash WHAT COMMAND...: run it and note the time. times.bash FILE: print what was noted. Sourced: the words.
#
# How long the parts of make check took, so that what grows is seen: every runner notes the time of each of its files
# in the file $TIMES, and make check ends with the list. Without $TIMES nothing is noted.

# took NAME START: since START, a value of EPOCHREALTIME
took() {
	local ms=$(((${EPOCHREALTIME/./} - ${2/./}) / 1000))
	[ -z "${TIMES:-}" ] || printf '%d %s\n' "$ms" "$1" >>"$TIMES"
}

# by_file WHAT FILE.bats...: passes bats's TAP on and notes when the last test of each file has ended, under its name
# and WHAT. Time before the first test (of a machine that starts, too) is the first file's.
by_file() {
	local what=$1 start=$EPOCHREALTIME end=0 ends=() line
	shift
	local files=("$@") i=0
	for file; do
		end=$((end + $(grep -c '^@test' "$file")))
		ends+=("$end")
	done
	while IFS= read -r line; do
		printf '%s\n' "$line"
		[[ $line =~ ^(not )?ok\ ([0-9]+) ]] || continue
		while ((i < ${#files[@]} && BASH_REMATCH[2] >= ends[i])); do
			took "$what${files[i]}" "$start"
			start=$EPOCHREALTIME
			i=$((i + 1))
		done
	done
}

# report FILE: what was noted, the longest first; what took less than a second in one line
report() {
	[ -s "$1" ] || return 0
	sort -rn "$1" | awk '
		{ ms = $1; sub(/^[0-9]+ /, "") }
		ms >= 1000 { printf "# %5.1f s  %s\n", ms / 1000, $0; next }
		{ n++; rest += ms }
		END { if (n) printf "# %5.1f s  %d others, none of them a second\n", rest / 1000, n }'
}

# run_timed WHAT COMMAND...
run_timed() {
	local start=$EPOCHREALTIME rc=0
	"${@:2}" || rc=$?
	took "$1" "$start"
	return $rc
}

[ "${BASH_SOURCE[0]}" != "$0" ] || if [ $# -eq 1 ]; then report "$1"; else run_timed "$@"; fi
