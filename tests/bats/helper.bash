# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the tests that run in the lab, against the real driver. cxlflashctl is on PATH; the rack is
# lab/racks/default: two adapters with two ports, LUNs with one to four paths.
# Starting jq takes more than a second in the emulated machine: only what is about JSON uses it.
# shellcheck shell=bash

bats_require_minimum_version 1.5.0

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
	case $2 in hctl) set -- "$1" 3 ;; sd) set -- "$1" 4 ;; sg) set -- "$1" 5 ;; esac
	cxlflashctl list --no-headings -o type,wwid,name,sd,sg | awk -v wwid="$1" -v n="$2" '$1 == "path" && $2 == wwid { print $n }'
}

disk() {
	echo "/dev/$(paths "$1" sd | sed -n 1p)"
}

# modes WWID: what the driver itself says of each path, on one line
modes() {
	local hctl
	for hctl in $(paths "$1" hctl); do
		cat "/sys/class/scsi_device/$hctl/device/mode"
	done | xargs
}

# code: the last error of the JSON document in $output
code() {
	jq -r '.errors[-1].code' <<<"$output"
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
		sleep 0.1
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
	echo "$output" >"/lab/out/$BATS_TEST_NUMBER-$json_n.json"
}

# stop_all: no holder is left, whatever the test did to it
stop_all() {
	local pid
	for pid in $(pgrep -x cxlflash-holder); do
		kill -CONT "$pid"
		kill "$pid"
	done 2>/dev/null
	for ((i = 0; i < 300; i++)); do
		pgrep -x cxlflash-holder >/dev/null || break
		sleep 0.1
	done
	rm -f /run/cxlflash/*.sock /run/cxlflash/*.lock
}
