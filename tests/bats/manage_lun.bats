#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The mode switch. The tests compare the driver's attribute `mode` of every path.

load helper

wwid=$shared other=$two_ports third=$small

teardown() {
	awk '/ \/mnt\// { print $2 }' /proc/mounts | xargs -r umount
	swapoff -a
	! type dmsetup >/dev/null || dmsetup remove_all
	all_legacy
	erase "$other" "$third"
}

@test "manage-lun: switches all four paths of a LUN to superpipe, and back" {
	run cxlflashctl manage-lun "$wwid" superpipe
	[ "$status" -eq 0 ]
	[ "$(modes "$wwid")" = "superpipe superpipe superpipe superpipe" ]
	[ "$(modes "$other")" = "legacy legacy" ]
	run cxlflashctl manage-lun "$wwid" legacy
	[ "$status" -eq 0 ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
}

@test "manage-lun: a LUN can be named by any path, and all paths are switched" {
	for name in "/dev/$(paths "$wwid" sg | tail -n 1)" "$(paths "$wwid" hctl | sed -n 2p)" /dev/disk/by-id/wwn-0x"$wwid"; do
		cxlflashctl manage-lun "$name" superpipe
		[ "$(modes "$wwid")" = "superpipe superpipe superpipe superpipe" ]
		cxlflashctl manage-lun "$name" legacy
		[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
	done
}

@test "manage-lun: the result has the mode before and the mode now" {
	run --separate-stderr cxlflashctl manage-lun "$wwid" superpipe --json
	[ "$status" -eq 0 ]
	[ "$(field .data.changed '.data.luns[0].changed' '.data.luns[0].mode' '.data.luns[0].paths|length')" = "true true superpipe 4" ]
	[ "$(field '.data.luns[0].paths[].mode_before|unique' '.data.luns[0].paths[].mode|unique' '.data.luns[0].paths[].result|unique')" = "legacy superpipe switched" ]
}

@test "manage-lun: a LUN that is already in the mode is not changed, with changed false" {
	cxlflashctl manage-lun "$wwid" superpipe
	run --separate-stderr cxlflashctl manage-lun "$wwid" superpipe --json --trace="$BATS_TEST_TMPDIR/trace"
	[ "$status" -eq 0 ]
	[ "$(field .data.changed '.data.luns[0].result')" = "false already" ]
	[ ! -s "$BATS_TEST_TMPDIR/trace" ]
}

@test "manage-lun: only paths in the other mode are switched" {
	cxlflashctl manage-lun --path-only "/dev/$(paths "$wwid" sg | head -n 1)" superpipe
	run --separate-stderr cxlflashctl manage-lun "$wwid" superpipe --json --trace="$BATS_TEST_TMPDIR/trace"
	[ "$status" -eq 0 ]
	[ "$(modes "$wwid")" = "superpipe superpipe superpipe superpipe" ]
	[ "$(field '.data.luns[0].paths[].result')" = "already switched switched switched" ]
	[ "$(grep -c DK_CXLFLASH_MANAGE_LUN "$BATS_TEST_TMPDIR/trace")" -eq 3 ]
}

@test "manage-lun: a dry run prints the plan, makes no request and changes nothing" {
	run --separate-stderr cxlflashctl manage-lun --dry-run "$wwid" superpipe --json --trace="$BATS_TEST_TMPDIR/trace"
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns[0].paths[].result')" = "planned planned planned planned" ]
	[ "$(field .data.{dry_run,changed})" = "true false" ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
	[ ! -s "$BATS_TEST_TMPDIR/trace" ]
}

@test "manage-lun: a dry run finds a mounted LUN as the run does" {
	mkfs.ext4 -q -F "$(disk "$other")"
	mkdir -p /mnt/db
	mount "$(disk "$other")" /mnt/db
	run --separate-stderr cxlflashctl manage-lun -n "$other" superpipe --json
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_IN_USE ]
}

@test "manage-lun: --path-only switches one path and warns that the LUN is now mixed" {
	sg=$(paths "$wwid" sg | sed -n 2p)
	run --separate-stderr cxlflashctl manage-lun --path-only "/dev/$sg" superpipe --json
	[ "$status" -eq 0 ]
	[ "$(modes "$wwid")" = "legacy superpipe legacy legacy" ]
	[ "$(field '.warnings|length')" -eq 1 ]
	[ "$(cxlflashctl lun info "$wwid" --no-headings -o mode)" = mixed ]
}

@test "manage-lun: a LUN mounted through any path stays legacy; the message has the mount point" {
	mkfs.ext4 -q -F "$(disk "$other")"
	mkdir -p /mnt/db
	for sd in $(paths "$other" sd); do
		mount "/dev/$sd" /mnt/db
		run --separate-stderr cxlflashctl manage-lun "$other" superpipe
		[ "$status" -eq 5 ]
		[[ "$stderr" == *"it is in use"*"/dev/$sd is mounted on /mnt/db"*umount*/mnt/db*"LUN_IN_USE"* ]]
		[ "$(modes "$other")" = "legacy legacy" ]
		umount /mnt/db
	done
	run cxlflashctl manage-lun --yes "$other" superpipe
	[ "$status" -eq 0 ]
}

@test "manage-lun: --force=mount overrides the check, with a warning" {
	mkfs.ext4 -q -F "$(disk "$other")"
	mkdir -p /mnt/db
	mount "$(disk "$other")" /mnt/db
	run --separate-stderr cxlflashctl manage-lun --yes "$other" superpipe
	[ "$status" -eq 5 ]
	run --separate-stderr cxlflashctl manage-lun --yes --force=mount "$other" superpipe
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning:"*"is mounted on /mnt/db"* ]]
	[ "$(modes "$other")" = "superpipe superpipe" ]
	umount /mnt/db
}

@test "manage-lun: a LUN with swap space stays legacy" {
	mkswap "$(disk "$third")"
	swapon "$(disk "$third")"
	run --separate-stderr cxlflashctl manage-lun "$third" superpipe
	[ "$status" -eq 5 ]
	[[ "$stderr" == *swap* ]]
	[ "$(modes "$third")" = legacy ]
}

@test "manage-lun: a LUN below device mapper stays legacy" {
	type dmsetup || skip "no dmsetup"
	modprobe dm-mod || insmod "/lib/modules/$(uname -r)/kernel/drivers/md/dm-mod.ko"
	dmsetup create over --table "0 8192 linear $(disk "$third") 0"
	run --separate-stderr cxlflashctl manage-lun "$third" superpipe
	[ "$status" -eq 5 ]
	[[ "$stderr" == *dm-* || "$stderr" == *over* ]]
	[ "$(modes "$third")" = legacy ]
}

@test "manage-lun: a LUN with a mounted partition stays legacy, and a partition is not a valid LUN operand" {
	disk=$(disk "$third")
	echo '2048,' | sfdisk -q --label dos "$disk"
	udevadm settle
	[ -b "${disk}1" ]
	run --separate-stderr cxlflashctl manage-lun "${disk}1" superpipe --json
	[ "$status" -eq 3 ]
	[ "$(code)" = NOT_CXLFLASH ]
	mkfs.ext4 -q -F "${disk}1"
	mkdir -p /mnt/part
	mount "${disk}1" /mnt/part
	run --separate-stderr cxlflashctl manage-lun "$third" superpipe
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"${disk}1 is mounted on /mnt/part"* ]]
	[ "$(modes "$third")" = legacy ]
	umount /mnt/part
	wipefs -qa "$disk" 2>/dev/null || dd if=/dev/zero of="$disk" bs=4096 count=1 status=none
	blockdev --rereadpt "$disk"
}

