#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lab.sh TEST.bats...: run test files in one lab, one after another. Prints TAP. A failure of the lab is a "not ok" of
# its own. The options of lab/run are those in the line "# lab: OPTIONS" of the first file, if any. JSON documents that
# the tests write to /lab/out are checked against their schemas here, because the guest has no validator. make
# check-long sets $OFTEN, the factor for repetitions, and $FIGURES, the file for lines of the report.
set -uo pipefail
# shellcheck source=tests/times.bash
. "${BASH_SOURCE[0]%/*}/times.bash"
status=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Before the first test bats reads each file twice, character by character, which takes half a minute in the emulated
# machine. Therefore its preprocessor runs here, and in the guest a function of that name prints the result.
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
		echo "ok $*: ${#documents[@]} JSON documents match their schemas"
	else
		status=1
		echo "not ok $*: JSON documents that do not match their schemas"
		# shellcheck disable=SC2001 # each line
		sed 's/^/# /' <<<"$problems"
	fi
fi
exit $status
