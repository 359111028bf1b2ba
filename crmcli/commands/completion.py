"""`crm completion`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmcli.app import App
from crmcli.completion import scripts
from crmcli.kernel.errors import CrmError, UsageError
from crmcli.kernel.shells import install_path
from crmcli.kernel.similarity import nearest

NAMES = ("crm", "crmcli")
Shell = Annotated[str, typer.Argument(help="bash, zsh or fish", metavar="SHELL", show_default=False)]
Install = Annotated[bool, typer.Option("--install", help="Write it to where the shell looks for it, for me alone")]


def COMMAND(app: App, shell: Shell, *, install: Install = False) -> None:
    """Print the completion script of a shell, or install it.

    To try it in bash or zsh: source <(crm completion bash); in fish: crm completion fish | source
    """
    if shell not in scripts.SCRIPTS:
        close = nearest(shell, scripts.SCRIPTS, count=1)
        known = "scripts are for bash, zsh and fish"
        raise UsageError(
            f"there is no completion for '{shell}'", f"did you mean {close[0]}? {known}" if close else known
        )
    called = Path(sys.argv[0]).name
    name = called if called in NAMES else NAMES[0]
    text = scripts.script(shell, name)
    if not install:
        app.out.write(text)
        return
    path = install_path(shell, name, app.environ)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CrmError(
            f"cannot write {path}: {error.strerror}", f"write it yourself: crm completion {shell} > FILE"
        ) from error
    app.out.sentence(f"Wrote {path}")
    app.out.message(scripts.activation(shell, path))
