#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run test programs that print TAP; one that dies without printing its verdict becomes a "not ok".
status=0
for program; do
	echo "# ${program##*/}"
	out=$("$program" 2>&1)
	rc=$?
	printf '%s\n' "$out"
	if [ "$rc" -ne 0 ]; then
		status=1
		printf '%s\n' "$out" | grep -q '^not ok' || echo "not ok ${program##*/} ended with status $rc"
	fi
done
exit $status
