#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# setup.sh: install and download the Debian packages for the build and the lab.
#
#   scripts/setup.sh          install the host packages, fetch and unpack the packages of the lab
#   scripts/setup.sh --host   install the host packages only
#   scripts/setup.sh --list   print the host packages and the purpose of each
#
# The only change to the system is the installation of missing host packages with apt-get. All other packages, including
# the ppc64el packages of the guest, are downloaded and unpacked below build/ with an apt state of its own; no foreign
# architecture is added to the system. A stamp file marks a finished setup, which then does not use the network.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lab=$top/build/lab
debs=$top/build/apt/debs
export LC_ALL=C
# shellcheck source=scripts/debian.sh
. "$top/scripts/debian.sh"

# The guest is Debian 12, the last release whose kernel (6.1) includes the driver for ppc64el. Updates of the suite are
# not used, so that the lab changes only with point releases.
suite=bookworm
ports=ppc64el
build_arch=$(dpkg --print-architecture 2>/dev/null || echo unknown)

host_packages() {
	cat <<-'TABLE'
	gcc                        the compiler
	make                       the build
	libc6-dev                  C library headers
	pkg-config                 flags for the libraries
	libudev-dev                finding adapters and LUNs
	libsgutils2-dev            SCSI sense data, VPD pages and texts
	libjson-c-dev              JSON output
	libsmartcols-dev           tables and trees on the terminal
	libblkid-dev               signatures on LUNs
	scdoc                      man pages
	python3                    man pages: JSON keys from the schemas
	man-db                     tests of the man pages
	groff                      tests render the man pages
	clang                      second compiler, fuzzing
	libclang-rt-dev            sanitizer and fuzzer run time of clang
	clang-format               source formatting
	clang-tidy                 static analysis
	cppcheck                   static analysis
	shellcheck                 checks the scripts
	bats                       test runner
	jq                         tests read JSON
	xxd                        tests decode its dumps of sense data
	python3-jsonschema         tests validate documents against their schemas
	lsscsi                     tests compare its listing
	strace                     tests inject ioctl errors
	zsh                        tests of its completion
	fish                       tests of its completion
	qemu-system-ppc            the lab: runs the guest
	gcc-powerpc64le-linux-gnu  the lab: compiles the stand-in module and the programs
	cpio                       the lab: makes the initramfs
	kmod                       the lab: module dependencies
	xz-utils                   the lab: unpacks packages
	TABLE
}

# Far fewer packages than Debian's "standard" and "required". apt adds their dependencies.
guest_packages() {
	cat <<-'TABLE'
	base-files           /etc, /usr and their links
	base-passwd          root, nobody and the groups udev's rules name
	bash                 tests are bats, bats is bash
	dash                 /bin/sh, the guest's own scripts
	bats                 tests
	bsdutils             script(1): tests that need a terminal
	coreutils            -
	dmsetup              device-mapper holders for the in-use checks
	e2fsprogs            mkfs for the in-use checks
	fdisk                partitions for the in-use checks
	findutils            -
	gawk                 -
	grep                 -
	jq                   tests read JSON with it
	kmod                 module loading, udev
	libblkid1            the tools' library
	libjson-c5           the tools' library
	libmount1            the tools' library
	libsgutils2-1.46-2   the tools' library
	libsmartcols1        the tools' library
	libudev1             the tools' library
	login                su: tests as an ordinary user
	lsscsi               tests compare our listing with it
	mount                -
	ncurses-base         terminal descriptions for lab/shell
	procps               ps, pgrep: which process holds a context
	sed                  -
	sg3-utils            SCSI commands from outside our code
	strace               tests inject ioctl errors with it
	udev                 the real systemd-udevd
	util-linux           setsid, lsblk, flock, unshare ...
	TABLE
}

# Other users of disks, for tests that copy them into their guest: they are not part of its root file system.
others_packages() {
	cat <<-'TABLE'
	bcache-tools         registers backing devices
	lvm2                 activates volume groups
	mdadm                assembles RAIDs
	multipath-tools      creates maps
	TABLE
}

sysroot_packages() {
	cat <<-'TABLE'
	libc6-dev            libc and kernel headers
	libgcc-12-dev        gcc's own library for programs of the guest
	libblkid-dev         as on the host
	libjson-c-dev        as on the host
	libsgutils2-dev      as on the host
	libsmartcols-dev     as on the host
	libudev-dev          as on the host
	TABLE
}

names() { "$1" | awk '{ print $1 }'; }

die() {
	echo "setup: $*" >&2
	exit 1
}

