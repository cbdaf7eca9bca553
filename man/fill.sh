#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# fill.sh PROGRAM PAGE.scd.in: insert text from the tables of the program and from the JSON Schemas into a page.
#
# A line "@SECTION COMMAND..." of the page is replaced by the output of `PROGRAM help --man=SECTION COMMAND...`, "@keys
# DOCUMENT" by the keys of a JSON document (man/keys.py), "@version" by the version. So every option, column, key, exit
# status and error code is written in one place. Programs without commands have the option --man.
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
