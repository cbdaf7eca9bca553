# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Functions of the tests that run in the lab, on the real driver. cxlflashctl is on PATH. The rack is lab/racks/default
# (two adapters with two ports, LUNs with one to four paths) unless a file has a line "# lab:". The machine is emulated:
# starting a program takes 20 ms, awk 35 ms, jq more than a second. Therefore prefer field, cells and shell builtins,
# and use jq only for the structure of a document.

bats_require_minimum_version 1.5.0

# ---- bats, made faster -------------------------------------------------------------------------------

# To know the line of a failure, bats records every command before it runs, in a DEBUG trap of some thirty commands,
# which takes 18 ms. The ERR trap of the guest's bash has that line too. date and mktemp are avoided likewise. The names
# are those of bats 1.8; another version of bats is not changed.
# shellcheck disable=SC2034 # bats reads them
[[ $BATS_VERSION != 1.8.* ]] || {
	bats_setup_tracing() {
		BATS_DEBUG_LAST_STACK_TRACE=() BATS_DEBUG_LASTLAST_STACK_TRACE=()
		BATS_DEBUG_LAST_STACK_TRACE_IS_VALID='' BATS_ERROR_SUFFIX=''
		exec 4<&1
		trap bats_error_trap ERR
	}

	bats_error_trap() {
		bats_check_status_from_trap
		[ -n "$BATS_DEBUG_LAST_STACK_TRACE_IS_VALID" ] || bats_capture_stack_trace
		BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
	}

	get_mills_since_epoch() { echo $((${EPOCHREALTIME/./} / 1000)); }

	mktemp() { echo "${1/XXXXXX/$BASHPID}"; }

	trap - DEBUG
}

# nap SECONDS: sleep without starting a program
nap() {
	local never=$BATS_RUN_TMPDIR/never
	[ -p "$never" ] || mkfifo "$never"
	read -rt "$1" <>"$never" || true
}

# eventually TENTHS COMMAND...: repeat COMMAND until it succeeds, for TENTHS of a second of guest time
eventually() {
	local left=$1
	shift
	until "$@" >/dev/null 2>&1; do
		((left-- > 0)) || {
			echo "did not happen: $*" >&2
			return 1
		}
		nap 0.1
	done
}

# Factor for the number of repetitions. make check-long sets it.
often=${often:-1}

# figure TEXT: add a line to the report of make check-long
figure() { echo "$*" >>/lab/out/figures; }

# as_nobody COMMAND...: run COMMAND as the user nobody
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

# same FILE: standard input equals the contents of FILE
same() { [ "$(cat)" = "$(<"$1")" ]; }

# reads_as FILE TEXT: the contents of FILE are TEXT
reads_as() { [ "$(cat "$1" 2>&1)" = "$2" ]; }

# ---- the rack: adapters by number, disks as the rack names them (A.P:L) -----------------------------

lab=/sys/kernel/debug/cxlflash-lab
programs=/lab/tree/build/ppc64le
run_dir=/run/cxlflash

# LUNs of lab/racks/default
# shellcheck disable=SC2034 # for those who load this file
{
	shared=60050768018087a1f0000000000000a1    # four paths: both ports of both adapters
	two_ports=600253800025385c6000000000000b01 # both ports of adapter 0, 512-byte blocks
	two_cards=60050768018087a1f0000000000000a2 # one port of each adapter
	private=60050768018087a1f0000000000000a3   # one path, of adapter 1, 32 GiB
	small=600253800025385c6000000000000b02     # one path, of adapter 0, 4 GiB
}

# control WORD...: inject a fault, see lab/standin/control.c
control() { echo "$*" >"$lab/control"; }

# of_adapter N NAME: a value of adapter N in the lab's state file
of_adapter() {
	local line
	while read -r line; do
		[[ $line != "adapter $1 "* ]] || [[ ! "$line " =~ \ $2=([^ ]*)\  ]] || echo "${BASH_REMATCH[1]}"
	done <"$lab/state"
}

pci_of() { of_adapter "$1" pci; }

# The SCSI host of adapter N.
host_of() {
	local host
	host=$(echo "/sys/bus/pci/devices/$(pci_of "$1")"/host*)
	echo "${host##*/host}"
}

