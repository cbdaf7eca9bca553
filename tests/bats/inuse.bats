#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Uses of a LUN are found on all of its paths before a switch and before contexts and handles are created.

load helper

lun=$two_ports

setup() {
	first=$(paths "$lun" sd | head -n 1) second=$(paths "$lun" sd | tail -n 1)
	mkdir -p /mnt/db
}

teardown() {
	stop_all
	control reserve "$lun" 0 0
	awk '/ \/mnt\// { print $2 }' /proc/mounts | xargs -r umount
	swapoff -a
	losetup -D
	echo running >"/sys/block/$second/device/state"
	! type dmsetup >/dev/null || dmsetup remove_all
	all_legacy
	erase "$lun"
}

with_dm() { modprobe dm-mod || insmod "/lib/modules/$(uname -r)/kernel/drivers/md/dm-mod.ko"; }
with_loop() { modprobe loop || insmod "/lib/modules/$(uname -r)/kernel/drivers/block/loop.ko"; }

# refused CAUSE ARGUMENT...: manage-lun to superpipe stops for this reason, and nothing is switched
refused() {
	run --separate-stderr cxlflashctl manage-lun "${@:2}" superpipe -j
	echo "$stderr"
	[ "$status" -eq 5 ]
	[[ $(field '.errors[-1].cause') == *"$1"* ]]
	[ "$(modes "$lun")" = "legacy legacy" ]
}

# do_fix: run the fix of the last error as it is; then the switch succeeds
do_fix() {
	bash -c "$(field '.errors[-1].fix')"
	run --separate-stderr cxlflashctl manage-lun --yes "$lun" superpipe -j
	echo "$stderr"
	[ "$status" -eq 0 ]
}

@test "inuse: a mount of one path refuses the switch of another with --path-only, and the fix works as it is" {
	mkfs.ext4 -q -F "/dev/$first"
	mkdir -p "/mnt/it's mine"
	mount "/dev/$first" "/mnt/it's mine"
	refused "/dev/$first is mounted on /mnt/it's mine" "/dev/$second" --path-only
	do_fix
}

@test "inuse: a program that has another path open for writing is reported with its user, and a reader is not" {
	background reader sleep 1000 </dev/null 5<"/dev/$first"
	background writer setpriv --reuid=65534 --clear-groups sleep 1000 5>"/dev/$second"
	refused "process $pid (sleep, user nobody) has /dev/$second open for writing" "/dev/$first" --path-only
	[[ $(field '.errors[-1].cause') != *"/dev/$first"* ]]
	do_fix
}

@test "inuse: a node with another name refuses, and so does an sg node that is open for reading" {
	mknod "$BATS_TEST_TMPDIR/node" b $((0x$(stat -c %t "/dev/$first"))) $((0x$(stat -c %T "/dev/$first")))
	background writer sleep 1000 5>"$BATS_TEST_TMPDIR/node"
	refused "process $pid (sleep, user root) has /dev/$first open for writing" "$lun"
	end "$pid"
	background reader sleep 1000 5<"/dev/$(paths "$lun" sg | tail -n 1)"
	refused "process $pid (sleep, user root) has /dev/sg" "$lun"
	end "$pid"
	background reader sleep 1000 5<"/dev/bsg/$(paths "$lun" hctl | tail -n 1)"
	refused "process $pid (sleep, user root) has /dev/bsg/" "$lun"
	do_fix
}

@test "inuse: a file system on top of device mapper is found, and the fix goes from the top down" {
	with_dm
	dmsetup create lower --table "0 65536 linear /dev/$second 0"
	dmsetup create upper --table "0 32768 linear /dev/mapper/lower 0"
	mkfs.ext4 -q -F /dev/mapper/upper
	mount /dev/mapper/upper /mnt/db
	refused "/dev/mapper/upper (on /dev/$second) is mounted on /mnt/db" "$lun"
	[[ $(field '.errors[-1].cause') == *"the device-mapper device upper is built on /dev/$second" ]]
	[ "$(field '.errors[-1].fix')" = "umount /mnt/db && dmsetup remove upper && dmsetup remove lower" ]
	do_fix
}

