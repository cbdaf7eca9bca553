#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# cxlflash-verify and cxlflashctl verify on the real driver, with LUNs that change without its knowledge.

load helper

setup_file() {
	export baseline=$BATS_FILE_TMPDIR/baseline
}

# rescan WWID: the kernel reads the capacity of every path again
rescan() {
	local hctl
	for hctl in $(paths "$1" hctl); do
		echo 1 >"/sys/class/scsi_device/$hctl/device/rescan"
	done
}

declare -gA size=([$shared]=64G [$private]=32G [$two_ports]=16G)

# capacity WWID SIZE: change the capacity until the end of the test
capacity() {
	control capacity "$1" "$2"
	changed+=("$1")
}

setup() {
	changed=()
	udevadm settle
}

teardown() {
	if compgen -G "$run_dir/*.sock" >/dev/null; then stop_all; fi
	for wwid in "${changed[@]}"; do control capacity "$wwid" "${size[$wwid]}"; done
	[ ${#changed[@]} -eq 0 ] || cxlflash-verify --sense=6/2A/09 "${changed[@]}" >/dev/null 2>&1 || true
	for wwid in "${changed[@]}"; do rescan "$wwid"; done
	all_legacy
}

# verdicts: the number of LUNs with each verdict in the document in $output
verdicts() { field '.data.luns[].verdict' | tr ' ' '\n' | sort | uniq -c | xargs; }

@test "verify: without changes all LUNs are unchanged and stay in their modes" {
	cxlflashctl manage-lun "$two_cards" superpipe
	run --separate-stderr cxlflash-verify --all --no-headings -o wwid,verdict,path_count,answering_count,mode
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 6 ]
	[ "$(awk '$2 != "unchanged" || $3 != $4' <<<"$output")" = "" ]
	grep -q "^$two_cards unchanged *2 *2 superpipe" <<<"$output"
	grep -q "^$shared unchanged *4 *4 legacy" <<<"$output"
	[ "$(modes "$two_cards") $(modes "$shared")" = "superpipe superpipe legacy legacy legacy legacy" ]
}

@test "verify: a changed capacity in legacy mode is status 9, with both sizes and the unit attention of every path" {
	capacity "$shared" 80G
	run --separate-stderr cxlflash-verify "$shared" -j
	[ "$status" -eq 9 ]
	[ "$(code)" = LUN_CHANGED ]
	[ "$(field '.data.luns[0]'.{verdict,size_bytes,old_size_bytes,remembered_by})" = "capacity-changed 85899345920 68719476736 the kernel" ]
	[ "$(field '.data.luns[0].paths[].verdict|unique')" = capacity-changed ]
	[ "$(field '.data.luns[0].paths[].attentions[]'.{key,asc,ascq,asc_text}'|unique')" = "6 2a 09 Capacity data has changed" ]
	[ "$(field '.data.luns[0].driver')" = null ]
	[ "$(modes "$shared")" = "legacy legacy legacy legacy" ]
}

@test "verify: after the printed fix the LUN is unchanged" {
	capacity "$private" 40G
	run --separate-stderr cxlflash-verify "$private"
	[ "$status" -eq 9 ]
	[[ "$stderr" == *"its capacity is 40GiB, and was 32GiB"*"LUN_CHANGED, exit 9"* ]]
	fix=$(sed -n 's/^  fix:   //p' <<<"$stderr")
	[[ "$fix" == "echo 1 > /sys/"* ]]
	eval "$fix"
	run cxlflash-verify "$private"
	[ "$status" -eq 0 ]
	[[ "$output" == *"unchanged"*40GiB* ]]
}

@test "verify: in superpipe mode the driver's record is compared, and stays old until --sense" {
	cxlflashctl manage-lun "$private" superpipe
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 0 ]
	[ "$(field .data.luns[0].driver.size_bytes)" = 34359738368 ]
	capacity "$private" 40G
	rescan "$private"
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0]'.{remembered_by,driver.size_bytes,size_bytes})" = "the driver 34359738368 42949672960" ]
	fix=$(field '.errors[-1].fix')
	[[ "$fix" == *"cxlflash-verify --sense=6/2A/09 $private" ]]
	run --separate-stderr cxlflash-verify --sense=6/2A/09 "$private" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0].driver'.{verdict,new_size_bytes})" = "capacity-changed 42949672960" ]
	run cxlflash-verify "$private"
	[ "$status" -eq 0 ]
	[ "$(modes "$private")" = superpipe ]
	[ "$(grep -c contexts=1 "$lab/state")" -eq 2 ]
}

