# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for cxlflashctl, made from its option tables by `cxlflashctl completion bash`.

_cxlflashctl_luns() {
	cxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null
}

_cxlflashctl_adapters() {
	cxlflashctl adapter list --quiet --no-headings --columns=name 2>/dev/null
}

_cxlflashctl_contexts() {
	local socket
	for socket in /run/cxlflash/*.sock; do
		socket=${socket##*/}
		[[ $socket == '*.sock' ]] || echo "${socket%.sock}"
	done
}

_cxlflashctl_handles() {
	cxlflashctl vlun list --quiet --no-headings --columns=id 2>/dev/null
}

_cxlflashctl_folders() {
	compgen -d -- "$cur"
}

_cxlflashctl_valued=' --format -f --columns -o --units --sysroot --color --tree --force --timeout --timeout --timeout --name --adapter --interrupts --check --timeout --virtual --adapter --interrupts --size --context --force --timeout --timeout --timeout --name --timeout --context --timeout --timeout --sense --timeout --adapter --timeout --man '

_cxlflashctl_options() {
	case $1 in
	'list') echo '--tree= --json --format= --columns= --list-columns --no-headings --units= --sysroot= --color= --quiet --verbose --help --version' ;;
	'adapter list') echo '--json --format= --columns= --list-columns --no-headings --sysroot= --color= --quiet --verbose --help --version' ;;
	'adapter info') echo '--json --format= --columns= --list-columns --no-headings --sysroot= --color= --quiet --verbose --help --version' ;;
	'port list') echo '--json --format= --columns= --list-columns --no-headings --sysroot= --color= --quiet --verbose --help --version' ;;
	'lun list') echo '--json --format= --columns= --list-columns --no-headings --units= --sysroot= --color= --quiet --verbose --help --version' ;;
	'lun info') echo '--json --format= --columns= --list-columns --no-headings --units= --sysroot= --color= --quiet --verbose --help --version' ;;
	'manage-lun') echo '--path-only --force= --timeout= --json --format= --columns= --list-columns --no-headings --sysroot= --dry-run --yes --trace --color= --quiet --verbose --help --version' ;;
	'context list') echo '--timeout= --json --format= --columns= --list-columns --no-headings --units= --sysroot= --color= --quiet --verbose --help --version' ;;
	'context info') echo '--timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'context start') echo '--name= --adapter= --interrupts= --read-only --no-recover --check= --json --format= --columns= --list-columns --no-headings --color= --quiet --verbose --help --version' ;;
	'context stop') echo '--timeout= --json --format= --columns= --list-columns --no-headings --color= --quiet --verbose --help --version' ;;
	'context run') echo '--virtual= --physical --allow-smaller --adapter= --interrupts= --read-only --color= --quiet --verbose --help --version' ;;
	'vlun create') echo '--size= --context= --allow-smaller --wipe --force= --timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'vlun list') echo '--json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'vlun resize') echo '--allow-smaller --timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'vlun release') echo '--timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'vlun clone') echo '--name= --timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'plun create') echo '--context= --timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'plun release') echo '--timeout= --json --format= --columns= --list-columns --no-headings --units= --color= --quiet --verbose --help --version' ;;
	'verify') echo '--sense= --timeout= --json --format= --columns= --list-columns --no-headings --units= --trace --color= --quiet --verbose --help --version' ;;
	'recover') echo '--all --adapter= --timeout= --json --format= --columns= --list-columns --no-headings --color= --quiet --verbose --help --version' ;;
	'explain') echo '--json --format= --color= --quiet --verbose --help --version' ;;
	'help') echo '--man= --json --format= --color= --quiet --verbose --help --version' ;;
	'version') echo '--json --format= --color= --quiet --verbose --help --version' ;;
	'completion') echo '--color= --quiet --verbose --help --version' ;;
	*) echo '--json --format= --columns= --list-columns --no-headings --units= --sysroot= --dry-run --yes --trace= --color= --quiet --verbose --help --version' ;;
	esac
}