@test "inuse: swap space on a path other than the operand refuses" {
	mkswap "/dev/$second" >/dev/null
	swapon "/dev/$second"
	refused "/dev/$second is swap space" "/dev/$first" --path-only
	do_fix
}

@test "inuse: a loop device refuses, although it makes no claim" {
	with_loop
	losetup -f "/dev/$first"
	refused "the loop device loop0 is built on /dev/$first" "$lun"
	losetup -D
	mknod "$BATS_TEST_TMPDIR/node" b $((0x$(stat -c %t "/dev/$first"))) $((0x$(stat -c %T "/dev/$first")))
	losetup -f "$BATS_TEST_TMPDIR/node"
	refused "the loop device loop0 is built on /dev/$first" "$lun"
	do_fix
}

@test "inuse: a mount in another mount namespace is reported with a process of that namespace" {
	mkfs.ext4 -q -F "/dev/$first"
	background elsewhere unshare -m sh -c "mount /dev/$first /mnt/db && exec sleep 1000"
	eventually 300 grep -q /mnt/db "/proc/$pid/mountinfo"
	run ! grep -q /mnt/db /proc/self/mountinfo
	refused "/dev/$first is mounted on /mnt/db in the mount namespace of process $pid" "$lun"
	do_fix
}

@test "inuse: inside a PID namespace the checks cannot be made, and refuse" {
	run --separate-stderr unshare -pf --mount-proc cxlflashctl manage-lun "$lun" superpipe -j
	[ "$status" -eq 5 ]
	[ "$(code)" = USE_UNKNOWN ]
	[[ $(field '.errors[-1].cause') == *"not visible inside a PID namespace"* ]]
	[ "$(modes "$lun")" = "legacy legacy" ]
	background container unshare -pfm --mount-proc sleep 1000
	eventually 300 pgrep -P "$pid"
	run --separate-stderr nsenter -m -t "$(pgrep -P "$pid")" cxlflashctl manage-lun "$lun" superpipe -j
	[ "$status" -eq 5 ]
	[ "$(code)" = USE_UNKNOWN ]
	[ "$(modes "$lun")" = "legacy legacy" ]
	end "$(pgrep -P "$pid")" "$pid"
	run --separate-stderr unshare -pf --mount-proc cxlflashctl manage-lun "$lun" superpipe -j --force=mount,opener
	[ "$status" -eq 0 ]
	[ "$(field '.warnings|length')" -eq 1 ]
}

@test "inuse: with too few file descriptors a LUN that a program writes to is refused, and not for permissions" {
	local limit
	background writer sleep 1000 5>"/dev/$second"
	for limit in 8 13 18 23 28; do
		run --separate-stderr prlimit --nofile=$limit cxlflashctl manage-lun "$lun" superpipe
		echo "$limit: $status: $stderr"
		[[ "$status" = [15] ]]
		[ "$(modes "$lun")" = "legacy legacy" ]
	done
	run --separate-stderr prlimit --nofile=64 cxlflashctl manage-lun "$lun" superpipe
	[[ "$stderr" == *"process $pid (sleep, user root)"* ]]
}

@test "inuse: a reservation refuses, and keys alone do not" {
	control reserve "$lun" abc123 5
	refused "persistent reservation (write exclusive, registrants only) with key 0xabc123" "$lun"
	control reserve "$lun" abc123 0
	run --separate-stderr cxlflashctl manage-lun "$lun" superpipe -j
	[ "$status" -eq 0 ]
	cxlflashctl manage-lun "$lun" legacy
	control reserve "$lun" abc123 1
	run --separate-stderr cxlflashctl manage-lun "$lun" superpipe -j --force=reservation
	[ "$status" -eq 0 ]
}

