"""Where the database is, found without what a whole command imports for it.

The rules are those of `crmcli.kernel.paths` and `crmcli.kernel.config`; a test holds this file against them.
"""

import os
import sys
from collections.abc import Mapping

LARGEST = 100_000


def find(option: str, environ: Mapping[str, str]) -> str:
    """The path or URL of the database: `--db`, CRM_DB, the settings, or the usual place; "" when there is none.

    Args:
        option: the value of `--db` on the line, or "".
        environ: the environment variables.
    """
    named = os.path.expandvars(option) or environ.get("CRM_DB") or _setting(environ)
    if not named:
        folder = _folder("data", environ)
        named = os.path.join(folder, "crm.db") if folder else ""
    return named if "://" in named else os.path.expanduser(named)


def _setting(environ: Mapping[str, str]) -> str:
    folder = _folder("config", environ)
    path = environ.get("CRM_CONFIG", "").strip() or (folder and os.path.join(folder, "config.toml"))
    try:
        with open(path, encoding="utf-8") as file:
            return _value(file.read(LARGEST))
    except (OSError, UnicodeDecodeError):
        return ""


def _value(text: str) -> str:
    """The `db` of a settings file; only strings of one line are understood, which is how settings are written."""
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        value = value.strip()
        if name.strip() in ("db", '"db"') and equals and len(value) > 1:
            if value[0] == "'":
                return value[1:].partition("'")[0]
            if value[0] == '"':
                return value[1:].replace('\\"', "\0").partition('"')[0].replace("\0", '"').replace("\\\\", "\\")
        if line.lstrip().startswith("["):
            break
    return ""


def _folder(kind: str, environ: Mapping[str, str]) -> str:
    home = environ.get("HOME", "").strip() or os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Application Support", "crm")
    variable, below = {
        "data": ("XDG_DATA_HOME", ".local/share"),
        "config": ("XDG_CONFIG_HOME", ".config"),
    }[kind]
    named = environ.get(variable, "").strip()
    if not named and not os.path.isabs(home):
        return ""
    return os.path.join(named or os.path.join(home, below), "crm")
