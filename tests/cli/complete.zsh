#!/usr/bin/env zsh
# SPDX-License-Identifier: GPL-2.0-or-later
# complete.zsh SCRIPT LINE: what zsh offers at the end of LINE, one a line. Its completion works only in a
# line editor, so one is run on a pseudo terminal, with every match printed as it is added.
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'PROMPT= RPROMPT=; stty -echo'
zpty -w shell 'autoload -Uz compinit; compinit -D -u; zstyle ":completion:*" list-grouped false
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
	local -a found
	builtin compadd -O found "$@"
	local one; for one in $found; do print -r -- "match=$one" >>$MATCHES; done
	builtin compadd "$@"
}'
zpty -w shell "export MATCHES=${(q)TMPDIR:-/tmp}/matches.$$; : >\$MATCHES; source ${(q)1}; compdef _cxlflashctl cxlflashctl; print -r -- READY"
zpty -r -m shell line '*READY*'
zpty -n -w shell "$2"$'\t'
matches=${TMPDIR:-/tmp}/matches.$$
for ((i = 0; i < 100; i++)); do
	sleep 0.05
	now=$(wc -c <$matches)
	((now && now == last)) && break
	last=$now
done
zpty -d shell
sed -n 's/^match=//p' $matches | sort -u
rm -f $matches
