"""Where things lie on this machine: the platform's folders for data, configuration and caches.

On Linux the rule (the XDG base directories) is two lines, and `platformdirs`, which knows all platforms, costs a whole
command about as much as the database does; so there the rule stands here, and a test holds it against platformdirs.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from crmcli.kernel.errors import CrmError, UsageError

APP = "crm"
_XDG = {
    "data": ("XDG_DATA_HOME", ".local/share"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}

if sys.platform.startswith("linux"):

    def folder(kind: str, environ: Mapping[str, str]) -> Path:
        """The folder for `data`, `config` or `cache`.

        Raises:
            CrmError: there is neither a home folder nor a variable that names the place.
        """
        variable, below_home = _XDG[kind]
        named = environ.get(variable, "").strip()
        if named:
            return Path(named) / APP
        return _home(environ) / below_home / APP
else:
    import platformdirs

    def folder(kind: str, environ: Mapping[str, str]) -> Path:
        """The folder for `data`, `config` or `cache`."""
        place: Path = getattr(platformdirs, f"user_{kind}_path")(APP, appauthor=False)
        return place


def expanded(name: str | Path) -> Path:
    """A path with the home folder for `~` and `~user`. Raises UsageError where there is none."""
    if not str(name).startswith("~"):  # a path forgets that it was written ./~
        return Path(name)
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise UsageError(f"there is no home folder for '{name}'", "name the whole path") from error


def _home(environ: Mapping[str, str]) -> Path:
    named = environ.get("HOME", "").strip()
    if named:
        return Path(named)
    try:
        return Path(os.path.expanduser("~")).resolve(strict=True)
    except (OSError, RuntimeError, KeyError) as error:
        hint = "name the database with --db or CRM_DB, and the settings with CRM_CONFIG"
        raise CrmError("there is no home folder to keep data in", hint) from error


def config_file(environ: Mapping[str, str]) -> Path | None:
    """The file of settings: CRM_CONFIG, else `config.toml` in the configuration folder; None without any home."""
    named = environ.get("CRM_CONFIG", "").strip()
    if named:
        return Path(named)
    try:
        return folder("config", environ) / "config.toml"
    except CrmError:
        return None
