#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The build: when files are compiled again, which libraries each program links, and what the check of symbols finds.

load helper

setup() {
	[ -z "$CXLF_SANITIZED" ] || skip "the native build is the subject"
	unset MAKEFLAGS MFLAGS WERROR # set by the make that runs this test
	# a clone with the build results, so that nothing needs to be compiled
	mkdir "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone" || return
	mkdir .git build
}

copy_build() {
	cp -a "$top"/{Makefile,VERSION,abi,cmd,completions,lib} .
	mkdir tests lab
	cp -a "$top/tests/unit" tests
	cp -a "$top/lab/lab.mk" lab
	cp -a "$top/build/native" build
	make -s unit-native programs-native
	touch built
}

@test "build: checks do not compile again what make has compiled" {
	copy_build
	run make unit-native programs-native
	[ "$status" -eq 0 ]
	[ -z "$(find build -name '*.o' -newer built)" ]
}

@test "build: a change of flags or compiler compiles everything again, and so does changing back" {
	copy_build
	make -s CFLAGS=-O0 build/native/obj/lib/size.o
	[ build/native/obj/lib/size.o -nt built ]
	touch built
	make -s build/native/obj/lib/size.o build/native/obj/lib/wwid.o
	[ build/native/obj/lib/size.o -nt built ]
	[ build/native/obj/lib/wwid.o -nt built ]

	printf '#!/bin/sh\n[ "$1" != --version ] || { echo "%s"; exit; }\nexec cc "$@"\n' 'cc 99' >mycc
	chmod +x mycc
	make -s CC=./mycc build/native/obj/lib/size.o
	touch built
	make -s CC=./mycc build/native/obj/lib/size.o
	[ ! build/native/obj/lib/size.o -nt built ]
	sed -i 's/cc 99/cc 100/' mycc
	make -s CC=./mycc build/native/obj/lib/size.o
	[ build/native/obj/lib/size.o -nt built ]
}

@test "build: warnings are errors in a clone, for make and make check-unit, but not in a release or with WERROR=" {
	copy_build
	echo 'int planted(void) { return 0; }' >>lib/size.c
	for goal in all check-unit; do
		run make "$goal"
		[ "$status" -eq 2 ]
		[[ $output == *"size.c"*"-Werror=missing-prototypes"* ]]
	done
	make -s WERROR= build/native/obj/lib/size.o
	rm -r .git
	touch lib/size.c
	run make build/native/obj/lib/size.o
	[ "$status" -eq 0 ]
	[[ $output == *"-Wmissing-prototypes"* ]]
}

@test "build: each program links only with the libraries it needs" {
	for program in "cxlflashctl libblkid libc libjson-c libsgutils2 libsmartcols libudev" \
		"cxlflash-verify libc libjson-c libsgutils2 libsmartcols" "cxlflash-holder libc libsgutils2"; do
		# threads need libpthread, and dlopen needs libdl, before glibc 2.34
		needed=$(readelf -dW "$top/build/native/bin/${program%% *}" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' |
			sed -E 's/(-[0-9.]+)?\.so.*//' | grep -v -e '^libpthread$' -e '^libdl$' -e '^ld' | sort | xargs)
		echo "${program%% *} needs $needed"
		[ "$needed" = "${program#* }" ]
	done
}

# imports SYMBOL: run the check of symbols on objects that import SYMBOL
imports() {
	mkdir -p build/obj/lib build/obj/cmd
	echo "int $1(void); int planted(void); int planted(void) { return $1(); }" >planted.c
	cc -fno-builtin -w -c -o build/obj/lib/planted.o planted.c
	cc -xc -c -o build/obj/cmd/empty.o /dev/null
	run "$top/tests/symbols.sh" build cc
}

@test "symbols: a symbol newer than the oldest supported library fails and names the object" {
	for symbol in strerrorname_np closefrom json_object_new_uint64 json_object_new_array_ext json_tokener_get_parse_end \
		get_scsi_pt_cdb_len udev_device_get_current_tags_list_entry scols_line_vprintf no_such_symbol; do
		imports "$symbol"
		echo "$output"
		[ "$status" -eq 1 ]
		[[ $output == *"# lib/planted.o: $symbol "* ]]
	done
	for symbol in strerror stat pthread_create __isoc23_strtol json_object_new_int64 udev_new scols_new_table; do
		imports "$symbol"
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "symbols: without objects the check fails" {
	run "$top/tests/symbols.sh" nothing cc
	[ "$status" -eq 1 ]
	[[ $output == *"no object in nothing/obj"* ]]
}