# --- the host -------------------------------------------------------------------------------------

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_host_packages() {
	local missing=() package as_root=()

	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		echo "setup: not a Debian or Ubuntu system. Install the equivalents of these packages:" >&2
		host_packages >&2
		echo "The lab also needs apt-get and dpkg-deb, because it consists of Debian packages for $ports." >&2
		exit 1
	fi
	for package in $(names host_packages); do
		is_installed "$package" || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0

	echo "setup: installing these host packages:"
	for package in "${missing[@]}"; do
		host_packages | awk -v p="$package" '$1 == p { print "  " $0 }'
	done
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null || die "not root and no sudo; as root: apt-get install ${missing[*]}"
		as_root=(sudo)
	fi
	host_apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
		apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends)
	# If this fails, the package lists may be outdated or missing: fetch them and retry.
	"${host_apt[@]}" install "${missing[@]}" >/dev/null 2>&1 ||
		{ "${host_apt[@]}" update && "${host_apt[@]}" install "${missing[@]}" >/dev/null; } ||
		die "cannot install: ${missing[*]}"
}

# --- the lab: choose, download, check ---------------------------------------------------------------

# The newest kernel with headers.
newest_kernel() {
	local release
	for release in $(apt-cache search --names-only '^linux-image-6\.1\.0-[0-9]+-powerpc64le$' |
		awk '{ sub("linux-image-", "", $1); print $1 }' | sort -rV); do
		if apt-cache show "linux-headers-$release" >/dev/null 2>&1; then
			echo "$release"
			return
		fi
	done
	die "no linux-image-6.1.0-*-powerpc64le with headers in $suite"
}

# The packages that apt would fetch, as "SET NAME VERSION ARCH SHA256", with the checksums of the signed index.
resolve() {
	local set=$1
	shift
	apt-get -qq --print-uris "$@" | awk -v set="$set" '{
		file = $2; sub(/\.deb$/, "", file); gsub("%3a", ":", file)
		if (split(file, part, "_") != 3 || $4 !~ /^SHA256:/) { print "odd: " $0; exit 1 }
		print set, part[1], part[2], part[3], substr($4, 8)
	}'
}

resolve_all() {
	local release=$1 root

	# shellcheck disable=SC2046 # package names are words
	root=$(resolve root install --no-install-recommends $(names guest_packages))
	echo "$root"
	# shellcheck disable=SC2046
	resolve others install --no-install-recommends $(names guest_packages) $(names others_packages) |
		awk -v root="$root" 'index(root, " " $2 " " $3 " ") == 0'
	# shellcheck disable=SC2046
	resolve sysroot install --no-install-recommends $(names sysroot_packages)
	# linux-kbuild runs on the build machine: its architecture, not the guest's
	resolve kernel download "linux-image-$release" "linux-headers-$release" \
		"linux-headers-${release%-powerpc64le}-common" "linux-kbuild-6.1:$build_arch"
}

deb_path() { echo "$debs/$1_${2//:/%3a}_$3.deb"; }

