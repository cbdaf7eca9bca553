#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# holder.sh: the cost of the holder; runs in the lab and prints the table of the README.
#
# The guest's clock counts instructions, 8 ns for each. The figures measure work, not the speed of a processor: only the
# ratios are meaningful.
set -euo pipefail
tests=/lab/tree/build/ppc64le/tests
wwid=60050768018087a1f0000000000000a3
cxlflashctl manage-lun $wwid superpipe >/dev/null
node=/dev/$(cxlflashctl list --no-headings -o type,wwid,sg | awk -v w=$wwid '$1 == "path" && $2 == w { print $3; exit }')

now_us() { echo "${EPOCHREALTIME/./}"; }

# each N COMMAND...: print the microseconds of one run
each() {
	local n=$1 begin
	shift
	begin=$(now_us)
	for ((i = 0; i < n; i++)); do
		"$@" >/dev/null
	done
	echo $((($(now_us) - begin) / n))
}

resize() { cxlflashctl vlun resize -y bench/0 $((i % 2 + 1))G; }
info_us() {
	local begin
	begin=$(now_us)
	"$tests/poke" /run/cxlflash/bench.sock flood 500 >/dev/null
	echo $((($(now_us) - begin) / 500))
}

# Number of times that a thread of the holder began to wait. Each time, it had been woken before.
waits() { awk '/^voluntary/ { n += $2 } END { print n }' /proc/"$1"/task/*/status; }

direct=$("$tests/direct" "$node" 200)
cxlflashctl context start $wwid --name bench >/dev/null
cxlflashctl vlun create $wwid 1G --context bench >/dev/null
command=$(each 20 resize)
start=$(each 20 cxlflashctl version)
socket=$(info_us)
pid=$(pgrep -x cxlflash-holder)
memory=$(awk '/^RssAnon/ { print $2 }' "/proc/$pid/status")
shared=$(awk '/^RssFile/ { print $2 }' "/proc/$pid/status")
cxlflashctl context stop -y bench >/dev/null
cxlflashctl context start $wwid --name idle --check 10s >/dev/null
pid=$(pgrep -x cxlflash-holder)
sleep 25
before=$(waits "$pid")
sleep 100
woken=$(($(waits "$pid") - before))

cat <<TABLE
| a resize of a virtual LUN, in the lab | µs | relative to the first row |
| --- | --: | --: |
| the request to the driver alone, in C | $direct | 1.00 |
| one request to the holder and its answer | $socket | $(awk "BEGIN { printf \"%.2f\", $socket / $direct }") |
| starting a program: \`cxlflashctl version\` | $start | $(awk "BEGIN { printf \"%.2f\", $start / $direct }") |
| \`cxlflashctl vlun resize\`, complete | $command | $(awk "BEGIN { printf \"%.2f\", $command / $direct }") |

Measured by \`make bench\` on $(date -I). A holder has $memory KiB of private memory and $shared KiB of shared program text. In
100 s without requests, with \`--check=10s\`, it woke $woken times, once for each check.
TABLE
