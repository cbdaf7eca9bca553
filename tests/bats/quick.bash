# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What makes bats bearable in an emulated machine, where a command of the shell that is traced costs 18 ms and a
# program that is started 50 ms.

# bats notes every command before it runs, in a DEBUG trap of some thirty commands, to tell the line that failed. The
# ERR trap of the guest's bash knows that line as well, when it is needed. The names are bats 1.8's; another bats keeps
# its own way.
# shellcheck disable=SC2034 # bats reads them
[[ $BATS_VERSION != 1.8.* ]] || {
	bats_setup_tracing() {
		BATS_DEBUG_LAST_STACK_TRACE=() BATS_DEBUG_LASTLAST_STACK_TRACE=()
		BATS_DEBUG_LAST_STACK_TRACE_IS_VALID='' BATS_ERROR_SUFFIX=''
		exec 4<&1
		trap bats_error_trap ERR
	}

	bats_error_trap() {
		bats_check_status_from_trap
		[ -n "$BATS_DEBUG_LAST_STACK_TRACE_IS_VALID" ] || bats_capture_stack_trace
		BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
	}

	trap - DEBUG
}

# nap SECONDS
nap() {
	local never=$BATS_RUN_TMPDIR/never
	[ -p "$never" ] || mkfifo "$never"
	read -rt "$1" <>"$never" || true
}