@test "inuse: all reasons are reported at once, and --force overrides only the given checks" {
	mkfs.ext4 -q -F "/dev/$first"
	mount "/dev/$first" /mnt/db
	background writer sleep 1000 5>"/dev/$second"
	refused "is mounted on /mnt/db; process $pid (sleep, user root) has" "$lun"
	refused "process $pid" "$lun" --force=mount
	[[ $(field '.errors[-1].cause') != *mounted* ]]
	run --separate-stderr cxlflashctl manage-lun "$lun" superpipe -j --yes --force=mount,opener
	[ "$status" -eq 0 ]
	[[ $(field '.warnings[0].message') == *"is mounted on /mnt/db; process $pid"* ]]
}

@test "inuse: a mounted LUN in superpipe mode refuses contexts and handles" {
	cxlflashctl manage-lun "$lun" superpipe
	mkfs.ext4 -q -F "/dev/$first"
	mount "/dev/$first" /mnt/db
	for command in "context start $lun" "context run $lun -- true" "vlun create $lun 1G" "plun create $lun" \
		"context start -n $lun" "context run -n $lun -- true" "vlun create -n $lun 1G" "plun create -n $lun"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr cxlflashctl $command
		echo "$command: $stderr"
		[ "$status" -eq 5 ]
		[[ "$stderr" == *"/dev/$first is mounted on /mnt/db"* ]]
		[ -z "$(cxlflashctl context list --no-headings -q -o pid)" ]
	done
	umount /mnt/db
	cxlflashctl context start "$lun" --name one --yes
	cxlflashctl plun create "$lun" --context one --yes
	cxlflashctl context stop one --yes
	mount "/dev/$first" /mnt/db
	cxlflashctl vlun create -y "$lun" 1G --force=mount --context "$(cxlflashctl context start -y "$lun" --force=mount)"
}

# asks COMMAND...: without a terminal and --yes it stops because of the file system
asks() {
	run --separate-stderr cxlflashctl "$@" </dev/null
	echo "$*: $status: $stderr"
	[ "$status" -eq 11 ]
	[[ "$stderr" == *"without confirmation"*"/dev/$first contains data that programs may overwrite: ext4 \"db\""*--yes* ]]
}

@test "inuse: a LUN with a signature needs a confirmation for superpipe mode, contexts and handles" {
	mkfs.ext4 -q -F -L db "/dev/$second"
	asks manage-lun "$lun" superpipe
	asks manage-lun "/dev/$second" superpipe --path-only
	[ "$(modes "$lun")" = "legacy legacy" ]
	run --separate-stderr cxlflashctl manage-lun -n "$lun" superpipe
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning:"*"needs a confirmation: /dev/$first contains data"* ]]
	run bash -c 'echo n | script -qec "cxlflashctl manage-lun $0 superpipe" /dev/null' "$lun"
	[ "$status" -eq 11 ]
	[[ "$output" == *"switch LUN $lun to superpipe: /dev/$first contains data"*"Continue? [y/N]"* ]]
	[ "$(modes "$lun")" = "legacy legacy" ]
	run bash -c 'echo y | script -qec "cxlflashctl manage-lun $0 superpipe" /dev/null' "$lun"
	[ "$(modes "$lun")" = "superpipe superpipe" ]
	cxlflashctl manage-lun "$lun" superpipe </dev/null # nothing would change
	asks context start "$lun"
	asks context run "$lun" -- true
	asks vlun create "$lun" 1G
	asks plun create "$lun"
	cxlflashctl vlun create "$lun" 1G --yes
	cxlflashctl vlun create "$lun" 1G --context ctx0 # not the first
	stop_all
	cxlflashctl manage-lun "$lun" legacy </dev/null
}

