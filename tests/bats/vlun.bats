#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Virtual and physical LUNs in held contexts, on the real driver.

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

# handle COLUMNS ID: what vlun list prints for a handle
handle() { cells vlun list --units=b -o "id,$1" | sed -n "s|^$2 ||p"; }

@test "vlun create: prints the name, and vlun list shows what the driver has" {
	run cxlflashctl vlun create "$shared" 1G
	[ "$status" -eq 0 ]
	[ "$output" = ctx0/0 ]
	[ "$(handle size_bytes,chunk_count,type,all_ports ctx0/0)" = "1073741824 4 virtual yes" ]
	# the driver refuses legacy mode while the handle is open; the fix is printed
	run --separate-stderr cxlflashctl manage-lun "$shared" legacy
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"fix:   cxlflashctl context stop ctx0"* ]]
	[ "$(modes "$shared")" = "superpipe superpipe superpipe superpipe" ]
}

@test "vlun create: a size is rounded up to whole chunks, with a message" {
	run --separate-stderr cxlflashctl vlun create "$shared" 257MiB
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"257MiB rounded up to whole chunks: 512MiB"* ]]
	[ "$(handle size_bytes,requested_bytes ctx0/0)" = "536870912 269484032" ]
}

@test "vlun create: a LUN with blocks of 512 bytes has chunks of 32 MiB" {
	run --separate-stderr cxlflashctl vlun create "$two_ports" 65537lba
	[ "$output" = ctx0/0 ]
	[ "$(handle size_bytes,chunk_count ctx0/0)" = "67108864 2" ]
}

@test "vlun create: a virtual LUN of size 0 has a last LBA of all ones, and can grow" {
	cxlflashctl vlun create "$shared" 0
	[ "$(handle size_bytes,chunk_count,last_lba ctx0/0)" = "0 0 ffffffffffffffff" ]
	cxlflashctl vlun resize -y ctx0/0 300MiB
	[ "$(handle size_bytes,last_lba ctx0/0)" = "536870912 000000000001ffff" ]
}

@test "vlun create: more than is free is refused and released; --allow-smaller takes the free space" {
	cxlflashctl vlun create "$private" 30G
	run_json vlun create "$private" 3G
	[ "$status" -eq 12 ]
	[ "$(code)" = NO_SPACE ]
	[[ "$(field '.errors[0].cause')" == *"2GiB (8 chunks) available"* ]]
	[ "$(cxlflashctl context list --no-headings | wc -l)" -eq 1 ] # the implicit context has ended
	run_json vlun create "$private" 3G --allow-smaller
	[ "$status" -eq 0 ]
	[ "$(field .data.{handle.size_bytes,handle.requested_bytes,free_at_most_bytes})" = "2147483648 3221225472 0" ]
	run --separate-stderr cxlflashctl vlun create "$private" 1G --allow-smaller
	[ "$status" -eq 12 ] # without any free space --allow-smaller fails too
}

@test "vlun create: a LUN whose paths have different modes causes a warning" {
	cxlflashctl manage-lun --path-only "$(paths "$shared" hctl | tail -n 1)" legacy
	run --separate-stderr cxlflashctl vlun create "$shared" 1G
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"not all paths are in superpipe mode"* ]]
	cxlflashctl vlun release -y ctx0/0
	cxlflashctl manage-lun "$shared" superpipe
}

@test "vlun resize: grows, shrinks, reports when nothing changed, and keeps the size when space is short" {
	cxlflashctl vlun create "$private" 1G
	run_json vlun resize -y ctx0/0 2G
	[ "$(field .data.{changed,handle.size_bytes})" = "true 2147483648" ]
	run_json vlun resize -y ctx0/0 2G
	[ "$(field .data.changed)" = false ]
	run --separate-stderr cxlflashctl vlun resize -y ctx0/0 100G
	[ "$status" -eq 12 ]
	[ "$(handle size_bytes ctx0/0)" = 2147483648 ]
	cxlflashctl vlun resize -y ctx0/0 512MiB
	[ "$(handle size_bytes,chunk_count ctx0/0)" = "536870912 2" ]
}

@test "vlun create: the driver's wipe is refused with the reason, unless --force names it" {
	run --separate-stderr cxlflashctl vlun create "$private" 1G --wipe
	[ "$status" -eq 11 ]
	[[ "$stderr" == *"wrong blocks"*"--force=driver-wipe"* ]]
	run ! pgrep cxlflash-holder
	run --separate-stderr cxlflashctl vlun create "$private" 256MiB --wipe --force=driver-wipe
	[ "$status" -eq 0 ]
}

