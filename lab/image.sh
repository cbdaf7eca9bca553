#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# image.sh: packs what setup.sh unpacked into the two files QEMU boots from:
#
#   build/lab/root.img     the userland and its kernel modules, an ext4 image made without root
#   build/lab/initramfs    busybox and the few modules it takes to mount it
#
# Neither holds a file of the project except lab/guest/init: tools, tests and the stand-in come to
# the guest by 9p, so an edit of theirs never rebuilds an image.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/build/lab
release=$(sed -n 's/^release=//p' "$lab/driver")
work=$lab/image
export LC_ALL=C

# To reach the root file system and the host: loaded by the initramfs, in this order.
boot_modules=(virtio_pci virtio_blk ext4 9p 9pnet_virtio virtio_console)
# What tests may modprobe. Neither cxlflash nor Debian's cxl is among them: the agent loads the
# driver when the stand-in is in place, and the real cxl must never be.
guest_modules=(scsi_mod sd_mod sg dm-mod dm-multipath dm-round-robin dm-crypt loop md-mod raid1 ext4 xfs vfat)

# The files of modules and of all they depend on, dependencies first.
module_files() {
	local module
	for module in "$@"; do
		modprobe -S "$release" -d "$lab/kernel" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

make_initramfs() {
	local tree=$work/initramfs files file
	mkdir -p "$tree"/{bin,modules,proc,sys,dev,root}
	cp "$lab/initramfs/bin/busybox" "$tree/bin/"
	install -m 755 "$top/lab/guest/init" "$tree/init"
	files=$(module_files "${boot_modules[@]}")
	for file in $files; do
		cp "$file" "$tree/modules/"
		basename "$file" >>"$tree/modules/order"
	done
	(cd "$tree" && find . | sort | cpio --quiet -o -H newc -R 0:0) >"$lab/initramfs.cpio.new"
	mv "$lab/initramfs.cpio.new" "$lab/initramfs.cpio"
}

# The unpacked root stays as it is: links where copies would cost time.
make_root_image() {
	local tree=$work/root modules files file
	cp -al "$lab/root" "$tree"
	modules=$tree/usr/lib/modules/$release
	files=$(module_files "${guest_modules[@]}" "${boot_modules[@]}")
	for file in $files; do
		install -D -m 644 "$file" "$modules/${file#*/lib/modules/"$release"/}"
	done
	cp "$lab/kernel/usr/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$modules/"
	depmod -b "$tree" -F "$lab/kernel/boot/System.map-$release" "$release"
	# Udev finds no such alias, a person's `modprobe cxlflash` works, and Debian's cxl is not asked for.
	mkdir -p "$tree/etc/modprobe.d"
	# shellcheck disable=SC2016 # modprobe expands it
	echo 'install cxlflash /sbin/insmod /run/lab/cxlflash.ko $CMDLINE_OPTS' >"$tree/etc/modprobe.d/lab.conf"

	truncate -s 512M "$lab/root.img.new"
	mke2fs -q -F -t ext4 -O '^has_journal,^metadata_csum' -m 0 -E root_owner=0:0,nodiscard -d "$tree" "$lab/root.img.new"
	mv "$lab/root.img.new" "$lab/root.img"
}

# make's view: the images are as new as root.img, which therefore comes last.
rm -rf "$work"
mkdir -p "$work"
[ -f "$lab/kernel/usr/lib/modules/$release/modules.dep" ] ||
	depmod -b "$lab/kernel" -F "$lab/kernel/boot/System.map-$release" "$release"
make_initramfs
make_root_image
rm -rf "$work"
