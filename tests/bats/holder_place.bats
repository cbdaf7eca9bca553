#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Holders and the system around them: their files, the service manager, the OOM killer, an old kernel, failed requests.

load helper

setup_file() {
	cxlflashctl manage-lun "$private" superpipe >/dev/null
}

teardown_file() {
	all_legacy
}

teardown() {
	stop_all
}

@test "files of a running holder that were deleted come back, and its name stays taken" {
	cxlflashctl context start "$private" --name db
	cxlflashctl vlun create "$private" 1G --context db
	rm "$run_dir/db.sock"
	eventually 100 is db state ready
	cxlflashctl context info db | grep -q 'were gone and were put back'
	rm "$run_dir/db.lock"
	eventually 100 test -e "$run_dir/db.lock"
	eventually 100 is db state ready
	run --separate-stderr cxlflashctl context start "$private" --name db
	[ "$status" -eq 5 ]
	rm -r "$run_dir"
	eventually 100 is db state ready
	[ "$(stat -c '%a %U' "$run_dir"/db.sock)" = '600 root' ]
	cxlflashctl vlun release -y db/0
	pid=$(info db pid)
	cxlflashctl context stop db
	[ ! -e "$run_dir/db.sock" ]
	[ ! -e "$run_dir/db.lock" ]
	[ ! -d "/proc/$pid" ]
}

@test "a holder is the last process that the kernel kills for memory" {
	cxlflashctl context start "$private" --name db
	reads_as "/proc/$(info db pid)/oom_score_adj" -900
}

@test "a service manager is notified when the context can be used, and the journal gets each event once" {
	out=$BATS_TEST_TMPDIR/err
	: >"$out"
	# shellcheck disable=SC2094 # stat does not read it
	NOTIFY_SOCKET=@nowhere JOURNAL_STREAM=$(stat -c %d:%i "$out") background trace strace -f -e trace=bind,sendto \
		-o "$BATS_TEST_TMPDIR/calls" "$programs/bin/cxlflash-holder" --foreground --name=db "$private" 2>"$out"
	eventually 100 is db state ready
	eventually 50 grep -q '"READY=1".*@"nowhere"' "$BATS_TEST_TMPDIR/calls"
	[ "$(grep -n 'bind(.*db.sock' "$BATS_TEST_TMPDIR/calls" | cut -d: -f1)" -lt "$(grep -n READY "$BATS_TEST_TMPDIR/calls" | cut -d: -f1)" ]
	cxlflashctl context stop db
	[ ! -s "$out" ]
	# without the journal the same events are on stderr
	background plain "$programs/bin/cxlflash-holder" --foreground --name=plain "$private"
	eventually 100 is plain state ready
	cxlflashctl context stop plain
	grep -q 'context plain: attached' "$BATS_TEST_TMPDIR/plain"
}

@test "a kernel that closes the file descriptor of a context by itself is refused by name" {
	# version, reserved and flags as the program sets them; return_flags 0, as before Linux 4.9
	header='\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
	sg=/dev/$(paths "$private" sg)
	for ((n = 1; n < 8; n++)); do # one of the first requests is the attach
		run --separate-stderr strace -o "$BATS_TEST_TMPDIR/calls" -P "$sg" -e trace=ioctl \
			-e inject=ioctl:poke_exit=@arg3="${header//\\x/}":when=$n cxlflashctl context run "$private" -- true
		[[ "$stderr" != *"before Linux 4.9"* ]] || break
		cat "$BATS_TEST_TMPDIR/calls"
		echo "$stderr"
	done
	[ "$status" -eq 6 ]
	[[ "$stderr" == *NOT_SUPPORTED* ]]
}

@test "a virtual LUN that the driver does not take back stays listed and can be released" {
	cxlflashctl context start "$private" --name db
	cxlflashctl recover db
	strace -f -qq -p "$(info db pid)" -e trace=ioctl -e inject=ioctl:error=EAGAIN:when=2+ -o "$BATS_TEST_TMPDIR/calls" 3>&- &
	tracer=$!
	eventually 50 grep -q 'TracerPid:[[:space:]]*[1-9]' "/proc/$(info db pid)/status"
	run --separate-stderr cxlflashctl vlun create "$private" 64G --context db
	kill "$tracer"
	wait "$tracer" || true
	cat "$BATS_TEST_TMPDIR/calls"
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"release handle 0"* ]]
	[ "$(cxlflashctl vlun list --no-headings -o id)" = db/0 ]
	cxlflashctl vlun release -y db/0
	cxlflashctl vlun create "$private" 32G --context db
}