@test "verify: sense data is read from a file, from standard input, or from a line of the kernel's log" {
	cxlflashctl manage-lun "$private" superpipe
	capacity "$private" 40G
	rescan "$private"
	echo "sd 1:0:0:4: [sdk] tag#0 Sense Key : Unit Attention [current]" >"$BATS_TEST_TMPDIR/log"
	echo "sd 1:0:0:4: [sdk] tag#0 Add. Sense: Capacity data has changed" >>"$BATS_TEST_TMPDIR/log"
	run --separate-stderr cxlflash-verify --sense="$BATS_TEST_TMPDIR/log" "$private"
	[ "$status" -eq 9 ]
	printf '\x72\x06\x2a\x09\x00\x00\x00\x00' >"$BATS_TEST_TMPDIR/raw"
	run --separate-stderr cxlflash-verify --sense=- "$private" <"$BATS_TEST_TMPDIR/raw"
	[ "$status" -eq 0 ]
}

@test "verify: benign sense data changes nothing; sense data that the driver refuses is not a verdict on the LUN" {
	cxlflashctl manage-lun "$private" superpipe
	run --separate-stderr cxlflash-verify --sense=2/04/01 "$private" -j
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns[0].driver.verdict')" = unchanged ]
	run --separate-stderr cxlflash-verify --sense=3/11/00 "$private" -j
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns[0].driver.verdict')" = not-verifiable ]
	run --separate-stderr cxlflash-verify --sense=6/3f/0e "$private" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0].verdict')" = luns-changed ]
	[ "$(modes "$private")" = superpipe ]
}

@test "verify: sense data for a LUN in legacy mode is a warning" {
	run --separate-stderr cxlflash-verify --sense=6/2A/09 "$private"
	[ "$status" -eq 0 ]
	[[ "$stderr" == *"warning: LUN $private: the driver was not given the sense data"* ]]
}

@test "verify: a LUN with virtual handles is verified through a temporary virtual handle" {
	cxlflashctl manage-lun "$private" superpipe
	id=$(cxlflashctl vlun create "$private" 1G)
	capacity "$private" 40G
	run --separate-stderr cxlflash-verify --sense=6/2A/09 "$private" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0].driver'.{verdict,new_size_bytes})" = "capacity-changed 42949672960" ]
	[ "$(field '.warnings|length')" = 0 ]
	[ "$(cxlflashctl vlun list --no-headings -o id)" = "$id" ]
	cxlflashctl vlun release -y "$id"
}

@test "verify: without a free context the driver's record is skipped with a warning, and the rest is checked" {
	cxlflashctl manage-lun "$private" superpipe
	control contexts 1 1
	capacity "$private" 40G
	run --separate-stderr cxlflash-verify "$private" -j
	control contexts 1 512
	[ "$status" -eq 9 ]
	[ "$(field .data.luns[0].driver)" = null ]
	[ "$(field .data.luns[0].verdict)" = capacity-changed ]
	[[ "$(field .warnings[0].message)" == "the driver was not queried:"*"context"* ]]
}

@test "verify: a path that leads to a different LUN is found, and the other path is unchanged" {
	hctl=$(paths "$two_ports" hctl | sed -n 2p)
	control unlun 0.1:2
	control lun 60025380002538500000000000000bad size=16G bs=512 on=0.1:2
	run --separate-stderr cxlflash-verify "$two_ports" -j
	before=$output before_status=$status
	control unlun 0.1:2
	control lun "$two_ports" size=16G bs=512 on=0.1:2
	output=$before
	[ "$before_status" -eq 9 ]
	[ "$(field '.data.luns[0].verdict')" = identity-changed ]
	[ "$(field '.data.luns[0].paths[1]'.{verdict,device_wwid})" = "identity-changed 60025380002538500000000000000bad" ]
	[ "$(field '.data.luns[0].paths[0].verdict')" = unchanged ]
	[[ "$(field '.errors[-1].message')" == *"$hctl leads to a different LUN" ]]
	[ "$(modes "$two_ports")" = "legacy legacy" ]
}

