#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh REPORT.md: the tests that take too long for make check: every command in every state of an adapter, and lab
# tests that repeat their loops $OFTEN times as often. Prints TAP and writes the report.
set -uo pipefail
export OFTEN=${OFTEN:-20} LAB_TIMEOUT=${LAB_TIMEOUT:-14400}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export FIGURES=$work/figures
: >"$FIGURES"

for part in tests/long/states.bats "tests/bats/holder.bats tests/bats/vlun.bats" tests/bats/faults.bats; do
	# shellcheck disable=SC2086 # files
	tests/lab.sh $part || touch "$work/failed"
done | tee "$work/tap"

states() {
	echo "| command | ready | frozen | resetting | failed | removed |"
	echo "| --- | --- | --- | --- | --- | --- |"
	sed -n 's/^state|//p' "$FIGURES" | awk -F'|' '
		!($2 in seen) { seen[$2] = 1; row[++n] = $2 }
		{ is[$2, $1] = $3 }
		END {
			split("ready frozen resetting failed removed", state, " ")
			for (i = 1; i <= n; i++) {
				line = "| " row[i]
				for (k = 1; k <= 5; k++) line = line " | " is[row[i], state[k]]
				print line " |"
			}
		}'
}

{
	cat <<-TEXT
		<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
		# Long checks

		Written by \`make check-long\`; do not edit. In the lab, with the driver of Debian's
		$(sed -n 's/^package=//p' build/lab/driver) $(sed -n 's/^version=//p' build/lab/driver), unmodified.

		$(grep -c '^ok' "$work/tap") tests passed, $(grep -c '^not ok' "$work/tap") failed; what is done often was done $OFTEN times as often as in \`make check\`.

		$(grep -v '^state|' "$FIGURES" | sed 's/^/- /')

		## Every command in every state of an adapter
		The exit status, and the last error's code. LUN, SMALL, ADAPTER and the context b are on the adapter whose state it
		is; OTHER and g are not, SHARED is on both. While resetting, the driver resets the adapter again and again, and a
		command may find it ready.

		$(states)
	TEXT
	sed -n 's/^not ok [0-9]* /- failed: /p' "$work/tap"
} >"$1"
[ ! -e "$work/failed" ]
