#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The ABI header's assertions hold for every machine the suite may be built on: compiled, not run.
# Exact commands: for each TARGET below
#   clang --target=TARGET -ffreestanding -nostdlibinc -idirafter KERNEL_HEADERS -Iabi -fsyntax-only -x c -
# where KERNEL_HEADERS holds asm/ioctl.h of that family. Skipped where clang or the headers are missing.
set -u
cd "$(dirname "$0")/../.." || exit 1
n=0 bad=0

check() { # target headers
	n=$((n + 1))
	if [ ! -e "$2/asm/ioctl.h" ]; then
		echo "ok $n - $1 # SKIP no $2/asm/ioctl.h"
	elif echo '#include "cxlflash_abi.h"' | clang --target="$1" -ffreestanding -nostdlibinc -idirafter "$2" \
		-idirafter /usr/include -Iabi -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -x c -; then
		echo "ok $n - the ABI is as the driver has it on $1"
	else
		echo "not ok $n - the ABI is as the driver has it on $1"
		bad=1
	fi
}

echo 1..5
if ! command -v clang >/dev/null; then
	for n in 1 2 3 4 5; do echo "ok $n - # SKIP no clang"; done
	exit 0
fi
generic=/usr/include/x86_64-linux-gnu
powerpc=build/lab/sysroot/usr/include/powerpc64le-linux-gnu # unpacked by make setup
check x86_64-linux-gnu $generic
check aarch64-linux-gnu $generic
check powerpc64le-linux-gnu $powerpc
check powerpc64-linux-gnu $powerpc
check powerpc-linux-gnu $powerpc
exit $bad
