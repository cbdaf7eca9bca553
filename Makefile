# SPDX-License-Identifier: GPL-2.0-or-later
#
# cxlflash-utils: one non-recursive Makefile.
#
#   make                    native programs in build/native/bin, manual pages in build/man
#   make install            with DESTDIR=, prefix=/usr/local, sysconfdir=/etc, mandir=, bashdir=, zshdir=, fishdir=,
#                           systemdunitdir=, tmpfilesdir=, sysusersdir=, udevrulesdir=, multipathconfdir=
#   make check              all checks; `make check-native` needs neither the lab nor the driver
#   make demo               the tools against the real driver in the lab (see lab/)
#   make help               all targets, one line for each
#   make portability        builds and checks on Debian 11, 12 and 13, in trees below build/
#   make CC=clang V=1       another compiler; V=1 shows the commands
#   make CFLAGS=-g          other flags; the project's warnings and language standard are added
#   make WERROR=            a warning is not an error
#
# `make`, `make install` and `make check` share their objects, so everything is compiled once. In a clone a warning is
# an error in all of them. In an unpacked release, where the compiler may be an untested one, it is not. WERROR=-Werror
# and WERROR= override this. build/FLAVOUR/flags contains the compiler, its version and its flags; when one of them
# changes, that flavour is compiled again.
#
# A new program is a new cmd/NAME.c (its parts in cmd/SHORT/) and its PACKAGES_; a new library file is a new lib/NAME.c;
# a new subcommand is a new cmd/ctl/NAME.c and one line in cmd/ctl/command.h. This file needs no other change.

VERSION := $(shell cat VERSION)
prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
fishdir ?= $(datadir)/fish/vendor_completions.d
schemadir ?= $(datadir)/cxlflash-utils/schema
exampledir ?= $(datadir)/cxlflash-utils/examples
sysconfdir ?= /etc
systemdunitdir ?= $(prefix)/lib/systemd/system
tmpfilesdir ?= $(prefix)/lib/tmpfiles.d
sysusersdir ?= $(prefix)/lib/sysusers.d
udevrulesdir ?= $(prefix)/lib/udev/rules.d
multipathconfdir ?= $(sysconfdir)/multipath/conf.d

CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wmissing-prototypes
WERROR ?= $(if $(wildcard .git),-Werror)
OWN_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DCXLF_VERSION='"$(VERSION)"' $(WARNINGS) $(WERROR)
PKG_CONFIG ?= pkg-config
# Libraries of each program besides libsgutils2, which has no pkg-config file. tests/cli/build.bats checks the list.
PACKAGES_cxlflashctl := libudev json-c smartcols blkid
PACKAGES_cxlflash-verify := json-c smartcols
PACKAGES_cxlflash-holder :=
PACKAGES_unit := $(PACKAGES_cxlflashctl)
# before glibc 2.34 threads and dlopen are in separate libraries
THREADS_cxlflash-holder := -pthread -ldl
SANITIZE := -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined -fno-omit-frame-pointer

Q := $(if $(V),,@)
B := build

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all
.PHONY: all FORCE
FORCE:
quote = '$(subst ','\'',$(1))'

# ---- sources -------------------------------------------------------------------------------------

