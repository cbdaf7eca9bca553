# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Functions of the command line tests: the program under test and saved trees. tests/bats/helper.bash has those of the
# lab tests.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
ctl=${CXLFLASHCTL:-$top/build/native/bin/cxlflashctl}

# tree NAME [MKTREE-OPTIONS]: print the path of a saved tree, which is made once for each test file.
tree() {
	local dir=$BATS_FILE_TMPDIR/tree-$1
	[ -d "$dir" ] || "$top/tests/fixtures/mktree" "$dir" "${@:2}" >/dev/null
	echo "$dir"
}

# valid ARGUMENTS...: run validate.py, except with sanitizers: the output is the same there.
valid() {
	[ -n "$CXLF_SANITIZED" ] || "$top/tests/cli/validate.py" "$top/schema" "$@"
}

# json FILTER COMMAND...: filter the document of the command with jq, and check it against its schema.
json() {
	local filter=$1 document=$BATS_TEST_TMPDIR/document.json
	shift
	"$ctl" "$@" --json >"$document" 2>"$BATS_TEST_TMPDIR/stderr" || :
	valid "$document" || return 1
	jq -r "$filter" "$document"
}

# Names in the option tables, as the program prints them, one per line.
commands() { "$ctl" help --json | jq -r '.data.commands[].name'; }

arguments() { # COMMAND FILTER
	"$ctl" help --json | jq -r --arg name "$1" ".data.commands[] | select(.name == \$name) | .arguments[] | $2 | .name"
}
options() { arguments "$1" 'select(.option)'; }
operands() { arguments "$1" 'select(.option | not)'; }

# has LINE...: standard input contains each LINE
has() {
	local lines
	lines=$(cat)
	for line in "$@"; do
		grep -qxF -- "$line" <<<"$lines" || {
			printf 'not there: %s\n%s\n' "$line" "$lines"
			return 1
		}
	done
}
