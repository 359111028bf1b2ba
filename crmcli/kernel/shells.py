"""The shells that completion is for, and where each of them looks for a person's own completions."""

from collections.abc import Mapping
from pathlib import Path

from crmcli.kernel.errors import CrmError

_PLACES = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/{}"),
    "zsh": ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_{}"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/{}.fish"),
}
SHELLS = tuple(_PLACES)


def install_path(shell: str, name: str, environ: Mapping[str, str]) -> Path:
    """Where the shell looks for the completion of a program called `name`.

    Raises:
        CrmError: there is no home folder.
    """
    variable, below, file = _PLACES[shell]
    base, home = environ.get(variable, "").strip(), environ.get("HOME", "").strip()
    if not base and not home:
        raise CrmError("there is no home folder to install into", f"write it yourself: crm completion {shell} > FILE")
    return Path(base or Path(home) / below) / file.format(name)
