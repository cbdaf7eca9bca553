#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# layers.sh BUILD: which folder may use which, as the table in ARCHITECTURE.md says, checked on #include lines and on the
# symbols of the objects in BUILD; and who may call what of the system. Prints TAP. Run it in the root of the tree.
set -uo pipefail
shopt -s lastpipe # verdict, behind a pipe, counts here
build=$1
obj=$build/obj
n=0 bad=0

# verdict WHAT, complaints on stdin: none is a pass
verdict() {
	n=$((n + 1))
	local complaints
	complaints=$(cat)
	if [ -z "$complaints" ]; then
		echo "ok $n - layers: $1"
	else
		bad=$((bad + 1))
		echo "not ok $n - layers: $1"
		# shellcheck disable=SC2001 # each line
		sed 's/^/# /' <<<"$complaints"
	fi
}

# ---- folders ---------------------------------------------------------------------------------------

# "folder folder" for each allowed arrow: the table's rows | `folder` | uses |, and what is below what they use.
arrows=$(awk -F'|' '
	function fold(text) { gsub(/[` ,]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text); return text }
	/^\| *`(lib|cmd)/ { row = fold($2); known[row] = 1; uses[row] = fold($3) }
	function reach(from, folder,    to, i, k) {
		k = split(uses[folder], to, " ")
		for (i = 1; i <= k; i++)
			if (!((from, to[i]) in seen)) { seen[from, to[i]] = 1; print from, to[i]; reach(from, to[i]) }
	}
	END { for (row in known) { print row, row; reach(row, row) } }' ARCHITECTURE.md)

folders=$(find lib cmd -name '*.[ch]' -printf '%h\n' | sort -u)
while read -r folder; do
	grep -qx "$folder $folder" <<<"$arrows" || echo "$folder has no row in the table of ARCHITECTURE.md"
done <<<"$folders" | verdict "the table names every folder"
awk '$1 != $2 { print }' <<<"$arrows" | tsort 2>&1 >/dev/null | verdict "the table has no circle"

# "file header" for each quoted include; the header as the compiler finds it.
includes=$(grep -rHoE --include='*.[ch]' '^#include "[^"]+"' lib cmd | sed 's/:#include "/ /; s/"$//' |
	while read -r file name; do
		for at in "$(dirname "$file")/$name" "lib/$name" "abi/$name"; do
			[ -e "$at" ] && break
		done
		echo "$file $(realpath --relative-to=. -m "$at")"
	done)

# wrong_arrows: of "file file" lines, those whose folders have no arrow
wrong_arrows() {
	awk 'function folder(file) { sub(/\/[^\/]*$/, "", file); return file }
		NR == FNR { allowed[$1 " " $2] = 1; next }
		!((folder($1) " " folder($2)) in allowed)' <(echo "$arrows") -
}

grep -v ' abi/' <<<"$includes" | wrong_arrows | sed 's/ / includes /' | verdict "no include of a folder that is not below"
grep -E '(_inside|/scan)\.h$' <<<"$includes" | awk '{ a = $1; b = $2; sub(/\/[^\/]*$/, "", a); sub(/\/[^\/]*$/, "", b)
	if (a != b) print $1 " includes the private " $2 }' | verdict "private headers are included in their folder only"
grep ' abi/' <<<"$includes" | grep -v '^lib/ioctl_wrap\.c ' | verdict "the kernel's structures are included by lib/ioctl_wrap.c only"
awk '$1 ~ /\.h$/ { print }' <<<"$includes" | tsort 2>&1 >/dev/null | verdict "headers include each other in no circle"

# "object object" for each use of a symbol that another object of the product defines.
uses=$(cd "$obj" && find lib cmd -name '*.o' -exec nm --format=posix --print-file-name {} + |
	sed 's/\.o: / /' | awk '
		$3 ~ /^[TDRBCVW]$/ { home[$2] = $1 }
		$3 == "U" { from[++k] = $1; symbol[k] = $2 }
		END { for (i = 1; i <= k; i++) if (symbol[i] in home && home[symbol[i]] != from[i]) print from[i], home[symbol[i]], symbol[i] }')
[ -n "$uses" ] || echo "no object in $obj" | verdict "objects are there"
wrong_arrows <<<"$uses" | sed 's/ / calls into /' | verdict "no call into a folder that is not below"
# The parts of a program may call each other: cmd/holder's two threads are one thing.
grep -v '^cmd/' <<<"$uses" | cut -d' ' -f1,2 | tsort 2>&1 >/dev/null | verdict "no files of lib/ call each other in a circle"

# ---- who calls what of the system ------------------------------------------------------------------

# users SYMBOL-REGEX: objects that refer to such a symbol without defining it, without their folder
users() {
	find "$obj/lib" "$obj/cmd" -name '*.o' | sort | while read -r file; do
		if nm --undefined-only --format=posix "$file" | cut -d' ' -f1 | grep -qxE "$1"; then
			echo "${file#"$obj"/}"
		fi
	done
}

# only WHAT SYMBOL-REGEX ALLOWED-REGEX
only() {
	users "$2" | grep -vxE "($3)\.o" | verdict "$1"
}

print='(f|v|vf|d|vd)?printf|__(f|v|vf)?printf_chk|puts|fputs|putchar|fputc|putc|fwrite'
only "ioctl(2) is for the wrapper, INQUIRY and the terminal's width" 'ioctl' \
	'lib/ioctl_wrap|lib/scsi/path|cmd/common/program'
only "only domain folders call the wrapper" 'cxlf_ioctl_.*' 'lib/(scsi|inuse|context|lun)/.*|cmd/common/program'
only "libudev is for discovery" 'udev_.*' 'lib/discover/.*'
only "json-c is for output and stored state" 'json_object_.*|json_tokener_.*' 'lib/output_(json|trace)|lib/lun/baseline'
only "libsmartcols is for tables" 'scols_.*' 'lib/output_table'
only "only output, help and programs write to a stream" "$print|stdout|stderr" \
	'lib/output[a-z_]*|lib/cli/[a-z_]*|cmd/[a-z-]*|cmd/common/program|lib/lun/lock'
only "only programs exit, and the child that becomes a holder" 'exit|_exit|abort|err|errx' 'cmd/[a-z-]*|lib/holder/start'
only "only the parser reads argv" 'getopt.*|optarg|optind' 'lib/cli/parse'
only "commands open nothing" 'open|openat|fopen|opendir|fdopen|open64|openat64|fopen64' \
	'lib/.*|cmd/[a-z-]*|cmd/common/program|cmd/holder/.*'
only "only output takes a locale" 'setlocale' 'lib/output_table'
only "the environment is for programs" 'getenv|secure_getenv' 'cmd/[a-z-]*|cmd/common/program'
only "no program is started but a holder, and what a context is handed to" 'system|popen|exec.*|posix_spawn.*' \
	'lib/holder/start|lib/context/exec'

nm -D --undefined-only "$build/bin/cxlflash-holder" | grep -oE '(json|scols|udev)_.*' |
	verdict "the holder renders nothing: no json-c, libsmartcols or libudev"

# Wrappers of ioctls are complete, whether a command needs them by now or not.
exported=$(cd "$obj" && find lib -name '*.o' -exec nm --defined-only --extern-only --format=posix {} + | awk 'NF > 2 { print $1 }')
used=$(cut -d' ' -f3 <<<"$uses" | sort -u)
sort -u <<<"$exported" | comm -23 - <(echo "$used") | grep -v '^cxlf_ioctl_' | while read -r symbol; do
	grep -qrw --include='*.c' "$symbol" tests/unit || echo "$symbol"
done | verdict "no exported function without a user"

find "$obj/cmd/ctl" -name '*.o' -exec nm --defined-only --extern-only --format=posix {} + | cut -d' ' -f1 |
	grep -vE '^cmd_|:$|^$' | verdict "a command's file exports its commands and nothing else"

# .data and .bss of the library and the commands are empty. Constants with addresses in them are in .data.rel.ro,
# which is read-only when main starts; the wrapper has the trace's sink.
find "$obj/lib" "$obj/cmd" -name '*.o' | while read -r file; do
	objdump -t "$file" | awk -v f="${file#"$obj"/}" \
		'/\.(data|bss)(\.[a-zA-Z_0-9]+)*\t/ && !/\.data\.rel\.ro/ && $NF !~ /^\./ { print f ": " $NF }'
done | grep -vE '^lib/ioctl_wrap.o: ' | verdict "no mutable globals"

echo "1..$n"
exit $((bad > 0))
