# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the tests that run in the lab, against the real driver. cxlflashctl is on PATH; the rack is
# lab/racks/default: two adapters with two ports, LUNs with one to four paths.
# Starting jq takes more than a second in the emulated machine: only what is about JSON uses it.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0
load quick

# luns AWK-CONDITION: WWIDs of LUNs; $2 is the number of paths, $3 bytes, $4 the mode
luns() {
	cxlflashctl lun list --quiet --no-headings --units=b -o wwid,path_count,size_bytes,mode | awk "$1 { print \$1 }"
}

# the LUN that all four ports of the rack see
shared() {
	luns '$2 == 4' | sed -n 1p
}

# paths WWID hctl|sd|sg: that of each path
paths() {
	local type wwid hctl sd sg
	# shellcheck disable=SC2034 # one of them is printed, by its name
	while read -r type wwid hctl sd sg; do
		[ "$type $wwid" != "path $1" ] || echo "${!2}"
	done < <(cxlflashctl list --no-headings -o type,wwid,name,sd,sg)
}

disk() {
	echo "/dev/$(paths "$1" sd | sed -n 1p)"
}

# modes WWID: what the driver itself says of each path, on one line
modes() {
	local hctl mode modes=()
	for hctl in $(paths "$1" hctl); do
		read -r mode <"/sys/class/scsi_device/$hctl/device/mode"
		modes+=("$mode")
	done
	echo "${modes[*]}"
}

# code: the last error of the JSON document in $output; the last "code" there is
code() {
	[[ "$output" =~ .*\"code\":\ ?\"([A-Z_]+)\" ]] && echo "${BASH_REMATCH[1]}"
}

all_legacy() {
	grep -qx superpipe /sys/class/scsi_device/*/device/mode || return 0
	# shellcheck disable=SC2046 # one word each
	cxlflashctl manage-lun $(luns '$4 != "legacy"') legacy >/dev/null
}

# same FILE: stdin is what the file is
same() {
	[ "$(cat)" = "$(cat "$1")" ]
}

# as_nobody COMMAND...
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# The driver scans for its disks behind our back: wait until all of the rack's are there.
wait_for_rack() {
	local i
	for ((i = 0; i < 100; i++)); do
		udevadm settle
		[ "$(cxlflashctl list --quiet --no-headings -o type 2>/dev/null | grep -c path)" -ne "$1" ] || return 0
		nap 0.1
	done
	return 1
}

count_paths() {
	cxlflashctl list --no-headings -o type | grep -c path
}

# json COMMAND...: runs it with -j, its document is $output and is checked against its schema in the end (tests/lab.sh)
json() {
	run --separate-stderr cxlflashctl "$@" -j
	json_n=$((json_n + 1))
	# shellcheck disable=SC2154 # set by run
	echo "$output" >"/lab/out/$BATS_SUITE_TEST_NUMBER-$json_n.json"
}

# poke NAME WHAT: a client of the holder, as tests/bats/poke.c has them
poke() { /lab/tree/build/ppc64le/tests/poke "/run/cxlflash/$1.sock" "${@:2}"; }

# stop_all: no holder is left, whatever the test did to it
stop_all() {
	local pid i=0
	for pid in $(pgrep -x cxlflash-holder); do
		kill -CONT "$pid"
		kill "$pid"
		while [ -d "/proc/$pid" ] && ((i++ < 300)); do nap 0.1; done
	done 2>/dev/null
	rm -f /run/cxlflash/*.sock /run/cxlflash/*.lock
}