@test "verify: a path through an offline port does not answer (status 7), and the other path is unchanged" {
	control port 0.1 offline
	run --separate-stderr timeout 250 cxlflash-verify "$two_ports" -j
	control port 0.1 online
	[ "$(field '.data.luns[0].verdict')" = not-answering ]
	[ "$(field '.data.luns[0].paths[].verdict')" = "unchanged not-answering" ]
	[ "$status" -eq 7 ]
	[ "$(code)" = PORT_OFFLINE ]
}

@test "verify: an offline path, a lost command and a frozen adapter have codes of their own" {
	hctl=$(hctl_of 1.0:4)
	echo offline >"/sys/class/scsi_device/$hctl/device/state"
	run --separate-stderr cxlflash-verify "$private" -j
	echo running >"/sys/class/scsi_device/$hctl/device/state"
	[ "$status $(code)" = "7 PATH_OFFLINE" ]
	[ "$(field '.errors[-1].fix')" = "echo running > /sys/class/scsi_device/$hctl/device/state" ]
	control fault 1 lose scsi 1
	run --separate-stderr timeout 250 cxlflash-verify "$private" -j
	[ "$status $(code)" = "8 TIMEOUT" ]
	[[ $(field '.errors[-1].cause') == *"adapter, port and path work: the command was lost" ]]
	control eeh 1 freeze
	run --separate-stderr timeout 60 cxlflash-verify "$private" -j
	frozen="$status $(code)"
	run --separate-stderr cxlflashctl verify "$private" -j
	control eeh 1 thaw
	[ "$frozen" = "8 ADAPTER_FROZEN" ]
	eventually 300 eval 'cxlflash-verify -q "$private"'
	[ "$status $(code)" = "8 ADAPTER_FROZEN" ]
}

@test "verify: without privileges nothing was asked, and nothing is said of a change" {
	run --separate-stderr as_nobody cxlflash-verify --all -j
	[ "$status $(code)" = "4 PERMISSION" ]
	[ "$(field '.data.luns[].verdict|unique')" = unknown ]
	[[ $(field '.errors[-1].message') == "6 of 6 LUNs could not be checked" ]]
}

@test "verify: a LUN that shrank is found after the kernel has read it, by the baseline and by the driver" {
	cxlflashctl manage-lun "$private" superpipe
	cxlflash-verify "$private" --write-baseline="$baseline"
	capacity "$private" 8G
	rescan "$private"
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 9 ]
	[[ $(field '.errors[-1].message') == *"it has shrunk: its capacity is 8GiB, and was 32GiB" ]]
	cxlflashctl manage-lun "$private" legacy
	run --separate-stderr cxlflash-verify "$private" --baseline="$baseline" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0].remembered_by')" = "the baseline" ]
}

@test "verify: a LUN that reports a hardware error is not-answering, and the error names it" {
	control unreadable 1.0:4 1000
	run --separate-stderr cxlflash-verify "$private" -j
	control unreadable 1.0:4 0
	[ "$status" -eq 7 ]
	[ "$(code)" = DEVICE_ERROR ]
	[ "$(field '.data.luns[0].paths[0]'.{verdict,ready,sense.key,sense.asc})" = "not-answering true 4 44" ]
}

@test "verify: unit attentions are consumed and listed; those not about capacity or LUNs are not a change" {
	control sense 1.0:4 6 29 00 3
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 0 ]
	[ "$(field '.data.luns[0].paths[0].attentions[]'.{key,asc})" = "6 6 6 29 29 29" ]
	udevadm settle # the kernel passed the unit attentions on as events, and udev's workers send commands too
	control sense 1.0:4 6 3f 0e
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.luns[0].verdict')" = luns-changed ]
}

