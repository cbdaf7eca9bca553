#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# insert.sh MARK TEXT FILE: write TEXT between the marks MARK:begin and MARK:end of FILE, and to standard output.
set -eu
cat "$2"
awk -v mark="$1" -v text="$2" '
	!inside { print }
	$0 == "<!-- " mark ":begin -->" { inside = 1; while ((getline line < text) > 0) print line }
	$0 == "<!-- " mark ":end -->" && inside { inside = 0; print }' "$3" >"$3.new"
mv "$3.new" "$3"
