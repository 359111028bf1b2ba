"""Writing a longer text in the user's own editor."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from crmcli.kernel.errors import CrmError
from crmcli.render.out import Out

VARIABLES = ("CRM_EDITOR", "VISUAL", "EDITOR")
FALLBACKS = ("nano", "vi", "notepad")


def command(environ: Mapping[str, str]) -> list[str]:
    """The editor to run, as an argument list: CRM_EDITOR, VISUAL, EDITOR, or one that is usually there.

    Raises CrmError when there is none.
    """
    for name in VARIABLES:
        if chosen := environ.get(name, "").strip():
            try:
                return shlex.split(chosen)
            except ValueError as error:
                raise CrmError(f"${name} is '{chosen}', which cannot be read: {error}") from None
    for program in FALLBACKS:
        if shutil.which(program, path=environ.get("PATH")):
            return [program]
    raise CrmError("no editor was found", "set EDITOR, or give the text on the command line or with -")


@contextmanager
def edited(text: str, suffix: str, out: Out) -> Iterator[str | None]:
    """Let the user edit `text` in a private temporary file whose name ends in `suffix`, for the block to work with.

    Yields the new text, or None when it was left as it was or emptied. What was typed is kept until the block is done:
    when that fails, or the editor, the file stays and the error tells where. Raises CrmError when the editor fails or
    what it saved is not UTF-8.
    """
    argv = command(out.environ)
    # mkdtemp makes the directory 0700, so that swap and backup files of the editor are private too.
    folder = tempfile.mkdtemp(prefix="crm-")
    path = os.path.join(folder, "draft" + suffix)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # Line ends as they are: an untouched text comes back as it went.
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    precious = True
    try:
        typed = _run(argv, path, out.environ)
        precious = typed != text and bool(typed.strip())
        yield typed if precious else None
        precious = False
    except CrmError as error:
        if precious:
            error.details = (*error.details, _where(path))
        raise
    except BaseException:
        if precious:
            out.warn(_where(path))
        raise
    finally:
        if not precious:
            shutil.rmtree(folder, ignore_errors=True)


def _where(path: str) -> str:
    return f"your text is in {path}"


def _run(argv: list[str], path: str, environ: Mapping[str, str]) -> str:
    try:
        status = subprocess.run([*argv, path], env=dict(environ), check=False).returncode
    except OSError as error:
        raise CrmError(f"cannot start the editor '{argv[0]}': {error.strerror}", "set EDITOR to another") from error
    if status:
        raise CrmError(f"the editor '{argv[0]}' ended with status {status}")
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CrmError(f"what the editor saved cannot be read: {error}") from error
