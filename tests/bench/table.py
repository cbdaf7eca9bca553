#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py RESULT.json README.md: write the measurements between the bench marks of the README."""
import datetime
import json
import sys

BEGIN, END = "<!-- bench:begin -->\n", "<!-- bench:end -->"
COMPLETION = "__complete -- lun info ''"


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(result):
    start = result["start"]
    empty = start["empty program"]["ms"]
    machine = result["machine"]
    lines = [
        f"Measured by `make bench` on {datetime.date.today()}: medians of one run in which the programs take turns.",
        f"{machine['cpu']}, {machine['cpus']} CPUs, Linux {machine['kernel']}. The *floor* is a program with the",
        "same libraries that only opens and reads what is shown. The ratios are comparable, the times less so: the machine",
        "had other work.",
        "",
        row("start-up", "ms", "to the empty program"),
        row("---", "--:", "--:"),
    ]
    names = {"empty program": "an empty program with the same libraries", "cxlflashctl version": "`cxlflashctl version`",
             "lsscsi -V": "`lsscsi -V`"}
    for key, name in names.items():
        lines.append(row(name, f"{start[key]['ms']:.2f}", f"{start[key]['ms'] / empty:.2f}"))
    lines += ["", row("paths", "command", "ms", "to its floor", "to `lsscsi`", "µs a path", "system calls a path", "memory MiB"),
              row("--:", "---", "--:", "--:", "--:", "--:", "--:", "--:")]
    for paths, rack in sorted(result["racks"].items(), key=lambda item: int(item[0])):
        n = int(paths)
        for command, floor in (("list", "floor of list"), ("lun list -j", "floor of lun list"),
                               (COMPLETION, "floor of lun list"), ("lsscsi", None)):
            of = rack[command]
            lines.append(row(
                f"{n:,}", f"`{command}`" if command == "lsscsi" else f"`cxlflashctl {command}`", f"{of['ms']:.1f}",
                f"{of['ms'] / rack[floor]['ms']:.2f}" if floor else "",
                f"{of['ms'] / rack['lsscsi']['ms']:.2f}", f"{of['ms'] * 1e3 / n:.0f}",
                f"{of['syscalls'] / n:.1f}", f"{of['memory_kib'] / 1024:.1f}"))
    few = min(result["racks"], key=int)
    took = result["racks"][few][COMPLETION]["ms"]
    lines += ["", f"To complete the name of a LUN at {few} paths takes {took / start['cxlflashctl version']['ms']:.1f} times as long as "
              f"`cxlflashctl version`, and {took / result['racks'][few]['list']['ms']:.1f} times as long as `cxlflashctl list`."]
    return "\n".join(lines) + "\n"


def main(source, readme):
    with open(source) as file:
        text = table(json.load(file))
    print(text, end="")
    with open(readme) as file:
        old = file.read()
    head, _, rest = old.partition(BEGIN)
    _, _, tail = rest.partition(END)
    if not rest or not tail:
        sys.exit(f"{readme} has no bench marks")
    with open(readme, "w") as file:
        file.write(head + BEGIN + text + END + tail)


main(*sys.argv[1:])
