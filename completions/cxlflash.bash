# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for cxlflashctl, cxlflash-verify and cxlflash-holder: candidates come from the program, see
# cxlflashctl(8).

_cxlflash() {
	local rest=${COMP_LINE:0:COMP_POINT} words=() at=() kept='' cur last blank word i
	# COMP_WORDS is split at "=" and ":" too. A part without a blank before it continues the word.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		blank=${rest%%[![:blank:]]*} rest=${rest#"${rest%%[![:blank:]]*}"}
		((i < COMP_CWORD)) && word=${COMP_WORDS[i]} || word=$rest
		rest=${rest#"$word"}
		if [[ $blank || $i -eq 0 ]]; then words+=("$word") at+=("$i"); else words[-1]+=$word; fi
	done
	cur=${words[-1]}
	mapfile -t COMPREPLY < <("$1" __complete -- "${words[@]:1}" 2>/dev/null)
	((${#COMPREPLY[@]})) || return 0
	last=${COMPREPLY[-1]} i=${COMPREPLY[-1]##* }
	[[ $last == :* ]] && unset 'COMPREPLY[-1]'
	COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
	case $last in
	:nospace) compopt -o nospace ;;
	:files*) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -P "${cur:0:i}" -- "${cur:i}") ;;
	:dirs*) compopt -o filenames && mapfile -t COMPREPLY < <(compgen -d -P "${cur:0:i}" -- "${cur:i}") ;;
	:command*)
		declare -F _command_offset >/dev/null && _command_offset "${at[i + 1]}" && return
		((i + 2 == ${#words[@]})) && blank=-c || blank=-f
		compopt -o filenames && mapfile -t COMPREPLY < <(compgen "$blank" -- "$cur")
		;;
	esac
	# readline replaces only the text after its last word break
	for i in : =; do
		[[ $COMP_WORDBREAKS == *"$i"* && $cur == *"$i"* ]] || continue
		word=${cur%"${cur##*"$i"}"}
		((${#word} <= ${#kept})) || kept=$word
	done
	COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

complete -F _cxlflash cxlflashctl cxlflash-verify cxlflash-holder
