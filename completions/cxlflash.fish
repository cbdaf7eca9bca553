# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for cxlflashctl, cxlflash-verify and cxlflash-holder: candidates come from the program, see
# cxlflashctl(8).

function __cxlflash_complete
	set -l words (commandline -opc)
	set -l cur (commandline -ct)
	for line in ($words[1] __complete -- $words[2..-1] "$cur" 2>/dev/null)
		set -l from (string replace -r '^:\w+ ?' '' -- $line)
		switch $line
			case ':files *' ':dirs *'
				set -l name (string sub -s (math $from + 1) -- "$cur")
				set -l kept (string sub -l $from -- "$cur")
				string match -q ':dirs *' -- $line
				and printf '%s\n' "$kept"(__fish_complete_directories "$name" '')
				or printf '%s\n' "$kept"(__fish_complete_path "$name")
			case ':command *'
				__fish_complete_path "$cur"
			case ':*'
			case '*'
				echo $line
		end
	end
end

for program in cxlflashctl cxlflash-verify cxlflash-holder
	complete -c $program -f -k -a '(__cxlflash_complete)'
end
