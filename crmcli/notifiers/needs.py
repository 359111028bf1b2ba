"""What a channel needs to be told: settings, and secrets, which stand in files of their own."""

import os
import shlex
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from crmcli.kernel.config import SETTINGS
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.notifiers import processes
from crmcli.notifiers.base import NotSent, Setup

LONGEST_SECRET = 64 * 1024
COMMAND_SECONDS = 30.0
# Nobody listens on the way to one's own machine.
LOOPBACK = ("localhost", "127.0.0.1", "::1", "[::1]")


def setting(setup: Setup, name: str, channel: str) -> str:
    """The value of a setting that a channel cannot do without. Raises UsageError that says how to set it."""
    value = setup.settings.get(name)
    if not value:
        raise missing(name, channel)
    return value


def missing(name: str, channel: str) -> UsageError:
    """The error that tells how to set what a channel needs."""
    meaning = SETTINGS[name]
    return UsageError(
        f"the channel '{channel}' needs {name}: {_small(meaning.help)}", f"crm config set {name} {meaning.example}"
    )


def _small(text: str) -> str:
    return text[0].lower() + text[1:]


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    return host.lower() in LOOPBACK


def secret(setup: Setup, name: str) -> str:
    """What stands in the file that a setting names, without white space at its ends.

    Raises:
        UsageError: it is no file, or somebody else's, or others may read it, or it is empty.
    """
    path = os.path.expanduser(setup.settings[name])
    try:
        # A pipe that nobody writes to must not keep us waiting.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UsageError(f"{name} is {path}, which cannot be read: {error.strerror}", _made(path)) from error
    try:
        _refuse_what_others_see(os.fstat(descriptor), name, path)
        data = os.read(descriptor, LONGEST_SECRET + 1)
    finally:
        os.close(descriptor)
    try:
        text = data.decode("utf-8").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or "\0" in text or len(data) > LONGEST_SECRET:
        wrong = "is empty" if not data.strip() else "holds no short text"
        raise UsageError(f"{path} ({name}) {wrong}", _made(path))
    return text


def _refuse_what_others_see(status: os.stat_result, name: str, path: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{path} ({name}) is no ordinary file", _made(path))
    if not hasattr(os, "getuid"):  # Windows guards files in another way
        return
    if status.st_uid != os.getuid():
        raise UsageError(f"{path} ({name}) belongs to somebody else", "use a file of your own")
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise UsageError(f"{path} ({name}) can be read by others: its mode is {mode:04o}", f"chmod 600 {path}")


def _made(path: str) -> str:
    return f"write it there, and chmod 600 {path}"


def printed_secret(setup: Setup, name: str) -> str:
    """The first line that the command of a setting prints. Raises NotSent; what the command printed is never told."""
    command = setup.settings[name]
    try:
        argv = shlex.split(command)
        ended = processes.run(argv, setup.environ, COMMAND_SECONDS)
    except TimeoutError as error:
        raise NotSent(f"{name} {error}") from error
    except (OSError, ValueError, IndexError) as error:
        raise NotSent(f"{name} cannot be run: {getattr(error, 'strerror', None) or error}") from error
    if ended.status:
        raise NotSent(f"{name} ended with status {ended.status}; run it yourself to see why")
    line = ended.output.partition("\n")[0].rstrip("\r")
    if not line:
        raise NotSent(f"{name} printed nothing")
    return line


@contextmanager
def when_sending() -> Iterator[None]:
    """By the time of sending, what is wrong with the settings is a reason not to have sent."""
    try:
        yield
    except CrmError as error:
        raise NotSent(f"{error.message}; {error.hint}" if error.hint else error.message) from error