# Download the missing packages, then check every file against the signed index.
download() {
	local manifest=$1 wanted=() set name version arch sum
	while read -r set name version arch sum; do
		[ -f "$(deb_path "$name" "$version" "$arch")" ] || wanted+=("$name:$arch=$version")
	done < <(sort -u -k2,4 "$manifest")

	if [ ${#wanted[@]} -gt 0 ]; then
		echo "setup: downloading ${#wanted[@]} packages for the lab"
		(cd "$debs" && apt-get -qq download "${wanted[@]}") || die "download failed"
	fi
	while read -r set name version arch sum; do
		echo "$sum  $(deb_path "$name" "$version" "$arch")"
	done <"$manifest" | sort -u >"$debs/SHA256SUMS"
	if ! sha256sum --quiet --strict -c "$debs/SHA256SUMS"; then
		rm -rf "$debs"
		die "a package is not what the signed index says; the downloads were removed, try again"
	fi
}

# --- the lab: unpack --------------------------------------------------------------------------------

# In Debian 12 /bin, /lib and /sbin are links into /usr, but packages contain both spellings.
unpack() {
	local manifest=$1 set=$2 dir=$3 link name version arch
	mkdir -p "$dir/usr"
	for link in bin lib lib64 sbin; do
		mkdir -p "$dir/usr/$link"
		ln -s "usr/$link" "$dir/$link"
	done
	while read -r _ name version arch _; do
		dpkg-deb --fsys-tarfile "$(deb_path "$name" "$version" "$arch")" |
			tar -x --keep-directory-symlink --no-same-owner -C "$dir"
	done < <(awk -v set="$set" '$1 == set' "$manifest")
}

# Absolute links in a tree that is not at / would point to files of the host.
make_links_relative() {
	local dir=$1 link target
	find "$dir" -type l -lname '/*' | while read -r link; do
		target=$dir$(readlink "$link")
		ln -sfn "$(realpath -m --relative-to="$(realpath "$(dirname "$link")")" "$target")" "$link"
	done
}

# No package script runs. This makes the needed results of the scripts.
furnish_root() {
	local root=$1
	cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
	cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
	printf '%s:x:%d:\n' input 101 sgx 102 kvm 103 render 104 >>"$root/etc/group"
	ln -sf gawk "$root/usr/bin/awk"
	echo cxlflash-lab >"$root/etc/hostname"
	echo '127.0.0.1 localhost cxlflash-lab' >"$root/etc/hosts"
	ln -sf /proc/self/mounts "$root/etc/mtab"
	: >"$root/etc/fstab"
	mkdir -p "$root"/{lab,proc,sys,dev,run,tmp,mnt,root}
	# large files that no test needs
	rm -rf "$root"/usr/share/{doc,man,info,locale,i18n,zoneinfo,lintian,bug,common-licenses,perl} \
		"$root"/usr/lib/*/{gconv,perl,perl-base} "$root"/usr/lib/udev/hwdb.d "$root"/usr/lib/locale/C.utf8.*
	find "$root/usr/lib/udev" -name hwdb.bin -delete
}

# The driver must be the file of the package. lab/run compares it before each boot with the checksum that is recorded
# here, after the package (SHA-256) and the package's list of files (MD5) have been verified.
record_driver() {
	local new=$1 release=$2 version=$3 image ko md5
	ko=lib/modules/$release/kernel/drivers/scsi/cxlflash/cxlflash.ko
	image=$(deb_path "linux-image-$release" "$version" "$ports")
	md5=$(dpkg-deb --ctrl-tarfile "$image" | tar -xO ./md5sums | awk -v f="$ko" '$2 == f { print $1 }')
	[ -n "$md5" ] || die "$image does not list $ko"
	echo "$md5  $new/kernel/$ko" | md5sum --quiet -c - || die "$ko differs from its package"
	echo "release=$release"
	echo "package=linux-image-$release"
	echo "version=$version"
	echo "file=kernel/$ko"
	echo "md5=$md5"
	echo "sha256=$(sha256sum "$new/kernel/$ko" | awk '{ print $1 }')"
}

# End background unpacking when the run is interrupted.
# shellcheck disable=SC2317 # called by trap
clean_up() {
	jobs -p | xargs -r kill 2>/dev/null || true
	wait || true
	rm -rf "$new"
}

prepare_lab() {
	local stamp_text release version part jobs=()
	# Changed package lists or functions require a new lab.
	stamp_text=$({
		echo "$suite $ports $build_arch"
		declare -f guest_packages others_packages sysroot_packages resolve_all unpack make_links_relative furnish_root record_driver
	} | sha256sum | awk '{ print $1 }')
	if [ "$(cat "$lab/stamp" 2>/dev/null)" = "$stamp_text" ]; then
		return
	fi
	mkdir -p "$debs"
	apt_state "$top/build/apt" "$suite" "$ports" "$build_arch" ||
		{ cat "$top/build/apt/update.log" >&2; die "cannot fetch Debian's package lists"; }
	release=$(newest_kernel)
	mkdir -p "$lab"
	new=$(mktemp -d "$top/build/lab.new.XXXXXX")
	trap clean_up EXIT
	resolve_all "$release" >"$new/manifest"
	download "$new/manifest"

	echo "setup: unpacking, kernel $release"
	for part in root others sysroot kernel; do
		unpack "$new/manifest" "$part" "$new/$part" &
		jobs+=($!)
	done
	for part in "${jobs[@]}"; do
		wait "$part" || die "unpacking failed"
	done
	make_links_relative "$new/sysroot"
	make_links_relative "$new/kernel"
	furnish_root "$new/root"
	rm -rf "$new"/others/{etc,usr/share,var}
	version=$(awk -v p="linux-image-$release" '$2 == p { print $3 }' "$new/manifest")
	record_driver "$new" "$release" "$version" >"$new/driver"

	# The stamp is removed first and written last, so an interrupted run leaves none.
	rm -f "$lab/stamp"
	for part in root others sysroot kernel manifest driver; do
		rm -rf "${lab:?}/$part"
		mv "$new/$part" "$lab/$part"
	done
	echo "$stamp_text" >"$lab/stamp"
	echo "setup: done, $(wc -l <"$lab/manifest") packages in build/lab/manifest"
}

case ${1-} in
--list) host_packages ;;
--host) install_host_packages ;;
'')
	install_host_packages
	prepare_lab
	;;
*)
	echo "usage: scripts/setup.sh [--host|--list]" >&2
	exit 2
	;;
esac