@test "manage-lun: a program that has the disk open exclusively is found" {
	# mkfs opens with O_EXCL, as volume managers do; strace makes it slow.
	strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:delay_enter=20s mkfs.ext4 -q -F "$(disk "$third")" 3>&- &
	holder=$!
	nap 5
	run --separate-stderr cxlflashctl manage-lun "$third" superpipe --json
	pkill -P "$holder" || true
	kill "$holder" || true
	wait "$holder" || true
	[ "$status" -eq 5 ]
	[ "$(code)" = LUN_IN_USE ]
	[ "$(modes "$third")" = legacy ]
}

@test "manage-lun: several LUNs are switched by one command" {
	run --separate-stderr cxlflashctl manage-lun "$wwid" "$(disk "$other")" "$third" superpipe --json
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns|length')" -eq 3 ]
	[ "$(modes "$wwid") $(modes "$other") $(modes "$third")" = "superpipe superpipe superpipe superpipe superpipe superpipe superpipe" ]
}

@test "manage-lun: when one of several LUNs is in use, the others are switched and the status is 10" {
	mkfs.ext4 -q -F "$(disk "$other")"
	mkdir -p /mnt/db
	mount "$(disk "$other")" /mnt/db
	run --separate-stderr cxlflashctl manage-lun "$other" "$third" superpipe --json
	[ "$status" -eq 10 ]
	[ "$(code)" = PARTIAL ]
	[ "$(field '.errors[0].code')" = LUN_IN_USE ]
	[ "$(field ".data.luns[wwid=$other].result" ".data.luns[wwid=$other].error_code")" = "failed LUN_IN_USE" ]
	[ "$(field ".data.luns[wwid=$third].result")" = switched ]
	[ "$(modes "$other")" = "legacy legacy" ]
	[ "$(modes "$third")" = superpipe ]
}