# hctl_of A.P:L: print the SCSI address
hctl_of() {
	local port=${1#*.}
	echo "$(host_of "${1%%.*}"):${port%%:*}:0:${1##*:}"
}

disk_of() {
	local disk
	disk=$(echo "/sys/class/scsi_device/$(hctl_of "$1")/device/block/"*)
	echo "${disk##*/}"
}

port_attr() { echo "/sys/class/scsi_host/host$(host_of "$1")/port$2"; }

# take_from_driver PCI; give_to_driver PCI
take_from_driver() { echo "$1" >/sys/bus/pci/drivers/cxlflash/unbind; }
give_to_driver() { echo "$1" >/sys/bus/pci/drivers/cxlflash/bind; }

# The driver scans for its disks asynchronously: wait until COUNT paths exist.
wait_for_paths() {
	udevadm settle
	eventually 100 eval '[ "$(count_paths)" -eq '"$1"' ]'
	udevadm settle
}

read_block() { timeout 200 dd if="/dev/$1" of=/dev/null bs=4096 count=1 iflag=direct 2>&1; }

# mark; ...; kernel_said PATTERN: the kernel has logged PATTERN since mark
mark() {
	lab_mark="test mark $BASHPID $RANDOM$RANDOM"
	echo "$lab_mark" >/dev/kmsg
}
kernel_said() { dmesg | sed -n "/$lab_mark/,\$p" | grep -E -- "$1"; }

# ---- output of the program --------------------------------------------------------------------------

# cells COMMAND...: print the table without headings, with one blank between cells
cells() {
	local words
	while read -ra words; do echo "${words[*]}"; done < <(cxlflashctl "$@" --no-headings)
}

# run_json COMMAND...: run with -j; tests/lab.sh checks the document against its schema
run_json() {
	run --separate-stderr cxlflashctl "$@" -j
	json_n=$((json_n + 1))
	# shellcheck disable=SC2154 # set by run
	echo "$output" >"/lab/out/$BATS_SUITE_TEST_NUMBER-$json_n.json"
}

# field PATH...: print values of the JSON document in $output, see tests/bats/field.c
field() { "$programs/tests/field" "$@" <<<"$output"; }

# code: print the code of the last error in the JSON document in $output
code() {
	[[ "$output" =~ .*\"code\":\ ?\"([A-Z_]+)\" ]] && echo "${BASH_REMATCH[1]}"
}

# paths WWID hctl|sd|sg: print this name of each path
paths() {
	local type wwid hctl sd sg
	# shellcheck disable=SC2034 # one of them is printed, by its name
	while read -r type wwid hctl sd sg; do
		[ "$type $wwid" != "path $1" ] || echo "${!2}"
	done < <(cxlflashctl list --no-headings -o type,wwid,name,sd,sg)
}

count_paths() { cxlflashctl list --quiet --no-headings -o type | grep -c path; }

# disk WWID: print the disk of its first path
disk() {
	local disks
	mapfile -t disks < <(paths "$1" sd)
	echo "/dev/${disks[0]}"
}

# erase WWID...: remove the signatures of file systems and others from LUNs; without them nothing asks for confirmation
erase() {
	local lun
	for lun; do dd if=/dev/zero of="$(disk "$lun")" bs=1M count=1 conv=notrunc,fsync status=none; done
}

# mode_of HCTL: print the driver's mode of a path
mode_of() { cat "/sys/class/scsi_device/$1/device/mode"; }

# modes WWID: print the mode of each path, on one line
modes() {
	local hctl modes=()
	for hctl in $(paths "$1" hctl); do modes+=("$(</sys/class/scsi_device/"$hctl"/device/mode)"); done
	echo "${modes[*]}"
}

# info CONTEXT COLUMN; is CONTEXT COLUMN VALUE
info() { cxlflashctl context info "$1" -f pairs -o "$2" | sed 's/^[A-Z_]*="\(.*\)"$/\1/'; }
is() { [ "$(info "$1" "$2")" = "$3" ]; }

# ---- processes that have contexts -------------------------------------------------------------------

# background NAME COMMAND...: start COMMAND with its output in the file $BATS_TEST_TMPDIR/NAME and its pid in $pid
background() {
	"${@:2}" >"$BATS_TEST_TMPDIR/$1" 2>&1 3>&- &
	pid=$!
	pids+=("$pid")
}

# hold DEVICE... [WORD...]: a program with contexts of its own (tests/bats/hold.c); ${as[@]} starts it as another user
hold() {
	local out=hold.${#pids[@]}
	background "$out" "${as[@]}" "$programs/tests/hold" "$@"
	eventually 600 grep -q ready "$BATS_TEST_TMPDIR/$out"
}

# end PID...: kill processes, also stopped ones, and wait until they have ended
end() {
	kill "$@" 2>/dev/null || true
	kill -CONT "$@" 2>/dev/null || true
	wait "$@" 2>/dev/null || true
}

# poke NAME WHAT: run a client of the holder (tests/bats/poke.c)
poke() { "$programs/tests/poke" "$run_dir/$1.sock" "${@:2}"; }

# stop_all: end all holders and all processes of background, in any state
stop_all() {
	local pid i=0
	[ "${#pids[@]}" -eq 0 ] || end "${pids[@]}"
	for pid in $(pgrep -x cxlflash-holder); do
		kill -CONT "$pid"
		kill "$pid"
		while [ -d "/proc/$pid" ] && ((i++ < 300)); do nap 0.1; done
	done 2>/dev/null
	rm -f "$run_dir"/*.sock "$run_dir"/*.lock
}

# all_legacy: switch all LUNs to legacy mode, which other test files expect
all_legacy() {
	grep -qx superpipe /sys/class/scsi_device/*/device/mode || return 0
	# shellcheck disable=SC2046 # one word each
	cxlflashctl manage-lun $(cxlflashctl lun list --quiet --no-headings -o wwid,mode | awk '$2 != "legacy" { print $1 }') legacy >/dev/null
}
