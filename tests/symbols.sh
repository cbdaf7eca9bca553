#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# symbols.sh BUILD COMPILER...: check that the product imports no symbol newer than the oldest supported libraries, see
# tests/symbols.list. BUILD has the objects, COMPILER (with its --sysroot) the locations of the libraries. Prints TAP.
set -uo pipefail
obj=$1/obj list=$(dirname "$0")/symbols.list
shift

# "NAME OBJECT" for each use of a symbol that no object of the product defines
imports=$(find "$obj/lib" "$obj/cmd" -name '*.o' -exec readelf -sW {} + 2>/dev/null | awk -v top="$obj/" '
	{ sub(/\[<[^]]*\]/, "") } # ppc64le has additional text
	/^File: / { file = substr($2, length(top) + 1) }
	$5 != "GLOBAL" && $5 != "WEAK" { next }
	$7 == "UND" { if (!($8 in from)) from[$8] = file; next }
	{ own[$8] = 1 }
	END { for (name in from) if (!(name in own)) print name, from[name] }' | sort)

libraries=()
for name in libc.so.6 libpthread.so.0 libudev.so.1 libsmartcols.so.1 libblkid.so.1 libgcc_s.so.1; do
	library=$("$@" -print-file-name="$name")
	# for a missing library the compiler prints the bare name
	[ ! -e "$library" ] || libraries+=("$library")
done

# "NAME VERSION" for each definition: strchrnul GLIBC_2.2.5
versions=$(readelf --dyn-syms -W "${libraries[@]}" | awk '
	{ sub(/\[<[^]]*\]/, "") }
	$7 ~ /^[0-9]+$/ && split($8, part, /@+/) == 2 { print part[1], part[2] }')

complaints=$(awk '
	function younger(version, newest,    a, b, i, n) { # compares the parts as numbers
		n = split(version, a, ".")
		split(newest, b, ".")
		for (i = 1; i <= n; i++)
			if (a[i] + 0 != b[i] + 0) return a[i] + 0 > b[i] + 0
		return 0
	}
	FILENAME == ARGV[1] && $1 == "version" { newest[$2] = $3 }
	FILENAME == ARGV[1] && $1 == "names" { for (i = 2; i <= NF; i++) good[$i] = 1 }
	FILENAME == ARGV[2] {
		match($2, /^[A-Z_]+_/)
		prefix = substr($2, 1, RLENGTH)
		seen[$1] = seen[$1] " " $2
		if (prefix in newest && !younger(substr($2, RLENGTH + 1), newest[prefix])) good[$1] = 1
	}
	FILENAME == ARGV[3] && NF {
		name = $1
		sub(/^__isoc23_/, "", name) # the names that glibc 2.38 gives to strtol and similar functions
		if (!(name in good)) print $2 ": " $1 ($1 in seen ? " is of" seen[$1] : " is not in tests/symbols.list")
	}' "$list" <(echo "$versions") <(echo "$imports"))

echo 1..1
if [ -n "$imports" ] && [ -n "$versions" ] && [ -z "$complaints" ]; then
	echo "ok 1 - symbols: ${obj%/obj} imports $(wc -l <<<"$imports") symbols, none of them too new"
else
	echo "not ok 1 - symbols: ${obj%/obj} imports no symbol that is too new"
	# shellcheck disable=SC2001 # each line
	sed 's/^/# /; 60q' <<<"${complaints:-no object in $obj, or no library}"
	exit 1
fi
