# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for cxlflashctl, made from its option tables by `cxlflashctl completion fish`.

function __cxlflashctl_luns
	cxlflashctl lun list --quiet --no-headings --columns=wwid 2>/dev/null
end

function __cxlflashctl_adapters
	cxlflashctl adapter list --quiet --no-headings --columns=name 2>/dev/null
end

function __cxlflashctl_contexts
	for socket in /run/cxlflash/*.sock
		string replace -r '.*/(.*)\\.sock$' '$1' -- $socket
	end
end

function __cxlflashctl_handles
	cxlflashctl vlun list --quiet --no-headings --columns=id 2>/dev/null
end

function __cxlflashctl_folders
	__fish_complete_directories
end

# The command's words typed so far, without options and their values.
function __cxlflashctl_command
	set -l words (commandline -opc)
	set -l command
	set -l skip 0
	for word in $words[2..-1]
		if test $skip = 1
			set skip 0
		else if contains -- $word $__cxlflashctl_valued
			set skip 1
		else if string match -q -- '-*' $word
			continue
		else if test -z "$command"; or contains -- "$command" $__cxlflashctl_nouns
			set command (string trim -- "$command $word")
		end
	end
	echo $command
end

function __cxlflashctl_is
	test "$(__cxlflashctl_command)" = "$argv[1]"
end

