#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# health: each fault is recognised and named, and every bit of the asynchronous status is decoded from the kernel's log.

load helper

setup() {
	mark
}

teardown() {
	control cable 0.0 in
	control eeh 0 thaw 2>/dev/null || true
	[ ! -e "$BATS_TEST_TMPDIR/superpipe" ] || cxlflashctl manage-lun "$shared" legacy >/dev/null
}

# health_of ADAPTER: its verdict and the codes of its reasons
health_of() {
	cxlflashctl health "$(pci_of "$1")" --no-headings -o verdict,code |
		awk '$2 != "NOT_SUPPORTED" && $2 != "-" { codes = codes " " $2 } END { print $1 codes }'
}

# events KIND [PORT]: how many messages of this kind about adapter 0 are in the log
events() {
	cxlflashctl events "$(pci_of 0)" --no-headings -o event,port,count |
		awk -v kind="$1" -v port="${2-}" '$1 == kind && (port == "" || $2 == port) { n += $3 } END { print n + 0 }'
}

@test "health: sound adapters are ok, and --check succeeds; the document has ports, contexts and events" {
	[ "$(health_of 0)" = "ok" ]
	[ "$(health_of 1)" = "ok" ]
	cxlflashctl health --check -q
	run_json health
	[ "$(field '.data.adapters[].verdict|unique' '.data.contexts_complete')" = "ok true" ]
	as_nobody cxlflashctl health --check 2>"$BATS_TEST_TMPDIR/stderr"
	grep -q 'processes of other users' "$BATS_TEST_TMPDIR/stderr"
}

@test "health: a port without a cable degrades its adapter, and only that one" {
	control cable 0.0 out
	[ "$(health_of 0)" = "degraded PORT_OFFLINE" ]
	[ "$(health_of 1)" = "ok" ]
	run --separate-stderr cxlflashctl health --check
	[ "$status" -eq 9 ]
	[[ "$stderr" == *"1 of 2 adapters is not ok"*"code:  UNHEALTHY, exit 9"* ]]
	[[ "$output" == *"port0 is offline, with "*" paths"* ]]
	cxlflashctl health --check "$(pci_of 1)"
	control cable 0.1 out
	[ "$(health_of 0)" = "failed PORT_OFFLINE PORT_OFFLINE" ]
	control cable 0.1 in
	control cable 0.0 in
	eventually 100 eval '[ "$(health_of 0)" = "ok" ]'
	[ "$(events port-link-down 0)" -ge 1 ]
}

@test "health: a path that was taken offline, and a LUN with paths in both modes, are reasons" {
	disk=$(disk_of 0.0:1)
	hctl=$(hctl_of 0.0:1)
	echo offline >"/sys/block/$disk/device/state"
	[ "$(health_of 0)" = "degraded PATH_OFFLINE" ]
	cxlflashctl health | grep -q "path $hctl ($disk) is offline"
	echo running >"/sys/block/$disk/device/state"
	touch "$BATS_TEST_TMPDIR/superpipe"
	cxlflashctl manage-lun "$hctl" superpipe --path-only
	[ "$(health_of 0)" = "degraded MIXED_MODES" ]
	[ "$(health_of 1)" = "degraded MIXED_MODES" ]
	cxlflashctl manage-lun "$shared" legacy
	[ "$(health_of 0)" = "ok" ]
}

@test "health: a frozen adapter has failed, no port is read, and it is ok after the recovery" {
	control eeh 0 freeze
	[ "$(health_of 0)" = "failed ADAPTER_FROZEN" ]
	timeout 20 cxlflashctl health >"$BATS_TEST_TMPDIR/out"
	control eeh 0 thaw
	eventually 100 eval '[ "$(health_of 0)" = "ok" ]'
	run kernel_said 'Oops|BUG|Unable to handle'
	[ "$status" -ne 0 ]
}

@test "health: every bit of the asynchronous status is decoded from the kernel's log" {
	i=0
	for kind in port-link-up port-link-down port-login port-login-failed port-login-timeout port-crc port-logout port-error; do
		for port in 1 0; do
			old=$(events $kind $port)
			control async 0 "$(printf '%x' $((1 << i + 8 * (1 - port))))"
			eventually 100 eval "[ \"\$(events $kind $port)\" -gt $old ]"
		done
		i=$((i + 1))
	done
	eventually 300 reads_as "$(port_attr 0 0)" online
	eventually 300 reads_as "$(port_attr 0 1)" online
	cxlflashctl events | grep -q 'too many CRC errors'
	eventually 100 eval '[ "$(health_of 0)" = "ok" ]' # past events do not degrade
}

@test "health: lines of EEH and of the cxl driver are decoded, and belong to their adapter" {
	run_json adapter info "$(pci_of 0)"
	domain=$(field '.data.adapters[0].card_pci' | cut -d: -f1)
	afu=$(field '.data.adapters[0].afu')
	echo "EEH: Frozen PHB#$domain-PE#0 detected" >/dev/kmsg
	echo "EEH: This PCI device has failed 2 times in the last hour and will be permanently disabled after 5 failures." >/dev/kmsg
	echo "cxl $afu: PSL_SERR_An: 0x8000000000000000" >/dev/kmsg
	[ "$(events eeh-frozen)" -ge 1 ]
	[ "$(events slice-error)" -ge 1 ]
	[ "$(health_of 0)" = "ok PCI_ERRORS" ]
	[ "$(health_of 1)" = "ok" ]
	cxlflashctl health --check
}

@test "health: a failed adapter has failed until the driver is bound again" {
	pci=$(pci_of 1) n=$(count_paths)
	disk=$(disk_of 1.0:1)
	control eeh 1 fail
	run read_block "$disk"
	run --separate-stderr cxlflashctl health "$pci" --check --no-headings -o code
	[ "$status" -eq 9 ]
	[[ "$output" == *ADAPTER_FAILED* ]]
	control eeh 1 repair
	take_from_driver "$pci"
	give_to_driver "$pci"
	eventually 100 disk_of 1.0:1
	wait_for_paths "$n"
	[ "$(health_of 1)" = "ok" ]
}
