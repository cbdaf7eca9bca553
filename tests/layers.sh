#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# layers.sh BUILD: the arrows between layers, checked on the objects (see ARCHITECTURE.md). Prints TAP.
set -uo pipefail
build=$1
obj=$build/obj
n=0 bad=0

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
	n=$((n + 1))
	local wrong
	wrong=$(users "$2" | grep -vxE "($3)\.o")
	if [ -z "$wrong" ]; then
		echo "ok $n - layers: $1"
	else
		bad=$((bad + 1))
		echo "not ok $n - layers: $1"
		# shellcheck disable=SC2001 # each line
		sed 's/^/# /' <<<"$wrong"
	fi
}

print='(f|v|vf|d|vd)?printf|__(f|v|vf)?printf_chk|puts|fputs|putchar|fputc|putc|fwrite'
only "ioctl(2) is for the wrapper, INQUIRY and the terminal's width" 'ioctl' \
	'lib/ioctl_wrap|lib/lun_path|lib/inquiry|cmd/common/program'
only "only the domain calls the wrapper" 'cxlf_ioctl_.*' 'lib/(lun|lun_path|context|inuse|health)[a-z_]*|cmd/common/program|cmd/holder/.*'
only "udev is for discovery and links" 'udev_.*' 'lib/(discover.*|links)'
only "json-c is for output and stored state" 'json_object_.*|json_tokener_.*' 'lib/output_(json|trace)|lib/baseline'
only "libsmartcols is for tables" 'scols_.*' 'lib/output_table'
only "only output, help and programs write to a stream" "$print|stdout|stderr" 'lib/(output|cli)[a-z_]*|cmd/[a-z-]*|cmd/common/program|lib/lock'
only "only programs exit, and the child that becomes a holder" 'exit|_exit|abort|err|errx' 'cmd/[a-z-]*|lib/holder_start'
only "only the parser reads argv" 'getopt.*|optarg|optind' 'lib/cli_parse'
only "commands open nothing" 'open|openat|fopen|opendir|fdopen|open64|openat64|fopen64' 'lib/.*|cmd/[a-z-]*|cmd/common/program|cmd/holder/.*'
only "only output takes a locale" 'setlocale' 'lib/output_table'
only "the environment is for programs" 'getenv|secure_getenv' 'cmd/[a-z-]*|cmd/common/program'
only "no shell, no other program but a holder, and what a context is handed to" 'system|popen|exec.*|posix_spawn.*' 'lib/(holder_start|context_exec)'

# Objects of commands export their command, or nothing.
n=$((n + 1))
wrong=$(find "$obj/cmd/ctl" -name '*.o' -exec nm --defined-only --extern-only --format=posix {} + | cut -d' ' -f1 |
	grep -vE '^cmd_|:$|^$')
if [ -z "$wrong" ]; then
	echo "ok $n - layers: a command's file exports its command and nothing else"
else
	bad=$((bad + 1))
	echo "not ok $n - layers: a command's file exports its command and nothing else"
	# shellcheck disable=SC2001
	sed 's/^/# /' <<<"$wrong"
fi

# Kernel's structures stay behind the wrapper.
n=$((n + 1))
wrong=$(grep -lE 'cxlflash_abi\.h|DK_CXLFLASH|HT_CXLFLASH|struct (dk|ht)_cxlflash' lib/*.[ch] cmd/*.c cmd/*/*.[ch] |
	grep -vx 'lib/ioctl_wrap\.[ch]')
if [ -z "$wrong" ]; then
	echo "ok $n - layers: the kernel's structures stay in lib/ioctl_wrap.c"
else
	bad=$((bad + 1))
	echo "not ok $n - layers: the kernel's structures stay in lib/ioctl_wrap.c"
	# shellcheck disable=SC2001
	sed 's/^/# /' <<<"$wrong"
fi

# No writable globals: .data and .bss of the library and the commands are empty but for known ones.
n=$((n + 1))
wrong=$(find "$obj/lib" "$obj/cmd" -name '*.o' | while read -r file; do
	# constants with addresses in them are in .data.rel.ro, which is read-only when main starts
	objdump -t "$file" | awk -v f="${file#"$obj"/}" '/\.(data|bss)(\.[a-zA-Z_0-9]+)*\t/ && !/\.data\.rel\.ro/ && $NF !~ /^\./ { print f ": " $NF }'
done | grep -vE '^lib/ioctl_wrap.o: ')
if [ -z "$wrong" ]; then
	echo "ok $n - layers: no mutable globals"
else
	bad=$((bad + 1))
	echo "not ok $n - layers: no mutable globals"
	# shellcheck disable=SC2001
	sed 's/^/# /' <<<"$wrong"
fi

echo "1..$n"
exit $((bad > 0))