PROGRAMS := $(patsubst cmd/%.c,%,$(wildcard cmd/*.c))
LIB_C := $(wildcard lib/*.c lib/*/*.c)
CTL_C := $(wildcard cmd/ctl/*.c)
HOLDER_C := $(wildcard cmd/holder/*.c)
VERIFY_C := $(wildcard cmd/verify/*.c)
COMMON_C := $(wildcard cmd/common/*.c)
UNIT_C := $(wildcard tests/unit/test_*.c)
UNIT_HELP_C := $(filter-out $(UNIT_C),$(wildcard tests/unit/*.c))
CONFORMANCE_C := $(wildcard tests/conformance/*.c)
LAB_PROGRAMS := $(patsubst tests/bats/%.c,%,$(wildcard tests/bats/*.c))
FUZZ_C := $(wildcard tests/fuzz/fuzz_*.c)

# Include directories of each folder. In the product only lib/ioctl_wrap.c includes the kernel's structures.
INCLUDE_lib := -Ilib
INCLUDE_cmd := -Ilib
INCLUDE_tests := -Ilib
INCLUDE_man := -Ilib
INCLUDE_lib/ioctl_wrap := -Iabi -Ilib
INCLUDE_tests/conformance := -Iabi
INCLUDE_tests/bats := -Iabi -Ilib
INCLUDE_tests/bench := -Iabi
includes = $(or $(INCLUDE_$(1)),$(INCLUDE_$(patsubst %/,%,$(dir $(1)))),$(INCLUDE_$(firstword $(subst /, ,$(1)))))

# ---- flavours: the same sources with another compiler or other flags ------------------------------
# $(1): name; CC_$(1), FLAGS_$(1), libs_$(1): compiler, flags and libraries.
define flavour
$(B)/$(1)/flags: FORCE | $$(NEEDS_$(1))
	@mkdir -p $$(@D)
	@{ $$(CC_$(1)) --version | head -n 1; printf '%s\n' $$(call quote,$$(COMPILE_$(1)) $$(LDFLAGS)); } > $$@.$$$$$$$$; \
	if cmp -s $$@.$$$$$$$$ $$@; then rm $$@.$$$$$$$$; else mv $$@.$$$$$$$$ $$@; fi

COMPILE_$(1) = $$(CC_$(1)) $$(OWN_CFLAGS) $$(CFLAGS) $$(FLAGS_$(1)) $$(CPPFLAGS)
$(B)/$(1)/obj/%.o: %.c $(B)/$(1)/flags Makefile
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  CC      $(1) $$<")
	$$(Q)$$(COMPILE_$(1)) $$(call includes,$$*) -MMD -MP -c -o $$@ $$<

$(B)/$(1)/libcxlflash.a: $(LIB_C:%.c=$(B)/$(1)/obj/%.o)
	@rm -f $$@
	$$(Q)$$(AR_$(1)) qcs $$@ $$^

$(B)/$(1)/bin/cxlflashctl: $(CTL_C:%.c=$(B)/$(1)/obj/%.o) $(COMMON_C:%.c=$(B)/$(1)/obj/%.o)
$(B)/$(1)/bin/cxlflash-verify: $(VERIFY_C:%.c=$(B)/$(1)/obj/%.o) $(COMMON_C:%.c=$(B)/$(1)/obj/%.o)
$(B)/$(1)/bin/cxlflash-holder: $(HOLDER_C:%.c=$(B)/$(1)/obj/%.o)
$(PROGRAMS:%=$(B)/$(1)/bin/%): $(B)/$(1)/bin/%: $(B)/$(1)/obj/cmd/%.o $(B)/$(1)/libcxlflash.a
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  LD      $$@")
	$$(Q)$$(CC_$(1)) $$(CFLAGS) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(B)/$(1)/libcxlflash.a $$(THREADS_$$(@F)) $$(call libs_$(1),$$(PACKAGES_$$(@F)))

$(B)/$(1)/unit/%: $(B)/$(1)/obj/tests/unit/%.o $(UNIT_HELP_C:%.c=$(B)/$(1)/obj/%.o) $(B)/$(1)/libcxlflash.a
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  LD      $$@")
	$$(Q)$$(CC_$(1)) $$(CFLAGS) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $(B)/$(1)/libcxlflash.a -pthread -ldl $$(call libs_$(1),$$(PACKAGES_unit))

# this object contains the completion scripts
$(B)/$(1)/obj/cmd/ctl/completion.o: $(wildcard completions/*)

# the option tables of all programs, for the manual
$(B)/$(1)/man/sections: $(patsubst %.c,$(B)/$(1)/obj/%.o,man/sections.c $(CTL_C) $(COMMON_C) $(VERIFY_C) $(HOLDER_C)) $(B)/$(1)/libcxlflash.a
	@mkdir -p $$(@D)
	$$(Q)$$(CC_$(1)) $$(CFLAGS) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$^ -pthread -ldl $$(call libs_$(1),$$(PACKAGES_unit))

# the socket code of the holder, without a context
$(B)/$(1)/unit/test_serve: $(patsubst %,$(B)/$(1)/obj/cmd/holder/%.o,serve publish note place)

# without libcxlflash: hold and the bench use the kernel's structures directly
$(LAB_PROGRAMS:%=$(B)/$(1)/tests/%): $(B)/$(1)/tests/%: $(B)/$(1)/obj/tests/bats/%.o
$(B)/$(1)/tests/field: LDLIBS = -ljson-c
$(B)/$(1)/tests/direct $(B)/$(1)/tests/switch: $(B)/$(1)/tests/%: $(B)/$(1)/obj/tests/bench/%.o
$(B)/$(1)/tests/conformance: $(CONFORMANCE_C:%.c=$(B)/$(1)/obj/%.o)
$(B)/$(1)/tests/%:
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  LD      $$@")
	$$(Q)$$(CC_$(1)) $$(CFLAGS) $$(FLAGS_$(1)) $$(LDFLAGS) -pthread -o $$@ $$^ $$(LDLIBS)

# a holder of another release: tests of an upgrade while contexts are held
OTHER_$(1) := $(patsubst %,$(B)/$(1)/other/%.o,cmd/cxlflash-holder lib/holder/wire lib/holder/client lib/holder/start)
$(B)/$(1)/other/%.o: %.c $(B)/$(1)/flags Makefile
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  CC      $(1)/other $$<")
	$$(Q)$$(COMPILE_$(1)) -UCXLF_VERSION -DCXLF_VERSION='"9.9.9"' -DCXLF_WIRE_VERSION=99 $$(call includes,$$*) -MMD -MP -c -o $$@ $$<
$(B)/$(1)/tests/other/cxlflash-holder: $$(OTHER_$(1)) $(HOLDER_C:%.c=$(B)/$(1)/obj/%.o) $(B)/$(1)/libcxlflash.a
	@mkdir -p $$(@D)
	@$$(if $$(Q),echo "  LD      $$@")
	$$(Q)$$(CC_$(1)) $$(CFLAGS) $$(FLAGS_$(1)) $$(LDFLAGS) -o $$@ $$^ $$(THREADS_cxlflash-holder) $$(call libs_$(1))
-include $$(OTHER_$(1):.o=.d)

.PHONY: programs-$(1) unit-$(1)
programs-$(1): $(PROGRAMS:%=$(B)/$(1)/bin/%)
unit-$(1): $(UNIT_C:tests/unit/%.c=$(B)/$(1)/unit/%)
.PRECIOUS: $(B)/$(1)/obj/%.o
-include $(patsubst %.c,$(B)/$(1)/obj/%.d,$(LIB_C) $(CTL_C) $(HOLDER_C) $(VERIFY_C) $(COMMON_C) $(PROGRAMS:%=cmd/%.c) man/sections.c $(UNIT_C) $(UNIT_HELP_C) $(CONFORMANCE_C) $(FUZZ_C) $(wildcard tests/bats/*.c tests/bench/*.c))
endef

CC_native = $(CC)
AR_native = $(AR)
libs_native = $(if $(1),$(shell $(PKG_CONFIG) --libs $(1))) -lsgutils2

# clang, because the fuzz targets are linked with the same library
CC_asan = clang
AR_asan = $(AR)
FLAGS_asan = -O1 -g $(SANITIZE) -DCXLF_SANITIZED
libs_asan = $(libs_native)

# lab/lab.mk sets the cross compiler (CC_PPC, CFLAGS_PPC, AR_PPC) and has the targets of the lab.
-include lab/lab.mk
CC_PPC ?= powerpc64le-linux-gnu-gcc
AR_PPC ?= powerpc64le-linux-gnu-ar
CC_ppc64le = $(CC_PPC)
AR_ppc64le = $(AR_PPC)
FLAGS_ppc64le = $(CFLAGS_PPC)
libs_ppc64le = $(patsubst %,-l%,$(1:lib%=%)) -lsgutils2

$(foreach f,native asan ppc64le,$(eval $(call flavour,$(f))))

# ---- targets --------------------------------------------------------------------------------------

CTL := $(B)/native/bin/cxlflashctl
VERIFY := $(B)/native/bin/cxlflash-verify
MAN_IN := $(wildcard man/*.scd.in)
MAN := $(patsubst man/%.scd.in,$(B)/man/%,$(MAN_IN))
SCHEMA := $(wildcard schema/*.json)

RULES := $(wildcard dist/*.rules)
# The directories in the files of dist/.
DIST_PLACES = -e 's|@bindir@|$(bindir)|g' -e 's|@sysconfdir@|$(sysconfdir)|g' -e 's|@exampledir@|$(exampledir)|g'

.PHONY: man install uninstall ppc64le
all: programs-native man ## native programs and manual pages
ppc64le: programs-ppc64le ## the same programs for the lab's ppc64le guest
man: $(MAN) ## manual pages (scdoc), with synopsis and options from the programs

# SYNOPSIS, OPTIONS, EXAMPLES and tables of a manual page come from the option tables (man/sections.c), and JSON keys from
# the schemas: see man/fill.sh. .nh follows .TH, which enables hyphenation: names of pages must not be hyphenated.
$(B)/man/%: man/%.scd.in man/fill.sh man/keys.py $(SCHEMA) $(B)/native/man/sections $(B)/native/bin/cxlflashctl
	@mkdir -p $(@D)
	@$(if $(Q),echo "  MAN     $@")
	$(Q)man/fill.sh $(B)/native $(or $(filter $(basename $*),$(PROGRAMS)),cxlflashctl) $< > $@.scd && SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(date -r VERSION +%s)} scdoc < $@.scd > $@ && sed -i '/^\.TH/a .nh' $@

install: all ## install below $(DESTDIR)$(prefix)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8 $(DESTDIR)$(schemadir)
	install -d $(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir) $(DESTDIR)$(fishdir)
	install -m 755 $(PROGRAMS:%=$(B)/native/bin/%) $(DESTDIR)$(bindir)
	$(if $(filter %.5,$(MAN)),install -m 644 $(filter %.5,$(MAN)) $(DESTDIR)$(mandir)/man5)
	$(if $(filter %.8,$(MAN)),install -m 644 $(filter %.8,$(MAN)) $(DESTDIR)$(mandir)/man8)
	$(foreach p,$(PROGRAMS),install -m 644 completions/cxlflash.bash $(DESTDIR)$(bashdir)/$(p) &&) :
	$(foreach p,$(PROGRAMS),install -m 644 completions/cxlflash.fish $(DESTDIR)$(fishdir)/$(p).fish &&) :
	install -m 644 completions/_cxlflash $(DESTDIR)$(zshdir)
	install -m 644 $(SCHEMA) $(DESTDIR)$(schemadir)
	install -d $(DESTDIR)$(systemdunitdir) $(DESTDIR)$(tmpfilesdir) $(DESTDIR)$(sysusersdir) $(DESTDIR)$(udevrulesdir)
	install -d $(DESTDIR)$(exampledir)
	sed $(DIST_PLACES) dist/cxlflash-holder@.service.in > $(DESTDIR)$(systemdunitdir)/cxlflash-holder@.service
	chmod 644 $(DESTDIR)$(systemdunitdir)/cxlflash-holder@.service
	install -m 644 dist/cxlflash.tmpfiles $(DESTDIR)$(tmpfilesdir)/cxlflash.conf
	install -m 644 dist/cxlflash.sysusers $(DESTDIR)$(sysusersdir)/cxlflash.conf
	install -m 644 $(RULES) $(DESTDIR)$(udevrulesdir)
	install -d $(DESTDIR)$(multipathconfdir)
	install -m 644 dist/multipath.conf $(DESTDIR)$(multipathconfdir)/cxlflash.conf
	install -m 644 dist/holder.conf $(DESTDIR)$(exampledir)

uninstall: ## remove exactly the files that install wrote
	rm -f $(PROGRAMS:%=$(DESTDIR)$(bindir)/%)
	rm -f $(patsubst $(B)/man/%,$(DESTDIR)$(mandir)/man5/%,$(filter %.5,$(MAN)))
	rm -f $(patsubst $(B)/man/%,$(DESTDIR)$(mandir)/man8/%,$(filter %.8,$(MAN)))
	rm -f $(PROGRAMS:%=$(DESTDIR)$(bashdir)/%) $(PROGRAMS:%=$(DESTDIR)$(fishdir)/%.fish) $(DESTDIR)$(zshdir)/_cxlflash
	rm -f $(SCHEMA:schema/%=$(DESTDIR)$(schemadir)/%)
	rm -f $(DESTDIR)$(systemdunitdir)/cxlflash-holder@.service $(DESTDIR)$(exampledir)/holder.conf
	rm -f $(DESTDIR)$(tmpfilesdir)/cxlflash.conf $(DESTDIR)$(sysusersdir)/cxlflash.conf
	rm -f $(RULES:dist/%=$(DESTDIR)$(udevrulesdir)/%) $(DESTDIR)$(multipathconfdir)/cxlflash.conf
	-rmdir -p --ignore-fail-on-non-empty $(DESTDIR)$(schemadir) $(DESTDIR)$(exampledir) 2>/dev/null

# ---- checks: every one prints TAP ------------------------------------------------------------------

FUZZ_SECONDS ?= 12
BATS ?= bats --tap
export BATS
TOOK = tests/times.bash
FORMATTED = $(wildcard abi/*.h lib/*.[ch] lib/*/*.[ch] cmd/*.c cmd/*/*.[ch] man/*.c tests/*/*.[ch] lab/standin/*.[ch])

.PHONY: check check-native check-unit check-cli check-sanitize check-fuzz check-layers check-symbols check-lint check-lab check-lab-bats check-lab-conformance check-long
.PHONY: portability fuzz bench demo setup lab format clean help
# two jobs: the lab's guest uses one core, the native checks the other
check: ## all checks, including those in the lab
	$(Q)scripts/setup.sh --host
	$(Q)mkdir -p $(B) && : >$(B)/times
	$(Q)TIMES=$(abspath $(B))/times $(MAKE) --no-print-directory -j2 -Otarget check-lab check-native; rc=$$?; \
		tests/times.bash $(B)/times; exit $$rc
check-native: check-unit check-cli check-sanitize check-layers check-symbols check-lint check-fuzz ## all checks that need neither the lab nor the driver

check-unit: unit-native ## unit tests of lib/
	$(Q)tests/tap.sh unit tests/unit/abi_all_targets.sh $(UNIT_C:tests/unit/%.c=$(B)/native/unit/%)

check-cli: all ## help, completion, manual pages, schemas, usage errors, saved trees
	$(Q)CXLFLASHCTL=$(abspath $(CTL)) tests/bats.sh $(wildcard tests/cli/*.bats)

check-sanitize: unit-asan programs-asan ## unit and command line tests under ASan and UBSan
	$(Q)tests/tap.sh sanitized $(UNIT_C:tests/unit/%.c=$(B)/asan/unit/%)
	$(Q)CXLFLASHCTL=$(abspath $(B)/asan/bin/cxlflashctl) CXLF_SANITIZED=1 tests/bats.sh -w sanitized $(filter-out %/build.bats %/completion.bats %/install.bats %/layers.bats,$(wildcard tests/cli/*.bats))

check-layers: programs-native ## which folder may use which, and which files may use ioctl, udev, printf, exit
	$(Q)$(TOOK) layers tests/layers.sh $(B)/native

check-symbols: programs-native ## no imported symbol is newer than the oldest supported libraries
	$(Q)$(TOOK) symbols tests/symbols.sh $(B)/native $(CC)

check-lint: programs-native unit-native programs-asan unit-asan ## shellcheck, cppcheck, clang-tidy, clang-format, warnings of both compilers
	$(Q)LINT_CFLAGS="-std=gnu11 -D_GNU_SOURCE $(WARNINGS)" $(TOOK) lint tests/lint.sh $(FORMATTED)

check-fuzz: $(FUZZ_C:tests/fuzz/%.c=$(B)/fuzz/%) ## fuzz targets: the most used parsers for FUZZ_SECONDS, the others for a third of it
	$(Q)$(TOOK) fuzz tests/fuzz.sh $(FUZZ_SECONDS) $^

portability: ## build and check on Debian 11, 12 and 13, in trees below build/; SUITES=trixie selects one
	$(Q)tests/portability.sh $(SUITES)

fuzz: ## run each fuzz target for up to ten minutes
	$(Q)$(MAKE) --no-print-directory check-fuzz FUZZ_SECONDS=600

$(FUZZ_C:tests/fuzz/%.c=$(B)/fuzz/%): $(B)/fuzz/%: $(B)/asan/obj/tests/fuzz/%.o $(B)/asan/libcxlflash.a
	@mkdir -p $(@D)
	@$(if $(Q),echo "  LD      $@")
	$(Q)$(CC_asan) $(FLAGS_asan) -fsanitize=fuzzer -o $@ $^ $(call libs_asan,$(PACKAGES_unit))

check-lab: check-lab-bats check-lab-conformance check-lab-host ## all tests on the real driver
# A file with a line "# lab: OPTIONS" has a machine of its own. The others share two machines, one for the tests of
# contexts and one for the rest, because starting a machine takes 12 s. Each file restores the state it found, and can
# also run alone: make lab-tests/bats/list.bats.
LAB_BATS := $(wildcard tests/bats/*.bats)
LAB_ALONE := $(shell grep -l '^\# lab: ' $(LAB_BATS))
LAB_CONTEXTS := $(filter-out $(LAB_ALONE),$(wildcard $(patsubst %,tests/bats/%*.bats,context holder recover verify vlun)))
LAB_LUNS := $(filter-out $(LAB_ALONE) $(LAB_CONTEXTS),$(LAB_BATS))
LAB_PARTS := ppc64le lab $(LAB_PROGRAMS:%=$(B)/ppc64le/tests/%) $(B)/ppc64le/tests/other/cxlflash-holder
.PHONY: lab-contexts lab-luns $(LAB_BATS:%=lab-%)
check-lab-bats: lab-contexts lab-luns $(LAB_ALONE:%=lab-%) ## the commands and the lab's fault injection; lab-tests/bats/X.bats runs one file
lab-contexts: $(LAB_PARTS)
	$(Q)tests/lab.sh $(LAB_CONTEXTS)
lab-luns: $(LAB_PARTS)
	$(Q)tests/lab.sh $(LAB_LUNS)
$(LAB_BATS:%=lab-%): lab-%: $(LAB_PARTS)
	$(Q)tests/lab.sh $*
check-lab-conformance: $(B)/ppc64le/tests/conformance lab ## the driver's contract, each statement
	$(Q)$(TOOK) conformance lab/run --timeout 1800 -- /lab/tree/$<

# for releases; OFTEN sets the number of repetitions
check-long: $(LAB_PARTS) ## tests that take hours: every command in every state, hundreds of kills; writes tests/long/REPORT.md
	$(Q)tests/long/run.sh tests/long/REPORT.md

setup: ## fetch and unpack the packages for the lab (scripts/setup.sh)
	$(Q)scripts/setup.sh

demo: ppc64le lab ## a first session in the lab, on the default rack
	$(Q)lab/run -- /lab/tree/lab/demo

bench: all ppc64le lab $(addprefix $(B)/ppc64le/tests/,direct switch poke hold) ## measure against lsscsi, a lower limit and the bare request; updates the tables of README.md
	$(Q)tests/bench/run.sh $(CTL) $(B)/bench
	$(Q)lab/run -- /lab/tests/bench/holder.sh > $(B)/bench/holder.md
	$(Q)lab/run --kind flashgt,corsa --adapters 2 --luns 16 --private 0 --boot-timeout 900 --timeout 1800 -- /lab/tests/bench/switch.sh >> $(B)/bench/holder.md
	$(Q)tests/bench/insert.sh bench-holder $(B)/bench/holder.md README.md

format: ## rewrite all sources with clang-format
	$(Q)clang-format -i $(FORMATTED)

clean: ## remove build results (not the packages that setup fetched)
	rm -rf $(B)/native $(B)/asan $(B)/ppc64le $(B)/man $(B)/fuzz $(B)/bench $(B)/portability/*/root

help: ## this list
	$(Q)sed -n 's/^\([a-z][a-z0-9-]*\):[^#]*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | sort | expand -t 26
