#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# layers.sh BUILD: check the table of ARCHITECTURE.md (which folder may use which) against the #include lines and
# against the symbols of the objects in BUILD, and which files call which system functions. Prints TAP. Run it in the
# root of the tree.
set -uo pipefail
shopt -s lastpipe # verdict changes variables at the end of a pipe
build=$1
obj=$build/obj
n=0 bad=0

# verdict WHAT: pass if standard input, the complaints, is empty
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

# "folder folder" for each allowed dependency: the rows | `folder` | uses | of the table, and indirect ones.
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
awk '$1 != $2 { print }' <<<"$arrows" | tsort 2>&1 >/dev/null | verdict "the table has no cycle"

# "file header" for each quoted include, with the path of the header as the compiler finds it.
includes=$(grep -rHoE --include='*.[ch]' '^#include "[^"]+"' lib cmd | sed 's/:#include "/ /; s/"$//' |
	while read -r file name; do
		for at in "$(dirname "$file")/$name" "lib/$name" "abi/$name"; do
			[ -e "$at" ] && break
		done
		echo "$file $(realpath --relative-to=. -m "$at")"
	done)

# wrong_arrows: print the lines "file file" whose folders have no allowed dependency
wrong_arrows() {
	awk 'function folder(file) { sub(/\/[^\/]*$/, "", file); return file }
		NR == FNR { allowed[$1 " " $2] = 1; next }
		!((folder($1) " " folder($2)) in allowed)' <(echo "$arrows") -
}

grep -v ' abi/' <<<"$includes" | wrong_arrows | sed 's/ / includes /' | verdict "no include of a folder that is not allowed"
grep -E '(_inside|/scan)\.h$' <<<"$includes" | awk '{ a = $1; b = $2; sub(/\/[^\/]*$/, "", a); sub(/\/[^\/]*$/, "", b)
	if (a != b) print $1 " includes the private " $2 }' | verdict "private headers are included in their folder only"
grep ' abi/' <<<"$includes" | grep -v '^lib/ioctl_wrap\.c ' | verdict "the kernel's structures are included by lib/ioctl_wrap.c only"
awk '$1 ~ /\.h$/ { print }' <<<"$includes" | tsort 2>&1 >/dev/null | verdict "headers do not include each other in a cycle"

# Objects of sources that are still there: what was deleted may have left its object behind.
mapfile -t objects < <(cd "$obj" && find lib cmd -name '*.o' | sort | while read -r file; do
	[ -e "$OLDPWD/${file%.o}.c" ] && echo "$file"
done)

# "object object" for each use of a symbol that another object of the product defines.
uses=$(cd "$obj" && nm --format=posix --print-file-name "${objects[@]}" |
	sed 's/\.o: / /' | awk '
		$3 ~ /^[TDRBCVW]$/ { home[$2] = $1 }
		$3 == "U" { from[++k] = $1; symbol[k] = $2 }
		END { for (i = 1; i <= k; i++) if (symbol[i] in home && home[symbol[i]] != from[i]) print from[i], home[symbol[i]], symbol[i] }')
[ -n "$uses" ] || echo "no object in $obj" | verdict "objects exist"
wrong_arrows <<<"$uses" | sed 's/ / calls into /' | verdict "no call into a folder that is not allowed"
# The files of one program may call each other, such as the two threads of cmd/holder.
grep -v '^cmd/' <<<"$uses" | cut -d' ' -f1,2 | tsort 2>&1 >/dev/null | verdict "no files of lib/ call each other in a cycle"

# ---- system functions ------------------------------------------------------------------------------

# users SYMBOL-REGEX: objects that refer to such a symbol without defining it
users() {
	(cd "$obj" && nm --undefined-only --format=posix --print-file-name "${objects[@]}") |
		awk -v symbol="^($1)\$" '{ sub(/:$/, "", $1) } $2 ~ symbol && !seen[$1]++ { print $1 }'
}

# only WHAT SYMBOL-REGEX ALLOWED-REGEX
only() {
	users "$2" | grep -vxE "($3)\.o" | verdict "$1"
}

print='(f|v|vf|d|vd)?printf|__(f|v|vf)?printf_chk|puts|fputs|putchar|fputc|putc|fwrite'
only "only the ioctl wrapper, INQUIRY and the width of the terminal call ioctl(2)" 'ioctl' \
	'lib/ioctl_wrap|lib/scsi/path|cmd/common/program'
only "only domain folders call the ioctl wrapper" 'cxlf_ioctl_.*' 'lib/(scsi|inuse|context|lun)/.*|cmd/common/program'
only "only discovery calls libudev" 'udev_.*' 'lib/discover/.*'
only "only output and the baseline call json-c" 'json_object_.*|json_tokener_.*' 'lib/output_(json|trace)|lib/lun/baseline'
only "only tables call libsmartcols" 'scols_.*' 'lib/output_table'
only "only output, help and programs write to a stream" "$print|stdout|stderr" \
	'lib/output[a-z_]*|lib/cli/[a-z_]*|cmd/[a-z-]*|cmd/common/program|lib/lun/lock'
only "only programs exit, and the child that executes a holder" 'exit|_exit|abort|err|errx' 'cmd/[a-z-]*|lib/holder/start'
only "commands open no files" 'open|openat|fopen|opendir|fdopen|open64|openat64|fopen64' \
	'lib/.*|cmd/[a-z-]*|cmd/common/program|cmd/holder/.*'
only "only output sets a locale" 'setlocale' 'lib/output_table'
only "only programs read the environment" 'getenv|secure_getenv' 'cmd/[a-z-]*|cmd/common/program|cmd/holder/(place|service)'
only "only holders and the program of context run are executed" 'system|popen|exec.*|posix_spawn.*' \
	'lib/holder/start|lib/context/exec'

nm -D --undefined-only "$build/bin/cxlflash-holder" | grep -oE '(json|scols|udev)_.*' |
	verdict "the holder links no json-c, libsmartcols or libudev"

# Every ioctl has a wrapper, also those that no command uses yet.
exported=$(cd "$obj" && printf '%s\n' "${objects[@]}" | grep '^lib/' |
	xargs nm --defined-only --extern-only --format=posix | awk 'NF > 2 { print $1 }')
used=$(cut -d' ' -f3 <<<"$uses" | sort -u)
sort -u <<<"$exported" | comm -23 - <(echo "$used") | grep -v '^cxlf_ioctl_' | while read -r symbol; do
	grep -qrw --include='*.c' "$symbol" tests/unit man || echo "$symbol"
done | verdict "no exported function without a caller"

(cd "$obj" && printf '%s\n' "${objects[@]}" | grep '^cmd/ctl/' | xargs nm --defined-only --extern-only --format=posix) | cut -d' ' -f1 |
	grep -vE '^cmd_|^ctl_program$|:$|^$' | verdict "the file of a command exports only its commands"

# .data and .bss of the library and the commands are empty. Constants that contain addresses are in .data.rel.ro, which
# is read-only when main starts. lib/ioctl_wrap.c may store the destination of the trace.
for file in "${objects[@]}"; do
	objdump -t "$obj/$file" | awk -v f="$file" \
		'/\.(data|bss)(\.[a-zA-Z_0-9]+)*\t/ && !/\.data\.rel\.ro/ && $NF !~ /^\./ { print f ": " $NF }'
done | grep -vE '^lib/ioctl_wrap.o: ' | verdict "no mutable globals"

echo "1..$n"
exit $((bad > 0))
