#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# switch.sh: manage-lun over 64 paths, and context list with 511 contexts; runs in the lab, on 16 LUNs with 4 paths each,
# and prints a table of the README.
set -euo pipefail
tests=/lab/tree/build/ppc64le/tests
list() { cxlflashctl list --no-headings -o type,wwid,sg | awk -v type="$1" -v n="$2" '$1 == type { print $n }'; }
until [ "$(list path 3 | wc -l)" -eq 64 ]; do sleep 1; done # the driver scans asynchronously
udevadm settle
mapfile -t nodes < <(list path 3)
mapfile -t luns < <(list path 2 | sort -u)
[ "${#nodes[@]}" -eq 64 ]

# ms N COMMAND...: the milliseconds of one run
ms() {
	local n=$1 begin
	shift
	begin=${EPOCHREALTIME/./}
	for ((i = 0; i < n; i++)); do
		"$@" >/dev/null
	done
	echo $(((${EPOCHREALTIME/./} - begin) / n / 1000))
}
both() { "$tests/switch" enable "${nodes[@]/#//dev/}" && "$tests/switch" disable "${nodes[@]/#//dev/}"; }
both_checked() { cxlflashctl manage-lun "${luns[@]}" superpipe && cxlflashctl manage-lun "${luns[@]}" legacy; }

both
direct=$(ms 3 both)
checked=$(ms 3 both_checked)
empty=$(ms 3 cxlflashctl context list)
cxlflashctl manage-lun "${luns[@]}" superpipe >/dev/null
echo 'irqs 0 100000' >/sys/kernel/debug/cxlflash-lab/control
ulimit -n 4096
# shellcheck disable=SC2046 # 447 times the same word
"$tests/hold" $(yes "/dev/${nodes[0]}" | head -n 447) context >/run/held &
until grep -q ready /run/held; do sleep 0.1; done
foreign=$(ms 3 cxlflashctl context list)
for ((i = 0; i < 64; i++)); do cxlflashctl context start "/dev/${nodes[0]}" --check=1h >/dev/null; done
[ "$(cxlflashctl context list --no-headings -o pid | wc -l)" -eq 511 ]
all=$(ms 3 cxlflashctl context list)

ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
cat <<TABLE

| 16 LUNs with 4 paths, in the lab | ms | ratio |
| --- | --: | --: |
| INQUIRY and request on 64 paths, to superpipe and back, in C without any check | $direct | 1.00 |
| \`cxlflashctl manage-lun\`, to superpipe and back | $checked | $(ratio "$checked" "$direct") |
| \`cxlflashctl context list\` without contexts | $empty | 1.00 |
| with 447 contexts of another program | $foreign | $(ratio "$foreign" "$empty") |
| with 64 held ones as well | $all | $(ratio "$all" "$empty") |
TABLE