@test "vlun release: frees the space; an implicit context ends, a named one stays" {
	cxlflashctl vlun create "$private" 32G
	run_json vlun release -y ctx0/0
	[ "$(field .data.{ended,pid})" = "true null" ]
	run ! cxlflashctl context info ctx0
	run_json context start "$private" --name stays
	cxlflashctl vlun create "$private" 32G --context stays
	run cxlflashctl vlun release -y stays/0
	[ "$output" = "stays/0 released" ]
	cxlflashctl context info stays >/dev/null
}

@test "vlun clone: the clone has the same handles on the same chunks, and each context releases its own" {
	cxlflashctl vlun create "$private" 1G
	cxlflashctl vlun create "$private" 2G --context ctx0
	cxlflashctl vlun resize -y ctx0/0 3G
	run_json vlun clone ctx0 --name twin
	[ "$status" -eq 0 ]
	[ "$(field .data.{context,parent} '.data.handles[].size_bytes')" = "twin ctx0 3221225472 2147483648" ]
	run_json vlun list
	run_json context list
	run_json context info twin
	run_json context stop -y ctx0
	[ "$status" -eq 0 ]
	[ "$(handle size_bytes twin/1)" = 2147483648 ]
	# the clone still has the chunks: 5 of 32 GiB are allocated
	run --separate-stderr cxlflashctl vlun create "$private" 28G
	[ "$status" -eq 12 ]
	[[ "$stderr" == *"available"* ]]
	# like its source, the clone ends with its last handle
	cxlflashctl vlun release -y twin/0
	[ "$(cxlflashctl vlun release -y twin/1)" = "twin/1 released, and its context ended" ]
	cxlflashctl vlun create "$private" 32G
}

@test "vlun clone: a context with several LUNs or physical handles is refused, with the reason" {
	cxlflashctl context start "$shared" "$two_ports" --name wide
	run --separate-stderr cxlflashctl vlun clone wide
	[ "$status" -eq 6 ]
	[[ "$stderr" == *"2 LUNs cannot be cloned"* ]]
	cxlflashctl plun create "$private"
	run --separate-stderr cxlflashctl vlun clone ctx0
	[ "$status" -eq 6 ]
	[[ "$stderr" == *"physical handles"* ]]
}

@test "plun create: opens the whole LUN through the named port" {
	run cxlflashctl plun create "$shared"
	[ "$output" = ctx0/0 ]
	[ "$(handle type,size_bytes,chunk_count ctx0/0)" = "physical 68719476736 -" ]
	other=$(paths "$shared" hctl | sed -n 2p)
	run_json plun create "$other" --context ctx0
	[ "$(field .data.id)" = ctx0/1 ]
	run_json plun release ctx0/0
	[ "$(field .data.{changed,ended,id})" = "true false null" ]
	run cxlflashctl plun release ctx0/1
	[ "$output" = "ctx0/1 released, and its context ended" ]
}

@test "plun create: a path of another adapter is refused in a context" {
	cxlflashctl context start "$shared" --name here
	run_json plun create "$(paths "$shared" hctl | tail -n 1)" --context here
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"is not a path of the context's LUN on its adapter"* ]]
}

@test "vlun and plun create: virtual and physical handles exclude each other on all adapters" {
	cxlflashctl context start "$shared" --name one
	cxlflashctl context start "$(paths "$shared" hctl | tail -n 1)" --name two
	[ "$(cxlflashctl context info one -f pairs -o adapter)" != "$(cxlflashctl context info two -f pairs -o adapter)" ]
	cxlflashctl vlun create "$shared" 1G --context one
	run --separate-stderr cxlflashctl plun create "$shared" --context two
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"LUN_OTHER_USE"* ]]
	[[ "$stderr" == *"held contexts have handles on it: one/0"*"fix:   cxlflashctl vlun release one/0"* ]]
	cxlflashctl vlun release -y one/0
	cxlflashctl plun create "$(paths "$shared" hctl | tail -n 1)" --context two
	run --separate-stderr cxlflashctl vlun create "$shared" 1G --context one
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"fix:   cxlflashctl plun release two/0"* ]]
}

