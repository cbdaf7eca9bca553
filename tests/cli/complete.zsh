#!/usr/bin/env zsh
# SPDX-License-Identifier: GPL-2.0-or-later
# complete.zsh SCRIPT LINE: what zsh offers at the end of LINE, one a line. Its completion works only in a
# line editor, so one is run on a pseudo terminal, and every match is written to a file as it is added.
zmodload zsh/zpty
matches=$(mktemp)
zpty -b shell zsh -f -i
zpty -w shell 'PROMPT= RPROMPT=; stty -echo; autoload -Uz compinit; compinit -D -u'
zpty -w shell "harness_matches=${(q)matches}"
zpty -w shell 'compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
	local -a harness_found
	builtin compadd -O harness_found "$@"
	print -rl -- $harness_found >>$harness_matches
	builtin compadd "$@"
}'
zpty -w shell "source ${(q)1} 2>/dev/null; compdef _cxlflashctl cxlflashctl; print -r -- REA''DY"
zpty -r -m shell line '*READY*'
zpty -n -w shell "$2"$'\t'
# No more matches for a while means no more matches; none at all may only be slow.
for ((i = 0; i < 100; i++)); do
	sleep 0.05
	now=$(wc -c <$matches)
	((now && now == last)) && break
	last=$now
done
zpty -d shell
sort -u $matches | sed '/^$/d'
rm -f $matches
