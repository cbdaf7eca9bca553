#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fill.sh BUILD PROGRAM PAGE.scd.in: insert text from the tables of the program and from the JSON Schemas into a page.
#
# A line "@SECTION COMMAND..." of the page is replaced by the output of man/sections.c in BUILD, "@keys DOCUMENT" by the
# keys of a JSON document (man/keys.py), "@version" by the version. So every option, column, key, exit status and error
# code is written in one place.
set -eu
build=$1
program=$2
page=$3
here=$(dirname "$0")

while IFS= read -r line; do
	case $line in
	@version) "$build/bin/$program" --version ;;
	@keys*) "$here/keys.py" "$here/../schema" "${line#@keys }" ;;
	@*)
		section=${line#@}
		section=${section%% *}
		command=${line#@"$section"}
		# shellcheck disable=SC2086 # the command's words
		"$build/man/sections" "$program" "$section" $command
		;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$page"
