"""Measuring: whole processes by the operating system's own accounting, and calls in process by the clock."""

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("child.py")
PASS = [sys.executable, "-c", "pass"]


class Usage(NamedTuple):
    """What one process took: CPU seconds of user and system, and the most memory in MB."""

    cpu: float
    memory: float


class Ratio(NamedTuple):
    """A command against `python -c pass`: the median of the pairs' CPU ratios, and the most memory in MB."""

    cpu: float
    memory: float


class Times(NamedTuple):
    """Calls in process, in milliseconds."""

    median: float
    p99: float


def run(command: Sequence[str], environ: Mapping[str, str], stdin: str | None = None) -> Usage:
    """Run a command to its end, its output thrown away.

    Raises:
        RuntimeError: it failed; a benchmark of a failing command would say nothing.
    """
    launcher = [sys.executable, "-S", "-E", str(CHILD), stdin or os.devnull, *command]
    told = subprocess.run(launcher, env=dict(environ), stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout
    cpu, memory, status = told.split()
    if status != "0":
        raise RuntimeError(f"{' '.join(command)} ended with {status}")
    return Usage(float(cpu), int(memory) / 1024)


def against_pass(commands: Iterable[Sequence[str]], environ: Mapping[str, str]) -> Ratio:
    """Run each command and `python -c pass` in turn; drift of the machine then touches both alike.

    The first one only sees to it that everything is compiled and in the page cache.
    """
    found = []
    for command in commands:
        mine, bare = run(command, environ), run(PASS, environ)
        found.append(Ratio(mine.cpu / bare.cpu, mine.memory))
    return Ratio(statistics.median(each.cpu for each in found[1:]), max(each.memory for each in found[1:]))


def against(command: Sequence[str], one: Mapping[str, str], other: Mapping[str, str], pairs: int) -> float:
    """The median CPU ratio of one command in two environments, run in turn."""
    for environ in (one, other):
        run(command, environ)
    return statistics.median(run(command, one).cpu / run(command, other).cpu for _ in range(pairs))


def in_process(call: Callable[[int], object], times: int) -> Times:
    """Call something many times, each with another number."""
    took = []
    for number in range(times):
        start = time.perf_counter()
        call(number)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return Times(statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.99))])


def machine() -> str:
    """The machine, as a table's heading names it."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
