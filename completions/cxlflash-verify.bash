# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for cxlflash-verify, made from its option table by `cxlflash-verify --completion=bash`.

_cxlflash_verify() {
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} next='' before=''
	[[ $cur == = ]] && cur=''
	[[ $option == = ]] && option=${COMP_WORDS[COMP_CWORD - 2]}
	case $option in
	--baseline)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
		;;
	--write-baseline)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
		;;
	--sense)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
		;;
	--decode)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
		;;
	--timeout | -t)
		next=''
		;;
	--completion)
		next='bash zsh fish'
		;;
	--man)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
		;;
	--format | -f)
		next='table json jsonl pairs'
		;;
	--columns | -o)
		next='wwid verdict size_bytes old_size_bytes block_bytes old_block_bytes remembered_by path_count answering_count mode error_code'
		;;
	--units)
		next='iec si b 4k'
		;;
	--color)
		next='auto always never'
		;;
	*)
		if [[ $cur == -* ]]; then
			next='--all --baseline= --write-baseline= --sense= --decode= --timeout= --completion= --man= --json --format= --columns= --list-columns --no-headings --units= --trace --color= --quiet --verbose --help --version'
		else
			next=$(cxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null)
		fi
		;;
	esac
	if [[ $option == -o || $option == --columns ]]; then
		[[ $cur == *[,+]* ]] && before=${cur%"${cur##*[,+]}"}
		cur=${cur##*[,+]}
	fi
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$next" -- "$cur")
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	return 0
}

complete -F _cxlflash_verify cxlflash-verify
