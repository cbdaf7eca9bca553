#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The holder: start and end, socket, and the state of its context after the holder was killed.

load helper

setup_file() {
	cxlflashctl manage-lun "$shared" "$two_ports" "$private" superpipe >/dev/null
}

teardown_file() {
	all_legacy
}

teardown() {
	stop_all
}

@test "context start: names are given or generated; a used name and a LUN on another adapter are refused" {
	[ "$(cxlflashctl context start "$shared")" = ctx0 ]
	[ "$(cxlflashctl context start "$shared")" = ctx1 ]
	[ "$(cxlflashctl context start "$shared" "$two_ports" --name two)" = two ]
	[ "$(cxlflashctl context info two -f pairs -o lun_count)" = 'LUN_COUNT="2"' ]
	run --separate-stderr cxlflashctl context start "$shared" --name two
	[ "$status" -eq 5 ]
	[[ "$stderr" == *NAME_TAKEN* ]]
	run --separate-stderr cxlflashctl context start "$private" "$two_ports"
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"not on this adapter"* ]]
	run --separate-stderr cxlflashctl context start "$shared" --name '../x'
	[ "$status" -eq 2 ]
}

@test "context start: --adapter, --interrupts and --read-only apply to the context" {
	second=$(cxlflashctl adapter list --no-headings -o pci | tail -n 1 | tr -d ' ')
	cxlflashctl context start "$shared" --adapter "$second" --interrupts 1 --read-only --name far
	[ "$(cxlflashctl context info far -f pairs -o pci,interrupt_count,read_only)" = "PCI=\"$second\" INTERRUPT_COUNT=\"1\" READ_ONLY=\"yes\"" ]
	[ "$(grep -c "cxl-afu.*-pe$(cxlflashctl context info far --no-headings -o process_element -f pairs | tr -dc 0-9)-" /proc/interrupts)" -ge 1 ]
}

@test "holder: is detached, inherits no file descriptor, and has a socket for root only" {
	exec 9<"$BATS_TEST_FILENAME"
	cxlflashctl context start "$private" --name own
	exec 9<&-
	pid=$(pgrep -x cxlflash-holder)
	[ "$(ps -o ppid= -p "$pid" | tr -d ' ')" -eq 1 ]
	[ "$(ps -o tty= -p "$pid" | tr -d ' ')" = '?' ]
	[ "$(readlink "/proc/$pid/cwd")" = / ]
	[ -z "$(find "/proc/$pid/fd" -lname "$BATS_TEST_FILENAME")" ]
	[ "$(find "/proc/$pid/fd" -lname '/dev/null' | wc -l)" -eq 3 ]
	[ "$(stat -c '%a %U' "$run_dir"/own.sock)" = '600 root' ]
	[ "$(tr '\0' '\n' <"/proc/$pid/environ" | wc -c)" -eq 0 ]
}

@test "context stop: ends the context with its handles; a second stop is not found" {
	cxlflashctl context start "$private" --name short
	cxlflashctl vlun create "$private" 1G --context short
	run cxlflashctl context stop -y short
	[ "$output" = "short stopped, 1 handle released" ]
	run ! pgrep -x cxlflash-holder
	[ -z "$(ls "$run_dir"/short.* 2>/dev/null)" ]
	run --separate-stderr cxlflashctl context stop -y short
	[ "$status" -eq 3 ]
	cxlflashctl manage-lun "$private" legacy
	cxlflashctl manage-lun "$private" superpipe
}

@test "holder: SIGTERM ends the holder cleanly" {
	cxlflashctl context start "$private" --name term
	pkill -TERM -x cxlflash-holder
	eventually 100 test ! -e "$run_dir"/term.sock
	[ ! -e "$run_dir"/term.lock ]
}

