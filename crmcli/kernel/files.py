"""Writing a file whole or not at all, for its owner's eyes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from crmcli.kernel.errors import CrmError, UsageError

PUBLIC = 0o644


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
    folder, name = os.path.split(path)
    draft = os.path.join(folder, f".{name[:200]}.{os.urandom(6).hex()}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(draft, flags, 0o600), "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
            file.flush()
            if public:
                os.chmod(draft, PUBLIC)
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise CrmError(
            f"cannot write {path}: {error.strerror or error}", "what was there before is untouched"
        ) from error
    finally:
        with suppress(OSError):
            os.unlink(draft)


def _refuse_other_kinds(path: str) -> None:
    if not os.path.basename(path) or os.path.isdir(path):
        raise UsageError(f"'{path}' is a folder", "name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"'{path}' is no ordinary file", "for a pipe or a device leave the file out, and use > there")