@test "verify: the check of a device that reports only unit attentions ends" {
	control sense 1.0:4 6 29 00 8
	run --separate-stderr cxlflash-verify "$private" -j
	[ "$status" -eq 7 ]
	[ "$(field '.data.luns[0].paths[0].attentions|length')" = 6 ]
	run cxlflash-verify "$private"
	[ "$status" -eq 0 ]
}

@test "verify: the changed LUN among several is named, and with --quiet only this LUN is shown" {
	capacity "$two_ports" 20G
	run --separate-stderr cxlflash-verify "$two_ports" "$private" "/dev/$(paths "$private" sg)" --no-headings -o wwid,verdict
	[ "$status" -eq 9 ]
	[ "$output" = "$(printf '%s\n' "$two_ports capacity-changed" "$private unchanged")" ]
	run --separate-stderr cxlflash-verify -q --all --no-headings -o wwid
	[ "$status" -eq 9 ]
	[ "$output" = "$two_ports" ]
	run --separate-stderr cxlflash-verify -q "$private"
	[ "$status" -eq 0 ]
	[ -z "$output$stderr" ]
}

@test "verify: a baseline is written with mode 0644, matches its schema, and compares as unchanged" {
	run cxlflash-verify --all --write-baseline="$baseline"
	[ "$status" -eq 0 ]
	[ "$(stat -c %a "$baseline")" = 644 ]
	output=$(<"$baseline")
	[ "$(field .schema '.luns|length')" = "cxlflash.baseline/1 6" ]
	[ "$(find "$BATS_FILE_TMPDIR" -name "baseline*" | wc -l)" -eq 1 ]
	run cxlflash-verify --all --baseline="$baseline"
	[ "$status" -eq 0 ]
}

@test "verify: a capacity that the kernel has read again still differs from the baseline" {
	cxlflash-verify --all --write-baseline="$baseline"
	capacity "$private" 40G
	rescan "$private"
	run --separate-stderr cxlflash-verify --all --baseline="$baseline" -j
	[ "$status" -eq 9 ]
	[ "$(verdicts)" = "1 capacity-changed 5 unchanged" ]
	[ "$(field ".data.luns[wwid=$private]".{verdict,remembered_by,old_size_bytes})" = "capacity-changed the baseline 34359738368" ]
	run cxlflash-verify --all --baseline="$baseline" --write-baseline="$baseline"
	[ "$status" -eq 9 ]
	run cxlflash-verify --all --baseline="$baseline"
	[ "$status" -eq 0 ]
}

@test "verify: LUNs missing from the baseline or from the machine are differences" {
	cxlflash-verify "$private" "$shared" --write-baseline="$baseline"
	sed "s/$private/60025380002538500000000000000bad/" "$baseline" >"$baseline.new"
	run --separate-stderr cxlflash-verify --all --baseline="$baseline.new" -j
	[ "$status" -eq 9 ]
	[ "$(verdicts)" = "1 missing 5 not-in-baseline 1 unchanged" ]
	run --separate-stderr cxlflash-verify "$private" "$shared" --baseline="$baseline"
	[ "$status" -eq 0 ]
}

@test "verify: if a LUN does not answer, no baseline is written and the old one stays" {
	cxlflash-verify --all --write-baseline="$baseline"
	cp "$baseline" "$baseline.old"
	control unreadable 1.0:4 1000
	run --separate-stderr cxlflash-verify --all --write-baseline="$baseline"
	control unreadable 1.0:4 0
	[ "$status" -eq 7 ]
	[[ "$stderr" == *"the baseline was not written: LUN $private is not-answering"* ]]
	same "$baseline.old" <"$baseline"
}

@test "verify: without privileges no device is opened: status 4, and the missing permission is named" {
	run --separate-stderr as_nobody cxlflash-verify "$private" -j
	[ "$status" -eq 4 ]
	[ "$(code)" = PERMISSION ]
	run as_nobody cxlflash-verify --decode=6/2A/09 --no-headings -o asc_text
	[ "$status" -eq 0 ]
	[ "$output" = "Capacity data has changed" ]
}