@test "vlun: invalid names, unknown handles and LUNs in legacy mode have their own status and message" {
	while read -r want pattern words; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr cxlflashctl $words
		echo "$words: $status $stderr"
		[ "$status" -eq "$want" ]
		[[ "$stderr" == *"$pattern"* ]]
	done <<-CASES
		2 BAD_VALUE vlun release -y nonsense
		2 BAD_VALUE vlun resize -y ctx0 1G
		3 CONTEXT_NOT_FOUND vlun release -y ctx9/0
		3 CONTEXT_NOT_FOUND vlun clone ctx9
		2 BAD_VALUE vlun resize -y ctx0/0 77
		1 NOT_SUPERPIPE vlun create $two_cards 1G
		1 NOT_SUPERPIPE plun create $two_cards
		2 USAGE vlun create $shared
		2 BAD_VALUE vlun create $shared 1X
		3 CONTEXT_NOT_FOUND vlun create $shared 1G --context nobody
	CASES
	cxlflashctl plun create "$private"
	run --separate-stderr cxlflashctl vlun resize -y ctx0/0 1G
	[ "$status" -eq 3 ]
	run --separate-stderr cxlflashctl vlun release -y ctx0/0
	[ "$status" -eq 3 ]
	[[ "$stderr" == *"plun release ctx0/0"* ]]
	run --separate-stderr cxlflashctl plun release ctx0/7
	[ "$status" -eq 3 ]
}

@test "vlun, context stop: without a terminal a command that loses data needs --yes and otherwise ends with status 11" {
	cxlflashctl vlun create "$private" 1G
	for line in "vlun resize ctx0/0 512MiB" "vlun release ctx0/0" "context stop ctx0"; do
		# shellcheck disable=SC2086
		run --separate-stderr cxlflashctl $line </dev/null
		[ "$status" -eq 11 ]
		[[ "$stderr" == *"without confirmation"*"fix:   to confirm, add --yes"*ABORTED* ]]
	done
	[ "$(handle size_bytes ctx0/0)" = 1073741824 ]
	cxlflashctl vlun resize ctx0/0 1G </dev/null # nothing would change, so there is no confirmation
	cxlflashctl vlun resize ctx0/0 2G </dev/null # nothing is lost
	cxlflashctl vlun release --yes ctx0/0
	[ -z "$(cxlflashctl vlun list --no-headings)" ]
	cxlflashctl plun create "$private"
	cxlflashctl context stop ctx0 </dev/null # no data is lost with a physical handle
}

@test "vlun release: asks on a terminal; any answer but yes changes nothing" {
	cxlflashctl vlun create "$private" 1G
	run bash -c 'echo n | script -qec "cxlflashctl vlun release ctx0/0" /dev/null'
	[ "$status" -eq 11 ]
	[[ "$output" == *"release ctx0/0: the data in it will be lost. Continue? [y/N]"*"nothing was changed"* ]]
	[ "$(handle size_bytes ctx0/0)" = 1073741824 ]
	run bash -c 'echo y | script -qec "cxlflashctl vlun release ctx0/0" /dev/null'
	[ "$status" -eq 0 ]
	[ -z "$(cxlflashctl vlun list --no-headings)" ]
}

@test "--dry-run: commands on contexts and handles show the present and the requested state and change nothing" {
	plan() { # FILTER COMMAND...: filter the document of the command
		local filter=$1
		shift
		run_json "$@" --dry-run
		[ "$(jq -r '"\(.data.dry_run) \(.data.changed)"' <<<"$output")" = "true false" ]
		jq -r "$filter" <<<"$output"
	}
	[[ "$(cxlflashctl context start "$private" --name db -n)" == "a context db with 1 LUN would be started on cxlflash"* ]]
	[[ "$(cxlflashctl vlun create "$private" 257MiB -n)" == "512MiB would be created in a new context on cxlflash"* ]]
	[[ "$(cxlflashctl plun create "$private" -n)" == "a physical handle would be opened in a new context on cxlflash"* ]]
	[[ "$(cxlflashctl context run "$private" -n -- false)" == "false would be run with a context on cxlflash"* ]]
	[ -z "$(cxlflashctl context list --no-headings)" ]
	cxlflashctl vlun create "$private" 1G
	[[ "$(cxlflashctl vlun resize ctx0/0 2G -n -f pairs)" == 'ID="ctx0/0" WWID="6'*'SIZE_BEFORE_BYTES="1073741824" REQUESTED_BYTES="2147483648" SIZE_BYTES="1073741824"'* ]]
	[ "$(cxlflashctl vlun resize ctx0/0 512MiB -n)" = "ctx0/0 has 1GiB and would have 512MiB" ]
	[ "$(plan '.data | "\(.size_before_bytes) \(.size_wanted_bytes)"' vlun resize ctx0/0 2G)" = "1073741824 2147483648" ]
	[ "$(cxlflashctl vlun release ctx0/0 -n)" = "ctx0/0 would be released, and its context would end" ]
	[ "$(cxlflashctl vlun clone ctx0 --name twin -n)" = "context ctx0 with 1 handle would be cloned as twin" ]
	[ "$(cxlflashctl context stop ctx0 -n)" = "ctx0 would be stopped, 1 handle released" ]
	[ "$(cxlflashctl recover ctx0 -n --no-headings -o name,result | xargs)" = "ctx0 not-needed" ]
	[ "$(handle size_bytes ctx0/0)" = 1073741824 ]
	[ "$(cxlflashctl context list --no-headings -o name)" = ctx0 ]
}