@test "context run: the program has the context in its own process, and its exit status is returned" {
	# shellcheck disable=SC2016 # the program's
	run --separate-stderr cxlflashctl context run "$private" --virtual 1G -- sh -c '
		echo "$CXLFLASH_HANDLE $CXLFLASH_HANDLE_TYPE $CXLFLASH_SIZE_BYTES $CXLFLASH_BLOCK_BYTES $CXLFLASH_WWID"
		readlink /proc/$$/fd/$CXLFLASH_ADAPTER_FD /proc/$$/fd/$CXLFLASH_DISK_FD
		cxlflashctl manage-lun $CXLFLASH_WWID legacy >/dev/null 2>&1; echo legacy: $?
		exit 42'
	[ "$status" -eq 42 ]
	[ "${lines[0]}" = "0 virtual 1073741824 4096 $private" ]
	[[ "${lines[1]}" =~ ^"/cxl:"[0-9]+" (deleted)"$ ]]
	[[ "${lines[2]}" == /dev/sg* ]]
	[ "${lines[3]}" = "legacy: 5" ]
	cxlflashctl manage-lun "$private" legacy # the program and its context have ended
	cxlflashctl manage-lun "$private" superpipe
	run --separate-stderr cxlflashctl context run "$private" --physical -- /does/not/exist
	[ "$status" -eq 127 ]
	[[ "$stderr" == *"cannot run /does/not/exist"*PROGRAM_NOT_FOUND* ]]
	run --separate-stderr cxlflashctl context run "$private" --physical -- /etc/passwd
	[ "$status" -eq 126 ]
	[[ "$stderr" == *PROGRAM_NOT_RUN* ]]
	cxlflashctl context run "$private" --trace=/dev/stderr -- true 2>&1 | grep -q DK_CXLFLASH_ATTACH
	run --separate-stderr cxlflashctl context run "$private"
	[ "$status" -eq 2 ]
}

@test "holder: a client without privileges is refused even if the mode of the socket admits it" {
	cxlflashctl context start "$private" --name locked
	run --separate-stderr as_nobody cxlflashctl context stop -y locked
	[ "$status" -eq 4 ]
	[[ "$stderr" == *"belongs to root"* ]]
	chmod 666 "$run_dir"/locked.sock
	chmod 755 /run
	run --separate-stderr as_nobody cxlflashctl context stop -y locked
	[ "$status" -ne 0 ]
	run --separate-stderr as_nobody "$programs/tests/poke" "$run_dir"/locked.sock good
	[ "$output" = "no answer" ]
	[ "$(cxlflashctl context info locked -f pairs -o state)" = 'STATE="ready"' ]
}

@test "holder: serves the next client after invalid, partial, excessive and abandoned requests" {
	cxlflashctl context start "$private" --name tough
	pid=$(pgrep -x cxlflash-holder)
	before=$(find "/proc/$pid/fd" -mindepth 1 | wc -l)
	[ "$(poke tough garbage)" = "no answer" ]
	[ "$(poke tough half)" = "no answer" ]
	[ "$(poke tough oversize)" = "no answer" ]
	[ "$(poke tough version)" = "answer" ] # to INFO of any version
	[ "$(poke tough unended)" = "no answer" ]
	[ "$(poke tough leave 200)" = "left" ]
	[ "$(poke tough flood 500)" = "500 answers" ] # a million: tests/unit/test_serve.c
	[ "$(poke tough crowd 90)" = "crowd done" ] # 32 places and a queue of 64
	[ "$(poke tough good)" = "answer" ]
	cxlflashctl vlun create "$private" 1G --context tough
	cxlflashctl vlun release -y tough/0 # and with it the claim on the disk
	eventually 50 test "$(find "/proc/$pid/fd" -mindepth 1 | wc -l)" -eq "$before"
	[ "$(pgrep -x cxlflash-holder)" = "$pid" ]
}

# timed_out COMMAND...: COMMAND ends with status 8; its message is in $stderr
timed_out() {
	run --separate-stderr timeout 60 cxlflashctl "$@"
	[ "$status" -eq 8 ]
	[[ "$stderr" == *"does not answer in time"*TIMEOUT* ]]
}

@test "holder: what a client created that has left before the answer is undone; other requests are still under way" {
	cxlflashctl context start "$private" --name slow
	control fault 1 delay afu 1 4000
	timed_out vlun create "$private" 1G --context slow --timeout=1
	[[ "$stderr" == *"if it does the vlun create later, it undoes it"* ]]
	is slow busy "vlun create"
	timed_out vlun create "$private" 2G --context slow --timeout=0.5 # in the queue: is never begun
	eventually 200 eval 'cxlflashctl context info slow | grep -q "vlun create is undone: the client left"'
	eventually 100 is slow busy ""
	is slow handle_count 0
	cxlflashctl vlun create "$private" 32G --context slow # every chunk is free
	[ "$(cxlflashctl context info slow | grep -c 'is undone')" -eq 1 ]
	control fault 1 delay afu 1 4000
	timed_out vlun resize -y slow/0 1G --timeout=1
	[[ "$stderr" == *"the vlun resize may still be under way"*"cxlflashctl context info slow"* ]]
	eventually 200 is slow size_bytes 1073741824
	control fault 1 delay afu 1 4000
	cxlflashctl vlun resize -y slow/0 2G >/dev/null 3>&- &
	eventually 50 is slow busy "vlun resize"
	run_json recover slow --timeout=1
	[ "$status" -eq 8 ]
	[ "$(field '.data.contexts[0]'.{result,error_code})" = "timed-out TIMEOUT" ]
	wait
	control fault 1 delay afu 1 4000
	timed_out vlun clone slow --name twin --timeout=1
	eventually 300 eval 'cxlflashctl context info slow | grep -q "clone is undone"'
	eventually 100 test ! -e "$run_dir/twin.sock"
	control fault 1 lose all 0
}