_cxlflashctl_values() {
	case "$1 $2" in
	'list --tree') echo 'auto always never';;
	'list --format' | 'list -f') echo 'table json jsonl pairs';;
	'list --columns' | 'list -o') echo 'name type sd sg mode size_bytes wwid state adapter pci kind location port';;
	'list --units') echo 'iec si b 4k';;
	'list --sysroot') _cxlflashctl_folders;;
	'list --color') echo 'auto always never';;
	'adapter list --format' | 'adapter list -f') echo 'table json jsonl pairs';;
	'adapter list --columns' | 'adapter list -o') echo 'name pci kind topology state state_reason port_count ports_online path_count host chardev location vendor_id device_id card_device_id card_pci card afu';;
	'adapter list --sysroot') _cxlflashctl_folders;;
	'adapter list --color') echo 'auto always never';;
	'adapter info --format' | 'adapter info -f') echo 'table json jsonl pairs';;
	'adapter info --columns' | 'adapter info -o') echo 'name pci kind topology state state_reason port_count ports_online path_count host chardev location vendor_id device_id card_device_id card_pci card afu host_state lun_mode num_hwqs hwq_mode irqpoll_weight ioctl_version caia_version psl_revision image_loaded';;
	'adapter info --sysroot') _cxlflashctl_folders;;
	'adapter info --color') echo 'auto always never';;
	'port list --format' | 'port list -f') echo 'table json jsonl pairs';;
	'port list --columns' | 'port list -o') echo 'adapter pci port state path_count';;
	'port list --sysroot') _cxlflashctl_folders;;
	'port list --color') echo 'auto always never';;
	'lun list --format' | 'lun list -f') echo 'table json jsonl pairs';;
	'lun list --columns' | 'lun list -o') echo 'wwid mode size_bytes block_bytes path_count adapter_count sd sg';;
	'lun list --units') echo 'iec si b 4k';;
	'lun list --sysroot') _cxlflashctl_folders;;
	'lun list --color') echo 'auto always never';;
	'lun info --format' | 'lun info -f') echo 'table json jsonl pairs';;
	'lun info --columns' | 'lun info -o') echo 'wwid mode size_bytes block_bytes path_count adapter_count sd sg vendor product revision by_id';;
	'lun info --units') echo 'iec si b 4k';;
	'lun info --sysroot') _cxlflashctl_folders;;
	'lun info --color') echo 'auto always never';;
	'manage-lun --force') echo 'in-use contexts';;
	'manage-lun --format' | 'manage-lun -f') echo 'table json jsonl pairs';;
	'manage-lun --columns' | 'manage-lun -o') echo 'wwid hctl adapter sd sg mode_before mode result';;
	'manage-lun --sysroot') _cxlflashctl_folders;;
	'manage-lun --color') echo 'auto always never';;
	'context list --format' | 'context list -f') echo 'table json jsonl pairs';;
	'context list --columns' | 'context list -o') echo 'name kind answer pid process user uid adapter pci process_element context_id state state_reason busy lun_count handle_count size_bytes started read_only implicit recovers interrupt_count check_ms recovery_count last_recovery parent open_luns';;
	'context list --units') echo 'iec si b 4k';;
	'context list --sysroot') _cxlflashctl_folders;;
	'context list --color') echo 'auto always never';;
	'context info --format' | 'context info -f') echo 'table json jsonl pairs';;
	'context info --columns' | 'context info -o') echo 'name kind answer pid process user uid adapter pci process_element context_id state state_reason busy lun_count handle_count size_bytes started read_only implicit recovers interrupt_count check_ms recovery_count last_recovery parent open_luns';;
	'context info --units') echo 'iec si b 4k';;
	'context info --color') echo 'auto always never';;
	'context start --interrupts') echo '1 2 3 4';;
	'context start --format' | 'context start -f') echo 'table json jsonl pairs';;
	'context start --columns' | 'context start -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'context start --color') echo 'auto always never';;
	'context stop --format' | 'context stop -f') echo 'table json jsonl pairs';;
	'context stop --columns' | 'context stop -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'context stop --color') echo 'auto always never';;
	'context run --interrupts') echo '1 2 3 4';;
	'context run --color') echo 'auto always never';;
	'vlun create --context') _cxlflashctl_contexts;;
	'vlun create --force') echo 'driver-wipe';;
	'vlun create --format' | 'vlun create -f') echo 'table json jsonl pairs';;
	'vlun create --columns' | 'vlun create -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'vlun create --units') echo 'iec si b 4k';;
	'vlun create --color') echo 'auto always never';;
	'vlun list --format' | 'vlun list -f') echo 'table json jsonl pairs';;
	'vlun list --columns' | 'vlun list -o') echo 'id handle type wwid size_bytes requested_bytes chunk_count last_lba all_ports adapter state cloned_from';;
	'vlun list --units') echo 'iec si b 4k';;
	'vlun list --color') echo 'auto always never';;
	'vlun resize --format' | 'vlun resize -f') echo 'table json jsonl pairs';;
	'vlun resize --columns' | 'vlun resize -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'vlun resize --units') echo 'iec si b 4k';;
	'vlun resize --color') echo 'auto always never';;
	'vlun release --format' | 'vlun release -f') echo 'table json jsonl pairs';;
	'vlun release --columns' | 'vlun release -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'vlun release --units') echo 'iec si b 4k';;
	'vlun release --color') echo 'auto always never';;
	'vlun clone --format' | 'vlun clone -f') echo 'table json jsonl pairs';;
	'vlun clone --columns' | 'vlun clone -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'vlun clone --units') echo 'iec si b 4k';;
	'vlun clone --color') echo 'auto always never';;
	'plun create --context') _cxlflashctl_contexts;;
	'plun create --format' | 'plun create -f') echo 'table json jsonl pairs';;
	'plun create --columns' | 'plun create -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'plun create --units') echo 'iec si b 4k';;
	'plun create --color') echo 'auto always never';;
	'plun release --format' | 'plun release -f') echo 'table json jsonl pairs';;
	'plun release --columns' | 'plun release -o') echo 'changed ended id context context_id pid state adapter parent free_at_most_bytes';;
	'plun release --units') echo 'iec si b 4k';;
	'plun release --color') echo 'auto always never';;
	'verify --format' | 'verify -f') echo 'table json jsonl pairs';;
	'verify --columns' | 'verify -o') echo 'name wwid verdict result size_bytes old_size_bytes block_bytes handle_bytes error_code';;
	'verify --units') echo 'iec si b 4k';;
	'verify --color') echo 'auto always never';;
	'recover --format' | 'recover -f') echo 'table json jsonl pairs';;
	'recover --columns' | 'recover -o') echo 'name adapter result changed state context_id_before context_id error_code';;
	'recover --color') echo 'auto always never';;
	'explain --format' | 'explain -f') echo 'table json jsonl pairs';;
	'explain --color') echo 'auto always never';;
	'help --format' | 'help -f') echo 'table json jsonl pairs';;
	'help --color') echo 'auto always never';;
	'version --format' | 'version -f') echo 'table json jsonl pairs';;
	'version --color') echo 'auto always never';;
	'completion --color') echo 'auto always never';;
	*' --format') echo 'table json jsonl pairs' ;;
	*' --units') echo 'iec si b 4k' ;;
	*' --color') echo 'auto always never' ;;
	esac
}

