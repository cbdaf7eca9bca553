#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run each file of tests in a lab of its own, freshly booted, so that what one does to
# the machine cannot spoil another. Prints TAP. A lab that dies is a "not ok" of its own.
status=0
for test; do
	echo "# $test"
	lab/run --timeout 1800 -- bats --tap "/lab/$test"
	rc=$?
	if [ "$rc" -ne 0 ]; then
		status=1
		[ "$rc" -eq 1 ] || echo "not ok ${test##*/}: lab/run ended with status $rc"
	fi
done
exit $status
