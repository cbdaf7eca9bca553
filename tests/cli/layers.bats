# SPDX-License-Identifier: GPL-2.0-or-later
# The check of the layers detects each kind of violation, in a copy of the tree.

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	local root=$BATS_TEST_DIRNAME/../..
	mkdir -p build tests
	cp -r "$root"/{lib,cmd,abi,man,ARCHITECTURE.md} .
	cp -r "$root/tests/unit" tests
	cp -r "$root"/build/native/{obj,bin} build
}

layers() {
	run "$BATS_TEST_DIRNAME/../layers.sh" build
}

@test "layers: the unmodified tree passes" {
	layers
	[ "$status" -eq 0 ]
}

@test "layers: an include of a higher folder fails and names the file" {
	echo '#include "lun/switch.h"' >>lib/discover/names.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'# lib/discover/names.c includes lib/lun/switch.h'* ]]
}

@test "layers: an include of another folder's private header fails" {
	echo '#include "discover/scan.h"' >>lib/lun/switch.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'lib/lun/switch.c includes the private lib/discover/scan.h'* ]]
}

@test "layers: a call into a higher folder fails even without an include" {
	echo 'int cxlf_lun_switch(void); int planted(void); int planted(void) { return cxlf_lun_switch(); }' >lib/discover/planted.c
	cc -c -o build/obj/lib/discover/planted.o lib/discover/planted.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'# lib/discover/planted calls into lib/lun/switch cxlf_lun_switch'* ]]
}

@test "layers: two files of a folder that call each other fail the check" {
	echo 'int cxlf_wwid_equal(void); int planted(void); int planted(void) { return cxlf_wwid_equal(); }' >lib/planted.c
	cc -c -o build/obj/lib/planted.o lib/planted.c
	echo 'int planted(void); int cxlf_wwid_equal(void); int cxlf_wwid_equal(void) { return planted(); }' >wwid.c
	cc -c -o build/obj/lib/wwid.o wwid.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'not ok'*'call each other in a cycle'* ]]
}

@test "layers: a folder without a row in the table fails" {
	mkdir lib/new
	echo 'int planted;' >lib/new/planted.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'lib/new has no row'* ]]
}

@test "layers: an exported function without a caller fails; a unit test counts as a caller" {
	echo 'int cxlf_wwid_planted(void); int cxlf_wwid_planted(void) { return 0; }' >lib/planted.c
	cc -c -o build/obj/lib/planted.o lib/planted.c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'not ok'*'no exported function without a caller'*'# cxlf_wwid_planted'* ]]
	echo '/* cxlf_wwid_planted */' >tests/unit/test_planted.c
	layers
	[ "$status" -eq 0 ]
}

@test "layers: a holder that links json-c fails" {
	echo 'int json_object_put(void *); int main(void) { return json_object_put(0); }' >planted.c
	cc -o build/bin/cxlflash-holder planted.c -ljson-c
	layers
	[ "$status" -eq 1 ]
	[[ $output == *'not ok'*'the holder links no json-c'*'# json_object_put'* ]]
}
