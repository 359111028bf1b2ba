"""Writing a longer text in the user's own editor."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping

from crmcli.kernel.errors import CrmError

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


def edit(text: str, suffix: str, environ: Mapping[str, str]) -> str | None:
    """Let the user edit `text` in a private temporary file whose name ends in `suffix`.

    Returns the new text, or None when it was left as it was or emptied. Raises CrmError, and keeps the draft, when the
    editor fails or what it saved is not UTF-8.
    """
    argv = command(environ)
    # mkdtemp makes the directory 0700, so that swap and backup files of the editor are private too.
    folder = tempfile.mkdtemp(prefix="crm-")
    path = os.path.join(folder, "draft" + suffix)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    edited = _run(argv, path, environ)
    shutil.rmtree(folder, ignore_errors=True)
    return None if edited == text or not edited.strip() else edited


def _run(argv: list[str], path: str, environ: Mapping[str, str]) -> str:
    try:
        status = subprocess.run([*argv, path], env=dict(environ), check=False).returncode
    except OSError as error:
        raise CrmError(f"cannot start the editor '{argv[0]}': {error.strerror}", f"the draft is in {path}") from error
    if status:
        raise CrmError(f"the editor '{argv[0]}' ended with status {status}", f"the draft is in {path}")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CrmError(f"what the editor saved cannot be read: {error}", f"the draft is in {path}") from error