@test "holder: a stopped process is named with the command that continues it, and executing that helps" {
	cxlflashctl context start "$private" --name halted
	pid=$(info halted pid)
	kill -STOP "$pid"
	for command in "context info halted" "vlun create $private 1G --context halted" "context stop -y halted"; do
		# shellcheck disable=SC2086 # words
		timed_out $command --timeout=0.5
		[[ "$stderr" == *"its process $pid is stopped (state T)"*"fix:   kill -CONT $pid"* ]]
	done
	eval "$(sed -n 's/^ *fix: *//p' <<<"$stderr")"
	eventually 100 is halted state ready
	is halted handle_count 0 # requests of clients that have left are not begun
}

@test "holder: context stop does not wait for a zombie" {
	sh -c '"$0" --name=dead "$1" >/dev/null 2>&1 & exec sleep 300' "$programs"/bin/cxlflash-holder "$private" 3>&- &
	pids+=($!)
	eventually 100 test -S "$run_dir"/dead.sock
	pid=$(info dead pid)
	run --separate-stderr cxlflashctl context stop -y dead --timeout=30
	[ "$status" -eq 0 ]
	[[ "$(</proc/"$pid"/stat)" == *" Z "* ]]
}

@test "holder: more clients than places wait for their turn" {
	cxlflashctl context start "$private" --name crowded
	cxlflashctl vlun create "$private" 256MiB --context crowded # the first one takes the adapter's lock
	control fault 1 delay afu 1 4000
	for ((i = 0; i < 40; i++)); do
		cxlflashctl vlun create "$private" 256MiB --context crowded >>"$BATS_TEST_TMPDIR/made" 2>&1 3>&- &
	done
	wait
	control fault 1 lose all 0
	[ "$(sort -u "$BATS_TEST_TMPDIR/made" | grep -c '^crowded/[0-9]*$')" -eq 40 ]
}

@test "context start: where systemd runs and starts no service, the command says what the context ends with" {
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	mkdir -p /run/systemd/system /sys/fs/cgroup/cron.service
	run --separate-stderr bash -c 'echo $$ >/sys/fs/cgroup/cron.service/cgroup.procs; exec "$@"' _ cxlflashctl context start "$private" --name bound
	rmdir /run/systemd/system
	[ "$status" -eq 0 ]
	[ "$output" = bound ]
	[[ "$stderr" == *"bound"*"ends with cron.service, in which it runs: systemd did not start a service for it"* ]]
	cxlflashctl context stop bound
	run --separate-stderr cxlflashctl context start "$private"
	[ -z "$stderr" ]
	rmdir /sys/fs/cgroup/cron.service
}

@test "upgrade: a context of another release is listed and stopped; for anything else the message names both releases" {
	"$programs"/tests/other/cxlflash-holder --name=old "$private" >/dev/null 2>&1 3>&- &
	eventually 100 test -S "$run_dir"/old.sock
	run_json context list
	[ "$status" -eq 0 ]
	[ "$(field '.data.contexts[0]'.{name,answer,release,state,lun_count,handle_count})" = "old other-release 9.9.9 ready 1 0" ]
	[ "$(field .data.complete)" = true ]
	run_json context info old
	[ "$(field '.data.contexts[0]'.{release,luns})" = "9.9.9 null" ]
	for command in "vlun create $private 1G --context old" "recover old" "vlun clone old" "verify old"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr cxlflashctl $command
		[ "$status" -eq 1 ]
		[[ "$stderr" == *"context old is held by cxlflash-holder 9.9.9"*"and this is release"*HOLDER_PROTOCOL* ]]
	done
	run --separate-stderr cxlflashctl recover --all
	[ "$status" -eq 1 ]
	run --separate-stderr cxlflashctl vlun list
	[ "$status" -eq 10 ]
	cxlflashctl context stop -y old
	[ ! -e "$run_dir"/old.sock ]
	# and the other way round
	cxlflashctl context start "$private" --name new
	run -1 "$programs"/tests/other/cxlflash-holder --name=clone --parent=new --implicit "$private"
	[[ "$output" == *"context new is held by"* ]]
}

