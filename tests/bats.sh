#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bats.sh [-w WHAT] FILE.bats...: run tests on the build machine and record the time of each file, as "WHAT: FILE".
set -uo pipefail
# shellcheck source=tests/times.bash
. "${BASH_SOURCE[0]%/*}/times.bash"
what=
if [ "$1" = -w ]; then
	what="$2: "
	shift 2
fi
${BATS:-bats --tap} "$@" | by_file "$what" "$@"
