"""The C shim of this folder, compiled when it is first asked for, and what it writes down."""

import atexit
import ctypes
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("shim.c")
HEAD = struct.Struct("<5Q")


class Record(NamedTuple):
    """A call: what it was (a letter, see shim.c), the file's number, an offset or size, and one or two texts."""

    what: str
    inode: int
    offset: int
    first: bytes
    second: bytes


@cache
def library() -> str | None:
    """Where the compiled shim is; None without a C compiler, or on a system that it is not for."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").exists():
        return None
    folder = tempfile.mkdtemp(prefix="crm-shim-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Path(folder) / "shim.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    return str(made) if subprocess.run(command, check=False, capture_output=True).returncode == 0 else None


def arm(at: int, way: int, log: int, folder: str) -> None:
    """Let the shim, which this process was started with, count from now on; see shim.c."""
    ctypes.CDLL(None).crash_arm(ctypes.c_long(at), way, log, folder.encode())


def library_is_loaded() -> bool:
    """Whether this process was started with the shim."""
    return hasattr(ctypes.CDLL(None), "crash_arm")


def mark() -> None:
    """Write down that a command has ended well."""
    ctypes.CDLL(None).crash_mark()


def count() -> int:
    """How many calls were counted since then."""
    counted = ctypes.CDLL(None).crash_count
    counted.restype = ctypes.c_long
    return int(counted())


def records(log: bytes) -> Iterator[Record]:
    """What the shim wrote down, in its order."""
    place = 0
    while place < len(log):
        what, inode, offset, first, second = HEAD.unpack_from(log, place)
        start = place + HEAD.size
        place = start + first + second
        yield Record(chr(what), inode, offset, log[start : start + first], log[start + first : place])