_cxlflashctl_operands() {
	case $1 in
	'') echo 'list adapter port lun manage-lun context vlun plun verify recover explain help version completion' ;;
	'adapter') echo '@noun list info' ;;
	'adapter info') _cxlflashctl_adapters;;
	'port') echo '@noun list' ;;
	'lun') echo '@noun list info' ;;
	'lun info') _cxlflashctl_luns;;
	'manage-lun') _cxlflashctl_luns; echo 'legacy superpipe';;
	'context') echo '@noun list info start stop run' ;;
	'context info') _cxlflashctl_contexts;;
	'context start') _cxlflashctl_luns;;
	'context stop') _cxlflashctl_contexts;;
	'context run') _cxlflashctl_luns;;
	'vlun') echo '@noun create list resize release clone' ;;
	'vlun create') _cxlflashctl_luns;;
	'vlun resize') _cxlflashctl_handles;;
	'vlun release') _cxlflashctl_handles;;
	'vlun clone') _cxlflashctl_contexts;;
	'plun') echo '@noun create release' ;;
	'plun create') _cxlflashctl_luns;;
	'plun release') _cxlflashctl_handles;;
	'verify') _cxlflashctl_handles;;
	'recover') _cxlflashctl_contexts;;
	'explain') echo 'FAILED USAGE UNKNOWN_COMMAND UNKNOWN_OPTION BAD_VALUE BAD_WWID LUN_NOT_FOUND LUN_AMBIGUOUS ADAPTER_NOT_FOUND NOT_CXLFLASH NO_IDENTITY IDENTITY_MISMATCH PERMISSION LUN_IN_USE LUN_HAS_HANDLES MODE_NOT_REACHED DRIVER_NOT_LOADED DRIVER_REMOVED NO_ADAPTER NOT_SUPPORTED ADAPTER_FAILED DEVICE_GONE DEVICE_ERROR LOCKED TIMEOUT PARTIAL ABORTED NOT_SUPERPIPE LUN_OTHER_USE CONTEXT_NOT_FOUND HANDLE_NOT_FOUND NAME_TAKEN CONTEXT_LOST CONTEXT_GONE HOLDER_PROTOCOL NO_SPACE NO_CONTEXTS NO_HANDLES UNSAFE LUN_CHANGED BAD_SENSE BAD_CONFIG NO_MEMORY OUTPUT BUG';;
	'help') echo 'list adapter port lun manage-lun context vlun plun verify recover explain help version completion';;
	'completion') echo 'bash zsh fish';;
	esac
}

_cxlflashctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' word next i
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == -* ]]; then
			option=$word
			[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
			if [[ ${COMP_WORDS[i]} == = || $_cxlflashctl_valued == *" $word "* ]]; then
				((++i < COMP_CWORD)) && option=''
			else
				option=''
			fi
		elif [[ -z $command || $(_cxlflashctl_operands "$command") == @noun* ]]; then
			command=${command:+$command }$word
		fi
	done
	[[ $cur == = ]] && cur=''
	if [[ -n $option ]]; then
		next=$(_cxlflashctl_values "$command" "$option")
	elif [[ $cur == -* ]]; then
		next=$(_cxlflashctl_options "$command")
	elif [[ -z $command ]]; then
		next=$(_cxlflashctl_operands '')
	else
		next=$(_cxlflashctl_operands "$command")
		next=${next#@noun }
	fi
	if [[ $option == -o || $option == --columns ]]; then
		local before=''
		[[ $cur == *[,+]* ]] && before=${cur%"${cur##*[,+]}"}
		mapfile -t COMPREPLY < <(compgen -P "$before" -W "$next" -- "${cur##*[,+]}")
	else
		mapfile -t COMPREPLY < <(compgen -W "$next" -- "$cur")
	fi
	[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	return 0
}

complete -F _cxlflashctl cxlflashctl
