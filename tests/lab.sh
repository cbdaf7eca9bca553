#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run each file of tests in a lab of its own, freshly booted, so that what one does to
# the machine cannot spoil another. A file that wants another rack than the default says so in a line
# "# lab: OPTIONS", options of lab/run. Prints TAP. A lab that dies is a "not ok" of its own. JSON documents that the
# tests leave in /lab/out are checked against their schemas here: the guest has no validator.
set -u
status=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for test; do
	echo "# $test"
	read -ra options <<<"$(sed -n 's/^# lab: //p' "$test")"
	rm -f "$out"/*
	begin=$SECONDS
	lab/run "${options[@]}" --timeout 1800 --out "$out" -- bats --tap "/lab/$test"
	rc=$?
	echo "# $test took $((SECONDS - begin)) s"
	if [ "$rc" -ne 0 ]; then
		status=1
		[ "$rc" -eq 1 ] || echo "not ok ${test##*/}: lab/run ended with status $rc"
	fi
	documents=("$out"/*.json)
	[ -e "${documents[0]}" ] || continue
	if problems=$(tests/cli/validate.py schema "${documents[@]}" 2>&1); then
		echo "ok ${test##*/}: ${#documents[@]} JSON documents fit their schemas"
	else
		status=1
		echo "not ok ${test##*/}: JSON documents that do not fit their schemas"
		# shellcheck disable=SC2001 # each line
		sed 's/^/# /' <<<"$problems"
	fi
done
exit $status
