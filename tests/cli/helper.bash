# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for the tests of the command line: the program under test, and saved trees to look at. Those of the lab's tests
# are in tests/bats/helper.bash.

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
ctl=${CXLFLASHCTL:-$top/build/native/bin/cxlflashctl}

# tree NAME [MKTREE-OPTIONS]: a saved tree, made once a file; its path is printed.
tree() {
	local dir=$BATS_FILE_TMPDIR/tree-$1
	[ -d "$dir" ] || "$top/tests/fixtures/mktree" "$dir" "${@:2}" >/dev/null
	echo "$dir"
}

# valid ARGUMENTS...: of validate.py. What a sanitized program prints is no other: to start Python again tells nothing.
valid() {
	[ -n "$CXLF_SANITIZED" ] || "$top/tests/cli/validate.py" "$top/schema" "$@"
}

# json FILTER COMMAND...: the command's document through jq; the document is also checked against its schema.
json() {
	local filter=$1 document=$BATS_TEST_TMPDIR/document.json
	shift
	"$ctl" "$@" --json >"$document" 2>"$BATS_TEST_TMPDIR/stderr" || :
	valid "$document" || return 1
	jq -r "$filter" "$document"
}

# Of the option tables, as the program itself prints them: names, one a line.
commands() { "$ctl" help --json | jq -r '.data.commands[].name'; }

arguments() { # COMMAND FILTER
	"$ctl" help --json | jq -r --arg name "$1" ".data.commands[] | select(.name == \$name) | .arguments[] | $2 | .name"
}
options() { arguments "$1" 'select(.option)'; }
operands() { arguments "$1" 'select(.option | not)'; }

# has LINE...: each is among the lines of stdin
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
