#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# build.sh [SOURCES]: cross-builds the stand-in for the kernel's cxl module against the unpacked
# headers of the guest's kernel; writes build/lab/cxlflash_standin.ko.
#
# The unmodified cxlflash.ko carries a CRC for each cxl_* symbol it imports, and the kernel compares.
# Computed from our own structures those of the exports would differ, so the build gives our exports
# the CRCs that the headers' Module.symvers has for the real cxl module. Nothing is force-loaded.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sources=${1:-$top/lab/standin}
work=$top/build/lab/standin
kernel=$top/build/lab/kernel
release=$(sed -n 's/^release=//p' "$top/build/lab/driver")
headers=$kernel/usr/src/linux-headers-$release
common=$kernel/usr/src/linux-headers-${release%-powerpc64le}-common
export LC_ALL=C

# Debian's header package includes its common half by absolute path; here it lives in build/.
echo "include $common/Makefile" >"$headers/Makefile"

# Kbuild writes beside the sources, so it gets a copy. cp -u keeps the build incremental.
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

# Module.symvers: CRC SYMBOL MODULE EXPORT. The objects' CRCs stand as "#SYMVER SYMBOL CRC" in .cmd files.
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
# modpost again, with these; the objects stay.
rm -f "$work"/Module.symvers "$work"/.Module.symvers.cmd "$work"/cxlflash_standin.{ko,mod.c,mod.o}
kbuild
# without debug sections: reading them costs every boot time, backtraces keep their names
powerpc64le-linux-gnu-strip --strip-debug -o "$top/build/lab/cxlflash_standin.ko.new" "$work/cxlflash_standin.ko"
mv "$top/build/lab/cxlflash_standin.ko.new" "$top/build/lab/cxlflash_standin.ko"
