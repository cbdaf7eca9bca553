#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh [SOURCES]: cross-build the stand-in for the kernel's cxl module with the unpacked headers of the guest's
# kernel; write build/lab/cxlflash_standin.ko.
#
# The unmodified cxlflash.ko contains a CRC for each cxl_* symbol that it imports, which the kernel compares. CRCs
# computed from the structures of the stand-in would differ. Therefore its exports get the CRCs of the real cxl module
# from the headers' Module.symvers. No module is force-loaded.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sources=${1:-$top/lab/standin}
work=$top/build/lab/standin
kernel=$top/build/lab/kernel
release=$(sed -n 's/^release=//p' "$top/build/lab/driver")
headers=$kernel/usr/src/linux-headers-$release
common=$kernel/usr/src/linux-headers-${release%-powerpc64le}-common
export LC_ALL=C

# Debian's header package includes its common part by an absolute path; here that part is in build/.
echo "include $common/Makefile" >"$headers/Makefile"

# Kbuild writes next to the sources, so it works on a copy. cp -u keeps the build incremental.
mkdir -p "$work"
find "$work" -maxdepth 1 -name '*.[ch]' ! -name '*.mod.c' | while read -r copy; do
	[ -e "$sources/$(basename "$copy")" ] || rm -f "$copy" "${copy%.c}.o"
done
cp -u -p "$sources"/*.[ch] "$work/"
cp -u -p "$top/lab/standin/Kbuild" "$work/Kbuild"

kbuild() {
	make -s -C "$headers" M="$work" ARCH=powerpc CROSS_COMPILE=powerpc64le-linux-gnu- W=1 \
		-j"$(nproc)" modules 2>&1 | { grep -v -e 'Skipping BTF generation' || true; }
}

# Module.symvers: CRC SYMBOL MODULE EXPORT. The CRCs of the objects are in .cmd files, as "#SYMVER SYMBOL CRC".
give_reference_crcs() {
	awk -v symvers="$headers/Module.symvers" '
		BEGIN {
			while ((getline line < symvers) > 0) {
				split(line, f)
				if (f[3] == "drivers/misc/cxl/cxl")
					crc[f[2]] = f[1]
			}
		}
		/^#SYMVER/ {
			if (!($2 in crc)) {
				print $2 " is exported, but not by the real cxl module" > "/dev/stderr"
				exit 1
			}
			$3 = crc[$2]
		}
		{ print }' "$1" >"$1.new"
	mv "$1.new" "$1"
}

kbuild
for cmd in "$work"/.*.o.cmd; do
	grep -q '^#SYMVER' "$cmd" || continue
	give_reference_crcs "$cmd"
done
# Run modpost again with these CRCs; the objects stay.
rm -f "$work"/Module.symvers "$work"/.Module.symvers.cmd "$work"/cxlflash_standin.{ko,mod.c,mod.o}
kbuild
# Strip debug sections to make each boot faster. Backtraces keep the names.
powerpc64le-linux-gnu-strip --strip-debug -o "$top/build/lab/cxlflash_standin.ko.new" "$work/cxlflash_standin.ko"
mv "$top/build/lab/cxlflash_standin.ko.new" "$top/build/lab/cxlflash_standin.ko"
