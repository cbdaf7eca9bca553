# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# debian.sh: to be sourced by scripts that use Debian packages without changing the system. apt has a state of its own
# below build/. The script must define die().

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror of the host: the first of apt's sources whose path is a Debian archive.
mirror() {
	local uri
	uri=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
		/etc/apt/sources.list.d/*.sources 2>/dev/null |
		grep -v '^[[:space:]]*#' | grep -oE '(https?|file|mirror\+[a-z]+)://?[^] ]+/debian/?([[:space:]]|$)' |
		head -n 1 | tr -d '[:space:]') || true
	uri=${LAB_MIRROR:-$uri}
	[ -n "$uri" ] || die "no Debian mirror among apt's sources; name one in LAB_MIRROR=URI"
	echo "$uri"
}

# apt_state DIR SUITE ARCHITECTURE...: make apt use the state in DIR, with the package lists of SUITE. The first
# architecture is that of the packages. Fails if the lists cannot be fetched; DIR/update.log then has apt's messages.
apt_state() {
	local dir=$1 suite=$2 uri
	shift 2

	[ -r "$keyring" ] || die "no $keyring (package debian-archive-keyring): cannot check signatures"
	uri=$(mirror) || exit 1
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	# Signed-by accepts only Debian's keys, independent of the keys that the host trusts.
	echo "deb [signed-by=$keyring] $uri $suite main" >"$dir/sources.list"
	cat >"$dir/apt.conf" <<-CONF
	APT::Architecture "$1";
	APT::Architectures { $(printf '"%s"; ' "$@")};
	APT::Get::AllowUnauthenticated "false";
	APT::Sandbox::User "";
	APT::Update::Error-Mode "any";
	Acquire::AllowInsecureRepositories "false";
	Acquire::Languages "none";
	Acquire::Retries "3";
	Acquire::ForceHash "SHA256";
	Dir::State "$dir/state";
	Dir::State::status "$dir/status";
	Dir::Cache "$dir/cache";
	Dir::Etc::sourcelist "$dir/sources.list";
	Dir::Etc::sourceparts "-";
	CONF
	export APT_CONFIG=$dir/apt.conf
	apt-get -qq update >"$dir/update.log" 2>&1
}
