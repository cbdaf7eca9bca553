#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run the files of tests in one lab, one after another. Prints TAP. A lab that dies is a "not ok"
# of its own. The options of lab/run are those of the first file's line "# lab: OPTIONS", if it has one. JSON documents
# that the tests leave in /lab/out are checked against their schemas here: the guest has no validator.
set -u
status=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

echo "# $*"
read -ra options <<<"$(sed -n 's/^# lab: //p' "$1")"
lab/run "${options[@]}" --timeout 2400 --out "$out" -- bats --tap "${@/#//lab/}"
rc=$?
echo "# $* took $SECONDS s"
if [ "$rc" -ne 0 ]; then
	status=1
	[ "$rc" -eq 1 ] || echo "not ok $*: lab/run ended with status $rc"
fi
documents=("$out"/*.json)
if [ -e "${documents[0]}" ]; then
	if problems=$(tests/cli/validate.py schema "${documents[@]}" 2>&1); then
		echo "ok $*: ${#documents[@]} JSON documents fit their schemas"
	else
		status=1
		echo "not ok $*: JSON documents that do not fit their schemas"
		# shellcheck disable=SC2001 # each line
		sed 's/^/# /' <<<"$problems"
	fi
fi
exit $status