@test "verify: an unknown LUN is status 3" {
	run --separate-stderr cxlflash-verify 60050768ffffffffffffffffffffffff -j
	[ "$status" -eq 3 ]
	[ "$(code)" = LUN_NOT_FOUND ]
}

@test "cxlflashctl verify: a held physical handle gets the new capacity, as text and in JSON" {
	cxlflashctl manage-lun "$private" superpipe
	id=$(cxlflashctl plun create "$private")
	run --separate-stderr cxlflashctl verify "$id"
	[ "$status" -eq 0 ]
	[[ "$output" == *"$id"*unchanged*32GiB* ]]
	capacity "$private" 40G
	run --separate-stderr cxlflashctl verify "$id" --sense "70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00 00 00"
	[ "$status" -eq 9 ]
	[[ "$output" == *"Sense: Unit Attention, Capacity data has changed (6/2a/09)"*"capacity 32GiB -> 40GiB"* ]]
	[[ "$stderr" == *"LUN_CHANGED, exit 9"* ]]
	run --separate-stderr cxlflashctl verify "$id" -j
	[ "$status" -eq 0 ]
	[ "$(field '.data.results[0]'.{name,wwid,verdict,handle_bytes})" = "$id $private unchanged 42949672960" ]
	cxlflashctl plun release "$id"
}

@test "cxlflashctl verify: all handles of a context are verified; virtual LUNs keep their size" {
	cxlflashctl manage-lun "$private" superpipe
	cxlflashctl context start --name=db "$private"
	a=$(cxlflashctl vlun create "$private" 1G --context=db)
	b=$(cxlflashctl vlun create "$private" 2G --context=db)
	capacity "$private" 40G
	run --separate-stderr cxlflashctl verify db --sense=6/2A/09 -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.results[].name')" = "$a $b" ]
	[ "$(field '.data.results[].handle_bytes')" = "1073741824 2147483648" ]
	[ "$(field '.data.results[0].verdict')" = capacity-changed ]
	run --separate-stderr cxlflashctl verify db/77 -j
	[ "$status" -eq 3 ]
	[ "$(code)" = HANDLE_NOT_FOUND ]
	cxlflashctl context stop -y db
}

@test "cxlflashctl verify: benign, refused and invalid sense data are told apart" {
	cxlflashctl manage-lun "$private" superpipe
	id=$(cxlflashctl plun create "$private")
	run --separate-stderr cxlflashctl verify "$id" --sense=2/04/01
	[ "$status" -eq 0 ]
	run --separate-stderr cxlflashctl verify "$id" --sense=3/11/00
	[ "$status" -eq 6 ]
	[[ "$output" == *"not verifiable"* ]]
	run --separate-stderr cxlflashctl verify "$id" --sense=6/3f/0e
	[ "$status" -eq 9 ]
	[[ "$output" == *"LUNs changed"* ]]
	run --separate-stderr cxlflashctl verify "$id" --sense=zz -j
	[ "$status" -eq 2 ]
	[ "$(code)" = BAD_SENSE ]
	cxlflashctl plun release "$id"
}

@test "cxlflashctl verify: a LUN is checked as by cxlflash-verify" {
	capacity "$private" 40G
	run --separate-stderr cxlflashctl verify "/dev/$(paths "$private" sg)" -j
	[ "$status" -eq 9 ]
	[ "$(field '.data.lun.verdict')" = capacity-changed ]
	[ "$(field '.data.results[0]'.{name,old_size_bytes,size_bytes})" = "$private 34359738368 42949672960" ]
	run --separate-stderr cxlflashctl verify "$shared"
	[ "$status" -eq 0 ]
	[[ "$output" == *"$shared unchanged"*64GiB* ]]
}

@test "cxlflashctl verify: a name of neither a context nor a LUN is an unknown context" {
	run --separate-stderr cxlflashctl verify nosuch -j
	[ "$status" -eq 3 ]
	[ "$(code)" = CONTEXT_NOT_FOUND ]
}
