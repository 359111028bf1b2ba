"""Another program that is run for us, within a time."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, NamedTuple

from crmcli.kernel.text import clip, safe

# Of what a program writes, this much is read.
MOST_BYTES = 64 * 1024
LONGEST_REASON = 200


class Ended(NamedTuple):
    """How a program ended: its exit status, negative for the signal that ended it, and what it wrote."""

    status: int
    output: str
    errors: str

    @property
    def reason(self) -> str:
        """Why it failed, in a line that is safe: the last line that it wrote to standard error, if any."""
        lines = [line.strip() for line in self.errors.splitlines() if line.strip()]
        how = f"ended with status {self.status}" if self.status >= 0 else f"was ended by signal {-self.status}"
        return how + (f": {clip(safe(lines[-1]), LONGEST_REASON)}" if lines else "")


def run(argv: Sequence[str], environ: Mapping[str, str], seconds: float, text: str = "") -> Ended:
    """Run a program with `text` on its standard input. It stands in no shell, and gets no terminal.

    Raises:
        OSError: it cannot be started.
        TimeoutError: it did not end in time; it and what it started were ended.
    """
    # Files, not pipes: a program that does not read, or leaves a child behind that holds a pipe, cannot keep us.
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        given.write(text.encode("utf-8", "replace"))
        given.seek(0)
        process = subprocess.Popen(
            argv, env=dict(environ), stdin=given, stdout=output, stderr=errors, start_new_session=True
        )
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"did not end within {seconds:g} seconds") from None
        finally:
            if process.poll() is None:
                _end(process)
        return Ended(status, _written(output), _written(errors))


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _written(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(MOST_BYTES).decode("utf-8", "replace")