complete -c cxlflashctl -f
set -g __cxlflashctl_valued --format -f --columns -o --units --sysroot --color --tree --force --timeout --timeout --timeout --man
set -g __cxlflashctl_nouns adapter port lun context
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s n -l dry-run -d 'check everything and print the plan, but change nothing'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s y -l yes -d 'answer yes to every question (overrides no safety check: see --force)'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l trace -d 'write one JSON line for each request made to the driver to FILE, or to stderr'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'list' -d 'show adapters, ports and paths with their modes'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l tree -x -a 'auto always never' -d 'draw a tree: auto is on a terminal, unless columns are chosen'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s o -l columns -x -a 'name type sd sg mode size_bytes wwid state adapter pci kind location port' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "list"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'adapter' -d 'list info'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter"' -a 'list' -d 'list the adapters'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s o -l columns -x -a 'name pci kind topology state state_reason port_count ports_online path_count host chardev location vendor_id device_id card_device_id card_pci card afu' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter list"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter"' -a 'info' -d 'show all about adapters'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -a '(__cxlflashctl_adapters)' -d 'cxlflashN, hostN, a PCI address, cardN or a location code; all adapters if none is given'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s o -l columns -x -a 'name pci kind topology state state_reason port_count ports_online path_count host chardev location vendor_id device_id card_device_id card_pci card afu host_state lun_mode num_hwqs hwq_mode irqpoll_weight ioctl_version caia_version psl_revision image_loaded' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "adapter info"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'port' -d 'list'
complete -c cxlflashctl -n '__cxlflashctl_is "port"' -a 'list' -d 'list the adapters\' ports and whether they are online'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s o -l columns -x -a 'adapter pci port state path_count' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "port list"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'lun' -d 'list info'
complete -c cxlflashctl -n '__cxlflashctl_is "lun"' -a 'list' -d 'list the LUNs with mode, size and paths'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s o -l columns -x -a 'wwid mode size_bytes block_bytes path_count adapter_count sd sg' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "lun list"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is "lun"' -a 'info' -d 'show all about LUNs: identity, every path, product, links'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -a '(__cxlflashctl_luns)' -d 'a WWID in any spelling or its last 8 or more digits, /dev/sdX, /dev/sgN, a link below /dev/disk, or H:C:T:L'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s o -l columns -x -a 'wwid mode size_bytes block_bytes path_count adapter_count sd sg vendor product revision by_id' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "lun info"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'manage-lun' -d 'switch LUNs between legacy and superpipe mode'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -a '(__cxlflashctl_luns)' -d 'a whole WWID in any spelling, or any path to the LUN: /dev/sdX, /dev/sgN, a link below /dev/disk, H:C:T:L'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -a 'legacy superpipe' -d 'who drives it: the kernel (legacy) or programs in user space (superpipe)'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l path-only -d 'switch only the path named, not all paths of the LUN'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l force -x -a 'in-use contexts' -d 'override a safety check: in-use (the LUN is mounted, swap space or held: data is in danger), contexts (a program with an adapter context has the LUN open: it may lose it)'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l timeout -x -d 'how long to wait while another command changes the same adapter (10)'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s o -l columns -x -a 'wwid hctl adapter sd sg mode_before mode result' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s n -l dry-run -d 'check everything and print the plan, but change nothing'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s y -l yes -d 'answer yes to every question (overrides no safety check: see --force)'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l trace -d 'write one JSON line for each request made to the driver to FILE, or to stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "manage-lun"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'context' -d 'list info'
complete -c cxlflashctl -n '__cxlflashctl_is "context"' -a 'list' -d 'list all adapter contexts, held and foreign'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l timeout -x -d 'how long to wait for each holder\'s answer, in seconds or with a unit (2)'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s o -l columns -x -a 'name kind answer pid process user uid adapter pci process_element context_id state state_reason busy lun_count handle_count size_bytes started read_only implicit recovers interrupt_count check_ms recovery_count last_recovery parent open_luns' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l sysroot -x -a '(__cxlflashctl_folders)' -d 'look at a saved tree, with sys/ and proc/ below DIR, not at this system'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "context list"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is "context"' -a 'info' -d 'show all about a held context: LUNs, handles, last events'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -a '(__cxlflashctl_contexts)' -d 'the held context'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l timeout -x -d 'how long to wait for the holder\'s answer, in seconds or with a unit (10)'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s o -l columns -x -a 'name kind answer pid process user uid adapter pci process_element context_id state state_reason busy lun_count handle_count size_bytes started read_only implicit recovers interrupt_count check_ms recovery_count last_recovery parent open_luns' -d 'columns of table and pairs, with commas between; +LIST adds to the default ones'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l list-columns -d 'show which columns there are, and do nothing else'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l no-headings -d 'no line of headings above a table'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l units -x -a 'iec si b 4k' -d 'sizes in tables and pairs: KiB, MiB... (iec, default in tables), kB, MB... (si), bytes (b, default in pairs) or blocks of 4096 bytes (4k)'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "context info"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'explain' -d 'explain an error code or an exit status'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -a 'FAILED USAGE UNKNOWN_COMMAND UNKNOWN_OPTION BAD_VALUE BAD_WWID LUN_NOT_FOUND LUN_AMBIGUOUS ADAPTER_NOT_FOUND NOT_CXLFLASH NO_IDENTITY IDENTITY_MISMATCH PERMISSION LUN_IN_USE LUN_HAS_HANDLES LUN_MIXED_MODES MODE_NOT_REACHED DRIVER_NOT_LOADED DRIVER_REMOVED NO_ADAPTER NOT_SUPPORTED ADAPTER_FAILED DEVICE_GONE DEVICE_ERROR LOCKED TIMEOUT PARTIAL ABORTED NOT_SUPERPIPE LUN_OTHER_USE CONTEXT_NOT_FOUND HANDLE_NOT_FOUND NAME_TAKEN CONTEXT_LOST CONTEXT_GONE FOREIGN_CONTEXT HOLDER_PROTOCOL NO_SPACE NO_CONTEXTS NO_HANDLES UNSAFE LUN_CHANGED BAD_SENSE BAD_CONFIG NO_MEMORY OUTPUT BUG' -d 'an error code, or an exit status; all codes with one line each if none is given'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "explain"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'help' -d 'show the commands, or one of them'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -a 'list adapter port lun manage-lun context explain help version completion' -d 'the command to show; all commands with one line each if none is given'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -d 'its second word'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -l man -x -d 'print a section of the manual page in scdoc; the build uses this'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "help"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'version' -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -s j -l json -d 'one JSON document on stdout, errors included; the same as --format=json'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -s f -l format -x -a 'table json jsonl pairs' -d 'table for people, json (one document), jsonl (one record a line) or pairs (KEY="value" for the shell)'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "version"' -l version -d 'show the version'
complete -c cxlflashctl -n '__cxlflashctl_is ""' -a 'completion' -d 'print the completion script of a shell'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -a 'bash zsh fish' -d 'the shell'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -l color -x -a 'auto always never' -d 'colours: auto is on a terminal, unless NO_COLOR is set'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -s q -l quiet -d 'no warnings and notes on stderr'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -s v -l verbose -d 'say on stderr what is being done; never changes stdout'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -s h -l help -d 'show this help'
complete -c cxlflashctl -n '__cxlflashctl_is "completion"' -l version -d 'show the version'
