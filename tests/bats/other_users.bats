#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# The rules in dist/ keep other users of disks off LUNs in superpipe mode: udev's own rules, and Debian's LVM, md, bcache
# and multipathd. A LUN that is switched back is theirs again.

load helper

setup_file() {
	cp -a /lab/tree/build/lab/others/. /
	mkdir -p /run/udev/rules.d /etc/multipath/conf.d
	cp /lab/tree/dist/*.rules /run/udev/rules.d/
	cp /lab/tree/dist/multipath.conf /etc/multipath/conf.d/cxlflash.conf
	printf 'defaults {\n\tfind_multipaths yes\n}\n' >/etc/multipath.conf
	udevadm control --reload
	modprobe -a dm-mod dm-multipath dm-service-time md-mod raid1 bcache
}

setup() {
	first=$(paths "$two_ports" sd | head -n 1) second=$(paths "$two_ports" sd | tail -n 1)
	single=$(paths "$small" sd)
}

teardown() {
	stop_all
	all_legacy
	udevadm settle
	echo 1 >/sys/block/bcache0/bcache/stop || true
	mdadm --stop --scan || true
	dmsetup remove_all
	erase "$two_ports" "$small"
	blockdev --rereadpt "/dev/$single"
} 2>/dev/null

# property DEVICE NAME: print a property from udev's database
property() { udevadm info -q property -n "/dev/$1" | sed -n "s/^$2=//p"; }

# superpipe LUN; legacy LUN: switch it, and let udev finish
superpipe() { cxlflashctl manage-lun --yes "$1" superpipe && udevadm settle; }
legacy() { cxlflashctl manage-lun "$1" legacy && udevadm settle; }

# coldplug DISK: as at boot, or after a change of the rules
coldplug() { udevadm trigger --action=add --settle "/dev/$1"; }

@test "other users: the properties of disks and partitions follow the mode, from each kind of event on" {
	local action device
	echo 'label-id:0x12345678 2048,8192' | tr ' ' '\n' | sfdisk -q --label dos "/dev/$single"
	udevadm settle
	mkfs.ext4 -q -F -U 11111111-2222-3333-4444-555555555555 "/dev/${single}1"
	coldplug "${single}1"
	[ -e /dev/disk/by-uuid/11111111-2222-3333-4444-555555555555 ]
	superpipe "$small"
	for action in none change add; do
		[ "$action" = none ] || udevadm trigger --action="$action" --settle "/dev/$single" "/dev/${single}1"
		for device in "$single" "${single}1"; do
			[ "$(property "$device" ID_FS_TYPE)" = cxlflash_superpipe ]
			[ "$(property "$device" SYSTEMD_READY),$(property "$device" UDISKS_IGNORE)" = 0,1 ]
			[ -z "$(property "$device" 'ID_FS_U.*\|ID_PART.*\|DM_MULTIPATH_DEVICE_PATH')" ]
		done
	done
	[ ! -e /dev/disk/by-uuid/11111111-2222-3333-4444-555555555555 ]
	[ -e "/dev/disk/by-id/wwn-0x$small" ]
	legacy "$small"
	[ "$(property "${single}1" ID_FS_TYPE)" = ext4 ]
	[ "$(property "$single" ID_PART_TABLE_TYPE)" = dos ]
	[ -z "$(property "${single}1" 'SYSTEMD_READY\|UDISKS_IGNORE')" ]
	[ -e /dev/disk/by-uuid/11111111-2222-3333-4444-555555555555 ]
}

@test "other users: closing a disk in superpipe mode causes no event" {
	local before
	events() { cat /sys/kernel/uevent_seqnum; }
	superpipe "$small"
	before=$(events)
	: 5>"/dev/$single"
	nap 1
	udevadm settle
	[ "$(events)" -eq "$before" ]
	legacy "$small"
	before=$(events)
	: 5>"/dev/$single"
	eventually 100 eval '[ "$(events)" -gt "$before" ]'
}

@test "other users: LVM does not activate volumes on a LUN in superpipe mode, and does in legacy mode" {
	vgcreate -qq vg "/dev/$single"
	lvcreate -qq -n lv -L 64M vg
	vgchange -qq -an vg
	superpipe "$small"
	coldplug "$single"
	[ ! -e /dev/mapper/vg-lv ]
	legacy "$small"
	eventually 300 [ -e /dev/mapper/vg-lv ]
	run --separate-stderr cxlflashctl manage-lun "$small" superpipe -j
	[ "$(code)" = LUN_IN_USE ]
	bash -c "$(field '.errors[-1].fix')"
	superpipe "$small"
}

@test "other users: md does not assemble a RAID from a LUN in superpipe mode, and does in legacy mode" {
	mdadm --create /dev/md0 -q --level=1 --raid-devices=1 --force --run "/dev/$single"
	# in legacy mode udev may assemble it again when mdadm closes the disk
	eventually 20 eval 'mdadm --stop --scan; udevadm settle; ! grep -q "$single" /proc/mdstat'
	superpipe "$small"
	coldplug "$single"
	run ! grep "$single" /proc/mdstat
	legacy "$small"
	eventually 300 grep "$single" /proc/mdstat
}

@test "other users: bcache does not register a LUN in superpipe mode, and does in legacy mode" {
	make-bcache -B "/dev/$single"
	udevadm settle
	if [ -e "/sys/block/$single/bcache/stop" ]; then echo 1 >"/sys/block/$single/bcache/stop"; fi
	eventually 100 [ ! -e "/sys/block/$single/bcache" ]
	superpipe "$small"
	coldplug "$single"
	[ ! -e "/sys/block/$single/bcache" ]
	legacy "$small"
	eventually 300 [ -e "/sys/block/$single/bcache" ]
}

@test "other users: multipathd makes no map of a LUN in superpipe mode, and does in legacy mode" {
	local id=3$two_ports
	background multipathd multipathd -d -s
	multipath -a "/dev/$first" >/dev/null
	multipathd -k'add path '"$first" || true
	eventually 300 multipathd show daemon
	multipathd add path "$second"
	multipathd reconfigure
	eventually 300 [ -e "/dev/mapper/$id" ]
	run --separate-stderr cxlflashctl manage-lun "$two_ports" superpipe -j
	[ "$(code)" = LUN_IN_USE ]
	[[ $(field '.errors[-1].cause') == *"the multipath map $id is built on"* ]]
	bash -c "$(field '.errors[-1].fix')"
	superpipe "$two_ports"
	coldplug "$first"
	coldplug "$second"
	multipathd reconfigure
	eventually 100 multipathd show daemon
	nap 3
	[ ! -e "/dev/mapper/$id" ]
	legacy "$two_ports"
	eventually 300 [ -e "/dev/mapper/$id" ]
}
