#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make install and make uninstall, and the licence of every file.

load helper

@test "install: uninstall removes exactly the files that install wrote" {
	[ -z "$CXLF_SANITIZED" ] || skip "once is enough"
	make -C "$top" -s install DESTDIR="$BATS_TEST_TMPDIR/root" prefix=/usr
	for file in usr/bin/cxlflashctl usr/share/man/man8/cxlflashctl.8 usr/share/man/man5/cxlflash-json.5 \
		usr/share/bash-completion/completions/cxlflashctl usr/share/zsh/site-functions/_cxlflash \
		usr/share/fish/vendor_completions.d/cxlflashctl.fish usr/share/fish/vendor_completions.d/cxlflash-verify.fish \
		usr/share/bash-completion/completions/cxlflash-verify usr/share/bash-completion/completions/cxlflash-holder usr/share/cxlflash-utils/schema/cxlflash.list.1.json \
		usr/lib/systemd/system/cxlflash-holder@.service usr/lib/tmpfiles.d/cxlflash.conf \
		usr/lib/sysusers.d/cxlflash.conf usr/lib/udev/rules.d/70-cxlflash.rules \
		usr/lib/udev/rules.d/59-cxlflash-superpipe.rules etc/multipath/conf.d/cxlflash.conf \
		usr/share/cxlflash-utils/examples/holder.conf; do
		[ -f "$BATS_TEST_TMPDIR/root/$file" ]
	done
	"$BATS_TEST_TMPDIR/root/usr/bin/cxlflashctl" version
	grep -qx 'ExecStart=/usr/bin/cxlflash-holder .*' "$BATS_TEST_TMPDIR/root/usr/lib/systemd/system/cxlflash-holder@.service"
	if grep -E '^(PrivateDevices|DevicePolicy|DeviceAllow|ProtectClock)=' "$BATS_TEST_TMPDIR/root/usr/lib/systemd/system/cxlflash-holder@.service"; then return 1; fi
	if grep -r '@[a-z]*@' "$BATS_TEST_TMPDIR/root/usr/lib"; then return 1; fi
	make -C "$top" -s uninstall DESTDIR="$BATS_TEST_TMPDIR/root" prefix=/usr
	[ -z "$(find "$BATS_TEST_TMPDIR/root" ! -type d)" ]
}

@test "sources: every file has an SPDX line" {
	cd "$top"
	git ls-files | grep -v -e '^LICENSE$' -e '^VERSION$' -e '/corpus/' | while read -r file; do
		[ ! -s "$file" ] || head -n 20 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || {
			echo "$file"
			exit 1
		}
	done
}
