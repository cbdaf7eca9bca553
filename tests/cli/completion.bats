#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in three shells: it parses, knows everything, and finds LUNs.

load helper

setup_file() {
	load helper
	tree small --paths 8 >/dev/null
	# Completion calls the tool by name: let it look at a tree.
	mkdir "$BATS_FILE_TMPDIR/bin"
	cat >"$BATS_FILE_TMPDIR/bin/cxlflashctl" <<-END
		#!/bin/sh
		exec "$ctl" "\$@" --sysroot="$BATS_FILE_TMPDIR/tree-small"
	END
	chmod +x "$BATS_FILE_TMPDIR/bin/cxlflashctl"
	for shell in bash zsh fish; do
		"$ctl" completion $shell >"$BATS_FILE_TMPDIR/$shell"
	done
}

setup() {
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	scripts=$BATS_FILE_TMPDIR
}

# in_bash WORD...: what bash would offer for the last word
in_bash() {
	bash --norc -c '
		source "$1"
		shift
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		compopt() { :; }
		_cxlflashctl
		printf "%s\n" "${COMPREPLY[@]}"' _ "$scripts/bash" cxlflashctl "$@"
}

in_fish() {
	fish --no-config -c "source $scripts/fish; complete -C '$1'"
}

# in_zsh LINE...: zsh's completion works in an editor only: give it one.
in_zsh() {
	timeout 120 zsh -f "$top/tests/cli/complete.zsh" "$scripts/zsh" "$@"
}

@test "completion: the installed files are what the program prints" {
	diff "$top/completions/cxlflashctl.bash" "$BATS_FILE_TMPDIR/bash"
	diff "$top/completions/_cxlflashctl" "$BATS_FILE_TMPDIR/zsh"
	diff "$top/completions/cxlflashctl.fish" "$BATS_FILE_TMPDIR/fish"
}

@test "completion: each shell parses its script without a complaint" {
	bash -n "$BATS_FILE_TMPDIR/bash"
	zsh -n "$BATS_FILE_TMPDIR/zsh"
	fish --no-config -n "$BATS_FILE_TMPDIR/fish"
	shellcheck --shell=bash "$BATS_FILE_TMPDIR/bash"
}

@test "completion: bash offers every command, subcommand and option" {
	commands | while read -r name; do
		in_bash "" | grep -qx -- "${name%% *}"
		[ "$name" = "${name% *}" ] || in_bash "${name%% *}" "" | grep -qx -- "${name#* }"
		# shellcheck disable=SC2086
		in_bash $name -- >"$BATS_TEST_TMPDIR/offered"
		options "$name" | while read -r option; do
			grep -qxE -- "$option=?" "$BATS_TEST_TMPDIR/offered" || {
				echo "bash: $name $option"
				exit 1
			}
		done
		[ "$(wc -l <"$BATS_TEST_TMPDIR/offered")" -eq "$(options "$name" | wc -l)" ]
	done
}

@test "completion: fish offers every command, subcommand and option" {
	commands | while read -r name; do
		in_fish "cxlflashctl " | cut -f1 | grep -qx -- "${name%% *}"
		[ "$name" = "${name% *}" ] || in_fish "cxlflashctl ${name%% *} " | cut -f1 | grep -qx -- "${name#* }"
		in_fish "cxlflashctl $name --" | cut -f1 >"$BATS_TEST_TMPDIR/offered"
		options "$name" | while read -r option; do
			grep -qxE -- "$option=?" "$BATS_TEST_TMPDIR/offered" || {
				echo "fish: $name $option"
				exit 1
			}
		done
	done
}

