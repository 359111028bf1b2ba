"""Writing a file whole or not at all, for its owner's eyes.

It grows beside the place that it will take, as a draft: `.NAME.PID.RANDOM`. A process that is killed leaves its draft,
which the next one that writes that file removes.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from crmcli.kernel.errors import CrmError, UsageError

PUBLIC = 0o644
# Of a name that is as long as can be, a draft has the beginning.
_LONGEST = 200


@contextmanager
def replacing(path: str, *, public: bool = False) -> Iterator[TextIO]:
    """A text file to write that takes the place of `path` when the block ends.

    It is UTF-8; line ends, and bytes that are no text (as surrogates), are written as they are given.

    Until then it stands beside it under another name, so that nobody ever reads half of it; when the block raises it is
    gone. It is readable by its owner alone, or with `public` by everybody.

    Raises:
        UsageError: `path` is a folder or a device.
        CrmError: it cannot be written.
    """
    _refuse_other_kinds(path)
    draft = draft_beside(path)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(draft, flags, 0o600), "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
            file.flush()
            if public:
                os.chmod(draft, PUBLIC)
            os.fsync(file.fileno())
        os.replace(draft, path)
        sync_names(path)
    except OSError as error:
        raise CrmError(
            f"cannot write {path}: {error.strerror or error}", "what was there before is untouched"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(draft)


def draft_beside(path: str) -> str:
    """A name beside `path` for a draft of it; drafts that the dead have left there are removed."""
    sweep(path)
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:_LONGEST]}.{os.getpid()}.{os.urandom(4).hex()}")


def sweep(path: str) -> None:
    """Remove the drafts of `path` whose processes were killed, with what belongs to a draft of a database."""
    folder, name = os.path.split(path)
    draft = re.compile(rf"\.{re.escape(name[:_LONGEST])}\.(\d+)\.[0-9a-f]{{8}}(-wal|-shm|-journal)?")
    with suppress(OSError):
        for entry in os.listdir(folder or "."):
            found = draft.fullmatch(entry)
            if found and _is_dead(int(found[1])):
                with suppress(OSError):
                    os.unlink(os.path.join(folder, entry))


def _is_dead(process: int) -> bool:
    if os.name == "nt":  # asking would end it
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def sync(path: str) -> None:
    """Make a file that was written durable, and its name with it.

    Raises:
        OSError: the disk refuses what was written.
    """
    _sync(path, os.O_RDWR)
    sync_names(path)


def sync_names(path: str) -> None:
    """Make durable that there is a file of that name: its folder has its own place on the disk."""
    with suppress(OSError):  # a system that opens no folders
        _sync(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)


def _sync(path: str, flags: int) -> None:
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _refuse_other_kinds(path: str) -> None:
    if not os.path.basename(path) or os.path.isdir(path):
        raise UsageError(f"'{path}' is a folder", "name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"'{path}' is no ordinary file", "for a pipe or a device leave the file out, and use > there")
