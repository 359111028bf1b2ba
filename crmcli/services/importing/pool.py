"""Making records ready in a process beside this one, so that a large import uses two cores.

Half of an import is reading values, the other half is the database's work; they meet chunk by chunk. A small import is
done before another process would have started. The process is a bare interpreter that is sent plain values: nothing of
the caller's own program is run again in it, as `multiprocessing` would.
"""

import marshal
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, TypeVar

from crmcli.importers.base import Draft
from crmcli.kernel.clock import Clock, instant, stamp
from crmcli.kernel.errors import CrmError
from crmcli.services.importing.prepare import Packed, Preparer, Values

MANY = 30_000
"""Records from which on another process pays."""
AHEAD = 3
"""Chunks that are made ready while one is written."""
_SIZE = 8
_START = "import sys; sys.path.append(sys.argv[1]); from crmcli.services.importing import pool; pool.serve()"
_Meta = TypeVar("_Meta")


def prepared(
    chunks: Iterable[tuple[_Meta, Sequence[Draft]]], clock: Clock, country: str | None, expected: int
) -> Iterator[tuple[_Meta, Sequence[Packed]]]:
    """For each chunk, with whatever belongs to it, its drafts made ready, in their order.

    Args:
        chunks: what belongs to a chunk, and its drafts.
        clock: see `Preparer`.
        country: see `Preparer`.
        expected: about how many records there are.
    """
    if expected < MANY or (os.cpu_count() or 1) < 2:
        preparer = Preparer(clock, country)
        for meta, drafts in chunks:
            yield meta, preparer.packed(_plain(drafts))
        return
    worker = _Worker((stamp(clock.now()), clock.zone_name, country))
    waiting: deque[_Meta] = deque()
    try:
        for meta, drafts in chunks:
            worker.send(_plain(drafts))
            waiting.append(meta)
            if len(waiting) > AHEAD:
                yield waiting.popleft(), worker.receive()
        while waiting:
            yield waiting.popleft(), worker.receive()
    finally:
        worker.close()


class _Worker:
    """The other process. A thread empties its output, so that neither process waits for the other's reading."""

    def __init__(self, setting: tuple[str, str, str | None]) -> None:
        root = Path(__file__).parents[3]
        command = [sys.executable, "-P", "-c", _START, str(root)]  # -P: nothing from the folder we are in
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.results: SimpleQueue[Any] = SimpleQueue()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.send(setting)

    def send(self, value: Any) -> None:
        """Give it something to do."""
        assert self.process.stdin is not None
        try:
            _write(self.process.stdin, value)
        except OSError as error:
            raise _died() from error

    def receive(self) -> Sequence[Packed]:
        """What it made of the oldest thing that was sent. Raises CrmError when it died."""
        found = self.results.get()
        if found is None:
            raise _died()
        return found  # type: ignore[no-any-return]

    def close(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            try:
                stream.close()
            except OSError:  # what was still to be sent to it
                continue

    def _read(self) -> None:
        assert self.process.stdout is not None
        while (value := _read(self.process.stdout)) is not None:
            self.results.put(value)
        self.results.put(None)


def _died() -> CrmError:
    return CrmError("the process that reads values ended early", "nothing was changed; is there enough memory?")


def serve() -> None:
    """What the other process does: read chunks of drafts, and write what they became."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    setting = _read(source)
    if setting is None:
        return
    now, zone, country = setting
    preparer = Preparer(Clock(instant(now), zone), country)
    while (drafts := _read(source)) is not None:
        _write(target, [_bare(one) for one in preparer.packed(drafts)])


def _write(stream: IO[bytes], value: Any) -> None:
    data = marshal.dumps(value)
    stream.write(len(data).to_bytes(_SIZE, "big") + data)
    stream.flush()


def _read(stream: IO[bytes]) -> Any:
    """The next value; None at the end."""
    size = stream.read(_SIZE)
    return marshal.loads(stream.read(int.from_bytes(size, "big"))) if len(size) == _SIZE else None


def _plain(drafts: Sequence[Draft]) -> list[tuple[str, Values, int]]:
    return [(draft.noun, draft.values, draft.place) for draft in drafts]


def _bare(packed: Packed) -> Packed:
    """A record as builtin tuples alone, which is what marshal takes."""
    return tuple(
        tuple(map(tuple, part)) if type(part) is tuple and part and isinstance(part[0], tuple) else part
        for part in packed
    )
