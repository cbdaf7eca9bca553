#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion in three shells: they parse their scripts and offer the output of the programs (see complete.bats).

load helper

setup_file() {
	load helper
	tree small --paths 8 >/dev/null
	# Completion runs the programs by name: these wrappers use a saved tree.
	mkdir "$BATS_FILE_TMPDIR/bin"
	for program in cxlflashctl cxlflash-verify; do
		cat >"$BATS_FILE_TMPDIR/bin/$program" <<-END
			#!/bin/sh
			[ "\$1 \$2" = "__complete --" ] || exit 99
			shift 2
			case " \$* " in *" -- "*) exec "${ctl%/*}/$program" __complete -- "\$@" ;; esac # __complete counts the words
			exec "${ctl%/*}/$program" __complete -- "--sysroot=$BATS_FILE_TMPDIR/tree-small" "\$@"
		END
	done
	chmod +x "$BATS_FILE_TMPDIR"/bin/*
	mkdir -p "$BATS_FILE_TMPDIR/files/folder"
	touch "$BATS_FILE_TMPDIR/files/file"
}

setup() {
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	wwid=60050768001081801234000000000001
	cd "$BATS_FILE_TMPDIR/files" || return
}

# in_bash LINE: the candidates of bash at the end of LINE, whose words are split as bash does, also at "=" and ":"
in_bash() {
	# shellcheck disable=SC2016
	bash --norc -c '
		source "$1"
		COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDS=() rest=$2
		while [[ $rest =~ ^[[:blank:]]*([=:]+|[^[:blank:]=:]+)(.*)$ ]]; do
			COMP_WORDS+=("${BASH_REMATCH[1]}") rest=${BASH_REMATCH[2]}
		done
		[[ $COMP_LINE != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		compopt() { [[ $2 != nospace ]] || printf "(nospace)\n"; }
		_cxlflash "${COMP_WORDS[0]}"
		printf "%s\n" "${COMPREPLY[@]}"' _ "$top/completions/cxlflash.bash" "$1"
}

# without the user's configuration; the fish of Debian 11 does not have --no-config
fish() {
	env -u XDG_CONFIG_HOME -u XDG_DATA_HOME HOME="$BATS_TEST_TMPDIR" fish "$@"
}

in_fish() {
	fish -c "source $top/completions/cxlflash.fish; complete -C '$1'" | cut -f1
}

# in_zsh LINE...: the candidates of zsh, whose completion works only in its line editor
in_zsh() {
	timeout 120 zsh -f "$top/tests/cli/complete.zsh" "$top/completions/_cxlflash" "$@"
}

@test "completion: each shell parses its script without a message; cxlflashctl prints the same script" {
	bash -n "$top/completions/cxlflash.bash"
	shellcheck --shell=bash "$top/completions/cxlflash.bash"
	zsh -n "$top/completions/_cxlflash"
	fish -n "$top/completions/cxlflash.fish"
	"$ctl" completion bash | cmp - "$top/completions/cxlflash.bash"
	"$ctl" completion zsh | cmp - "$top/completions/_cxlflash"
	"$ctl" completion fish | cmp - "$top/completions/cxlflash.fish"
}

@test "completion: bash offers what the program prints" {
	in_bash "cxlflashctl " | has list lun manage-lun
	in_bash "cxlflashctl lun " | has list info
	in_bash "cxlflashctl lun list --" | has --columns= --json
	[ "$(in_bash "cxlflashctl lun list --colum" | xargs)" = "(nospace) --columns=" ]
	[ "$(in_bash "cxlflashctl list --format=js" | xargs)" = "json jsonl" ]
	[ "$(in_bash "cxlflashctl list --format js" | xargs)" = "json jsonl" ]
	[ "$(in_bash "cxlflashctl --format=json list --tree=" | xargs)" = "auto always never" ]
	in_bash "cxlflashctl recover --adapter=" | has host2 0006:00:00.0
	[ "$(in_bash "cxlflashctl recover --adapter=0006:00" | xargs)" = "00:00.0" ]
	in_bash "cxlflashctl lun info " | has "$wwid" /dev/sda 2:0:0:0
	[ "$(in_bash "cxlflashctl lun info 2:0:0:" | head -n 1)" = 0 ]
	[ "$(in_bash "cxlflashctl lun list -o wwid,pa" | xargs)" = "wwid,path_count" ]
	[ "$(in_bash "cxlflashctl recover --trace=f" | sort | xargs)" = "file folder" ]
	[ "$(in_bash "cxlflashctl list --sysroot f" | xargs)" = folder ]
	in_bash "cxlflashctl context run --adapter=host2 x -- tes" | has test
	[ "$(in_bash "cxlflashctl context run x -- ls fi" | xargs)" = file ]
	in_bash "cxlflash-verify --all --base" | has "(nospace)" --baseline=
	in_bash "cxlflash-verify /dev/sd" | has /dev/sda
	# the functions of bash-completion, if installed
	# shellcheck disable=SC2016
	[ "$(bash --norc -c 'source "$1"; _command_offset() { echo "from $1"; }
		COMP_LINE="cxlflashctl context run --adapter=host2 x -- ls "; COMP_POINT=${#COMP_LINE} COMP_CWORD=9
		COMP_WORDS=(cxlflashctl context run --adapter = host2 x -- ls "")
		_cxlflash cxlflashctl' _ "$top/completions/cxlflash.bash")" = "from 8" ]
}

@test "completion: bash at an interactive prompt" {
	run timeout 60 python3 "$top/tests/cli/type.py" "$top/completions/cxlflash.bash" \
		$'cxlflashctl recover --adap\tho\t' $'cxlflashctl lun info --sysroot=fol\t' $'cxlflashctl lun info 2:0:0:0\t' $'cxlflashctl lis\t--form\tjsonl'
	echo "$output"
	[[ "${lines[0]}" == "cxlflashctl recover --adapter=host"* ]]
	[ "${lines[1]}" = "cxlflashctl lun info --sysroot=folder/" ]
	[ "${lines[2]}" = "cxlflashctl lun info 2:0:0:0 " ]
	[ "${lines[3]}" = "cxlflashctl list --format=jsonl" ]
}

@test "completion: fish offers what the program prints" {
	in_fish "cxlflashctl " | has list lun manage-lun
	in_fish "cxlflashctl --color never lun " | has list info
	in_fish "cxlflashctl lun list --" | has --columns= --json
	in_fish "cxlflashctl list --tree=al" | has --tree=always
	in_fish "cxlflashctl lun info " | has "$wwid" /dev/sda 2:0:0:0
	in_fish "cxlflashctl recover --adapter=0006" | has --adapter=0006:00:00.0
	in_fish "cxlflashctl manage-lun $wwid sup" | has superpipe
	in_fish "cxlflashctl lun list -o wwid,pa" | has wwid,path_count
	in_fish "cxlflashctl recover --trace=f" | has --trace=file --trace=folder/
	in_fish "cxlflashctl list --sysroot f" | has folder/
	in_fish "cxlflashctl context run x -- ls f" | has file folder/
	in_fish "cxlflash-verify --all --base" | has --baseline=
	fish -c "source $top/completions/cxlflash.fish; complete -C 'cxlflashctl lun i'" |
		has "info	$("$ctl" __complete -- lun i | cut -f2)"
}

@test "completion: zsh offers what the program prints" {
	in_zsh "cxlflashctl " "cxlflashctl --color never lun " "cxlflashctl lun list --" "cxlflashctl list --tree=al" \
		"cxlflashctl lun info " "cxlflashctl recover --adapter=0006" "cxlflashctl manage-lun $wwid s" \
		"cxlflashctl lun list -o wwid,p" "cxlflashctl recover --trace=f" "cxlflashctl list --sysroot f" \
		"cxlflashctl context run x -- l" "cxlflash-verify --all --" >"$BATS_TEST_TMPDIR/zsh"
	has <"$BATS_TEST_TMPDIR/zsh" "cxlflashctl 	list" "cxlflashctl 	manage-lun" "cxlflashctl --color never lun 	info" \
		"cxlflashctl lun list --	--columns=" "cxlflashctl lun list --	--json" \
		"cxlflashctl list --tree=al	--tree=always" "cxlflashctl lun info 	$wwid" "cxlflashctl lun info 	2:0:0:0" \
		"cxlflashctl recover --adapter=0006	--adapter=0006:00:00.0" "cxlflashctl manage-lun $wwid s	superpipe" \
		"cxlflashctl lun list -o wwid,p	wwid,path_count" "cxlflashctl recover --trace=f	file" \
		"cxlflashctl list --sysroot f	folder" "cxlflashctl context run x -- l	ls" "cxlflash-verify --all --	--baseline="
	grep -qx "cxlflashctl list --sysroot f	file" "$BATS_TEST_TMPDIR/zsh" && return 1
	return 0
}
