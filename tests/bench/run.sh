#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# run.sh CXLFLASHCTL OUT: build the programs to compare with, make the racks, measure, write the table of the README.
set -eu
CXLFLASHCTL=$(realpath "$1")
export CXLFLASHCTL
out=$2
here=$(dirname "$0")
mkdir -p "$out/rack"
out=$(realpath "$out")

cc=${CC:-cc}
# The libraries that the program needs, so that the programs to compare with load the same ones.
libs=$(readelf -d "$CXLFLASHCTL" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/-l:\1/p' | grep -v 'libc\.so')
# shellcheck disable=SC2086 # a list of options
"$cc" -O2 -o "$out/empty" "$here/empty.c" -Wl,--no-as-needed $libs
# shellcheck disable=SC2086
"$cc" -O2 -o "$out/floor" "$here/floor.c" -Wl,--no-as-needed $libs
"$cc" -O2 -o "$out/peak" "$here/peak.c"

for paths in 64 1024 4096; do
	[ -d "$out/rack/$paths" ] || tests/fixtures/mktree "$out/rack/$paths" --paths "$paths" --adapters 4 >/dev/null
done

"$here/measure.py" "$out" "$out/result.json" "$out/rack/64" "$out/rack/1024" "$out/rack/4096"
"$here/table.py" "$out/result.json" README.md
