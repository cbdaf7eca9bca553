#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# initramfs.sh: packs build/lab/initramfs.cpio, all of the guest's root file system: what setup.sh unpacked,
# the kernel modules that the boot and the tests want, the stand-in and the driver. The guest keeps it in
# memory; there is no disk.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/build/lab
release=$(sed -n 's/^release=//p' "$lab/driver")
export LC_ALL=C

boot_modules=(virtio_pci 9p 9pnet_virtio virtio_console scsi_mod sd_mod sg)
# What tests may modprobe. Neither cxlflash nor Debian's cxl is among them: lab/guest/init loads the driver
# when the stand-in is in place, and the real cxl must never be.
test_modules=(dm-mod dm-multipath dm-round-robin dm-crypt loop md-mod raid1 ext4 xfs vfat)

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

install_modules() { # root
	local modules=$1/usr/lib/modules/$release files file
	files=$(module_files "${boot_modules[@]}" "${test_modules[@]}")
	for file in $files; do
		install_module "$file" "$modules/${file#*/lib/modules/"$release"/}"
	done
	cp "$lab/kernel/usr/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$modules/"
	depmod -b "$1" -F "$lab/kernel/boot/System.map-$release" "$release"
	# Udev finds no such alias, a person's `modprobe cxlflash` works, and Debian's cxl is not asked for.
	mkdir -p "$1/etc/modprobe.d"
	# shellcheck disable=SC2016 # modprobe expands it
	echo 'install cxlflash /sbin/insmod /run/lab/cxlflash.ko $CMDLINE_OPTS' >"$1/etc/modprobe.d/lab.conf"
}

install_driver() { # root
	local file
	file=$(sed -n 's/^file=//p' "$lab/driver")
	mkdir -p "$1/run/lab" "$1/run/lock"
	cp "$lab/driver" "$lab/$file" "$lab/cxlflash_standin.ko" "$1/run/lab/"
	install -m 755 "$top/lab/guest/init" "$1/init"
}

# Two archives in one, as the kernel allows: the root as unpacked, and what is added here.
pack() { (cd "$1" && find . | sort | cpio --quiet -o -H newc -R 0:0); }

[ -f "$lab/kernel/usr/lib/modules/$release/modules.dep" ] ||
	depmod -b "$lab/kernel" -F "$lab/kernel/boot/System.map-$release" "$release"
added=$(mktemp -d "$lab/initramfs.XXXXXX")
trap 'rm -rf "$added" "$lab/initramfs.cpio.new"' EXIT
mkdir -p "$added/usr/lib"
ln -s usr/lib "$added/lib"
install_modules "$added"
install_driver "$added"
rm "$added/lib" # the root has it
chmod 755 "$added"
{
	pack "$lab/root"
	pack "$added"
} >"$lab/initramfs.cpio.new"
mv "$lab/initramfs.cpio.new" "$lab/initramfs.cpio"
