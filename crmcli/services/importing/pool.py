"""Making records ready in a process beside this one, so that a large import uses two cores.

Half of an import is reading values, the other half is the database's work; they meet chunk by chunk. A small import is
done before another process would have started. The process is a bare interpreter that is sent plain values: nothing of
the caller's own program is run again in it, as `multiprocessing` would.
"""

import gc
import marshal
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, TypeVar

from crmcli.importers.base import Draft
from crmcli.kernel.clock import Clock, instant, stamp
from crmcli.kernel.errors import CrmError
from crmcli.services.importing.prepare import Packed, Preparer, Values

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

MANY = 10_000
"""Records from which on another process pays."""
AHEAD = 6
"""Chunks that are made ready while one is written."""
# Bytes: of the number that says how long a value is, and of what a pipe holds.
_SIZE, _PIPE = 8, 1 << 20
_START = "import sys; sys.path.append(sys.argv[1]); from crmcli.services.importing import pool; pool.serve()"
_Meta = TypeVar("_Meta")


def packed(
    chunks: Iterable[tuple[_Meta, Sequence[Draft]]],
    clock: Clock,
    country: str | None,
    expected: int,
    currency: str = "",
) -> Iterator[tuple[_Meta, Sequence[Packed]]]:
    """For each chunk, with whatever belongs to it, its drafts made ready, in their order.

    Args:
        chunks: what belongs to a chunk, and its drafts.
        clock: see `Preparer`.
        country: see `Preparer`.
        expected: about how many records there are.
        currency: see `Preparer`.
    """
    if expected < MANY or (os.cpu_count() or 1) < 2:
        preparer = Preparer(clock, country, currency)
        for meta, drafts in chunks:
            yield meta, preparer.packed(_plain(drafts))
        return
    worker = _Worker((stamp(clock.now()), clock.zone_name, country, currency))
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
    """The other process. Threads fill its input and empty its output, so that neither process waits for the other."""

    def __init__(self, setting: tuple[str, str, str | None, str]) -> None:
        root = Path(__file__).parents[3]
        command = [sys.executable, "-P", "-c", _START, str(root)]  # -P: nothing from the folder we are in
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        _widen(self.process.stdin)
        _widen(self.process.stdout)
        self.tasks: SimpleQueue[bytes | None] = SimpleQueue()
        self.results: SimpleQueue[bytes | None] = SimpleQueue()
        self.threads = [Thread(target=target, daemon=True) for target in (self._write, self._read)]
        for thread in self.threads:
            thread.start()
        self.send(setting)

    def send(self, value: Any) -> None:
        """Give it something to do."""
        self.tasks.put(marshal.dumps(value))

    def receive(self) -> Sequence[Packed]:
        """What it made of the oldest thing that was sent. Raises CrmError when it died."""
        found = self.results.get()
        if found is None:
            raise _died()
        return marshal.loads(found)  # type: ignore[no-any-return]

    def close(self) -> None:
        """End it, whatever it is doing."""
        self.process.kill()
        self.process.wait()
        self.tasks.put(None)
        for thread in self.threads:
            thread.join()
        assert self.process.stdout is not None
        _close(self.process.stdout)

    def _write(self) -> None:
        assert self.process.stdin is not None
        try:
            while (data := self.tasks.get()) is not None:
                _write_frame(self.process.stdin, data)
        except OSError:  # it died, which is told where its answer is missed
            return
        finally:  # whatever happened here: without more to do it ends, and nobody waits for it
            _close(self.process.stdin)

    def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while (data := _read_frame(self.process.stdout)) is not None:
                self.results.put(data)
        finally:
            self.results.put(None)


def _close(stream: IO[bytes]) -> None:
    with suppress(OSError):  # what was still to be sent
        stream.close()


def _widen(stream: IO[bytes] | None) -> None:
    """Let a pipe hold more, where that can be had: every switch between threads and processes costs."""
    assert stream is not None
    with suppress(AttributeError, OSError):
        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def _died() -> CrmError:
    return CrmError("the process that reads values ended early", "nothing was changed; is there enough memory?")


def serve() -> None:
    """What the other process does: read chunks of drafts, and write what they became."""
    gc.disable()  # chunks come and go, and nothing in them points to itself
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it ends it
    source, target = sys.stdin.buffer, sys.stdout.buffer
    setting = _read_frame(source)
    if setting is None:
        return
    now, zone, country, currency = marshal.loads(setting)
    preparer = Preparer(Clock(instant(now), zone), country, currency)
    while (drafts := _read_frame(source)) is not None:
        try:
            _write_frame(target, marshal.dumps(preparer.packed(marshal.loads(drafts))))
        except BrokenPipeError:  # who began it is gone
            os._exit(1)


def _write_frame(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_SIZE, "big"))
    stream.write(data)
    stream.flush()


def _read_frame(stream: IO[bytes]) -> bytes | None:
    """The next value in bytes; None at the end."""
    size = stream.read(_SIZE)
    return stream.read(int.from_bytes(size, "big")) if len(size) == _SIZE else None


def _plain(drafts: Sequence[Draft]) -> list[tuple[str, Values, int]]:
    return [(draft.noun, draft.values, draft.place) for draft in drafts]
