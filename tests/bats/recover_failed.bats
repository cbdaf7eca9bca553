#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# lab: --rack lab/racks/default
#
# Permanent failure of an adapter with a held context. A file of its own, because the adapter stays failed.

load helper

@test "permanent failure: the holder reports failed with the reason and what was lost, and can be stopped" {
	cxlflashctl manage-lun "$two_ports" "$private" superpipe
	cxlflashctl context start "$two_ports" --name dead
	cxlflashctl vlun create "$two_ports" 1G --context dead
	cxlflashctl context start "$private" --name alive
	cxlflashctl context start "$two_ports" --name left --no-recover
	[ "$(cxlflashctl vlun create "$two_ports" 1G)" = ctx0/0 ]
	pid=$(info dead pid)
	control eeh 0 freeze
	eventually 100 eval '[[ $(info dead state) =~ lost|recovering ]]'
	control eeh 0 fail
	eventually 600 is dead state failed
	[ -n "$(info dead state_reason)" ]
	[ "$(info dead handle_count)" = 1 ]
	[ -z "$(find "/proc/$pid/fd" -lname '/cxl:*')" ]
	cxlflashctl context info dead | grep -q 'failed permanently'
	# the same for an implicit context, which does not end
	eventually 600 is ctx0 state failed
	[ "$(info ctx0 handle_count)" = 1 ]
	[ "$(cxlflashctl vlun list --no-headings -o id,state | tr -s ' ')" = "ctx0/0 failed
dead/0 failed" ]
	for line in "resize -y dead/0 2G" "release -y dead/0"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr cxlflashctl vlun $line
		[ "$status" -eq 7 ]
		[[ "$stderr" == *"its handles are lost"* ]]
	done
	run --separate-stderr cxlflashctl vlun create "$two_ports" 1G --context dead
	[ "$status" -eq 7 ]
	[[ "$stderr" == *ADAPTER_FAILED* ]]
	run --separate-stderr cxlflashctl recover dead
	[ "$status" -eq 7 ]
	is left state lost
	run --separate-stderr cxlflashctl recover left
	[ "$status" -eq 7 ]
	is left state failed
	run --separate-stderr cxlflashctl recover --all
	[ "$status" -eq 10 ]
	is alive state ready
	[ "$(cxlflashctl context stop dead)" = "dead stopped, 1 handle lost" ]
	cxlflashctl context stop -y left
	cxlflashctl context stop -y ctx0
	cxlflashctl context stop -y alive
}
