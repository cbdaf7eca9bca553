#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run each file of tests in a lab of its own, freshly booted, so that what one does to
# the machine cannot spoil another. A file that wants another rack than the default says so in a line
# "# lab: OPTIONS", options of lab/run. Prints TAP. A lab that dies is a "not ok" of its own.
set -u
status=0
for test; do
	echo "# $test"
	read -ra options <<<"$(sed -n 's/^# lab: //p' "$test")"
	lab/run "${options[@]}" --timeout 1800 -- bats --tap "/lab/$test"
	rc=$?
	if [ "$rc" -ne 0 ]; then
		status=1
		[ "$rc" -eq 1 ] || echo "not ok ${test##*/}: lab/run ended with status $rc"
	fi
done
exit $status
