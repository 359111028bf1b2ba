"""Which file system a file lies on, and whether that one is shared over a network or with another system.

SQLite's write-ahead log needs memory that all who have the database open share, and locks that hold for all of them.
Network file systems, folders that a virtual machine is given by its host, and those that a program serves (FUSE)
promise neither (https://www.sqlite.org/wal.html, https://www.sqlite.org/lockingv3.html).
"""

import os
import re
import sys

_SHARED = """
    9p acfs afs afpfs beegfs ceph cifs coda davfs drvfs fakeowner glusterfs gpfs grpcfuse lustre ncpfs nfs nfs4 prl_fs
    smb smb2 smb3 smbfs vboxsf virtiofs vmhgfs webdav
""".split()  # noqa: SIM905 - read as a list
# Compiled when they are used: every command imports this, and next to none looks at mounts.
_OCTAL = r"\\([0-7]{3})"
# macOS and the BSDs: "//ada@nas/crm on /Volumes/crm (smbfs, nodev, nosuid)".
_MOUNT = r"^.* on (/.*?) \(([^\s,)]+)[^()]*\)$"
_UNC = r"(//|\\\\)[^/\\?.]"


def shared(path: str) -> str:
    """The kind of the file system that `path` lies on or would, if it is a shared one; "" for a disk of this machine.

    What cannot be found out counts as a disk of this machine.
    """
    if sys.platform == "win32":  # a drive letter does not tell what stands behind it
        return "smb" if re.match(_UNC, path) else ""
    kind = kind_of(os.path.realpath(path), table())
    return kind if is_shared(kind) else ""


def is_shared(kind: str) -> bool:
    """Whether a kind of file system, as the system calls it, is a shared one."""
    return kind.lower() in _SHARED or kind.lower().startswith(("fuse.", "macfuse", "osxfuse"))


def table() -> str:
    """What the system says is mounted; "" where it says nothing."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            return os.fsdecode(file.read())
    except OSError:  # no Linux
        pass
    try:
        return os.fsdecode(_printed("/sbin/mount"))
    except OSError:
        return ""


def _printed(program: str) -> bytes:
    """What a program prints. The module `subprocess` would cost every command as much as opening the database."""
    reading, writing = os.pipe()
    with open(reading, "rb") as said:
        try:
            process = os.posix_spawn(program, [program], {}, file_actions=[(os.POSIX_SPAWN_DUP2, writing, 1)])
        finally:
            os.close(writing)
        text = said.read()
    os.waitpid(process, 0)
    return text


def kind_of(path: str, mounted: str) -> str:
    """The kind of the file system at an absolute path without links, by a table of mounts; "" when none is known."""
    found, longest = "", -1
    for line in mounted.splitlines():
        point, kind = _entry(line)
        below = point == path or path.startswith(point.rstrip("/") + "/")
        if point and below and len(point) >= longest:  # of two at one place the later one hides the earlier
            found, longest = kind, len(point)
    return found


def _entry(line: str) -> tuple[str, str]:
    """Where a line of the table says that something is mounted, and its kind."""
    fields, dash, rest = line.partition(" - ")
    parts = fields.split(" ")
    if dash and len(parts) > 5:
        return re.sub(_OCTAL, lambda code: chr(int(code[1], 8)), parts[4]), rest.split(" ")[0]
    said = re.match(_MOUNT, line)
    return (said[1], said[2]) if said else ("", "")
