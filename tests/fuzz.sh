#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# fuzz.sh SECONDS TARGET...: run each libFuzzer target. Parsers that nearly every command uses (identities, sizes,
# attributes) run for SECONDS, the others for a third of it.
most=$1
shift
status=0
for target; do
	name=${target##*/}
	case $name in fuzz_wwid | fuzz_size | fuzz_attr) seconds=$most ;; *) seconds=$((most / 3)) ;; esac
	work=$(mktemp -d)
	seeds=tests/fuzz/corpus/${name#fuzz_}
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086 # no argument without seeds
	if "$target" -max_total_time="$seconds" -artifact_prefix="$work/" "$work" $seeds >"$work.log" 2>&1; then
		echo "ok fuzz: $name, $seconds s: $(sed -n 's|^Done \([0-9]*\) runs.*|\1|p' "$work.log") inputs"
	else
		status=1
		echo "not ok fuzz: $name"
		sed 's/^/# /' "$work.log" | tail -n 40
	fi
	rm -rf "$work" "$work.log"
done
exit $status
