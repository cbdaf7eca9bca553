#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fix of an error is run as it is printed. Then the refusal is gone, and nothing else is.

load helper

setup() {
	cxlflashctl manage-lun "$private" superpipe >/dev/null
	udevadm settle
	first=$(paths "$two_ports" sd | head -n 1) second=$(paths "$two_ports" sd | tail -n 1)
}

teardown() {
	! grep -q "$run_dir" /proc/mounts || umount "$run_dir"
	stop_all
	awk '/ \/mnt\// { print $2 }' /proc/mounts | tac | while read -r point; do umount "$(printf "%b" "$point")"; done
	for path in /sys/class/scsi_device/*; do
		read -r state <"$path/device/state"
		[ "$state" = running ] || echo running >"$path/device/state"
	done
	all_legacy
	erase "$two_ports"
}

# fix PATTERN COMMAND...: the command fails, its fix matches the pattern and is run on a terminal that answers yes; then
# the command succeeds
fix() {
	local pattern=$1
	shift
	run --separate-stderr cxlflashctl "$@"
	echo "$output$stderr"
	[ "$status" -ne 0 ]
	fix=$(sed -n 's/^  fix:   //p' <<<"$stderr")
	# shellcheck disable=SC2053 # a pattern
	[[ "$fix" == $pattern ]]
	printf '%s\n' "$fix" >"$BATS_TEST_TMPDIR/fix"
	run bash -c 'echo y | script -qec "bash $0" /dev/null' "$BATS_TEST_TMPDIR/fix"
	echo "$output"
	run --separate-stderr cxlflashctl "$@"
	echo "$output$stderr"
	[ "$status" -eq 0 ]
}

mounts() { grep -c "/dev/$first" /proc/mounts; }

@test "fixes: mount points with blanks and quotes, one below the other, and nothing else is unmounted" {
	mkfs.ext4 -q -F "/dev/$first"
	mkdir -p "/mnt/it's \"mine\"" /mnt/other
	mount "/dev/$first" "/mnt/it's \"mine\""
	mkdir -p "/mnt/it's \"mine\"/below it"
	mount --bind "/mnt/it's \"mine\"" "/mnt/it's \"mine\"/below it"
	mount -t tmpfs none /mnt/other
	fix "umount *" manage-lun -y "$two_ports" superpipe
	[ "$(mounts)" -eq 0 ]
	grep -q /mnt/other /proc/mounts
}

@test "fixes: a private copy of a mount in another namespace is named and unmounted too" {
	mkfs.ext4 -q -F "/dev/$first"
	mkdir -p /mnt/db
	mount "/dev/$first" /mnt/db
	background copy unshare -m --propagation private sleep 1000
	eventually 300 grep -q sleep "/proc/$pid/comm"
	fix "*nsenter -t $pid -m umount /mnt/db*" manage-lun -y "$two_ports" superpipe
	[ -d "/proc/$pid" ]
}

@test "fixes: a changed root directory in the same namespace is not another mount" {
	mkfs.ext4 -q -F "/dev/$first"
	mkdir -p /mnt/root/{proc,db}
	mount --bind / /mnt/root
	mkdir -p /mnt/db
	mount "/dev/$first" /mnt/db
	background inside chroot /mnt/root sleep 1000
	eventually 300 grep -q sleep "/proc/$pid/comm"
	fix "umount */mnt/db" manage-lun -y "$two_ports" superpipe
}

@test "fixes: a path that is set offline" {
	echo offline >"/sys/block/$second/device/state"
	fix "echo running > *" manage-lun "$two_ports" superpipe
	[ "$(modes "$two_ports")" = "superpipe superpipe" ]
}

@test "fixes: a context on the LUN is stopped, and one on another LUN of the adapter stays with its virtual LUN" {
	cxlflashctl manage-lun "$shared" superpipe
	cxlflashctl context start "$(hctl_of 1.0:1)" --name bystander
	cxlflashctl vlun create "$shared" 1G --context bystander
	cxlflashctl context start "$private" --name user
	cxlflashctl vlun create "$private" 1G --context user
	fix "cxlflashctl context stop user" manage-lun "$private" legacy
	[ "$(cxlflashctl vlun list --no-headings -o id)" = bystander/0 ]
}

@test "fixes: a context that has other LUNs too loses only this one" {
	cxlflashctl manage-lun "$shared" superpipe
	cxlflashctl context start "$(hctl_of 1.0:1)" "$private" --name both
	cxlflashctl vlun create "$shared" 1G --context both
	cxlflashctl vlun create "$private" 1G --context both
	fix "cxlflashctl vlun release both/1 && cxlflashctl context detach both $private" manage-lun "$private" legacy
	[ "$(cxlflashctl vlun list --no-headings -o id)" = both/0 ]
}

@test "fixes: with --force=context the handle that the driver counts is released, and contexts without one stay" {
	cxlflashctl context start "$private" --name aaa
	cxlflashctl context start "$private" --name holds
	cxlflashctl vlun create "$private" 1G --context holds
	fix "cxlflashctl vlun release holds/0" manage-lun "$private" legacy --force=context
	[ "$(cxlflashctl context list --no-headings -o name | xargs)" = "aaa holds" ]
	cxlflashctl manage-lun "$private" superpipe
}

@test "fixes: a holder that is stopped by a signal is continued, and then asked" {
	cxlflashctl manage-lun "$shared" superpipe
	cxlflashctl context start "$(hctl_of 1.0:1)" --name bystander
	kill -STOP "$(info bystander pid)"
	fix "kill -CONT $(pgrep -x cxlflash-holder)" manage-lun "$private" legacy
	[ "$(info bystander state)" = ready ]
}

