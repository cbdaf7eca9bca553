#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fill.sh PROGRAM PAGE.scd.in: put into a page what the program's own tables and the JSON Schemas say.
#
# A line "@SECTION COMMAND..." of the page becomes the output of `PROGRAM help --man=SECTION COMMAND...`, "@keys
# DOCUMENT" the keys of a JSON document (man/keys.py), "@version" the version. So no option, column, key, exit
# status or error code is written down twice. A program without commands has --man itself.
set -eu
program=$1
page=$2
here=$(dirname "$0")

while IFS= read -r line; do
	case $line in
	@version) "$program" --version ;;
	@keys*) "$here/keys.py" "$here/../schema" "${line#@keys }" ;;
	@*)
		section=${line#@}
		section=${section%% *}
		command=${line#@"$section"}
		help=help
		[ "${program##*/}" = cxlflashctl ] || help=
		# shellcheck disable=SC2086 # the command's words
		"$program" $help --man="$section" $command
		;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$page"
