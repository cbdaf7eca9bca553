#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""measure.py PROGRAMS-DIR OUT.json RACK...: measure the run times of the tools on this machine.

Each RACK is a tree of mktree; the name of its folder is the number of its paths. A rack is measured in a
mount namespace of its own in which it is /sys, so that lsscsi and floor read the same tree as cxlflashctl.
The programs take turns, so that other work of the machine affects all of them. The result is the median.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import time

PROGRAMS, OUT, *RACKS = sys.argv[1:]
CTL = os.environ["CXLFLASHCTL"]


def run(command):
    """Seconds of the clock, seconds of CPU."""
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    os.close(null)
    if status:
        sys.exit(f"{' '.join(command)} failed: {status}")
    return wall, used.ru_utime + used.ru_stime


def take_turns(commands, times):
    samples = {name: [] for name in commands}
    for name, command in commands.items():
        run(command)
    for _ in range(times):
        for name, command in commands.items():
            samples[name].append(run(command))
    return {
        name: {
            "ms": round(statistics.median(s[0] for s in taken) * 1e3, 3),
            "cpu_ms": round(statistics.median(s[1] for s in taken) * 1e3, 3),
        }
        for name, taken in samples.items()
    }


def measure_rack():
    """In the namespace: prints JSON."""
    paths = int(os.environ["BENCH_PATHS"])
    commands = {
        "list": [CTL, "list"],
        "lun list -j": [CTL, "lun", "list", "-j"],
        "__complete -- lun info ''": [CTL, "__complete", "--", "lun", "info", ""],
        "lsscsi": ["lsscsi"],
        "floor of list": [f"{PROGRAMS}/floor", "list"],
        "floor of lun list": [f"{PROGRAMS}/floor", "lun-list"],
    }
    listed = subprocess.run([CTL, "list", "--no-headings", "-o", "type"], capture_output=True, text=True).stdout.split()
    if listed.count("path") != paths:
        sys.exit(f"the rack has {listed.count('path')} paths, not {paths}")
    result = take_turns(commands, max(7, min(60, 20000 // paths)))
    for name, command in commands.items():
        result[name]["syscalls"] = calls(command)
        result[name]["memory_kib"] = peak(command)
    print(json.dumps(result))


def calls(command):
    # the standard output of the program must not mix with strace's table
    log = f"/tmp/calls.{os.getpid()}"
    with open(os.devnull, "w") as null:
        subprocess.run(["strace", "-f", "-qq", "-c", "-o", log, *command], stdout=null, stderr=null, check=True)
    with open(log) as table:
        lines = table.read().splitlines()
    os.unlink(log)
    # "100.00 seconds usecs/call calls [errors] total"
    return int(lines[-1].split()[3])


def peak(command):
    """KiB. Not by wait4 here: a child spawned by Python counts Python's own memory as its peak."""
    return int(subprocess.run([f"{PROGRAMS}/peak", *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True).stdout)


def in_namespace(rack):
    script = 'mount --bind "$1/sys" /sys && mount --bind "$1/proc/interrupts" /proc/interrupts && shift && exec "$@"'
    env = dict(os.environ, BENCH_PATHS=os.path.basename(rack))
    out = subprocess.run(["unshare", "-Urm", "sh", "-c", script, "sh", rack, "/usr/bin/python3", __file__, PROGRAMS,
                          "-"], stdout=subprocess.PIPE, env=env, text=True, check=True).stdout
    return json.loads(out)


def main():
    if OUT == "-":
        measure_rack()
        return
    start = take_turns({"cxlflashctl version": [CTL, "version"], "empty program": [f"{PROGRAMS}/empty"],
                        "lsscsi -V": ["lsscsi", "-V"]}, 400)
    with open("/proc/cpuinfo") as info:
        cpu = re.search(r"^(?:model name|cpu)\s*:\s*(.*)$", info.read(), re.M)
    result = {
        "machine": {"cpu": cpu.group(1) if cpu else "", "cpus": os.cpu_count(), "kernel": os.uname().release},
        "start": start,
        "racks": {os.path.basename(rack): in_namespace(rack) for rack in RACKS},
    }
    with open(OUT, "w") as out:
        json.dump(result, out, indent=2)
        out.write("\n")


main()
