#!/usr/bin/env zsh
# SPDX-License-Identifier: GPL-2.0-or-later
# complete.zsh SCRIPT LINE...: print what zsh offers at the end of each LINE, one per line; for several LINEs as
# "LINE<tab>OFFER". Its completion works only in a line editor, so one is run on a pseudo terminal, and every match is
# written to a file as it is added.
zmodload zsh/zpty
matches=$(mktemp)
zpty -b shell zsh -f -i
zpty -w shell 'PROMPT= RPROMPT=; stty -echo; setopt no_auto_list no_beep; autoload -Uz compinit; compinit -D -u'
zpty -w shell "harness_matches=${(q)matches}"
zpty -w shell 'compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
	local -a harness_found
	builtin compadd -O harness_found "$@"
	print -rl -- $harness_found >>$harness_matches
	builtin compadd "$@"
}'
zpty -w shell 'harness_end() { BUFFER=; print -r -- EN""D }; zle -N harness_end; bindkey "^Xe" harness_end'
zpty -w shell "source ${(q)1} 2>/dev/null; compdef _cxlflash cxlflashctl cxlflash-verify; print -r -- REA''DY"
zpty -r -m shell line '*READY*'
shift
for line; do
	: >$matches
	zpty -n -w shell "$line"$'\t\x18e'
	zpty -r -m shell answer '*END*' || exit
	prefix=
	(($# == 1)) || prefix=$line$'\t'
	for match in ${(uf)"$(<$matches)"}; do
		print -r -- $prefix$match
	done
done
zpty -d shell
rm -f $matches
