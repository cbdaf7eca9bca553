#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lint.sh C-FILE...: compiler warnings, static checkers, formatting, shell scripts. Prints TAP. make check-lint builds
# the product and its unit tests with both compilers, with warnings as errors; this script checks the rest.
set -uo pipefail
n=0 bad=0

verdict() { # STATUS WHAT, complaints on stdin
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - lint: $2"
	else
		bad=$((bad + 1))
		echo "not ok $n - lint: $2"
		head -n 60 | sed 's/^/# /'
	fi
}

# Kernel code has its own build and checks.
sources=() own=()
for file; do
	case $file in lab/*) ;; *) own+=("$file") ;; esac
	case $file in lab/* | *.h | tests/fuzz/*) ;; *) sources+=("$file") ;; esac
done
read -ra flags <<<"${LINT_CFLAGS:--std=gnu11 -D_GNU_SOURCE} -DCXLF_VERSION=\"0\""
include=(-Ilib -Iabi -Itests/unit)

# some warnings of gcc need optimisation
for compiler in "gcc -O2 -c -o /dev/null" "clang -fsyntax-only"; do
	# shellcheck disable=SC2086 # words
	out=$(printf '%s\n' "${sources[@]}" |
		grep -E '^tests/(bats|bench|conformance)/' | xargs -P 2 -I{} $compiler "${flags[@]}" -Werror "${include[@]}" {} 2>&1)
	verdict $? "${compiler%% *} has no warnings in the lab tests" <<<"$out"
done

out=$(clang-format --dry-run -Werror "${own[@]}" 2>&1)
verdict $? "clang-format" <<<"$out"

out=$(cppcheck --quiet --error-exitcode=1 --enable=warning,portability,performance --inline-suppr --std=c11 \
	--suppress=missingIncludeSystem -D_GNU_SOURCE -DCXLF_VERSION='"0"' -j 2 "${include[@]}" "${sources[@]}" 2>&1)
verdict $? "cppcheck" <<<"$out"

# The product only, because a file takes a second. Disabled are checks of style, and checks that do not understand
# cleanup attributes.
tidy='-*,bugprone-*,clang-analyzer-*'
for off in bugprone-{assignment-in-if-condition,branch-clone,easily-swappable-parameters,implicit-widening-of-multiplication-result,macro-parentheses,narrowing-conversions,reserved-identifier,sizeof-expression,suspicious-string-compare} \
	clang-analyzer-{unix.Malloc,valist.Uninitialized,security.insecureAPI.DeprecatedOrUnsafeBufferHandling,security.insecureAPI.strcpy}; do
	tidy+=,-$off
done
out=$(printf '%s\n' "${sources[@]}" | grep -v '^tests/' |
	xargs -P 2 -I{} clang-tidy --quiet --warnings-as-errors='*' --checks="$tidy" {} -- "${flags[@]}" "${include[@]}" 2>/dev/null)
rc=$?
verdict $rc "clang-tidy" <<<"$out"

mapfile -t scripts < <(git ls-files | while read -r file; do
	[ -f "$file" ] && head -c 64 "$file" | head -n 1 | grep -qE '^#!.*\b(ba|da)?sh( |$)' && echo "$file"
done)
out=$(shellcheck -x "${scripts[@]}" 2>&1)
verdict $? "shellcheck: scripts" <<<"$out"
mapfile -t tests < <(git ls-files 'tests/*.bats' 'tests/*.bash')
out=$(shellcheck -x -s bats -e SC1091,SC2016,SC2030,SC2031,SC2153,SC2154,SC2314 "${tests[@]}" 2>&1)
verdict $? "shellcheck: bats tests" <<<"$out"

# The files of dist/. The unit is checked as installed, with a program that exists.
if command -v systemd-analyze >/dev/null; then
	unit=$(mktemp -d)
	sed -e 's|@bindir@/cxlflash-holder|/bin/true|; s|@[a-z]*@|/etc|g' 'dist/cxlflash-holder@.service.in' >"$unit/cxlflash-holder@.service"
	out=$(systemd-analyze verify --man=no "$unit/cxlflash-holder@.service" 2>&1)
	rc=$?
	rm -r "$unit"
	# an unknown keyword is only a warning
	[ -z "$out" ] || rc=1
	verdict $rc "systemd-analyze: the unit" <<<"$out"
fi
if udevadm verify --help >/dev/null 2>&1; then
	out=$(udevadm verify --resolve-names=never dist/*.rules 2>&1)
	verdict $? "udevadm: the rules" <<<"$out"
fi

out=$(/usr/bin/python3 - <<'END' 2>&1
import ast, subprocess
for f in subprocess.run(["git", "ls-files"], capture_output=True, text=True).stdout.split("\n"):
    try:
        if f and open(f).readline().startswith("#!") and "python" in open(f).readline():
            ast.parse(open(f).read(), f)
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        pass
END
)
verdict $? "python: syntax" <<<"$out"

echo "1..$n"
exit $((bad > 0))
