#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# holder.sh: what the holder costs; runs in the lab and prints README's table.
#
# The guest's clock counts instructions, 8 ns for each, so the figures say how much is done, not how fast a
# processor is: look at the ratios.
set -euo pipefail
tests=/lab/tree/build/ppc64le/tests
wwid=60050768018087a1f0000000000000a3
cxlflashctl manage-lun $wwid superpipe >/dev/null
node=/dev/$(cxlflashctl list --no-headings -o type,wwid,sg | awk -v w=$wwid '$1 == "path" && $2 == w { print $3; exit }')

now_us() { echo "${EPOCHREALTIME/./}"; }

# each N COMMAND...: microseconds a run
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

# Times that any thread of the holder has begun to wait: it must have woken for that.
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
| a resize of a virtual LUN, in the lab | µs | to the request alone |
| --- | --: | --: |
| the driver's request in a loop in C | $direct | 1.00 |
| one question to the holder and its answer | $socket | $(awk "BEGIN { printf \"%.2f\", $socket / $direct }") |
| starting a program: \`cxlflashctl version\` | $start | $(awk "BEGIN { printf \"%.2f\", $start / $direct }") |
| \`cxlflashctl vlun resize\`, all of it | $command | $(awk "BEGIN { printf \"%.2f\", $command / $direct }") |

A holder has $memory KiB of memory of its own and $shared KiB of shared program text. In 100 s of idling with
\`--check=10s\` it woke $woken times: the checks, and nothing else.
TABLE
