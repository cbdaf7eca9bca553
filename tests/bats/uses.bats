#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Each kind of use keeps commands off a LUN, in both modes, and the data on the LUN stays as it is. LVM, md, bcache and
# multipath are in other_users.bats; that all commands ask the same question is in inuse.bats.

load helper

lun=$two_ports

setup() {
	first=$(paths "$lun" sd | head -n 1) second=$(paths "$lun" sd | tail -n 1)
	mkdir -p /mnt/db
	yes 'data of another user' | head -c 4M >"/dev/$second"
	cxlflashctl manage-lun "$lun" superpipe
}

teardown() {
	stop_all
	control reserve "$lun" 0 0
	awk '/ \/mnt\// { print $2 }' /proc/mounts | xargs -r umount
	swapoff -a
	losetup -D
	dmsetup remove_all
	! [ -d /sys/kernel/config/nvmet/subsystems/db ] || unexport_nvmet
	! [ -d /sys/kernel/config/target/core/iblock_0 ] || unexport_lio
	! mountpoint -q /sys/kernel/config || umount /sys/kernel/config
	for module in nvmet target_core_iblock target_core_mod; do rmmod "$module" || true; done 2>/dev/null
	all_legacy
	erase "$lun"
}

sum() { dd if="/dev/$second" bs=1M count=4 iflag=direct status=none | sha256sum; }

# refused CAUSE COMMAND...: the command fails for this reason
refused() {
	run --separate-stderr cxlflashctl "${@:2}"
	echo "${*:2}: $status: $stderr"
	[ "$status" -eq 5 ]
	[[ "$stderr" == *"$1"* ]]
}

# both_refuse CAUSE: a command in each mode refuses, with --yes too, and the data stays as it is
both_refuse() {
	local before
	before=$(sum)
	refused "$1" vlun create -y "$lun" 1G
	cxlflashctl manage-lun "$lun" legacy
	refused "$1" manage-lun -y "/dev/$first" superpipe --path-only
	[ "$(modes "$lun")" = "legacy legacy" ]
	[ "$(sum)" = "$before" ]
}

@test "uses: a mount" {
	mkfs.ext4 -q -F "/dev/$second"
	mount -o ro "/dev/$second" /mnt/db
	both_refuse "/dev/$second is mounted on /mnt/db"
}

@test "uses: a mount in another mount namespace" {
	mkfs.ext4 -q -F "/dev/$second"
	background elsewhere unshare -m sh -c "mount -o ro /dev/$second /mnt/db && exec sleep 1000"
	eventually 300 grep -q /mnt/db "/proc/$pid/mountinfo"
	both_refuse "is mounted on /mnt/db in the mount namespace of process $pid"
}

@test "uses: swap space" {
	mkswap "/dev/$second" >/dev/null
	swapon "/dev/$second"
	both_refuse "/dev/$second is swap space"
}

@test "uses: device mapper" {
	modprobe dm-mod
	dmsetup create db --table "0 8192 linear /dev/$second 0"
	both_refuse "the device-mapper device db is built on /dev/$second"
}

@test "uses: a loop device" {
	modprobe loop
	losetup -f "/dev/$second"
	both_refuse "the loop device loop0 is built on /dev/$second"
}

unexport_nvmet() {
	echo 0 >/sys/kernel/config/nvmet/subsystems/db/namespaces/1/enable
	rmdir /sys/kernel/config/nvmet/subsystems/db{/namespaces/1,}
}

@test "uses: an export by nvmet; without configfs this cannot be checked, and refuses" {
	modprobe nvmet
	refused "the back-ends of nvmet in /sys/kernel/config/nvmet/subsystems cannot be read" context start "$lun"
	[[ "$stderr" == *"--force=export"*USE_UNKNOWN* ]]
	mount -t configfs none /sys/kernel/config
	mkdir -p /sys/kernel/config/nvmet/subsystems/db/namespaces/1
	printf '/dev/%s' "$second" >/sys/kernel/config/nvmet/subsystems/db/namespaces/1/device_path
	echo 1 >/sys/kernel/config/nvmet/subsystems/db/namespaces/1/enable
	both_refuse "/dev/$second is exported by nvmet as namespace 1 of db"
}

unexport_lio() { rmdir /sys/kernel/config/target/core/iblock_0{/db,}; }

@test "uses: an export by LIO" {
	modprobe target_core_iblock
	mount -t configfs none /sys/kernel/config
	mkdir -p /sys/kernel/config/target/core/iblock_0/db
	echo "udev_path=/dev/$second" >/sys/kernel/config/target/core/iblock_0/db/control
	echo 1 >/sys/kernel/config/target/core/iblock_0/db/enable
	both_refuse "/dev/$second is exported by LIO as iblock_0/db"
}

@test "uses: a program that has a node open for writing" {
	background writer sleep 1000 5<>"/dev/$second"
	both_refuse "process $pid (sleep, user root) has /dev/$second open for writing"
}

@test "uses: a program that has an sg node open" {
	background reader sleep 1000 5<"/dev/$(paths "$lun" sg | tail -n 1)"
	both_refuse "process $pid (sleep, user root) has /dev/sg"
}

@test "uses: a reservation of another host" {
	control reserve "$lun" abc123 5
	both_refuse "the LUN has a persistent reservation"
}

@test "uses: a context, for legacy mode" {
	local before
	before=$(sum)
	hold "/dev/$(paths "$lun" sg | head -n 1)" context
	refused "process $pid (hold" manage-lun -y "$lun" legacy
	[ "$(modes "$lun")" = "superpipe superpipe" ]
	[ "$(sum)" = "$before" ]
}
