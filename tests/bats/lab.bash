# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Words for tests that run in the lab: its controls, the default rack's LUNs, what the driver says.

load quick

lab=/sys/kernel/debug/cxlflash-lab

# LUNs of lab/racks/default
# shellcheck disable=SC2034 # for those who load this file
{
	shared=60050768018087a1f0000000000000a1    # four paths: both ports of both adapters
	two_ports=600253800025385c6000000000000b01 # both ports of adapter 0, 512-byte blocks
	two_cards=60050768018087a1f0000000000000a2 # one port of each adapter
	private=60050768018087a1f0000000000000a3   # one path
}

control() { echo "$*" >"$lab/control"; }

# What the driver itself says of a path's mode; path as H:C:T:L.
mode_of() { cat "/sys/class/scsi_device/$1/device/mode"; }

# The SCSI host of adapter N of the rack.
host_of() {
	local pci host
	pci=$(sed -n "s/^adapter $1 .* pci=\([^ ]*\) .*/\1/p" "$lab/state")
	host=$(echo "/sys/bus/pci/devices/$pci"/host*)
	echo "${host##*/host}"
}

pci_of() { sed -n "s/^adapter $1 .* pci=\([^ ]*\) .*/\1/p" "$lab/state"; }

# The disk of a path as the rack names it: A.P:L.
disk_of() {
	local a=${1%%.*} rest=${1#*.} disk
	disk=$(echo "/sys/class/scsi_device/$(host_of "$a"):${rest%%:*}:0:${rest#*:}/device/block/"*)
	echo "${disk##*/}"
}

port_attr() { echo "/sys/class/scsi_host/host$(host_of "$1")/port$2"; }

read_block() { timeout 200 dd if="/dev/$1" of=/dev/null bs=4096 count=1 iflag=direct 2>&1; }

counter() { # adapter, name
	sed -n "s/^adapter $1 .* $2=\([0-9]*\).*/\1/p" "$lab/state"
}

# mark; ...; kernel_said PATTERN: what the kernel has logged since the mark
mark() {
	lab_mark="test mark $BASHPID $RANDOM$RANDOM"
	echo "$lab_mark" >/dev/kmsg
}
kernel_said() { dmesg | sed -n "/$lab_mark/,\$p" | grep -E -- "$1"; }

# eventually TENTHS COMMAND...: guest time, which passes quickly
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

reads_as() { [ "$(cat "$1" 2>&1)" = "$2" ]; }
