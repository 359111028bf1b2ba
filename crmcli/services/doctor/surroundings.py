"""What a person sits in front of: the locale, the terminal, the shell."""

import locale as locales
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crmcli.kernel.shells import SHELLS, install_path
from crmcli.services.doctor.finding import OK, WARN, Finding, at_home
from crmcli.services.setup import program

if TYPE_CHECKING:
    from crmcli.app import App

NARROW = 40
"""Columns: fewer are not laid out well."""
PORTABLE = ("", "C", "POSIX")


def locale(app: "App") -> Iterator[Finding]:
    """Whether the machine has the locale that the environment names."""
    variable = next((name for name in ("LC_ALL", "LC_CTYPE", "LANG") if app.environ.get(name)), "")
    named = app.environ.get(variable, "")
    if named in PORTABLE:
        yield Finding(OK, f"{named or 'none is named'}: dates and numbers are written the same everywhere")
    elif _is_known(named):
        yield Finding(OK, named)
    else:
        advice = "locale -a says which there are; C.UTF-8 is everywhere"
        yield Finding(WARN, f"this machine does not know {named}, which {variable} names", advice)


def _is_known(name: str) -> bool:
    before = locales.setlocale(locales.LC_CTYPE)
    try:
        locales.setlocale(locales.LC_CTYPE, name)
    except (locales.Error, ValueError):
        return False
    finally:
        locales.setlocale(locales.LC_CTYPE, before)
    return True


def terminal(app: "App") -> Iterator[Finding]:
    """Whether the output can carry every script, and how large and colourful it is."""
    encoding = (app.stdout.encoding or "utf-8").lower()
    try:
        "é─山🙂".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        advice = "set LANG=C.UTF-8, or another locale that ends with UTF-8"
        yield Finding(WARN, f"its encoding, {encoding}, cannot show every name", advice)
        return
    if not app.out.on_terminal:
        yield Finding(OK, f"{encoding}; the output goes to a file or a pipe")
    elif app.out.width < NARROW:
        advice = f"{NARROW} columns or more, or --plain"
        yield Finding(WARN, f"{encoding}, only {app.out.width} columns wide", advice)
    else:
        color = "in colour" if app.out.color else "without colour"
        yield Finding(OK, f"{encoding}, {app.out.width} x {app.out.height}, {color}")


def completion(app: "App") -> Iterator[Finding]:
    """Whether the shell that SHELL names was taught to complete."""
    shell = os.path.basename(app.environ.get("SHELL", ""))
    if shell not in SHELLS:
        known = ", ".join(SHELLS)
        yield Finding(OK, f"SHELL names {shell or 'none'}; there is completion for {known}")
        return
    name, _ = program(app.environ)
    path = install_path(shell, name, app.environ)
    if os.path.exists(path):
        yield Finding(OK, f"{shell} completes ({at_home(str(path), app.environ)})")
    else:
        yield Finding(OK, f"it is not installed for {shell}", f"{name} completion {shell} --install")
