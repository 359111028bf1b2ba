"""A list that may grow long: what does not fit stands in a temporary file."""

import pickle
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

MOST = 5_000


class Spill:
    """Entries kept in their order, a few thousand of them in memory."""

    def __init__(self) -> None:
        self.count = 0
        self._held: list[Any] = []
        self._file: IO[bytes] | None = None

    def add(self, entry: Any) -> None:
        """Keep an entry."""
        self.count += 1
        self._held.append(entry)
        if len(self._held) >= MOST:
            self._file = self._file or TemporaryFile()  # noqa: SIM115 - it lives as long as the list
            pickle.dump(self._held, self._file)
            self._held.clear()

    def __iter__(self) -> Iterator[Any]:
        """All entries; nothing may be added meanwhile."""
        if self._file is not None:
            end = self._file.tell()
            self._file.seek(0)
            while self._file.tell() < end:
                yield from pickle.load(self._file)
        yield from self._held