@test "manage-lun: one unknown name among several stops the command before anything is changed" {
	run --separate-stderr cxlflashctl manage-lun "$wwid" 60050768ffffffffffffffffffffffff superpipe --json
	[ "$status" -eq 3 ]
	[ "$(code)" = LUN_NOT_FOUND ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
}

@test "manage-lun: a suffix of the WWID is refused" {
	run --separate-stderr cxlflashctl manage-lun "${wwid: -12}" superpipe --json
	[ "$status" -ne 0 ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
}

@test "manage-lun: without privileges it is refused, and the missing permission is named" {
	run --separate-stderr as_nobody cxlflashctl manage-lun "$wwid" superpipe --json
	[ "$status" -eq 4 ]
	[ "$(code)" = PERMISSION ]
	[ "$(field '.errors[-1].cause')" != null ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
}

@test "manage-lun: if the driver refuses one path, the paths switched before are switched back" {
	# Find the number of the third MANAGE_LUN among the program's ioctls. strace then answers it in place of the
	# driver.
	strace -qq -o "$BATS_TEST_TMPDIR/strace" -e trace=ioctl cxlflashctl manage-lun "$wwid" superpipe >/dev/null
	third_request=$(grep -n 'DK_CXLFLASH_MANAGE_LUN' "$BATS_TEST_TMPDIR/strace" | sed -n '3s/:.*//p')
	cxlflashctl manage-lun "$wwid" legacy >/dev/null
	run --separate-stderr strace -qq -o /dev/null -e trace=ioctl -e "inject=ioctl:error=EIO:when=$third_request" \
		cxlflashctl manage-lun "$wwid" superpipe --json
	[ "$status" -eq 1 ]
	[ "$(code)" = MODE_NOT_REACHED ]
	[ "$(field '.errors[0].errno' .data.changed)" = "EIO false" ]
	[ "$(field '.data.luns[0].paths[].result')" = "rolled-back rolled-back not-switched not-switched" ]
	[ "$(modes "$wwid")" = "legacy legacy legacy legacy" ]
}

@test "manage-lun: I/O works in both modes, and every path has the same data" {
	printf 'written in legacy mode' | dd of="$(disk "$wwid")" conv=notrunc,fsync status=none
	cxlflashctl manage-lun "$wwid" superpipe
	for sd in $(paths "$wwid" sd); do
		[ "$(dd if="/dev/$sd" bs=4096 count=1 iflag=direct status=none | head -c 22)" = "written in legacy mode" ]
	done
}
