#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# initramfs.sh: from what setup.sh unpacked, the two things that a boot still lacks:
#
#   build/lab/root/usr/lib/modules   the kernel modules that tests may want
#   build/lab/initramfs.cpio         busybox and the few modules it takes to reach the host
#
# There is no disk image: the guest's root file system is build/lab/root itself, read-only by 9p,
# below an overlay in its memory. Loading ext4 alone would take longer than all of this.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/build/lab
release=$(sed -n 's/^release=//p' "$lab/driver")
export LC_ALL=C

# Loaded by the initramfs, in this order.
boot_modules=(virtio_pci 9p 9pnet_virtio overlay virtio_console)
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

# Without debug sections, and thereby without the signature, whose check would cost the emulated
# processor more than a second. (cxlflash.ko is not handled here: it stays as it is.)
install_module() { # from, to
	mkdir -p "$(dirname "$2")"
	powerpc64le-linux-gnu-strip --strip-debug -o "$2" "$1"
}

# Made aside and swapped: a guest may be running on this root.
install_guest_modules() {
	local tree=$lab/modules.tree modules files file
	modules=$tree/lib/modules/$release
	rm -rf "$tree"
	files=$(module_files "${guest_modules[@]}")
	for file in $files; do
		install_module "$file" "$modules/${file#*/lib/modules/"$release"/}"
	done
	cp "$lab/kernel/usr/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$modules/"
	depmod -b "$tree" -F "$lab/kernel/boot/System.map-$release" "$release"
	rm -rf "$lab/root/usr/lib/modules"
	mv "$tree/lib/modules" "$lab/root/usr/lib/modules"
	rm -rf "$tree"
	# Udev finds no such alias, a person's `modprobe cxlflash` works, and Debian's cxl is not asked for.
	mkdir -p "$lab/root/etc/modprobe.d"
	# shellcheck disable=SC2016 # modprobe expands it
	echo 'install cxlflash /sbin/insmod /run/lab/cxlflash.ko $CMDLINE_OPTS' >"$lab/root/etc/modprobe.d/lab.conf"
}

make_initramfs() {
	local tree=$lab/initramfs.tree files file
	rm -rf "$tree"
	mkdir -p "$tree"/{bin,modules,proc,sys,dev,lower,upper,root}
	cp "$lab/initramfs/bin/busybox" "$tree/bin/"
	install -m 755 "$top/lab/guest/init" "$tree/init"
	files=$(module_files "${boot_modules[@]}")
	for file in $files; do
		install_module "$file" "$tree/modules/${file##*/}"
		echo "${file##*/}" >>"$tree/modules/order"
	done
	(cd "$tree" && find . | sort | cpio --quiet -o -H newc -R 0:0) >"$lab/initramfs.cpio.new"
	rm -rf "$tree"
	mv "$lab/initramfs.cpio.new" "$lab/initramfs.cpio"
}

[ -f "$lab/kernel/usr/lib/modules/$release/modules.dep" ] ||
	depmod -b "$lab/kernel" -F "$lab/kernel/boot/System.map-$release" "$release"
install_guest_modules
make_initramfs