@test "holder: after SIGKILL the next command reports it and removes the files, and the kernel has freed the context" {
	cxlflashctl context start "$private" --name gone
	cxlflashctl vlun create "$private" 32G --context gone
	pkill -KILL -x cxlflash-holder
	eventually 50 eval '! pgrep -x cxlflash-holder'
	[ -S "$run_dir"/gone.sock ]
	run --separate-stderr cxlflashctl vlun list
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"gone"*"has ended"* ]]
	[ ! -e "$run_dir"/gone.sock ]
	run --separate-stderr cxlflashctl context info gone
	[ "$status" -eq 3 ]
	cxlflashctl context start "$private" --name gone
	cxlflashctl vlun create "$private" 32G --context gone
	pkill -KILL -x cxlflash-holder
	eventually 50 eval '! pgrep -x cxlflash-holder'
	run --separate-stderr cxlflashctl vlun release -y gone/0
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"CONTEXT_GONE"* ]]
	# the name of a killed holder can be used again at once
	cxlflashctl context start "$private" --name gone
}

@test "holder: after SIGKILL at random moments all chunks and contexts are free and modes can be switched" {
	for ((i = 0; i < 25 * often; i++)); do
		"$programs"/bin/cxlflash-holder --name="k$i" --check=100ms "$private" >/dev/null 2>&1 3>&- &
		pid=$!
		(
			until [ -S "$run_dir/k$i.sock" ]; do
				kill -0 "$pid" 2>/dev/null || exit
				nap 0.01
			done
			poke "k$i" cycle 10000
		) >/dev/null 2>&1 3>&- &
		client=$!
		printf -v moment 0.%03d $((RANDOM % 180 + 20)) # while the holder attaches or works
		nap "$moment"
		kill -KILL "$pid"
		wait "$pid" || true
		wait "$client" || true
	done
	eventually 100 eval '! pgrep -x cxlflash-holder'
	rm -f "$run_dir"/*.sock "$run_dir"/*.lock
	cxlflashctl vlun create "$private" 32G # every chunk is free
	cxlflashctl vlun release -y ctx0/0
	cxlflashctl manage-lun "$private" legacy
	[ "$(modes "$private")" = legacy ]
	cxlflashctl manage-lun "$private" superpipe
	[ "$(of_adapter 1 contexts)" -le 2 ]
	figure "$i holders killed while they attached or worked: every chunk, context and mode came back"
}

@test "holder: an implicit holder ends if its starter died before the first handle" {
	hctl=$(paths "$private" hctl)
	"$programs"/bin/cxlflash-holder --name=orphan --implicit --check=200ms "$private@$hctl" </dev/null >/dev/null 2>&1 3>&- &
	eventually 100 test -S "$run_dir"/orphan.sock
	eventually 600 test ! -e "$run_dir"/orphan.sock
}

@test "no context left: the message names the cause, and the command works once a context is released" {
	control contexts 1 3
	cxlflashctl context start "$private" --name a
	cxlflashctl context start "$private" --name b
	run --separate-stderr cxlflashctl context start "$private" --name c
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"no free context"* ]]
	[[ "$stderr" == *NO_CONTEXTS* ]]
	cxlflashctl context stop -y a
	cxlflashctl context start "$private" --name c
	control contexts 1 512
}

@test "511 contexts on one adapter: the 512th is refused with the cause, and the others keep working" {
	control irqs 0 100000
	disk=/dev/$(disk_of 0.0:2)
	ulimit -n 4096
	# shellcheck disable=SC2046 # 510 times the same word
	hold $(yes "$disk" | head -n 510) context
	foreign=$pid
	cxlflashctl context start "$two_ports" --name last
	run --separate-stderr cxlflashctl context start "$two_ports"
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"the adapter has no free context"* ]]
	[ "$(cxlflashctl context list --no-headings -o pid | grep -c "$foreign")" -eq 510 ]
	cxlflashctl vlun create "$two_ports" 1G --context last
	end "$foreign"
	cxlflashctl context start "$two_ports"
	control irqs 0 2037
}

@test "no interrupt left: the message names the cause" {
	control irqs 1 8
	cxlflashctl context start "$private" --name a
	run --separate-stderr cxlflashctl context start "$private" --name b
	control irqs 1 2037
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"all interrupts"* ]]
}
