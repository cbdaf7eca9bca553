# SPDX-License-Identifier: GPL-2.0-or-later
#
# The lab's part of the Makefile: the cross build for the guest, and the files for a boot.

LAB := $(B)/lab

# The compiler is that of the host. Headers and libraries, including libc, are those of the guest, from unpacked Debian
# packages. No -I or -L besides --sysroot: libc.so is a linker script with absolute paths.
CC_PPC := powerpc64le-linux-gnu-gcc
AR_PPC := powerpc64le-linux-gnu-ar
CFLAGS_PPC := --sysroot=$(abspath $(LAB)/sysroot)

$(LAB)/stamp: scripts/setup.sh scripts/debian.sh
	$(Q)scripts/setup.sh
	@touch $@

# the files of the guest; it contains no file of the product, so changes of the product do not rebuild it
$(LAB)/initramfs.cpio: lab/initramfs.sh lab/guest/init $(LAB)/cxlflash_standin.ko $(LAB)/stamp
	@echo "  PACK    $@"
	$(Q)lab/initramfs.sh

# the booted machine, from which every run starts
$(LAB)/snapshot.key: lab/run $(LAB)/initramfs.cpio
	@echo "  BOOT    $(LAB)/snapshot"
	$(Q)lab/run --save

$(LAB)/cxlflash_standin.ko: $(wildcard lab/standin/*) $(LAB)/stamp
	@echo "  MODULE  $@"
	$(Q)lab/standin/build.sh

# Objects depend on the sysroot.
NEEDS_ppc64le := $(LAB)/stamp

.PHONY: shell check-lab-host check-symbols-ppc64le
lab: $(LAB)/snapshot.key ## all parts that lab/run boots
shell: ppc64le lab ## a terminal in the lab; OPTIONS="--kind corsa": see lab/run --help
	$(Q)lab/shell $(OPTIONS)

check-lab: check-symbols-ppc64le
check-symbols-ppc64le: ppc64le ## check-symbols for the guest's architecture
	$(Q)tests/symbols.sh $(B)/ppc64le $(CC_PPC) $(CFLAGS_PPC)

check-lab-host: lab ## tests of lab/run, on the host
	$(Q)tests/bats.sh $(wildcard tests/host/*.bats)