@test "completion: zsh offers every command, subcommand and option" {
	mapfile -t names < <(commands)
	lines=("cxlflashctl ")
	for name in "${names[@]}"; do
		lines+=("cxlflashctl ${name%% *} " "cxlflashctl $name --")
	done
	in_zsh "${lines[@]}" >"$BATS_TEST_TMPDIR/offered"
	for name in "${names[@]}"; do
		grep -qxF "cxlflashctl 	${name%% *}" "$BATS_TEST_TMPDIR/offered"
		[ "$name" = "${name% *}" ] || grep -qxF "cxlflashctl ${name%% *} 	${name#* }" "$BATS_TEST_TMPDIR/offered"
		options "$name" | while read -r option; do
			grep -qxE "cxlflashctl $name --	$option=?" "$BATS_TEST_TMPDIR/offered" || {
				echo "zsh: $name $option"
				exit 1
			}
		done
	done
}

@test "completion: values of options, alone, behind '=' and in lists of columns" {
	[ "$(in_bash list --format "" | xargs)" = "table json jsonl pairs" ]
	[ "$(in_bash list --format = js | xargs)" = "json jsonl" ]
	[ "$(in_bash --format = json list --tree = "" | xargs)" = "auto always never" ]
	[ "$(in_bash lun list -o wwid,pa | xargs)" = "wwid,path_count" ]
	[ "$(in_fish 'cxlflashctl list --tree=al' | cut -f1)" = "--tree=always" ]
	in_zsh 'cxlflashctl list --tree=' | grep -qE '(^|=)always$'
}

@test "completion: LUNs and adapters come from the system, and MODE behind them" {
	wwid=$("$ctl" lun list --sysroot="$BATS_FILE_TMPDIR/tree-small" --no-headings -o wwid | head -n 1)
	in_bash lun info "" | grep -qx "$wwid"
	in_bash manage-lun "$wwid" "" | grep -qx superpipe
	in_bash adapter info "" | grep -qxE '(cxlflash|host)[0-9]+'
	in_fish "cxlflashctl lun info " | cut -f1 | grep -qx "$wwid"
	in_fish "cxlflashctl manage-lun $wwid sup" | cut -f1 | grep -qx superpipe
	in_zsh "cxlflashctl lun info " | grep -qx "$wwid"
	in_zsh "cxlflashctl manage-lun $wwid " | grep -qx superpipe
}

@test "completion: held contexts by their sockets' names; nobody is asked" {
	scripts=$BATS_TEST_TMPDIR
	mkdir "$scripts/run"
	for shell in bash zsh fish; do
		sed "s,/run/cxlflash,$scripts/run,g" "$BATS_FILE_TMPDIR/$shell" >"$scripts/$shell"
	done
	[ -z "$(in_bash context info "" | xargs)" ]
	touch "$scripts/run/db.sock" "$scripts/run/db.v2.sock" "$scripts/run/other"
	[ "$(in_bash context info "" | xargs)" = "db db.v2" ]
	[ "$(in_fish "cxlflashctl context info " | cut -f1 | xargs)" = "db db.v2" ]
	[ "$(in_zsh "cxlflashctl context info " | sort | xargs)" = "db db.v2" ]
}

@test "completion: handles as their holders tell them" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/cxlflashctl" <<-'END'
		#!/bin/sh
		[ "$1 $2" = "vlun list" ] && printf 'db/0\ndb/1\n'
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/cxlflashctl"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	[ "$(bash --norc -c 'source "$1"; _cxlflashctl_handles' _ "$scripts/bash" | xargs)" = "db/0 db/1" ]
	[ "$(fish --no-config -c "source $scripts/fish; __cxlflashctl_handles" | xargs)" = "db/0 db/1" ]
	[ "$(in_bash vlun resize "" | xargs)" = "db/0 db/1" ]
	[ "$(in_fish "cxlflashctl vlun release " | cut -f1 | xargs)" = "db/0 db/1" ]
	in_zsh "cxlflashctl vlun resize " | grep -qx 'db/1'
}

@test "completion: an option's value is not taken for the command" {
	in_bash --color never lun "" | grep -qx info
	in_fish "cxlflashctl --color never lun " | cut -f1 | grep -qx info
	in_zsh "cxlflashctl --color never lun " | grep -qx info
}
