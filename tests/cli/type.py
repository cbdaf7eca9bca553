#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""type.py SCRIPT TYPED...: what bash's command line is after each TYPED (tabs complete), one a line."""
import os
import pty
import select
import sys
import time

SCRIPT, *TYPED = sys.argv[1:]


def read_until(fd, mark, seconds=20):
    text, end = b"", time.monotonic() + seconds
    while mark not in text and select.select([fd], [], [], max(0, end - time.monotonic()))[0]:
        text += os.read(fd, 65536)
    return text


pid, terminal = pty.fork()
if not pid:
    os.environ.update(TERM="dumb", INPUTRC="/dev/null", PS1="", COLUMNS="400")
    os.execlp("bash", "bash", "--norc", "-i")
# ^X^L prints the line instead of running it
SETUP = ("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; "
         """bind -x '"\\C-x\\C-l": printf "<<%s>>\\n" "$READLINE_LINE"; READLINE_LINE='; """
         f". {SCRIPT}; echo REA''DY\n")
os.write(terminal, SETUP.encode())
read_until(terminal, b"READY\r\n")
for typed in TYPED:
    os.write(terminal, typed.encode() + b"\x18\x0c")
    print(read_until(terminal, b">>").rpartition(b"<<")[2].partition(b">>")[0].decode())
os.write(terminal, b"exit\n")
os.close(terminal)
