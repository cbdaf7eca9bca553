#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tap.sh WHAT PROGRAM...: run test programs that print TAP and record the time of each, as "WHAT: PROGRAM". A program
# that fails without printing "not ok" becomes a "not ok".
set -u
# shellcheck source=tests/times.bash
. "${BASH_SOURCE[0]%/*}/times.bash"
status=0
what=$1
shift
for program; do
	start=$EPOCHREALTIME
	echo "# ${program##*/}"
	out=$("$program" 2>&1)
	rc=$?
	printf '%s\n' "$out"
	took "$what: ${program##*/}" "$start"
	if [ "$rc" -ne 0 ]; then
		status=1
		grep -q '^not ok' <<<"$out" || echo "not ok ${program##*/} ended with status $rc"
	fi
done
exit $status
