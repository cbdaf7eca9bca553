#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run the files of tests in one lab, one after another. Prints TAP. A lab that dies is a "not ok"
# of its own. The options of lab/run are those of the first file's line "# lab: OPTIONS", if it has one. JSON documents
# that the tests leave in /lab/out are checked against their schemas here: the guest has no validator. $OFTEN and $FIGURES
# are of make check-long: how many times as often things are done, and the file for what tests report.
set -uo pipefail
# shellcheck source=tests/times.bash
. "${BASH_SOURCE[0]%/*}/times.bash"
status=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# bats reads each file letter by letter, twice, before the first test: half a minute in the emulated machine. So its own
# preprocessor runs here, and the guest's bats gets the answer from a function of that name.
mkdir "$out/prepared"
for file; do
	prepared=$out/prepared/${file##*/}
	CHECK_BATS_COMMENT_COMMANDS=1 BATS_ROOT=build/lab/root/usr \
		bash build/lab/root/usr/libexec/bats-core/bats-preprocess "$file" >"$prepared" || exit
	grep '^bats_test_function ' "$prepared" >"$prepared.tests"
done
# shellcheck disable=SC2016 # expanded in the guest
run='
	bats-preprocess() {
		local prepared=/lab/out/prepared/${1##*/}
		[ -n "${CHECK_BATS_COMMENT_COMMANDS:-}" ] || prepared+=.tests
		echo "$(<"$prepared")"
	}
	export -f bats-preprocess
	exec bats --tap "$@"'

echo "# $*"
read -ra options <<<"$(sed -n 's/^# lab: //p' "$1")"
lab/run "${options[@]}" --timeout "${LAB_TIMEOUT:-2400}" --out "$out" -- env often="${OFTEN:-1}" bash -c "$run" _ "${@/#//lab/}" | by_file '' "$@"
rc=$?
echo "# $* took $SECONDS s"
if [ "$rc" -ne 0 ]; then
	status=1
	[ "$rc" -eq 1 ] || echo "not ok $*: lab/run ended with status $rc"
fi
[ -z "${FIGURES:-}" ] || [ ! -e "$out/figures" ] || cat "$out/figures" >>"$FIGURES"
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