@test "fixes: handles of the other kind are released, and only these" {
	cxlflashctl context start "$private" --name one
	cxlflashctl context start "$private" --name two
	cxlflashctl plun create "$private" --context two
	fix "cxlflashctl plun release two/0" vlun create "$private" 1G --context one
	fix "cxlflashctl vlun release one/0" plun create "$private" --context two
	[ "$(cxlflashctl context list --no-headings -o name | xargs)" = "one two" ]
}

@test "fixes: a LUN in legacy mode is switched" {
	fix "cxlflashctl manage-lun $two_ports superpipe" context start "$two_ports" --name db
	fix "cxlflashctl manage-lun $two_cards superpipe" vlun create "$two_cards" 256MiB
}

@test "fixes: a handle is released with the command for its kind" {
	cxlflashctl plun create "$private"
	run --separate-stderr cxlflashctl vlun release -y ctx0/0
	[ "$status" -eq 3 ]
	bash -c "$(sed -n 's/^  fix:   //p' <<<"$stderr")"
	[ -z "$(cxlflashctl vlun list -q --no-headings -o id)" ]
}

@test "fixes: a LUN that changed is read again on every path" {
	control capacity "$shared" 80G
	run --separate-stderr cxlflash-verify "$shared"
	echo "$output$stderr"
	[ "$status" -eq 9 ]
	bash -c "$(sed -n 's/^  fix:   //p' <<<"$stderr")"
	run --separate-stderr cxlflash-verify "$shared"
	control capacity "$shared" 64G
	for hctl in $(paths "$shared" hctl); do echo 1 >"/sys/class/scsi_device/$hctl/device/rescan"; done
	[ "$status" -eq 0 ]
}

@test "fixes: driver and kernel have an old record: one fix for both" {
	control capacity "$private" 40G
	run --separate-stderr cxlflash-verify "$private"
	echo "$output$stderr"
	[ "$status" -eq 9 ]
	bash -c "$(sed -n 's/^  fix:   //p' <<<"$stderr")" || true
	run --separate-stderr cxlflash-verify "$private"
	control capacity "$private" 32G
	cxlflash-verify --sense=6/2A/09 "$private" || true
	echo 1 >"/sys/class/scsi_device/$(hctl_of 1.0:4)/device/rescan"
	[ "$status" -eq 0 ]
}

@test "fixes: a path that was lost since the baseline was written comes back" {
	cxlflash-verify --all --write-baseline="$BATS_TEST_TMPDIR/baseline"
	sed '/"paths"/,/\]/d' "$BATS_TEST_TMPDIR/baseline" | sed 's/\("block_bytes":[0-9]*\),/\1/' >"$BATS_TEST_TMPDIR/old"
	echo 1 >"/sys/class/scsi_device/$(hctl_of 1.1:1)/device/delete"
	run --separate-stderr cxlflash-verify --all --baseline="$BATS_TEST_TMPDIR/baseline"
	echo "$output$stderr"
	[ "$status" -eq 9 ]
	[[ "$output" == *"$shared paths-missing"* ]]
	[[ "$stderr" == *"1 of its 4 paths is missing"* ]]
	cxlflash-verify --all --baseline="$BATS_TEST_TMPDIR/old" # of an old release, without paths
	bash -c "$(sed -n 's/^  fix:   //p' <<<"$stderr")"
	wait_for_paths 11
	cxlflash-verify --all --baseline="$BATS_TEST_TMPDIR/baseline"
}

@test "fixes: a LUN that was replaced at its address, and one that was removed, are removed from the path" {
	control unlun 0.1:2
	control lun 60025380002538500000000000000bad size=16G bs=512 on=0.1:2
	fix "echo 1 > *" manage-lun "$two_ports" superpipe
	cxlflashctl manage-lun "$two_ports" legacy
	[ "$(cxlflashctl lun list -q --no-headings -o wwid | grep -c bad)" -eq 1 ]
	control unlun 0.1:2
	run --separate-stderr cxlflashctl manage-lun 60025380002538500000000000000bad superpipe
	echo "$stderr"
	bash -c "$(sed -n 's/^  fix:   //p' <<<"$stderr")"
	run ! grep bad <(cxlflashctl lun list -q --no-headings -o wwid)
	control lun "$two_ports" size=16G bs=512 on=0.1:2
	echo "1 0 2" >"/sys/class/scsi_host/host$(host_of 0)/scan"
	wait_for_paths 11
}

@test "fixes: a read-only or full /run has one code, and root is not told to become root" {
	mkdir -p "$run_dir"
	mount -t tmpfs -o ro none "$run_dir"
	for command in "manage-lun $two_ports superpipe" "context start $private" "vlun create $private 1G"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr cxlflashctl $command
		echo "$stderr"
		[ "$status" -eq 1 ]
		[[ "$stderr" == *"is mounted read-only"*"RUN_DIR, exit 1"* ]]
		[[ "$stderr" != *root* ]]
	done
	fix "mount -o remount,rw *" manage-lun "$two_ports" superpipe
	umount "$run_dir"
	mount -t tmpfs -o nr_inodes=1 none "$run_dir"
	run --separate-stderr cxlflashctl manage-lun "$two_ports" legacy
	umount "$run_dir"
	[ "$status" -eq 1 ]
	[[ "$stderr" == *"no free space"*"RUN_DIR, exit 1"* ]]
}
