"""Run one command and print what it took: `python -S child.py STDIN COMMAND ...` prints CPU seconds, peak KB, status.

A process of its own, and a small one: the operating system counts the memory of the process that starts a command among
the command's own peak.
"""

import os
import sys

source = os.open(sys.argv[1], os.O_RDONLY)
nothing = os.open(os.devnull, os.O_WRONLY)
streams = [(os.POSIX_SPAWN_DUP2, source, 0), (os.POSIX_SPAWN_DUP2, nothing, 1), (os.POSIX_SPAWN_DUP2, nothing, 2)]
process = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=streams)
_, status, usage = os.wait4(process, 0)
sys.stdout.write(f"{usage.ru_utime + usage.ru_stime} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)}\n")
