"""The three standard streams: their encoding, and what happens when one of them fails."""

import io
import os
import sys
from collections.abc import Iterable
from typing import NoReturn, TextIO

from crmcli.kernel.errors import CrmError

BROKEN_PIPE = 141
"""The exit status when the reader of our output is gone: what a shell reports of a program ended by SIGPIPE."""


def prepare_streams() -> None:
    """Make the streams safe to use. Called once, by the door, before anything is written.

    A redirected stream speaks UTF-8 whatever the locale; what cannot be encoded is written as a backslash escape
    instead of failing; a stream that was closed by the caller becomes the null device.
    """
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        _speak(stream, "backslashreplace")
    _speak(sys.stdin, "surrogateescape")


def write(stream: TextIO, parts: Iterable[str]) -> None:
    """Write `parts` to the standard output.

    Raises CrmError when that fails, and SystemExit(141), silently, when nobody reads any more.
    """
    try:
        for part in parts:
            stream.write(part)
    except OSError as error:
        _give_up(stream, error)


def flush(stream: TextIO) -> None:
    """Flush the standard output; raises as `write` does."""
    try:
        stream.flush()
    except OSError as error:
        _give_up(stream, error)


def tell(stream: TextIO, text: str) -> None:
    """Write `text` to the standard error, at once. A failure is ignored: there is no place left to report it."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        _discard(stream)


def _speak(stream: TextIO, errors: str) -> None:
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors=errors)


def _give_up(stream: TextIO, error: OSError) -> NoReturn:
    _discard(stream)
    if isinstance(error, BrokenPipeError):
        raise SystemExit(BROKEN_PIPE) from None
    hint = "if the command was to change something, it is saved"
    raise CrmError(f"cannot write the output: {error.strerror or error}", hint) from error


def _discard(stream: TextIO) -> None:
    """Let what is still buffered go nowhere, so that the interpreter does not complain when it ends."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
