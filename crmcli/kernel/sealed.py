"""Lines with a seal: a last line that counts those before it and holds their digest.

A file that was cut off, changed or put together wrongly is noticed, whatever carried it. Line ends may change on the
way, as mail and some editors do it: each line counts without its end.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import IO

from crmcli.kernel import jsonlines
from crmcli.kernel.errors import UsageError

LONGEST = 250_000_000
"""Bytes of a line; the largest stored text is a hundred million characters."""
_SEAL = b'{"end":'


def sealed(lines: Iterable[str], schema: str) -> Iterator[str]:
    """The lines (given without their ends, of ASCII), each with its end, and the line that seals them."""
    digest, count = sha256(), 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last number is the count
        whole = line + "\n"
        digest.update(whole.encode("ascii"))
        yield whole
    end = {"end": schema, "lines": count, "digest": f"sha256:{digest.hexdigest()}"}
    yield jsonlines.encode(end) + "\n"


def unsealed(file: IO[bytes], schema: str) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1, as they are read; the seal is checked when it is met.

    Raises:
        UsageError: there is no seal at the end, or it belongs to other lines. Those came before are then worth nothing.
    """
    digest, number = sha256(), 0
    while line := file.readline(LONGEST):
        number += 1
        if not line.endswith(b"\n") and len(line) >= LONGEST:
            raise UsageError(f"line {number} is too long", f"at most {LONGEST:,} bytes")
        bare = line.rstrip(b"\r\n")
        if bare.startswith(_SEAL):
            _check(bare, {"end": schema, "lines": number - 1, "digest": f"sha256:{digest.hexdigest()}"}, number)
            if file.read(4096).strip():
                raise UsageError(f"something stands behind line {number}, which is the last", "export it again")
            return
        digest.update(bare + b"\n")
        yield number, bare
    raise UsageError(f"the file ends after line {number} without its last line: a part is missing", "copy it again")


def check(file: IO[bytes], schema: str) -> int:
    """The number of lines before the seal. Raises UsageError as `unsealed` does."""
    number = 0
    for number, _ in unsealed(file, schema):  # noqa: B007 - the last number is the answer
        pass
    return number


def _check(line: bytes, expected: dict[str, object], number: int) -> None:
    try:
        found = jsonlines.decode_object(line.decode("ascii"))
    except (UsageError, UnicodeDecodeError) as error:
        raise UsageError(f"line {number}, the last, is broken: a part is missing", "copy it again") from error
    if found.get("lines") != expected["lines"]:
        raise UsageError(f"line {number} does not seal {number - 1} lines: some are missing or added", "copy it again")
    if found != expected:
        raise UsageError(
            f"the lines before line {number} are not those that it seals: they were changed", "copy it again"
        )
