#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# portability.sh [SUITE...]: build and check the project on other releases of Debian, each in a tree of unpacked
# packages below build/portability. SUITE is bullseye (11), bookworm (12) or trixie (13); default: all. Nothing is
# installed: apt has a state of its own, and the tree is the root directory of one process and its children. Runs as
# root, or as a user who may create user namespaces. Prints TAP; build/portability/SUITE/log has the output of the
# checks.
#
# Exit status: 0 all passed, 1 a check failed, 77 none failed, but the mirror does not have all suites.
set -euo pipefail
export LC_ALL=C
top=$(cd "$(dirname "$0")/.." && pwd)
architecture=$(dpkg --print-architecture)

die() {
	echo "portability: $*" >&2
	exit 1
}
# shellcheck source=scripts/debian.sh
. "$top/scripts/debian.sh"

packages() {
	# the base system
	echo base-files base-passwd bash bsdutils coreutils dash debianutils diffutils findutils grep gzip hostname libc-bin \
		login mawk mount ncurses-base ncurses-bin procps sed tar util-linux
	# for the build
	echo gcc make libc6-dev pkg-config libudev-dev libsgutils2-dev libjson-c-dev libsmartcols-dev libblkid-dev scdoc clang
	# for the tests
	echo bats fish git groff jq man-db python3-jsonschema shellcheck strace xxd zsh
	# the sanitizers of clang, where they are a separate package
	! apt-cache show libclang-rt-dev >/dev/null 2>&1 || echo libclang-rt-dev
}

# The tests need bats 1.5 and jsonschema 4.0, which are scripts and run on any release: those of Debian 12 are used.
scripts_of_bookworm=(bats python3-jsonschema)

# fetch SUITE: download the packages that the tree lacks; status 2 if the mirror does not have the suite
fetch() {
	local suite=$1 state=$top/build/portability/$1/apt
	if ! apt_state "$state" "$suite" "$architecture"; then
		! grep -qE 'does not have a Release file|no longer has a Release file' "$state/update.log" || return 2
		cat "$state/update.log" >&2
		die "cannot fetch the package lists of $suite"
	fi
	apt-get -qq autoclean # removes packages that a point release has replaced
	# shellcheck disable=SC2046 # words
	apt-get -qq -y --no-install-recommends --download-only install $(packages) >"$state/install.log" 2>&1 ||
		{ tail -n 20 "$state/install.log" >&2; die "cannot fetch the packages of $suite"; }
}

# unpack DIR DEB...: unpack packages without running their scripts
unpack() {
	local dir=$1 deb link
	shift
	for link in bin lib lib32 lib64 libx32 sbin; do
		mkdir -p "$dir/usr/$link"
		[ -L "$dir/$link" ] || ln -s "usr/$link" "$dir/$link"
	done
	for deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink --no-same-owner -C "$dir"
	done
}

# The needed results of the package scripts.
furnish() {
	local root=$1
	cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
	cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
	[ -e "$root/usr/bin/sh" ] || ln -s dash "$root/usr/bin/sh"
	ln -sf mawk "$root/usr/bin/awk"
	ln -sf gcc "$root/usr/bin/cc"
	echo "127.0.0.1 localhost" >"$root/etc/hosts"
	mkdir -p "$root"/{proc,sys,dev,run,mnt,root,src,tmp} "$root/var/cache/man"
	chmod 1777 "$root/tmp"
}

# The files of the working tree, committed or not.
copy_sources() {
	(cd "$top" && { git ls-files -z -co --exclude-standard || find . -path ./build -prune -o -type f -print0; } |
		tar -c --null --ignore-failed-read -T - 2>/dev/null) | tar -x --no-same-owner -C "$1"
	git -C "$1" init -q
	git -C "$1" add -A
}

# shellcheck disable=SC2317 # called by name
# enter ROOT COMMAND...: run COMMAND with ROOT as /. chroot(2) alone does not allow user namespaces, which the tests
# use.
enter() {
	local root=$1 user=()
	shift
	[ "$(id -u)" -eq 0 ] || user=(--map-root-user)
	# shellcheck disable=SC2016 # expanded there
	unshare "${user[@]}" --mount --pid --fork --kill-child env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
		sh -euc '
			root=$1
			shift
			mount --bind "$root" "$root"
			mount --rbind /dev "$root/dev"
			mount --rbind /sys "$root/sys"
			mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
			cd "$root"
			pivot_root . mnt
			cd /
			umount -l /mnt
			cd /src
			exec "$@"' - "$root" "$@"
}

# check SUITE: build and check one suite; prints the text of the verdict line
check() {
	local suite=$1 dir=$top/build/portability/$1 root debs=() script rc=0
	rm -f "$dir/log"
	fetch "$suite" || return
	if [ "$suite" = bullseye ]; then
		fetch bookworm || die "the mirror has no bookworm, whose ${scripts_of_bookworm[*]} the tests need"
		for script in "${scripts_of_bookworm[@]}"; do
			debs+=("$top/build/portability/bookworm/apt/cache/archives/$script"_*.deb)
		done
	fi
	root=$dir/root
	rm -rf "$root"
	mkdir -p "$root"
	unpack "$root" "$dir"/apt/cache/archives/*.deb "${debs[@]}"
	furnish "$root"
	copy_sources "$root/src"
	# shellcheck disable=SC2016 # expanded there
	timeout 1800 bash -c "$(declare -f enter); enter \"\$@\"" - "$root" bash -c '
		ldconfig
		echo "with glibc $(getconf GNU_LIBC_VERSION | cut -d" " -f2), gcc $(gcc -dumpfullversion), clang $(clang -dumpversion)," \
			"json-c $(pkg-config --modversion json-c), util-linux $(pkg-config --modversion smartcols)"
		make -j"$(nproc)" all unit-native unit-asan programs-asan &&
		make -k check-unit check-cli check-sanitize check-symbols' >"$dir/log" 2>&1 || rc=$?
	echo "Debian $(cat "$root/etc/debian_version") ($suite): $(sed -n 's/^with //p' "$dir/log")," \
		"$(grep -c '^ok' "$dir/log" || true) passed, $(grep -c '^not ok' "$dir/log" || true) failed"
	[ "$rc" -eq 0 ]
}

{ # read as a whole, so that editing this file does not disturb a run
[ $# -gt 0 ] || set -- bullseye bookworm trixie
echo "1..$#"
n=0 failed=0 skipped=0
for suite; do
	n=$((n + 1))
	[[ $suite =~ ^[a-z]+$ ]] || die "invalid suite \"$suite\""
	set +e # an error ends the subshell only
	said=$(set -e; check "$suite")
	rc=$?
	set -e
	case $rc in
	0) echo "ok $n - $said" ;;
	2)
		skipped=$((skipped + 1))
		echo "ok $n - $suite # SKIP the mirror does not have it: $(mirror)"
		;;
	*)
		failed=$((failed + 1))
		echo "not ok $n - ${said:-$suite}"
		{ grep -v '^ok' "$top/build/portability/$suite/log" | grep -A 6 -E '^not ok|error:|Error ' | head -n 60 |
			sed 's/^/# /'; } 2>/dev/null || true
		;;
	esac
done
[ $failed -eq 0 ] || exit 1
[ $skipped -eq 0 ] || exit 77
exit 0
}