@test "vlun: many cycles of create, resize and release leak nothing" {
	cxlflashctl context start "$private" --name cycle
	holder=$(pgrep cxlflash-holder)
	before=$(find "/proc/$holder/fd" -mindepth 1 | wc -l)
	[ "$(poke cycle cycle $((100 * often)))" = "$((100 * often)) cycles" ]
	[ "$(find "/proc/$holder/fd" -mindepth 1 | wc -l)" -eq "$before" ]
	# all chunks are free
	cxlflashctl vlun create "$private" 32G --context cycle
	cxlflashctl context stop -y cycle
	cxlflashctl manage-lun "$private" legacy
	[ "$(modes "$private")" = legacy ]
	cxlflashctl manage-lun "$private" superpipe
	figure "$((100 * often)) cycles of vlun create, resize and release in one context: no chunk, fd or handle left behind"
}

@test "vlun: two concurrent commands on one virtual LUN are served one after the other" {
	cxlflashctl vlun create "$private" 1G
	for ((i = 0; i < 10; i++)); do
		cxlflashctl vlun resize -y ctx0/0 2G >"$BATS_TEST_TMPDIR/a" 2>&1 3>&- &
		a=$!
		cxlflashctl vlun resize -y ctx0/0 3G >"$BATS_TEST_TMPDIR/b" 2>&1 3>&- &
		wait "$a" $!
		[[ "$(handle size_bytes ctx0/0)" =~ ^(2147483648|3221225472)$ ]]
	done
	cxlflashctl vlun release -y ctx0/0 >/dev/null 2>"$BATS_TEST_TMPDIR/a" 3>&- &
	run --separate-stderr cxlflashctl vlun release -y ctx0/0
	wait $! || true
	[ "$(cxlflashctl vlun list --no-headings | wc -l)" -eq 0 ]
}

@test "completion: handles are offered with type and size, as reported by their holders" {
	cxlflashctl vlun create "$shared" 512MiB
	[ "$(cxlflashctl __complete -- vlun resize "")" = "ctx0/0	virtual, 512MiB" ]
	[ "$(cxlflashctl __complete -- vlun release ctx0/)" = "ctx0/0	virtual, 512MiB" ]
	[ "$(cxlflashctl __complete -- context info "")" = "ctx0	held context" ]
	[ "$(cxlflashctl __complete -- verify ctx | cut -f1 | xargs)" = "ctx0 ctx0/0" ]
}

@test "vlun create: a full LUN table of the adapter is told apart from a full LUN" {
	pci=$(pci_of 1)
	cxlflashctl manage-lun "$private" legacy
	[ "$("$programs/tests/fill" "/dev/$(paths "$private" sg)")" -gt 100 ]
	cxlflashctl manage-lun "$private" superpipe
	run_json vlun create "$private" 1G
	take_from_driver "$pci"
	give_to_driver "$pci"
	wait_for_paths 11
	cxlflashctl manage-lun "$private" superpipe
	[ "$status" -eq 12 ]
	[ "$(code)" = LUN_TABLE_FULL ]
	cxlflashctl vlun create "$private" 32G
	run_json vlun create "$private" 1G
	[ "$(code)" = NO_SPACE ]
}
