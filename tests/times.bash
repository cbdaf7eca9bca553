#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# times.bash WHAT COMMAND...: run COMMAND and record its time. times.bash FILE: print the recorded times. Sourced:
# defines the functions.
#
# Every test runner records the time of each of its files in the file $TIMES, and make check prints the list at its end.
# Without $TIMES nothing is recorded.

# took NAME START: record the time since START, a value of EPOCHREALTIME
took() {
	local ms=$(((${EPOCHREALTIME/./} - ${2/./}) / 1000))
	[ -z "${TIMES:-}" ] || printf '%d %s\n' "$ms" "$1" >>"$TIMES"
}

# by_file WHAT FILE.bats...: pass the TAP of bats on and record the time when the last test of each file has ended, as
# WHAT and the file name. The time before the first test, such as that to start a machine, is added to the first file.
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

# report FILE: print the recorded times, the longest first; all those below one second in one line
report() {
	[ -s "$1" ] || return 0
	sort -rn "$1" | awk '
		{ ms = $1; sub(/^[0-9]+ /, "") }
		ms >= 1000 { printf "# %5.1f s  %s\n", ms / 1000, $0; next }
		{ n++; rest += ms }
		END { if (n) printf "# %5.1f s  %d others, each less than a second\n", rest / 1000, n }'
}

# run_timed WHAT COMMAND...
run_timed() {
	local start=$EPOCHREALTIME rc=0
	"${@:2}" || rc=$?
	took "$1" "$start"
	return $rc
}

[ "${BASH_SOURCE[0]}" != "$0" ] || if [ $# -eq 1 ]; then report "$1"; else run_timed "$@"; fi