@test "inuse: if it cannot be read whether a LUN contains data, a confirmation is needed; one path that answers is enough" {
	run --separate-stderr strace -qqo /dev/null -e trace=pread64 -e inject=pread64:error=EIO \
		cxlflashctl manage-lun "$lun" superpipe </dev/null
	echo "$stderr"
	[ "$status" -eq 11 ]
	[[ "$stderr" == *"cannot determine whether LUN $lun contains data: it cannot be read (EIO)"* ]]
	[ "$(modes "$lun")" = "legacy legacy" ]
	run --separate-stderr strace -qqo /dev/null -e trace=pread64 -e inject=pread64:error=EIO:when=1 \
		cxlflashctl manage-lun "$lun" superpipe </dev/null
	[ "$status" -eq 0 ]
}

@test "inuse: a signature is found behind a stale cache of another path" {
	background reader sleep 1000 5<"/dev/$first"
	dd if="/dev/$first" of=/dev/null bs=1M count=1 status=none
	mkfs.ext4 -q -F -L db "/dev/$second"
	asks manage-lun "$lun" superpipe
}

@test "inuse: contexts of other programs do not refuse a context, and do refuse legacy mode" {
	cxlflashctl manage-lun "$lun" superpipe
	hold "/dev/$(paths "$lun" sg | head -n 1)" context
	cxlflashctl context start "$lun" --name mine
	run --separate-stderr cxlflashctl manage-lun "$lun" legacy -j
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_HAS_HANDLES ]
	[[ $(field '.errors[-1].cause') == *"process $pid (hold"* ]]
	[[ $(field '.errors[-1].fix') == *"cxlflashctl context stop mine"* ]]
}

@test "inuse: while a LUN is being switched it cannot be mounted" {
	mkfs.ext4 -q -F "/dev/$first"
	background switch strace -qq -f -o /dev/null -e trace=ioctl -e inject=ioctl:delay_enter=2s \
		cxlflashctl manage-lun --yes "$lun" superpipe
	eventually 300 pgrep -x cxlflashctl
	eventually 600 sh -c "ls -l /proc/$(pgrep -x cxlflashctl)/fd | grep -q /dev/$first"
	run ! mount "/dev/$first" /mnt/db
	wait "$pid"
	[ "$(modes "$lun")" = "superpipe superpipe" ]
}

@test "inuse: lun info shows every use and the checks not made, and with --probe the signatures on the LUN" {
	mkfs.ext4 -q -F -L data "/dev/$first"
	mount "/dev/$first" /mnt/db
	run_json lun info "/dev/$second"
	[ "$(field '.data.luns[0].uses[].check' '.data.luns[0].uses[].answer' .data.luns[0].signatures)" = "mount opener reservation used not-asked not-asked null" ]
	[ "$(field '.data.luns[0].uses[0].cause' '.data.luns[0].uses[0].fix')" = "/dev/$first is mounted on /mnt/db umount /mnt/db" ]
	run_json lun info "/dev/$second" --probe
	[ "$(field '.data.luns[0].uses[].check' '.data.luns[0].signatures[0].type' '.data.luns[0].signatures[0].label')" = "mount ext4 data" ]
}

@test "inuse: a path that does not work refuses, and --force=offline-path leaves it out and keeps the other checks" {
	mkfs.ext4 -q -F "/dev/$first"
	echo offline >"/sys/block/$second/device/state"
	run --separate-stderr cxlflashctl manage-lun "$lun" superpipe -j
	[ "$status" -eq 7 ]
	[ "$(code)" = PATH_OFFLINE ]
	[[ $(field '.errors[-1].cause') == *'its SCSI device is in the state "offline"' ]]
	mount "/dev/$first" /mnt/db
	refused "/dev/$first is mounted on /mnt/db" "$lun" --force=offline-path
	umount /mnt/db
	run --separate-stderr cxlflashctl manage-lun "$lun" superpipe -j --yes --force=offline-path
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns[0].paths[].result')" = "switched left-out" ]
	[ "$(modes "$lun")" = "superpipe legacy" ]
	[[ $(field '.warnings[0].message') == *offline* ]]
	echo running >"/sys/block/$second/device/state"
	cxlflashctl manage-lun --yes "$lun" superpipe
	[ "$(modes "$lun")" = "superpipe superpipe" ]
}
