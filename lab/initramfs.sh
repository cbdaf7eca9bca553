#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# initramfs.sh: pack build/lab/initramfs.cpio, the complete root file system of the guest: the packages that setup.sh
# unpacked, the kernel modules for the boot and the tests, the stand-in and the driver. The guest keeps it in memory;
# there is no disk.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/build/lab
release=$(sed -n 's/^release=//p' "$lab/driver")
export LC_ALL=C

boot_modules=(virtio_pci 9p 9pnet_virtio virtio_console scsi_mod sd_mod sg)
# Modules that tests may load. cxlflash is not among them, because lab/guest/init loads it after the stand-in, nor is
# Debian's cxl, which must not be loaded.
test_modules=(dm-mod dm-multipath dm-service-time dm-round-robin dm-crypt loop md-mod raid1 bcache nvmet target_core_iblock ext4 xfs vfat)

# The files of modules and their dependencies, dependencies first.
module_files() {
	local module
	for module in "$@"; do
		modprobe -S "$release" -d "$lab/kernel" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }'
}

# Strip debug sections and thereby the signature, whose check takes the emulated processor more than a second.
# (cxlflash.ko is not installed here and stays unmodified.)
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
	# udev finds no alias for the driver, `modprobe cxlflash` works, and Debian's cxl is not loaded with it.
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

# Two concatenated archives, which the kernel supports: the unpacked root, and the files added here.
pack() { (cd "$1" && find . | sort | cpio --quiet -o -H newc -R 0:0); }

[ -f "$lab/kernel/usr/lib/modules/$release/modules.dep" ] ||
	depmod -b "$lab/kernel" -F "$lab/kernel/boot/System.map-$release" "$release"
added=$(mktemp -d "$lab/initramfs.XXXXXX")
trap 'rm -rf "$added" "$lab/initramfs.cpio.new"' EXIT
mkdir -p "$added/usr/lib"
ln -s usr/lib "$added/lib"
install_modules "$added"
install_driver "$added"
rm "$added/lib" # it is in the root archive
chmod 755 "$added"
{
	pack "$lab/root"
	pack "$added"
} >"$lab/initramfs.cpio.new"
mv "$lab/initramfs.cpio.new" "$lab/initramfs.cpio"
